"""Two hundred readers at once, while a sync writes and deliveries go out: no error, and no answer of two revisions.

    python benchmarks/load.py [--seconds 300] [--readers 200] [--workers 2] [--database URL]

gunicorn serves a record in which every revision after the first is one more deposit on one treaty, so
that the number of parties follows from the revision that an answer names. A sync takes a new deposit from a
server on loopback every second or so, and each goes out to a webhook. Prints requests, errors and waiting
times, and exits with 1 after an error or a mixed answer. Default: an SQLite file that is thrown away.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
sys.path.insert(0, str(ROOT))

from processes_to_kill import CODES, Working  # noqa: E402 - the tests' helpers it uses are found from here on

from tracker.maintenance import integrity  # noqa: E402 - as above
from tracker.storage import repository  # noqa: E402 - as above
from tracker.storage.database import make_engine  # noqa: E402 - as above
from tracker.storage.schema import migrate  # noqa: E402 - as above

STEADY = (("/api/v1/instruments/untoc", 4), ("/api/v1/instruments", 2), ("/api/v1/participants/AAX", 1))
PAGES = (("/", 2), ("/instruments/untoc", 3), ("/participants", 1), ("/instruments/untoc.csv", 1), ("/live", 1))
PATIENCE = 30.0  # seconds for one answer, after which it is an error


def main() -> None:
    """Read, write and tell for so long, and leave with 1 if anything went wrong."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--readers", type=int, default=200)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--pace", type=float, default=1.0, help="seconds between two deposits")
    options.add_argument("--database", help="an empty database; default a new SQLite file")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{folder}/load.db"
        engine = make_engine(url)
        migrate(engine)
        writer = Writer(engine, url, Path(folder), given.pace)
        with served(url, given.workers, Path(folder)) as port:
            writer.start()
            readers = Readers(port)
            asyncio.run(readers.read(given.readers, given.seconds))
            writer.stop()
        sys.exit(report(engine, readers, writer, given))


class Writer(threading.Thread):
    """The status server, the worker in a process of its own, and a new deposit every so often."""

    def __init__(self, engine, url, folder, pace):
        super().__init__()
        self.working, self._pace, self._told = Working(engine, url, folder, 0), pace, threading.Event()
        self._engine, self._url, self.published = engine, url, 0

    def run(self):
        command = [sys.executable, __file__.replace("load.py", "syncing.py"), self._url, self.working.un.server.url]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
        with subprocess.Popen(command, env=environ) as worker:
            while not self._told.wait(self._pace):
                recorded = (
                    repository.current_revision(self._engine) - 1
                )  # one deposit a revision: the next when the last is in
                if self.published == recorded < len(CODES):
                    self.working.prepare(self.published)
                    self.published += 1
            end = time.monotonic() + 120
            while len(dict(self.working.receiver.calls)) < self.published and time.monotonic() < end:
                time.sleep(0.1)
            worker.send_signal(signal.SIGTERM)
        self.ended = worker.returncode

    def stop(self):
        self._told.set()
        self.join()
        self.working.close()


class served:  # noqa: N801 - it reads as what it is: with served(...) as port
    """gunicorn over the record, as it is deployed."""

    def __init__(self, url, workers, folder):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        figures = folder / "figures"
        figures.mkdir()
        self._log = (folder / "served.log").open("wb")
        environ = {**os.environ, "TRACKER_DATABASE_URL": url, "PROMETHEUS_MULTIPROC_DIR": str(figures)}
        environ |= {"TRACKER_SECRET_KEY": "the same for all workers", "TRACKER_LOG": "json"}
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self._port}", "--workers", str(workers),
                   "--backlog", "1024", "tracker.cli.wsgi:application()"]  # fmt: skip
        self._process = subprocess.Popen(command, env=environ, cwd=ROOT, stderr=self._log, stdout=self._log)

    def __enter__(self):
        answers = 0
        while answers < 20:  # by then every worker has begun
            assert self._process.poll() is None, "gunicorn did not start"
            try:
                with urlopen(f"http://127.0.0.1:{self._port}/live", timeout=60):
                    answers += 1
            except OSError:
                time.sleep(0.05)
        return self._port

    def __exit__(self, *_):
        self._process.terminate()
        self.code = self._process.wait(30)
        self._log.close()
        assert self.code == 0, f"gunicorn ended with {self.code}"


