"""How an operation of the API says what it is: what it takes, what it gives, what can go wrong.

    @api.get("/instruments/<id>/history")
    @operation("An instrument's counts over time", gives=History, path=(INSTRUMENT_ID,), paged="steps", table=True)
    def history(id: str) -> ResponseReturnValue:
        \"\"\"What a reader should know beyond the summary; it becomes the description.\"\"\"
        ...
        return timeline.history_page(ask(), id)          # an `Answer`: it is paged and put in the envelope

    @api.post("/subscriptions")
    @operation("Ask to be told", gives=Subscription, takes=Wish, status=201, secured=True, errors=(TooMany, 409),
               query=(), tag="Being told")
    def subscribe(body: Wish) -> ResponseReturnValue:    # the body, read and checked as a `Wish`
        return Answer("subscription", {...}, [], [])

From this the OpenAPI document is made, the parameters are checked, and the answer is written. `gives` and
`takes` are any type that pydantic knows, best a TypedDict (of typing_extensions: pydantic wants that one before
Python 3.12). A blueprint of one's own serves as well: whatever has a rule under `/api/v1/` is looked at, and a
test fails for one that is not described.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import wraps
from inspect import getdoc
from typing import Any, cast

from flask import Flask, request
from flask.typing import ResponseReturnValue

from tracker.errors import TrackerError
from tracker.web.api.answering import Paging, answered, body_of, negotiated
from tracker.web.api.parameters import AS_OF, KNOWN_AT, LIMIT, OFFSET, Parameter, checked

View = Callable[..., Any]
PREFIX = "/api/v1"
IN_TIME = (AS_OF, KNOWN_AT)


@dataclass(frozen=True, slots=True)
class Deprecated:
    """Since which day an operation is deprecated, from which it may be gone, and where that is explained.

    Deprecation header: RFC 9745. Sunset header: RFC 8594.
    """

    since: date
    sunset: date | None = None
    link: str = "/api#deprecation"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say so; days begin at midnight UTC."""
        said = {"Deprecation": f"@{int(_midnight(self.since).timestamp())}"}
        if self.sunset:
            said["Sunset"] = format_datetime(_midnight(self.sunset), usegmt=True)
        return said


@dataclass(frozen=True, slots=True)
class Operation:
    """What the document says of one operation.

    `paged` names the list of the data that `limit` and `offset` cut, "" where the data is the list itself;
    None means that there is nothing to page. `table` says that the answer is there as CSV too.
    `media` is set where the answer is no envelope but a thing of its own.
    """

    summary: str
    meaning: str
    gives: Any
    takes: Any = None
    path: tuple[Parameter, ...] = ()
    query: tuple[Parameter, ...] = ()
    paged: str | None = None
    table: bool = False
    errors: tuple[type[TrackerError] | int, ...] = ()
    status: int = 200
    secured: bool = False
    deprecated: Deprecated | None = None
    tag: str = "The record"
    media: str = ""
    moves: bool = False

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter of the query."""
        return (*self.query, *((LIMIT, OFFSET) if self.paged is not None else ()))

    @property
    def public(self) -> bool:
        """May anyone read it?"""
        return not self.secured

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses of the errors that it may answer with."""
        given = (each if isinstance(each, int) else each.status for each in self.errors)
        body = (413, 415) if self.takes else ()
        secured = (401, 403) if self.secured else ()
        missing = (404,) if self.path or self.query else ()
        return tuple(sorted({400, 406, 414, 429, 500, 503, *missing, *body, *secured, *given}))


def operation(
    summary: str,
    gives: Any,
    *,
    query: tuple[Parameter, ...] = (),
    in_time: bool = True,
    path: tuple[Parameter, ...] = (),
    **more: Any,
) -> Callable[[View], View]:
    """Describe the view below; the rest of the arguments are `Operation`'s.

    With `in_time` it takes `as_of` and `known_at` too. A view that changes something says `in_time=False`.
    """

    def described(view: View) -> View:
        asked_of = (*query, *(IN_TIME if in_time else ()))
        found = Operation(summary, getdoc(view) or "", gives, query=asked_of, path=path, **more)

        @wraps(view)
        def answering(**given: Any) -> ResponseReturnValue:
            return _answer(found, view, given)

        cast(Any, answering).operation = found
        return answering

    return described


def operation_of(app: Flask, endpoint: str | None) -> Operation | None:
    """What an endpoint of the app says it is; None for one that is no operation."""
    found: Operation | None = getattr(app.view_functions.get(endpoint or ""), "operation", None)
    return found


def operations(app: Flask) -> Mapping[tuple[str, str], tuple[str, Operation | None]]:
    """Every route of the app under the prefix, by rule and method: its endpoint, and what it says it is."""
    return {
        (rule.rule, method): (rule.endpoint, operation_of(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{PREFIX}/")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


def _answer(found: Operation, view: View, given: dict[str, Any]) -> ResponseReturnValue:
    checked(found.parameters, request.args)
    form = negotiated(table=found.table, media=found.media)
    if found.takes is not None:
        given = {**given, "body": body_of(found.takes)}
    paging = Paging.of(request.args, found.paged) if found.paged is not None else None
    return answered(view(**given), form, paging, found.status)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
