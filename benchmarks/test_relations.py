"""What it costs to say what binds two parties to each other: one pair, and every pair, of the shipped data.

Run with `python -m pytest benchmarks`. The aims are 5 ms for one pair and 2 s for the 19,000 pairs of the largest
treaty. Figures, not tests: nothing here fails for being slow.
"""

from datetime import date
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tracker.law.disputes import court_matrix
from tracker.law.ledger import Ledger
from tracker.law.relations import RelationState, all_relations, relations
from tracker.storage.import_export import read_facts

DATA = Path(__file__).resolve().parents[1] / "data"
TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def shipped() -> Ledger:
    return Ledger(read_facts([DATA]))


@pytest.mark.benchmark(group="relations of two parties")
def test_one_pair_of_a_view_that_was_never_asked(benchmark: BenchmarkFixture, shipped: Ledger):
    found = benchmark(lambda: relations(shipped.as_of(TODAY), "untoc", "FRA", "CHN"))
    assert found.state is RelationState.IN_FORCE


@pytest.mark.benchmark(group="relations of two parties")
def test_one_more_pair_of_the_same_view(benchmark: BenchmarkFixture, shipped: Ledger):
    view = shipped.as_of(TODAY)
    found = benchmark(lambda: relations(view, "untoc", "FRA", "CHN"))
    assert found.effects


@pytest.mark.benchmark(group="relations of every pair")
def test_every_pair_of_the_largest_treaty(benchmark: BenchmarkFixture, shipped: Ledger):
    found = benchmark.pedantic(lambda: list(all_relations(shipped.as_of(TODAY), "untoc")), rounds=3)
    assert len(found) > 18_000


@pytest.mark.benchmark(group="relations of every pair")
def test_who_can_take_whom_to_the_court(benchmark: BenchmarkFixture, shipped: Ledger):
    found = benchmark.pedantic(lambda: list(court_matrix(shipped.as_of(TODAY), "untoc")), rounds=3)
    assert len(found) > 190
