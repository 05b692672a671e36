"""Which edges there are between the nodes of a date, and which are missing, each in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from tracker.graph.membership_sets import (
    gaps_by_participant,
    in_force,
    instruments_of_day,
    node_ids,
    participants_of_day,
)
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind, joined, node_id
from tracker.law import assessments
from tracker.law.coverage import SIGNATURES, is_partial
from tracker.law.dates import PartialDate
from tracker.law.gaps import GapKind, gaps_of_participant
from tracker.law.ledger import Ledger, memoized, title_of
from tracker.law.model import Assessment, Mandate, Membership
from tracker.law.reference_facts import ObjectionEffect, Statement
from tracker.law.reservations import objections
from tracker.law.statements import StatementState
from tracker.law.status import ParticipantStatus, StatusSince, status_of, statuses_of_participants
from tracker.messages import TranslatableText, message

_STANDINGS = {
    ParticipantStatus.PARTY: EdgeKind.PARTY,
    ParticipantStatus.CONTRACTING_PARTY: EdgeKind.CONTRACTING_PARTY,
    ParticipantStatus.PROVISIONAL: EdgeKind.PROVISIONAL,
    ParticipantStatus.SIGNATORY: EdgeKind.SIGNATORY,
    ParticipantStatus.WITHDRAWN: EdgeKind.WITHDRAWN,
}
_ABSENCES = {
    GapKind.PROVISIONAL: EdgeKind.PROVISIONAL_ONLY,
    GapKind.SIGNED_ONLY: EdgeKind.SIGNED_ONLY,
    GapKind.WITHDRAWN: EdgeKind.LEFT,
    GapKind.CONVENTION_ALONE: EdgeKind.CONVENTION_ALONE,
    GapKind.PROTOCOL_ALONE: EdgeKind.PROTOCOL_ALONE,
    GapKind.ABSENT: EdgeKind.NEVER_SIGNED,
}
_RELATIONS: Mapping[str, str] = {
    "reviews-implementation": message("reviews the implementation"),
    "recommends-ratification": message("recommends ratification"),
    "depositary": message("is the depositary's organization"),
    "governs": message("governs"),
    "secretariat": message("is the secretariat"),
}
_KINDS_TO_IT: Mapping[str, TranslatableText] = {
    "protocol": message("protocol to it"),
    "agreement": message("agreement to it"),
    "amendment": message("amendment to it"),
}
Day = date | PartialDate | None
_SAID: Mapping[str, tuple[TranslatableText, Callable[[Day], TranslatableText]]] = {
    "party": (message("party"), lambda day: message("party since {date}", date=day)),
    "contracting party": (
        message("contracting party"),
        lambda day: message("contracting party since {date}", date=day),
    ),
    "applies provisionally": (
        message("applies provisionally"),
        lambda day: message("applies provisionally since {date}", date=day),
    ),
    "signatory": (message("signatory"), lambda day: message("signatory since {date}", date=day)),
    "withdrawn": (message("withdrawn"), lambda day: message("withdrawn since {date}", date=day)),
    "member": (message("member"), lambda day: message("member since {date}", date=day)),
    "part of it": (message("part of it"), lambda day: message("part of it since {date}", date=day)),
}  # without and with the day since when


@memoized
def edges(ledger: Ledger) -> tuple[Edge, ...]:
    """Every tie there is on the ledger's day: of participants, of instruments, and of bodies, judgements included."""
    return (*status_edges(ledger, ledger.instruments), *other_edges(ledger))


def status_edges(ledger: Ledger, these: Iterable[str]) -> tuple[Edge, ...]:
    """The ties between participants and these instruments."""
    return _between_known_nodes(ledger, (tie for each in these for tie in _standings_on(ledger, each)))


@memoized
def other_edges(ledger: Ledger) -> tuple[Edge, ...]:
    """The ties that are no participant's standing on an instrument: of protocols, of objections, and of bodies."""
    return _between_known_nodes(ledger, (*_protocols(ledger), *_objections(ledger), *_of_bodies(ledger)))


def edges_of(ledger: Ledger, node: Node) -> tuple[Edge, ...]:
    """The ties of one node of the day, in the order of `ties`."""
    found: Iterable[Edge | None] = ()
    if node.kind is NodeKind.PARTICIPANT:
        found = (_standing(ledger, each, node.code, status_of(ledger, each, node.code)) for each in ledger.instruments)
    elif node.kind is NodeKind.INSTRUMENT:
        found = _standings_on(ledger, node.code)
    own = _between_known_nodes(ledger, filter(None, found))
    return (*own, *(tie for tie in other_edges(ledger) if node.id in (tie.source, tie.target)))


