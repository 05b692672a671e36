"""The pieces that stand hundreds of times on a page: a participant's link, a status mark, a consent, a note's number.

They are made here, and kept as they were made, rather than by the templates' macros (`_parts.html`), because
a page of two hundred rows would spend most of its time on them. What is not a word of our own is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from tracker.law.answers.plain import Plain
from tracker.law.model import ActionKind
from tracker.web import link
from tracker.web.wording import Footnotes, act_words, day, sentence

_SIGNS = {"doubt": "?", "note": "*"}  # a source has its number alone
_kept = lru_cache(maxsize=4096)


def install(app: Flask) -> None:
    """Give the app's templates their pieces."""
    app.jinja_env.globals.update(participant_link=participant_link, note_refs=note_refs)
    app.jinja_env.filters.update(status_mark=status_mark, consent=consent, undated_signature=undated_signature)


def participant_link(row: Plain) -> Markup:
    """A participant's name, leading to its page."""
    return _linked(link("pages.participant", code=row["participant"]), row["name"])


@_kept
def status_mark(word: str) -> Markup:
    """A status word with its mark, so that colour is never all that tells it."""
    name = word.replace(" ", "-")
    mark = Markup('<svg aria-hidden="true"><use href="#m-{}"/></svg>').format(name)
    return Markup('<span class="status {}">{}{}</span>').format(name, mark, word)


def consent(row: Plain) -> Markup:
    """When and how a participant consented, with its acts of consent whose day the record lacks."""
    undated = tuple(each for each in row["undated"] if each != ActionKind.SIGNATURE)
    return _consent(row["consent"], row["action"], undated)


def undated_signature(row: Plain) -> Markup:
    """That a participant has signed on a day that the record lacks, if it has."""
    return _undated(tuple(each for each in row["undated"] if each == ActionKind.SIGNATURE))


def note_refs(notes: Footnotes, texts: Iterable[str]) -> Markup:
    """The numbers of notes, each leading to its text below and saying it on hover and focus."""
    return _refs(notes.name, tuple((notes.number(text), text) for text in texts))


@_kept
def _linked(address: str, name: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, name)


@_kept
def _consent(when: str | None, action: str | None, undated: tuple[str, ...]) -> Markup:
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
        '<a class="said {name}-ref" href="#{name}-{number}" data-said="{text}">{sign}{number}'
        '<span class="hidden-words"> ({name})</span></a>'
    )
    sign = _SIGNS.get(name, "")
    return Markup().join(
        said.format(name=name, number=number, text=sentence(text), sign=sign) for number, text in numbered
    )
