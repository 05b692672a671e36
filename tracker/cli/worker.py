"""Commands that keep the record current: sync, held, work, jobs."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Engine

from tracker.alerts import outbox
from tracker.cli import logging_setup, server
from tracker.cli.output import FORMATS, as_csv, as_json, line, table
from tracker.cli.users import actor
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate, in_words
from tracker.maintenance.health import health_report
from tracker.scheduler import Worker, build_jobs
from tracker.storage import job_locks, repository
from tracker.storage.database import make_engine
from tracker.storage.job_locks import JobRunRecord
from tracker.sync import review, review_queue
from tracker.sync.http_client import HttpClient
from tracker.sync.review import ReviewDecision
from tracker.sync.review_queue import ReviewItem, ReviewState
from tracker.sync.sync import SyncContext, SyncResult
from tracker.sync.sync import sync as take_in

EXITS = {SyncResult.REFUSED: 65, SyncResult.TRY_LATER: 75}


def now() -> datetime:
    """The moment, in UTC: these commands' clock."""
    return datetime.now(UTC)


@click.command()
@click.argument("instruments", nargs=-1, metavar="[ID]...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.pass_obj
def sync(settings: Settings, instruments: tuple[str, ...], dry_run: bool) -> int:
    """Compare the data with the UN Treaty Collection's status files and take in what differs.

    Exits with 65 if a file was refused, with 75 if one could not be fetched and is to be tried later.
    """
    engine = make_engine(settings.database_url)
    with outbox.gathered_alerts(engine, now) as announce, HttpClient(settings.contact) as visitor:
        how = SyncContext(visitor=visitor, announce=announce, base_url=settings.untc_url, dry_run=dry_run)
        reports = take_in(engine, instruments, how, moment=now())
    for report in reports:
        for each in report.lines:
            line(each)
    if dry_run:
        line("Nothing was written.")
    return max((EXITS.get(report.result, 0) for report in reports), default=0)


# -- what waits for an editor ----------------------------------------------------------------------


def _day(text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError as trouble:
        raise click.BadParameter(str(trouble)) from None


@click.command(name="held")
@click.option(
    "--accept", type=click.IntRange(1, review_queue.MAX_ROW_NUMBER), metavar="ID", help="Do what the file asked for."
)
@click.option(
    "--reject", type=click.IntRange(1, review_queue.MAX_ROW_NUMBER), metavar="ID", help="Put it aside for good."
)
@click.option("--as", "code", default="", metavar="CODE", help="Whose act it is.")
@click.option("--on", type=_day, metavar="DAY", help="The day of the withdrawal, for an act in brackets.")
@click.option("--effective", type=_day, metavar="DAY", help="The day on which the withdrawal took effect.")
@click.option("--note", default="", help="Why; kept with the decision.")
@click.option("--by", default=getpass.getuser, metavar="NAME", help="Who decides; default the user of this computer.")
@click.option("--all", "everything", is_flag=True, help="List what is decided or settled, too.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@click.pass_obj
def held_(
    settings: Settings, accept: int | None, reject: int | None, code: str, on: PartialDate | None,
    effective: PartialDate | None, note: str, by: str, everything: bool, form: str,
) -> None:  # fmt: skip
    """List the updates that await review, or decide on one of them."""
    engine = make_engine(settings.database_url)
    if accept is not None and reject is not None:
        raise BadQuestion("Accept or reject, not both.")
    if accept is None and reject is None:
        _list(engine, list(ReviewState) if everything else [ReviewState.OPEN], form)
        return
    word = ReviewDecision(who=by, note=note, actor=actor(), code=code, on=on, effective=effective)
    if reject is not None:
        decided = review.reject(engine, reject, word, moment=now())
    else:
        assert accept is not None
        decided, outcome = review.accept(engine, accept, word, moment=now(), announce=outbox.enqueue_alerts)
        line(f"{len(outcome.recorded)} recorded, {len(outcome.retracted)} retracted.")
    line(f"{decided.id} is {decided.state.value}: {decided.doubt.name}, {decided.doubt.act}.")


def _list(engine: Engine, states: list[ReviewState], form: str) -> None:
    rows = [review_item_as_dict(each) for each in review_queue.list_items(engine, states=states)]
    if form == "json":
        as_json(rows)
    elif form == "csv":
        as_csv(rows, COLUMNS)
    elif not rows:
        line("Nothing is held.")
    else:
        headings = {"No.": "id", "Instrument": "instrument", "Printed name": "name", "Act": "act", "Date": "date",
                    "Asks to": "asks", "Why it waits": "reason", "State": "state"}  # fmt: skip
        table(f"{len(rows)} held", rows, headings)


COLUMNS = (
    "id", "instrument", "name", "participant", "kind", "date", "proposal", "reason", "raw", "url", "seen_at",
    "last_seen_at", "state", "decided_at", "decided_by", "note",
)  # fmt: skip


def review_item_as_dict(each: ReviewItem) -> dict[str, Any]:
    """A held act as plain values, as JSON and CSV show it."""
    row = asdict(each) | asdict(each.doubt)
    del row["doubt"]
    moments = {name: row[name].isoformat() for name in ("seen_at", "last_seen_at", "decided_at") if row[name]}
    said = {"act": each.doubt.act, "asks": each.doubt.asks, "day": in_words(each.doubt.date)}
    return row | moments | said | {"date": str(each.doubt.date or "")}


# -- the worker ------------------------------------------------------------------------------------


@click.command()
@click.pass_obj
def work(settings: Settings) -> None:
    """Run the jobs (turn of the day, sync, delivery) until stopped by Ctrl-C or SIGTERM."""
    logging_setup.configure_logging(settings.log)
    with running_worker(settings), server.shutdown_event() as told:
        line("Working — stop with Ctrl-C.")
        told.wait()
        line("Stopping.")


@contextmanager
def running_worker(settings: Settings) -> Iterator[None]:
    """Run the jobs beside whatever is done inside, and let them come to an end after it.

    Unavailable if the record cannot be had.
    """
    engine = make_engine(settings.database_url, pool=settings.pool)
    repository.current_revision(engine)  # better said now than at the first job
    worker = Worker(engine, build_jobs(engine, settings))
    worker.start()
    try:
        yield
    finally:
        worker.stop()


@click.command(name="jobs")
@click.option("--runs", type=click.IntRange(1, 50), default=3, help="How many of a job's last runs are shown.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@click.pass_obj
def jobs_(settings: Settings, runs: int, form: str) -> int:
    """List the jobs, whether they are on time, and how their last runs went. Exits with 1 if one is late."""
    engine = make_engine(settings.database_url)
    found = health_report(engine, now())
    rows = [
        {"job": name, "late": "no" if job["on_time"] else "yes", **_of(run)}
        for name, job in found["jobs"].items()
        for run in (*job_locks.recent_runs(engine, name, newest=runs),) or (None,)
    ]
    if form == "json":
        as_json({**found, "runs": rows})
    elif form == "csv":
        as_csv(rows, tuple(rows[0]))
    else:
        headings = {"Job": "job", "Late": "late", "Slot": "slot", "Outcome": "outcome", "Ended": "ended",
                    "Said": "said"}  # fmt: skip
        table("Jobs", rows, headings)
        for instrument, trouble in found["trouble"].items():
            line(f"{instrument}: {trouble}")
    return 0 if found["ok"] else 1


def _of(run: JobRunRecord | None) -> dict[str, str]:
    if run is None:
        return {"slot": "", "outcome": "never run", "ended": "", "said": "No worker has run this job yet."}
    ended = f"{run.finished_at:%Y-%m-%dT%H:%M:%SZ}" if run.finished_at else ""
    return {"slot": f"{run.slot:%Y-%m-%dT%H:%M:%SZ}", "outcome": run.outcome.value, "ended": ended, "said": run.said}
