"""The import of a whole collection of treaty actions, beside sqlite-utils and a bare executemany.

    python -m benchmarks.importing [SNAPSHOT] [--postgresql URL] [--acts 28712] [--rounds 3]
                                   [--peers FOLDER] [--no-peers]

SNAPSHOT is a CSV as in benchmarks/snapshot.py; without it, a made collection of the same size. All read the same files.
The tracker's import checks each value, each name and each act beside all others, compares with the record, and
records in one transaction; the others check nothing and put text into one table with the same index. sqlite-utils
runs in an environment of its own in FOLDER (see benchmarks/serving.py), its start not counted. Prints a Markdown table.
"""

import argparse
import csv
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, insert

from benchmarks import generated_record as made
from benchmarks import snapshot
from benchmarks.common import NOW, POSTGRES, markdown, record_at, sourced
from tracker.law.model import Action, Fact
from tracker.storage import import_export
from tracker.storage.database import write_transaction
from tracker.storage.import_export import import_files

BY_SQLITE_UTILS = """
import csv, sys, time
import sqlite_utils
begun = time.perf_counter()
table = sqlite_utils.Database(sys.argv[2])["parties"]
with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    table.insert_all(csv.DictReader(stream))
table.create_index(["treaty", "participant"])
print(time.perf_counter() - begun)
"""


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("snapshot", nargs="?", type=Path)
    words.add_argument("--postgresql", default=POSTGRES, help="where a schema may be made and dropped; '' for none")
    words.add_argument("--acts", type=int, default=made.ACTS, help="of a made collection, at most")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--peers", type=Path, help="where the peers' environment is, or is to be")
    words.add_argument("--no-peers", action="store_true")
    given = words.parse_args()
    facts = list(snapshot.record(given.snapshot)) if given.snapshot else _some(made.record(), given.acts)
    with tempfile.TemporaryDirectory() as folder:
        peers = None if given.no_peers else given.peers or Path(folder) / "peers"
        print(compared(facts, Path(folder), given.postgresql, given.rounds, peers))


def compared(facts: list[Fact], folder: Path, postgresql: str, rounds: int, peers: Path | None) -> str:
    """The table, for these facts: seconds at best of so many rounds."""
    files = folder / "files"
    import_export.write_facts(sourced(facts), files)
    number = sum(isinstance(fact, Action) for fact in facts)
    rows = []
    for name, url in (("SQLite", f"sqlite:///{folder}/record.db"), ("PostgreSQL", postgresql)):
        if url:
            ours = min(_ours(url, files) for _ in range(rounds))
            bare = min(_executemany(url, files) for _ in range(rounds))
            rows += [
                (f"tracker import, {name}", ours, number / ours),
                (f"Core executemany, {name}", bare, number / bare),
            ]
    if peers:
        theirs = min(_sqlite_utils(files, folder, peers) for _ in range(rounds))
        rows.append(("sqlite-utils insert_all, SQLite", theirs, number / theirs))
    return markdown((f"{number:,} acts", "seconds", "acts/s"), rows)


def _some(facts: Iterator[Fact], most: int) -> list[Fact]:
    everything = list(facts)
    acts = (fact for fact in everything if isinstance(fact, Action))
    return [*(fact for fact in everything if not isinstance(fact, Action)), *islice(acts, most)]


def _timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def _ours(url: str, files: Path) -> float:
    _clear(url)
    with record_at(url) as engine:
        return _timed(lambda: import_files(engine, [files], moment=NOW))


def _executemany(url: str, files: Path) -> float:
    _clear(url)
    with (files / "parties.csv").open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    table = Table(
        "bare", MetaData(), Column("number", Integer, primary_key=True), *(Column(each, Text) for each in columns)
    )
    Index("bare_subjects", table.c.treaty, table.c.participant)

    def put() -> None:
        with (
            (files / "parties.csv").open(encoding="utf-8", newline="") as stream,
            write_transaction(engine) as connection,
        ):
            connection.execute(insert(table), list(csv.DictReader(stream)))

    with record_at(url) as engine:
        table.metadata.create_all(engine)
        return _timed(put)


def _sqlite_utils(files: Path, folder: Path, peers: Path) -> float:
    python = peers / "bin" / "python"
    if not (peers / "bin" / "sqlite-utils").exists():
        venv.create(peers, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "sqlite-utils"], check=True)
    (folder / "theirs.db").unlink(missing_ok=True)
    command = [python, "-c", BY_SQLITE_UTILS, files / "parties.csv", folder / "theirs.db"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _clear(url: str) -> None:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()


if __name__ == "__main__":
    main()
