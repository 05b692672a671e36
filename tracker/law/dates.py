"""Days as a record knows them: to the day, to the month, or only to the year.

`PartialDate` never rounds: what is known only to the month has no exact day, only a first and
a last possible one. Delays and other arithmetic on whole days live in `delays`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

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
