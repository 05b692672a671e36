"""The classic story, whole: a status file, a sync, one letter and one call, and the day it entered into force."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.support.alert_story import SITE
from tests.support.un_site import published
from tracker.alerts import outbox, sending, subscribers
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.law.model import Action, Instrument, Participant
from tracker.storage import change_log, import_export, repository
from tracker.storage.database import write_transaction
from tracker.sync.sync import SyncContext, sync

DATA = Path(__file__).resolve().parents[2] / "data"
EVE = datetime(2003, 6, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def facts():
    kept = [fact for fact in import_export.read_facts([DATA]) if isinstance(fact, Participant | Instrument | Action)]
    return [fact for fact in kept if isinstance(fact, Participant) or fact.subject[0].startswith("untoc")]


@pytest.fixture
def un(facts):
    """The status files as they were printed on 1 July 2003."""
    for running in published(facts):
        running.all(until=date(2003, 7, 1))
        yield running


def done_by(facts, day):
    return [fact for fact in facts if not isinstance(fact, Action) or (fact.counts_from and fact.counts_from <= day)]


def test_forty_parties_and_entry_into_force_are_each_told_once(engine, facts, un, channels, inbox, receiver):
    repository.record_facts(engine, done_by(facts, EVE.date()), what="history", moment=EVE)
    wish = {"made_at": EVE, "confirmed_at": EVE, "state": SubscriptionState.ACTIVE, "instrument": "untoc"}
    forty = {"condition": "reaches", "number": 40, "level": 40}
    with write_transaction(engine) as connection:
        for channel, address in ((Channel.EMAIL, "a@example.org"), (Channel.WEBHOOK, receiver.url)):
            subscribers.insert_subscription(
                connection, Subscription(**wish, **forty, channel=channel, address=address, secret="s")
            )
        entry = {"kinds": frozenset({"entered-into-force"}), "channel": Channel.EMAIL, "address": "b@example.org"}
        subscribers.insert_subscription(connection, Subscription(**wish, **entry))

    def take_in(moment):
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=outbox.enqueue_alerts)
        sync(engine, [], how, moment=moment)

    def deliver(moment):
        return sending.deliver_due(engine, lambda: moment, channels, "w", site=SITE, jitter=lambda: 0.0).sent

    def turn(moment):
        change_log.run_day_turn(engine, moment.date(), moment=moment, announce=outbox.enqueue_alerts)

    first = EVE + timedelta(days=1)
    turn(first)
    take_in(first)
    assert deliver(first) == 2
    assert len(receiver.calls) == 1
    for again in range(1, 4):
        turn(first + timedelta(hours=again))
        take_in(first + timedelta(hours=again))
        assert deliver(first + timedelta(hours=again)) == 0
    eve, day = datetime(2003, 9, 28, 1, tzinfo=UTC), datetime(2003, 9, 29, 1, tzinfo=UTC)
    turn(eve)
    assert deliver(eve) == 0
    for _ in range(2):
        turn(day)
        deliver(day)
    forty, in_force = [message_from_bytes(content, policy=SMTP) for _, content in inbox.letters]
    assert "40 parties (was 39)" in forty["Subject"]
    assert "in force since 29 September 2003" in in_force["Subject"]
    assert "On the 90th day after the date of deposit (1 July 2003): 29 September 2003" in " ".join(
        in_force.get_body(("plain",)).get_content().split()
    )
