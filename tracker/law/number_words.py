"""Numbers as treaties write them: `forty`, `fortieth`, `one hundred and twentieth`, `10`, `10th`, `three fourths`.

`CARDINAL`, `ORDINAL` and `FRACTION` are patterns for text in small letters. What the numbers count is not asked here.
"""

from __future__ import annotations

import re
from fractions import Fraction

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CARDINALS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
              "twelve": "twelfth"}  # fmt: skip


def _ordinal(word: str) -> str:
    return _IRREGULAR.get(word) or (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th")


_ORDINALS = {_ordinal(word): number for word, number in _CARDINALS.items() if number} | {"hundredth": 100}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    f"{_ordinal(word)}{end}": number for word, number in _CARDINALS.items() if 4 <= number <= 10 for end in ("", "s")
}


def _any(words: object) -> str:
    return "|".join(sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


_WORD = rf"(?:{_any([*_CARDINALS, 'hundred'])})"
_JOIN = r"(?:-|\s+(?:and\s+)?)"
CARDINAL = rf"\b(?:\d{{1,4}}|an?\s+hundred|{_WORD}(?:{_JOIN}{_WORD})*)\b"
ORDINAL = rf"\b(?:\d{{1,4}}(?:st|nd|rd|th)|(?:{_WORD}{_JOIN})*(?:{_any(_ORDINALS)}))\b"
FRACTION = rf"\b(?:a\s+)?(?:{_any(_ONES[1:10])}|a)[\s-]+(?:{_any(_PARTS)})\b|\b\d+/\d+\b|\bhalf\b"
_WRITTEN_TWICE = re.compile(rf"\b({_any([*_CARDINALS, *_ORDINALS, 'hundred'])})\s*\(\s*\d{{1,4}}(?:st|nd|rd|th)?\s*\)")


def without_repetition(text: str) -> str:
    """The text without the figures that stand in brackets behind their words: `thirty (30) days`."""
    return _WRITTEN_TWICE.sub(r"\1", text)


def number_of(text: str) -> int:
    """The number that a text matching `CARDINAL` or `ORDINAL` writes; ValueError for any other text."""
    digits = re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)?", text)
    if digits:
        return int(digits[1])
    total = 0
    for word in re.split(r"[\s-]+", text):
        if word in ("hundred", "hundredth"):
            total = max(total, 1) * 100
        elif word not in ("and", "a", "an"):
            total += _value(word, text)
    return total


def _value(word: str, text: str) -> int:
    if word in _CARDINALS:
        return _CARDINALS[word]
    if word in _ORDINALS:
        return _ORDINALS[word]
    raise ValueError(f"'{text}' is not a number in words")


def fraction_of(text: str) -> Fraction:
    """The part that a text matching `FRACTION` writes; ValueError for any other text."""
    if found := re.fullmatch(r"(\d+)/(\d+)", text):
        return Fraction(int(found[1]), int(found[2]) or 1)
    words = [word for word in re.split(r"[\s-]+", text) if word not in ("a", "an")]
    if not words or words[-1] not in _PARTS:
        raise ValueError(f"'{text}' is not a part of a whole in words")
    return Fraction(_CARDINALS[words[0]] if len(words) > 1 else 1, _PARTS[words[-1]])
