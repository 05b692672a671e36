"""The status of an instrument, of each participant towards it, and the dates from and until which it is in force.

Each party has its own date: that of general entry into force for those that deposited by the date of the threshold,
its own period for later ones, the succession of States for successors, or the depositary's stated date. The action
(how) and the status (what) are kept apart, and the three counts (parties, bound, counted) are named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.law import threshold
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause
from tracker.law.consents import Consent, consents, has_ceased_to_exist, parties, signatories, signatures
from tracker.law.dates import AnyDelay, PartialDate, in_words
from tracker.law.entry_into_force import EntryIntoForce, ForceStatus, entry_into_force
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind, Instrument, Participant


class EffectRule(StrEnum):
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
class EffectDate:
    """The day the clause gives for one depositor (the latest possible where its own is inexact), and the rule."""

    rule: EffectRule
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
    own: EffectDate
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
        if own.rule is EffectRule.OWN_PERIOD and own.delay and own.day and deposit:
            return threshold.delay_step(own.delay, deposit.last, own.day).text
        day = f": {in_words(own.day)}" if own.rule in (EffectRule.SUCCESSION, EffectRule.BOUND_ABOVE_LATER) else ""
        return f"{own.rule[0].upper()}{own.rule[1:]}{day}."


@memoized
def bindings(ledger: Ledger, instrument: str) -> Mapping[str, Binding]:
    """For each participant that has consented: its latest consent, and when that binds it."""
    entry, clause = entry_into_force(ledger, instrument), clause_of(ledger.instrument(instrument))
    return {code: _binding(ledger, clause, entry, spells[-1]) for code, spells in consents(ledger, instrument).items()}


def bound_participants(ledger: Ledger, instrument: str, day: date | None = None) -> frozenset[str]:
    """All for which the instrument is in force on a day (the ledger's by default) and that still exist."""
    on = day or ledger.horizon
    entry, clause = entry_into_force(ledger, instrument), clause_of(ledger.instrument(instrument))
    if entry.ended_on and entry.ended_on <= on:
        return frozenset()
    latest = bindings(ledger, instrument)
    return frozenset(
        code
        for code, spells in consents(ledger, instrument).items()
        if not has_ceased_to_exist(ledger, code, on)
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


def _own(ledger: Ledger, clause: Clause, entry: EntryIntoForce, act: Action) -> EffectDate:
    own = _by_its_deposit(ledger, clause, entry, act)
    if not clause.party_requires or own.day is None:
        return own
    above = _above(ledger, clause.party_requires, act)
    if above is None or above.by is None:
        return EffectDate(EffectRule.NOT_BOUND_ABOVE)
    return EffectDate(EffectRule.BOUND_ABOVE_LATER, above.by) if above.by > own.day else own


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


def _by_its_deposit(ledger: Ledger, clause: Clause, entry: EntryIntoForce, act: Action) -> EffectDate:
    who = ledger.participants.get(act.participant)
    if entry.date is None:
        return EffectDate(EffectRule.NO_ENTRY)
    if act.kind is ActionKind.SUCCESSION and who and who.exists_from and who.exists_from.exact:
        return EffectDate(EffectRule.SUCCESSION, max(entry.date, who.exists_from.exact))
    if act.date is None:
        return EffectDate(EffectRule.UNDATED)
    deposited, reached = act.date.last, entry.threshold.reached_on
    if reached and deposited <= reached:
        return EffectDate(EffectRule.BY_THRESHOLD, entry.date)
    delay = _own_delay(clause, act, who)
    if delay is None:
        return EffectDate(EffectRule.NO_PERIOD)
    day = delay.after(deposited)
    return (
        EffectDate(EffectRule.ENTRY_LATER, entry.date)
        if day <= entry.date
        else EffectDate(EffectRule.OWN_PERIOD, day, delay)
    )


def _own_delay(clause: Clause, act: Action, who: Participant | None) -> AnyDelay | None:
    if not clause.party_delays:
        return clause.party_delay
    kinds = dict(clause.party_delays)
    organization = who is not None and who.is_organization
    return kinds.get(act.kind) or (kinds.get("reio") if organization else None) or clause.party_delay


class ParticipantStatus(StrEnum):
    """What a participant is towards an instrument on a day, from least to most."""

    NONE = "none"
    SIGNATORY = "signatory"
    CONTRACTING_PARTY = "contracting party"
    PARTY = "party"
    WITHDRAWN = "withdrawn"


class StatusSince(NamedTuple):
    """The status word and the day it began: a standing without its reason and its acts."""

    status: ParticipantStatus
    since: date | PartialDate | None


NO_ACTION = StatusSince(ParticipantStatus.NONE, None)


@dataclass(frozen=True, slots=True)
class ParticipantStanding:
    """One participant towards one instrument on the ledger's day.

    `since` is the day the status began (partial where the act's day is); `bound_from` and
    `bound_until` are the days of the latest consent's force, the second being the first day it no
    longer binds. `undated` acts are shown and change no status.
    """

    instrument: str
    participant: str
    status: ParticipantStatus
    since: date | PartialDate | None
    why: str
    signature: Action | None = None
    consent: Action | None = None
    withdrawal: Action | None = None
    bound_from: date | None = None
    bound_until: date | None = None
    bound_why: str = ""
    provisional: Action | None = None
    territories: tuple[Action, ...] = ()
    undated: tuple[Action, ...] = ()

    @property
    def acts(self) -> tuple[Action, ...]:
        """The acts that made the standing what it is."""
        return tuple(act for act in (self.signature, self.consent, self.withdrawal) if act)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is doubtful about those acts and the undated ones."""
        return tuple(dict.fromkeys(act.doubt for act in (*self.acts, *self.undated) if act.doubt))


@memoized
def participant_standing(ledger: Ledger, instrument: str, participant: str) -> ParticipantStanding:
    """The participant's standing on the ledger's day; NotFound for names the record does not hold."""
    terms, who = ledger.instrument(instrument), ledger.participant(participant)
    binding = bindings(ledger, terms.id).get(who.code)
    signature = signatures(ledger, terms.id).get(who.code)
    where = _where(ledger, who.code, binding, signature)
    acts = ledger.acts_of(terms.id, who.code)
    spell = binding.consent if binding else None
    return ParticipantStanding(
        terms.id, who.code, *where, _why(ledger, terms.id, who.code, where, binding, signature),
        signature=signature,
        consent=spell.action if spell else None,
        withdrawal=spell.ended_by if spell else None,
        bound_from=binding.since if binding else None,
        bound_until=binding.until if binding else None,
        bound_why=binding.why if binding else "",
        provisional=next((act for act in acts if act.kind is ActionKind.PROVISIONAL_APPLICATION), None),
        territories=tuple(act for act in acts if act.kind is ActionKind.TERRITORIAL_EXTENSION),
        undated=ledger.undated(terms.id, who.code),
    )  # fmt: skip


@memoized
def participant_standings(ledger: Ledger, instrument: str) -> tuple[ParticipantStanding, ...]:
    """The standing of everyone that has acted on the instrument, by name."""
    known = (code for code in ledger.actors(instrument) if code in ledger.participants)
    return tuple(
        participant_standing(ledger, instrument, code)
        for code in sorted(known, key=lambda c: ledger.participants[c].name)
    )


def status_of(ledger: Ledger, instrument: str, participant: str) -> StatusSince:
    """The status word of `standing` and its day, at the cost of two look-ups; both names as the record writes them."""
    binding, signature = bindings(ledger, instrument).get(participant), signatures(ledger, instrument).get(participant)
    return _where(ledger, participant, binding, signature) if binding or signature else NO_ACTION


@memoized
def statuses_of_participants(ledger: Ledger, instrument: str) -> Mapping[str, StatusSince]:
    """`where` of everyone with a dated consent or signature, by code; all others are nowhere."""
    bound, signed = bindings(ledger, instrument), signatures(ledger, instrument)
    return {code: _where(ledger, code, bound.get(code), signed.get(code)) for code in bound.keys() | signed.keys()}


def actions_behind(ledger: Ledger, instrument: str, participant: str) -> tuple[Action, ...]:
    """The acts of `standing`, without the rest of it."""
    binding = bindings(ledger, instrument).get(participant)
    spell = (binding.consent.action, binding.consent.ended_by) if binding else ()
    return tuple(act for act in (signatures(ledger, instrument).get(participant), *spell) if act)


def _where(ledger: Ledger, code: str, binding: Binding | None, signature: Action | None) -> StatusSince:
    day, spell = ledger.horizon, binding.consent if binding else None
    if has_ceased_to_exist(ledger, code, day):
        return NO_ACTION
    if binding and spell and spell.holds_on(day):
        holds = binding.holds_on(day)
        return (
            StatusSince(ParticipantStatus.PARTY, binding.since)
            if holds
            else StatusSince(ParticipantStatus.CONTRACTING_PARTY, spell.action.date)
        )
    if spell and spell.ended_by and spell.ended_by.kind is not ActionKind.REVOCATION:
        return StatusSince(ParticipantStatus.WITHDRAWN, spell.ends_on)
    return StatusSince(ParticipantStatus.SIGNATORY, signature.date) if signature else NO_ACTION


def _why(
    ledger: Ledger, instrument: str, code: str, where: StatusSince, binding: Binding | None, signature: Action | None
) -> str:
    if binding and where.status in (ParticipantStatus.PARTY, ParticipantStatus.CONTRACTING_PARTY):
        return _why_consenting(ledger, instrument, where.status, binding)
    if binding and binding.consent.ended_by and where.status is ParticipantStatus.WITHDRAWN:
        notified = f"Withdrawal notified on {in_words(binding.consent.ended_by.date)}"
        return f"{notified}, with effect from {in_words(where.since)}."
    if signature and where.status is ParticipantStatus.SIGNATORY:
        revoked = " Its consent was revoked; its signature stands." if binding else ""
        return f"Signed on {in_words(signature.date)}.{revoked}"
    if has_ceased_to_exist(ledger, code, ledger.horizon):
        return _gone(ledger, code)
    if ledger.undated(instrument, code):
        return "The record has acts of it but not their day, so they count on no day."
    return "The record has no act of it."


def _why_consenting(ledger: Ledger, instrument: str, status: ParticipantStatus, binding: Binding) -> str:
    act, day = binding.consent.action, ledger.horizon
    done = f"{act.kind.words[0].upper()}{act.kind.words[1:]} on {in_words(act.date)}."
    if status is ParticipantStatus.PARTY:
        leaving = ""
        if binding.until and binding.consent.ended_by:
            leaving = f" Withdrawal notified; it takes effect on {in_words(binding.until)}."
        return f"{done} {binding.why}{leaving}"
    ended = entry_into_force(ledger, instrument).ended_on
    why = f"The instrument ended on {in_words(ended)}." if ended and ended <= day else binding.why
    return f"{done} {why}"


def _gone(ledger: Ledger, code: str) -> str:
    who = ledger.participant(code)
    heirs = [ledger.participants[each].name for each in who.successors if each in ledger.participants]
    succeeded = f" (succeeded by {', '.join(heirs)})" if heirs else ""
    return f"{who.name} ceased to exist on {in_words(who.exists_to)}{succeeded}; its acts stay in the record."


@dataclass(frozen=True, slots=True)
class InstrumentStatus:
    """An instrument's counts and entry into force on a day (`as_of`, None for the whole record).

    `parties` is what the UN Treaty Collection prints (consented and not withdrawn, organizations
    included), `bound` those for which the instrument is in force, `entry.threshold.counted` the
    deposits that count towards the threshold. `undated` is how many have consented, `signed_undated` how
    many have signed, on a day that the record lacks: they are on no count.
    """

    instrument: Instrument
    as_of: date | None
    signatories: int
    parties: int
    bound: int
    undated: int
    signed_undated: int
    entry: EntryIntoForce


@memoized
def status(ledger: Ledger, instrument: str) -> InstrumentStatus:
    """The instrument's status on the ledger's day; NotFound for an unknown one."""
    terms = ledger.instrument(instrument)
    return InstrumentStatus(
        instrument=terms,
        as_of=ledger.day,
        signatories=len(signatories(ledger, terms.id)),
        parties=len(parties(ledger, terms.id)),
        bound=len(bound_participants(ledger, terms.id)),
        undated=len({act.participant for act in ledger.undated(terms.id) if act.kind.consents}),
        signed_undated=len(_signed_undated(ledger, terms.id)),
        entry=entry_into_force(ledger, terms.id),
    )


def _signed_undated(ledger: Ledger, instrument: str) -> set[str]:
    signed = {act.participant for act in ledger.undated(instrument) if act.kind.signs}
    return signed - set(signatures(ledger, instrument))


def statuses(ledger: Ledger) -> tuple[InstrumentStatus, ...]:
    """The status of every instrument, in the order of the record."""
    return tuple(status(ledger, instrument) for instrument in ledger.instruments)
