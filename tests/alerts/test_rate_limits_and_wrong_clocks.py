"""Guards that count by the clock, when one was wrong: they shut nobody out for longer than they say, and guard on."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.accounts import sessions
from tracker.alerts import subscriptions
from tracker.alerts.subscribers import Channel, Subscription
from tracker.errors import TooMany
from tracker.storage import job_locks
from tracker.storage.database import write_transaction

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AHEAD = [MINUTE, 4 * MINUTE, 14 * MINUTE, HOUR, 5 * HOUR, DAY, 30 * DAY, 365 * DAY]
BEHIND = [-MINUTE, -HOUR, -DAY, -365 * DAY]


@pytest.fixture
def sign_up(engine):
    """Sign up from one place, each time for another address; was it let through?"""
    numbers = iter(range(10_000))

    def ask(moment, client="203.0.113.7"):
        wish = Subscription(made_at=moment, channel=Channel.EMAIL, address=f"reader{next(numbers)}@example.org")
        try:
            subscriptions.subscribe(engine, wish, client, moment)
        except TooMany:
            return False
        return True

    return ask


@pytest.fixture
def try_to_sign_in(engine):
    """Begin an attempt that fails; the seconds to wait if it was not let through, else nothing."""

    def attempt(moment):
        try:
            with write_transaction(engine) as connection:
                sessions.begin_attempt(connection, "Ada", "203.0.113.7", moment)
        except TooMany as trouble:
            return trouble.after
        return 0

    return attempt


@pytest.mark.parametrize("jump", AHEAD + BEHIND, ids=str)
def test_sign_ups_noted_by_a_wrong_clock_shut_nobody_out_for_longer_than_an_hour_and_clocks_differ(sign_up, jump):
    while sign_up(NOW + jump):
        pass
    assert sign_up(NOW) == (jump > job_locks.CLOCK_SKEW or jump <= -HOUR)
    assert sign_up(NOW + HOUR + job_locks.CLOCK_SKEW + MINUTE)


@pytest.mark.parametrize("jump", AHEAD + BEHIND, ids=str)
def test_after_a_wrong_clock_no_more_sign_ups_are_let_through_than_before(sign_up, jump):
    sign_up(NOW + jump)
    answers = [sign_up(NOW + number * timedelta(seconds=1)) for number in range(60)]
    assert sum(answers) in (subscriptions.BY_CLIENT, subscriptions.BY_CLIENT - 1)
    assert answers[-1] is False


@pytest.mark.parametrize("jump", AHEAD + BEHIND, ids=str)
def test_guesses_noted_by_a_wrong_clock_shut_nobody_out_for_longer_than_the_window_and_clocks_differ(
    try_to_sign_in, jump
):
    while not try_to_sign_in(NOW + jump):
        pass
    wait = try_to_sign_in(NOW)
    longest = sessions.THROTTLE_WINDOW + sessions.CLOCK_SKEW
    assert wait <= longest.total_seconds()
    assert try_to_sign_in(NOW + timedelta(seconds=wait)) == 0


@pytest.mark.parametrize("jump", AHEAD + BEHIND, ids=str)
def test_after_a_wrong_clock_no_more_guesses_are_let_through_than_before(try_to_sign_in, jump):
    try_to_sign_in(NOW + jump)
    waits = [try_to_sign_in(NOW + number * timedelta(seconds=1)) for number in range(20)]
    assert waits.count(0) in (sessions.BY_NAME_AND_PLACE, sessions.BY_NAME_AND_PLACE - 1)
    assert waits[-1] > 0
