"""The edges of a date as one networkx graph, whole or in part, and as GraphML, GEXF and node-link JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

import networkx as nx

from tracker.errors import NotFound
from tracker.graph.edges import edges
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind, node_id
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger, memoized


@memoized
def build_network(ledger: Ledger) -> nx.MultiDiGraph[str]:
    """Every node and every tie of the ledger's day; attributes are plain text and numbers, edges are keyed by kind."""
    return graph_of(ledger, nodes(ledger), edges(ledger))


def subgraph(
    ledger: Ledger, ids: Collection[str] | None = None, kinds: Collection[EdgeKind] | None = None
) -> nx.MultiDiGraph[str]:
    """The nodes of these ids (None: all) and the ties of these kinds (None: all) between them.

    NotFound for an id that is no node of the day.
    """
    known = by_id(ledger)
    for each in ids or ():
        if each not in known:
            raise NotFound("node", each)
    wanted = known.keys() if ids is None else frozenset(ids)
    inside = (tie for tie in edges(ledger) if tie.source in wanted and tie.target in wanted)
    return graph_of(
        ledger,
        tuple(node for node in known.values() if node.id in wanted),
        tuple(tie for tie in inside if kinds is None or tie.kind in kinds),
    )


def graph_of(ledger: Ledger, points: Collection[Node], lines: Collection[Edge]) -> nx.MultiDiGraph[str]:
    """The graph of these nodes and ties; `as_of` is the ledger's day in ISO 8601."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(as_of=ledger.day.isoformat() if ledger.day else "")
    for node in points:
        graph.add_node(node.id, **_attributes_of_node(node))
    for tie in lines:
        graph.add_edge(tie.source, tie.target, key=str(tie.kind), **_attributes_of_tie(tie))
    return graph


@memoized
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
        "name": str(node.name),  # a plain text, as other programs want it
        "short": str(node.short),
        "region": node.region,
        "un_group": node.un_group,
        **{name.replace(" ", "_"): number for name, number in node.counts.items()},
    }


def _attributes_of_tie(tie: Edge) -> dict[str, str | bool]:
    return {
        "kind": str(tie.kind),
        "words": str(tie.words),
        "since": str(tie.since) if tie.since else "",
        "pending": tie.pending,
    }


Graph: TypeAlias = "nx.MultiDiGraph[str]"

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
_WRITTEN_ON = re.compile(r' lastmodifieddate="[^"]*"')  # the clock's day, which is not the graph's
_CREATOR = re.compile(r"<creator>[^<]*</creator>")
_SCHEMA_INSTANCE = ("http://w3.org/2001/XMLSchema-instance", "http://www.w3.org/2001/XMLSchema-instance")
_EDGE = re.compile(r'<edge (?=[^>]*\bid="(\d+)")')


def graphml(graph: Graph) -> bytes:
    """The graph as GraphML (UTF-8), with its nodes' and edges' attributes."""
    return "\n".join(nx.generate_graphml(_fit(graph), prettyprint=False)).encode()


def gexf(graph: Graph) -> bytes:
    """The graph as GEXF 1.3 (UTF-8), labelled by name; https://gexf.net/schema.html.

    `viz` of a node or an edge is what it looks like, `spells` are when it is there: pairs of ISO 8601 days, None where
    open. Each edge has its key as its `kind`, which tells parallel edges apart.
    """
    labelled = _fit(graph)
    for _, given in labelled.nodes(data=True):
        given["label"] = given.get("name", "")
    kinds = [_quote(key) for _, _, key in labelled.edges(keys=True)]
    text = "\n".join(nx.generate_gexf(labelled, version="1.3")).replace(*_SCHEMA_INSTANCE)
    text = _EDGE.sub(lambda found: f'<edge kind="{kinds[int(found[1])]}" ', _WRITTEN_ON.sub("", text))
    described = (
        f"<creator>Treaty Tracker</creator><description>{_quote(str(graph.graph.get('title', '')))}</description>"
    )
    return _CREATOR.sub(lambda _found: described, text).encode()


def _quote(text: str) -> str:
    return escape(_text(text), {'"': "&quot;"})


def node_link(graph: Graph) -> bytes:
    """The graph as node-link JSON (UTF-8): `{"directed", "multigraph", "graph", "nodes", "edges"}`."""
    return json.dumps(nx.node_link_data(_fit(graph), edges="edges"), ensure_ascii=False).encode()


FORMATS: Mapping[str, Callable[[Graph], bytes]] = {"graphml": graphml, "gexf": gexf, "json": node_link}


def _fit(graph: Graph) -> Graph:
    """A copy of the graph that XML can hold."""
    fit: Graph = nx.MultiDiGraph(**_plain(graph.graph))
    for id, given in graph.nodes(data=True):
        fit.add_node(_text(id), **_plain(given))
    for source, target, key, given in graph.edges(keys=True, data=True):
        fit.add_edge(_text(source), _text(target), key=_text(key), **_plain(given))
    return fit


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    return {_text(name): _text(value) if isinstance(value, str) else value for name, value in given.items()}


def _text(text: str) -> str:
    return _UNFIT.sub("", text)
