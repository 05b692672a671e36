"""Several server processes and a worker beside them, over one record: all see each change, and all end in order."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ready_databases import set_up_shipped_record
from tests.test_graceful_shutdown import port, running  # noqa: F401

TRACKER = Path(sys.executable).with_name("tracker")
# gunicorn's settings are Python: each worker says of each request that it was its own
SAYS_WHO = "def post_request(worker, request, environ, answer):\n    print(worker.pid, flush=True)\n"
# and what it has not been rid of stays with the worker: the system keeps 128 KiB at the most for a connection
KEEPS_LITTLE = """
import socket
def when_ready(server):
    for each in server.LISTENERS:
        each.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * 1024)
"""
CHANGED = "code,name,kind,source\nQQQ,Newland,state,test\n"


def environment(url, **more):
    return {**os.environ, "TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": "k" * 32, **more}


def tracker(url, *words):
    command = [TRACKER, *words]
    return subprocess.run(command, env=environment(url), capture_output=True, text=True, check=True)


@contextmanager
def working(url):
    """`tracker work`, until it is told to end; it must end in order."""
    command = [TRACKER, "work"]
    env = environment(url, TRACKER_UNTC_URL="http://127.0.0.1:9")
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert "Working" in process.stdout.readline()
            yield
            process.send_signal(signal.SIGTERM)
            process.stdout.read()
            assert process.wait(60) == 0
        finally:
            process.kill()


def asked(port, path):  # noqa: F811
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return json.load(answer)


def gunicorn(port, *more):  # noqa: F811
    return [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", *more,
            "tracker.cli.wsgi:application()"]  # fmt: skip


def revisions(process, port, path):  # noqa: F811
    """Which revisions the two workers answer by: while one waits for a reader who has yet to ask, the other answers."""
    found = {}
    with socket.create_connection(("127.0.0.1", port), timeout=60) as reader:
        for answered in (lambda: asked(port, path), lambda: _asked_late(reader, path)):
            said = answered()["meta"]["revision"]
            found.setdefault(process.stdout.readline(), set()).add(said)
    assert len(found) == 2
    return list(found.values())


def _asked_late(reader, path):
    reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    return json.loads(b"".join(iter(lambda: reader.recv(65536), b"")).partition(b"\r\n\r\n")[2])


@contextmanager
def begun(port, path):  # noqa: F811
    """An answer of which the reader has only the first bytes, in a socket that takes in little at a time."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.settimeout(60)
        reader.connect(("127.0.0.1", port))
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        yield reader, reader.recv(1)


@pytest.mark.parametrize("more", [(), ("--preload",)], ids=["plain", "preload"])
def test_all_processes_answer_by_what_a_command_has_just_changed(database_url, port, tmp_path, more):  # noqa: F811
    tracker(database_url, "init")
    (tmp_path / "participants.csv").write_text(CHANGED)
    (tmp_path / "says_who.py").write_text(SAYS_WHO + KEEPS_LITTLE)
    command = gunicorn(port, "--config", str(tmp_path / "says_who.py"), *more)
    env = environment(database_url, TRACKER_BASE_URL=f"http://127.0.0.1:{port}")
    with working(database_url), running(command, port, env=env) as process:
        assert revisions(process, port, "/api/v1/participants?limit=1") == [{1}, {1}]
        tracker(database_url, "import", str(tmp_path / "participants.csv"))
        assert revisions(process, port, "/api/v1/participants/QQQ") == [{2}, {2}]
        with begun(port, "/download/record.sqlite") as (reader, first):
            process.send_signal(signal.SIGTERM)
            head, _, body = (first + b"".join(iter(lambda: reader.recv(65536), b""))).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert f"Content-Length: {len(body)}\r\n".encode() in head
        assert len(body) > 1_000_000
        process.communicate(timeout=60)
        assert process.returncode == 0


def test_without_a_key_that_all_processes_share_it_does_not_start(tmp_path):
    url = set_up_shipped_record(tmp_path / "record.db")
    env = {name: value for name, value in environment(url).items() if name != "TRACKER_SECRET_KEY"}
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    done = subprocess.run(gunicorn(number), env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 0
    assert "TRACKER_SECRET_KEY" in done.stderr


def test_downloads_go_on_after_a_worker_of_a_preloaded_server_has_exited(database_url, port, tmp_path):  # noqa: F811
    tracker(database_url, "init")
    (tmp_path / "says_who.py").write_text(SAYS_WHO)
    command = gunicorn(port, "--config", str(tmp_path / "says_who.py"), "--preload")
    with running(command, port, env=environment(database_url)) as process:
        downloaded(port)
        os.kill(int(process.stdout.readline()), signal.SIGTERM)
        for _ in range(8):
            assert downloaded(port).startswith(b"PK")


def downloaded(port):  # noqa: F811
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/download/record.zip", timeout=60) as answer:
        return answer.read()
