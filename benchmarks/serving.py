"""Requests per second for the parties to one instrument as of a day, beside Datasette and beside bare SQL.

    python -m benchmarks.serving [--seconds 5] [--connections 8] [--peers FOLDER] [--no-peers]

Prints a Markdown table. The load generator is wrk where there is one (`apt install wrk`), else threads of this program;
it shares the machine with the servers and asks for gzip, as browsers do. Every server stands on the shipped record
in SQLite. "Kept" is the same question again; "computed" is the same question with kept answers passed by, the rules'
answers of the day at hand; "another day" asks as of another day each time. Datasette runs at its defaults, in an
environment of its own that is made in FOLDER (a temporary one unless given), on one table of the same acts; two
workers are uvicorn's. Bare SQL is one sqlite3 query a request, dumped as JSON, in the server that the row names.
"""

import argparse
import contextlib
import csv
import http.client
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.common import NOW, ROOT, at, markdown, record_at
from tracker.storage.import_export import import_files

JSON, HTML = "/api/v1/instruments/untoc", "/instruments/untoc"
KEPT, COMPUTED, ANOTHER_DAY = "kept", "computed", "computed, another day"
CONSENTS = "'ratification','acceptance','approval','accession','succession','formal-confirmation'"
QUERY = (
    "select participants.code, participants.name, participants.region, parties.action, parties.date, parties.source "
    f"from parties join participants on participants.code = parties.participant where treaty = 'untoc' "
    f"and action in ({CONSENTS}) and date <= :as_of order by participants.name"
)
BARE = """
import json, sqlite3, sys, threading
held = threading.local()
def app(environ, start_response):
    if not hasattr(held, "db"):
        held.db = sqlite3.connect({path!r})
        held.db.row_factory = sqlite3.Row
    rows = [dict(row) for row in held.db.execute({query!r}, {{"as_of": "2026-11-24"}})]
    body = json.dumps({{"rows": rows}}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
"""
PEER = """
from datasette.app import Datasette
app = Datasette(files=[{path!r}]).app()
"""
LUA = """
local start, threads = {start}, 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init(args) asked = 0 end
function request()
  asked = asked + 1
  return wrk.format("GET", "{path}{apart}as_of=" .. os.date("!%Y-%m-%d", start + (asked * 2 + number) * 86400))
end
"""
PERCENTILES = """
function done(summary, latency, requests)
  io.write(string.format("FIGURES %d %d %f %f %f %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(95), latency:percentile(99), summary.errors.status + summary.errors.timeout))
end
"""
SINCE = date(2004, 1, 1)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seconds", type=float, default=5)
    words.add_argument("--connections", type=int, default=8)
    words.add_argument("--peers", type=Path, help="where the peers' environment is, or is to be")
    words.add_argument("--no-peers", action="store_true", help="the tracker and bare SQL alone")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for line in run(
            Path(folder),
            given.seconds,
            given.connections,
            None if given.no_peers else given.peers or Path(folder) / "peers",
        ):
            print(line, flush=True)


def run(folder: Path, seconds: float, connections: int, peers: Path | None) -> Iterator[str]:
    """What there is to print: which Datasette, then the table."""
    url = f"sqlite:///{folder}/record.db"
    with record_at(url) as engine:
        import_files(engine, [ROOT / "data"], moment=NOW)
    load = Load(seconds, connections, folder)
    rows = [*_tracker(url, load), *_bare(folder, load)]
    if peers:
        yield _installed(peers)
        rows += _datasette(folder, peers, load)
    heads = ("server", "answer", "requests/s", "p50, ms", "p95, ms", "p99, ms", "kB", "not 2xx")
    yield markdown(heads, rows)


# -- the tracker, bare SQL, Datasette ----------------------------------------------------------------


def _tracker(url: str, load: "Load") -> Iterator[list[object]]:
    environ = {"TRACKER_DATABASE_URL": url, "TRACKER_DATA": str(ROOT / "data"), "TRACKER_STATIC": str(ROOT / "static"),
               "TRACKER_SECRET_KEY": secrets.token_hex()}  # fmt: skip
    started = "tracker.cli.wsgi:application()"
    for name, workers in (
        ("tracker, gunicorn sync", 1),
        ("tracker, gunicorn sync, 2 workers", 2),
        ("tracker, waitress", 0),
    ):
        port = _free_port()
        command = _gunicorn(started, port, workers) if workers else _waitress(port)
        with _serving(command, port, environ):
            for sort, path in (("JSON", JSON), ("HTML", HTML)):
                for how in (KEPT, COMPUTED, ANOTHER_DAY):
                    yield [name, f"{sort}, {how}", *load.figures(port, path, how)]


def _bare(folder: Path, load: "Load") -> Iterator[list[object]]:
    (folder / "bare.py").write_text(BARE.format(path=str(_plain_tables(folder)), query=QUERY))
    for workers in (1, 2):
        port = _free_port()
        with _serving(_gunicorn("bare:app", port, workers), port, {"PYTHONPATH": str(folder)}):
            yield [
                f"bare SQL, gunicorn sync, {workers} {'worker' if workers == 1 else 'workers'}",
                "JSON, computed",
                *load.figures(port, "/", COMPUTED),
            ]


