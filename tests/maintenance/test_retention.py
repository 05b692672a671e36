"""What is forgotten by age, and what never is: whatever keeps a thing from being told twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tracker.alerts import deliveries, subscribers, subscriptions
from tracker.alerts.deliveries import DeliveryState, MessageType
from tracker.alerts.subscribers import Channel, LinkPurpose, Subscription, SubscriptionState
from tracker.maintenance import integrity
from tracker.maintenance.retention import OPENING, SENT, delete_expired
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import AttemptRow, DeliveryRow, LinkRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def owner(engine):
    with write_transaction(engine) as connection:
        wish = Subscription(made_at=NOW, state=SubscriptionState.ACTIVE, channel=Channel.EMAIL, address="a@example.org")
        return subscribers.insert_subscription(connection, wish)


def sent(engine, owner, key, sort):
    with write_transaction(engine) as connection:
        id = deliveries.enqueue(connection, owner, key=key, sort=sort, moment=NOW, due_at=NOW)
        (claimed,) = deliveries.claim(connection, [id], NOW, NOW + DAY, "w")
        deliveries.settle(connection, claimed, NOW, state=DeliveryState.SENT, outcome="sent")


def rows(engine, table):
    with read_transaction(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table.__table__))


def test_attempts_and_answers_on_request_go_by_age_and_what_was_told_stays(engine, owner):
    for sort in (MessageType.TEST, MessageType.COUNTDOWN, MessageType.LINK):
        sent(engine, owner, f"{sort}:1", sort)
    assert delete_expired(engine, NOW + SENT).attempts == 0
    done = delete_expired(engine, NOW + SENT + DAY)
    assert (done.attempts, done.deliveries) == (3, 2)
    assert (rows(engine, AttemptRow), rows(engine, DeliveryRow)) == (0, 1)
    with write_transaction(engine) as connection:
        again = deliveries.enqueue(
            connection, owner, key="countdown:1", sort=MessageType.COUNTDOWN, moment=NOW + 999 * DAY, due_at=NOW
        )
    assert again is None
    assert integrity.integrity_faults(engine) == []


def test_what_still_waits_is_never_forgotten(engine, owner):
    with write_transaction(engine) as connection:
        deliveries.enqueue(connection, owner, key="test:1", sort=MessageType.TEST, moment=NOW, due_at=NOW)
    delete_expired(engine, NOW + 999 * DAY)
    assert rows(engine, DeliveryRow) == 1


def test_old_links_go_but_for_the_newest_of_each_purpose(engine, owner):
    with write_transaction(engine) as connection:
        first = subscriptions.create_link_token(connection, owner, LinkPurpose.UNSUBSCRIBE, NOW)
        last = subscriptions.create_link_token(connection, owner, LinkPurpose.UNSUBSCRIBE, NOW + DAY)
        subscriptions.create_link_token(connection, owner, LinkPurpose.CONFIRM, NOW)
    assert delete_expired(engine, NOW + 9 * DAY).links == 1  # the one to confirm
    assert delete_expired(engine, NOW + OPENING).links == 0
    assert delete_expired(engine, NOW + OPENING + 9 * DAY).links == 1
    with read_transaction(engine) as connection:
        assert (
            subscriptions.resolve_link_token(connection, last, LinkPurpose.UNSUBSCRIBE, NOW + OPENING + 9 * DAY)
            == owner
        )
    assert rows(engine, LinkRow) == 1
    assert first != last


def test_requests_that_nobody_confirmed_go_with_their_address(engine):
    with write_transaction(engine) as connection:
        wish = Subscription(made_at=NOW, channel=Channel.EMAIL, address="b@example.org")
        subscribers.insert_subscription(connection, wish)
    assert delete_expired(engine, NOW + 7 * DAY).unconfirmed == 0
    assert delete_expired(engine, NOW + 9 * DAY).words.endswith("1 requests that were not confirmed.")
