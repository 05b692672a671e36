"""The shipped record as a ledger, read once for all tests of the law."""

from pathlib import Path

import pytest

from tracker.law.ledger import Ledger
from tracker.storage import import_export

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def record() -> Ledger:
    """Everything in `data/`, as a ledger without a last day."""
    return Ledger(import_export.read([DATA]))
