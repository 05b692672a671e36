"""The backbone of a large collection: each instrument joined to its two most similar, with positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from tracker.graph.layout import Position
from tracker.graph.membership_sets import instruments_of_day, participants_of_day, statuses_on
from tracker.graph.model import NodeKind, node_id
from tracker.law.ledger import Ledger, memoized, memoized_recent
from tracker.law.model import Instrument

Spots = NDArray[np.float64]  # one row for each instrument: across, and down

NEAREST = 2  # how many others each instrument is tied to
EXTENT = (560.0, 360.0)  # how far the picture reaches from its middle, across and down
STEPS = 80
GRAVITY = 0.06


@dataclass(frozen=True, slots=True)
class SimilarInstrument:
    """Two instruments (ids) and their parties: `shared` by both, `total` of either; `likeness` is the quotient."""

    one: str
    other: str
    shared: int
    total: int

    @property
    def likeness(self) -> float:
        """Jaccard's index, 0 to 1."""
        return self.shared / self.total


@dataclass(frozen=True, slots=True)
class Hub:
    """An instrument in the backbone: its id, how many have consented to it, and the group it belongs to.

    `group` is its subject matter, or where the record has none its chapter (`XVIII`, the part of its reference
    before the hyphen).
    """

    id: str
    parties: int
    group: str


