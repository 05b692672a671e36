"""The change log as a page, JSON, CSV and Atom (RFC 4287), and coming dates as a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from tracker.alerts.messages import page_of
from tracker.errors import BadQuestion
from tracker.law.changes import ChangeKind
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.schemas.changes import ChangeEntry, ChangeLog
from tracker.schemas.formats import columns_of
from tracker.schemas.overview import Event as Coming
from tracker.schemas.overview import upcoming_answer
from tracker.storage import change_log
from tracker.storage.change_log import LoggedChange
from tracker.web.context import get_context, iso_moment
from tracker.web.pages.subscriptions import subscription_pages
from tracker.web.responses import PageAnswer, respond

blueprint = Blueprint("changes", __name__)
A_PAGE = 50
ATOM = "http://www.w3.org/2005/Atom"
MAX_AGE = 300  # seconds that an answer may be shown without asking again
_IN_A_QUERY = "!$&'()*+,;=:@/?%"  # beside letters and digits (RFC 3986, 3.4)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

ET.register_namespace("", ATOM)


# -- the log ---------------------------------------------------------------------------------------


@blueprint.get("/changes")
@blueprint.get("/changes.<any(json, csv, atom):form>")
def changes(form: str | None = None) -> ResponseReturnValue:
    """What was noted last, for everything or what the address chooses."""
    wanted = selected_changes(get_context().ledger)
    found = change_log.recent_changes(subscription_pages().engine, **wanted, before=_before(), limit=A_PAGE + 1)
    if form == "atom":
        about = ", ".join(str(value) for value in request.args.values()) or "everything"
        return _atom(found[:A_PAGE], f"Treaty Tracker: changes of {about}", "changes.changes")
    answer = respond(_log(found, filtered=any(wanted.values())), "changes.html", form)
    return _briefly(make_response(answer))


@blueprint.get("/instruments/<id>.atom")
def of_instrument(id: str) -> Response:
    """What changed about an instrument."""
    terms = get_context().ledger.instrument(id)
    found = change_log.recent_changes(subscription_pages().engine, instrument=terms.id, limit=A_PAGE)
    return _atom(found, f"Treaty Tracker: {terms.name}", "record.instrument", id=terms.id)


@blueprint.get("/participants/<code>.atom")
def of_participant(code: str) -> Response:
    """What changed about a participant."""
    who = get_context().ledger.participant(code)
    found = change_log.recent_changes(subscription_pages().engine, participant=who.code, limit=A_PAGE)
    return _atom(found, f"Treaty Tracker: {who.name}", "record.participant", code=who.code)


@blueprint.get("/bodies/<id>.atom")
def of_body(id: str) -> Response:
    """What changed in a body's judgements."""
    body = get_context().ledger.body(id)
    found = change_log.recent_changes(subscription_pages().engine, body=body.id, limit=A_PAGE)
    return _atom(found, f"Treaty Tracker: {body.name}", "record.body", id=body.id)


def selected_changes(ledger: Ledger) -> dict[str, Any]:
    """What the address chooses; NotFound or BadQuestion for what is not there."""
    name, code, body, kind = (request.args.get(each, "") for each in ("instrument", "participant", "body", "kind"))
    if kind and kind not in {each.value for each in ChangeKind}:
        raise BadQuestion(f"kind='{kind[:40]}' is not a kind of change.")
    return {
        "instrument": ledger.instrument(name).id if name else "",
        "participant": ledger.participant(code).code if code else "",
        "body": ledger.body(body).id if body else "",
        "kinds": (ChangeKind(kind),) if kind else (),
    }


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuestion(f"before='{text[:20]}' is not the number of a change.")
    return int(text)


def _log(found: Sequence[LoggedChange], *, filtered: bool) -> PageAnswer:
    rows = [change_row(each) for each in found[:A_PAGE]]
    ledger = get_context().ledger
    extra = {
        "filtered": filtered,
        "kinds": [(kind.value, kind.words) for kind in ChangeKind],
        "instruments": [(each.id, each.name) for each in ledger.instruments.values()],
        "participants": sorted(((code, each.name) for code, each in ledger.participants.items()), key=lambda p: p[1]),
        "bodies": [(id, each.name) for id, each in ledger.bodies.items()],
    }
    older = rows[-1].number if len(found) > A_PAGE else None
    return PageAnswer("changes", ChangeLog(changes=rows, older=older), rows, columns_of(ChangeEntry), extra)


