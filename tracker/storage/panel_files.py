"""The panel as CSV and Parquet files: written treaty by treaty, for the site by a process of its own.

A record of three hundred treaties makes two and a half million rows, which take the better part of a minute. No
request waits that long, nor shares its processor with them: `PanelBuilder` has the files made by another process.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, cast
from weakref import finalize

from sqlalchemy import Engine

from tracker.errors import BadQuestion, NotReady
from tracker.law.ledger import Ledger
from tracker.messages import message
from tracker.schemas.panel import PanelRow, StatusSpell, panel_by_treaty, status_spells
from tracker.schemas.typed import CsvTable, TypedColumn, typed_columns
from tracker.storage import repository
from tracker.storage.database import open_engine, read_transaction

PANEL_FILES = ("panel.csv", "panel.parquet")
FORMS = (".csv", ".parquet")
PATIENCE = 30.0  # seconds that one reader at a time waits for the files to be made
TRY_AGAIN = 60.0  # seconds after which files that could not be made are tried again
_NICE = 10  # the process gives way to those that answer requests

if TYPE_CHECKING:
    from tracker.schemas.arrow import ParquetTable

_log = logging.getLogger(__name__)


Table = Sequence[TypedColumn]


def panel_tables(
    ledger: Ledger, first: int | None = None, last: int | None = None, treaties: Sequence[str] = ()
) -> Iterator[Table]:
    """The panel as a table without rows and one for each treaty (by default all); `first` and `last` are years."""
    yield typed_columns(PanelRow, [])
    for rows in panel_by_treaty(ledger, first, last, treaties):
        yield typed_columns(PanelRow, rows)


def spell_tables(ledger: Ledger, treaties: Sequence[str] = ()) -> Iterator[Table]:
    """The spells of status, from day to day, as a table without rows and one for each treaty."""
    yield typed_columns(StatusSpell, [])
    for each in treaties or ledger.instruments:
        yield typed_columns(StatusSpell, status_spells(ledger, each))


def write_tables(tables: Iterable[Table], paths: Sequence[Path], about: Mapping[str, str] | None = None) -> int:
    """Write tables of the same columns, one after another, as CSV or Parquet by the ending of each name.

    Gives the number of rows. One table at a time is in memory. BadQuestion for another ending.
    """
    for path in paths:
        if path.suffix not in FORMS:
            raise BadQuestion(f"'{path.name}' ends in neither .csv nor .parquet.")
    rows = 0
    with ExitStack() as files:
        written = [_opened(files, path, about) for path in paths]
        for columns in tables:
            rows += len(columns[0].values)
            for each in written:
                each.add(columns)
    return rows


def _opened(files: ExitStack, path: Path, about: Mapping[str, str] | None) -> CsvTable | ParquetTable:
    if path.suffix == ".csv":
        return CsvTable(files.enter_context(path.open("w", encoding="utf-8", newline="")))
    arrow = import_module("tracker.schemas.arrow")  # loaded by those who want one
    return cast("ParquetTable", files.enter_context(arrow.ParquetTable(path, about)))


@dataclass(frozen=True, slots=True)
class PanelFiles:
    """The panel up to the last day of a year, of one state of the record, in a folder of its own."""

    of: tuple[int, datetime]
    last: date
    folder: Path

    @property
    def files(self) -> dict[str, Path]:
        """Where each file is, by its name."""
        return {name: self.folder / name for name in PANEL_FILES}


class PanelBuilder:
    """The panel of a record, made when first asked for and again after a change of the record; thread-safe.

    One process at a time makes it, for each process that serves it. While it does, the files of the record as it was
    before are given, which say of which revision they are. The files lie in `parent` and go with it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock, self._waiting = Lock(), BoundedSemaphore(1)
        self._files: PanelFiles | None = None
        self._making: Thread | None = None
        self._served_by, self._failed_at = os.getpid(), -TRY_AGAIN

    def files(self, parent: Path, today: date, patience: float | None = None) -> PanelFiles:
        """The panel up to the last year that had ended by `today`; NotReady while there is none.

        One reader at a time waits for it, at most so many seconds (`PATIENCE` by default).
        """
        with read_transaction(self._engine) as connection:
            wanted = repository.last_revision(connection), last_year(today)
        making = self._start(parent, *wanted)
        if making and self._waiting.acquire(blocking=False):
            try:
                making.join(PATIENCE if patience is None else patience)
            finally:
                self._waiting.release()
        with self._lock:
            found = self._files
        if found is None or not found.folder.is_dir():
            raise NotReady(message("This file is being made. Try again in a minute."))
        return found

    def _start(self, parent: Path, state: tuple[int, datetime], last: date) -> Thread | None:
        """See that the files of that state are made: the thread that waits for them, None where nothing is to do."""
        with self._lock:
            if self._served_by != os.getpid():  # a fork has neither the thread nor the folder
                self._served_by, self._making, self._files = os.getpid(), None, None
            held = self._files
            if held and (held.of, held.last) == (state, last) and held.folder.is_dir():
                return None
            if self._making is None or not self._making.is_alive():
                if monotonic() - self._failed_at < TRY_AGAIN:
                    return None
                self._making = Thread(target=self._make, args=(parent, last), name="panel", daemon=True)
                self._making.start()
            return self._making

    def _make(self, parent: Path, last: date) -> None:
        """Have another process make the files, and hold them from then on."""
        folder, made = None, None
        try:
            folder = Path(mkdtemp(dir=parent))
            made = self._run_process(folder, last)
        except OSError as trouble:  # no room for files, or for another process
            _log.error("The panel could not be made: %s", trouble)
        if folder is None or made is None:
            if folder:
                rmtree(folder, ignore_errors=True)
            with self._lock:
                self._failed_at = monotonic()
            return
        with self._lock:
            before, self._files = self._files, PanelFiles(made, last, folder)
        if before:
            rmtree(before.folder, ignore_errors=True)  # who reads a file of it reads on

    def _run_process(self, folder: Path, last: date) -> tuple[int, datetime] | None:
        """Of which state of the record the process has made the files; None where it failed."""
        url = self._engine.url.render_as_string(hide_password=False)
        asked = json.dumps({"url": url, "folder": str(folder), "last": last.isoformat()})
        with subprocess.Popen(  # noqa: S603 - our own module; what it is asked stands on its input
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            end_with_this = finalize(self, process.kill)  # nobody would be left to give the files out
            answer, _ = process.communicate(asked)
            end_with_this.detach()
        if process.returncode:
            _log.error("The panel could not be made: its process ended with %s.", process.returncode)
            return None
        made = json.loads(answer)
        return made["revision"], datetime.fromisoformat(made["made_at"])


def about_revision(revision: int, made_at: datetime) -> dict[str, str]:
    """What a Parquet file says about itself."""
    moment = made_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"title": "Treaty Tracker", "revision": str(revision), "made_at": moment, "licence": "CC0-1.0"}


def last_year(today: date) -> date:
    """The last day of the last year that had ended by a day."""
    return date(today.year - 1, 12, 31)


def make_files(url: str, folder: Path, last: date) -> tuple[int, datetime]:
    """Write both files of the panel up to a day into a folder; the state of the record that they show."""
    with open_engine(url) as engine, read_transaction(engine) as connection:
        state, ledger = repository.last_revision(connection), repository.load_ledger_in(connection)
    tables = panel_tables(ledger.as_of(last))
    write_tables(tables, [folder / name for name in PANEL_FILES], about_revision(*state))
    return state


def _main() -> None:
    """Make the files that are asked for on the standard input, and say of which state of the record they are."""
    asked = json.load(sys.stdin)
    if sys.platform != "win32":
        os.nice(_NICE)
    revision, made_at = make_files(asked["url"], Path(asked["folder"]), date.fromisoformat(asked["last"]))
    json.dump({"revision": revision, "made_at": made_at.isoformat()}, sys.stdout)


if __name__ == "__main__":
    _main()
