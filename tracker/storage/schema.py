"""All tables of the database together, each after those that it refers to, and the rules that hold between rows.

Whoever treats every table alike (copies, integrity checks) takes them from here. The tables themselves are declared
in `tables` and `operational_tables`.

Setting a database up and bringing its schema up to date, by Alembic's migrations.

Apart from `database`, since Alembic takes long to import and only these few calls need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Connection, Engine, PrimaryKeyConstraint, Table, UniqueConstraint, text

from tracker.storage import operational_tables, tables
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


assert all((operational_tables, tables))  # importing the tables is what fills the metadata

TABLES: tuple[Table, ...] = tuple(tables.METADATA.sorted_tables)


class ForeignReference(NamedTuple):
    """That a value of the column, where there is one, is that of a row in another table."""

    column: Column[Any]
    of: Column[Any]


class UniquenessRule(NamedTuple):
    """That no two rows of a table agree in these columns; where `live`, no two that are not retracted."""

    table: Table
    columns: tuple[Column[Any], ...]
    live: bool


def foreign_references() -> list[ForeignReference]:
    """Every reference from one table to another, in the order of the tables."""
    keys = [key for table in TABLES for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)]
    return [ForeignReference(key.parent, key.column) for key in keys]


def uniqueness_rules() -> list[UniquenessRule]:
    """What may be there only once, table by table: its key, what is unique, and what is so while it is live."""
    found = []
    for table in TABLES:
        plain = [each for each in table.constraints if isinstance(each, (PrimaryKeyConstraint, UniqueConstraint))]
        found += [UniquenessRule(table, tuple(each.columns), live=False) for each in plain]
        unique = [index for index in table.indexes if index.unique]
        found += [
            UniquenessRule(table, tuple(each.columns), live="sqlite_where" in each.dialect_kwargs) for each in unique
        ]
    return found
