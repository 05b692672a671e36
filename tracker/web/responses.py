"""One answer as a page, JSON, CSV or an Excel workbook: all from the same data."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate
from tracker.schemas.formats import csv_cell, to_json, value_at
from tracker.schemas.values import PartDay
from tracker.web.context import RequestContext, get_context, iso_moment

FORMAT_RULE = "<any(json, csv, xlsx):form>"  # the end of an address that asks for data
MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NARROWEST, WIDEST = 10, 46  # characters of a column
A4 = 9  # the number of a paper size in Excel
_SIDE = 120  # characters of a name in the line above each printed page, which Excel holds to 255 in all
_MOST_SOURCES = 200  # of one workbook's list


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a line of heads, the lines below it, and how many columns on the left stay in sight."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]
    kept: int = 1


def as_xlsx(name: str, day: date, sheets: Iterable[Sheet]) -> Response:
    """The sheets as a workbook to save, named for the day that it speaks for.

    Each sheet prints across, on A4 and as wide as one page, with its heads on every page and the name, the day and the
    page's number around it. The first line of a sheet is its heads, so that programs read it as it is.
    """
    held = BytesIO()
    book = Workbook(held, SAFE)
    book.set_properties({"title": name, "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001 - no zone in Excel
    head, days = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    for each in sheets:
        sheet = book.add_worksheet(each.title)
        _write(sheet, each, head, days)
        _set_up_print(sheet, name, day)
    book.close()
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day}.xlsx"'}
    return Response(held.getvalue(), mimetype=MIMETYPE, headers=headers)


def day_or_text(day: PartDay | None) -> date | str | None:
    """A day as a real one; what is not known to the day as text."""
    exact = day.exact if isinstance(day, PartialDate) else day
    if exact and exact.year >= 1900:  # Excel's days begin in 1900
        return exact
    return str(day) if day else None


def sheet_of(answer: PageAnswer) -> Sheet:
    """The rows of an answer under the heads that its CSV has."""
    columns = answer.columns
    places = list(columns.values()) if isinstance(columns, Mapping) else columns
    lines = [[_workbook_value(value_at(row, place)) for place in places] for row in answer.rows]
    return Sheet("Data", list(columns), lines, kept=min(2, len(columns)))


def about_sheet(asked: RequestContext, more: Iterable[Sequence[Any]] = (), sources: Iterable[str] = ()) -> Sheet:
    """What a workbook is: its days, revision and address; whatever else is to be said, and the sources of its rows."""
    site = current_app.config["SITE"].rstrip("/")
    lines: list[Sequence[Any]] = [
        ["Status as at", asked.day],
        ["Data as held on", iso_moment(asked.known_at) or "now"],
        ["Data revision", asked.revision],
        ["Address", site + request.path],
        ["Filters", request.query_string.decode("ascii", "replace") or "none"],
        *more,
    ]
    named = list(dict.fromkeys(sources))
    lines += [["Source", each] for each in named[:_MOST_SOURCES]] or [["Sources", f"{site}/about"]]
    if len(named) > _MOST_SOURCES:
        lines.append(["More sources", f"{len(named) - _MOST_SOURCES}, in the column of sources"])
    return Sheet("About", ["What", "Value"], lines)


def sources_of(answer: PageAnswer) -> Iterator[str]:
    """The sources that the rows of an answer name, in their order and as often as they do."""
    columns = answer.columns
    places = list(columns.values()) if isinstance(columns, Mapping) else columns
    for place in places:
        if place.rpartition(".")[2] in ("source", "sources"):
            for row in answer.rows:
                found = value_at(row, place) or ()
                yield from (found,) if isinstance(found, str) else map(str, found)


def _workbook_value(value: Any) -> Any:
    if value is None or (isinstance(value, (str, int, date)) and not isinstance(value, bool)):
        return value
    return day_or_text(value) if isinstance(value, PartialDate) else csv_cell(value)


def _set_up_print(sheet: Worksheet, name: str, day: date) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)  # as many pages down as it takes
    sheet.repeat_rows(0)
    said = name[:_SIDE].replace("&", "&&")  # an ampersand begins a command there
    sheet.set_header(f"&L{said}&RStatus as at {day}")
    sheet.set_footer("&LTreaty Tracker&C&A&R&P / &N")


def _write(sheet: Worksheet, content: Sheet, head: Format, days: Format) -> None:
    for column, text in enumerate(content.heads):
        sheet.write_string(0, column, text, head)
        widest = max([len(str(line[column] or "")) for line in content.lines] + [len(text) // 2], default=0)
        sheet.set_column(column, column, min(max(widest + 2, NARROWEST), WIDEST))
    for row, line in enumerate(content.lines, start=1):
        for column, value in enumerate(line):
            _write_cell(sheet, row, column, value, days)
    sheet.freeze_panes(1, content.kept)
    if content.lines:
        sheet.autofilter(0, 0, len(content.lines), len(content.heads) - 1)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any, days: Format) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, days)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, str(value))


FORMS = ("html", "json", "csv", "xlsx")
Columns = Sequence[str] | Mapping[str, str]  # heads; where a head is not where its value is found, with the places


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a page shows: all of it as data, and the rows and columns of its table.

    `name` is what a saved file is called; `extra` is what only the page needs (choices, words), and `drawn` the part of
    it that takes some making, asked for when a page is made. `links`, by their relation, are what the API's Link
    header says beside its own.
    """

    name: str
    data: Any
    rows: Sequence[Any]
    columns: Columns
    extra: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    drawn: Callable[[], Mapping[str, Any]] = dict


def respond(answer: PageAnswer, template: str, form: str | None = None) -> ResponseReturnValue:
    """The answer in the form that the address asks for; BadQuestion for an unknown form."""
    form = form or request.args.get("format", "html")
    if form == "json":
        return as_json(answer)
    if form == "csv":
        return as_csv(answer)
    if form == "xlsx":
        return as_workbook(answer)
    if form != "html":
        raise BadQuestion(f"format='{form[:20]}' is not one of {', '.join(FORMS)}.")
    return as_page(answer, template)


def as_page(answer: PageAnswer, template: str) -> str:
    """The answer as a page."""
    return render_template(template, data=answer.data, rows=answer.rows, **answer.extra, **answer.drawn())


def as_json(answer: PageAnswer) -> Response:
    """The answer's data in the envelope."""
    body = to_json({"data": answer.data, "meta": get_context().meta})
    return Response(body, mimetype="application/json")


def as_workbook(answer: PageAnswer) -> Response:
    """The answer's rows as a workbook, with a second sheet that says what they are."""
    asked = get_context()
    about = about_sheet(asked, [["Rows", len(answer.rows)]], sources_of(answer))
    return as_xlsx(answer.name, asked.day, [sheet_of(answer), about])


def as_csv(answer: PageAnswer) -> Response:
    """The answer's rows, with a header line."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(csv_cell, answer.columns))
    columns = answer.columns
    places = list(columns.values()) if isinstance(columns, Mapping) else columns
    writer.writerows([csv_cell(value_at(row, place)) for place in places] for row in answer.rows)
    name = f"{answer.name}-{get_context().day}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8; header=present", headers=headers)
