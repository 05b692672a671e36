"""From a change to a message: decided once, sent once, tried again, stopped when it is of no use."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from tests.support.alert_story import CODES, FORTIETH, NOW, SITE, content, history, letters
from tests.support.builders import ratified, withdrew
from tracker.alerts import deliveries, outbox, sending
from tracker.alerts.deliveries import DeliveryState
from tracker.alerts.subscribers import Channel, Frequency, SubscriptionState
from tracker.errors import TryLater, Undeliverable
from tracker.storage import repository
from tracker.storage.database import read_transaction, write_transaction

LATER = NOW + timedelta(hours=1)
FORTY = {"instrument": "untoc", "condition": "reaches", "number": 40, "level": 40}


def waiting(engine, id):
    with read_transaction(engine) as connection:
        return [each for each in deliveries.delivery_history(connection, id) if each.state is DeliveryState.WAITING]


def test_forty_parties_are_told_by_one_letter_and_one_signed_call_and_never_again(
    record, subscribed, deliver, inbox, receiver
):
    subscribed(**FORTY)
    subscribed(**FORTY, channel=Channel.WEBHOOK, address=receiver.url)
    record([FORTIETH])
    assert deliver().sent == 2
    (letter,) = letters(inbox)
    assert letter["Subject"] == "UNTOC: 40 parties (was 39)"
    assert letter["To"] == "someone@example.org"
    for part in ("plain", "html"):
        assert "UNTOC: 40 parties (was 39)." in content(letter, part)
        assert f"{SITE}/instruments/untoc?as_of=2003-07-01" in content(letter, part)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].startswith(f"<{SITE}/unsubscribe/")
    ((path, headers, given),) = receiver.calls
    assert path == "/hook"
    told = json.loads(given)
    assert told["changes"][0]["after"] == "40"
    expected = hmac.new(b"a shared secret", headers["Tracker-Timestamp"].encode() + b"." + given, "sha256").hexdigest()
    assert headers["Tracker-Signature"] == f"sha256={expected}"
    assert headers["Idempotency-Key"] == told["id"] == headers["ce-id"]
    assert (headers["ce-specversion"], headers["ce-type"], headers["ce-source"], headers["ce-subject"]) == (
        "1.0", "treaty-tracker.alert.change", SITE, "untoc",
    )  # fmt: skip
    assert datetime.fromisoformat(headers["ce-time"]) == NOW
    record([FORTIETH])
    record([ratified(CODES[40], "untoc", "2003-07-02")])
    assert deliver(LATER + timedelta(days=2)).sent == 0
    assert len(inbox.letters) == len(receiver.calls) == 1


def test_announcing_the_same_changes_again_decides_nothing(record, subscribed, engine, deliver, inbox):
    subscribed(**FORTY)
    kept = []

    def keep(connection, changes, moment):
        kept.extend(changes)
        outbox.enqueue_alerts(connection, changes, moment)

    record([FORTIETH], announce=keep)
    with write_transaction(engine) as connection:
        outbox.enqueue_alerts(connection, kept, NOW + timedelta(minutes=30))
    assert deliver().sent == 1


def test_a_change_and_the_decision_to_tell_are_one_transaction(record, subscribed, engine):
    id = subscribed(**FORTY)

    def breaks(connection, changes, moment):
        outbox.enqueue_alerts(connection, changes, moment)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        record([FORTIETH], announce=breaks)
    assert history(engine, id) == []


def test_a_decision_cannot_be_doubled(record, subscribed, engine):
    id = subscribed(**FORTY)
    record([FORTIETH])
    (delivery,) = history(engine, id)
    with write_transaction(engine) as connection:
        (change,) = deliveries.changes_of(connection, delivery.id)
        again = deliveries.Gathering("again", delivery.sort, LATER, [change.key])
        with pytest.raises(IntegrityError):
            deliveries.gather(connection, {id: again}, LATER)


@pytest.mark.parametrize(
    "resting",
    [
        SubscriptionState.UNCONFIRMED,
        SubscriptionState.PAUSED,
        SubscriptionState.STOPPED,
        SubscriptionState.UNSUBSCRIBED,
    ],
)
def test_only_an_active_subscription_hears_anything(record, subscribed, deliver, resting):
    subscribed(**FORTY, state=resting, confirmed_at=None if resting is SubscriptionState.UNCONFIRMED else NOW)
    record([FORTIETH])
    assert deliver().seen == set()


def test_what_was_recorded_before_it_was_confirmed_is_not_told(record, subscribed, deliver):
    subscribed(confirmed_at=NOW + timedelta(minutes=1))
    record([FORTIETH])
    assert deliver(NOW + timedelta(days=1)).seen == set()


def test_the_loading_of_history_tells_nobody(subscribed, record, deliver):
    subscribed(confirmed_at=NOW - timedelta(days=9))
    assert deliver().seen == set()


def test_a_correction_of_the_day_does_not_repeat_the_alert(record, subscribed, deliver, inbox):
    subscribed(**FORTY)
    record([FORTIETH])
    assert deliver().sent == 1
    record([ratified(CODES[39], "untoc", "2003-06-30")])
    assert deliver(LATER).sent == 0


def test_a_retraction_sends_a_correction_to_those_who_were_told_and_to_no_other(record, subscribed, deliver, inbox):
    told = subscribed(**FORTY)
    subscribed(**FORTY | {"number": 41, "level": 41}, address="other@example.org")
    record([FORTIETH])
    deliver()
    record(retracted=[FORTIETH])
    assert deliver(LATER).sent == 1
    letter = letters(inbox)[1]
    assert letter["To"] == "someone@example.org"
    assert letter["Subject"] == "Correction: UNTOC: 39 parties (was 40)"
    assert "This message corrects an earlier one." in content(letter)
    assert told


def test_what_is_recorded_again_after_a_retraction_is_not_told_twice(record, subscribed, deliver):
    subscribed(**FORTY)
    record([FORTIETH])
    record(retracted=[FORTIETH])
    record([FORTIETH])
    assert deliver(LATER).sent == 2  # the alert and its correction


def test_a_withdrawal_is_news_and_no_correction(record, subscribed, deliver, inbox):
    subscribed(**FORTY)
    subscribed(kinds=frozenset({"parties"}), address="other@example.org")
    record([FORTIETH])
    deliver()
    record([withdrew(CODES[0], "untoc", "2003-07-02", effective_on="2003-07-02")])
    assert deliver(LATER).sent == 1
    assert letters(inbox)[-1]["Subject"] == "UNTOC: 39 parties (was 40)"


def test_a_digest_gathers_a_day_and_is_sent_as_it_ends(record, subscribed, deliver, inbox, engine):
    id = subscribed(instrument="untoc", kinds=frozenset({"act-recorded"}), pace=Frequency.DAILY)
    record([FORTIETH])
    record([ratified(CODES[40], "untoc", "2003-07-02")])
    assert deliver(datetime(2003, 7, 2, 23, 59, tzinfo=UTC)).seen == set()
    assert deliver(datetime(2003, 7, 3, tzinfo=UTC)).sent == 1
    (letter,) = letters(inbox)
    assert letter["Subject"] == "2 changes since 2 July 2003"
    assert content(letter).count(": ratification – UNTOC, ") == 2
    assert content(letter, "html").count(": ratification – UNTOC, ") == 2
    assert len(history(engine, id)) == 1


def test_a_weekly_digest_ends_with_the_sunday(record, subscribed, engine):
    id = subscribed(pace=Frequency.WEEKLY)
    record([FORTIETH])
    (delivery,) = history(engine, id)
    assert (delivery.key, delivery.due_at) == ("weekly:2003-W27.1", datetime(2003, 7, 7, tzinfo=UTC))


def test_what_comes_after_a_digest_was_begun_goes_into_another(record, subscribed, deliver, engine):
    id = subscribed(kinds=frozenset({"act-recorded"}), pace=Frequency.DAILY)
    record([FORTIETH])
    assert deliver(datetime(2003, 7, 3, tzinfo=UTC)).sent == 1
    record([ratified(CODES[40], "untoc", "2003-07-02")], moment=datetime(2003, 7, 2, 23, 59, tzinfo=UTC))
    assert [each.key for each in waiting(engine, id)] == ["daily:2003-07-02.2"]


# -- trouble ---------------------------------------------------------------------------------------


def failing(trouble):
    def send(to, message, moment):
        raise trouble

    return {Channel.EMAIL: send, Channel.WEBHOOK: send}


def test_a_failure_that_may_pass_is_tried_again_after_twice_the_time(record, subscribed, deliver, engine):
    id = subscribed(**FORTY)
    record([FORTIETH])
    moment, waits = LATER, []
    for _ in range(11):
        assert deliver(moment, channels=failing(TryLater("busy"))).later == 1
        (delivery,) = waiting(engine, id)
        assert deliver(delivery.due_at - timedelta(seconds=1)).seen == set()
        waits.append((delivery.due_at - moment).total_seconds() / 60)
        moment = delivery.due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert deliver(moment).sent == 1


def test_jitter_lengthens_a_wait_by_up_to_half(record, subscribed, deliver, engine):
    id = subscribed(**FORTY)
    record([FORTIETH])
    deliver(LATER, channels=failing(TryLater("busy")), jitter=lambda: 1.0)
    assert waiting(engine, id)[0].due_at == LATER + timedelta(seconds=90)


def test_a_receiver_may_ask_for_a_longer_wait(record, subscribed, deliver, engine, receiver):
    id = subscribed(**FORTY, channel=Channel.WEBHOOK, address=receiver.url)
    record([FORTIETH])
    receiver.status, receiver.headers = 503, {"Retry-After": "1800"}
    assert deliver(LATER).later == 1
    assert waiting(engine, id)[0].due_at == LATER + timedelta(minutes=30)


def test_a_receiver_that_never_answers_is_given_up_after_two_days_and_the_subscription_says_so(
    record, subscribed, deliver, engine, state
):
    id = subscribed(**FORTY)
    record([FORTIETH])
    moment = LATER
    while found := waiting(engine, id):
        moment = max(moment, found[0].due_at)
        deliver(moment, channels=failing(TryLater("nobody there")))
    assert timedelta(days=1) < moment - LATER < timedelta(days=4)
    assert state(id).state is SubscriptionState.STOPPED
    assert state(id).stopped_why == "After 16 tries: nobody there"


def test_a_refused_recipient_stops_the_subscription_at_once(record, subscribed, deliver, inbox, state):
    id = subscribed(**FORTY)
    record([FORTIETH])
    inbox.recipient_answer = "550 No such user here"
    assert deliver().failed == 1
    assert state(id).state is SubscriptionState.STOPPED
    assert state(id).stopped_why == "The mail server answered 550 No such user here"
    record([ratified(CODES[40], "untoc", "2003-07-02")])
    assert deliver(LATER).seen == set()


@pytest.mark.parametrize("setting", ["recipient_answer", "answer"])
def test_a_mail_server_that_is_busy_is_tried_again(record, subscribed, deliver, inbox, setting):
    subscribed(**FORTY)
    record([FORTIETH])
    setattr(inbox, setting, "451 Try again")
    assert deliver(LATER).later == 1
    setattr(inbox, setting, "250 OK")
    assert deliver(LATER + timedelta(minutes=1)).sent == 1


def test_a_letter_refused_for_what_it_is_stops_nobody(record, subscribed, deliver, inbox, state):
    id = subscribed(**FORTY)
    record([FORTIETH])
    inbox.answer = "554 Our own server will not have it"
    assert deliver().later == 1
    assert state(id).state is SubscriptionState.ACTIVE


def test_a_receiver_that_is_gone_stops_the_subscription_at_once(record, subscribed, deliver, receiver, state):
    id = subscribed(**FORTY, channel=Channel.WEBHOOK, address=receiver.url)
    record([FORTIETH])
    receiver.status = 410
    assert deliver().failed == 1
    assert state(id).stopped_why == "The receiver answered 410."


def test_a_receiver_is_believed_when_it_has_refused_five_times(record, subscribed, deliver, receiver, state, engine):
    id = subscribed(**FORTY, channel=Channel.WEBHOOK, address=receiver.url)
    record([FORTIETH])
    receiver.status, moment = 404, LATER
    for _ in range(4):
        assert deliver(moment).later == 1
        moment = waiting(engine, id)[0].due_at
    assert state(id).state is SubscriptionState.ACTIVE
    assert deliver(moment).failed == 1
    assert state(id).state is SubscriptionState.STOPPED


def test_a_failure_of_our_own_is_noted_raised_and_keeps_nobody_else_waiting(record, subscribed, deliver, engine):
    broken, fine = subscribed(**FORTY), subscribed(**FORTY, address="other@example.org")
    record([FORTIETH])

    def send(to, message, moment):
        if to.id == broken:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deliver(LATER, channels={Channel.EMAIL: send})
    assert waiting(engine, broken)[0].problem == "This program failed."
    assert waiting(engine, fine) == []


def test_every_attempt_is_on_record_before_it_is_made(record, subscribed, deliver, engine):
    id = subscribed(**FORTY)
    record([FORTIETH])
    seen = []

    def look(to, message, moment):
        with read_transaction(engine) as connection:
            seen.extend(deliveries.delivery_attempts(connection, [deliveries.delivery_history(connection, id)[0].id]))
        raise TryLater("busy")

    deliver(LATER, channels={Channel.EMAIL: look})
    deliver(LATER + timedelta(minutes=1))
    with read_transaction(engine) as connection:
        kept = deliveries.delivery_attempts(connection, [deliveries.delivery_history(connection, id)[0].id])
    assert [(each.number, each.ended_at) for each in seen] == [(1, None)]
    assert [(each.number, each.outcome, each.detail) for each in kept] == [(1, "later", "busy"), (2, "sent", "")]


# -- claims ----------------------------------------------------------------------------------------


def claimed(connection, worker):
    ids = [each.id for each in deliveries.due(connection, LATER, 10)]
    return deliveries.claim(connection, ids, LATER, LATER + sending.CLAIM, worker)


def test_a_claim_is_respected_until_it_expires_and_then_taken_over(record, subscribed, deliver, engine):
    subscribed(**FORTY)
    record([FORTIETH])
    with write_transaction(engine) as connection:
        assert claimed(connection, "one that dies")
    assert deliver(LATER + sending.CLAIM - timedelta(seconds=1), worker="two").seen == set()
    assert deliver(LATER + sending.CLAIM, worker="two").sent == 1


def test_who_comes_back_after_the_claim_was_taken_over_changes_nothing(record, subscribed, deliver, engine):
    id = subscribed(**FORTY)
    record([FORTIETH])
    with write_transaction(engine) as connection:
        (slow,) = claimed(connection, "slow")
    assert deliver(LATER + sending.CLAIM, worker="two").sent == 1
    with write_transaction(engine) as connection:
        assert not deliveries.settle(
            connection, slow, LATER, state=DeliveryState.FAILED, outcome="refused", detail="late"
        )
    assert history(engine, id)[0].state is DeliveryState.SENT


def test_two_workers_at_once_send_each_message_once(record, subscribed, engine, channels, receiver):
    for number in range(12):
        subscribed(**FORTY, channel=Channel.WEBHOOK, address=f"{receiver.url}?{number}")
    record([FORTIETH])
    ready, reports = Barrier(2), []

    def work(name):
        ready.wait()
        reports.append(sending.deliver_due(engine, lambda: LATER, channels, name, site=SITE, jitter=lambda: 0.0))

    workers = [Thread(target=work, args=(name,)) for name in ("one", "two")]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sum(report.sent for report in reports) == 12
    assert len(receiver.keys) == len(set(receiver.keys)) == 12


# -- the calendar ----------------------------------------------------------------------------------


def test_an_entry_into_force_is_counted_down_to_once(record, subscribed, deliver, engine, inbox):
    subscribed(instrument="untoc", condition="days-before", number=30)
    record([FORTIETH])  # fixes 29 September 2003
    full = repository.load_ledger(engine)
    for day, tells in [(29, 0), (30, 1), (31, 0)]:
        moment = datetime(2003, 8, day, 1, tzinfo=UTC)
        outbox.enqueue_countdowns(engine, full.as_of(moment.date()), moment)
        assert deliver(moment).sent == tells
    (letter,) = letters(inbox)
    assert letter["Subject"] == "UNTOC: entry into force in 30 days (29 September 2003)"


def test_a_countdown_that_was_missed_is_made_up_with_the_days_left(record, subscribed, deliver, engine, inbox):
    subscribed(condition="days-before", number=30)
    record([FORTIETH])
    moment = datetime(2003, 9, 28, tzinfo=UTC)
    outbox.enqueue_countdowns(engine, repository.load_ledger(engine).as_of(moment.date()), moment)
    assert deliver(moment).sent == 1
    assert "in 1 day" in letters(inbox)[0]["Subject"]


def test_undeliverable_is_final_unless_it_says_otherwise():
    assert Undeliverable("no").final


# -- slow receivers --------------------------------------------------------------------------------


def ticking(moment, step):
    """A clock that goes on by a step each time it is looked at."""
    moments = (moment + number * step for number in range(10_000))
    return lambda: next(moments)


def test_each_call_is_signed_at_its_own_moment(record, subscribed, engine, channels, receiver):
    for number in range(6):  # more than are sent to one place at a time
        subscribed(**FORTY, channel=Channel.WEBHOOK, address=f"{receiver.url}?{number}")
    record([FORTIETH])
    clock = ticking(LATER, timedelta(seconds=1))
    sending.deliver_due(engine, clock, channels, "w", site=SITE, jitter=lambda: 0.0)
    stamps = sorted(int(headers["Tracker-Timestamp"]) for _, headers, _ in receiver.calls)
    assert len(stamps) == 6
    assert stamps[-1] - stamps[0] >= 5


def test_a_run_begins_nothing_after_a_while(record, subscribed, engine, channels, receiver):
    for number in range(40):
        subscribed(**FORTY, channel=Channel.WEBHOOK, address=f"{receiver.url}?{number}")
    record([FORTIETH])
    clock = ticking(LATER, timedelta(seconds=10))
    report = sending.deliver_due(engine, clock, channels, "w", site=SITE, jitter=lambda: 0.0)
    assert 1 <= report.sent < 20


def test_a_run_begins_nothing_once_it_is_told_to_stop(record, subscribed, engine, channels, receiver):
    for number in range(3):
        subscribed(**FORTY, channel=Channel.WEBHOOK, address=f"{receiver.url}?{number}")
    record([FORTIETH])
    report = sending.deliver_due(
        engine, lambda: LATER, channels, "w", site=SITE, jitter=lambda: 0.0, goes_on=lambda: not receiver.calls
    )
    assert (report.sent, len(receiver.calls)) == (1, 1)
