"""From when and until when an instrument binds each participant, and why.

Each party has its own date: the instrument's entry into force for those that deposited by the day
of the threshold, its own period for later ones, the succession of States for successors, or the
depositary's stated day. The instrument's own entry into force is `force`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.law import working
from tracker.law.clauses import Clause
from tracker.law.dates import in_words
from tracker.law.delays import AnyDelay
from tracker.law.deposits import Consent, ceased, consents
from tracker.law.force import EntryIntoForce, ForceStatus, entry_into_force
from tracker.law.grammar import clause_of
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Action, ActionKind, Participant


class Rule(StrEnum):
    """The rule from which a participant's own date follows, or does not."""

    NO_ENTRY = "no day yet: the instrument itself has no day of entry into force"
    SUCCESSION = "a successor State is a party from the succession of States"
    UNDATED = "the record does not have the day of its deposit"
    BY_THRESHOLD = "it deposited by the day of the threshold, so the instrument's own entry into force binds it"
    NO_PERIOD = "the record does not give the period that runs from its own deposit"
    ENTRY_LATER = "its own period ended before the instrument's entry into force, which binds it"
    OWN_PERIOD = "its own period runs from its own deposit"
    NOT_BOUND_ABOVE = "the instrument that must bind it first does not"
    BOUND_ABOVE_LATER = "it is bound only when the instrument that must bind it first does"


@dataclass(frozen=True, slots=True)
class Own:
    """The day the clause gives for one depositor (the latest possible where its own is inexact), and the rule."""

    rule: Rule
    day: date | None = None
    delay: AnyDelay | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """From when, until when and why an instrument is in force for one participant.

    `since` is None while no exact day follows from the record; `by` is the day by which it certainly
    binds (`since` itself, or later where the deposit is known only to the month). `until` is the first
    day it no longer binds. `own` is what the clause gives, `computed` its day where that is exact, and
    `stated` True where `since` is the depositary's own date for this participant.
    """

    consent: Consent
    own: Own
    since: date | None
    until: date | None
    stated: bool

    @property
    def by(self) -> date | None:
        """The day by which it certainly binds."""
        return self.since or self.own.day

    @property
    def computed(self) -> date | None:
        """The exact day that the clause gives."""
        return self.own.day if self.consent.action.day else None

    def holds_on(self, day: date) -> bool:
        """Does the instrument certainly bind the participant on that day?"""
        return self.by is not None and self.by <= day and (self.until is None or day < self.until)

    @property
    def why(self) -> str:
        """The reason in words."""
        if self.stated:
            more = "" if self.since == self.computed else f" {self._rule_in_words}"
            return f"The depositary states {in_words(self.since)} for it.{more}"
        if self.own.day and not self.computed:
            latest = in_words(self.own.day)
            return f"The record does not have the exact day of its deposit; it was bound by {latest} at the latest."
        return self._rule_in_words

    @property
    def _rule_in_words(self) -> str:
        own, deposit = self.own, self.consent.action.date
        if own.rule is Rule.OWN_PERIOD and own.delay and own.day and deposit:
            return working.delay_step(own.delay, deposit.last, own.day).text
        day = f": {in_words(own.day)}" if own.rule in (Rule.SUCCESSION, Rule.BOUND_ABOVE_LATER) else ""
        return f"{own.rule[0].upper()}{own.rule[1:]}{day}."


@remembered
def bindings(ledger: Ledger, instrument: str) -> Mapping[str, Binding]:
    """For each participant that has consented: its latest consent, and when that binds it."""
    entry, clause = entry_into_force(ledger, instrument), clause_of(ledger.instrument(instrument))
    return {code: _binding(ledger, clause, entry, spells[-1]) for code, spells in consents(ledger, instrument).items()}


