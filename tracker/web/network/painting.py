"""Pictures painted on the server: on the page, as a file, and as the places and sentences that the script reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template

from tracker.graph.cells import CellKind
from tracker.graph.growth import GrowthKind
from tracker.messages import TranslatableText, message
from tracker.translations import in_language
from tracker.web.context import RequestContext
from tracker.web.language import page_language, say
from tracker.web.network.captions import growth_label
from tracker.web.network.circle import HALF_HEIGHT, HALF_WIDTH
from tracker.web.network.growth import Growth, growth
from tracker.web.network.params import VIEWS, NetworkParams
from tracker.web.network.rose import Rose, legend_cell, rose
from tracker.web.network.spindle import Spindle, spindle

BOX = (-HALF_WIDTH, -HALF_HEIGHT, 2 * HALF_WIDTH, 2 * HALF_HEIGHT)
HEAD, LEGEND_WIDTH = 70.0, 250.0  # room in a file above the picture, and beside it
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
    "paper": "#ffffff", "ink": "#12161c", "soft": "#4a5462", "gap": "#12161c",
    "ground": "#efede7", "waiting": "#d9d5cb",
    "cell-europe": "#4b76b6", "band-europe": "#2458a6", "cell-asia": "#c2659c", "band-asia": "#c2659c",
    "cell-oceania": "#3498c9", "band-oceania": "#3498c9", "cell-africa": "#c08205", "band-africa": "#c08205",
    "cell-americas": "#2e8f72", "band-americas": "#12805f", "cell-no-region": "#7d7d78", "band-no-region": "#5c5c58",
    "on-europe": "#ffffff", "on-asia": "#12161c", "on-oceania": "#12161c", "on-africa": "#12161c",
    "on-americas": "#ffffff", "on-no-region": "#ffffff",
}  # fmt: skip


def painting_values(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    """What the templates need to paint the view."""
    drawn = drawn_view(asked, wanted)
    return {
        "drawn": drawn, "middle": _middle(asked, wanted, drawn), "box": BOX, "wanted": wanted,
        "cells": _legend(drawn) if isinstance(drawn, Rose) else (),
        "marks": _legend_of_marks(drawn) if isinstance(drawn, Growth) else (),
        "ink": lambda name: f"var(--{name})",
    }  # fmt: skip


def drawn_view(asked: RequestContext, wanted: NetworkParams) -> Rose | Spindle:
    """The picture of a painted view, as places and paths."""
    views: dict[str, Callable[[RequestContext, NetworkParams], Rose | Spindle]] = {
        "growth": growth,
        "spindle": spindle,
    }
    return views.get(wanted.view, rose)(asked, wanted)


def painting_as_svg(asked: RequestContext, wanted: NetworkParams, told: str) -> str:
    """The view as an SVG document of its own, with title, sentence, legend and source."""
    x, y, wide, high = BOX
    box = (x - LEGEND_WIDTH, y - HEAD, wide + LEGEND_WIDTH, high + HEAD)
    shown = {**painting_values(asked, wanted), "ink": INKS.__getitem__, "box": box}
    return render_template("network_rose.svg", **shown, title=say(VIEWS[wanted.view]), told=told)


def _middle(asked: RequestContext, wanted: NetworkParams, drawn: Rose | Spindle) -> dict[str, str]:
    """The words that stand in the picture."""
    if isinstance(drawn, Growth):
        label: str = growth_label(asked.ledger, drawn.rings[0].treaty, drawn.total)
    else:
        label = LABELS.get(wanted.view, message("links") if wanted.standing else message("outstanding"))
    return {
        "number": in_language(drawn.total, page_language()),
        "label": say(label),
        "incomplete": say(message("Incomplete data")),
        "undated": say(MARKS[GrowthKind.UNDATED]),
    }


def _legend(drawn: Rose) -> list[tuple[CellKind, TranslatableText, Any]]:
    """The kinds of cell that are there, with their words and their picture."""
    there = {cell.kind for cell in drawn.cells.values()}
    return [(kind, words, legend_cell(kind)) for kind, words in CELLS.items() if kind in there]


def _legend_of_marks(drawn: Growth) -> list[tuple[GrowthKind, TranslatableText]]:
    """The kinds of mark that are there, with their words."""
    there = {mark.kind for marks in drawn.acts.values() for mark in marks}
    return [(kind, words) for kind, words in MARKS.items() if kind in there]
