"""Commands that keep a whole record safe, or take it elsewhere: copy, backup, restore, verify.

What they do is in `tracker.record`; here their arguments are read and what came of it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from tracker.cli.printing import line, progress
from tracker.record import backups, integrity, moving
from tracker.record.database import opened
from tracker.record.moving import Sum
from tracker.settings import Settings


@click.command()
@click.argument("url", metavar="TO_URL")
@click.pass_obj
def copy(settings: Settings, url: str) -> None:
    """Copy the whole record into another database, SQLite or PostgreSQL, that holds none, and verify it."""
    with _shown() as tell, opened(settings.database_url) as source, opened(url) as target:
        found = moving.copy(source, target, progress=tell)
    _say("Copied and verified", found)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Write the whole record into one new FILE, and verify it."""
    with _shown() as tell, opened(settings.database_url) as engine:
        found = backups.backup(engine, file, progress=tell)
    _say(f"Backed up to {file} and verified", found)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds.")
@click.pass_obj
def restore(settings: Settings, file: Path, replace: bool) -> None:
    """Verify a backup and fill the database with it; one that is not empty only with --replace."""
    with _shown() as tell, opened(settings.database_url) as engine:
        found = backups.restore(file, engine, replace=replace, progress=tell)
    _say(f"Restored from {file} and verified", found)


@click.command()
@click.pass_obj
def verify(settings: Settings) -> int:
    """Look through the whole database for damage and broken rules; exits with 1 if there is any."""
    with opened(settings.database_url) as engine:
        found = integrity.faults(engine)
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


def _say(what: str, found: Sequence[Sum]) -> None:
    tables = [each for each in found if each.rows]
    line(f"{what}: {sum(each.rows for each in tables)} rows in {len(tables)} tables. Sign-ins are not kept.")


COMMANDS: tuple[click.Command, ...] = (copy, backup, restore, verify)
