"""The scheduled jobs: daily turn, sync, delivery; which runs when, once, whoever else runs."""

from __future__ import annotations

import logging
import random
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine
from structlog.contextvars import bound_contextvars

from tracker.alerts import outbox, outlooks, sending
from tracker.alerts.lanes import Lanes
from tracker.config import Settings
from tracker.errors import TryLater, Unavailable
from tracker.maintenance import retention
from tracker.storage import change_log, job_locks
from tracker.storage.job_locks import JobClaim, JobOutcome
from tracker.storage.ledger_source import LedgerSource
from tracker.sync.http_client import HttpClient
from tracker.sync.sync import SyncContext, SyncReport, SyncResult, sync

LOOK = timedelta(seconds=5)  # how often the worker looks for slots to do
RENEWALS = 4  # how often a lease is renewed in the time it lasts
RETRY_AFTER = timedelta(minutes=30)  # when a slot that found another server busy is tried once more
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # before one that failed is

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_LOG = logging.getLogger("tracker.scheduler")

Clock = Callable[[], datetime]


class Stopping(Exception):
    """The worker was asked to stop, and the job stops at a place where nothing is half done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One slot being done: its moment, and what to call between pieces of work, in no transaction.

    `rest` waits for some seconds; both it and `between` raise Stopping when it is time to end, because the worker
    stops or another process has the lease by now; of that, `goes_on` only tells.
    """

    moment: datetime
    between: Callable[[], None]
    rest: Callable[[float], None]
    goes_on: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job: what it does in a slot, giving back what is worth noting, and when its slots begin.

    Slots begin every `every`, `after` the beginning of the first. A run's lease lasts `lasting`, and is renewed as
    long as the process lives and the run goes on.
    """

    name: str
    do: Callable[[JobRun], str]
    every: timedelta
    after: timedelta = timedelta(0)
    lasting: timedelta = timedelta(seconds=30)

    def slot(self, moment: datetime) -> datetime:
        """The beginning of the slot that the moment lies in."""
        since = moment - _BEGINNING - self.after
        return _BEGINNING + self.after + (since // self.every) * self.every


def utc_now() -> datetime:
    """The moment, in UTC: the jobs' clock."""
    return datetime.now(UTC)


# -- the jobs --------------------------------------------------------------------------------------


def build_jobs(engine: Engine, settings: Settings, now: Clock = utc_now) -> tuple[Job, ...]:
    """The program's jobs over this record; digests are sent by the delivery when their period ends."""

    def turn(this: JobRun) -> str:
        today, ledgers = this.moment.date(), LedgerSource(engine)
        with outbox.gathered_alerts(engine, now) as announce:
            found = change_log.run_day_turn(engine, today, moment=this.moment, announce=announce, ledgers=ledgers)
        outbox.enqueue_countdowns(engine, ledgers.current().ledger.as_of(today), this.moment)
        return f"{len(found)} changes fell due."

    def syncing(this: JobRun) -> str:
        with (
            outbox.gathered_alerts(engine, now) as announce,
            HttpClient(settings.contact, sleep=this.rest) as visitor,
        ):
            how = SyncContext(visitor=visitor, announce=announce, base_url=settings.untc_url, before_each=this.between)
            return sync_summary(sync(engine, (), how, moment=this.moment))

    lanes, worker = Lanes(sending.AT_ONCE), secrets.token_hex(8)
    ways = sending.senders_for(settings, lanes.hosts)

    def deliver(this: JobRun) -> str:
        report = sending.deliver_due(
            engine, now, ways, worker, site=settings.base_url, jitter=random.random, lanes=lanes, goes_on=this.goes_on
        )
        this.between()
        return f"{report.sent} sent, {report.later} to be tried again, {report.failed} given up."

    def prune(this: JobRun) -> str:
        return retention.delete_expired(engine, this.moment).words

    return (
        Job(name="turn", do=turn, every=timedelta(days=1)),
        Job(name="sync", do=syncing, every=timedelta(hours=settings.sync_hours), after=timedelta(hours=4, minutes=23)),
        Job(name="delivery", do=deliver, every=timedelta(seconds=30)),
        Job(name="outlook", do=_outlook_job(engine), every=timedelta(minutes=5), after=timedelta(seconds=40)),
        Job(name="pruning", do=prune, every=timedelta(days=1), after=timedelta(hours=3, minutes=11)),
    )


def _outlook_job(engine: Engine) -> Callable[[JobRun], str]:
    source = LedgerSource(engine)

    def forecast(this: JobRun) -> str:
        current = source.current()
        done = outlooks.renew_outlooks(engine, current, this.moment, this.between)
        told = outlooks.enqueue_outlook_alerts(engine, current.ledger, this.moment)
        return f"{told} messages decided; {'all' if done else 'not yet all'} outlooks are of today."

    return forecast


def sync_summary(reports: Sequence[SyncReport]) -> str:
    """What the reports of a sync came to, a line each; TryLater if a file is to be asked for again soon."""
    said = "\n".join(report.summary for report in reports)
    if any(report.result is SyncResult.TRY_LATER for report in reports):
        raise TryLater(said)
    return said


