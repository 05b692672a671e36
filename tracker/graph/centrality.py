"""How central each node is: degree, closeness, betweenness and PageRank, with ranks in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.graph.membership_sets import eligible_for, instruments_of_day, participants_of_day, statuses_on
from tracker.graph.model import Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.law.coverage import left_out
from tracker.law.ledger import Ledger, memoized
from tracker.messages import TranslatableText, message, plural

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

DAMPING = 0.85
STEPS = 120  # 0.85 ** 120 is below 1e-8, and ranks have long settled then


@dataclass(frozen=True, slots=True)
class CentralityRank:
    """A place among the nodes of one kind: `place` 1 is the highest; `tied` is how many share it, itself included."""

    place: int
    tied: int
    of: int


@dataclass(frozen=True, slots=True)
class Centrality:
    """The measures of one node (id), each with its rank among nodes of its kind.

    `ranks` has the keys `degree`, `closeness`, `betweenness` and `pagerank`. `possible` is how many ties it could
    have: instruments open to a participant, participants that may join an instrument.
    """

    id: str
    degree: int
    possible: int
    closeness: float
    betweenness: float
    pagerank: float
    ranks: Mapping[str, CentralityRank]
    words: str


@memoized
def centrality(ledger: Ledger, *, partial: bool = False) -> tuple[Centrality, ...]:
    """Every participant and every instrument of the day, participants first, each kind by degree, then by id.

    Measured on the graph of participants and instruments, tied where a participant has consented (party or
    contracting party). Closeness is Wasserman and Faust's (1994), betweenness Freeman's (1977), normalized, both
    exact; PageRank is Brin and Page's (1998) with a damping of 0.85. Figures are rounded to nine places. Instruments
    with partial data are no part of it unless `partial` asks for them.
    """
    instruments = _measured_instruments(ledger, partial=partial)
    ids = [node_id(NodeKind.PARTICIPANT, code) for code in participants_of_day(ledger)]
    ids += [node_id(NodeKind.INSTRUMENT, id) for id in instruments]
    tied = _adjacency(ledger, ids, instruments)
    closeness, betweenness = _on_shortest_ways(tied)
    found = {
        "degree": tied.sum(axis=1),
        "closeness": closeness,
        "betweenness": betweenness,
        "pagerank": _pagerank(tied),
    }
    figures = {name: [round(float(each), 9) for each in values] for name, values in found.items()}
    people_first, possible = len(participants_of_day(ledger)), _possible(ledger, instruments)
    return (
        *_rank_nodes(ledger, ids[:people_first], {name: of[:people_first] for name, of in figures.items()}, possible),
        *_rank_nodes(ledger, ids[people_first:], {name: of[people_first:] for name, of in figures.items()}, possible),
    )


def _measured_instruments(ledger: Ledger, *, partial: bool) -> tuple[str, ...]:
    without = left_out(ledger, partial=partial)
    return tuple(id for id in instruments_of_day(ledger) if id not in without)


# -- the figures -------------------------------------------------------------------------------------


def _adjacency(ledger: Ledger, ids: Sequence[str], instruments: Sequence[str]) -> Matrix:
    at = {id: number for number, id in enumerate(ids)}
    tied = np.zeros((len(ids), len(ids)))
    for id in instruments:
        hub = at[node_id(NodeKind.INSTRUMENT, id)]
        those = [at[node_id(NodeKind.PARTICIPANT, code)] for code in statuses_on(ledger, id).consented]
        tied[hub, those] = tied[those, hub] = 1
    return tied


def _on_shortest_ways(tied: Matrix) -> tuple[Vector, Vector]:
    """Closeness and betweenness of every node: Brandes' algorithm (2001), from all nodes at once, level by level."""
    many = len(tied)
    ways, seen, sums = np.eye(many), np.eye(many, dtype=bool), np.zeros(many)
    levels = [ways]
    while (further := np.where(seen, 0.0, levels[-1] @ tied)).any():
        sums += len(levels) * (further > 0).sum(axis=1)
        seen |= further > 0
        ways = ways + further
        levels.append(further)
    resting = np.zeros((many, many))
    for nearer, level in zip(levels[-2::-1], levels[:0:-1], strict=True):
        shares = np.divide(1 + resting, ways, out=np.zeros_like(ways), where=level > 0)
        resting += nearer * (shares @ tied)
    np.fill_diagonal(resting, 0.0)
    reached = seen.sum(axis=1) - 1
    nearness = np.divide(reached, sums, out=np.zeros(many), where=sums > 0) * reached / max(1, many - 1)
    return nearness, resting.sum(axis=0) / max(1, (many - 1) * (many - 2))


def _pagerank(tied: Matrix) -> Vector:
    """Where a walk along the ties is found in the long run; from a node without ties it goes anywhere."""
    many, degrees = len(tied), tied.sum(axis=1)
    found = np.full(many, 1 / max(1, many))
    for _ in range(STEPS):
        lost = found[degrees == 0].sum() / max(1, many)
        sent = np.divide(found, degrees, out=np.zeros(many), where=degrees > 0)
        found = (1 - DAMPING) / max(1, many) + DAMPING * (tied @ sent + lost)
    return found


# -- ranks and words ---------------------------------------------------------------------------------


def _rank_nodes(
    ledger: Ledger, ids: Sequence[str], figures: Mapping[str, Sequence[float]], possible_ties: Mapping[str, int]
) -> Iterator[Centrality]:
    ranks = {name: _ranks(values) for name, values in figures.items()}
    for number in sorted(range(len(ids)), key=lambda i: (-figures["degree"][i], ids[i])):
        own = {name: of[number] for name, of in ranks.items()}
        measured = {name: values[number] for name, values in figures.items()}
        degree, node = int(measured.pop("degree")), by_id(ledger)[ids[number]]
        possible = possible_ties[node.id]
        yield Centrality(
            node.id, degree, possible, **measured, ranks=own, words=_sentence(node, degree, possible, own["degree"])
        )


def _ranks(values: Sequence[float]) -> list[CentralityRank]:
    ordered, shared = sorted(values, reverse=True), Counter(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered, start=1)))}
    return [CentralityRank(first[value], shared[value], len(values)) for value in values]


def _possible(ledger: Ledger, instruments: Sequence[str]) -> Mapping[str, int]:
    """How many ties each node could have, by id."""
    joiners = {id: eligible_for(ledger, id) for id in instruments}
    numbers = Counter(code for codes in joiners.values() for code in codes)
    own = {node_id(NodeKind.PARTICIPANT, code): numbers[code] for code in participants_of_day(ledger)}
    return own | {node_id(NodeKind.INSTRUMENT, id): len(codes) for id, codes in joiners.items()}


def _sentence(node: Node, degree: int, possible: int, rank: CentralityRank) -> TranslatableText:
    if rank.tied > 1:
        shared = plural("shared with {n} other", "shared with {n} others", rank.tied - 1)
        place = message("place {place} of {number}, {shared}", place=rank.place, number=rank.of, shared=shared)
    else:
        place = message("place {place} of {number}, alone", place=rank.place, number=rank.of)
    if node.kind is NodeKind.PARTICIPANT:
        what = plural(
            "{name} is party to {degree} of the {n} treaty open to it",
            "{name} is party to {degree} of the {n} treaties open to it",
            possible,
            name=node.short,
            degree=degree,
        )
    else:
        what = plural(
            "{degree} of the {n} participant eligible for {name} are party to it",
            "{degree} of the {n} participants eligible for {name} are party to it",
            possible,
            name=node.short,
            degree=degree,
        )
    return message("{what}: {place}.", what=what, place=place)
