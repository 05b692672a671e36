"""The status of an instrument, of each participant towards it, and the dates from and until which it is in force.

Each party has its own date (see `effects`), or the one that the depositary states for it. The action (how) and the
status (what) are kept apart, and the three counts (parties, bound, counted) are named here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.law import explanation
from tracker.law.bindings import Binding, BindingBasis, bindings, bound_participants, current_binding
from tracker.law.clause_parser import clause_of
from tracker.law.consents import Consent, EndRule, acts_by_person, has_ceased_to_exist, signatories, signatures
from tracker.law.coverage import is_partial
from tracker.law.dates import PartialDate, add_months, in_words
from tracker.law.effects import EffectRule
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.explanation import EntryIntoForce
from tracker.law.ledger import Ledger, memoized, name_of, names_in
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.possibilities import at_the_earliest
from tracker.law.provisional import ProvisionalApplication, provisional_applications
from tracker.law.territories import TerritorialScope, territorial_scopes

LEAST_NOTICE = 12  # months, where the treaty says nothing (Vienna Convention on the Law of Treaties, art. 56(2))


class ParticipantStatus(StrEnum):
    """What a participant is towards an instrument on a day, from least to most."""

    NONE = "none"
    SIGNATORY = "signatory"
    PROVISIONAL = "applies provisionally"
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


@memoized
def participant_standing(ledger: Ledger, instrument: str, participant: str) -> ParticipantStanding:
    """The participant's standing on the ledger's day; NotFound for names the record does not hold."""
    terms, who = ledger.instrument(instrument), ledger.participant(participant)
    binding = current_binding(ledger, terms.id, who.code)
    signature = signatures(ledger, terms.id).get(who.code)
    provisional = provisional_applications(ledger, terms.id).get(who.code)
    where = _where(ledger, who.code, binding, signature, provisional)
    rare = _suspensions_and_renunciations(ledger, terms.id).get(who.code, ())
    spell = binding.consent if binding and binding.own.rule is not EffectRule.BINDS_ALL else None
    until_known = spell is None or spell.end_rule is not EndRule.NOT_KNOWN
    return ParticipantStanding(
        terms.id, who.code, *where, _why(ledger, terms.id, who.code, where, binding, signature),
        signature=signature,
        consent=spell.action if spell else None,
        withdrawal=spell.ended_by if spell else None,
        bound_from=binding.since if binding else None,
        bound_until=binding.until if binding and until_known else None,
        bound_why=binding.why if binding else "",
        bound_basis=binding.basis if binding and binding.by else None,
        provisional=provisional,
        territories=territorial_scopes(ledger, terms.id).get(who.code, ()),
        suspended=_suspension(rare),
        possible=_possible_status(ledger, terms.id, who.code),
        may_have_signed=signature is None and _may_have_signed(ledger, terms.id, who.code),
        renounced=next((act for act in rare if act.kind is ActionKind.INTENTION_NOT_TO_BE_BOUND), None),
        undated=ledger.undated(terms.id, who.code),
    )  # fmt: skip


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
    return frozenset(ledger.continuing(a.participant) for a in ledger.every_act(instrument) if not a.is_exact)


_RARE = (ActionKind.SUSPENSION, ActionKind.RESUMPTION, ActionKind.INTENTION_NOT_TO_BE_BOUND)


@memoized
def _suspensions_and_renunciations(ledger: Ledger, instrument: str) -> Mapping[str, Sequence[Action]]:
    """The few acts of these kinds by participant, so that nobody looks for them among all acts of each."""
    found = acts_by_person(ledger, instrument).items()
    rare = {code: [act for act in acts if act.kind in _RARE] for code, acts in found}
    return {code: acts for code, acts in rare.items() if acts}


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
        return StatusSince(ParticipantStatus.WITHDRAWN, _withdrawn_since(spell))
    if provisional and provisional.holds_on(day):
        return StatusSince(ParticipantStatus.PROVISIONAL, provisional.start)
    return StatusSince(ParticipantStatus.SIGNATORY, signature.date) if signature else NO_ACTION


def _withdrawn_since(spell: Consent) -> date | PartialDate | None:
    """The day on which a withdrawal took effect, as far as the record knows it."""
    act = spell.ended_by
    if act is None or act.is_exact or spell.ends_by_others:
        return spell.ends_on
    return act.effective_on or (act.date if spell.end_rule is not EndRule.CLAUSE else None)


def _why(
    ledger: Ledger, instrument: str, code: str, where: StatusSince, binding: Binding | None, signature: Action | None
) -> str:
    match where.status:
        case ParticipantStatus.PARTY | ParticipantStatus.CONTRACTING_PARTY if binding:
            return _why_consenting(ledger, instrument, where.status, binding)
        case ParticipantStatus.WITHDRAWN if binding:
            return _why_withdrawn(ledger, instrument, binding.consent)
        case ParticipantStatus.PROVISIONAL:
            return _why_provisional(ledger, instrument, code, signature)
        case ParticipantStatus.SIGNATORY if signature:
            return _why_signatory(ledger, instrument, code, signature, binding)
    return _why_none(ledger, instrument, code)


def _when(act: Action) -> str:
    """When an act was done, as it follows a verb: `on 5 May 2001`, `by 6 October 2006, on a day not known`."""
    if act.date or not act.known_by:
        return f"on {in_words(act.date)}"
    return f"by {in_words(act.known_by)}, on a day not known"


def _why_signatory(ledger: Ledger, instrument: str, code: str, signature: Action, binding: Binding | None) -> str:
    revoked = " Its consent was revoked; its signature stands." if binding else ""
    said = [a for a in ledger.acts_of(instrument, code) if a.kind is ActionKind.INTENTION_NOT_TO_BE_BOUND]
    renounced = f" On {in_words(said[-1].date)} it stated that it does not intend to become a party." if said else ""
    return f"Signed {_when(signature)}.{revoked}{renounced}"


def _why_provisional(ledger: Ledger, instrument: str, code: str, signature: Action | None) -> str:
    found = provisional_applications(ledger, instrument)[code]
    signed = f" Signed {_when(signature)}." if signature else ""
    return (
        f"It applies the instrument provisionally since {in_words(found.start)} (pending its entry into force).{signed}"
    )


def _why_none(ledger: Ledger, instrument: str, code: str) -> str:
    if has_ceased_to_exist(ledger, code, ledger.horizon):
        return _gone(ledger, code)
    if open_acts := _may_have_done(ledger, instrument, code):
        kinds = explanation.join_names(list(dict.fromkeys(act.kind.words for act in open_acts)))
        return f"The day of its {kinds} is not known: it may have been done by this day."
    acts = ledger.acts_of(instrument, code)
    if not acts:
        partial = is_partial(ledger, instrument)
        return "Not in our data, which are incomplete here." if partial else "The record has no act of it."
    places = list(dict.fromkeys(act.territory for act in acts if act.territory))
    if places and all(act.territory for act in acts):
        return f"It has acted for {explanation.join_names(places)} only."
    last = acts[-1]
    return f"Its last act, {last.kind.words} on {in_words(last.date)}, gives it no standing on this day."


def _may_have_done(ledger: Ledger, instrument: str, code: str) -> list[Action]:
    """The acts of a participant that are not certain by the ledger's day, and may have been done by it."""
    certain = {act.kind for act in ledger.acts_of(instrument, code)}
    early = at_the_earliest(ledger, instrument).acts_of(instrument, code)
    found = [*(act for act in early if act.kind not in certain), *ledger.undated(instrument, code)]
    return [act for act in found if not act.territory]


