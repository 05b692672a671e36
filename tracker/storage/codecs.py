"""How one value is written in a file and in the record: text, dates, lists, numbers, ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from tracker.law import clauses, dates
from tracker.law.dates import PartialDate

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?", re.ASCII)
_CODE = r"[A-Z][A-Z0-9-]{0,39}"
_ID = r"[a-z][a-z0-9-]{0,39}"
_LONG_ID = r"[a-z][a-z0-9-]{0,79}"
_URL = r"https?://[^\s<>\"]+"
_DAY = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


class BadValue(ValueError):
    """The text is no value of that form; the message says what it is not."""


@dataclass(frozen=True)
class Codec:
    """How values of one sort are read and written.

    `read` raises BadValue or BadClause; `advice` says what could be written instead. Values whose `type`, a word of
    Table Schema, is a number's are kept in the record as numbers, all others as the text that a file would show.
    `pattern` and `values` say what the text may be, where readers of the data dictionary are to know.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    advice: str = ""
    empty: Any = ""
    type: str = "string"
    pattern: str = ""
    values: tuple[str, ...] = ()

    @cached_property
    def numeric(self) -> bool:
        """Is a value a number?"""
        return self.type != "string"

    def to_text(self, value: Any) -> str:
        """The value as a file shows it; unknown or none is the empty text."""
        return "" if value is None or value == self.empty else self.write(value)

    def to_record(self, value: Any) -> Any:
        """The value as the record's tables hold it; BadValue or BadClause for one that they would not give back."""
        if self.numeric:
            return value
        if stored := self.to_text(value):
            self.read(stored)
        return stored

    def from_record(self, stored: Any) -> Any:
        """The value that the record's tables hold."""
        if self.numeric:
            return stored
        return self.read(stored) if stored else self.empty


def _read_day(text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError:
        raise BadValue("is not a date in the calendar.") from None


def _write_day(day: PartialDate) -> str:
    whole = day.first.isoformat()  # which, unlike strftime, gives the year 843 its four digits
    if day.exact:
        return whole
    return whole[:7] if day.first.month == day.last.month else whole[:4]


def _read_list(text: str) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split("|"))
    if not all(items):
        raise BadValue("has an empty name between its bars.")
    if len(set(items)) < len(items):
        raise BadValue("names the same thing twice.")
    return items


def _read_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadValue("is not a whole number.")
    return int(text)


def _read_decimal(text: str) -> float:
    if not _DECIMAL.fullmatch(text) or (value := float(text)) == float("inf"):
        raise BadValue("is not a number.")
    return value


def _write_decimal(value: float) -> str:
    return str(int(value)) if value.is_integer() and value < 1e15 else repr(value)


def _matching(pattern: str, problem: str) -> Callable[[str], str]:
    form = re.compile(pattern)

    def read(text: str) -> str:
        if not form.fullmatch(text):
            raise BadValue(problem)
        return text

    return read


def _read_delay(text: str) -> str:
    dates.parse_delay(text)
    return text


def _read_reservations(text: str) -> str:
    clauses.reservation_terms(text)
    return text


def _read_accessions(text: str) -> str:
    clauses.accession_terms(text)
    return text


def choice_codec(kinds: type[StrEnum], name: str) -> Codec:
    """One of the values of an enumeration; `name` is what a person calls such a value."""

    def read(text: str) -> StrEnum:
        try:
            return kinds(text)
        except ValueError:
            raise BadValue(f"is not {name}.") from None

    values = tuple(kind.value for kind in kinds)
    return Codec(read, str, f"Write one of {', '.join(values)}.", empty=None, values=values)


TEXT = Codec(str, str)
DAY = Codec(
    _read_day, _write_day, "Write 2003-09-29, or 2003-09 or 2003 where no more is known.", empty=None, pattern=_DAY
)
NAMES = Codec(_read_list, "|".join, "Write each name once, with one bar between: A|B.", empty=())
NUMBER = Codec(_read_number, str, "Write digits only, at most nine.", empty=None, type="integer")
DECIMAL = Codec(_read_decimal, _write_decimal, "Write 1234 or 12.5.", empty=None, type="number")
CODE = Codec(_matching(_CODE, "is not a code."), str, "Write capital letters, digits and hyphens, such as FRA.",
             pattern=_CODE)  # fmt: skip
ID = Codec(_matching(_ID, "is not an id."), str, "Write small letters, digits and hyphens, such as untoc-tip.",
           pattern=_ID)  # fmt: skip
# An id of what is named after something with an id.
LONG_ID = replace(ID, read=_matching(_LONG_ID, "is not an id."), pattern=_LONG_ID)
URL = Codec(_matching(_URL, "is not a web address."), str, "Write a whole address beginning with https:// or http://.")
DELAY = Codec(_read_delay, str, f"Write {dates.FORMS}.")
RESERVATION_TERMS = Codec(_read_reservations, str, f"Write {clauses.RESERVATION_FORMS}.")
ACCESSION_TERMS = Codec(_read_accessions, str, f"Write {clauses.ACCESSION_FORMS}.")
