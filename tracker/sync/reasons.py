"""Why what a status file prints waits for an editor: each reason a sentence that can be said in another language.

The queue keeps them in English, as the command line prints them; `recognize` finds out again which sentence one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from tracker.law.dates import PartialDate, in_words
from tracker.messages import TranslatableText, message

UNKNOWN = message("No participant in our data has that name, or two have it.")
ENDED = message("It stands in brackets: it was done and no longer holds, and the file does not say since when.")
MISSING = message("It is in our data, and the file does not print it.")
EITHER = message("Its cell prints several dates for one act, and does not say which of them is meant.")
SEVERAL = message("Our data have statements of that date in other words: it may be one of them, or a further one.")
VANISHED = message("Our data have it from an earlier status file, and this file does not print it.")
STILL_PRINTED = message("It tells of a withdrawal, and the file prints such a statement still.")
NOT_PLAIN = message("It tells of a withdrawal, and not plainly of what or since when.")
ONLY_HEADINGS = message("It has headings and no text below them.")
LEAGUE = message(
    "It stands below a State in the League of Nations' list, which mixes reservations, territories and their dates."
)
TABLE = message("It stands in a table of its own, whose heading does not say what it lists.")
TERRITORIES = message("It is a territorial application whose participant, date or territories are not plain.")


def in_the_future(day: PartialDate) -> TranslatableText:
    """It is dated after today."""
    return message("It is dated in the future, {day}.", day=day)


def before_adoption(treaty: str, day: PartialDate) -> TranslatableText:
    """It is dated before the treaty was adopted."""
    return message("It is dated before the adoption of {treaty} on {day}.", treaty=treaty, day=day)


def author_ceased(name: str) -> TranslatableText:
    """Its author no longer existed."""
    return message("{name} had ceased to exist by then.", name=name)


def without_convention(treaty: str) -> TranslatableText:
    """It consents to a protocol whose convention its author has not joined."""
    return message("It consents to a protocol without any consent to its convention, {treaty}.", treaty=treaty)


def not_checked(acts: int, participants: int, known: int) -> TranslatableText:
    """The file has no number to check it by."""
    return message(
        "The file is not self-checked: it prints no number of signatories or parties. All its rows were read: {acts} "
        "acts of {participants} participants, of which {known} are in our data.",
        acts=acts, participants=participants, known=known,
    )  # fmt: skip


def two_readings(act: str, day: PartialDate | None, other: str) -> TranslatableText:
    """A consent that moved forward can be read in two ways."""
    return message(
        "The file prints it where our data have {act}, {day}: a new act after that one ended, or a correction. The "
        "other reading awaits review as well: {other}.",
        act=act, day=day or NO_DATE, other=other,
    )  # fmt: skip


def later_consent(act: str, day: PartialDate | None) -> TranslatableText:
    """The file prints only a later consent."""
    return message(
        "The file prints a later consent alone, {act}, {day}: this one has ended.", act=act, day=day or NO_DATE
    )


def unreadable_date(text: str) -> TranslatableText:
    """A date within a statement cannot be read."""
    return message("A date within it cannot be read: “{text}”.", text=text)


def with_text(reason: str, text: str) -> TranslatableText:
    """A reason with the words that it is about."""
    return message("{reason} “{text}”", reason=reason, text=text)


NO_DATE = message("date not known")


# -- reading them again ----------------------------------------------------------------------------

_FIXED = (
    UNKNOWN, ENDED, MISSING, EITHER, SEVERAL, VANISHED, STILL_PRINTED, NOT_PLAIN, ONLY_HEADINGS, LEAGUE, TABLE,
    TERRITORIES,
)  # fmt: skip
_SOME_DAY = PartialDate.parse("2000-01-01")
_WITH_VALUES = (
    in_the_future(_SOME_DAY), before_adoption("", _SOME_DAY), author_ceased(""), without_convention(""),
    not_checked(0, 0, 0),
    two_readings("", None, ""), later_consent("", None), unreadable_date(""), with_text("", ""),
)  # fmt: skip
_MONTHS = {in_words(PartialDate.parse(f"2000-{month:02}")).split()[0]: month for month in range(1, 13)}
_DAY = re.compile(r"(?:(?:(\d{1,2}) )?([A-Z][a-z]+) )?(\d{4})")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], TranslatableText], ...]:
    return tuple((_pattern(each.template), each) for each in _WITH_VALUES)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    written = (re.escape(part) if place % 2 == 0 else f"(?P<{part}>.*?)" for place, part in enumerate(parts))
    return re.compile("".join(written), re.DOTALL)


def recognize(text: str) -> str:
    """The sentence that a kept reason is, so that it can be said in another language; the text itself for any other."""
    fixed = next((each for each in _FIXED if each == text), None)
    if fixed is not None:
        return fixed
    for pattern, each in _patterns():
        if found := pattern.fullmatch(text):
            return message(each.template, **dict(_values(found.groupdict())))
    return text


def _values(given: dict[str, str]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if name == "day":
            yield name, _day(value)
        elif name in ("act", "other"):
            yield name, message(value)
        elif name == "reason":
            yield name, recognize(value)
        else:
            number = value.replace(",", "")
            yield name, int(number) if number.isascii() and number.isdigit() and name != "text" else value


def _day(text: str) -> PartialDate | TranslatableText:
    found = _DAY.fullmatch(text)
    month = _MONTHS.get(found[2]) if found and found[2] else None
    if found is None or (found[2] and month is None):
        return message(text)
    rest = f"-{month:02}" + (f"-{int(found[1]):02}" if found[1] else "") if month else ""
    return PartialDate.parse(found[3] + rest)
