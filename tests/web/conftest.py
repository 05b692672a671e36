"""The real application over the shipped data, once for all tests of pages: they only read."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.support.ready_databases import set_up_shipped_record
from tracker.app import create_app
from tracker.config import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def record_url(tmp_path_factory):
    """The address of a database with the shipped data."""
    return set_up_shipped_record(tmp_path_factory.mktemp("web") / "record.db")


@pytest.fixture(scope="session")
def app(record_url):
    app = create_app(Settings(database_url=record_url, data_dir=ROOT / "data", static_dir=ROOT / "static"))
    app.testing = True
    app.test_client_class = Reader
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


class Reader(FlaskClient):
    """A client that reads every answer to its end, so that no file stays open."""

    def open(self, *args, **kwargs):
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def page(client):
    """Get a page that must be there, as a tree."""

    def get(path):
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return html.fromstring(answer.text)

    return get


@pytest.fixture
def downloaded(client):
    """Get a file that may have to be made first."""

    def get(path):
        for _ in range(10):  # each of which waits for it
            answer = client.get(path)
            if answer.status_code != 503:
                break
        return answer

    return get


@pytest.fixture
def words(page):
    """Get a page that must be there, as its words."""

    def get(path):
        text = " ".join(" ".join(page(path).find("body").itertext()).split())
        return re.sub(r" ([,.;:)])", r"\1", text)

    return get


@pytest.fixture
def data(client):
    """Get an answer that must be there, as the data in its envelope."""

    def get(path):
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
        return answer.json["data"]

    return get


@pytest.fixture
def opened():
    """Make an application, whose connections are closed after the test."""
    made = []

    def make(settings):
        made.append(create_app(settings))
        return made[-1]

    yield make
    for app in made:
        app.extensions["tracker.shelf"]._look.close()
        app.extensions["tracker.operations"].engine.dispose()
