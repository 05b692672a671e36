"""The last day to deposit so as to be bound by a day, and when a denunciation notified now would take effect.

Both turn the arithmetic of the final clauses round: the day is asked of the same rules that give the dates of parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import BadQuestion
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause, WithdrawalWindow
from tracker.law.consents import EndRule, takes_effect
from tracker.law.dates import PartialDate, add_months, after_in_words, in_words
from tracker.law.effects import EffectDate, effect_of_deposit
from tracker.law.entry_into_force import entry_into_force
from tracker.law.explanation import EntryIntoForce, ForceStatus
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.status import LEAST_NOTICE

LATEST = date(2999, 12, 31)  # no later day is asked about: what follows from it must still lie in the calendar
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
    (None where nobody knows), and `obligations_until` the day until which what arose before still binds.
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
        why = f"{terms.name} has no day of entry into force yet, so no deposit binds anybody by then. {entry.why}"
        return DepositDeadline(terms.id, bound_by, None, None, passed=False, why=why)
    if entry.date > bound_by:
        why = f"{terms.name} enters into force only on {in_words(entry.date)}."
        return DepositDeadline(terms.id, bound_by, None, None, passed=False, why=why)
    found = _last_deposit(ledger, terms, clause, entry, bound_by, kind)
    if found is None:
        why = f"No deposit of the last {FARTHEST} years before {in_words(bound_by)} would bind by then."
        return DepositDeadline(terms.id, bound_by, None, None, passed=False, why=why)
    day, effect = found
    words = (
        f"A deposit on {in_words(day)} binds from {in_words(effect.day)}; a later one, only after {in_words(bound_by)}."
    )
    rule = _rule_in_words(effect)
    return DepositDeadline(terms.id, bound_by, day, effect.day, passed=day < ledger.horizon, why=words + rule)


def _refuse_beyond(day: date) -> None:
    if day > LATEST:
        raise BadQuestion(f"{day} is too far away to count from: the latest day is {LATEST}.")


def _rule_in_words(effect: EffectDate) -> str:
    after = after_in_words(effect.delay) if effect.delay else ""
    return f" The rule: {after} the deposit." if after else f" The rule: {effect.rule}."


def _last_deposit(
    ledger: Ledger, terms: Instrument, clause: Clause, entry: EntryIntoForce, bound_by: date, kind: ActionKind
) -> tuple[date, EffectDate] | None:
    """The last day by bisection, since a later deposit never binds earlier."""
    try:
        low, high = bound_by.replace(year=bound_by.year - FARTHEST, day=1), bound_by
    except ValueError:
        raise BadQuestion(f"{bound_by} is too early to count back from.") from None

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
    waits = f"It may be notified from {in_words(opens)} on only. " if opens and opens > notified else ""
    if rule is EndRule.NOT_KNOWN and day:
        least = in_words(add_months(day, LEAST_NOTICE))
        return (
            f"{waits}The record has no notice period. By default a notice runs for at least twelve months, to {least} "
            "(Vienna Convention on the Law of Treaties, art. 56(2))."
        )
    after = f" What arose before still binds until {in_words(lasting)}." if lasting else ""
    if rule is EndRule.BEFORE_ENTRY:
        return f"{waits}The instrument is not in force, so a consent can be taken back at once."
    return f"{waits}Notified on {in_words(day)}, it takes effect on {in_words(effect)}.{after}"
