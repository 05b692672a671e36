"""Reaching the database: engines, transactions, migrations; the only place that knows one database from another.

`reading` gives one unmoving picture of the record; `writing` lets one writer at a time in and the
next sees all that it did. Whatever the database says when it cannot serve becomes `Unavailable`,
with what would mend it. What is asked inside a transaction is `store`'s business.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker.errors import BadSettings, Unavailable

WAIT = 30  # seconds that a writer waits for the one before it
_TRIES = 100
_CONNECTING = 10  # seconds to reach a server
_MIGRATIONS = "tracker.record:migrations"


def make_engine(url: str) -> Engine:
    """The way to the database at `sqlite:///FILE`, `postgresql://...` or `postgres://...`.

    Nothing is reached yet. BadSettings for any other address, or an SQLite database in memory,
    which each connection would see for itself alone. What was to be written stays out of complaints
    and logs: it may name people.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadSettings(f"The database address cannot be read. {_ADDRESSES}") from None
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    if parsed.drivername == "sqlite" and parsed.database and parsed.database != ":memory:":
        return _sqlite(parsed)
    raise BadSettings(f"'{parsed.render_as_string()}' is not a database this program can use. {_ADDRESSES}")


_ADDRESSES = "Write sqlite:///path/to/file.db or postgresql://user@host/name."


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": _CONNECTING})


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": WAIT})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin when we say so, reads included
    connection.execute("PRAGMA foreign_keys = ON")
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers go on while somebody writes. The first to open a new file changes it for good."""
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            # Someone else is just changing it, and this command alone does not wait: wait as a writer does.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return
    raise sqlite3.OperationalError("database is locked")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that read before it wrote would be refused, not made to wait: lock from the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the record as it was when it began; Unavailable if there is none to see."""
    with _answering(engine):
        _must_exist(engine)
        picture = {"isolation_level": "REPEATABLE READ"} if _is_postgresql(engine) else {}
        with engine.connect().execution_options(**picture) as connection, connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is alone in writing and is done wholly or not at all; Unavailable if it cannot be had."""
    with _answering(engine):
        _must_exist(engine)
        with _exclusively(engine) as connection:
            yield connection


def migrate(engine: Engine) -> None:
    """Bring the schema up to date, making the file if it is SQLite's and does not exist yet (its folder must)."""
    with _answering(engine), _exclusively(engine) as connection:
        command.upgrade(_configured(connection), "head")


def schema_is_current(engine: Engine) -> bool:
    """Is the schema the one this version of the program works with?"""
    with _answering(engine):
        if not _exists(engine):
            return False
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
        return set(found) == set(ScriptDirectory.from_config(_configured(None)).get_heads())


def _configured(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    return config


@contextmanager
def _exclusively(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if _is_postgresql(engine):
            connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('tracker ' || current_schema()))"))
        yield connection


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _exists(engine: Engine) -> bool:
    # Asked first because merely connecting to a missing SQLite file would make an empty one.
    return _is_postgresql(engine) or Path(str(engine.url.database)).is_file()


def _must_exist(engine: Engine) -> None:
    if not _exists(engine):
        raise Unavailable(f"There is no record at {_shown(engine)}. Run `tracker init` to make one.")


@contextmanager
def _answering(engine: Engine) -> Iterator[None]:
    """Turn what a database says when it cannot serve into `Unavailable`; let mistakes of ours through."""
    try:
        yield
    except PoolTimeout as trouble:
        raise Unavailable("The record is too busy to answer. Try again in a moment.") from trouble
    except DBAPIError as trouble:
        if not (mend := _mend(trouble)):
            raise
        raise Unavailable(f"The record at {_shown(engine)} {mend}") from trouble


_NOT_READY = "is not set up for this version of the program. Run `tracker init`."
_BUSY = "is being written by someone else. Try again in a moment."
_MENDS = (
    ("no such table", _NOT_READY),
    ("no such column", _NOT_READY),
    ("undefinedtable", _NOT_READY),
    ("undefinedcolumn", _NOT_READY),
    ("database is locked", _BUSY),
    ("locknotavailable", _BUSY),
    ("deadlockdetected", _BUSY),
    ("not a database", "is not an SQLite database. Name another file, or move this one away and run `tracker init`."),
    ("malformed", "is damaged. Restore it from a copy, or make it anew with `tracker init` and `tracker import`."),
    ("readonly database", "may only be read. Give this user leave to write the file and its folder."),
    ("insufficientprivilege", "may not be used by this database user. Give it leave to."),
    ("unable to open", "cannot be opened. See that the file and its folder exist and may be read and written."),
    ("disk is full", "has no room left. Free some space on the disk."),
    ("diskfull", "has no room left. Free some space on the disk."),
    ("disk i/o error", "cannot be read or written: the disk reports an error."),
    ("invalidschemaname", "has no such schema. Make the schema, or correct the search_path in the address."),
    ("operationalerror", "cannot be reached. See that the database server runs and that the address is right."),
    ("adminshutdown", "was shut down. Try again in a moment."),
)


def _mend(trouble: DBAPIError) -> str:
    said = f"{type(trouble.orig).__name__} {trouble.orig}".lower()
    if isinstance(trouble.orig, sqlite3.Error):
        said = said.removeprefix("operationalerror")
    return next((mend for sign, mend in _MENDS if sign in said), "")


def _shown(engine: Engine) -> str:
    url = engine.url
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
