"""A sync killed between any two of its steps: nothing is half there, nothing lost, nothing doubled."""

import random

import pytest
from sqlalchemy import Engine

from tests.support.killed_syncs import ALL_STEPS, FACTS, begin, crash_and_recover
from tests.support.un_site import Published


@pytest.fixture
def un():
    running = Published(FACTS)
    yield running
    running.close()


def test_a_sync_killed_at_any_step_and_run_again_does_all_of_it_once(engine: Engine, database_url: str, un: Published):
    begin(engine)
    points = [*ALL_STEPS, *random.Random(2003).choices(ALL_STEPS, k=5)]
    assert len(points) >= 20
    for number, step in enumerate(points):
        crash_and_recover(engine, database_url, un, number, step)
