"""Participants, instruments and bodies as one graph: who is tied to what, since when, and what is missing.

`network` holds the ties that are there, `absences` those that are not; both speak of nodes by ids
such as `participant.FRA`, `instrument.untoc` and `body.greco`. Where a node stands is `layout`'s
question, how it is drawn the web's. Former States appear only on days on which they existed,
territories and organizations only once they have acted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import networkx as nx

from tracker.law.dates import PartialDate, in_words
from tracker.law.force import ForceStatus, entry_into_force
from tracker.law.gaps import CONSENTING, Gap, GapKind, exists, gaps_of
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Body, Instrument, Mandate, Membership, Participant
from tracker.law.standing import Status, standing, standings
from tracker.law.status import status

ELSEWHERE = "No region"  # where a participant without a region of its own is put


class NodeKind(StrEnum):
    """What a node stands for."""

    PARTICIPANT = "participant"
    INSTRUMENT = "instrument"
    BODY = "body"


class TieKind(StrEnum):
    """How two nodes are tied, or in which way a tie is missing (`is_absence`)."""

    PARTY = "party"
    CONTRACTING_PARTY = "contracting-party"
    SIGNATORY = "signatory"
    WITHDRAWN = "withdrawn"
    PROTOCOL_OF = "protocol-of"
    MEMBER = "member"
    WATCHES = "watches"
    PART_OF = "part-of"
    SIGNED_ONLY = "signed-only"
    LEFT = "left"
    CONVENTION_ALONE = "convention-alone"
    PROTOCOL_ALONE = "protocol-alone"
    NEVER_SIGNED = "never-signed"

    @property
    def is_absence(self) -> bool:
        """Does it say that a tie is missing?"""
        return self in _ABSENCES.values()


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


@dataclass(frozen=True, slots=True)
class Node:
    """One participant, instrument or body, with the counts that a reader wants to see beside it.

    `short` is the name as it fits beside a mark; `region` and `un_group` are a participant's, empty for others.
    """

    id: str
    kind: NodeKind
    code: str
    name: str
    short: str
    region: str = ""
    un_group: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie from a node to another, or one that is missing.

    `words` says it without naming either end; `since` is the day it began, None where there is none
    or the record lacks it. `pending` marks a tie to an instrument that is not in force on the day.
    """

    source: str
    target: str
    kind: TieKind
    words: str
    since: date | PartialDate | None = None
    pending: bool = False


def node_id(kind: NodeKind, code: str) -> str:
    """The node's id: its kind and its code."""
    return f"{kind}.{code}"


@remembered
def network(ledger: Ledger) -> nx.MultiDiGraph[str]:
    """Every node and every tie of the ledger's day; attributes are plain text and numbers, edges are keyed by kind."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(as_of=ledger.day.isoformat() if ledger.day else "")
    for node in nodes(ledger):
        graph.add_node(node.id, **_attributes_of_node(node))
    for tie in ties(ledger):
        graph.add_edge(tie.source, tie.target, key=str(tie.kind), **_attributes_of_tie(tie))
    return graph


@remembered
def nodes(ledger: Ledger) -> tuple[Node, ...]:
    """The instruments and the bodies in the order of the record, then the participants by name."""
    people = sorted((p for p in ledger.participants.values() if _drawn(ledger, p)), key=lambda p: p.name)
    tied = _tied_bodies(ledger)
    return (
        *(_instrument(ledger, each) for each in ledger.instruments.values()),
        *(_body(ledger, each) for each in ledger.bodies.values() if each.id in tied),
        *(_participant(ledger, each) for each in people),
    )


@remembered
def ties(ledger: Ledger) -> tuple[Tie, ...]:
    """Every tie there is on the ledger's day: standings, protocols, memberships, mandates, parts of bodies."""
    known = {node.id for node in nodes(ledger)}
    found = (*_standings(ledger), *_protocols(ledger), *_mandates(ledger), *_memberships(ledger), *_parts(ledger))
    return tuple(tie for tie in found if tie.source in known and tie.target in known)


@remembered
def absences(ledger: Ledger) -> tuple[Tie, ...]:
    """Every tie that is missing on the ledger's day, as `gaps` finds them; by participant, then instrument."""
    return tuple(
        _absence(ledger, gap)
        for node in nodes(ledger)
        if node.kind is NodeKind.PARTICIPANT
        for gap in gaps_of(ledger, node.code)
    )


