"""Poisoning the kept answers: what one reader says of the way they ask is never in the answer that another gets.

Every page and every operation is asked by an attacker first and by a plain reader after, over one application; what
the plain reader gets must be what an application that keeps nothing would have said.
"""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.attacks import SMALL, filled, reading
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import repository
from tracker.storage.database import make_engine
from tracker.storage.schema import migrate

EVIL = "evil.example"
REFERENCE = re.compile(rb"<code>[0-9a-f]{16}</code>")  # of a request, which an error page names
HEADERS = {
    "X-Forwarded-Host": EVIL, "X-Forwarded-Server": EVIL, "X-Forwarded-Proto": "https",
    "X-Forwarded-Scheme": "nothttps",
    "X-Forwarded-Prefix": f"/{EVIL}", "X-Forwarded-Port": "666", "X-Forwarded-For": f"203.0.113.9, {EVIL}",
    "X-Forwarded-Ssl": "on", "Forwarded": f"for=203.0.113.9;host={EVIL};proto=https", "X-Original-URL": f"/{EVIL}",
    "X-Rewrite-URL": f"/{EVIL}", "X-Original-Host": EVIL, "X-Host": EVIL, "X-HTTP-Method-Override": "DELETE",
    "X-Request-Id": "evil-request-0000000001", "Referer": f"https://{EVIL}/", "Origin": f"https://{EVIL}",
    "User-Agent": f"<script>{EVIL}</script>", "Accept-Language": f"{EVIL}, ar", "Accept-Charset": "utf-7",
    "Accept-Datetime": "Thu, 01 Jan 1970 00:00:00 GMT", "Prefer": "return=minimal", "Range": "bytes=0-1",
    "If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT", "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
    "If-Match": '"x"', "If-None-Match": '"x"', "Cache-Control": "no-store", "Pragma": "no-cache", "Early-Data": "1",
    "X-Requested-With": "XMLHttpRequest", "Sec-Fetch-Dest": "iframe", "Save-Data": "on", "TE": "trailers",
    "Content-Type": "text/html", "Expect": "100-continue", "Upgrade": "h2c", "Host": "127.0.0.1:666",
}  # fmt: skip
ALONE = ("X-Forwarded-Proto", "Range", "If-Modified-Since", "If-Unmodified-Since", "If-Match", "If-None-Match", "Host")
TOGETHER = [each for each in HEADERS if each not in ALONE]  # of which none makes the answer another for its sender
FORMS = ["text/html", "application/json", "text/csv", "TEXT/CSV", "application/*", "text/*", "*/*", "image/png",
         "image/*", "video/mp4", "application/json; charset=utf-8", "text/csv;header=present", "x/y", "", ";",
         "*"]  # fmt: skip
CODINGS = ["gzip", "br", "zstd", "deflate", "identity", "*", "GZIP", "x-gzip", "evil", "", "gzip;x=1"]
QUALITIES = ["", ";q=0", ";q=0.3", "; Q=0.7", ";q=1", ";q=1.000", ";q=x", ";q=-1", ";q=2"]


def written(names):
    """Headers of that sort: lists of names with qualities, with all that may be odd about them."""
    one = st.tuples(st.sampled_from(names), st.sampled_from(QUALITIES)).map("".join)
    return st.lists(one, max_size=4).flatmap(lambda parts: st.sampled_from([", ".join(parts), " ,".join(parts)]))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('poisoned') / 'record.db'}")
    migrate(engine)
    repository.record_facts(engine, SMALL, what="a test", moment=datetime(2026, 11, 1, 12, tzinfo=UTC))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def serve(engine):
    """Applications over the one record."""
    made = []

    def serving(**more):
        made.append(create_app(Settings(database_url=str(engine.url), secret_key="a test's own key", **more)))
        made[-1].extensions["tracker.limits"].enabled = False
        return made[-1]

    yield serving
    for app in made:
        app.extensions["tracker.operations"].engine.dispose()


