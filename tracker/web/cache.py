"""The response cache and conditional requests: finished responses served again until record, date or program change."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers, ResponseCacheControl
from werkzeug.http import parse_cache_control_header, parse_etags, parse_set_header, remove_entity_headers, unquote_etag

from tracker.errors import Unavailable
from tracker.storage.revision import RevisionStamp
from tracker.web import context, language
from tracker.web.context import context_if_read, get_context

MAX_CACHE_BYTES = 64_000_000  # bytes kept in all
MAX_RESPONSE_BYTES = 2_000_000  # bytes of one answer
OVERHEAD = 1_000  # bytes that keeping an answer costs beside its body and headers, about
# What answers may vary by and are kept nevertheless: the question tells them apart; or the request has none of it.
VARYING = {"accept", "accept-encoding", "accept-language"} | {"cookie", "authorization"}
CODINGS = {"zstd", "br", "gzip", "deflate", "identity", "*"}  # what the compressor knows
_REFUSED = re.compile(r";q=0(\.0*)?$", re.ASCII)

Question = tuple[str, ...]


def install_response_cache(app: Flask, look: Callable[[], RevisionStamp], most: int = MAX_CACHE_BYTES) -> None:
    """Let the app's finished answers be served again for as long as `look` finds the record as it was."""
    app.extensions["tracker.kept"] = app.wsgi_app = ResponseCache(app.wsgi_app, look, most)  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """An answer to a question, as it goes over the wire, and the state of the record and the day it is of."""

    made_for: tuple[RevisionStamp, date]
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    tag: str

    @property
    def size(self) -> int:
        """The bytes that keeping it costs, about."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + OVERHEAD


class ResponseCache:
    """The application with its finished answers; thread-safe. `most` is how many bytes may be kept."""

    def __init__(self, app: WSGIApplication, look: Callable[[], RevisionStamp], most: int = MAX_CACHE_BYTES) -> None:
        self.app, self.look, self.most = app, look, most
        self._lock = Lock()
        self._answers: OrderedDict[Question, CachedResponse] = OrderedDict()
        self.size = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a kept answer if there is one of this record and day, else ask the application and keep what it says.

        A kept answer leaves a mark in `environ` for whoever logs outside of here.
        """
        _write_in_one_way(environ)
        if not _the_same_for_all(environ):
            return self.app(environ, start_response)
        question = _question(environ)
        if found := self._current(question):
            environ["tracker.kept"], environ[MADE_FOR] = True, found.made_for
            return _serve(found, environ, start_response)
        return self._compute(question, environ, start_response)

    def __len__(self) -> int:
        return len(self._answers)

    def responses(self) -> list[CachedResponse]:
        """The answers that are kept, the one asked for last at the end."""
        with self._lock:
            return list(self._answers.values())

    def _current(self, question: Question) -> CachedResponse | None:
        with self._lock:
            if (found := self._answers.get(question)) is None:
                return None
            self._answers.move_to_end(question)
        try:
            now = (self.look(), context.utc_today())
        except Unavailable:
            return None  # the application will find the same, and has words for it
        if found.made_for == now:
            return found
        self._keep_only_those_of(now)
        return None

    def _compute(self, question: Question, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *trouble: object) -> Callable[[bytes], object]:
            said.append((status, list(headers)))
            return start_response(status, headers, *trouble)  # type: ignore[arg-type]

        body = self.app(environ, start)
        made_for = environ.get(MADE_FOR)
        if len(said) != 1 or made_for is None or not _may_be_kept(environ, *said[0]):
            return body
        try:
            whole = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        status, headers = said[0]
        tag, _ = unquote_etag(Headers(headers)["ETag"])
        self._keep(question, CachedResponse(made_for, status, headers, whole, str(tag)))
        return [whole]

    def _keep(self, question: Question, answer: CachedResponse) -> None:
        with self._lock:
            if before := self._answers.pop(question, None):
                self.size -= before.size
            self._answers[question] = answer
            self.size += answer.size
            while self.size > self.most:
                self.size -= self._answers.popitem(last=False)[1].size

    def _keep_only_those_of(self, now: tuple[RevisionStamp, date]) -> None:
        with self._lock:
            for question in [each for each, answer in self._answers.items() if answer.made_for != now]:
                self.size -= self._answers.pop(question).size


