"""Who has signed and who has consented to be bound, and how many on each date.

Treaty actions are read as spells of consent: from a ratification, acceptance, approval, accession or succession to a
withdrawal. When a consent takes effect is asked in `status`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from tracker.law import clause_parser
from tracker.law.dates import AnyDelay, in_words
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind


@dataclass(frozen=True, slots=True)
class Consent:
    """One spell of consent to be bound.

    `ended_by` is the withdrawal or revocation notified against it, `ends_on` the first day it no
    longer holds; a withdrawal whose day of effect the record cannot tell has `ends_on` None.
    """

    action: Action
    ended_by: Action | None = None
    ends_on: date | None = None

    @property
    def participant(self) -> str:
        """Whose consent it is."""
        return self.action.participant

    def holds_on(self, day: date) -> bool:
        """Had it certainly been given by that day, and not ended?"""
        given = self.action.known_by
        return given is not None and given <= day and (self.ends_on is None or day < self.ends_on)


@memoized
def consents(ledger: Ledger, instrument: str) -> Mapping[str, tuple[Consent, ...]]:
    """Each participant's spells of consent to an instrument, oldest first, from its dated acts."""
    delay = clause_parser.clause_of(ledger.instrument(instrument)).withdrawal_delay
    return {code: _spells(acts, delay) for code, acts in _from_first_consents(ledger, instrument).items()}


def consents_by_date(ledger: Ledger, instrument: str) -> Mapping[str, list[tuple[date, bool]]]:
    """For each that ever consented: the days on which that may have changed, in order, and whether it then held.

    Each day is judged by the acts up to it alone, as the ledger of that day would.
    """
    delay = clause_parser.clause_of(ledger.instrument(instrument)).withdrawal_delay
    return {code: _held_by_day(acts, delay) for code, acts in _from_first_consents(ledger, instrument).items()}


def _from_first_consents(ledger: Ledger, instrument: str) -> Mapping[str, list[Action]]:
    """Each participant's dated acts from its first consent on: what comes before that ends none."""
    found: dict[str, list[Action]] = {}
    for act in ledger.acts(instrument):
        if act.participant in found or act.kind.consents:
            found.setdefault(act.participant, []).append(act)
    return found


def _held_by_day(acts: Sequence[Action], delay: AnyDelay | None) -> list[tuple[date, bool]]:
    known = [_spells(acts[:number], delay) for number in range(1, len(acts) + 1)]
    ends = {spell.ends_on for spells in known for spell in spells}
    days = sorted(day for day in {act.known_by for act in acts} | ends if day)
    upto = [sum(1 for act in acts if act.known_by and act.known_by <= day) for day in days]
    return [
        (day, consent_in_effect(known[number - 1], day) is not None)
        for day, number in zip(days, upto, strict=True)
        if number
    ]


def consent_of(ledger: Ledger, instrument: str, participant: str) -> Consent | None:
    """The participant's latest consent, whether it still holds or not."""
    found = consents(ledger, instrument).get(participant, ())
    return found[-1] if found else None


def parties_on(ledger: Ledger, instrument: str, day: date) -> frozenset[str]:
    """All whose consent holds on a day and that still exist: what the UN prints as parties."""
    return frozenset(
        code
        for code, spells in consents(ledger, instrument).items()
        if consent_in_effect(spells, day) and not has_ceased_to_exist(ledger, code, day)
    )


def consent_in_effect(spells: Sequence[Consent], day: date) -> Consent | None:
    """The spell that holds on a day, if one does: the latest that can."""
    for spell in reversed(spells):
        if spell.holds_on(day):
            return spell
    return None


def parties(ledger: Ledger, instrument: str) -> frozenset[str]:
    """All that have consented and not withdrawn on the ledger's day, organizations included."""
    return parties_on(ledger, instrument, ledger.horizon)


@memoized
def signatures(ledger: Ledger, instrument: str) -> Mapping[str, Action]:
    """Each signatory's first signature (or succession to one), from the dated acts."""
    found: dict[str, Action] = {}
    for act in ledger.acts(instrument):
        if act.kind.signs:
            found.setdefault(act.participant, act)
    return found


def signatories(ledger: Ledger, instrument: str, day: date | None = None) -> frozenset[str]:
    """All that have signed by a day (the ledger's by default) and still exist, consented since or not."""
    on = day or ledger.horizon
    return frozenset(
        code
        for code, act in signatures(ledger, instrument).items()
        if act.known_by is not None and act.known_by <= on and not has_ceased_to_exist(ledger, code, on)
    )


def has_ceased_to_exist(ledger: Ledger, code: str, day: date) -> bool:
    """Had the participant ceased to exist before that day? One that the record does not describe has not."""
    ending = ledger.endings.get(code)
    return ending is not None and ending <= day


