"""What a sync costs, by what has changed: status files on loopback beside records of 30,000 and a million acts.

    python -m benchmarks.sync_cost [--database sqlite|postgresql] [--postgresql URL] [--acts 1000000] [--only NAME]

The record is that of benchmarks/generated_record.py with 324 instruments, and that of benchmarks/growth.py for the
million; their status files are made from it. "Unchanged": every file is read and compared, and says what the record
says (the server knows no conditional requests). "First load": the participants and terms are there, the files bring all
acts, and every change is noted and announced. "One changed act": one file has one more deposit; measured from the
question to the commit, the ledger of the run at hand. "Reader": a web process that has served that instrument's page
serves it again after the deposit. "Lock" is the longest time that a write transaction was open. Seconds by the clock,
with the processor's beside them. Prints a Markdown table.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, event

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generated_record as made
from benchmarks import growth
from benchmarks.common import NOW, POSTGRES, ROOT, in_schema, markdown, record_at, sourced
from tests.support.un_site import Published
from tracker.alerts.outbox import enqueue_alerts
from tracker.app import create_app
from tracker.config import Settings
from tracker.law.model import Action, Fact, Instrument, Participant
from tracker.storage import repository
from tracker.storage.database import make_engine
from tracker.sync.http_client import HttpClient, HttpLimits
from tracker.sync.sync import SyncContext, SyncReport, sync

FILES = 324
CHAPTERS = ("IV", "VI", "XVIII", "XXI")
PROCESSES = multiprocessing.get_context("forkserver")
COLUMNS = ("what", "record", "files", "acts", "seconds", "CPU", "lock, ms")


def main() -> None:
    """Measure what is asked for, and print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    words.add_argument("--postgresql", default=POSTGRES, help="where a schema may be made and dropped")
    words.add_argument("--acts", type=int, default=1_000_000, help="of the large record")
    words.add_argument("--only", choices=sorted(MEASURES), help="measure this alone")
    given = words.parse_args()
    rows = []
    for name, measure in MEASURES.items():
        if given.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                url = given.postgresql if given.database == "postgresql" else f"sqlite:///{folder}/record.db"
                rows += measure(url, given.database, given.acts)
                print(markdown(COLUMNS, rows[-1:]), file=sys.stderr, flush=True)
    print(markdown(COLUMNS, rows))


# -- what is measured ------------------------------------------------------------------------------


def unchanged(url: str, database: str, _: int, files: int = FILES) -> Iterator[list[object]]:
    """Every file is asked for and read, and nothing of it is new."""
    facts = collection(files)
    with record_at(url) as engine, serving(facts) as site:
        repository.record_facts(engine, facts, what="made", moment=NOW)
        watch = Watch(engine)
        reports = watch.time(lambda: run_sync(engine, site.server.url))
        assert all(each.went_well and not each.recorded for each in reports), [each.why for each in reports]
        yield ["unchanged", database, len(reports), acts_in(facts), *watch.figures]


def first_load(url: str, database: str, _: int, files: int = FILES) -> Iterator[list[object]]:
    """The files bring every act; the record has the participants and the terms."""
    facts = collection(files)
    with record_at(url) as engine, serving(facts) as site:
        repository.record_facts(engine, [each for each in facts if not isinstance(each, Action)], what="m", moment=NOW)
        watch = Watch(engine)
        reports = watch.time(lambda: run_sync(engine, site.server.url))
        assert all(each.went_well for each in reports), [each.why for each in reports if not each.went_well]
        brought = sum(len(each.recorded) for each in reports)
        assert brought > 0.9 * acts_in(facts), (brought, acts_in(facts))
        yield ["first load", database, len(reports), brought, *watch.figures]


def one_act(url: str, database: str, _: int, files: int = FILES) -> Iterator[list[object]]:
    """One file has one act that the record lacks, in a run over some more that are as they were."""
    facts = collection(files)
    with record_at(url) as engine, serving(facts) as site:
        repository.record_facts(engine, facts, what="made", moment=NOW)
        yield from _one_act(engine, site, database, acts_in(facts))


def one_act_of_many(url: str, database: str, acts: int) -> Iterator[list[object]]:
    """The same on the large record, and then what the deposit costs a process with readers."""
    with record_at(url) as engine:
        growth.fill(engine, acts, referenced)
        facts = [each for each in first_of(acts) if not isinstance(each, Action) or each.instrument in FEW]
        with serving(facts) as site:
            yield from _one_act(engine, site, database, acts)
            yield from _reader(engine, url, site, database, acts)


def _one_act(engine: Engine, site: Published, database: str, acts: int) -> Iterator[list[object]]:
    names = FEW if FEW[0] in site.ledger.instruments else list(site.ledger.instruments)[:3]
    run_sync(engine, site.server.url, names[:1])  # the tables are known to the process, and its statements compiled
    deposit(site, names[1], 0)
    deposit(site, names[2], 1)
    watch = Watch(engine)
    steps: dict[str, tuple[float, float]] = {}

    def note(step: str) -> None:
        steps[step] = (time.perf_counter(), watch.processor())

    reports = run_sync(engine, site.server.url, names, note)
    assert [len(each.recorded) for each in reports] == [0, 1, 1], [each.lines for each in reports]
    begun, ended = (steps[f"{names[2]}: {step}"] for step in ("asking", "done"))
    figures = [each - other for each, other in zip(ended, begun, strict=True)]
    yield ["one changed act", database, 1, acts, *figures, watch.longest * 1000]


