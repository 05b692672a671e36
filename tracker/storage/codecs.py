"""How one value is written in a file and in the record: text, dates, lists, numbers, ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tracker.law import dates
from tracker.law.dates import PartialDate

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,39}")
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LONG_ID = re.compile(r"[a-z][a-z0-9-]{0,79}")
_URL = re.compile(r"https?://[^\s<>\"]+")


class BadValue(ValueError):
    """The text is no value of that form; the message says what it is not."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of one sort are read and written.

    `read` raises BadValue or BadClause; `mend` says what could be written instead. `native` forms
    are kept in the record as numbers, all others as the text that a file would show.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    mend: str = ""
    empty: Any = ""
    native: bool = False

    def to_text(self, value: Any) -> str:
        """The value as a file shows it; unknown or none is the empty text."""
        return "" if value is None or value == self.empty else self.write(value)

    def to_record(self, value: Any) -> Any:
        """The value as the record's tables hold it; BadValue or BadClause for one that they would not give back."""
        if self.native:
            return value
        if stored := self.to_text(value):
            self.read(stored)
        return stored

    def from_record(self, stored: Any) -> Any:
        """The value that the record's tables hold."""
        if self.native:
            return stored
        return self.read(stored) if stored else self.empty


def _read_day(text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError:
        raise BadValue("is not a day of the calendar.") from None


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


def _matching(pattern: re.Pattern[str], problem: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise BadValue(problem)
        return text

    return read


def _read_delay(text: str) -> str:
    dates.parse_delay(text)
    return text


def choice_codec(kinds: type[StrEnum], noun: str) -> Codec:
    """One of the values of an enumeration; `noun` is what a person calls such a value."""

    def read(text: str) -> StrEnum:
        try:
            return kinds(text)
        except ValueError:
            raise BadValue(f"is not {noun}.") from None

    return Codec(read, str, f"Write one of {', '.join(kinds)}.", empty=None)


TEXT = Codec(str, str)
DAY = Codec(_read_day, _write_day, "Write 2003-09-29, or 2003-09 or 2003 where no more is known.", empty=None)
NAMES = Codec(_read_list, "|".join, "Write each name once, with one bar between: A|B.", empty=())
NUMBER = Codec(_read_number, str, "Write digits only, at most nine.", empty=None, native=True)
DECIMAL = Codec(_read_decimal, _write_decimal, "Write 1234 or 12.5.", empty=None, native=True)
CODE = Codec(_matching(_CODE, "is not a code."), str, "Write capital letters, digits and hyphens, such as FRA.")
ID = Codec(_matching(_ID, "is not an id."), str, "Write small letters, digits and hyphens, such as untoc-tip.")
LONG_ID = replace(ID, read=_matching(_LONG_ID, "is not an id."))  # of what is named after something with an id
URL = Codec(_matching(_URL, "is not a web address."), str, "Write a whole address beginning with https:// or http://.")
DELAY = Codec(_read_delay, str, f"Write {dates.FORMS}.")
