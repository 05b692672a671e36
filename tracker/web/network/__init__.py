"""The network: its page, its data, and the script that draws it, out of the installed pyvis.

The page holds the same ties as a table, chosen by the same address, so it serves without the picture.
What is drawn lives in `picture`, which ties an address asks for in `wanted`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyvis
from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from tracker.law.ledger import Ledger
from tracker.law.network import Node, NodeKind, Tie, absences, nodes, ties
from tracker.web import ask, link
from tracker.web.formats import Answer, as_csv
from tracker.web.network.picture import drawing
from tracker.web.network.wanted import VIEWS, WORDS, Wanted, kinds, regions, wanted_of

VIS = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
A_YEAR = 365 * 24 * 3600
MOST_LISTED = 12  # participants in the list of those that miss most
COLUMNS = ("from", "from_name", "from_kind", "tie", "words", "to", "to_name", "to_kind", "since")

Row = tuple[Node, Tie, Node]

network = Blueprint("network", __name__)


@network.get("/network")
def page() -> ResponseReturnValue:
    """The picture, its controls, and its ties as a table."""
    ledger = ask().ledger
    wanted = wanted_of(request.args, ledger)
    return render_template("network.html", **_shown(ledger, wanted))


@network.get("/network.json")
def data() -> Response:
    """Nodes, edges, options and places for the script; all of the day, whatever is chosen."""
    return Response(drawing(ask().ledger), mimetype="application/json")


@network.get("/network.csv")
def rows() -> ResponseReturnValue:
    """The ties that the address asks for, one a line."""
    ledger = ask().ledger
    lines = [_line(row) for row in _chosen(ledger, wanted_of(request.args, ledger))]
    return as_csv(Answer("network", None, lines, COLUMNS))


@network.get("/vendor/vis-network.js")
def vis() -> Response:
    """vis-network as the installed pyvis carries it."""
    return send_file(VIS, mimetype="text/javascript", max_age=A_YEAR, conditional=True)


def _chosen(ledger: Ledger, wanted: Wanted) -> list[Row]:
    by_id = {node.id: node for node in nodes(ledger)}
    return [(by_id[tie.source], tie, by_id[tie.target]) for tie in wanted.of(ledger)]


def _line(row: Row) -> dict[str, Any]:
    source, tie, target = row
    return {
        "from": source.code, "from_name": source.name, "from_kind": str(source.kind),
        "tie": str(tie.kind), "words": tie.words,
        "to": target.code, "to_name": target.short, "to_kind": str(target.kind),
        "since": str(tie.since) if tie.since else None,
    }  # fmt: skip


def _shown(ledger: Ledger, wanted: Wanted) -> dict[str, Any]:
    by_id = {node.id: node for node in nodes(ledger)}
    return {
        "wanted": wanted,
        "focused": by_id.get(wanted.focus),
        "rows": _chosen(ledger, wanted),
        "query": {key: value for key, value in request.args.items() if key not in ("as_of", "known_at")},
        "nodes": sorted(by_id.values(), key=lambda node: node.short),
        "instruments": [node for node in by_id.values() if node.kind is NodeKind.INSTRUMENT],
        "regions": regions(ledger),
        "views": {view: (title, kinds(view)) for view, title in VIEWS.items()},
        "words": WORDS,
        "address": address,
        **_summary(ledger, by_id),
    }


def address(node: Node) -> str:
    """The page of a node, keeping the day."""
    if node.kind is NodeKind.PARTICIPANT:
        return link("pages.participant", code=node.code)
    return link("pages.instrument" if node.kind is NodeKind.INSTRUMENT else "pages.body", id=node.code)


def _summary(ledger: Ledger, by_id: dict[str, Node]) -> dict[str, Any]:
    """What the picture says at a glance, in figures: gaps in instruments in force, and who has most."""
    missing = [tie for tie in absences(ledger) if not tie.pending]
    people = [node for node in by_id.values() if node.kind is NodeKind.PARTICIPANT]
    most = Counter(tie.source for tie in missing).most_common(MOST_LISTED)
    return {
        "present": {tie.kind for tie in (*ties(ledger), *absences(ledger))},
        "missing": len(missing),
        "waiting": len(absences(ledger)) - len(missing),
        "complete": sum(not node.counts["missing"] for node in people),
        "people": len(people),
        "most": [(by_id[who], number) for who, number in most],
    }
