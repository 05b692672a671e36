"""Who is in the network on a date, and who is joined by what: plain sets of codes on which every measure rests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from tracker.graph.model import NodeKind, node_id
from tracker.law.assessments import schemes
from tracker.law.consents import signatories, signatures
from tracker.law.coverage import at_the_earliest, is_partial
from tracker.law.dates import PartialDate
from tracker.law.effects import provisional_applications
from tracker.law.entry_into_force import consents, entry_into_force, parties
from tracker.law.gaps import UNKNOWN_WHERE_PARTIAL, GapKind, eligible_participants, exists_on, gap_kind
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Body, Instrument, Participant
from tracker.law.status import ParticipantStatus, status_of
from tracker.law.threshold import ForceStatus


class StatusesOfInstrument(NamedTuple):
    """The participants of an instrument by where they stand on it: consented, signed only, withdrawn.

    `undated` may have consented, on a day that the record lacks; `provisional` apply the instrument provisionally.
    """

    consented: frozenset[str]
    signed: frozenset[str]
    withdrawn: frozenset[str]
    undated: frozenset[str]
    provisional: frozenset[str]


@memoized
def participants_of_day(ledger: Ledger) -> Mapping[str, Participant]:
    """The participants of the day by code, in the order of their names: States that exist, others that have acted."""
    drawn = (who for who in ledger.participants.values() if _is_drawn(ledger, who))
    return {who.code: who for who in sorted(drawn, key=lambda who: (who.name, who.code))}


@memoized
def instruments_of_day(ledger: Ledger) -> Mapping[str, Instrument]:
    """The instruments that there are on the day, in the order of the record: those adopted by then, or opened."""
    return {id: terms for id, terms in ledger.instruments.items() if _is_adopted(ledger, terms)}


@memoized
def bodies_of_day(ledger: Ledger) -> Mapping[str, Body]:
    """The bodies that exist on the day and have an instrument, a member or somebody on a list of theirs, by id."""
    busy = {m.body for m in ledger.mandates} | {each for each in ledger.bodies if ledger.members(each)}
    busy |= {scheme.body for scheme in schemes(ledger) if scheme.size}
    return {id: body for id, body in ledger.bodies.items() if id in busy and _lives(body, ledger.horizon)}


@memoized
def node_ids(ledger: Ledger) -> frozenset[str]:
    """The ids of all nodes of the day."""
    there = {
        NodeKind.PARTICIPANT: participants_of_day(ledger),
        NodeKind.INSTRUMENT: instruments_of_day(ledger),
        NodeKind.BODY: bodies_of_day(ledger),
    }
    return frozenset(node_id(kind, code) for kind, codes in there.items() for code in codes)


@memoized
def statuses_on(ledger: Ledger, instrument: str) -> StatusesOfInstrument:
    """Everyone's place towards the instrument on the ledger's day, as sets of codes."""
    here, spells = participants_of_day(ledger).keys(), consents(ledger, instrument)
    consented = parties(ledger, instrument) & here
    gone = (code for code in spells if code in here and code not in consented)
    left = frozenset(c for c in gone if status_of(ledger, instrument, c).status is ParticipantStatus.WITHDRAWN)
    undated = (parties(at_the_earliest(ledger, instrument), instrument) - consented) & here
    applying = frozenset(
        code
        for code in provisional_applications(ledger, instrument)
        if code in here and status_of(ledger, instrument, code).status is ParticipantStatus.PROVISIONAL
    )
    signed = (signatories(ledger, instrument) & here) - consented - left - applying
    return StatusesOfInstrument(consented, signed, left, undated, applying)


@memoized
def in_force(ledger: Ledger, instrument: str) -> bool:
    """Is the instrument in force on the ledger's day?"""
    return entry_into_force(ledger, instrument).status is ForceStatus.IN_FORCE


def eligible_for(ledger: Ledger, instrument: str) -> frozenset[str]:
    """The participants of the day that may join the instrument: those it is expected of, and those that have acted."""
    return _open_to(ledger, ledger.instrument(instrument).id)


