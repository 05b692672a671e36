"""Whoever keeps a copy of the record: bulk file, then the feed, and the copy holds what the record holds."""

import csv
import io
import json
import sqlite3
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tests.support.builders import acceded, body, instrument, judged, member, participant, ratified, signed
from tracker.errors import BadQuestion, PutBack
from tracker.law.model import Action, Weight
from tracker.storage import change_feed, repository
from tracker.storage.database import make_engine
from tracker.storage.downloads import DownloadBuilder, made_in
from tracker.storage.facts import FACT_SCHEMAS
from tracker.storage.import_export import export_files, import_files
from tracker.storage.schema import migrate

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 1, 12, tzinfo=UTC)
BASE = [participant("FRA"), participant("ITA"), participant("EU", note="=1+1"),
        instrument("untoc", threshold=2, delay="90d"),
        body("greco"), body("judge"), member("greco", "FRA", "1999-05-01")]  # fmt: skip

ACTS = st.tuples(st.sampled_from(["FRA", "ITA", "EU"]), st.integers(1, 4))


class Mirror:
    """A copy of the record that knows nothing of it but the feed, and perhaps a bulk file to begin with."""

    def __init__(self, rows=(), revision=0, made_at=None):
        self.rows, self.revision, self.made_at = Counter(rows), revision, made_at

    @classmethod
    def of_zip(cls, path):
        with zipfile.ZipFile(path) as archive:
            files = {name: csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8", newline=""))
                     for name in archive.namelist() if name.endswith(".csv")}  # fmt: skip
            rows = [_row(name, fact) for name, facts in files.items() for fact in facts]
            about = json.loads(archive.read("datapackage.json"))
            return cls(rows, about["revision"], datetime.fromisoformat(about["made_at"]))

    def follow(self, engine, limit):
        """Take in page after page until there is no more; how many pages it took."""
        pages, after, made_at = 0, "", self.made_at
        while True:
            page = change_feed.changes_since(engine, since=self.revision, after=after, made_at=made_at, limit=limit)
            pages += 1
            made_at = page.place_made_at
            assert sum(len(each["retracted"]) + len(each["recorded"]) for each in page.revisions) <= limit
            for each in page.revisions:
                for entry in each["retracted"]:
                    row = _row(entry["file"], entry["fact"])
                    assert self.rows[row] == 1, f"retracted what is not there: {row}"
                    del self.rows[row]
                self.rows.update(_row(entry["file"], entry["fact"]) for entry in each["recorded"])
            if not (after := page.place):
                self.revision, self.made_at = page.until, page.until_made_at
                assert page.until == page.current
                return pages


def _row(file, fact):
    return (file, *fact.items())


def exported(engine, folder):
    """The record's live rows, as export writes them."""
    export_files(engine, folder)
    rows = Counter()
    for schema in FACT_SCHEMAS:
        with (folder / schema.file).open(encoding="utf-8", newline="") as file:
            rows.update(_row(schema.file, row) for row in csv.DictReader(file))
    return rows


def story(engine):
    """An import, corrections, a retraction, something recorded again: a moment later each."""
    moments = (START + timedelta(hours=number) for number in range(99))

    def apply(*facts, **more):
        repository.record_facts(engine, facts, what="a correction", moment=next(moments), **more)

    repository.record_facts(engine, BASE, what="the beginning", moment=next(moments))
    apply(
        signed("FRA", "untoc", "2000-12-12"),
        signed("ITA", "untoc", "2000-12-13"),
        ratified("FRA", "untoc", "2002-10-29"),
    )
    apply(ratified("FRA", "untoc", "2002-10-30", doubt="a day later?"))
    apply(signed("ITA", "untoc", "2000-12-12", note="corrected"), acceded("EU", "untoc", "2004-05-21"))
    repository.retract_facts(engine, [acceded("EU", "untoc", "2004-05-21")], reason="mistaken", moment=next(moments))
    apply(
        acceded("EU", "untoc", "2004-05-21"),
        judged("list", "ITA", "grey", "2001"),
        Weight(table="t", participant="FRA", value=1.5, source="test"),
    )
    apply(
        participant("FRA", name="France"),
        instrument("untoc", threshold=3, delay="90d", title="Naïve “title”, with\nlines"),
    )
    apply(replace={Action})


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_a_mirror_that_begins_with_nothing_ends_with_the_record(engine, tmp_path, limit):
    story(engine)
    mirror = Mirror()
    pages = mirror.follow(engine, limit)
    assert mirror.rows == exported(engine, tmp_path)
    assert (pages > 10) == (limit == 1) or pages > 1 or limit == 1000
    assert mirror.revision == repository.current_revision(engine) == 8


