"""Files into the record: corrections, time travel in record time, and all or nothing."""

import os
import signal
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError

from tests.support.builders import body, instrument, participant, ratified, signed
from tests.support.data_files import replacing, sound_folder, with_line
from tests.support.processes import PROCESSES
from tracker.config import shipped_folder
from tracker.errors import BadData, BadQuestion, NotFound
from tracker.law.dates import PartialDate
from tracker.law.model import Action, Body, Participant
from tracker.storage import repository
from tracker.storage.database import make_engine, write_transaction
from tracker.storage.import_export import export_files, import_files
from tracker.storage.tables import FACT_TABLES

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def test_an_import_records_everything_as_one_revision(engine: Engine, tmp_path: Path):
    outcome = import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    assert (outcome.revision, len(outcome.recorded), outcome.retracted, outcome.unchanged) == (1, 28, (), 0)
    ledger = repository.load_ledger(engine)
    assert list(ledger.instruments) == ["untoc", "untoc-tip"]
    assert [act.participant for act in ledger.acts("untoc")] == ["FRA", "FRA", "ITA"]
    (revision,) = repository.recent_revisions(engine)
    assert (revision.number, revision.made_at, revision.recorded, revision.retracted) == (1, MONDAY, 28, 0)
    assert str(tmp_path) in revision.what


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (instrument("a" * 41, threshold=2), "treaties.csv cannot hold 'a+' as id: it is not an id"),
        (instrument("Pact", threshold=2), "treaties.csv cannot hold 'Pact' as id"),
        (participant("fra"), "participants.csv cannot hold 'fra' as code: it is not a code"),
        (participant("FRA", aliases=("a", "a")), "names the same thing twice"),
    ],
)
def test_what_could_not_be_read_again_does_not_enter_the_record(engine: Engine, tmp_path: Path, fact, words):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    with pytest.raises(BadQuestion, match=words):
        repository.record_facts(engine, [body("other"), fact], what="a slip", moment=TUESDAY)
    assert repository.current_revision(engine) == 1
    assert list(repository.load_ledger(engine).instruments) == ["untoc", "untoc-tip"]


def test_importing_twice_changes_nothing(engine: Engine, tmp_path: Path):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    outcome = import_files(engine, [tmp_path], moment=TUESDAY)
    assert not outcome.changed
    assert (outcome.revision, outcome.unchanged) == (1, 28)
    assert repository.current_revision(engine) == 1


def test_a_correction_retracts_one_fact_and_records_another(engine: Engine, tmp_path: Path):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    sound_folder(tmp_path, **replacing("parties", "ITA,ratification,2006", "ITA,ratification,2006-08-02"))
    outcome = import_files(engine, [tmp_path / "parties.csv"], moment=TUESDAY)
    ((before, after),) = outcome.corrected
    assert isinstance(before, Action)
    assert isinstance(after, Action)
    assert (str(before.date), str(after.date)) == ("2006", "2006-08-02")
    assert (outcome.revision, outcome.unchanged) == (2, 3)
    assert repository.current_revision(engine) == 2


def test_the_record_can_be_seen_as_it_was_before_a_correction(engine: Engine, tmp_path: Path):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    sound_folder(tmp_path, **replacing("parties", "ITA,ratification,2006", "ITA,ratification,2006-08-02"))
    import_files(engine, [tmp_path / "parties.csv"], moment=TUESDAY)
    ledger = repository.load_ledger(engine)

    def italy(moment: datetime | None) -> list[str]:
        return [str(act.date) for act in ledger.known_at(moment).acts_of("untoc", "ITA")]

    assert italy(None) == ["2006-08-02"]
    assert italy(TUESDAY) == ["2006-08-02"]
    assert italy(TUESDAY - timedelta(microseconds=1)) == ["2006"]
    assert italy(MONDAY) == ["2006"]
    assert italy(MONDAY - timedelta(microseconds=1)) == []


def test_a_correction_keeps_its_place_in_the_order_of_the_record(engine: Engine):
    repository.record_facts(engine, [instrument("a"), instrument("b"), instrument("c")], what="x", moment=MONDAY)
    repository.record_facts(engine, [instrument("a", title="Another title")], what="x", moment=TUESDAY)
    assert list(repository.load_ledger(engine).instruments) == ["a", "b", "c"]


def test_the_files_speak_only_for_the_subjects_they_name(engine: Engine, tmp_path: Path):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    (tmp_path / "parties.csv").write_text("treaty,participant,action,source\nuntoc,CZE,accession,test\n")
    outcome = import_files(engine, [tmp_path / "parties.csv"], moment=TUESDAY)
    assert (len(outcome.recorded), len(outcome.retracted)) == (1, 0)


def test_of_several_sources_on_one_subject_those_left_out_are_retracted(engine: Engine):
    one, other = (ratified("FRA", "untoc", "2002-10-29", source=source) for source in ("one", "other"))
    repository.record_facts(engine, [one, other], what="x", moment=MONDAY)
    outcome = repository.record_facts(engine, [one], what="x", moment=TUESDAY)
    assert (outcome.retracted, outcome.unchanged) == ((other,), 1)


