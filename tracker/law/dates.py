"""Dates as the record knows them (to the day, the month or the year), and the periods of final clauses.

A period says how a date follows from a deposit: `90d`, `3m+month`, `month+6`. Which period applies when is the
clause's business.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from tracker.errors import BadClause

Day = date  # for classes whose own field is called `date`

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A day in the ISO 8601 calendar of which the day, or the day and the month, may be unknown.

    Ordered by the first day it may stand for, then by the last.
    """

    first: date
    last: date

    @staticmethod
    def parse(text: str) -> PartialDate:
        """The date written as `2003-09-29`, `2003-09` or `2003`; ValueError for anything else."""
        return _parse(text)

    @staticmethod
    def of(day: date) -> PartialDate:
        """That exact day."""
        return PartialDate(day, day)

    @property
    def exact(self) -> date | None:
        """The day itself, or None where it is not known to the day."""
        return self.first if self.first == self.last else None

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        return self.first.isoformat()[: 7 if self.first.month == self.last.month else 4]


@lru_cache(maxsize=65536)
def _parse(text: str) -> PartialDate:
    if not (found := _ISO.fullmatch(text)):
        raise ValueError(f"'{text}' is not a date: write 2003-09-29, 2003-09 or 2003")
    year, month, day = (None if part is None else int(part) for part in found.groups())
    assert year is not None
    try:
        if month is not None and day is not None:
            exact = date(year, month, day)
            return PartialDate(exact, exact)
        if month is not None:
            return PartialDate(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return PartialDate(date(year, 1, 1), date(year, 12, 31))
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"'{text}' is not a day of the calendar") from None


@lru_cache(maxsize=8192)
def in_words(day: date | PartialDate | None) -> str:
    """The date as people write it without ambiguity: `29 September 2003`, `September 2003`."""
    if day is None:
        return "an unknown day"
    if isinstance(day, date):
        return f"{day.day} {day:%B %Y}"
    if day.exact:
        return in_words(day.exact)
    return f"{day.first:%B %Y}" if day.first.month == day.last.month else f"{day.first:%Y}"


_PERIOD = re.compile(r"(\d{1,5})([dmy])(\+month)?", re.ASCII)
_NTH_MONTH = re.compile(r"month\+(\d{1,3})", re.ASCII)
_YEARLY = re.compile(r"on\((\d\d)-(\d\d),by=(\d\d)-(\d\d)\)", re.ASCII)
_YEAR_END = re.compile(r"end\((\d{1,2})\)", re.ASCII)
_SUCCESSIVE = re.compile(r"(\d{1,5}[dmy])\+(\d{1,5}[dmy])", re.ASCII)
_NAMES = {"d": "day", "m": "month", "y": "year"}
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LONGEST_YEARS = 200

FORMS = "90d, 3m, 1y, 60d+month, 3m+month, month+6, on(01-01,by=07-01), end(1) or 6m+60d"


@dataclass(frozen=True, slots=True)
class Delay:
    """A number of days, months or years, and where in the calendar the result lands."""

    number: int
    unit: Literal["d", "m", "y"]
    lands: Literal["there", "next-month", "nth-month"] = "there"

    def after(self, day: date) -> date:
        """The day this period after `day`.

        A delay in days is the Nth day after (the day of deposit not counted). A delay in months or
        years lands on the same day of the later month, or on its last day where that is shorter.
        OverflowError when that lies beyond the calendar.
        """
        if self.lands == "nth-month":
            return add_months(day.replace(day=1), self.number)
        end = self._end(day)
        return add_months(end.replace(day=1), 1) if self.lands == "next-month" else end

    def _end(self, day: date) -> date:
        if self.unit == "d":
            return day + timedelta(days=self.number)
        return add_months(day, self.number * (12 if self.unit == "y" else 1))

    def __str__(self) -> str:
        if self.lands == "nth-month":
            return f"month+{self.number}"
        return f"{self.number}{self.unit}" + ("+month" if self.lands == "next-month" else "")

    @property
    def words(self) -> str:
        """The period as it stands in a sentence that goes on with 'after ...'."""
        if self.lands == "nth-month":
            nth = _ORDINALS[self.number] if self.number < len(_ORDINALS) else ordinal(self.number)
            return f"the first day of the {nth} month after the month of"
        if self.lands == "next-month":
            if not self.number:
                return "the first day of the month after"
            if self.unit == "d":
                return f"the first day of the month after the {ordinal(self.number)} day following"
            return f"the first day of the month following the expiry of {self.period} after"
        if not self.number:
            return "the day of"
        return f"the {ordinal(self.number)} day after" if self.unit == "d" else f"{self.period} after"

    @property
    def period(self) -> str:
        """How long it is, by itself: `one year`, `90 days`."""
        name = _NAMES[self.unit]
        return f"one {name}" if self.number == 1 else f"{self.number} {name}s"


