"""How Alembic runs the migrations: on the connection it is handed, in the transaction that is open there.

The program calls it through `tracker.storage.database`; there is no settings file to keep in step.
"""

from alembic import context

from tracker.storage import operational_tables, tables

assert all((operational_tables, tables))  # importing the tables is what fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    context.run_migrations()
