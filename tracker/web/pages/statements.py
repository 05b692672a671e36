"""The pages of statements: of a treaty, of a participant, and who excludes the clause on disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from tracker.errors import BadQuestion, NotFound
from tracker.law.disputes import CourtAccess
from tracker.law.ledger import memoized_recent
from tracker.law.reference_facts import StatementKind
from tracker.messages import TranslatableText, message
from tracker.schemas.formats import columns_of
from tracker.schemas.statements import (
    KIND_WORDS,
    LETTER_WORDS,
    TOPIC_WORDS,
    CourtRow,
    DisputesAnswer,
    DisputesRow,
    StatementItem,
    StatementList,
    court_answer,
    disputes_answer,
    every_disputes_answer,
    statements_of_participant,
    statements_of_treaty,
)
from tracker.web.context import RequestContext, get_context
from tracker.web.language import say
from tracker.web.pages.maps import AREAS, MapFigure, MapGroup, MapRegion, world
from tracker.web.pages.relations import matrix_file, picture_of_matrix
from tracker.web.pages.treaty_head import instrument_detail, treaty_head
from tracker.web.pair_matrix import MatrixImageLine, matrix_image
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.table_filters import EVERYTHING, filter_asked

blueprint = Blueprint("statements", __name__)
KINDS = tuple(kind.value for kind in StatementKind)
MAX_ARTICLE_LENGTH = 40
STATEMENT_COLUMNS = {name: name for name in columns_of(StatementItem)} | {"towards": "addressees"}
WITHOUT_KIND = tuple(name for name in EVERYTHING if name != "kind")  # here `kind` is the kind of statement
EXCLUDES, OPEN = message("Excludes the clause"), message("Party that does not exclude it")
COURT_MARKS: Mapping[CourtAccess, tuple[str, TranslatableText]] = {
    CourtAccess.OPEN: ("open", message("May take each other to the Court")),
    CourtAccess.EXCLUDED: ("excluded", message("One of the two excludes the clause")),
    CourtAccess.NOT_A_STATE: ("no-state", message("One of the two is not a State")),
    CourtAccess.NOT_IN_FORCE: ("none", message("Not in force between the two")),
}

_court = memoized_recent(8)(court_answer)
_disputes = memoized_recent(32)(disputes_answer)


@blueprint.get("/instruments/<id>/statements")
@blueprint.get(f"/instruments/<id>/statements.{FORMAT_RULE}")
def of_treaty(id: str, form: str | None = None) -> ResponseReturnValue:
    """The reservations, declarations, notifications and objections on a treaty."""
    return respond(treaty_statements(get_context(), id, request.args), "statements.html", form)


@blueprint.get("/participants/<code>/statements")
@blueprint.get(f"/participants/<code>/statements.{FORMAT_RULE}")
def of_participant(code: str, form: str | None = None) -> ResponseReturnValue:
    """Everything that a participant has stated, and the objections addressed to it."""
    return respond(participant_statements(get_context(), code, request.args), "statements.html", form)


@blueprint.get("/disputes")
@blueprint.get(f"/disputes.{FORMAT_RULE}")
def disputes(form: str | None = None) -> ResponseReturnValue:
    """Who excludes the clause on disputes, treaty by treaty."""
    return respond(disputes_overview(get_context()), "disputes.html", form)


@blueprint.get("/instruments/<id>/disputes")
@blueprint.get(f"/instruments/<id>/disputes.{FORMAT_RULE}")
def disputes_of(id: str, form: str | None = None) -> ResponseReturnValue:
    """Who excludes a treaty's clause on disputes, and who can be taken to the Court by whom."""
    return respond(disputes_page(get_context(), id), "disputes_of_treaty.html", form)


@blueprint.get("/instruments/<id>/disputes.<any(svg, png):form>")
def picture_of_court(id: str, form: str) -> ResponseReturnValue:
    """The matrix of who can take whom to the Court under a treaty as a picture of its own.

    NotFound for an unknown treaty, and for one without a clause that a party may exclude.
    """
    asked = get_context()
    data = _disputes(asked.ledger, asked.ledger.instrument(id).id)
    if not data.provisions:
        raise NotFound("clause on disputes", data.instrument)
    title = message("Access to the International Court of Justice: {name}", name=data.name)
    lines = _lines_of_court(_court(asked.ledger, data.instrument))
    picture = picture_of_matrix(asked, title, lines, dict(COURT_MARKS.values()))
    return matrix_file(asked, picture, f"{data.instrument}-court", form)


