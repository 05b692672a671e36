"""The ties of a day as one networkx graph, whole or in part, and the node that a word means.

Which nodes and ties there are is asked of `points` and `lines`; files for other programs are `formats`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import networkx as nx

from tracker.errors import NotFound
from tracker.law.ledger import Ledger, remembered
from tracker.law.network.lines import ties
from tracker.law.network.parts import Node, NodeKind, Tie, TieKind, node_id
from tracker.law.network.points import nodes


@remembered
def network(ledger: Ledger) -> nx.MultiDiGraph[str]:
    """Every node and every tie of the ledger's day; attributes are plain text and numbers, edges are keyed by kind."""
    return graph_of(ledger, nodes(ledger), ties(ledger))


def subgraph(
    ledger: Ledger, ids: Collection[str] | None = None, kinds: Collection[TieKind] | None = None
) -> nx.MultiDiGraph[str]:
    """The nodes of these ids (None: all) and the ties of these kinds (None: all) between them.

    NotFound for an id that is no node of the day.
    """
    known = by_id(ledger)
    for each in ids or ():
        if each not in known:
            raise NotFound("node", each)
    wanted = known.keys() if ids is None else frozenset(ids)
    inside = (tie for tie in ties(ledger) if tie.source in wanted and tie.target in wanted)
    return graph_of(
        ledger,
        tuple(node for node in known.values() if node.id in wanted),
        tuple(tie for tie in inside if kinds is None or tie.kind in kinds),
    )


def graph_of(ledger: Ledger, points: Collection[Node], lines: Collection[Tie]) -> nx.MultiDiGraph[str]:
    """The graph of these nodes and ties; `as_of` is the ledger's day in ISO 8601."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(as_of=ledger.day.isoformat() if ledger.day else "")
    for node in points:
        graph.add_node(node.id, **_attributes_of_node(node))
    for tie in lines:
        graph.add_edge(tie.source, tie.target, key=str(tie.kind), **_attributes_of_tie(tie))
    return graph


@remembered
def by_id(ledger: Ledger) -> Mapping[str, Node]:
    """The nodes of the ledger's day by their ids."""
    return {node.id: node for node in nodes(ledger)}


def node_of(ledger: Ledger, name: str) -> Node:
    """The node meant by an id (`participant.FRA`) or a code (`FRA`, `untoc`, `greco`), whatever the case.

    Participants go before instruments, instruments before bodies. NotFound if the day has no such node.
    """
    known, bare = by_id(ledger), name.strip()
    kind, dot, code = bare.partition(".")
    tries = [(NodeKind(kind), code)] if dot and kind in set(NodeKind) else [(each, bare) for each in NodeKind]
    for each, text in tries:
        id = node_id(each, text.upper() if each is NodeKind.PARTICIPANT else text.lower())
        if id in known:
            return known[id]
    raise NotFound("participant, instrument or body of that day", name)


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
