"""Which ties there are between the nodes of a day, and which are missing, each in words.

`ties` and `absences` are all of the day; `ties_of` and `absences_of` are one node's, at the cost of that node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tracker.graph.membership_sets import ids, in_force, instruments, people, shortfalls
from tracker.graph.model import Node, NodeKind, Tie, TieKind, node_id
from tracker.law import assessments
from tracker.law.dates import PartialDate, in_words
from tracker.law.gaps import GapKind, gaps_of
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Assessment, Mandate, Membership
from tracker.law.status import Status, Where, places, where

_STANDINGS = {
    Status.PARTY: TieKind.PARTY,
    Status.CONTRACTING_PARTY: TieKind.CONTRACTING_PARTY,
    Status.SIGNATORY: TieKind.SIGNATORY,
    Status.WITHDRAWN: TieKind.WITHDRAWN,
}
_ABSENCES = {
    GapKind.SIGNED_ONLY: TieKind.SIGNED_ONLY,
    GapKind.WITHDRAWN: TieKind.LEFT,
    GapKind.CONVENTION_ALONE: TieKind.CONVENTION_ALONE,
    GapKind.PROTOCOL_ALONE: TieKind.PROTOCOL_ALONE,
    GapKind.ABSENT: TieKind.NEVER_SIGNED,
}
_RELATIONS = {
    "reviews-implementation": "reviews the implementation",
    "recommends-ratification": "recommends ratification",
    "depositary": "is the depositary's organization",
    "governs": "governs",
    "secretariat": "is the secretariat",
}


@remembered
def ties(ledger: Ledger) -> tuple[Tie, ...]:
    """Every tie there is on the ledger's day: of participants, of instruments, and of bodies, judgements included."""
    return (*standing_ties(ledger, ledger.instruments), *other_ties(ledger))


def standing_ties(ledger: Ledger, these: Iterable[str]) -> tuple[Tie, ...]:
    """The ties between participants and these instruments."""
    return _known(ledger, (tie for each in these for tie in _standings_on(ledger, each)))


@remembered
def other_ties(ledger: Ledger) -> tuple[Tie, ...]:
    """The ties that are no participant's standing on an instrument: of protocols and of bodies."""
    return _known(ledger, (*_protocols(ledger), *_of_bodies(ledger)))


def ties_of(ledger: Ledger, node: Node) -> tuple[Tie, ...]:
    """The ties of one node of the day, in the order of `ties`."""
    found: Iterable[Tie | None] = ()
    if node.kind is NodeKind.PARTICIPANT:
        found = (_standing(ledger, each, node.code, where(ledger, each, node.code)) for each in ledger.instruments)
    elif node.kind is NodeKind.INSTRUMENT:
        found = _standings_on(ledger, node.code)
    own = _known(ledger, filter(None, found))
    return (*own, *(tie for tie in other_ties(ledger) if node.id in (tie.source, tie.target)))


def ties_between(ledger: Ledger, one: Node, other: Node) -> tuple[Tie, ...]:
    """The ties of two nodes of the day to each other, in either direction."""
    ends = {one.kind: one, other.kind: other}
    if ends.keys() == {NodeKind.PARTICIPANT, NodeKind.INSTRUMENT}:
        who, what = ends[NodeKind.PARTICIPANT].code, ends[NodeKind.INSTRUMENT].code
        tie = _standing(ledger, what, who, where(ledger, what, who))
        return (tie,) if tie else ()
    return tuple(tie for tie in other_ties(ledger) if {tie.source, tie.target} == {one.id, other.id})


@remembered
def absences(ledger: Ledger) -> tuple[Tie, ...]:
    """Every tie that is missing on the ledger's day, as `gaps` finds them; by participant, then instrument."""
    found: dict[str, list[Tie]] = {code: [] for code in people(ledger)}
    for instrument in instruments(ledger):
        for code, tie in _absences_from(ledger, instrument):
            found[code].append(tie)
    return tuple(tie for those in found.values() for tie in those)


def absences_of(ledger: Ledger, node: Node) -> tuple[Tie, ...]:
    """The missing ties of one node of the day, in the order of `absences`; a body misses none."""
    if node.kind is NodeKind.PARTICIPANT:
        return tuple(_absences_by(ledger, node.code))
    if node.kind is NodeKind.INSTRUMENT:
        found = dict(_absences_from(ledger, node.code))
        return tuple(found[code] for code in people(ledger) if code in found)
    return ()


def _known(ledger: Ledger, found: Iterable[Tie]) -> tuple[Tie, ...]:
    """Those of them that tie two nodes of the day."""
    known = ids(ledger)
    return tuple(tie for tie in found if tie.source in known and tie.target in known)


def _of_bodies(ledger: Ledger) -> Iterator[Tie]:
    yield from (*_mandates(ledger), *_memberships(ledger), *_parts(ledger), *_judgements(ledger))


def _standings_on(ledger: Ledger, instrument: str) -> Iterator[Tie]:
    """By name, as all that participants are part of."""
    stands = places(ledger, instrument)
    found = (_standing(ledger, instrument, code, stands[code]) for code in people(ledger) if code in stands)
    yield from filter(None, found)


