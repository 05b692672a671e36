"""`tracker.open()`: one door to every source, names as people write them, answers that show themselves."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pandas as pd
import polars as pl
import pytest

import tracker
from tests.support.data_files import sound_folder
from tests.support.full_record import BEGUN
from tests.support.paths import DATA
from tracker.app import create_app
from tracker.config import Settings
from tracker.errors import BadData, BadQuestion, Refused
from tracker.library.record import Record, UnknownName
from tracker.storage.database import open_engine
from tracker.storage.import_export import import_files
from tracker.storage.schema import migrate


@pytest.fixture(scope="module")
def rec(record):
    return Record(record.as_of(date(2026, 11, 1)), "the data that come with the program")


def test_importing_the_package_loads_nothing_else():
    program = "import sys, tracker; print(*[n for n in sys.modules if n.startswith('tracker.')]); print(tracker.open)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("\n<function open")
    assert not [name for name in ("pyarrow", "sqlalchemy", "pydantic", "requests") if name in ended.stdout]


def test_the_package_tells_type_checkers_that_it_is_typed():
    assert (Path(tracker.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize("on", ["1992-01-01", "2003-09-29", "2012-01-01", "2026-11-22"])
@pytest.mark.parametrize("id", ["untoc", "drugs-1988", "oas-corruption", "oas-cifta", "un-cybercrime"])
def test_lists_of_signatories_and_parties_are_as_long_as_their_counts(rec, id, on):
    treaty, counts = rec[id], rec[id].as_of(on).status.value
    assert (len(treaty.signatories(on=on)), len(treaty.parties(on=on))) == (counts.signatories, counts.parties)


def test_a_treaty_counts_its_parties_on_a_day(rec):
    untoc = rec["untoc"]
    assert len(untoc.parties(on="2003-07-01")) == 40
    assert len(untoc.parties(on=date(2003, 6, 30))) < 40
    assert len(untoc.signatories()) == untoc.status.value.signatories == 147
    assert "29 September 2003" in repr(untoc)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("untoc", "untoc"), ("UNTOC", "untoc"), ("XVIII-12", "untoc"), ("xviii-12", "untoc"),
        ("Palermo Convention", "untoc"), ("palermo convention", "untoc"), ("FRA", "FRA"), ("fr", "FRA"),
        ("France", "FRA"), ("French Republic", "FRA"), ("Côte d'Ivoire", "CIV"), ("cote d’ivoire", "CIV"),
        ("GRECO", "greco"), ("Group of States against Corruption", "greco"), ("EU", "EU"), ("eu", "eu"),
    ],
)  # fmt: skip
def test_names_are_taken_as_people_write_them(rec, name, found):
    thing = rec[name]
    assert (getattr(thing, "id", "") or thing.code) == found
    assert name in rec


def test_a_name_of_two_things_is_asked_about_and_an_unknown_one_proposes_others(rec):
    with pytest.raises(BadQuestion, match=r"'EC' may mean 'ECU' \(Ecuador\) or 'EU' \(European Union\)"):
        rec["EC"]
    assert rec.participant("EU").code == "EU"
    assert rec.body("European Union").id == "eu"
    with pytest.raises(UnknownName, match="Did you mean France") as trouble:
        rec["Frnace"]
    assert isinstance(trouble.value, KeyError)
    assert "Frnace" not in rec
    with pytest.raises(UnknownName):
        rec.treaty("FRA")


def test_two_letters_of_a_state_that_is_gone_mean_the_state_that_has_them_now(rec):
    gone = {who.iso2: who for who in rec.ledger.participants.values() if who.exists_to and who.iso2}
    now = {who.iso2: who.code for who in rec.ledger.participants.values() if not who.exists_to}
    again = [two for two in gone if two in now]
    assert all(rec.participant(two).code == now[two] for two in again)


def test_a_scenario_takes_names_and_one_day_or_one_each(rec):
    same = rec["un-cybercrime"].what_if(["FRA", "Germany"], on="2027-03-01", threshold=2)
    assert same.value.after.entry_into_force.date == date(2027, 5, 30)
    each = rec["un-cybercrime"].what_if({"FR": "2027-03-01", "DEU": "2027-05-01"}, threshold=2)
    assert each.value.after.entry_into_force.date == date(2027, 7, 30)
    assert "30 July 2027" in repr(each)
    gone = rec["untoc"].what_if(withdrawals="France")
    assert gone.value.after.parties == gone.value.before.parties - 1
    with pytest.raises(BadQuestion, match="FRA"):
        rec["untoc"].what_if("France")


def test_what_is_in_force_between_two_states_is_said_with_its_ground(rec):
    found = rec["untoc"].between("France", "DE")
    assert found.value.participants == ("FRA", "DEU")
    assert repr(found).startswith("UNTOC between France and Germany on 2026-11-01: in-force, since 14 July 2006")
    assert rec["untoc"].between("FRA", "DEU", on="2003-07-01").value.state == "not-in-force"


def test_a_table_becomes_a_data_frame_with_true_dates(rec):
    rows = rec["untoc"].parties(on="2003-07-01")
    frame = rows.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) == 40
    assert frame.set_index("participant").loc["ARM", "consent_first"] == pd.Timestamp("2003-07-01")
    other = rows.to_frame("polars")
    assert other.schema["consent_first"] == pl.Date
    assert other.schema["doubts"] == pl.List(pl.String)
    assert other.filter(participant="ARM")["consent_precision"].item() == "day"
    assert rows.to_csv().splitlines()[0].startswith("participant,name,kind")


def test_a_day_known_in_part_is_not_rounded_in_a_data_frame(tmp_path):
    frame = tracker.open(sound_folder(tmp_path)).treaty("untoc").parties().to_frame("polars")
    italy = frame.filter(participant="ITA").row(0, named=True)
    assert (italy["consent_first"], italy["consent_last"]) == (date(2006, 1, 1), date(2006, 12, 31))
    assert italy["consent_precision"] == "year"


def test_tables_and_answers_show_themselves_as_text_and_as_html(rec):
    rows = rec["untoc"].parties()
    assert repr(rows).splitlines()[0] == f"Parties to UNTOC as of 2026-11-01: {len(rows)}"
    assert repr(rows).splitlines()[-1].startswith(f"... and {len(rows) - 10} more")
    assert rows._repr_html_().count("<tr>") == 11
    for shown in (rec, rec["untoc"], rec["FRA"], rec["greco"], rec.treaties, rec["FRA"].actions, rec.participants):
        assert shown._repr_html_().startswith("<")
        assert "object at 0x" not in repr(shown)
    assert rows[:2].columns == rows.columns
    assert [row.participant for row in rows.where(lambda row: row.name == "France")] == ["FRA"]


def test_what_is_shown_in_a_notebook_is_escaped(tmp_path):
    folder = sound_folder(tmp_path)
    file = folder / "participants.csv"
    file.write_text(file.read_text().replace(",Italy,", ",<img src=x>,"))
    assert "<img" not in tracker.open(folder)["untoc"].parties()._repr_html_()


def test_a_folder_one_file_and_a_database_open_alike(tmp_path):
    folder = sound_folder(tmp_path / "files")
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with open_engine(url) as engine:
        migrate(engine)
        import_files(engine, [folder], moment=BEGUN)
    opened = [tracker.open(folder), tracker.open(str(folder)), tracker.open(url)]
    assert {repr(rec["untoc"].status) for rec in opened} == {repr(opened[0]["untoc"].status)}
    assert len(tracker.open(folder / "participants.csv").ledger.participants) == 5


def test_the_data_of_a_running_tracker_open_by_its_address(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with open_engine(url) as engine:
        migrate(engine)
        import_files(engine, [sound_folder(tmp_path / "files")], moment=BEGUN)

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    with make_server("127.0.0.1", 0, create_app(Settings(database_url=url)), handler_class=Quiet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert len(tracker.open(address + "/")["untoc"].parties()) == 2
        with pytest.raises(Refused, match="404"):
            tracker.open(address + "/nothing")
        server.shutdown()


def test_what_is_no_source_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(BadQuestion, match="no file or folder"):
        tracker.open(tmp_path / "nothing")
    (tmp_path / "bad.zip").write_bytes(b"PK")
    with pytest.raises(Refused, match=r"bad\.zip is not a zip"):
        tracker.open(tmp_path / "bad.zip")
    with pytest.raises(BadData):
        tracker.open(sound_folder(tmp_path / "bad", participants="code,name\nFRA,France\n"))


def test_the_shipped_data_open_without_a_word():
    assert len(tracker.open()) == len((DATA / "treaties.csv").read_text().splitlines()) - 1