def _datasette(folder: Path, peers: Path, load: "Load") -> Iterator[list[object]]:
    (folder / "peer.py").write_text(PEER.format(path=str(_plain_tables(folder))))
    asked = urlencode({"sql": QUERY, "as_of": "2026-11-24"})
    pages = {
        "JSON": f"/acts.json?{asked}&_shape=objects",
        "HTML, query page": f"/acts?{asked}",
        "HTML, table page": "/acts/parties?treaty__exact=untoc&_size=max",
    }
    for workers in (1, 2):
        port = _free_port()
        command = [
            str(peers / "bin" / "uvicorn"),
            "peer:app",
            "--port",
            str(port),
            "--workers",
            str(workers),
            "--log-level",
            "warning",
            "--no-access-log",
        ]
        with _serving(command, port, {"PYTHONPATH": str(folder)}):
            for sort, path in pages.items():
                yield [
                    f"Datasette, {workers} {'process' if workers == 1 else 'workers'}",
                    f"{sort}, computed",
                    *load.figures(port, path, ""),
                ]


def _installed(peers: Path) -> str:
    """Make the peers' environment unless it is there, and say which version it has."""
    if not (peers / "bin" / "uvicorn").exists():
        venv.create(peers, with_pip=True)
        subprocess.run(
            [peers / "bin" / "pip", "install", "--quiet", "--upgrade", "datasette", "sqlite-utils", "uvicorn"],
            check=True,
        )
    said = subprocess.run([peers / "bin" / "datasette", "--version"], check=True, capture_output=True, text=True)
    return f"Beside {said.stdout.strip().replace(', version', '')}, on {os.cpu_count()} cores.\n"


def _plain_tables(folder: Path) -> Path:
    """The acts and the participants as two plain tables with indexes: what one would give to Datasette."""
    path = folder / "acts.db"
    if path.exists():
        return path
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        for name in ("parties", "participants"):
            with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
                heads, *rows = csv.reader(stream)
            columns = ", ".join(f'"{head}" text' for head in heads)
            database.execute(f"create table {name} ({columns})")
            database.executemany(f"insert into {name} values ({', '.join('?' * len(heads))})", rows)
        database.execute("create index acts_of_a_treaty on parties (treaty, date)")
        database.execute("create unique index codes on participants (code)")
    return path


# -- serving -----------------------------------------------------------------------------------------


def _gunicorn(app: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        app,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--log-level",
        "error",
    ]


def _waitress(port: int) -> list[str]:
    return [str(Path(sys.executable).with_name("tracker")), "serve", "--port", str(port)]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def _serving(command: list[str], port: int, environ: dict[str, str]) -> Iterator[None]:
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, env={**os.environ, **environ}, stdout=said, stderr=said)
        try:
            _wait_for(server, port)
            yield
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read().decode()[-2000:])
            raise
        finally:
            server.terminate()
            server.wait()


def _wait_for(server: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"The server did not start: {server.args}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("The server did not answer within half a minute.")


# -- load --------------------------------------------------------------------------------------------


class Load:
    """So many connections asking one thing for so many seconds."""

    def __init__(self, seconds: float, connections: int, folder: Path) -> None:
        self.seconds, self.connections, self._folder = seconds, connections, folder
        self._wrk = shutil.which("wrk")

    def figures(self, port: int, path: str, how: str) -> tuple[float, float, float, float, float, int]:
        """Requests a second, p50, p95 and p99 in ms, kB of one answer, and answers that were none."""
        headers = {"Accept-Encoding": "gzip"} | ({"Cookie": "measured=yes"} if how in (COMPUTED, ANOTHER_DAY) else {})
        for _ in range(4):  # each worker is warm
            size = _size(port, path, headers)
        found = self._by_wrk(port, path, how, headers) if self._wrk else self._by_threads(port, path, how, headers)
        return (*found[:4], size / 1000, found[4])

    def _by_wrk(
        self, port: int, path: str, how: str, headers: dict[str, str]
    ) -> tuple[float, float, float, float, int]:
        script = self._folder / "load.lua"
        apart = "&" if "?" in path else "?"
        start = int((SINCE - date(1970, 1, 1)).total_seconds())
        script.write_text((LUA.format(path=path, apart=apart, start=start) if how == ANOTHER_DAY else "") + PERCENTILES)
        named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = [
            str(self._wrk),
            "-t",
            "2",
            "-c",
            str(self.connections),
            "-d",
            f"{max(round(self.seconds), 1)}s",
            "--timeout",
            "30s",
        ]
        said = subprocess.run(
            [*command, "-s", str(script), *named, f"http://127.0.0.1:{port}{path}"],
            check=True,
            capture_output=True,
            text=True,
        )
        found = re.search(r"FIGURES (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)", said.stdout)
        assert found, said.stdout
        requests, duration, *places, wrong = map(float, found.groups())
        p50, p95, p99 = (each / 1000 for each in places)
        return requests / duration * 1e6, p50, p95, p99, int(wrong)

    def _by_threads(
        self, port: int, path: str, how: str, headers: dict[str, str]
    ) -> tuple[float, float, float, float, int]:
        taken: list[float] = []
        wrong: list[int] = []
        until = time.perf_counter() + self.seconds

        def ask(number: int) -> None:
            asked = number
            while (begun := time.perf_counter()) < until:
                day = (
                    f"{'&' if '?' in path else '?'}as_of={SINCE + timedelta(days=asked)}" if how == ANOTHER_DAY else ""
                )
                if _asked(port, path + day, headers)[0] != 200:
                    wrong.append(1)
                taken.append(time.perf_counter() - begun)
                asked += self.connections

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(self.connections)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        p50, p95, p99 = (at(share, taken) * 1000 for share in (0.5, 0.95, 0.99))
        return len(taken) / self.seconds, p50, p95, p99, len(wrong)


def _asked(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _size(port: int, path: str, headers: dict[str, str]) -> int:
    status, body = _asked(port, path, headers)
    assert status == 200, f"{path}: {status} {body[:300]!r}"
    return len(body)


if __name__ == "__main__":
    main()
