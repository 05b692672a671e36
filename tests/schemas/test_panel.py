"""The panel against one made by hand: three treaties, ten States, forty years; and as every tool reads it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import duckdb
import pandas as pd
import polars as pl
import pytest
from click.testing import CliRunner

from tests.support.builders import SOURCE, acceded, act, instrument, participant, ratified, signed, stated, withdrew
from tracker.cli import cli
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, ParticipantCode, ParticipantKind
from tracker.law.status import ParticipantStatus, status_of
from tracker.schemas.panel import panel_rows, status_spells
from tracker.storage.downloads import write_record_parquet
from tracker.storage.panel_files import panel_tables, spell_tables, write_tables

END = date(2019, 12, 31)
ALWAYS = ("A1", "A2", "A3", "A4", "A5", "A9", "A10")


def code(who, scheme, value, start="", end=""):
    parts = {"start": PartialDate.parse(start) if start else None, "end": PartialDate.parse(end) if end else None}
    return ParticipantCode(participant=who, scheme=scheme, code=value, source=SOURCE, **parts)


FACTS = [
    *(participant(who) for who in ALWAYS),
    participant("A6", kind=ParticipantKind.FORMER_STATE, exists_to="1992-12-31", successors=("A7", "A8")),
    participant("A7", exists_from="1993-01-01"),
    participant("A8", exists_from="1993-01-01"),
    code("A6", "cow", "SIX", "1945", "1992"), code("A6", "cow-number", "600", "1945", "1992"),
    code("A7", "cow", "SEV", "1993"), code("A7", "cow-number", "700", "1993"), code("A1", "m49", "004"),
    code("A1", "gw-number", "110", "1816", "1999"), code("A1", "gw-number", "111", "2000"),
    instrument("alpha", adopted_on="1980-06-01", threshold=3, delay="90d", party_delay="30d", withdrawal_delay="1y"),
    instrument("beta", adopted_on="1990-03-01", threshold=2, delay="1m", party_delay="1m"),
    instrument("gamma", adopted_on="2005-01-01", threshold=5, delay="90d"),
    signed("A1", "alpha", "1980-07-01"), ratified("A1", "alpha", "1981-03-01"),
    signed("A2", "alpha", "1980-07-01"), ratified("A2", "alpha", "1982-11-15"),
    acceded("A3", "alpha", "1982-12-20"), acceded("A4", "alpha", "1990-12-10"), signed("A5", "alpha", "1981-01-01"),
    ratified("A6", "alpha", "1985-01-01"),
    act(ActionKind.SUCCESSION, "A7", "alpha", "1993-06-01", effective_on="1993-01-01"),
    signed("A9", "alpha", "1980-08-01"), ratified("A9", "alpha", "1999"), withdrew("A1", "alpha", "2000-05-01"),
    ratified("A2", "beta", "1991-01-31"), ratified("A3", "beta", "1991-05-31"), acceded("A4", "beta", "2010-12-31"),
    signed("A1", "gamma", "2005-01-01"), ratified("A2", "gamma", "2006-02-02"),
    stated("reservation", "A4", "alpha", "1990-12-10", article="Art. 3", withdrawn_on="1995-06-01"),
]  # fmt: skip

# By treaty and State, the first year of each status at the end of a year. Made by hand from the deposits above: alpha
# is in force from 20 March 1983, the 90th day after the third deposit, beta from 30 June 1991, gamma not at all.
NONE, SIGNED, CONSENTED, PARTY, LEFT = "none", "signatory", "contracting party", "party", "withdrawn"
BY_HAND = {
    "alpha": {
        "A1": {1980: SIGNED, 1981: CONSENTED, 1983: PARTY, 2001: LEFT},
        "A2": {1980: SIGNED, 1982: CONSENTED, 1983: PARTY},
        "A3": {1980: NONE, 1982: CONSENTED, 1983: PARTY},
        "A4": {1980: NONE, 1990: CONSENTED, 1991: PARTY},
        "A5": {1980: NONE, 1981: SIGNED},
        "A6": {1980: NONE, 1985: PARTY},
        "A7": {1993: PARTY},
        "A8": {1993: NONE},
        "A9": {1980: SIGNED, 1999: CONSENTED, 2000: PARTY},
        "A10": {1980: NONE},
    },
    "beta": {
        "A1": {1990: NONE}, "A2": {1990: NONE, 1991: PARTY}, "A3": {1990: NONE, 1991: PARTY},
        "A4": {1990: NONE, 2010: CONSENTED, 2011: PARTY}, "A5": {1990: NONE}, "A6": {1990: NONE}, "A7": {1993: NONE},
        "A8": {1993: NONE}, "A9": {1990: NONE}, "A10": {1990: NONE},
    },
    "gamma": {
        "A1": {2005: SIGNED}, "A2": {2005: NONE, 2006: CONSENTED}, "A3": {2005: NONE}, "A4": {2005: NONE},
        "A5": {2005: NONE}, "A7": {2005: NONE}, "A8": {2005: NONE}, "A9": {2005: NONE}, "A10": {2005: NONE},
    },
}  # fmt: skip


def by_hand():
    """Every cell of the panel made by hand."""
    cells = {}
    for treaty, states in BY_HAND.items():
        for who, turns in states.items():
            for year in range(min(turns), 1993 if who == "A6" else 2020):
                cells[treaty, who, year] = turns[max(turn for turn in turns if turn <= year)]
    return cells


@pytest.fixture(scope="module")
def ledger():
    return Ledger(FACTS).as_of(END)


@pytest.fixture(scope="module")
def rows(ledger):
    return {(row.treaty, row.participant, row.year): row for row in panel_rows(ledger)}


def test_the_panel_is_the_one_made_by_hand(rows):
    assert {key: row.status.value for key, row in rows.items()} == by_hand()
    assert len({row.year for row in rows.values()}) == 40


def test_each_row_has_the_dates_that_were_known_by_the_end_of_its_year(rows):
    before, after = rows["alpha", "A4", 1990], rows["alpha", "A4", 1991]
    assert (str(before.consent), before.action, before.effect) == ("1990-12-10", ActionKind.ACCESSION, None)
    assert (after.effect, after.party, after.signature) == (date(1991, 1, 9), True, None)
    leaving, left = rows["alpha", "A1", 2000], rows["alpha", "A1", 2001]
    assert (str(leaving.withdrawal), leaving.withdrawal_effect) == ("2000-05-01", date(2001, 5, 1))
    assert (left.status, left.party, str(left.signature)) == (ParticipantStatus.WITHDRAWN, False, "1980-07-01")
    assert {row.treaty_in_force for row in rows.values() if row.treaty == "gamma"} == {False}
    assert [rows["alpha", "A10", year].treaty_in_force for year in (1982, 1983)] == [False, True]


def test_what_a_date_known_in_part_leaves_open_is_said(rows):
    assert rows["alpha", "A9", 1999].possible is ParticipantStatus.PARTY
    assert str(rows["alpha", "A9", 1999].consent) == "1999"
    assert {row.possible for row in rows.values() if row.year != 1999} == {None}


def test_the_codes_are_those_of_the_year(rows):
    assert (rows["alpha", "A6", 1992].cow, rows["alpha", "A6", 1992].cow_number) == ("SIX", 600)
    assert (rows["alpha", "A7", 1993].cow, rows["alpha", "A8", 1993].cow) == ("SEV", None)
    assert [rows["alpha", "A1", year].gw_number for year in (1999, 2000)] == [110, 111]
    assert rows["alpha", "A1", 1980].m49 == 4


def test_a_reservation_is_marked_while_it_stands_and_its_absence_is_not_claimed(rows):
    assert [rows["alpha", "A4", year].reservation for year in (1989, 1990, 1994, 1995)] == [None, True, True, None]


def test_the_years_may_be_chosen_and_a_year_that_has_not_ended_is_left_out():
    middle = Ledger(FACTS).as_of(date(2019, 6, 30))
    assert {row.year for row in panel_rows(middle, first=2017, last=2030, treaties=["beta"])} == {2017, 2018}


def test_the_spells_say_the_status_of_every_day(ledger):
    spells = [spell for treaty in BY_HAND for spell in status_spells(ledger, treaty)]
    days = [date(1980, 1, 1) + timedelta(days=97 * step) for step in range(150)]
    days += [end + timedelta(days=1) for spell in spells for end in (spell.from_, spell.to or END)]
    for day in filter(lambda each: each <= END, days):
        view = ledger.as_of(day)
        held = {(s.treaty, s.participant): s.status for s in spells if s.from_ <= day and (s.to is None or day <= s.to)}
        now = {
            (treaty, who): found for treaty in BY_HAND for who in ledger.participants
            if (found := status_of(view, treaty, who).status) is not ParticipantStatus.NONE
        }  # fmt: skip
        assert held == now, day


def test_pandas_polars_and_duckdb_read_the_panel_without_options(ledger, tmp_path):
    write_tables(panel_tables(ledger), [tmp_path / f"panel.{ending}" for ending in ("csv", "parquet")])
    expected = by_hand()
    parties = sum(status == PARTY for status in expected.values())
    for ending in ("csv", "parquet"):
        question = f"SELECT count(*), sum(party::int), min(consent_first) FROM '{tmp_path}/panel.{ending}'"
        assert duckdb.sql(question).fetchall()[0] == (len(expected), parties, date(1981, 3, 1))
    frames = [pd.read_csv(tmp_path / "panel.csv"), pd.read_parquet(tmp_path / "panel.parquet")]
    for frame in frames:
        assert (len(frame), frame.party.sum(), frame.cow_number.max()) == (len(expected), parties, 700)
    assert frames[0].party.dtype == bool
    tables = [pl.read_csv(tmp_path / "panel.csv"), pl.read_parquet(tmp_path / "panel.parquet")]
    assert [(len(frame), frame["party"].sum()) for frame in tables] == [(len(expected), parties)] * 2
    assert tables[0]["party"].dtype == pl.Boolean
    assert tables[1]["consent_first"].dtype == pl.Date


def test_the_record_as_parquet_has_true_dates_lists_and_one_name_for_one_thing(record, tmp_path):
    facts = [*FACTS, record.instrument("untoc-tip"), record.participant("FRA"), record.participant("NAM")]
    write_record_parquet(facts, tmp_path / "record.zip", {"revision": "1"}, datetime(2026, 11, 1, tzinfo=UTC))
    with ZipFile(tmp_path / "record.zip") as archive:
        archive.extractall(tmp_path)
    actions = pl.read_parquet(tmp_path / "parties.parquet")
    assert actions.schema["date_first"] == pl.Date
    unclear = actions.filter(participant="A9", action="ratification").row(0, named=True)
    assert (unclear["date_first"], unclear["date_last"]) == (date(1999, 1, 1), date(1999, 12, 31))
    assert unclear["date_precision"] == "year"
    assert set(actions["grade"]) == {"not-graded"}  # their source is no publication
    people = duckdb.sql(f"SELECT participant, iso2, successors FROM '{tmp_path}/participants.parquet'").fetchall()
    assert ("A6", None, ["A7", "A8"]) in people
    assert [iso2 for who, iso2, _ in people if who == "NAM"] == ["NA"]
    treaty = pd.read_parquet(tmp_path / "treaties.parquet").set_index("treaty").loc["untoc-tip"]
    assert (treaty.registration, treaty.registered_on_first) == ("39574", date(2003, 12, 25))


def test_the_command_writes_the_panel_and_the_spells(tmp_path):
    def run(*arguments):
        command = ["--database", f"sqlite:///{tmp_path}/own.db", *arguments]
        return CliRunner().invoke(cli, command, catch_exceptions=False).output

    run("init")
    table = run("panel", "coe-224", "--from", "2023", "--to", "2024")
    found = list(csv.DictReader(io.StringIO(table)))
    assert {row["year"] for row in found} == {"2023", "2024"}
    assert {row["treaty"] for row in found} == {"coe-224"}
    told = run("panel", "coe-224", "--spells", "--as-of", "2026-11-01", "--output", str(tmp_path / "spells.parquet"))
    assert f"{len(pl.read_parquet(tmp_path / 'spells.parquet'))} rows written" in told


def test_spells_have_typed_columns(ledger):
    columns = {column.name: column.type for column in next(spell_tables(ledger, ["alpha"]))}
    assert (columns["from"], columns["to"]) == ("date", "date")