def _the_same_for_all(environ: WSGIEnvironment) -> bool:
    """Is the request one that everybody would get the same answer to? Whoever sends a cookie may be signed in."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not environ.get("HTTP_COOKIE")
        and not environ.get("HTTP_AUTHORIZATION")
    )


def _write_in_one_way(environ: WSGIEnvironment) -> None:
    """Let the application see what is accepted as the question says it, so that one question has one answer."""
    for name, read in (("HTTP_ACCEPT", forms_accepted), ("HTTP_ACCEPT_ENCODING", _codings_accepted)):
        if said := read(environ.pop(name, "")):
            environ[name] = said
    language.write_in_one_way(environ)


def _question(environ: WSGIEnvironment) -> Question:
    """All of a request, written in one way, that its answer may depend on. No answer depends on the host."""
    return (
        environ.get("wsgi.url_scheme", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""),
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
    )


@lru_cache(maxsize=1024)
def _codings_accepted(header: str) -> str:
    """The part of Accept-Encoding that the compressor chooses by, written in one way.

    A coding refused with `q=0` is left out: the compressor would take it for a wish (RFC 9110, section 12.5.3).
    """
    parts = ("".join(part.lower().split()) for part in header.split(","))
    return ",".join(part for part in parts if part.partition(";")[0] in CODINGS and not _REFUSED.search(part))


def _may_be_kept(environ: WSGIEnvironment, status: str, headers: list[tuple[str, str]]) -> bool:
    """Is the answer whole, the same for all who ask the same, and not too large?"""
    said = Headers(headers)
    caching_ = parse_cache_control_header(said.get("Cache-Control"), cls=ResponseCacheControl)
    return (
        environ["REQUEST_METHOD"] == "GET"
        and status.startswith("200 ")
        and bool(caching_.public)
        and not caching_.no_store
        and "ETag" in said
        and "Set-Cookie" not in said
        and {each.lower() for each in parse_set_header(said.get("Vary"))} <= VARYING
        and said.get("Content-Length", MAX_RESPONSE_BYTES + 1, int)
        <= MAX_RESPONSE_BYTES  # a stream does not say its length
    )


def _serve(found: CachedResponse, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    headers = list(found.headers)
    if _is_held(found.tag, environ.get("HTTP_IF_NONE_MATCH", "")):
        remove_entity_headers(headers)
        start_response("304 NOT MODIFIED", headers)
        return []
    start_response(found.status, headers)
    return [found.body] if environ["REQUEST_METHOD"] == "GET" else []


def _is_held(tag: str, header: str) -> bool:
    """Does the reader hold the answer of that tag already (RFC 9110, section 13.1.2)?"""
    return bool(header) and parse_etags(header).contains_weak(tag)


STARTED = context.utc_now()  # of the program: whatever applications it makes answer alike
MADE_FOR = "tracker.made_for"  # where an answer leaves, in the request's environ, the mark and the day it is of
INDEPENDENT_OF_REVISION = frozenset(
    {"static", "api.changes"}
)  # these follow files, or a log that grows without a revision
_PICTURES = ("image/", "video/", "audio/", "font/")
_SOURCES = ("*.py", "*.html", "*.svg", "*.css", "*.js", "*.po", "world.json")


def install_conditional_requests(app: Flask) -> None:
    """Tag the app's answers and recognise the tags."""
    app.config["BUILD"] = build_id(Path(__file__).parents[1], Path(str(app.static_folder)))
    app.before_request(_held_already)
    app.after_request(_set_cache_headers)


def build_id(*folders: Path) -> str:
    """A short name for the exact code, templates, styles and scripts that are running."""
    digest = blake2b(digest_size=6)
    for folder in folders:
        for path in sorted(each for pattern in _SOURCES for each in folder.rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1024)
def forms_accepted(header: str) -> str:
    """The part of an Accept header that an answer may be chosen by, written in one way; pictures are no such part."""
    parts = ["".join(part.lower().split()) for part in header.split(",")]
    chosen = [part for part in parts if not part.startswith(_PICTURES)]
    return ",".join(chosen or parts)  # whoever takes pictures alone takes none of our answers


def read_whole(answer: Response) -> Response:
    """A static file's answer with the file read to its end, since the compressor would leave the file open."""
    if request.endpoint == "static" and answer.status_code == 200 and request.method == "GET":
        answer.direct_passthrough = False
        answer.make_sequence()
    return answer


def _tag() -> str | None:
    found = context_if_read()
    if found is None or request.endpoint in INDEPENDENT_OF_REVISION:
        return None
    form = forms_accepted(request.headers.get("Accept", "")) if request.path.startswith("/api/") else ""
    said = language.page_language()
    asked_for = f"{current_app.config['BUILD']} {found.mark} {found.today} {form} {said} {request.full_path}"
    return blake2b(asked_for.encode(), digest_size=12).hexdigest()


def _held_already() -> ResponseReturnValue | None:
    if request.endpoint == "static" or request.blueprint == "health":  # these answer without the record, too
        return None
    get_context()
    tag = _tag()
    if not tag or not request.endpoint or request.method not in ("GET", "HEAD"):
        return None
    if request.if_none_match.contains_weak(tag):
        return Response(status=304)
    return None


def _last_modified(found: context.RequestContext) -> datetime:
    """Since when the answer is as it is, at the earliest: the data, the day and the program have been since then.

    It is told, and not asked by: a tag says exactly what a time says to the second (RFC 9110, section 13.1.3).
    """
    midnight = datetime.combine(found.today, time(), UTC)
    return max(found.mark.moment or midnight, midnight, STARTED)


def _set_cache_headers(answer: Response) -> Response:
    if request.endpoint == "static":
        if request.args.get("v") == current_app.config["BUILD"] and answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
    if answer.cache_control.no_store or answer.get_etag()[0]:
        return answer
    tag = _tag()
    if tag and answer.status_code in (200, 304) and request.method in ("GET", "HEAD"):
        answer.set_etag(tag, weak=True)
        answer.last_modified = _last_modified(get_context())
        if not answer.cache_control.max_age:
            answer.headers["Cache-Control"] = "public, no-cache"
        found = get_context()
        request.environ[MADE_FOR] = (found.mark, found.today)
    elif not answer.cache_control.max_age:
        answer.headers["Cache-Control"] = "no-store"
    return answer
