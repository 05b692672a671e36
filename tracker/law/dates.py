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
from tracker.law.wording import DayOfYear, Ordinal
from tracker.messages import TranslatableText, in_english, message, plural

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
        raise ValueError(f"'{text}' is not a date in the calendar") from None


@in_english.register
def _(value: PartialDate) -> str:
    if value.exact:
        return in_english(value.exact)
    return f"{value.first:%B %Y}" if value.first.month == value.last.month else f"{value.first:%Y}"


@lru_cache(maxsize=8192)
def in_words(day: date | PartialDate | None) -> str:
    """The date as people write it without ambiguity: `29 September 2003`, `September 2003`."""
    return "date not known" if day is None else in_english(day)


def when(day: date | PartialDate | None) -> TranslatableText:
    """A date as it follows a verb: `on 29 September 2003`, `in September 2003 (day not known)`."""
    if day is None:
        return message("on a date not known")
    exact = day.exact if isinstance(day, PartialDate) else day
    return message("on {date}", date=exact) if exact else message("in {date} (day not known)", date=day)


_PERIOD = re.compile(r"(\d{1,5})([dmy])(\+month)?", re.ASCII)
_NTH_MONTH = re.compile(r"month\+(\d{1,3})", re.ASCII)
_YEARLY = re.compile(r"on\((\d\d)-(\d\d),by=(\d\d)-(\d\d)\)", re.ASCII)
_YEAR_END = re.compile(r"end\((\d{1,2})\)", re.ASCII)
_SUCCESSIVE = re.compile(r"(\d{1,5}[dmy])\+(\d{1,5}[dmy])", re.ASCII)
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

    def after_event(self, *, spelled: bool = False) -> TranslatableText:
        """The period as it stands in a sentence before an event: `on the 90th day after`, the date of deposit."""
        nth = Ordinal(self.number, spelled)
        if self.lands == "nth-month":
            return message("on the first day of the {nth} month following the month that includes", nth=nth)
        if self.lands == "next-month" and not self.number:
            return message("on the first day of the month following")
        if self.lands == "next-month" and self.unit == "d":
            return message("on the first day of the month after the {nth} day following", nth=nth)
        if self.lands == "next-month":
            return message(
                "on the first day of the month following the expiration of a period of {period} after",
                period=self.period,
            )
        if not self.number:
            return message("on")
        return (
            message("on the {nth} day after", nth=nth)
            if self.unit == "d"
            else message("{period} after", period=self.period)
        )

    @property
    def period(self) -> TranslatableText:
        """How long it is, by itself: `one year`, `90 days`."""
        if self.unit == "d":
            return plural("one day", "{n} days", self.number)
        return (
            plural("one month", "{n} months", self.number)
            if self.unit == "m"
            else plural("one year", "{n} years", self.number)
        )


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

    def after_event(self, *, spelled: bool = False) -> TranslatableText:
        """As `Delay.after_event`."""
        lands, by = DayOfYear(self.month, self.day), DayOfYear(self.by_month, self.by_day)
        return message("on {day} following the first {cutoff} on or after", day=lands, cutoff=by)


@dataclass(frozen=True, slots=True)
class YearEnd:
    """31 December, so many years on (Constitution of UNESCO, art. II(6))."""

    years: int

    def after(self, day: date) -> date:
        """31 December of the year that many years after the year of `day`."""
        return date(day.year + self.years, 12, 31)

    def __str__(self) -> str:
        return f"end({self.years})"

    def after_event(self, *, spelled: bool = False) -> TranslatableText:
        """As `Delay.after_event`."""
        if not self.years:
            return message("on 31 December of the year of")
        if self.years == 1:
            return message("on 31 December of the year following")
        return message("on 31 December of the {nth} year following", nth=Ordinal(self.years, spelled))


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

    def after_event(self, *, spelled: bool = False) -> TranslatableText:
        """As `Delay.after_event`."""
        period = self.first.period
        if self.then.unit == "d":
            nth = Ordinal(self.then.number, spelled)
            return message("on the {nth} day after the expiration of {period} following", nth=nth, period=period)
        return message("{then} after the expiration of {period} following", then=self.then.period, period=period)


AnyDelay = Delay | Yearly | YearEnd | Successive


def how_long(delay: AnyDelay) -> str:
    """A period by itself: `one year`; one that is none as it is written."""
    return delay.period if isinstance(delay, Delay) else str(delay)


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
    raise BadClause(f"'{text}' is not a waiting period. Write {FORMS}.")


def _period(text: str) -> Delay:
    found = _PERIOD.match(text)
    assert found
    return Delay(int(found[1]), found[2])  # type: ignore[arg-type]


def _in_every_year(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2001, month)[1]


def _sane(delay: Delay, text: str) -> Delay:
    years = delay.number / {"d": 365, "m": 12, "y": 1}[delay.unit]
    if years > _LONGEST_YEARS:
        raise BadClause(f"'{text}' is longer than {_LONGEST_YEARS} years. Write a shorter period.")
    return delay


def add_months(day: date, months: int) -> date:
    """The same day that many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
