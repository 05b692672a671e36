"""The outlooks of pending treaties: worked out anew when data or date have changed, and told to who asked for that.

This is the worker's business. A page shows what is kept, and never waits for a simulation that it was not asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine

from tracker.alerts import deliveries, subscribers
from tracker.alerts.deliveries import MessageType
from tracker.alerts.matching import AlertCondition
from tracker.alerts.subscribers import OutlookMark, Subscription, Transaction
from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate, add_months
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, title_of
from tracker.law.threshold import ForceStatus
from tracker.law.wording import paragraph
from tracker.messages import message
from tracker.outlook.forecast import YEARS, outlook
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.kept_outlooks import (
    KeptOutlook,
    forget_outlooks,
    keep_outlook,
    kept_outlooks_in,
)
from tracker.storage.ledger_source import LedgerAt

CONDITIONS = (AlertCondition.OUTLOOK_MOVES, AlertCondition.OUTLOOK_CHANCE)
MOST_SECONDS = 20.0  # of working out in one run; what is left is done in the next
FALLEN = 0.05  # a chance has passed a number again only after it was so much below


# -- working out -----------------------------------------------------------------------------------


def renew_outlooks(
    engine: Engine, current: LedgerAt, moment: datetime, between: Callable[[], None],
    clock: Callable[[], float] = time.monotonic,
) -> bool:  # fmt: skip
    """Work out what is not of this revision and day, the oldest first; is all of it done now?

    What is pending no more, or has no outlook, is kept no more. `between` is called between two treaties.
    """
    begun, view = clock(), current.ledger.as_of(moment.date())
    with read_transaction(engine) as connection:
        kept = kept_outlooks_in(connection)
    pending = [each for each in view.instruments if entry_into_force(view, each).status is ForceStatus.PENDING]
    with write_transaction(engine) as connection:
        forget_outlooks(connection, sorted(kept.keys() - set(pending)))
    for name in sorted(pending, key=lambda each: kept[each].made_at.timestamp() if each in kept else 0.0):
        if name in kept and (kept[name].revision, kept[name].as_of) == (current.revision, view.horizon):
            continue
        between()
        if clock() - begun > MOST_SECONDS:
            return False
        found = _work_out(view, name, current.revision, moment)
        with write_transaction(engine) as connection:
            keep_outlook(connection, found) if found else forget_outlooks(connection, [name])
    return True


def _work_out(view: Ledger, name: str, revision: int, moment: datetime) -> KeptOutlook | None:
    try:
        threshold = outlook(view, name).threshold
    except BadQuestion:  # opened lately, or not at all
        return None
    if threshold is None:  # a clause that weighs or chooses
        return None
    return KeptOutlook(
        instrument=name,
        revision=revision,
        as_of=view.horizon,
        made_at=moment,
        required=threshold.required,
        median=threshold.p50,
        chance_within_1_year=threshold.chance_within_1_year,
        chance_within_5_years=threshold.chance_within_5_years,
        chance_within_10_years=threshold.chance_within_10_years,
    )


# -- telling ---------------------------------------------------------------------------------------


def enqueue_outlook_alerts(engine: Engine, ledger: Ledger, moment: datetime) -> int:
    """Decide whom to tell what has become of the kept outlooks; how many are told.

    A subscription is told once for each crossing. What it saw first is told to nobody: later outlooks are compared with
    it.
    """
    with write_transaction(engine) as connection:
        listeners = subscribers.subscriptions_with_condition(connection, CONDITIONS, moment)
        if not listeners:
            return 0
        kept, marks = kept_outlooks_in(connection), subscribers.outlook_marks(connection)
        told = [
            _tell(connection, each, kept[each.instrument], marks.get(each.id), ledger, moment)
            for each in listeners
            if each.instrument in kept and each.instrument in ledger.instruments
        ]
        return sum(told)


def _tell(
    connection: Transaction, listener: Subscription, now: KeptOutlook, last: OutlookMark | None, ledger: Ledger,
    moment: datetime,
) -> bool:  # fmt: skip
    mark, news = _compare(listener, now, last)
    if mark != last:
        subscribers.set_outlook_mark(connection, listener.id, mark)
    if not news:
        return False
    words = list(_in_words(listener, now, last, title_of(ledger, now.instrument)))
    key = f"outlook:{now.instrument}:{now.revision}:{now.as_of}"
    due = {"moment": moment, "due_at": moment}
    note = paragraph(words)
    return deliveries.enqueue(connection, listener.id, key=key, sort=MessageType.OUTLOOK, note=note, **due) is not None


def _compare(listener: Subscription, now: KeptOutlook, last: OutlookMark | None) -> tuple[OutlookMark, bool]:
    """What later outlooks are to be compared with, and whether this one is to be told."""
    chance, level = now.chance_within_1_year, listener.number / 100
    mark = OutlookMark(listener.condition, listener.number, now.median, now.as_of, chance >= level)
    if last is None or (last.condition, last.number) != (listener.condition, listener.number):
        return mark, False
    if listener.condition == AlertCondition.OUTLOOK_MOVES:
        news = has_moved(last, now, listener.number)
        return (mark if news else last), news
    if last.above:
        return replace(last, above=chance >= level - FALLEN), False
    return replace(last, above=mark.above), mark.above


def has_moved(last: OutlookMark, now: KeptOutlook, months: int) -> bool:
    """Has the median moved by more than so many months?

    One that is not within ten years is at least as late as the end of these, seen from the day of its outlook.
    """
    before = last.median or add_months(last.as_of, 12 * YEARS)
    after = now.median or add_months(now.as_of, 12 * YEARS)
    if last.median is None and now.median is None:
        return False
    earlier, later = sorted((before, after))
    return later > add_months(earlier, months)


def _in_words(listener: Subscription, now: KeptOutlook, last: OutlookMark | None, title: str) -> Iterator[str]:
    values = {"treaty": title, "n": now.required}
    if listener.condition == AlertCondition.OUTLOOK_CHANCE:
        yield message(
            "{treaty}: the chance of {n} deposits within a year is now {chance} %.",
            chance=round(100 * now.chance_within_1_year), **values,
        )  # fmt: skip
    elif now.median:
        yield message(
            "{treaty}: {n} deposits are now as likely before as after {date}.", date=_month(now.median), **values
        )
    else:
        yield message("{treaty}: {n} deposits are now less likely than not within ten years.", **values)
    if last and listener.condition == AlertCondition.OUTLOOK_MOVES:
        if last.median:
            yield message("On {day} the date was {date}.", day=last.as_of, date=_month(last.median))
        else:
            yield message("On {day} that was less likely than not within ten years.", day=last.as_of)
    yield message("A model of past deposits, not a statement of any State.")


def _month(day: date) -> PartialDate:
    """The month of a forecast, which knows no days."""
    return PartialDate.parse(f"{day:%Y-%m}")
