"""Headers of every answer under `/api/v1/`: reading from other sites (CORS), what it varies by, deprecation.

Other sites' pages may read what anyone may read, errors included, and without credentials; nothing else.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from tracker.web.api.describing import PREFIX, Operation, operation_of

READING = ("GET", "HEAD")
EXPOSED = "Deprecation, ETag, Link, Retry-After, Sunset"
A_DAY = 24 * 3600


def install(blueprint: Blueprint) -> None:
    """Add the headers to every answer under the prefix, those without a route included."""
    blueprint.after_app_request(_headed)


def _headed(answer: Response) -> Response:
    if not request.path.startswith(f"{PREFIX}/"):
        return answer
    found = operation_of(current_app, request.endpoint)
    if found is None or found.public:
        _opened(answer, found)
    if found and found.table:
        answer.vary.add("Accept")
    if found and found.deprecated:
        answer.headers.update(found.deprecated.headers)
        relations = ("deprecation", "sunset") if found.deprecated.sunset else ("deprecation",)
        for relation in relations:
            answer.headers.add("Link", f'<{found.deprecated.link}>; rel="{relation}"')
    return answer


def _opened(answer: Response, found: Operation | None) -> None:
    """Let other sites' pages read the answer (Fetch standard, CORS protocol)."""
    if request.method in READING:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = EXPOSED
    elif request.method == "OPTIONS" and found and "GET" in (answer.allow or ()):
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Allow-Methods"] = ", ".join(READING)
        answer.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        answer.headers["Access-Control-Max-Age"] = str(A_DAY)
