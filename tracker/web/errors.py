"""Errors as a page or as JSON: programs get JSON, people a page like the others."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from math import ceil

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException

from tracker.errors import BadQuestion, NotFound, NotReady, TrackerError
from tracker.messages import TranslatableText, message
from tracker.schemas.formats import PROBLEM, Problem, failure_of, to_json
from tracker.schemas.search import Search
from tracker.web import request_log
from tracker.web.context import get_context
from tracker.web.forms import faults_of
from tracker.web.search_answers import nearest

_FAULTS, _TYPED = "address_faults", "typed"
_TITLES = {
    400: message("Bad Request"), 403: message("Forbidden"), 404: message("Not Found"),
    429: message("Too Many Requests"), 500: message("Internal Server Error"), 503: message("Service Unavailable"),
}  # fmt: skip
_NOT_FOUND: dict[str, Callable[[str], TranslatableText]] = {
    "instrument": lambda name: message("No treaty named '{name}' was found.", name=name),
    "participant": lambda name: message("No State or organization named '{name}' was found.", name=name),
    "body": lambda name: message("No body named '{name}' was found.", name=name),
    "scheme": lambda name: message("No list or assessment named '{name}' was found.", name=name),
}
_MAX_FAULTS = 6  # parts of an address that are found faulty one after the other
_WITHOUT_PAGES = {"api", "health"}
_LONGEST_NAME = 100  # characters of an address that are looked for
RETRY_AFTER = 30  # seconds after which a record that could not be had is worth another try


def install(app: Flask) -> None:
    """Answer every error of the app in the house's way."""
    app.register_error_handler(TrackerError, _answer_known_error)
    app.context_processor(lambda: {"address_faults": g.get(_FAULTS, {}), "typed": g.get(_TYPED, {})})
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, _answer_unforeseen_error)


def wants_json() -> bool:
    """Does whoever asks read JSON rather than pages?"""
    path = request.path
    if path.startswith("/api/") or path.endswith((".json", ".csv", ".xlsx")):
        return True
    if request.args.get("format") in ("json", "csv", "xlsx"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM], default="text/html")
    return best != "text/html"


def error_response(status: int, code: str, text: str) -> ResponseReturnValue:
    """One error, as JSON or as a page."""
    if wants_json():
        problem = Problem(code=code, message=text, status=status)
        failure = failure_of(problem, _title(status), request.path, current_app.config["SITE"])
        named = any(each == PROBLEM and quality for each, quality in request.accept_mimetypes)
        answer = Response(to_json(failure), status, mimetype=PROBLEM if named else "application/json")
        answer.vary.add("Accept")
        return answer
    page = render_template(
        "error.html", status=status, title=_title(status), message=text, number=request_log.request_number(),
        near=_nearest() if status == HTTPStatus.NOT_FOUND else None,
    )  # fmt: skip
    return page, status


def _nearest() -> Search | None:
    """What the last part of an address that leads nowhere may have meant; None where nothing is like it."""
    text = " ".join(request.path.rstrip("/").rpartition("/")[2].partition(".")[0].replace("-", " ").split())
    if not 1 < len(text) <= _LONGEST_NAME:
        return None
    try:
        found = nearest(get_context(), text)
    except TrackerError:
        return None
    return found if found.results else None


def _answer_known_error(error: TrackerError) -> ResponseReturnValue:
    if isinstance(error, BadQuestion) and (page := _page_without_faults(error)):
        return page
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, NotReady):
        current_app.logger.error("%s: %s", error.code, error)  # it may name files and servers of ours
        said = "The service is temporarily unavailable. Try again in a minute."
        answer = current_app.make_response(error_response(error.status, error.code, said))
        if error.status == HTTPStatus.SERVICE_UNAVAILABLE:  # RFC 9110, section 10.2.3
            answer.headers["Retry-After"] = str(ceil(getattr(error, "after", None) or RETRY_AFTER))
        return answer
    answer = current_app.make_response(error_response(error.status, error.code, _in_words(error)))
    if after := getattr(error, "after", None):
        answer.headers["Retry-After"] = str(ceil(after))
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Treaty Tracker"'  # RFC 6750, section 3
    return answer


def _in_words(error: TrackerError) -> str:
    """What went wrong, as programs and pages are told; for people a thing that is not there has the field's name."""
    if isinstance(error, NotFound) and not wants_json() and (said := _NOT_FOUND.get(error.kind)):
        return said(error.name)
    text = error.args[0] if error.args else ""
    return text if isinstance(text, TranslatableText) and not wants_json() else str(error)


def _page_without_faults(error: BadQuestion) -> Response | None:
    """The page as if the faulty parts of its address were empty, which it shows with what is wrong at their fields.

    None where the fault is in no part of an address, and where there is no such page for people.
    """
    if request.method not in ("GET", "HEAD") or wants_json() or request.blueprint in _WITHOUT_PAGES:
        return None
    typed, faults = request.args, dict(g.get(_FAULTS, {}))
    for _ in range(_MAX_FAULTS):
        new = faults_of(error)
        if not new or not all(name in request.args for name in new):
            return None
        faults |= new
        g.pop("asked", None)
        setattr(g, _FAULTS, faults)
        setattr(g, _TYPED, typed)
        request.args = ImmutableMultiDict([pair for pair in typed.items(multi=True) if pair[0] not in faults])
        try:
            found = current_app.preprocess_request()
            page = current_app.make_response(current_app.dispatch_request() if found is None else found)
        except BadQuestion as another:
            error = another
        except (TrackerError, HTTPException):
            return None
        else:
            return _as_refusal(page)
    return None


def _as_refusal(page: Response) -> Response | None:
    if page.status_code != HTTPStatus.OK:
        return None
    page.status_code = HTTPStatus.BAD_REQUEST
    return page


def of_http(error: HTTPException) -> ResponseReturnValue:
    """The answer to an error of the protocol's, or to one of a library's that is told by its status."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    answer = current_app.make_response(
        error_response(status, _title(status).lower().replace(" ", "-"), _http_error_text(status, error))
    )
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer


def _answer_unforeseen_error(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("unforeseen failure", exc_info=error)
    return error_response(
        500, "internal-error", message("Something went wrong here, not with your question. It has been noted.")
    )


def _title(status: int) -> str:
    if known := _TITLES.get(status):
        return known
    return HTTPStatus(status).phrase if status in {each.value for each in HTTPStatus} else "Error"


def _http_error_text(status: int, error: HTTPException) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return message("There is no page at this address.")
    return error.description or _title(status)
