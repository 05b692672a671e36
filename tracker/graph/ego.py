"""One node with all its edges of the date, and a position for everything around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin, tau

from tracker.graph.edges import edges_of, missing_edges_of
from tracker.graph.layout import Position
from tracker.graph.model import ELSEWHERE, REGIONS, Edge, EdgeKind, Node, NodeKind
from tracker.graph.networkx_graph import by_id, node_of
from tracker.law.ledger import Ledger, memoized, memoized_recent

RING_DISTANCE = 170.0  # between two rings: as long as a name on the inner one
SEAT = 15.0  # along a ring, for one name


@dataclass(frozen=True, slots=True)
class EgoRing:
    """A ring round the node: what stands on it in words, its radius, and the ids on it, clockwise from the top."""

    words: str
    radius: float
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EgoNetwork:
    """A node, the nodes tied to it, its ties and its missing ties, and the places of all (the node at 0, 0).

    A node that is tied in several ways stands once, on the ring of its weightiest tie. `Place.angle` is the
    direction in which a name is written outwards.
    """

    node: Node
    others: tuple[Node, ...]
    ties: tuple[Edge, ...]
    missing: tuple[Edge, ...]
    rings: tuple[EgoRing, ...]
    places: Mapping[str, Position]


def ego_network(ledger: Ledger, node: str, ends: frozenset[str] | None = None) -> EgoNetwork:
    """The node of that id or code with every tie it has, memberships, mandates and judgements of the day included.

    With `ends` (ids) only the ties to these nodes. NotFound if the day has no such node.
    """
    return _ego(ledger, node_of(ledger, node).id, ends)


@memoized_recent(16)
def _ego(ledger: Ledger, id: str, ends: frozenset[str] | None) -> EgoNetwork:
    known = by_id(ledger)
    node = known[id]
    there, gone = (
        tuple(tie for tie in found if ends is None or _other(tie, id) in ends)
        for found in (edges_of(ledger, node), missing_edges_of(ledger, node))
    )
    rings, taken, radius = [], {node.id}, 0.0
    for words, kinds in _RINGS[node.kind]:
        found = {_other(tie, id) for tie in (*there, *gone) if tie.kind in kinds} - taken
        if found:
            radius = max(radius + RING_DISTANCE, len(found) * SEAT / tau)
            rings.append(EgoRing(words, radius, tuple(sorted(found, key=lambda other: _order(ledger, known[other])))))
            taken |= found
    places = {id: Position(0.0, 0.0)}
    for number, ring in enumerate(rings):
        places |= _round(ring, turned=number % 2 / 2)
    others = tuple(known[other] for ring in rings for other in ring.ids)
    return EgoNetwork(node, others, there, gone, tuple(rings), places)


_CONSENT = {EdgeKind.PARTY, EdgeKind.CONTRACTING_PARTY}
_SHORT_OF_IT = {EdgeKind.SIGNATORY, EdgeKind.PROVISIONAL, EdgeKind.WITHDRAWN} | {
    kind for kind in EdgeKind if kind.is_absence
}
_RINGS: Mapping[NodeKind, tuple[tuple[str, set[EdgeKind]], ...]] = {
    NodeKind.PARTICIPANT: (
        ("Consented to", _CONSENT),
        ("Signed but not ratified, withdrawn or non-party", _SHORT_OF_IT),
        ("Member of", {EdgeKind.MEMBER}),
        ("Assessed by", {EdgeKind.ASSESSED}),
        ("Objections to reservations", {EdgeKind.OBJECTION}),
    ),
    NodeKind.INSTRUMENT: (
        ("Its bodies, its protocols or its convention", {EdgeKind.WATCHES, EdgeKind.PROTOCOL_OF}),
        ("Signed but not ratified, withdrawn or non-parties", _SHORT_OF_IT),
        ("Parties", _CONSENT),
    ),
    NodeKind.BODY: (
        ("Part of it, or what it is part of", {EdgeKind.PART_OF}),
        ("Its instruments", {EdgeKind.WATCHES}),
        ("Its members", {EdgeKind.MEMBER}),
        ("Assessed by it", {EdgeKind.ASSESSED}),
    ),
}


def _other(tie: Edge, id: str) -> str:
    return tie.target if tie.source == id else tie.source


def _order(ledger: Ledger, node: Node) -> tuple[int, int]:
    """Participants by region as on the ring of the whole network, then by name; others in the order of the record."""
    region = REGIONS.index(node.region if node.region in REGIONS else ELSEWHERE) if node.region else -1
    return region, _places_in_record(ledger)[node.id]


@memoized
def _places_in_record(ledger: Ledger) -> Mapping[str, int]:
    return {id: number for number, id in enumerate(by_id(ledger))}


def _round(ring: EgoRing, turned: float) -> dict[str, Position]:
    """Evenly round a circle, clockwise from the top, by a part of a seat further."""
    step = tau / len(ring.ids)
    angles = [-pi / 2 + (number + turned) * step for number in range(len(ring.ids))]
    return {
        id: Position(ring.radius * cos(angle), ring.radius * sin(angle), angle)
        for id, angle in zip(ring.ids, angles, strict=True)
    }
