"""Reading one CSV file with bounded memory: bytes in, rows of text out, every fault collected with its place."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tracker.errors import BadData, Fault
from tracker.storage.facts import FactSchema

MAX_FAULTS = 200  # nobody corrects more than that before trying again


class Faults:
    """The faults found so far. Adding one more than `MAX_FAULTS` raises BadData at once."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    @property
    def count(self) -> int:
        """How many faults were found so far."""
        return len(self._found)

    @property
    def found(self) -> tuple[Fault, ...]:
        """The faults found so far, in the order in which they were found."""
        return tuple(self._found)

    def add(self, file: str, line: int, problem: str, advice: str = "", *, column: str = "", value: str = "") -> None:
        """Note a fault. `problem` is what is the case ("is not a date."), `advice` what to do about it."""
        if len(self._found) == MAX_FAULTS:
            raise BadData([*self._in_order(), Fault(file, line, "", "", _STOPPED, _AGAIN)])
        self._found.append(Fault(file, line, column, value, problem, advice))

    def raise_any(self) -> None:
        """BadData with every fault found, in file and line order; nothing if there is none."""
        if self._found:
            raise BadData(self._in_order())

    def _in_order(self) -> list[Fault]:
        files = list(dict.fromkeys(fault.file for fault in self._found))
        return sorted(self._found, key=lambda fault: (files.index(fault.file), fault.line))


_STOPPED = f"is where reading stopped: {MAX_FAULTS} faults are enough to begin with."
_AGAIN = "Correct those above, then try again: there may be more."


MAX_LINE_BYTES = 65_536  # bytes
MAX_VALUE_LENGTH = 64_000  # characters; a long objection in the depositary's words has some 20,000
MAX_ROWS = 1_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_UTF8 = "Save the file as UTF-8 text."
_QUOTING = "Put a value with a comma or a quotation mark in quotation marks, and double each quotation mark inside it."


class CsvRow(NamedTuple):
    """A row of a file by column name, and the line on which it begins (the header is line 1)."""

    line: int
    values: dict[str, str]


def read_rows(path: Path, schema: FactSchema, faults: Faults) -> Iterator[CsvRow]:
    """The well-formed rows of a file; what is wrong with the file or with a row is added to `faults`."""
    try:
        with path.open("rb") as stream:
            yield from _rows(stream, str(path), schema, faults)
    except OSError as trouble:
        faults.add(str(path), 0, f"cannot be read: {trouble.strerror}.", "Name a file that can be read.")


class _Lines:
    """The lines of a file as text, those that cannot be read left out; knows where the reader is."""

    def __init__(self, stream: BinaryIO, file: str, faults: Faults) -> None:
        self._stream, self._file, self._faults = stream, file, faults
        self._number = 0
        self.begun = 0  # the line on which the row being read begins; 0 before its first line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while raw := self._stream.readline(MAX_LINE_BYTES + 1):
            self._number += 1
            if (line := self._text(raw)) is not None:
                self.begun = self.begun or self._number
                return line
        raise StopIteration

    def _text(self, raw: bytes) -> str | None:
        if len(raw) > MAX_LINE_BYTES:
            while raw and not raw.endswith(b"\n"):
                raw = self._stream.readline(MAX_LINE_BYTES)
            self._bad(f"is longer than {MAX_LINE_BYTES} bytes.", "No fact needs so long a line: is this the file?")
            return None
        if b"\0" in raw:
            self._bad("holds a NUL byte, which no text has.", _UTF8)
            return None
        try:
            return raw.decode("utf-8-sig" if self._number == 1 else "utf-8")
        except UnicodeDecodeError as trouble:
            self._bad(f"is not UTF-8 text (byte {trouble.start + 1} of the line).", _UTF8)
            return None

    def _bad(self, problem: str, advice: str) -> None:
        self._faults.add(self._file, self._number, problem, advice)


def _rows(stream: BinaryIO, file: str, schema: FactSchema, faults: Faults) -> Iterator[CsvRow]:
    records = _records(_Lines(stream, file, faults), file, faults)
    header = next(records, None)
    if header is None or header[0] != 1:
        faults.add(file, 1, "is no header.", f"Make the first line name the columns: {','.join(schema.names)}")
        return
    names = header[1]
    if not _header_is_good(names, file, schema, faults):
        return
    good: set[str] = set()  # values that were looked at, of which most come again
    for count, (line, fields) in enumerate(records):
        if count == MAX_ROWS:
            faults.add(file, line, f"is more than the {MAX_ROWS} rows that a file may have.", "Split the file.")
            return
        if len(fields) != len(names):
            faults.add(file, line, f"has {len(fields)} fields where the header has {len(names)}.", _QUOTING)
        elif good.issuperset(fields):
            yield CsvRow(line, dict(zip(names, fields, strict=True)))
        elif _values_are_good(names, fields, good, file, line, faults):
            plain = [field.replace("\r\n", "\n") for field in fields]
            good.update(plain)
            yield CsvRow(line, dict(zip(names, plain, strict=True)))


def _records(lines: _Lines, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begun = 0
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            faults.add(file, lines.begun, f"is not well-formed CSV ({trouble}).", _QUOTING)
            continue
        if fields:
            yield lines.begun, fields


def _header_is_good(names: list[str], file: str, schema: FactSchema, faults: Faults) -> bool:
    good = True
    for name in dict.fromkeys(names):
        if name not in schema.names:
            faults.add(file, 1, "is not a column of this file.", _nearest(name, schema), column=name or "(no name)")
        elif names.count(name) > 1:
            faults.add(file, 1, "stands in the header twice.", "Leave one of them out.", column=name)
        else:
            continue
        good = False
    for column in schema.columns:
        if column.required and column.name not in names:
            advice = "Add the column, with a value in each row."
            faults.add(file, 1, "is missing from the header.", advice, column=column.name)
            good = False
    return good


def _nearest(name: str, schema: FactSchema) -> str:
    near = difflib.get_close_matches(name, schema.names, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    return f"{meant}The columns are {', '.join(schema.names)}, with commas between."


def _values_are_good(
    names: list[str], fields: list[str], seen: Collection[str], file: str, line: int, faults: Faults
) -> bool:
    """Can the values be taken? Those that were seen to be good before are not looked at again."""
    good = True
    for name, field in zip(names, fields, strict=True):
        if field in seen:
            continue
        if len(field) > MAX_VALUE_LENGTH:
            problem = f"is {len(field)} characters long; {MAX_VALUE_LENGTH} is the most."
            faults.add(file, line, problem, "Shorten it.", column=name, value=field)
        elif found := _CONTROL.search(field.replace("\r\n", "\n")):
            problem = f"holds a control character (U+{ord(found[0]):04X})."
            faults.add(file, line, problem, "Remove it.", column=name, value=field)
        else:
            continue
        good = False
    return good
