"""Feeds of changes: Atom (RFC 4287) and JSON Feed 1.1, with the same entries under the same ids.

Where nothing has changed yet, a feed holds the latest treaty actions of the data, each with its own date.

Coming dates as calendars (RFC 5545): of everything, of one instrument, of one participant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import nlargest
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree as ET

import orjson
from flask import Response, request, url_for
from icalendar import Alarm, Calendar, Event

from tracker.alerts.messages import headline, page_of
from tracker.law.action_index import sort_actions
from tracker.law.changes import ChangeKind
from tracker.law.dates import PartialDate, in_words
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action
from tracker.schemas.overview import Event as Coming
from tracker.schemas.overview import upcoming_answer
from tracker.storage.change_log import LoggedChange
from tracker.web.context import iso_moment

MOVES = (ChangeKind.DATE_FIXED, ChangeKind.DATE_MOVED, ChangeKind.DATE_UNFIXED)  # after which an event is another
REMINDER = timedelta(days=7)  # before an event


def calendar_of(
    ledger: Ledger, site: str, today: date, moved: Mapping[str, int], *, instrument: str = "", participant: str = ""
) -> bytes:
    """The coming dates: openings and closings for signature, entries into force.

    Of a participant: those of the instruments on which it has acted, and its own. `moved` is how often the date of
    an instrument's entry into force was fixed or changed.
    """
    found = Calendar()
    found.add("prodid", "-//Treaty Tracker//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "Treaty Tracker")
    acted = {act.instrument for act in ledger.acts_by(participant)} if participant else set()
    for each in upcoming_answer(ledger):
        day = each.date.exact if isinstance(each.date, PartialDate) else each.date
        own = each.participant == participant if each.participant else (not participant or each.instrument in acted)
        if day and own and instrument in ("", each.instrument):
            found.add_component(_event(ledger, each, day, site, today, moved.get(each.instrument, 0)))
    made: bytes = found.to_ical()
    return made


def _event(ledger: Ledger, coming: Coming, day: date, site: str, today: date, moved: int) -> Event:
    event, url = Event(), f"{site}/instruments/{coming.instrument}"
    said = f"{coming.instrument_name} {coming.words}" + (f" {coming.name}" if coming.name else "")
    # The same wherever the site is served, so that an event that moves stays the same event (RFC 7986, 5.3).
    about = f"event/{coming.instrument}/{coming.words}/{coming.participant or ''}"
    event.add("uid", str(uuid5(NAMESPACE_URL, about)))
    event.add("sequence", max(0, moved - 1))
    event.add("dtstamp", datetime.combine(today, datetime.min.time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", said)
    event.add("description", f"{_why(ledger, coming, said)}\n\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMINDER)
    alarm.add("description", said)
    event.add_component(alarm)
    return event


def _why(ledger: Ledger, coming: Coming, said: str) -> str:
    """How the date was arrived at, where it is that of entry into force; else what happens."""
    entry = entry_into_force(ledger, coming.instrument)
    return f"{said}. {entry.why}" if entry.date == coming.date and not coming.participant else f"{said}."


ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
FORMS = ("atom", "jsonfeed")
_IN_A_QUERY = "!$&'()*+,;=:@/?%"  # beside letters and digits (RFC 3986, 3.4)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

ET.register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed says of one change: an id that stays, a line, all of it, since when, of what kind, and its page."""

    id: str
    title: str
    text: str
    moment: datetime
    kind: str
    url: str


def logged_entries(found: Iterable[LoggedChange], site: str) -> list[FeedEntry]:
    """The changes of the log, each at the moment it was noted."""
    return [_entry_of_change(each, site) for each in found]


def _entry_of_change(noted: LoggedChange, site: str) -> FeedEntry:
    change = noted.change
    said = change.words + (f" Source: {change.source}" if change.source else "")
    url = page_of(change, site)
    return FeedEntry(UUID(change.key).urn, headline(change.words), said, noted.recorded_at, change.kind.value, url)


def latest_actions(
    ledger: Ledger, site: str, number: int, *, instrument: str = "", participant: str = ""
) -> list[FeedEntry]:
    """The last treaty actions done by the ledger's day, of one instrument or participant or of all, newest first."""
    names = [instrument] if instrument else list(ledger.instruments)
    found = (ledger.acts_of(name, participant) if participant else ledger.acts(name) for name in names)
    newest = nlargest(number, (act for acts in found for act in acts if act.date and act.date.exact), key=sort_actions)
    return [_done(ledger, act, site) for act in newest]


def _done(ledger: Ledger, act: Action, site: str) -> FeedEntry:
    assert act.date
    assert act.date.exact
    what = f"{name_of(ledger, act.participant)}: {act.kind.words} – {title_of(ledger, act.instrument)}"
    title = f"{what}, {in_words(act.date)}"
    said = f"{title}." + (f" Source: {act.source}" if act.source else "")
    about = "/".join(("action", act.instrument, act.participant, act.kind.value, str(act.date), act.territory))
    moment = datetime.combine(act.date.exact, time(), UTC)
    url = f"{site}/instruments/{quote(act.instrument)}?as_of={act.date.exact}"
    return FeedEntry(uuid5(NAMESPACE_URL, about).urn, title, said, moment, act.kind.value, url)


def feed(form: str, entries: Sequence[FeedEntry], title: str, site: str, endpoint: str, **path: Any) -> Response:
    """The entries as a feed of that form, at the address of the request; `endpoint` and `path` name its page."""
    query = f"?{quote(request.query_string, safe=_IN_A_QUERY)}" if request.query_string else ""
    own, page = f"{site}{request.path}{query}", f"{site}{url_for(endpoint, **path)}{query}"
    made = _json(entries, title, own, page) if form == "jsonfeed" else _atom(entries, title, own, page)
    return Response(made, mimetype="application/feed+json" if form == "jsonfeed" else "application/atom+xml")


def _json(entries: Sequence[FeedEntry], title: str, own: str, page: str) -> bytes:
    items = [
        {
            "id": each.id, "url": each.url, "title": each.title, "content_text": each.text,
            "date_published": iso_moment(each.moment), "tags": [each.kind],
        }
        for each in entries
    ]  # fmt: skip
    head = {"version": JSON_FEED, "title": title, "home_page_url": page, "feed_url": own, "language": "en"}
    return orjson.dumps(head | {"authors": [{"name": "Treaty Tracker"}], "items": items})


def _atom(entries: Sequence[FeedEntry], title: str, own: str, page: str) -> bytes:
    found = ET.Element(f"{{{ATOM}}}feed")
    _text(found, "id", own)
    _text(found, "title", title)
    _text(found, "updated", iso_moment(max((each.moment for each in entries), default=_NEVER)) or "")
    _text(_under(found, "author"), "name", "Treaty Tracker")
    _under(found, "link", rel="self", type="application/atom+xml", href=own)
    _under(found, "link", rel="alternate", type="text/html", href=page)
    for each in entries:
        _entry(found, each)
    made: bytes = ET.tostring(found, encoding="utf-8", xml_declaration=True)
    return made


def _entry(found: ET.Element, each: FeedEntry) -> None:
    entry, moment = _under(found, "entry"), iso_moment(each.moment) or ""
    _text(entry, "id", each.id)
    _text(entry, "title", each.title)
    _text(entry, "updated", moment)
    _text(entry, "published", moment)
    _under(entry, "category", term=each.kind)
    _under(entry, "link", rel="alternate", type="text/html", href=each.url)
    _text(entry, "content", each.text).set("type", "text")


def _under(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = _under(parent, name)
    element.text = "".join(each for each in text if each.isprintable() or each in "\n\t")
    return element
