"""The page of a treaty's outlook: parties by date with intervals, its threshold, and who may be next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion
from tracker.law.ledger import name_of
from tracker.outlook.forecast import Outlook, PartiesBy
from tracker.outlook.forecast import outlook as forecast
from tracker.outlook.past_forecasts import record_in_words
from tracker.schemas.history import history_answer
from tracker.schemas.values import Named
from tracker.web.context import RequestContext, get_context, link_here
from tracker.web.errors import wants_json
from tracker.web.forms import NO_FAULTS, BadForm, CountFromOne, Day, Form, read_form
from tracker.web.responses import FORMAT_RULE, PageAnswer, as_page, respond

blueprint = Blueprint("outlook", __name__)

YEARS_BACK = 10  # of the chart, before the date asked about
SIZE = 1000  # units of the chart's plot, both ways


class OutlookForm(Form):
    """Another number of parties to ask for, one more date, and who is supposed to deposit on the date of the page."""

    threshold: CountFromOne
    by: Day
    who: tuple[str, ...]


@blueprint.get("/instruments/<id>/outlook")
@blueprint.get(f"/instruments/<id>/outlook.{FORMAT_RULE}")
def page(id: str, form: str | None = None) -> ResponseReturnValue:
    """What may become of a treaty."""
    if (proper := get_context().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    asked = get_context()
    try:
        return respond(outlook_page(asked, id, request.args), "outlook.html", form)
    except BadForm as trouble:
        if wants_json() or form:
            raise
        return _page_with_faults(asked, id, trouble.faults), trouble.status
    except BadQuestion as trouble:  # there is nothing to go by: an answer, too
        if wants_json() or form or request.args.get("format"):
            raise
        return _page_with_faults(asked, id, {"": trouble.args[0]})


def outlook_page(asked: RequestContext, id: str, query: MultiDict[str, str]) -> PageAnswer:
    """The outlook that the address asks for; NotFound, BadForm, or BadQuestion where there is nothing to go by."""
    chosen = read_form(OutlookForm, query)
    data = forecast(asked.ledger, id, chosen.threshold, chosen.by, chosen.who)
    extra = {
        "terms": asked.ledger.instrument(id),
        "faults": NO_FAULTS,
        "supposed": [Named(participant=code, name=name_of(asked.ledger, code)) for code in data.supposed],
        "record": record_in_words(data.record) if data.record else "",
        "without": forecast(asked.ledger, id, chosen.threshold, chosen.by) if data.supposed else None,
    }
    return PageAnswer(
        f"{id}-outlook", data, data.parties_by, Outlook.COLUMNS, extra,
        drawn=lambda: {"chart": fan_chart(asked, data)},
    )  # fmt: skip


def _page_with_faults(asked: RequestContext, id: str, faults: Mapping[str, str]) -> str:
    extra = {"terms": asked.ledger.instrument(id), "faults": faults}
    return as_page(PageAnswer(f"{id}-outlook", None, [], Outlook.COLUMNS, extra), "outlook.html")


@dataclass(frozen=True, slots=True)
class FanChart:
    """The past as a stepped line and the future as bands around a median, in units of the plot."""

    past: str
    bands: tuple[str, str]
    median: str
    today: float
    years: list[tuple[float, int]]
    grid: list[tuple[float, int]]
    threshold: float | None


def fan_chart(asked: RequestContext, data: Outlook) -> FanChart:
    """The parties of the last ten years and of the next, with the intervals of 80 and 50 %."""
    steps = history_answer(asked.ledger, data.instrument).steps
    last = data.parties_by[-1].day
    first = date(max(data.as_of.year - YEARS_BACK, steps[0].from_.year if steps else 0), 1, 1)
    highest = max(data.parties_by[-1].p90, data.parties, data.threshold.required if data.threshold else 0, 5)
    step = next(each for each in (1, 2, 5, 10, 20, 25, 50, 100, 250) if highest / each <= 5)
    ceiling = (highest // step + 1) * step

    scale = _Scale(first, (last - first).days, ceiling)
    now = (scale.across(data.as_of), scale.up(data.parties))
    steps = [
        each for each in history_answer(asked.ledger, data.instrument).steps if each.to is None or each.to >= first
    ]
    points = [(max(scale.across(each.from_), 0), scale.up(each.parties)) for each in steps]
    return FanChart(
        past=_stairs([*points, now]),
        bands=(_band(data.parties_by, "p10", "p90", now, scale), _band(data.parties_by, "p25", "p75", now, scale)),
        median=_line([now, *((scale.across(each.day), scale.up(each.p50)) for each in data.parties_by)]),
        today=now[0],
        years=[
            (scale.across(date(year, 1, 1)), year)
            for year in range(first.year, last.year + 1, 2 if last.year - first.year < 15 else 4)
        ],
        grid=[(scale.up(number), number) for number in range(0, ceiling, step)],
        threshold=scale.up(data.threshold.required) if data.threshold else None,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int
    ceiling: int

    def across(self, day: date) -> float:
        return round((day - self.first).days / self.days * SIZE, 1)

    def up(self, number: float) -> float:
        return round(SIZE - number / self.ceiling * SIZE, 1)


def _line(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _stairs(points: list[tuple[float, float]]) -> str:
    return f"M{points[0][0]} {points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:])


def _band(rows: Sequence[PartiesBy], lower: str, upper: str, now: tuple[float, float], scale: _Scale) -> str:
    there = [(scale.across(each.day), scale.up(getattr(each, upper))) for each in rows]
    back = [(scale.across(each.day), scale.up(getattr(each, lower))) for each in reversed(rows)]
    return _line([now, *there, *back]) + "Z"
