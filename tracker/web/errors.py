"""Errors as a page or as JSON: programs get JSON, people a page like the others."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from tracker.errors import TrackerError
from tracker.web import request_log

RETRY_AFTER = 30  # seconds after which a record that could not be had is worth another try


def install(app: Flask) -> None:
    """Answer every error of the app in the house's way."""
    app.register_error_handler(TrackerError, _known)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, _unforeseen)


def wants_json() -> bool:
    """Does whoever asks read JSON rather than pages?"""
    path = request.path
    if path.startswith("/api/") or path.endswith((".json", ".csv", ".xlsx")):
        return True
    if request.args.get("format") in ("json", "csv", "xlsx"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def error_response(status: int, code: str, message: str) -> ResponseReturnValue:
    """One error, as JSON or as a page."""
    if wants_json():
        return jsonify(error={"code": code, "message": message, "status": status}), status
    page = render_template(
        "error.html", status=status, title=_title(status), message=message, number=request_log.request_number()
    )
    return page, status


def _known(error: TrackerError) -> ResponseReturnValue:
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s: %s", error.code, error)  # it may name files and servers of ours
        said = "The record cannot be had now. Try again in a moment; it has been noted."
        answer = current_app.make_response(error_response(error.status, error.code, said))
        if error.status == HTTPStatus.SERVICE_UNAVAILABLE:  # RFC 9110, section 10.2.3
            answer.headers["Retry-After"] = str(ceil(getattr(error, "after", None) or RETRY_AFTER))
        return answer
    answer = current_app.make_response(error_response(error.status, error.code, str(error)))
    if after := getattr(error, "after", None):
        answer.headers["Retry-After"] = str(ceil(after))
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Treaty Tracker"'  # RFC 6750, section 3
    return answer


def of_http(error: HTTPException) -> ResponseReturnValue:
    """The answer to an error of the protocol's, or to one of a library's that is told by its status."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    answer = current_app.make_response(
        error_response(status, _title(status).lower().replace(" ", "-"), _said(status, error))
    )
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer


def _unforeseen(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("unforeseen failure", exc_info=error)
    return error_response(
        500, "internal-error", "Something went wrong here, not with your question. It has been noted."
    )


def _title(status: int) -> str:
    return HTTPStatus(status).phrase if status in {each.value for each in HTTPStatus} else "Error"


def _said(status: int, error: HTTPException) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "There is no page at this address."
    return error.description or _title(status)
