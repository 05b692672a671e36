"""Pictures painted on the server, on the page and as files; how each kind of line looks is written here alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import cos, degrees
from typing import Any

from flask import render_template

from tracker.graph.cells import CellKind
from tracker.graph.growth import GrowthKind
from tracker.messages import TranslatableText, message
from tracker.translations import in_language
from tracker.web.context import RequestContext
from tracker.web.language import page_language, say
from tracker.web.network.captions import growth_label
from tracker.web.network.circle import HALF_HEIGHT, HALF_WIDTH, wrap_label
from tracker.web.network.clocks import Clocks, clocks
from tracker.web.network.growth import Growth, growth
from tracker.web.network.params import VIEWS, WORDS, NetworkParams
from tracker.web.network.questions import Highlights
from tracker.web.network.rose import Rose, legend_cell, rose
from tracker.web.network.scene import Line, Mark, Scene, build_scene, small_radius
from tracker.web.network.spindle import Spindle, spindle

Drawn = Rose | Spindle | Scene
BOX = (-HALF_WIDTH, -HALF_HEIGHT, 2 * HALF_WIDTH, 2 * HALF_HEIGHT)
HEAD, LEGEND_WIDTH, FOOT = 70.0, 250.0, 60.0  # room in a file above the picture, beside it, and below node-link views
CELLS = {
    CellKind.PARTY: message("Party, in the colour of its region"),
    CellKind.GAP: message("Eligible, no action"),
    CellKind.SIGNED: message("Signed but not ratified"),
    CellKind.SIGNATORY: message("Signatory, treaty not yet in force"),
    CellKind.WITHDRAWN: message("Withdrawn"),
    CellKind.PROTOCOL_ALONE: message("Party to a protocol but not to its convention"),
    CellKind.UNDATED: message("Consent to be bound, date not known"),
    CellKind.NOT_IN_DATA: message("Not in our data"),
    CellKind.NO_ACTION_YET: message("No action, treaty not yet in force"),
    CellKind.NOT_ELIGIBLE: message("Not eligible"),
}
MARKS = {
    GrowthKind.CONSENT: message("Consent to be bound, at its date"),
    GrowthKind.SIGNATURE: message("Signature without ratification, at its date"),
    GrowthKind.WITHDRAWAL: message("Withdrawal"),
    GrowthKind.UNDATED: message("Date not known"),
}
LABELS = {"changes": message("changes of status"), "gaps": message("outstanding")}
# the light tokens of static/network.css and static/style.css, since an image by itself has no style sheet
INKS = {
    "paper": "#ffffff", "ink": "#12161c", "soft": "#4a5462", "gap": "#12161c", "line": "#d6dce4",
    "line-strong": "#8a94a3", "party": "#0b5f93", "contracting-party": "#0d7268", "provisional": "#5a45b0",
    "signatory": "#a34e00", "withdrawn": "#9a1f52", "none": "#68717d", "error": "#a8231b", "warning": "#85530a",
    "focus": "#b35c00",
    "ground": "#efede7", "waiting": "#d9d5cb",
    "cell-europe": "#4b76b6", "band-europe": "#2458a6", "cell-asia": "#c2659c", "band-asia": "#c2659c",
    "cell-oceania": "#3498c9", "band-oceania": "#3498c9", "cell-africa": "#c08205", "band-africa": "#c08205",
    "cell-americas": "#2e8f72", "band-americas": "#12805f", "cell-no-region": "#7d7d78", "band-no-region": "#5c5c58",
    "on-europe": "#ffffff", "on-asia": "#12161c", "on-oceania": "#12161c", "on-africa": "#12161c",
    "on-americas": "#ffffff", "on-no-region": "#ffffff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a kind of line is drawn: colour, width, opacity and dashes as SVG writes them."""

    ink: str
    width: float
    opacity: float
    dashes: str


