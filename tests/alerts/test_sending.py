"""Many messages at once: one receiver that hangs keeps nobody else waiting, and each gets its turn."""

import socket
from datetime import timedelta
from threading import Event, Lock

import pytest

from tests.support.alert_story import FORTIETH, NOW, SITE
from tracker.alerts import deliveries, sending, subscribers
from tracker.alerts.deliveries import DueDelivery, MessageType
from tracker.alerts.lanes import FAILURES, FIRST_REST, MAIL, MAX_LETTERS, MAX_ON_THE_WAY, KnownHosts, Lanes, Plan
from tracker.alerts.subscribers import Channel, SubscriptionState
from tracker.alerts.webhook import WebhookSender
from tracker.errors import TryLater, Unreachable
from tracker.storage.database import read_transaction, write_transaction

LATER = NOW + timedelta(hours=1)
PARTIES = {"instrument": "untoc", "condition": "reaches", "number": 40, "level": 40}


def due(number, address, *, confirms=False):
    channel = Channel.WEBHOOK if address.startswith("http") else Channel.EMAIL
    return DueDelivery(number, channel, address, confirms)


def taken(plan, lanes):
    """The numbers of those that go next, until none may."""
    found = []
    while one := plan.take():
        lanes.begin(one[0])
        found.append(one[1].id)
    return found


def has_answered(lanes, *places):
    for place in places:
        lanes.begin(place)
        lanes.end(place, NOW, reached=True)


# -- whose turn it is ------------------------------------------------------------------------------


def test_each_place_has_its_turn_and_no_place_more_than_its_share():
    lanes = Lanes(40)
    has_answered(lanes, "a.example", "b.example")
    plan = Plan([*(due(n, "https://a.example/") for n in range(10)), due(10, "https://b.example/x")], lanes)
    assert taken(plan, lanes) == [0, 10, 1]
    lanes.end("a.example", NOW, reached=True)
    assert taken(plan, lanes) == [2]
    assert MAX_ON_THE_WAY == 2


def test_alerts_go_before_confirmations():
    lanes = Lanes(40)
    plan = Plan([due(1, "a@example.org", confirms=True), due(2, "b@example.org")], lanes)
    assert taken(plan, lanes) == [2, 1]


def test_hosts_that_have_not_answered_yet_take_no_more_than_half_of_what_may_be_sent_at_once():
    lanes = Lanes(20)
    has_answered(lanes, "good.example")
    strangers = [due(n, f"https://host{n}.example/") for n in range(100)]
    plan = Plan([*strangers, due(100, "https://good.example/"), due(101, "a@example.org")], lanes)
    assert taken(plan, lanes) == [*range(10), 100, 101]


def test_one_address_under_many_names_is_one_place():
    hosts = KnownHosts(lambda host, port: ["203.0.113.7"])
    lanes = Lanes(40, hosts)
    for number in range(30):
        hosts(f"name{number}.example", 443)
    plan = Plan([due(n, f"https://name{n}.example/") for n in range(30)], lanes)
    assert taken(plan, lanes) == [0]
    assert plan.places == {"203.0.113.7"}


def test_a_place_that_could_not_be_reached_three_times_is_left_alone_for_twice_as_long_each_time():
    lanes, moment, rests = Lanes(40), NOW, []
    has_answered(lanes, "x.example")
    for _ in range(FAILURES - 1):
        lanes.begin("x.example")
        lanes.end("x.example", moment, reached=False)
        assert lanes.closed_until("x.example", moment) is None
    for _ in range(3):
        lanes.begin("x.example")
        lanes.end("x.example", moment, reached=False)
        until = lanes.closed_until("x.example", moment)
        rests.append((until - moment) / FIRST_REST)
        moment = until
        assert lanes.closed_until("x.example", moment) is None
    assert rests == [1, 2, 4]
    lanes.begin("x.example")
    assert not lanes.admits("x.example")  # one message shows whether it answers again
    lanes.end("x.example", moment, reached=True)
    has_answered(lanes, "x.example")
    assert lanes.admits("x.example")


def test_letters_are_the_mail_servers_own_lane():
    lanes = Lanes(40)
    plan = Plan([due(n, f"a{n}@host{n}.example") for n in range(20)], lanes)
    assert plan.places == {MAIL}
    assert len(taken(plan, lanes)) == MAX_LETTERS


# -- real receivers --------------------------------------------------------------------------------


