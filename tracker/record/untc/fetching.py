"""Getting an instrument's status file: the XML file by either of its names, else the HTML page.

A file that has not changed since it was last fetched is not sent again. How a server is asked is
in `visiting`, where files are kept in `places`; what they say is read by `parse`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from tracker.errors import BadSettings, Refused, TryLater
from tracker.record.untc.places import Reference
from tracker.record.untc.reading import is_maintenance, is_xml
from tracker.record.untc.visiting import Answer, Visitor

UN = "https://treaties.un.org"

_NOT_THERE = (401, 403, 404, 410)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it came, or word that it has not changed; `url` is the address it is kept at.

    `etag` and `last_modified` are to be handed in the next time, together with `url`; empty where
    the server gave none.
    """

    status: Literal["new", "unchanged"]
    body: bytes
    url: str
    etag: str = ""
    last_modified: str = ""


def fetch(
    visitor: Visitor,
    reference: str,
    *,
    base_url: str = UN,
    url: str = "",
    etag: str = "",
    last_modified: str = "",
) -> Fetched:
    """The status file of this MTDSG number, unless it is still the one that `etag` or `last_modified` marks.

    `url` is where the marks came from: they are not shown elsewhere, since they mean nothing of
    another document. Refused when no address has a document or the server is not to be trusted;
    TryLater when the server cannot answer now or is down for maintenance; BadQuestion for a
    reference that is none, BadSettings for a base URL that is none.
    """
    asked = Reference.of(reference)
    base = _base(base_url)
    files = sorted((base + path for path in asked.files), key=lambda each: each != url)  # the known one first
    marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    for each in (*files, base + asked.page):
        shown = {name: mark for name, mark in marks.items() if mark and each == (url or files[0])}
        answer = visitor.get(each, shown)
        if answer.status == 304 and shown:
            return Fetched("unchanged", b"", each, etag, last_modified)
        if _is_there(each, answer) and (each not in files or is_xml(answer.body)):
            headers = answer.headers
            return Fetched("new", answer.body, each, headers.get("ETag", ""), headers.get("Last-Modified", ""))
    raise Refused(f"{base} has no status file of {asked}.")


def _is_there(url: str, answer: Answer) -> bool:
    if answer.status in _NOT_THERE:
        return False
    if answer.status != 200:
        raise Refused(f"{url} answered {answer.status}, which makes no sense here.")
    if is_maintenance(answer.body):
        raise TryLater("The UN Treaty Collection is down for maintenance.")
    return True


def _base(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        good = False
    if not good:
        raise BadSettings(f"'{url}' is not the address of a server. Write https://treaties.un.org.")
    return url.rstrip("/")
