"""Backups and copies: the whole record into one verified file or another database, and back."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Integer, Row, Table, delete, func, insert, select, text
from sqlalchemy.exc import DataError

from tracker.errors import BadQuestion, Damaged
from tracker.maintenance import integrity
from tracker.storage import audit_log
from tracker.storage.database import is_postgresql, make_engine, read_transaction
from tracker.storage.schema import TABLES, migrate, setup_transaction

if sys.platform != "win32":
    import fcntl

_DRAFT = re.compile(r"\..+\.[0-9a-f]{8}\.part")  # the name of a backup that is being made
BATCH = 1000  # rows in memory at a time
ADDED_TO = ("audit",)  # what was done stays told: such a table is never emptied, and the database sees to it
LEFT_OUT = ("sessions",)  # an editor signs in anew: what ended in one database must not go on in another
MOVED: tuple[Table, ...] = tuple(table for table in TABLES if table.name not in LEFT_OUT)

Progress = Callable[[str, int], None]


class TableDigest(NamedTuple):
    """What a table holds: its name, how many rows, and the SHA-256 of all that they say, in the order of their key."""

    table: str
    rows: int
    digest: str


def copy_database(source: Engine, target: Engine, *, progress: Progress | None = None) -> list[TableDigest]:
    """Copy the record into a database that holds none, in one transaction there, and say what it holds now.

    The source is seen in one unmoving picture, beside whoever writes. `progress` is told the table and its rows
    so far. Who was signed in is left out. BadQuestion if the target holds anything, Damaged if what is found
    there is not what was read, Unavailable if either cannot be had; then nothing was copied.
    """
    with read_transaction(source) as there, setup_transaction(target) as here:
        require_empty(here)
        return copy_tables(there, here, progress)


def require_empty(connection: Connection) -> None:
    """BadQuestion, with the first table that holds anything."""
    for table in TABLES:
        if connection.execute(select(table).limit(1)).first():
            raise BadQuestion(f"The database to be filled is not empty: its table {table.name} holds rows.")


def delete_all_rows(connection: Connection) -> None:
    """Take everything out but who did what, in this transaction; readers go on seeing it until that is done."""
    for table in reversed(TABLES):
        if table.name not in ADDED_TO:
            connection.execute(delete(table))


def copy_tables(there: Connection, here: Connection, progress: Progress | None = None) -> list[TableDigest]:
    """Copy every row from a transaction on one database into one on another, and say what is there now.

    The tables there are empty, but for who did what: of that, only what is not there yet is added. Damaged if what
    is found there afterwards is not what was read.
    """
    more = {table for table in MOVED if table.name in ADDED_TO and here.execute(select(table).limit(1)).first()}
    read = {table.name: _copy_rows(there, here, table, progress) for table in MOVED if table not in more}
    for table in more:
        _add_missing_rows(there, here, table)
    _count_on(here)
    found = table_digests(here, progress)
    for after in found:
        before = read.get(after.table, after)
        if before != after:
            raise Damaged(
                f"The table {before.table} did not arrive as it was: {before.rows} rows were read, {after.rows} "
                "are there, and they do not say the same. Nothing was changed."
            )
    return found


def table_digests(connection: Connection, progress: Progress | None = None) -> list[TableDigest]:
    """What every table that is moved holds, as this transaction sees it."""
    return [_sum(table, _batches(connection, table), progress, "Verifying") for table in MOVED]


def _copy_rows(there: Connection, here: Connection, table: Table, progress: Progress | None) -> TableDigest:
    def taken() -> Iterator[Sequence[Row[Any]]]:
        for rows in _batches(there, table):
            here.execute(insert(table), [dict(row._mapping) for row in rows])
            yield rows

    try:
        return _sum(table, taken(), progress, "Copying")
    except DataError as trouble:
        raise BadQuestion(f"The other database cannot hold what {table.name} says: {trouble.orig}") from trouble


def _add_missing_rows(there: Connection, here: Connection, table: Table) -> None:
    """Add the rows that are not there, under numbers of their own."""
    for rows in _batches(there, table):
        for row in rows:
            said = {name: value for name, value in row._mapping.items() if name not in ("id", "chain")}
            if not here.execute(select(table).where(*(table.c[name] == said[name] for name in said)).limit(1)).first():
                audit_log.append(here, said)


def _sum(table: Table, batches: Iterator[Sequence[Row[Any]]], progress: Progress | None, doing: str) -> TableDigest:
    digest, number = hashlib.sha256(), 0
    for rows in batches:
        for row in rows:
            digest.update(repr(tuple(_plain(value) for value in row)).encode())
        number += len(rows)
        if progress:
            progress(f"{doing} {table.name}", number)
    return TableDigest(table.name, number, digest.hexdigest())


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


_LIST = "backup_manifest"


def write_backup(engine: Engine, file: Path, *, progress: Progress | None = None) -> list[TableDigest]:
    """Write the record, as it is at this moment, into a new file, and say what it holds.

    Readers and writers go on meanwhile. Only its owner may read the file: it holds addresses and keys. Who is signed
    in is left out. BadQuestion if there is something of that name or no such folder, Damaged if the file is not
    what was read, Unavailable if the record cannot be had or the disk is full; then there is no file.
    """
    if not file.parent.is_dir():
        raise BadQuestion(f"There is no folder {file.parent} for the backup. Make it, or name another.")
    if file.exists() or file.is_symlink():
        raise BadQuestion(
            f"There is something called {file} already, and a backup overwrites nothing. Name another file."
        )
    unfinished, draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part"), -1
    try:
        _remove_abandoned(file.parent)
        draft = _begin_draft(unfinished)
        with read_transaction(engine) as there:
            (_copy_rows_to_file if is_postgresql(engine) else _copy_sqlite_pages)(there, unfinished, progress)
            held = table_digests(there, progress)
        _prove(unfinished, held)
        _seal(unfinished)
        _give_name(unfinished, file)
    except (OSError, sqlite3.OperationalError) as trouble:
        raise BadQuestion(f"The backup cannot be written to {file}: {trouble}. Nothing was kept.") from trouble
    finally:
        if draft >= 0:
            os.close(draft)  # first: Windows removes no file that is open
        _remove_draft(unfinished)
    return held


def restore_backup(
    file: Path, target: Engine, *, replace: bool = False, progress: Progress | None = None
) -> list[TableDigest]:
    """Fill an empty database with what a backup holds and say what it holds now; one of an older version will do.

    With `replace` what the database held goes, in the same transaction: whoever reads sees the one record or the
    other. Its log of who did what stays, and gets what only the backup has. Damaged for a file that is not what it
    was when it was made, BadQuestion for one that is no backup or a database that is not empty, Unavailable for a
    backup of a newer version or a database that cannot be had; then nothing is changed.
    """
    _must_be_whole(file)
    with _open_copy(file) as kept, read_transaction(kept) as there, setup_transaction(target) as here:
        if replace:
            delete_all_rows(here)
        else:
            require_empty(here)
        return copy_tables(there, here, progress)


# -- making ----------------------------------------------------------------------------------------


def _begin_draft(file: Path) -> int:
    """A new file that is locked as long as this process lives, by which others know that it is in use.

    On Windows it needs no lock: a file that is open cannot be removed there.
    """
    while True:
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        if sys.platform != "win32":
            fcntl.flock(made, fcntl.LOCK_EX)
        if os.fstat(made).st_nlink:
            return made
        os.close(made)  # another backup took it for abandoned before it was locked


def _remove_abandoned(folder: Path) -> None:
    """Remove what backups into this folder left behind that were killed: drafts that no process has locked any more."""
    for draft in folder.glob(".*.part"):
        if not _DRAFT.fullmatch(draft.name):
            continue
        if sys.platform == "win32":
            with suppress(PermissionError):  # it is open in the process that is making it
                _remove_draft(draft)
        else:
            with suppress(FileNotFoundError, BlockingIOError), draft.open("rb") as found:
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove_draft(draft)


def _remove_draft(draft: Path) -> None:
    for rest in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + rest).unlink(missing_ok=True)


def _copy_sqlite_pages(there: Connection, file: Path, progress: Progress | None) -> None:
    """SQLite copies its own pages, as this transaction sees them."""
    source = there.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    with closing(sqlite3.connect(file, isolation_level=None)) as made:
        source.backup(made)
        made.execute("PRAGMA secure_delete = ON")
        for table in LEFT_OUT:
            made.execute(f'DELETE FROM "{table}"')  # noqa: S608 - the names are ours


def _copy_rows_to_file(there: Connection, file: Path, progress: Progress | None) -> None:
    with _engine(file) as made, setup_transaction(made) as here:
        copy_tables(there, here, progress)


def _prove(file: Path, held: Sequence[TableDigest]) -> None:
    with _engine(file) as made, read_transaction(made) as connection:
        wrong = integrity.database_damage(connection)
        if wrong or table_digests(connection) != held:
            why = wrong[0] if wrong else "It does not hold what was read."
            raise Damaged(f"The backup was not made: {why} See what `tracker verify` finds in the database.")


def _seal(file: Path) -> None:
    """Write down what is in each table, and make one file of it that needs no other beside it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = DELETE")
        found = list(_found_in(made))
        made.execute("BEGIN")
        made.execute(f"CREATE TABLE {_LIST} (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, digest TEXT NOT NULL)")
        made.executemany(f"INSERT INTO {_LIST} VALUES (?, ?, ?)", found)  # noqa: S608 - the name is ours
        made.execute("COMMIT")


