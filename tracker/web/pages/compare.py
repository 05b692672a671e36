"""A few participants, or a few instruments, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion
from tracker.law.ledger import Ledger
from tracker.messages import message
from tracker.schemas.comparison import GroupedRow, instruments_compared, participants_compared
from tracker.web.context import RequestContext, get_context
from tracker.web.language import alphabetical
from tracker.web.pages.matrix import cell_columns, drawn_cell
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond

blueprint = Blueprint("compare", __name__)
MAX_COMPARED = 6  # side by side

Query = MultiDict[str, str]


@blueprint.get("/compare")
@blueprint.get(f"/compare.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """A few of a kind side by side."""
    return respond(compare_page(get_context(), request.args), "compare.html", form)


def compare_page(asked: RequestContext, query: Query) -> PageAnswer:
    """The comparison that an address asks for, None as its data where it names fewer than two of a kind.

    Participants are compared on all instruments, or on those named beside them. NotFound for a name
    that the record does not hold, BadQuestion for too many.
    """
    ledger = asked.ledger
    people = _distinct_ids(
        "participant", [ledger.participant(each).code for each in query.getlist("participant") if each]
    )
    terms = _distinct_ids("instrument", [ledger.instrument(each).id for each in query.getlist("instrument") if each])
    extra = {"people": people, "terms": terms, "most": MAX_COMPARED, "cell": drawn_cell, **_choices(ledger)}
    if len(people) > 1:
        return _of_participants(ledger, people, terms, extra)
    if len(terms) > 1 and not people:
        return _of_instruments(ledger, terms, extra)
    return PageAnswer("compare", None, [], ("participant", "instrument"), {"kind": "", **extra})


def _of_participants(ledger: Ledger, people: Sequence[str], terms: Sequence[str], extra: dict[str, Any]) -> PageAnswer:
    data = participants_compared(ledger, people, terms or list(ledger.instruments))
    heads = ("instrument", "name", "alike", "difference")
    columns = {head: head for head in heads} | cell_columns(people, ("status", "act", "date", "bound_since"))
    return PageAnswer("compare", data, data.instruments, columns, {"kind": data.kind, **extra})


def _of_instruments(ledger: Ledger, terms: Sequence[str], extra: dict[str, Any]) -> PageAnswer:
    data = instruments_compared(ledger, terms)
    rows = [GroupedRow(**vars(row), group=each.words) for each in data.groups for row in each.participants]
    heads = ("participant", "name", "region", "un_group", "group")
    columns = {head: head for head in heads} | cell_columns(terms, ("status", "act", "date"))
    return PageAnswer("compare", data, rows, columns, {"kind": data.kind, **extra})


def _distinct_ids(noun: str, ids: Sequence[str]) -> list[str]:
    """Each once, in the order given."""
    found = list(dict.fromkeys(ids))
    if len(found) > MAX_COMPARED:
        words = (
            message("{n} States are too many side by side; name {most} at most.", n=len(found), most=MAX_COMPARED)
            if noun == "participant"
            else message(
                "{n} treaties are too many side by side; name {most} at most.", n=len(found), most=MAX_COMPARED
            )
        )
        raise BadQuestion(words, noun)
    return found


def _choices(ledger: Ledger) -> dict[str, Any]:
    acted = {code for id in ledger.instruments for code in ledger.actors(id)}
    able = [who for who in ledger.participants.values() if who.is_state or who.code in acted]
    return {
        "all_people": alphabetical(((who.code, who.name) for who in able), lambda pair: pair[1]),
        "all_terms": [(each.id, each.name) for each in ledger.instruments.values()],
    }