def _reader(engine: Engine, url: str, site: Published, database: str, acts: int) -> Iterator[list[object]]:
    name = next(name for name in FEW)
    app = create_app(Settings(database_url=in_schema(url), static_dir=ROOT / "static"))
    app.testing = True
    client = app.test_client()
    watch = Watch(engine)

    def page() -> None:
        assert client.get(f"/instruments/{name}?as_of=2026-11-24").status_code == 200

    watch.time(page)
    yield ["reader's first page, load included", database, 0, acts, *watch.figures[:2], 0.0]
    for number in (2, 3):
        deposit(site, name, number)
        worker = PROCESSES.Process(target=_sync_elsewhere, args=(in_schema(url), site.server.url, name))
        worker.start()
        worker.join()
        assert worker.exitcode == 0
        watch.time(page)
    yield ["reader's first page after a revision", database, 0, acts, *watch.figures[:2], 0.0]


def _sync_elsewhere(url: str, server: str, name: str) -> None:
    """What a worker does, in a process of its own."""
    engine = make_engine(url)
    [report] = run_sync(engine, server, [name])
    assert len(report.recorded) == 1, report.lines
    engine.dispose()


MEASURES = {
    "unchanged": unchanged, "one-act": one_act, "first-load": first_load, "million": one_act_of_many,
}  # fmt: skip


# -- the record and its files ----------------------------------------------------------------------

FEW = ("the-one", "treaty-0", "treaty-1")  # of the large record, those that have a file


def reference(number: int) -> str:
    """The number of a made instrument in the UN Treaty Collection."""
    return f"{CHAPTERS[number % len(CHAPTERS)]}-{number // len(CHAPTERS) + 1}"


def collection(files: int) -> list[Fact]:
    """The made record with so many instruments, each with a number; acts on former States left out, as files do."""
    made_instruments, made.INSTRUMENTS = made.INSTRUMENTS, files
    facts = list(sourced(made.record()))
    made.INSTRUMENTS = made_instruments
    gone = {each.code for each in facts if getattr(each, "exists_to", None)}
    numbers = (reference(number) for number in range(files))
    return [
        replace(each, reference=next(numbers)) if isinstance(each, Instrument) else named(each)
        for each in facts
        if not (isinstance(each, Action) and (each.participant in gone or each.kind == "withdrawal"))
    ]


def named(fact: Fact) -> Fact:
    """A participant with a name without figures, which in a status file are marks of notes; any other fact as it is."""
    if not isinstance(fact, Participant):
        return fact
    letters = "".join(chr(ord("a") + int(each)) for each in fact.code if each.isdigit())
    return replace(fact, name=f"{'Republic' if fact.is_state else 'Union'} {letters}")


def referenced(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts with a number of the UN Treaty Collection for the few instruments that have a file."""
    for each in facts:
        known = isinstance(each, Instrument) and each.id in FEW
        yield replace(each, reference=reference(FEW.index(each.id))) if known else named(each)


def first_of(acts: int) -> Iterator[Fact]:
    """The beginning of the large record, with the instruments that have a file."""
    return referenced(growth.record(min(acts, 2_000)))


def acts_in(facts: Iterable[Fact]) -> int:
    """How many of the facts are acts."""
    return sum(isinstance(each, Action) for each in facts)


class Site(Published):
    """The depositary's site, with a server that knows no conditional requests."""

    def serve(self, id: str, document: bytes, status: int = 200) -> None:
        """Serve these bytes as the instrument's file, whoever asks."""
        super().serve(id, document, status)
        for path, answer in self.server.answers.items():
            if callable(answer):
                self.server.answers[path] = (status, {}, document)


@contextmanager
def serving(facts: Iterable[Fact]) -> Iterator[Published]:
    """The status files of these facts on a server on loopback."""
    site = Site(facts)
    try:
        site.all()
        yield site
    finally:
        site.close()


def deposit(site: Published, name: str, number: int) -> None:
    """Publish one deposit more: that of the so-manieth participant that the file does not name."""
    rows, known = site.rows[name], site.ledger.participants.values()
    free = [each.name for each in known if each.name not in rows and not each.exists_to]
    rows[free[number]] = ["", " 1 Jul\t 2020 a"]
    site.publish(name)


def run_sync(engine: Engine, server: str, names: Iterable[str] = (), step: object = None) -> list[SyncReport]:
    """One run over these files of the server, or all."""
    visitor = HttpClient("treaties@example.org", limits=HttpLimits(attempts=1, pause=0), sleep=lambda _: None)
    visitor.session.trust_env = False
    how = SyncContext(visitor=visitor, base_url=server, announce=enqueue_alerts)
    how = replace(how, step=step) if step else how
    with visitor:
        return sync(engine, list(names), how, moment=NOW + timedelta(hours=1))


class Watch:
    """The time of what is done, and how long write transactions stay open: by the clock, and of the processor."""

    def __init__(self, engine: Engine) -> None:
        self.longest, self.figures = 0.0, [0.0, 0.0, 0.0]
        self._begun: dict[int, float] = {}
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            self._begun[id(connection)] = time.perf_counter()

    def _end(self, connection: Connection) -> None:
        if begun := self._begun.pop(id(connection), None):
            self.longest = max(self.longest, time.perf_counter() - begun)

    @staticmethod
    def processor() -> float:
        """The seconds of processor that this process has used."""
        return time.process_time()

    def time(self, do):
        """Do it, and note what it took."""
        self.longest = 0.0
        begun, used = time.perf_counter(), self.processor()
        found = do()
        self.figures = [time.perf_counter() - begun, self.processor() - used, self.longest * 1000]
        return found


if __name__ == "__main__":
    main()