def test_a_mirror_that_begins_with_the_bulk_file_ends_with_the_record(engine, tmp_path):
    repository.record_facts(engine, BASE, what="early", moment=START - timedelta(days=1))
    copies = made_in(engine, tmp_path)
    mirror = Mirror.of_zip(copies.files["record.zip"])
    assert mirror.revision == copies.revision
    story(engine)
    mirror.follow(engine, 2)
    assert mirror.rows == exported(engine, tmp_path / "out")
    assert mirror.follow(engine, 2) == 1


def test_the_shipped_record_is_mirrored_through_an_import_and_its_undoing(engine, tmp_path):
    import_files(engine, [ROOT / "data"], moment=START)
    mirror = Mirror()
    mirror.follow(engine, 3000)
    assert mirror.rows == exported(engine, tmp_path / "one")
    lines = (ROOT / "data" / "assessments.csv").read_text().splitlines(keepends=True)
    (tmp_path / "assessments.csv").write_text("".join([lines[0], *lines[200:]]))
    import_files(engine, [tmp_path / "assessments.csv"], moment=START, replace=True)
    mirror.follow(engine, 100)
    assert mirror.rows == exported(engine, tmp_path / "two")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.lists(ACTS, max_size=4), max_size=6), limit=st.integers(1, 5))
def test_whatever_is_corrected_in_whatever_order_a_mirror_ends_with_the_record(tmp_path_factory, steps, limit):
    folder = tmp_path_factory.mktemp("mirror")
    engine = make_engine(f"sqlite:///{folder / 'record.db'}")
    migrate(engine)
    repository.record_facts(engine, BASE, what="begin", moment=START)
    mirror = Mirror()
    for number, step in enumerate(steps):
        acts = [ratified(code, "untoc", f"2001-01-0{day}") for code, day in dict(step).items()]
        repository.record_facts(
            engine, acts, what=f"step {number}", moment=START, replace={Action} if number % 2 else set()
        )
        if number % 3 == 0:
            mirror.follow(engine, limit)
    mirror.follow(engine, limit)
    assert mirror.rows == exported(engine, folder / "out")
    engine.dispose()


def test_a_revision_says_when_through_what_and_whether_it_is_complete(engine):
    story(engine)
    page = change_feed.changes_since(engine, since=2, limit=2)
    assert [(each["revision"], each["what"], each["complete"]) for each in page.revisions] == [
        (3, "a correction", True)
    ]
    assert [each["fact"]["date"] for each in page.revisions[0]["retracted"]] == ["2002-10-29"]
    assert page.revisions[0]["recorded"][0]["fact"]["doubt"] == "a day later?"
    assert page.revisions[0]["made_at"] == START + timedelta(hours=2)
    part = change_feed.changes_since(engine, since=0, limit=3)
    assert (part.revisions[0]["complete"], part.until) == (False, 0)


def test_every_page_says_when_its_last_whole_revision_and_that_of_its_place_were_made(engine):
    story(engine)
    moments = {each["revision"]: each["made_at"] for each in change_feed.list_revisions(engine)} | {0: None}
    after = ""
    while True:
        page = change_feed.changes_since(engine, since=0, after=after, limit=2)
        assert page.until_made_at == moments[page.until]
        if not (after := page.place):
            break
        assert page.place_made_at == moments[int(after.partition(".")[0])]


@pytest.mark.parametrize("since", [1, 3, 8])
def test_a_revision_of_another_moment_is_not_the_one_that_the_mirror_has(engine, since):
    story(engine)
    made_at = START + timedelta(hours=since - 1)
    assert change_feed.changes_since(engine, since=since, made_at=made_at, limit=99).until == 8
    for another in (made_at + timedelta(microseconds=1), made_at - timedelta(days=400)):
        with pytest.raises(PutBack, match=f"no revision {since} made at .*older copy.*Begin again from a file"):
            change_feed.changes_since(engine, since=since, made_at=another, limit=99)
    with pytest.raises(PutBack):
        change_feed.changes_since(engine, since=9, made_at=made_at, limit=99)
    assert change_feed.changes_since(engine, since=0, made_at=made_at, limit=1).revisions, (
        "nothing is before everything"
    )


