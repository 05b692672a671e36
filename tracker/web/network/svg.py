"""A scene as a standalone SVG, made on the server and styled by attributes alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, degrees
from typing import Any

from flask import render_template

from tracker.messages import message
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.params import VIEWS, WORDS, NetworkParams
from tracker.web.network.questions import Highlights
from tracker.web.network.scene import Mark, Scene, build_scene

# the light tokens of static/style.css, since an image by itself has no style sheet
INKS = {
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
        "network.svg", drawn=drawn, marks=marks, lines=lines, inks=INKS, strokes=line_styles(), marked=marked,
        box=(x - wide, y - high - HEAD, 2 * wide, 2 * high + HEAD + FOOT), head=HEAD, wanted=wanted,
        title=say(VIEWS[wanted.view]), told=told, legend=[(kind, LEGEND[kind]) for kind in present],
        written=rotated_label, wrapped=wrap_label, heavy=_heaviest(drawn),
    )  # fmt: skip


def line_styles() -> dict[str, Stroke]:
    """How each kind of line is drawn."""
    return {kind: Stroke(INKS[ink], width, opacity, dashes) for kind, (ink, width, opacity, dashes) in STYLES.items()}


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
