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
    acts: dict[str, list[Action]] = {}
    for act in ledger.acts(instrument):
        if act.participant in acts or act.kind.consents:  # what comes before the first consent ends none
            acts.setdefault(act.participant, []).append(act)
    return {code: _spells(theirs, delay) for code, theirs in acts.items()}


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