# in the order in which they are drawn, the weightiest last; no two differ by colour alone
STYLES = {
    "assessed": Stroke("warning", 0.8, 0.7, "8 2 1.5 2 1.5 2"),
    "member": Stroke("line-strong", 0.5, 0.45, ""),
    "never-signed": Stroke("none", 0.7, 0.6, ""),
    "convention-alone": Stroke("none", 0.9, 0.65, "9 3 2 3"),
    "party": Stroke("party", 0.6, 0.35, ""),
    "alike": Stroke("party", 1, 0.6, ""),
    "contracting-party": Stroke("contracting-party", 1, 0.6, "12 4"),
    "part-of": Stroke("soft", 0.6, 0.5, "2 2"),
    "watches": Stroke("ink", 0.6, 0.5, ""),
    "protocol-of": Stroke("ink", 2, 0.9, ""),
    "objection": Stroke("error", 1.8, 1, "10 3"),
    "gained": Stroke("party", 1.3, 0.8, ""),
    "changed": Stroke("contracting-party", 1.3, 0.85, "10 3 2 3"),
    "applies-provisionally": Stroke("provisional", 1.2, 0.9, "7 3 2 3"),
    "provisional-only": Stroke("provisional", 1.4, 0.95, "7 3 2 3"),
    "signatory": Stroke("signatory", 1.2, 0.9, "5 4"),
    "signed-only": Stroke("signatory", 1.4, 0.95, "5 4"),
    "protocol-alone": Stroke("error", 1.4, 1, "3 2"),
    "withdrawn": Stroke("withdrawn", 1.8, 1, "1.5 4"),
    "left": Stroke("withdrawn", 1.8, 1, "1.5 4"),
    "lost": Stroke("withdrawn", 1.5, 1, "5 4"),
    "way": Stroke("focus", 3.5, 1, ""),
}
LEGEND = {**{str(kind): words for kind, words in WORDS.items()}, "gained": message("Gained"),
          "changed": message("Changed"), "lost": message("Lost"), "alike": message("Most similar, wider for more"),
          "way": message("Shortest path")}  # fmt: skip
TINTS = ("band-europe", "band-africa", "band-americas", "band-asia", "band-oceania", "withdrawn", "none")  # of chapters


def painting_values(asked: RequestContext, wanted: NetworkParams, marked: Highlights) -> dict[str, Any]:
    """What the templates need to paint the view."""
    drawn = drawn_view(asked, wanted)
    return {
        "drawn": drawn, "middle": _middle(asked, wanted, drawn), "box": _box(drawn), "wanted": wanted,
        "cells": _legend(drawn) if isinstance(drawn, Rose | Clocks) else (),
        "marks": _legend_of_marks(drawn) if isinstance(drawn, Growth) else (),
        "ink": lambda name: f"var(--{name})", "marked": marked, "strokes": STYLES, "present": (),
        **(_scene_values(drawn, marked) if isinstance(drawn, Scene) else {}),
    }  # fmt: skip


def _scene_values(drawn: Scene, marked: Highlights) -> dict[str, Any]:
    """What the template of the node-link views needs beside the scene."""
    lines = sorted(drawn.lines, key=lambda line: list(STYLES).index(line["kind"]))
    heaviest = {end: line["kind"] for line in lines for end in (line["from"], line["to"])}
    present = dict.fromkeys(line["kind"] for line in reversed(lines))
    return {
        "lines": list(_line_paths(drawn, [*lines, *({**step, "kind": "way"} for step in marked.steps)])),
        "heavy": heaviest if drawn.complete else {mark["id"]: mark.get("most", "") for mark in drawn.marks},
        "present": [(kind, LEGEND[kind]) for kind in (*(["way"] if marked.steps else []), *present)],
        "written": rotated_label, "wrapped": wrap_label, "small_radius": small_radius, "tints": TINTS,
    }  # fmt: skip


