"""Commands on the whole record: init, import, export, copy, backup, restore, verify.

What they do is in `tracker.storage` and `tracker.maintenance`; here their arguments are read and results printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.alerts import outbox
from tracker.cli.output import line, progress
from tracker.cli.users import actor
from tracker.config import Settings
from tracker.law.model import Action, Fact
from tracker.maintenance import backup as backups
from tracker.maintenance import backup as moving
from tracker.maintenance import integrity
from tracker.maintenance.backup import TableDigest
from tracker.storage import repository
from tracker.storage.change_log import announce_nothing, run_day_turn
from tracker.storage.database import make_engine, open_engine
from tracker.storage.import_export import export_files, import_files
from tracker.storage.repository import RecordOutcome
from tracker.storage.schema_migration import migrate

MAX_LISTED_FACTS = 20  # facts listed before the rest become a number


def now() -> datetime:
    """The moment, in UTC: the command line's clock."""
    return datetime.now(UTC)


@click.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Make the database ready and, if the record is empty, load the data files into it."""
    engine = make_engine(settings.database_url)
    migrate(engine)
    if repository.current_revision(engine):
        line("The database is ready; its record was left as it is.")
        return
    with progress() as shown:
        task = shown.add_task("Loading the data files")
        outcome = import_files(
            engine, [settings.data_dir], moment=now(), progress=lambda what, *_: shown.update(task, description=what)
        )
    line(f"The database is ready. {_counted(outcome.recorded)} recorded from {settings.data_dir}.")


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--replace", is_flag=True, help="The files are the whole truth: what they leave out is retracted.")
@click.option("--announce", is_flag=True, help="The files are news: tell subscribers what they change.")
@click.pass_obj
def import_(settings: Settings, paths: tuple[Path, ...], dry_run: bool, replace: bool, announce: bool) -> None:
    """Check data files or folders of them, whole, and record what they say."""
    engine, moment = make_engine(settings.database_url), now()
    if not dry_run:
        run_day_turn(engine, moment.date(), moment=moment, announce=outbox.enqueue_alerts)
    with progress() as shown:
        task = shown.add_task("Reading")
        outcome = import_files(
            engine, paths, moment=moment, dry_run=dry_run, replace=replace,
            progress=lambda what, *_: shown.update(task, description=what),
            announce=outbox.enqueue_alerts if announce else announce_nothing, actor=actor(),
        )  # fmt: skip
    _report(outcome)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="export")
@click.pass_obj
def export(settings: Settings, folder: Path) -> None:
    """Write the whole live record as data files into FOLDER (default: export)."""
    number = export_files(make_engine(settings.database_url), folder)
    line(f"{number} facts written to {folder}.")


def _report(outcome: RecordOutcome) -> None:
    would = "would be " if outcome.dry_run else ""
    corrected = outcome.corrected
    line(
        f"{len(outcome.recorded)} {would}recorded, {len(outcome.retracted)} {would}retracted, "
        f"{outcome.unchanged} unchanged" + (f"; {len(corrected)} of them corrections." if corrected else ".")
    )
    for sign, facts in (("+", outcome.recorded), ("-", outcome.retracted)):
        for fact in facts[:MAX_LISTED_FACTS]:
            line(f"  {sign} {_described(fact)}")
        if len(facts) > MAX_LISTED_FACTS:
            line(f"  {sign} and {len(facts) - MAX_LISTED_FACTS} more")
    if outcome.dry_run:
        line("Nothing was written.")


def _counted(facts: Iterable[Fact]) -> str:
    numbers = Counter("acts" if isinstance(fact, Action) else "other facts" for fact in facts)
    return " and ".join(f"{number} {what}" for what, number in sorted(numbers.items()))


def _described(fact: Fact) -> str:
    day = getattr(fact, "date", None) or getattr(fact, "on", None)
    return f"{type(fact).__name__.lower()} {' '.join(filter(None, fact.subject))}" + (f" {day}" if day else "")


@click.command()
@click.argument("url", metavar="TO_URL")
@click.pass_obj
def copy(settings: Settings, url: str) -> None:
    """Copy the whole record into another database, SQLite or PostgreSQL, that holds none, and verify it."""
    with _shown() as tell, open_engine(settings.database_url) as source, open_engine(url) as target:
        found = moving.copy_database(source, target, progress=tell)
    _say("Copied and verified", found)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write the whole record into one new FILE, and verify it."""
    with _shown() as tell, open_engine(settings.database_url) as engine:
        found = backups.write_backup(engine, file, progress=tell)
    _say(f"Backed up to {file} and verified", found)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds.")
@click.pass_obj
def restore(settings: Settings, file: Path, replace: bool) -> None:
    """Verify a backup and fill the database with it; one that is not empty only with --replace."""
    with _shown() as tell, open_engine(settings.database_url) as engine:
        found = backups.restore_backup(file, engine, replace=replace, progress=tell)
    _say(f"Restored from {file} and verified", found)


@click.command()
@click.pass_obj
def verify(settings: Settings) -> int:
    """Look through the whole database for damage and broken rules; exits with 1 if there is any."""
    with open_engine(settings.database_url) as engine:
        found = integrity.integrity_faults(engine)
    for each in found:
        line(each)
    many = "1 fault." if len(found) == 1 else f"{len(found)} faults."
    line(many if found else "The record is whole.")
    return 1 if found else 0


@contextmanager
def _shown() -> Iterator[Callable[[str, int], None]]:
    with progress() as shown:
        task = shown.add_task("Opening")
        yield lambda doing, rows: shown.update(task, description=f"{doing}: {rows} rows")


def _say(what: str, found: Sequence[TableDigest]) -> None:
    tables = [each for each in found if each.rows]
    line(f"{what}: {sum(each.rows for each in tables)} rows in {len(tables)} tables. Sign-ins are not kept.")
