"""What a database says when it cannot serve, and what would mend it: in words for whoever runs the program.

Only trouble that lies outside the program is here: too little room, a server that is down, a file
that is gone. A mistake of ours in a query is none, and is let through as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker.errors import Unavailable


@contextmanager
def answering(shown: str) -> Iterator[None]:
    """Turn what a database says when it cannot serve into `Unavailable`; `shown` is its address without secrets."""
    try:
        yield
    except PoolTimeout as trouble:
        raise Unavailable(
            "The record is too busy to answer. Try again in a moment, or raise TRACKER_POOL."
        ) from trouble
    except DBAPIError as trouble:
        if not (mend := _mend(trouble)):
            raise
        raise Unavailable(f"The record at {shown} {mend}") from trouble


NOT_READY = "is not set up for this version of the program. Run `tracker init`."
NEWER = "was set up by a newer version of this program. Install that version, or restore a backup from before."
_BUSY = "is being written by someone else. Try again in a moment."
_DAMAGED = (
    "is damaged. Move it away, then put a backup in its place with `tracker restore`, or make it anew with "
    "`tracker init`."
)
_FULL = "has no room left. Free some space on the disk."
_NO_CONNECTION = "has no connection to spare. Try again in a moment; lower TRACKER_POOL, or let the server take more."
_UNREACHED = "cannot be reached. See that the database server runs and that the address is right."
_STOPPED = "took too long over something and stopped it. Try again in a moment."
_BETWEEN = "is starting or stopping. Try again in a moment."
_READ_ONLY = "may only be read now. Writing waits until its server lets it."
_ELSEWHERE = "does not exist on its server. Make the database there, or correct the address."
_STRANGER = "does not let this user in. Correct the name or the password in the address."

# What PostgreSQL's errors are called, and what SQLite and a server that lets nobody in write; the first that fits.
_MENDS = (
    ("no such table", NOT_READY),
    ("no such column", NOT_READY),
    ("undefinedtable", NOT_READY),
    ("undefinedcolumn", NOT_READY),
    ("database is locked", _BUSY),
    ("database table is locked", _BUSY),
    ("locknotavailable", _BUSY),
    ("deadlockdetected", _BUSY),
    ("serializationfailure", _BUSY),
    ("not a database", "is not an SQLite database. Name another file, or move this one away and run `tracker init`."),
    ("malformed", _DAMAGED),
    ("could not decode", _DAMAGED),
    ("datacorrupted", _DAMAGED),
    ("indexcorrupted", _DAMAGED),
    ("readonly database", "may only be read. Give this user leave to write the file and its folder."),
    ("readonlysqltransaction", _READ_ONLY),
    ("insufficientprivilege", "may not be used by this database user. Give it leave to."),
    ("unable to open", "cannot be opened. See that the file and its folder exist and may be read and written."),
    ("disk is full", _FULL),
    ("diskfull", _FULL),
    ("disk i/o error", "cannot be read or written: the disk reports an error."),
    ("ioerror", "cannot be read or written: the disk reports an error."),
    ("invalidschemaname", "has no such schema. Make the schema, or correct the search_path in the address."),
    ("querycanceled", _STOPPED),
    ("sessiontimeout", _STOPPED),
    ("toomanyconnections", _NO_CONNECTION),
    ("too many clients", _NO_CONNECTION),
    ("too many connections", _NO_CONNECTION),
    ("connection slots", _NO_CONNECTION),
    ("starting up", _BETWEEN),
    ("shutting down", _BETWEEN),
    ("recovery mode", _BETWEEN),
    ("adminshutdown", _BETWEEN),
    ("crashshutdown", _BETWEEN),
    ("cannotconnectnow", _BETWEEN),
    ("invalidcatalogname", _ELSEWHERE),
    ('" does not exist', _ELSEWHERE),
    ("authentication failed", _STRANGER),
    ("operationalerror", _UNREACHED),
    ("interfaceerror", _UNREACHED),
)


def _mend(trouble: DBAPIError) -> str:
    said = f"{type(trouble.orig).__name__} {trouble.orig}".lower()
    if isinstance(trouble.orig, sqlite3.Error):
        said = said.removeprefix("operationalerror").removeprefix("interfaceerror")
    return next((mend for sign, mend in _MENDS if sign in said), "")