@pytest.fixture(scope="module")
def plain(client):
    """What an application that keeps nothing says of every address."""
    return {path: said(client.get(path, buffered=True)) for path in paths(client.application)}


@pytest.fixture(scope="module")
def client(serve):
    """The client of an application that keeps nothing."""
    app = serve()
    app.extensions["tracker.kept"].most = 0
    return app.test_client()


@pytest.fixture(scope="module")
def keeping(serve):
    return serve().test_client()


def paths(app):
    """Every address that is the same for everybody."""
    apart = ("static", "network.vis", "health", "subscriptions", "review", "api.changes", "language", "error_reports")
    return sorted({filled(path) for rule, path in reading(app) if not rule.endpoint.startswith(apart)})


def said(answer):
    """All of an answer but its moment, and the number that each request has of its own."""
    passing = ("X-Request-Id", "Date", "Expires")
    headers = sorted((name, value) for name, value in answer.headers if name not in passing)
    body = REFERENCE.sub(b"", answer.data)
    if answer.headers.get("Content-Encoding") == "gzip":
        body = body[:4] + body[8:]  # between them is the moment at which it was compressed (RFC 1952, 2.3.1)
    return answer.status_code, headers, body


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("names", [TOGETHER, *([name] for name in ALONE)], ids=lambda names: names[0])
def test_what_an_attacker_says_first_is_in_no_answer_to_others(serve, plain, names, proxies):
    app = serve(proxies=proxies)
    attacker, reader = app.test_client(), app.test_client()
    for path, expected in plain.items():
        first = attacker.get(path, headers={name: HEADERS[name] for name in names}, buffered=True)
        assert EVIL.encode() not in str(first.headers).encode() + first.data, path
        after = reader.get(path, buffered=True)
        assert after.headers["X-Request-Id"] != HEADERS["X-Request-Id"], path
        assert said(after) == expected, path
    assert len(app.extensions["tracker.kept"]) > 40, "what was kept is what was attacked"


def test_every_method_and_every_body_that_comes_first_leaves_the_answer_as_it_is(serve, plain):
    app = serve()
    attacker, reader = app.test_client(), app.test_client()
    for path, expected in plain.items():
        for method in ("HEAD", "OPTIONS", "POST", "DELETE", "FOO"):
            attacker.open(path, method=method, data=f"as_of=1880-01-01&x={EVIL}", buffered=True)
        attacker.get(path, data="as_of=1880-01-01", content_type="application/x-www-form-urlencoded", buffered=True)
        assert said(reader.get(path, buffered=True)) == expected, path


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=written(FORMS), coding=written(CODINGS), path=st.sampled_from(["/api/v1/participants", "/participants"]))
def test_whatever_forms_and_codings_come_first_nobody_who_asks_plainly_gets_another_than_theirs(
    keeping, client, first, coding, path
):
    """However oddly an attacker writes what they accept, nobody is given an answer in a form that they did not ask."""
    keeping.get(path, headers={"Accept": first, "Accept-Encoding": coding}, buffered=True)
    for headers in ({"Accept": _plainly(first), "Accept-Encoding": _plainly(coding)}, {}):
        assert said(keeping.get(path, headers=headers, buffered=True)) == said(client.get(path, headers=headers))


def _plainly(header):
    return ",".join("".join(header.lower().split()).split(","))


def test_who_does_not_take_an_answer_compressed_does_not_get_one_that_was_kept_so(keeping):
    for said_first in ("gzip", "gzip;Q=0", "GZIP;q=0.000", "gzip ; q = 0", "gzip;q=0"):
        keeping.get("/participants", headers={"Accept-Encoding": said_first}, buffered=True)
        for refused in ("gzip;q=0", "gzip;Q=0.0, br;q=0"):
            answer = keeping.get("/participants", headers={"Accept-Encoding": refused}, buffered=True)
            assert "Content-Encoding" not in answer.headers, said_first
    assert (
        keeping.get("/participants", headers={"Accept-Encoding": "gzip;q=0.001"}).headers["Content-Encoding"] == "gzip"
    )
