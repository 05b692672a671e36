"""Access to the database: engines, transactions, migrations; the only place that tells SQLite from PostgreSQL.

`read_transaction` gives one unchanging picture of the record; `write_transaction` lets one writer in at a time,
and the next sees all that it did. Errors become `Unavailable` here; what is asked inside a
transaction is `repository`'s business.

What a database reports when it cannot serve, and what to do about it, in words for whoever runs the program.

Only trouble outside the program is here: no room left, a server that is down, a file that is gone. A mistake in
one of our own queries is none of these, and is let through as it is.
"""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import Any
from urllib.parse import quote
from weakref import WeakSet

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    Update,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker.errors import BadSettings, Unavailable

NOT_READY = "is not set up for this version of the program. Run `tracker init`."
NEWER = "was set up by a newer version of this program. Install that version, or restore a backup from before."
_BUSY = "is being written by someone else. Try again in a moment."
_DAMAGED = (
    "is damaged. Move it away, then put a backup in its place with `tracker restore`, or make it anew with "
    "`tracker init`."
)
_FULL = "has no room left. Free some space on the disk."
_DISK_ERROR = "cannot be read or written: the disk reports an error."
_NO_CONNECTION = "has no connection to spare. Try again in a moment; lower TRACKER_POOL, or let the server take more."
_UNREACHED = "cannot be reached. See that the database server runs and that the address is right."
_STOPPED = "took too long over something and stopped it. Try again in a moment."
_BETWEEN = "is starting or stopping. Try again in a moment."
_READ_ONLY = "may only be read now. Writing waits until its server lets it."
_NO_DATABASE = "does not exist on its server. Make the database there, or correct the address."
_NO_USER = (
    "does not know the database user in the address. Make the role on the server, or correct the name in the address."
)
_NOT_LET_IN = "does not let this user in. Correct the name or the password in the address."

# PostgreSQL: SQLSTATE codes (PostgreSQL documentation, appendix A), the whole code before its class.
_BY_SQLSTATE = {
    "42P01": NOT_READY,  # undefined_table
    "42703": NOT_READY,  # undefined_column
    "55P03": _BUSY,  # lock_not_available
    "40P01": _BUSY,  # deadlock_detected
    "40001": _BUSY,  # serialization_failure
    "XX001": _DAMAGED,  # data_corrupted
    "XX002": _DAMAGED,  # index_corrupted
    "25006": _READ_ONLY,  # read_only_sql_transaction
    "42501": "may not be used by this database user. Give it leave to.",  # insufficient_privilege
    "53100": _FULL,  # disk_full
    "58030": _DISK_ERROR,  # io_error
    "3F000": "has no such schema. Make the schema, or correct the search_path in the address.",
    "57014": _STOPPED,  # query_canceled
    "25P03": _STOPPED,  # idle_in_transaction_session_timeout
    "25P04": _STOPPED,  # transaction_timeout
    "57P05": _STOPPED,  # idle_session_timeout
    "53300": _NO_CONNECTION,  # too_many_connections
    "57P01": _BETWEEN,  # admin_shutdown
    "57P02": _BETWEEN,  # crash_shutdown
    "57P03": _BETWEEN,  # cannot_connect_now
    "3D000": _NO_DATABASE,  # invalid_catalog_name
    "28P01": _NOT_LET_IN,  # invalid_password
    "08": _UNREACHED,  # the class of connection exceptions
}

# A server that refuses a connection gives no code to the client library, only its message: the first pattern that fits.
_BY_REFUSAL = (
    ("too many clients", _NO_CONNECTION),
    ("too many connections", _NO_CONNECTION),
    ("connection slots", _NO_CONNECTION),
    ("starting up", _BETWEEN),
    ("shutting down", _BETWEEN),
    ("recovery mode", _BETWEEN),
    ("not yet accepting", _BETWEEN),
    ('role ".*" does not exist', _NO_USER),
    ('role ".*" is not permitted to log in', _NOT_LET_IN),
    ('database ".*" does not exist', _NO_DATABASE),
    ("authentication failed", _NOT_LET_IN),
    ("no password supplied", _NOT_LET_IN),
    (r"pg_hba\.conf", _NOT_LET_IN),
)

# SQLite: the primary result code (sqlite.org/rescode.html), then what its general error code says in words.
_BY_SQLITE_CODE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: "is not an SQLite database. Name another file, or move it away and run `tracker init`.",
    sqlite3.SQLITE_READONLY: "may only be read. Give this user leave to write the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. See that the file and its folder exist and may be read and written.",
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _DISK_ERROR,
}
_BY_SQLITE_MESSAGE = (
    ("no such table", NOT_READY),
    ("no such column", NOT_READY),
    ("malformed", _DAMAGED),
    ("could not decode", _DAMAGED),
    ("database is locked", _BUSY),
)