@dataclass(frozen=True, slots=True)
class Yearly:
    """A fixed day of the year, for notices given by another day of the year (1961 Single Convention, art. 46(2))."""

    month: int
    day: int
    by_month: int
    by_day: int

    def after(self, day: date) -> date:
        """The day on which a notice of `day` takes effect: one given after the last day for it waits for the next."""
        last = date(day.year, self.by_month, self.by_day)
        if day > last:
            last = last.replace(year=day.year + 1)
        lands = last.replace(month=self.month, day=self.day)
        return lands if lands > last else lands.replace(year=last.year + 1)

    def __str__(self) -> str:
        return f"on({self.month:02}-{self.day:02},by={self.by_month:02}-{self.by_day:02})"

    @property
    def words(self) -> str:
        lands, by = (f"{d} {calendar.month_name[m]}" for m, d in ((self.month, self.day), (self.by_month, self.by_day)))
        return f"the {lands} that follows the first {by} on or after"


@dataclass(frozen=True, slots=True)
class YearEnd:
    """31 December, so many years on (Constitution of UNESCO, art. II(6))."""

    years: int

    def after(self, day: date) -> date:
        """31 December of the year that many years after the year of `day`."""
        return date(day.year + self.years, 12, 31)

    def __str__(self) -> str:
        return f"end({self.years})"

    @property
    def words(self) -> str:
        year = {0: "same year", 1: "following year"}.get(self.years, f"{ordinal(self.years)} following year")
        return f"31 December of the {year} after"


@dataclass(frozen=True, slots=True)
class Successive:
    """One period after another has expired (Apostille Convention, art. 12(3): 60 days after six months)."""

    first: Delay
    then: Delay

    def after(self, day: date) -> date:
        """The day on which both periods have run, one after the other."""
        return self.then.after(self.first.after(day))

    def __str__(self) -> str:
        return f"{self.first}+{self.then}"

    @property
    def words(self) -> str:
        return f"{self.then.words} the expiry of {self.first.period} after"


AnyDelay = Delay | Yearly | YearEnd | Successive


def after_in_words(delay: AnyDelay) -> str:
    """The period as it follows a verb: `on the 90th day after`, `3 months after`."""
    return f"on {delay.words}" if delay.words.startswith(("the ", "31 December ")) else delay.words


@lru_cache(maxsize=4096)
def parse_delay(text: str) -> AnyDelay:
    """The delay written in `text`; BadClause with the forms that exist for anything else."""
    if found := _PERIOD.fullmatch(text):
        return _sane(replace(_period(text), lands="next-month" if found[3] else "there"), text)
    if (found := _NTH_MONTH.fullmatch(text)) and int(found[1]):
        return _sane(Delay(int(found[1]), "m", "nth-month"), text)
    if found := _YEARLY.fullmatch(text):
        yearly = Yearly(*map(int, found.groups()))
        if all(_in_every_year(m, d) for m, d in ((yearly.month, yearly.day), (yearly.by_month, yearly.by_day))):
            return yearly
    if found := _YEAR_END.fullmatch(text):
        return YearEnd(int(found[1]))
    if found := _SUCCESSIVE.fullmatch(text):
        return Successive(*(_sane(_period(part), text) for part in found.groups()))
    raise BadClause(f"'{text}' is not a delay: write {FORMS}.")


def _period(text: str) -> Delay:
    found = _PERIOD.match(text)
    assert found
    return Delay(int(found[1]), found[2])  # type: ignore[arg-type]


def _in_every_year(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2001, month)[1]


def _sane(delay: Delay, text: str) -> Delay:
    years = delay.number / {"d": 365, "m": 12, "y": 1}[delay.unit]
    if years > _LONGEST_YEARS:
        raise BadClause(f"'{text}' is longer than {_LONGEST_YEARS} years, which no final clause is.")
    return delay


def add_months(day: date, months: int) -> date:
    """The same day that many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ... 11th, 12th, 13th ..."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
