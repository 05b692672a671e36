"""What is forgotten by age, and what never is: whatever keeps a thing from being told twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tracker.alerts import deliveries, subscribers, subscriptions
from tracker.alerts.deliveries import Sort, Stage
from tracker.alerts.subscribers import Channel, Purpose, State, Subscription
from tracker.maintenance import integrity
from tracker.maintenance.retention import OPENING, SENT, prune
from tracker.storage.database import reading, writing
from tracker.storage.operational_tables import AttemptRow, DeliveryRow, LinkRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def owner(engine):
    with writing(engine) as connection:
        wish = Subscription(made_at=NOW, state=State.ACTIVE, channel=Channel.EMAIL, address="a@example.org")
        return subscribers.add(connection, wish)


def sent(engine, owner, key, sort):
    with writing(engine) as connection:
        deliveries.enlist(connection, owner, key=key, sort=sort, moment=NOW, due_at=NOW)
        claimed = deliveries.claim(connection, NOW, NOW + DAY, "w")
        deliveries.settle(connection, claimed, NOW, state=Stage.SENT, outcome="sent")


def rows(engine, table):
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table.__table__))


def test_attempts_and_answers_on_request_go_by_age_and_what_was_told_stays(engine, owner):
    for sort in (Sort.TEST, Sort.COUNTDOWN, Sort.LINK):
        sent(engine, owner, f"{sort}:1", sort)
    assert prune(engine, NOW + SENT).attempts == 0
    done = prune(engine, NOW + SENT + DAY)
    assert (done.attempts, done.deliveries) == (3, 2)
    assert (rows(engine, AttemptRow), rows(engine, DeliveryRow)) == (0, 1)
    with writing(engine) as connection:
        again = deliveries.enlist(
            connection, owner, key="countdown:1", sort=Sort.COUNTDOWN, moment=NOW + 999 * DAY, due_at=NOW
        )
    assert again is None
    assert integrity.faults(engine) == []


def test_what_still_waits_is_never_forgotten(engine, owner):
    with writing(engine) as connection:
        deliveries.enlist(connection, owner, key="test:1", sort=Sort.TEST, moment=NOW, due_at=NOW)
    prune(engine, NOW + 999 * DAY)
    assert rows(engine, DeliveryRow) == 1


def test_old_links_go_but_for_the_newest_of_each_purpose(engine, owner):
    with writing(engine) as connection:
        first = subscriptions.minted(connection, owner, Purpose.UNSUBSCRIBE, NOW)
        last = subscriptions.minted(connection, owner, Purpose.UNSUBSCRIBE, NOW + DAY)
        subscriptions.minted(connection, owner, Purpose.CONFIRM, NOW)
    assert prune(engine, NOW + 9 * DAY).links == 1  # the one to confirm
    assert prune(engine, NOW + OPENING).links == 0
    assert prune(engine, NOW + OPENING + 9 * DAY).links == 1
    with reading(engine) as connection:
        assert subscriptions.opened(connection, last, Purpose.UNSUBSCRIBE, NOW + OPENING + 9 * DAY) == owner
    assert rows(engine, LinkRow) == 1
    assert first != last


def test_requests_that_nobody_confirmed_go_with_their_address(engine):
    with writing(engine) as connection:
        wish = Subscription(made_at=NOW, channel=Channel.EMAIL, address="b@example.org")
        subscribers.add(connection, wish)
    assert prune(engine, NOW + 7 * DAY).unconfirmed == 0
    assert prune(engine, NOW + 9 * DAY).words.endswith("1 requests that nobody confirmed.")
