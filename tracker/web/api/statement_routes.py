"""The API's operations on statements and on what binds two participants; each gives the answer that its page shows."""

from __future__ import annotations

from flask import request

from tracker.law.reference_facts import StatementKind
from tracker.schemas.relations import PairRelations, RelationAnswer, TogetherAnswer
from tracker.schemas.statements import CourtRow, DisputesAnswer, StatementList
from tracker.web.api import operations as p
from tracker.web.api.operations import api, operation
from tracker.web.context import get_context
from tracker.web.pages import relations, statements
from tracker.web.responses import PageAnswer

TAG = "Statements"
KIND = p.choice_parameter("kind", "Only statements of this kind.", StatementKind)
ARTICLE = p.Parameter("article", "Only statements that name this provision, or a part of it.", p.TEXT, "35(2)")
ONE = p.PARTICIPANT_CODE.called("one", "The code of one of the two participants.")
OTHER = p.Parameter("other", "The code of the other participant.", p.TEXT, "DEU", required=True)


@api.get("/instruments/<id>/statements")
@operation("The statements on a treaty", StatementList, path=(p.INSTRUMENT_ID,), query=(KIND, ARTICLE),
           paged="statements", table=True, tag=TAG)  # fmt: skip
def treaty_statements(id: str) -> PageAnswer:
    """Reservations, declarations, notifications and objections made by the date, by their authors' names.

    `counts` are of all that are not withdrawn, whatever the filters.
    """
    return statements.treaty_statements(get_context(), id, request.args)


@api.get("/participants/<code>/statements")
@operation("The statements of a participant", StatementList, path=(p.PARTICIPANT_CODE,), query=(KIND, ARTICLE),
           paged="statements", table=True, tag=TAG)  # fmt: skip
def participant_statements(code: str) -> PageAnswer:
    """What it has stated about every treaty, and the objections that are addressed to it."""
    return statements.participant_statements(get_context(), code, request.args)


@api.get("/disputes")
@operation("Exclusions of the disputes clause", list[DisputesAnswer], paged="", table=True, tag=TAG)
def disputes() -> PageAnswer:
    """Who excludes the clause on disputes of each treaty that has one, on the date."""
    return statements.disputes_overview(get_context())


@api.get("/instruments/<id>/disputes")
@operation("Exclusions of one treaty's disputes clause", DisputesAnswer, path=(p.INSTRUMENT_ID,), paged="excluded",
           table=True, tag=TAG)  # fmt: skip
def disputes_of_treaty(id: str) -> PageAnswer:
    """Who excludes it on the date, and which reservations to it are not in effect, with the reason."""
    return statements.disputes_page(get_context(), id)


@api.get("/instruments/<id>/court")
@operation("Access to the International Court of Justice", list[CourtRow], path=(p.INSTRUMENT_ID,), paged="",
           table=True, tag=TAG)  # fmt: skip
def court(id: str) -> PageAnswer:
    """Who can be taken to the Court by whom under a treaty: `access` is in the order of the rows."""
    return statements.court_page(get_context(), id)


@api.get("/instruments/<id>/between/<one>/<other>")
@operation("A treaty between two participants", RelationAnswer, path=(p.INSTRUMENT_ID, ONE, OTHER), table=True, tag=TAG)
def between(id: str, one: str, other: str) -> PageAnswer:
    """Whether it is in force between the two on the date, since when, on what ground, with which reservations."""
    return relations.between_page(get_context(), id, one, other)


@api.get("/instruments/<id>/relations")
@operation("What is in force between the parties to a treaty", PairRelations, path=(p.INSTRUMENT_ID,), table=True,
           tag=TAG)  # fmt: skip
def every_pair(id: str) -> PageAnswer:
    """Every two parties, each pair once: the state, its dates, and the provisions that reservations touch."""
    return relations.pairs_page(get_context(), id)


@api.get("/participants/<one>/with/<other>")
@operation("Everything between two participants", TogetherAnswer, path=(ONE, OTHER), paged="treaties", table=True,
           tag=TAG)  # fmt: skip
def together(one: str, other: str) -> PageAnswer:
    """Every treaty that binds either, those in force between the two first, with the authorities of each."""
    return relations.together_page(get_context(), one, other)