@memoized
def _open_to(ledger: Ledger, instrument: str) -> frozenset[str]:
    where = statuses_on(ledger, instrument)
    return (eligible_participants(ledger, instrument) & participants_of_day(ledger).keys()).union(*where)


def absent_from(ledger: Ledger, instrument: str) -> frozenset[str]:
    """The participants that a gap of theirs ties to the instrument, as `gaps` finds them."""
    return frozenset(gaps_by_participant(ledger, instrument))


def _without_consent(ledger: Ledger, instrument: str) -> frozenset[str]:
    """Those that could be a party to the instrument, or to the convention of their protocol, and are not."""
    where, parent = statuses_on(ledger, instrument), ledger.instrument(instrument).parent
    absent = eligible_for(ledger, instrument) - where.consented - where.undated
    if parent not in ledger.instruments:
        return absent
    above = statuses_on(ledger, parent)
    return absent | (where.consented - above.consented - above.undated)


class ParticipantGap(NamedTuple):
    """How a participant is missing from an instrument, and since when (None where no day began it)."""

    kind: GapKind
    since: date | PartialDate | None = None


def gaps_by_participant(ledger: Ledger, instrument: str) -> Mapping[str, ParticipantGap]:
    """How each participant of `absent_from` is missing, by the rule of `gap_kind`, by code in no order."""
    stands, parent = statuses_on(ledger, instrument), ledger.instrument(instrument).parent
    early = at_the_earliest(ledger, instrument)
    signed: dict[str, PartialDate | None] = dict.fromkeys(signatories(early, instrument))
    signed |= {code: act.date for code, act in signatures(ledger, instrument).items() if code in stands.signed}
    above = statuses_on(ledger, parent) if parent in ledger.instruments else None

    def how(code: str) -> ParticipantGap:
        kind = gap_kind(
            consented=code in stands.consented,
            withdrawn=code in stands.withdrawn,
            signed=code in signed,
            in_parent=above and (code in above.consented or (None if code in above.undated else False)),
            provisional=code in stands.provisional,
        )
        assert kind is not None  # all of these miss something
        if kind in (GapKind.PROTOCOL_ALONE, GapKind.WITHDRAWN, GapKind.PROVISIONAL):
            return ParticipantGap(kind, status_of(ledger, instrument, code).since)
        return ParticipantGap(kind, signed[code] if kind is GapKind.SIGNED_ONLY else None)

    found = {code: how(code) for code in _without_consent(ledger, instrument)}
    if is_partial(ledger, instrument):
        return {code: gap for code, gap in found.items() if gap.kind not in UNKNOWN_WHERE_PARTIAL}
    return found


@memoized
def members_by_node(ledger: Ledger) -> Mapping[str, frozenset[str]]:
    """By the node id of each instrument and each body with members: the codes of all that it binds together.

    Instruments bind those that have consented, bodies their members; in the order of the record.
    """
    here = participants_of_day(ledger).keys()
    bound = {node_id(NodeKind.INSTRUMENT, id): statuses_on(ledger, id).consented for id in instruments_of_day(ledger)}
    joined = {node_id(NodeKind.BODY, id): ledger.members(id) & here for id in bodies_of_day(ledger)}
    return bound | {id: members for id, members in joined.items() if members}


def _is_drawn(ledger: Ledger, who: Participant) -> bool:
    return exists_on(ledger, who.code) and (who.is_state or bool(ledger.acts_by(who.code)))


def _is_adopted(ledger: Ledger, terms: Instrument) -> bool:
    """Was there anything to sign by that day, as far as the record knows?"""
    begun = terms.adopted_on or terms.opened_on
    return begun is None or begun.first <= ledger.horizon


def _lives(body: Body, day: date) -> bool:
    begun = body.established_on is None or body.established_on.first <= day
    return begun and (body.dissolved_on is None or day < body.dissolved_on.last)