def test_with_replace_the_files_are_the_whole_record_of_their_fact_types(engine: Engine, tmp_path: Path):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    (tmp_path / "parties.csv").write_text("treaty,participant,action,source\nuntoc,CZE,accession,test\n")
    outcome = import_files(engine, [tmp_path / "parties.csv"], moment=TUESDAY, replace=True)
    assert (len(outcome.recorded), len(outcome.retracted)) == (1, 4)
    assert len(repository.load_ledger(engine).instruments) == 2


def test_a_replacement_may_not_take_away_what_the_record_refers_to(engine: Engine, tmp_path: Path):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    (tmp_path / "participants.csv").write_text("code,name,kind,source\nFRA,France,state,test\n")
    with pytest.raises(BadData, match=r"our data.*participant='ITA' is not a known participant"):
        import_files(engine, [tmp_path / "participants.csv"], moment=TUESDAY, replace=True)
    assert repository.current_revision(engine) == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(engine: Engine, tmp_path: Path):
    folder = sound_folder(tmp_path)
    told = import_files(engine, [folder], moment=MONDAY, dry_run=True)
    assert (told.revision, len(told.recorded), told.dry_run) == (0, 28, True)
    assert repository.current_revision(engine) == 0
    assert repository.live_facts(engine) == []
    done = import_files(engine, [folder], moment=MONDAY)
    assert replace(done, dry_run=True, revision=0) == told


def test_files_with_any_fault_leave_the_record_as_it_was(engine: Engine, tmp_path: Path):
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    before = repository.live_facts(engine)
    spoilt = with_line("parties", "untoc,XXX,accession,2001-01-01,,,,test,") | with_line("bodies", "un,UN,,test")
    with pytest.raises(BadData):
        import_files(engine, [sound_folder(tmp_path, **spoilt)], moment=TUESDAY)
    assert repository.live_facts(engine) == before
    assert repository.current_revision(engine) == 1


def test_faults_in_values_and_in_references_are_told_together(engine: Engine, tmp_path: Path):
    lines = "untoc,XXX,accession,2001-01-01,,,,test,\nuntoc,ITA,accession,2001-99-01,,,,test,"
    with pytest.raises(BadData) as refused:
        import_files(engine, [sound_folder(tmp_path, **with_line("parties", lines))], moment=MONDAY)
    assert [fault.line for fault in refused.value.faults] == [6, 7]


def test_progress_names_each_step(engine: Engine, tmp_path: Path):
    steps: list[str] = []
    import_files(engine, [sound_folder(tmp_path)], moment=MONDAY, progress=lambda label, _, __: steps.append(label))
    assert steps[0] == "reading participants.csv"
    assert steps[-2:] == ["checking", "recording"]


