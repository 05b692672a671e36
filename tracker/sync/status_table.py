"""The tables of a status document: cells, column headings, and the treaty actions that rows print.

Sightings are plain values: what is printed, not what is true. What cannot be read becomes a remark.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An act as a status file prints it.

    `name` is the participant's name without footnote marks. `withdrawn` tells that the act, or the
    participant, stands in brackets: it was done and no longer holds. `raw` is the cell as it was
    found; `table` and `row` count from 1, rows without the heading.
    """

    reference: str
    name: str
    kind: ActionKind
    date: PartialDate
    withdrawn: bool
    raw: str
    table: int
    row: int


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
    """One instrument's status file, whole and checked against its own printed numbers.

    `reference` is the MTDSG number (XVIII-12-a), `retrieved_at` an aware UTC moment, `remarks` what
    was set aside, `left_out` the parts that do not say who acted when (declarations, objections),
    each with the number of its entries.
    """

    reference: str
    title: str
    printed_signatories: int | None
    printed_parties: int | None
    entry_into_force: str
    retrieved_at: datetime
    sightings: tuple[Sighting, ...]
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    url: str = ""
    etag: str = ""
    last_modified: str = ""

    def __post_init__(self) -> None:
        if self.retrieved_at.tzinfo is None:
            raise ValueError("the moment a file was retrieved must be aware (UTC)")

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


MAX_CELL_LENGTH = 2_000  # characters; a longer cell is no name and no date

