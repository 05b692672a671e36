"""The network page: its views, data and files, and the drawing library out of the installed pyvis."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from tracker.graph.model import Node, NodeKind
from tracker.graph.networkx_graph import by_id
from tracker.schemas.formats import to_json
from tracker.web.context import RequestContext, get_context, link
from tracker.web.network import export, panel, questions
from tracker.web.network.panel import edge_count, summary
from tracker.web.network.params import (
    CHANGES,
    MEASURES,
    VIEWS,
    WORDS,
    NetworkParams,
    kinds,
    network_params,
    regions,
    usual_view,
)
from tracker.web.network.scene import MAX_PROFILE_ROWS, is_small, markable_nodes, too_many
from tracker.web.network.svg import LEGEND, scene_as_svg
from tracker.web.network.views import answer, backbone_of, before, difference, ego_asked, ego_shown, profiles_of, turns
from tracker.web.responses import FORMAT_RULE, as_csv, as_json
from tracker.web.template_filters import count, short_day


def describe_view(asked: RequestContext, wanted: NetworkParams) -> str:
    """What the view shows, in figures of the day."""
    return {"ego": _ego, "profiles": _profiles, "backbone": _backbone, "changes": _changes, "ties": _ties}.get(
        wanted.view, _gaps
    )(asked, wanted)


def _gaps(asked: RequestContext, _wanted: NetworkParams) -> str:
    found = summary(asked.ledger)
    are = "is" if found["missing"] == 1 else "are"
    return (
        f"{count(found['missing'], 'tie')} to instruments in force {are} missing; {found['complete']} of "
        f"{count(found['people'], 'participant')} miss none."
    )


def _ties(asked: RequestContext, _wanted: NetworkParams) -> str:
    return f"{count(edge_count(asked.ledger), 'tie')} of participants, instruments and bodies."


def _ego(asked: RequestContext, wanted: NetworkParams) -> str:
    data = ego_shown(asked.ledger, wanted)
    if data is None:
        return f"{ego_asked(asked.ledger, wanted).partition('.')[2] or 'Nothing'} is not in the record on that day."
    missing = f", and {count(len(data.missing), 'tie')} missing" if data.missing else ""
    return f"{data.node.name}: {count(len(data.ties), 'tie')}{missing}."


def _profiles(asked: RequestContext, wanted: NetworkParams) -> str:
    data = profiles_of(asked.ledger, wanted.compared or None)
    every = sum(each.size for each in data.profiles if not each.missing)
    shown = f" The {MAX_PROFILE_ROWS} largest are drawn; the table has all." if data.count > MAX_PROFILE_ROWS else ""
    return (
        f"{count(data.participants, 'participant')} share {count(data.count, 'profile')} of these "
        f"{count(len(data.instruments), 'instrument')}; {every} have consented to all of them.{shown}"
    )


def _backbone(asked: RequestContext, _wanted: NetworkParams) -> str:
    number = sum(node.kind == "instrument" for node in by_id(asked.ledger).values())
    return f"{count(number, 'instrument')}, each tied to the two with which it shares most of its parties."


def _changes(asked: RequestContext, wanted: NetworkParams) -> str:
    data = difference(asked, wanted)
    gained, lost, changed = len(data.gained), len(data.lost), len(data.changed)
    first = before(asked, wanted).day
    return (
        f"From {short_day(first)} to {short_day(asked.day)}: {count(gained, 'tie')} gained, {lost:,} lost, "
        f"{changed:,} changed in kind."
    )


A_YEAR = 365 * 24 * 3600
ROWS = 250  # of one page of the table

blueprint = Blueprint("network", __name__)


@blueprint.get("/network")
def page() -> str:
    """The picture, its controls, the questions beside it, and its ties as a table."""
    return render_template("network.html", **_shown(*_asked()))


@blueprint.get(f"/network.{FORMAT_RULE}")
def data(form: str) -> ResponseReturnValue:
    """What the address asks for, whole: the view's answer as JSON, the rows of its table as CSV."""
    found = answer(*_asked())
    return as_json(found) if form == "json" else as_csv(found)


@blueprint.get("/network.<any(graphml, gexf):form>")
def graph(form: str) -> Response:
    """What the address asks for as a graph, for other programs."""
    asked, wanted = _asked()
    body, mimetype = export.graph_file(asked, wanted, form)
    return _saved(Response(body, mimetype=mimetype), asked, wanted, form)