@contextmanager
def translate_errors(shown: str) -> Iterator[None]:
    """Turn what a database says when it cannot serve into `Unavailable`; `shown` is its address without secrets."""
    try:
        yield
    except PoolTimeout as trouble:
        raise Unavailable("The database is busy. Try again in a moment, or raise TRACKER_POOL.") from trouble
    except DBAPIError as trouble:
        if not (advice := advice_for(trouble)):
            raise
        raise Unavailable(f"The database at {shown} {advice}") from trouble
    except UnicodeDecodeError as trouble:
        if not _is_from_driver(trouble):
            raise
        raise Unavailable(f"The database at {shown} {_DAMAGED}") from trouble


def advice_for(trouble: DBAPIError) -> str:
    """What is the matter with the database and what to do, to follow its address; empty for a mistake of our own."""
    original = trouble.orig
    if isinstance(original, sqlite3.Error):
        return _advice_for_sqlite(original)
    state = getattr(original, "sqlstate", None)
    if state:
        return _BY_SQLSTATE.get(state) or _BY_SQLSTATE.get(state[:2], "")
    said = str(original).lower()
    refusal = next((advice for sign, advice in _BY_REFUSAL if re.search(sign, said)), "")
    return refusal or (_UNREACHED if isinstance(trouble, (OperationalError, InterfaceError)) else "")


def _is_from_driver(trouble: UnicodeDecodeError) -> bool:
    """Did the driver fail to decode a damaged name or text? It fails even over its own report of the damage."""
    places = [str(frame.f_globals.get("__name__", "")) for frame, _ in walk_tb(trouble.__traceback__)]
    return places[-1].split(".")[0] == "sqlalchemy" or places[-1] == "tracker.storage.database"