class Readers:
    """Many readers, each asking for one thing after another."""

    def __init__(self, port):
        self._port, self.times, self.trouble, self.mixed, self.revisions = port, [], Counter(), [], set()
        both = (*STEADY, *PAGES)
        self._paths, self._weights = [path for path, _ in both], [weight for _, weight in both]

    async def read(self, readers, seconds):
        end = time.monotonic() + seconds
        await asyncio.gather(*(self._read(random.Random(number), end) for number in range(readers)))

    async def _read(self, dice, end):
        while time.monotonic() < end:
            (path,) = dice.choices(self._paths, self._weights)
            begun = time.monotonic()
            try:
                status, body = await asyncio.wait_for(self._get(path), PATIENCE)
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as trouble:
                self.trouble[type(trouble).__name__] += 1
                continue
            self.times.append(time.monotonic() - begun)
            if status != 200:
                self.trouble[f"{status} {path}"] += 1
            elif path.startswith("/api/"):
                self._check(path, json.loads(body))

    async def _get(self, path):
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: application/json\r\n\r\n"
            writer.write((head if path.startswith("/api/") else head.replace("application/json", "text/html")).encode())
            first = await reader.readuntil(b"\r\n\r\n")
            length = int(first.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            return int(first.split()[1]), await reader.readexactly(length)
        finally:
            writer.close()

    def _check(self, path, answer):
        """Does the answer say of its revision what that revision holds: one deposit for each after the first?"""
        deposits = answer["meta"]["revision"] - 1
        self.revisions.add(deposits)
        data = answer["data"]
        if path.endswith("/untoc"):
            said = data["parties"], len([each for each in data["participants"] if each["status"] != "none"])
            good = said == (deposits, deposits)
        elif path.endswith("/instruments"):
            said = [each["parties"] for each in data if each.get("instrument", each.get("id")) == "untoc"]
            good = said == [deposits]
        else:  # the first to deposit
            said = json.dumps(data).count('"2003-07-01"') > 0
            good = said == (deposits > 0)
        if not good:
            self.mixed.append(f"{path} of revision {deposits + 1}: {said}")


def report(engine, readers, writer, given):
    times = sorted(readers.times)
    heard = len(dict(writer.working.receiver.calls))
    amiss = [*writer.working.amiss(0, done=False), *integrity.integrity_faults(engine)]
    amiss += [] if heard == writer.published else [f"{writer.published} published, {heard} heard"]
    place = {percent: 1000 * times[min(len(times) - 1, len(times) * percent // 100)] for percent in (50, 95, 99)}
    print(f"{engine.dialect.name}, {given.workers} workers, {given.readers} readers, {given.seconds:.0f} s:")
    print(
        f"  {len(times)} answers, {len(times) / given.seconds:.0f} a second; errors: {dict(readers.trouble) or 'none'}"
    )
    print("  " + ", ".join(f"p{percent} {found:.0f} ms" for percent, found in place.items()))
    print(
        f"  {writer.published} deposits published, {len(readers.revisions)} revisions read, {writer.working.summary()}"
    )
    print(f"  answers that mix revisions: {len(readers.mixed)} {readers.mixed[:3] or ''}")
    print(f"  the writing side: {amiss or 'all recorded, all told once'}, worker ended with {writer.ended}")
    engine.dispose()
    return 1 if readers.trouble or readers.mixed or amiss or writer.ended else 0


if __name__ == "__main__":
    main()
