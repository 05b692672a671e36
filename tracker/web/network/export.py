"""What is shown as a graph for other programs: the rows of the view's table, in GraphML, GEXF and node-link JSON.

GEXF has the places and colours of the picture, and the time in which each node and link is there.

A scene as a standalone SVG, made on the server and styled by attributes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import cos, degrees, sin
from typing import Any

import networkx as nx
from flask import render_template

from tracker.graph.model import Node, NodeKind
from tracker.graph.networkx_graph import by_id, gexf, graphml, node_link
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.messages import message
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.captions import describe_view
from tracker.web.network.circle import OUTER
from tracker.web.network.painting import INKS, drawn_view
from tracker.web.network.params import PAINTED, VIEWS, WORDS, NetworkParams
from tracker.web.network.questions import Highlights
from tracker.web.network.scene import Mark, Scene, build_scene
from tracker.web.network.spindle import Spindle
from tracker.web.network.views import answer, before

# the light tokens of static/style.css, since an image by itself has no style sheet
SCENE_INKS = {
    "paper": "#ffffff", "ink": "#12161c", "soft": "#4a5462", "line": "#d6dce4", "line-strong": "#8a94a3",
    "party": "#0b5f93", "contracting-party": "#0d7268", "provisional": "#5a45b0",
    "signatory": "#a34e00", "withdrawn": "#9a1f52",
    "none": "#68717d", "error": "#a8231b", "warning": "#85530a", "focus": "#b35c00",
}  # fmt: skip
STYLES = {
    "assessed": ("warning", 0.8, 0.7, "8 2 1.5 2 1.5 2"),
    "member": ("line-strong", 0.5, 0.45, ""),
    "never-signed": ("none", 0.7, 0.6, ""),
    "convention-alone": ("none", 0.9, 0.65, "9 3 2 3"),
    "party": ("party", 0.6, 0.35, ""),
    "contracting-party": ("contracting-party", 1, 0.6, "12 4"),
    "part-of": ("soft", 0.6, 0.5, "2 2"),
    "watches": ("ink", 0.6, 0.5, ""),
    "alike": ("party", 1, 0.6, ""),
    "protocol-of": ("ink", 2, 0.9, ""),
    "objection": ("error", 1.8, 1, "10 3"),
    "signatory": ("signatory", 1.2, 0.9, "5 4"),
    "applies-provisionally": ("provisional", 1.2, 0.9, "7 3 2 3"),
    "provisional-only": ("provisional", 1.4, 0.95, "7 3 2 3"),
    "signed-only": ("signatory", 1.4, 0.95, "5 4"),
    "protocol-alone": ("error", 1.4, 1, "3 2"),
    "withdrawn": ("withdrawn", 1.8, 1, "1.5 4"),
    "left": ("withdrawn", 1.8, 1, "1.5 4"),
    "gained": ("party", 1.3, 0.8, ""),
    "changed": ("contracting-party", 1.3, 0.85, "10 3 2 3"),
    "lost": ("withdrawn", 1.5, 1, "5 4"),
    "way": ("focus", 3.5, 1, ""),
}
LEGEND = {**{str(kind): words for kind, words in WORDS.items()}, "gained": message("Gained"),
          "changed": message("Changed"), "lost": message("Lost"), "alike": message("Most similar, wider for more"),
          "way": message("Shortest path")}  # fmt: skip
HEAD, FOOT = 64.0, 46.0  # room for the title above and the legend below


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a kind of line is drawn: colour, width, opacity and dashes as SVG writes them."""

    ink: str
    width: float
    opacity: float
    dashes: str


def scene_as_svg(asked: RequestContext, wanted: NetworkParams, told: str, marked: Highlights) -> str:
    """The picture of what is wanted as an SVG document.

    `told` is the sentence under its title, `marked` what it shows of the answers (`asking.marked`).
    """
    drawn = build_scene(asked, wanted)
    (wide, high), (x, y) = drawn.half["wide"], drawn.middle
    marks = {mark["id"]: mark for mark in drawn.marks}
    order = list(STYLES)
    lines = sorted(drawn.lines, key=lambda line: order.index(line["kind"]))
    lines += [{**step, "kind": "way"} for step in marked.steps]
    present = [kind for kind in reversed(order) if any(line["kind"] == kind for line in lines)]
    return render_template(
        "network.svg", drawn=drawn, marks=marks, lines=lines, inks=SCENE_INKS, strokes=line_styles(), marked=marked,
        box=(x - wide, y - high - HEAD, 2 * wide, 2 * high + HEAD + FOOT), head=HEAD, wanted=wanted,
        title=say(VIEWS[wanted.view]), told=told, legend=[(kind, LEGEND[kind]) for kind in present],
        written=rotated_label, wrapped=wrap_label, heavy=_heaviest(drawn),
    )  # fmt: skip


def line_styles() -> dict[str, Stroke]:
    """How each kind of line is drawn."""
    return {
        kind: Stroke(SCENE_INKS[ink], width, opacity, dashes) for kind, (ink, width, opacity, dashes) in STYLES.items()
    }


def rotated_label(mark: Mark) -> dict[str, Any]:
    """How a name is written outwards from its mark: the turn in degrees, the side, and how far off."""
    over = cos(mark["angle"]) < -1e-6
    turn = degrees(mark["angle"]) + (180 if over else 0)
    return {"turn": f"{turn:.1f}", "anchor": "end" if over else "start", "off": -10 if over else 10}


def wrap_label(label: str, most: int = 15) -> list[str]:
    """A label in lines of about so many letters, broken between words."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + len(word) < most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _heaviest(drawn: Scene) -> dict[str, str]:
    """The weightiest kind of line at each mark."""
    order, found = list(STYLES), {}
    for line in sorted(drawn.lines, key=lambda line: order.index(line["kind"])):
        found[line["from"]] = found[line["to"]] = line["kind"]
    return found


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
        graph.add_edge(one, other, key=kind, kind=kind, words=words, since=str(since or ""))
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
            "shape": _line_shape(style[3] if style else ""),
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
    """Where the nodes stand in the picture, by id; the y axis points down."""
    if wanted.view not in PAINTED:
        return {mark["id"]: (mark["x"], mark["y"]) for mark in build_scene(asked, wanted).marks}
    drawn = drawn_view(asked, wanted)
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
