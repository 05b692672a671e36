"""Template filters and the fragments that stand hundreds of times on a page: dates, status words, links, counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.possibilities import range_in_words
from tracker.schemas.instruments import Standing
from tracker.schemas.values import Named, PartDay
from tracker.web.context import link

NONE = "\N{EN DASH}"  # stands where there is no day


def install(app: Flask) -> None:
    """Give the app's templates their filters and fragments."""
    words = (day, long_day, short_day, range_in_words, count, sentence, percent, act_words, kind_words, pair)
    app.jinja_env.filters.update({each.__name__: each for each in words})
    app.jinja_env.globals.update(participant_link=participant_link, note_refs=note_refs)
    app.jinja_env.filters.update(status_mark=status_mark, consent=consent, undated_signature=undated_signature)


def _read(value: Any) -> PartialDate | None:
    if isinstance(value, date):
        return PartialDate.of(value)
    return value if isinstance(value, PartialDate) else PartialDate.parse(value) if value else None


def _written(when: PartialDate, month: str) -> str:
    if when.exact:
        return f"{when.exact.day} {when.exact:{month} %Y}"
    return f"{when.first:{month} %Y}" if when.first.month == when.last.month else f"{when.first:%Y}"


def day(value: Any, otherwise: str = NONE) -> Markup:
    """A day, or what is known of it, as `29 Sep 2003` in a time element."""
    return _marked(value, "%b", otherwise)


def long_day(value: Any, otherwise: str = NONE) -> Markup:
    """A day as `29 September 2003`."""
    return _marked(value, "%B", otherwise)


def short_day(value: Any, otherwise: str = "") -> str:
    """A day as `29 Sep 2003`, as text alone."""
    when = _read(value)
    return _written(when, "%b") if when else otherwise


def _marked(value: Any, month: str, otherwise: str) -> Markup:
    if when := _read(value):
        return _in_time_element(when, month)
    return Markup("{}").format(otherwise)


@lru_cache(maxsize=16384)
def _in_time_element(when: PartialDate, month: str) -> Markup:
    """Kept because a page writes the same few days hundreds of times."""
    return Markup('<time datetime="{}">{}</time>').format(when, _written(when, month))


def count(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun: `1 act`, `3 acts`."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def act_words(action: str) -> str:
    """The act as it is written in a sentence."""
    return ActionKind(action).words


def kind_words(kind: str) -> str:
    """A participant's kind as it is written in a sentence."""
    return "regional economic integration organization" if kind == ParticipantKind.REIO else kind.replace("-", " ")


def pair(value: str) -> tuple[str, str]:
    """A choice that is worded as it is written."""
    return value, value


def percent(part: float, whole: float) -> str:
    """How much of a whole, up to all of it, on a scale of 0 to 100, as attributes of a drawing want it."""
    return f"{min(1.0, part / whole) * 100:.1f}" if whole else "0"


class Footnotes:
    """The notes of one page: a text gets a number when it is first referred to, and keeps it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.texts: list[str] = []

    def number(self, text: str) -> int:
        """The text's number, from 1."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1

    def __bool__(self) -> bool:
        return bool(self.texts)


_SIGNS = {"doubt": "?", "note": "*"}  # a source has its number alone
_kept = lru_cache(maxsize=4096)


def participant_link(row: Named) -> Markup:
    """A participant's name, leading to its page."""
    return _linked(link("record.participant", code=row.participant), row.name)


@_kept
def status_mark(word: str) -> Markup:
    """A status word with its mark, so that colour is never all that tells it."""
    name = word.replace(" ", "-")
    mark = Markup('<svg aria-hidden="true"><use href="#m-{}"/></svg>').format(name)
    return Markup('<span class="status {}">{}{}</span>').format(name, mark, word)


def consent(row: Standing) -> Markup:
    """When and how a participant consented, with its acts of consent whose day the record lacks."""
    undated = tuple(each for each in row.undated if each != ActionKind.SIGNATURE)
    return _consent(row.consent, row.action, undated)


def undated_signature(row: Standing) -> Markup:
    """That a participant has signed on a day that the record lacks, if it has."""
    return _undated(tuple(each for each in row.undated if each == ActionKind.SIGNATURE))


def note_refs(notes: Footnotes, texts: Iterable[str]) -> Markup:
    """The numbers of notes, each leading to its text below and saying it on hover and focus."""
    return _refs(notes.name, tuple((notes.number(text), text) for text in texts))


@_kept
def _linked(address: str, name: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, name)


@_kept
def _consent(when: PartDay | None, action: str | None, undated: tuple[str, ...]) -> Markup:
    if not action:
        return _undated(undated)
    given = Markup('{} <span class="kind">{}</span>')
    return given.format(day(when, "day not known"), act_words(action)) + _undated(undated)


@_kept
def _undated(actions: tuple[str, ...]) -> Markup:
    said = Markup('<span class="small undated">{}, day not known</span>')
    return Markup().join(said.format(act_words(each)) for each in actions)


@_kept
def _refs(name: str, numbered: tuple[tuple[int, str], ...]) -> Markup:
    said = Markup(
        '<a class="has-tooltip {name}-ref" href="#{name}-{number}" data-tooltip="{text}">{sign}{number}'
        '<span class="visually-hidden"> ({name})</span></a>'
    )
    sign = _SIGNS.get(name, "")
    return Markup().join(
        said.format(name=name, number=number, text=sentence(text), sign=sign) for number, text in numbered
    )
