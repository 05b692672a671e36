"""Clocks that jump: no day's changes are told twice, none is passed over, and no job or message waits for good."""

import json
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from tests.support.builders import instrument, participant, ratified, signed
from tracker.alerts import outbox, sending, subscribers
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.law.ledger import Ledger
from tracker.scheduler import Job, run_due
from tracker.storage import change_log, job_locks, repository
from tracker.storage.database import write_transaction

CODES = [f"{letter}ZZ" for letter in "ABCDEFGH"]
BEGUN = datetime(2026, 8, 20, 12, tzinfo=UTC)
TODAY = datetime(2026, 10, 1, 12, tzinfo=UTC)


def changes_in(message):
    return [change["key"] for change in json.loads(message.body)["changes"]]


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
JUMPS = [HOUR, 5 * HOUR, DAY, 2 * DAY, 30 * DAY, -MINUTE, -HOUR, -DAY, -20 * DAY, -365 * DAY]
CALM = threading.Event()
# Both are deposited long before they are recorded, as the UN Treaty Collection prints them late.
LATE = [ratified("BZZ", "untoc", "2026-09-15"), ratified("CZZ", "untoc", "2026-09-20")]


class Record:
    """A record whose clock is set by hand; `told` are the keys of what was announced, in order."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now, self.told = engine, BEGUN, []
        terms = {"threshold": 3, "delay": "30d", "party_delay": "30d"}
        facts = [instrument("untoc", **terms), *(participant(code) for code in CODES)]
        repository.record_facts(
            engine, [*facts, ratified("AZZ", "untoc", "2025-06-01")], what="the beginning", moment=BEGUN
        )

    def _announce(self, connection, changes, moment):
        self.told += [change.key for change in changes]

    def turn(self, moment):
        """The clock shows this moment, and the day is turned; what was told."""
        self.now = moment
        return change_log.run_day_turn(self.engine, moment.date(), moment=moment, announce=self._announce)

    def days(self, first, last):
        """The clock goes on day by day."""
        while first <= last:
            self.turn(first)
            first += DAY

    def take_in(self, *facts):
        """Record facts as a sync does; what was told."""
        self.turn(self.now)
        with write_transaction(self.engine) as connection:
            before = Ledger(repository.live_facts_in(connection))
            outcome = repository.replace_facts(connection, [], facts, what="a sync", moment=self.now)
            return change_log.log_differences(connection, before, outcome, moment=self.now, announce=self._announce)


@pytest.fixture
def record(engine):
    return Record(engine)


def log(record):
    return sorted(each.change.key for each in change_log.recent_changes(record.engine, limit=500))


# -- the turn of the day ---------------------------------------------------------------------------


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_clock_that_jumps_and_comes_back_tells_what_a_steady_one_tells_and_nothing_twice(record, jump):
    record.days(BEGUN, TODAY)
    record.take_in(*LATE, signed("DZZ", "untoc", "2026-10-20"))
    record.turn(TODAY + jump)
    record.turn(TODAY)
    fell_due = [
        each.change.key for each in change_log.recent_changes(record.engine) if "2026-10-20" in str(each.change.day)
    ]
    before = list(record.told)
    record.days(TODAY, TODAY + 40 * DAY)
    assert len(record.told) == len(set(record.told))
    assert log(record) == sorted(record.told)
    signatures = [each.change for each in change_log.recent_changes(record.engine, participant="DZZ", limit=99)]
    assert [change.day.isoformat() for change in signatures if change.kind == "became-signatory"] == ["2026-10-20"]
    assert bool(fell_due and record.told == before) == (jump == 30 * DAY)  # it was told by the clock that was ahead


# What is recorded by a clock so far ahead that its effects are yet to come may be told by both: their words differ.
@pytest.mark.parametrize("jump", [jump for jump in JUMPS if jump < 20 * DAY], ids=str)
def test_what_is_recorded_while_the_clock_is_wrong_is_announced_once_and_not_passed_over(record, jump):
    record.days(BEGUN, TODAY)
    record.take_in(*LATE)
    record.turn(TODAY + jump)
    record.take_in(ratified("EZZ", "untoc", "2026-09-22"))
    record.turn(TODAY)
    record.take_in(ratified("FZZ", "untoc", "2026-09-25"))
    record.days(TODAY, TODAY + 40 * DAY)
    assert len(record.told) == len(set(record.told))
    changes = [each.change for each in change_log.recent_changes(record.engine, limit=500)]
    bound = [(change.participant, str(change.day)) for change in changes if change.kind == "became-party"]
    assert sorted(code for code, _ in bound) == ["AZZ", "BZZ", "CZZ", "EZZ", "FZZ"]
    parties = [(change.before, change.after) for change in changes if change.kind == "parties"]
    assert sorted(parties) == [("1", "3"), ("3", "4"), ("4", "5")]


def test_two_workers_whose_clocks_differ_by_minutes_tell_each_day_once(record):
    record.days(BEGUN, TODAY)
    midnight = TODAY.replace(hour=0) + DAY
    record.take_in(*LATE, signed("DZZ", "untoc", midnight.date().isoformat()))
    ahead = record.turn(midnight + 5 * MINUTE)
    assert [change.kind for change in ahead if change.participant == "DZZ"] == ["act-done", "became-signatory"]
    assert record.turn(midnight - 5 * MINUTE) == ()
    assert record.turn(midnight + 5 * MINUTE) == record.turn(midnight + HOUR) == ()
    record.now = midnight - MINUTE
    told = record.take_in(signed("EZZ", "untoc", midnight.date().isoformat()))
    assert "became-signatory" in [change.kind for change in told]  # the other has turned to that day already
    assert record.turn(midnight + 2 * HOUR) == ()


# -- jobs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [MINUTE / 2, HOUR, DAY], ids=str)
@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_job_rests_no_longer_than_a_slot_and_what_clocks_may_differ_after_a_jump(engine, every, jump):
    done = []
    job = Job(name="any", do=lambda this: done.append(this.moment) or "done", every=every)
    assert run_due(engine, job, lambda: TODAY, "one", CALM)
    run_due(engine, job, lambda: TODAY + jump, "two", CALM)
    step = MINUTE if every <= HOUR else HOUR
    waits = (number * step for number in range((2 * every + job_locks.CLOCK_SKEW) // step + 2))
    assert any(run_due(engine, job, partial(TODAY.__add__, wait), "one", CALM) for wait in waits)
    slots = [run.slot for run in job_locks.recent_runs(engine, "any", newest=50)]
    assert len(slots) == len(set(slots))


@pytest.mark.parametrize("jump", [5 * HOUR, DAY, 30 * DAY], ids=str)
def test_a_run_that_died_under_a_clock_that_was_ahead_is_taken_over(engine, jump):
    done = []
    job = Job(name="any", do=lambda this: done.append(this.moment) or "done", every=HOUR)
    ahead = TODAY + jump
    assert job_locks.acquire(
        engine,
        job_locks.JobClaim(job="any", slot=job.slot(ahead), holder="dead", every=HOUR, lasting=30 * MINUTE),
        ahead,
    )
    assert run_due(engine, job, lambda: TODAY, "alive", CALM)
    assert done == [TODAY]


# -- messages --------------------------------------------------------------------------------------


@pytest.fixture
def subscribed(engine):
    """A subscription to everything, confirmed long ago."""
    wish = {"channel": Channel.WEBHOOK, "address": "https://example.org/hook", "secret": "a secret"}
    with write_transaction(engine) as connection:
        return subscribers.insert_subscription(
            connection, Subscription(made_at=BEGUN, confirmed_at=BEGUN, state=SubscriptionState.ACTIVE, **wish)
        )


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_message_decided_by_a_clock_that_jumped_is_sent_once_and_soon(record, subscribed, jump):
    sent = []
    ways = {Channel.WEBHOOK: lambda to, message, moment: sent.extend(changes_in(message))}

    def deliver(moment):
        sending.deliver_due(record.engine, lambda: moment, ways, "one", site="https://x.example", jitter=lambda: 0.0)

    record._announce = outbox.enqueue_alerts
    record.days(BEGUN, TODAY)
    record.turn(TODAY + jump)
    record.take_in(signed("DZZ", "untoc", "2025-05-05"))
    deliver(TODAY + job_locks.CLOCK_SKEW)
    soon = len(sent)
    deliver(TODAY + DAY)
    assert soon == len(sent) == len(set(sent)) == len(change_log.recent_changes(record.engine))
