"""Fixtures that more than one folder of tests uses."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine

from tests.support.paths import DATA
from tests.support.ready_databases import Schemas, set_up_file
from tracker.accounts import sessions, users
from tracker.law.ledger import Ledger
from tracker.storage import import_export
from tracker.storage.database import is_postgresql, make_engine

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `tracker.cli` says, before NumPy is loaded
TESTS = Path(__file__).resolve().parent
MANY = 300_000  # objects, of which a whole record has more
POSTGRES = os.environ.get("TRACKER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


class Compiled(BytecodeCache):
    """Templates as bytecode: each is compiled once, not once for every application that a test makes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": Compiled()}


@pytest.fixture(scope="session")
def schemas() -> Iterator[Schemas]:
    """The schemas of PostgreSQL, one for each test.

    A server that cannot be reached is an error, not a reason to skip.
    """
    found = Schemas(POSTGRES)
    yield found
    found.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own for one test, empty: an SQLite file, then a PostgreSQL schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
        return
    schemas = request.getfixturevalue("schemas")
    name = schemas.create()
    yield schemas.url(name)
    schemas.give_back(name)


@pytest.fixture
def unmigrated(database_url: str) -> Iterator[Engine]:
    """An engine for a database in which nothing has been set up."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(request: pytest.FixtureRequest, unmigrated: Engine) -> Engine:
    """An engine for an empty record."""
    if is_postgresql(unmigrated):
        request.getfixturevalue("schemas").set_up(unmigrated)
    else:
        set_up_file(Path(unmigrated.url.database))
    return unmigrated


@pytest.fixture(scope="session")
def record() -> Ledger:
    """The shipped data as a ledger without a last day, read once."""
    return Ledger(import_export.read_facts([DATA]))


HASHER = users.HASHER


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Argon2 at the least cost: at the real one, which is meant to be high, tests would do little else."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "HASHER", cheap)
        patch.setattr(sessions, "_NOBODY", cheap.hash("nobody's"))
        yield


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept at the real cost, for tests of that cost."""
    monkeypatch.setattr(users, "HASHER", HASHER)


# Tests that start servers and processes, kill them, ask every address or live through years: `make quick` leaves
# them out.
SLOW = {
    "alerts/test_killed_deliveries.py",
    "cli/test_command_injection.py",
    "cli/test_commands_on_bad_databases.py",
    "cli/test_network_command.py",
    "cli/test_serve_command.py",
    "graph/test_network_analysis.py",
    "maintenance/test_backup.py",
    "maintenance/test_copy.py",
    "storage/test_change_feed.py",
    "storage/test_clock_jumps.py",
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
    "web/test_cache_poisoning.py",
    "web/test_database_failures.py",
    "web/test_injection.py",
    "web/test_links.py",
    "web/test_mirrors.py",
    "web/test_one_number_everywhere.py",
    "web/test_response_cache.py",
    "web/test_restored_backup.py",
    "web/test_stored_script.py",
}


def _rank(item: pytest.Item) -> int:
    place = item.path.relative_to(TESTS).as_posix()
    return 0 if place == "browser/test_every_page.py" else 1 if place in SLOW else 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by its file, and what needs a browser by its folder; begin with the longest files.

    Files are given to the processes in this order (`--no-loadscope-reorder`): a long one at the end would run alone.
    """
    items.sort(key=_rank)
    for item in items:
        place = item.path.relative_to(TESTS).as_posix()
        if place in SLOW:
            item.add_marker(pytest.mark.slow)
        if place.startswith("browser/"):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """Spare what is there from now on, the tests themselves and all modules, from searches for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def freed() -> Iterator[None]:
    """Look once more through what applications had spared, if it is much: they are gone, with their records."""
    before = gc.get_freeze_count()
    yield
    if gc.get_freeze_count() - before > MANY:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
