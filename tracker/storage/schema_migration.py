"""Setting a database up and bringing its schema up to date, by Alembic's migrations.

Apart from `database`, since Alembic takes long to import and only these few calls need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from tracker.storage.database import (
    MIGRATIONS,
    database_exists,
    exclusive_transaction,
    is_postgresql,
    known_versions,
    refuse_newer_schema,
    schema_versions,
    translated_errors,
)


@contextmanager
def setup_transaction(engine: Engine) -> Iterator[Connection]:
    """The same for a database that need not be set up yet: it is brought up to date in this very transaction.

    SQLite's file is made if it does not exist (its folder must). Nothing in it is stopped for taking long.
    """
    with translated_errors(engine), exclusive_transaction(engine) as connection:
        if is_postgresql(engine):
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        refuse_newer_schema(engine, connection)
        command.upgrade(alembic_config(connection), "head")
        yield connection


def migrate(engine: Engine) -> None:
    """Bring the schema up to date, making the file if it is SQLite's and does not exist yet (its folder must).

    Unavailable for a database of a newer version of the program: it is left as it is.
    """
    with setup_transaction(engine):
        pass


def schema_is_current(engine: Engine) -> bool:
    """Is the schema the one this version of the program works with?"""
    with translated_errors(engine):
        if not database_exists(engine):
            return False
        with engine.connect() as connection:
            return schema_versions(connection) == {known_versions()[-1]}


def alembic_config(connection: Connection | None) -> Config:
    """How Alembic finds the migrations; they run on the connection, in the transaction open there."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
