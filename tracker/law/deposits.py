"""Who has signed and who has consented: the acts of a record read as spells of consent.

A consent lasts from the act that expressed it to the day a withdrawal takes effect; several
may follow each other (ratification, withdrawal, new accession). Whether the instrument binds is
`force`'s question, the status word `standing`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.law import grammar
from tracker.law.delays import AnyDelay
from tracker.law.ledger import Ledger, remembered
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


@remembered
def consents(ledger: Ledger, instrument: str) -> Mapping[str, tuple[Consent, ...]]:
    """Each participant's spells of consent to an instrument, oldest first, from its dated acts."""
    delay = grammar.clause_of(ledger.instrument(instrument)).withdrawal_delay
    return {code: _spells(acts, delay) for code, acts in _from_first_consents(ledger, instrument).items()}


def held_by_day(ledger: Ledger, instrument: str) -> Mapping[str, list[tuple[date, bool]]]:
    """For each that ever consented: the days on which that may have changed, in order, and whether it then held.

    Each day is judged by the acts up to it alone, as the ledger of that day would.
    """
    delay = grammar.clause_of(ledger.instrument(instrument)).withdrawal_delay
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
        (day, holding(known[number - 1], day) is not None) for day, number in zip(days, upto, strict=True) if number
    ]


def consent_of(ledger: Ledger, instrument: str, participant: str) -> Consent | None:
    """The participant's latest consent, whether it still holds or not."""
    found = consents(ledger, instrument).get(participant, ())
    return found[-1] if found else None


def consenting(ledger: Ledger, instrument: str, day: date) -> frozenset[str]:
    """All whose consent holds on a day and that still exist: what the UN prints as parties."""
    return frozenset(
        code
        for code, spells in consents(ledger, instrument).items()
        if holding(spells, day) and not ceased(ledger, code, day)
    )


def holding(spells: Sequence[Consent], day: date) -> Consent | None:
    """The spell that holds on a day, if one does: the latest that can."""
    for spell in reversed(spells):
        if spell.holds_on(day):
            return spell
    return None


def parties(ledger: Ledger, instrument: str) -> frozenset[str]:
    """All that have consented and not withdrawn on the ledger's day, organizations included."""
    return consenting(ledger, instrument, ledger.horizon)


@remembered
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
        if act.known_by is not None and act.known_by <= on and not ceased(ledger, code, on)
    )


def ceased(ledger: Ledger, code: str, day: date) -> bool:
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