def treaty_statements(asked: RequestContext, id: str, query: Mapping[str, str]) -> PageAnswer:
    """The statements on a treaty that the address asks for; NotFound or BadQuestion for what is not there."""
    kind, article = _filters(query)
    proper = asked.ledger.instrument(id).id
    data = statements_of_treaty(asked.ledger, proper, kind, article)
    if (wanted := filter_asked(query, asked.ledger, WITHOUT_KIND)).narrows:
        shown = {row.participant for row in wanted.apply(instrument_detail(asked, proper).participants)}
        data = replace(data, statements=[each for each in data.statements if each.participant in shown])
    answer = _page(f"{data.instrument}-statements", data, kind, article)
    return replace(answer, drawn=lambda: treaty_head(asked, proper, "statements", wanted))


def participant_statements(asked: RequestContext, code: str, query: Mapping[str, str]) -> PageAnswer:
    """The statements of a participant that the address asks for; NotFound or BadQuestion for what is not there."""
    kind, article = _filters(query)
    data = statements_of_participant(asked.ledger, code, kind, article)
    return _page(f"{data.participant}-statements", data, kind, article)


def disputes_overview(asked: RequestContext) -> PageAnswer:
    """How many exclude the clause on disputes of each treaty."""
    rows = every_disputes_answer(asked.ledger)
    return PageAnswer("disputes", rows, rows, ("instrument", "name", "provisions", "bound", "count"))


def disputes_page(asked: RequestContext, id: str) -> PageAnswer:
    """Who excludes a treaty's clause on disputes; NotFound for an unknown treaty."""
    data = _disputes(asked.ledger, asked.ledger.instrument(id).id)
    return PageAnswer(
        f"{data.instrument}-disputes",
        data,
        data.excluded,
        columns_of(DisputesRow),
        drawn=lambda: _picture_of_disputes(asked, data),
    )


def court_page(asked: RequestContext, id: str) -> PageAnswer:
    """Who can be taken to the Court by whom under a treaty, a row for each party; NotFound for an unknown treaty."""
    rows = _court(asked.ledger, asked.ledger.instrument(id).id)
    return PageAnswer(f"{id}-court", rows, rows, columns_of(CourtRow))


def _filters(query: Mapping[str, str]) -> tuple[str, str]:
    kind, article = query.get("kind", ""), " ".join(query.get("article", "").split())
    if kind and kind not in KINDS:
        raise BadQuestion(message("'{kind}' is no kind of statement.", kind=kind[:40]), "kind")
    if len(article) > MAX_ARTICLE_LENGTH:
        raise BadQuestion(
            message("Article: write {n} characters at most, such as 35(2).", n=MAX_ARTICLE_LENGTH), "article"
        )
    return kind, article


def _page(name: str, data: StatementList, kind: str, article: str) -> PageAnswer:
    extra = {
        "chosen_kind": kind,
        "chosen_article": article,
        "kinds": [(each.value, say(words)) for each, words in KIND_WORDS.items()],
        "letters": LETTER_WORDS,
        "kind_words": KIND_WORDS,
        "topic_words": TOPIC_WORDS,
    }
    return PageAnswer(name, data, data.statements, STATEMENT_COLUMNS, extra)


def _picture_of_disputes(asked: RequestContext, data: DisputesAnswer) -> dict[str, Any]:
    rows = _court(asked.ledger, data.instrument)
    return {
        "figure": _figure(asked, data, rows),
        "lines": _lines_of_court(rows),
        "marks": dict(COURT_MARKS.values()),
    }


def _lines_of_court(rows: Sequence[CourtRow]) -> list[MatrixImageLine]:
    return matrix_image(rows, [[COURT_MARKS[access][0] for access in row.access] for row in rows])


def _figure(asked: RequestContext, data: DisputesAnswer, rows: Sequence[CourtRow]) -> MapFigure:
    """The map: those that exclude the clause, the other parties, everything else neutral."""
    drawn = world(Path(str(current_app.static_folder)) / "world.json")
    excluding = {row.participant for row in data.excluded}
    groups = []
    for kind, words, chosen in (
        ("withdrawn", EXCLUDES, [row for row in rows if row.participant in excluding]),
        ("party", OPEN, [row for row in rows if row.participant not in excluding]),
    ):
        pieces = [
            _piece(drawn, row.participant, message("{name}: {status}", name=row.name, status=words)) for row in chosen
        ]
        groups.append(MapGroup(kind, words, [each for each in pieces if each.drawn], chosen, str(len(chosen))))
    shown = {row.participant for row in rows}
    names = asked.ledger.participants
    neutral = [
        _piece(drawn, code, names[code].name if code in names else "")
        for code in dict.fromkeys((*drawn.shapes, *drawn.spots))
        if code not in shown
    ]
    elsewhere = [row for row in rows if not _piece(drawn, row.participant, "").drawn]
    return MapFigure(drawn, groups, neutral, elsewhere, AREAS[0])


def _piece(drawn: Any, code: str, words: str) -> MapRegion:
    return MapRegion(code, words, drawn.shapes.get(code, ""), drawn.spots.get(code))
