"""Dates as people write them: which day each stands for, once the whole file has decided what one alone leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel.dates import get_month_names

from tracker.intake.sheets import Cell
from tracker.law.dates import PartialDate
from tracker.law.search import fold_text

EMPTY = frozenset({"", "-", "--", "\N{EN DASH}", "\N{EM DASH}", "...", "\N{HORIZONTAL ELLIPSIS}", "n/a", "none", "nil",
                   "no", "--/--/--", "--/--/----"})  # fmt: skip
_LANGUAGES = ("en", "fr", "es", "de", "it", "pt", "nl")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_FIRST_SERIAL = date(1899, 12, 30)  # day 0 of spreadsheets that count from 1900, after their wrong leap day
_SERIALS = range(1_000, 110_000)  # 1902 to 2201

_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ][\d:.]+Z?)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
_DAY_FIRST = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[ .-]*(?:de )?)?([^\W\d_]+)\.?[ ,.-]*(?:de )?(\d{4}|\d{2})",
)
_SHORT_YEAR = re.compile(r"\d{1,2}[/. -](?:\d{1,2}|[^\W\d_]+)\.?[/. -]\d{2}")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


class NotADate(ValueError):
    """The text is no date that can be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of a file are read: the order of day and month, and the years between which two digits lie."""

    order: str = ""
    years: range = range(0)

    def read(self, cell: Cell) -> PartialDate | None:
        """The day that a cell stands for, None for an empty one; NotADate with the reason."""
        if isinstance(cell, date):
            return PartialDate.of(cell)
        if isinstance(cell, float):
            raise NotADate("is a number and no date")
        text = str(cell).strip()
        if text.casefold() in EMPTY:
            return None
        try:
            return self._read(text)
        except NotADate:
            raise
        except ValueError:
            raise NotADate("is not a day of the calendar") from None

    def _read(self, text: str) -> PartialDate:
        if text.isascii() and text.isdigit() and len(text) in (4, 5, 6, 8):
            return _of_digits(text)
        if found := _ISO.fullmatch(text):
            return PartialDate.parse("-".join(filter(None, found.groups())))
        if found := _YEAR_FIRST.fullmatch(text):
            return _day(*found.groups())
        if found := _NUMBERS.fullmatch(text):
            return self._of_numbers(*found.groups())
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year = found.groups()
            return _day(self._year(year), _month(month), day)
        if found := _MONTH_FIRST.fullmatch(text):
            return _day(found[3], _month(found[1]), found[2])
        raise NotADate("is not a date")

    def _of_numbers(self, one: str, other: str, year: str) -> PartialDate:
        if (int(one) > 12 >= int(other) and self.order == "mdy") or (
            int(other) > 12 >= int(one) and self.order == "dmy"
        ):
            raise NotADate(f"does not fit the order of the other dates ({self.order})")
        day, month = (other, one) if self.order == "mdy" else (one, other)
        return _day(self._year(year), month, day)

    def _year(self, text: str) -> str:
        if len(text) == 4:
            return text
        fitting = [year for year in self.years if year % 100 == int(text)]
        if len(fitting) != 1:
            raise NotADate("has a year of two digits, and nothing shows its century")
        return str(fitting[0])


def order_of(cells: Iterable[Cell]) -> frozenset[str]:
    """The orders of day and month in which all dates of a file are dates; both where none of them decides.

    None where it does not matter, or where the dates contradict each other.
    """
    possible, matters = {"dmy", "mdy"}, False
    for one, other in _pairs(cells):
        matters = matters or one != other
        possible -= {"dmy"} if other > 12 else set()
        possible -= {"mdy"} if one > 12 else set()
    return frozenset(possible) if matters else frozenset()


def undecided(cells: Iterable[Cell]) -> str:
    """The first date that is another day in the other order."""
    return next("/".join(f"{each:02}" for each in pair) for pair in _pairs(cells) if pair[0] != pair[1])


def has_short_year(cell: Cell) -> bool:
    """Has a date a year of two digits?"""
    return bool(_SHORT_YEAR.fullmatch(str(cell).strip()))


def _pairs(cells: Iterable[Cell]) -> Iterator[tuple[int, int]]:
    """The first two numbers of each date that is written in numbers alone."""
    for cell in cells:
        if isinstance(cell, str) and (found := _NUMBERS.fullmatch(cell.strip())):
            yield int(found[1]), int(found[2])


def looks_like_date(cell: Cell) -> bool:
    """Is it a date in whatever order, or at least written like one?"""
    if isinstance(cell, str) and _NUMBERS.fullmatch(cell.strip()):
        return True
    try:
        return DateReading("dmy").read(cell) is not None
    except NotADate:
        return False


def _of_digits(text: str) -> PartialDate:
    if found := _PACKED.fullmatch(text):
        return _day(*found.groups())
    if _YEAR.fullmatch(text) and 1600 <= int(text) <= 2200:
        return PartialDate.parse(text)
    if int(text) in _SERIALS:
        return PartialDate.of(_FIRST_SERIAL + timedelta(days=int(text)))
    raise NotADate("is a number and no date")


def _day(year: str, month: str | int, day: str | None) -> PartialDate:
    text = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    return PartialDate.parse(text)


def _month(word: str) -> int:
    found = _months().get(fold_text(word))
    if found is None:
        raise NotADate(f"has no month '{word}'")
    return found


@cache
def _months() -> Mapping[str, int]:
    """The months by their names in several languages and by Roman numbers; names that are two months are left out."""
    named: dict[str, set[int]] = {name: {place} for place, name in enumerate(_ROMAN, start=1)}
    named["sept"] = {9}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for place, name in get_month_names(width, context, language).items():
                    named.setdefault(fold_text(name), set()).add(place)
    return {name: next(iter(places)) for name, places in named.items() if len(places) == 1}