def takes_effect(withdrawal: Action, delay: AnyDelay | None) -> date | None:
    """The day an act takes effect against a consent: as its source states, else as the clause's delay gives.

    A revocation takes effect on its own day, as do acts that are no withdrawal; None where the
    record cannot tell.
    """
    if withdrawal.effective_on:
        return withdrawal.effective_on.exact
    if withdrawal.kind is not ActionKind.WITHDRAWAL:
        return withdrawal.day
    return delay.after(withdrawal.day) if delay and withdrawal.day else None


def _spells(acts: Sequence[Action], delay: AnyDelay | None) -> tuple[Consent, ...]:
    """The acts of one participant from its first consent on, as spells. A consent while one holds starts none."""
    first, *later = acts
    if not later:
        return (Consent(first),)
    spells = [Consent(first)]
    for act in later:
        open_spell = spells[-1] if not _over(spells[-1], act) else None
        if act.kind.consents and open_spell is None:
            spells.append(Consent(act))
        elif act.kind in (ActionKind.WITHDRAWAL, ActionKind.REVOCATION) and open_spell and not open_spell.ended_by:
            spells[-1] = replace(open_spell, ended_by=act, ends_on=takes_effect(act, delay))
        elif act.kind is ActionKind.WITHDRAWAL_CANCELLED and open_spell:
            spells[-1] = replace(open_spell, ended_by=None, ends_on=None)
    return tuple(spells)


def _over(spell: Consent, act: Action) -> bool:
    return spell.ends_on is not None and act.known_by is not None and spell.ends_on <= act.known_by


@dataclass(frozen=True, slots=True)
class CountSpan:
    """Days from `first` to `last`, both included; `last` None for as long as the record goes."""

    first: date
    last: date | None

    @property
    def words(self) -> str:
        """The span as people say it."""
        if self.last is None:
            return f"since {in_words(self.first)}"
        if self.first == self.last:
            return f"on {in_words(self.first)}"
        return f"from {in_words(self.first)} to {in_words(self.last)}"


@dataclass(frozen=True, slots=True)
class ConsentsOnDate:
    """What the record holds over a span of days."""

    span: CountSpan
    signatories: int
    parties: int


@memoized
def counts_over_time(ledger: Ledger, instrument: str) -> tuple[ConsentsOnDate, ...]:
    """The counts of an instrument over time, as spans between the days on which they may have changed.

    Empty where nothing has been done yet and it is not open; NotFound for an unknown instrument.
    """
    signing, consenting = _signing(ledger, instrument), _consenting(ledger, instrument)
    days = sorted(day for day in _turns(ledger, instrument) | {*signing, *consenting} if day <= ledger.horizon)
    ends: list[date | None] = [*(day - timedelta(days=1) for day in days[1:]), None]
    return tuple(
        ConsentsOnDate(CountSpan(day, end), signatories, parties)
        for day, end, signatories, parties in zip(
            days, ends, _totals(days, signing), _totals(days, consenting), strict=False
        )
    )


def _turns(ledger: Ledger, instrument: str) -> set[date]:
    """The days of the first signatures and the consents, of their ends, of States' ends, and of the opening."""
    days: set[date | None] = {act.known_by for act in signatures(ledger, instrument).values()}
    codes = set(signatures(ledger, instrument))
    for code, spells in consents(ledger, instrument).items():
        codes.add(code)
        days |= {spell.action.known_by for spell in spells} | {spell.ends_on for spell in spells}
    days |= {ledger.endings.get(code) for code in codes}
    terms = ledger.instrument(instrument)
    opened = terms.opened_on or terms.adopted_on
    return {day for day in (*days, opened.first if opened else None) if day}


def _signing(ledger: Ledger, instrument: str) -> Counter[date]:
    """By how many the signatories became more or fewer on each day: by first signatures and the ends of States."""
    steps: Counter[date] = Counter()
    for code, act in signatures(ledger, instrument).items():
        if act.known_by:
            _add(steps, [(act.known_by, True)], ledger.endings.get(code))
    return steps


def _consenting(ledger: Ledger, instrument: str) -> Counter[date]:
    """By how many the parties became more or fewer on each day."""
    steps: Counter[date] = Counter()
    for code, turns in consents_by_date(ledger, instrument).items():
        _add(steps, turns, ledger.endings.get(code))
    return steps


def _add(steps: Counter[date], turns: Iterable[tuple[date, bool]], ending: date | None) -> None:
    """Count in what begins and ends by turns, and ends for good where the State itself does."""
    holds = False
    for day, holds_now in turns:
        if ending and day >= ending:
            break
        if holds_now != holds:
            steps[day] += holds_now - holds
            holds = holds_now
    if holds and ending:
        steps[ending] -= 1


def _totals(days: Sequence[date], steps: Counter[date]) -> Iterator[int]:
    """What the steps add up to by the end of each day; the days are in order, and no step lies between two of them."""
    return accumulate(steps[day] for day in days)
