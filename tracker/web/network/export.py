"""What is shown as a graph for other programs: the rows of the view's table, in GraphML, GEXF and node-link JSON.

GEXF has the places and colours of the picture, and the time in which each node and link is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from math import cos, sin
from typing import Any

import networkx as nx

from tracker.graph.model import Node, NodeKind
from tracker.graph.networkx_graph import by_id, gexf, graphml, node_link
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.web.context import RequestContext
from tracker.web.network.captions import describe_view
from tracker.web.network.circle import OUTER
from tracker.web.network.painting import INKS, STYLES, drawn_view
from tracker.web.network.params import NetworkParams
from tracker.web.network.scene import Scene
from tracker.web.network.spindle import Spindle
from tracker.web.network.views import answer, before

Graph = nx.MultiDiGraph
Spell = tuple[str | None, str | None]
WRITERS: Mapping[str, tuple[Callable[[Any], bytes], str]] = {
    "graphml": (graphml, "application/graphml+xml"),
    "gexf": (gexf, "application/gexf+xml"),
    "node-link.json": (node_link, "application/json"),
}
SHAPES = {NodeKind.PARTICIPANT: "disc", NodeKind.INSTRUMENT: "square", NodeKind.BODY: "triangle"}
LEVEL_NAMES = -120.0  # where the names of rings stand


def graph_file(asked: RequestContext, wanted: NetworkParams, form: str) -> tuple[bytes, str]:
    """The graph of what is wanted as a file of that form, and its media type."""
    write, mimetype = WRITERS[form]
    graph = shown_graph(asked, wanted)
    if form == "gexf":
        _add_looks(graph, asked, wanted)
        _add_spells(graph, asked, wanted)
    return write(graph), mimetype


def shown_graph(asked: RequestContext, wanted: NetworkParams) -> Graph[str]:
    """The rows of the view's table as ties, keyed by what they are, and every node that they join."""
    title = f"{describe_view(asked, wanted)} Treaty Tracker, status as at {asked.day.isoformat()}."
    graph: Graph[str] = nx.MultiDiGraph(as_of=asked.day.isoformat(), view=wanted.view, title=title)
    for one, other, kind, words, since in _ends(asked, wanted):
        graph.add_edge(one, other, key=kind, kind=kind, words=str(words), since=str(since or ""))
    known = _known(asked, wanted)
    for id in graph:
        graph.nodes[id].update(_node_attributes(id, known))
    return graph


def _known(asked: RequestContext, wanted: NetworkParams) -> Mapping[str, Node]:
    known = by_id(asked.ledger)
    return {**by_id(before(asked, wanted)), **known} if wanted.view == "changes" else known


def _ends(asked: RequestContext, wanted: NetworkParams) -> list[tuple[str, str, str, str, date | PartialDate | None]]:
    found = answer(asked, wanted)
    if wanted.view == "profiles":
        return [(row.id, f"instrument.{id}", "has", "", None) for row in found.rows for id in row.instruments]
    if wanted.view == "growth":
        return [(f"participant.{row.from_}", f"instrument.{row.to}", row.kind, "", row.date) for row in found.rows]
    if wanted.view == "changes":
        return [(row.source, row.target, row.turn, row.words, None) for row in found.rows]
    if wanted.view == "backbone":
        return [(row.source, row.target, "alike", row.words, None) for row in found.rows]
    ends = ((f"{row.from_kind}.{row.from_}", f"{row.to_kind}.{row.to}", row) for row in found.rows)
    return [(one, other, row.tie, row.words, row.since) for one, other, row in ends]


def _node_attributes(id: str, known: Mapping[str, Node]) -> dict[str, Any]:
    if id not in known:
        return {"kind": "profile", "name": id.replace(".", " ").capitalize(), "label": id}
    node = known[id]
    counts = {name.replace(" ", "_"): number for name, number in node.counts.items()}
    return {"kind": str(node.kind), "code": node.code, "name": node.name, "label": node.short,
            "region": node.region, **counts}  # fmt: skip


# -- looks -----------------------------------------------------------------------------------------------------------