# -- nodes -----------------------------------------------------------------------------------------


def _drawn(ledger: Ledger, who: Participant) -> bool:
    return exists(ledger, who.code) and (who.is_state or bool(ledger.acts_by(who.code)))


def _participant(ledger: Ledger, who: Participant) -> Node:
    stands = [standing(ledger, each, who.code).status for each in ledger.instruments]
    counts = {
        "contracting party to": sum(each in CONSENTING for each in stands),
        "signed only": sum(each is Status.SIGNATORY for each in stands),
        "missing": len({gap.instrument for gap in gaps_of(ledger, who.code) if _in_force(ledger, gap.instrument)}),
    }
    kind, short = NodeKind.PARTICIPANT, who.name.partition(" (")[0]
    return Node(node_id(kind, who.code), kind, who.code, who.name, short, who.region or ELSEWHERE, who.un_group, counts)


def _instrument(ledger: Ledger, terms: Instrument) -> Node:
    kind, now = NodeKind.INSTRUMENT, status(ledger, terms.id)
    counts = {"parties": now.parties, "bound": now.bound, "signatories": now.signatories}
    return Node(node_id(kind, terms.id), kind, terms.id, terms.title, terms.name, counts=counts)


def _body(ledger: Ledger, body: Body) -> Node:
    kind, watched = NodeKind.BODY, {m.instrument for m in ledger.mandates if m.body == body.id}
    counts = {"members": len(ledger.members(body.id)), "instruments": len(watched)}
    return Node(node_id(kind, body.id), kind, body.id, body.name, body.short_name, counts=counts)


def _tied_bodies(ledger: Ledger) -> frozenset[str]:
    """The bodies that exist on the day and have an instrument or a member."""
    busy = {m.body for m in ledger.mandates} | {each for each in ledger.bodies if ledger.members(each)}
    return frozenset(each for each in busy if each in ledger.bodies and _lives(ledger.bodies[each], ledger.horizon))


def _lives(body: Body, day: date) -> bool:
    begun = body.established_on is None or body.established_on.first <= day
    return begun and (body.dissolved_on is None or day < body.dissolved_on.last)


# -- ties ------------------------------------------------------------------------------------------


def _standings(ledger: Ledger) -> Iterator[Tie]:
    for each in ledger.instruments:
        target, pending = node_id(NodeKind.INSTRUMENT, each), not _in_force(ledger, each)
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


def _absence(ledger: Ledger, gap: Gap) -> Tie:
    kind, where = _ABSENCES[gap.kind], gap.standing
    words = {
        TieKind.SIGNED_ONLY: f"signed on {in_words(where.since)}, has not consented",
        TieKind.LEFT: _since("withdrawn", where.since),
        TieKind.NEVER_SIGNED: "eligible, has never signed",
        TieKind.PROTOCOL_ALONE: "party to this protocol without its convention",
    }.get(kind) or _beside_convention(ledger, gap)
    source, target = node_id(NodeKind.PARTICIPANT, gap.participant), node_id(NodeKind.INSTRUMENT, gap.instrument)
    return Tie(source, target, kind, words, where.since, not _in_force(ledger, gap.instrument))


def _beside_convention(ledger: Ledger, gap: Gap) -> str:
    parent = ledger.instrument(ledger.instrument(gap.instrument).parent)
    return f"has consented to {parent.name}, has never signed this protocol"


def _in_force(ledger: Ledger, instrument: str) -> bool:
    return entry_into_force(ledger, instrument).status is ForceStatus.IN_FORCE


def _since(what: str, day: date | PartialDate | None) -> str:
    return f"{what} since {in_words(day)}" if day else what


# -- attributes, as graph formats take them ----------------------------------------------------------


def _attributes_of_node(node: Node) -> dict[str, str | int]:
    return {
        "kind": str(node.kind),
        "code": node.code,
        "name": node.name,
        "short": node.short,
        "region": node.region,
        "un_group": node.un_group,
        **{name.replace(" ", "_"): number for name, number in node.counts.items()},
    }


def _attributes_of_tie(tie: Tie) -> dict[str, str | bool]:
    return {
        "kind": str(tie.kind),
        "words": tie.words,
        "since": str(tie.since) if tie.since else "",
        "pending": tie.pending,
    }
