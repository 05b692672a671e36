"""How the API answers: content negotiation (RFC 9110, section 12.5.1), paging, the envelope, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter, ValidationError
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from tracker.errors import BadQuestion
from tracker.schemas.envelope import PagedMeta
from tracker.schemas.formats import to_json, value_at
from tracker.web.context import get_context, link_here
from tracker.web.responses import PageAnswer, as_csv

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
