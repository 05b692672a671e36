"""The commands that keep the record current, as people use them: sync and held, against a server on loopback."""

import json
from datetime import UTC, datetime

import pytest

from tests.support.ready_databases import set_up_file
from tests.support.un_site import published
from tests.sync.test_sync import FACTS
from tracker.cli import main
from tracker.storage import change_log, repository
from tracker.storage.database import make_engine

MOMENT = datetime(2026, 11, 15, 12, tzinfo=UTC)


@pytest.fixture
def un():
    for running in published(FACTS):
        running.rows["untoc"]["Nigeria"] = ["", "28 Jun\t 2001 a"]
        running.rows["untoc"]["Ruritania"] = ["", " 1 Jul\t 2003 a"]
        running.publish("untoc")
        yield running


@pytest.fixture
def engine(tmp_path):
    set_up_file(tmp_path / "tracker.db")
    made = make_engine(f"sqlite:///{tmp_path}/tracker.db")
    repository.record_facts(made, FACTS, what="the beginning", moment=MOMENT)
    yield made
    made.dispose()


@pytest.fixture
def tracker(un, engine, monkeypatch, capsys):
    """Run a command and give back (exit code, output on one line, complaints)."""
    monkeypatch.setenv("TRACKER_UNTC_URL", un.server.url)

    def call(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main(["--database", str(engine.url), *map(str, arguments)])
        out = capsys.readouterr()
        return stopped.value.code, " ".join(out.out.split()), out.err

    return call


def test_sync_prints_the_difference_and_takes_it_in(tracker, engine):
    code, out, _ = tracker("sync", "untoc")
    assert code == 0
    assert "untoc (XVIII-12): 1 recorded, 1 corrected, 16 unchanged, 1 held." in out
    assert "+ Nigeria: accession, 28 June 2001" in out
    assert "? Ruritania: accession, 1 July 2003: held. No participant in our data has that name" in out
    assert "> Nigeria: now a party – UNTOC." in out
    assert change_log.recent_changes(engine)


def test_a_dry_run_prints_the_same_and_changes_nothing(tracker, engine):
    code, out, _ = tracker("sync", "untoc", "--dry-run")
    assert (code, repository.current_revision(engine), change_log.recent_changes(engine)) == (0, 1, [])
    assert "1 would be recorded" in out
    assert out.endswith("Nothing was written.")


def test_sync_exits_with_65_when_a_file_was_refused(tracker, un):
    un.publish("untoc", parties=3)
    code, out, _ = tracker("sync", "untoc")
    assert (code, "refused." in out) == (65, True)


def test_a_treaty_that_the_un_does_not_keep_is_no_question_for_it(tracker):
    code, _, err = tracker("sync", "coe-173")
    assert (code, "keeps no status file" in err) == (2, True)


def test_held_lists_what_waits_and_takes_decisions(tracker, engine):
    assert tracker("held")[1] == "Nothing is held."
    tracker("sync", "untoc")
    assert "Ruritania" in tracker("held")[1]
    (row,) = json.loads(tracker("held", "--format", "json")[1])
    assert (row["id"], row["name"], row["kind"], row["date"]) == (1, "Ruritania", "accession", "2003-07-01")
    code, _, err = tracker("held", "--accept", 1, "--note", "C.N.1")
    assert (code, "say whose act it is" in err) == (2, True)
    code, out, _ = tracker("held", "--accept", 1, "--as", "NGA", "--note", "C.N.1", "--by", "Ada")
    assert (code, "1 is accepted" in out) == (0, True)
    assert tracker("held")[1] == "Nothing is held."
    _, out, _ = tracker("held", "--all", "--format", "csv")
    assert "accepted" in out
    assert ",Ada,C.N.1" in out


def test_held_rejects_with_a_note_only(tracker):
    tracker("sync", "untoc")
    assert tracker("held", "--reject", 1)[0] == 2
    assert "1 is rejected" in tracker("held", "--reject", 1, "--note", "no such State")[1]
    assert tracker("held", "--reject", 1, "--note", "again")[0] == 2
    assert tracker("held", "--reject", 1, "--accept", 1, "--note", "both")[0] == 2
    assert tracker("held", "--accept", 1, "--on", "2003-02-30", "--note", "x")[0] == 2


def test_an_import_tells_subscribers_only_when_asked(tracker, engine, tmp_path):
    path = tmp_path / "parties.csv"
    path.write_text("treaty,participant,action,date,source\nuntoc,NGA,accession,2001-06-28,x\n", encoding="utf-8")
    assert tracker("import", path, "--announce")[0] == 0
    assert [each.change.participant for each in change_log.recent_changes(engine)][-1] == "NGA"