def bound(ledger: Ledger, instrument: str, day: date | None = None) -> frozenset[str]:
    """All for which the instrument is in force on a day (the ledger's by default) and that still exist."""
    on = day or ledger.horizon
    entry, clause = entry_into_force(ledger, instrument), clause_of(ledger.instrument(instrument))
    if entry.ended_on and entry.ended_on <= on:
        return frozenset()
    latest = bindings(ledger, instrument)
    return frozenset(
        code
        for code, spells in consents(ledger, instrument).items()
        if not ceased(ledger, code, on)
        and (_holds(latest[code], on) or any(_binds_on(ledger, clause, entry, s, on) for s in spells[:-1]))
    )


def _holds(latest: Binding, day: date) -> bool:
    """`_binds_on` of the latest consent, of which all is known already."""
    ends = latest.consent.ends_on
    return not (ends and ends <= day) and latest.by is not None and latest.by <= day


def _binds_on(ledger: Ledger, clause: Clause, entry: EntryIntoForce, consent: Consent, day: date) -> bool:
    if consent.ends_on and consent.ends_on <= day:
        return False
    since = _stated(entry, consent.action) or _own(ledger, clause, entry, consent.action).day
    return since is not None and since <= day


def _binding(ledger: Ledger, clause: Clause, entry: EntryIntoForce, consent: Consent) -> Binding:
    act = consent.action
    own = _own(ledger, clause, entry, act)
    ends = [day for day in (consent.ends_on, ledger.endings.get(consent.participant), entry.ended_on) if day]
    stated = _stated(entry, act)
    since = stated or (own.day if act.day else None)
    return Binding(consent, own, since, min(ends, default=None), stated is not None)


def _stated(entry: EntryIntoForce, act: Action) -> date | None:
    """The day that the depositary states for one party; nobody could state one while the instrument has none."""
    if act.effective_on is None or entry.status is ForceStatus.PENDING:
        return None
    return act.effective_on.exact


def _own(ledger: Ledger, clause: Clause, entry: EntryIntoForce, act: Action) -> Own:
    own = _by_its_deposit(ledger, clause, entry, act)
    if not clause.party_requires or own.day is None:
        return own
    above = _above(ledger, clause.party_requires, act)
    if above is None or above.by is None:
        return Own(Rule.NOT_BOUND_ABOVE)
    return Own(Rule.BOUND_ABOVE_LATER, above.by) if above.by > own.day else own


def _above(ledger: Ledger, instrument: str, act: Action) -> Binding | None:
    """The binding by the instrument that must bind the same participant first; None where there is none."""
    chain = [act.instrument]
    while (name := instrument if len(chain) == 1 else _requires(ledger, chain[-1])) in ledger.instruments:
        if name in chain:
            return None  # they wait for each other, so neither ever binds
        chain.append(name)
    return bindings(ledger, instrument).get(act.participant) if instrument in ledger.instruments else None


def _requires(ledger: Ledger, instrument: str) -> str:
    return clause_of(ledger.instrument(instrument)).party_requires


def _by_its_deposit(ledger: Ledger, clause: Clause, entry: EntryIntoForce, act: Action) -> Own:
    who = ledger.participants.get(act.participant)
    if entry.date is None:
        return Own(Rule.NO_ENTRY)
    if act.kind is ActionKind.SUCCESSION and who and who.exists_from and who.exists_from.exact:
        return Own(Rule.SUCCESSION, max(entry.date, who.exists_from.exact))
    if act.date is None:
        return Own(Rule.UNDATED)
    deposited, reached = act.date.last, entry.threshold.reached_on
    if reached and deposited <= reached:
        return Own(Rule.BY_THRESHOLD, entry.date)
    delay = _own_delay(clause, act, who)
    if delay is None:
        return Own(Rule.NO_PERIOD)
    day = delay.after(deposited)
    return Own(Rule.ENTRY_LATER, entry.date) if day <= entry.date else Own(Rule.OWN_PERIOD, day, delay)


def _own_delay(clause: Clause, act: Action, who: Participant | None) -> AnyDelay | None:
    if not clause.party_delays:
        return clause.party_delay
    kinds = dict(clause.party_delays)
    organization = who is not None and who.is_organization
    return kinds.get(act.kind) or (kinds.get("reio") if organization else None) or clause.party_delay