@pytest.fixture
def hanging():
    """A web address that takes calls and never answers."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=50)
    yield f"http://localhost:{listening.getsockname()[1]}/"
    listening.close()


def test_a_receiver_that_hangs_keeps_neither_letters_nor_other_receivers_waiting(
    record, subscribed, engine, channels, receiver, inbox, hanging
):
    for number in range(8):
        subscribed(**PARTIES, channel=Channel.WEBHOOK, address=f"{hanging}{number}")
    for number in range(3):
        subscribed(**PARTIES, address=f"reader{number}@example.org")
        subscribed(**PARTIES, channel=Channel.WEBHOOK, address=f"{receiver.url}?{number}")
    record([FORTIETH])
    order, lock = [], Lock()
    webhooks, letters = WebhookSender(private=True, deadline=1.0), channels[Channel.EMAIL]

    def noting(send):
        def sending_(to, message, moment):
            try:
                send(to, message, moment)
            finally:
                with lock:
                    order.append(to.address)

        return sending_

    ways = {Channel.EMAIL: noting(letters), Channel.WEBHOOK: noting(webhooks)}
    report = sending.deliver_due(engine, lambda: LATER, ways, "w", site=SITE, jitter=lambda: 0.0)
    assert (report.sent, len(receiver.calls), len(inbox.letters)) == (6, 3, 3)
    first = next(place for place, address in enumerate(order) if address.startswith(hanging))
    assert first == 6  # the eight that hang are tried one after the other, after all others have arrived
    tried = [address for address in order if address.startswith(hanging)]
    assert len(tried) == FAILURES  # and the rest are left alone, without having used up a try
    with read_transaction(engine) as connection:
        rest = [row for id in range(1, 9) for row in deliveries.delivery_history(connection, id) if not row.tries]
    assert {(each.due_at, each.attempt) for each in rest} == {(LATER + FIRST_REST, 0)}
    assert all("left alone" in each.problem for each in rest)


def test_no_subscription_waits_for_all_of_anothers_messages(subscribed, engine, receiver):
    many, one = (subscribed(channel=Channel.WEBHOOK, address=f"{receiver.url}?{name}") for name in ("many", "one"))
    with write_transaction(engine) as connection:
        for number in range(30):
            deliveries.enqueue(connection, many, key=str(number), sort=MessageType.TEST, moment=NOW, due_at=NOW)
        deliveries.enqueue(connection, one, key="x", sort=MessageType.TEST, moment=LATER, due_at=LATER)
        planned = [each.id for each in deliveries.due(connection, LATER, 100)]
    assert planned.index(31) == 1
    report = sending.deliver_due(
        engine, lambda: LATER, {Channel.WEBHOOK: WebhookSender(private=True)}, "w", site=SITE, jitter=lambda: 0.0
    )
    assert report.sent == len(set(receiver.keys)) == 31


def test_what_falls_due_while_another_message_is_on_its_way_is_sent_too(record, subscribed, engine, inbox, channels):
    first, arrived = subscribed(address="first@example.org"), Event()
    second = subscribed(address="second@example.org")
    with write_transaction(engine) as connection:
        deliveries.enqueue(connection, first, key="a", sort=MessageType.TEST, moment=NOW, due_at=NOW)

    def send(to, message, moment):
        if to.id == first:
            with write_transaction(engine) as connection:
                deliveries.enqueue(connection, second, key="b", sort=MessageType.TEST, moment=NOW, due_at=NOW)
            assert arrived.wait(timeout=30)
        else:
            arrived.set()

    report = sending.deliver_due(engine, lambda: LATER, {Channel.EMAIL: send}, "w", site=SITE, jitter=lambda: 0.0)
    assert report.sent == 2


@pytest.mark.parametrize("trouble", [TryLater("busy"), Unreachable("nobody there")])
def test_an_address_that_nobody_confirmed_is_tried_four_times_within_the_hour(subscribed, engine, state, trouble):
    id = subscribed(state=SubscriptionState.UNCONFIRMED, confirmed_at=None)
    with write_transaction(engine) as connection:
        deliveries.enqueue(connection, id, key="c", sort=MessageType.CONFIRM, moment=NOW, due_at=NOW)

    def send(*_):
        raise trouble

    moment, tries = NOW, 0
    for _ in range(20):
        report = sending.deliver_due(
            engine, lambda at=moment: at, {Channel.EMAIL: send}, "w", site=SITE, jitter=lambda: 0.0
        )
        tries += report.later + report.failed
        with read_transaction(engine) as connection:
            (delivery,) = deliveries.delivery_history(connection, id)
        moment = delivery.due_at
    assert (tries, delivery.problem) == (4, f"After 4 tries: {trouble}")
    assert moment - NOW < timedelta(hours=1)
    assert state(id).state is SubscriptionState.UNCONFIRMED


def test_a_run_that_ends_in_trouble_leaves_no_lane_taken(subscribed, engine, monkeypatch):
    id, lanes = subscribed(), Lanes(2)
    with write_transaction(engine) as connection:
        deliveries.enqueue(connection, id, key="t", sort=MessageType.TEST, moment=NOW, due_at=NOW)

    def breaks(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(sending.deliveries, "settle", breaks)
    with pytest.raises(RuntimeError):
        sending.deliver_due(
            engine, lambda: LATER, {Channel.EMAIL: lambda *_: None}, "w", site=SITE, jitter=lambda: 0.0, lanes=lanes
        )
    assert not lanes.full
    with read_transaction(engine) as connection:
        assert subscribers.subscription(connection, id).state is SubscriptionState.ACTIVE
        assert deliveries.due(connection, LATER + sending.CLAIM, 10)
