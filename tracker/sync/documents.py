"""Status documents: fetching one for an instrument, and reading it into checked values, or refusing it whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from tracker.errors import BadQuestion, BadSettings, Refused, TryLater
from tracker.law.model import ActionKind
from tracker.sync import html_document, xml_document
from tracker.sync.http_client import HttpAnswer, HttpClient
from tracker.sync.mtdsg_numbers import MtdsgNumber
from tracker.sync.printed_statements import statements_in
from tracker.sync.status_table import (
    PrintedTotals,
    Remark,
    Sighting,
    StatusFile,
    StatusPage,
    TableReading,
    count_printed,
)

MAX_DOCUMENT_BYTES = 32 * 2**20  # bytes

_START = 2_048
_MAINTENANCE = re.compile(rb"urgent\s+maintenance\s+and\s+is\s+currently\s+unavailable", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(rb"<(?:\?xml|!DOCTYPE|Document)\b")


def parse_document(
    document: bytes,
    reference: str,
    *,
    retrieved_at: datetime,
    url: str = "",
    etag: str = "",
    last_modified: str = "",
    unlisted: PrintedTotals | None = None,
) -> StatusFile:
    """What the status file of this MTDSG number says; `retrieved_at` is the aware moment it was fetched.

    `unlisted` is how many signatories and parties the printed numbers may include that have no row
    of their own (former States that stand in a footnote). Refused for a document that is not whole,
    not the one asked for, hostile, or whose rows do not make its printed numbers; TryLater for the
    page that stands there during maintenance; BadQuestion for a reference that is none.
    """
    asked = MtdsgNumber.of(reference)
    page = _page(document)
    _must_be(asked, page)
    reading = TableReading(str(asked), retrieved_at.date() + timedelta(days=1), page.notes)
    for grid in page.grids:
        reading.add(grid)
    printed = PrintedTotals(_number(page.signatories), _number(page.parties))
    _check(asked, printed, reading, unlisted or PrintedTotals())
    return StatusFile(
        reference=str(asked),
        title=page.title,
        printed_signatories=printed.signatories,
        printed_parties=printed.parties,
        entry_into_force=page.entry_into_force,
        retrieved_at=retrieved_at,
        sightings=reading.sightings,
        remarks=(*_missing(printed), *_without_date(page), *reading.remarks),
        statements=statements_in(page.sections, page.notes),
        territories=page.territories,
        left_out=page.left_out,
        as_at=page.as_at,
        url=url,
        etag=etag,
        last_modified=last_modified,
    )


def is_xml(document: bytes) -> bool:
    """Does the document begin as an XML status file does? A page in XHTML is a page."""
    start = document[:_START].replace(b"\0", b"")  # so that UTF-16 is seen as well
    return bool(_XML.search(start)) and not _HTML.search(start)


def is_maintenance(document: bytes) -> bool:
    """Is it the page that the UN Treaty Collection serves, as if all were well, while it is down?"""
    return not is_xml(document) and bool(_MAINTENANCE.search(document[:MAX_DOCUMENT_BYTES]))


def _page(document: bytes) -> StatusPage:
    if len(document) > MAX_DOCUMENT_BYTES:
        raise Refused(f"The document is larger than {MAX_DOCUMENT_BYTES} bytes, larger than any status file.")
    if is_maintenance(document):
        raise TryLater("The UN Treaty Collection is down for maintenance.")
    if is_xml(document):
        return xml_document.page_of(document)
    if _HTML.search(document[:_START]):
        return html_document.page_of(document)
    raise Refused("The document is neither an XML status file nor an HTML page.")


def _must_be(asked: MtdsgNumber, page: StatusPage) -> None:
    if page.printed_as is None and page.addressed_as is None:
        raise Refused(f"The document does not say which instrument it is about; {asked} was asked for.")
    if page.addressed_as is None and page.printed_as is not None and not page.printed_as[0]:
        raise Refused(f"The document does not say which chapter it is of; {asked} was asked for: {page.title}")
    if page.printed_as is not None and not asked.is_also(*page.printed_as):
        raise Refused(f"The document is about {'-'.join(filter(None, page.printed_as))}, not {asked}: {page.title}")
    if page.addressed_as is not None and not _same(page.addressed_as, asked):
        raise Refused(f"The document is about {page.addressed_as}, not {asked}: {page.title}")


def _same(text: str, asked: MtdsgNumber) -> bool:
    try:
        return MtdsgNumber.of(text) == asked
    except BadQuestion:
        return False


def _number(text: str) -> int | None:
    text = text.strip(" .")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _missing(printed: PrintedTotals) -> list[Remark]:
    given = {"signatories": printed.signatories, "parties": printed.parties}
    if not any(count is not None for count in given.values()):
        return [Remark(0, 0, "the file", "is not self-checked: it prints no number of signatories or parties")]
    return [Remark(0, 0, name, "are not counted by the file itself") for name, count in given.items() if count is None]


def _without_date(page: StatusPage) -> list[Remark]:
    return [Remark(0, 0, f"{count} {what}", "have no date and were not read") for what, count in page.left_out]


def _check(asked: MtdsgNumber, printed: PrintedTotals, reading: TableReading, unlisted: PrintedTotals) -> None:
    """Refused unless the rows make the printed numbers; where none is printed, unless every cell was read.

    The rows may lack no more than those that may stand in a footnote only, and those that are counted
    by some and not by others.
    """
    if not reading.sightings and {printed.signatories, printed.parties} - {None} != {0}:
        raise Refused(f"{asked}: no table of the document could be read as one of participants.{_in_doubt(reading)}")
    if printed == PrintedTotals(None, None):
        if reading.unread:
            raise Refused(
                f"{asked}: the document prints neither its signatories nor its parties, and not every row could be "
                f"read, so it cannot be checked.{_in_doubt(reading)}"
            )
        return
    counted, doubtful = count_printed(reading.sightings), _doubtful(reading.sightings)
    provisional = _only_provisional(reading.sightings)
    for what in ("signatories", "parties"):
        print_, sure = getattr(printed, what), getattr(counted, what)
        spare = sum(getattr(each, what) for each in (doubtful, unlisted))
        counts = (sure, sure + provisional) if what == "parties" else (sure,)
        if print_ is not None and not any(count <= print_ <= count + spare for count in counts):
            raise Refused(
                f"{asked}: the document prints {_number_in_words(printed.signatories)} signatories and "
                f"{_number_in_words(printed.parties)} parties, but its rows make {counted.signatories} and "
                f"{counted.parties}."
                f"{_in_doubt(reading)}"
            )


def _in_doubt(reading: TableReading) -> str:
    """What was not read, as the end of a reason to refuse."""
    if not (doubts := reading.unread or [each for each in reading.remarks if not each.row]):
        return ""
    more = f" (and {len(doubts) - 1} more)" if len(doubts) > 1 else ""
    return f" Not read: {doubts[0]}{more}."


def _number_in_words(number: int | None) -> str:
    return "no number of" if number is None else str(number)


def _doubtful(sightings: tuple[Sighting, ...]) -> PrintedTotals:
    """Signatories that publishers count differently: by definitive signature, or by one in brackets."""
    sure = {each.name for each in sightings if each.kind.signs and not each.withdrawn}
    either = {each.name for each in sightings if each.kind.signs or each.kind is ActionKind.DEFINITIVE_SIGNATURE}
    return PrintedTotals(len(either - sure), 0)


def _only_provisional(sightings: tuple[Sighting, ...]) -> int:
    """How many apply the treaty provisionally without having consented: commodity agreements count them all or none."""
    holding = [each for each in sightings if not each.withdrawn]
    bound = {each.name for each in holding if each.kind.consents}
    return len({each.name for each in holding if each.kind is ActionKind.PROVISIONAL_APPLICATION} - bound)


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


def fetch_document(
    visitor: HttpClient,
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
    asked = MtdsgNumber.of(reference)
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


def _is_there(url: str, answer: HttpAnswer) -> bool:
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
