"""Kill -9 between every two steps from a change to its delivery: nothing lost, nothing decided twice.

    python benchmarks/crashes.py [--runs 200] [--database URL]

Each run records one deposit and delivers what follows to a webhook, in a process that kills itself at one
step; another process then does the same to the end. A receiver that goes by the key must have seen
each decision once. Prints what it found and exits with 1 if anything is amiss.
"""

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from sqlalchemy import func, select

from tracker.alerts import deliveries as dispatch
from tracker.alerts import outbox, sending, subscribers
from tracker.alerts.sending import WebhookSender
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.law.changes import changes_between
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Instrument, InstrumentKind, Participant, ParticipantKind
from tracker.storage import change_log, repository
from tracker.storage.database import make_engine, read_transaction, write_transaction
from tracker.storage.operational_tables import AttemptRow, DeliveryRow, ToldRow
from tracker.storage.schema import migrate

PRELOADED = [
    "tracker.alerts.outbox", "tracker.alerts.sending", "tracker.alerts.sending", "tracker.law.changes",
    "tracker.storage.change_log", "tracker.storage.schema",
]  # fmt: skip
STEPS = ("decided", "noted", "claimed", "sending", "sent", "settling", "settled")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
SITE = "https://treaties.example"


def code(run):
    return "".join(chr(65 + run // 26**place % 26) for place in (2, 1, 0))


def set_up(url, receiver, runs):
    engine = make_engine(url)
    migrate(engine)
    states = [
        Participant(code=code(run), name=code(run), kind=ParticipantKind.STATE, source="x") for run in range(runs)
    ]
    treaty = Instrument(
        id="treaty", title="Treaty", kind=InstrumentKind.CONVENTION, threshold=runs + 1, delay="90d", source="x"
    )
    repository.record_facts(engine, [treaty, *states], what="set up", moment=START - timedelta(days=1))
    with write_transaction(engine) as connection:
        wish = Subscription(
            made_at=START - timedelta(days=1), confirmed_at=START - timedelta(hours=1), state=SubscriptionState.ACTIVE,
            channel=Channel.WEBHOOK, address=receiver, secret="s", kinds=frozenset({"act-recorded"}),
        )  # fmt: skip
        subscribers.insert_subscription(connection, wish)
    return engine


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def work(url, run, moment, step):
    """Record a deposit, announce it, deliver what is due; die at the step, if any."""
    engine = make_engine(url)

    def announce(connection, changes, at):
        outbox.enqueue_alerts(connection, changes, at)
        if step == "decided":
            die()

    act = Action(
        kind=ActionKind.RATIFICATION, participant=code(run), instrument="treaty", date=PartialDate.of(moment.date()),
        source="x",
    )  # fmt: skip
    with write_transaction(engine) as connection:
        before = Ledger(repository.live_facts_in(connection))
        outcome = repository.record_facts_in(connection, [act], what="deposit", moment=moment)
        changes = changes_between(
            before.as_of(moment.date()), Ledger(repository.live_facts_in(connection)).as_of(moment.date())
        )
        announce(connection, change_log.log_changes(connection, changes, outcome.revision, moment), moment)
    if step == "noted":
        die()
    deliver(engine, moment, step)
    engine.dispose()


def deliver(engine, moment, step):
    call, composed, settle, counted = (
        WebhookSender(private=True),
        sending.compose_message,
        dispatch.settle,
        sending._Sending._count,
    )

    def send(*given):
        if step == "sending":
            die()
        call(*given)
        if step == "sent":
            die()

    def killing(function, at, *, first):
        def wrapped(*given, **named):
            if step == at and first:
                die()
            result = function(*given, **named)
            if step == at:
                die()
            return result

        return wrapped

    sending.compose_message = killing(composed, "claimed", first=True)
    dispatch.settle = killing(settle, "settling", first=False)
    sending._Sending._count = killing(counted, "settled", first=True)
    later = moment + (sending.CLAIM if step is None else timedelta())
    sending.deliver_due(engine, lambda: later, {Channel.WEBHOOK: send}, str(os.getpid()), site=SITE, jitter=lambda: 0.0)


class Receiver(BaseHTTPRequestHandler):
    calls: ClassVar[list[tuple[str, str]]] = []

    def do_POST(self):
        given = self.rfile.read(int(self.headers["Content-Length"]))
        self.calls.append((self.headers["Idempotency-Key"], json.loads(given)["changes"][0]["participant"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--database", help="an empty database; by default an SQLite file that is thrown away")
    given = options.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{Path(folder) / 'crashes.db'}"
        receiver = f"http://127.0.0.1:{server.server_port}/"
        sys.exit(crash(url, receiver, given.runs))


def crash(url, receiver, runs):
    began, engine, killed = time.monotonic(), set_up(url, receiver, runs), Counter()
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(PRELOADED)
    for run in range(runs):
        moment, step = START + timedelta(hours=run), STEPS[run % len(STEPS)]
        for last in (step, None):
            process = processes.Process(target=work, args=(url, run, moment, last))
            process.start()
            process.join()
            killed[last or "to the end", process.exitcode] += 1
    return report(engine, killed, runs, time.monotonic() - began)


def report(engine, killed, runs, took):
    told, deliveries, attempts = (row.__table__ for row in (ToldRow, DeliveryRow, AttemptRow))
    with read_transaction(engine) as connection:
        decided = connection.scalar(select(func.count()).select_from(told))
        sent = connection.scalar(select(func.count()).where(deliveries.c.state == "sent"))
        tried = connection.scalar(select(func.count()).select_from(attempts))
        waiting = connection.scalar(select(func.count()).where(deliveries.c.state == "waiting"))
    engine.dispose()
    by_key = dict(Receiver.calls)
    for (step, code_), number in sorted(killed.items()):
        print(f"{number:4} processes killed at or run {step!r}: exit {code_}")
    print(f"{runs} changes, {decided} decisions, {sent} sent, {waiting} waiting, {tried} attempts in {took:.0f} s")
    print(f"{len(Receiver.calls)} calls received, {len(by_key)} different keys, {len(set(by_key.values()))} States")
    as_planned = all(number == (0 if step == "to the end" else -signal.SIGKILL) for step, number in killed)
    good = as_planned and decided == sent == len(by_key) == len(set(by_key.values())) == runs and not waiting
    print("Nothing lost, nothing doubled." if good else "SOMETHING IS AMISS.")
    return 0 if good else 1


if __name__ == "__main__":
    main()
