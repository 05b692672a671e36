"""How an operation of the API is declared: what it takes, what it gives, what can go wrong; its parameters and headers.

An operation is a view below the decorator `operation`:

    @api.get("/instruments/<id>/history")
    @operation("An instrument's counts over time", gives=History, path=(INSTRUMENT_ID,), paged="steps", table=True)
    def history(id: str) -> ResponseReturnValue:
        ''What a reader should know beyond the summary; it becomes the description.''
        ...
        return timeline.history_page(get_context(), id)  # a `PageAnswer`: it is paged and put in the envelope

    @api.post("/subscriptions")
    @operation("Subscribe to alerts", gives=Subscription, takes=Wish, status=201, secured=True, errors=(TooMany, 409),
               query=(), tag="Alerts")
    def subscribe(body: Wish) -> ResponseReturnValue:    # the body, read and checked as a `Wish`
        return PageAnswer("subscription", {...}, [], [])

From this the OpenAPI document is made, the parameters are checked, and the answer is written. A parameter that an
operation does not know is refused by name, as is one without a value or given twice: a misspelt filter must not
silently give everything. Other sites' pages may read what anyone may read, without credentials (CORS). `gives` and
`takes` are any type that pydantic knows, best a TypedDict (of typing_extensions: pydantic wants that one before
Python 3.12). A blueprint of one's own serves as well: whatever has a rule under `/api/v1/` is looked at, and a
test fails for one that is not described.

How the API answers: content negotiation (RFC 9110, section 12.5.1), paging, the envelope, links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from enum import StrEnum
from functools import wraps
from inspect import getdoc
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter, ValidationError
from werkzeug.datastructures import MIMEAccept, MultiDict
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from tracker.errors import BadQuestion, TrackerError
from tracker.graph.model import EdgeKind
from tracker.law.changes import ChangeKind
from tracker.law.model import ParticipantKind
from tracker.law.status import ParticipantStatus
from tracker.schemas.formats import PagedMeta, to_json, value_at
from tracker.schemas.participant_filter import ANY, CONSENTS
from tracker.web.context import get_context, link_here
from tracker.web.responses import PageAnswer, as_csv
from tracker.web.security import allow_other_origins

JSON, CSV = "application/json", "text/csv"
MAX_BODY_BYTES = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted: `key` names the list in the data, "" the data itself; no limit means all."""

    key: str
    limit: int | None
    offset: int

    @classmethod
    def of(cls, query: Mapping[str, str], key: str) -> Paging:
        """What the query of an address asks for; its numbers have been checked."""
        return cls(key, int(query["limit"]) if "limit" in query else None, int(query.get("offset", 0)))

    def page(self, rows: Sequence[Any]) -> list[Any]:
        """The rows wanted."""
        return list(rows[self.offset : self.offset + self.limit if self.limit else None])

    def of_data(self, data: Any) -> tuple[Any, int]:
        """The data with its list cut, and how long the list is; data without a list is left as it is."""
        if data is None:
            return None, 0
        if not self.key:
            return self.page(data), len(data)
        rows = value_at(data, self.key)
        part = {self.key: self.page(rows)}
        return ({**data, **part} if isinstance(data, Mapping) else replace(data, **part)), len(rows)

    def meta(self, total: int) -> PagedMeta:
        """What the envelope says of the page."""
        following = self.links(total).get("next")
        return PagedMeta(**vars(get_context().meta), total=total, limit=self.limit, offset=self.offset, next=following)

    def links(self, total: int) -> dict[str, str]:
        """Where the pages before and after are, by their relation."""
        if self.limit is None:
            return {}
        found = {"first": link_here(limit=str(self.limit), offset=None)}
        if self.offset:
            before = max(self.offset - self.limit, 0)
            found["prev"] = link_here(limit=str(self.limit), offset=str(before) if before else None)
        if self.offset + self.limit < total:
            found["next"] = link_here(limit=str(self.limit), offset=str(self.offset + self.limit))
        last = max(total - 1, 0) // self.limit * self.limit
        found["last"] = link_here(limit=str(self.limit), offset=str(last) if last else None)
        return found


def negotiate(*, table: bool, media: str = "") -> str:
    """The form that the reader prefers of those there are, JSON where it does not care; NotAcceptable for none."""
    offered = (media,) if media else (JSON, CSV) if table else (JSON,)
    accepted = MIMEAccept([(each.partition(";")[0], quality) for each, quality in request.accept_mimetypes])
    if not accepted:
        return offered[0]
    best = max(offered, key=accepted.quality)
    if accepted.quality(best) <= 0:
        raise NotAcceptable(f"There is no such form of this answer. Accept one of: {', '.join(offered)}.")
    return best


