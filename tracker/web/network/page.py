"""The network page: its views, data and files, and the drawing library out of the installed pyvis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound
from tracker.graph.model import Node, NodeKind
from tracker.graph.networkx_graph import by_id
from tracker.law.ledger import Ledger, name_of
from tracker.schemas.participant_filter import FacetOption, facet_options
from tracker.schemas.values import who_answer
from tracker.web.context import RequestContext, get_context, link
from tracker.web.language import say
from tracker.web.network import export, frames, panel, questions
from tracker.web.network.captions import describe_view
from tracker.web.network.painting import LEGEND, painting_as_svg, painting_values
from tracker.web.network.params import (
    CHANGES,
    CIRCLES,
    GAP_VIEWS,
    MEASURES,
    VIEWS,
    WORDS,
    NetworkParams,
    network_params,
    people_filter,
    usual_view,
)
from tracker.web.network.places import painting_as_json
from tracker.web.network.scene import is_small, markable_nodes
from tracker.web.network.stories import TITLES, Story, StoryStep, story
from tracker.web.network.views import answer, backbone_shown, before, ego_asked, profiles_shown, today_of, treaty_shown
from tracker.web.responses import FORMAT_RULE, as_csv, as_json, as_workbook

A_YEAR = 365 * 24 * 3600
STORY_FILTERS = ("view", "instrument", "as_of", "standing", "group", "region", "member_of", "pending", "from", "focus")
MAX_LATEST = 12  # treaty actions listed beside the tree rings
ROWS = 250  # of one page of the table
MOVABLE = ("ties", "ego", "backbone")  # views whose nodes can be moved by hand

blueprint = Blueprint("network", __name__)


@blueprint.get("/network")
def page() -> str:
    """The picture, its controls, the questions beside it, and its ties as a table."""
    return render_template("network.html", **_template_values(*_read_request()))


@blueprint.get(f"/network.{FORMAT_RULE}")
def data(form: str) -> ResponseReturnValue:
    """What the address asks for, whole: the view's answer as JSON, the rows of its table as CSV or a workbook."""
    found = answer(*_read_request())
    return {"json": as_json, "csv": as_csv, "xlsx": as_workbook}[form](found)


@blueprint.get("/network.<any(graphml, gexf, 'node-link.json'):form>")
def graph(form: str) -> Response:
    """What the address asks for as a graph, for other programs."""
    asked, wanted = _read_request()
    body, mimetype = export.graph_file(asked, wanted, form)
    return _as_download(Response(body, mimetype=mimetype), asked, wanted, form)


@blueprint.get("/network.svg")
def image() -> Response:
    """The picture of what the address asks for, as it stands."""
    asked, wanted = _read_request()
    body = painting_as_svg(asked, wanted, describe_view(asked, wanted), _marking(asked, wanted))
    return _as_download(Response(body, mimetype="image/svg+xml"), asked, wanted, "svg", "inline")


@blueprint.after_request
def _for_other_sites(answer: Response) -> Response:
    """A picture that other sites may show: as an image, which runs nothing, kept for an hour."""
    if request.endpoint == "network.image" and answer.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@cache
def vis_network_script() -> Path:
    """The script of vis-network that the installed pyvis carries, found without importing pyvis."""
    spec = find_spec("pyvis")
    assert spec is not None  # a declared dependency
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).glob("lib/vis-*/vis-network.min.js"))


@blueprint.get("/network/drawing")
def drawn() -> Response:
    """The places and sentences of the picture for the script; with `movable` the nodes and links as pyvis has them."""
    asked, wanted = _read_request()
    if not request.args.get("movable") or wanted.view not in MOVABLE:
        return Response(painting_as_json(asked, wanted), mimetype="application/json")
    vis_json = import_module("tracker.web.network.vis_json")  # pyvis takes long to import, and is needed only here
    body = vis_json.scene_as_vis_json(asked, wanted, _marking(asked, wanted))
    return Response(body, mimetype="application/json")


@blueprint.get("/network/frames")
def frames_of() -> Response:
    """The picture on the dates of the address, each as what differs from the one before."""
    asked, _wanted = _read_request()
    found = frames.frames_as_json(asked, _frame)
    return Response(found, mimetype="application/json")


def _frame() -> str:
    values = _picture_values(*_read_request())
    return render_template("network_frame.html", **values, separator=frames.SEPARATOR)


@blueprint.get("/network/story/<id>")
def story_of(id: str) -> ResponseReturnValue:
    """The first step of a story, by an address that stays; NotFound for an unknown one."""
    found = story(today_of(get_context()), id)
    if found is None:
        raise NotFound("story", id)
    language = {"lang": request.args["lang"]} if request.args.get("lang") else {}
    return redirect(f"{story_address(found.id, 1, found.steps[0])}{'&' if language else ''}{urlencode(language)}")


@blueprint.get("/vendor/vis-network.js")
def vis() -> Response:
    """vis-network as the installed pyvis carries it."""
    return send_file(vis_network_script(), mimetype="text/javascript", max_age=A_YEAR, conditional=True)


def _read_request() -> tuple[RequestContext, NetworkParams]:
    asked = get_context()
    return asked, network_params(request.args, asked.ledger, usual_view(asked.ledger))


def _as_download(
    answer: Response, asked: RequestContext, wanted: NetworkParams, form: str, how: str = "attachment"
) -> Response:
    name = f"network-{wanted.view}-{asked.day}.{form}"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return answer


def _marking(asked: RequestContext, wanted: NetworkParams) -> questions.Highlights:
    found = questions.answer_questions(asked.ledger, wanted)
    return questions.highlights(found, asked.ledger, wanted.central, markable_nodes(asked, wanted))


