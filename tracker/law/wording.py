"""What sentences are put together from beside dates, numbers and names: ordinals, days of a year, lists, paragraphs.

Each is a value of a message (see `tracker.messages`), so that it can be said in another language.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from tracker.messages import TranslatableText, in_english, message, plural

_ONES = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
)  # fmt: skip
_TENS = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
_FEW = 6  # names written out in a sentence before the rest become a number


class StateName(str):
    """A participant's name in English, with the ISO 3166 alpha-2 code by which other languages name the State."""

    __slots__ = ("iso2",)

    iso2: str

    def __new__(cls, name: str, iso2: str) -> Self:
        """The name, and the code: empty for what has none."""
        made = super().__new__(cls, name)
        made.iso2 = iso2
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """What a copy is made of."""
        return str(self), self.iso2


class TreatyName(str):
    """A treaty's name or title in English; other languages know the treaty by a name of their own."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in an order before a noun: `40th`, or `fortieth` where it is spelled out, as treaties do below 100."""

    number: int
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day of every year: `1 January`."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Things of which one is meant: `A, B or C`."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SentenceStart:
    """A text that begins a sentence: its first letter is a capital."""

    text: str


@in_english.register
def _(value: Ordinal) -> str:
    if not value.spelled or not 0 < value.number < 100:
        return ordinal(value.number)
    if value.number < len(_ONES):
        return _ONES[value.number]
    tens, ones = divmod(value.number, 10)
    return f"{_TENS[tens - 2]}y-{_ONES[ones]}" if ones else f"{_TENS[tens - 2]}ieth"


@in_english.register
def _(value: DayOfYear) -> str:
    return f"{value.day} {calendar.month_name[value.month]}"


@in_english.register
def _(value: Alternatives) -> str:
    *first, last = (in_english(each) for each in value.items)
    return f"{', '.join(first)} or {last}" if first else last


@in_english.register
def _(value: SentenceStart) -> str:
    return capitalize(in_english(value.text))


@in_english.register
def _(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else format_fraction(value)


def capitalize(text: str) -> str:
    """A text with a capital as its first letter."""
    return text[:1].upper() + text[1:]


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ... 11th, 12th, 13th ..."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def format_fraction(value: Fraction) -> str:
    """A rational number in decimal where that is exact, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.10f}".rstrip("0")
    return decimal if Fraction(decimal) == value else str(value)


def with_sign(number: int) -> str:
    """A difference with its sign: `+2`, `-1`, `+0`."""
    return f"{number:+d}"


def paragraph(parts: Iterable[str]) -> str:
    """Sentences one after the other; empty ones are left out."""
    found = [each for each in parts if each]
    if len(found) < 2:
        return found[0] if found else ""
    names = [f"sentence_{number}" for number in range(len(found))]
    template = " ".join(f"{{{name}}}" for name in names)
    return message(template, **dict(zip(names, found, strict=True)))


def shorten_names(names: Sequence[str]) -> list[str]:
    """Names to be listed in a sentence; of many the first, and the number of the others."""
    shown = list(names)
    if len(shown) > _FEW:
        rest = len(shown) - _FEW + 1
        shown = [*shown[: _FEW - 1], plural("{n} other", "{n} others", rest)]
    return shown


def list_in_words(items: Sequence[Any]) -> TranslatableText:
    """Things as they are listed in a sentence: A, B and C."""
    return message("{items}", items=list(items))
