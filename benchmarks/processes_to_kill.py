"""The processes that `kills.py` kills: what each does, what it acknowledges, and what must hold of the record then.

Each is the real thing: the command, the server with its sockets, the worker with its threads. A process says
through a pipe when it begins and what it has done, so that a kill falls into its work.
"""

import contextlib
import http.client
import json
import logging
import os
import re
import socket
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import func, select

from tests.support.builders import instrument, participant
from tests.support.killed_syncs import CODES
from tests.support.un_site import Published
from tracker.accounts import users
from tracker.alerts import subscribers
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.app import create_app
from tracker.cli import main as tracker
from tracker.cli import server
from tracker.config import Settings
from tracker.law.changes import ChangeKind
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.scheduler import Worker, build_jobs
from tracker.storage import change_log, job_locks, repository
from tracker.storage.database import make_engine, read_transaction, write_transaction
from tracker.storage.operational_tables import DeliveryRow, SignupRow, SubscriptionRow, ToldRow
from tracker.sync import review_queue
from tracker.sync.review_queue import Discrepancy, Proposal

NOW = datetime.now(UTC).replace(microsecond=0)
SECRET = "a key that outlives the processes"
PASSWORD = "a password that is long enough"
PATIENCE = 60  # seconds for a process to do what is left
_DELIVERIES, _SUBSCRIPTIONS, _TOLD, _SIGNUPS = (
    row.__table__ for row in (DeliveryRow, SubscriptionRow, ToldRow, SignupRow)
)


class Victim:
    """What the three have in common: the record before the first run, and the pipe of the process that runs."""

    serves = False  # does it work until it is told to end?

    def __init__(self, engine, url, folder, runs):
        self.engine, self.url, self.folder, self.pipe = engine, url, folder, None

    def prepare(self, run):
        """What is to be there before a run."""

    def start(self, processes, run, *, again=False):
        """A process at its work."""
        self.pipe, theirs = processes.Pipe(duplex=False)
        process = processes.Process(target=type(self).work, args=(theirs, *self.given(run, again)))
        process.start()
        theirs.close()
        assert self.pipe.recv() == "begun"
        return process

    def close(self):
        """End what runs beside."""


# -- the importer ----------------------------------------------------------------------------------


class Importer(Victim):
    """`tracker import` of one folder after another, each an instrument and its acts."""

    BATCHES, ACTS = 3, 12

    def __init__(self, engine, url, folder, runs):
        super().__init__(engine, url, folder, runs)
        repository.record_facts(
            engine, [participant(code) for code in CODES[: self.ACTS]], what="the beginning", moment=NOW
        )
        self.acknowledged = set()

    def prepare(self, run):
        for batch in self._batches(run):
            place = self.folder / batch
            place.mkdir()
            treaty = f"{batch},{batch},convention,5,90d,test"
            (place / "treaties.csv").write_text(f"id,title,kind,threshold,delay,source\n{treaty}\n")
            acts = "".join(f"{batch},{code},ratification,2001-02-03,test\n" for code in CODES[: self.ACTS])
            (place / "parties.csv").write_text(f"treaty,participant,action,date,source\n{acts}")

    def _batches(self, run):
        return [f"batch-{run:04}-{number}" for number in range(self.BATCHES)]

    def given(self, run, again):
        return self.url, [str(self.folder / batch) for batch in self._batches(run)]

    @staticmethod
    def work(pipe, url, folders):
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            pipe.send("begun")
            for folder in folders:
                try:
                    tracker(["--database", url, "import", folder])
                except SystemExit as end:
                    if end.code:
                        raise
                pipe.send(Path(folder).name)

    def drive(self, run, stop, *, to_the_end=False):
        with contextlib.suppress(EOFError):
            while True:
                self.acknowledged.add(self.pipe.recv())

    def amiss(self, run, *, done):
        ledger, wanted = repository.load_ledger(self.engine), set(self._batches(run))
        sizes = {batch: len(ledger.acts(batch)) for batch in ledger.instruments}
        yield from (f"{batch} has {size} acts" for batch, size in sizes.items() if size != self.ACTS)
        yield from (f"{batch} was acknowledged and is gone" for batch in self.acknowledged - sizes.keys())
        if done and wanted - self.acknowledged:
            yield "the restart did not come to the end"

    def summary(self):
        return f"{len(self.acknowledged)} imports acknowledged"


# -- the server ------------------------------------------------------------------------------------


