"""A file is judged outside of the write lock: what others write meanwhile is never overlooked, doubled or undone."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from tests.support.builders import instrument, participant, ratified
from tests.support.processes import PROCESSES
from tests.support.un_site import Published
from tracker.law.changes import ChangeKind
from tracker.storage import change_log, repository
from tracker.storage.database import make_engine
from tracker.sync import review, review_queue
from tracker.sync import sync as syncing
from tracker.sync.http_client import HttpClient, HttpLimits
from tracker.sync.review import ReviewDecision
from tracker.sync.sync import SyncContext, SyncResult, sync

BEGUN = datetime(2026, 11, 16, 12, tzinfo=UTC)
CODES = [f"{letter}{letter}{letter}" for letter in "ABCDEFGH"]
TERMS = {"threshold": 3, "delay": "90d", "adopted_on": "2000-11-15"}
FACTS = [
    *(participant(code) for code in CODES),
    instrument("untoc", reference="XVIII-12", **TERMS),
    instrument("untoc-tip", reference="XVIII-12-a", parent="untoc", **TERMS),
    instrument("far", **TERMS),
    ratified("AAA", "untoc", "2002-05-06"),
    ratified("BBB", "untoc", "2002-05-07"),
]


class Meanwhile:
    """A sync of `untoc`, whose file has one more deposit, and what is done while it has been judged."""

    def __init__(self, engine: Engine, un: Published, announce) -> None:
        self.engine, self.un, self.announce, self.judged = engine, un, announce, 0
        repository.record_facts(engine, FACTS, what="the beginning", moment=BEGUN)
        un.rows["untoc"]["Republic of CCC"] = ["", " 1 Jul\t 2003"]
        un.publish("untoc")

    def sync(self, do, monkeypatch):
        """Sync, and do that once the file has been judged."""
        judge = syncing.decide

        def decide(*args, **options):
            self.judged += 1
            return judge(*args, **options)

        def step(name: str) -> None:
            if name == "untoc: compared":
                do()

        monkeypatch.setattr(syncing, "decide", decide)
        how = SyncContext(visitor=self.un.visitor, base_url=self.un.server.url, announce=self.announce, step=step)
        [report] = sync(self.engine, ["untoc"], how, moment=BEGUN + timedelta(hours=1))
        return report

    def record(self, *facts):
        repository.record_facts(self.engine, facts, what="another writer", moment=BEGUN + timedelta(minutes=30))


@pytest.fixture
def meanwhile(engine, un, announce):
    return Meanwhile(engine, un, announce)


def test_what_another_has_recorded_meanwhile_is_not_recorded_twice(meanwhile, monkeypatch):
    report = meanwhile.sync(lambda: meanwhile.record(ratified("CCC", "untoc", "2003-07-01")), monkeypatch)
    assert (report.recorded, report.unchanged, meanwhile.judged) == ((), 3, 2)
    acts = repository.load_ledger(meanwhile.engine).acts("untoc")
    assert [act.participant for act in acts] == ["AAA", "BBB", "CCC"]


def test_what_matters_nothing_to_the_file_does_not_have_it_judged_again(meanwhile, monkeypatch, announced):
    report = meanwhile.sync(lambda: meanwhile.record(ratified("DDD", "far", "2001-01-01")), monkeypatch)
    assert ([act.participant for act in report.recorded], meanwhile.judged) == (["CCC"], 1)
    assert ChangeKind.THRESHOLD_REACHED in [change.kind for change in announced]
    assert [act.participant for act in repository.load_ledger(meanwhile.engine).acts("far")] == ["DDD"]


def test_an_act_on_a_protocol_has_the_file_of_its_convention_judged_again(meanwhile, monkeypatch):
    meanwhile.sync(lambda: meanwhile.record(ratified("AAA", "untoc-tip", "2001-01-01")), monkeypatch)
    assert meanwhile.judged == 2


def test_changes_are_those_from_the_record_that_another_writer_left(meanwhile, monkeypatch, announced):
    fourth = ratified("DDD", "untoc", "2002-05-08")
    report = meanwhile.sync(lambda: meanwhile.record(fourth), monkeypatch)
    assert [act.participant for act in report.recorded] == ["CCC"]
    assert [(each.before, each.after) for each in announced if each.kind is ChangeKind.PARTIES] == [("3", "4")]


def test_a_file_that_lacks_what_came_meanwhile_puts_it_in_question(meanwhile, monkeypatch):
    report = meanwhile.sync(lambda: meanwhile.record(ratified("DDD", "untoc", "2002-05-08")), monkeypatch)
    assert [(each.participant, each.proposal) for each in report.held] == [("DDD", "retract")]


def test_an_editors_word_that_comes_meanwhile_is_heeded(meanwhile, monkeypatch):
    meanwhile.record(ratified("EEE", "untoc", "2002-05-09"))
    first = meanwhile.sync(lambda: None, monkeypatch)
    assert [each.participant for each in first.held] == ["EEE"]
    [item] = review_queue.list_items(meanwhile.engine)
    word = ReviewDecision(who="an editor", note="it is right")
    meanwhile.un.publish("untoc")
    again = meanwhile.sync(lambda: review.reject(meanwhile.engine, item.id, word, moment=BEGUN), monkeypatch)
    assert (again.held, again.put_aside) == ((), 1)


def test_a_file_is_not_judged_while_the_record_is_locked(meanwhile, monkeypatch):
    open_transactions, during = [], []
    event.listen(meanwhile.engine, "begin", lambda connection: open_transactions.append(_writes(connection)))
    for end in ("commit", "rollback"):
        event.listen(meanwhile.engine, end, lambda _: open_transactions.clear())
    judge = syncing.change_log.changes_by

    def changes_by(*args, **options):
        during.append(any(open_transactions))
        return judge(*args, **options)

    monkeypatch.setattr(syncing.change_log, "changes_by", changes_by)
    meanwhile.sync(lambda: during.append(any(open_transactions)), monkeypatch)
    assert during == [False, False]


def _writes(connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))


def _sync_all(url: str, server: str, barrier) -> None:
    engine = make_engine(url)
    with HttpClient("treaties@example.org", limits=HttpLimits(attempts=1, pause=0)) as visitor:
        visitor.session.trust_env = False
        how = SyncContext(visitor=visitor, base_url=server, announce=change_log.announce_nothing)
        barrier.wait()
        for hour in range(3):
            reports = sync(engine, [], how, moment=BEGUN + timedelta(hours=hour))
            assert all(each.result in (SyncResult.TAKEN_IN, SyncResult.NOT_MODIFIED) for each in reports)
    engine.dispose()


@pytest.mark.slow
def test_of_processes_that_sync_the_same_files_at_once_each_act_is_recorded_and_noted_once(meanwhile, database_url):
    for number, code in enumerate(CODES[3:], start=1):
        meanwhile.un.rows["untoc"][f"Republic of {code}"] = ["", f" {number} Aug\t 2003"]
        meanwhile.un.rows.setdefault("untoc-tip", {})[f"Republic of {code}"] = ["", f" {number} Sep\t 2003 a"]
    meanwhile.un.publish("untoc")
    meanwhile.un.publish("untoc-tip")
    barrier = PROCESSES.Barrier(2)
    args = (database_url, meanwhile.un.server.url, barrier)
    both = [PROCESSES.Process(target=_sync_all, args=args) for _ in range(2)]
    for each in both:
        each.start()
    reading = threading.Thread(target=lambda: [repository.load_ledger(meanwhile.engine) for _ in range(5)])
    reading.start()
    for each in (*both, reading):
        each.join()
    assert [each.exitcode for each in both] == [0, 0]
    ledger = repository.load_ledger(meanwhile.engine)
    assert sorted(act.participant for act in ledger.every_act("untoc")) == CODES
    assert sorted(act.participant for act in ledger.every_act("untoc-tip")) == CODES[3:]
    noted = [each.change for each in change_log.recent_changes(meanwhile.engine, limit=1000)]
    recorded = [(each.instrument, each.participant) for each in noted if each.kind is ChangeKind.ACT_RECORDED]
    assert sorted(recorded) == sorted({*recorded})
    assert len(recorded) == len(CODES) - 2 + len(CODES) - 3
