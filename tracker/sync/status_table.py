"""The tables of a status document: cells, column headings, and the treaty actions that rows print.

Sightings are plain values: what is printed, not what is true. What cannot be read becomes a remark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.sync.cell_text import (
    MAX_CELL_LENGTH,
    Dated,
    TableColumn,
    Unreadable,
    clean_text,
    column_of,
    dates_in,
    marks_in,
    name_in,
    names_participants,
)
from tracker.sync.printed_statements import PrintedStatement
from tracker.sync.text_sections import Departure, TerritoryRow, TextSection, departure_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An act as a status file prints it.

    `name` is the participant's name without footnote marks. `withdrawn` tells that the act, or the
    participant, stands in brackets: it was done and no longer holds. `raw` is the cell as it was
    found; `table` and `row` count from 1, rows without the heading. `departure` is what the footnote of
    an act in brackets says plainly of its end. `either` tells that the cell prints several dates for one
    act, of which this is one.
    """

    reference: str
    name: str
    kind: ActionKind
    date: PartialDate
    withdrawn: bool
    raw: str
    table: int
    row: int
    departure: Departure | None = None
    either: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something printed in a table that was set aside, where it stands, and why; row 0 is the table itself."""

    table: int
    row: int
    text: str
    problem: str

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "..."
        row = f", row {self.row}" if self.row else ""
        return f"table {self.table}{row}: '{shown}' {self.problem}"


@dataclass(frozen=True, slots=True)
class PrintedTotals:
    """Two numbers as the UN Treaty Collection prints them; None where it does not print one.

    `parties` are all that have consented and not withdrawn, organizations among them.
    """

    signatories: int | None = 0
    parties: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFile:
    """One instrument's status file, whole and checked against its own printed numbers where it prints any.

    `reference` is the MTDSG number (XVIII-12-a), `retrieved_at` an aware UTC moment, `as_at` the day whose
    status it gives, where it says so, `statements` and `territories` what stands below its tables, `remarks` what was
    set aside, `left_out` the parts that are not read, each with the number of its entries.
    """

    reference: str
    title: str
    printed_signatories: int | None
    printed_parties: int | None
    entry_into_force: str
    retrieved_at: datetime
    sightings: tuple[Sighting, ...]
    remarks: tuple[Remark, ...] = ()
    statements: tuple[PrintedStatement, ...] = ()
    territories: tuple[TerritoryRow, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    as_at: date | None = None
    url: str = ""
    etag: str = ""
    last_modified: str = ""

    def __post_init__(self) -> None:
        if self.retrieved_at.tzinfo is None:
            raise ValueError("the moment a file was retrieved must be aware (UTC)")

    @property
    def self_checked(self) -> bool:
        """Does the file print a number that its rows were checked by?"""
        return self.printed != PrintedTotals(None, None)

    @property
    def printed(self) -> PrintedTotals:
        """The numbers that the file prints about itself."""
        return PrintedTotals(self.printed_signatories, self.printed_parties)

    @property
    def counted(self) -> PrintedTotals:
        """The numbers that its rows make."""
        return count_printed(self.sightings)


def count_printed(sightings: Iterable[Sighting]) -> PrintedTotals:
    """How many signatories and parties the sightings make, as the UN counts: a bracketed act does not."""
    signed: set[str] = set()
    bound: dict[str, PartialDate] = {}
    left: dict[str, PartialDate] = {}
    for seen in sightings:
        if seen.withdrawn:
            continue
        if seen.kind.signs:
            signed.add(seen.name)
        elif seen.kind.consents:
            bound[seen.name] = max(seen.date, bound.get(seen.name, seen.date))
        elif seen.kind is ActionKind.WITHDRAWAL:
            left[seen.name] = max(seen.date, left.get(seen.name, seen.date))
    parties = [name for name, since in bound.items() if name not in left or left[name] < since]
    return PrintedTotals(len(signed), len(parties))


MAX_ROWS = 5_000  # in one document: the world has some 200 States
MAX_COLUMNS = 30


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table: its headings, and its rows of cells as the document has them."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """A document taken apart: what it prints of itself, and its tables.

    `printed_as` is the chapter, number and part that it gives as its own, `addressed_as` the
    reference that it says it was asked by; None where it does not say.
    """

    title: str
    printed_as: tuple[str, str, str] | None
    addressed_as: str | None = None
    as_at: date | None = None
    signatories: str
    parties: str
    entry_into_force: str
    grids: Sequence[TextTable]
    notes: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[TextSection, ...] = ()
    territories: tuple[TerritoryRow, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()


def text_table(rows: Sequence[Sequence[str]]) -> TextTable:
    """The grid of a table whose heading is one of its own first rows; one without a heading is all rows."""
    for place, row in enumerate(rows[:5]):
        if any(names_participants(cell) for cell in row):
            return TextTable(row, rows[place + 1 :])
    return TextTable((), rows)


def names_acts(table: TextTable) -> bool:
    """Does a column of the table list treaty actions?"""
    return any(True for _ in _columns(table))


class TableReading:
    """What the grids of a document say, read one after the other.

    `reference` is whose they are; no act can lie after `latest`, the day after the file was retrieved.
    `notes` are the texts of the document's end notes, by their numbers.
    """

    def __init__(self, reference: str, latest: date, notes: Mapping[str, str] | None = None) -> None:
        self._reference, self._latest, self._notes = reference, latest, notes or {}
        self._seen: dict[tuple[object, ...], Sighting] = {}
        self._table = self._row = 0
        self.remarks: list[Remark] = []
        self.unread: list[Remark] = []

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """The acts, in the order of the document."""
        return tuple(self._seen.values())

    def add(self, grid: TextTable) -> None:
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
            if any(clean_text(cell) for cell in cells):
                self._read_row(cells, who, columns)

    def _read_row(self, cells: Sequence[str], who: int, columns: dict[int, TableColumn]) -> None:
        named = cells[who] if who < len(cells) else ""
        try:
            name, gone = name_in(named)
        except Unreadable as trouble:
            self._note_unread(" | ".join(cells), f"was not read: its participant {trouble}")
            return
        acted = False
        for place, cell in enumerate(cells):
            if place in columns:
                acted = self._read_cell(cell, named, name, columns[place], gone=gone) or acted
            elif place != who and clean_text(cell):
                self._note_unread(cell, f"was not read: its column names no treaty action ({name})")
        if not acted:
            self._remark(name, "stands in the table without any act")

    def _read_cell(self, cell: str, named: str, name: str, column: TableColumn, *, gone: bool) -> bool:
        """Read a cell whole or not at all; was there anything in it?"""
        try:
            dates = dates_in(cell)
            seen = [self._sighting(cell, name, each, _act(column, each), gone=gone) for each in dates]
        except Unreadable as trouble:
            self._note_unread(cell, f"was not read: it {trouble} ({name})")
            return True
        departure = self._departure(named, cell)
        for each in _with_doubts(seen, departure):
            if self._seen.setdefault((name, each.kind, each.date, each.withdrawn), each) is not each:
                self._remark(cell, f"is printed a second time ({name})")
        return bool(seen)

    def _departure(self, *cells: str) -> Departure | None:
        """What the footnotes of these cells say of the end of an act, if they say one thing."""
        if not self._notes:
            return None
        notes = {mark: self._notes[mark] for cell in cells for mark in marks_in(cell) if mark in self._notes}
        told = {departure for note in notes.values() if (departure := departure_in(note))}
        return told.pop() if len(told) == 1 else None

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

    def _remark(self, text: str, problem: str) -> Remark:
        remark = Remark(self._table, self._row, clean_text(text[:MAX_CELL_LENGTH]), problem)
        self.remarks.append(remark)
        return remark

    def _note_unread(self, text: str, problem: str) -> None:
        self.unread.append(self._remark(text, problem))


def _columns(grid: TextTable) -> Iterator[tuple[int, TableColumn]]:
    for place, heading in enumerate(grid.headings):
        if not names_participants(heading) and (column := column_of(heading)):
            yield place, column


def _with_doubts(seen: Sequence[Sighting], departure: Departure | None) -> Iterator[Sighting]:
    """A cell's acts: those in brackets with their end, those of one kind with several dates marked as such."""
    dates = {(each.kind, each.date) for each in seen if not each.withdrawn}
    for each in seen:
        several = sum(kind is each.kind for kind, _ in dates) > 1
        yield replace(each, departure=departure) if each.withdrawn else replace(each, either=several)


def _act(column: TableColumn, dated: Dated) -> ActionKind:
    if act := column.act(dated.code):
        return act
    code = f"has the code '{dated.code}', which its column does not know"
    raise Unreadable(code if dated.code else "has no code to tell which act it is")
