"""A burst of messages to a hundred receivers of which ten hang: how many a second, and is each there once?

    python benchmarks/delivering.py [--messages 10000] [--receivers 100] [--hanging 10] [--slow 0.05] [--database URL]

The receivers are in a process of their own, each at a loopback address of its own, and answer after `--slow`
seconds; those that hang take a call and send a byte a second. What is to go to them waits on; all else must have
arrived once. Prints a table and exits with 1 if anything is amiss.
"""

import argparse
import asyncio
import multiprocessing
import socket
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import NOW, markdown, record_at
from tracker.alerts import sending, subscribers
from tracker.alerts.deliveries import DeliveryState, MessageType
from tracker.alerts.lanes import Lanes
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.alerts.webhook import WebhookSender
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import DeliveryRow

DELIVERIES = DeliveryRow.__table__


def host(number):
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


def receive(receivers, hanging, slow, port, calls):
    """Serve until the parent ends; send the parent the key of each call."""

    async def serve():
        async def answer(reader, writer, *, hangs):
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                await reader.readexactly(int(fields["Content-Length"]))
                while hangs:
                    writer.write(b"H")
                    await writer.drain()
                    await asyncio.sleep(1)
                await asyncio.sleep(slow)
                writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                await writer.drain()
                calls.put(fields["Idempotency-Key"])
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        for number in range(receivers):
            hangs = number < hanging
            await asyncio.start_server(
                lambda r, w, hangs=hangs: answer(r, w, hangs=hangs), host(number), port, backlog=200
            )
        calls.put("ready")
        await asyncio.Event().wait()

    asyncio.run(serve())


def burst(engine, messages, receivers, port):
    """A subscription at each receiver, and the messages that are due, spread over them."""
    with write_transaction(engine) as connection:
        owners = [
            subscribers.insert_subscription(connection, Subscription(
                made_at=NOW, confirmed_at=NOW, state=SubscriptionState.ACTIVE, channel=Channel.WEBHOOK, secret="s",
                address=f"http://{host(number)}:{port}/",
            ))
            for number in range(receivers)
        ]  # fmt: skip
        row = {"sort": MessageType.TEST.value, "note": "", "made_at": NOW, "due_at": NOW, "tries": 0, "attempt": 0}
        row |= {"state": DeliveryState.WAITING.value, "problem": ""}
        rows = [row | {"subscription": owners[n % receivers], "key": f"test:{n}"} for n in range(messages)]
        connection.execute(insert(DELIVERIES), rows)


def delivered(url, messages, receivers, hanging, slow):
    """The row of the table: figures of one burst, and whether all is well."""
    calls, port = multiprocessing.get_context("spawn").Queue(), _free_port()
    server = multiprocessing.get_context("spawn").Process(
        target=receive, args=(receivers, hanging, slow, port, calls), daemon=True
    )
    server.start()
    assert calls.get(timeout=60) == "ready"
    with record_at(url) as engine:
        burst(engine, messages, receivers, port)
        begun, cpu, moment = time.monotonic(), time.process_time(), time.monotonic()

        def now():
            return NOW + timedelta(hours=1, seconds=time.monotonic() - moment)

        wanted = messages - sum(1 for n in range(messages) if n % receivers < hanging)
        lanes, sent = Lanes(sending.AT_ONCE), 0
        ways = {Channel.WEBHOOK: WebhookSender(private=True, resolve=lanes.hosts)}
        arrived = Counter()
        while sent < wanted:
            report = sending.deliver_due(
                engine, now, ways, "w", site="https://x.example", jitter=lambda: 0.5, lanes=lanes,
                goes_on=lambda: _drained(calls, arrived) < wanted,
            )  # fmt: skip
            sent += report.sent
        took = time.monotonic() - begun
        cpu = time.process_time() - cpu
        time.sleep(0.5)  # what is in the receivers' pipe
        doubled = _drained(calls, arrived) - len(arrived)
        with read_transaction(engine) as connection:
            states = dict(
                connection.execute(select(DELIVERIES.c.state, func.count()).group_by(DELIVERIES.c.state)).all()
            )
            tries = (
                connection.scalar(select(func.sum(DELIVERIES.c.attempt)).where(DELIVERIES.c.state == "waiting")) or 0
            )
        last = _seconds(engine)
    server.kill()
    good = (
        states.get("sent") == len(arrived) == wanted and not doubled and states.get("waiting", 0) == messages - wanted
    )
    kind = url.partition(":")[0]
    return [
        kind,
        messages,
        receivers,
        hanging,
        wanted,
        last,
        wanted / last,
        cpu,
        took,
        tries,
        doubled,
        "yes" if good else "NO",
    ]


def _free_port():
    with socket.create_server((host(0), 0)) as found:
        return found.getsockname()[1]


def _seconds(engine):
    """From the burst to the last message that arrived."""
    with read_transaction(engine) as connection:
        last = connection.scalar(select(func.max(DELIVERIES.c.settled_at)))
    return (last - NOW - timedelta(hours=1)).total_seconds() if last else 0.0


def _drained(calls, arrived):
    """How many calls have arrived in all, with how often each key has."""
    while not calls.empty():
        arrived[calls.get()] += 1
    return arrived.total()


COLUMNS = (
    "database", "messages", "receivers", "hanging", "to arrive", "seconds to the last", "a second", "CPU seconds",
    "seconds with what hangs", "tries of what hangs", "doubled", "as it should be",
)  # fmt: skip


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=10_000)
    options.add_argument("--receivers", type=int, default=100)
    options.add_argument("--hanging", type=int, default=10)
    options.add_argument("--slow", type=float, default=0.05, help="seconds until a receiver answers")
    options.add_argument("--database", help="SQLite file of its own, or a PostgreSQL address (a schema of its own)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{folder}/delivering.db"
        row = delivered(url, given.messages, given.receivers, given.hanging, given.slow)
    print(markdown(COLUMNS, [row]))
    sys.exit(0 if row[-1] == "yes" else 1)


if __name__ == "__main__":
    main()
