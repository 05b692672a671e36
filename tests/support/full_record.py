"""A record with something in every table, databases of both kinds, and what they hold."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import Boolean, Column, Engine, Float, Integer, Table, func, insert, select

from tests.conftest import POSTGRES
from tests.support.builders import instrument, participant, ratified
from tests.support.ready_databases import schema_url
from tracker.maintenance.backup import TableDigest, table_digests
from tracker.storage import repository
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.schema import TABLES
from tracker.storage.tables import Moment

BEGUN = datetime(2026, 11, 16, 12, 30, 15, 123456, tzinfo=UTC)
FACTS = [instrument("untoc", threshold=2, delay="90d"), participant("FRX"), participant("GBX"), participant("ZAX")]
MANY = 2_500  # rows, more than are in memory at a time
WORDS = 'Søren\'s "naïve" \\ 中文 🕊 — tab\tand\nline'
KNOWN = {
    ("audit", "chain"): "",
    ("deliveries", "state"): "waiting", ("deliveries", "sort"): "change", ("subscriptions", "state"): "active",
    ("subscriptions", "channel"): "email", ("subscriptions", "pace"): "daily", ("changes", "kind"): "act-recorded",
    ("held", "state"): "open", ("error_reports", "state"): "open", ("runs", "outcome"): "done",
    ("fetches", "revision"): 1,
}  # fmt: skip


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of that kind."""
    name = f"tracker_test_{secrets.token_hex(8)}"
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.db"
        return
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE SCHEMA {name}")
        yield schema_url(POSTGRES, name)
        server.execute(f"DROP SCHEMA {name} CASCADE")


def begin(engine: Engine) -> None:
    """Facts live and retracted, in two revisions."""
    repository.record_facts(engine, [*FACTS, ratified("FRX", "untoc", "2003-07-01")], what=WORDS, moment=BEGUN)
    repository.record_facts(
        engine, [ratified("FRX", "untoc", "2003-07-02")], what="mended", moment=BEGUN + timedelta(days=1)
    )


def fill(engine: Engine) -> None:
    """The same, many facts more, and two rows in every table that has none."""
    begin(engine)
    many = [participant(f"X{number}", note=WORDS) for number in range(MANY)]
    repository.record_facts(engine, many, what="many", moment=BEGUN + timedelta(days=2))
    fill_rest(engine, TABLES)


def fill_rest(engine: Engine, tables: Iterable[Table]) -> None:
    """Two rows in each of the tables that has none."""
    with write_transaction(engine) as connection:
        for table in tables:
            if not connection.scalar(select(func.count()).select_from(table)):
                connection.execute(insert(table), [_row(table.columns, number) for number in (7, 11)])


def _row(columns, number):
    return {column.name: _value(column, number) for column in columns}


def _value(column: Column, number: int):
    """Something of the column's type; what refers to another table refers to its row of the same number."""
    for key in column.foreign_keys:
        return 1 if key.column.table.name == "revisions" else _value(key.column, number)
    if (column.table.name, column.name) in KNOWN:
        return KNOWN[column.table.name, column.name]
    if isinstance(column.type, Moment):
        return None if column.nullable else BEGUN + timedelta(microseconds=number)
    if isinstance(column.type, Boolean):
        return number > 7
    return number if isinstance(column.type, (Integer, Float)) else f"{number} {WORDS}"


def held_by(engine: Engine) -> list[TableDigest]:
    """What every table that is moved holds."""
    with read_transaction(engine) as connection:
        return table_digests(connection)


def rows(engine: Engine, name: str) -> int:
    """How many rows a table has."""
    table = next(each for each in TABLES if each.name == name)
    with read_transaction(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))
