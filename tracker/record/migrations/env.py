"""How Alembic runs the migrations: on the connection it is handed, in the transaction that is open there.

The program calls it through `tracker.record.database`; there is no settings file to keep in step.
"""

from alembic import context
from sqlmodel import SQLModel

from tracker.record import mailtables, peopletables, tables, worktables

assert all((mailtables, peopletables, tables, worktables))  # importing the tables is what fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    context.run_migrations()
