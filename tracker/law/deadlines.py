"""The latest date to deposit so as to be bound by a date, and when a denunciation notified now would take effect.

Both turn the arithmetic of the final clauses round: the day is asked of the same rules that give the dates of parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import BadQuestion
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause, WithdrawalWindow
from tracker.law.consents import EndRule, takes_effect
from tracker.law.dates import PartialDate, add_months
from tracker.law.effects import EffectDate, effect_of_deposit
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.status_reasons import LEAST_NOTICE
from tracker.law.threshold import EntryIntoForce, ForceStatus
from tracker.law.wording import SentenceStart, paragraph
from tracker.messages import TranslatableText, message

LATEST = date(2999, 12, 31)  # no later date is accepted: what follows from it must still lie in the calendar
FARTHEST = 20  # years back within which the last day to deposit is looked for


@dataclass(frozen=True, slots=True)
class DepositDeadline:
    """The last day on which a deposit binds its author by `bound_by`, and the day on which one of that day would bind.

    `last_day` is None where no deposit can: the instrument has no day of entry into force, or enters only later.
    """

    instrument: str
    bound_by: date
    last_day: date | None
    binds_on: date | None
    passed: bool
    why: str


@dataclass(frozen=True, slots=True)
class WithdrawalOutlook:
    """When a denunciation notified on `notified` would take effect.

    `earliest_notice` is the first day on which one may be notified (the day itself where the clause allows it then),
    `window_closes` the last day of the window in which that lies, `effect` the day on which that notice takes effect
    (None where it is not known), and `obligations_until` the day until which what arose before still binds.
    """

    instrument: str
    notified: date
    earliest_notice: date | None
    window_closes: date | None
    effect: date | None
    obligations_until: date | None
    why: str


def deposit_deadline(
    ledger: Ledger, instrument: str, bound_by: date, kind: ActionKind = ActionKind.ACCESSION
) -> DepositDeadline:
    """The last day to deposit an instrument of that kind so as to be bound by a day.

    Works with the entry into force as it stands on the ledger's day: a deposit is never taken to complete the
    threshold. NotFound for an unknown instrument; BadQuestion for a day beyond the calendar.
    """
    _refuse_beyond(bound_by)
    terms = ledger.instrument(instrument)
    clause, entry = clause_of(terms), entry_into_force(ledger, terms.id)
    if entry.date is None:
        why = paragraph([message("{instrument}: no date of entry into force yet.", instrument=terms.name), entry.why])
        return DepositDeadline(terms.id, bound_by, None, None, passed=False, why=why)
    if entry.date > bound_by:
        why = message("{instrument}: entry into force only on {date}.", instrument=terms.name, date=entry.date)
        return DepositDeadline(terms.id, bound_by, None, None, passed=False, why=why)
    found = _last_deposit(ledger, terms, clause, entry, bound_by, kind)
    if found is None:
        why = message(
            "No deposit in the {years} years before {date} would take effect by then.", years=FARTHEST, date=bound_by
        )
        return DepositDeadline(terms.id, bound_by, None, None, passed=False, why=why)
    day, effect = found
    latest = message(
        "A deposit on {date} takes effect on {effect}; a later one, only after {bound_by}.",
        date=day, effect=effect.day, bound_by=bound_by,
    )  # fmt: skip
    why = paragraph([latest, _rule_in_words(effect)])
    return DepositDeadline(terms.id, bound_by, day, effect.day, passed=day < ledger.horizon, why=why)


def _refuse_beyond(day: date) -> None:
    if day > LATEST:
        raise BadQuestion(
            message("{day} is too far in the future. Choose a date up to {latest}.", day=day, latest=LATEST)
        )


def _rule_in_words(effect: EffectDate) -> TranslatableText:
    if effect.delay is None:
        return effect.words
    event = message("the date of deposit of its own instrument")
    return message("{delay} {event}.", delay=SentenceStart(effect.delay.after_event()), event=event)


def _last_deposit(
    ledger: Ledger, terms: Instrument, clause: Clause, entry: EntryIntoForce, bound_by: date, kind: ActionKind
) -> tuple[date, EffectDate] | None:
    """The last day by bisection, since a later deposit never binds earlier."""
    try:
        low, high = bound_by.replace(year=bound_by.year - FARTHEST, day=1), bound_by
    except ValueError:
        raise BadQuestion(
            message(
                "{bound_by} is too early. Choose a date after the year {farthest}.",
                bound_by=bound_by,
                farthest=str(FARTHEST),
            )
        ) from None

    def effect_on(day: date) -> EffectDate:
        act = Action(instrument=terms.id, participant="", kind=kind, date=PartialDate.of(day))
        return effect_of_deposit(ledger, clause, entry, act)

    def in_time(day: date) -> bool:
        effect = effect_on(day).day
        return effect is not None and effect <= bound_by

    if not in_time(low):
        return None
    while low < high:
        middle = low + timedelta(days=((high - low).days + 1) // 2)
        low, high = (middle, high) if in_time(middle) else (low, middle - timedelta(days=1))
    return low, effect_on(low)


def withdrawal_outlook(ledger: Ledger, instrument: str, notified: date) -> WithdrawalOutlook:
    """When a denunciation notified on a day would take effect, when one may be notified at all, and what outlasts it.

    NotFound for an unknown instrument; BadQuestion for a day too far away.
    """
    _refuse_beyond(notified)
    terms = ledger.instrument(instrument)
    clause, entry = clause_of(terms), entry_into_force(ledger, terms.id)
    in_force = entry.date if entry.status is not ForceStatus.PENDING else None
    opens, closes = _when_allowed(clause, in_force, notified)
    act = Action(
        instrument=terms.id, participant="", kind=ActionKind.WITHDRAWAL, date=PartialDate.of(opens or notified)
    )
    ends_on, rule = takes_effect(act, clause.withdrawal_delay, in_force)
    effect = None if rule is EndRule.NOT_KNOWN else ends_on
    lasting = clause.obligations_last.after(effect) if clause.obligations_last and effect else None
    why = _why(act, rule, effect, lasting, opens, notified)
    return WithdrawalOutlook(terms.id, notified, opens, closes, effect, lasting, why)


def _when_allowed(clause: Clause, in_force: date | None, day: date) -> tuple[date | None, date | None]:
    """The first day, from `day` on, on which a withdrawal may be notified; the last day of its window, if it is one."""
    if in_force is None:
        return day, None
    first = max(day, clause.no_withdrawal_before.after(in_force)) if clause.no_withdrawal_before else day
    if clause.withdrawal_window is None:
        return first, None
    return _next_window(clause.withdrawal_window, in_force, first)


def _next_window(window: WithdrawalWindow, in_force: date, day: date) -> tuple[date, date]:
    opens = window.every.after(in_force)
    while (closes := window.lasting.after(opens)) <= day:
        opens = window.every.after(opens)
    return max(opens, day), closes - timedelta(days=1)


def _why(
    act: Action, rule: EndRule, effect: date | None, lasting: date | None, opens: date | None, notified: date
) -> str:
    day = act.counts_from
    first = message("Notification possible only from {date}.", date=opens) if opens and opens > notified else ""
    if rule is EndRule.NOT_KNOWN and day:
        default = message(
            "No notice period in our data. By default, notice runs for at least twelve months, to {date} (Vienna "
            "Convention on the Law of Treaties, art. 56(2)).",
            date=add_months(day, LEAST_NOTICE),
        )
        return paragraph([first, default])
    if rule is EndRule.BEFORE_ENTRY:
        return paragraph([first, message("The treaty is not in force: withdrawal takes effect on notification.")])
    taken = message("Notified on {notice}, effective {date}.", notice=day, date=effect)
    after = message("Obligations already incurred continue until {date}.", date=lasting) if lasting else ""
    return paragraph([first, taken, after])
