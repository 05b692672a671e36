"""Answers as typed columns: true dates, whole numbers and lists, for data frames and Parquet.

A day of which only the month or the year may be known becomes three columns, `x_first`, `x_last` and `x_precision`, so
that no such day is ever rounded. What Arrow makes of the columns is in `arrow`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TextIO, Union, get_args, get_origin, get_type_hints

from tracker.law.dates import PartialDate
from tracker.schemas.formats import columns_of, key_of, value_at

ColumnType = Literal["text", "integer", "number", "boolean", "date", "texts"]


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column: its name, the type of its values and the values, None where one is not known or there is none."""

    name: str
    type: ColumnType
    values: list[Any]


def typed_columns(model: Any, rows: Sequence[Any], names: Iterable[str] = ()) -> tuple[TypedColumn, ...]:
    """The rows of one answer model as columns, by default those of its table; a dot in a name becomes `_`."""
    found: list[TypedColumn] = []
    for name in names or columns_of(model):
        kind, values = _kind(model, name), [value_at(row, name) for row in rows]
        plain = name.replace(".", "_")
        found += day_columns(plain, values) if kind is PartialDate else [typed_column(plain, kind, values)]
    return tuple(found)


def day_columns(name: str, days: Sequence[PartialDate | date | None]) -> tuple[TypedColumn, ...]:
    """Days that may be known in part: the first and last day that each may be, and how much is known."""
    spans = [PartialDate.of(each) if isinstance(each, date) else each for each in days]
    return (
        TypedColumn(f"{name}_first", "date", [each and each.first for each in spans]),
        TypedColumn(f"{name}_last", "date", [each and each.last for each in spans]),
        TypedColumn(f"{name}_precision", "text", [each and precision_of(each) for each in spans]),
    )


def precision_of(day: PartialDate) -> str:
    """How much of a day is known: `day`, `month` or `year`."""
    if day.exact:
        return "day"
    return "month" if day.first.month == day.last.month else "year"


_TYPES: dict[type[Any], ColumnType] = {bool: "boolean", int: "integer", float: "number", date: "date"}


def typed_column(name: str, kind: Any, values: Sequence[Any]) -> TypedColumn:
    """The values as a column of what they are in Python: text for all that is neither number, truth, day nor list."""
    if get_origin(kind) is list or kind in (list, tuple):
        return TypedColumn(name, "texts", [None if each is None else [str(one) for one in each] for each in values])
    if found := _TYPES.get(kind):
        return TypedColumn(name, found, list(values))
    return TypedColumn(name, "text", [None if each is None or each == "" else str(each) for each in values])


@cache
def _kind(model: Any, name: str) -> Any:
    """What the values of a column are; PartialDate as soon as one may be known in part."""
    head, _, rest = name.partition(".")
    hints = {key_of(field): hint for field, hint in get_type_hints(model).items()}
    kinds = _alternatives(hints[head])
    if rest:
        return _kind(kinds[0], rest)
    return PartialDate if PartialDate in kinds else kinds[0]


def _alternatives(hint: Any) -> list[Any]:
    if get_origin(hint) in (Union, UnionType):
        return [each for each in get_args(hint) if each is not NoneType]
    return [hint]


class CsvTable:
    """A CSV, written table by table, that data frames read without options.

    Truth is written as true and false, lists with bars between. All tables have the same columns.
    """

    def __init__(self, stream: TextIO) -> None:
        self._lines = csv.writer(stream, lineterminator="\n")
        self._has_head = False

    def add(self, columns: Sequence[TypedColumn]) -> None:
        """Write the rows of one table; before the first, the names of the columns."""
        if not self._has_head:
            self._lines.writerow([each.name for each in columns])
            self._has_head = True
        self._lines.writerows(zip(*(map(_cell, each.values) for each in columns), strict=True))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "|".join(value)
    return "" if value is None else str(value)
