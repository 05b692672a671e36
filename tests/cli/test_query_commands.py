"""The `tracker` command as people use it: over a real database, through its own entry point."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.builders import instrument
from tests.support.ready_databases import set_up_shipped_record
from tracker.cli import main
from tracker.storage import repository
from tracker.storage.database import make_engine
from tracker.storage.schema import migrate

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return set_up_shipped_record(tmp_path_factory.mktemp("cli") / "tracker.db")


@pytest.fixture
def tracker(database, capsys):
    """Run a command and give back (exit code, output, complaints)."""

    def call(*arguments):
        code = run(database, *arguments)
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def run(database, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["--database", database, *map(str, arguments)])
    return stopped.value.code


def test_status_of_untoc_on_the_day_of_the_fortieth_deposit(tracker):
    code, out, _ = tracker("status", "untoc", "--as-of", "2003-07-01", "--format", "json")
    answer = json.loads(out)
    promised = {
        "instrument": "untoc", "as_of": "2003-07-01", "signatories": 147, "parties": 40, "bound": 0,
        "threshold": {"required": 40, "counted": 40, "remaining": 0, "reached_on": "2003-07-01", "reached_by": ["ARM"]},
    }  # fmt: skip
    entry = {"status": "will-enter-into-force", "date": "2003-09-29", "official": "2003-09-29", "article": "Art. 38(1)"}
    assert code == 0
    assert {key: answer[key] for key in promised} == promised
    assert {key: answer["entry_into_force"][key] for key in entry} == entry
    assert "Armenia" in answer["entry_into_force"]["why"]


def test_status_for_people_names_counts_day_and_working(tracker):
    _, out, _ = tracker("status", "untoc", "--as-of", "2003-07-01")
    for words in (
        "147 signatories, 40 parties, 0 bound",
        "2003-09-29",
        "40th instrument deposited (Armenia)",
        "Art. 38(1)",
    ):
        assert words in " ".join(out.split())


def test_status_of_all_lists_every_instrument_as_csv(tracker):
    _, out, _ = tracker("status", "--format", "csv", "--as-of", "2024-05-04")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 17
    assert {r["instrument"]: r["parties"] for r in rows}["untoc"] == "192"


def test_the_cybercrime_convention_is_pending_with_forty_to_go(tracker):
    _, out, _ = tracker("status", "un-cybercrime", "--format", "json", "--as-of", "2026-11-01")
    answer = json.loads(out)
    assert answer["entry_into_force"]["status"] == "pending"
    assert answer["entry_into_force"]["date"] is None
    assert answer["threshold"]["remaining"] == 40


def test_a_participant_is_shown_on_every_instrument_with_its_gaps(tracker):
    _, out, _ = tracker("participant", "btn", "--as-of", "2024-01-01", "--format", "json")
    answer = json.loads(out)
    uncac = next(row for row in answer["instruments"] if row["instrument"] == "uncac")
    assert (uncac["status"], uncac["possible"]) == ("withdrawn", "party")
    assert {gap["instrument"] for gap in answer["gaps"]} >= {"untoc-som", "untoc-firearms"}
    assert "withdrawn or party:" in tracker("participant", "BTN", "--as-of", "2024-01-01")[1]
    assert "withdrawn or" not in tracker("participant", "BTN", "--as-of", "2023-10-26")[1]


def test_check_exits_with_one_when_there_are_findings_and_names_them(tracker):
    code, out, _ = tracker("check", "untoc-som", "--as-of", "2024-05-01", "--format", "json")
    assert code == 1
    assert any("parties published 152, our data 151" in f["text"] for f in json.loads(out)["findings"])


def test_check_exits_with_zero_when_there_are_none(tmp_path, capsys):
    folder, url = tmp_path / "data", f"sqlite:///{tmp_path}/small.db"
    folder.mkdir()
    (folder / "treaties.csv").write_text("id,title,kind,source\nsmall,A small treaty,convention,a test\n")
    assert run(f"{url}", "--data", folder, "init") == 0
    capsys.readouterr()
    assert run(url, "check", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["count"] == 0


def test_what_if_forty_signatories_deposit(tracker):
    _, out, _ = tracker("status", "un-cybercrime", "--as-of", "2026-11-01", "--format", "json")
    _, people, _ = tracker(
        "what-if", "un-cybercrime", "signatories=2027-03-01", "--as-of", "2026-11-01", "--format", "json"
    )
    names = [row["participant"] for row in json.loads(people)["own_dates"] if row["participant"] != "EU"]
    forty = [f"{code}=2027-03-01" for code in names[:40]]
    thirty_nine_and_the_union = [*forty[:39], "EU=2027-03-01"]
    for deposits, day in ((forty, "2027-05-30"), (thirty_nine_and_the_union, None)):
        _, out, _ = tracker("what-if", "un-cybercrime", *deposits, "--as-of", "2026-11-01", "--format", "json")
        assert json.loads(out)["after"]["entry_into_force"]["date"] == day


def test_what_if_the_terms_had_been_others(tracker):
    _, out, _ = tracker("what-if", "untoc", "--threshold", 60, "--as-of", "2006-01-01", "--format", "json")
    assert json.loads(out)["after"]["entry_into_force"]["date"] == "2004-04-28"


def test_a_claim_says_when_it_was_true_or_how_near_it_came(tracker):
    assert "8 August 2002 to 14 August 2002" in " ".join(
        tracker("claim", "untoc-tip", "--signatories", 107, "--parties", 14)[1].split()
    )
    _, out, _ = tracker("claim", "untoc", "--signatories", 141, "--parties", 24, "--format", "json")
    assert json.loads(out)["true"] is False


def test_needed_lists_the_pending_instrument(tracker):
    _, out, _ = tracker("needed", "--as-of", "2026-11-01", "--format", "json")
    assert [(row["instrument"], row["remaining"]) for row in json.loads(out)] == [("coe-224", 2), ("un-cybercrime", 40)]
    assert "40 more deposits needed" in tracker("needed", "--as-of", "2026-11-01")[1]


def test_init_again_leaves_the_record_as_it_is(tracker):
    code, out, _ = tracker("init")
    assert code == 0
    assert "left as it is" in out


def test_importing_what_was_exported_changes_nothing(tracker, tmp_path):
    tracker("export", tmp_path / "out")
    code, out, _ = tracker("import", tmp_path / "out")
    assert code == 0
    assert "0 recorded, 0 retracted" in out


def test_a_dry_run_shows_and_changes_nothing(tracker, tmp_path):
    with (DATA / "parties.csv").open(encoding="utf-8") as file:
        head = file.readline()
    path = tmp_path / "parties.csv"
    path.write_text(f"{head}untoc,TUV,accession,2026-01-05,,,,,,,a test,\n", encoding="utf-8")
    assert "1 would be recorded" in tracker("import", path, "--dry-run")[1]
    assert "1 would be recorded" in tracker("import", path, "--dry-run")[1]


def test_a_bad_file_is_refused_whole_with_its_place(tracker, tmp_path):
    path = tmp_path / "parties.csv"
    path.write_text("treaty,participant,action,date,source\nuntoc,FRANCE,ratification,2003-02-30,x\n", encoding="utf-8")
    code, _, err = tracker("import", path)
    assert code == 65
    assert "parties.csv:2" in err
    assert "FRANCE" in err
    assert "2003-02-30" in err


def test_targets_are_held_against_the_record_with_their_verdicts(tracker):
    _, out, _ = tracker("targets", "--as-of", "2026-11-22", "--format", "json")
    found = {row["id"]: (row["computed"], row["verdict"]) for row in json.loads(out)["targets"]}
    assert found["state-fy04-2-1-2003-1"] == (53, "met")
    assert found["state-fy04-2-1-2004-1"] == (40, "met")
    assert found["state-fy04-1-2-2003-4"] == (42, "met")
    assert found["state-fy04-1-2-2004-4"] == (74, "met")
    assert found["state-fy04-2-7-2004-1"] == (170, "missed")
    assert found["state-fy04-1-3-2001-1"] == (None, "not computed")


def test_targets_for_people_and_for_spreadsheets(tracker):
    out = " ".join(tracker("targets", "--as-of", "2026-11-22")[1].split())
    assert "98 figures: 8 met, 3 missed, 9 as reported, 9 differs, 69 not computed." in out
    rows = list(csv.DictReader(io.StringIO(tracker("targets", "--as-of", "2026-11-22", "--format", "csv")[1])))
    assert len(rows) == 98


def test_a_target_of_ones_own_tells_the_pace_it_needs(tracker, tmp_path):
    path = tmp_path / "targets.csv"
    path.write_text(
        "id,goal,kind,metric,treaty,value,on,source\nmine,Ours,target,parties,un-cybercrime,60,2028-06-30,our plan\n",
        encoding="utf-8",
    )
    assert tracker("import", path)[0] == 0
    _, out, _ = tracker("targets", "--as-of", "2026-11-22", "--format", "json")
    (row,) = [row for row in json.loads(out)["targets"] if row["id"] == "mine"]
    assert (row["verdict"], row["pace"]["track"]) == ("not yet", "behind")


def test_who_is_on_a_list_on_a_day(tracker):
    _, out, _ = tracker("assessments", "fatf-ncct", "--as-of", "2001-09-30", "--format", "json")
    assert json.loads(out)["size"] == 19
    rows = list(csv.DictReader(io.StringIO(
        tracker("assessments", "tip-tier", "--as-of", "2001-12-31", "--format", "csv")[1])))  # fmt: skip
    assert [sum(row["value"] == f"Tier {n}" for row in rows) for n in (1, 2, 3)] == [12, 47, 23]
    assert "Not in our data: Tier 1, Tier 2 of the 2025 edition" in tracker("assessments", "tip-tier")[1]
    assert "fatf-grey" in tracker("assessments", "--as-of", "2026-11-22")[1]


def test_a_query_that_crosses_the_record_names_who_meets_it_and_why(tracker):
    query = "member=greco;not-party=coe-173"
    _, out, _ = tracker("select", query, "--as-of", "2026-11-22", "--format", "json")
    assert [row["participant"] for row in json.loads(out)["participants"]] == ["KAZ", "USA"]
    out = " ".join(tracker("select", query, "--as-of", "2026-11-22")[1].split())
    assert "member of GRECO and not a party to the Criminal Law Convention on Corruption" in out
    assert "Kazakhstan" in out
    rows = list(csv.DictReader(io.StringIO(tracker("select", "assessed=tip-tier:2@2017", "--format", "csv")[1])))
    assert {row["decided"] for row in rows} == {"no"}
    assert "187 undetermined:" in tracker("select", "assessed=tip-tier:2@2017")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["select", "friend=greco"], 2, "not a supported condition"),
        (["select", "member=lost"], 2, "No body named 'lost'"),
        (["assessments", "lost"], 2, "No scheme named 'lost'"),
        (["status", "nothing"], 2, "No instrument named 'nothing'"),
        (["participant", "XXX"], 2, "No participant named 'XXX'"),
        (["status", "--as-of", "2003-02-30"], 2, "not a date in the calendar"),
        (["status", "--known-at", "2026-01-01T00:00:00"], 2, "time zone"),
        (["status", "--known-at", "0001-01-01T00:00:00+14:00"], 2, "outside the calendar"),
        (["claim", "untoc"], 2, "Enter a figure"),
        (["what-if", "untoc", "FRA=2027-01-01"], 2, "already"),
        (["what-if", "un-cybercrime", "FRA=20270101"], 2, "is not a day"),
        (["what-if", "untoc", "--threshold", "40", "--delay", "soon"], 65, "not a waiting period"),
        (["dance"], 2, "No such command"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(tracker, arguments, code, words):
    stopped, _, err = tracker(*arguments)
    assert stopped == code
    assert words in err


def test_a_database_that_is_not_ready_says_what_to_do(tmp_path, capsys):
    assert run(f"sqlite:///{tmp_path}/none.db", "status") == 75
    assert "tracker init" in capsys.readouterr().err


def test_a_setting_that_makes_no_sense_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("TRACKER_PROT", "8000")
    assert run("sqlite:////nowhere.db", "status") == 78
    assert "TRACKER_PROT" in capsys.readouterr().err


def test_targets_of_an_empty_record_are_said_to_be_none(tracker):
    assert "No figures in our data." in tracker("targets", "--known-at", "0001-01-01T00:00:00Z")[1]


def test_a_count_that_a_day_not_known_leaves_open_is_a_range(tracker):
    assert "74 to 75 signatories" in tracker("status", "un-cybercrime", "--as-of", "2026-11-22")[1]
    assert "74 to 75" in tracker("status", "--as-of", "2026-11-22")[1]
    assert "147 signatories" in tracker("status", "untoc", "--as-of", "2026-11-22")[1]


def test_a_treaty_without_a_reference_is_named_without_empty_brackets(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'record.db'}"
    engine = make_engine(url)
    migrate(engine)
    pact = instrument("pact", title="Pact of the Test", reference="")
    repository.record_facts(engine, [pact], what="a test", moment=datetime(2026, 11, 1, tzinfo=UTC))
    engine.dispose()
    run(url, "status", "pact")
    assert capsys.readouterr().out.startswith("Pact of the Test\n")


def test_deadline_says_the_last_day_and_the_effect(tracker):
    _, out, _ = tracker(
        "deadline", "untoc", "--bound-by", "2027-01-01", "--notified-on", "2026-12-01", "--as-of", "2026-11-01"
    )
    assert "A deposit on 2 December 2026 takes effect on 1 January 2027" in out
    assert "Withdrawal (denunciation): Notified on 1 December 2026, effective 1 December 2027." in out
    _, out, _ = tracker("deadline", "untoc", "--bound-by", "2027-01-01", "--as-of", "2026-11-01", "--format", "json")
    assert json.loads(out)["deposit"]["last_day"] == "2026-12-02"
    _, out, _ = tracker("deadline", "untoc", "--as-of", "2026-11-01", "--format", "csv")
    assert out.splitlines()[1] == "untoc,,,,2026-11-01,2026-11-01,,2027-11-01,"


def test_a_treaty_between_two_states_is_answered_with_its_reasons(tracker):
    code, out, _ = tracker("between", "untoc-som", "deu", "AFG", "--as-of", "2026-11-01")
    assert code == 0
    assert "In force between the two since 4 March 2017." in out
    assert "Reservation of Afghanistan, article 18" in out
    code, out, _ = tracker("between", "untoc", "FRA", "CHN", "--as-of", "2026-11-01", "--format", "json")
    assert (code, json.loads(out)["state"]) == (0, "in-force")
    code, _, complaint = tracker("between", "untoc", "FRA", "ZZZ")
    assert code != 0
    assert "ZZZ" in complaint
