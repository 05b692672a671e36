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

from tracker.cli.output import line, progress
from tracker.config import Settings
from tracker.law.model import Action, Fact
from tracker.maintenance import backup as backups
from tracker.maintenance import backup as moving
from tracker.maintenance import integrity
from tracker.maintenance.backup import TableDigest
from tracker.storage import repository
from tracker.storage.database import make_engine, open_engine
from tracker.storage.import_export import export_files, import_files
from tracker.storage.schema import migrate

MAX_LISTED_FACTS = 20  # facts listed before the rest become a number


def now() -> datetime:
    """The moment, in UTC: the command line's clock."""
    return datetime.now(UTC)


EMPTY = ("participants.csv", "codes.csv", "bodies.csv", "memberships.csv")  # what treaties of one's own refer to


@click.command()
@click.option("--empty", is_flag=True, help="Load participants and bodies alone: no treaty and no treaty action.")
@click.pass_obj
def init(settings: Settings, /, empty: bool) -> None:
    """Make the database ready and, if it is empty, load the data files into it."""
    engine = make_engine(settings.database_url)
    migrate(engine)
    if repository.current_revision(engine):
        line("The database is ready; its record was left as it is.")
        return
    folder = settings.data_dir
    paths = [path for name in EMPTY if (path := folder / name).exists()] if empty else [folder]
    with progress() as shown:
        task = shown.add_task("Loading the data files")
        outcome = import_files(
            engine, paths, moment=now(), progress=lambda what, *_: shown.update(task, description=what)
        )
    line(f"The database is ready. {_counts_in_words(outcome.recorded)} recorded from {settings.data_dir}.")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="export")
@click.pass_obj
def export(settings: Settings, folder: Path) -> None:
    """Write the whole live record as data files into FOLDER (default: export)."""
    number = export_files(make_engine(settings.database_url), folder)
    line(f"{number} facts written to {folder}.")


def _counts_in_words(facts: Iterable[Fact]) -> str:
    numbers = Counter("acts" if isinstance(fact, Action) else "other facts" for fact in facts)
    return " and ".join(f"{number} {what}" for what, number in sorted(numbers.items()))


@click.command()
@click.argument("url", metavar="TO_URL")
@click.pass_obj
def copy(settings: Settings, url: str) -> None:
    """Copy the whole record into another database, SQLite or PostgreSQL, that holds none, and verify it."""
    with _progress_display() as tell, open_engine(settings.database_url) as source, open_engine(url) as target:
        found = moving.copy_database(source, target, progress=tell)
    _say("Copied and verified", found)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write the whole record into one new FILE, and verify it."""
    with _progress_display() as tell, open_engine(settings.database_url) as engine:
        found = backups.write_backup(engine, file, progress=tell)
    _say(f"Backed up to {file} and verified", found)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds.")
@click.pass_obj
def restore(settings: Settings, file: Path, replace: bool) -> None:
    """Verify a backup and fill the database with it; one that is not empty only with --replace."""
    with _progress_display() as tell, open_engine(settings.database_url) as engine:
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
    line(many if found else "The database is intact.")
    return 1 if found else 0


@contextmanager
def _progress_display() -> Iterator[Callable[[str, int], None]]:
    with progress() as shown:
        task = shown.add_task("Opening")
        yield lambda doing, rows: shown.update(task, description=f"{doing}: {rows} rows")


def _say(what: str, found: Sequence[TableDigest]) -> None:
    tables = [each for each in found if each.rows]
    line(f"{what}: {sum(each.rows for each in tables)} rows in {len(tables)} tables. Sign-ins are not kept.")
