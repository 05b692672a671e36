"""A server told to end finishes what it has in hand; slow clients keep nobody else out. Real processes and sockets."""

import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest

from tracker.cli import server as serving

SLOW = """
import sys, time
def app(environ, start):
    if environ["PATH_INFO"] == "/slow":
        print("in hand", flush=True)
        sys.stdin.readline()  # until the test says go on
    body = b"x" * (3_000_000 if environ["PATH_INFO"] == "/slow" else 10)
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""
WAITRESS = f"{SLOW}\nfrom tracker.cli import server as serving\nserving.serve(app, '127.0.0.1', int(sys.argv[1]))\n"


@contextmanager
def running(command, port, **rest):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes, **rest) as process:
        try:
            while process.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    select.select([], [], [], 0.02)
            assert process.poll() is None, process.stderr.read()
            yield process
        finally:
            process.kill()


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def asked(port, path):
    with ExitStack() as left:  # a server that hangs up at once leaves a socket to be closed
        reader = left.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        left.pop_all()
    return reader


def whole(reader):
    with reader:
        return b"".join(iter(lambda: reader.recv(65536), b""))


def commands(port, tmp_path):
    (tmp_path / "slow_site.py").write_text(SLOW)
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--pythonpath", str(tmp_path),
                "slow_site:app"]  # fmt: skip
    return {"waitress": [sys.executable, "-c", WAITRESS, str(port)], "gunicorn": gunicorn}


@pytest.mark.parametrize("server", ["waitress", "gunicorn"])
def test_a_request_in_hand_when_the_server_is_told_to_end_is_answered_whole_and_no_new_one_is_taken(
    server, port, tmp_path
):
    with running(commands(port, tmp_path)[server], port) as process:
        reader = asked(port, "/slow")
        assert process.stdout.readline() == "in hand\n"
        process.send_signal(signal.SIGTERM)
        while server == "waitress":  # until it takes no more; gunicorn's one worker shuts its door when it is free
            try:
                asked(port, "/fast").close()
            except ConnectionError:  # refused, or cut off on the threshold
                break
        process.stdin.write("go on\n")
        process.stdin.flush()
        head, _, body = whole(reader).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert len(body) == 3_000_000
        assert process.wait(60) == 0


def test_a_second_signal_ends_the_server_at_once(port, tmp_path):
    with running(commands(port, tmp_path)["waitress"], port) as process, asked(port, "/slow"):
        assert process.stdout.readline() == "in hand\n"
        process.send_signal(signal.SIGTERM)
        while True:
            try:
                asked(port, "/fast").close()
            except ConnectionError:  # refused, or cut off on the threshold
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM


@pytest.mark.parametrize("command", ["serve", "work"])
def test_the_commands_end_with_0_when_they_are_told_to(command, database_url, port):
    from_here = [sys.executable, "-c", "from tracker.cli import main; main()", "--database", database_url]
    subprocess.run([*from_here, "init"], check=True, capture_output=True)
    environ = {**os.environ, "TRACKER_PORT": str(port), "TRACKER_UNTC_URL": "http://127.0.0.1:1"}
    with subprocess.Popen(
        [*from_here, command], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        if command == "work":
            assert "Working" in process.stdout.readline()
            select.select([process.stderr], [], [], 60)  # its first job has spoken
        else:
            while True:
                try:
                    asked(port, "/live").close()
                    break
                except ConnectionRefusedError:
                    select.select([], [], [], 0.05)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
        assert process.returncode == 0


def test_connections_that_dribble_and_readers_that_do_not_read_keep_nobody_else_out(port, tmp_path):
    """More slow clients than the server has connections: they have to make room."""
    with running(commands(port, tmp_path)["waitress"], port), ExitStack() as held:
        for number in range(serving.CONNECTIONS + 100):
            slow = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            if number % 3 == 0:
                slow.sendall(b"GET /fast HTTP/1.1\r\nX-Slow: ")
            elif number % 3 == 1:
                slow.sendall(b"POST /fast HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
        for _ in range(20):
            assert whole(asked(port, "/fast")).endswith(b"\r\n\r\n" + b"x" * 10)


LARGE = """
import sys
from tracker.cli import server as serving
def app(environ, start):
    body = b"x" * (20_000_000 if environ["PATH_INFO"] == "/large" else 10)
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]
serving.serve(app, "127.0.0.1", int(sys.argv[1]))
"""


def test_more_readers_that_do_not_read_than_there_are_threads_keep_nobody_waiting(port):
    with running([sys.executable, "-c", LARGE, str(port)], port), ExitStack() as held:
        for _ in range(2 * serving.THREADS):
            held.enter_context(asked(port, "/large"))
        assert whole(asked(port, "/fast")).endswith(b"\r\n\r\n" + b"x" * 10)
