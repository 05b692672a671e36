"""Which ties there are between the nodes of a day, and which are missing, each in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.law import assessments
from tracker.law.dates import PartialDate, in_words
from tracker.law.gaps import Gap, GapKind, gaps_of
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Assessment, Mandate, Membership
from tracker.law.network.parts import NodeKind, Tie, TieKind, node_id
from tracker.law.network.points import in_force, nodes
from tracker.law.standing import Status, standings

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
    known = {node.id for node in nodes(ledger)}
    of_bodies = (*_mandates(ledger), *_memberships(ledger), *_parts(ledger), *_judgements(ledger))
    found = (*_standings(ledger), *_protocols(ledger), *of_bodies)
    return tuple(tie for tie in found if tie.source in known and tie.target in known)


@remembered
def absences(ledger: Ledger) -> tuple[Tie, ...]:
    """Every tie that is missing on the ledger's day, as `gaps` finds them; by participant, then instrument."""
    instruments = {node.code for node in nodes(ledger) if node.kind is NodeKind.INSTRUMENT}
    participants = (node.code for node in nodes(ledger) if node.kind is NodeKind.PARTICIPANT)
    found = (gap for code in participants for gap in gaps_of(ledger, code))
    return tuple(_absence(ledger, gap) for gap in found if gap.instrument in instruments)


def _standings(ledger: Ledger) -> Iterator[Tie]:
    for each in ledger.instruments:
        target, pending = node_id(NodeKind.INSTRUMENT, each), not in_force(ledger, each)
        for where in standings(ledger, each):
            if kind := _STANDINGS.get(where.status):
                source = node_id(NodeKind.PARTICIPANT, where.participant)
                words = _since(where.status.value, where.since)
                yield Tie(source, target, kind, words, where.since, pending)


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


def _absence(ledger: Ledger, gap: Gap) -> Tie:
    kind, where = _ABSENCES[gap.kind], gap.standing
    words = {
        TieKind.SIGNED_ONLY: f"signed on {in_words(where.since)}, has not consented",
        TieKind.LEFT: _since("withdrawn", where.since),
        TieKind.NEVER_SIGNED: "eligible, has never signed",
        TieKind.PROTOCOL_ALONE: "party to this protocol without its convention",
    }.get(kind) or _beside_convention(ledger, gap)
    source, target = node_id(NodeKind.PARTICIPANT, gap.participant), node_id(NodeKind.INSTRUMENT, gap.instrument)
    return Tie(source, target, kind, words, where.since, not in_force(ledger, gap.instrument))


def _beside_convention(ledger: Ledger, gap: Gap) -> str:
    parent = ledger.instrument(ledger.instrument(gap.instrument).parent)
    return f"has consented to {parent.name}, has never signed this protocol"


def _since(what: str, day: date | PartialDate | None) -> str:
    return f"{what} since {in_words(day)}" if day else what
