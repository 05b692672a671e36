"""What the library hands out: tables of answers and single answers, which say something when they are shown.

Both print as text in a terminal and as HTML in a notebook; a table becomes a data frame.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from html import escape
from importlib import import_module
from itertools import islice
from typing import Any, Generic, Literal, TypeVar, overload

from tracker.errors import TrackerError
from tracker.law.dates import PartialDate
from tracker.schemas.formats import columns_of, csv_cell, value_at

T = TypeVar("T")
FrameKind = Literal["pandas", "polars", "arrow"]

SHOWN = 10  # rows of a table that are shown
WIDEST = 40  # characters of a cell that are shown


class AnswerTable(Sequence[T], Generic[T]):
    """Answers of one kind in their order: a sequence of them, a table to look at, a data frame to work with.

    `columns` are those of the whole table, `shown` the few that a glance needs.
    """

    def __init__(self, title: str, model: type[T], rows: Iterable[T], shown: Sequence[str]) -> None:
        self.title = title
        self._model: Any = model
        self._rows, self._shown = tuple(rows), tuple(shown)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> AnswerTable[T]: ...
    def __getitem__(self, place: int | slice) -> T | AnswerTable[T]:
        """The row at a place, or the table of some rows."""
        if isinstance(place, slice):
            return AnswerTable(self.title, self._model, self._rows[place], self._shown)
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self._rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, as in the CSV of the same answer."""
        return columns_of(self._model)

    def where(self, condition: Callable[[T], bool]) -> AnswerTable[T]:
        """The rows for which the condition holds."""
        return AnswerTable(self.title, self._model, filter(condition, self._rows), self._shown)

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        return [value_at(row, name) for row in self._rows]

    def to_frame(self, kind: FrameKind = "pandas") -> Any:
        """The table as a data frame of pandas or polars, or as an Arrow table, with true dates.

        A column of days of which only the month or the year may be known becomes three: `x_first`, `x_last` and
        `x_precision`. TrackerError if the library asked for is not installed.
        """
        columns = import_module("tracker.schemas.typed").typed_columns(self._model, self._rows)
        table = import_module("tracker.schemas.arrow").arrow_table(columns)
        if kind == "arrow":
            return table
        try:
            library = import_module(kind)
        except ImportError:
            raise TrackerError(f"{kind} is not installed. Install it with: pip install {kind}") from None
        return library.from_arrow(table) if kind == "polars" else table.to_pandas(date_as_object=False)

    def to_csv(self) -> str:
        """The table as CSV text."""
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(self.columns)
        lines.writerows([csv_cell(value_at(row, name)) for name in self.columns] for row in self._rows)
        return out.getvalue()

    def __repr__(self) -> str:
        heads = [name.replace("_", " ") for name in self._shown]
        lines = [heads, *([_cell(value_at(row, name)) for name in self._shown] for row in islice(self._rows, SHOWN))]
        widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
        texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
        return "\n".join([self._headline(), *(text.rstrip() for text in texts), *self._rest()])

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        heads = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in self._shown)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(value_at(row, name)))}</td>" for name in self._shown) + "</tr>"
            for row in islice(self._rows, SHOWN)
        )
        caption = f"<caption>{escape(self._headline())}</caption>"
        rest = "".join(f"<p>{escape(line)}</p>" for line in self._rest())
        return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{rest}"

    def _headline(self) -> str:
        return f"{self.title}: {len(self)}"

    def _rest(self) -> list[str]:
        return [f"... and {len(self) - SHOWN} more; to_frame() has all rows and columns"] if len(self) > SHOWN else []


class Answer(Generic[T]):
    """One answer: `value` holds its parts, `lines` says it in sentences."""

    def __init__(self, title: str, lines: Iterable[str], value: T) -> None:
        self.title, self.lines, self.value = title, tuple(filter(None, lines)), value

    def __repr__(self) -> str:
        return "\n".join([self.title, *(f"  {line}" for line in self.lines)])

    def _repr_html_(self) -> str:
        """The answer for a notebook."""
        items = "".join(f"<li>{escape(line)}</li>" for line in self.lines)
        return f"<p><strong>{escape(self.title)}</strong></p><ul>{items}</ul>"


def day_of(value: str | date | None) -> date | None:
    """A day given as a date or as `2003-07-01`; ValueError for anything else."""
    if value is None or isinstance(value, date):
        return value
    found = PartialDate.parse(value).exact
    if found is None:
        raise ValueError(f"'{value}' is not one day: write 2003-07-01")
    return found


def _cell(value: Any) -> str:
    text = csv_cell(value)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."
