"""The search page and its suggestions: everything in the record by any of its names, and answers to questions."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.errors import BadQuestion
from tracker.law.search import SearchKind
from tracker.messages import message
from tracker.schemas.formats import columns_of
from tracker.schemas.search import Search, SearchResult
from tracker.web.context import RequestContext, get_context
from tracker.web.labels import label
from tracker.web.language import say
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.search_answers import find

blueprint = Blueprint("search", __name__)
MAX_TEXT_LENGTH = 100  # characters of a text to look for
MAX_RESULTS = 200  # finds shown
HEADINGS = {
    "participant": message("States and organizations"), "instrument": message("Treaties"), "body": message("Bodies"),
    "group": message("Groups of States"),
}  # fmt: skip


@blueprint.get("/search")
@blueprint.get(f"/search.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """What answers to a text, by kind."""
    answer = search_page(get_context(), request.args.get("q", ""), request.args.get("limit", ""))
    if form == "json" and request.args.get("lang"):
        answer = replace(answer, data=_in_language_of_page(answer.data))
    return respond(answer, "search.html", form)


def search_page(asked: RequestContext, text: str, limit: str = "") -> PageAnswer:
    """The answers and finds for a text, each with its address; BadQuestion for one too long to look for."""
    text = " ".join(text.split())
    if len(text) > MAX_TEXT_LENGTH:
        raise BadQuestion(
            message(
                "The text to look for has {number} characters; write {most} at most.",
                number=len(text),
                most=MAX_TEXT_LENGTH,
            ),
            "q",
        )
    data = find(asked, text, _most(limit))
    kinds = dict.fromkeys([*(each.kind for each in data.results), *SearchKind])
    groups = {kind: [each for each in data.results if each.kind == kind] for kind in kinds}
    extra = {"groups": groups, "headings": HEADINGS}
    return PageAnswer("search", data, data.results, columns_of(SearchResult), extra)


def _in_language_of_page(found: Search) -> Search:
    """The answers and finds as suggestions show them: in the language that the address asks for."""
    return replace(
        found,
        answers=[
            replace(each, text=say(each.text), facts=[say(fact) for fact in each.facts]) for each in found.answers
        ],
        results=[
            replace(each, name=say(each.name), facts=[label(fact) for fact in each.facts]) for each in found.results
        ],
    )


def _most(limit: str) -> int:
    if not limit:
        return MAX_RESULTS
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= MAX_RESULTS):
        raise BadQuestion(
            message(
                "limit='{limit}' is not a whole number from 1 to {most}.",
                limit=limit[:20],
                most=MAX_RESULTS,
            ),
            "limit",
        )
    return int(limit)
