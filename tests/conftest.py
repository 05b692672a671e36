"""Fixtures that more than one folder of tests uses."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from tests.support.paths import DATA
from tracker.law.ledger import Ledger
from tracker.storage import import_export
from tracker.storage.database import make_engine
from tracker.storage.schema_migration import migrate

TESTS = Path(__file__).resolve().parent
POSTGRES = os.environ.get("TRACKER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own for one test, empty: an SQLite file, then a PostgreSQL schema.

    A PostgreSQL server that cannot be reached is an error, not a reason to skip.
    """
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
        return
    schema = f"tracker_test_{secrets.token_hex(8)}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE SCHEMA {schema}")
        yield f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{schema}"
        server.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def unmigrated(database_url: str) -> Iterator[Engine]:
    """An engine for a database in which nothing has been set up."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(unmigrated: Engine) -> Engine:
    """An engine for an empty record."""
    migrate(unmigrated)
    return unmigrated


@pytest.fixture(scope="session")
def record() -> Ledger:
    """The shipped data as a ledger without a last day, read once."""
    return Ledger(import_export.read_facts([DATA]))


# Tests that start servers and processes, kill them, or ask every address: `make quick` leaves them out.
SLOW = {
    "alerts/test_killed_deliveries.py",
    "cli/test_command_injection.py",
    "cli/test_commands_on_bad_databases.py",
    "maintenance/test_backup.py",
    "maintenance/test_copy.py",
    "storage/test_change_feed.py",
    "storage/test_connection_pool.py",
    "storage/test_two_writers.py",
    "sync/test_killed_syncs.py",
    "test_benchmarks.py",
    "test_fortieth_deposit_end_to_end.py",
    "test_graceful_shutdown.py",
    "test_gunicorn.py",
    "test_killed_processes.py",
    "test_scheduler.py",
    "web/test_api_generated_requests.py",
    "web/test_attacks.py",
    "web/test_database_failures.py",
    "web/test_injection.py",
    "web/test_links.py",
    "web/test_mirrors.py",
    "web/test_restored_backup.py",
    "web/test_stored_script.py",
    "web/test_subscription_pages.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by its file, and what needs a browser by its folder."""
    for item in items:
        place = item.path.relative_to(TESTS).as_posix()
        if place in SLOW:
            item.add_marker(pytest.mark.slow)
        if place.startswith("browser/"):
            item.add_marker(pytest.mark.browser)
