"""Two processes write at the same time: each waits for the other, nothing is lost, and the history has no hole."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.builders import instrument, participant, ratified
from tests.support.processes import PROCESSES
from tracker.law.model import Action
from tracker.maintenance import integrity
from tracker.storage import import_export, repository
from tracker.storage.database import make_engine, write_transaction

BEGUN = datetime(2026, 11, 16, 12, tzinfo=UTC)
TIMES = 15  # how often each writes
CODES = [f"{letter}{number:02}" for letter in "AB" for number in range(TIMES)]
HEADER = "treaty,participant,action,date,source\n"


@pytest.fixture
def begun(engine: Engine) -> Engine:
    facts = [instrument("untoc", threshold=40, delay="90d"), *(participant(code) for code in CODES)]
    repository.record_facts(engine, facts, what="the beginning", moment=BEGUN)
    return engine


def together(work, url: str, folder: Path) -> None:
    """Both processes do the work, from the same moment on."""
    barrier = PROCESSES.Barrier(2)
    writers = [PROCESSES.Process(target=work, args=(url, folder, letter, barrier)) for letter in "AB"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]


def _import_own(url: str, folder: Path, letter: str, barrier) -> None:
    engine = make_engine(url)
    barrier.wait()
    for number in range(TIMES):
        path = folder / f"{letter}{number:02}" / "parties.csv"
        path.parent.mkdir()
        path.write_text(f"{HEADER}untoc,{path.parent.name},ratification,2003-07-01,{letter}\n")
        import_export.import_files(engine, [path], moment=datetime.now(UTC))
    engine.dispose()


def _correct_the_same(url: str, _: Path, letter: str, barrier) -> None:
    engine = make_engine(url)
    barrier.wait()
    for number in range(TIMES):
        day = f"{2001 if letter == 'A' else 2002}-01-{number + 1:02}"
        repository.record_facts(
            engine, [ratified("A00", "untoc", day)], what=f"{letter}{number}", moment=datetime.now(UTC)
        )
    engine.dispose()


def _count_up(url: str, _: Path, letter: str, barrier) -> None:
    """Read what is there and write what follows from it, in one transaction."""
    engine = make_engine(url)
    barrier.wait()
    for _ in range(TIMES):
        with write_transaction(engine) as connection:
            held = sum(isinstance(fact, Action) for fact in repository.live_facts_in(connection))
            act = ratified(CODES[held], "untoc", "2003-07-01")
            repository.record_facts_in(connection, [act], what=letter, moment=datetime.now(UTC))
    engine.dispose()


def whole(engine: Engine, revisions: int) -> None:
    """Every revision is there, and the record keeps all that it promises."""
    numbers = sorted(each.number for each in repository.recent_revisions(engine, newest=1000))
    assert numbers == list(range(1, revisions + 1))
    assert integrity.integrity_faults(engine) == []


def test_imports_on_different_subjects_are_all_there(begun: Engine, database_url: str, tmp_path: Path):
    together(_import_own, database_url, tmp_path)
    assert sorted(act.participant for act in repository.load_ledger(begun).acts("untoc")) == CODES
    whole(begun, 1 + 2 * TIMES)


def test_of_corrections_to_the_same_subject_one_is_live_and_the_others_are_history(
    begun: Engine, database_url: str, tmp_path: Path
):
    together(_correct_the_same, database_url, tmp_path)
    (act,) = repository.load_ledger(begun).acts("untoc")
    made = sorted(repository.recent_revisions(begun, newest=1000), key=lambda each: each.number)
    whole(begun, 1 + 2 * TIMES)
    assert {each.what for each in made[1:]} == {f"{letter}{number}" for letter in "AB" for number in range(TIMES)}
    assert [(each.recorded, each.retracted) for each in made[1:]] == [(1, 0), *[(1, 1)] * (2 * TIMES - 1)]
    letter, number = made[-1].what[0], int(made[-1].what[1:])
    assert str(act.date) == f"{2001 if letter == 'A' else 2002}-01-{number + 1:02}"


def test_what_follows_from_what_was_read_is_never_written_twice(begun: Engine, database_url: str, tmp_path: Path):
    together(_count_up, database_url, tmp_path)
    assert sorted(act.participant for act in repository.load_ledger(begun).acts("untoc")) == CODES
    whole(begun, 1 + 2 * TIMES)
