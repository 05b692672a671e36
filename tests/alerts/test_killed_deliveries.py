"""Whatever step a worker dies at, no decision is lost and none doubled, and its successor soon goes on."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from time import monotonic

from tests.support.alert_story import FORTIETH, deposits, history, record_and_announce
from tests.support.builders import ratified
from tests.support.processes import PROCESSES
from tracker.alerts import subscribers
from tracker.alerts.deliveries import DeliveryState
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.cli import server
from tracker.cli.worker import running_worker
from tracker.config import Settings
from tracker.law.changes import ChangeKind
from tracker.storage import change_log
from tracker.storage.database import write_transaction

ROOT = Path(__file__).resolve().parents[2]
MINUTE = 60  # seconds within which the next message goes out after a kill


def test_a_worker_killed_at_any_step_loses_nothing_and_doubles_nothing(database_url):
    program = [sys.executable, ROOT / "benchmarks" / "crashes.py", "--runs", "20", "--database", database_url]
    done = subprocess.run(program, check=False, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing lost, nothing doubled." in done.stdout


class HoldsTheFirst:
    """A real HTTP server that gives its first caller no answer while it is open, and takes what the others bring."""

    def __init__(self):
        self.calls = Queue()  # the path and the key of each call, in their order
        numbers, self._closing, receiver = count(), Event(), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.put((self.path, self.headers["Idempotency-Key"]))
                if next(numbers) == 0:
                    receiver._closing.wait()
                    return
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _work(url, un):
    """What `tracker work` does, until it is told to end."""
    settings = Settings(database_url=url, untc_url=un, allow_private_webhooks=True)
    with running_worker(settings), server.shutdown_event() as told:
        told.wait()


def _subscribed(engine, address, treaty, moment):
    wish = Subscription(
        made_at=moment, confirmed_at=moment, state=SubscriptionState.ACTIVE, channel=Channel.WEBHOOK, secret="s",
        address=address, instrument=treaty, kinds=frozenset({ChangeKind.ACT_RECORDED.value}),
    )  # fmt: skip
    with write_transaction(engine) as connection:
        return subscribers.insert_subscription(connection, wish)


def test_the_next_message_goes_out_within_a_minute_of_a_kill_amid_a_delivery(engine, database_url):
    begun = datetime.now(UTC)
    record_and_announce(engine, deposits(), at=begun - timedelta(hours=1), announce=change_log.announce_nothing)
    with HoldsTheFirst() as receiver:
        killed, successor = (
            PROCESSES.Process(target=_work, args=(database_url, receiver.url), daemon=True) for _ in range(2)
        )
        in_hand = _subscribed(engine, f"{receiver.url}/in-hand", "untoc", begun)
        following = _subscribed(engine, f"{receiver.url}/next", "other", begun)
        record_and_announce(engine, [FORTIETH], at=begun)
        killed.start()
        assert receiver.calls.get(timeout=MINUTE)[0] == "/in-hand"
        killed.kill()
        moment = monotonic()
        killed.join()
        assert killed.exitcode == -signal.SIGKILL
        record_and_announce(engine, [ratified("AAZ", "other", "2003-07-01")], at=datetime.now(UTC))
        successor.start()
        path, _ = receiver.calls.get(timeout=MINUTE - (monotonic() - moment))
        successor.terminate()
        successor.join()
    assert (path, successor.exitcode) == ("/next", 0)
    assert [each.state for each in history(engine, following)] == [DeliveryState.SENT]
    assert [each.state for each in history(engine, in_hand)] == [DeliveryState.WAITING]  # to be tried again
