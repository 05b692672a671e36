"""Are the jobs on time? What the record's own tables say about it, for whoever watches the program.

A job is late when the last slot that was done is more than two intervals old, with the length of
a lease on top for a run in progress; one done in the future tells nothing, for then the clock has
gone back and the job rests. Nothing here is decided by the process that asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from tracker.record import held
from tracker.record.database import reading
from tracker.record.leases import Outcome
from tracker.record.worktables import FetchRow, HeldRow, LeaseRow, RunRow

JOBS = ("turn", "sync", "delivery")
GRACE = timedelta(minutes=30)

_LEASES, _RUNS = LeaseRow.__table__, RunRow.__table__  # type: ignore[attr-defined]
_HELD, _FETCHES = HeldRow.__table__, FetchRow.__table__  # type: ignore[attr-defined]


def health(engine: Engine, now: datetime, jobs: Sequence[str] = JOBS) -> dict[str, Any]:
    """Plain values: `ok`, whether every job is on time; each job; how many acts are held; files in trouble.

    Of each job: `on_time`, the last slot done (`last_done`), when it counts as late (`late_after`), how
    the last run ended (`outcome`, `said`). Moments are ISO 8601 in UTC, None where there is none.
    """
    with reading(engine) as connection:
        found = {job: _job(connection, job, now) for job in jobs}
        waiting = select(func.count()).select_from(_HELD).where(_HELD.c.state == held.State.OPEN.value)
        trouble = select(_FETCHES.c.instrument, _FETCHES.c.error).where(_FETCHES.c.error != "")
        return {
            "ok": all(job["on_time"] for job in found.values()),
            "jobs": found,
            "held": connection.scalar(waiting) or 0,
            "trouble": {row.instrument: row.error for row in connection.execute(trouble)},
        }


def _job(connection: Connection, job: str, now: datetime) -> dict[str, Any]:
    mine = select(_RUNS).where(_RUNS.c.job == job).order_by(_RUNS.c.slot.desc())
    last = connection.execute(mine.limit(1)).first()
    done = connection.execute(mine.where(_RUNS.c.outcome == Outcome.DONE.value).limit(1)).first()
    every = timedelta(seconds=connection.scalar(select(_LEASES.c.every).where(_LEASES.c.job == job)) or 0)
    late = done.slot + 2 * every + GRACE if done else None
    return {
        "on_time": done is not None and late is not None and done.slot - GRACE <= now <= late,
        "last_done": done.slot.isoformat() if done else None,
        "late_after": late.isoformat() if late else None,
        "outcome": last.outcome if last else None,
        "said": last.said if last else "No worker has run this job yet.",
    }
