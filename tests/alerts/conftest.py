"""A record that changes, subscriptions to it, and the servers that hear of it."""

from datetime import timedelta
from itertools import count

import pytest

from tests.support.alert_story import NOW, SITE, Inbox, Receiver, history
from tracker.alerts import outbox, subscribers, subscriptions
from tracker.alerts.channels import Caller, Mailer
from tracker.alerts.subscribers import Channel, Purpose, State, Subscription
from tracker.law.changes import between
from tracker.law.ledger import Ledger
from tracker.storage import change_log, repository
from tracker.storage.database import reading, writing


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
    return {Channel.EMAIL: Mailer(inbox.url, "tracker@treaties.example"), Channel.WEBHOOK: Caller(private=True)}


@pytest.fixture
def record(engine):
    """Record facts and announce what they change, as a sync does; history, recorded first, is announced to nobody."""
    moments = (NOW + timedelta(minutes=each) for each in count())

    def change(recorded=(), retracted=(), moment=None, announce=outbox.announce):
        at = moment or next(moments)
        before = repository.live_facts(engine)
        if retracted:
            repository.retract(engine, retracted, reason="test", moment=at)
        with writing(engine) as connection:
            outcome = repository.amend(connection, recorded, what="test", moment=at)
            day, after = at.date(), repository.live(connection)
            changes = between(Ledger(before).as_of(day), Ledger(after).as_of(day))
            announce(connection, change_log.note(connection, changes, outcome.revision, at), at)

    change(history(), moment=NOW - timedelta(days=1), announce=change_log.nobody)
    return change


@pytest.fixture
def subscribed(engine):
    """Keep a subscription, confirmed an hour before, unless told otherwise."""

    def keep(**fields):
        given = {
            "made_at": NOW - timedelta(hours=2), "state": State.ACTIVE, "confirmed_at": NOW - timedelta(hours=1),
            "channel": Channel.EMAIL, "address": "someone@example.org",
        } | fields  # fmt: skip
        if given["channel"] is Channel.WEBHOOK:
            given.setdefault("secret", "a shared secret")
        with writing(engine) as connection:
            return subscribers.add(connection, Subscription(**given))

    return keep


@pytest.fixture
def deliver(engine, channels):
    """Send what is due at a moment, by one worker, until nothing is due."""

    def send(moment=NOW + timedelta(hours=1), worker="one", **options):
        given = {"site": SITE, "jitter": lambda: 0.0} | options
        return outbox.deliver_due(engine, lambda: moment, given.pop("channels", channels), worker, **given)

    return send


@pytest.fixture
def state(engine):
    def find(id):
        with reading(engine) as connection:
            return subscribers.subscription(connection, id)

    return find


@pytest.fixture
def managing(engine):
    """A token that opens a subscription."""

    def make(id, purpose=Purpose.MANAGE, moment=NOW):
        with writing(engine) as connection:
            return subscriptions.minted(connection, id, purpose, moment)

    return make