def read_body(takes: Any) -> Any:
    """The body of the request, read as JSON and checked to be of this type.

    UnsupportedMediaType (415) for another kind of body, RequestEntityTooLarge (413) for one too long,
    BadQuestion for one that is not of the type; it names the fields that are not.
    """
    if request.mimetype != JSON:
        raise UnsupportedMediaType(f"Send the body as {JSON}.")
    request.max_content_length = MAX_BODY_BYTES
    try:
        return TypeAdapter(takes).validate_json(request.get_data(), strict=True, extra="forbid")
    except RequestEntityTooLarge:
        raise RequestEntityTooLarge(f"The body may have {MAX_BODY_BYTES} bytes at most.") from None
    except ValidationError as trouble:
        wrong = (f"{'.'.join(map(str, each['loc'])) or 'the body'}: {each['msg']}" for each in trouble.errors())
        raise BadQuestion(f"The body is not as it should be. {'; '.join(wrong)}.") from None


def api_response(given: Any, form: str, paging: Paging | None, status: int) -> ResponseReturnValue:
    """What a view gave, as an answer: an `Answer` in the form wanted, anything else as it is."""
    if not isinstance(given, PageAnswer):
        return make_response(given)
    found, total = _cut(given, form, paging)
    if form == CSV:
        answer = as_csv(found)
    else:
        meta = paging.meta(total) if paging else get_context().meta
        answer = Response(to_json({"data": found.data, "meta": meta}), mimetype=JSON, status=status)
    links = {**(paging.links(total) if paging else {}), **given.links}
    for relation, address in links.items():
        answer.headers.add("Link", f'<{address}>; rel="{relation}"')
    return answer


def _cut(given: PageAnswer, form: str, paging: Paging | None) -> tuple[PageAnswer, int]:
    if paging is None:
        return given, 0
    if form == CSV:
        return replace(given, rows=paging.page(given.rows)), len(given.rows)
    data, total = paging.of_data(given.data)
    return replace(given, data=data), total


def install(blueprint: Blueprint) -> None:
    """Add the headers to every answer under the prefix, those without a route included."""
    blueprint.after_app_request(_add_headers)


def _add_headers(answer: Response) -> Response:
    if not f"{request.path}/".startswith(f"{PREFIX}/"):
        return answer
    found = operation_of(current_app, request.endpoint)
    if found is None or found.public:
        allow_other_origins(answer, known=found is not None)
    if found and found.table:
        answer.vary.add("Accept")
    if found and found.deprecated:
        answer.headers.update(found.deprecated.headers)
        relations = ("deprecation", "sunset") if found.deprecated.sunset else ("deprecation",)
        for relation in relations:
            answer.headers.add("Link", f'<{found.deprecated.link}>; rel="{relation}"')
    return answer


