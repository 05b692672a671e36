"""Jobs and their slots: each done once, whoever looks and whatever dies."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from sqlalchemy import Engine, insert, select, update

from tests.support.builders import instrument, participant, ratified
from tests.support.processes import PROCESSES
from tracker.alerts import deliveries, subscribers
from tracker.alerts.deliveries import MessageType
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.config import Settings
from tracker.errors import BadClause, TryLater
from tracker.maintenance.health import health_figures, health_report
from tracker.scheduler import Job, JobRun, Stopping, Worker, build_jobs, run_due, sync_summary, utc_now
from tracker.storage import job_locks, repository
from tracker.storage.database import make_engine, read_transaction, write_transaction
from tracker.storage.job_locks import JobClaim, JobOutcome, LeaseWatch
from tracker.storage.operational_tables import LeaseRow
from tracker.storage.schema import migrate
from tracker.storage.tables import REVISIONS
from tracker.sync.sync import SyncReport, SyncResult

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
CALM = threading.Event()
LEASES = LeaseRow.__table__


@pytest.fixture
def done():
    """The moments at which the job was done."""
    return []


@pytest.fixture
def hourly(done):
    return Job(name="sync", do=lambda this: done.append(this.moment) or "all is well", every=HOUR)


def claim(holder="one", slot=NOON, **rest):
    return JobClaim(**{"job": "sync", "slot": slot, "holder": holder, "every": HOUR, "lasting": 30 * SECOND} | rest)


def at(moment):
    return lambda: moment


# -- leases ----------------------------------------------------------------------------------------


def test_a_slot_is_given_to_one_holder_only(engine: Engine):
    assert job_locks.acquire(engine, claim("one"), NOON)
    assert not job_locks.acquire(engine, claim("two"), NOON + MINUTE)
    job_locks.release(engine, claim("one"), JobOutcome.DONE, "well", NOON + MINUTE)
    assert not job_locks.acquire(engine, claim("two"), NOON + 2 * MINUTE)
    assert job_locks.acquire(engine, claim("two", NOON + HOUR), NOON + HOUR)


def test_a_lease_lasts_as_long_as_it_is_renewed_and_then_another_may_take_the_slot_over(engine: Engine):
    watch = LeaseWatch()
    assert job_locks.acquire(engine, claim("one"), NOON)
    for seconds in (5, 20, 34):
        assert not job_locks.acquire(engine, claim("two"), NOON + seconds * SECOND, watch)
    assert job_locks.renew(engine, claim("one"), NOON + 34 * SECOND)
    assert not job_locks.acquire(engine, claim("two"), NOON + 35 * SECOND, watch)
    assert not job_locks.acquire(engine, claim("two"), NOON + 64 * SECOND, watch)
    assert job_locks.acquire(engine, claim("two"), NOON + 65 * SECOND, watch)
    assert not job_locks.renew(engine, claim("one"), NOON + 66 * SECOND)
    job_locks.release(engine, claim("one"), JobOutcome.DONE, "late", NOON + 67 * SECOND)
    (run,) = job_locks.recent_runs(engine, "sync")
    assert (run.holder, run.outcome) == ("two", JobOutcome.RUNNING)


@pytest.mark.parametrize("skew", [-14, -5, -1, 1, 5, 14])
def test_a_lease_is_neither_taken_early_nor_kept_long_where_clocks_differ_by_minutes(engine: Engine, skew: int):
    watch, theirs = LeaseWatch(), NOON + skew * MINUTE
    assert job_locks.acquire(engine, claim("one"), theirs)
    for seconds in range(0, 120, 5):
        assert job_locks.renew(engine, claim("one"), theirs + seconds * SECOND)
        assert not job_locks.acquire(engine, claim("two"), NOON + seconds * SECOND, watch)
    died = NOON + 120 * SECOND
    takes_over = [seconds for seconds in range(0, 60, 5) if job_locks.acquire(
        engine, claim("two"), died + seconds * SECOND, watch)]  # fmt: skip
    assert takes_over[0] <= 35


def test_a_watch_begins_anew_where_its_own_clock_goes_back():
    watch = LeaseWatch()
    looks = [NOON + seconds * SECOND for seconds in (10, 20, 5, 40)]
    assert [watch.stood_still("sync", "one", NOON, look) // SECOND for look in looks] == [0, 10, 0, 35]


def test_a_later_slot_may_not_begin_while_somebody_is_at_an_earlier_one(engine: Engine):
    assert job_locks.acquire(engine, claim("one"), NOON)
    assert job_locks.renew(engine, claim("one"), NOON + HOUR)
    assert not job_locks.acquire(engine, claim("two", NOON + HOUR), NOON + HOUR)


def test_a_clock_that_goes_back_runs_no_slot_again(engine: Engine):
    assert job_locks.acquire(engine, claim(slot=NOON), NOON)
    job_locks.release(engine, claim(slot=NOON), JobOutcome.DONE, "well", NOON)
    assert not job_locks.acquire(engine, claim(slot=NOON - HOUR), NOON - HOUR)


def test_runs_of_long_ago_are_forgotten_but_for_the_last_one_done(engine: Engine):
    for days in range(20):
        moment = NOON + timedelta(days=days)
        assert job_locks.acquire(engine, claim(slot=moment), moment)
        job_locks.release(engine, claim(slot=moment), JobOutcome.DONE, "well", moment)
    assert len(job_locks.recent_runs(engine, "sync", newest=50)) == 15
    far = NOON + timedelta(days=99)
    assert job_locks.acquire(engine, claim(slot=far), far)
    job_locks.release(engine, claim(slot=far), JobOutcome.FAILED, "no", far)
    assert [run.outcome for run in job_locks.recent_runs(engine, "sync")] == [JobOutcome.FAILED, JobOutcome.DONE]


# -- slots -----------------------------------------------------------------------------------------


def test_slots_begin_at_the_same_moments_in_every_process():
    job = Job(name="sync", do=str, every=timedelta(days=1), after=timedelta(hours=4, minutes=23))
    assert job.slot(datetime(2026, 11, 16, 4, 22, 59, tzinfo=UTC)) == datetime(2026, 11, 15, 4, 23, tzinfo=UTC)
    assert job.slot(datetime(2026, 11, 16, 4, 23, tzinfo=UTC)) == datetime(2026, 11, 16, 4, 23, tzinfo=UTC)


def test_a_slot_is_done_once_and_the_next_one_when_it_begins(engine: Engine, hourly, done):
    times = [NOON + minutes * MINUTE for minutes in (5, 6, 59, 60, 61, 300)]
    assert [run_due(engine, hourly, at(moment), "me", CALM) for moment in times] == [
        True, False, False, True, False, True,
    ]  # fmt: skip
    assert done == [times[0], times[3], times[5]]  # of the slots missed in between, the last is made up
    assert job_locks.recent_runs(engine, "sync")[0].said == "all is well"


def test_a_job_that_is_to_be_tried_later_is_tried_again_in_its_slot(engine: Engine):
    answers = [TryLater("The server is down."), "well"]

    def do(this):
        if isinstance(answer := answers.pop(0), Exception):
            raise answer
        return answer

    job = Job(name="sync", do=do, every=12 * HOUR)
    assert not run_due(engine, job, at(NOON), "me", CALM)
    (run,) = job_locks.recent_runs(engine, "sync")
    assert (run.outcome, run.said) == (JobOutcome.LATER, "The server is down.")
    assert not run_due(engine, job, at(NOON + 29 * MINUTE), "me", CALM)
    assert len(answers) == 1
    assert run_due(engine, job, at(NOON + 30 * MINUTE), "you", CALM)
    assert job_locks.recent_runs(engine, "sync")[0].outcome is JobOutcome.DONE


@pytest.mark.parametrize("trouble", [BadClause("no clause"), ZeroDivisionError("division")])
def test_a_job_that_fails_is_written_down_and_tried_again_in_its_slot_after_waits_that_double(engine: Engine, trouble):
    tried = []

    def do(this):
        tried.append((this.moment - NOON) // MINUTE)
        raise trouble

    job = Job(name="sync", do=do, every=4 * HOUR)
    for minutes in range(5 * 60):
        assert not run_due(engine, job, at(NOON + minutes * MINUTE), "me", CALM)
    assert tried == [
        0,
        1,
        2,
        4,
        8,
        16,
        32,
        64,
        124,
        184,
        240,
        241,
        242,
        244,
        248,
        256,
        272,
    ]  # from 240 on, the next slot
    run = job_locks.recent_runs(engine, "sync")[-1]
    assert (run.outcome, str(trouble) in run.said) == (JobOutcome.FAILED, True)
    assert len(job_locks.recent_runs(engine, "sync")) == 2


def test_a_job_that_failed_once_is_done_at_the_next_try_whoever_makes_it(engine: Engine):
    troubles = [ZeroDivisionError()]

    def do(this):
        if troubles:
            raise troubles.pop()
        return "well"

    job = Job(name="sync", do=do, every=HOUR)
    assert not run_due(engine, job, at(NOON), "me", CALM)
    assert not run_due(engine, job, at(NOON + MINUTE / 2), "you", CALM)
    assert run_due(engine, job, at(NOON + MINUTE), "you", CALM)
    assert not run_due(engine, job, at(NOON + 2 * MINUTE), "me", CALM)


def test_a_job_that_is_stopped_goes_on_where_it_may(engine: Engine):
    stop, pieces = threading.Event(), []

    def do(this: JobRun):
        for piece in range(3):
            this.between()
            pieces.append(piece)
            stop.set()
        return "never"

    job = Job(name="sync", do=do, every=HOUR)
    assert not run_due(engine, job, at(NOON), "me", stop)
    assert pieces == [0]
    assert not run_due(engine, job, at(NOON), "me", stop)
    stop.clear()
    run_due(engine, job, at(NOON + MINUTE), "another", stop)
    assert pieces == [0, 0]


def test_a_rest_ends_when_the_worker_is_stopped(engine: Engine):
    stop = threading.Event()

    def do(this: JobRun):
        threading.Timer(0.01, stop.set).start()
        this.rest(60)

    assert not run_due(engine, Job(name="sync", do=do, every=HOUR), at(NOON), "me", stop)
    assert job_locks.recent_runs(engine, "sync")[0].outcome is JobOutcome.LATER


def test_a_job_that_lost_its_lease_stops(engine: Engine):
    now = [NOON]

    def do(this: JobRun):
        now[0] += HOUR / 2  # the process was stopped for so long, its lease with it
        assert job_locks.acquire(engine, claim("another", job="slow"), now[0])
        with pytest.raises(Stopping):
            this.between()
        this.between()

    run_due(engine, Job(name="slow", do=do, every=HOUR), lambda: now[0], "me", CALM)
    assert job_locks.recent_runs(engine, "slow")[0].holder == "another"


def test_a_lease_is_renewed_while_the_job_works_and_a_lost_one_is_noticed(engine: Engine):
    found = []

    def expires():
        with read_transaction(engine) as connection:
            return connection.scalar(select(LEASES.c.expires_at).where(LEASES.c.job == "slow"))

    def do(this: JobRun):
        first, until = expires(), monotonic() + 30
        while expires() == first and monotonic() < until:
            this.rest(0.01)
        found.append(expires() > first)
        with write_transaction(engine) as connection:
            connection.execute(update(LEASES).values(holder="another"))
        while this.goes_on() and monotonic() < until:
            CALM.wait(0.01)
        this.between()

    job = Job(name="slow", do=do, every=HOUR, lasting=timedelta(milliseconds=200))
    assert not run_due(engine, job, utc_now, "me", CALM)
    assert found == [True]
    with read_transaction(engine) as connection:
        assert connection.scalar(select(LEASES.c.holder)) == "another"


# -- many processes --------------------------------------------------------------------------------


def _look_often(url, barrier, holder):
    engine = make_engine(url)

    def do(this: JobRun):
        with write_transaction(engine) as connection:
            number = repository.revision_number(connection) + 1
            row = {"number": number, "made_at": this.moment, "what": holder, "recorded": 0, "retracted": 0}
            connection.execute(insert(REVISIONS).values(**row))
        return "done"

    for minutes in range(0, 240, 4):
        barrier.wait()  # their clocks go alike: hours apart, one of them would be wrong
        run_due(engine, Job(name="sync", do=do, every=HOUR), at(NOON + minutes * MINUTE), holder, threading.Event())
    engine.dispose()


def test_two_schedulers_in_two_processes_do_each_slot_once(database_url: str):
    engine = make_engine(database_url)
    migrate(engine)
    barrier = PROCESSES.Barrier(2)
    workers = [PROCESSES.Process(target=_look_often, args=(database_url, barrier, name)) for name in ("one", "two")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert [run.slot for run in job_locks.recent_runs(engine, "sync")] == [
        NOON + number * HOUR for number in (3, 2, 1, 0)
    ]
    assert repository.current_revision(engine) == 4
    engine.dispose()


def _die_at_work(url):
    engine = make_engine(url)
    job = Job(name="sync", do=lambda this: os.kill(os.getpid(), signal.SIGKILL), every=HOUR)
    run_due(engine, job, at(NOON), "dead", threading.Event())


def test_what_a_killed_process_began_is_taken_over_when_its_lease_is_out(database_url: str, hourly, done):
    engine = make_engine(database_url)
    migrate(engine)
    dying = PROCESSES.Process(target=_die_at_work, args=(database_url,))
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL
    watch = LeaseWatch()
    for seconds in (5, 20, 34):
        assert not run_due(engine, hourly, at(NOON + seconds * SECOND), "alive", CALM, watch)
    assert run_due(engine, hourly, at(NOON + 35 * SECOND), "alive", CALM, watch)
    assert (len(done), [run.holder for run in job_locks.recent_runs(engine, "sync")]) == (1, ["alive"])
    engine.dispose()


def test_two_workers_with_real_schedulers_do_each_slot_once(engine: Engine):
    did, often = [], threading.Semaphore(0)

    def do(this: JobRun):
        did.append(this.moment)
        return "done"

    class Counting(Job):
        def slot(self, moment):
            often.release()
            return super().slot(moment)

    job = Counting(name="sync", do=do, every=HOUR)
    workers = [Worker(engine, [job], now=at(NOON), look=timedelta(milliseconds=20)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for _ in range(10):
        assert often.acquire(timeout=20)
    for worker in workers:
        worker.stop()
    assert did == [NOON]


def test_tracker_work_ends_in_order_when_it_is_asked_to(database_url: str):
    engine = make_engine(database_url)
    migrate(engine)
    repository.record_facts(engine, [participant("FRA")], what="x", moment=NOON)
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "--database", database_url, "work"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        for said in running.stderr:
            if "turn: 0 changes" in said:
                break
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, "Stopping." in out) == (0, True), err
    assert {run.outcome for run in job_locks.recent_runs(engine, "turn")} == {JobOutcome.DONE}
    engine.dispose()


# -- the program's own -----------------------------------------------------------------------------


def test_the_jobs_are_turn_sync_delivery_outlook_and_pruning_as_often_as_set(engine: Engine):
    found = {job.name: job.every for job in build_jobs(engine, Settings(sync_hours=6))}
    assert found == {
        "turn": timedelta(days=1), "sync": timedelta(hours=6), "delivery": timedelta(seconds=30),
        "outlook": timedelta(minutes=5), "pruning": timedelta(days=1),
    }  # fmt: skip


def test_the_turn_and_the_delivery_run_on_a_record(engine: Engine):
    facts = [participant("FRA"), instrument("untoc", threshold=1, delay="90d"), ratified("FRA", "untoc", "2026-11-01")]
    repository.record_facts(engine, facts, what="x", moment=NOON)
    later = NOON + timedelta(days=100)
    said = {
        job.name: run_due(engine, job, at(later), "me", CALM) and job_locks.recent_runs(engine, job.name)[0].said
        for job in build_jobs(engine, Settings(), now=at(later))
        if job.name != "sync"
    }
    assert said["delivery"] == "0 sent, 0 to be tried again, 0 given up."
    assert said["turn"] != "0 changes fell due."


def test_a_sync_in_which_a_server_was_busy_is_to_be_tried_later():
    def report(result):
        return SyncReport(instrument="untoc", reference="XVIII-12", result=result, why="Down.")

    assert sync_summary([report(SyncResult.NOT_MODIFIED)]).startswith("untoc (XVIII-12): the file has not changed")
    with pytest.raises(TryLater, match=r"try later\. Down\."):
        sync_summary([report(SyncResult.NOT_MODIFIED), report(SyncResult.TRY_LATER)])


# -- health ----------------------------------------------------------------------------------------


def test_health_says_which_jobs_are_late(engine: Engine, hourly):
    before = health_report(engine, NOON, ["sync"])
    assert (before["ok"], before["jobs"]["sync"]["said"]) == (False, "No worker has run this job yet.")
    run_due(engine, hourly, at(NOON), "me", CALM)
    good = health_report(engine, NOON + HOUR, ["sync"])
    assert (good["ok"], good["jobs"]["sync"]["outcome"], good["held"], good["trouble"]) == (True, "done", 0, {})
    late = health_report(engine, NOON + 3 * HOUR, ["sync"])
    assert (late["ok"], late["jobs"]["sync"]["last_done"]) == (False, NOON.isoformat())
    assert not health_report(engine, NOON)["ok"]  # the other jobs have never run
    assert not health_report(engine, NOON - HOUR, ["sync"])[
        "ok"
    ]  # the clock has gone back, and the job rests until then


def test_health_calls_the_delivery_late_when_a_message_has_been_due_for_minutes(engine: Engine):
    wish = Subscription(
        made_at=NOON, confirmed_at=NOON, state=SubscriptionState.ACTIVE, channel=Channel.EMAIL, address="a@example.org"
    )
    with write_transaction(engine) as connection:
        id = subscribers.insert_subscription(connection, wish)
        deliveries.enqueue(connection, id, key="k", sort=MessageType.TEST, moment=NOON, due_at=NOON)
    job = Job(name="delivery", do=lambda this: "nothing was sent", every=30 * SECOND)
    for minutes, on_time in [(4, True), (6, False)]:
        run_due(engine, job, at(NOON + minutes * MINUTE), "me", CALM)
        found = health_report(engine, NOON + minutes * MINUTE, ["delivery"])["jobs"]["delivery"]
        assert (found["on_time"], found["oldest_due"]) == (on_time, NOON.isoformat())
    assert health_figures(engine, NOON + 6 * MINUTE).overdue == 360
