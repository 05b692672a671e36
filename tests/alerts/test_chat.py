"""Chat and push services by apprise: what arrives on a real server, and that nothing goes where it may not."""

import json
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from inspect import getsource
from threading import Thread

import pytest
import requests

from tests.support.alert_story import FORTIETH, NOW, history
from tracker.alerts import chat, guarded_requests
from tracker.alerts.chat import SERVICES, ChatSender, check_address, place_of
from tracker.alerts.guarded_requests import REQUESTS, Guard, guarded
from tracker.alerts.lanes import Lanes
from tracker.alerts.messages import Message
from tracker.alerts.subscribers import Channel, Subscription
from tracker.errors import BadQuestion, TryLater, Undeliverable, Unreachable

MESSAGE = Message(key="0" * 32, subject="UNTOC has 40 parties", text="Words.\n", body=b"{}", message_id="<0@x.example>")
ADDRESSES = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "workflows": "workflows://prod-1.westus.logic.azure.com:443/WORKFLOW/SIGNATURE",
    "tgram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "matrixs": "matrixs://token@matrix.example.org/!room:example.org",
    "ntfys": "ntfys://ntfy.example.org/alerts",
    "signals": "signals://signal.example.org/+15551234567/+15557654321",
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "gchat": "gchat://workspace/key/token",
    "gotifys": "gotifys://gotify.example.org/token123",
    "mmosts": "mmosts://mattermost.example.org/abcdefgh",
    "rockets": "rockets://a/b@rocket.example.org/#general",
}


class Service:
    """A real HTTP server that keeps what it is sent, and answers as it is set to."""

    def __init__(self):
        self.calls, self.status, self.headers = [], 200, {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                service.calls.append((self.command, self.path, body))
                self.send_response(service.status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                answer = json.dumps({"room_id": "!room:example.org", "event_id": "$1", "id": "1"}).encode()
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_PUT = do_POST  # noqa: N815 - the names the server calls

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service():
    with Service() as found:
        yield found


def to(address):
    return Subscription(made_at=NOW, channel=Channel.CHAT, address=address)


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("ntfy://{}/alerts", b"Words."),
        ("matrix://token@{}/!room:example.org", b"Words."),
        ("signal://{}/+15551234567/+15557654321", b"Words."),
        ("gotify://{}/token123", b"Words."),
        ("mmost://{}/abcdefghijklm", b"Words."),
    ],
)
def test_a_message_arrives_at_the_service(service, address, part):
    ChatSender(private=True)(to(address.format(service.place)), MESSAGE, NOW)
    said = b" ".join(body for *_, body in service.calls)
    assert part in said
    assert b"UNTOC has 40 parties" in said


def test_an_alert_goes_through_the_outbox_to_a_service(engine, record, subscribed, deliver, service):
    id = subscribed(channel=Channel.CHAT, address=f"ntfy://{service.place}/alerts", instrument="untoc")
    record([FORTIETH])
    deliver(channels={Channel.CHAT: ChatSender(private=True)})
    assert [each.state.value for each in history(engine, id)] == ["sent"]
    assert len(service.calls) == 1
    assert deliver(channels={Channel.CHAT: ChatSender(private=True)}).sent == 0


@pytest.mark.parametrize("scheme", SERVICES)
def test_every_service_sends_by_the_guarded_requests_alone(scheme):
    service = SERVICES[scheme]
    module = chat._module(service.module)
    home = import_module(getattr(module, service.plugin).__module__)
    assert home.requests is REQUESTS
    assert not {"socket", "httpx", "aiohttp", "urllib3", "smtplib", "concurrent"} & set(vars(home))
    assert "Thread(" not in getsource(home)


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_an_address_of_each_service_is_understood(address):
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "json://example.org/", "mailto://a:b@example.org", "https://hooks.slack.com/services/a/b/c", "file:///etc/passwd",
        "ntfys://127.0.0.1/alerts", "ntfys://[::1]/alerts", "ntfys://localhost/alerts", "gotify://10.0.0.1/token123",
        "matrixs://token@metadata.internal/!room:x", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template=/etc/passwd",
        "workflows://169.254.169.254:80/W/S", "slack://x", "ntfys://ntfy.example.org/one/two",
    ],
)  # fmt: skip
def test_what_is_no_allowed_address_is_refused(address):
    with pytest.raises(BadQuestion):
        check_address(address)


def test_a_name_that_leads_inside_is_not_called(service):
    sender = ChatSender(resolve=lambda host, port: ["127.0.0.1"])
    port = service.place.partition(":")[2]
    with pytest.raises(Undeliverable, match="inside a network"):
        sender(to(f"ntfy://ntfy.example.org:{port}/alerts"), MESSAGE, NOW)
    assert service.calls == []


def test_the_connection_goes_to_the_address_that_was_checked(service):
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    port = service.place.partition(":")[2]
    ChatSender(private=True, resolve=resolve)(to(f"ntfy://ntfy.example.org:{port}/alerts"), MESSAGE, NOW)
    assert (asked, len(service.calls)) == (["ntfy.example.org"], 1)


def test_redirects_are_not_followed(service):
    service.status, service.headers = 302, {"Location": f"http://{service.place}/elsewhere"}
    with pytest.raises(Undeliverable, match="redirects are not followed"):
        ChatSender(private=True)(to(f"ntfy://{service.place}/alerts"), MESSAGE, NOW)
    assert len(service.calls) == 1


@pytest.mark.parametrize(("status", "error"), [(503, TryLater), (429, TryLater), (403, Undeliverable)])
def test_the_answer_of_the_service_decides_whether_it_is_tried_again(service, status, error):
    service.status = status
    with pytest.raises(error, match=str(status)):
        ChatSender(private=True)(to(f"ntfy://{service.place}/alerts"), MESSAGE, NOW)


def test_a_service_that_is_not_there_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with pytest.raises(Unreachable):
        ChatSender(private=True)(to(f"ntfy://127.0.0.1:{port}/alerts"), MESSAGE, NOW)


def _connect(place):
    host, port = place.split(":")
    socket.create_connection((host, int(port)), timeout=5).close()


@pytest.mark.parametrize(
    "way_round",
    [
        lambda place: requests.post(f"http://{place}/", timeout=5),
        lambda place: requests.Session().get(f"http://{place}/", timeout=5),
        _connect,
        lambda _: subprocess.run([sys.executable, "-c", ""], check=True),
    ],
    ids=["requests", "a session", "a socket", "a process"],
)
def test_nothing_besides_the_guarded_calls_gets_out_while_a_service_is_sent_to(service, way_round):
    with guarded(Guard(lambda host, port: ["127.0.0.1"], 5.0)), pytest.raises((OSError, RuntimeError)):
        way_round(service.place)
    assert service.calls == []


def test_no_more_calls_are_made_for_one_message_than_a_service_needs(service):
    with guarded(Guard(lambda host, port: ["127.0.0.1"], 30.0, private=True)):
        for _ in range(guarded_requests.MAX_CALLS):
            REQUESTS.post(f"http://{service.place}/", data=b"x")
        with pytest.raises(requests.ConnectionError, match="more than"):
            REQUESTS.post(f"http://{service.place}/", data=b"x")


def test_messages_to_one_service_share_its_turn():
    assert place_of(ADDRESSES["slack"]) == "Slack"
    assert place_of("ntfys://topic") == "ntfy"
    assert Lanes(4).place(Channel.CHAT, ADDRESSES["matrixs"]) == "matrix.example.org"
