"""The cells of a status table: names, dates, codes, brackets and footnote marks, as they are printed.

The headings of a participants' table: which acts a column lists, and what a code after a date means there.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind

MAX_CELL_LENGTH = 2_000  # characters; a longer cell is no name and no date
_SHORT, _MANY = 100, 16_384  # characters of a text that is cleaned once, and how many such are known at a time

_MARKS = re.compile(r"<(superscript|sup)\b[^<>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BREAK = re.compile(r"<(?:br|p)\b[^<>]*>", re.IGNORECASE)
# Windows writes these characters where ISO-8859-1 has control codes.
_WINDOWS = {code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", "ignore"))}
_SIGNS = "*†‡§¶"
_AT_THE_END = re.compile(r"(?<=[^\d\s,;])\]?((?:[\s,;]*\b\d{1,3}\b)+)[\s,;\]]*$", re.ASCII)
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)
_TRAILING = f"0123456789⁰¹²³⁴⁵⁶⁷⁸⁹ ,;{_SIGNS}"  # no name of a State ends in a number

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_FRENCH_MONTHS = {  # as the depositary shortens them, where they have slipped into an English table ("10 janv 1920")
    "janv": 1, "mars": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "sept": 9,
}  # fmt: skip
_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+(?P<year>\d{4})(?!\d)"
    r"(?:\s*(?:(?P<code>[A-Za-z]{1,2})(?![A-Za-z])|\((?P<coded>[A-Za-z]{1,2})\)))?",
    re.ASCII,
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\s*,\s*(?P<year>\d{4})(?!\d)"
    r"(?:\s*(?P<code>[A-Za-z]{1,2})(?![A-Za-z]))?",
    re.ASCII,
)
_YEAR = re.compile(r"(?P<year>\d{4})(?!\d)", re.ASCII)
_FOOTNOTE = re.compile(rf"\d{{1,3}}(?!\d)(?!\s+[A-Za-z]{{3,9}}\.?\s+\d)|[{_SIGNS}]", re.ASCII)
_NOTHING = frozenset({"", "-", "\N{EN DASH}", "\N{EM DASH}", "...", "…"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a cell with the code after it, and whether it stands in brackets."""

    date: PartialDate
    code: str
    withdrawn: bool


class Unreadable(ValueError):
    """A cell is not what it should be; the message says how, to stand after the cell's text."""


def clean_text(text: str) -> str:
    """The text without markup and footnote marks in markup, spaces made plain, in Unicode's composed form."""
    return _clean_again(text) if len(text) <= _SHORT else _clean(text)


def _clean(text: str) -> str:
    text = html.unescape(_without_markup(text))
    if "<" in text:  # it was escaped once more
        text = _without_markup(text)
    text = unicodedata.normalize("NFC", text.translate(_WINDOWS))
    return " ".join("".join(map(_printable, text)).split())


_clean_again = lru_cache(maxsize=_MANY)(_clean)  # names and dates come again from file to file


def name_in(text: str) -> tuple[str, bool]:
    """The participant's name without its trailing footnote marks, and whether it stands in brackets.

    Unreadable where there is no name, or only half of a bracket.
    """
    name = clean_text(_short(text)).rstrip(_TRAILING)
    withdrawn = name.startswith("[") and name.endswith("]")
    if withdrawn:
        name = name[1:-1].strip().rstrip(_TRAILING)
    if "[" in name or "]" in name:
        raise Unreadable("has a bracket that does not enclose the name")
    if not any(char.isalpha() for char in name):
        raise Unreadable("is no name")
    return name, withdrawn


def marks_in(text: str) -> tuple[str, ...]:
    """The numbers of the footnotes that the cell points to, in its order: `3` and `14` for a mark "3,14"."""
    markup = html.unescape(text if len(text) <= MAX_CELL_LENGTH else "")
    pointed = [found[0] for found in _MARKS.finditer(markup)] or _AT_THE_END.findall(clean_text(markup))
    return tuple(number for each in pointed for number in _NUMBER.findall(each))


def dates_in(text: str) -> list[Dated]:
    """Every date in the cell, in its order; Unreadable unless the whole cell is dates, codes, brackets and marks."""
    rest = clean_text(_short(text))
    if rest in _NOTHING:
        return []
    found: list[Dated] = []
    bracketed = False
    while rest := rest.lstrip(" ,;"):
        if rest[0] in "[]":
            if bracketed == (rest[0] == "["):
                raise Unreadable("has brackets that do not match")
            bracketed, rest = not bracketed, rest[1:]
        elif dated := _DATE.match(rest) or _MONTH_FIRST.match(rest) or (None if found else _YEAR.match(rest)):
            parts = dated.groupdict()
            found.append(Dated(day_of(parts), parts.get("code") or parts.get("coded") or "", bracketed))
            rest = rest[dated.end() :]
        elif found and (mark := _FOOTNOTE.match(rest)):
            rest = rest[mark.end() :]
        else:
            raise Unreadable("is not a date with a code")
    if bracketed or not found:
        raise Unreadable("has brackets that do not match" if bracketed else "holds no date")
    return found


def _without_markup(text: str) -> str:
    return _TAG.sub("", _BREAK.sub(" ", _MARKS.sub("", text)))


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    return "" if unicodedata.category(char) == "Cf" else " "  # soft hyphens and the like are nothing


def _short(text: str) -> str:
    if len(text) > MAX_CELL_LENGTH:
        raise Unreadable(f"is longer than {MAX_CELL_LENGTH} characters")
    return text


