"""A record that changes, subscriptions to it, and the servers that hear of it."""

from datetime import timedelta
from itertools import count

import pytest

from tests.support.alert_story import NOW, SITE, Inbox, Receiver, deposits, record_and_announce
from tracker.alerts import outbox, sending, subscribers, subscriptions
from tracker.alerts.sending import EmailSender, WebhookSender
from tracker.alerts.subscribers import Channel, LinkPurpose, Subscription, SubscriptionState
from tracker.storage import change_log
from tracker.storage.database import read_transaction, write_transaction


@pytest.fixture
def inbox():
    with Inbox() as found:
        yield found


@pytest.fixture
def receiver():
    with Receiver() as found:
        yield found


@pytest.fixture
def channels(inbox, receiver):
    return {
        Channel.EMAIL: EmailSender(inbox.url, "tracker@treaties.example"),
        Channel.WEBHOOK: WebhookSender(private=True),
    }


@pytest.fixture
def record(engine):
    """Record facts and announce what they change, as a sync does; history, recorded first, is announced to nobody."""
    moments = (NOW + timedelta(minutes=each) for each in count())

    def change(recorded=(), retracted=(), moment=None, announce=outbox.enqueue_alerts):
        at = moment or next(moments)
        record_and_announce(engine, recorded, retracted, at, announce)

    change(deposits(), moment=NOW - timedelta(days=1), announce=change_log.announce_nothing)
    return change


@pytest.fixture
def subscribed(engine):
    """Keep a subscription, confirmed an hour before, unless told otherwise."""

    def keep(**fields):
        given = {
            "made_at": NOW - timedelta(hours=2),
            "state": SubscriptionState.ACTIVE,
            "confirmed_at": NOW - timedelta(hours=1),
            "channel": Channel.EMAIL,
            "address": "someone@example.org",
        } | fields
        if given["channel"] is Channel.WEBHOOK:
            given.setdefault("secret", "a shared secret")
        with write_transaction(engine) as connection:
            return subscribers.insert_subscription(connection, Subscription(**given))

    return keep


@pytest.fixture
def deliver(engine, channels):
    """Send what is due at a moment, by one worker, until nothing is due."""

    def send(moment=NOW + timedelta(hours=1), worker="one", **options):
        given = {"site": SITE, "jitter": lambda: 0.0} | options
        return sending.deliver_due(engine, lambda: moment, given.pop("channels", channels), worker, **given)

    return send


@pytest.fixture
def state(engine):
    def find(id):
        with read_transaction(engine) as connection:
            return subscribers.subscription(connection, id)

    return find


@pytest.fixture
def managing(engine):
    """A token that opens a subscription."""

    def make(id, purpose=LinkPurpose.MANAGE, moment=NOW):
        with write_transaction(engine) as connection:
            return subscriptions.create_link_token(connection, id, purpose, moment)

    return make
