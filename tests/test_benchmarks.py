"""Each benchmark still runs, on a tiny size and without its peers; what it measures is nobody's business here."""

from datetime import date

import requests

from benchmarks import commands, deposit_records, growth, importing, official_dates, pages, serving, snapshot, sync_cost
from benchmarks import generated_record as made
from benchmarks import network_drawing as drawing
from benchmarks.common import NOW, ROOT, keep, record_at
from benchmarks.deposit_records import DepositRecord
from benchmarks.official_dates import Files, Outcome
from tests.support import status_documents
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


VIENNA = "III-3"  # enters into force on the 30th day after the 22nd deposit; officially 1964-04-24
LISTED = [
    {"mtdsg_no": VIENNA, "short_name": "Diplomatic Relations", "rule_kind": "entry_into_force",
     "official_entry_into_force": "1964-04-24"},
    {"mtdsg_no": "XXVI-9", "short_name": "TPNW", "rule_kind": "entry_into_force",
     "official_entry_into_force": "2021-01-22"},
    {"mtdsg_no": VIENNA, "short_name": "Withdrawal", "rule_kind": "withdrawal", "official_entry_into_force": ""},
]  # fmt: skip


def deposits_of(name, number, on="1964-03-25", **more):
    made = [
        {"mtdsg_no": VIENNA, "participant": f"State {n}", "action": "ratification", "date": on} for n in range(number)
    ]
    return DepositRecord(name, {VIENNA: [*made, *({**made[0], **row} for row in more.get("others", ()))]})


def test_official_dates_are_held_against_the_computed_ones_row_by_row():
    [found, without_deposits, other] = official_dates.compare(LISTED, Files([deposits_of("one", 22)]))
    assert (found.outcome, found.computed, found.deposits) == (Outcome.REPRODUCED, found.official, 22)
    assert without_deposits.outcome is Outcome.NOT_TESTABLE
    assert "in no file" in without_deposits.why
    assert other.why == "a clause on withdrawal"
    page = official_dates.page([found, without_deposits, other])
    assert "**1 are reproduced, 0 differ**" in page


def test_the_record_with_most_deposits_by_the_official_date_is_used_and_named():
    later = {"participant": "State 23", "date": "1970-01-01"}
    few, many = deposits_of("few", 21, others=[later]), deposits_of("many", 22, others=[later])
    assert official_dates.compare(LISTED, Files([few, many]))[0].record == "many"
    assert official_dates.compare(LISTED, Files([few, few]))[0].record == "few", "of two with the same number the first"
    early = deposits_of("early", 23, on="1964-01-01")
    [differing, *_] = official_dates.compare(LISTED, Files([early, many]))
    assert differing.outcome is Outcome.DIFFERS
    assert differing.why.endswith("the many gives 1964-04-24")


def test_a_record_that_ends_before_the_threshold_proves_nothing():
    [found, *_] = official_dates.compare(LISTED, Files([deposits_of("one", 21)]))
    assert found.outcome is Outcome.NOT_TESTABLE
    assert "ends before the threshold" in found.why


def test_the_deposit_of_a_former_state_in_a_footnote_counts_beside_any_record():
    note = "Czechoslovakia had signed and ratified the Convention on 18April 1961 and 24 May 1963, respectively, with a"
    rows = list(deposit_records.former_states_in(VIENNA, [note, "The former Yugoslavia had nothing to say."]))
    assert [(row["participant"], row["action"], row["date"]) for row in rows] == [
        ("CSK", "signature", "1961-04-18"),
        ("CSK", "ratification", "1963-05-24"),
    ]
    [found, *_] = official_dates.compare(LISTED, Files([deposits_of("one", 21)], rows))
    assert found.outcome is Outcome.REPRODUCED


def test_official_dates_are_read_from_status_files_lists_and_our_own_data(tmp_path):
    file = [("France", " 1 Feb\t 1962 ", "22 Apr\t 1963")]
    (tmp_path / "III-3.en.xml").write_bytes(status_documents.xml(VIENNA, file, signatories=1, parties=1))
    (tmp_path / "III-4.en.xml").write_bytes(b"<Document><Treaty/></Document>")
    record, former, refused = deposit_records.status_files(tmp_path)
    assert [row["date"] for row in record.rows[VIENNA]] == ["1962-02-01", "1963-04-22"]
    assert (former, len(refused)) == ([], 1)
    assert deposit_records.own_data().consents_by("ETS 185", date(2004, 7, 1)) == 6
    snapshot_record = deposit_records.snapshot_file(snapshot_at(tmp_path))
    assert snapshot_record.last("XVIII-12") == "2002-10-29"
    lists = deposit_records.action_lists([snapshot_at(tmp_path)])
    assert lists.rows == snapshot_record.rows


def test_the_cost_of_a_sync_is_measured(tmp_path):
    for number, measure in enumerate((sync_cost.unchanged, sync_cost.first_load, sync_cost.one_act)):
        [row] = measure(f"sqlite:///{tmp_path}/{number}.db", "sqlite", 0, files=3)
        assert len(row) == len(sync_cost.COLUMNS)


def test_the_cost_of_a_deposit_on_a_large_record_is_measured(tmp_path):
    rows = list(sync_cost.one_act_of_many(f"sqlite:///{tmp_path}/record.db", "sqlite", 2_000))
    assert [row[0] for row in rows] == [
        "one changed act", "reader's first page, load included", "reader's first page after a revision",
    ]  # fmt: skip
