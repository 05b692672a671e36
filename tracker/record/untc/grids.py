"""Tables of text as sightings: who stands in which row, what the columns mean, what cannot be read.

A document of either form is first taken apart into a page with grids; from there on there is one
way. Nothing is dropped silently: what is not understood becomes a remark. Whether the numbers are
right is asked in `reading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.law.model import ActionKind
from tracker.record.untc.cells import LONGEST, Dated, Unreadable, clean, dates_in, name_in
from tracker.record.untc.headings import Column, column_of, names_participants
from tracker.record.untc.values import Remark, Sighting, Tally

MOST_ROWS = 5_000  # in one document: the world has some 200 States
MOST_COLUMNS = 30


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its headings, and its rows of cells as the document has them."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document taken apart: what it prints of itself, and its tables.

    `printed_as` is the chapter, number and part that it gives as its own, `addressed_as` the
    reference that it says it was asked by; None where it does not say.
    """

    title: str
    printed_as: tuple[str, str, str] | None
    addressed_as: str | None = None
    signatories: str
    parties: str
    entry_into_force: str
    grids: Sequence[Grid]
    left_out: tuple[tuple[str, int], ...] = ()


def grid_of(rows: Sequence[Sequence[str]]) -> Grid:
    """The grid of a table whose heading is one of its own first rows; one without a heading is all rows."""
    for place, row in enumerate(rows[:5]):
        if any(names_participants(cell) for cell in row):
            return Grid(row, rows[place + 1 :])
    return Grid((), rows)


class Reading:
    """What the grids of a document say, read one after the other.

    `reference` is whose they are; no act can lie after `latest`, the day after the file was retrieved.
    """

    def __init__(self, reference: str, latest: date) -> None:
        self._reference, self._latest = reference, latest
        self._seen: dict[tuple[object, ...], Sighting] = {}
        self._unread = {True: 0, False: 0}  # by whether the column signs
        self._table = self._row = 0
        self.remarks: list[Remark] = []

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """The acts, in the order of the document."""
        return tuple(self._seen.values())

    @property
    def unread(self) -> Tally:
        """How many more signatories and parties may stand in the cells that could not be read."""
        return Tally(self._unread[True], self._unread[False])

    def add(self, grid: Grid) -> None:
        """Read the grid, the next table of the document."""
        self._table, self._row = self._table + 1, 0
        who = next((place for place, heading in enumerate(grid.headings) if names_participants(heading)), None)
        columns = dict(_columns(grid))
        if who is None or not columns:
            if rows := len(grid.rows):
                heading = " | ".join(grid.headings)
                self._remark(heading, f"is no heading of a table of treaty actions; its {rows} rows were not read")
            return
        for self._row, cells in enumerate(grid.rows, start=1):
            if any(clean(cell) for cell in cells):
                self._read_row(cells, who, columns)

    def _read_row(self, cells: Sequence[str], who: int, columns: dict[int, Column]) -> None:
        try:
            name, gone = name_in(cells[who] if who < len(cells) else "")
        except Unreadable as trouble:
            self._remark(" | ".join(cells), f"was not read: its participant {trouble}")
            for place, column in columns.items():
                self._unread[column.signs] += bool(clean("".join(cells[place : place + 1])))
            return
        acted = False
        for place, cell in enumerate(cells):
            if place in columns:
                acted = self._read_cell(cell, name, columns[place], gone=gone) or acted
            elif place != who and clean(cell):
                self._remark(cell, f"was not read: its column names no treaty action ({name})")
        if not acted:
            self._remark(name, "stands in the table without any act")

    def _read_cell(self, cell: str, name: str, column: Column, *, gone: bool) -> bool:
        """Read a cell whole or not at all; was there anything in it?"""
        try:
            dates = dates_in(cell)
            seen = [self._sighting(cell, name, each, _act(column, each), gone=gone) for each in dates]
        except Unreadable as trouble:
            self._unread[column.signs] += 1
            self._remark(cell, f"was not read: it {trouble} ({name})")
            return True
        for each in seen:
            if self._seen.setdefault((name, each.kind, each.date, each.withdrawn), each) is not each:
                self._remark(cell, f"is printed a second time ({name})")
        return bool(seen)

    def _sighting(self, cell: str, name: str, dated: Dated, act: ActionKind, *, gone: bool) -> Sighting:
        if dated.date.first > self._latest:
            raise Unreadable("lies after the day on which the file was retrieved")
        return Sighting(
            reference=self._reference,
            name=name,
            kind=act,
            date=dated.date,
            withdrawn=gone or dated.withdrawn,
            raw=cell,
            table=self._table,
            row=self._row,
        )

    def _remark(self, text: str, problem: str) -> None:
        self.remarks.append(Remark(self._table, self._row, clean(text[:LONGEST]), problem))


def _columns(grid: Grid) -> Iterator[tuple[int, Column]]:
    for place, heading in enumerate(grid.headings):
        if not names_participants(heading) and (column := column_of(heading)):
            yield place, column


def _act(column: Column, dated: Dated) -> ActionKind:
    if act := column.act(dated.code):
        return act
    code = f"has the code '{dated.code}', which its column does not know"
    raise Unreadable(code if dated.code else "has no code to tell which act it is")
