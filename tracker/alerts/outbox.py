"""From changes to messages: whom to notify, decided in the transaction of the change.

Sending what was decided is `sending`'s business.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Engine

from tracker.alerts import deliveries, subscribers
from tracker.alerts.deliveries import Gathering, MessageType
from tracker.alerts.matching import AlertCondition, is_correction, matches, undoes_announced_change
from tracker.alerts.subscribers import Frequency, Subscription, Transaction
from tracker.law.changes import Change
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, title_of
from tracker.law.wording import paragraph
from tracker.messages import plural
from tracker.storage.change_log import Announce
from tracker.storage.database import write_transaction

HELD_FOR = timedelta(minutes=10)  # a message that a job gathers waits no longer for the job to end

# -- deciding --------------------------------------------------------------------------------------


def enqueue_alerts(
    connection: Transaction,
    changes: Sequence[Change],
    moment: datetime,
    *,
    name: str = "",
    due_at: datetime | None = None,
) -> None:
    """Decide whom to tell of these changes, in the transaction that noted them: each in one message.

    Those that were told of something that these changes take back are told so. What was decided before is not
    decided again, whoever asks. Messages that are to gather more of the same `name` go out at `due_at`; see
    `gathered_alerts`.
    """
    name = name or f"now:{hashlib.sha256(' '.join(change.key for change in changes).encode()).hexdigest()[:32]}"
    wanted = {
        each.id: _gathering(each.pace, sort, keys, name, moment, due_at or moment)
        for each, sort, keys in _listeners(connection, changes, moment)
    }
    deliveries.gather(connection, wanted, moment)


def audience_of(connection: Transaction, changes: Sequence[Change], moment: datetime) -> tuple[Subscription, ...]:
    """The subscriptions that would be told of these changes, were they noted at that moment; nothing is decided."""
    return tuple(each for each, _, _ in _listeners(connection, changes, moment)) if changes else ()


def _listeners(
    connection: Transaction, changes: Sequence[Change], moment: datetime
) -> Iterator[tuple[Subscription, MessageType, list[str]]]:
    """Each subscription that is to be told, with the sort of the message and the keys of its changes."""
    mended = {change.instrument for change in changes if is_correction(change)}
    earlier = deliveries.announced_changes(connection, mended) if mended else {}
    told = deliveries.already_announced(connection, [change.key for change in changes])
    for each in subscribers.matching_candidates(connection, (change.instrument for change in changes), moment):
        heard = [change for change in earlier.get(each.id, ()) if change.instrument in mended]
        sorts = {change.key: _sort(each, change, heard) for change in changes if (each.id, change.key) not in told}
        if keys := [key for key, sort in sorts.items() if sort]:
            corrects = MessageType.CORRECTION in sorts.values()
            yield each, MessageType.CORRECTION if corrects else MessageType.CHANGE, keys


def _sort(listener: Subscription, change: Change, heard: Sequence[Change]) -> MessageType | None:
    if any(undoes_announced_change(listener, change, each) for each in heard):
        return MessageType.CORRECTION
    return MessageType.CHANGE if matches(listener, change) else None


def _gathering(
    pace: Frequency, sort: MessageType, keys: Sequence[str], name: str, moment: datetime, due_at: datetime
) -> Gathering:
    if pace is Frequency.IMMEDIATE:
        return Gathering(name, sort, due_at, keys)
    period, ends = _period(pace, moment)
    return Gathering(period, MessageType.DIGEST, ends, keys)


@contextmanager
def gathered_alerts(engine: Engine, now: Callable[[], datetime]) -> Iterator[Announce]:
    """What announces changes, for a job that notes them in many transactions: each subscription gets one message.

    The messages go out when the job ends, however it ends; if its process is killed, a while after they were begun.
    """
    name, used = f"run:{secrets.token_hex(8)}", []

    def announce(connection: Transaction, changes: Sequence[Change], moment: datetime) -> None:
        used.append(True)
        enqueue_alerts(connection, changes, moment, name=name, due_at=moment + HELD_FOR)

    try:
        yield announce
    finally:
        if used:
            with write_transaction(engine) as connection:
                deliveries.release(connection, name, now())


def _period(pace: Frequency, moment: datetime) -> tuple[str, datetime]:
    """The digest's name and the moment its period ends: the day, or the week from Monday, in UTC."""
    day = moment.astimezone(UTC).date()
    if pace is Frequency.DAILY:
        name, end = f"daily:{day}", day + timedelta(days=1)
    else:
        year, week, weekday = day.isocalendar()
        name, end = f"weekly:{year}-W{week:02}", day + timedelta(days=8 - weekday)
    return name, datetime.combine(end, time(), UTC)


def enqueue_countdowns(engine: Engine, ledger: Ledger, moment: datetime) -> None:
    """Decide whom to tell that an entry into force is near; `ledger` is the record as of the moment's day.

    Asked once a day. Each is told once for each date; after days without a run, with the days that are left.
    """
    with write_transaction(engine) as connection:
        for listener in subscribers.subscriptions_with_condition(connection, [AlertCondition.COUNTDOWN], moment):
            for instrument, days, words in _coming(ledger, listener):
                key = f"countdown:{instrument}:{ledger.horizon + timedelta(days=days)}"
                deliveries.enqueue(
                    connection,
                    listener.id,
                    key=key,
                    sort=MessageType.COUNTDOWN,
                    moment=moment,
                    due_at=moment,
                    note=words,
                )


def _coming(ledger: Ledger, listener: Subscription) -> Iterator[tuple[str, int, str]]:
    for name in [listener.instrument] if listener.instrument else ledger.instruments:
        entry = entry_into_force(ledger, name) if name in ledger.instruments else None
        days = (entry.date - ledger.horizon).days if entry and entry.date else 0
        if entry and 0 < days <= listener.number:
            coming = plural(
                "{instrument}: entry into force in {n} day ({date}).",
                "{instrument}: entry into force in {n} days ({date}).",
                days, instrument=title_of(ledger, name), date=entry.date,
            )  # fmt: skip
            yield name, days, paragraph([coming, entry.why])
