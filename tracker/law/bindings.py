"""From when, until when and why an instrument is in force for each participant.

Each party has its own date (see `effects`), or the one that the depositary states for it; an amendment may bind
participants that have not consented to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.law import explanation
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause
from tracker.law.consents import Consent, has_ceased_to_exist
from tracker.law.dates import in_words
from tracker.law.effects import EffectDate, EffectRule, effect_of_deposit
from tracker.law.entry_into_force import consents, entry_into_force
from tracker.law.explanation import EntryIntoForce, ForceStatus
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind, Instrument

BindingBasis = Literal["stated", "clause", "default"]


@dataclass(frozen=True, slots=True)
class Binding:
    """From when, until when and why an instrument is in force for one participant, by one of its consents.

    `since` is None while no exact day follows from the record; `by` is the day by which it certainly
    binds (`since` itself, or later where the deposit is known only to the month). `until` is the first
    day it no longer binds, or is no longer known to. `own` is what the clause gives, `computed` its day where that is
    exact, `stated` the depositary's own date for this participant, `in_force` that of the instrument.
    """

    consent: Consent
    own: EffectDate
    since: date | None
    until: date | None
    stated: date | None
    in_force: date | None

    @property
    def by(self) -> date | None:
        """The day by which it certainly binds."""
        return self.since or self.own.day

    @property
    def computed(self) -> date | None:
        """The exact day that the clause gives."""
        return self.own.day if self.own.exact else None

    @property
    def basis(self) -> BindingBasis:
        """Where its day comes from: the depositary's statement, the clause, or the default of treaty law."""
        if self.stated:
            return "stated"
        return "default" if self.own.rule is EffectRule.BY_DEFAULT else "clause"

    def holds_on(self, day: date) -> bool:
        """Does the instrument certainly bind the participant on that day?"""
        return self.by is not None and self.by <= day and (self.until is None or day < self.until)

    @property
    def why(self) -> str:
        """The reason in words."""
        if self.consent.follows and self.since == self.consent.follows:
            return f"It returned before its withdrawal took effect, so its consent goes on from {in_words(self.since)}."
        if self.stated and self.in_force and self.stated < self.in_force:
            late = in_words(self.in_force)
            return (
                f"The depositary states {in_words(self.stated)} for it; the instrument itself is in force from {late}."
            )
        if self.stated:
            more = "" if self.since == self.computed else f" {self._rule_in_words}"
            return f"The depositary states {in_words(self.since)} for it.{more}"
        if self.own.day and not self.computed and self.own.rule is not EffectRule.SUCCESSION_UNDATED:
            latest = in_words(self.own.day)
            return f"The record does not have the exact day of its deposit; it was bound by {latest} at the latest."
        return self._rule_in_words

    @property
    def _rule_in_words(self) -> str:
        own, deposit = self.own, self.consent.action.date
        if own.rule is EffectRule.OWN_PERIOD and own.delay and own.day and deposit:
            return explanation.delay_step(own.delay, deposit.last, own.day).text
        dated = (EffectRule.SUCCESSION, EffectRule.BOUND_ABOVE_LATER, EffectRule.BINDS_ALL)
        day = f": {in_words(own.day)}" if own.rule in dated else ""
        return f"{own.rule[0].upper()}{own.rule[1:]}{day}."


@memoized
def bindings(ledger: Ledger, instrument: str) -> Mapping[str, tuple[Binding, ...]]:
    """For each that has consented, or that an amendment binds without its consent: when each of its consents binds."""
    terms = ledger.instrument(instrument)
    entry, clause = entry_into_force(ledger, instrument), clause_of(terms)
    found = {
        code: tuple(_binding(ledger, clause, entry, spell) for spell in spells)
        for code, spells in consents(ledger, instrument).items()
    }
    return found | _bound_without_consent(ledger, terms, clause, entry, found) if _binds_others(clause) else found


def _binds_others(clause: Clause) -> bool:
    return clause.binds_all or clause.tacit is not None