def _advice_for_sqlite(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # an extended code has the primary one in its last byte
    if code in _BY_SQLITE_CODE:
        return _BY_SQLITE_CODE[code]
    said = str(error).lower()
    return next((advice for sign, advice in _BY_SQLITE_MESSAGE if sign in said), "")


WRITE_LOCK_TIMEOUT = 30  # seconds that a writer waits for the one before it, where the address says nothing else
_TRIES = 100
_CONNECTING = 10  # seconds to reach a server
_POOL = 8  # connections kept open
_FOR_A_CONNECTION = 10  # seconds to wait for one where all are in use
_OLD = 1800  # seconds after which a connection is made anew
_ONE_STATEMENT = 60  # seconds: more than a writer waits for the one before it
_IDLE = 300  # seconds that a transaction may be left alone before the server ends it
_SILENT = 30  # seconds without a sign from the server, after which a connection is given up
_STUCK = ("readonly database", "malformed", "disk I/O error")  # what SQLite says on such connections
_IMMUTABLE = "immutable"  # in an SQLite address, =1: nobody writes the file, and nothing is made beside it
_A_MOMENT = 100  # milliseconds that a write which may be left out waits for a row
_WRITE_LOCK = "hashtext('tracker ' || current_schema())"  # the advisory lock of PostgreSQL that writers hold
MIGRATIONS = Path(__file__).parent / "migrations"
_VERSIONS = Table("alembic_version", MetaData(), Column("version_num", String))  # as Alembic makes it

_ENGINES: WeakSet[Engine] = WeakSet()
_KNOWN: WeakSet[Engine] = WeakSet()  # those whose tables were seen to be those of this version


def make_engine(url: str, *, pool: int = _POOL) -> Engine:
    """The way to the database at `sqlite:///FILE`, `postgresql://...` or `postgres://...`.

    Nothing is reached yet. `pool` connections stay open between transactions, and as many more are opened where
    they are needed. After a fork the child opens its own. BadSettings for any other address, or an SQLite
    database in memory, which each connection would see for itself alone. What was to be written stays out of
    complaints and logs: it may name people.
    """
    engine = _create_engine(url, pool)
    _ENGINES.add(engine)
    return engine


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    """The engine for a database that is used for a while; every connection is closed in the end."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _in_a_child() -> None:
    """A connection may not be used by two processes, nor closed by the one that did not open it."""
    for engine in _ENGINES:
        engine.dispose(close=False)


if sys.platform != "win32":  # which forks no process
    os.register_at_fork(after_in_child=_in_a_child)


def _create_engine(url: str, pool: int) -> Engine:
    kept = {"pool_size": pool, "max_overflow": pool, "pool_timeout": _FOR_A_CONNECTION, "hide_parameters": True}
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadSettings(f"The database address cannot be read. {_ADDRESSES}") from None
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg"), kept)
    if parsed.drivername == "sqlite" and parsed.database and parsed.database != ":memory:":
        return _sqlite(parsed, kept)
    raise BadSettings(f"'{parsed.render_as_string()}' is not a database this program can use. {_ADDRESSES}")


_ADDRESSES = "Write sqlite:///path/to/file.db or postgresql://user@host/name."


def _postgresql(url: URL, kept: dict[str, Any]) -> Engine:
    """An engine whose server ends by itself what would hold a worker for good; what the address says goes first."""
    limits = f"-c statement_timeout={_ONE_STATEMENT}s -c idle_in_transaction_session_timeout={_IDLE}s"
    limits += f" -c lock_timeout={WRITE_LOCK_TIMEOUT}s"
    given = url.query.get("options", "")
    defaults = {
        "connect_timeout": str(_CONNECTING), "application_name": "tracker", "keepalives_idle": str(_SILENT),
        "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": str(_SILENT * 1000),
    }  # fmt: skip
    own = {name: value for name, value in defaults.items() if name not in url.query}
    own["options"] = " ".join([limits, *([given] if isinstance(given, str) else given)])
    return create_engine(url, pool_pre_ping=True, pool_recycle=_OLD, connect_args=own, **kept)


def _sqlite(url: URL, kept: dict[str, Any]) -> Engine:
    unchanging = {_IMMUTABLE: url.query.get(_IMMUTABLE) == "1"}
    url = url.difference_update_query([_IMMUTABLE])
    waits = {} if "timeout" in url.query else {"timeout": WRITE_LOCK_TIMEOUT}
    engine = create_engine(url, connect_args=waits, execution_options=unchanging, **kept)
    event.listen(engine, "do_connect", lambda _, record, __, given: _open_sqlite(engine, record.info, given))
    event.listen(engine, "checkout", lambda _, record, __: _must_be_same_file(engine, record.info))
    event.listen(engine, "connect", lambda connection, record: _set_up_sqlite(connection, record.info))
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _open_anew)
    return engine


def file_of(engine: Engine) -> tuple[int, int] | None:
    """Which file on disk an SQLite engine's address leads to now; None for a server.

    A connection that was opened while it led to another one sees a record that is no more: a file put in another's
    place, by a restore, leaves open connections with the old. FileNotFoundError if there is no such file.
    """
    if is_postgresql(engine):
        return None
    found = os.stat(str(engine.url.database))  # noqa: PTH116 - every request asks, and making a Path costs more
    return found.st_dev, found.st_ino


def _open_sqlite(engine: Engine, info: dict[str, object], given: dict[str, Any]) -> sqlite3.Connection | None:
    """A connection where nothing can be written; None where the usual one is to be made."""
    info["file"] = file_of(engine) if database_exists(engine) else None  # None: opening makes it
    info["reads"] = info["file"] is not None and _only_reads(engine)
    return _connect_reading(engine, **given) if info["reads"] else None


def connect_beside(engine: Engine) -> sqlite3.Connection:
    """A connection to an SQLite record of its own, apart from the pool and its transactions."""
    return _connect_reading(engine) if _only_reads(engine) else sqlite3.connect(str(engine.url.database))


def _connect_reading(engine: Engine, **given: Any) -> sqlite3.Connection:
    file = Path(str(engine.url.database)).resolve()
    waiting = file.with_name(f"{file.name}-wal")
    # What was written last may still be in the file beside it: then SQLite must look there, and needs its index.
    unchanged = "" if waiting.exists() and waiting.stat().st_size else "&immutable=1"
    found: sqlite3.Connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro{unchanged}", uri=True, **given)
    return found


def _only_reads(engine: Engine) -> bool:
    """Is the file on a file system that is mounted to be read only, or does the address say `immutable=1`?

    Windows does not tell how a file system is mounted: there only the address counts.
    """
    if engine.get_execution_options()[_IMMUTABLE]:
        return True
    return sys.platform != "win32" and bool(os.statvfs(str(engine.url.database)).f_flag & os.ST_RDONLY)


def _must_be_same_file(engine: Engine, info: dict[str, object]) -> None:
    """Refuse to use a connection again that was opened to another file; the pool then opens a new one."""
    if database_exists(engine) and info["file"] != file_of(engine):
        raise DisconnectionError("the file was replaced")


def _open_anew(trouble: ExceptionContext) -> None:
    """Let connections go that will never do better: opened while the file could not be written, or was broken."""
    if any(sign in str(trouble.original_exception) for sign in _STUCK):
        trouble.is_disconnect = True


def _set_up_sqlite(connection: sqlite3.Connection, info: dict[str, object]) -> None:
    connection.isolation_level = None  # transactions begin when we say so, reads included
    connection.execute("PRAGMA foreign_keys = ON")
    if not info["reads"]:
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
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the record as it was when it began; Unavailable if there is none to see."""
    with translated_errors(engine):
        _must_exist(engine)
        picture = {"isolation_level": "REPEATABLE READ"} if is_postgresql(engine) else {}
        with engine.connect().execution_options(**picture) as connection, connection.begin():
            _must_be_known(engine, connection)
            yield connection


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that is alone in writing and is done wholly or not at all; Unavailable if it cannot be had."""
    with translated_errors(engine):
        _must_exist(engine)
        with exclusive_transaction(engine) as connection:
            _must_be_known(engine, connection)
            yield connection


def _must_be_known(engine: Engine, connection: Connection) -> None:
    """Once for each engine: refuse a record whose tables are not those of this version."""
    if engine in _KNOWN:
        return
    refuse_newer_schema(engine, connection)
    if schema_versions(connection) != {known_versions()[-1]}:
        raise Unavailable(f"The database at {_display_url(engine)} {NOT_READY}")
    _KNOWN.add(engine)


def refuse_newer_schema(engine: Engine, connection: Connection) -> None:
    """Unavailable for a database of a newer version of the program."""
    if not schema_versions(connection) <= set(known_versions()):
        raise Unavailable(f"The database at {_display_url(engine)} {NEWER}")


def schema_versions(connection: Connection) -> set[str]:
    """The numbers of the migrations at which the database stands; none before it is set up."""
    if not inspect(connection).has_table(_VERSIONS.name):
        return set()
    return set(connection.scalars(select(_VERSIONS.c.version_num)))


@cache
def known_versions() -> tuple[str, ...]:
    """The numbers of all migrations of this version of the program, in order; each file's name begins with its own."""
    return tuple(sorted(path.name[:4] for path in MIGRATIONS.glob("versions/[0-9]*.py")))


@contextmanager
def exclusive_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that is alone in writing, whatever the state of the schema."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if is_postgresql(engine):
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})"))
        yield connection


