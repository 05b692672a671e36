"""The record that the benchmarks run on: a real snapshot where one is given, else a made one of the same size."""

from pathlib import Path

import pytest

from benchmarks import generated_record as made
from benchmarks import snapshot
from tracker.law.ledger import Ledger


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--snapshot", type=Path, help="a CSV of treaty actions to measure on (see benchmarks/snapshot.py)")


@pytest.fixture(scope="session")
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """The record as a ledger without a last day."""
    path = request.config.getoption("--snapshot")
    return Ledger(snapshot.record(path) if path else made.record())