def _found_in(made: sqlite3.Connection) -> Iterator[TableDigest]:
    """What each table of a file holds, by the values as they stand there, so that no version reads it otherwise."""
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    for (name,) in made.execute(names).fetchall():
        if name == _LIST:
            continue
        digest, number = hashlib.sha256(), 0
        for number, row in enumerate(made.execute(f'SELECT * FROM "{name}" ORDER BY rowid'), start=1):  # noqa: B007, S608
            digest.update(repr(row).encode())
        yield TableDigest(name, number, digest.hexdigest())


def _give_name(unfinished: Path, file: Path) -> None:
    """Under the name there is the whole file or none, even if the machine stops now; nothing there is replaced."""
    _on_disk(unfinished, os.O_RDWR)
    os.link(unfinished, file)
    if sys.platform != "win32":  # where a folder cannot be opened
        _on_disk(file.parent, os.O_RDONLY)


def _on_disk(path: Path, flags: int) -> None:
    opened = os.open(path, flags)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


# -- putting back ----------------------------------------------------------------------------------


def _must_be_whole(file: Path) -> None:
    if not file.is_file():
        raise BadQuestion(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)) as made:
            (said,) = made.execute("PRAGMA integrity_check").fetchone()
            if not made.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [_LIST]).fetchone():
                raise BadQuestion(f"{file} is no backup. `tracker copy` fills a database from another one.")
            listed = [TableDigest(*row) for row in made.execute(f"SELECT * FROM {_LIST} ORDER BY name")]  # noqa: S608 - ours
            whole = said == "ok" and listed == list(_found_in(made))
    except sqlite3.DatabaseError as trouble:
        raise Damaged(f"{file} is damaged, or no backup at all: {trouble}. Use another one.") from trouble
    if not whole:
        raise Damaged(f"{file} is not what it was when it was made. Use another one.")


@contextmanager
def _open_copy(file: Path) -> Iterator[Engine]:
    """A copy of a backup, brought up to this version: the file itself stays as it is."""
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        copy = Path(folder) / "backup.db"
        shutil.copyfile(file, copy)
        with closing(sqlite3.connect(copy)) as made:
            made.execute(f"DROP TABLE {_LIST}")
        with _engine(copy) as engine:
            migrate(engine)
            yield engine


@contextmanager
def _engine(file: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{file}")
    try:
        yield engine
    finally:
        engine.dispose()