def write_unless_busy(engine: Engine, statement: Update) -> bool:
    """Carry out one small write now; False, without waiting, where somebody else is writing.

    For what may be left out, such as when a session was last used: a reader must not wait for a writer.
    Unavailable if the database cannot be written at all.
    """
    with translated_errors(engine), engine.connect() as connection:
        if not is_postgresql(engine):
            return _write_sqlite_unless_busy(connection, statement)
        with connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = '{_A_MOMENT}ms'"))
            free = connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({_WRITE_LOCK})"))
            if free:
                connection.execute(statement)
            return bool(free)


def _write_sqlite_unless_busy(connection: Connection, statement: Update) -> bool:
    driver: Any = connection.connection.driver_connection
    (waited,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        with connection.execution_options(writes=True).begin():
            connection.execute(statement)
    except OperationalError as trouble:
        if isinstance(trouble.orig, sqlite3.Error) and trouble.orig.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise
    finally:
        if not connection.invalidated:  # one that can never write again was closed, and is made anew
            driver.execute(f"PRAGMA busy_timeout = {waited}")
    return True


def is_postgresql(engine: Engine) -> bool:
    """Is it a server's database, rather than an SQLite file?"""
    return engine.dialect.name == "postgresql"


def database_exists(engine: Engine) -> bool:
    """Is there a database file? A server's database is found missing when it is first reached."""
    # Asked first because merely connecting to a missing SQLite file would make an empty one.
    return is_postgresql(engine) or Path(str(engine.url.database)).is_file()


def _must_exist(engine: Engine) -> None:
    if not database_exists(engine):
        raise Unavailable(f"There is no record at {_display_url(engine)}. Run `tracker init` to make one.")


def translated_errors(engine: Engine) -> AbstractContextManager[None]:
    """What goes wrong inside, as `Unavailable` with the database's address."""
    return translate_errors(_display_url(engine))


def _display_url(engine: Engine) -> str:
    url = engine.url
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