def _line_paths(drawn: Scene, lines: Iterable[Line]) -> Iterator[tuple[str, float, str]]:
    """Kind, width and path: all lines of a kind as one, and each by itself where its width counts something."""
    places = {mark["id"]: f"{mark['x']} {mark['y']}" for mark in drawn.marks}
    paths: dict[str, str] = {}
    for line in lines:
        path, kind = f"M{places[line['from']]}L{places[line['to']]}", line["kind"]
        if "share" in line:
            yield kind, round(1 + 5 * line["share"], 2), path
        else:
            paths[kind] = paths.get(kind, "") + path
    yield from ((kind, STYLES[kind].width, path) for kind, path in paths.items())


def drawn_view(asked: RequestContext, wanted: NetworkParams) -> Drawn:
    """The picture of a view, as places and paths."""
    views: dict[str, Callable[[RequestContext, NetworkParams], Drawn]] = {
        "gaps": rose, "changes": rose, "growth": growth, "spindle": spindle,
        "clocks": clocks,
    }  # fmt: skip
    return views.get(wanted.view, build_scene)(asked, wanted)


def _box(drawn: Drawn) -> tuple[float, float, float, float]:
    if not isinstance(drawn, Scene):
        return BOX
    (wide, high), (x, y) = drawn.half, drawn.middle
    return round(x - wide, 1), round(y - high, 1), round(2 * wide, 1), round(2 * high, 1)


def painting_as_svg(asked: RequestContext, wanted: NetworkParams, told: str, marked: Highlights) -> str:
    """The view as an SVG document of its own, with title, sentence, legend and source."""
    values = painting_values(asked, wanted, marked)
    x, y, wide, high = values["box"]
    has_lines = isinstance(values["drawn"], Scene) and not isinstance(values["drawn"], Clocks)
    beside, below = (0.0, FOOT) if has_lines else (LEGEND_WIDTH, 0.0)
    box = (round(x - beside, 1), round(y - HEAD, 1), round(wide + beside, 1), round(high + HEAD + below, 1))
    shown = {**values, "ink": INKS.__getitem__, "box": box}
    return render_template("network.svg", **shown, title=say(VIEWS[wanted.view]), told=told)


def _middle(asked: RequestContext, wanted: NetworkParams, drawn: Drawn) -> dict[str, str]:
    """The words that stand in the picture."""
    if isinstance(drawn, Growth):
        label: str = growth_label(asked.ledger, drawn.rings[0].treaty, drawn.total)
    else:
        links = wanted.standing or (isinstance(drawn, Scene) and not isinstance(drawn, Clocks))
        label = LABELS.get(wanted.view, message("links") if links else message("outstanding"))
    return {
        "number": in_language(drawn.total, page_language()),
        "label": say(label),
        "incomplete": say(message("Incomplete data")),
        "undated": say(MARKS[GrowthKind.UNDATED]),
    }


def _legend(drawn: Rose | Clocks) -> list[tuple[CellKind, TranslatableText, Any]]:
    """The kinds of cell that are there, with their words and their picture."""
    there = drawn.kinds if isinstance(drawn, Clocks) else {cell.kind for cell in drawn.cells.values()}
    return [(kind, words, legend_cell(kind)) for kind, words in CELLS.items() if kind in there]


def _legend_of_marks(drawn: Growth) -> list[tuple[GrowthKind, TranslatableText]]:
    """The kinds of mark that are there, with their words."""
    there = {mark.kind for marks in drawn.acts.values() for mark in marks}
    return [(kind, words) for kind, words in MARKS.items() if kind in there]


def rotated_label(mark: Mark) -> dict[str, Any]:
    """How a name is written outwards from its mark: the turn in degrees, the side, and how far off."""
    over = cos(mark["angle"]) < -1e-6
    turn = degrees(mark["angle"]) + (180 if over else 0)
    return {"turn": f"{turn:.1f}", "anchor": "end" if over else "start", "off": -10 if over else 10}
