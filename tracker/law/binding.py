"""From when and until when an instrument binds each participant, and why.

Each party has its own date: the instrument's entry into force for those that deposited by the day
of the threshold, its own period for later ones, the succession of States for successors, or the
depositary's stated day. The instrument's own entry into force is `force`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.law import working
from tracker.law.clauses import Clause
from tracker.law.dates import in_words
from tracker.law.delays import AnyDelay
from tracker.law.deposits import Consent, ceased, ceases_on, consents
from tracker.law.force import EntryIntoForce, entry_into_force
from tracker.law.grammar import clause_of
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Action, ActionKind


@dataclass(frozen=True, slots=True)
class Binding:
    """From when, until when and why an instrument is in force for one participant.

    `since` is None while no exact day follows from the record; `by` is the day by which it certainly
    binds (`since` itself, or later where the deposit is known only to the month). `until` is the first
    day it no longer binds. `stated` is True where `since` is the depositary's own date for this
    participant, and `computed` what the clause gives.
    """

    consent: Consent
    since: date | None
    by: date | None
    until: date | None
    computed: date | None
    stated: bool
    why: str

    def holds_on(self, day: date) -> bool:
        """Does the instrument certainly bind the participant on that day?"""
        return self.by is not None and self.by <= day and (self.until is None or day < self.until)


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
    return frozenset(
        code
        for code, spells in consents(ledger, instrument).items()
        if not ceased(ledger, code, on) and any(_binding(ledger, clause, entry, s).holds_on(on) for s in spells)
    )


def _binding(ledger: Ledger, clause: Clause, entry: EntryIntoForce, consent: Consent) -> Binding:
    act = consent.action
    stated = act.effective_on.exact if act.effective_on else None
    latest, why = _own_date(ledger, clause, entry, act)
    computed = latest if act.day else None
    if stated:
        why = f"The depositary states {in_words(stated)} for it." + ("" if stated == computed else f" {why}")
    elif latest and not act.day:
        why = (
            f"The record does not have the exact day of its deposit; it was bound by {in_words(latest)} at the latest."
        )
    ends = [day for day in (consent.ends_on, ceases_on(ledger, consent.participant), entry.ended_on) if day]
    since = stated or computed
    return Binding(consent, since, since or latest, min(ends, default=None), computed, bool(stated), why)


def _own_date(ledger: Ledger, clause: Clause, entry: EntryIntoForce, act: Action) -> tuple[date | None, str]:
    """The day the clause gives for one depositor (the latest possible where its own is inexact), and why."""
    who = ledger.participants.get(act.participant)
    if entry.date is None:
        return None, "No day yet: the instrument itself has no day of entry into force."
    if act.kind is ActionKind.SUCCESSION and who and who.exists_from and who.exists_from.exact:
        since = max(entry.date, who.exists_from.exact)
        return since, f"A successor State is a party from the succession of States: {in_words(since)}."
    if act.date is None:
        return None, "The record does not have the day of its deposit."
    deposited = act.date.last
    if entry.threshold.reached_on and deposited <= entry.threshold.reached_on:
        return (
            entry.date,
            "It deposited by the day of the threshold, so the instrument's own entry into force binds it.",
        )
    delay = _own_delay(clause, act, organization=bool(who and who.is_organization))
    if delay is None:
        return None, "The record does not give the period that runs from its own deposit."
    own = delay.after(deposited)
    if own <= entry.date:
        return entry.date, "Its own period ended before the instrument's entry into force, which binds it."
    return own, working.delay_step(delay, deposited, own).text


def _own_delay(clause: Clause, act: Action, *, organization: bool) -> AnyDelay | None:
    kinds = dict(clause.party_delays)
    return kinds.get(act.kind) or (kinds.get("reio") if organization else None) or clause.party_delay
