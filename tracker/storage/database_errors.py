"""What a database reports when it cannot serve, and what to do about it, in words for whoever runs the program.

Only trouble outside the program is here: no room left, a server that is down, a file that is gone. A mistake in
one of our own queries is none of these, and is let through as it is.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker.errors import Unavailable

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
        raise Unavailable(
            "The record is too busy to answer. Try again in a moment, or raise TRACKER_POOL."
        ) from trouble
    except DBAPIError as trouble:
        if not (advice := advice_for(trouble)):
            raise
        raise Unavailable(f"The record at {shown} {advice}") from trouble
    except UnicodeDecodeError as trouble:
        if not _is_from_driver(trouble):
            raise
        raise Unavailable(f"The record at {shown} {_DAMAGED}") from trouble


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
