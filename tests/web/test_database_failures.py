"""Days on which the database cannot serve: readers and writers are told so in plain words, and nothing is half done."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import POSTGRES
from tests.support.broken_databases import UNREAD, UNWRITTEN, File, Server
from tests.support.builders import acceded, instrument, participant
from tracker.accounts import api_tokens, sessions, users
from tracker.accounts.api_tokens import Scope
from tracker.app import create_app
from tracker.config import Settings
from tracker.maintenance import integrity
from tracker.storage import audit_log, repository
from tracker.storage.audit_log import Actor
from tracker.storage.database import make_engine, read_transaction
from tracker.storage.operational_tables import DeliveryRow, SubscriptionRow
from tracker.storage.schema import migrate
from tracker.web.health import EXTENSION

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
PAGE, DATA = "/instruments/pact", "/api/v1/instruments/pact"
HTML, JSON = {"Accept": "text/html"}, {"Accept": "application/json"}
WANTED = {"instrument": "pact", "metric": "parties", "value": 2, "on": "2028-06-30"}
SITE = "https://tracker.example"  # answers name the site; that it is on the machine of the database says nothing
REFUSED = "The service is temporarily unavailable."


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    found = File() if request.param == "sqlite" else Server(POSTGRES)
    engine = make_engine(found.url)
    migrate(engine)
    facts = [instrument("pact", threshold=2, delay="90d"), *(participant(code) for code in ("AAA", "BBB", "CCC"))]
    repository.record_facts(engine, [*facts, acceded("AAA", "pact", "2001-01-01")], what="a test", moment=MOMENT)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    engine.dispose()
    yield found
    found.close()


@pytest.fixture
def engine(database):
    """Another way to the database than the application's."""
    engine = make_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def site(database):
    app = create_app(
        Settings(database_url=database.url, base_url=SITE, secret_key="a test's own key", smtp_url="smtp://127.0.0.1:1")
    )
    app.testing = True
    yield app
    connected_anew(app)


def connected_anew(app):
    """Let the application's connections go: it makes others when it is asked."""
    app.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def on(database, site):
    """A bad day by its name; the application connects while it lasts."""

    def day(trouble):
        connected_anew(site)
        return getattr(database, trouble)()

    return day


@pytest.fixture
def bearer(engine):
    """The headers of a program that may set targets."""
    actor = Actor(name="a test", role="operator")
    secret = api_tokens.create_token(engine, "a program", Scope.EDIT, actor=actor, moment=datetime.now(UTC))[1]
    engine.dispose()
    return {"Authorization": f"Bearer {secret}"}


