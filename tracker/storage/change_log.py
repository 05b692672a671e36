"""The change log: each change once, announced once, in the transaction that caused it; and the daily turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select

from tracker.law.changes import Change, ChangeKind, changes_between
from tracker.law.ledger import Ledger
from tracker.law.model import Fact
from tracker.storage import repository
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import ChangeRow, TurnRow
from tracker.storage.repository import RecordOutcome

Announce = Callable[[Connection, Sequence[Change], datetime], None]

_CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_TURNS: Table = TurnRow.__table__  # type: ignore[attr-defined]
_A_DAY = timedelta(days=1)
_BATCH = 1_000  # keys asked about at once
_WORDS = ("instrument", "participant", "body", "scheme", "words", "before", "after", "source", "about")


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change in the log: its number there, the record's revision, and the aware UTC moment it was noted."""

    number: int
    revision: int
    recorded_at: datetime
    change: Change


def announce_nothing(connection: Connection, changes: Sequence[Change], moment: datetime) -> None:
    """Announce to nobody: for the loading of history."""


# -- the log ---------------------------------------------------------------------------------------


def log_changes(
    connection: Connection, changes: Sequence[Change], revision: int, moment: datetime
) -> tuple[Change, ...]:
    """Note the changes in this transaction and give back those that were not in the log before."""
    given = {change.key: change for change in changes}
    known: set[str] = set()
    keys = list(given)
    for start in range(0, len(keys), _BATCH):
        known.update(connection.scalars(select(_CHANGES.c.key).where(_CHANGES.c.key.in_(keys[start : start + _BATCH]))))
    new = tuple(change for key, change in given.items() if key not in known)
    if new:
        made = {"revision": revision, "recorded_at": moment}
        connection.execute(insert(_CHANGES), [_row(change) | made for change in new])
    return new


def recent_changes(
    engine: Engine,
    *,
    instrument: str = "",
    participant: str = "",
    body: str = "",
    kinds: Sequence[ChangeKind] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[LoggedChange]:
    """The changes noted last, newest first, that match; `before` is the number of the last one already seen."""
    query = select(_CHANGES).order_by(_CHANGES.c.id.desc()).limit(limit)
    for column, value in (("instrument", instrument), ("participant", participant), ("body", body)):
        if value:
            query = query.where(_CHANGES.c[column] == value)
    if kinds:
        query = query.where(_CHANGES.c.kind.in_([kind.value for kind in kinds]))
    if before is not None:
        query = query.where(_CHANGES.c.id < before)
    with read_transaction(engine) as connection:
        return [_noted(row) for row in connection.execute(query).mappings()]


def _row(change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(change, name) for name in _WORDS}
    return row | {"key": change.key, "kind": change.kind.value, "day": change.day.isoformat() if change.day else ""}


def _noted(row: Any) -> LoggedChange:
    day = date.fromisoformat(row["day"]) if row["day"] else None
    change = Change(kind=ChangeKind(row["kind"]), day=day, **{name: row[name] for name in _WORDS})
    return LoggedChange(row["id"], row["revision"], row["recorded_at"], change)


# -- facts that change -----------------------------------------------------------------------------


def log_differences(
    connection: Connection, before: Sequence[Fact], outcome: RecordOutcome, *, moment: datetime, announce: Announce
) -> tuple[Change, ...]:
    """Note and announce what an alteration of the live facts changes; gives back the changes that are new.

    The transaction is the one that altered the facts. Both records are seen as of the day that the
    record was last turned to, or of the moment if that is later.
    """
    day = max(filter(None, (moment.date(), _settled(connection, moment.date()))))
    gone = set(outcome.retracted)
    after = [*(fact for fact in before if fact not in gone), *outcome.recorded]
    changes = changes_between(Ledger(before).as_of(day), Ledger(after).as_of(day))
    new = log_changes(connection, changes, outcome.revision, moment)
    if new:
        announce(connection, new, moment)
    return new


# -- days that pass --------------------------------------------------------------------------------


def last_day_turn(connection: Connection, today: date) -> date | None:
    """The day that the record was last turned to: by default that of its first revision; None if it is empty.

    Days after tomorrow that were come to day by day are believed: then it is today's clock that has gone back. One
    that was leapt to was turned to by a clock that was wrong, and is passed over.
    """
    days = [date.fromisoformat(day) for day in connection.scalars(select(_TURNS.c.day).order_by(_TURNS.c.day))]
    begun = repository.begun_at(connection)
    last = max((day for day in days if day <= today + _A_DAY), default=begun.date() if begun else None)
    for day in days:
        if last and day == last + _A_DAY:
            last = day
    return last


def run_day_turn(engine: Engine, today: date, *, moment: datetime, announce: Announce) -> tuple[Change, ...]:
    """Note and announce what fell due since the record was last turned, day by day; the new changes in order.

    Missed days are made up once, in one transaction. A day that is not later than the last one
    does nothing, so a clock that goes back repeats nothing. Days that a clock far ahead has turned to are turned
    to again when they come, for what was recorded since; what was noted of them then is not noted again.
    """
    with read_transaction(engine) as connection:
        if not _due(connection, today):
            return ()
    with write_transaction(engine) as connection:
        found: list[Change] = []
        if days := _due(connection, today):
            _settled(connection, today)
            ledger, revision = Ledger(repository.live_facts_in(connection)), repository.revision_number(connection)
            for yesterday, day in pairwise(days):
                new = log_changes(
                    connection, changes_between(ledger.as_of(yesterday), ledger.as_of(day)), revision, moment
                )
                if new:
                    announce(connection, new, moment)
                found += new
            connection.execute(insert(_TURNS).values(day=today.isoformat(), made_at=moment))
        return tuple(found)


def _settled(connection: Connection, today: date) -> date | None:
    """The day last turned to; turns to days that cannot have come anywhere yet are forgotten."""
    last = last_day_turn(connection, today)
    connection.execute(delete(_TURNS).where(_TURNS.c.day > max(last or today, today + _A_DAY).isoformat()))
    return last


def _due(connection: Connection, today: date) -> list[date]:
    """The day last turned to and every day since; nothing if none has passed."""
    last = last_day_turn(connection, today)
    if last is None or last >= today:
        return []
    return [last + number * _A_DAY for number in range((today - last).days + 1)]
