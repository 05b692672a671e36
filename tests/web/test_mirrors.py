"""A copy of the record kept through the API alone, while the record itself is backed up, changed and set back."""

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from tests.support.builders import instrument, participant, ratified, signed
from tests.support.openapi import Document
from tracker.app import create_app
from tracker.cli import main
from tracker.config import Settings
from tracker.storage import repository

FEED = "/api/v1/record/changes"
CODES = ("FRA", "DEU", "ITA")


@pytest.fixture
def client(engine, database_url):
    facts = [instrument("untoc", threshold=2, delay="90d"), *map(participant, CODES)]
    repository.record_facts(engine, facts, what="the beginning", moment=datetime(2026, 11, 1, 12, tzinfo=UTC))
    app = create_app(Settings(database_url=database_url))
    app.testing = True
    yield app.test_client()
    app.extensions["tracker.kept"].look._engine.dispose()


class Mirror:
    """A program of somebody else's: it knows a file and the feed, and keeps what they say of themselves."""

    def __init__(self, client, limit=1000):
        self.client, self.limit = client, limit
        self.described = Document(client.application)
        self.begin()

    def begin(self):
        """Begin with the file."""
        with self.client.get("/download/record.zip") as answer:
            archive, headers = zipfile.ZipFile(io.BytesIO(answer.data)), answer.headers
        about, self.rows = json.loads(archive.read("datapackage.json")), rows_of(archive)
        self.have = {"since": about["revision"], "made_at": about["made_at"]}
        assert self.have == {"since": int(headers["Record-Revision"]), "made_at": headers["Record-Made-At"]}
        self.next = ""

    def ask(self):
        """Ask for what is next, take it in if it is to be had, and give the status."""
        address = self.next or f"{FEED}?{urlencode({**self.have, 'limit': self.limit})}"
        answer = self.client.get(address)
        assert not self.described.faults(address, answer)
        if answer.status_code == 200:
            self.take(answer.json["data"])
        else:
            self.trouble = answer.json["error"]
        return answer.status_code

    def take(self, page):
        for each in page["revisions"]:
            self.rows.subtract(row(entry["file"], entry["fact"]) for entry in each["retracted"])
            self.rows.update(row(entry["file"], entry["fact"]) for entry in each["recorded"])
        assert min(self.rows.values()) >= 0, "what was taken out had been there"
        self.rows, self.next = +self.rows, page["next"]
        if not self.next:
            self.have = {"since": page["until"], "made_at": page["until_made_at"]}

    def follow(self):
        """Ask until there is no more, or it is refused; the last status."""
        while (status := self.ask()) == 200 and self.next:
            pass
        return status

    def is_whole(self):
        """Does it hold what the record's own file holds?"""
        with self.client.get("/download/record.zip") as answer:
            return self.rows == rows_of(zipfile.ZipFile(io.BytesIO(answer.data)))


def row(file, fact):
    return (file, *sorted(fact.items()))


def rows_of(archive):
    names = [name for name in archive.namelist() if name.endswith(".csv")]
    tables = {name: csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8", newline="")) for name in names}
    return Counter(row(name, fact) for name, facts in tables.items() for fact in facts)


def acts(engine, code, day):
    """Two acts of one State in one revision."""
    moment = datetime(2026, 11, day, 12, tzinfo=UTC)
    facts = [signed(code, "untoc", "2001-01-01"), ratified(code, "untoc", "2003-05-01")]
    return repository.record_facts(engine, facts, what="a test", moment=moment).revision


def tracker(url, *words):
    with pytest.raises(SystemExit) as stopped:
        main(["--database", url, *map(str, words)])
    assert stopped.value.code == 0


def test_a_mirror_learns_that_an_older_copy_was_restored_and_begins_again(client, engine, database_url, tmp_path):
    mirror, late = Mirror(client), Mirror(client)
    tracker(database_url, "backup", tmp_path / "kept")
    number = acts(engine, "FRA", 2)
    assert (mirror.follow(), mirror.is_whole()) == (200, True)
    assert mirror.have == {"since": number, "made_at": "2026-11-02T12:00:00Z"}

    tracker(database_url, "restore", "--replace", tmp_path / "kept")
    assert mirror.follow() == 409, "there is no revision of its number now"
    assert acts(engine, "DEU", 3) == number
    assert mirror.follow() == 409, "there is one, and it is another"
    assert mirror.trouble["code"] == "put-back"
    assert "an older copy was restored" in mirror.trouble["message"]
    assert "Begin again from a file of /download/" in mirror.trouble["message"]

    mirror.begin()
    assert (mirror.follow(), mirror.is_whole()) == (200, True)
    assert (late.follow(), late.is_whole()) == (200, True), "what the backup held is held still"
    acts(engine, "ITA", 4)
    assert (mirror.follow(), mirror.is_whole()) == (200, True)


def test_a_mirror_in_the_middle_of_a_revision_does_not_go_on_in_another_of_its_number(
    client, engine, database_url, tmp_path
):
    mirror = Mirror(client, limit=1)
    tracker(database_url, "backup", tmp_path / "kept")
    number = acts(engine, "FRA", 2)
    assert mirror.ask() == 200
    assert f"after={number}." in mirror.next
    tracker(database_url, "restore", "--replace", tmp_path / "kept")
    acts(engine, "DEU", 3)
    assert mirror.follow() == 409
    mirror.begin()
    assert (mirror.follow(), mirror.is_whole()) == (200, True)


def test_whoever_says_no_moment_is_answered_by_the_number_alone(client, engine, database_url, tmp_path):
    tracker(database_url, "backup", tmp_path / "kept")
    number = acts(engine, "FRA", 2)
    tracker(database_url, "restore", "--replace", tmp_path / "kept")
    assert client.get(f"{FEED}?since={number}").status_code == 400
    acts(engine, "DEU", 3)
    answer = client.get(f"{FEED}?since={number}").json["data"]
    assert (answer["revisions"], answer["until"]) == ([], number)
    assert answer["until_made_at"] == "2026-11-03T12:00:00Z"


def test_every_answer_says_when_its_revision_was_made(client, engine):
    acts(engine, "FRA", 2)
    for path in ("/api/v1/instruments", f"{FEED}?limit=1", "/api/v1/record/revisions"):
        meta = client.get(path).json["meta"]
        assert (meta["revision"], meta["revision_made_at"]) == (2, "2026-11-02T12:00:00Z")


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01T00:00:00Z", "2026-11-02T12:00:00", "2026-11-02"])
def test_a_moment_that_makes_no_sense_is_refused(client, moment):
    assert client.get(FEED, query_string={"since": 1, "made_at": moment}).status_code == 400
