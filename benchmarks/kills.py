"""Kill -9 at random moments: of the importer, of the server while it takes writes, of the worker at sync and delivery.

    python benchmarks/kills.py [--what importer|server|worker] [--runs 200] [--database URL] [--seconds N]

Each run starts a process, kills it at a random moment of its work, and looks: is the record whole, is all
there that was acknowledged, is nothing half there? Then a new process goes on where the dead one
stopped, and must come to the end. Prints a summary and exits with 1 if anything is amiss. Without
--what all three, without --database an SQLite file that is thrown away; --database must be empty.
"""

import argparse
import multiprocessing
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS.parent))

os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # by which the server that processes are forked from finds them

import processes_to_kill  # noqa: E402 - the tests' helpers it uses are found from here on

from tracker.maintenance import integrity  # noqa: E402 - as above
from tracker.storage import schema  # noqa: E402 - as above
from tracker.storage.database import make_engine  # noqa: E402 - as above

PROCESSES = multiprocessing.get_context("forkserver")
FIRST_GUESS = 0.5  # seconds that a process has work for, before any was seen to end


def main() -> None:
    """Kill as often as asked, and leave with 1 if anything was amiss."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--what", choices=sorted(processes_to_kill.VICTIMS))
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--database", help="an empty database; default a new SQLite file for each kind of process")
    options.add_argument("--seed", type=int, default=2003, help="of the moments at which processes are killed")
    options.add_argument("--seconds", type=float, default=1e9, help="begin no run after so long, for each kind")
    given = options.parse_args()
    if given.database and not given.what:
        options.error("--database needs --what: each kind of process begins with an empty database")
    PROCESSES.set_forkserver_preload([each.__name__ for each in (processes_to_kill, integrity, schema)])
    amiss = 0
    for name in [given.what] if given.what else sorted(processes_to_kill.VICTIMS):
        with tempfile.TemporaryDirectory() as folder:
            url = given.database or f"sqlite:///{folder}/kills.db"
            amiss += kill(name, url, given, Path(folder))
    sys.exit(1 if amiss else 0)


def kill(name: str, url: str, given: argparse.Namespace, folder: Path) -> int:
    """The runs of one kind of process; answers how many things were amiss."""
    engine, begun, dice = make_engine(url), time.monotonic(), random.Random(given.seed)
    schema.migrate(engine)
    victim = processes_to_kill.VICTIMS[name](engine, url, folder, given.runs)
    ends, amiss, spans = Counter(), [], [FIRST_GUESS]
    for run in range(given.runs):
        if time.monotonic() - begun > given.seconds:
            break
        victim.prepare(run)
        delay = dice.uniform(0, 1.15 * statistics.median(spans[-9:]))
        ends[_killed(victim, run, delay)] += 1
        amiss += [f"run {run}, killed after {delay:.3f} s: {each}" for each in _found(victim, engine, run, done=False)]
        took, code = _to_the_end(victim, run)
        spans.append(took)
        amiss += [] if code == 0 else [f"run {run}: the process after it ended with {code}"]
        amiss += [f"run {run}, gone on: {each}" for each in _found(victim, engine, run, done=True)]
    print(
        f"{name} on {engine.dialect.name}: {sum(ends.values())} runs in {time.monotonic() - begun:.0f} s, {dict(ends)}"
    )
    print(f"  {victim.summary()}")
    print(
        "\n".join(amiss[:20])
        if amiss
        else "  Nothing lost, nothing half there, nothing doubled; every restart went on."
    )
    victim.close()
    engine.dispose()
    return len(amiss)


def _killed(victim, run, delay):
    """Start the process, kill it when it has worked for so long, and say how it ended."""
    process, stop = victim.start(PROCESSES, run), threading.Event()
    timer = threading.Timer(delay, lambda: (process.kill(), stop.set()))
    timer.start()
    victim.drive(run, stop)
    process.join()
    timer.cancel()
    timer.join()
    return "killed" if process.exitcode == -signal.SIGKILL else f"ended before, {process.exitcode}"


def _to_the_end(victim, run):
    """A new process that does all that is left; how long it worked, and its exit code."""
    process, stop = victim.start(PROCESSES, run, again=True), threading.Event()
    begun = time.monotonic()
    victim.drive(run, stop, to_the_end=True)
    took = time.monotonic() - begun
    if victim.serves:
        process.terminate()
    process.join()
    return took, process.exitcode


def _found(victim, engine, run, *, done):
    return [*integrity.integrity_faults(engine), *victim.amiss(run, done=done)]


if __name__ == "__main__":
    main()
