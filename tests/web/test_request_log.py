"""A line for each request, found by its number, and no secret in any of them, whatever people do."""

import io
import json
import logging
import re
import sys
from datetime import UTC, datetime, timedelta

import pytest
from flask import abort
from lxml import html

from tests.support.builders import instrument, participant
from tracker.accounts import users
from tracker.alerts import sending
from tracker.cli import logging_setup
from tracker.config import Settings
from tracker.storage import repository
from tracker.web.request_log import network_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
MAILBOX = "ada.lovelace@mail.example.org"
SMTP = "smtp://postmaster:the-mail-password@127.0.0.1:1"


@pytest.fixture
def log():
    """What is written while the test runs, as JSON lines."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.level
    logging_setup.configure_logging("json", stream)
    yield stream
    root.handlers[:] = [each for each in root.handlers if not isinstance(each, logging_setup._Lines)]
    root.setLevel(before)


@pytest.fixture
def site(engine, database_url, opened):
    repository.record_facts(
        engine, [participant("FRA"), instrument("untoc", threshold=2, delay="90d")], what="x", moment=NOW
    )
    users.add_user(engine, "ada", PASSWORD, moment=NOW)
    settings = Settings(database_url=database_url, smtp_url=SMTP, allow_private_webhooks=True)
    app = opened(settings)
    app.add_url_rule("/breaks", "breaks", _breaks)
    app.settings = settings
    return app


def _breaks():
    raise RuntimeError(f"at postgresql://tracker:the-db-password@db.example/x for {MAILBOX}")


def lines(log, event="request"):
    return [each for each in map(json.loads, log.getvalue().splitlines()) if each["event"] == event]


def got(client, path, **rest):
    return client.get(path, buffered=True, **rest)


def test_a_request_has_one_line_which_its_number_finds(site, log):
    answer = got(site.test_client(), "/instruments/untoc?as_of=2003-07-01&colour=red")
    (line,) = lines(log)
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["path"]) == ("GET", "/instruments/untoc?as_of=2003-07-01&colour=…")
    assert (line["status"], line["bytes"], line["revision"], line["kept"]) == (200, len(answer.data), 1, False)
    assert line["remote"] == "127.0.0.0/24"
    assert line["ms"] > 0
    assert line["timestamp"].endswith("Z")


def test_an_answer_that_was_at_hand_is_said_to_be_so(site, log):
    for _ in range(2):
        got(site.test_client(), "/instruments/untoc")
    assert [(each["kept"], each["revision"], each["status"]) for each in lines(log)] == [
        (False, 1, 200),
        (True, 1, 200),
    ]


def test_an_error_page_shows_the_number_and_the_log_has_the_trace_under_it_without_its_secrets(site, log):
    answer = got(site.test_client(), "/breaks", headers={"Accept": "text/html"})
    number = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert number in html.fromstring(answer.text).text_content()
    (trouble,) = lines(log, "unforeseen failure")
    assert trouble["request"] == number
    assert "in _breaks" in trouble["exception"]
    assert "RuntimeError: at postgresql://[…]@db.example/x" in trouble["exception"]
    assert not re.search("the-db-password|ada.lovelace", log.getvalue())


def test_a_number_is_taken_from_a_trusted_proxy_only_and_only_if_it_is_well_formed(site, opened, database_url):
    behind = opened(Settings(database_url=database_url, proxies=1))
    for app, given, kept in (
        (behind, "from-the-proxy-17", True),
        (behind, "spaces are none", False),
        (behind, "x" * 65, False),
        (site, "from-the-proxy-17", False),
    ):
        answer = got(app.test_client(), "/live", headers={"X-Request-Id": given})
        assert (answer.headers["X-Request-Id"] == given) is kept
        assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", answer.headers["X-Request-Id"])


def test_a_line_cannot_be_broken_or_forged_by_what_is_asked(site, log):
    client = site.test_client()
    got(client, "/nothing%0A%7B%22event%22:%22request%22%7D%1B[31m?a%0Ab=1")
    client.open("/nothing", method="BREW\u20ac"[:4], buffered=True)
    assert len(lines(log)) == 2
    assert log.getvalue().count("\n") == len(log.getvalue().splitlines())
    assert "\x1b" not in log.getvalue()


def test_no_secret_is_written_whatever_people_do(site, engine, log):
    """Every page is opened, somebody signs in, subscribes, confirms, is written to in vain, and things fail."""
    client, secrets_ = site.test_client(), {PASSWORD, "the-mail-password", "the-db-password", MAILBOX, "ada.lovelace"}
    for rule in site.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            got(client, rule.rule)
    page = got(client, "/sign-in").text
    secrets_.add(token := _csrf(page))
    client.post("/sign-in", data={"csrf_token": token, "name": "ada", "password": PASSWORD}, buffered=True)
    secrets_.add(client.get_cookie("session").value)
    got(client, "/held", headers={"Authorization": "Bearer trk_a-very-secret-bearer-token"})
    secrets_.add("a-very-secret-bearer-token")
    for way, address in (("email", MAILBOX), ("webhook", "http://127.0.0.1:1024/a-secret-path-of-a-receiver")):
        form = {"csrf_token": _csrf(got(client, "/subscribe").text), "channel": way, "address": address, "kind": "acts"}
        assert client.post("/subscribe", data=form, buffered=True).status_code == 200
    sent = []

    def keep(to, message, moment):
        sent.append(message)

    made = dict.fromkeys(sending.senders_for(site.settings), keep)
    sending.deliver_due(engine, lambda: datetime.now(UTC), made, "w", site="http://localhost", jitter=lambda: 0.0)
    for path in {each for message in sent for each in re.findall(r"http://localhost(/confirm/[\w-]+)", message.text)}:
        secrets_.add(path.rpartition("/")[2])
        page = got(client, path).text
        after = client.post(path, data={"csrf_token": _csrf(page)}, buffered=True).headers["Location"]
        secrets_.add(after.rpartition("/")[2])
        got(client, after)
        got(client, after.replace("subscriptions", "unsubscribe"))
        got(client, f"/nothing?token={path.rpartition('/')[2]}")
        test = {"csrf_token": _csrf(got(client, after).text), "do": "test"}
        client.post(after, data=test, buffered=True)
    real, later = sending.senders_for(site.settings), datetime.now(UTC) + timedelta(hours=1)
    report = sending.deliver_due(engine, lambda: later, real, "w", site="http://localhost", jitter=lambda: 0.0)
    assert report.later == 2
    got(client, "/breaks")
    logging.getLogger("waitress").error("Exception while serving %s", f"/confirm/{'a' * 43}")
    secrets_.add("a" * 43)
    written = log.getvalue()
    assert len(sent) == 2
    assert len(lines(log)) > 40
    assert not [each for each in secrets_ if each in written]


def _csrf(text):
    return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("at smtps://me:pa/ss@mail.example.org:465/", "pa/ss"),
        ("Cookie: session=abc.def; other=1", "abc.def"),
        ("'Authorization': 'Basic YWRhOnNlY3JldA=='", "YWRhOnNlY3JldA"),
        ("{'password': 'hunter2', 'name': 'ada'}", "hunter2"),
        ("550 <someone@example.org>: no such user", "someone"),
        ("GET /unsubscribe/xyz?x=1", "xyz"),
    ],
)
def test_what_looks_like_a_secret_is_blotted_out_whoever_writes_it(log, text, without):
    logging.getLogger("somebody.else").warning(text)
    assert without not in log.getvalue()
    assert len(log.getvalue().splitlines()) == 1


def test_text_lines_are_readable_and_carry_the_same(site):
    stream = io.StringIO()
    record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", None, None)
    stream.write(logging_setup.log_formatter(as_json=False).format(record))
    try:
        _breaks()
    except RuntimeError:
        record.exc_info = sys.exc_info()
    stream.write(logging_setup.log_formatter(as_json=False).format(record))
    assert "[error    ] failed" in stream.getvalue()
    assert "RuntimeError: at postgresql://[…]@db.example/x" in stream.getvalue()


@pytest.mark.parametrize("hostile", ["/instruments/untoc", "/confirm/a-secret-of-somebody", "/%22%7D%0Ax"])
def test_a_requests_line_says_the_same_in_both_forms_and_by_the_long_way(site, log, hostile):
    kept = []
    logging.getLogger().addHandler(keeper := _Keeper(kept))
    try:
        got(site.test_client(), hostile)
    finally:
        logging.getLogger().removeHandler(keeper)
    (record,) = [each for each in kept if each.getMessage() == "request"]
    (quick,) = lines(log)
    slow = json.loads(super(logging_setup._Quick, logging_setup.log_formatter(as_json=True)).format(record))
    apart = {"timestamp", "request", "message"}  # the line's own moment; bound while it lasts; left by other handlers
    assert {each: slow[each] for each in slow if each not in apart} == {
        each: quick[each] for each in quick if each not in apart
    }
    text = logging_setup.log_formatter(as_json=False).format(record)
    assert f"path={quick['path']}" in text
    assert "line=" not in text
    assert "secret" not in text + log.getvalue()


class _Keeper(logging.Handler):
    def __init__(self, kept):
        super().__init__()
        self.emit = kept.append


def test_setting_the_log_up_twice_doubles_no_line(log):
    again = io.StringIO()
    logging_setup.configure_logging("json", again)
    logging.getLogger("anything").warning("once")
    assert (log.getvalue(), len(again.getvalue().splitlines())) == ("", 1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("", ""),
    ],
)
def test_an_address_is_shortened_to_its_network(address, network):
    assert network_of(address) == network


def test_a_request_refused_by_the_program_is_logged_with_its_status(site, log):
    site.add_url_rule("/teapot", "teapot", lambda: abort(418))
    got(site.test_client(), "/teapot")
    assert [each["status"] for each in lines(log)] == [418]
