"""What attackers try, at every address the site has: nothing breaks, leaks, runs or leads elsewhere.

The walk goes over the url_map, so that a page added tomorrow is attacked tomorrow. Elsewhere: every single field in
test_injection and tests/test_cli_injection, kept answers in test_poisoning, stored script in test_stored_script, who
may do what and what of it is written down in test_auth, guessing passwords in tests/accounts, webhooks that
call inside in tests/alerts, slow clients in tests/test_graceful_shutdown, files of the UN in tests/sync.
"""

import re
from urllib.parse import quote

import pytest
from flask import request
from lxml import html

from tests.support.attacks import EVIL, reading, seen
from tracker.app import create_app
from tracker.config import Settings
from tracker.errors import BadSettings
from tracker.web import rate_limits

INVALID = ("%ff%fe", "%c0%af", "%ed%a0%80")  # no UTF-8: bytes, overlong, a lone surrogate
NAMES = ("q", "as_of", "known_at", "format", "instrument", "participant", "body", "kind", "region", "sort", "limit",
         "offset", "page", "threshold", "thresholds", "delay", "choice", "day", "withdraw", "signatories", "parties",
         "scheme", "before", "since", "after", "value", "towards", "on", "group", "member_of", "standing", "v",
         "next", "from", "to")  # fmt: skip


def addresses(app, evil):
    """Every rule with the evil in each of its parts, and in each parameter that anything has."""
    asked = "&".join(f"{name}={evil[:150]}" for name in NAMES)
    for _, path in reading(app):
        if "<" in path:
            yield re.sub(r"<[^>]*>", evil, path)
        known = re.sub(r"<int[^>]*>", "1", re.sub(r"<(?!int)[^>]*>", "untoc", path))
        yield f"{known}?{asked}"


@pytest.mark.parametrize("kind", EVIL)
def test_nothing_that_is_put_into_an_address_breaks_leaks_or_runs(app, client, kind):
    evil = quote(EVIL[kind], safe="" if kind not in ("up", "link") else "/")
    tried = 0
    for address in addresses(app, evil):
        seen(client.get(address), address)
        tried += 1
    assert tried > 80


@pytest.mark.parametrize("evil", INVALID)
def test_bytes_that_are_no_text_are_answered_everywhere(app, client, evil):
    for address in addresses(app, evil):
        seen(client.get(address), address)


@pytest.mark.parametrize(
    "name", ["as_of", "known_at", "format", "q", "instrument", "threshold", "limit", "kind", "page"]
)
def test_each_parameter_alone_takes_every_evil(client, name):
    for path in (
        "/",
        "/select",
        "/what-if",
        "/matrix",
        "/changes",
        "/api/v1/what-if",
        "/api/v1/select",
        "/network.json",
    ):
        for evil in EVIL.values():
            address = f"{path}?instrument=untoc&{name}={quote(evil)}"
            seen(client.get(address), address)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd", "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%5c..%5cpyproject.toml", "/static//etc/passwd", "/static/%00", "/static/style.css%00.png",
        "/vendor/../../pyproject.toml", "/vendor/vis-network.js/../../x", "/embed/untoc/../../../etc/passwd",
        "/instruments/..%2f..%2fetc%2fpasswd.json", "/api/v1/instruments/..%2f..%2fetc%2fpasswd",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_house(client, path):
    answer = client.get(path)
    assert answer.status_code in (308, 400, 404)
    assert "root:" not in answer.text
    assert "[project]" not in answer.text


def test_methods_that_no_route_has_do_nothing_and_no_header_overrides_one(app, client):
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "FOO"):
        assert client.open("/instruments/untoc", method=method).status_code in (400, 405)
    for header in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        for method in ("POST", "DELETE"):
            assert client.get("/sign-out", headers={header: method}).status_code == 405
            assert client.get("/sign-out?_method=POST", headers={header: method}).status_code == 405


def test_every_form_is_refused_without_its_token_and_with_another_s(app, client):
    other = app.test_client()
    forged = re.search(r'name="csrf_token" value="([^"]+)"', other.get("/sign-in").text)[1]
    client.get("/sign-in")
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.rule.startswith(("/api/", "/unsubscribe/")):
            continue
        path = re.sub(r"<int[^>]*>", "1", re.sub(r"<(?!int)[^>]*>", "x", rule.rule))
        for given in ({}, {"csrf_token": forged}, {"csrf_token": ""}, {"csrf_token": "x" * 5000}):
            answer = client.post(path, data=given)
            shut = answer.headers.get("Location") == "/sign-in"  # whoever is signed in: see test_auth
            assert shut or (answer.status_code == 400 and "CSRF" in answer.text), f"{path} {given}"
            tried += 1
    assert tried >= 20


