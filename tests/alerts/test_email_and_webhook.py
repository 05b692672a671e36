"""What goes over the wire: letters that hold no more headers than ours, calls that go where they were allowed to."""

import hmac
import smtplib
import socket
from dataclasses import replace
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from tests.support.alert_story import NOW
from tracker.alerts.email import compose_email
from tracker.alerts.messages import Message
from tracker.alerts.sending import EmailSender, WebhookSender, senders_for
from tracker.alerts.subscribers import Channel, Subscription
from tracker.alerts.webhook import signature
from tracker.config import Settings
from tracker.errors import TryLater, Undeliverable

MESSAGE = Message(
    key="0" * 32, subject="UNTOC has 40 parties", text="Words.\n", body=b"{}", message_id="<0@treaties.example>",
    unsubscribe="https://treaties.example/unsubscribe/x",
)  # fmt: skip


def to(address, channel=Channel.WEBHOOK):
    return Subscription(made_at=NOW, channel=channel, address=address, secret="s")


def one_way(answer):
    """A server that sends these bytes to whoever connects, and says whether anybody did."""
    listening, called = socket.create_server(("127.0.0.1", 0)), []

    def serve():
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            called.append(connection.recv(65536))
            answer(connection)

    Thread(target=serve, daemon=True).start()
    return listening, called


@pytest.mark.parametrize("field", ["subject", "message_id", "unsubscribe"])
@pytest.mark.parametrize("evil", ["x\r\nBcc: victim@example.org", "x\nBcc: victim@example.org", "x\rBcc: y"])
def test_nothing_that_a_message_holds_can_become_a_header(field, evil):
    fields = {name: getattr(MESSAGE, name) for name in Message.__slots__} | {field: evil}
    try:
        letter = compose_email(Message(**fields), "t@example.org", "a@example.org", NOW)
    except ValueError:
        return
    assert "Bcc" not in EmailMessage(policy=letter.policy)
    assert letter.get_all("Bcc") is None
    assert b"\nBcc" not in letter.as_bytes().replace(b"\r", b"\n")


@pytest.mark.parametrize("evil", ["a@example.org\r\nBcc: v@example.org", "a@example.org\nX: y"])
def test_an_address_that_would_be_more_than_one_is_never_written(evil):
    with pytest.raises(ValueError, match=r"newline|linefeed|carriage"):
        compose_email(MESSAGE, "t@example.org", evil, NOW)


def test_a_letter_says_who_sends_it_and_how_to_stop_it(inbox):
    EmailSender(inbox.url, "t@example.org")(to("a@example.org", Channel.EMAIL), MESSAGE, NOW)
    ((recipients, content),) = inbox.letters
    assert recipients == ["a@example.org"]
    for line in (
        b"From: Treaty Tracker <t@example.org>", b"Message-ID: <0@treaties.example>", b"Auto-Submitted: auto-generated",
        b"List-Unsubscribe: <https://treaties.example/unsubscribe/x>", b"Date: Wed, 02 Jul 2003 09:00:00 +0000",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ):  # fmt: skip
        assert line in content


def test_the_address_that_ends_it_by_one_click_stays_whole_however_long_it_is():
    link = f"https://treaties.of.a.long.host.example/unsubscribe/{'x' * 43}"
    letter = compose_email(replace(MESSAGE, unsubscribe=link), "t@example.org", "a@example.org", NOW)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in letter.as_bytes()
    with pytest.raises(ValueError, match=r"newline|linefeed|carriage"):
        compose_email(
            replace(MESSAGE, unsubscribe=f"{link}\r\nBcc: v@example.org"), "t@example.org", "a@example.org", NOW
        )


def test_a_mail_server_that_is_not_there_may_be_there_later():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TryLater):
        EmailSender(f"smtp://127.0.0.1:{port}", "t@example.org")(to("a@example.org", Channel.EMAIL), MESSAGE, NOW)


def test_a_password_is_shown_by_nothing(monkeypatch):
    mailer = EmailSender("smtps://user:hunter2hunter2@mail.example", "t@example.org")
    assert "hunter2" not in repr(mailer)

    def refuse(*given, **named):
        raise smtplib.SMTPAuthenticationError(535, b"bad password hunter2hunter2")

    monkeypatch.setattr(smtplib, "SMTP_SSL", refuse)
    with pytest.raises(TryLater) as trouble:
        mailer(to("a@example.org", Channel.EMAIL), MESSAGE, NOW)
    assert "hunter2" not in str(trouble.value)
    assert "hunter2" not in repr(Settings(smtp_url=mailer.url))


def test_a_call_names_the_host_and_goes_to_the_address_that_was_judged(receiver):
    port = receiver.url.split(":")[2].split("/")[0]
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    WebhookSender(private=True, resolve=resolve)(to(f"http://hooks.example.org:{port}/in?a=b"), MESSAGE, NOW)
    ((path, headers, given),) = receiver.calls
    assert asked == ["hooks.example.org"]
    assert path == "/in?a=b"
    assert headers["Host"] == f"hooks.example.org:{port}"
    assert headers["Tracker-Timestamp"] == str(int(NOW.timestamp()))
    assert headers["Tracker-Signature"] == signature("s", headers["Tracker-Timestamp"], given)