class Server(Victim):
    """The server with its sockets, while people sign up and an editor decides what was held back."""

    serves, HELD, SIGN_UPS = True, 4, 4

    def __init__(self, engine, url, folder, runs):
        super().__init__(engine, url, folder, runs)
        treaties = [instrument(f"treaty-{run}", threshold=2, delay="90d") for run in range(runs)]
        repository.record_facts(
            engine, [*map(participant, CODES[: self.HELD]), *treaties], what="the beginning", moment=NOW
        )
        users.add_user(engine, "ada", PASSWORD, moment=NOW)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.sign_ups, self.decisions, self.refused, self.cookies = set(), set(), [], {}

    def prepare(self, run):
        doubts = [
            Discrepancy(proposal=Proposal.RECORD, instrument=f"treaty-{run}", name=code, participant=code,
                  kind=ActionKind.RATIFICATION, date=PartialDate.parse("2001-02-03"), reason="test")
            for code in CODES[: self.HELD]
        ]  # fmt: skip
        with write_transaction(self.engine) as connection:
            review_queue.hold_discrepancies(connection, f"treaty-{run}", doubts, NOW)
            connection.execute(_SIGNUPS.delete())  # so that the limits on sign-up stop nobody here

    def given(self, run, again):
        return self.url, self.port

    @staticmethod
    def work(pipe, url, port):
        settings = Settings(
            database_url=url, secret_key=SECRET, allow_private_webhooks=True, base_url=f"http://127.0.0.1:{port}"
        )
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        app = create_app(settings)
        threading.Thread(target=_tell_when_open, args=(pipe, port), daemon=True).start()
        server.serve(app, "127.0.0.1", port)

    def drive(self, run, stop, *, to_the_end=False):
        part = "again" if to_the_end else "first"
        people = [threading.Thread(target=self._sign_up, args=(run, part, stop)),
                  threading.Thread(target=self._decide, args=(run, stop))]  # fmt: skip
        for each in people:
            each.start()
        for each in people:
            each.join()

    def _sign_up(self, run, part, stop):
        for number in range(self.SIGN_UPS):
            address = f"http://127.0.0.1:8090/{run}/{part}/{number}"
            fields = {"channel": "webhook", "address": address, "kind": "acts", "instrument": f"treaty-{run}"}
            if stop.is_set() or not self._posted("/subscribe", "/subscribe", fields, 200, stop):
                return
            self.sign_ups.add(address)

    def _decide(self, run, stop):
        for each in review_queue.list_items(self.engine, instrument=f"treaty-{run}"):
            fields = {"decision": "accept", "note": "as deposited"}
            if stop.is_set() or not self._posted(f"/held/{each.id}", "/held", fields, 303, stop):
                return
            self.decisions.add(each.id)

    def _posted(self, path, form, fields, expected, stop):
        """Was the form taken? No, if the server died over it."""
        try:
            cookie, token = self._token(form)
            status, text, _ = self._asked("POST", path, {"csrf_token": token, **fields}, cookie)
        except (OSError, http.client.HTTPException):
            if not stop.is_set():
                raise
            return False
        if status != expected:
            said = re.sub(r"<[^>]*>", " ", text.partition("<main")[2])
            self.refused.append(f"POST {path} was answered {status}: {' '.join(said.split())[:300]}")
        return status == expected

    def _token(self, form):
        """The session and the token of a form, which outlive the process that gave them."""
        if form not in self.cookies:
            cookie = ""
            if form == "/held":
                _, text, cookie = self._asked("GET", "/sign-in")
                fields = {"name": "ada", "password": PASSWORD, "csrf_token": _csrf(text)}
                status, text, cookie = self._asked("POST", "/sign-in", fields, cookie)
                if status != 303:
                    self.refused.append(f"POST /sign-in was answered {status}")
            _, text, new = self._asked("GET", form, cookie=cookie)
            self.cookies[form] = (new or cookie, _csrf(text))
        return self.cookies[form]

    def _asked(self, method, path, fields=None, cookie=""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, path, urlencode(fields or {}), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            given = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", []))
            return answer.status, text, given

    def amiss(self, run, *, done):
        with read_transaction(self.engine) as connection:
            owners = dict(connection.execute(select(_SUBSCRIPTIONS.c.address, _SUBSCRIPTIONS.c.id)).all())
            asked = Counter(
                connection.scalars(select(_DELIVERIES.c.subscription).where(_DELIVERIES.c.sort == "confirm"))
            )
        yield from self.refused
        self.refused = []
        yield from (f"the sign-up of {address} is gone" for address in self.sign_ups - owners.keys())
        yield from (f"{address} is asked {asked[id]} times" for address, id in owners.items() if asked[id] != 1)
        accepted = {
            each.id: each.doubt
            for each in review_queue.list_items(self.engine, states=[review_queue.ReviewState.ACCEPTED])
        }
        yield from (f"decision {number} is gone" for number in self.decisions - accepted.keys())
        ledger = repository.load_ledger(self.engine)
        acts = Counter((act.instrument, act.participant) for name in ledger.instruments for act in ledger.acts(name))
        said = Counter((doubt.instrument, doubt.participant) for doubt in accepted.values())
        if acts != said:
            yield f"decided and recorded differ: {acts - said} {said - acts}"
        if _noted(self.engine) != sum(acts.values()):
            yield f"{_noted(self.engine)} acts are noted, {sum(acts.values())} recorded"
        if done and review_queue.list_items(self.engine, instrument=f"treaty-{run}"):
            yield "the restart did not come to the end"

    def summary(self):
        return f"{len(self.sign_ups)} sign-ups and {len(self.decisions)} decisions acknowledged"


def _tell_when_open(pipe, port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.005)
        else:
            pipe.send("begun")
            return


def _csrf(text):
    return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]


