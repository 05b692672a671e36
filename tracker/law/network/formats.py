"""The network as files for other programs: GraphML, GEXF and node-link JSON.

Plain attributes only; characters that XML cannot hold are taken out. The same graph gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import networkx as nx

Graph: TypeAlias = "nx.MultiDiGraph[str]"

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
_WRITTEN_ON = re.compile(r' lastmodifieddate="[^"]*"')  # the clock's day, which is not the graph's


def graphml(graph: Graph) -> bytes:
    """The graph as GraphML (UTF-8), with its nodes' and edges' attributes."""
    return "\n".join(nx.generate_graphml(_fit(graph), prettyprint=False)).encode()


def gexf(graph: Graph) -> bytes:
    """The graph as GEXF 1.2 (UTF-8), labelled by name."""
    labelled = _fit(graph)
    for _, given in labelled.nodes(data=True):
        given["label"] = given.get("name", "")
    return _WRITTEN_ON.sub("", "\n".join(nx.generate_gexf(labelled, version="1.2draft"))).encode()


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