def _why_withdrawn(ledger: Ledger, instrument: str, spell: Consent) -> str:
    act, ended = spell.ended_by, in_words(spell.ends_on)
    notified = f"Withdrawal notified on {in_words(act.date)}" if act else ""
    match spell.end_rule:
        case EndRule.NOT_KNOWN if act and act.counts_from:
            least = in_words(add_months(act.counts_from, LEAST_NOTICE))
            return (
                f"{notified}; the day of its effect is not known, since the record has no notice period. By default a "
                f"notice runs for twelve months, to {least} (Vienna Convention on the Law of Treaties, art. 56(2))."
            )
        case EndRule.BEFORE_ENTRY:
            return f"{notified}, before the instrument was in force, so it took effect at once."
        case EndRule.FALLS_WITH if act:
            other = names_in(ledger)(act.instrument)
            return f"Its consent ended on {ended} with that to {other}: withdrawal notified on {in_words(act.date)}."
        case EndRule.DENOUNCED_BY if act:
            return f"{names_in(ledger)(act.instrument)} binds it from {ended}, which denounces this instrument for it."
        case EndRule.CEASES_WITH:
            clause = clause_of(ledger.instrument(instrument))
            body = clause.ceases_with.members.said(names_in(ledger)) if clause.ceases_with else "members"
            return f"Its consent ended on {ended}, since it is no longer among the {body}."
        case EndRule.TERM:
            return f"Its consent was given for a term, which ended on {ended}."
    if act and not act.is_exact:
        return f"{notified}; it took effect on {in_words(_withdrawn_since(spell))}, and may have done so by this day."
    return f"{notified}, with effect from {ended}."


