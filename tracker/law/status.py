"""The status of an instrument, of each participant towards it, and the dates from and until which it is in force.

Each party has its own date (see `effects`), or the one that the depositary states for it. The action (how) and the
status (what) are kept apart, and the three counts (parties, bound, counted) are named here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, cast

from tracker.law.bindings import (
    Binding,
    BindingBasis,
    bindings,
    bound_participants,
    current_binding,
)
from tracker.law.consents import EndRule, from_acts_of_each, has_ceased_to_exist, shared_acts, signatories, signatures
from tracker.law.coverage import SIGNATURES, at_the_earliest, missing_of_others, missing_participants, range_in_words
from tracker.law.dates import PartialDate
from tracker.law.effects import EffectRule, ProvisionalApplication, provisional_applications
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.status_reasons import (
    why_consenting,
    why_none,
    why_provisional,
    why_signatory,
    why_silent,
    why_withdrawn,
    withdrawn_since,
)
from tracker.law.territories import TerritorialScope, territorial_scopes
from tracker.law.threshold import EntryIntoForce
from tracker.law.wording import paragraph
from tracker.messages import TranslatableText, message, plural


class ParticipantStatus(StrEnum):
    """What a participant is towards an instrument on a day, from least to most."""

    NONE = "none"
    SIGNATORY = "signatory"
    PROVISIONAL = "applies provisionally"
    CONTRACTING_PARTY = "contracting party"
    PARTY = "party"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> TranslatableText:
        """The status as a label."""
        return _STATUS_WORDS[self]


_STATUS_WORDS = {
    ParticipantStatus.NONE: message("no action"),
    ParticipantStatus.SIGNATORY: message("signed but not ratified"),
    ParticipantStatus.PROVISIONAL: message("applied provisionally"),
    ParticipantStatus.CONTRACTING_PARTY: message("contracting State (not yet in force)"),
    ParticipantStatus.PARTY: message("party"),
    ParticipantStatus.WITHDRAWN: message("withdrawn"),
}


class StatusSince(NamedTuple):
    """The status word and the day it began: a standing without its reason and its acts."""

    status: ParticipantStatus
    since: date | PartialDate | None


NO_ACTION = StatusSince(ParticipantStatus.NONE, None)


@dataclass(frozen=True, slots=True)
class ParticipantStanding:
    """One participant towards one instrument on the ledger's day.

    `since` is the day the status began (partial where the act's day is); `bound_from` and `bound_until` are the days
    of its consent's force, the second being the first day it no longer binds (None where the record lacks that day),
    and `bound_basis` where they come from. `suspended` is the act by which it suspends the operation of a treaty that
    binds it, `renounced` a signatory's notice that it will not become a party. `undated` acts may have been done on any
    day; where they, or others whose day is not certain, leave its status open, `possible` is what else it may be, and
    `may_have_signed` says that it may be a signatory beside what else it is.
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
    bound_basis: BindingBasis | None = None
    provisional: ProvisionalApplication | None = None
    territories: tuple[TerritorialScope, ...] = ()
    possible: ParticipantStatus | None = None
    may_have_signed: bool = False
    suspended: Action | None = None
    renounced: Action | None = None
    undated: tuple[Action, ...] = ()

    @property
    def acts(self) -> tuple[Action, ...]:
        """The acts that made the standing what it is."""
        return tuple(act for act in (self.signature, self.consent, self.withdrawal) if act)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is doubtful about those acts and the undated ones."""
        return tuple(dict.fromkeys(act.doubt for act in (*self.acts, *self.undated) if act.doubt))


def participant_standing(ledger: Ledger, instrument: str, participant: str) -> ParticipantStanding:
    """The participant's standing on the ledger's day; NotFound for names the record does not hold."""
    terms, who = ledger.instrument(instrument), ledger.participant(participant)
    if who.code in concerned_participants(ledger, terms.id):
        return _standing_of_concerned(ledger, terms, who.code)
    if has_ceased_to_exist(ledger, who.code, ledger.horizon):
        why = why_none(ledger, terms.id, who.code)
    else:
        why = why_silent(ledger, terms.id)
    return ParticipantStanding(terms.id, who.code, *NO_ACTION, why)


@memoized
def concerned_participants(ledger: Ledger, instrument: str) -> frozenset[str]:
    """All that have, or may have, acted on an instrument by the ledger's day, or that it binds anyway, by code.

    Whoever is not among them has no status, no act and nothing that may change that: most participants on most
    instruments, of whom nothing needs to be worked out or kept.
    """
    found = set(missing_participants(ledger, instrument))
    for view in {ledger, at_the_earliest(ledger, instrument)}:
        acts = (*view.acts(instrument), *view.undated(instrument))
        found.update(act.participant for act in acts)
        found.update(view.actors(instrument), bindings(view, instrument))
    return frozenset(found)


@memoized
def _standing_of_concerned(ledger: Ledger, terms: Instrument, code: str) -> ParticipantStanding:
    binding = current_binding(ledger, terms.id, code)
    signature = signatures(ledger, terms.id).get(code)
    if binding and not _has_more_to_say(ledger, terms.id, code, binding, signature):
        return _plain_standing(ledger, terms, code, binding, signature)
    return _standing(ledger, terms.id, code, binding, signature)


def _has_more_to_say(ledger: Ledger, instrument: str, code: str, binding: Binding, signature: Action | None) -> bool:
    """Is there more to a standing than a consent, a signature and a day?"""
    return (
        binding.consent.action.instrument != instrument
        or entry_into_force(ledger, instrument).ended_on is not None
        or code in provisional_applications(ledger, instrument)
        or code in territorial_scopes(ledger, instrument)
        or code in _suspensions_and_renunciations(ledger, instrument)
        or code in _with_undated_acts(ledger, instrument)
        or code in missing_participants(ledger, instrument)
        or _possible_status(ledger, instrument, code) is not None
        or (signature is None and _may_have_signed(ledger, instrument, code))
    )


def _plain_standing(
    ledger: Ledger, terms: Instrument, code: str, binding: Binding, signature: Action | None
) -> ParticipantStanding:
    """The standing that follows from a binding and a signature alone: that of another day where these are the same."""
    status = _where(ledger, code, binding, signature, None).status
    shared = shared_acts(ledger, terms.id)
    if shared is None or status not in _CONSENTING:
        return _standing(ledger, terms.id, code, binding, signature)
    known = shared[0].table("standings")
    before = known.get(code)
    if before is None or before[:3] != (status, id(binding), id(signature)):
        standing = _standing(ledger, terms.id, code, binding, signature)
        before = known[code] = (status, id(binding), id(signature), binding, signature, standing)
    return cast(ParticipantStanding, before[-1])


_CONSENTING = (ParticipantStatus.PARTY, ParticipantStatus.CONTRACTING_PARTY)


def _standing(
    ledger: Ledger, instrument: str, code: str, binding: Binding | None, signature: Action | None
) -> ParticipantStanding:
    provisional = provisional_applications(ledger, instrument).get(code)
    where = _where(ledger, code, binding, signature, provisional)
    rare = _suspensions_and_renunciations(ledger, instrument).get(code, ())
    spell = binding.consent if binding and binding.own.rule is not EffectRule.BINDS_ALL else None
    until_known = spell is None or spell.end_rule is not EndRule.NOT_KNOWN
    return ParticipantStanding(
        instrument, code, *where, _why(ledger, instrument, code, where, binding, signature),
        signature=signature,
        consent=spell.action if spell else None,
        withdrawal=spell.ended_by if spell else None,
        bound_from=binding.since if binding else None,
        bound_until=binding.until if binding and until_known else None,
        bound_why=binding.why if binding else "",
        bound_basis=binding.basis if binding and binding.by else None,
        provisional=provisional,
        territories=territorial_scopes(ledger, instrument).get(code, ()),
        suspended=_suspension(rare),
        possible=_possible_status(ledger, instrument, code),
        may_have_signed=signature is None and _may_have_signed(ledger, instrument, code),
        renounced=next((act for act in rare if act.kind is ActionKind.INTENTION_NOT_TO_BE_BOUND), None),
        undated=ledger.undated(instrument, code) if code in _with_undated_acts(ledger, instrument) else (),
    )  # fmt: skip


@memoized
def _with_undated_acts(ledger: Ledger, instrument: str) -> frozenset[str]:
    return frozenset(ledger.continuing(act.participant) for act in ledger.undated(instrument))


def _possible_status(ledger: Ledger, instrument: str, participant: str) -> ParticipantStatus | None:
    """What else it may be, because a day is not known; None where nothing is open."""
    early = at_the_earliest(ledger, instrument)
    if early is ledger or participant not in _with_open_status(ledger, instrument):
        return None
    certain, other = (status_of(view, instrument, participant).status for view in (ledger, early))
    return other if other is not certain else None


def _may_have_signed(ledger: Ledger, instrument: str, participant: str) -> bool:
    early = at_the_earliest(ledger, instrument)
    return early is not ledger and participant in signatories(early, instrument)


@memoized
def _with_open_status(ledger: Ledger, instrument: str) -> frozenset[str]:
    """Those whose status may be another: authors of acts whose day is open; everybody where the entry into force is."""
    early = at_the_earliest(ledger, instrument)
    if entry_into_force(early, instrument).date != entry_into_force(ledger, instrument).date:
        return frozenset(ledger.participants)
    open_acts = frozenset(ledger.continuing(a.participant) for a in ledger.every_act(instrument) if not a.is_exact)
    return open_acts.union(missing_participants(ledger, instrument))


_RARE = (ActionKind.SUSPENSION, ActionKind.RESUMPTION, ActionKind.INTENTION_NOT_TO_BE_BOUND)


@memoized
def _suspensions_and_renunciations(ledger: Ledger, instrument: str) -> Mapping[str, Sequence[Action]]:
    """The few acts of these kinds by participant, so that nobody looks for them among all acts of each."""
    return from_acts_of_each(ledger, instrument, "rare", lambda _, acts: [act for act in acts if act.kind in _RARE])


def _suspension(acts: Sequence[Action]) -> Action | None:
    """The suspension of the treaty's operation that no resumption has ended."""
    turns = [act for act in acts if act.kind in (ActionKind.SUSPENSION, ActionKind.RESUMPTION)]
    return turns[-1] if turns and turns[-1].kind is ActionKind.SUSPENSION else None


@memoized
def participant_standings(ledger: Ledger, instrument: str) -> tuple[ParticipantStanding, ...]:
    """The standing of everyone that has, or may have, acted on the instrument, or that it binds anyway; by name."""
    every = {*at_the_earliest(ledger, instrument).actors(instrument), *bindings(ledger, instrument)}
    every |= set(ledger.actors(instrument))
    known = (code for code in every if code in ledger.participants)
    return tuple(
        participant_standing(ledger, instrument, code)
        for code in sorted(known, key=lambda c: ledger.participants[c].name)
    )


def status_of(ledger: Ledger, instrument: str, participant: str) -> StatusSince:
    """The status word of a standing and its day, at the cost of three look-ups; both names as the record has them."""
    binding, signature = (
        current_binding(ledger, instrument, participant),
        signatures(ledger, instrument).get(participant),
    )
    provisional = provisional_applications(ledger, instrument).get(participant)
    known = binding or signature or provisional
    return _where(ledger, participant, binding, signature, provisional) if known else NO_ACTION


@memoized
def statuses_of_participants(ledger: Ledger, instrument: str) -> Mapping[str, StatusSince]:
    """`status_of` everyone with a dated consent, signature or provisional application, by code; others have none."""
    codes = bindings(ledger, instrument).keys() | signatures(ledger, instrument).keys()
    codes |= provisional_applications(ledger, instrument).keys()
    return {code: status_of(ledger, instrument, code) for code in codes}


def possible_statuses(ledger: Ledger, instrument: str) -> Mapping[str, ParticipantStatus]:
    """What else the status of participants may be on the ledger's day, by code, where the record leaves it open."""
    if at_the_earliest(ledger, instrument) is ledger:
        return {}
    found = ((code, _possible_status(ledger, instrument, code)) for code in _with_open_status(ledger, instrument))
    return {code: other for code, other in found if other}


def actions_behind(ledger: Ledger, instrument: str, participant: str) -> tuple[Action, ...]:
    """The acts that made a standing what it is, without the rest of it."""
    binding = current_binding(ledger, instrument, participant)
    spell = (binding.consent.action, binding.consent.ended_by) if binding else ()
    return tuple(act for act in (signatures(ledger, instrument).get(participant), *spell) if act)


def _where(
    ledger: Ledger,
    code: str,
    binding: Binding | None,
    signature: Action | None,
    provisional: ProvisionalApplication | None,
) -> StatusSince:
    day, spell = ledger.horizon, binding.consent if binding else None
    if has_ceased_to_exist(ledger, code, day):
        return NO_ACTION
    if binding and spell and spell.holds_on(day):
        if binding.holds_on(day):
            return StatusSince(ParticipantStatus.PARTY, binding.since)
        return StatusSince(ParticipantStatus.CONTRACTING_PARTY, spell.action.date)
    if spell and spell.ends_on and spell.ends_on <= day and spell.end_rule is not EndRule.REVOKED:
        return StatusSince(ParticipantStatus.WITHDRAWN, withdrawn_since(spell))
    if provisional and provisional.holds_on(day):
        return StatusSince(ParticipantStatus.PROVISIONAL, provisional.start)
    return StatusSince(ParticipantStatus.SIGNATORY, signature.date) if signature else NO_ACTION


def _why(
    ledger: Ledger, instrument: str, code: str, where: StatusSince, binding: Binding | None, signature: Action | None
) -> str:
    known = _why_as_known(ledger, instrument, code, where, binding, signature)
    if code not in missing_participants(ledger, instrument):
        return known
    return paragraph([known, message("One of its ratifications or accessions is not in our data.")])


def _why_as_known(
    ledger: Ledger, instrument: str, code: str, where: StatusSince, binding: Binding | None, signature: Action | None
) -> str:
    match where.status:
        case ParticipantStatus.PARTY | ParticipantStatus.CONTRACTING_PARTY if binding:
            return why_consenting(ledger, instrument, binding, bound=where.status is ParticipantStatus.PARTY)
        case ParticipantStatus.WITHDRAWN if binding:
            return why_withdrawn(ledger, instrument, binding.consent)
        case ParticipantStatus.PROVISIONAL:
            return why_provisional(ledger, instrument, code, signature)
        case ParticipantStatus.SIGNATORY if signature:
            return why_signatory(ledger, instrument, code, signature, binding)
    return why_none(ledger, instrument, code)


@dataclass(frozen=True, slots=True)
class InstrumentStatus:
    """An instrument's counts and entry into force on a day (`as_of`, None for the whole record).

    `parties` is what the UN Treaty Collection prints (consented and not withdrawn, organizations included), `bound`
    those for which the instrument is in force; each with the most that there may be, where the record lacks a day or
    an act that is known to have been done. `entry.threshold.counted` are the deposits that count towards the
    threshold, `provisional` those that apply it provisionally. `undated` is how many have consented, `signed_undated`
    how many have signed, on a day of which the record knows nothing.
    """

    instrument: Instrument
    as_of: date | None
    signatories: int
    signatories_at_most: int
    parties: int
    parties_at_most: int
    bound: int
    bound_at_most: int
    provisional: int
    undated: int
    signed_undated: int
    entry: EntryIntoForce


@memoized
def status(ledger: Ledger, instrument: str) -> InstrumentStatus:
    """The instrument's status on the ledger's day; NotFound for an unknown one."""
    terms = ledger.instrument(instrument)
    views = tuple(dict.fromkeys((ledger, at_the_earliest(ledger, terms.id))))
    return InstrumentStatus(
        instrument=terms,
        as_of=ledger.day,
        **_range("signatories", signatories, views, terms.id, missing_of_others(ledger, terms.id, SIGNATURES)),
        **_range("parties", parties, views, terms.id, missing_of_others(ledger, terms.id)),
        **_range("bound", bound_participants, views, terms.id, _missing_bound(views, terms.id)),
        provisional=sum(s.status is ParticipantStatus.PROVISIONAL for s in _provisional(ledger, terms.id)),
        undated=len({act.participant for act in ledger.undated(terms.id) if act.kind.consents}),
        signed_undated=len(_signed_undated(ledger, terms.id)),
        entry=entry_into_force(ledger, terms.id),
    )


def _missing_bound(views: Sequence[Ledger], instrument: str) -> int:
    """For how many more it may be in force, because their consents are missing: for none before it is in force."""
    number = missing_of_others(views[0], instrument)
    if not number:
        return 0
    entered = (entry_into_force(view, instrument).date for view in views)
    return number if any(day and day <= views[0].horizon for day in entered) else 0


def _range(
    name: str, who: Callable[[Ledger, str], frozenset[str]], views: Sequence[Ledger], instrument: str, missing: int
) -> dict[str, int]:
    """How many there certainly are, and may be: in any of the views, with those whose acts are missing."""
    found = [who(view, instrument) for view in views]
    return {name: len(found[0]), f"{name}_at_most": len(frozenset().union(*found)) + missing}


def _provisional(ledger: Ledger, instrument: str) -> list[StatusSince]:
    return [status_of(ledger, instrument, code) for code in provisional_applications(ledger, instrument)]


def _signed_undated(ledger: Ledger, instrument: str) -> set[str]:
    signed = {act.participant for act in ledger.undated(instrument) if act.kind.signs}
    return signed - set(signatures(ledger, instrument))


def parties_in_words(least: int, most: int, *, open_ended: bool = False) -> TranslatableText:
    """How many have consented: `40 parties`, a range where that is open, or the least where nobody knows the most."""
    if open_ended:
        return (
            plural("at least {n} party", "at least {n} parties", least)
            if least
            else message("number of parties not known")
        )
    if most <= least:
        return plural("{n} party", "{n} parties", least)
    return message("{number} parties", number=range_in_words(least, most))


def signatories_in_words(least: int, most: int, *, open_ended: bool = False) -> TranslatableText:
    """How many have signed, in the same way."""
    if open_ended:
        known = plural("at least {n} signatory", "at least {n} signatories", least)
        return known if least else message("number of signatories not known")
    if most <= least:
        return plural("{n} signatory", "{n} signatories", least)
    return message("{number} signatories", number=range_in_words(least, most))


def statuses(ledger: Ledger) -> tuple[InstrumentStatus, ...]:
    """The status of every instrument, in the order of the record."""
    return tuple(status(ledger, instrument) for instrument in ledger.instruments)
