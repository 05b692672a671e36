"""Each benchmark still runs, on a tiny size and without its peers; what it measures is nobody's business here."""

import requests

from benchmarks import commands, growth, importing, official_dates, pages, serving, snapshot
from benchmarks import generated_record as made
from benchmarks import network_drawing as drawing
from benchmarks.common import NOW, ROOT, keep, record_at
from tracker.storage import repository
from tracker.storage.import_export import import_files

SNAPSHOT = """mtdsg_no,participant,action,date
XVIII-12,France,signature,2000-12-12
XVIII-12,France,ratification,2002-10-29
XVIII-12-a,CÔTE D'IVOIRE,signature,2000-12-12
XVIII-12-a,Ruritania (Kingdom of),accession,2001-01-01
XVIII-12-a,Ruritania: Kingdom of,accession,
XVIII-12-a,2nd Commission for the Preparation of the Preparations,acceptance,2003-02-03
"""


def rows_of(table):
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


def test_serving_measures_the_tracker_and_bare_sql(tmp_path):
    [table] = serving.run(tmp_path, seconds=0.2, connections=2, peers=None)
    rows = rows_of(table)
    assert {row[1] for row in rows} >= {"JSON, kept", "HTML, kept", "JSON, computed", "HTML, computed, another day"}
    assert all(row[-1] == "0" for row in rows), "every answer is one"


def test_importing_measures_each_way_in(tmp_path):
    facts = importing._some(made.record(), 50)
    rows = rows_of(importing.compared(facts, tmp_path, "", 1, None))
    assert [row[0] for row in rows] == ["tracker import, SQLite", "Core executemany, SQLite"]


def test_growth_measures_each_size(tmp_path):
    rows = list(growth.grown([250, 500], ""))
    assert [row[1] for row in rows] == [250, 500]
    assert growth.picture(rows).count("<path") == 2 + 6


def test_pages_measures_a_page(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with record_at(url) as engine:
        import_files(engine, [ROOT / "data"], moment=NOW)
        [row] = rows_of(pages.measured(url, ("/about",), 2))
    assert row[0] == "`/about`"


def snapshot_at(folder):
    path = folder / "snapshot.csv"
    path.write_text(SNAPSHOT, encoding="utf-8")
    return path


def test_a_snapshot_can_be_kept_in_a_database_and_read_again(engine, tmp_path):
    facts = list(snapshot.record(snapshot_at(tmp_path)))
    keep(engine, facts)
    held = repository.load_ledger(engine)
    assert len(held.acts("xviii-12-a")) + len(held.undated("xviii-12-a")) == 4
    assert held.participants["FRA"].region == "Europe", "a name that the shipped record knows is its participant"
    assert held.participants["CIV"].name == "Côte d'Ivoire"
    assert {"RURITANIA-KINGDOM-OF", "RURITANIA-KINGDOM-OF-2"} < set(held.participants)
    assert set(repository.live_facts(engine)) == set(facts)


def test_drawing_serves_a_snapshot_from_its_database(tmp_path):
    with drawing.served(snapshot.record(snapshot_at(tmp_path)), tmp_path) as address:
        answer = requests.get(f"{address}/network.json", params={"view": "ties", "as_of": "2013-07-06"}, timeout=30)
    assert {row["from"] for row in answer.json()["data"]["ties"]} >= {"FRA", "CIV"}


def test_commands_are_measured_in_processor_time(tmp_path):
    assert 0 < commands.processor_seconds([str(commands.TRACKER), "--version"]) < 60


def test_official_dates_are_held_against_the_computed_ones():
    deposit = {"mtdsg_no": "III-3", "action": "ratification", "date": "1964-03-25"}
    rows = [{**deposit, "participant": f"State {number}"} for number in range(22)]
    later = {**deposit, "participant": "State 22", "date": "1970-01-01"}  # so that the snapshot reaches beyond the day
    [found] = official_dates.compare([*rows, later])
    assert (found.reference, found.computed, found.agrees) == ("III-3", found.official, True)
    [late] = official_dates.compare([*rows[1:], later])
    assert not late.agrees