_MARKS = re.compile(r"<(superscript|sup)\b[^<>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BREAK = re.compile(r"<(?:br|p)\b[^<>]*>", re.IGNORECASE)
# Windows writes these characters where ISO-8859-1 has control codes.
_WINDOWS = {code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", "ignore"))}
_SIGNS = "*†‡§¶"
_TRAILING = f"0123456789⁰¹²³⁴⁵⁶⁷⁸⁹ ,;{_SIGNS}"  # no name of a State ends in a number

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+(?P<year>\d{4})(?!\d)"
    r"(?:\s*(?:(?P<code>[A-Za-z]{1,2})(?![A-Za-z])|\((?P<coded>[A-Za-z]{1,2})\)))?",
    re.ASCII,
)
_YEAR = re.compile(r"(?P<year>\d{4})(?!\d)", re.ASCII)
_FOOTNOTE = re.compile(rf"\d{{1,3}}(?!\d)(?!\s+[A-Za-z]{{3,9}}\.?\s+\d)|[{_SIGNS}]", re.ASCII)
_NOTHING = frozenset({"", "-", "\N{EN DASH}", "\N{EM DASH}", "...", "…"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a cell with the code after it, and whether it stands in brackets."""

    date: PartialDate
    code: str
    withdrawn: bool


class Unreadable(ValueError):
    """A cell is not what it should be; the message says how, to stand after the cell's text."""


def clean_text(text: str) -> str:
    """The text without markup and footnote marks in markup, spaces made plain, in Unicode's composed form."""
    text = html.unescape(_without_markup(text))
    if "<" in text:  # it was escaped once more
        text = _without_markup(text)
    text = unicodedata.normalize("NFC", text.translate(_WINDOWS))
    return " ".join("".join(map(_printable, text)).split())


def name_in(text: str) -> tuple[str, bool]:
    """The participant's name without its trailing footnote marks, and whether it stands in brackets.

    Unreadable where there is no name, or only half of a bracket.
    """
    name = clean_text(_short(text)).rstrip(_TRAILING)
    withdrawn = name.startswith("[") and name.endswith("]")
    if withdrawn:
        name = name[1:-1].strip().rstrip(_TRAILING)
    if "[" in name or "]" in name:
        raise Unreadable("has a bracket that does not enclose the name")
    if not any(char.isalpha() for char in name):
        raise Unreadable("is no name")
    return name, withdrawn


def dates_in(text: str) -> list[Dated]:
    """Every date in the cell, in its order; Unreadable unless the whole cell is dates, codes, brackets and marks."""
    rest = clean_text(_short(text))
    if rest in _NOTHING:
        return []
    found: list[Dated] = []
    bracketed = False
    while rest := rest.lstrip(" ,;"):
        if rest[0] in "[]":
            if bracketed == (rest[0] == "["):
                raise Unreadable("has brackets that do not match")
            bracketed, rest = not bracketed, rest[1:]
        elif dated := _DATE.match(rest) or (None if found else _YEAR.match(rest)):
            parts = dated.groupdict()
            found.append(Dated(_date(parts), parts.get("code") or parts.get("coded") or "", bracketed))
            rest = rest[dated.end() :]
        elif found and (mark := _FOOTNOTE.match(rest)):
            rest = rest[mark.end() :]
        else:
            raise Unreadable("is not a date with a code")
    if bracketed or not found:
        raise Unreadable("has brackets that do not match" if bracketed else "holds no date")
    return found


def _without_markup(text: str) -> str:
    return _TAG.sub("", _BREAK.sub(" ", _MARKS.sub("", text)))


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    return "" if unicodedata.category(char) == "Cf" else " "  # soft hyphens and the like are nothing


def _short(text: str) -> str:
    if len(text) > MAX_CELL_LENGTH:
        raise Unreadable(f"is longer than {MAX_CELL_LENGTH} characters")
    return text


def _date(parts: dict[str, str | None]) -> PartialDate:
    text = str(parts["year"])
    if word := parts.get("month"):
        month = [place for place, name in enumerate(_MONTHS, start=1) if name.startswith(word.casefold())]
        if not month:
            raise Unreadable(f"has no month '{word}'")
        text += f"-{month[0]:02}"
    if day := parts.get("day"):
        text += f"-{int(day) or 99:02}"  # no month has a day 0; PartialDate would take it for an unknown one
    try:
        return PartialDate.parse(text)
    except ValueError as trouble:
        raise Unreadable("holds a day that is not in the calendar") from trouble


_ACTS = (
    ("succession to signature", ActionKind.SUCCESSION_TO_SIGNATURE),
    ("definitive signature", ActionKind.DEFINITIVE_SIGNATURE),
    ("signature", ActionKind.SIGNATURE),
    ("ratification", ActionKind.RATIFICATION),
    ("acceptance", ActionKind.ACCEPTANCE),
    ("approval", ActionKind.APPROVAL),
    ("accession", ActionKind.ACCESSION),
    ("succession", ActionKind.SUCCESSION),
    ("formal confirmation", ActionKind.FORMAL_CONFIRMATION),
    ("consent to be bound", ActionKind.CONSENT_TO_BE_BOUND),
    ("simplified procedure", ActionKind.SIMPLIFIED_PROCEDURE),
    ("provisional application", ActionKind.PROVISIONAL_APPLICATION),
    ("withdrawal", ActionKind.WITHDRAWAL),
    ("denunciation", ActionKind.WITHDRAWAL),
)
_USUAL = {
    "A": ActionKind.ACCEPTANCE,
    "AA": ActionKind.APPROVAL,
    "a": ActionKind.ACCESSION,
    "d": ActionKind.SUCCESSION,
    "c": ActionKind.FORMAL_CONFIRMATION,
    "s": ActionKind.DEFINITIVE_SIGNATURE,
    "P": ActionKind.CONSENT_TO_BE_BOUND,
    "p": ActionKind.SIMPLIFIED_PROCEDURE,
}
_USUAL_WHEN_SIGNING = {"s": ActionKind.DEFINITIVE_SIGNATURE, "d": ActionKind.SUCCESSION_TO_SIGNATURE}
_ANY_OF_THREE = frozenset({ActionKind.RATIFICATION, ActionKind.ACCEPTANCE, ActionKind.APPROVAL})
_BETWEEN = re.compile(r"[,;/]|\band\b|\bor\b")
_CODE = re.compile(r"\(\s*([A-Za-z]{1,2})\s*\)")
_WHO = ("participant", "state", "country", "contracting")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """The acts of a column: what a bare date means, if that is clear, and what each code means."""

    bare: ActionKind | None
    codes: Mapping[str, ActionKind]
    signs: bool

    def act(self, code: str) -> ActionKind | None:
        """The act that a date with this code stands for; None if the heading leaves it open."""
        return self.codes.get(code) if code else self.bare


def names_participants(heading: str) -> bool:
    """Is this the heading of the column with the participants' names?"""
    return clean_text(heading).casefold().startswith(_WHO)


def column_of(heading: str) -> TableColumn | None:
    """The column under this heading, or None if the heading names no treaty action."""
    listed = [(act, _code(piece)) for piece in _BETWEEN.split(clean_text(heading)) if (act := _action_kind(piece))]
    if not listed:
        return None
    bare = {act for act, code in listed if not code}
    signs = ActionKind.SIGNATURE in bare
    usual = _USUAL_WHEN_SIGNING if signs else _USUAL
    return TableColumn(_meant(bare), usual | {code: act for act, code in listed if code}, signs)


def _action_kind(piece: str) -> ActionKind | None:
    words = " ".join(piece.casefold().split())
    return next((act for name, act in _ACTS if words.startswith(name)), None)


def _code(piece: str) -> str:
    return found[1] if (found := _CODE.search(piece)) else ""


def _meant(bare: set[ActionKind]) -> ActionKind | None:
    if len(bare) == 1:
        return next(iter(bare))
    return ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL if bare and bare <= _ANY_OF_THREE else None


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
    signatories: str
    parties: str
    entry_into_force: str
    grids: Sequence[TextTable]
    left_out: tuple[tuple[str, int], ...] = ()


def text_table(rows: Sequence[Sequence[str]]) -> TextTable:
    """The grid of a table whose heading is one of its own first rows; one without a heading is all rows."""
    for place, row in enumerate(rows[:5]):
        if any(names_participants(cell) for cell in row):
            return TextTable(row, rows[place + 1 :])
    return TextTable((), rows)


class TableReading:
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
    def unread(self) -> PrintedTotals:
        """How many more signatories and parties may stand in the cells that could not be read."""
        return PrintedTotals(self._unread[True], self._unread[False])

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
        try:
            name, gone = name_in(cells[who] if who < len(cells) else "")
        except Unreadable as trouble:
            self._remark(" | ".join(cells), f"was not read: its participant {trouble}")
            for place, column in columns.items():
                self._unread[column.signs] += bool(clean_text("".join(cells[place : place + 1])))
            return
        acted = False
        for place, cell in enumerate(cells):
            if place in columns:
                acted = self._read_cell(cell, name, columns[place], gone=gone) or acted
            elif place != who and clean_text(cell):
                self._remark(cell, f"was not read: its column names no treaty action ({name})")
        if not acted:
            self._remark(name, "stands in the table without any act")

    def _read_cell(self, cell: str, name: str, column: TableColumn, *, gone: bool) -> bool:
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
        self.remarks.append(Remark(self._table, self._row, clean_text(text[:MAX_CELL_LENGTH]), problem))


def _columns(grid: TextTable) -> Iterator[tuple[int, TableColumn]]:
    for place, heading in enumerate(grid.headings):
        if not names_participants(heading) and (column := column_of(heading)):
            yield place, column


def _act(column: TableColumn, dated: Dated) -> ActionKind:
    if act := column.act(dated.code):
        return act
    code = f"has the code '{dated.code}', which its column does not know"
    raise Unreadable(code if dated.code else "has no code to tell which act it is")