@blueprint.get("/network.svg")
def image() -> Response:
    """The picture of what the address asks for, as it stands."""
    asked, wanted = _asked()
    body = scene_as_svg(asked, wanted, describe_view(asked, wanted), _marking(asked, wanted))
    return _saved(Response(body, mimetype="image/svg+xml"), asked, wanted, "svg", "inline")


@cache
def vis_network_script() -> Path:
    """The script of vis-network that the installed pyvis carries, found without importing pyvis."""
    spec = find_spec("pyvis")
    assert spec is not None  # a declared dependency
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).glob("lib/vis-*/vis-network.min.js"))


@blueprint.get("/network/drawing")
def drawn() -> Response:
    """Marks, lines, options and places for the script."""
    vis_json = import_module("tracker.web.network.vis_json")  # pyvis takes long to import, and is needed only here
    return Response(vis_json.scene_as_vis_json(*_asked()), mimetype="application/json")


@blueprint.get("/vendor/vis-network.js")
def vis() -> Response:
    """vis-network as the installed pyvis carries it."""
    return send_file(vis_network_script(), mimetype="text/javascript", max_age=A_YEAR, conditional=True)


def _asked() -> tuple[RequestContext, NetworkParams]:
    asked = get_context()
    return asked, network_params(request.args, asked.ledger, usual_view(asked.ledger))


def _saved(
    answer: Response, asked: RequestContext, wanted: NetworkParams, form: str, how: str = "attachment"
) -> Response:
    name = f"network-{wanted.view}-{asked.day}.{form}"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return answer


def _marking(asked: RequestContext, wanted: NetworkParams) -> questions.Highlights:
    found = questions.answer_questions(asked.ledger, wanted)
    return questions.highlights(found, asked.ledger, wanted.central, markable_nodes(asked, wanted))


def _shown(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    ledger, found, marking = asked.ledger, answer(asked, wanted), _marking(asked, wanted)
    last = max(1, -(-len(found.rows) // ROWS))
    page = min(wanted.page, last)
    return {
        "wanted": wanted,
        "answer": found,
        "rows": found.rows[(page - 1) * ROWS : page * ROWS],
        "total": len(found.rows), "page": page, "pages": last, "first_row": (page - 1) * ROWS,
        "told": describe_view(asked, wanted),
        "query": request.args.to_dict(flat=False),
        "names": panel.names(ledger),
        "known": by_id(ledger),
        "instruments": [node for node in by_id(ledger).values() if node.kind is NodeKind.INSTRUMENT],
        "regions": regions(ledger),
        "views": VIEWS, "kinds": kinds(wanted.view), "words": WORDS, "measures": MEASURES, "line_words": LEGEND,
        "present": panel.kinds_present(ledger, wanted),
        "small": is_small(ledger), "usual": usual_view(ledger),
        "panel": panel.node_panel(asked, wanted),
        "summary": panel.summary(ledger) if wanted.view == "gaps" else None,
        "answers": questions.answer_questions(ledger, wanted),
        "marked": marking, "marked_json": to_json(marking).decode(),
        "address": address, "address_of": address_of,
        **_of_view(asked, wanted),
    }  # fmt: skip


def _of_view(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    """What one view alone shows."""
    if wanted.view == "profiles":
        return {
            "asked_of": [each.instrument for each in profiles_of(asked.ledger, wanted.compared or None).instruments]
        }
    if wanted.view == "ego":
        return {"centre": by_id(asked.ledger).get(ego_asked(asked.ledger, wanted))}
    if wanted.view == "backbone":
        return {"groups": backbone_of(asked.ledger).groups}
    if wanted.view == "changes":
        many = too_many(turns(asked, wanted), wanted)
        return {
            "then": before(asked, wanted).day,
            "changes": CHANGES,
            "many": many,
            "turned": panel.change_summary(asked, wanted),
        }
    return {}


def address(node: Node) -> str:
    """The page of a node, keeping the day."""
    return address_of(str(node.kind), node.code)


def address_of(kind: str, code: str) -> str:
    """The page of a node of that kind and code, keeping the day."""
    if kind == NodeKind.PARTICIPANT:
        return link("record.participant", code=code)
    return link("record.instrument" if kind == NodeKind.INSTRUMENT else "record.body", id=code)
