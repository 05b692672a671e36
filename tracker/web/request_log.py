"""The request log: one line, a request id and metrics for every request, whoever answered it."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from ipaddress import ip_address, ip_network
from time import perf_counter
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote

from flask import Flask, Response, request
from structlog.contextvars import bind_contextvars, unbind_contextvars
from werkzeug.exceptions import HTTPException

from tracker.web.cache import MADE_FOR
from tracker.web.context import context_if_read
from tracker.web.metrics import Metrics

Environ: TypeAlias = dict[str, Any]
Start: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[Environ, Start], Iterable[bytes]]

CACHED_FLAG = "tracker.kept"  # where the layer of kept answers says that it had one
LOG_DETAILS = "tracker.note"  # where the application says more: `endpoint` and `revision`
NUMBER = "tracker.request"  # the request's number
HEADER = "X-Request-Id"
LINE = "line"  # where a record of the log holds all that its line says
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_SECRET_PATHS = re.compile(r"^(/(?:confirm|subscriptions|unsubscribe))/.*", re.DOTALL)
_HARMLESS = frozenset({"as_of", "known_at", "format", "page", "limit", "offset", "sort", "v"})
_MAX_ADDRESS_LENGTH = 200  # characters of an address that a line keeps
_LOG = logging.getLogger("tracker.web.request_log")


class RequestLog:
    """The layer: `app` answers, `metrics` counts; with `numbered`, a proxy in front numbers requests.

    `endpoint` names the route that a path leads to, for answers that the application was not asked for.
    """

    def __init__(self, app: Application, metrics: Metrics, endpoint: Callable[[str], str], *, numbered: bool) -> None:
        self._app, self._metrics, self._endpoint, self._numbered = app, metrics, endpoint, numbered

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer by what is inside, and write the line when the last byte has gone."""
        entry = _Entry(environ, self._metrics, _number(environ, given=self._numbered), self._endpoint)
        bind_contextvars(request=entry.number)
        try:
            answer = self._app(environ, entry.watch(start))
        except BaseException:
            entry.write()  # the server behind this layer notes what it was
            raise
        if answer.__class__ is environ.get("wsgi.file_wrapper"):  # the server sends the file itself
            entry.write()
            return answer
        return _Counted(answer, entry)


class _Entry:
    """What becomes one line."""

    def __init__(self, environ: Environ, metrics: Metrics, number: str, endpoint: Callable[[str], str]) -> None:
        self.number, self.bytes, self._endpoint = number, 0, endpoint
        self._environ, self._metrics, self._begun, self._status = environ, metrics, perf_counter(), 500
        self._note: dict[str, Any] = {}
        environ[LOG_DETAILS], environ[NUMBER] = self._note, number
        self._written = False

    def watch(self, start: Start) -> Start:
        def noting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            self._status = int(status[:3])
            return start(status, [*headers, (HEADER, self.number)], *rest)

        return noting

    def write(self) -> None:
        if self._written:
            return
        self._written, took, environ, note = True, perf_counter() - self._begun, self._environ, self._note
        method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
        kept = CACHED_FLAG in environ
        endpoint = self._endpoint(environ.get("PATH_INFO", "")) if kept else note.get("endpoint") or "none"
        self._metrics.count_answer(endpoint, method, self._status, took, kept=kept)
        path = _path(environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        line = {
            "method": method, "path": path, "status": self._status, "ms": round(took * 1000, 1),
            "bytes": self.bytes, "revision": _revision(environ, note), "kept": kept,
            "remote": network_of(environ.get("REMOTE_ADDR", "")),
        }  # fmt: skip
        _LOG.info("request", extra={LINE: line})
        unbind_contextvars("request")


class _Counted:
    """An answer whose bytes are counted on their way."""

    def __init__(self, answer: Iterable[bytes], entry: _Entry) -> None:
        self._answer, self._entry = answer, entry

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._answer:
            self._entry.bytes += len(piece)
            yield piece

    def close(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._entry.write()


def install(app: Flask, metrics: Metrics, *, numbered: bool = False) -> None:
    """Put the layer round the app; with `numbered`, a proxy in front gives requests their numbers."""
    app.after_request(_add_log_details)
    routes = app.url_map.bind("")

    @lru_cache(maxsize=4096)
    def endpoint(path: str) -> str:
        try:
            return str(routes.match(path.encode("latin-1").decode("utf-8", "replace"))[0])
        except HTTPException:
            return "none"

    app.wsgi_app = RequestLog(app.wsgi_app, metrics, endpoint, numbered=numbered)  # type: ignore[assignment,method-assign]


def request_number() -> str:
    """The number of the request in hand, by which its lines in the log are found."""
    return str(request.environ.get(NUMBER, ""))


def _add_log_details(answer: Response) -> Response:
    note, found = request.environ.get(LOG_DETAILS, {}), context_if_read()
    note["endpoint"] = request.endpoint
    note["revision"] = found.revision if found else None
    return answer


def _revision(environ: Environ, note: dict[str, Any]) -> int | None:
    found = environ.get(MADE_FOR)
    return found[0].number if found else note.get("revision")


# -- what may be written down ----------------------------------------------------------------------


def _number(environ: Environ, *, given: bool) -> str:
    """The number that the proxy gave the request, if it is well formed; else a new one."""
    found = environ.get("HTTP_X_REQUEST_ID", "")
    return str(found) if given and _NUMBER.fullmatch(found) else secrets.token_hex(8)


@lru_cache(maxsize=1024)
def _path(path: str, query: str) -> str:
    """The address as a line of the log keeps it; both parts as the server hands them over (PEP 3333)."""
    path = _SECRET_PATHS.sub(r"\1/…", path.encode("latin-1").decode("utf-8", "replace"))
    query = "&".join(
        f"{quote(name)}={quote(value) if name in _HARMLESS else '…'}"
        for name, value in parse_qsl(query, keep_blank_values=True, errors="replace")
    )
    return f"{quote(path, safe='/…:@,;+')}{'?' if query else ''}{query}"[:_MAX_ADDRESS_LENGTH]


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """The network that an address lies in, /24 (IPv4) or /48 (IPv6), so that no line names a person's machine."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if mapped := getattr(found, "ipv4_mapped", None):
        found = mapped
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))
