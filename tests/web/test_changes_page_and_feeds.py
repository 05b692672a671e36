"""What changed, as page, JSON, CSV and Atom with one and the same content; what comes next, as a calendar."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from lxml import html

from tests.support.builders import body, instrument, participant, ratified
from tests.support.subscription_app import SITE, Visitor, made
from tracker.law.changes import Change, ChangeKind
from tracker.storage import change_log, repository
from tracker.storage.database import write_transaction

NOTED = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def change(number=40, **fields):
    given = {
        "kind": ChangeKind.PARTIES, "words": f"UNTOC has {number} parties & <more>. Why: a deposit.",
        "instrument": "untoc", "before": str(number - 1), "after": str(number), "source": "UNTC",
        "day": date(2003, 7, 1),
    }  # fmt: skip
    return Change(**given | fields)


@pytest.fixture
def noted(engine):
    def note(*changes, moment=NOTED):
        with write_transaction(engine) as connection:
            change_log.log_changes(connection, changes, 1, moment)

    return note


@pytest.fixture
def visitor(engine):
    terms = {
        "threshold": 2,
        "delay": "90d",
        "opened_on": "2026-01-01",
        "closed_on": "2199-12-31",
        "short_name": "UNTOC",
    }
    facts = [
        instrument("untoc", **terms), instrument("other", threshold=1, delay="90d"), participant("FRA"), body("fatf"),
        ratified("FRA", "other", "2026-10-30"),
    ]  # fmt: skip
    repository.record_facts(engine, facts, what="x", moment=NOTED - timedelta(days=1))
    return Visitor(made(engine))


def entries(visitor, path):
    answer = visitor.get(path)
    assert answer.mimetype == "application/atom+xml"
    return ET.fromstring(answer.data).findall("a:entry", ATOM)


def test_the_same_changes_are_in_every_form(visitor, noted):
    one = change()
    noted(one)
    page = html.fromstring(visitor.get("/changes").text)
    assert "UNTOC has 40 parties & <more>." in page.cssselect("tbody tr td")[1].text_content()
    (row,) = visitor.get("/changes.json").json["data"]["changes"]
    assert (row["key"], row["noted"], row["after"]) == (one.key, "2026-11-02T08:30:00Z", "40")
    assert one.key in visitor.get("/changes.csv").text
    (entry,) = entries(visitor, "/changes.atom")
    assert entry.findtext("a:title", namespaces=ATOM) == "UNTOC has 40 parties & <more>"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-11-02T08:30:00Z"
    assert entry.find("a:link", ATOM).get("href") == f"{SITE}/instruments/untoc?as_of=2003-07-01"


def test_an_entry_has_one_id_in_every_feed(visitor, noted):
    noted(change(participant="FRA", body="fatf"))
    feeds = ("/changes", "/changes.atom?kind=parties", "/instruments/untoc", "/participants/FRA", "/bodies/fatf")
    ids = {
        entry.findtext("a:id", namespaces=ATOM)
        for path in feeds
        for entry in entries(visitor, path if "atom" in path else f"{path}.atom")
    }
    assert len(ids) == 1
    assert ids.pop().startswith("urn:uuid:")


@pytest.mark.parametrize(("choice", "found"), [
    ("instrument=untoc", 2), ("instrument=other", 0), ("participant=FRA", 1), ("body=fatf", 0), ("kind=parties", 2),
    ("kind=withdrew", 0), ("instrument=UNTOC", 2),
])  # fmt: skip
def test_the_address_chooses(visitor, noted, choice, found):
    noted(change(), change(41, participant="FRA"))
    assert len(visitor.get(f"/changes.json?{choice}").json["data"]["changes"]) == found
    in_feed = 1 if choice == "instrument=other" else found  # nothing changed there: its one treaty action
    assert len(entries(visitor, f"/changes.atom?{choice}")) == in_feed


@pytest.mark.parametrize(("choice", "status"), [
    ("instrument=none", 404), ("kind=gossip", 400), ("before=x", 400), ("before=-1", 400),
    ("before=99999999999", 400), ("participant=XXX", 404),
])  # fmt: skip
def test_a_choice_that_is_not_there_is_refused(visitor, choice, status):
    assert visitor.get(f"/changes?{choice}").status_code == status


def test_pages_follow_each_other_without_gap_or_overlap(visitor, noted):
    noted(*(change(number) for number in range(1, 121)))
    seen, path = [], "/changes.json"
    while path:
        data = visitor.get(path).json["data"]
        seen += [int(row["after"]) for row in data["changes"]]
        path = f"/changes.json?before={data['older']}" if data["older"] else None
    assert seen == list(range(120, 0, -1))
    assert "Older changes" in visitor.get("/changes").text


def test_a_reader_that_holds_the_feed_is_not_sent_it_again(visitor, noted):
    noted(change())
    first = visitor.get("/changes.atom")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    held = {"If-None-Match": first.headers["ETag"]}
    assert visitor.client.get("/changes.atom", base_url=SITE, headers=held).status_code == 304
    noted(change(41))
    assert visitor.client.get("/changes.atom", base_url=SITE, headers=held).status_code == 200


def test_an_empty_log_is_a_page_and_a_feed_of_the_latest_treaty_actions_with_their_own_dates(visitor):
    for path in ("/changes.atom", "/instruments/other.atom", "/participants/FRA.atom"):
        (entry,) = entries(visitor, path)
        assert "ratification – " in entry.findtext("a:title", namespaces=ATOM)
        assert entry.findtext("a:title", namespaces=ATOM).endswith(", 30 October 2026")
        assert entry.findtext("a:updated", namespaces=ATOM) == "2026-10-30T00:00:00Z"
    assert entries(visitor, "/instruments/untoc.atom") == entries(visitor, "/changes.atom?kind=parties") == []
    with_controls = visitor.client.get("/changes.atom", query_string="x=\x01\x02", base_url=SITE)
    assert ET.fromstring(with_controls.data).tag.endswith("feed")
    assert "No changes." in visitor.get("/changes").text


@pytest.mark.parametrize("log", ["empty", "filled"])
def test_a_json_feed_holds_the_same_entries_as_the_atom_feed(visitor, noted, log):
    if log == "filled":
        noted(change(), change(41, participant="FRA"))
    for path in ("/changes", "/instruments/untoc", "/participants/FRA", "/bodies/fatf"):
        answer = visitor.get(f"{path}.jsonfeed")
        assert (answer.status_code, answer.mimetype) == (200, "application/feed+json")
        found = answer.json
        assert (found["version"], found["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{SITE}{path}.jsonfeed")
        names = {"id": "a:id", "title": "a:title", "content_text": "a:content", "date_published": "a:published"}
        assert [{name: item[name] for name in names} for item in found["items"]] == [
            {name: entry.findtext(where, namespaces=ATOM) for name, where in names.items()}
            for entry in entries(visitor, f"{path}.atom")
        ]


def events(visitor, path):
    answer = visitor.get(path)
    assert answer.mimetype == "text/calendar"
    return {str(each["summary"]): each for each in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_coming_dates_are_events_with_their_grounds_and_a_reminder(visitor):
    found = events(visitor, "/calendar.ics?as_of=2026-11-02")
    closing, entry = found["UNTOC closes for signature"], found["Treaty other enters into force"]
    assert closing["dtstart"].dt == date(2199, 12, 31)
    assert entry["dtstart"].dt == date(2027, 1, 28)
    assert str(entry["url"]) == f"{SITE}/instruments/other"
    assert "Entry into force: 28 January 2027" in entry["description"]
    (alarm,) = entry.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(days=-7)


def test_an_event_stays_the_same_whatever_the_host_and_says_that_it_moved(visitor, noted):
    first = events(visitor, "/calendar.ics?as_of=2026-11-02")["Treaty other enters into force"]
    assert "example" not in first["uid"]
    assert UUID(first["uid"])
    moves = [change(kind=kind, instrument="other") for kind in (ChangeKind.DATE_FIXED, ChangeKind.DATE_MOVED)]
    noted(*moves)
    again = events(visitor, "/instruments/other.ics?as_of=2026-11-02")["Treaty other enters into force"]
    assert (first["sequence"], again["sequence"]) == (0, 1)
    assert again["uid"] == first["uid"]


@pytest.mark.parametrize(("path", "number"), [
    ("/calendar.ics", 2), ("/calendar.ics?instrument=untoc", 1), ("/instruments/untoc.ics", 1),
    ("/calendar.ics?participant=FRA", 1), ("/calendar.ics?participant=FRA&instrument=untoc", 0),
])  # fmt: skip
def test_a_calendar_is_of_everything_or_of_an_instrument_or_a_participant(visitor, path, number):
    assert len(events(visitor, f"{path}{'&' if '?' in path else '?'}as_of=2026-11-02")) == number


@pytest.mark.parametrize(
    "path", ["/calendar.ics?instrument=none", "/calendar.ics?participant=XXX", "/instruments/none.ics"]
)
def test_there_is_no_calendar_of_what_is_not_there(visitor, path):
    assert visitor.get(path).status_code == 404