def day_of(parts: Mapping[str, str | None]) -> PartialDate:
    """The date of these parts, `day` and `month` (in letters) as far as given, and `year`; Unreadable if it is none."""
    text = str(parts["year"])
    if word := parts.get("month"):
        short = word.casefold()
        english = next((place for place, name in enumerate(_MONTHS, start=1) if name.startswith(short)), None)
        month = english or _FRENCH_MONTHS.get(short)
        if not month:
            raise Unreadable(f"has no month '{word}'")
        text += f"-{month:02}"
    if day := parts.get("day"):
        text += f"-{int(day) or 99:02}"  # no month has a day 0; PartialDate would take it for an unknown one
    try:
        return PartialDate.parse(text)
    except ValueError as trouble:
        raise Unreadable("holds a day that is not in the calendar") from trouble


_ACTS = {
    "succession to signature": ActionKind.SUCCESSION_TO_SIGNATURE,
    "definitive signature": ActionKind.DEFINITIVE_SIGNATURE,
    "signature": ActionKind.SIGNATURE,
    "ratification": ActionKind.RATIFICATION,
    "acceptance": ActionKind.ACCEPTANCE,
    "approval": ActionKind.APPROVAL,
    "accession": ActionKind.ACCESSION,
    "succession": ActionKind.SUCCESSION,
    "formal confirmation": ActionKind.FORMAL_CONFIRMATION,
    "consent to be bound": ActionKind.CONSENT_TO_BE_BOUND,
    "participation": ActionKind.CONSENT_TO_BE_BOUND,
    "simplified procedure": ActionKind.SIMPLIFIED_PROCEDURE,
    "provisional application": ActionKind.PROVISIONAL_APPLICATION,
    "withdrawal": ActionKind.WITHDRAWAL,
    "denunciation": ActionKind.WITHDRAWAL,
}
_USUAL = {
    "A": ActionKind.ACCEPTANCE,
    "AA": ActionKind.APPROVAL,
    "a": ActionKind.ACCESSION,
    "d": ActionKind.SUCCESSION,
    "c": ActionKind.FORMAL_CONFIRMATION,
    "s": ActionKind.DEFINITIVE_SIGNATURE,
    "P": ActionKind.CONSENT_TO_BE_BOUND,
    "p": ActionKind.SIMPLIFIED_PROCEDURE,
    "n": ActionKind.PROVISIONAL_APPLICATION,
}
_USUAL_WHEN_SIGNING = {"s": ActionKind.DEFINITIVE_SIGNATURE, "d": ActionKind.SUCCESSION_TO_SIGNATURE}
_ANY_OF_THREE = frozenset({ActionKind.RATIFICATION, ActionKind.ACCEPTANCE, ActionKind.APPROVAL})
_WHO = ("participant", "state", "country", "contracting")
_NAMED = "|".join(_ACTS)
_BETWEEN = re.compile(rf"\s*(?:[,;/]|\band\b|\bor\b)\s*(?={_NAMED})", re.IGNORECASE)
# A party's notification that it applies the annex on a specialized agency; territories have columns of longer names.
_APPLICATION = re.compile(r"application(?:\s*\([a-z]{1,2}\))?")
# What brought a consent about is no further act: it reaches to the next act, which has a capital, or to the code.
_CAUSE = re.compile(r"\bby virtue of\b.*?(?=(?<=\S)\([A-Za-z]{1,2}\)|,\s*[A-Z]|$)")
_CODE = re.compile(r"\(\s*([A-Za-z]{1,2})\s*\)$")
_PROVISION = re.compile(
    r"\b(?:articles?|art\.|sections?|paragraphs?|para\.)\s+[\dIVX]+(?:\s*\(\w+\))*\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """The acts of a column: what a bare date means, if that is clear, and what each code means."""

    bare: ActionKind | None
    codes: Mapping[str, ActionKind]
    signs: bool

    def act(self, code: str) -> ActionKind | None:
        """The act that a date with this code stands for; None if the heading leaves it open."""
        return self.codes.get(code) if code else self.bare


def names_participants(heading: str) -> bool:
    """Is this the heading of the column with the participants' names?"""
    return clean_text(heading).casefold().startswith(_WHO)


def column_of(heading: str) -> TableColumn | None:
    """The column under this heading, or None if the heading names no treaty action.

    Where a heading gives several kinds of consent for a date without a code, such a date is consent to
    be bound of a kind that the heading leaves open.
    """
    listed = list(_kinds_in_heading(heading))
    if not listed:
        return None
    bare = {act for act, code in listed if not code}
    signs = ActionKind.SIGNATURE in bare
    usual = _USUAL_WHEN_SIGNING if signs else _USUAL
    return TableColumn(_sole_kind(bare), usual | {code: act for act, code in listed if code}, signs)


def _kinds_in_heading(heading: str) -> Iterator[tuple[ActionKind, str]]:
    """The acts that the heading names, each with its code, empty where it has none."""
    for piece in _BETWEEN.split(_CAUSE.sub("", clean_text(heading))):
        words = piece.casefold()
        if act := next((act for name, act in _ACTS.items() if words.startswith(name)), None):
            yield act, _code(piece)
        elif _APPLICATION.fullmatch(words):
            yield ActionKind.CONSENT_TO_BE_BOUND, _code(piece)


def _code(piece: str) -> str:
    """The code at the end of it; the letter of an article, "Section 3 (c)", is none."""
    found = _CODE.search(piece.rstrip(" .:"))
    return found[1] if found and not _PROVISION.search(piece[: found.start()]) else ""


def _sole_kind(bare: set[ActionKind]) -> ActionKind | None:
    if len(bare) == 1:
        return next(iter(bare))
    if bare and bare <= _ANY_OF_THREE:
        return ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL
    return ActionKind.CONSENT_TO_BE_BOUND if bare and all(act.consents for act in bare) else None
