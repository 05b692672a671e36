"""A table as an Excel workbook: real days and numbers, frozen heads, and no cell that could be a formula.

What the table holds is the pages' business; every text is written as text, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask import Response
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.law.dates import PartialDate

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NARROWEST, WIDEST = 10, 46  # characters of a column


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a line of heads, the lines below it, and how many columns on the left stay in sight."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]
    kept: int = 1


def as_xlsx(name: str, day: date, sheets: Iterable[Sheet]) -> Response:
    """The sheets as a workbook to save, named for the day that it speaks for."""
    held = BytesIO()
    book = Workbook(held, SAFE)
    book.set_properties({"title": name, "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001 - no zone in Excel
    head, days = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    for each in sheets:
        _write(book.add_worksheet(each.title), each, head, days)
    book.close()
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day}.xlsx"'}
    return Response(held.getvalue(), mimetype=MIMETYPE, headers=headers)


def day_or_text(iso: str | None) -> date | str | None:
    """A day as a real one; what is not known to the day as the text it is."""
    # Excel's days begin in 1900.
    exact = PartialDate.parse(iso).exact if iso else None
    return exact if exact and exact.year >= 1900 else iso


def _write(sheet: Worksheet, content: Sheet, head: Format, days: Format) -> None:
    for column, text in enumerate(content.heads):
        sheet.write_string(0, column, text, head)
        widest = max([len(str(line[column] or "")) for line in content.lines] + [len(text) // 2], default=0)
        sheet.set_column(column, column, min(max(widest + 2, NARROWEST), WIDEST))
    for row, line in enumerate(content.lines, start=1):
        for column, value in enumerate(line):
            _put(sheet, row, column, value, days)
    sheet.freeze_panes(1, content.kept)
    if content.lines:
        sheet.autofilter(0, 0, len(content.lines), len(content.heads) - 1)


def _put(sheet: Worksheet, row: int, column: int, value: Any, days: Format) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, days)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, str(value))
