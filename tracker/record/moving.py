"""Moving a whole record from one database into another, SQLite or PostgreSQL, and telling that nothing was lost.

Rows go as they are: live and retracted, with their numbers and moments. A digest of each table, the same in
both kinds of database, is made of what was read and of what is found afterwards. What a file of a backup is,
and putting one back, is `backups`' business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Integer, Row, Table, delete, func, insert, select, text
from sqlalchemy.exc import DataError

from tracker.errors import BadQuestion, Damaged
from tracker.record.database import making, reading
from tracker.record.schema import TABLES

BATCH = 1000  # rows in memory at a time
ADDED_TO = ("audit",)  # what was done stays told: such a table is never emptied, and the database sees to it
LEFT_OUT = ("sessions",)  # an editor signs in anew: what ended in one database must not go on in another
MOVED: tuple[Table, ...] = tuple(table for table in TABLES if table.name not in LEFT_OUT)

Progress = Callable[[str, int], None]


class Sum(NamedTuple):
    """What a table holds: its name, how many rows, and the SHA-256 of all that they say, in the order of their key."""

    table: str
    rows: int
    digest: str


def copy(source: Engine, target: Engine, *, progress: Progress | None = None) -> list[Sum]:
    """Copy the record into a database that holds none, in one transaction there, and say what it holds now.

    The source is seen in one unmoving picture, beside whoever writes. `progress` is told the table and its rows
    so far. Who was signed in is left out. BadQuestion if the target holds anything, Damaged if what is found
    there is not what was read, Unavailable if either cannot be had; then nothing was copied.
    """
    with reading(source) as there, making(target) as here:
        must_be_empty(here)
        return poured(there, here, progress)


def must_be_empty(connection: Connection) -> None:
    """BadQuestion, with the first table that holds anything."""
    for table in TABLES:
        if connection.execute(select(table).limit(1)).first():
            raise BadQuestion(f"The database to be filled is not empty: its table {table.name} holds rows.")


def empty(connection: Connection) -> None:
    """Take everything out but who did what, in this transaction; readers go on seeing it until that is done."""
    for table in reversed(TABLES):
        if table.name not in ADDED_TO:
            connection.execute(delete(table))


def poured(there: Connection, here: Connection, progress: Progress | None = None) -> list[Sum]:
    """Copy every row from a transaction on one database into one on another, and say what is there now.

    The tables there are empty, but for who did what: of that, only what is not there yet is added. Damaged if what
    is found there afterwards is not what was read.
    """
    more = {table for table in MOVED if table.name in ADDED_TO and here.execute(select(table).limit(1)).first()}
    read = {table.name: _poured(there, here, table, progress) for table in MOVED if table not in more}
    for table in more:
        _added(there, here, table)
    _count_on(here)
    found = sums(here, progress)
    for after in found:
        before = read.get(after.table, after)
        if before != after:
            raise Damaged(
                f"The table {before.table} did not arrive as it was: {before.rows} rows were read, {after.rows} "
                "are there, and they do not say the same. Nothing was changed."
            )
    return found


def sums(connection: Connection, progress: Progress | None = None) -> list[Sum]:
    """What every table that is moved holds, as this transaction sees it."""
    return [_sum(table, _batches(connection, table), progress, "Verifying") for table in MOVED]


def _poured(there: Connection, here: Connection, table: Table, progress: Progress | None) -> Sum:
    def taken() -> Iterator[Sequence[Row[Any]]]:
        for rows in _batches(there, table):
            here.execute(insert(table), [dict(row._mapping) for row in rows])
            yield rows

    try:
        return _sum(table, taken(), progress, "Copying")
    except DataError as trouble:
        raise BadQuestion(f"The other database cannot hold what {table.name} says: {trouble.orig}") from trouble


def _added(there: Connection, here: Connection, table: Table) -> None:
    """Add the rows that are not there, under numbers of their own."""
    for rows in _batches(there, table):
        for row in rows:
            said = {name: value for name, value in row._mapping.items() if name != "id"}
            if not here.execute(select(table).where(*(table.c[name] == said[name] for name in said)).limit(1)).first():
                here.execute(insert(table), said)


def _sum(table: Table, batches: Iterator[Sequence[Row[Any]]], progress: Progress | None, doing: str) -> Sum:
    digest, number = hashlib.sha256(), 0
    for rows in batches:
        for row in rows:
            digest.update(repr(tuple(_plain(value) for value in row)).encode())
        number += len(rows)
        if progress:
            progress(f"{doing} {table.name}", number)
    return Sum(table.name, number, digest.hexdigest())


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a table in the order of its key, a batch at a time; text in the order of its characters."""
    binary = connection.dialect.name == "postgresql"  # SQLite's own order is that
    texts = [binary and not isinstance(column.type, Integer) for column in table.primary_key]
    key = [column.collate("C") if text_ else column for column, text_ in zip(table.primary_key, texts, strict=True)]
    query = select(table).order_by(*key)
    yield from connection.execute(query, execution_options={"yield_per": BATCH}).partitions()


def _plain(value: Any) -> Any:
    """A value as both databases give it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else value


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with numbers of their own; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in MOVED:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        last = connection.scalar(select(func.max(column)))
        if sequence and last:
            connection.execute(
                text("SELECT setval(CAST(:sequence AS regclass), :last)"), {"sequence": sequence, "last": last}
            )
