"""The pages about two participants: a treaty between them, everything between them, and all pairs of a treaty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from tracker.law.ledger import memoized_recent
from tracker.law.relations import RelationState
from tracker.messages import message
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
from tracker.schemas.values import Named
from tracker.web.context import RequestContext, get_context, link
from tracker.web.language import alphabetical
from tracker.web.responses import TABLE_RULE, PageAnswer, respond

blueprint = Blueprint("relations", __name__)

RELATION_COLUMNS = {name: name for name in columns_of(RelationAnswer)} | {
    "governing": "governing_ids", "reservations": "reservations", "explanation": "explanation",
}  # fmt: skip
_pairs = memoized_recent(4)(pairs_answer)


@blueprint.get("/instruments/<id>/between/<one>/<other>")
@blueprint.get(f"/instruments/<id>/between/<one>/<other>.{TABLE_RULE}")
def between(id: str, one: str, other: str, form: str | None = None) -> ResponseReturnValue:
    """Whether and how a treaty is in force between two participants."""
    return respond(between_page(get_context(), id, one, other), "relation.html", form)


@blueprint.get("/participants/<one>/with/<other>")
@blueprint.get(f"/participants/<one>/with/<other>.{TABLE_RULE}")
def together(one: str, other: str, form: str | None = None) -> ResponseReturnValue:
    """Everything in force between two participants, with the authorities that each has named."""
    return respond(together_page(get_context(), one, other), "together.html", form)


@blueprint.get("/instruments/<id>/relations")
@blueprint.get(f"/instruments/<id>/relations.{TABLE_RULE}")
def every_pair(id: str, form: str | None = None) -> ResponseReturnValue:
    """What is in force between every two parties to a treaty, as a matrix; of two that are chosen, their own page."""
    one, other = request.args.get("one"), request.args.get("other")
    if one and other:
        return redirect(link("relations.between", id=id, one=one, other=other))
    return respond(pairs_page(get_context(), id), "relations.html", form)


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


@dataclass(frozen=True, slots=True)
class MatrixImageLine:
    """A row of a matrix as it is drawn: runs of neighbours that are alike, as (mark, first place, length)."""

    participant: str
    name: str
    runs: Sequence[tuple[str, int, int]]


def matrix_image(parties: Sequence[Named], marks: Sequence[Sequence[str]]) -> list[MatrixImageLine]:
    """The lines of a square matrix of marks; those that differ most from the commonest come last, so runs are few."""
    common = Counter(mark for line in marks for mark in line).most_common(1)
    most = common[0][0] if common else ""
    order = sorted(range(len(parties)), key=lambda place: sum(mark != most for mark in marks[place]))
    return [
        MatrixImageLine(
            parties[place].participant, parties[place].name, _runs([marks[place][other] for other in order])
        )
        for place in order
    ]


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


def _runs(line: Sequence[str]) -> list[tuple[str, int, int]]:
    runs: list[tuple[str, int, int]] = []
    for place, mark in enumerate(line):
        if runs and runs[-1][0] == mark:
            runs[-1] = (mark, runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((mark, place, 1))
    return runs
