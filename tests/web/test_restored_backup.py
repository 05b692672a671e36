"""An older backup is put back and the record goes on to the number it had: no reader is left with the other record."""

from datetime import UTC, datetime

import pytest

from tests.support.builders import instrument, participant, ratified
from tracker.app import create_app
from tracker.cli import main
from tracker.config import Settings
from tracker.storage import repository

PATHS = ["/instruments/untoc", "/api/v1/instruments/untoc", "/instruments/untoc.csv", "/download/record.zip",
         "/download/record.sqlite"]  # fmt: skip


@pytest.fixture
def client(engine, database_url):
    facts = [instrument("untoc", threshold=2, delay="90d"), participant("FRA"), participant("DEU")]
    repository.record_facts(engine, facts, what="the beginning", moment=datetime(2026, 11, 1, 12, tzinfo=UTC))
    app = create_app(Settings(database_url=database_url))
    app.testing = True
    yield app.test_client()
    app.extensions["tracker.kept"].look._engine.dispose()


def ratifies(engine, code, day):
    moment = datetime(2026, 11, day, 12, tzinfo=UTC)
    return repository.record_facts(
        engine, [ratified(code, "untoc", "2003-05-01")], what="a test", moment=moment
    ).revision


def tracker(url, *words):
    with pytest.raises(SystemExit) as stopped:
        main(["--database", url, *map(str, words)])
    assert stopped.value.code == 0


def asked(client, path, tag=""):
    with client.get(path, headers={"If-None-Match": tag} if tag else {}) as answer:
        return answer.status_code, answer.headers["ETag"], answer.data


def test_a_reader_of_the_record_before_gets_the_other_record_of_the_same_number_whole(
    client, engine, database_url, tmp_path
):
    tracker(database_url, "backup", tmp_path / "kept")
    number = ratifies(engine, "FRA", 2)
    before = {path: asked(client, path) for path in PATHS}
    assert {path: asked(client, path, tag)[0] for path, (_, tag, _) in before.items()} == dict.fromkeys(PATHS, 304)

    tracker(database_url, "restore", "--replace", tmp_path / "kept")
    assert ratifies(engine, "DEU", 3) == number

    for path, (_, tag, body) in before.items():
        status, new, now = asked(client, path, tag)
        assert (path, status, new != tag, now != body) == (path, 200, True, True)
        assert asked(client, path, new)[0] == 304