# -- hosts, proxies, caches ------------------------------------------------------------------------


@pytest.fixture
def served(app):
    """Another application over the same record, set up in some way."""
    made = []

    def serve(**settings):
        url = str(app.extensions["tracker.editors"].engine.url)
        made.append(create_app(Settings(database_url=url, secret_key="a test's own key", **settings)))
        return made[-1].test_client()

    yield serve
    for each in made:
        each.extensions["tracker.editors"].engine.dispose()


HOSTS = [
    "evil.example", "localhost.evil.example", "localhost:80@evil.example", "evil.example:80", "127.0.0.1.nip.example",
    "localhost, evil.example", "[::1]evil", "local host", "localhost\t", "treaties.example.evil", "..", "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/static/style.css", "/api/v1/", "/instruments/UNTOC", "/sign-in", "/changes.atom"]
)
def test_a_host_that_is_not_ours_is_refused_and_named_nowhere(client, host, path):
    client.get(path)  # so that an answer may have been kept
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text + str(answer.headers)
    assert answer.headers["Content-Security-Policy"]
    assert "evil" not in client.get(path).text


def test_the_hosts_that_are_ours_are_those_that_are_set_up(served):
    client = served(base_url="https://treaties.example", hosts=("old.example",), host="10.0.0.5")
    for host in (
        "treaties.example",
        "TREATIES.example:443",
        "old.example",
        "10.0.0.5:8000",
        "localhost:8000",
        "[::1]:8000",
    ):
        assert client.get("/about", headers={"Host": host}).status_code == 200, host
    assert served(host="0.0.0.0").get("/about", headers={"Host": "0.0.0.0"}).status_code == 400


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "Forwarded", "X-Host", "X-Forwarded-Server",
                                    "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"])  # fmt: skip
def test_what_a_stranger_says_of_the_host_poisons_no_answer_and_no_link(client, served, header):
    for each in (client, served(base_url="https://treaties.example", proxies=1)):
        for path in (
            "/",
            "/changes.atom",
            "/calendar.ics",
            "/embed?instrument=untoc",
            "/instruments/UNTOC",
            "/api/v1/",
        ):
            said = each.get(path, headers={header: "evil.example" if header != "Forwarded" else "host=evil.example"})
            assert "evil" not in said.text + str(said.headers)
            assert "evil" not in each.get(path).text


def addresses_counted(client, forwarded):
    """Where the application believes a request comes from."""
    believed = []
    client.application.before_request_funcs[None].insert(0, lambda: believed.append(request.remote_addr))
    client.get("/about", headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "198.51.100.1"})
    return believed


@pytest.mark.parametrize(
    ("proxies", "believed"),
    [(0, "198.51.100.1"), (1, "203.0.113.3"), (2, "203.0.113.2")],
)
def test_a_proxy_s_word_is_taken_only_where_there_is_one_and_only_the_nearest(served, proxies, believed):
    client = served(proxies=proxies)
    assert addresses_counted(client, "203.0.113.1, 203.0.113.2, 203.0.113.3") == [believed]


# -- too long, too many, too often -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"path": "/" + "a" * 2_100}, 414),
        ({"path": "/?x=" + "a" * 6_100}, 414),
        ({"path": "/?q=" + "a" * 5_000}, 400),
        ({"path": "/?" + "&".join(["a="] * 300)}, 400),
        ({"path": "/", "headers": {"X-Long": "a" * 9_000}}, 431),
        ({"path": "/", "headers": {f"X-{number}": "a" * 4_000 for number in range(10)}}, 431),
        ({"path": "/sign-in", "method": "POST", "data": b"a" * 1_000_001}, 413),
        ({"path": "/sign-in", "method": "POST", "environ_overrides": {"CONTENT_LENGTH": "9" * 30}}, 413),
        ({"path": "/sign-in", "method": "POST", "environ_overrides": {"CONTENT_LENGTH": "-1"}}, 400),
        ({"path": "/sign-in", "method": "POST", "data": {"name": "a" * 100_001}}, 413),
        ({"path": "/sign-in", "method": "POST", "data": {f"f{number}": "" for number in range(500)}}, 400),
        ({"path": "/api/v1/held/1", "method": "POST", "data": b"a" * 1_000_001}, 413),
    ],
)  # fmt: skip
def test_what_is_longer_or_more_than_any_question_is_refused(client, request_, status):
    answer = client.open(**request_)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/select?q={}", "/api/v1/select?q={}", "/search?q={}", "/what-if?instrument=untoc&delay={}"]
)
@pytest.mark.parametrize(
    "evil", ["(" * 3000, "not(" * 900, "member=" * 500, ";" * 3000, "a or " * 700, "9" * 3000, "1d+" * 1000]
)
def test_deep_and_huge_questions_are_answered_or_refused(client, path, evil):
    assert client.get(path.format(quote(evil))).status_code < 500