def test_a_signature_is_what_its_words_say():
    assert signature("key", "1057136400", b"{}") == (
        "sha256=" + hmac.new(b"key", b"1057136400.{}", "sha256").hexdigest()
    )
    assert signature("key", "1", b"{}") != signature("key", "2", b"{}")


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "10.0.0.1"])
def test_a_name_that_leads_inside_is_never_called(receiver, inside):
    port = receiver.url.split(":")[2].split("/")[0]
    with pytest.raises(Undeliverable, match="inside a network"):
        WebhookSender(resolve=lambda host, port: [inside])(to(f"http://hooks.example.org:{port}/"), MESSAGE, NOW)
    assert receiver.calls == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["http://169.254.169.254/latest/meta-data/", "/elsewhere", "file:///etc/passwd"])
def test_a_redirect_is_not_followed(receiver, status, where):
    receiver.status, receiver.headers = status, {"Location": where}
    with pytest.raises(Undeliverable, match="redirects are not followed") as refusal:
        WebhookSender(private=True)(to(receiver.url), MESSAGE, NOW)
    assert not refusal.value.final
    assert len(receiver.calls) == 1


@pytest.mark.parametrize(("status", "trouble", "final"), [
    (400, Undeliverable, False), (404, Undeliverable, False), (410, Undeliverable, True), (408, TryLater, None),
    (429, TryLater, None), (500, TryLater, None), (503, TryLater, None),
])  # fmt: skip
def test_an_answer_says_whether_to_try_again(receiver, status, trouble, final):
    receiver.status = status
    with pytest.raises(trouble) as said:
        WebhookSender(private=True)(to(receiver.url), MESSAGE, NOW)
    assert getattr(said.value, "final", None) == final


@pytest.mark.parametrize(("asked", "waits"), [("60", 60), ("999999", 86400), ("soon", None), ("-5", None), ("", None)])
def test_a_wait_that_is_asked_for_is_kept_within_reason(receiver, asked, waits):
    receiver.status, receiver.headers = 503, {"Retry-After": asked}
    with pytest.raises(TryLater) as said:
        WebhookSender(private=True)(to(receiver.url), MESSAGE, NOW)
    assert said.value.after == waits


def test_an_answer_without_end_is_not_read():
    done = Event()

    class Endless(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                done.set()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    WebhookSender(private=True)(to(f"http://127.0.0.1:{server.server_port}/"), MESSAGE, NOW)
    assert done.wait(10)
    server.shutdown()
    server.server_close()


def test_an_answer_that_drips_is_cut_off_at_the_deadline():
    cut = Event()

    def drip(connection):
        try:
            while not cut.wait(0.02):
                connection.sendall(b"H")
        except OSError:
            cut.set()

    listening, _ = one_way(drip)
    with listening, pytest.raises(TryLater, match="could not be reached"):
        WebhookSender(private=True, deadline=0.3)(to(f"http://127.0.0.1:{listening.getsockname()[1]}/"), MESSAGE, NOW)
    assert cut.wait(10)


@pytest.mark.parametrize(
    "noise", [b"", b"not http at all\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 " + b"x" * 99999]
)
def test_noise_is_an_answer_that_may_get_better(noise):
    listening, _ = one_way(lambda connection: connection.sendall(noise))
    with listening, pytest.raises(TryLater):
        WebhookSender(private=True)(to(f"http://127.0.0.1:{listening.getsockname()[1]}/"), MESSAGE, NOW)


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    WebhookSender(private=True)(to(receiver.url), MESSAGE, NOW)
    assert len(receiver.calls) == 1


def test_there_is_e_mail_only_where_there_is_a_mail_server():
    assert set(senders_for(Settings())) == {Channel.WEBHOOK, Channel.CHAT}
    assert set(senders_for(Settings(smtp_url="smtp://127.0.0.1:25"))) == set(Channel)
    assert not senders_for(Settings())[Channel.WEBHOOK].private


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("550 5.1.1 No such user", Undeliverable), ("550 5.1.10 Null MX", Undeliverable),
        ("550 5.2.1 Disabled", Undeliverable),
        ("550 No such user", Undeliverable), ("551 Not here", Undeliverable), ("553 No such mailbox", Undeliverable),
        ("550 5.7.1 Refused by policy", TryLater), ("550 5.7.26 Not authenticated", TryLater),
        ("554 Refused", TryLater),
        ("550 5.1.8 Sender's system does not exist", TryLater), ("550 5.1.7 Bad sender", TryLater),
        ("552 5.2.2 Mailbox full", TryLater), ("552 5.3.4 Message too big", TryLater), ("550 5.4.4 No route", TryLater),
        ("450 4.2.1 Try later", TryLater), ("550 5.7.1 5.1.1 in its words", TryLater),
    ],
)  # fmt: skip
def test_only_what_is_wrong_with_the_mailbox_itself_is_final(inbox, answer, error):
    inbox.recipient_answer = answer
    with pytest.raises((Undeliverable, TryLater)) as trouble:
        EmailSender(inbox.url, "t@example.org")(to("a@example.org", Channel.EMAIL), MESSAGE, NOW)
    assert type(trouble.value) is error