def subscribe(browser, number, page=None):
    """Send the form, as a reader who opened it before."""
    page = page or browser.get("/subscribe").text
    given = {"channel": "webhook", "address": f"https://host{number}.example.org/{'x' * 900}", "instrument": "pact"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return browser.post("/subscribe", data={"csrf_token": token, "kind": "acts", **given})


def set_targets(client, bearer, most=30):
    """Set targets until one is refused; the answers."""
    answers = []
    for number in range(1, most + 1):
        body = WANTED | {"value": number, "text": "x" * 500}
        answers.append(client.post("/api/v1/targets", headers=bearer, json=body))
        if answers[-1].status_code != 201:
            break
    return answers


def kept(engine, row):
    with read_transaction(engine) as connection:
        return connection.scalar(select(func.count()).select_from(row.__table__))


def asks_to_try_again(answer, database, *, as_json):
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "no-store" in answer.headers.get("Cache-Control", "no-store")
    if as_json:
        error = answer.json["error"]
        assert (error["code"], error["status"], REFUSED in error["message"]) == ("unavailable", 503, True)
    else:
        assert answer.mimetype == "text/html"
        assert REFUSED in answer.text
    for word in [*database.unspoken, "Traceback", "sqlite", "psycopg"]:
        assert word not in answer.text


@pytest.mark.parametrize("trouble", UNWRITTEN)
def test_a_record_that_cannot_be_written_is_read_on(site, on, trouble):
    client = site.test_client()
    with on(trouble):
        assert [client.get(path).status_code for path in (PAGE, DATA, "/", "/participants", PAGE)] == [200] * 5
        assert client.get("/live").status_code == 200
        assert client.get("/health").json["record"] is True


@pytest.mark.parametrize("trouble", UNWRITTEN)
def test_a_program_that_writes_on_such_a_day_is_asked_to_try_again_and_nothing_is_half_done(
    site, on, database, engine, bearer, trouble
):
    client = site.test_client()
    with on(trouble):
        *done, refused = set_targets(client, bearer)
    asks_to_try_again(refused, database, as_json=True)
    assert len(repository.load_ledger(engine).targets) == len(done)
    assert [each.action for each in audit_log.recent_entries(engine)].count("set target") == len(done)
    assert integrity.integrity_faults(engine) == []
    after = client.post("/api/v1/targets", headers=bearer, json=WANTED | {"value": 99})
    assert after.status_code == 201


@pytest.mark.parametrize("trouble", UNWRITTEN)
def test_a_reader_who_subscribes_on_such_a_day_is_asked_to_try_again_and_nothing_is_half_done(
    site, on, database, engine, trouble
):
    browser = site.test_client()
    form = browser.get("/subscribe").text
    with on(trouble):
        answers = []
        while not answers or (answers[-1].status_code == 200 and len(answers) < 15):
            answers.append(subscribe(browser, len(answers), form))
    asks_to_try_again(answers[-1], database, as_json=False)
    assert kept(engine, SubscriptionRow) == kept(engine, DeliveryRow) == len(answers) - 1
    assert integrity.integrity_faults(engine) == []
    assert subscribe(browser, 99).status_code == 200
    assert kept(engine, DeliveryRow) == len(answers)


@pytest.mark.parametrize("trouble", UNWRITTEN)
def test_who_is_signed_in_and_a_program_read_on_though_that_cannot_be_noted(site, on, engine, bearer, trouble):
    begun = datetime.now(UTC)
    token = sessions.sign_in(engine, "Ada", PASSWORD, place="192.0.2.1", moment=begun)
    engine.dispose()
    with on(trouble):
        person = sessions.current_session(engine, token, moment=begun + timedelta(minutes=5))
        answer = site.test_client().get("/api/v1/held", headers=bearer)
        engine.dispose()
    assert person is not None
    assert (answer.status_code, answer.json["data"]) == (200, [])


@pytest.mark.parametrize("trouble", UNREAD)
def test_a_record_that_cannot_be_read_is_said_so_on_pages_and_in_json_and_is_read_again_afterwards(
    site, on, database, trouble
):
    client = site.test_client()
    with on(trouble):
        asks_to_try_again(client.get(PAGE, headers=HTML), database, as_json=False)
        asks_to_try_again(client.get("/", headers=HTML), database, as_json=False)
        asks_to_try_again(client.get(DATA), database, as_json=True)
        asks_to_try_again(client.get(PAGE, headers=JSON), database, as_json=True)
        assert client.get("/live").status_code == 200
        connected_anew(site)
    assert [client.get(path).status_code for path in (PAGE, DATA, "/")] == [200] * 3


def test_what_is_kept_does_not_hide_that_the_record_is_gone(site, database):
    client = site.test_client()
    before = client.get(PAGE).text
    assert client.get(PAGE).text == before
    with database.gone():
        asks_to_try_again(client.get(PAGE), database, as_json=False)
        assert client.get("/health").json["record"] is False
    assert client.get(PAGE).text == before


def test_a_record_that_was_gone_or_locked_while_somebody_wrote_is_whole(site, on, database, engine, bearer):
    client = site.test_client()
    with on("gone"):
        assert client.post("/api/v1/targets", headers=bearer, json=WANTED).status_code == 503
    with on("locked"):
        assert client.post("/api/v1/targets", headers=bearer, json=WANTED).status_code == 503
    assert integrity.integrity_faults(engine) == []
    assert client.post("/api/v1/targets", headers=bearer, json=WANTED).status_code == 201
    assert integrity.integrity_faults(engine) == []


def test_a_server_that_is_not_there_is_not_named_and_neither_is_its_password(caplog):
    app = create_app(Settings(database_url="postgresql://me:hunter2@127.0.0.1:9/treaties", base_url=SITE))
    for path, as_json in ((PAGE, False), (DATA, True)):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.is_json) == (503, as_json)
        assert not re.search(r"hunter2|127\.0\.0\.1|treaties\b.*refused", answer.text)
    assert "cannot be reached" in caplog.text
    assert "hunter2" not in caplog.text
