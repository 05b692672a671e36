"""The summer of 2003 on the shipped record: the fortieth deposit comes in by a sync, and ninety days pass."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.support.un_site import published
from tracker.config import shipped_folder
from tracker.law.changes import ChangeKind
from tracker.law.model import Action, Instrument, Participant, PublishedCount
from tracker.storage import change_log, repository
from tracker.storage.import_export import read_facts
from tracker.sync import review_queue
from tracker.sync.sync import SyncContext, sync

LAST_DAY = date(2003, 6, 30)
FOLLOWED = ["untoc", "untoc-tip", "untoc-som", "untoc-firearms", "drugs-1988"]


@pytest.fixture(scope="module")
def facts():
    """The shipped record of the instruments that the UN keeps and of those that act on them."""
    kept = (Participant, Instrument, Action, PublishedCount)
    everything = [fact for fact in read_facts([shipped_folder("data")]) if isinstance(fact, kept)]
    return [fact for fact in everything if isinstance(fact, Participant) or fact.subject[0] in FOLLOWED]


@pytest.fixture
def un(facts):
    """The status files as they were printed on 1 July 2003."""
    for running in published(facts):
        running.all(until=date(2003, 7, 1))
        yield running


@pytest.fixture
def announced():
    return []


@pytest.fixture
def announce(announced):
    return lambda connection, changes, moment: announced.extend(changes)


@pytest.fixture
def record(engine: Engine, facts) -> Engine:
    """The record as it was known on 30 June 2003."""

    def known(fact):
        return not isinstance(fact, Action) or (fact.counts_from is not None and fact.counts_from <= LAST_DAY)

    moment = datetime(2003, 6, 30, 12, tzinfo=UTC)
    repository.record_facts(engine, [fact for fact in facts if known(fact)], what="history", moment=moment)
    return engine


@pytest.fixture
def syncs(record, un, announce):
    def run(day):
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=announce)
        moment = datetime(2003, 7, 1, 18, tzinfo=UTC) + timedelta(days=day - 1)
        return sync(record, FOLLOWED, how, moment=moment)

    return run


def of_untoc(changes):
    return [change for change in changes if change.instrument == "untoc"]


def test_the_fortieth_deposit_is_announced_once_and_in_order(record, syncs, announced):
    reports = {report.instrument: report for report in syncs(day=1)}
    assert {name: [act.participant for act in each.recorded] for name, each in reports.items()} == {
        "untoc": ["ARM"], "untoc-tip": ["ARM"], "untoc-som": ["ARM"], "untoc-firearms": [], "drugs-1988": [],
    }  # fmt: skip
    assert not any(each.corrected or each.held or each.remarks for each in reports.values())
    found = of_untoc(announced)
    assert [change.kind for change in found] == [
        ChangeKind.ACT_RECORDED, ChangeKind.CONSENTED, ChangeKind.PARTIES, ChangeKind.COUNTED,
        ChangeKind.THRESHOLD_REACHED, ChangeKind.DATE_FIXED,
    ]  # fmt: skip
    recorded, consented, parties, counted, reached, fixed = found
    assert (recorded.participant, recorded.day, consented.participant) == ("ARM", date(2003, 7, 1), "ARM")
    assert [(each.before, each.after) for each in (parties, counted)] == [("39", "40"), ("39", "40")]
    assert parties.reaches(40)
    assert (reached.day, "Armenia" in reached.words) == (date(2003, 7, 1), True)
    assert fixed.day == date(2003, 9, 29)


def test_run_again_it_tells_nothing_more(record, syncs, announced, un):
    syncs(day=1)
    once, revision = list(announced), repository.current_revision(record)
    for name in FOLLOWED[:3]:
        un.publish(name)  # the same again, under another mark
    syncs(day=2)
    assert [change for change in announced if change not in once] == []
    assert (len(announced), repository.current_revision(record), review_queue.list_items(record)) == (
        len(once),
        revision,
        [],
    )
    keys = [each.change.key for each in change_log.recent_changes(record, limit=1000)]
    assert len(keys) == len(set(keys))


def test_on_29_september_2003_it_enters_into_force_and_that_is_told_once(record, syncs, announced, announce):
    syncs(day=1)
    announced.clear()
    for day in (date(2003, 7, 2), date(2003, 9, 28), date(2003, 9, 29), date(2003, 9, 30), date(2003, 10, 2)):
        moment = datetime(day.year, day.month, day.day, 0, 5, tzinfo=UTC)
        for _ in range(2):
            change_log.run_day_turn(record, day, moment=moment, announce=announce)
        if day == date(2003, 9, 28):
            assert of_untoc(announced) == []
    (force,) = [change for change in of_untoc(announced) if change.kind is ChangeKind.ENTERED_INTO_FORCE]
    assert (force.day, force.before, force.after) == (date(2003, 9, 29), "will-enter-into-force", "in-force")
    bound = [change.participant for change in of_untoc(announced) if change.kind is ChangeKind.BOUND]
    assert (len(bound), len(set(bound)), "ARM" in bound) == (40, 40, True)
    assert len({change.key for change in announced}) == len(announced)


def test_the_same_when_nobody_worked_all_summer(record, syncs, announced, announce):
    syncs(day=1)
    announced.clear()
    moment = datetime(2003, 10, 2, 8, tzinfo=UTC)
    for _ in range(2):
        change_log.run_day_turn(record, moment.date(), moment=moment, announce=announce)
    days = [change.day for change in of_untoc(announced) if change.kind is ChangeKind.ENTERED_INTO_FORCE]
    assert days == [date(2003, 9, 29)]


def test_the_sync_of_a_record_in_which_that_day_was_never_announced_is_the_same_a_day_later(record, syncs, announced):
    syncs(day=5)
    kinds = [change.kind for change in of_untoc(announced)]
    assert kinds.count(ChangeKind.THRESHOLD_REACHED) == kinds.count(ChangeKind.DATE_FIXED) == 1
