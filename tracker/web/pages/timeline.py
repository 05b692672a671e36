"""Time on the pages: dates with treaty actions for the slider, an instrument's history, all side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from tracker.law.ledger import memoized
from tracker.schemas.formats import columns_of
from tracker.schemas.history import DayCount, HistoryStep, days_answer, turns_answer
from tracker.web import charts
from tracker.web.context import RequestContext, get_context, link_here
from tracker.web.pages.treaty_head import treaty_head
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.table_filters import filter_asked

blueprint = Blueprint("timeline", __name__)

_days = memoized(days_answer)
_turns = memoized(turns_answer)


@blueprint.get("/timeline")
@blueprint.get(f"/timeline.{FORMAT_RULE}")
def days(form: str | None = None) -> ResponseReturnValue:
    """The days with acts, of everything or of what the address names; as a page, every instrument's curve."""
    return respond(days_page(get_context(), request.args), "timeline.html", form)


@blueprint.get("/instruments/<id>/history")
@blueprint.get(f"/instruments/<id>/history.{FORMAT_RULE}")
def history(id: str, form: str | None = None) -> ResponseReturnValue:
    """How an instrument's counts came about."""
    if (proper := get_context().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return respond(history_page(get_context(), id), "history.html", form)


def days_page(asked: RequestContext, query: Mapping[str, str]) -> PageAnswer:
    """The days with acts that the address asks for; NotFound for an unknown instrument, participant or scheme."""
    ledger = asked.ledger
    scheme = query.get("scheme", "")
    data = (
        _turns(ledger, scheme) if scheme else _days(ledger, query.get("instrument", ""), query.get("participant", ""))
    )
    rows = [DayCount(day=day, acts=number) for day, number in data.days]
    return PageAnswer("timeline", data, rows, columns_of(DayCount), {"curves": CountCurves(asked)})


def history_page(asked: RequestContext, id: str) -> PageAnswer:
    """An instrument's counts over time; NotFound for an unknown one."""
    drawn = charts.of_instrument(asked, id)
    steps = drawn["history"].steps
    return PageAnswer(
        f"{id}-history", drawn["history"], steps, columns_of(HistoryStep), drawn,
        drawn=lambda: treaty_head(asked, id, "history", filter_asked(request.args, asked.ledger)),
    )  # fmt: skip


class CountCurves:
    """The history of every instrument that has one, in the order of the record; drawn only if a page asks."""

    def __init__(self, asked: RequestContext) -> None:
        self._asked = asked

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Each instrument's history with its chart."""
        for id in self._asked.ledger.instruments:
            found = charts.of_instrument(self._asked, id)
            if found["chart"]:
                yield found
