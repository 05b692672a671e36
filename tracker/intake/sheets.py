"""A file's bytes as rows of cells: delimited text in any encoding, XLSX, XLS and ODS workbooks.

What the bytes leave open (an encoding, a delimiter, which sheet) is a question, not a choice. Sizes are bounded
before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from tracker.errors import Refused
from tracker.intake.profile import FileProfile, OpenQuestion
from tracker.messages import message

MAX_BYTES = 32 * 2**20
MAX_UNPACKED = 256 * 2**20  # bytes of a workbook's parts
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 8_000  # characters

Cell = str | int | float | date

_WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
# Encodings of one byte a letter, in which any bytes make a text: which of them it is, only the letters can show.
OLD_ENCODINGS = ("cp1252", "cp1250", "cp1251", "mac_roman", "cp850", "iso8859-15")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_GAPS = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of cells, and the line of the file or row of the sheet on which it begins."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FileSheet:
    """The rows of a file that are not empty, how it was read, and what its bytes left open."""

    rows: tuple[SheetRow, ...]
    form: str
    questions: tuple[OpenQuestion, ...] = ()


def read_sheet(data: bytes, profile: FileProfile, is_name: Callable[[str], bool]) -> FileSheet:
    """The rows of a file; `is_name` tells whether a text is the name of a participant.

    Refused for what is no table: too large, a broken workbook, bytes that are no text.
    """
    if len(data) > MAX_BYTES:
        raise Refused(f"The file has more than {MAX_BYTES} bytes. Split it.")
    if data.startswith((_WORKBOOK, _OLD_WORKBOOK)):
        return _workbook(data, profile)
    text, encoding, questions = _decode(data, profile, is_name)
    return _split_columns(text, encoding, profile, questions)


# -- workbooks -------------------------------------------------------------------------------------


def _workbook(data: bytes, profile: FileProfile) -> FileSheet:
    _must_be_bounded(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            named = [each for each in book.sheet_names if not profile.sheet or each == profile.sheet]
            filled = [(name, _filled_rows(book, name)) for name in named]
    except (CalamineError, ValueError, OSError) as trouble:
        raise Refused(f"The workbook cannot be read ({trouble}). Save it anew, or save the sheet as CSV.") from None
    found = [(name, rows) for name, rows in filled if rows]
    if not found:
        raise Refused(f"The workbook has no sheet '{profile.sheet}' with rows." if profile.sheet else "It has no rows.")
    name, rows = found[0]
    asked: tuple[OpenQuestion, ...] = ()
    if len(found) > 1:
        names = tuple(each for each, _ in found)
        text = message("The workbook has several sheets with rows. Which one is meant?")
        asked = (OpenQuestion("sheet", "", text, names),)
    return FileSheet(rows, f"sheet '{name}' of a workbook", asked)


def _must_be_bounded(data: bytes) -> None:
    if not data.startswith(_WORKBOOK):
        return
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except BadZipFile:
        raise Refused("The workbook is damaged. Save it anew.") from None
    if size > MAX_UNPACKED:
        raise Refused(f"The workbook holds more than {MAX_UNPACKED} bytes. Keep only the sheet that is needed.")


def _filled_rows(book: CalamineWorkbook, name: str) -> tuple[SheetRow, ...]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise Refused(f"The sheet '{name}' has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns.")
    first = (sheet.start or (0, 0))[0] + 1
    rows = (SheetRow(first + place, tuple(map(_cell, row))) for place, row in enumerate(sheet.to_python()))
    return tuple(row for row in rows if any(cell != "" for cell in row.cells))


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date | int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return str(value).strip()[:MAX_CELL]


# -- text ------------------------------------------------------------------------------------------


def _decode(data: bytes, profile: FileProfile, is_name: Callable[[str], bool]) -> tuple[str, str, list[OpenQuestion]]:
    """The text, the encoding in which it was read, and the question which one is meant where nothing shows it."""
    if profile.encoding:
        return _decoded_as(data, profile.encoding), profile.encoding, []
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded_as(data, encoding), encoding, []
    if guess := _without_mark(data):
        return _decoded_as(data, guess), guess, []
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        return _by_its_names(data, is_name)


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise Refused(f"The file is not text in the encoding {encoding}.") from None


def _without_mark(data: bytes) -> str:
    """UTF-16 without a byte order mark: every other byte of plain letters, digits and commas is zero."""
    start = data[:2000]
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.7 * len(zeros):
            return encoding
    if b"\0" in start:
        raise Refused("The file is neither text nor a workbook. Save it as CSV in UTF-8, or as XLSX.")
    return ""


def _by_its_names(data: bytes, is_name: Callable[[str], bool]) -> tuple[str, str, list[OpenQuestion]]:
    """The encoding in which the most names with letters beyond ASCII are names of participants."""
    texts: dict[str, str] = {}
    for encoding in OLD_ENCODINGS:
        try:
            texts.setdefault(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    if not texts:
        raise Refused("The file is not text in any usual encoding. Save it as CSV in UTF-8.")
    known = {encoding: sum(map(is_name, _foreign(text))) for text, encoding in texts.items()}
    best = max(known.values())
    winners = [encoding for encoding in known if known[encoding] == best]
    text = next(each for each, encoding in texts.items() if encoding == winners[0])
    if len(winners) == 1 or (best and _agree([t for t, e in texts.items() if e in winners], is_name)):
        return text, winners[0], []
    about = message("The letters beyond ASCII can be read in several encodings, and no name shows which one is meant.")
    return text, winners[0], [OpenQuestion("encoding", "", about, tuple(winners))]


def _foreign(text: str) -> set[str]:
    """The cells of a text that have letters beyond ASCII."""
    pieces = re.split(r"[\t;,|\r\n\"]+| {2,}", text)
    return {piece.strip() for piece in pieces if not piece.isascii()}


def _agree(texts: Sequence[str], is_name: Callable[[str], bool]) -> bool:
    """Do the readings differ in nothing but what is no name: punctuation, signs?"""
    letters = ["".join(each for each in text if each.isalnum()) for text in texts]
    return len(set(letters)) == 1


def _split_columns(text: str, encoding: str, profile: FileProfile, questions: list[OpenQuestion]) -> FileSheet:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    readings = {}
    for delimiter in [profile.delimiter] if profile.delimiter else [*_DELIMITERS, "  "]:
        rows = _rows(text, delimiter)
        if width := _usual_width(rows):
            readings[delimiter] = (sum(len(row.cells) == width for row in rows) * (width - 1), rows)
    if not readings:
        raise Refused("The file is no table: no comma, semicolon, tab or bar divides its lines into columns.")
    order = sorted(readings, key=lambda each: -readings[each][0])
    best = readings[order[0]]
    rivals = [each for each in order if readings[each][0] == best[0]]
    if len(rivals) > 1 and not profile.delimiter:
        about = message("The columns may be divided in several ways.")
        questions = [*questions, OpenQuestion("delimiter", "", about, tuple(rivals))]
    name = _DELIMITERS.get(order[0], "gaps" if order[0] == "  " else order[0])
    if len(best[1]) > MAX_ROWS:
        raise Refused(f"The file has more than {MAX_ROWS} rows. Split it.")
    return FileSheet(best[1], f"text in {encoding}, columns divided by {name}", tuple(questions))


def _rows(text: str, delimiter: str) -> tuple[SheetRow, ...]:
    found = []
    if delimiter == "  ":
        for line, each in enumerate(text.split("\n"), start=1):
            found.append((line, _GAPS.split(each.rstrip())))
    else:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter, quotechar=_quote(text, delimiter))
        begun = 1
        try:
            for cells in lines:
                found.append((begun, cells))
                begun = lines.line_num + 1
        except csv.Error:
            return ()
    rows = (SheetRow(line, tuple(cell.strip()[:MAX_CELL] for cell in cells[:MAX_COLUMNS])) for line, cells in found)
    return tuple(row for row in rows if any(row.cells))


def _quote(text: str, delimiter: str) -> str:
    """The quotation mark of a file: the double one, unless single ones stand where a cell begins or ends."""
    single = len(re.findall(rf"(?:^|{re.escape(delimiter)})'|'(?:$|{re.escape(delimiter)})", text, re.MULTILINE))
    double = len(re.findall(rf'(?:^|{re.escape(delimiter)})"|"(?:$|{re.escape(delimiter)})', text, re.MULTILINE))
    return "'" if single > 2 and single > double else '"'


def _usual_width(rows: Sequence[SheetRow]) -> int:
    """The number of columns of most rows that have more than one; 0 where none has."""
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    return widths.most_common(1)[0][0] if widths else 0
