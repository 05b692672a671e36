"""Connections to PostgreSQL: bounded in number and in patience, and made anew when the server drops them."""

import psycopg
import pytest
from sqlalchemy import text

from tests.conftest import POSTGRES
from tracker.app import create_app
from tracker.config import Settings
from tracker.errors import Unavailable
from tracker.storage import repository
from tracker.storage.database import make_engine, read_transaction
from tracker.storage.schema import migrate

ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND pid <> pg_backend_pid()"


@pytest.fixture
def url(tmp_path):
    """The address of an empty schema whose connections go by a name of their own."""
    schema = f"tracker_pool_{abs(hash(str(tmp_path)))}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE SCHEMA {schema}")
        yield f"{POSTGRES}?options=-csearch_path%3D{schema}&application_name={schema}"
        server.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def engine(url):
    engine = make_engine(url, pool=1)
    migrate(engine)
    yield engine
    engine.dispose()


def name_of(url):
    return url.rpartition("application_name=")[2]


def drop_all(url):
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        return server.execute(ALL, (name_of(url),)).rowcount


LIMITS = {"statement_timeout": "1min", "idle_in_transaction_session_timeout": "5min"}


def shown(engine, names):
    with read_transaction(engine) as connection:
        return {name: connection.scalar(text(f"SHOW {name}")) for name in names}


def test_a_connection_has_limits_to_how_long_it_is_held_and_the_name_that_the_address_gives_it(url, engine):
    assert shown(engine, [*LIMITS, "application_name"]) == {**LIMITS, "application_name": name_of(url)}


def test_a_connection_goes_by_the_programs_name_where_the_address_gives_none(url, engine):
    plain = make_engine(url.rpartition("&")[0])
    assert shown(plain, ["application_name"]) == {"application_name": "tracker"}
    plain.dispose()


def test_a_process_opens_no_more_connections_than_it_may(
    engine,
):
    engine.pool._timeout = 0.01  # how long the third waits for the first
    with (
        read_transaction(engine),
        read_transaction(engine),
        pytest.raises(Unavailable, match="busy"),
        read_transaction(engine),
    ):
        pass
    assert repository.current_revision(engine) == 0


def test_a_connection_that_the_server_has_dropped_is_made_anew(url, engine):
    assert repository.current_revision(engine) == 0
    assert drop_all(url) >= 1
    assert repository.current_revision(engine) == 0


def test_a_site_whose_connections_are_all_dropped_answers_the_next_request(url, engine):
    client = create_app(Settings(database_url=url)).test_client()
    assert client.get("/").status_code == 200
    assert drop_all(url) >= 1
    assert client.get("/").status_code == 200
    assert client.get("/participants").status_code == 200
    client.application.extensions["tracker.kept"].look.close()


def test_a_question_that_is_cut_off_by_the_server_is_told_as_unavailable(url, engine):
    def cut_off():
        with read_transaction(engine) as connection:
            drop_all(url)
            connection.execute(text("SELECT 1"))

    with pytest.raises(Unavailable):
        cut_off()
    assert repository.current_revision(engine) == 0
