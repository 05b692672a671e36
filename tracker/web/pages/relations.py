"""The pages about two participants: a treaty between them, everything between them, and all pairs of a treaty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from tracker.law.ledger import memoized_recent
from tracker.law.relations import RelationState
from tracker.messages import message, plural
from tracker.schemas.formats import columns_of
from tracker.schemas.relations import (
    RELATION_WORDS,
    PairRelations,
    PairRow,
    RelationAnswer,
    pairs_answer,
    relation_answer,
    together_answer,
)
from tracker.schemas.statements import KIND_WORDS
from tracker.web.context import RequestContext, get_context, link
from tracker.web.language import alphabetical, say
from tracker.web.pair_matrix import MatrixImageLine, MatrixPicture, matrix_image, matrix_png, matrix_svg, shortened
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond

blueprint = Blueprint("relations", __name__)

RELATION_COLUMNS = {name: name for name in columns_of(RelationAnswer)} | {
    "governing": "governing_ids", "reservations": "reservations", "explanation": "explanation",
}  # fmt: skip
_pairs = memoized_recent(4)(pairs_answer)


@blueprint.get("/instruments/<id>/between/<one>/<other>")
@blueprint.get(f"/instruments/<id>/between/<one>/<other>.{FORMAT_RULE}")
def between(id: str, one: str, other: str, form: str | None = None) -> ResponseReturnValue:
    """Whether and how a treaty is in force between two participants."""
    return respond(between_page(get_context(), id, one, other), "relation.html", form)


@blueprint.get("/participants/<one>/with/<other>")
@blueprint.get(f"/participants/<one>/with/<other>.{FORMAT_RULE}")
def together(one: str, other: str, form: str | None = None) -> ResponseReturnValue:
    """Everything in force between two participants, with the authorities that each has named."""
    return respond(together_page(get_context(), one, other), "together.html", form)


@blueprint.get("/instruments/<id>/relations")
@blueprint.get(f"/instruments/<id>/relations.{FORMAT_RULE}")
def every_pair(id: str, form: str | None = None) -> ResponseReturnValue:
    """What is in force between every two parties to a treaty, as a matrix; of two that are chosen, their own page."""
    one, other = request.args.get("one"), request.args.get("other")
    if one and other:
        return redirect(link("relations.between", id=id, one=one, other=other))
    return respond(pairs_page(get_context(), id), "relations.html", form)


@blueprint.get("/instruments/<id>/relations.<any(svg, png):form>")
def picture_of_pairs(id: str, form: str) -> ResponseReturnValue:
    """The matrix of every two parties to a treaty as a picture of its own; NotFound for an unknown treaty."""
    asked = get_context()
    data = _pairs(asked.ledger, asked.ledger.instrument(id).id)
    drawn = _picture_of_pairs(data)
    picture = picture_of_matrix(
        asked, message("Relations between the parties: {name}", name=data.name), drawn["lines"], drawn["marks"]
    )
    return matrix_file(asked, picture, f"{data.instrument}-relations", form)


def picture_of_matrix(
    asked: RequestContext, title: str, lines: list[MatrixImageLine], marks: Mapping[str, str]
) -> MatrixPicture:
    """A matrix as a picture in the language of the page, with the date and the source."""
    subtitle = plural("{n} party on {date}", "{n} parties on {date}", len(lines), date=asked.day)
    source = message(
        "Treaty Tracker, status as at {date}. Computed from sourced treaty actions. Not a depositary service.",
        date=asked.day,
    )
    key = {mark: say(words) for mark, words in marks.items()}
    names = [shortened(say(line.name)) for line in lines]
    return MatrixPicture(say(title), say(subtitle), lines, names, key, say(source))


def matrix_file(asked: RequestContext, picture: MatrixPicture, name: str, form: str) -> Response:
    """The picture as an answer, with a name to be saved under."""
    svg = form == "svg"
    body = matrix_svg(picture) if svg else matrix_png(picture)
    answer = Response(body, mimetype="image/svg+xml" if svg else "image/png")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}-{asked.day}.{form}"'
    return answer


def between_page(asked: RequestContext, id: str, one: str, other: str) -> PageAnswer:
    """A treaty between two participants; NotFound for names that are not in the data."""
    data = relation_answer(asked.ledger, id, one, other)
    name = f"{data.instrument}-between-{data.one}-{data.other}"
    return PageAnswer(name, data, [data], RELATION_COLUMNS, {"kind_words": KIND_WORDS})


def together_page(asked: RequestContext, one: str, other: str) -> PageAnswer:
    """Everything between two participants; NotFound for names that are not in the data."""
    data = together_answer(asked.ledger, one, other)
    name, extra = f"{data.one}-with-{data.other}", {"kind_words": KIND_WORDS}
    return PageAnswer(name, data, data.treaties, RELATION_COLUMNS, extra)


def pairs_page(asked: RequestContext, id: str) -> PageAnswer:
    """Every two parties to a treaty; NotFound for an unknown treaty."""
    data = _pairs(asked.ledger, asked.ledger.instrument(id).id)
    return PageAnswer(
        f"{data.instrument}-relations", data, data.pairs, columns_of(PairRow), drawn=lambda: _picture_of_pairs(data)
    )


def _picture_of_pairs(data: PairRelations) -> dict[str, Any]:
    places = {each.participant: place for place, each in enumerate(data.parties)}
    marks = [["self"] * len(places) for _ in places]
    for row in data.pairs:
        mark = "modified" if row.modified and row.state is RelationState.IN_FORCE else row.state.value
        one, other = places[row.one], places[row.other]
        marks[one][other] = marks[other][one] = mark
    touched = sum(bool(row.modified) for row in data.pairs)
    modified = {"modified": message("In force, modified by a reservation")}
    return {
        "lines": matrix_image(data.parties, marks),
        "touched": touched,
        "relation_words": RELATION_WORDS,
        "marks": {state.value: words for state, words in RELATION_WORDS.items() if state.value in data.counts}
        | modified,
        "choices": alphabetical(((each.participant, each.name) for each in data.parties), lambda pair: pair[1]),
    }