def _standing(ledger: Ledger, instrument: str, code: str, where: Where) -> Tie | None:
    """The tie that a standing is; None where there is none."""
    kind = _STANDINGS.get(where.status)
    if kind is None:
        return None
    source, target = node_id(NodeKind.PARTICIPANT, code), node_id(NodeKind.INSTRUMENT, instrument)
    words, pending = _since(where.status.value, where.since), not in_force(ledger, instrument)
    return Tie(source, target, kind, words, where.since, pending)


def _absences_by(ledger: Ledger, code: str) -> Iterator[Tie]:
    there = instruments(ledger)
    found = (gap for gap in gaps_of(ledger, code) if gap.instrument in there)
    yield from (_absence(ledger, gap.instrument, code, gap.kind, gap.standing.since) for gap in found)


def _absences_from(ledger: Ledger, instrument: str) -> Iterator[tuple[str, Tie]]:
    """What `_absences_by` finds on one instrument, each with its participant, at the cost of that instrument alone."""
    for code, (kind, since) in shortfalls(ledger, instrument).items():
        yield code, _absence(ledger, instrument, code, kind, since)


def _protocols(ledger: Ledger) -> Iterator[Tie]:
    for each in ledger.instruments.values():
        if each.parent:
            source, target = node_id(NodeKind.INSTRUMENT, each.id), node_id(NodeKind.INSTRUMENT, each.parent)
            yield Tie(source, target, TieKind.PROTOCOL_OF, f"{each.kind} to it", each.adopted_on)


def _mandates(ledger: Ledger) -> Iterator[Tie]:
    held: dict[tuple[str, str], list[Mandate]] = {}
    for mandate in ledger.mandates:
        held.setdefault((mandate.body, mandate.instrument), []).append(mandate)
    for (body, instrument), mandates in held.items():
        words = ", ".join(_RELATIONS.get(m.relation, m.relation.replace("-", " ")) for m in mandates)
        yield Tie(node_id(NodeKind.BODY, body), node_id(NodeKind.INSTRUMENT, instrument), TieKind.WATCHES, words)


def _memberships(ledger: Ledger) -> Iterator[Tie]:
    for body in ledger.bodies:
        members = ledger.members(body)
        for held in ledger.memberships(body):
            if held.role == "member" and held.participant in members and held.holds_on(ledger.horizon):
                yield _membership(held)


def _membership(held: Membership) -> Tie:
    source, target = node_id(NodeKind.PARTICIPANT, held.participant), node_id(NodeKind.BODY, held.body)
    return Tie(source, target, TieKind.MEMBER, _since("member", held.start), held.start)


def _parts(ledger: Ledger) -> Iterator[Tie]:
    for body in ledger.bodies.values():
        if body.parent:
            source, target = node_id(NodeKind.BODY, body.id), node_id(NodeKind.BODY, body.parent)
            yield Tie(source, target, TieKind.PART_OF, _since("part of it", body.established_on), body.established_on)


def _judgements(ledger: Ledger) -> Iterator[Tie]:
    """One tie from a body to each participant that it holds to something, whatever the number of its schemes."""
    found: dict[tuple[str, str], list[Assessment]] = {}
    for scheme in assessments.schemes(ledger):
        for code, judged in assessments.held(ledger, scheme.id).items():
            found.setdefault((scheme.body, code), []).append(judged)
    for (body, code), several in found.items():
        words = "; ".join(map(_judgement, several))
        since = several[0].start if len(several) == 1 else None
        yield Tie(node_id(NodeKind.BODY, body), node_id(NodeKind.PARTICIPANT, code), TieKind.ASSESSED, words, since)


def _judgement(judged: Assessment) -> str:
    edition = f" ({judged.edition} edition)" if judged.edition else ""
    unverified = ", unverified" if judged.unverified else ""
    return f"{judged.value} of '{judged.scheme}'{edition}{unverified}"


def _absence(ledger: Ledger, instrument: str, code: str, kind: GapKind, since: date | PartialDate | None) -> Tie:
    source, target = node_id(NodeKind.PARTICIPANT, code), node_id(NodeKind.INSTRUMENT, instrument)
    words, pending = _lacking(ledger, instrument, kind, since), not in_force(ledger, instrument)
    return Tie(source, target, _ABSENCES[kind], words, since, pending)


def _lacking(ledger: Ledger, instrument: str, kind: GapKind, since: date | PartialDate | None) -> str:
    match kind:
        case GapKind.ABSENT:
            return "eligible, has never signed"
        case GapKind.SIGNED_ONLY:
            return f"signed on {in_words(since)}, has not consented"
        case GapKind.WITHDRAWN:
            return _since("withdrawn", since)
        case GapKind.PROTOCOL_ALONE:
            return "party to this protocol without its convention"
        case GapKind.CONVENTION_ALONE:
            parent = ledger.instrument(ledger.instrument(instrument).parent)
            return f"has consented to {parent.name}, has never signed this protocol"


def _since(what: str, day: date | PartialDate | None) -> str:
    return f"{what} since {in_words(day)}" if day else what