def _why_consenting(ledger: Ledger, instrument: str, status: ParticipantStatus, binding: Binding) -> str:
    act, day, end = binding.consent.action, ledger.horizon, binding.consent.ends_on
    where = "" if act.instrument == instrument else f" of {names_in(ledger)(act.instrument)}"
    done = f"{act.kind.words[0].upper()}{act.kind.words[1:]}{where} {_when(act)}."
    if status is ParticipantStatus.PARTY:
        leaving = f" {_leaving(binding.consent, end)}" if end and binding.until == end else ""
        return f"{done} {binding.why}{leaving}"
    ended = entry_into_force(ledger, instrument).ended_on
    why = f"The instrument ended on {in_words(ended)}." if ended and ended <= day else binding.why
    return f"{done} {why}"


def _leaving(spell: Consent, end: date) -> str:
    """That a consent which still holds is to end, and when."""
    if spell.end_rule is EndRule.TERM:
        return f"Its consent was given for a term, to {in_words(end)}."
    if spell.ends_by_others:
        return f"Its consent ends on {in_words(end)}: {spell.end_rule}."
    return f"Withdrawal notified; it takes effect on {in_words(end)}."


def _gone(ledger: Ledger, code: str) -> str:
    who = ledger.participant(code)
    if (later := ledger.continuing(code)) != code:
        return f"{who.name} is continued by {name_of(ledger, later)}, under which its acts stand."
    heirs = [ledger.participants[each].name for each in who.successors if each in ledger.participants]
    succeeded = f" (succeeded by {', '.join(heirs)})" if heirs else ""
    return f"{who.name} ceased to exist on {in_words(who.exists_to)}{succeeded}; its acts stay in the record."


@dataclass(frozen=True, slots=True)
class InstrumentStatus:
    """An instrument's counts and entry into force on a day (`as_of`, None for the whole record).

    `parties` is what the UN Treaty Collection prints (consented and not withdrawn, organizations
    included), `bound` those for which the instrument is in force (each with the most that there may be, where the
    record lacks a day),  `entry.threshold.counted` the
    deposits that count towards the threshold, `provisional` those that apply it provisionally. `undated` is how
    many have consented, `signed_undated` how many have signed, on a day of which the record knows nothing.
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
    terms, early = ledger.instrument(instrument), at_the_earliest(ledger, instrument)
    return InstrumentStatus(
        instrument=terms,
        as_of=ledger.day,
        **_at_least_and_at_most("signatories", signatories(ledger, terms.id), signatories(early, terms.id)),
        **_at_least_and_at_most("parties", parties(ledger, terms.id), parties(early, terms.id)),
        **_at_least_and_at_most("bound", bound_participants(ledger, terms.id), bound_participants(early, terms.id)),
        provisional=sum(s.status is ParticipantStatus.PROVISIONAL for s in _provisional(ledger, terms.id)),
        undated=len({act.participant for act in ledger.undated(terms.id) if act.kind.consents}),
        signed_undated=len(_signed_undated(ledger, terms.id)),
        entry=entry_into_force(ledger, terms.id),
    )


def _at_least_and_at_most(name: str, certain: frozenset[str], possible: frozenset[str]) -> dict[str, int]:
    return {name: len(certain), f"{name}_at_most": len(certain | possible)}


def _provisional(ledger: Ledger, instrument: str) -> list[StatusSince]:
    return [status_of(ledger, instrument, code) for code in provisional_applications(ledger, instrument)]


def _signed_undated(ledger: Ledger, instrument: str) -> set[str]:
    signed = {act.participant for act in ledger.undated(instrument) if act.kind.signs}
    return signed - set(signatures(ledger, instrument))


def statuses(ledger: Ledger) -> tuple[InstrumentStatus, ...]:
    """The status of every instrument, in the order of the record."""
    return tuple(status(ledger, instrument) for instrument in ledger.instruments)