def test_the_shipped_data_goes_in_and_comes_out_the_same(engine: Engine, tmp_path: Path):
    import_files(engine, [shipped_folder("data")], moment=MONDAY)
    count = export_files(engine, tmp_path)
    assert count == len(repository.live_facts(engine))
    outcome = import_files(engine, [tmp_path], moment=TUESDAY, replace=True)
    assert not outcome.changed
    assert outcome.unchanged == count
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    export_files(engine, tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == first


def test_a_fact_can_be_retracted_with_a_reason(engine: Engine):
    going, staying = signed("FRA", "untoc", "2000-12-12"), signed("ITA", "untoc", "2000-12-12")
    repository.record_facts(engine, [going, staying], what="x", moment=MONDAY)
    outcome = repository.retract_facts(engine, [going], reason="made up", moment=TUESDAY)
    assert outcome.retracted == (going,)
    assert repository.live_facts(engine) == [staying]
    assert repository.recent_revisions(engine)[0].what == "made up"
    with pytest.raises(NotFound):
        repository.retract_facts(engine, [going], reason="again", moment=TUESDAY)
    assert repository.current_revision(engine) == 2


def test_a_fact_retracted_may_be_recorded_again(engine: Engine):
    act = signed("FRA", "untoc", "2000-12-12")
    repository.record_facts(engine, [act], what="x", moment=MONDAY)
    repository.retract_facts(engine, [act], reason="x", moment=MONDAY + timedelta(hours=1))
    repository.record_facts(engine, [act], what="x", moment=TUESDAY)
    ledger = repository.load_ledger(engine)
    assert len(ledger.acts("untoc")) == 1
    assert ledger.known_at(MONDAY + timedelta(hours=2)).acts("untoc") == ()


def test_a_writer_whose_clock_is_behind_comes_after_the_one_before_it(engine: Engine):
    repository.record_facts(engine, [body("coe")], what="x", moment=TUESDAY)
    repository.record_facts(engine, [body("coe", name="Other")], what="x", moment=MONDAY)
    assert [revision.made_at for revision in repository.recent_revisions(engine)] == [TUESDAY, TUESDAY]
    assert repository.load_ledger(engine).body("coe").name == "Other"


def test_the_database_itself_refuses_a_live_act_twice(engine: Engine):
    act = signed("FRA", "untoc")
    repository.record_facts(engine, [act], what="x", moment=MONDAY)
    table = FACT_TABLES[Action]
    with write_transaction(engine) as connection:
        row = dict(connection.execute(table.select()).mappings().one()) | {"id": 2, "note": "again"}
    with pytest.raises(IntegrityError), write_transaction(engine) as connection:
        connection.execute(insert(table).values(**row))


def test_a_retraction_is_made_once(engine: Engine):
    act = signed("FRA", "untoc")
    repository.record_facts(engine, [act], what="x", moment=MONDAY)
    repository.retract_facts(engine, [act], reason="x", moment=TUESDAY)
    repository.record_facts(engine, [act], what="x", moment=TUESDAY)
    with write_transaction(engine) as connection:
        rows = connection.execute(text("SELECT recorded_in, retracted_in FROM actions ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(1, 2), (3, None)]


def test_a_fact_comes_back_from_the_record_as_it_went_in(engine: Engine):
    facts = [
        participant("FRA", aliases=("the French Republic", "République"), exists_from="0843", successors=("XXX",)),
        instrument("untoc", threshold=40, delay="90d", adopted_on="2000-11", subject_matter="crime"),
        signed("FRA", "untoc", PartialDate.parse("2000"), territory="Guadeloupe\nand others", note="'\"\\%;--"),
    ]
    repository.record_facts(engine, facts, what="x", moment=MONDAY)
    assert repository.live_facts(engine) == facts
    assert {fact.recorded_at for fact in repository.live_facts(engine)} == {MONDAY}


# -- several at once ---------------------------------------------------------------------------------


def _import_at_once(url: str, folder: Path, barrier, answers) -> None:
    engine = make_engine(url)
    barrier.wait()
    outcome = import_files(engine, [folder], moment=MONDAY)
    answers.put((len(outcome.recorded), outcome.unchanged, outcome.revision))
    engine.dispose()


def test_of_two_imports_at_once_the_second_sees_what_the_first_did(engine: Engine, database_url: str):
    barrier, answers = PROCESSES.Barrier(2), PROCESSES.Queue()
    arguments = (database_url, shipped_folder("data"), barrier, answers)
    workers = [PROCESSES.Process(target=_import_at_once, args=arguments) for _ in range(2)]
    for worker in workers:
        worker.start()
    told = sorted(answers.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join()
    everything = len(repository.live_facts(engine))
    assert told == [(0, everything, 1), (everything, 0, 1)]


def _import_and_hang(url: str, folder: Path, ready) -> None:
    engine = make_engine(url)
    with write_transaction(engine) as connection:
        repository.record_facts_in(connection, [participant("FRA"), body("coe")], what="x", moment=MONDAY)
        ready.set()
        signal.pause()


def test_a_process_killed_in_the_middle_leaves_nothing_half_done(engine: Engine, database_url: str, tmp_path: Path):
    ready = PROCESSES.Event()
    worker = PROCESSES.Process(target=_import_and_hang, args=(database_url, tmp_path, ready))
    worker.start()
    assert ready.wait(timeout=60)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()
    assert repository.current_revision(engine) == 0
    assert repository.live_facts(engine) == []
    outcome = import_files(engine, [sound_folder(tmp_path)], moment=MONDAY)
    assert outcome.revision == 1
    assert {Participant, Body} <= {type(fact) for fact in outcome.recorded}


def test_a_retraction_reads_the_facts_on_its_subject_and_not_the_history(engine):
    rivals = [participant(f"P{number:02}") for number in range(40)]
    treaties = [instrument(f"treaty-{number}") for number in range(40)]
    acts = [signed(who.code, treaty.id, "2001-01-01") for who in rivals for treaty in treaties]
    repository.record_facts(engine, [*rivals, *treaties, *acts], what="a test", moment=MONDAY)
    with counting_rows(engine) as rows:
        repository.retract_facts(engine, [acts[0]], reason="a mistake", moment=MONDAY)
    assert rows.read < 100
    with counting_rows(engine) as rows:
        repository.record_facts(engine, [signed("P01", "treaty-1", "2001-01-02")], what="a test", moment=MONDAY)
    assert rows.read < 200
    kept = repository.live_facts(engine)
    assert acts[0] not in kept
    assert len([each for each in kept if isinstance(each, Action)]) == len(acts) - 1


@contextmanager
def counting_rows(engine):
    """How many rows of the record are read inside."""
    found = SimpleNamespace(read=0)
    original = repository._reader

    def reader(schema, moments):
        read = original(schema, moments)

        def counted(row):
            found.read += 1
            return read(row)

        return counted

    repository._reader = reader
    try:
        yield found
    finally:
        repository._reader = original
