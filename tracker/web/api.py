"""The JSON of every page under `/api/v1/`, for programs: one envelope for answers, one for errors.

The answers are those of `present`; nothing is computed for the API alone.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from tracker.law.answers import statuses_answer
from tracker.web import aims, ask, assessing, crossing, link, link_here, maps, present, questions, timeline
from tracker.web.comparing import compare_page
from tracker.web.formats import Answer, as_json
from tracker.web.matrix import matrix_page
from tracker.web.search import search_page

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/")
def contents() -> Response:
    """Where everything is."""
    names = ("overview", "instruments", "participants", "bodies", "findings", "needed", "what_if", "claims", "search",
             "matrix", "compare", "map", "timeline", "assessments", "targets", "select")  # fmt: skip
    return as_json(Answer("contents", {name: link(f"api.{name}") for name in names}, [], []))


@api.get("/overview")
def overview() -> Response:
    """Every instrument, what happened last, what comes next."""
    return as_json(present.home(ask()))


@api.get("/instruments")
def instruments() -> Response:
    """The status of every instrument."""
    return as_json(Answer("instruments", statuses_answer(ask().ledger), [], []))


@api.get("/instruments/<id>")
def instrument(id: str) -> ResponseReturnValue:
    """One instrument."""
    if (proper := ask().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return as_json(present.instrument(ask(), id, request.args))


@api.get("/participants")
def participants() -> Response:
    """Every participant."""
    return as_json(present.participants(ask(), request.args))


@api.get("/participants/<code>")
def participant(code: str) -> ResponseReturnValue:
    """One participant."""
    if (proper := ask().ledger.participant(code).code) != code:
        return redirect(link_here({"code": proper}), 308)
    return as_json(present.participant(ask(), code))


@api.get("/bodies")
def bodies() -> Response:
    """Every body."""
    return as_json(present.bodies(ask()))


@api.get("/bodies/<id>")
def body(id: str) -> ResponseReturnValue:
    """One body."""
    if (proper := ask().ledger.body(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return as_json(present.body(ask(), id))


@api.get("/findings")
def findings() -> Response:
    """Everything the checks find."""
    return as_json(present.findings(ask(), request.args))


@api.get("/needed")
def needed() -> Response:
    """Pending instruments, and who could tip them."""
    return as_json(questions.needed_page(ask()))


@api.get("/what-if")
def what_if() -> Response:
    """A scenario beside the record as it is."""
    return as_json(questions.what_if_page(ask(), request.args))


@api.get("/claims")
def claims() -> Response:
    """The days on which a published figure was true."""
    return as_json(questions.claims_page(ask(), request.args))


@api.get("/search")
def search() -> Response:
    """What answers to a text."""
    return as_json(search_page(ask(), request.args.get("q", ""), request.args.get("limit", "")))


@api.get("/matrix")
def matrix() -> Response:
    """Participants by instruments."""
    return as_json(matrix_page(ask(), request.args))


@api.get("/compare")
def compare() -> Response:
    """A few of a kind side by side."""
    return as_json(compare_page(ask(), request.args))


@api.get("/map", endpoint="map")
def world_map() -> Response:
    """Who stands where towards one instrument, or how many instruments each State is party to."""
    return as_json(maps.map_page(ask(), request.args))


@api.get("/timeline", endpoint="timeline")
def days() -> Response:
    """The days with acts, of everything, of one instrument or of one participant."""
    return as_json(timeline.days_page(ask(), request.args))


@api.get("/instruments/<id>/history")
def history(id: str) -> ResponseReturnValue:
    """An instrument's signatories and parties over time."""
    if (proper := ask().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return as_json(timeline.history_page(ask(), id))


@api.get("/assessments")
def assessments() -> Response:
    """Every scheme of judgements."""
    return as_json(assessing.schemes_page(ask()))


@api.get("/assessments/<id>")
def assessment(id: str) -> ResponseReturnValue:
    """Who is judged under one scheme, its editions and its course."""
    if (proper := assessing.proper_id(ask().ledger, id)) != id:
        return redirect(link_here({"id": proper}), 308)
    return as_json(assessing.scheme_page(ask(), id))


@api.get("/targets")
def targets() -> Response:
    """Goals and reported figures against the record."""
    return as_json(aims.targets_page(ask(), request.args))


@api.get("/select")
def select() -> Response:
    """Participants that meet every condition of a query."""
    return as_json(crossing.select_page(ask(), request.args.get("q", "")))