def _bound_without_consent(
    ledger: Ledger, terms: Instrument, clause: Clause, entry: EntryIntoForce, found: Mapping[str, tuple[Binding, ...]]
) -> dict[str, tuple[Binding, ...]]:
    """The parties to the amended treaty that an amendment in force binds too: all, or those that did not object."""
    if entry.date is None or terms.parent not in ledger.instruments:
        return {}
    acts = ledger.acts(terms.id) if not clause.binds_all else ()
    objected = {act.participant for act in acts if act.kind is ActionKind.OBJECTION}
    return {
        code: tuple(_along(each, entry.date) for each in theirs if each.by is not None)
        for code, theirs in bindings(ledger, terms.parent).items()
        if code not in found and code not in objected and any(each.by is not None for each in theirs)
    }


def _along(binding: Binding, in_force: date) -> Binding:
    day = max(in_force, binding.by or in_force)
    return Binding(binding.consent, EffectDate(EffectRule.BINDS_ALL, day), day, binding.until, None, in_force)


def current_binding(ledger: Ledger, instrument: str, participant: str) -> Binding | None:
    """The binding that decides on the ledger's day: the latest in force, else whose consent holds, else the last."""
    theirs = bindings(ledger, instrument).get(participant, ())
    if len(theirs) < 2:
        return theirs[0] if theirs else None
    day = ledger.horizon
    in_force = [each for each in theirs if each.holds_on(day)]
    held = [each for each in theirs if each.consent.holds_on(day)]
    return (in_force or held or theirs)[-1]


def bound_participants(ledger: Ledger, instrument: str, day: date | None = None) -> frozenset[str]:
    """All for which the instrument is in force on a day (the ledger's by default) and that still exist."""
    on = day or ledger.horizon
    return frozenset(
        code
        for code, theirs in bindings(ledger, instrument).items()
        if not has_ceased_to_exist(ledger, code, on) and any(each.holds_on(on) for each in theirs)
    )


def _binding(ledger: Ledger, clause: Clause, entry: EntryIntoForce, consent: Consent) -> Binding:
    own, stated = _own(ledger, clause, entry, consent), _stated(entry, consent.action)
    since = stated or (own.day if own.exact else None)
    if since and entry.date:
        since = max(since, entry.date)
    if since and consent.follows:
        since = max(since, consent.follows)
    ends = [day for day in (consent.ends_on, ledger.endings.get(consent.participant), entry.ended_on) if day]
    return Binding(consent, own, since, min(ends, default=None), stated, entry.date)


def _stated(entry: EntryIntoForce, act: Action) -> date | None:
    """The day that the depositary states for one party; nobody could state one while the instrument has none."""
    if act.effective_on is None or entry.status is ForceStatus.PENDING:
        return None
    return act.effective_on.exact


def _own(ledger: Ledger, clause: Clause, entry: EntryIntoForce, consent: Consent) -> EffectDate:
    own = effect_of_deposit(ledger, clause, entry, consent.action)
    if not clause.party_requires or own.day is None:
        return own
    above = _above(ledger, clause.party_requires, consent)
    if above is None or above.by is None:
        return EffectDate(EffectRule.NOT_BOUND_ABOVE)
    return EffectDate(EffectRule.BOUND_ABOVE_LATER, above.by, exact=own.exact) if above.by > own.day else own


def _above(ledger: Ledger, instrument: str, consent: Consent) -> Binding | None:
    """The binding by the instrument that must bind the same participant first; None where there is none."""
    chain = [consent.action.instrument]
    while (name := instrument if len(chain) == 1 else _requires(ledger, chain[-1])) in ledger.instruments:
        if name in chain:
            return None  # they wait for each other, so neither ever binds
        chain.append(name)
    theirs = bindings(ledger, instrument).get(consent.participant, ()) if instrument in ledger.instruments else ()
    return theirs[-1] if theirs else None


def _requires(ledger: Ledger, instrument: str) -> str:
    return clause_of(ledger.instrument(instrument)).party_requires
