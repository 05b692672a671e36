"""What is shown as a graph for other programs: the rows of the view's table, in GraphML and GEXF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx

from tracker.graph.networkx_graph import by_id, gexf, graphml
from tracker.web.context import RequestContext
from tracker.web.network.params import NetworkParams
from tracker.web.network.views import answer, before

Graph = nx.MultiDiGraph
WRITERS: Mapping[str, tuple[Callable[[Any], bytes], str]] = {
    "graphml": (graphml, "application/graphml+xml"),
    "gexf": (gexf, "application/gexf+xml"),
}


def graph_file(asked: RequestContext, wanted: NetworkParams, form: str) -> tuple[bytes, str]:
    """The graph of what is wanted as a file of that form, and its media type."""
    write, mimetype = WRITERS[form]
    return write(shown_graph(asked, wanted)), mimetype


def shown_graph(asked: RequestContext, wanted: NetworkParams) -> Graph[str]:
    """The rows of the view's table as ties, keyed by what they are, and every node that they join."""
    graph: Graph[str] = nx.MultiDiGraph(as_of=asked.day.isoformat(), view=wanted.view)
    for one, other, kind, words in _ends(asked, wanted):
        graph.add_edge(one, other, key=kind, kind=kind, words=words)
    known = by_id(asked.ledger)
    if wanted.view == "changes":
        known = {**by_id(before(asked, wanted)), **known}
    for id in graph:
        graph.nodes[id].update(_said(id, known))
    return graph


def _ends(asked: RequestContext, wanted: NetworkParams) -> list[tuple[str, str, str, str]]:
    found = answer(asked, wanted)
    if wanted.view == "profiles":
        return [(row.id, f"instrument.{id}", "has", "") for row in found.rows for id in row.instruments]
    if wanted.view == "changes":
        return [(row.source, row.target, row.turn, row.words) for row in found.rows]
    if wanted.view == "backbone":
        return [(row.source, row.target, "alike", row.words) for row in found.rows]
    ends = ((f"{row.from_kind}.{row.from_}", f"{row.to_kind}.{row.to}", row) for row in found.rows)
    return [(one, other, row.tie, row.words) for one, other, row in ends]


def _said(id: str, known: Mapping[str, Any]) -> dict[str, Any]:
    if id not in known:
        return {"kind": "profile", "name": id.replace(".", " ").capitalize(), "label": id}
    node = known[id]
    counts = {name.replace(" ", "_"): number for name, number in node.counts.items()}
    return {"kind": str(node.kind), "code": node.code, "name": node.name, "label": node.short,
            "region": node.region, **counts}  # fmt: skip
