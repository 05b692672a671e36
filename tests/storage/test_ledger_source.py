"""The kept ledger: renewed from the record step by step it equals one loaded anew, whoever else reads and writes."""

import gc
import random
import shutil
import threading
import weakref
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.builders import act, body, instrument, member, participant, ratified, stated, target
from tests.support.ledger_contents import contents
from tests.support.processes import PROCESSES
from tests.support.ready_databases import set_up_file
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind, Coverage, CoverageAspect, CoverageState, InstrumentEvent, PublishedCount
from tracker.storage import import_export, ledger_source, repository
from tracker.storage.database import make_engine
from tracker.storage.ledger_source import LedgerSource
from tracker.storage.revision import RevisionProbe
from tracker.web.context import LedgerCache

BEGUN = datetime(2026, 11, 16, 12, tzinfo=UTC)
CODES = ("AAA", "BBB", "CCC", "DDD")
TREATIES = ("pact", "annex", "other")
KINDS = (ActionKind.SIGNATURE, ActionKind.RATIFICATION, ActionKind.ACCESSION, ActionKind.WITHDRAWAL)
FIRST = [
    *(participant(code) for code in CODES),
    *(instrument(name, threshold=2, delay="30d") for name in TREATIES),
    body("club"),
]


def some_fact(dice: random.Random):
    """A fact of any of many types on one of a few subjects."""
    code, treaty = dice.choice(CODES), dice.choice(TREATIES)
    day = f"{dice.randint(2000, 2003)}-0{dice.randint(1, 9)}-11"
    return dice.choice((
        act(dice.choice(KINDS), code, treaty, dice.choice((day, None))),
        act(dice.choice(KINDS), code, treaty, day, note=dice.choice(("", "a remark"))),
        act(dice.choice(KINDS), code, treaty, None, known_by=day),
        stated("declaration", code, treaty, day, summary=dice.choice("ab")),
        member("club", code, day, dice.choice((None, "2005-01-01"))),
        participant(code, note=dice.choice("ab"), exists_from=dice.choice((None, "1990-01-01"))),
        instrument(dice.choice((treaty, f"new-{dice.randint(1, 9)}")), threshold=dice.randint(1, 3), delay="30d"),
        target(value=dice.randint(1, 9), id=dice.choice("ab")),
        InstrumentEvent(instrument=treaty, event="certificate", on=PartialDate.parse(day), source="x"),
        PublishedCount(instrument=treaty, on=PartialDate.parse(day), parties=dice.randint(0, 4), source="x"),
        Coverage(
            instrument=treaty, aspect=CoverageAspect.CONSENTS, state=CoverageState.PARTIAL,
            as_of=PartialDate.parse(day), source="x",
        ),
    ))  # fmt: skip


def change(engine: Engine, dice: random.Random, number: int, folder: Path) -> None:
    """Change the record in one of the ways in which it is changed."""
    moment = BEGUN + timedelta(hours=number)
    some = [some_fact(dice) for _ in range(dice.randint(1, 4))]
    live = repository.live_facts(engine)
    acts = [fact for fact in live if type(fact).__name__ in ("Action", "Statement", "Membership")]
    match dice.randrange(4):
        case 0:
            repository.record_facts(engine, some, what="recorded", moment=moment)
        case 1:
            if acts:
                repository.retract_facts(engine, dice.sample(acts, 1), reason="taken out", moment=moment)
        case 2:
            kept = {(type(fact), fact.subject): fact for fact in [*live, *some]}
            wanted = [*kept.values(), *(fact for fact in acts if fact not in kept.values())]
            import_export.write_facts(dict.fromkeys(wanted), folder)
            import_export.import_files(engine, [folder], moment=moment)
        case 3:
            import_export.write_facts([fact for fact in live if fact not in acts[:1]], folder)
            import_export.import_files(engine, [folder], moment=moment, replace=True)


@pytest.mark.parametrize("seed", range(2))
def test_a_ledger_renewed_from_the_record_equals_one_loaded_anew(engine: Engine, tmp_path: Path, seed: int):
    repository.record_facts(engine, FIRST, what="the beginning", moment=BEGUN)
    source, dice = LedgerSource(engine), random.Random(seed)
    source.load()
    for number in range(1, 13):
        change(engine, dice, number, tmp_path)
        if number % 3:  # now and then two changes come between
            renewed, anew = source.renew(), repository.load_ledger(engine)
            assert renewed is not None
            assert contents(renewed) == contents(anew)
            then = BEGUN + timedelta(hours=dice.randrange(number + 1))
            assert contents(renewed.known_at(then)) == contents(anew.known_at(then))


def test_without_a_change_the_same_ledger_is_given(engine: Engine):
    repository.record_facts(engine, FIRST, what="the beginning", moment=BEGUN)
    source = LedgerSource(engine)
    assert source.renew() is None, "nothing is kept yet"
    assert source.load() is source.renew() is source.current().ledger


