"""The record to carry away: the page, the files over HTTP, the data dictionary, and that nothing private is in it."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.builders import participant
from tracker.accounts.users import add_user
from tracker.alerts import subscribers
from tracker.alerts.subscribers import Channel, Subscription
from tracker.storage import panel_files, repository
from tracker.storage.database import make_engine, write_transaction
from tracker.storage.downloads import DownloadBuilder, made_in
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_FILE
from tracker.storage.schema import migrate
from tracker.web.pages.downloads import EXTENSION

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def package(app):
    """The zip as it is served: its description, and the rows of each file."""
    answer = app.test_client().get("/download/record.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        rows = {name: list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8", newline="")))
                for name in archive.namelist() if name.endswith(".csv")}  # fmt: skip
        return json.loads(archive.read("datapackage.json")), rows


def test_the_page_links_the_files_with_their_sizes_and_explains_every_column(page, words, client):
    tree = page("/data")
    links = {
        link.get("href"): link.getparent().text_content()
        for link in tree.xpath("//main//a[starts-with(@href, '/download')]")
    }
    panel = {"/download/panel.csv", "/download/panel.parquet"}
    assert set(links) == {"/download/record.zip", "/download/record.sqlite", "/download/record-parquet.zip", *panel}
    for address, said in links.items():
        if address in panel:
            continue  # made when it is first asked for
        size = len(client.get(address).data)
        assert re.search(rf", {size // 1000}\d* kB|, {size / 1e6:.1f} MB", said) or f"{round(size / 1000)} kB" in said
    shown = [[cell.text_content() for cell in row.xpath("th|td")][:2] for row in tree.xpath("//main//tbody/tr")]
    assert shown == [[column.name, column.meaning] for schema in FACT_SCHEMAS for column in schema.columns]
    assert "CC0" in words("/data")


def test_the_package_describes_every_file_exactly(package):
    described, rows = package
    assert {each["path"] for each in described["resources"]} == set(rows) == set(SCHEMA_BY_FILE)
    for each in described["resources"]:
        names = [field["name"] for field in each["schema"]["fields"]]
        assert all(list(row) == names for row in rows[each["path"]])
        for field in each["schema"]["fields"]:
            for row in rows[each["path"]]:
                assert _fits(row[field["name"]], field), (each["path"], field, row)


def _fits(value, field):
    """Is the value what Table Schema's constraints of the field allow?"""
    limits = field.get("constraints", {})
    if not value:
        return not limits.get("required")
    if field["type"] == "integer" and not re.fullmatch(r"-?\d+", value):
        return False
    return bool(re.fullmatch(limits.get("pattern", ".*"), value, re.DOTALL)) and value in limits.get("enum", [value])


def test_the_keys_of_the_package_hold(package):
    described, rows = package
    by_name = {each["name"]: each for each in described["resources"]}
    for each in described["resources"]:
        here = rows[each["path"]]
        if key := each["schema"].get("primaryKey"):
            assert len({tuple(row[name] for name in key) for row in here}) == len(here)
        for reference in each["schema"].get("foreignKeys", []):
            [column], [other] = reference["fields"], reference["reference"]["fields"]
            there = rows[by_name[reference["reference"]["resource"] or each["name"]]["path"]]
            assert {row[column] for row in here} - {""} <= {row[other] for row in there}


def test_the_package_says_its_revision_and_its_licence(package, client):
    described, _ = package
    meta = client.get("/api/v1/instruments").json["meta"]
    assert described["revision"] == meta["revision"]
    assert described["licenses"][0]["name"] == "CC0-1.0"
    assert described["version"] == client.get("/download/record.zip").headers["Record-Revision"]
    assert "sources keep their own terms" in described["terms"]


@pytest.mark.parametrize("name", ["record.zip", "record.sqlite", "record-parquet.zip"])
def test_a_file_that_is_held_already_is_not_sent_again_and_parts_may_be_asked_for(client, name):
    whole = client.get(f"/download/{name}")
    tag = whole.headers["ETag"]
    assert not tag.startswith("W/")
    assert client.get(f"/download/{name}", headers={"If-None-Match": tag}).status_code == 304
    part = client.get(f"/download/{name}", headers={"Range": "bytes=100-199", "If-Range": tag})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert client.head(f"/download/{name}").headers["Content-Length"] == str(len(whole.data))
    assert "attachment" in whole.headers["Content-Disposition"]


def test_a_day_cannot_be_asked_of_the_files_and_no_other_file_is_there(client):
    answer = client.get("/download/record.zip?as_of=2003-07-01")
    assert answer.status_code == 400
    assert "as_of" in answer.text
    assert client.get("/download/tracker.db").status_code == 404


def _with_people(engine):
    """A record with a subscriber, an editor, and what is waiting to be sent to somebody."""
    repository.record_facts(engine, [participant("FRA")], what="begin", moment=NOW)
    add_user(engine, "karin-the-editor", "a long enough password", moment=NOW)
    with write_transaction(engine) as connection:
        owner = Subscription(made_at=NOW, channel=Channel.EMAIL, address="somebody@example.org")
        subscribers.insert_subscription(connection, owner)


def test_nothing_private_is_in_the_files(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.db'}"
    engine = make_engine(url)
    migrate(engine)
    _with_people(engine)
    copies = made_in(engine, tmp_path)
    with zipfile.ZipFile(copies.files["record.zip"]) as archive:
        said = b"".join(archive.read(name) for name in archive.namelist())
    said += copies.files["record.sqlite"].read_bytes()
    for secret in (b"somebody@example.org", b"karin-the-editor", b"argon2"):
        assert secret not in said
        assert secret in (tmp_path / "record.db").read_bytes() + (tmp_path / "record.db-wal").read_bytes()
    file = sqlite3.connect(copies.files["record.sqlite"])
    tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"about", "columns", *(Path(schema.file).stem for schema in FACT_SCHEMAS)}
    file.close()
    engine.dispose()


def test_a_panel_that_is_being_made_is_refused_with_a_time_to_come_again(app, client, record_url, monkeypatch):
    monkeypatch.setattr(panel_files, "PATIENCE", 0)
    monkeypatch.setitem(app.extensions, EXTENSION, DownloadBuilder(make_engine(record_url)))
    answer = client.get("/download/panel.csv", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.json["error"]["code"] == "not-ready"
    assert "Try again in a minute" in answer.json["error"]["message"]


def test_the_panel_names_its_revision_and_parts_of_it_may_be_asked_for(client, downloaded):
    whole = downloaded("/download/panel.csv")
    assert whole.text.startswith("participant,name,iso3")
    assert whole.headers["Record-Revision"] == client.get("/download/record.zip").headers["Record-Revision"]
    part = client.get("/download/panel.csv", headers={"Range": "bytes=0-10"})
    assert (part.status_code, part.text) == (206, "participant")
