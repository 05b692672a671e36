"""The audit log: who wrote, signed in or was refused, when, and how it ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select

from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import AuditRow

ENTRIES_KEPT_FOR = timedelta(days=400)  # how long a line is kept: a year, and a while to look back at it
MAX_ENTRIES = 10_000  # lines that are kept however old they seem: a clock far ahead must not empty the log
MAX_FIELD_LENGTH = 300  # characters of a field
MAX_REFUSALS = 60  # lines of what was refused, of one kind of action, within the time below
REFUSALS_WITHIN = timedelta(hours=1)
DONE, REFUSED = "done", "refused"

_CHAINED = ("who", "role", "place", "action", "subject", "outcome", "request")
_AUDIT: Table = AuditRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, in what role, from where (a mark, "" where unknown), by which request ("" for none)."""

    name: str
    role: str
    place: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A line of the log; `at` is an aware UTC moment, `outcome` is `done`, `refused` or `failed` and why."""

    id: int
    at: datetime
    who: str
    role: str
    place: str
    action: str
    subject: str
    outcome: str
    request: str


def add_entry(
    connection: Connection, actor: Actor, action: str, subject: str, *, moment: datetime, outcome: str = DONE
) -> None:
    """Add a line in this transaction, and forget what is older than is kept."""
    said = {"who": actor.name, "role": actor.role, "place": actor.place, "request": actor.request}
    said |= {"action": action, "subject": subject, "outcome": outcome}
    append(connection, {"at": moment, **{name: _line(text) for name, text in said.items()}})
    last = connection.scalar(select(func.max(_AUDIT.c.id))) or 0
    first_kept = select(func.min(_AUDIT.c.id)).where(_AUDIT.c.at >= moment - ENTRIES_KEPT_FOR).scalar_subquery()
    old = (_AUDIT.c.id < first_kept) & (_AUDIT.c.id <= last - MAX_ENTRIES)  # from the beginning on: no hole is left
    connection.execute(delete(_AUDIT).where(old))


def append(connection: Connection, line: Mapping[str, Any]) -> None:
    """Add a line at the end of the chain; the transaction is one that is alone in writing."""
    newest = select(_AUDIT.c.chain).order_by(_AUDIT.c.id.desc()).limit(1)
    chain = chain_of(connection.scalar(newest) or "", line)
    connection.execute(insert(_AUDIT).values(**line, chain=chain))


def chain_of(before: str, line: Mapping[str, Any]) -> str:
    """The SHA-256 of what a line says and of the chain of the line before it, in hexadecimal.

    So no line can be altered, added in the past or taken out without all later ones giving it away.
    """
    said = [before, line["at"].astimezone(UTC).isoformat(), *(line[name] for name in _CHAINED)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def broken_links(connection: Connection) -> list[int]:
    """The numbers of lines that are not what was written, or do not follow the line that was before them.

    Lines from before there was a chain have none, and stand before all others; the oldest one kept follows a line
    that is forgotten.
    """
    wrong: list[int] = []
    before: str | None = None
    for row in connection.execute(select(_AUDIT).order_by(_AUDIT.c.id)).mappings():
        if before and row["chain"] != chain_of(before, dict(row)):
            wrong.append(row["id"])
        before = row["chain"] or before
    return wrong


def log_refusal(engine: Engine, actor: Actor, action: str, subject: str, *, moment: datetime, outcome: str) -> None:
    """Add a line of its own: of what was refused, so that there is no write to go with.

    So that nobody fills the log by being refused, it takes no more than `MAX_REFUSALS` such lines an hour of one
    kind of action; the last of them says so.
    """
    with write_transaction(engine) as connection:
        hour = (_AUDIT.c.at > moment - REFUSALS_WITHIN) & (_AUDIT.c.at <= moment + REFUSALS_WITHIN)
        same = hour & (_AUDIT.c.action == action) & (_AUDIT.c.outcome != DONE)
        many = connection.scalar(select(func.count()).select_from(_AUDIT).where(same)) or 0
        if outcome == DONE or many < MAX_REFUSALS:
            more = "; no more such lines within the hour" if outcome != DONE and many == MAX_REFUSALS - 1 else ""
            add_entry(connection, actor, action, subject, moment=moment, outcome=outcome + more)


def audit_by(actor: Actor | None, action: str, subject: str, moment: datetime) -> Callable[[Connection], None]:
    """What adds the line that somebody did it, for whoever writes; without an actor it adds none."""

    def adding(connection: Connection) -> None:
        if actor is not None:
            add_entry(connection, actor, action, subject, moment=moment)

    return adding


def recent_entries(
    engine: Engine, *, since: datetime | None = None, before: int | None = None, who: str = "", limit: int = 100
) -> list[AuditEntry]:
    """The last lines, newest first: from a moment on, before the line of a number, of somebody."""
    query = select(_AUDIT).order_by(_AUDIT.c.id.desc()).limit(limit)
    if since is not None:
        query = query.where(_AUDIT.c.at >= since)
    if before is not None:
        query = query.where(_AUDIT.c.id < before)
    if who:
        query = query.where(_AUDIT.c.who == who)
    with read_transaction(engine) as connection:
        return [
            AuditEntry(**{name: row[name] for name in AuditEntry.__slots__})
            for row in connection.execute(query).mappings()
        ]


def entry_as_dict(each: AuditEntry) -> dict[str, Any]:
    """A line as plain values; the moment as ISO 8601 in UTC."""
    names = ("id", "who", "role", "place", "action", "subject", "outcome", "request")
    return {"at": each.at.isoformat().replace("+00:00", "Z"), **{name: getattr(each, name) for name in names}}


def _line(text: str) -> str:
    """One line that a database takes and a terminal shows as it is."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)[:MAX_FIELD_LENGTH]
