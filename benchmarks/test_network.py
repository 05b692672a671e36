"""What the network's questions cost, each on a view of its own, for the shipped record and a collection's.

Run with `python -m pytest benchmarks`, and with `--snapshot FILE` for a real collection instead of the made one.
Figures, not tests: nothing here fails for being slow.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tracker.graph.edges import edges
from tracker.graph.membership_sets import participants_of_day, statuses_on
from tracker.graph.model import NodeKind
from tracker.graph.networkx_graph import FORMATS, build_network
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger
from tracker.schemas import network as answers
from tracker.schemas import network_questions as questions
from tracker.storage import import_export

DATA = Path(__file__).resolve().parents[1] / "data"
YEAR = timedelta(days=365)


def busiest(view: Ledger, place: int = 0) -> str:
    """The participant that has consented to most, or the one `place` places after it."""
    joined = {
        code: sum(code in statuses_on(view, id).consented for id in view.instruments)
        for code in participants_of_day(view)
    }
    return sorted(joined, key=lambda code: (-joined[code], code))[place]


QUESTIONS = {
    "nodes": lambda view, day: nodes(view),
    "ties": lambda view, day: edges(view),
    "profiles": lambda view, day: answers.profiles_answer(view),
    "backbone": lambda view, day: answers.backbone_answer(view),
    "ego of a participant": lambda view, day: answers.ego_answer(view, busiest(view)),
    "ego of an instrument": lambda view, day: answers.ego_answer(view, next(iter(view.instruments))),
    "alike": lambda view, day: questions.alike_answer(view, busiest(view)),
    "path": lambda view, day: questions.path_answer(view, busiest(view), busiest(view, 1)),
    "clusters": lambda view, day: questions.clusters_answer(view),
    "centrality": lambda view, day: questions.centrality_answer(view),
    "two days, a month apart": lambda view, day: answers.between_days_answer(view, day - YEAR / 12, day),
    "two days, ten years apart": lambda view, day: answers.between_days_answer(view, day - 10 * YEAR, day),
}


@pytest.fixture(scope="module")
def shipped() -> Ledger:
    """The shipped record."""
    return Ledger(import_export.read_facts([DATA]))


@pytest.fixture(params=["shipped", "collection"])
def record(request: pytest.FixtureRequest, shipped: Ledger, ledger: Ledger) -> tuple[Ledger, date]:
    """A record and a day of it."""
    return (shipped, date(2026, 11, 1)) if request.param == "shipped" else (ledger, date(2013, 7, 6))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_on_a_fresh_view(benchmark: BenchmarkFixture, record: tuple[Ledger, date], question: str):
    whole, day = record
    benchmark.group = f"network: {question}"
    found = benchmark.pedantic(QUESTIONS[question], setup=lambda: ((whole.as_of(day), day), {}), rounds=3)
    assert found


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_the_whole_network(benchmark: BenchmarkFixture, record: tuple[Ledger, date], name: str):
    whole, day = record
    graph = build_network(whole.as_of(day))
    benchmark.group = f"network: {name}"
    assert benchmark.pedantic(FORMATS[name], (graph,), rounds=3)
    assert any(given["kind"] == NodeKind.PARTICIPANT for _, given in graph.nodes(data=True))
