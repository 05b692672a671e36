"""From when, until when and why an instrument is in force for each participant.

Each party has its own date (see `effects`), or the one that the depositary states for it; an amendment may bind
participants that have not consented to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from tracker.law import threshold
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause
from tracker.law.consents import Consent, no_longer_existing, shared_acts
from tracker.law.dates import PartialDate
from tracker.law.effects import EffectDate, EffectRule, effect_of_deposit
from tracker.law.entry_into_force import consents, entry_into_force
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.threshold import EntryIntoForce, ForceStatus
from tracker.law.wording import paragraph
from tracker.messages import message

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
    def reason(self) -> BindingReason:
        """What its dates follow from."""
        deposit, follows = self.consent.action.date, self.consent.follows
        return BindingReason(self.own, deposit, self.since, self.stated, self.in_force, follows)

    @property
    def why(self) -> str:
        """The reason in words."""
        return reason_in_words(self.reason)


class BindingReason(NamedTuple):
    """All that the words on a binding say: values alone, so that the same words are put together once for many days.

    `deposit` is the date of the consent, `follows` the end of an earlier one that it follows on; the others as in
    `Binding`.
    """

    own: EffectDate
    deposit: PartialDate | None
    since: date | None
    stated: date | None
    in_force: date | None
    follows: date | None


@lru_cache(maxsize=8192)
def reason_in_words(reason: BindingReason) -> str:
    """From when a treaty binds a participant, and why, in a sentence or two."""
    own, since, stated = reason.own, reason.since, reason.stated
    computed = own.day if own.exact else None
    if reason.follows and since == reason.follows:
        return message(
            "Consent given again before the withdrawal took effect; in force without interruption from {date}.",
            date=since,
        )
    if stated and reason.in_force and stated < reason.in_force:
        return message(
            "Date given by the depositary: {date}. The treaty itself is in force from {in_force}.",
            date=stated, in_force=reason.in_force,
        )  # fmt: skip
    if stated:
        given = message("Date given by the depositary: {date}.", date=since)
        return given if since == computed else paragraph([given, _rule_in_words(own, reason.deposit)])
    if own.day and not computed and own.rule is not EffectRule.SUCCESSION_UNDATED:
        return message("Date of deposit not known; bound by {date} at the latest.", date=own.day)
    return _rule_in_words(own, reason.deposit)


def _rule_in_words(own: EffectDate, deposit: PartialDate | None) -> str:
    if own.rule is EffectRule.OWN_PERIOD and own.delay and own.day and deposit:
        return threshold.delay_step(own.delay, deposit.last, own.day).text
    return own.words


@memoized
def bindings(ledger: Ledger, instrument: str) -> Mapping[str, tuple[Binding, ...]]:
    """For each that has consented, or that an amendment binds without its consent: when each of its consents binds."""
    terms = ledger.instrument(instrument)
    entry, clause = entry_into_force(ledger, instrument), clause_of(terms)
    found = _by_own_consent(ledger, terms, clause, entry)
    return found | _bound_without_consent(ledger, terms, clause, entry, found) if _binds_others(clause) else found


def _by_own_consent(
    ledger: Ledger, terms: Instrument, clause: Clause, entry: EntryIntoForce
) -> dict[str, tuple[Binding, ...]]:
    """The bindings of each that has consented; from another day's where neither its consents nor the entry differ."""
    shared = None if clause.party_requires else shared_acts(ledger, terms.id)
    pending, reached = entry.status is ForceStatus.PENDING, entry.threshold.reached_on
    known = shared[0].table("bindings", entry.date, reached, entry.ended_on, pending) if shared else {}
    found = {}
    for code, spells in consents(ledger, terms.id).items():
        before, theirs = known.get(code, _NONE)
        if before is not spells:
            theirs = tuple(_binding(ledger, clause, entry, spell) for spell in spells)
            known[code] = spells, theirs
        found[code] = theirs
    return found


_NONE = (None, ())


@memoized
def bindings_of(ledger: Ledger, instrument: str, participant: str) -> tuple[Binding, ...]:
    """The same for one participant, at the cost of that one alone."""
    clause = clause_of(ledger.instrument(instrument))
    if _binds_others(clause):
        return bindings(ledger, instrument).get(participant, ())
    spells = consents(ledger, instrument).get(participant, ())
    entry = entry_into_force(ledger, instrument)
    return tuple(_binding(ledger, clause, entry, spell) for spell in spells)


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
    held = [code for code, theirs in bindings(ledger, instrument).items() if _one_holds_on(theirs, on)]
    return frozenset(held) - no_longer_existing(ledger, on)


def _one_holds_on(theirs: Sequence[Binding], day: date) -> bool:
    return theirs[-1].holds_on(day) or (len(theirs) > 1 and any(each.holds_on(day) for each in theirs))


def _binding(ledger: Ledger, clause: Clause, entry: EntryIntoForce, consent: Consent) -> Binding:
    own, stated = _own(ledger, clause, entry, consent), _stated_day(entry, consent.action)
    since = stated or (own.day if own.exact else None)
    if since and entry.date:
        since = max(since, entry.date)
    if since and consent.follows:
        since = max(since, consent.follows)
    ends = [day for day in (consent.ends_on, ledger.endings.get(consent.participant), entry.ended_on) if day]
    return Binding(consent, own, since, min(ends, default=None), stated, entry.date)


def _stated_day(entry: EntryIntoForce, act: Action) -> date | None:
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
