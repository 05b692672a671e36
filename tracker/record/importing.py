"""Importing files into the record and exporting them again: the use cases that join files and store.

Whatever calls here hands in the moment and shows the outcome. How files are read is in `dataset`,
how facts are kept in `store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from tracker.record import audit, changelog, dataset, store
from tracker.record.audit import Actor
from tracker.record.changelog import Announce
from tracker.record.database import reading, writing
from tracker.record.dataset import Progress
from tracker.record.outcome import Outcome


def import_files(
    engine: Engine,
    paths: Sequence[Path],
    *,
    moment: datetime,
    dry_run: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
    announce: Announce = changelog.nobody,
    actor: Actor | None = None,
) -> Outcome:
    """Make the record say what these files and folders say; see `store.amend`.

    With `replace` the files are the whole record of their nouns: what they leave out is retracted.
    The files are checked beside the record in the transaction that writes, so nothing can slip in
    between. What they change is noted in the log of changes, unless the record was empty, and
    announced by the function handed in: by default to nobody, since files are mostly history. With an
    `actor`, the log says who did it.
    BadData with every fault, nothing written; Unavailable if the record cannot be had.
    """
    parsed = dataset.parse(paths, progress)
    files = ", ".join(str(path) for path in paths)
    faulty = bool(parsed.faults.count)  # then only the rest of the faults is wanted, and nobody need wait for us
    with (reading if dry_run or faulty else writing)(engine) as connection:
        _tell(progress, "checking", 0)
        replaced = frozenset(parsed.nouns) if replace else frozenset[type]()
        before = store.live(connection)
        facts = dataset.checked(parsed, before, replaced)
        _tell(progress, "comparing" if dry_run else "recording", 1)
        outcome = store.amend(
            connection, facts, what=f"import of {files}", moment=moment, replace=replaced, dry_run=dry_run
        )
        if before and outcome.changed and not dry_run:
            changelog.noted(connection, before, outcome, moment=moment, announce=announce)
        if outcome.changed and not dry_run:
            audit.by(actor, "import", files, moment)(connection)
        return outcome


def export_files(engine: Engine, folder: Path) -> int:
    """Write every live fact as files into the folder, and say how many there were; importing them changes nothing."""
    facts = store.live_facts(engine)
    dataset.write(facts, folder)
    return len(facts)


def _tell(progress: Progress | None, doing: str, done: int) -> None:
    if progress:
        progress(doing, done, 2)
