"""The change log: each change once, announced once, in the transaction that caused it; and the daily turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select

from tracker.law.changes import Change, ChangeKind, changes_between
from tracker.law.ledger import Ledger
from tracker.law.model import Fact
from tracker.storage import repository
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.ledger_source import LedgerSource
from tracker.storage.operational_tables import ChangeRow, TurnRow
from tracker.storage.repository import RecordOutcome

Announce = Callable[[Connection, Sequence[Change], datetime], None]

_CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_TURNS: Table = TurnRow.__table__  # type: ignore[attr-defined]
_A_DAY = timedelta(days=1)
_BATCH = 1_000  # keys asked about at once
_WORDS = ("instrument", "participant", "body", "scheme", "words", "before", "after", "source", "about", "article")


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
        return [_logged_change(row) for row in connection.execute(query).mappings()]


def count_by_instrument(engine: Engine, kinds: Sequence[ChangeKind]) -> dict[str, int]:
    """How many changes of these kinds the log holds, by instrument; those without any are left out."""
    query = select(_CHANGES.c.instrument, func.count()).where(_CHANGES.c.kind.in_([kind.value for kind in kinds]))
    with read_transaction(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query.group_by(_CHANGES.c.instrument))}


def _row(change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(change, name) for name in _WORDS}
    return row | {"key": change.key, "kind": change.kind.value, "day": change.day.isoformat() if change.day else ""}


def _logged_change(row: Any) -> LoggedChange:
    day = date.fromisoformat(row["day"]) if row["day"] else None
    change = Change(kind=ChangeKind(row["kind"]), day=day, **{name: row[name] for name in _WORDS})
    return LoggedChange(row["id"], row["revision"], row["recorded_at"], change)


# -- facts that change -----------------------------------------------------------------------------


def log_differences(
    connection: Connection, before: Ledger, outcome: RecordOutcome, *, moment: datetime, announce: Announce
) -> tuple[Change, ...]:
    """Note and announce what an alteration of the live facts changes; gives back the changes that are new.

    The transaction is the one that altered the facts; `before` is the whole record as it was. Both records are seen as
    of the day that the record was last turned to, or of the moment if that is later.
    """
    day = day_of_comparison(connection, moment)
    changes = changes_by(before, outcome.retracted, outcome.recorded, day=day, moment=moment)
    return announce_changes(connection, changes, outcome.revision, moment=moment, announce=announce)


def day_of_comparison(connection: Connection, moment: datetime) -> date:
    """The day as of which the record before and after a change at that moment is seen."""
    return max(filter(None, (moment.date(), last_day_turn(connection, moment.date()))))


def changes_by(
    before: Ledger, retracted: Iterable[Fact], recorded: Iterable[Fact], *, day: date, moment: datetime
) -> tuple[Change, ...]:
    """What changes in the record as of a day when these facts are taken out and those put in; nothing is written."""
    gone = [replace(fact, retracted_at=moment) for fact in retracted]
    return changes_between(before.as_of(day), before.renewed(gone, recorded).as_of(day))


def announce_changes(
    connection: Connection, changes: Sequence[Change], revision: int, *, moment: datetime, announce: Announce
) -> tuple[Change, ...]:
    """Note changes of that revision and announce those that were not in the log before, which it gives back."""
    _last_settled_day(connection, moment.date())
    new = log_changes(connection, changes, revision, moment)
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


def run_day_turn(
    engine: Engine, today: date, *, moment: datetime, announce: Announce, ledgers: LedgerSource | None = None
) -> tuple[Change, ...]:
    """Note and announce what fell due since the record was last turned, day by day; the new changes in order.

    Missed days are made up once, in one transaction. A day that is not later than the last one
    does nothing, so a clock that goes back repeats nothing. Days that a clock far ahead has turned to are turned
    to again when they come, for what was recorded since; what was noted of them then is not noted again.
    What falls due is worked out before the transaction, and again in it only if the record or the days moved meanwhile.
    """
    with read_transaction(engine) as connection:
        days = _due(connection, today)
        if not days:
            return ()
        ledgers = ledgers or LedgerSource(engine)
        record = ledgers.current_in(connection)
    due = _falling_due(record.ledger, days)
    with write_transaction(engine) as connection:
        found: list[Change] = []
        if days := _due(connection, today):
            now = ledgers.current_in(connection)
            if now is not record or days != [day for day, _ in due]:
                due = _falling_due(now.ledger, days)
            for _, changes in due:
                found += announce_changes(connection, changes, now.revision, moment=moment, announce=announce)
            connection.execute(insert(_TURNS).values(day=today.isoformat(), made_at=moment))
        return tuple(found)


def _falling_due(ledger: Ledger, days: Sequence[date]) -> list[tuple[date, tuple[Change, ...]]]:
    """Each of the days with what falls due on it; nothing does on the first, which the record was turned to before."""
    each = ((day, changes_between(ledger.as_of(before), ledger.as_of(day))) for before, day in pairwise(days))
    return [(days[0], ()), *each]


def _last_settled_day(connection: Connection, today: date) -> date | None:
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
