"""The page's picture on several dates in a row, each as what differs from the one before, for a script that plays them.

A frame holds what shows the date: the words over the picture, the picture, and the panel. Places stay while time runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from time import thread_time
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import current_app, request
from lxml import etree

from tracker.errors import BadQuestion
from tracker.messages import message
from tracker.web.context import RequestContext, read_day
from tracker.web.language import page_language_kept
from tracker.web.network.differences import difference

MAX_DATES = 13  # of one request: where it begins, and a dozen frames
MAX_BYTES = 600_000  # of the frames of one answer; at least one comes
MAX_SECONDS = 0.5  # of processor time after which no further frame is begun
PARTS = ("status-date", "summary", "story", "details")  # ids of elements that a frame fills anew
SEPARATOR = "\x1e"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)

Parts = dict[str, str]
Render = Callable[[], str]


def frames_as_json(asked: RequestContext, render: Render) -> bytes:
    """The frames of the dates that the address names, from the second on: `render` gives the parts on a date.

    Fewer come where they grow long or take long; whoever asked asks again for the rest. `today` says which date
    needs no name in an address.
    """
    frames: list[bytes] = []
    begun = thread_time()
    for before, after in pairwise(_rendered(render, dates_asked())):
        frames.append(orjson.dumps(_frame(before, after)))
        if sum(map(len, frames)) > MAX_BYTES or thread_time() - begun > MAX_SECONDS:
            break
    return orjson.dumps({"today": asked.today, "frames": [orjson.Fragment(each) for each in frames]})


def dates_asked() -> Sequence[date]:
    """The dates of the address, two at least; BadQuestion for others."""
    found = [day for text in request.args.getlist("date") if (day := read_day("date", text))]
    if not 2 <= len(found) <= MAX_DATES:
        advice = message("Name the date shown and up to {number} dates after it.", number=MAX_DATES - 1)
        raise BadQuestion(f"date={advice}", "date", advice)
    return found


def _rendered(render: Render, days: Sequence[date]) -> Iterator[tuple[date, Parts, etree._Element]]:
    for day in days:
        with asked_as_of(day):
            *words, painting, told = render().split(SEPARATOR)
        parts = {id: each.strip() for id, each in zip(PARTS, words, strict=True)}
        yield day, {**parts, "told": told}, etree.fromstring(painting.strip(), _PARSER)


@contextmanager
def asked_as_of(day: date) -> Iterator[None]:
    """The page's address on that date, as if it were what is asked."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name not in ("date", "as_of")]
    asked = {
        **request.environ,
        "PATH_INFO": "/network",
        "QUERY_STRING": urlencode([*query, ("as_of", day.isoformat())]),
    }
    with page_language_kept(), current_app.app_context(), current_app.request_context(asked):
        yield


def _frame(before: tuple[date, Parts, etree._Element], after: tuple[date, Parts, etree._Element]) -> dict[str, Any]:
    (_, parts, picture), (day, new_parts, new_picture) = before, after
    return {
        "as_of": day,
        "parts": {id: text for id, text in new_parts.items() if id != "told" and text != parts[id]},
        "painting": orjson.Fragment(new_parts["told"]),
        "picture": difference(picture, new_picture),
    }
