"""Which process runs which job, and which of its time slots are done, so that each is done once.

A lease lasts for seconds and is renewed by whoever has it as long as it works. Whether it was abandoned is seen by
watching it stand still (`LeaseWatch`), so that no process relies on another's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, delete, func, insert, select, update

from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import LeaseRow, RunRow

RUNS_KEPT_FOR = timedelta(days=14)  # how long a run stays written down
CLOCK_SKEW = timedelta(minutes=15)  # how far clocks may be from each other and still be believed

_LEASES: Table = LeaseRow.__table__  # type: ignore[attr-defined]
_RUNS: Table = RunRow.__table__  # type: ignore[attr-defined]


class JobOutcome(StrEnum):
    """How a run ended; `LATER` and `FAILED` are tried once more where a moment for it is set."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobClaim:
    """A slot of a job that somebody wants to run: `slot` is the aware UTC moment it began.

    The lease lasts `lasting` unless it is renewed, a few times in that span; `every` is the time between two slots.
    """

    job: str
    slot: datetime
    holder: str
    every: timedelta
    lasting: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRunRecord:
    """A slot of a job as it was run."""

    job: str
    slot: datetime
    holder: str
    started_at: datetime
    finished_at: datetime | None
    outcome: JobOutcome
    said: str


@dataclass(slots=True)
class LeaseWatch:
    """The leases of others as one process has seen them, and since when each has stood still by its own clock.

    Clocks of two machines may differ by more than a lease lasts, and a clock may be set back after a process has
    died under it. So a lease that was neither renewed nor given up for as long as it lasts is taken for abandoned,
    whatever moment is written in it.
    """

    _seen: dict[str, tuple[str, datetime, datetime]] = field(default_factory=dict)

    def stood_still(self, job: str, holder: str, expires_at: datetime, moment: datetime) -> timedelta:
        """For how long the lease has been seen just as it is; nothing at the first look, or after a clock went back."""
        seen = self._seen.get(job)
        if seen is None or seen[:2] != (holder, expires_at) or moment < seen[2]:
            self._seen[job] = seen = (holder, expires_at, moment)
        return moment - seen[2]


def acquire(engine: Engine, claim: JobClaim, moment: datetime, watch: LeaseWatch | None = None) -> bool:
    """May the holder run the slot now? Then it has the lease, and nobody else runs the slot.

    No, if the slot or a later one is done or being done, or another holder has the lease. A run whose holder died
    may be taken over when its lease was seen to stand still (`watch`, kept between looks), or ended longer ago than
    clocks differ. What lies further ahead than a slot or a lease can reach was written by a clock that was wrong: it
    is not believed, and forgotten.
    """
    watch = watch or LeaseWatch()
    with read_transaction(engine) as connection:
        wrong = connection.scalar(select(func.count()).where(*_beyond(claim, moment)))
        if not wrong and not _is_open(connection, claim, moment):
            return False
        if not _is_free(connection, claim, moment, watch):
            return False  # who works is not kept from writing by those who look
    with write_transaction(engine) as connection:
        connection.execute(delete(_RUNS).where(*_beyond(claim, moment)))
        if not _is_open(connection, claim, moment) or not _is_free(connection, claim, moment, watch):
            return False
        _take_lease(connection, claim, moment)
        _begin(connection, claim, moment)
        return True


def renew(engine: Engine, claim: JobClaim, moment: datetime) -> bool:
    """Hold the lease for longer; False if somebody else has it by now."""
    mine = (_LEASES.c.job == claim.job) & (_LEASES.c.holder == claim.holder)
    with write_transaction(engine) as connection:
        longer = update(_LEASES).where(mine).values(expires_at=moment + claim.lasting)
        return connection.execute(longer).rowcount == 1