def edges_between(ledger: Ledger, one: Node, other: Node) -> tuple[Edge, ...]:
    """The ties of two nodes of the day to each other, in either direction."""
    ends = {one.kind: one, other.kind: other}
    if ends.keys() == {NodeKind.PARTICIPANT, NodeKind.INSTRUMENT}:
        who, what = ends[NodeKind.PARTICIPANT].code, ends[NodeKind.INSTRUMENT].code
        tie = _standing(ledger, what, who, status_of(ledger, what, who))
        return (tie,) if tie else ()
    return tuple(tie for tie in other_edges(ledger) if {tie.source, tie.target} == {one.id, other.id})


@memoized
def missing_edges(ledger: Ledger) -> tuple[Edge, ...]:
    """Every tie that is missing on the ledger's day, as `gaps` finds them; by participant, then instrument."""
    found: dict[str, list[Edge]] = {code: [] for code in participants_of_day(ledger)}
    for instrument in instruments_of_day(ledger):
        for code, tie in _absences_from(ledger, instrument):
            found[code].append(tie)
    return tuple(tie for those in found.values() for tie in those)


def missing_edges_of(ledger: Ledger, node: Node) -> tuple[Edge, ...]:
    """The missing ties of one node of the day, in the order of `absences`; a body misses none."""
    if node.kind is NodeKind.PARTICIPANT:
        return tuple(_absences_by(ledger, node.code))
    if node.kind is NodeKind.INSTRUMENT:
        found = dict(_absences_from(ledger, node.code))
        return tuple(found[code] for code in participants_of_day(ledger) if code in found)
    return ()


def _between_known_nodes(ledger: Ledger, found: Iterable[Edge]) -> tuple[Edge, ...]:
    """Those of them that tie two nodes of the day."""
    known = node_ids(ledger)
    return tuple(tie for tie in found if tie.source in known and tie.target in known)


def _of_bodies(ledger: Ledger) -> Iterator[Edge]:
    yield from (*_mandates(ledger), *_memberships(ledger), *_parts(ledger), *_judgements(ledger))


def _standings_on(ledger: Ledger, instrument: str) -> Iterator[Edge]:
    """By name, as all that participants are part of."""
    stands = statuses_of_participants(ledger, instrument)
    found = (
        _standing(ledger, instrument, code, stands[code]) for code in participants_of_day(ledger) if code in stands
    )
    yield from filter(None, found)


def _standing(ledger: Ledger, instrument: str, code: str, where: StatusSince) -> Edge | None:
    """The tie that a standing is; None where there is none."""
    kind = _STANDINGS.get(where.status)
    if kind is None:
        return None
    source, target = node_id(NodeKind.PARTICIPANT, code), node_id(NodeKind.INSTRUMENT, instrument)
    words, pending = _since(where.status.value, where.since), not in_force(ledger, instrument)
    return Edge(source, target, kind, words, where.since, pending)


def _absences_by(ledger: Ledger, code: str) -> Iterator[Edge]:
    there = instruments_of_day(ledger)
    found = (gap for gap in gaps_of_participant(ledger, code) if gap.instrument in there)
    yield from (_absence(ledger, gap.instrument, code, gap.kind, gap.standing.since) for gap in found)


def _absences_from(ledger: Ledger, instrument: str) -> Iterator[tuple[str, Edge]]:
    """What `_absences_by` finds on one instrument, each with its participant, at the cost of that instrument alone."""
    for code, (kind, since) in gaps_by_participant(ledger, instrument).items():
        yield code, _absence(ledger, instrument, code, kind, since)


def _protocols(ledger: Ledger) -> Iterator[Edge]:
    for each in ledger.instruments.values():
        if each.parent:
            source, target = node_id(NodeKind.INSTRUMENT, each.id), node_id(NodeKind.INSTRUMENT, each.parent)
            yield Edge(
                source,
                target,
                EdgeKind.PROTOCOL_OF,
                _KINDS_TO_IT.get(each.kind) or f"{each.kind} to it",
                each.adopted_on,
            )


def _objections(ledger: Ledger) -> Iterator[Edge]:
    """One tie from a State that objects to reservations of another to that one, whatever the number of treaties."""
    found: dict[tuple[str, str], list[Statement]] = {}
    for instrument in ledger.instruments:
        for pair, theirs in objections(ledger, instrument).items():
            standing = (each.statement for each in theirs if each.state is not StatementState.WITHDRAWN)
            found.setdefault(pair, []).extend(standing)
    for (objecting, reserving), several in found.items():
        if objecting and several:
            words = joined(*(_objection(ledger, each) for each in several))
            said = message("objection to its reservation: {words}", words=words)
            since = several[0].date if len(several) == 1 else None
            source, target = (node_id(NodeKind.PARTICIPANT, code) for code in (objecting, reserving))
            yield Edge(source, target, EdgeKind.OBJECTION, said, since)


