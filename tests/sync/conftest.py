"""A server, and a visitor to it that does not really wait."""

from datetime import UTC, datetime

import pytest

from tests.support.status_server import Server
from tests.support.un_site import published
from tracker.sync.http_client import HttpClient, HttpLimits

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def moment():
    return MOMENT


@pytest.fixture
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def un(request):
    """The depositary's site, which prints the `FACTS` of the test module."""
    yield from published(request.module.FACTS)


@pytest.fixture
def announced():
    """The changes that were announced, in order."""
    return []


@pytest.fixture
def announce(announced):
    return lambda connection, changes, moment: announced.extend(changes)


@pytest.fixture
def slept():
    """The seconds that would have been slept, in order."""
    return []


@pytest.fixture
def visiting(slept):
    """Make a visitor with these limits."""
    made = []

    def make(**limits):
        visitor = HttpClient(
            "treaties@example.org", limits=HttpLimits(**{"attempts": 2, "pause": 0, **limits}), sleep=slept.append
        )
        visitor.session.trust_env = False  # whoever runs the tests may have a proxy
        made.append(visitor)
        return visitor

    yield make
    for visitor in made:
        visitor.close()
