"""The network: its page, its data and files, and the script that draws it, out of the installed pyvis.

The page holds the same ties as a table, chosen by the same address, so it serves without the picture. Which ties
an address asks for lives in `wanted`, what each view answers in `views`, what is drawn in `picture`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pyvis
from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from tracker.law.answers.plain import Plain
from tracker.law.network import Node, NodeKind, by_id
from tracker.web import Asked, ask, link
from tracker.web.formats import as_csv, as_json
from tracker.web.network import asking, files, panel
from tracker.web.network.drawing import drawing
from tracker.web.network.picture import bearing, is_small, too_many
from tracker.web.network.still import LEGEND, still
from tracker.web.network.told import told
from tracker.web.network.views import answer, backbone_of, before, ego_asked, profiles_of, turns
from tracker.web.network.wanted import CHANGES, MEASURES, VIEWS, WORDS, Wanted, kinds, regions, usual_view, wanted_of
from tracker.web.pages import FORM

VIS = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
A_YEAR = 365 * 24 * 3600
ROWS = 250  # of one page of the table

network = Blueprint("network", __name__)


@network.get("/network")
def page() -> str:
    """The picture, its controls, the questions beside it, and its ties as a table."""
    return render_template("network.html", **_shown(*_asked()))


@network.get(f"/network.{FORM}")
def data(form: str) -> ResponseReturnValue:
    """What the address asks for, whole: the view's answer as JSON, the rows of its table as CSV."""
    found = answer(*_asked())
    return as_json(found) if form == "json" else as_csv(found)


@network.get("/network.<any(graphml, gexf):form>")
def graph(form: str) -> Response:
    """What the address asks for as a graph, for other programs."""
    asked, wanted = _asked()
    body, mimetype = files.written(asked, wanted, form)
    return _saved(Response(body, mimetype=mimetype), asked, wanted, form)


@network.get("/network.svg")
def image() -> Response:
    """The picture of what the address asks for, as it stands."""
    asked, wanted = _asked()
    body = still(asked, wanted, told(asked, wanted), _marking(asked, wanted))
    return _saved(Response(body, mimetype="image/svg+xml"), asked, wanted, "svg", "inline")


@network.get("/network/drawing")
def drawn() -> Response:
    """Marks, lines, options and places for the script."""
    return Response(drawing(*_asked()), mimetype="application/json")


@network.get("/vendor/vis-network.js")
def vis() -> Response:
    """vis-network as the installed pyvis carries it."""
    return send_file(VIS, mimetype="text/javascript", max_age=A_YEAR, conditional=True)


def _asked() -> tuple[Asked, Wanted]:
    asked = ask()
    return asked, wanted_of(request.args, asked.ledger, usual_view(asked.ledger))


def _saved(answer: Response, asked: Asked, wanted: Wanted, form: str, how: str = "attachment") -> Response:
    name = f"network-{wanted.view}-{asked.day}.{form}"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return answer


def _marking(asked: Asked, wanted: Wanted) -> Plain:
    found = asking.answers(asked.ledger, wanted)
    return asking.marked(found, asked.ledger, wanted.central, bearing(asked, wanted))


def _shown(asked: Asked, wanted: Wanted) -> dict[str, Any]:
    ledger, found, marking = asked.ledger, answer(asked, wanted), _marking(asked, wanted)
    last = max(1, -(-len(found.rows) // ROWS))
    page = min(wanted.page, last)
    return {
        "wanted": wanted,
        "answer": found,
        "rows": found.rows[(page - 1) * ROWS : page * ROWS],
        "total": len(found.rows), "page": page, "pages": last, "first_row": (page - 1) * ROWS,
        "told": told(asked, wanted),
        "query": request.args.to_dict(flat=False),
        "names": panel.names(ledger),
        "known": by_id(ledger),
        "instruments": [node for node in by_id(ledger).values() if node.kind is NodeKind.INSTRUMENT],
        "regions": regions(ledger),
        "views": VIEWS, "kinds": kinds(wanted.view), "words": WORDS, "measures": MEASURES, "line_words": LEGEND,
        "present": panel.present(ledger, wanted),
        "small": is_small(ledger), "usual": usual_view(ledger),
        "panel": panel.panel(asked, wanted),
        "summary": panel.summary(ledger) if wanted.view == "gaps" else None,
        "answers": asking.answers(ledger, wanted),
        "marked": marking, "marked_json": orjson.dumps(marking).decode(),
        "address": address, "address_of": address_of,
        **_of_view(asked, wanted),
    }  # fmt: skip


def _of_view(asked: Asked, wanted: Wanted) -> dict[str, Any]:
    """What one view alone shows."""
    if wanted.view == "profiles":
        return {
            "asked_of": [
                each["instrument"] for each in profiles_of(asked.ledger, wanted.compared or None)["instruments"]
            ]
        }
    if wanted.view == "ego":
        return {"centre": by_id(asked.ledger).get(ego_asked(asked.ledger, wanted))}
    if wanted.view == "backbone":
        return {"groups": backbone_of(asked.ledger)["groups"]}
    if wanted.view == "changes":
        many = too_many(turns(asked, wanted), wanted)
        return {
            "then": before(asked, wanted).day,
            "changes": CHANGES,
            "many": many,
            "turned": panel.changed(asked, wanted),
        }
    return {}


def address(node: Node) -> str:
    """The page of a node, keeping the day."""
    return address_of(str(node.kind), node.code)


def address_of(kind: str, code: str) -> str:
    """The page of a node of that kind and code, keeping the day."""
    if kind == NodeKind.PARTICIPANT:
        return link("pages.participant", code=code)
    return link("pages.instrument" if kind == NodeKind.INSTRUMENT else "pages.body", id=code)
