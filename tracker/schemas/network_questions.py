"""Answers to questions about the network: ways, likeness, groups, centrality; the same for page and command line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from tracker.graph.centrality import Centrality, CentralityRank, centrality
from tracker.graph.communities import Community, find_communities
from tracker.graph.model import EdgeKind, Node, NodeKind
from tracker.graph.networkx_graph import by_id, node_of
from tracker.graph.paths import USUAL_EDGES, PathBetween, shortest_paths
from tracker.graph.similarity import SimilarNode, most_similar
from tracker.law.coverage import left_out
from tracker.law.ledger import Ledger
from tracker.schemas.network import NodeSummary, TieSummary, node_answer, tie_answer
from tracker.schemas.values import (
    ExactDay,
    LeftOut,
    Named,
    Number,
    answer_model,
    left_out_answer,
    named_participants,
)


@answer_model
class AlikeNode(NodeSummary):
    """A node that is like another: what they share, what only one of the two has."""

    likeness: float
    shared: list[str]
    only_one: list[str]
    only_other: list[str]
    words: str

    COLUMNS: ClassVar[tuple[str, ...]] = ("id", "name", "likeness", "shared", "only_one", "only_other", "words")


@answer_model
class AlikeNodes(LeftOut):
    """Those most like a node."""

    as_of: ExactDay | None
    node: NodeSummary
    alike: list[AlikeNode]


@answer_model
class Route:
    """A way between two nodes, step by step."""

    nodes: list[NodeSummary]
    ties: list[TieSummary]
    rarity: int
    words: str

    COLUMNS: ClassVar[tuple[str, ...]] = ("rarity", "words")


@answer_model
class RoutesBetween:
    """The shortest ways between two nodes, the rarest first."""

    as_of: ExactDay | None
    one: NodeSummary
    other: NodeSummary
    kinds: list[EdgeKind]
    length: Number | None
    number: Number
    first_steps: Number
    words: str
    routes: list[Route]


@answer_model
class GroupMark(NodeSummary):
    """What marks a group off: the share of its members, and of the others, that are tied to a node."""

    inside: int
    outside: int
    words: str


@answer_model
class ParticipantGroup:
    """Participants that share instruments and bodies."""

    number: Number
    size: Number
    words: str
    members: list[Named]
    marks: list[GroupMark]


@answer_model
class ParticipantGroups(LeftOut):
    """The groups, largest first; `modularity` and `certainty` say how clear they are."""

    as_of: ExactDay | None
    modularity: float
    certainty: str
    count: Number
    groups: list[ParticipantGroup]
    untied: list[Named]


@answer_model
class GroupMember(Named):
    """A row of a table of groups."""

    group: Number

    COLUMNS: ClassVar[tuple[str, ...]] = ("group", "participant", "name")


@answer_model
class Rank:
    """A place in an order, how many share it, and of how many."""

    place: Number
    tied: Number
    of: Number


@answer_model
class MeasureRanks:
    """The rank of a node in each measure of centrality."""

    degree: Rank
    closeness: Rank
    betweenness: Rank
    pagerank: Rank


@answer_model
class CentralNode(NodeSummary):
    """How central a node is, by four measures and its ranks in them."""

    possible: Number
    degree: Number
    closeness: float
    betweenness: float
    pagerank: float
    ranks: MeasureRanks
    words: str

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "id", "kind", "name", "degree", "possible", "closeness", "betweenness", "pagerank", "ranks.degree.place",
        "ranks.degree.tied", "words",
    )  # fmt: skip


@answer_model
class CentralNodes(LeftOut):
    """Participants and instruments by how central they are."""

    as_of: ExactDay | None
    participants: list[CentralNode]
    instruments: list[CentralNode]


def alike_answer(ledger: Ledger, name: str, n: int = 10, *, partial: bool = False) -> AlikeNodes:
    """The most alike of its kind, each with what they share, what only one of the two has, and a sentence.

    Instruments with partial data are compared only where `partial` asks for them.
    """
    asked = node_of(ledger, name)
    found = most_similar(ledger, asked.id, n, partial=partial)
    without = () if asked.kind is NodeKind.BODY else left_out(ledger, partial=partial, named=(asked.code,))
    return AlikeNodes(
        **vars(left_out_answer(ledger, without)),
        as_of=ledger.day,
        node=node_answer(asked),
        alike=[_neighbour(ledger, each) for each in found],
    )


def path_answer(
    ledger: Ledger, one: str, other: str, kinds: Collection[EdgeKind] = USUAL_EDGES, most: int = 10
) -> RoutesBetween:
    """The shortest ways between two nodes: how long, how many, and the rarest of them step by step."""
    found = shortest_paths(ledger, one, other, kinds, most)
    return RoutesBetween(
        as_of=ledger.day,
        one=node_answer(found.one),
        other=node_answer(found.other),
        kinds=list(found.kinds),
        length=found.length,
        number=found.number,
        first_steps=found.first_steps,
        words=found.words,
        routes=[_route(ledger, each) for each in found.routes],
    )


def clusters_answer(ledger: Ledger, *, partial: bool = False) -> ParticipantGroups:
    """The groups, largest first, each with what marks it off; `modularity` and `certainty` say how clear they are."""
    found, nodes = find_communities(ledger, partial=partial), by_id(ledger)
    return ParticipantGroups(
        **vars(left_out_answer(ledger, left_out(ledger, partial=partial))),
        as_of=ledger.day,
        modularity=round(found.modularity, 3),
        certainty=found.certainty,
        count=len(found.groups),
        groups=[_group(ledger, each, nodes) for each in found.groups],
        untied=named_participants(ledger, found.untied),
    )


def _group(ledger: Ledger, group: Community, nodes: Mapping[str, Node]) -> ParticipantGroup:
    return ParticipantGroup(
        number=group.number,
        size=len(group.members),
        words=group.words,
        members=named_participants(ledger, group.members),
        marks=[
            GroupMark(**vars(node_answer(nodes[mark.id])), inside=mark.inside, outside=mark.outside, words=mark.words)
            for mark in group.marks
        ],
    )


def centrality_answer(ledger: Ledger, *, partial: bool = False) -> CentralNodes:
    """Participants and instruments with their measures, ranks and a sentence, each list by degree."""
    found, nodes = centrality(ledger, partial=partial), by_id(ledger)
    rows = [_central(nodes[each.id], each) for each in found]
    return CentralNodes(
        **vars(left_out_answer(ledger, left_out(ledger, partial=partial))),
        as_of=ledger.day,
        participants=[row for row in rows if row.kind is NodeKind.PARTICIPANT],
        instruments=[row for row in rows if row.kind is NodeKind.INSTRUMENT],
    )


def _neighbour(ledger: Ledger, found: SimilarNode) -> AlikeNode:
    return AlikeNode(
        **vars(node_answer(by_id(ledger)[found.id])),
        likeness=round(found.likeness, 4),
        shared=list(found.shared),
        only_one=list(found.only_one),
        only_other=list(found.only_other),
        words=found.words,
    )


def _route(ledger: Ledger, route: PathBetween) -> Route:
    return Route(
        nodes=[node_answer(each) for each in route.nodes],
        ties=[tie_answer(ledger, each) for each in route.ties],
        rarity=route.rarity,
        words=route.words,
    )


def _central(node: Node, found: Centrality) -> CentralNode:
    return CentralNode(
        **vars(node_answer(node)),
        possible=found.possible,
        degree=found.degree,
        closeness=round(found.closeness, 6),
        betweenness=round(found.betweenness, 6),
        pagerank=round(found.pagerank, 6),
        ranks=MeasureRanks(
            degree=_rank(found.ranks["degree"]),
            closeness=_rank(found.ranks["closeness"]),
            betweenness=_rank(found.ranks["betweenness"]),
            pagerank=_rank(found.ranks["pagerank"]),
        ),
        words=found.words,
    )


def _rank(rank: CentralityRank) -> Rank:
    return Rank(place=rank.place, tied=rank.tied, of=rank.of)
