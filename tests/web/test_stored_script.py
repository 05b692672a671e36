"""A record whose every text is script, markup, a template and a formula: it is shown as text, wherever it is shown."""

import csv
import io
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from icalendar import Calendar
from lxml import html

from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import import_export
from tracker.storage.database import make_engine
from tracker.storage.import_export import import_files
from tracker.storage.schema import migrate

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """<script>alert(1)</script>"'>&{{7777*1111}}<img src=x onerror=alert(2)>"""
FORMULA = "=cmd|' /C calc'!A0"
FREE = {
    "title", "short_name", "name", "acronym", "depositary", "adopted_at", "article", "registration", "note", "source",
    "doubt", "region", "subregion", "un_group", "basis", "role", "goal", "indicator", "measure", "unit",
    "text", "subject_matter",
}  # fmt: skip


def spoiled(fact):
    """The fact with every free text of it made hostile; ids stay, so that it still means the same."""
    own = "-".join(map(str, fact.subject))[:60]
    evil = {}
    for field in fields(fact):
        if field.name in FREE and isinstance(getattr(fact, field.name), str):
            bare = field.name in ("note", "doubt", "source", "text", "article", "registration")
            evil[field.name] = f"{FORMULA} {SCRIPT}" if bare else f"{SCRIPT} {FORMULA} {own}"
    try:
        return replace(fact, **evil)
    except ValueError:  # a text that is not quite free: an address, say
        return replace(fact, **{name: value for name, value in evil.items() if name in ("note", "source", "doubt")})


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    place = tmp_path_factory.mktemp("spoiled")
    engine = make_engine(f"sqlite:///{place / 'record.db'}")
    migrate(engine)
    facts = list(import_export.read_facts([ROOT / "data"]))
    import_export.write_facts([spoiled(fact) for fact in facts], place / "files")
    import_files(engine, [place / "files"], moment=datetime(2026, 11, 1, tzinfo=UTC))
    app = create_app(Settings(database_url=str(engine.url), secret_key="a test's own key"))
    app.testing = True
    yield app
    app.extensions["tracker.editors"].engine.dispose()
    engine.dispose()


def pages(app):
    """Every page of every kind, about something that is there."""
    known = {"code": "FRA", "filename": "style.css"}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or rule.rule.startswith(("/bulk", "/snapshots")):
            continue
        path = re.sub(
            r"<any\(([^)]*)\):\w+>", lambda found: "{" + found[1].replace("'", "").replace(" ", "") + "}", rule.rule
        )
        bare = {"bodies": "greco", "assessments": "fatf-grey"}.get(
            rule.rule.removeprefix("/api/v1").split("/")[1], "untoc"
        )
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, bare=bare: known.get(found[1], bare), path)
        choices = re.search(r"\{(.*)\}", path)
        for choice in choices[1].split(",") if choices else [""]:
            yield re.sub(r"\{.*\}", choice, path)


QUERIES = {
    "/search": "?q=script", "/compare": "?participant=FRA&participant=DEU",
    "/what-if": "?instrument=un-cybercrime&choice=FRA",
    "/claims": "?instrument=untoc&parties=40", "/select": "?q=party=untoc", "/embed": "?instrument=untoc",
}  # fmt: skip


def asked_for(path):
    bare = re.sub(r"\.(json|csv)$", "", path.removeprefix("/api/v1"))
    return path + QUERIES.get(bare, "")


def answers(site):
    client = site.test_client()
    for path in pages(site):
        answer = client.get(asked_for(path), buffered=True)
        if answer.status_code == 200:
            yield path, answer


def test_no_page_picture_or_feed_holds_what_was_stored_as_markup(site):
    shown = kinds = 0
    for path, answer in answers(site):
        if answer.mimetype in ("text/html", "image/svg+xml", "application/atom+xml"):
            assert "<script>alert" not in answer.text, path
            assert "<img src=x" not in answer.text, path
            assert "8640247" not in answer.text, path
            shown += "&lt;script&gt;alert(1)" in answer.text
            kinds += 1
        if answer.mimetype == "text/html":
            tree = html.fromstring(answer.text)
            assert not tree.xpath("//@*[starts-with(name(), 'on')]"), path
            assert not [each for each in tree.xpath("//@href | //@src | //@action") if ":alert" in each.lower()], path
        elif answer.mimetype.endswith("xml"):
            ET.fromstring(answer.get_data())
    assert kinds > 25
    assert shown > 15  # it is there, as text


def test_no_table_for_a_spreadsheet_holds_a_formula(site):
    tables = 0
    for path, answer in answers(site):
        if answer.mimetype == "text/csv":
            for row in csv.reader(io.StringIO(answer.text)):
                assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))], path
                assert not [cell for cell in row if re.match(r"-\D", cell)], path
            tables += 1
        elif path.endswith(".xlsx"):
            for sheet in openpyxl.load_workbook(io.BytesIO(answer.get_data())):
                assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], path
            tables += 1
    assert tables > 8


def test_data_for_programs_is_data_and_cannot_be_taken_for_a_page(site):
    read = 0
    for path, answer in answers(site):
        if answer.mimetype in ("application/json", "text/csv", "text/calendar"):
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            if answer.mimetype == "application/json":
                assert answer.json is not None, path
            read += 1
    assert read > 30


def test_a_calendar_holds_no_more_lines_than_its_own(site):
    text = site.test_client().get("/calendar.ics?as_of=2003-07-01").get_data()
    events = list(Calendar.from_ical(text).walk("VEVENT"))
    assert events
    assert {str(key) for event in events for key in event} <= {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP", "LAST-MODIFIED", "SEQUENCE",
        "CATEGORIES", "CLASS",
    }  # fmt: skip