def release(
    engine: Engine,
    claim: JobClaim,
    outcome: JobOutcome,
    said: str,
    moment: datetime,
    *,
    again_at: datetime | None = None,
) -> None:
    """Write down how the run went and give the lease up; runs of long ago are forgotten."""
    mine = (_RUNS.c.job == claim.job) & (_RUNS.c.slot == claim.slot) & (_RUNS.c.holder == claim.holder)
    values = {"finished_at": moment, "outcome": outcome.value, "said": said, "again_at": again_at}
    lease = (_LEASES.c.job == claim.job) & (_LEASES.c.holder == claim.holder)
    newest = select(func.max(_RUNS.c.id)).where(_RUNS.c.outcome == JobOutcome.DONE.value).group_by(_RUNS.c.job)
    old = (_RUNS.c.finished_at < moment - RUNS_KEPT_FOR) & _RUNS.c.id.not_in(newest)
    with write_transaction(engine) as connection:
        connection.execute(update(_RUNS).where(mine).values(**values))
        connection.execute(update(_LEASES).where(lease).values(holder="", expires_at=moment))
        connection.execute(delete(_RUNS).where(old))


def recent_runs(engine: Engine, job: str, *, newest: int = 20) -> list[JobRunRecord]:
    """The last runs of a job, newest first."""
    query = select(_RUNS).where(_RUNS.c.job == job).order_by(_RUNS.c.slot.desc()).limit(newest)
    with read_transaction(engine) as connection:
        return [run_of(row) for row in connection.execute(query)]


def run_of(row: Row[tuple[object, ...]]) -> JobRunRecord:
    """The run that a row of the table says."""
    fields = {name: getattr(row, name) for name in ("job", "slot", "holder", "started_at", "finished_at", "said")}
    return JobRunRecord(**fields, outcome=JobOutcome(row.outcome))


def _is_open(connection: Connection, claim: JobClaim, moment: datetime) -> bool:
    mine = (_RUNS.c.job == claim.job) & (_RUNS.c.slot <= _farthest(claim, moment))
    last = connection.execute(select(_RUNS).where(mine).order_by(_RUNS.c.slot.desc()).limit(1)).first()
    if last is None or last.slot < claim.slot:
        return True
    if last.slot > claim.slot:
        return False  # the clock has gone back
    if last.outcome in (JobOutcome.LATER.value, JobOutcome.FAILED.value):
        return last.again_at is not None and not moment < last.again_at <= _farthest(claim, moment)
    return bool(last.outcome == JobOutcome.RUNNING.value)  # its lease says whether its holder is alive


def _farthest(claim: JobClaim, moment: datetime) -> datetime:
    """The latest moment at which a slot of the job can begin that anybody may have come to by now.

    A job that is done every few seconds does not rest for minutes because a clock was ahead by them.
    """
    return moment + claim.every + min(CLOCK_SKEW, claim.every)


def _beyond(claim: JobClaim, moment: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _RUNS.c.job == claim.job, _RUNS.c.slot > _farthest(claim, moment)


def _is_free(connection: Connection, claim: JobClaim, moment: datetime, watch: LeaseWatch) -> bool:
    """Is the lease nobody's, the claimant's own, given up, or abandoned?"""
    lease = connection.execute(select(_LEASES).where(_LEASES.c.job == claim.job)).first()
    if lease is None or lease.holder in ("", claim.holder):
        return True
    sensible = moment - CLOCK_SKEW < lease.expires_at <= moment + claim.lasting + CLOCK_SKEW
    return not sensible or watch.stood_still(claim.job, lease.holder, lease.expires_at, moment) >= claim.lasting


def _take_lease(connection: Connection, claim: JobClaim, moment: datetime) -> None:
    values = {"holder": claim.holder, "expires_at": moment + claim.lasting, "every": int(claim.every.total_seconds())}
    if not connection.execute(update(_LEASES).where(_LEASES.c.job == claim.job).values(**values)).rowcount:
        connection.execute(insert(_LEASES).values(job=claim.job, **values))


def _begin(connection: Connection, claim: JobClaim, moment: datetime) -> None:
    mine = (_RUNS.c.job == claim.job) & (_RUNS.c.slot == claim.slot)
    values = {"holder": claim.holder, "started_at": moment, "finished_at": None, "outcome": JobOutcome.RUNNING.value}
    if not connection.execute(update(_RUNS).where(mine).values(**values, said="", again_at=None)).rowcount:
        connection.execute(insert(_RUNS).values(job=claim.job, slot=claim.slot, **values, said=""))
