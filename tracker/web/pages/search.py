"""The search page and its suggestions: everything in the record by any of its names."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.errors import BadQuestion
from tracker.law.ledger import Ledger, memoized
from tracker.law.search import SearchEntry, SearchKind, search_entries
from tracker.law.search import search as matches
from tracker.schemas.formats import columns_of
from tracker.schemas.search import Direction, Placing, SearchResult, search_answer
from tracker.web.context import RequestContext, get_context, link
from tracker.web.country_names import COUNTRY_NAMES, DIRECTIONS, WORDS
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond

blueprint = Blueprint("search", __name__)
MAX_TEXT_LENGTH = 100  # characters of a text to look for
MAX_RESULTS = 200  # finds shown
HEADINGS = {"participant": "Participants", "instrument": "Instruments", "body": "Bodies"}


@blueprint.get("/search")
@blueprint.get(f"/search.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """What answers to a text, by kind."""
    return respond(
        search_page(get_context(), request.args.get("q", ""), request.args.get("limit", "")), "search.html", form
    )


def search_page(asked: RequestContext, text: str, limit: str = "") -> PageAnswer:
    """The finds for a text, each with the address of its page; BadQuestion for one too long to look for."""
    text = " ".join(text.split())
    if len(text) > MAX_TEXT_LENGTH:
        raise BadQuestion(f"The text to look for has {len(text)} characters; write {MAX_TEXT_LENGTH} at most.")
    placing = Placing(_direction, _address)
    data = search_answer(asked.ledger, text, matches(_directory(asked.ledger), text), _most(limit), placing)
    groups = {kind: [each for each in data.results if each.kind == kind] for kind in SearchKind}
    extra = {"groups": groups, "headings": HEADINGS, "languages": WORDS}
    return PageAnswer("search", data, data.results, columns_of(SearchResult), extra)


def _most(limit: str) -> int:
    if not limit:
        return MAX_RESULTS
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= MAX_RESULTS):
        raise BadQuestion(f"limit='{limit[:20]}' is not a whole number from 1 to {MAX_RESULTS}.")
    return int(limit)


@memoized
def _directory(ledger: Ledger) -> tuple[SearchEntry, ...]:
    return search_entries(ledger, COUNTRY_NAMES)


def _direction(language: str) -> Direction:
    return "rtl" if DIRECTIONS.get(language) == "rtl" else "ltr"


def _address(kind: SearchKind, id: str) -> str:
    if kind is SearchKind.PARTICIPANT:
        return link("record.participant", code=id)
    return link("record.instrument" if kind is SearchKind.INSTRUMENT else "record.body", id=id)