# -- one slot --------------------------------------------------------------------------------------


def run_due(
    engine: Engine,
    job: Job,
    now: Clock,
    holder: str,
    stop: threading.Event,
    watch: job_locks.LeaseWatch | None = None,
) -> bool:
    """Do the job's slot that has begun, unless it is done or somebody else is at it; was it done here?

    `watch` is what this process has seen of others' leases; without it, none is seen to be abandoned.
    """
    begun = now()
    claim = JobClaim(job=job.name, slot=job.slot(begun), holder=holder, every=job.every, lasting=job.lasting)
    if stop.is_set() or not job_locks.acquire(engine, claim, begun, watch):
        return False
    with _renewing_lease(engine, claim, now) as lost:

        def goes_on() -> bool:
            return not stop.is_set() and not lost.is_set()

        def between() -> None:
            if not goes_on() or not job_locks.renew(engine, claim, now()):
                raise Stopping

        def rest(seconds: float) -> None:
            if stop.wait(seconds) or lost.is_set():
                raise Stopping

        with bound_contextvars(job=job.name, run=f"{job.name}/{claim.slot:%Y-%m-%dT%H:%M:%SZ}"):
            turn = JobRun(moment=begun, between=between, rest=rest, goes_on=goes_on)
            outcome, said, again = _outcome(job, turn, now)
    job_locks.release(engine, claim, outcome, said, now(), again_at=again)
    return outcome is JobOutcome.DONE


@contextmanager
def _renewing_lease(engine: Engine, claim: JobClaim, now: Clock) -> Iterator[threading.Event]:
    """Renew the lease from a thread of its own while the run goes on; the event given is set once it is lost."""
    ended, lost = threading.Event(), threading.Event()

    def renewing() -> None:
        while not ended.wait(claim.lasting.total_seconds() / RENEWALS):
            try:
                if not job_locks.renew(engine, claim, now()):
                    lost.set()
                    return
            except Unavailable as trouble:  # the next time may be better; else somebody takes the slot over
                _LOG.warning("%s: the lease could not be renewed: %s", claim.job, trouble)

    thread = threading.Thread(target=renewing, name=f"lease of {claim.job}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        ended.set()
        thread.join()


def _outcome(job: Job, turn: JobRun, now: Clock) -> tuple[JobOutcome, str, datetime | None]:
    slot = job.slot(turn.moment)
    try:
        said = job.do(turn)
    except Stopping:
        return JobOutcome.LATER, "The worker was stopped.", now()
    except TryLater as trouble:
        _LOG.warning("%s: to be tried again: %s", job.name, trouble)
        return JobOutcome.LATER, str(trouble), now() + max(RETRY_AFTER, timedelta(seconds=trouble.after or 0))
    except Unavailable as trouble:
        _LOG.warning("%s: to be tried again: %s", job.name, trouble)
        return JobOutcome.LATER, str(trouble), next_try(slot, now())
    except Exception as trouble:  # noqa: BLE001 - it is written down and told, and the other jobs go on
        _LOG.exception("%s failed", job.name)
        return JobOutcome.FAILED, f"{type(trouble).__name__}: {trouble}", next_try(slot, now())
    _LOG.info("%s: %s", job.name, said)
    return JobOutcome.DONE, said, None


def next_try(slot: datetime, moment: datetime) -> datetime:
    """When a slot that failed at the moment is tried again: after as long as it has been open, within bounds.

    So the waits double from the first one to the longest, whichever process tries; the next slot ends it.
    """
    return moment + min(max(moment - slot, FIRST_WAIT), LONGEST_WAIT)


def _look(
    engine: Engine, job: Job, now: Clock, holder: str, stop: threading.Event, watch: job_locks.LeaseWatch
) -> None:
    try:
        run_due(engine, job, now, holder, stop, watch)
    except Unavailable as trouble:  # the record itself: the next look tries again
        _LOG.warning("%s: the database cannot be reached: %s", job.name, trouble)
    except Exception:  # noqa: BLE001 - one look must not end the others
        _LOG.exception("%s: looking for work failed", job.name)


# -- the worker ------------------------------------------------------------------------------------


class Worker:
    """Runs the jobs in threads of this process until it is stopped."""

    def __init__(self, engine: Engine, jobs: Sequence[Job], *, now: Clock = utc_now, look: timedelta = LOOK) -> None:
        self._stop = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        holder, watch = secrets.token_hex(8), job_locks.LeaseWatch()
        for job in jobs:
            self._scheduler.add_job(
                _look, "interval", seconds=look.total_seconds(), next_run_time=utc_now(), name=job.name,
                args=(engine, job, now, holder, self._stop, watch),
            )  # fmt: skip

    def start(self) -> None:
        """Begin: every slot that has begun and is not done is done at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let the jobs in progress come to a place where nothing is half done, and end."""
        self._stop.set()
        self._scheduler.shutdown(wait=True)