def test_a_scenario_of_more_choices_than_there_are_participants_is_answered_or_refused(client):
    choices = "&".join(f"choice={code}" for code in ["FRA", "signatories", "region:Africa"] * 60)
    assert client.get(f"/what-if?instrument=untoc&{choices}").status_code < 500


STRANGER = {"REMOTE_ADDR": "203.0.113.77"}


def asked(client, path, times, **request_):
    return [client.get(path, **{"environ_base": STRANGER, **request_}) for _ in range(times)]


def test_costly_pages_are_given_so_often_a_minute_and_then_refused_with_when_to_come_again(served):
    client = served()
    most = int(rate_limits.COSTLY.split()[0])
    answers = [client.get(f"/search.json?q=a{number}", environ_base=STRANGER) for number in range(2 * most + 1)]
    refused = [each for each in answers if each.status_code == 429]  # a minute may have begun anew on the way
    assert refused
    assert refused[0].json["error"]["code"] == "too-many"
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    other = client.get("/search.json?q=x", environ_base={"REMOTE_ADDR": "203.0.113.78"})
    assert other.status_code == 200
    assert client.get("/about", environ_base=STRANGER).status_code == 200


def test_what_is_costly_is_something_that_can_be_asked(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= rate_limits.EXPENSIVE_ENDPOINTS


def test_the_slider_of_the_network_may_be_played_from_anywhere(served):
    client = served()
    steps = 2 * int(rate_limits.COSTLY.split()[0])
    days = [f"as_of=20{number % 20 + 5:02}-01-{number % 28 + 1:02}&view=profiles" for number in range(steps)]
    assert {client.get(f"/network/drawing?{day}", environ_base=STRANGER).status_code for day in days} == {200}


def test_a_network_of_ipv6_is_counted_as_one_place(served):
    client = served()
    most = int(rate_limits.COSTLY.split()[0])
    answers = [
        client.get(f"/search.json?q=b{number}", environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"})
        for number in range(2 * most + 1)
    ]
    assert 429 in {each.status_code for each in answers}


def test_this_machine_is_not_counted_but_a_proxy_on_it_is(served):
    client = served()
    times = 2 * int(rate_limits.COSTLY.split()[0]) + 1
    assert {client.get(f"/search.json?q=c{number}").status_code for number in range(times)} == {200}
    through = [client.get(f"/search.json?q=d{number}", headers={"X-Forwarded-For": "x"}) for number in range(times)]
    assert 429 in {each.status_code for each in through}


def test_a_place_to_count_that_is_not_there_stops_nobody(served, caplog):
    client = served(limits_storage="redis://127.0.0.1:1/0")
    answers = {each.status_code for each in asked(client, "/about?as_of=2003-07-01", 3)}
    assert answers == {200}
    assert "falling back" in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_PROXIES", "-1"), ("TRACKER_PROXIES", "99"), ("TRACKER_HOSTS", "a b"), ("TRACKER_HOSTS", "https://x"),
        ("TRACKER_LIMITS_STORAGE", "mongodb://user:secret@host"), ("TRACKER_LIMITS_STORAGE", "redis:"),
    ],
)  # fmt: skip
def test_an_access_setting_that_makes_no_sense_is_refused_without_its_secret(name, value):
    with pytest.raises(BadSettings, match=name) as trouble:
        Settings.from_environment({name: value})
    assert "secret" not in str(trouble.value)


def test_a_page_that_was_refused_looks_like_a_page(client):
    tree = html.fromstring(client.get("/", headers={"Host": "evil.example"}).text)
    assert tree.findtext(".//h1") == "Bad Request"
