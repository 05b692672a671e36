"""The panel as files: written treaty by treaty, and made for the site by a process of its own."""

import csv
import sys
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from tests.support.builders import instrument, participant, ratified
from tracker.errors import NotReady
from tracker.storage import repository
from tracker.storage.panel_files import PanelBuilder, panel_tables, write_tables

NOW = datetime(2021, 3, 1, tzinfo=UTC)
TODAY = date(2021, 6, 1)
LONG = 300  # seconds, which nobody waits for
FACTS = [participant("FRA"), participant("ITA"), instrument("alpha"), ratified("FRA", "alpha", "2018-05-01")]


@pytest.fixture
def builder(engine):
    repository.record_facts(engine, FACTS, what="import", moment=NOW)
    return PanelBuilder(engine)


def rows_of(found):
    with found.files["panel.csv"].open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_files_hold_the_panel_of_the_record_and_say_of_which_revision_they_are(builder, engine, tmp_path):
    found = builder.files(tmp_path, TODAY, LONG)
    write_tables(panel_tables(repository.load_ledger(engine).as_of(date(2020, 12, 31))), [tmp_path / "here.csv"])
    assert found.files["panel.csv"].read_bytes() == (tmp_path / "here.csv").read_bytes()
    assert {row["year"] for row in rows_of(found)} == {"2018", "2019", "2020"}
    assert pl.read_parquet(found.files["panel.parquet"]).rows() == pl.read_csv(
        tmp_path / "here.csv", schema=pl.read_parquet_schema(found.files["panel.parquet"])
    ).rows()  # fmt: skip
    assert (found.of, found.last) == ((1, NOW), date(2020, 12, 31))


def test_they_are_made_once_for_each_revision_and_year(builder, engine, tmp_path):
    first = builder.files(tmp_path, TODAY, LONG)
    assert builder.files(tmp_path, TODAY, 0) is first
    assert builder.files(tmp_path, date(2022, 1, 1), LONG).last == date(2021, 12, 31)
    repository.record_facts(engine, [ratified("ITA", "alpha", "2019-01-01")], what="more", moment=NOW + timedelta(1))
    later = builder.files(tmp_path, TODAY, LONG)
    assert later.of == (2, NOW + timedelta(1))
    assert sum(row["consent_first"] > "" for row in rows_of(later)) == 5
    assert not first.folder.exists()


def test_nobody_waits_but_one_and_meanwhile_the_files_of_before_are_given(builder, engine, tmp_path):
    with pytest.raises(NotReady, match="is being made"):
        builder.files(tmp_path, TODAY, 0)
    first = builder.files(tmp_path, TODAY, LONG)
    repository.record_facts(engine, [ratified("ITA", "alpha", "2019-01-01")], what="more", moment=NOW + timedelta(1))
    assert builder.files(tmp_path, TODAY, 0) is first
    assert builder.files(tmp_path, TODAY, LONG).of[0] == 2


def test_files_that_cannot_be_made_are_not_tried_again_at_once(builder, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    for _ in range(3):
        with pytest.raises(NotReady):
            builder.files(tmp_path, TODAY, LONG)
    assert [each.message for each in caplog.records] == ["The panel could not be made: its process ended with 1."]
    assert list(tmp_path.glob("*/panel.csv")) == []


def test_without_room_for_the_files_nothing_is_left_half_done(builder, tmp_path, caplog):
    with pytest.raises(NotReady):
        builder.files(tmp_path / "gone", TODAY, LONG)
    assert "No such file or directory" in caplog.text
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_panel_of_no_treaty_has_its_columns_all_the_same(engine, tmp_path, ending):
    repository.record_facts(engine, FACTS[:2], what="import", moment=NOW)
    path = tmp_path / f"panel.{ending}"
    assert write_tables(panel_tables(repository.load_ledger(engine)), [path]) == 0
    table = pl.read_csv(path) if ending == "csv" else pl.read_parquet(path)
    assert (table.height, table.columns[:3]) == (0, ["participant", "name", "iso3"])
