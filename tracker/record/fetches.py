"""How the last look at each status file went: what to show the server the next time, and what went wrong.

A file is asked for again whole when the record's acts on its instrument changed since, or while one
of its acts is held: then even an unchanged file has something to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, or_, select, update

from tracker.record import held
from tracker.record.database import reading, writing
from tracker.record.tables import ActionRow
from tracker.record.worktables import FetchRow

_FETCHES: Table = FetchRow.__table__  # type: ignore[attr-defined]
_ACTIONS: Table = ActionRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The last look at an instrument's file: marks of the server, moments (aware UTC), trouble, remarks of the parser.

    `done_at` is the last time all went well, `tried_at` the last time at all.
    """

    instrument: str
    tried_at: datetime
    done_at: datetime | None = None
    url: str = ""
    etag: str = ""
    last_modified: str = ""
    revision: int = 0
    error: str = ""
    remarks: str = ""


def marks(connection: Connection, instrument: str) -> dict[str, str]:
    """The url, etag and last_modified to ask with; nothing where the whole file is wanted."""
    row = connection.execute(select(_FETCHES).where(_FETCHES.c.instrument == instrument)).first()
    if row is None or held.found(connection, states=[held.State.OPEN], instrument=instrument):
        return {}
    since = or_(_ACTIONS.c.recorded_in > row.revision, _ACTIONS.c.retracted_in > row.revision)
    if connection.scalar(select(_ACTIONS.c.id).where(_ACTIONS.c.instrument == instrument, since).limit(1)):
        return {}
    return {"url": row.url, "etag": row.etag, "last_modified": row.last_modified}


def looked(connection: Connection, instrument: str, moment: datetime, **values: Any) -> None:
    """Write down a look in this transaction: that it was tried, and whatever else is given."""
    given = {"tried_at": moment, **values}
    if not connection.execute(update(_FETCHES).where(_FETCHES.c.instrument == instrument).values(**given)).rowcount:
        empty: dict[str, Any] = dict.fromkeys(("url", "etag", "last_modified", "error", "remarks"), "")
        connection.execute(insert(_FETCHES).values(**(empty | {"instrument": instrument, "revision": 0} | given)))


def failed(engine: Engine, instrument: str, moment: datetime, error: str) -> None:
    """Write down that a look came to nothing."""
    with writing(engine) as connection:
        looked(connection, instrument, moment, error=error)


def listed(engine: Engine) -> list[Fetch]:
    """The last look at every file, by instrument."""
    with reading(engine) as connection:
        rows = connection.execute(select(_FETCHES).order_by(_FETCHES.c.instrument)).mappings()
        return [Fetch(**row) for row in rows]