# -- the worker ------------------------------------------------------------------------------------


class Working(Victim):
    """The worker with its threads: a deposit is published, synced, announced and delivered to a webhook."""

    serves = True

    def __init__(self, engine, url, folder, runs):
        super().__init__(engine, url, folder, runs)
        terms = {"threshold": 5, "delay": "90d", "party_delay": "30d", "withdrawal_delay": "1y"}
        treaty = instrument("untoc", reference="XVIII-12", adopted_on="2000-11-15", **terms)
        facts = [treaty, *map(participant, CODES)]
        repository.record_facts(engine, facts, what="the beginning", moment=NOW)
        self.un, self.receiver = Published(facts), Receiver()
        wish = Subscription(
            made_at=NOW, confirmed_at=NOW, state=SubscriptionState.ACTIVE, channel=Channel.WEBHOOK, secret="s",
            address=self.receiver.url, kinds=frozenset({ChangeKind.ACT_RECORDED.value}),
        )  # fmt: skip
        with write_transaction(engine) as connection:
            subscribers.insert_subscription(connection, wish)

    def prepare(self, run):
        code = CODES[run % len(CODES)]
        self.un.rows.setdefault("untoc", {})[f"Republic of {code}"] = ["", f"{1 + run // len(CODES):2} Jul\t 2003 a"]
        self.un.publish("untoc")

    def given(self, run, again):
        """Each process begins after whatever the one before it had in hand has expired."""
        self.begun = NOW + timedelta(hours=4 * run + (2 if again else 0))
        return self.url, self.un.server.url, self.begun

    @staticmethod
    def work(pipe, url, un, moment):
        os.environ["NO_PROXY"] = "*"
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        engine, begun = make_engine(url), time.monotonic()

        def now():
            return moment + timedelta(seconds=time.monotonic() - begun)

        settings = Settings(database_url=url, untc_url=un, sync_hours=1, allow_private_webhooks=True)
        worker = Worker(engine, build_jobs(engine, settings, now), now=now, look=timedelta(milliseconds=50))
        with server.shutdown_event() as told:
            worker.start()
            pipe.send("begun")
            told.wait()
            worker.stop()
        engine.dispose()

    def drive(self, run, stop, *, to_the_end=False):
        end = time.monotonic() + PATIENCE
        while to_the_end and time.monotonic() < end and not self._is_done(run):
            time.sleep(0.05)

    def _is_done(self, run):
        with read_transaction(self.engine) as connection:
            sent = connection.scalar(select(func.count()).where(_DELIVERIES.c.state == "sent"))
        last = job_locks.recent_runs(self.engine, "sync", newest=1)
        ended = last and last[0].started_at >= self.begun and last[0].outcome is job_locks.JobOutcome.DONE
        return sent > run and ended  # by this process, whatever the dead one had done

    def amiss(self, run, *, done):
        with read_transaction(self.engine) as connection:
            told = connection.scalar(select(func.count()).select_from(_TOLD))
            sent = connection.scalar(select(func.count()).where(_DELIVERIES.c.state == "sent"))
            all_ = connection.scalar(select(func.count()).select_from(_DELIVERIES))
            acts = len([act for act in repository.live_facts_in(connection) if type(act).__name__ == "Action"])
        heard = dict(self.receiver.calls)
        if len({acts, _noted(self.engine), told, all_}) != 1:
            yield f"{acts} acts, {_noted(self.engine)} noted, {told} decisions, {all_} deliveries"
        if len(heard) != len(set(heard.values())):
            yield "an act was told under two keys"
        if not sent <= len(heard) <= told:
            yield f"{sent} sent, {len(heard)} heard, {told} decided"
        if done and not acts == sent == len(heard) == run + 1:
            yield f"after run {run}: {acts} acts, {sent} sent, {len(heard)} heard"
        if done and job_locks.recent_runs(self.engine, "sync", newest=1)[0].outcome is not job_locks.JobOutcome.DONE:
            yield f"the sync did not come to its end: {job_locks.recent_runs(self.engine, 'sync', newest=1)}"

    def summary(self):
        keys = len(dict(self.receiver.calls))
        return f"{len(self.receiver.calls)} calls with {keys} different keys for {keys} deposits"

    def close(self):
        self.un.close()
        self.receiver.close()


def _noted(engine):
    log = change_log.recent_changes(engine, limit=1_000_000)
    return sum(1 for each in log if each.change.kind is ChangeKind.ACT_RECORDED)


class Receiver:
    """A web server that takes every call, and keeps its key and whose act it tells."""

    def __init__(self):
        self.calls = calls = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                calls.append((self.headers["Idempotency-Key"], given["changes"][0]["participant"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/{quote('hook')}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


VICTIMS = {"importer": Importer, "server": Server, "worker": Working}
