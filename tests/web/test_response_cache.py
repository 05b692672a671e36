"""A finished answer is served again as it was, until the record, the day or the question is another."""

import subprocess
import sys
import threading
from datetime import UTC, date, datetime

import pytest

from tests.support.builders import instrument, participant, ratified
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import repository
from tracker.web import cache, context

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
CODES = ("FRA", "DEU", "ITA", "ESP", "PRT")
PAGE, DATA = "/instruments/untoc", "/api/v1/instruments/untoc"
ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from tests.support.builders import ratified
from tracker.storage import repository
from tracker.storage.database import make_engine
facts = [ratified(sys.argv[2], "untoc", "2003-05-01")]
repository.record_facts(make_engine(sys.argv[1]), facts, what="", moment=datetime.now(UTC))
"""


@pytest.fixture
def app(engine, database_url):
    facts = [instrument("untoc", threshold=2, delay="90d"), *(participant(code) for code in CODES)]
    repository.record_facts(engine, facts, what="a test", moment=MOMENT)
    app = create_app(Settings(database_url=database_url))
    app.testing = True
    yield app
    app.extensions["tracker.kept"].look._engine.dispose()


@pytest.fixture
def answers(app):
    """What is kept."""
    return app.extensions["tracker.kept"]


@pytest.fixture
def asked_of_the_app(app, monkeypatch):
    """The addresses that came through to the application itself, in order."""
    seen, inner = [], app.extensions["tracker.kept"].app

    def counting(environ, start_response):
        seen.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    monkeypatch.setattr(app.extensions["tracker.kept"], "app", counting)
    return seen


def ratifies(engine, code):
    repository.record_facts(engine, [ratified(code, "untoc", "2003-05-01")], what="a test", moment=MOMENT)


def headers_of(answer):
    """The headers but the one that is another for each request."""
    return sorted(each for each in answer.headers if each[0] != "X-Request-Id")


def parties(client):
    return client.get(DATA).json["data"]["parties"]


@pytest.mark.parametrize("path", [PAGE, DATA, f"{PAGE}.csv", "/", "/matrix", "/network.json"])
def test_a_finished_answer_is_served_again_as_it_was(client, asked_of_the_app, path):
    first, again = client.get(path), client.get(path)
    assert asked_of_the_app == [path]
    assert (again.status, again.data, headers_of(again)) == (first.status, first.data, headers_of(first))
    assert "Content-Security-Policy" in again.headers


def test_a_commit_is_seen_by_the_next_request(engine, client):
    for number, code in enumerate(CODES):
        assert [parties(client), parties(client)] == [number, number]
        ratifies(engine, code)
    assert parties(client) == len(CODES)


def test_a_commit_of_another_process_is_seen_by_the_next_request(engine, database_url, client):
    assert [parties(client), parties(client)] == [0, 0]
    said = [sys.executable, "-W", "ignore", "-c", ANOTHER_PROCESS, database_url, "FRA"]
    subprocess.run(said, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert parties(client) == 1


def test_the_turn_of_the_day_ends_what_is_kept(client, asked_of_the_app, monkeypatch):
    days = [date(2026, 11, 23)]
    monkeypatch.setattr(context, "utc_today", lambda: days[0])
    assert client.get(DATA).json["meta"]["as_of"] == "2026-11-23"
    days[0] = date(2026, 11, 24)
    assert client.get(DATA).json["meta"]["as_of"] == "2026-11-24"
    client.get(DATA)
    assert asked_of_the_app == [DATA, DATA]


def test_what_is_of_an_older_record_or_day_is_let_go(engine, client, answers):
    for path in (PAGE, DATA, "/"):
        client.get(path)
    ratifies(engine, "FRA")
    client.get(PAGE)
    assert len(answers) == 1
    assert answers.size == sum(each.size for each in answers.responses())


@pytest.mark.parametrize("by", ["cookie", "header"])
def test_who_may_be_signed_in_is_answered_by_the_application(app, client, asked_of_the_app, answers, by):
    known, headers = app.test_client(), {"Authorization": "Bearer x"} if by == "header" else {}
    if by == "cookie":
        known.set_cookie("session", "x")
    known.get(PAGE, headers=headers)
    assert len(answers) == 0
    client.get(PAGE)
    known.get(PAGE, headers=headers)
    assert asked_of_the_app == [PAGE] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/instruments/none",
        "/?as_of=soon",
        "/health",
        "/subscribe",
        "/sign-in",
        "/held",
        "/changes",
        "/api/v1/changes",
        "/static/style.css",
    ],
)
def test_errors_and_what_is_nobody_elses_business_are_not_kept(client, answers, path):
    client.get(path, buffered=True)
    assert len(answers) == 0


def test_a_form_that_is_sent_is_never_answered_from_what_is_kept(client, asked_of_the_app):
    client.get(PAGE)
    assert client.post(PAGE).status_code == 405
    assert asked_of_the_app == [PAGE, PAGE]


def test_every_question_has_its_own_answer(client):
    paths = [PAGE, f"{PAGE}?as_of=2003-07-01", f"{PAGE}?sort=name", f"{PAGE}.json", f"{PAGE}?format=json"]
    first = [client.get(path).data for path in paths]
    assert [client.get(path).data for path in paths] == first
    assert len(set(first)) == len(paths) - 1  # the last two say the same


def test_the_form_chosen_by_accept_is_kept_apart_and_tagged_apart(client):
    accepts = ("application/json", "text/csv")
    for _ in range(2):
        found = [client.get("/api/v1/instruments", headers={"Accept": each}) for each in accepts]
        assert [each.mimetype for each in found] == list(accepts)
        assert len({each.headers["ETag"] for each in found}) == 2


def test_a_taste_for_pictures_asks_the_same_question(client, asked_of_the_app):
    client.get(PAGE, headers={"Accept": "text/html, image/avif, */*;q=0.8"})
    client.get(PAGE, headers={"Accept": "text/html,image/webp,*/*;q=0.8"})
    assert asked_of_the_app == [PAGE]


def test_every_coding_is_kept_apart(client):
    codings = ("", "gzip", "br", "zstd", "gzip;q=0.1, br;q=0.9", "gzip, deflate, br, zstd")
    first = [client.get(PAGE, headers={"Accept-Encoding": each}) for each in codings]
    again = [client.get(PAGE, headers={"Accept-Encoding": each}) for each in codings]
    assert [each.headers.get("Content-Encoding") for each in again] == [None, "gzip", "br", "zstd", "br", "zstd"]
    assert [each.data for each in again] == [each.data for each in first]


def test_the_head_is_the_headers_of_the_kept_answer(client, asked_of_the_app):
    whole, head = client.get(PAGE), client.head(PAGE)
    assert asked_of_the_app == [PAGE]
    assert (head.status_code, head.data, headers_of(head)) == (200, b"", headers_of(whole))


def test_asking_for_the_head_first_keeps_no_empty_answer(client):
    client.head(PAGE)
    assert client.get(PAGE).data


def test_a_reader_that_holds_the_answer_gets_304_as_the_application_gives_it(client, asked_of_the_app):
    tag = client.get(PAGE).headers["ETag"]
    kept_304 = client.get(PAGE, headers={"If-None-Match": f'"other", {tag}'})
    computed_304 = client.get(PAGE, headers={"If-None-Match": tag, "Authorization": "not kept"})
    assert asked_of_the_app == [PAGE, PAGE]
    assert (kept_304.status_code, kept_304.data) == (computed_304.status_code, computed_304.data) == (304, b"")
    assert headers_of(kept_304) == headers_of(computed_304)
    assert client.get(PAGE, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", [PAGE, DATA, "/select?q=party=untoc", "/embed?instrument=untoc", "/embed/untoc/table"])
def test_the_host_that_a_request_names_changes_nothing(client, path):
    one = client.get(path, headers={"Host": "localhost:1", "X-Forwarded-Host": "evil.example"})
    other = client.get(path, headers={"Host": "127.0.0.1:2", "Accept": "*/*"})
    assert one.data == other.data
    assert not any(host in one.data for host in (b"evil.example", b"localhost:1", b"127.0.0.1:2"))


def test_only_so_many_bytes_are_kept_and_those_not_asked_for_longest_go_first(app, asked_of_the_app):
    answers, client = app.extensions["tracker.kept"], app.test_client()
    client.get(PAGE)
    answers.most = answers.size * 3
    for day in range(1, 29):
        client.get(f"{PAGE}?as_of=2003-07-{day:02}")
        client.get(PAGE)
        assert answers.size <= answers.most
    assert asked_of_the_app == [PAGE] * 29
    assert 1 < len(answers) < 5


def test_an_answer_that_is_too_large_is_not_kept(client, answers, monkeypatch):
    monkeypatch.setattr(cache, "MAX_RESPONSE_BYTES", 1000)
    assert client.get(PAGE).status_code == 200
    assert len(answers) == 0


def test_no_answer_mixes_two_revisions(app, engine):
    """The page tells its revision and the parties of it: revision 1 has none, each later one has one more."""
    found, trouble, done = [], [], threading.Event()

    def reads():
        client = app.test_client()
        try:
            while not done.is_set():
                answer = client.get(DATA).json
                found.append((answer["meta"]["revision"], answer["data"]["parties"]))
        except Exception as error:  # noqa: BLE001  whatever it is, the test is to say it
            trouble.append(error)

    readers = [threading.Thread(target=reads) for _ in range(4)]
    for reader in readers:
        reader.start()
    client = app.test_client()
    for number, code in enumerate(CODES, start=1):
        ratifies(engine, code)
        assert parties(client) == number
    done.set()
    for reader in readers:
        reader.join()
    assert not trouble
    assert found
    assert {revision - parties_ for revision, parties_ in found} == {1}


def test_a_record_that_cannot_be_had_is_said_to_be_so_although_its_pages_are_kept(client, engine):
    client.get(PAGE)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE revisions RENAME TO others")
    assert client.get(PAGE).status_code == 503
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE others RENAME TO revisions")
    assert client.get(PAGE).status_code == 200
