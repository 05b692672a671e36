"""How the costs grow with the record: made records of a thousand to a million acts, on SQLite and PostgreSQL.

    python -m benchmarks.growth [--sizes 1000,10000,100000,1000000] [--postgresql URL] [--picture FILE.svg]

Every record holds the same instrument with 190 participants, and beside it as many others as its size asks for, made
as in benchmarks/generated_record.py: acts per instrument, participants and clauses are mixed as in a real collection.
Each is loaded in a process of its own, so that the memory is the record's. "Page" is that instrument's, computed as
of another day each time; "page again" is computed with the rules' answers of the day at hand. Prints a Markdown
table.
"""

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from benchmarks import generated_record as made
from benchmarks.common import NOW, POSTGRES, ROOT, at, in_schema, markdown, record_at
from tracker.app import create_app
from tracker.config import Settings
from tracker.law.model import Action, Fact
from tracker.law.status import status
from tracker.storage import repository
from tracker.storage.database import make_engine, write_transaction
from tracker.storage.facts import FACT_SCHEMAS
from tracker.storage.revision import RevisionProbe
from tracker.storage.tables import REVISIONS

SIZES = "1000,10000,100000,1000000"
AT_A_TIME = 50_000
FIGURES = (
    "load, s",
    "memory, MB",
    "bytes an act",
    "look, ms",
    "status, ms",
    "page, ms",
    "page again, ms",
    "page kept, ms",
)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sizes", default=SIZES, help="how many acts, with commas between")
    words.add_argument("--postgresql", default=POSTGRES, help="where a schema may be made and dropped; '' for none")
    words.add_argument("--picture", type=Path, help="also draw the page's and the load's cost into this file")
    words.add_argument("--one", help=argparse.SUPPRESS)  # measure the record at this address: what each process does
    words.add_argument("--acts", type=int, default=0, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.one:
        print(json.dumps(measured(given.one, given.acts)))
        return
    rows = list(grown([int(size) for size in given.sizes.split(",")], given.postgresql))
    print(markdown(("record", "acts", *FIGURES), rows))
    if given.picture:
        given.picture.write_text(picture(rows), encoding="utf-8")


def grown(sizes: list[int], postgresql: str) -> Iterator[list[object]]:
    """A row for each size on each database."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for name, url in (("SQLite", f"sqlite:///{folder}/record.db"), ("PostgreSQL", postgresql)):
                if url:
                    with record_at(url) as engine:
                        fill(engine, size)
                        engine.dispose()
                        yield [name, size, *_in_a_process(in_schema(url), size)]


def record(acts: int, seed: int = 2013) -> Iterator[Fact]:
    """The facts of a made record of so many acts; `the-one` is always the same."""
    dice = random.Random(seed)
    codes = [f"S{number:03}" for number in range(made.STATES)]
    yield from (made._participant(code, dice) for code in codes)
    yield made._instrument("the-one", date(1990, 1, 1), random.Random(1))
    first = list(made._acts("the-one", date(1990, 1, 1), 190, codes, random.Random(1)))
    yield from first
    yield from islice(_others(codes, dice), max(acts - len(first), 0) * 2)


def _others(codes: list[str], dice: random.Random) -> Iterator[Fact]:
    number = 0
    while True:
        id, opened = f"treaty-{number}", made.FIRST + timedelta(days=dice.randrange((made.LAST - made.FIRST).days))
        yield made._instrument(id, opened, dice)
        yield from made._acts(id, opened, 1 + round(made.STATES * 0.95 * dice.betavariate(0.7, 1.35)), codes, dice)
        number += 1


def fill(engine: object, acts: int, adapt: Callable[[Iterator[Fact]], Iterator[Fact]] = iter) -> None:
    """Record so many acts of a made record, adapted, in one revision, without the checks of an import."""
    put = 0
    with write_transaction(engine) as connection:
        given = {"number": 1, "made_at": NOW, "what": "made", "recorded": acts, "retracted": 0}
        connection.execute(insert(REVISIONS).values(**given))
        facts = adapt(record(acts))
        while put < acts and (some := list(islice(facts, AT_A_TIME))):
            for schema in FACT_SCHEMAS:
                rows = [fact for fact in some if type(fact) is schema.fact]
                if schema.fact is Action:
                    rows = rows[: acts - put]
                    put += len(rows)
                if rows:
                    repository.insert_facts(connection, schema, rows, revision=1, moment=NOW)


def _in_a_process(url: str, acts: int) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.growth", "--one", url, "--acts", str(acts)]
    return json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()[-1]
    )


def measured(url: str, acts: int) -> list[float]:
    """What the record at an address costs this process."""
    engine = make_engine(url)
    look = RevisionProbe(engine)
    look()
    before = _memory()
    load, ledger = _seconds(lambda: repository.load_ledger(engine))
    memory = _memory() - before
    looks = at(0.5, [_seconds(look)[0] for _ in range(200)])
    days = [date(2010, 1, 1) + timedelta(days=7 * number) for number in range(9)]
    asked = at(0.5, [_seconds(lambda day=day: status(ledger.as_of(day), "the-one"))[0] for day in days])
    ledger = None  # the application loads its own
    app = create_app(Settings(database_url=url, static_dir=ROOT / "static"))
    app.testing = True
    computing, reading = app.test_client(), app.test_client()
    computing.set_cookie("measured", "yes")

    def page(client: object, query: str = "") -> float:
        passed, answer = _seconds(lambda: client.get(f"/instruments/the-one{query}"))
        assert answer.status_code == 200, answer.text[:300]
        return passed

    page(computing, "?as_of=2009-01-01")
    another = at(0.5, [page(computing, f"?as_of={day}") for day in days])
    again = at(0.5, [page(computing, "?as_of=2009-01-01") for _ in range(9)])
    page(reading, "?as_of=2009-01-01")
    kept = at(0.5, [page(reading, "?as_of=2009-01-01") for _ in range(50)])
    engine.dispose()
    milliseconds = [1000 * each for each in (looks, asked, another, again, kept)]
    return [load, memory / 1e6, memory / acts, *milliseconds]


def _memory() -> int:
    """The bytes that this process holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _seconds(do: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    found = do()
    return time.perf_counter() - begun, found


def picture(rows: list[list[object]]) -> str:
    """The load and the page against the size of the record, both on logarithmic scales, as an SVG."""
    shown = [("load, ms", 2, 1000), ("page, ms", 7, 1)]
    lines = [
        (f"{name}: {words}", [(row[1], row[place] * unit) for row in rows if row[0] == name])
        for name in ("SQLite", "PostgreSQL")
        for words, place, unit in shown
    ]
    colours = ("#1f5f8b", "#b3541e", "#4c9cc9", "#e08e5a")
    drawn = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360" font-family="sans-serif" font-size="12">']
    drawn += [f'<text x="{_across(10**n)}" y="350" text-anchor="middle">{10**n:,}</text>' for n in range(3, 7)]
    for value in (10**power for power in range(6)):
        drawn.append(f'<path d="M60 {_up(value)}H560" stroke="#ccc"/>')
        drawn.append(f'<text x="52" y="{_up(value) + 4}" text-anchor="end">{value:,}</text>')
    for (words, points), colour in zip((line for line in lines if line[1]), colours, strict=False):
        path = "L".join(f"{_across(size)} {_up(value)}" for size, value in points)
        drawn.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn.append(f'<text x="566" y="{_up(points[-1][1]) + 4}" fill="{colour}">{words}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def _across(size: float) -> float:
    return round(60 + 500 * (_log(size) - 3) / 3, 1)


def _up(value: float) -> float:
    return round(330 - 310 * max(_log(value), 0) / 5, 1)


def _log(value: float) -> float:
    return math.log10(max(value, 1e-9))


if __name__ == "__main__":
    main()
