"""Security headers, the check of the host, bounds on requests, and trust in proxies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.schemas.formats import PROBLEM, Problem, failure_of, to_json

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}  # RFC 6797; for the site's own name only
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

BODY = 1_000_000  # bytes of a request's body
FORM = 100_000  # bytes of a form
FIELDS = 200  # of a form, or of a query
PATH, QUERY = 2_000, 6_000  # bytes, as they are sent
HEADER, ALL_HEADERS = 8_000, 32_000  # bytes of one header, and of all
VALUE = 4_000  # characters of one value of a query

READING = ("GET", "HEAD")
EXPOSED = (
    "Content-Disposition, Deprecation, ETag, Last-Modified, Link, Record-Made-At, Record-Revision, Retry-After, Sunset"
)
A_DAY = 24 * 3600
DATA_FORMS = ("json", "csv", "xlsx")  # of `?format=`
DATA_ENDINGS = (".json", ".csv", ".xlsx", ".ics", ".atom", ".jsonfeed", ".graphml", ".gexf")

_HOST = re.compile(r"([a-zA-Z0-9._-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:[0-9]{1,5})?", re.ASCII)
Headers: TypeAlias = list[tuple[str, str]]


def install(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer of the app, and bound what a request may hold."""
    headers = HEADERS | (TRANSPORT if settings.base_url.startswith("https:") else {})

    def guarded(answer: Response) -> Response:
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        return answer

    app.config.update(MAX_CONTENT_LENGTH=BODY, MAX_FORM_MEMORY_SIZE=FORM, MAX_FORM_PARTS=FIELDS)
    app.after_request(guarded)
    app.after_request(_open_data)
    app.before_request(_check_request_size)


def allow_other_origins(answer: Response, *, known: bool) -> None:
    """Let pages of other sites read the answer, without credentials (Fetch standard, CORS protocol).

    `known` says that there is something at the address, for the question of a browser what may be asked of it.
    """
    if request.method in READING:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = EXPOSED
    elif request.method == "OPTIONS" and known and "GET" in (answer.allow or ()):
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Allow-Methods"] = ", ".join(READING)
        answer.headers["Access-Control-Allow-Headers"] = "Accept, If-Modified-Since, If-None-Match"
        answer.headers["Access-Control-Max-Age"] = str(A_DAY)


def _open_data(answer: Response) -> Response:
    """Let pages of other sites read the data of pages as they read the API: files, feeds and calendars, no pages."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view and request.blueprint != "health" and not hasattr(view, "needs") and _asks_for_data():
        allow_other_origins(answer, known=True)
    return answer


def _asks_for_data() -> bool:
    given = request.view_args or {}
    form = given.get("form") or request.args.get("format", "")
    return request.path.startswith("/download/") or request.path.endswith(DATA_ENDINGS) or form in DATA_FORMS


def install_guard(app: Flask, settings: Settings) -> None:
    """Put the gate round the app and all layers that it has by now."""
    hosts = LOOPBACK | {_hostname(settings.base_url), *settings.hosts, *_served_names(settings.host)}
    headers = HEADERS | (TRANSPORT if settings.base_url.startswith("https:") else {})
    app.wsgi_app = RequestGuard(app.wsgi_app, frozenset(hosts), list(headers.items()))  # type: ignore[method-assign]


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Believe the proxies in front, as many as there are, and nobody where there are none.

    Of their word only the address and the scheme are taken (X-Forwarded-For, X-Forwarded-Proto), the host
    never: a proxy has to pass the Host header on, or send one of its own that is ours.
    """
    if many := settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=many, x_proto=many, x_host=0, x_port=0, x_prefix=0
        )


class RequestGuard:
    """The layer that lets no request in that names another host, or is longer than any of ours."""

    def __init__(self, app: WSGIApplication, hosts: frozenset[str], headers: Headers) -> None:
        self._app, self._hosts, self._headers = app, hosts, headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the request in, or answer it here: 400, 413, 414 or 431 with the reason."""
        if (refusal := self._refusal(environ)) is None:
            return self._app(environ, start_response)
        status, words = refusal
        body, kind = _refuse_in_words(status, words, environ)
        said = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        start_response(f"{status.value} {status.phrase}", [*said, *self._headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _refusal(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, str] | None:
        sizes = [len(value) for name, value in environ.items() if name.startswith("HTTP_")]
        if max(sizes, default=0) > HEADER or sum(sizes) > ALL_HEADERS:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"A header may have {HEADER} bytes, all {ALL_HEADERS}."
        if not self._is_ours(str(environ.get("HTTP_HOST", ""))):
            return HTTPStatus.BAD_REQUEST, "This site is not served under that host name."
        if len(environ.get("PATH_INFO", "")) > PATH or len(environ.get("QUERY_STRING", "")) > QUERY:
            return HTTPStatus.REQUEST_URI_TOO_LONG, f"An address may have {PATH} bytes before the ? and {QUERY} after."
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not (length.isascii() and length.isdigit()):
            return HTTPStatus.BAD_REQUEST, "Content-Length is not a number."
        if len(length) > len(str(BODY)) or int(length) > BODY:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A request's body may have {BODY} bytes."
        return None

    def _is_ours(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        return not host or (found is not None and found[1].lower().rstrip(".") in self._hosts)


def _refuse_in_words(status: HTTPStatus, words: str, environ: WSGIEnvironment) -> tuple[bytes, str]:
    path = str(environ.get("PATH_INFO", ""))
    if path.startswith("/api/"):
        problem = Problem(code=status.phrase.lower().replace(" ", "-"), message=words, status=status.value)
        named = PROBLEM in str(environ.get("HTTP_ACCEPT", ""))[:HEADER]
        return to_json(failure_of(problem, status.phrase, path[:PATH], "")), PROBLEM if named else "application/json"
    title = escape(status.phrase)
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{words}</p>'
    return page.encode(), "text/html; charset=utf-8"


def _check_request_size() -> None:
    """BadQuestion for more fields than any form has or a value longer than any question; 413 for a form too long."""
    if len(list(request.args.items(multi=True))) > FIELDS:
        raise BadQuestion(f"An address may have {FIELDS} parameters.")
    long = next((name for name, value in request.args.items(multi=True) if len(value) > VALUE), None)
    if long is not None:
        raise BadQuestion(f"{long[:40]} is longer than the {VALUE} characters that a value may have.")
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    if (request.content_length or 0) > FORM:  # Werkzeug bounds the other sort of form only
        raise RequestEntityTooLarge(f"A form may have {FORM} bytes.")
    if len(list(request.form.items(multi=True))) > FIELDS:
        raise BadQuestion(f"A form may have {FIELDS} fields.")


def _hostname(url: str) -> str:
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name else name


def _served_names(host: str) -> Iterable[str]:
    """The names under which whoever listens there is reached; an address for all addresses is none."""
    name = host.strip("[]").lower()
    return () if name in ("", "0.0.0.0", "::", "*") else (f"[{name}]" if ":" in name else name,)  # noqa: S104
