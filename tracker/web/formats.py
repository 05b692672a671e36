"""One answer in three forms: a page for people, JSON and CSV for programs; all from the same data.

JSON has one envelope, `{"data": ..., "meta": ...}`. CSV holds the answer's table, one line a row,
with cells that a spreadsheet would take for formulas made harmless.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import orjson
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.errors import BadQuestion
from tracker.law.answers.plain import Plain
from tracker.web import ask

FORMS = ("html", "json", "csv")
# What spreadsheets take for the beginning of a formula, or pass over before one (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PASSED_OVER = " \t\r\n\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page shows: all of it as data, and the rows and columns of its table.

    `name` is what a saved file is called; `extra` is what only the page needs (choices, words), and `drawn` the part of
    it that takes some making, asked for when a page is made. `meta` and `links`, by their relation, are what the
    API's envelope and Link header say beside their own.
    """

    name: str
    data: Any
    rows: Sequence[Plain]
    columns: Sequence[str]
    extra: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    drawn: Callable[[], Mapping[str, Any]] = dict


def answered(answer: Answer, template: str, form: str | None = None) -> ResponseReturnValue:
    """The answer in the form that the address asks for; BadQuestion for a form there is none of."""
    form = form or request.args.get("format", "html")
    if form == "json":
        return as_json(answer)
    if form == "csv":
        return as_csv(answer)
    if form != "html":
        raise BadQuestion(f"format='{form[:20]}' is not one of {', '.join(FORMS)}.")
    return render_template(template, data=answer.data, rows=answer.rows, **answer.extra, **answer.drawn())


def as_json(answer: Answer) -> Response:
    """The answer's data in the envelope."""
    body = orjson.dumps({"data": answer.data, "meta": ask().meta}, default=_listed)
    return Response(body, mimetype="application/json")


def _listed(value: object) -> list[Any]:
    """Rows that are made as they are read; TypeError for anything that is no list at all."""
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def as_csv(answer: Answer) -> Response:
    """The answer's rows, with a header line."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(cell, answer.columns))
    writer.writerows([cell(found_in(row, column)) for column in answer.columns] for row in answer.rows)
    name = f"{answer.name}-{ask().day}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8; header=present", headers=headers)


def found_in(row: Plain, column: str) -> Any:
    """A row's value; `threshold.required` reaches into `threshold`."""
    value: Any = row
    for key in column.split("."):
        value = value[key]
    return value


def cell(value: Any) -> str:
    """A value as a cell of CSV: lists joined, truth as yes and no, formulas disarmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return cell("; ".join(map(str, value)))
    text = str(value)
    armed = text.startswith(("\t", "\r", "\n")) or text.lstrip(_PASSED_OVER).startswith(_DANGEROUS)
    return f"'{text}" if isinstance(value, str) and armed else text
