"""What it costs to say where an instrument of our data stands as of a date that was not asked before, and where every
instrument of a large collection does: on one day, and on two hundred.

Run with `python -m pytest benchmarks`, and with `--snapshot FILE` for a real collection. Figures, not tests: nothing
here fails for being slow.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import generated_record as made
from benchmarks.common import ROOT
from tracker.law.ledger import Ledger
from tracker.law.status import participant_standings, status, statuses
from tracker.storage.import_export import read_facts

TODAY = date(2013, 7, 6)
DAYS = [TODAY - timedelta(days=125 * number) for number in range(200)]


def test_the_made_record_is_as_large_as_the_collection():
    facts = list(made.record())
    acts = [fact for fact in facts if hasattr(fact, "participant")]
    assert abs(len(acts) - made.ACTS) < made.ACTS / 10
    assert facts == list(made.record())


@pytest.fixture(scope="module")
def new_days() -> Iterator[Ledger]:
    """Views of our data, each of another day; seldom one that was asked before."""
    ours = Ledger(read_facts([ROOT / "data"]))
    return (ours.as_of(TODAY + timedelta(days=4_800 - number)) for number in cycle(range(0, 9_000, 37)))


@pytest.mark.benchmark(group="one instrument as of another day", timer=process_time)
def test_the_counts_and_the_entry_into_force_of_one_instrument(benchmark: BenchmarkFixture, new_days: Iterator[Ledger]):
    found = benchmark.pedantic(status, setup=lambda: ((next(new_days), "untoc"), {}), rounds=200)
    assert found.entry.why


@pytest.mark.benchmark(group="one instrument as of another day", timer=process_time)
def test_the_status_of_everyone_towards_one_instrument(benchmark: BenchmarkFixture, new_days: Iterator[Ledger]):
    def answer(view: Ledger) -> object:
        return status(view, "untoc"), participant_standings(view, "untoc")

    assert benchmark.pedantic(answer, setup=lambda: ((next(new_days),), {}), rounds=200)


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