def change_row(noted: LoggedChange) -> ChangeEntry:
    """A change of the log, with the address of the page that it is about."""
    change = noted.change
    return ChangeEntry(
        number=noted.number,
        noted=_rfc3339(noted.recorded_at),
        revision=noted.revision,
        key=change.key,
        kind=change.kind,
        words=change.words,
        instrument=change.instrument or None,
        participant=change.participant or None,
        body=change.body or None,
        scheme=change.scheme or None,
        day=change.day,
        before=change.before,
        after=change.after,
        source=change.source,
        url=page_of(change, subscription_pages().settings.base_url),
    )


# -- Atom ------------------------------------------------------------------------------------------


def _atom(found: Sequence[LoggedChange], title: str, endpoint: str, **path: Any) -> Response:
    site = subscription_pages().settings.base_url
    feed = ET.Element(f"{{{ATOM}}}feed")
    query = f"?{quote(request.query_string, safe=_IN_A_QUERY)}" if request.query_string else ""
    _text(feed, "id", f"{site}{request.path}{query}")
    _text(feed, "title", title)
    _text(feed, "updated", _rfc3339(max((each.recorded_at for each in found), default=_NEVER)))
    _text(_under(feed, "author"), "name", "Treaty Tracker")
    _under(feed, "link", rel="self", type="application/atom+xml", href=f"{site}{request.path}{query}")
    _under(feed, "link", rel="alternate", type="text/html", href=f"{site}{url_for(endpoint, **path)}{query}")
    for each in found:
        _entry(feed, each, site)
    return _briefly(
        Response(ET.tostring(feed, encoding="utf-8", xml_declaration=True), mimetype="application/atom+xml")
    )


def _entry(feed: ET.Element, noted: LoggedChange, site: str) -> None:
    change, moment = noted.change, _rfc3339(noted.recorded_at)
    entry = _under(feed, "entry")
    _text(entry, "id", f"urn:uuid:{UUID(change.key)}")
    _text(entry, "title", change.words.partition(". ")[0].removesuffix("."))
    _text(entry, "updated", moment)
    _text(entry, "published", moment)
    _under(entry, "category", term=change.kind.value)
    _under(entry, "link", rel="alternate", type="text/html", href=page_of(change, site))
    said = change.words + (f" Source: {change.source}" if change.source else "")
    _text(entry, "content", said).set("type", "text")


def _under(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = _under(parent, name)
    element.text = "".join(each for each in text if each.isprintable() or each in "\n\t")
    return element


def _rfc3339(moment: datetime) -> str:
    return iso_moment(moment) or ""


def _briefly(answer: Response) -> Response:
    """An answer that may be kept for a few minutes, and need not be sent again while it stays the same."""
    answer.cache_control.public, answer.cache_control.max_age = True, MAX_AGE
    answer.add_etag()
    answer.make_conditional(request)
    return answer


# -- the calendar ----------------------------------------------------------------------------------


@blueprint.get("/calendar.ics")
def calendar() -> Response:
    """Coming openings and closings for signature and entries into force, of all instruments or of one."""
    ledger, name = get_context().ledger, request.args.get("instrument", "")
    wanted = ledger.instrument(name).id if name else ""
    found = Calendar()
    found.add("prodid", "-//Treaty Tracker//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "Treaty Tracker")
    for each in upcoming_answer(ledger):
        day = each.date.exact if isinstance(each.date, PartialDate) else each.date
        if day and not each.participant and wanted in ("", each.instrument):
            found.add_component(_event(each, day))
    return _briefly(Response(found.to_ical(), content_type="text/calendar; charset=utf-8"))


def _event(coming: Coming, day: date) -> Event:
    site, event = subscription_pages().settings.base_url, Event()
    slug = coming.words.replace(" ", "-")
    event.add("uid", f"{coming.instrument}-{slug}@{site.partition('://')[2]}")
    event.add("dtstamp", datetime.combine(get_context().today, datetime.min.time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{coming.instrument_name} {coming.words}")
    event.add("url", f"{site}{url_for('record.instrument', id=coming.instrument)}")
    event.add("transp", "TRANSPARENT")
    return event