def test_a_fact_that_came_and_went_between_two_looks_is_history(engine: Engine):
    repository.record_facts(engine, FIRST, what="the beginning", moment=BEGUN)
    source, deposit = LedgerSource(engine), ratified("AAA", "pact", "2001-01-01")
    source.load()
    repository.record_facts(engine, [deposit], what="came", moment=BEGUN + timedelta(hours=1))
    repository.retract_facts(engine, [deposit], reason="went", moment=BEGUN + timedelta(hours=2))
    renewed = source.renew()
    assert renewed.acts("pact") == ()
    assert renewed.known_at(BEGUN + timedelta(hours=1)).acts("pact") == (deposit,)


def test_a_record_that_was_put_back_is_loaded_anew(tmp_path: Path):
    path = tmp_path / "record.db"
    set_up_file(path)
    engine = make_engine(f"sqlite:///{path}")
    repository.record_facts(engine, FIRST, what="the beginning", moment=BEGUN)
    engine.dispose()
    shutil.copy(path, tmp_path / "older.db")
    source = LedgerSource(engine)
    repository.record_facts(engine, [ratified("AAA", "pact", "2001-01-01")], what="1", moment=BEGUN)
    assert len(source.load().acts("pact")) == 1
    engine.dispose()
    for leftover in tmp_path.glob("record.db*"):
        leftover.unlink()
    shutil.copy(tmp_path / "older.db", path)
    later = BEGUN + timedelta(hours=1)
    repository.record_facts(engine, [ratified("BBB", "pact", "2002-02-02")], what="another", moment=later)
    assert source.renew() is None
    assert [each.participant for each in source.load().acts("pact")] == ["BBB"]
    engine.dispose()


def test_where_very_much_has_changed_the_record_is_loaded_anew(engine: Engine, monkeypatch):
    repository.record_facts(engine, FIRST, what="the beginning", moment=BEGUN)
    source = LedgerSource(engine)
    source.load()
    monkeypatch.setattr(ledger_source, "MAX_RENEWAL", 1)
    repository.record_facts(engine, [participant("EEE"), participant("FFF")], what="two", moment=BEGUN)
    assert source.renew() is None
    assert "FFF" in source.current().ledger.participants


def test_ledgers_of_earlier_revisions_are_released(engine: Engine):
    repository.record_facts(engine, FIRST, what="the beginning", moment=BEGUN)
    source = LedgerSource(engine)
    cache = LedgerCache(RevisionProbe(engine), source.load, source.renew)
    held = []
    try:
        for number in range(1, 10):
            held.append(weakref.ref(cache.view(date(2003, 1, number), None)[1]))
            repository.record_facts(engine, [ratified("AAA", "pact", f"2001-01-0{number}")], what="x", moment=BEGUN)
        assert len(cache.view(date(2003, 1, 1), None)[1].acts("pact")) == 1
        gc.collect()
        assert [each() for each in held] == [None] * len(held)
    finally:
        gc.unfreeze()


TIMES = 8  # how often each writer writes


def _write(url: str, letter: str) -> None:
    engine = make_engine(url)
    for number in range(TIMES):
        deposit = ratified(letter * 3, "pact", f"2001-01-{number + 1:02}", source=f"{letter}{number}")
        with_it = [deposit, stated("declaration", letter * 3, "pact", summary=f"{number}")]
        repository.record_facts(engine, with_it[: 1 + number % 2], what=letter, moment=datetime.now(UTC))
    engine.dispose()


@pytest.mark.slow
def test_while_processes_write_every_reader_sees_each_revision_whole(engine: Engine, database_url: str):
    repository.record_facts(engine, FIRST, what="the beginning", moment=BEGUN)
    source = LedgerSource(engine)
    cache = LedgerCache(RevisionProbe(engine), source.load, source.renew)
    writers = [PROCESSES.Process(target=_write, args=(database_url, letter)) for letter in "AB"]
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            mark, ledger = cache.view(date(2003, 1, 1), None)
            seen.append((mark.number, len(ledger.every_act("pact"))))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for each in (*readers, *writers):
        each.start()
    for each in writers:
        each.join()
    done.set()
    for each in readers:
        each.join()
    gc.unfreeze()
    assert [each.exitcode for each in writers] == [0, 0]
    assert contents(source.current().ledger) == contents(repository.load_ledger(engine))
    live = {each.number: each for each in repository.recent_revisions(engine, newest=1000)}
    for revision, acts in set(seen):
        # each revision after the first adds one act of its writer in the place of that writer's last one
        writers_by_then = {live[number].what for number in range(2, revision + 1)}
        assert acts == len(writers_by_then), revision
