"""The JSON of every page under `/api/v1/`, for programs: one envelope for answers, one for errors.

The answers are those of `present`; nothing is computed for the API alone.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from tracker.law.answers import statuses_answer
from tracker.web import ask, link, link_here, present, questions
from tracker.web.formats import Answer, as_json

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/")
def contents() -> Response:
    """Where everything is."""
    names = ("overview", "instruments", "participants", "bodies", "findings", "needed", "what_if", "claims")
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
