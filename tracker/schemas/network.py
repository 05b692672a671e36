"""Answers about the network: its analyses, the same for page, API and command line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from tracker.graph.backbone import backbone
from tracker.graph.centrality import Centrality, CentralityRank, centrality
from tracker.graph.communities import find_communities
from tracker.graph.diff import EdgeChange, diff_networks, short_name_in_either, two_days
from tracker.graph.ego import ego_network
from tracker.graph.layout import Position
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id, node_of
from tracker.graph.paths import USUAL_EDGES, PathBetween, shortest_paths
from tracker.graph.profiles import core_instruments, group_profiles, profile_places
from tracker.graph.similarity import SimilarNode, most_similar
from tracker.law.ledger import Ledger, title_of
from tracker.law.model import Action
from tracker.schemas.values import AnyDay, Number, action_answer, answer_model, iso_date, named_participants

Plain = dict[str, Any]


@answer_model
class NetworkNode:
    """A participant, instrument or body of the network."""

    id: str
    kind: NodeKind
    code: str
    name: str
    short: str
    region: str
    un_group: str
    counts: dict[str, Number]


@answer_model
class NetworkEdge:
    """A tie of the network, or an absence, with the names of both ends."""

    from_: Annotated[str, Field(alias="from")]
    from_name: str
    from_kind: NodeKind
    tie: EdgeKind
    words: str
    to: str
    to_name: str
    to_kind: NodeKind
    since: AnyDay | None
    absence: bool
    pending: bool


@answer_model
class Network:
    """The ties asked for, or the absences, and the nodes that they join."""

    view: Literal["gaps", "ties"]
    nodes: list[NetworkNode]
    ties: list[NetworkEdge]


def profiles_answer(ledger: Ledger, instruments: tuple[str, ...] | None = None) -> Plain:
    """The profiles, largest first: the `instruments` asked about, what each profile has, lacks, and who shares it."""
    asked = (
        core_instruments(ledger) if instruments is None else tuple(ledger.instrument(each).id for each in instruments)
    )
    found, places = group_profiles(ledger, asked), profile_places(ledger, asked)
    return {
        "as_of": iso_date(ledger.day),
        "instruments": [
            {**_instrument(ledger, id), "place": _place(places[node_id(NodeKind.INSTRUMENT, id)]),
             "participants": sum(each.size for each in found if id in each.instruments)}
            for id in asked
        ],
        "participants": sum(each.size for each in found),
        "count": len(found),
        "profiles": [
            {
                "id": each.id,
                "number": each.number,
                "size": each.size,
                "instruments": list(each.instruments),
                "missing": [id for id in asked if id not in each.instruments],
                "members": _named(ledger, each.members),
                "place": _place(places[each.id]),
            }
            for each in found
        ],
    }  # fmt: skip


def backbone_answer(ledger: Ledger) -> Plain:
    """Instruments with their parties, group and place, and the ties to the two most alike of each, in words."""
    found = backbone(ledger)
    return {
        "as_of": iso_date(ledger.day),
        "groups": list(found.groups),
        "instruments": [
            {**_instrument(ledger, each.id), "id": node_id(NodeKind.INSTRUMENT, each.id), "parties": each.parties,
             "group": each.group, "place": _place(found.places[node_id(NodeKind.INSTRUMENT, each.id)])}
            for each in found.hubs
        ],
        "ties": [
            {
                "one": each.one,
                "other": each.other,
                "likeness": round(each.likeness, 4),
                "shared": each.shared,
                "total": each.total,
                "words": f"{title_of(ledger, each.one)} and {title_of(ledger, each.other)} share {each.shared} of the "
                         f"{each.total} that are party to either.",
            }
            for each in found.ties
        ],
    }  # fmt: skip


def ego_answer(ledger: Ledger, node: str) -> Plain:
    """A node, what is tied to it, its ties and its missing ties, the rings round it and the places of all."""
    found = ego_network(ledger, node)
    return {
        "as_of": iso_date(ledger.day),
        "node": {**node_answer(found.node), "counts": dict(found.node.counts)},
        "nodes": [{**node_answer(each), "place": _place(found.places[each.id])} for each in found.others],
        "ties": [_tie(ledger, each) for each in found.ties],
        "missing": [_tie(ledger, each) for each in found.missing],
        "rings": [{"words": each.words, "radius": each.radius, "ids": list(each.ids)} for each in found.rings],
    }


def alike_answer(ledger: Ledger, name: str, n: int = 10) -> Plain:
    """The most alike of its kind, each with what they share, what only one of the two has, and a sentence."""
    asked = node_of(ledger, name)
    found = most_similar(ledger, asked.id, n)
    return {
        "as_of": iso_date(ledger.day),
        "node": node_answer(asked),
        "alike": [_neighbour(ledger, each) for each in found],
    }


def path_answer(
    ledger: Ledger, one: str, other: str, kinds: Collection[EdgeKind] = USUAL_EDGES, most: int = 10
) -> Plain:
    """The shortest ways between two nodes: how long, how many, and the rarest of them step by step."""
    found = shortest_paths(ledger, one, other, kinds, most)
    return {
        "as_of": iso_date(ledger.day),
        "one": node_answer(found.one),
        "other": node_answer(found.other),
        "kinds": [each.value for each in found.kinds],
        "length": found.length,
        "number": found.number,
        "first_steps": found.first_steps,
        "words": found.words,
        "routes": [_route(ledger, each) for each in found.routes],
    }


def clusters_answer(ledger: Ledger) -> Plain:
    """The groups, largest first, each with what marks it off; `modularity` and `certainty` say how clear they are."""
    found, nodes = find_communities(ledger), by_id(ledger)
    return {
        "as_of": iso_date(ledger.day),
        "modularity": round(found.modularity, 3),
        "certainty": found.certainty,
        "count": len(found.groups),
        "groups": [
            {
                "number": each.number,
                "size": len(each.members),
                "words": each.words,
                "members": _named(ledger, each.members),
                "marks": [
                    {**node_answer(nodes[mark.id]), "inside": mark.inside, "outside": mark.outside, "words": mark.words}
                    for mark in each.marks
                ],
            }
            for each in found.groups
        ],
        "untied": _named(ledger, found.untied),
    }


def centrality_answer(ledger: Ledger) -> Plain:
    """Participants and instruments with their measures, ranks and a sentence, each list by degree."""
    found, nodes = centrality(ledger), by_id(ledger)
    told = [(nodes[each.id], _central(nodes[each.id], each)) for each in found]
    return {
        "as_of": iso_date(ledger.day),
        "participants": [row for node, row in told if node.kind is NodeKind.PARTICIPANT],
        "instruments": [row for node, row in told if node.kind is NodeKind.INSTRUMENT],
    }


def between_days_answer(ledger: Ledger, first: date, second: date) -> Plain:
    """Ties gained, lost and changed between two days, with the acts that made them, and nodes that came and went."""
    return difference_answer(*two_days(ledger, first, second))


def difference_answer(before: Ledger, after: Ledger) -> Plain:
    """The same of any two ledgers, such as one day as known at two moments."""
    found = diff_networks(before, after)
    turns = [_turn(before, after, each) for each in found.turns]
    return {
        "from": iso_date(found.first),
        "to": iso_date(found.second),
        "gained": [each for each in turns if each["turn"] == "gained"],
        "lost": [each for each in turns if each["turn"] == "lost"],
        "changed": [each for each in turns if each["turn"] == "changed"],
        "came": [node_answer(each) for each in found.came],
        "went": [node_answer(each) for each in found.went],
    }


def node_answer(node: Node) -> Plain:
    """A node by id, kind, code and names."""
    return {"id": node.id, "kind": node.kind.value, "code": node.code, "name": node.name, "short": node.short,
            "region": node.region or None}  # fmt: skip


# -- the parts -------------------------------------------------------------------------------------


def _named(ledger: Ledger, codes: Iterable[str]) -> list[Plain]:
    return [vars(each) for each in named_participants(ledger, codes)]


def _act(ledger: Ledger, act: Action) -> Plain:
    days = {"date": iso_date(act.date), "effective_on": iso_date(act.effective_on)}
    return {**vars(action_answer(ledger, act)), **days}


def _place(place: Position) -> Plain:
    return {"x": round(place.x, 1), "y": round(place.y, 1), "angle": round(place.angle, 3)}


def _instrument(ledger: Ledger, id: str) -> Plain:
    return {"instrument": id, "name": title_of(ledger, id), "reference": ledger.instruments[id].reference}


def _tie(ledger: Ledger, tie: Edge) -> Plain:
    nodes = by_id(ledger)
    return {
        "source": tie.source,
        "source_name": nodes[tie.source].short,
        "target": tie.target,
        "target_name": nodes[tie.target].short,
        "kind": tie.kind.value,
        "words": tie.words,
        "since": str(tie.since) if tie.since else None,
        "pending": tie.pending,
    }


def _neighbour(ledger: Ledger, found: SimilarNode) -> Plain:
    return {
        **node_answer(by_id(ledger)[found.id]),
        "likeness": round(found.likeness, 4),
        "shared": list(found.shared),
        "only_one": list(found.only_one),
        "only_other": list(found.only_other),
        "words": found.words,
    }


def _route(ledger: Ledger, route: PathBetween) -> Plain:
    return {
        "nodes": [node_answer(each) for each in route.nodes],
        "ties": [_tie(ledger, each) for each in route.ties],
        "rarity": route.rarity,
        "words": route.words,
    }


def _central(node: Node, found: Centrality) -> Plain:
    measures = {"degree": found.degree, "closeness": found.closeness, "betweenness": found.betweenness,
                "pagerank": found.pagerank}  # fmt: skip
    return {
        **node_answer(node),
        "possible": found.possible,
        **{name: value if isinstance(value, int) else round(value, 6) for name, value in measures.items()},
        "ranks": {name: _rank(found.ranks[name]) for name in measures},
        "words": found.words,
    }


def _rank(rank: CentralityRank) -> Plain:
    return {"place": rank.place, "tied": rank.tied, "of": rank.of}


def _turn(before: Ledger, after: Ledger, turn: EdgeChange) -> Plain:
    source, target = (short_name_in_either(before, after, id) for id in (turn.source, turn.target))
    return {
        "turn": turn.turn.value,
        "change": turn.change.value,
        "source": turn.source,
        "source_name": source,
        "target": turn.target,
        "target_name": target,
        "before": turn.before.kind.value if turn.before else None,
        "before_words": turn.before.words if turn.before else None,
        "after": turn.after.kind.value if turn.after else None,
        "after_words": turn.after.words if turn.after else None,
        "words": turn.words,
        "acts": [_act(after, act) for act in turn.acts],
    }
