"""Rows of long tables, and long lists, rendered once for what they show: on most dates most of them are the same.

Templates call `cached_row` for each row, or `cached_list` for a list, within the filter `with_carried_links`, which
writes the date, moment and language of the request into their addresses. What is kept may show nothing else that
differs between requests.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Iterable, Sequence
from threading import Lock
from urllib.parse import urlencode

from cachetools import LRUCache
from flask import Flask, request
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from tracker.schemas.standings import Standing
from tracker.web.context import carried_values, carrying
from tracker.web.language import page_language
from tracker.web.template_filters import Footnotes

MAX_CHARACTERS = 16_000_000  # kept in all; what each is known by takes about as much again

# Stands for what the addresses carry. Nobody can have it in the data: it is made anew in every process.
_MARK = secrets.token_hex(16)
_CARRIED = f"as_of={_MARK}"

_rows: LRUCache[tuple[Hashable, ...], Markup] = LRUCache(MAX_CHARACTERS, getsizeof=len)
_lock = Lock()


def install(app: Flask) -> None:
    """Give the app's templates the rows."""
    app.jinja_env.globals.update(cached_row=cached_row, cached_list=cached_list)
    app.jinja_env.filters["with_carried_links"] = with_carried_links


def cached_row(
    macro: Macro, row: Standing, given: tuple[Hashable, ...], notes: tuple[Footnotes, Footnotes, Footnotes]
) -> Markup:
    """The row that the macro makes of a participant's standing, what else is `given`, and its notes.

    `notes` are those on doubts, on sources and on actions; their numbers are given here, in the order of the columns.
    """
    doubts, sources, remarks = notes
    of_parts = (*row.status_doubts, *row.signature_doubts, *row.consent_doubts, *row.withdrawal_doubts)
    numbers = (_numbers(doubts, of_parts), _numbers(sources, row.sources), _numbers(remarks, row.notes))
    return _render(macro, (given, numbers, *_values(row)), row, *given, *notes)


def cached_list(macro: Macro, items: Sequence[object]) -> Markup:
    """What the macro makes of a list of answers that has no notes."""
    return _render(macro, tuple(_values(each) for each in items), items)


def _render(macro: Macro, shown: Hashable, *given: object) -> Markup:
    key = (page_language(), request.script_root, macro.name, shown)
    with _lock:
        found = _rows.get(key)
    if found is not None:
        return found
    with carrying({"as_of": _MARK}):
        made = Markup(macro(*given))  # noqa: S704 - a macro escapes what it is given
    if len(made) <= MAX_CHARACTERS:
        with _lock:
            _rows[key] = made
    return made


def with_carried_links(rows: Markup) -> Markup:
    """The rows with what this request's addresses take along in each of theirs."""
    carried = {name: str(value) for name, value in carried_values().items() if value}
    if carried:
        return Markup(rows.replace(_CARRIED, escape(urlencode(carried, safe=":"))))  # noqa: S704 - rows are escaped already
    bare = rows.replace(f"?{_CARRIED}&amp;", "?").replace(f"?{_CARRIED}", "").replace(f"&amp;{_CARRIED}", "")
    return Markup(bare)  # noqa: S704 - as above


def _numbers(notes: Footnotes, texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(notes.number(text) for text in dict.fromkeys(texts))


def _values(answer: object) -> tuple[Hashable, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in vars(answer).values())
