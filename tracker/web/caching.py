"""Answers that need not be sent twice: a tag made of the record's revision, the day and the address.

A reader that holds the answer already gets 304 before any page is made. Static files carry the
build in their address and may be kept for good.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from tracker.web import ask, asked

_SOURCES = ("*.py", "*.html", "*.svg", "*.css", "*.js", "world.json")


def install(app: Flask) -> None:
    """Tag the app's answers and recognise the tags."""
    app.config["BUILD"] = build(Path(__file__).parents[1], Path(str(app.static_folder)))
    app.before_request(_held_already)
    app.after_request(_tagged)


def build(*folders: Path) -> str:
    """A short name for the exact code, templates, styles and scripts that are running."""
    digest = blake2b(digest_size=6)
    for folder in folders:
        for path in sorted(each for pattern in _SOURCES for each in folder.rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _tag() -> str | None:
    found = asked()
    if found is None or request.endpoint == "static":
        return None
    asked_for = f"{current_app.config['BUILD']} {found.revision} {found.today} {request.full_path}"
    return blake2b(asked_for.encode(), digest_size=12).hexdigest()


def _held_already() -> ResponseReturnValue | None:
    if request.endpoint == "static":
        return None
    ask()
    tag = _tag()
    if tag and request.endpoint and request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        return Response(status=304)
    return None


def _tagged(answer: Response) -> Response:
    if request.endpoint == "static":
        if request.args.get("v") == current_app.config["BUILD"] and answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
    if answer.cache_control.max_age or answer.cache_control.no_store:
        return answer
    tag = _tag()
    if tag and answer.status_code in (200, 304) and request.method in ("GET", "HEAD"):
        answer.set_etag(tag, weak=True)
        answer.headers["Cache-Control"] = "public, no-cache"
    else:
        answer.headers["Cache-Control"] = "no-store"
    return answer
