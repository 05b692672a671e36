"""Where the nodes of the network stand: the same record always gives the same positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin, sqrt, tau

import numpy as np

from tracker.graph.model import ELSEWHERE, REGIONS, NodeKind, node_id
from tracker.graph.nodes import nodes
from tracker.law.gaps import eligible_participants
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Participant, ParticipantKind

RING = (446.0, 288.0)  # half axes of the participants' ellipse; everything else is in proportion to it
HUBS = (324.0, 206.0)
CORE = (128.0, 84.0)
HEADING = 3  # places left free before each region, for its name
STAGGER = 0.66  # how far inwards every other instrument stands, so that their labels do not touch
PULL = 0.25  # how one-sided an instrument must be to face its region; 1 is a single participant

_GOLDEN = pi * (3 - sqrt(5))
_FINE = np.linspace(0, tau, 4097)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the picture: x to the right, y downwards, and the outward direction in radians."""

    x: float
    y: float
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class RegionArc:
    """A region's stretch of the ring: where its name goes, and the places of its participants in order."""

    region: str
    heading: Position
    places: tuple[Position, ...]


@memoized
def positions(ledger: Ledger) -> Mapping[str, Position]:
    """The place of every node of the ledger's network, by node id."""
    ring = _ring(ledger)
    instruments = _hubs(ledger, ring)
    bodies = [node.id for node in nodes(ledger) if node.kind is NodeKind.BODY]
    return {**ring, **instruments, **dict(zip(bodies, _core(len(bodies)), strict=True))}


@memoized
def region_arcs(ledger: Ledger) -> tuple[RegionArc, ...]:
    """The regions of the ring, clockwise."""
    return tuple(arc for arc, _ in _places_by_region(ledger))


# -- the ring of participants ------------------------------------------------------------------------


def _ring(ledger: Ledger) -> dict[str, Position]:
    return {
        node_id(NodeKind.PARTICIPANT, who.code): place
        for arc, people in _places_by_region(ledger)
        for who, place in zip(people, arc.places, strict=True)
    }


@memoized
def _places_by_region(ledger: Ledger) -> tuple[tuple[RegionArc, tuple[Participant, ...]], ...]:
    groups = _by_region(ledger)
    seats = _seats(sum(HEADING + len(people) for people in groups.values()), before=_half_of_first(groups))
    seated, at = [], 0
    for region, people in groups.items():
        heading, first = seats[at + HEADING // 2], at + HEADING
        at = first + len(people)
        seated.append((RegionArc(region, heading, tuple(seats[first:at])), tuple(people)))
    return tuple(seated)


def _by_region(ledger: Ledger) -> dict[str, list[Participant]]:
    drawn = {node.code for node in nodes(ledger) if node.kind is NodeKind.PARTICIPANT}
    groups: dict[str, list[Participant]] = {region: [] for region in REGIONS}
    for who in sorted(ledger.participants.values(), key=lambda p: p.name):
        if who.code in drawn or who.kind in (ParticipantKind.STATE, ParticipantKind.OBSERVER_STATE):
            groups[who.region if who.region in groups else ELSEWHERE].append(who)
    return {region: people for region, people in groups.items() if people}


def _half_of_first(groups: Mapping[str, Sequence[Participant]]) -> float:
    """How many seats lie before the top of the ellipse, so that the first region is centred there."""
    return HEADING + len(next(iter(groups.values()), ())) / 2


def _seats(number: int, before: float) -> list[Position]:
    """So many places, evenly along the ring's length, clockwise; the top lies `before` seats after the first."""
    turns = (np.arange(number) - before + 0.5) / max(1, number)
    return [_on(RING, float(theta)) for theta in _angles(RING, turns)]


def _angles(axes: tuple[float, float], turns: np.ndarray) -> np.ndarray:
    """The ellipse's parameter after each share of its length, from the top clockwise."""
    steps = np.hypot(np.diff(axes[0] * np.sin(_FINE)), np.diff(axes[1] * np.cos(_FINE)))
    length = np.concatenate([[0.0], np.cumsum(steps)])
    found: np.ndarray = np.interp(turns % 1.0, length / length[-1], _FINE)
    return found


def _on(axes: tuple[float, float], theta: float, share: float = 1.0) -> Position:
    """The point of an ellipse at a parameter counted clockwise from the top, with its outward direction."""
    across, down = sin(theta), -cos(theta)
    return Position(axes[0] * across * share, axes[1] * down * share, atan2(down / axes[1], across / axes[0]))


# -- instruments and bodies --------------------------------------------------------------------------


def _hubs(ledger: Ledger, ring: Mapping[str, Position]) -> dict[str, Position]:
    ids = list(ledger.instruments)
    angles = _angles(HUBS, np.arange(len(ids)) / max(1, len(ids)))
    crowded = len(ids) > 8
    slots = [_on(HUBS, float(a), STAGGER if crowded and i % 2 else 1.0) for i, a in enumerate(angles)]
    return {node_id(NodeKind.INSTRUMENT, each): slots[slot] for each, slot in _facing(ledger, ring, slots).items()}


def _facing(ledger: Ledger, ring: Mapping[str, Position], slots: Sequence[Position]) -> dict[str, int]:
    """Which slot each instrument takes: regional ones the free slot nearest their region, the rest in order."""
    free, taken = list(range(len(slots))), {}
    expected = {each: eligible_participants(ledger, each) for each in ledger.instruments}
    pulls = {codes: _pull(ring, codes) for codes in set(expected.values())}  # most are expected of the same States
    for each, codes in expected.items():
        x, y = pulls[codes]
        if hypot(x, y) >= PULL:
            taken[each] = min(free, key=lambda slot: _apart(slots[slot], x, y))
            free.remove(taken[each])
    return taken | dict(zip((each for each in ledger.instruments if each not in taken), free, strict=True))


def _pull(ring: Mapping[str, Position], codes: frozenset[str]) -> tuple[float, float]:
    """The mean place of the participants that an instrument is expected of, the ring taken as a unit circle."""
    places = [place for code in sorted(codes) if (place := ring.get(node_id(NodeKind.PARTICIPANT, code)))]
    many = max(1, len(places))
    return sum(p.x for p in places) / RING[0] / many, sum(p.y for p in places) / RING[1] / many


def _apart(slot: Position, x: float, y: float) -> float:
    turn = atan2(slot.y / HUBS[1], slot.x / HUBS[0]) - atan2(y, x)
    return abs((turn + pi) % tau - pi)


def _core(number: int) -> list[Position]:
    """So many places spread evenly over the centre, from the middle outwards, as seeds in a sunflower."""
    spread = [(sqrt((i + 0.5) / max(1, number)), i * _GOLDEN) for i in range(number)]
    return [Position(CORE[0] * r * cos(turn), CORE[1] * r * sin(turn)) for r, turn in spread]
