"""What it costs to say where every instrument of a large collection stands: on one day, and on two hundred.

Run with `python -m pytest benchmarks`, and with `--snapshot FILE` for a real collection. Figures, not tests: nothing
here fails for being slow.
"""

from datetime import date, timedelta

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import generated_record as made
from tracker.law.ledger import Ledger
from tracker.law.status import statuses

TODAY = date(2013, 7, 6)
DAYS = [TODAY - timedelta(days=125 * number) for number in range(200)]


def test_the_made_record_is_as_large_as_the_collection():
    facts = list(made.record())
    acts = [fact for fact in facts if hasattr(fact, "participant")]
    assert abs(len(acts) - made.ACTS) < made.ACTS / 10
    assert facts == list(made.record())


@pytest.mark.benchmark(group="status of every instrument")
def test_every_instrument_as_of_today(benchmark: BenchmarkFixture, ledger: Ledger):
    found = benchmark(lambda: statuses(ledger.as_of(TODAY)))
    assert len(found) == len(ledger.instruments)


@pytest.mark.benchmark(group="status of every instrument")
def test_every_instrument_as_of_two_hundred_days(benchmark: BenchmarkFixture, ledger: Ledger):
    found = benchmark.pedantic(lambda: [statuses(ledger.as_of(day)) for day in DAYS], rounds=1)
    assert len(found) == len(DAYS)


@pytest.mark.benchmark(group="building the ledger")
def test_building_the_ledger(benchmark: BenchmarkFixture, ledger: Ledger):
    facts = [*ledger.participants.values(), *ledger.instruments.values()]
    facts += [act for id in ledger.instruments for act in ledger.acts(id)]
    assert len(benchmark.pedantic(lambda: Ledger(facts), rounds=3).instruments) == len(ledger.instruments)
