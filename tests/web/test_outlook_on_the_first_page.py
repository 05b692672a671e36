"""The first page says in one sentence what the outlook of a pending treaty is, where the worker has worked it out."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from tests.support.paths import DATA
from tracker.alerts import outlooks
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import repository
from tracker.storage.database import make_engine
from tracker.storage.ledger_source import LedgerSource

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
DAY = "as_of=2026-11-28"


@pytest.fixture
def engine(record_url, tmp_path):
    path = tmp_path / "record.db"
    shutil.copy(record_url.removeprefix("sqlite:///"), path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def client(engine):
    app = create_app(
        Settings(database_url=engine.url.render_as_string(), data_dir=DATA, static_dir=DATA.parent / "static")
    )
    return app.test_client()


def renew(engine, moment=NOW):
    assert outlooks.renew_outlooks(engine, LedgerSource(engine).current(), moment, lambda: None)


def sentences(client, address):
    tree = html.fromstring(client.get(address).text)
    return [" ".join(each.text_content().split()) for each in tree.cssselect(".outlook-line")]


def test_there_is_no_sentence_until_it_was_worked_out(client, engine):
    assert sentences(client, f"/?{DAY}") == []
    renew(engine)
    assert len(sentences(client, f"/?{DAY}")) >= 2  # the cybercrime convention and the second protocol of Budapest


def test_the_sentence_has_the_words_and_numbers_of_the_outlook(client, engine):
    renew(engine)
    tree = html.fromstring(client.get(f"/?{DAY}").text)
    for line in tree.cssselect(".outlook-line"):
        said = " ".join(line.text_content().split()).partition(": ")[2]
        (address,) = line.xpath("a/@href")
        lead = html.fromstring(client.get(address).text).cssselect(".lead")[0]
        assert " ".join(lead.text_content().split()) == said


def test_the_sentence_goes_with_another_date_moment_or_revision(client, engine):
    renew(engine)
    assert sentences(client, "/?as_of=2026-11-27") == []
    assert sentences(client, f"/?{DAY}&known_at=2026-11-20T00:00:00Z") == []
    ledger = LedgerSource(engine).current().ledger
    repository.retract_facts(engine, [ledger.acts("untoc")[0]], reason="test", moment=NOW)
    assert sentences(client, f"/?{DAY}") == []
    renew(engine, NOW + timedelta(minutes=5))
    assert sentences(client, f"/?{DAY}") != []


def test_the_sentence_is_french_in_french_and_spanish_in_spanish(client, engine):
    renew(engine)
    french, spanish = (sentences(client, f"/?{DAY}&lang={language}") for language in ("fr", "es"))
    assert french
    assert all(each.startswith("Perspectives : ") for each in french)
    assert spanish
    assert all(each.startswith("Perspectivas: ") for each in spanish)
