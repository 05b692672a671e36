"""A treaty one deposit before its threshold, and the servers that messages go to."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from aiosmtpd.controller import Controller

from tests.support.builders import body, instrument, participant, ratified, signed
from tracker.alerts import deliveries, outbox
from tracker.law.changes import changes_between
from tracker.law.ledger import Ledger
from tracker.storage import change_log, repository
from tracker.storage.database import read_transaction, write_transaction

NOW = datetime(2003, 7, 2, 9, tzinfo=UTC)
SITE = "https://treaties.example"
CODES = [f"{first}{second}{'Z'}" for first in "ABCDEF" for second in "ABCDEFGHIJ"]


def record_and_announce(engine, recorded=(), retracted=(), at=NOW, announce=outbox.enqueue_alerts):
    """Change the record and announce what is different, as a sync does."""
    before = repository.live_facts(engine)
    if retracted:
        repository.retract_facts(engine, retracted, reason="test", moment=at)
    with write_transaction(engine) as connection:
        outcome = repository.record_facts_in(connection, recorded, what="test", moment=at)
        day, after = at.date(), repository.live_facts_in(connection)
        changes = changes_between(Ledger(before).as_of(day), Ledger(after).as_of(day))
        announce(connection, change_log.log_changes(connection, changes, outcome.revision, at), at)


class OnAnyPort(Controller):
    """The mail server's own thread, on a port that the system chooses."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Inbox:
    """A real SMTP server that keeps what it is given, or answers as it is told to."""

    def __init__(self):
        self.letters, self.answer, self.recipient_answer = [], "250 OK", "250 OK"
        self._controller = OnAnyPort(self, hostname="127.0.0.1", port=0)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the server's own name
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the server's own name
        if self.answer.startswith("250"):
            self.letters.append((envelope.rcpt_tos, envelope.content))
        return self.answer

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self._controller.port}"


class Receiver:
    """A real HTTP server that keeps what is posted to it, and answers as it is told to."""

    def __init__(self):
        self.calls, self.status, self.headers = [], 204, {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                given = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((self.path, dict(self.headers), given))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    @property
    def keys(self):
        return [headers["Idempotency-Key"] for _, headers, _ in self.calls]


def letters(inbox):
    """What the mail server was given, as messages."""
    return [message_from_bytes(content, policy=SMTP) for _, content in inbox.letters]


def content(letter, part="plain"):
    """What a letter says, in its text or its HTML."""
    return letter.get_body((part,)).get_content()


def history(engine, id):
    """What was sent to a subscription, or is to be, newest first."""
    with read_transaction(engine) as connection:
        return deliveries.delivery_history(connection, id)


def deposits():
    """Thirty-nine deposits of the forty that are needed, and a body."""
    states = [participant(code) for code in CODES]
    terms = instrument("untoc", threshold=40, delay="90d", party_delay="30d", article="Art. 38", short_name="UNTOC")
    other = instrument("other", threshold=3, delay="90d")
    deposits = [ratified(code, "untoc", "2003-06-01") for code in CODES[:39]]
    return [*states, terms, other, body("watch"), *(signed(code, "untoc", "2000-12-15") for code in CODES), *deposits]


FORTIETH = ratified(CODES[39], "untoc", "2003-07-01")