def test_what_is_not_there_yet_cannot_be_followed(engine):
    story(engine)
    with pytest.raises(BadQuestion, match="at revision 8; there is no revision 9"):
        change_feed.changes_since(engine, since=9, limit=1)
    with pytest.raises(BadQuestion, match="not a place in the feed"):
        change_feed.changes_since(engine, since=0, after="x", limit=1)
    assert change_feed.changes_since(engine, since=8, limit=1).revisions == []


def test_an_empty_record_has_an_empty_feed(engine):
    assert change_feed.changes_since(engine, since=0, limit=10) == change_feed.FeedPage([], 0, 0, "")


def test_revisions_come_newest_first_in_pages(engine):
    story(engine)
    assert [each["revision"] for each in change_feed.list_revisions(engine, limit=3)] == [8, 7, 6]
    assert [each["revision"] for each in change_feed.list_revisions(engine, before=3)] == [2, 1]


def test_a_page_is_found_by_the_indexes_and_not_by_reading_the_record(engine):
    story(engine)
    asked = []
    event.listen(
        engine, "before_cursor_execute", lambda c, cur, statement, values, *_: asked.append((statement, values))
    )
    change_feed.changes_since(engine, since=6, limit=5)
    pages = [each for each in asked if "retracted_in" in each[0] or "recorded_in" in each[0]]
    assert len(pages) == 2 * len(FACT_SCHEMAS)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):  # which are quicker for tables of a few rows
                connection.exec_driver_sql(f"SET enable_{way} = off")
        for statement, values in pages:
            explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
            plan = " ".join(str(row) for row in connection.exec_driver_sql(explain + statement, values))
            assert "came_" in plan or "went_" in plan, plan
            for costly in ("SCAN", "Seq Scan", "B-TREE", "Sort"):
                assert costly not in plan, plan


# -- the files ---------------------------------------------------------------------------------------


def test_both_files_hold_what_export_writes(engine, tmp_path):
    story(engine)
    rows, copies = exported(engine, tmp_path / "out"), made_in(engine, tmp_path)
    assert Mirror.of_zip(copies.files["record.zip"]).rows == rows
    with zipfile.ZipFile(copies.files["record.zip"]) as archive:
        for schema in FACT_SCHEMAS:
            assert archive.read(schema.file) == (tmp_path / "out" / schema.file).read_bytes()
    file = sqlite3.connect(copies.files["record.sqlite"])
    for schema in FACT_SCHEMAS:
        found = file.execute(f'SELECT * FROM "{Path(schema.file).stem}"')
        assert tuple(each[0] for each in found.description) == schema.names
        as_text = Counter((schema.file, *zip(schema.names, map(_text, row), strict=True)) for row in found)
        assert as_text == Counter({row: number for row, number in rows.items() if row[0] == schema.file})
    about = dict(file.execute("SELECT name, value FROM about"))
    assert (about["revision"], about["licence"]) == ("8", "CC0-1.0")
    assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()


def _text(value):
    return "" if value is None else str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@pytest.mark.parametrize("name", ["record.zip", "record-parquet.zip"])
def test_a_file_of_files_has_the_time_of_its_revision_and_not_of_the_clock(engine, tmp_path, name):
    repository.record_facts(engine, BASE, what="early", moment=datetime(2021, 3, 4, 5, 6, 8, tzinfo=UTC))
    with zipfile.ZipFile(made_in(engine, tmp_path).files[name]) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2021, 3, 4, 5, 6, 8)}


def test_the_files_are_made_once_for_each_revision_and_the_same_each_time(engine, tmp_path):
    story(engine)
    bulk = DownloadBuilder(engine)
    first = bulk.copies()
    assert bulk.copies() is first
    (tmp_path / "again").mkdir()
    again = made_in(engine, tmp_path / "again")
    assert {n: p.read_bytes() for n, p in first.files.items()} == {n: p.read_bytes() for n, p in again.files.items()}
    repository.record_facts(
        engine, [signed("ITA", "untoc", "2001-01-01")], what="more", moment=START + timedelta(days=9)
    )
    later = bulk.copies()
    assert later.revision == first.revision + 1
    assert not any(path.exists() for path in first.files.values())
    assert all(path.exists() for path in later.files.values())