def _add_looks(graph: Graph[str], asked: RequestContext, wanted: NetworkParams) -> None:
    """Places and colours as in the picture; the y axis points up, as programs that read GEXF have it."""
    known, places = _known(asked, wanted), _places(asked, wanted)
    for id, given in graph.nodes(data=True):
        node, degree = known.get(id), graph.degree(id)
        given["viz"] = {"color": _colour(_ink(node)), "size": round(4.0 + 2.0 * degree**0.5, 1)}
        if node:
            given["viz"]["shape"] = SHAPES[node.kind]
        if id in places:
            x, y = places[id]
            given["viz"]["position"] = {"x": round(x, 1), "y": round(-y, 1), "z": 0.0}
    for _, _, kind, given in graph.edges(keys=True, data=True):
        style = STYLES.get(kind)
        given["viz"] = {
            "color": _colour(INKS["soft"]),
            "thickness": 1.0,
            "shape": _line_shape(style.dashes if style else ""),
        }


def _line_shape(dashes: str) -> str:
    first = float(dashes.split(maxsplit=1)[0]) if dashes else 0.0
    return "solid" if not dashes else "dotted" if first < 2 else "dashed"


def _ink(node: Node | None) -> str:
    if node is None or node.kind is not NodeKind.PARTICIPANT:
        return INKS["ink" if node and node.kind is NodeKind.INSTRUMENT else "soft"]
    return INKS.get(f"band-{node.region.lower()}", INKS["band-no-region"])


def _colour(hex: str) -> dict[str, float]:
    red, green, blue = bytes.fromhex(hex.removeprefix("#"))
    return {"r": red, "g": green, "b": blue, "a": 1.0}


def _places(asked: RequestContext, wanted: NetworkParams) -> Mapping[str, tuple[float, float]]:
    """Where the nodes stand in the picture, by id; the y axis points down. Of clocks those of the rose."""
    drawn = drawn_view(asked, replace(wanted, view="gaps") if wanted.view == "clocks" else wanted)
    if isinstance(drawn, Scene):
        return {mark["id"]: (mark["x"], mark["y"]) for mark in drawn.marks}
    found = {f"participant.{seat.code}": (OUTER * sin(seat.middle), -OUTER * cos(seat.middle)) for seat in drawn.seats}
    if isinstance(drawn, Spindle):
        return found | {f"instrument.{row.treaty}": (0.0, row.y) for row in drawn.rows}
    return found | {f"instrument.{ring.treaty}": (LEVEL_NAMES, -ring.middle) for ring in drawn.rings}


# -- time ------------------------------------------------------------------------------------------------------------


def _add_spells(graph: Graph[str], asked: RequestContext, wanted: NetworkParams) -> None:
    """The time in which each node exists and each link holds, as far as the data have it.

    A link begins on the last day on which it may have begun, and what ends, ends on the first: so it is never there
    before it was, nor longer.
    """
    for id, given in graph.nodes(data=True):
        if spell := _existence(asked.ledger, *id.split(".", 1)):
            given["spells"] = [spell]
    ended = {
        (one, other): graph.edges[one, other, "withdrawal"]["since"]
        for one, other, kind in graph.edges(keys=True)
        if kind == "withdrawal"
    }
    for one, other, kind, given in graph.edges(keys=True, data=True):
        since = PartialDate.parse(given["since"]) if given["since"] else None
        if since:
            end = ended.get((one, other)) if kind == "consent" else None
            given["spells"] = [(since.last.isoformat(), end or None)]


def _existence(ledger: Ledger, kind: str, code: str) -> Spell | None:
    begun = ended = None
    if kind == NodeKind.PARTICIPANT and code in ledger.participants:
        who = ledger.participants[code]
        begun, ended = who.exists_from, who.exists_to
    elif kind == NodeKind.INSTRUMENT and code in ledger.instruments:
        begun = ledger.instruments[code].adopted_on or ledger.instruments[code].opened_on
    elif kind == NodeKind.BODY and code in ledger.bodies:
        begun, ended = ledger.bodies[code].established_on, ledger.bodies[code].dissolved_on
    return (_iso(begun, last=True), _iso(ended, last=False)) if begun or ended else None


def _iso(day: PartialDate | None, *, last: bool) -> str | None:
    return (day.last if last else day.first).isoformat() if day else None