MAX_PAGE_ROWS = 1000  # rows of one page
MAX_OFFSET = 10_000_000  # rows that may be passed over
MAX_VALUE_LENGTH = 1000  # characters of a value
DAY = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
MOMENT = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|\+00:00)$",
}
TEXT = {"type": "string", "minLength": 1, "maxLength": MAX_VALUE_LENGTH}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `schema` is the JSON Schema of one value; `many` may be given several times."""

    name: str
    meaning: str
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)
    example: Any = None
    many: bool = False
    required: bool = False

    def called(self, name: str, meaning: str = "") -> Parameter:
        """The same parameter under another name."""
        return replace(self, name=name, meaning=meaning or self.meaning)

    def several(self) -> Parameter:
        """The same parameter, which may be given several times."""
        return replace(self, many=True)


def _number(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def one_of_parameter(values: Iterable[str]) -> dict[str, Any]:
    """The schema of a value that is one of these."""
    return {"type": "string", "enum": [str(each) for each in values]}


def sort_parameter(names: Sequence[str]) -> Parameter:
    """The order of a table by one of its columns."""
    both = [f"{sign}{each}" for each in names for sign in ("", "-")]
    return Parameter(
        "sort", "Order the rows by this; with a hyphen before it, backwards.", one_of_parameter(both), both[1]
    )


def number_parameter(name: str, meaning: str, example: int, *, least: int = 0, most: int = 9999) -> Parameter:
    """A whole number from `least` to `most`."""
    return Parameter(name, meaning, _number(least, most), example)


def choice_parameter(name: str, meaning: str, values: type[StrEnum] | Sequence[str], example: str = "") -> Parameter:
    """One of a few words."""
    known = [str(each) for each in values]
    return Parameter(name, meaning, one_of_parameter(known), example or known[0])


AS_OF = Parameter("as_of", "The day to answer for, in legal time; today in UTC if left out.", DAY, "2003-07-01")
KNOWN_AT = Parameter(
    "known_at", "The data as held at this moment, in record time; now if left out.", MOMENT, "2026-11-02T08:30:00Z"
)
LIMIT = Parameter("limit", "How many rows to give at most; all if left out.", _number(1, MAX_PAGE_ROWS), 50)
OFFSET = Parameter("offset", "How many rows to skip.", _number(0, MAX_OFFSET), 0)
YEAR = Parameter("year", "A year.", {"type": "string", "pattern": "^[0-9]{4}$"}, "2003", required=True)
INSTRUMENT_ID = Parameter("id", "The instrument's id.", TEXT, "untoc", required=True)
PARTICIPANT_CODE = Parameter(
    "code", "The participant's code: ISO 3166-1 alpha-3 for States.", TEXT, "FRA", required=True
)
BODY_ID = Parameter("id", "The body's id.", TEXT, "greco", required=True)
SCHEME_ID = Parameter("id", "The id of an assessment scheme.", TEXT, "tip-tier", required=True)
INSTRUMENT = Parameter("instrument", "Only what is about this instrument, by its id.", TEXT, "untoc")
PARTICIPANT = Parameter("participant", "Only what is about this participant, by its code.", TEXT, "FRA")
BODY = Parameter("body", "Only what is about this body, by its id.", TEXT, "greco")
KIND = choice_parameter("kind", "Only participants of these kinds.", ParticipantKind, "state").several()
REGION = Parameter("region", "Only participants of these regions.", TEXT, "Africa", many=True)
GROUP = Parameter(
    "group", "Only participants of these regional groups of the United Nations, by name or acronym.", TEXT,
    "African States", many=True,
)  # fmt: skip
MEMBER_OF = Parameter("member_of", "Only members of these bodies on the day, by id.", TEXT, "greco", many=True)
MATCH = choice_parameter(
    "match", "With `any`: participants of any of the groups, regions and bodies named; else of one of each.", (ANY,)
)
PARTIAL = choice_parameter("partial", "Count treaties of which our data are incomplete as well.", ("yes",))
STANDING = choice_parameter("standing", "Only participants with these statuses.", ParticipantStatus, "party").several()
ON_TREATY = (
    STANDING,
    choice_parameter("act", "Only participants that consented in these ways.", CONSENTS, "accession").several(),
    Parameter("acted_from", "Only consents or signatures on this date or later.", DAY, "2003-01-01"),
    Parameter("acted_to", "Only consents or signatures on this date or earlier.", DAY, "2003-12-31"),
)
CHANGE_KIND = choice_parameter("kind", "Only changes of this kind.", ChangeKind)
TIE_KIND = choice_parameter("standing", "Only links, or missing ones, of these kinds.", EdgeKind).several()
INSTRUMENTS = Parameter("instrument", "Only what is about these instruments, by id.", TEXT, "untoc", many=True)
PEOPLE = (KIND, REGION, GROUP, MEMBER_OF, MATCH)


def check_parameters(known: Sequence[Parameter], given: MultiDict[str, str]) -> None:
    """See that the query of an address holds only what is known; BadQuestion names what is not, and what is."""
    by_name = {each.name: each for each in known}
    for name, values in given.lists():
        if name not in by_name:
            here = f"The parameters here are: {', '.join(by_name)}." if by_name else "There are no parameters here."
            raise BadQuestion(f"'{name[:40]}' is not a parameter here. {here}")
        if len(values) > 1 and not by_name[name].many:
            raise BadQuestion(f"{name} is given {len(values)} times; give it once.")
        for value in values:
            _fits(by_name[name], value)
    for each in known:
        if each.required and each.name not in given:
            raise BadQuestion(f"{each.name} is missing. {each.meaning}")


def _fits(known: Parameter, value: str) -> None:
    schema, said = known.schema, f"{known.name}='{value[:40]}'"
    if not value.strip():
        raise BadQuestion(f"{known.name} is empty; give it a value or leave it out.")
    if "\0" in value:
        raise BadQuestion(f"{known.name} holds a NUL character, which no text in our data has.")
    if schema["type"] == "integer":
        _whole(known, value)
    elif "enum" in schema and value not in schema["enum"]:
        raise BadQuestion(f"{said} is not an option. Options: {', '.join(schema['enum'])}.")
    elif len(value) > schema.get("maxLength", MAX_VALUE_LENGTH):
        raise BadQuestion(
            f"{known.name} has {len(value)} characters; write {schema.get('maxLength', MAX_VALUE_LENGTH)} at most."
        )
    elif "pattern" in schema and not re.search(schema["pattern"].replace("$", r"\Z"), value):
        raise BadQuestion(f"{said} is not as it should be: write it like {known.example}.")


def _whole(known: Parameter, value: str) -> None:
    least, most = known.schema["minimum"], known.schema["maximum"]
    plain = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not plain or not least <= int(value) <= most:
        raise BadQuestion(f"{known.name}='{value[:20]}' is not a whole number from {least} to {most}.")


View = Callable[..., Any]
PREFIX = "/api/v1"
api = Blueprint("api", __name__, url_prefix=PREFIX)
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
    tag: str = "Status"
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
    check_parameters(found.parameters, request.args)
    form = negotiate(table=found.table, media=found.media)
    if found.takes is not None:
        given = {**given, "body": read_body(found.takes)}
    paging = Paging.of(request.args, found.paged) if found.paged is not None else None
    return api_response(view(**given), form, paging, found.status)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
