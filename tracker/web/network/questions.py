"""The questions beside the picture, answered, and what of the answers is highlighted in it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tracker.errors import NotFound
from tracker.law.ledger import Ledger, memoized, memoized_recent
from tracker.schemas.network_questions import (
    AlikeNodes,
    CentralNode,
    ParticipantGroups,
    RoutesBetween,
    alike_answer,
    centrality_answer,
    clusters_answer,
    path_answer,
)
from tracker.web.network.params import NetworkParams

A = TypeVar("A")
MAX_CENTRAL = 15  # of each kind in the table beside the picture

path_of = memoized_recent(64)(path_answer)
alike_of = memoized_recent(64)(alike_answer)
groups_of = memoized(clusters_answer)
centrality_of = memoized(centrality_answer)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An answer that the day cannot give, and why."""

    refused: str


@dataclass(frozen=True, slots=True)
class MostCentral:
    """The participants and the instruments that are most central by a measure, and the instruments left out."""

    measure: str
    participants: list[CentralNode]
    instruments: list[CentralNode]
    left_out: list[str]
    left_out_words: str
    shortfall_words: str


@dataclass(frozen=True, slots=True)
class NetworkAnswers:
    """The answers to what is asked; None for what is not."""

    path: RoutesBetween | Unanswered | None
    alike: AlikeNodes | Unanswered | None
    groups: ParticipantGroups | None
    central: MostCentral | None


@dataclass(frozen=True, slots=True)
class Highlights:
    """What the picture marks of the answers: nodes and ties of the first way, those alike, group numbers, sizes."""

    path: Sequence[str] = ()
    steps: Sequence[Mapping[str, str]] = ()
    alike: Sequence[str] = ()
    groups: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)


def answer_questions(ledger: Ledger, wanted: NetworkParams) -> NetworkAnswers:
    """The answers to what is asked: the shortest ways, those alike, the groups, the most central."""
    return NetworkAnswers(
        path=_answer_or_unanswered(lambda: path_of(ledger, wanted.one, wanted.other))
        if wanted.one and wanted.other
        else None,
        alike=_answer_or_unanswered(lambda: alike_of(ledger, wanted.like, partial=wanted.partial))
        if wanted.like
        else None,
        groups=groups_of(ledger, partial=wanted.partial) if wanted.groups else None,
        central=_central(ledger, wanted.central, partial=wanted.partial) if wanted.central else None,
    )


def highlights(found: NetworkAnswers, ledger: Ledger, measure: str, drawn: Container[str]) -> Highlights:
    """What the picture marks of the answers.

    Only what stands on the nodes (ids) that the picture has `drawn`, and a way whole or not at all. Sizes are shares
    of the largest, 0 to 1.
    """
    ways = found.path.routes[:1] if isinstance(found.path, RoutesBetween) else []
    routes = [way for way in ways if all(node.id in drawn for node in way.nodes)]
    alike = found.alike if isinstance(found.alike, AlikeNodes) else None
    near = [alike.node.id, *(each.id for each in alike.alike)] if alike else []
    groups = found.groups.groups if found.groups else []
    numbers = {f"participant.{who.participant}": group.number for group in groups for who in group.members}
    shares = node_sizes(ledger, measure) if measure else {}
    return Highlights(
        path=[node.id for route in routes for node in route.nodes],
        steps=[{"from": tie.source, "to": tie.target, "title": tie.words} for way in routes for tie in way.ties],
        alike=[id for id in near if id in drawn],
        groups={id: number for id, number in numbers.items() if id in drawn},
        sizes={id: share for id, share in shares.items() if id in drawn},
    )


def node_sizes(ledger: Ledger, measure: str) -> dict[str, float]:
    """Each node's share of the largest of its kind by a measure."""
    found: dict[str, float] = {}
    central = centrality_of(ledger, partial=True)
    for rows in (central.participants, central.instruments):
        most = max((_measure_of(row, measure) for row in rows), default=0) or 1
        found |= {row.id: round(_measure_of(row, measure) / most, 3) for row in rows}
    return found


def _measure_of(row: CentralNode, measure: str) -> float:
    return float(getattr(row, measure))


def _central(ledger: Ledger, measure: str, *, partial: bool) -> MostCentral:
    found = centrality_of(ledger, partial=partial)
    participants, instruments = (
        sorted(rows, key=lambda row: -_measure_of(row, measure))[:MAX_CENTRAL]
        for rows in (found.participants, found.instruments)
    )
    return MostCentral(measure, participants, instruments, found.left_out, found.left_out_words, found.shortfall_words)


def _answer_or_unanswered(ask: Callable[[], A]) -> A | Unanswered:
    try:
        return ask()
    except NotFound as lacking:
        return Unanswered(str(lacking))