def _template_values(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    """What the whole page needs: the picture's values, the table's rows, and what there is to choose."""
    ledger, found = asked.ledger, answer(asked, wanted)
    last = max(1, -(-len(found.rows) // ROWS))
    page = min(wanted.page, last)
    return {
        **_picture_values(asked, wanted),
        "answer": found,
        "rows": found.rows[(page - 1) * ROWS : page * ROWS],
        "total": len(found.rows), "page": page, "pages": last, "first_row": (page - 1) * ROWS,
        "names": panel.names(ledger),
        "people": people_filter(request.args, ledger),
        "facets": _people_facets(ledger),
        "choices": _choices(ledger, wanted),
        "address_of": address_of,
        "changes": CHANGES,
    }  # fmt: skip


def _picture_values(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    """What the picture needs, and the words over it and beside it."""
    ledger, marking = asked.ledger, _marking(asked, wanted)
    return {
        "told": describe_view(asked, wanted),
        "query": dict(request.args.lists()),
        "known": by_id(ledger), "said": _names_said(ledger),
        "instruments": [node for node in by_id(ledger).values() if node.kind is NodeKind.INSTRUMENT],
        "views": VIEWS, "words": WORDS, "measures": MEASURES, "line_words": LEGEND,
        "small": wanted.view != "ties" or is_small(ledger), "usual": usual_view(ledger),
        "circles": CIRCLES, "movable": MOVABLE,
        "panel": panel.node_panel(asked, wanted),
        "summary": panel.summary(ledger, wanted) if wanted.view in GAP_VIEWS else None,
        "answers": questions.answer_questions(ledger, wanted),
        "address": address,
        "story_titles": TITLES, "story": _story(asked),
        **painting_values(asked, wanted, marking),
        **_of_view(asked, wanted),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownStory:
    """The story that the address names: the step, whether the address still shows it, and the addresses around it."""

    story: Story
    number: int
    as_told: bool
    here: str
    previous: str
    following: str

    @property
    def step(self) -> StoryStep:
        """The step that is shown."""
        return self.story.steps[self.number - 1]


def _story(asked: RequestContext) -> ShownStory | None:
    found = story(today_of(asked), request.args.get("story", ""))
    text = request.args.get("step", "1")
    if found is None or not (text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= len(found.steps)):
        return None
    number = int(text[:3])
    wanted = {name: list(values) for name, values in found.steps[number - 1].shown.items()}
    given = {name: values for name, values in request.args.lists() if name in STORY_FILTERS and any(values)}

    def of_step(place: int) -> str:
        return story_address(found.id, place, found.steps[place - 1]) if 1 <= place <= len(found.steps) else ""

    return ShownStory(found, number, wanted == given, of_step(number), of_step(number - 1), of_step(number + 1))


def story_address(id: str, number: int, step: StoryStep) -> str:
    """The address of a step: the view with its date and filters, and the place in the story."""
    query = [("story", id), ("step", number), *((name, each) for name, values in step.shown.items() for each in values)]
    return f"{url_for('network.page')}?{urlencode(query)}"


def _choices(ledger: Ledger, wanted: NetworkParams) -> dict[str, list[FacetOption]]:
    """What there is to choose beside the participants, with counts: several treaties, several kinds of link."""
    treaties = panel.treaty_options(ledger, wanted) if wanted.view in ("ties", *GAP_VIEWS) else []
    if wanted.view in ("changes", "ego", "backbone"):
        hubs = [node for node in by_id(ledger).values() if node.kind is NodeKind.INSTRUMENT]
        treaties = [FacetOption(each.code, 0, each.code in wanted.instruments, name=each.short) for each in hubs]
    status = panel.status_options(ledger, wanted) if wanted.view in ("ties", "ego", *GAP_VIEWS) else []
    return {"instrument": treaties, "standing": status}


def _people_facets(ledger: Ledger) -> dict[str, list[FacetOption]]:
    """The groups of the participants drawn, with how many are in each."""
    drawn = [node.code for node in by_id(ledger).values() if node.kind is NodeKind.PARTICIPANT]
    rows = [who_answer(ledger.participants[code]) for code in drawn]
    return facet_options(ledger, people_filter(request.args, ledger), rows)


def _of_view(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    """What one view alone shows."""
    if wanted.view == "profiles":
        return {"asked_of": [each.instrument for each in profiles_shown(asked.ledger, wanted).instruments]}
    if wanted.view == "growth":
        dated = [row for row in answer(asked, wanted).rows if row.date]
        return {"latest": dated[: -MAX_LATEST - 1 : -1], "treaty": treaty_shown(asked.ledger, wanted)}
    if wanted.view == "ego":
        return {"centre": by_id(asked.ledger).get(ego_asked(asked.ledger, wanted))}
    if wanted.view == "backbone":
        return {"groups": backbone_shown(asked.ledger, wanted).groups}
    if wanted.view == "changes":
        return {
            "then": before(asked, wanted).day,
            "turned": panel.change_summary(asked, wanted),
        }
    return {}


def _names_said(ledger: Ledger) -> dict[str, str]:
    """The names of participants by node id where the page's language has another than English."""
    people = (node for node in by_id(ledger).values() if node.kind is NodeKind.PARTICIPANT)
    said = {node.id: (node.name, say(name_of(ledger, node.code))) for node in people}
    return {id: name for id, (english, name) in said.items() if name != english}


def address(node: Node) -> str:
    """The page of a node, keeping the day."""
    return address_of(str(node.kind), node.code)


def address_of(kind: str, code: str) -> str:
    """The page of a node of that kind and code, keeping the day."""
    if kind == NodeKind.PARTICIPANT:
        return link("record.participant", code=code)
    return link("record.instrument" if kind == NodeKind.INSTRUMENT else "record.body", id=code)
