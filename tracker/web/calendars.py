"""Coming dates as calendars (RFC 5545): of everything, of one instrument, of one participant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

from tracker.law.changes import ChangeKind
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.schemas.overview import Event as Coming
from tracker.schemas.overview import upcoming_answer

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
