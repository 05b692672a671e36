"""Are the jobs on time? Figures from the database for whoever monitors the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from tracker.alerts.deliveries import DeliveryState, oldest_due
from tracker.storage import repository
from tracker.storage.database import read_transaction
from tracker.storage.job_locks import JobOutcome
from tracker.storage.operational_tables import DeliveryRow, FetchRow, HeldRow, LeaseRow, RunRow
from tracker.sync import review_queue

JOBS = ("turn", "sync", "delivery", "outlook", "pruning")
GRACE = timedelta(minutes=30)  # beyond two intervals, after which a job that runs seldom counts as late
MESSAGE_GRACE = timedelta(minutes=5)  # after which a message that is due and not sent makes the delivery late

_LEASES, _RUNS = LeaseRow.__table__, RunRow.__table__  # type: ignore[attr-defined]
_HELD, _FETCHES = HeldRow.__table__, FetchRow.__table__  # type: ignore[attr-defined]
_DELIVERIES = DeliveryRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFigures:
    """How the record's work stands, in numbers; nothing of what was said, and of nobody.

    By job: `late` is 1.0 or 0.0, `done` the moment of the last slot done. By stage: `deliveries`. `overdue` is for
    how many seconds the oldest message that is due has been so. By instrument: `synced` is 1.0 where the last look
    at its file went well, `looked` the moment of the last good one.
    """

    revision: int
    held: int
    deliveries: dict[str, float]
    overdue: float
    late: dict[str, float]
    done: dict[str, datetime]
    synced: dict[str, float]
    looked: dict[str, datetime]


def health_figures(engine: Engine, now: datetime, jobs: Sequence[str] = JOBS) -> HealthFigures:
    """The figures at this moment; Unavailable if the record cannot be had."""
    with read_transaction(engine) as connection:
        found = _jobs(connection, jobs, now)
        stages = select(_DELIVERIES.c.state, func.count()).group_by(_DELIVERIES.c.state)
        standing = {str(state): float(number) for state, number in connection.execute(stages)}
        fetched = connection.execute(select(_FETCHES.c.instrument, _FETCHES.c.error, _FETCHES.c.done_at)).all()
        return HealthFigures(
            revision=repository.revision_number(connection),
            held=connection.scalar(_waiting()) or 0,
            deliveries={stage.value: standing.get(stage.value, 0.0) for stage in DeliveryState},
            overdue=max(0.0, (now - since).total_seconds()) if (since := oldest_due(connection, now)) else 0.0,
            late={name: float(not job["on_time"]) for name, job in found.items()},
            done={n: datetime.fromisoformat(job["last_done"]) for n, job in found.items() if job["last_done"]},
            synced={row.instrument: float(not row.error) for row in fetched},
            looked={row.instrument: row.done_at for row in fetched if row.done_at},
        )


def health_report(engine: Engine, now: datetime, jobs: Sequence[str] = JOBS) -> dict[str, Any]:
    """Plain values: `ok`, whether every job is on time; each job; how many acts are held; files in trouble.

    Of each job: `on_time`, the last slot done (`last_done`), when it counts as late (`late_after`), how
    the last run ended (`outcome`, `said`). The delivery is late, too, where a message has been due for minutes:
    `oldest_due` is since when. Moments are ISO 8601 in UTC, None where there is none.
    """
    with read_transaction(engine) as connection:
        found = _jobs(connection, jobs, now)
        trouble = select(_FETCHES.c.instrument, _FETCHES.c.error).where(_FETCHES.c.error != "")
        return {
            "ok": all(job["on_time"] for job in found.values()),
            "jobs": found,
            "held": connection.scalar(_waiting()) or 0,
            "trouble": {row.instrument: row.error for row in connection.execute(trouble)},
        }


def _waiting() -> Select[Any]:
    return select(func.count()).select_from(_HELD).where(_HELD.c.state == review_queue.ReviewState.OPEN.value)


def _jobs(connection: Connection, jobs: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
    found = {job: _job(connection, job, now) for job in jobs}
    if (delivery := found.get("delivery")) is not None:
        since = oldest_due(connection, now)
        delivery["oldest_due"] = since.isoformat() if since else None
        delivery["on_time"] = delivery["on_time"] and (since is None or now <= since + MESSAGE_GRACE)
    return found


def _job(connection: Connection, job: str, now: datetime) -> dict[str, Any]:
    mine = select(_RUNS).where(_RUNS.c.job == job).order_by(_RUNS.c.slot.desc())
    last = connection.execute(mine.limit(1)).first()
    done = connection.execute(mine.where(_RUNS.c.outcome == JobOutcome.DONE.value).limit(1)).first()
    every = timedelta(seconds=connection.scalar(select(_LEASES.c.every).where(_LEASES.c.job == job)) or 0)
    late = done.slot + 2 * every + min(GRACE, max(every, MESSAGE_GRACE)) if done else None
    return {
        "on_time": done is not None and late is not None and done.slot - GRACE <= now <= late,
        "last_done": done.slot.isoformat() if done else None,
        "late_after": late.isoformat() if late else None,
        "outcome": last.outcome if last else None,
        "said": last.said if last else "No worker has run this job yet.",
    }
