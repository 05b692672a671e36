"""Answers that need not be sent twice: a tag made of the record's revision, the day and the address.

A reader that holds the answer already gets 304 before any page is made. Static files carry the
build in their address and may be kept for good.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from tracker.web import ask, asked

MADE_FOR = "tracker.made_for"  # where an answer leaves, in the request's environ, the mark and the day it is of
APART = frozenset({"static", "api.changes"})  # these follow files, or a log that grows without a revision
_PICTURES = ("image/", "video/", "audio/", "font/")
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
    found = asked()
    if found is None or request.endpoint in APART:
        return None
    form = forms_accepted(request.headers.get("Accept", "")) if request.path.startswith("/api/") else ""
    asked_for = f"{current_app.config['BUILD']} {found.mark} {found.today} {form} {request.full_path}"
    return blake2b(asked_for.encode(), digest_size=12).hexdigest()


def _held_already() -> ResponseReturnValue | None:
    if request.endpoint == "static" or request.blueprint == "operations":  # these answer without the record, too
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
    if answer.cache_control.no_store or answer.get_etag()[0]:
        return answer
    tag = _tag()
    if tag and answer.status_code in (200, 304) and request.method in ("GET", "HEAD"):
        answer.set_etag(tag, weak=True)
        if not answer.cache_control.max_age:
            answer.headers["Cache-Control"] = "public, no-cache"
        found = ask()
        request.environ[MADE_FOR] = (found.mark, found.today)
    elif not answer.cache_control.max_age:
        answer.headers["Cache-Control"] = "no-store"
    return answer
