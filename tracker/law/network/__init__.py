"""Participants, instruments and bodies as one graph: who is tied to what, since when, and what is missing.

`network` holds the ties that are there, `absences` those that are not; both speak of nodes by ids
such as `participant.FRA`, `instrument.untoc` and `body.greco`. Where a node stands is `layout`'s
question, how it is drawn the web's.
"""

from __future__ import annotations

import networkx as nx

from tracker.law.ledger import Ledger, remembered
from tracker.law.network.lines import absences, ties
from tracker.law.network.parts import Node, NodeKind, Tie, TieKind, node_id
from tracker.law.network.points import nodes

__all__ = ["Node", "NodeKind", "Tie", "TieKind", "absences", "network", "node_id", "nodes", "ties"]


@remembered
def network(ledger: Ledger) -> nx.MultiDiGraph[str]:
    """Every node and every tie of the ledger's day; attributes are plain text and numbers, edges are keyed by kind."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(as_of=ledger.day.isoformat() if ledger.day else "")
    for node in nodes(ledger):
        graph.add_node(node.id, **_attributes_of_node(node))
    for tie in ties(ledger):
        graph.add_edge(tie.source, tie.target, key=str(tie.kind), **_attributes_of_tie(tie))
    return graph


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