def _objection(ledger: Ledger, statement: Statement) -> str:
    found = title_of(ledger, statement.instrument)
    if statement.article:
        found = message("{treaty}, article {article}", treaty=found, article=statement.article)
    if statement.effect is ObjectionEffect.EXCLUDES_TREATY:
        return message("{treaty}, treaty not in force between the two", treaty=found)
    return found


def _mandates(ledger: Ledger) -> Iterator[Edge]:
    held: dict[tuple[str, str], list[Mandate]] = {}
    for mandate in ledger.mandates:
        held.setdefault((mandate.body, mandate.instrument), []).append(mandate)
    for (body, instrument), mandates in held.items():
        said = [_RELATIONS.get(m.relation, m.relation.replace("-", " ")) for m in mandates]
        words = said[0] if len(said) == 1 else ", ".join(said)
        yield Edge(node_id(NodeKind.BODY, body), node_id(NodeKind.INSTRUMENT, instrument), EdgeKind.WATCHES, words)


def _memberships(ledger: Ledger) -> Iterator[Edge]:
    for body in ledger.bodies:
        members = ledger.members(body)
        for held in ledger.memberships(body):
            if held.role == "member" and held.participant in members and held.holds_on(ledger.horizon):
                yield _membership(held)


def _membership(held: Membership) -> Edge:
    source, target = node_id(NodeKind.PARTICIPANT, held.participant), node_id(NodeKind.BODY, held.body)
    return Edge(source, target, EdgeKind.MEMBER, _since("member", held.start), held.start)


def _parts(ledger: Ledger) -> Iterator[Edge]:
    for body in ledger.bodies.values():
        if body.parent:
            source, target = node_id(NodeKind.BODY, body.id), node_id(NodeKind.BODY, body.parent)
            yield Edge(source, target, EdgeKind.PART_OF, _since("part of it", body.established_on), body.established_on)


def _judgements(ledger: Ledger) -> Iterator[Edge]:
    """One tie from a body to each participant that it holds to something, whatever the number of its schemes."""
    found: dict[tuple[str, str], list[Assessment]] = {}
    for scheme in assessments.schemes(ledger):
        for code, judged in assessments.assessments_in_force(ledger, scheme.id).items():
            found.setdefault((scheme.body, code), []).append(judged)
    for (body, code), several in found.items():
        words = joined(*map(_judgement, several))
        since = several[0].start if len(several) == 1 else None
        yield Edge(node_id(NodeKind.BODY, body), node_id(NodeKind.PARTICIPANT, code), EdgeKind.ASSESSED, words, since)


def _judgement(judged: Assessment) -> TranslatableText:
    found = message("{value} of '{scheme}'", value=judged.value, scheme=judged.scheme)
    if judged.edition:
        found = message("{assessment} ({edition} edition)", assessment=found, edition=str(judged.edition))
    return message("{assessment}, unverified", assessment=found) if judged.unverified else found


def _absence(ledger: Ledger, instrument: str, code: str, kind: GapKind, since: date | PartialDate | None) -> Edge:
    source, target = node_id(NodeKind.PARTICIPANT, code), node_id(NodeKind.INSTRUMENT, instrument)
    words, pending = _lacking(ledger, instrument, kind, since), not in_force(ledger, instrument)
    return Edge(source, target, _ABSENCES[kind], words, since, pending)


def _lacking(ledger: Ledger, instrument: str, kind: GapKind, since: Day) -> TranslatableText:
    match kind:
        case GapKind.ABSENT:
            return _NOT_ON_RECORD if is_partial(ledger, instrument, SIGNATURES) else _ABSENT
        case GapKind.PROVISIONAL:
            return message("{provisional}, not ratified", provisional=_since("applies provisionally", since))
        case GapKind.SIGNED_ONLY:
            return _signed(since)
        case GapKind.WITHDRAWN:
            return _since("withdrawn", since)
        case GapKind.PROTOCOL_ALONE:
            return _PROTOCOL_ALONE
        case GapKind.CONVENTION_ALONE:
            return _CONVENTION_ALONE


_ABSENT, _NOT_ON_RECORD = message("eligible, no action"), message("eligible, no action in our data")
_PROTOCOL_ALONE = message("party to this protocol but not to its convention")
_CONVENTION_ALONE = message("party to the convention, no action on this protocol")


@lru_cache(maxsize=4096)  # one day is that of many
def _signed(day: Day) -> TranslatableText:
    if day is None:
        return message("signed on a date not known, not ratified")
    return message("signed on {date}, not ratified", date=day)


@lru_cache(maxsize=4096)
def _since(what: str, day: Day) -> TranslatableText:
    bare, dated = _SAID[what]
    return dated(day) if day else bare