@dataclass(frozen=True, slots=True)
class Backbone:
    """Hubs in the order of the record, ties the most alike first, and places by node id (`instrument.untoc`)."""

    hubs: tuple[Hub, ...]
    ties: tuple[SimilarInstrument, ...]
    places: Mapping[str, Position]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups there are, the one with most instruments first."""
        numbers = Counter(hub.group for hub in self.hubs)
        return tuple(sorted(numbers, key=lambda group: (-numbers[group], group)))


def backbone(ledger: Ledger, people: frozenset[str] | None = None, instruments: tuple[str, ...] = ()) -> Backbone:
    """The instruments of the day, each tied to the two with which it shares most of its parties.

    With `people` (codes) only these parties count, with `instruments` only these are compared; the places stay.

    Of two alike the one with the lower id is taken; an instrument that shares no party has no tie. At most
    twice as many ties as instruments, each once.
    """
    return _part(ledger, people, instruments) if people is not None or instruments else _whole(ledger)


@memoized
def _whole(ledger: Ledger) -> Backbone:
    everyone = frozenset(participants_of_day(ledger))
    hubs = tuple(_hub(ledger, terms, everyone) for terms in instruments_of_day(ledger).values())
    ties = _nearest(ledger, [hub.id for hub in hubs], everyone)
    return Backbone(hubs, ties, _places(hubs, ties))


@memoized_recent(16)
def _part(ledger: Ledger, people: frozenset[str] | None, instruments: tuple[str, ...]) -> Backbone:
    there = frozenset(participants_of_day(ledger))
    counted = there if people is None else there & people
    chosen = [terms for id, terms in instruments_of_day(ledger).items() if not instruments or id in instruments]
    hubs = tuple(_hub(ledger, terms, counted) for terms in chosen)
    drawn = {node_id(NodeKind.INSTRUMENT, hub.id) for hub in hubs}
    ties = _nearest(ledger, [hub.id for hub in hubs], counted)
    return Backbone(hubs, ties, {id: place for id, place in _whole(ledger).places.items() if id in drawn})


def _hub(ledger: Ledger, terms: Instrument, counted: frozenset[str]) -> Hub:
    chapter, hyphen, _ = terms.reference.partition("-")
    group = terms.subject_matter or (chapter if hyphen else "")
    return Hub(terms.id, len(statuses_on(ledger, terms.id).consented & counted), group)


def _nearest(ledger: Ledger, ids: Sequence[str], counted: frozenset[str]) -> tuple[SimilarInstrument, ...]:
    codes = {code: column for column, code in enumerate(sorted(counted))}
    table = np.zeros((len(ids), len(codes)), dtype=np.int64)
    for row, id in enumerate(ids):
        table[row, [codes[code] for code in statuses_on(ledger, id).consented & counted]] = 1
    shared, sizes = table @ table.T, table.sum(axis=1)
    total = sizes[:, None] + sizes[None, :] - shared
    likeness = np.divide(shared, total, out=np.zeros(shared.shape), where=total > 0)
    np.fill_diagonal(likeness, 0.0)
    by_id = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.intp)  # of two alike the lower id
    nearest = by_id[np.argsort(-likeness[:, by_id], axis=1, kind="stable")[:, :NEAREST]]
    pairs = {(min(pair), max(pair)) for row, those in enumerate(nearest.tolist()) for pair in ((row, o) for o in those)}
    found = (SimilarInstrument(ids[i], ids[j], int(shared[i, j]), int(total[i, j])) for i, j in pairs if likeness[i, j])
    return tuple(sorted(found, key=lambda tie: (-tie.likeness, -tie.shared, tie.one, tie.other)))


# -- places ------------------------------------------------------------------------------------------


def _places(hubs: Sequence[Hub], ties: Sequence[SimilarInstrument]) -> Mapping[str, Position]:
    """Tied instruments near each other, each group in its own direction, none upon another."""
    if not hubs:
        return {}
    at = {hub.id: number for number, hub in enumerate(hubs)}
    pairs = np.array([(at[tie.one], at[tie.other]) for tie in ties], dtype=np.intp).reshape(-1, 2)
    spots = _settle(_start(hubs), pairs)
    spots = _filling(_lying(spots - np.median(spots, axis=0))) * np.array(EXTENT)
    spots = _apart(spots, np.sqrt(EXTENT[0] * EXTENT[1] * 4 / len(hubs)) * 0.62)
    spots = spots - (spots.max(axis=0) + spots.min(axis=0)) / 2
    spots = spots / np.maximum(np.abs(spots).max(axis=0), 1e-9) * np.array(EXTENT)
    return {
        node_id(NodeKind.INSTRUMENT, hub.id): Position(float(x), float(y), atan2(y, x))
        for hub, (x, y) in zip(hubs, np.round(spots, 1), strict=True)
    }


def _start(hubs: Sequence[Hub]) -> Spots:
    """On a spiral, group after group, so that each group begins in a direction of its own."""
    groups = sorted({hub.group for hub in hubs})
    order = sorted(range(len(hubs)), key=lambda i: (groups.index(hubs[i].group), hubs[i].id))
    spots = np.zeros((len(hubs), 2))
    for seat, number in enumerate(order):
        turn, reach = 2 * pi * seat / len(hubs), 0.5 + 0.5 * (seat % 3) / 2
        spots[number] = reach * np.sin(turn), -reach * np.cos(turn)
    return spots


def _settle(spots: Spots, pairs: np.ndarray) -> Spots:
    """The spots after springs along the ties and repulsion between all have settled (Fruchterman and Reingold 1991).

    A weak pull to the middle keeps together what no tie does. No chance is in it.
    """
    length = np.sqrt(1 / len(spots))
    for step in range(STEPS):
        strength = length**2 / np.maximum(_square_distances(spots), 1e-6)
        push = _repulsion(spots, strength) - GRAVITY * spots
        along = spots[pairs[:, 0]] - spots[pairs[:, 1]]
        pull = along * (np.sqrt((along**2).sum(axis=1)) / length)[:, None]
        np.add.at(push, pairs[:, 0], -pull)
        np.add.at(push, pairs[:, 1], pull)
        reach = np.maximum(np.sqrt((push**2).sum(axis=1)), 1e-9)
        spots = spots + push * (np.minimum(reach, 0.1 * (1 - step / STEPS)) / reach)[:, None]
        spots = np.round(spots, 9)  # so that no difference between two machines' last figures grows
    return spots


def _lying(spots: Spots) -> Spots:
    """The spots turned so that they reach further across than down."""
    across, down = spots.T
    turn = atan2(2 * float(across @ down), float(across @ across - down @ down)) / 2
    found: Spots = spots @ np.array([[cos(turn), -sin(turn)], [sin(turn), cos(turn)]])
    return found


def _filling(spots: Spots) -> Spots:
    """The spots in their directions, but so far out that they fill the unit circle evenly: nothing lies far off."""
    reach = np.round(np.sqrt((spots**2).sum(axis=1)), 9)
    places = np.empty(len(spots))
    places[np.argsort(reach, kind="stable")] = np.arange(len(spots)) + 0.5
    even: Spots = spots * (np.sqrt(places / len(spots)) / np.maximum(reach, 1e-9))[:, None]
    return even


def _apart(spots: Spots, least: float) -> Spots:
    """The spots, those nearer to each other than `least` pushed apart."""
    for _ in range(STEPS // 2):
        far = np.sqrt(_square_distances(spots))
        np.fill_diagonal(far, least)
        spots = np.round(spots + 0.25 * _repulsion(spots, np.maximum(0.0, least - far) / np.maximum(far, 1e-6)), 9)
    return spots


def _square_distances(spots: Spots) -> Spots:
    across, down = spots.T
    found: Spots = np.subtract.outer(across, across) ** 2 + np.subtract.outer(down, down) ** 2
    return found


def _repulsion(spots: Spots, strength: Spots) -> Spots:
    """The sum of what pushes each spot away from every other, by the strength between the two."""
    found: Spots = spots * strength.sum(axis=1)[:, None] - strength @ spots
    return found
