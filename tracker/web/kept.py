"""Finished answers, served again as the bytes they were, until the record, the day or the program changes.

A layer between the server and the application, for each process its own. It keeps what `caching`
has tagged and nothing else: no error, no stream, nothing that a cookie or a sign-in could alter.
Which record an answer is of, the answer itself says, so none is ever served for another.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.datastructures import Headers, ResponseCacheControl
from werkzeug.http import parse_cache_control_header, parse_etags, parse_set_header, remove_entity_headers, unquote_etag

from tracker import web
from tracker.errors import Unavailable
from tracker.record.glance import Mark
from tracker.web import caching

MOST = 64_000_000  # bytes kept in all
LARGEST = 2_000_000  # bytes of one answer
OVERHEAD = 1_000  # bytes that keeping an answer costs beside its body and headers, about
VARYING = {"accept", "accept-encoding"} | {"cookie", "authorization"}  # told apart by the question; or not there
CODINGS = {"zstd", "br", "gzip", "deflate", "identity", "*"}  # what the compressor knows
_REFUSED = re.compile(r";q=0(\.0*)?$", re.ASCII)

Question = tuple[str, ...]


def install(app: Flask, look: Callable[[], Mark], most: int = MOST) -> None:
    """Let the app's finished answers be served again for as long as `look` finds the record as it was."""
    app.extensions["tracker.kept"] = app.wsgi_app = Kept(app.wsgi_app, look, most)  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class Finished:
    """An answer to a question, as it goes over the wire, and the state of the record and the day it is of."""

    made_for: tuple[Mark, date]
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    tag: str

    @property
    def size(self) -> int:
        """The bytes that keeping it costs, about."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + OVERHEAD


class Kept:
    """The application with its finished answers; thread-safe. `most` is how many bytes may be kept."""

    def __init__(self, app: WSGIApplication, look: Callable[[], Mark], most: int = MOST) -> None:
        self.app, self.look, self.most = app, look, most
        self._lock = Lock()
        self._answers: OrderedDict[Question, Finished] = OrderedDict()
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
            environ["tracker.kept"], environ[caching.MADE_FOR] = True, found.made_for
            return _served(found, environ, start_response)
        return self._computed(question, environ, start_response)

    def __len__(self) -> int:
        return len(self._answers)

    def held(self) -> list[Finished]:
        """The answers that are kept, the one asked for last at the end."""
        with self._lock:
            return list(self._answers.values())

    def _current(self, question: Question) -> Finished | None:
        with self._lock:
            if (found := self._answers.get(question)) is None:
                return None
            self._answers.move_to_end(question)
        try:
            now = (self.look(), web.today())
        except Unavailable:
            return None  # the application will find the same, and has words for it
        if found.made_for == now:
            return found
        self._keep_only_those_of(now)
        return None

    def _computed(self, question: Question, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *trouble: object) -> Callable[[bytes], object]:
            said.append((status, list(headers)))
            return start_response(status, headers, *trouble)  # type: ignore[arg-type]

        body = self.app(environ, start)
        made_for = environ.get(caching.MADE_FOR)
        if len(said) != 1 or made_for is None or not _may_be_kept(environ, *said[0]):
            return body
        try:
            whole = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        status, headers = said[0]
        tag, _ = unquote_etag(Headers(headers)["ETag"])
        self._keep(question, Finished(made_for, status, headers, whole, str(tag)))
        return [whole]

    def _keep(self, question: Question, answer: Finished) -> None:
        with self._lock:
            if before := self._answers.pop(question, None):
                self.size -= before.size
            self._answers[question] = answer
            self.size += answer.size
            while self.size > self.most:
                self.size -= self._answers.popitem(last=False)[1].size

    def _keep_only_those_of(self, now: tuple[Mark, date]) -> None:
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
    for name, read in (("HTTP_ACCEPT", caching.forms_accepted), ("HTTP_ACCEPT_ENCODING", _codings_accepted)):
        if said := read(environ.pop(name, "")):
            environ[name] = said


def _question(environ: WSGIEnvironment) -> Question:
    """All of a request, written in one way, that its answer may depend on. No answer depends on the host."""
    return (
        environ.get("wsgi.url_scheme", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""),
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
        and said.get("Content-Length", LARGEST + 1, int) <= LARGEST  # a stream does not say its length
    )


def _served(found: Finished, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
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
