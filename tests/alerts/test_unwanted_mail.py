"""Nobody can have somebody else's mailbox filled: limits by mailbox, by place and in all, and a way to say never."""

from datetime import timedelta

import pytest

from tests.support.alert_story import NOW, SITE, content, letters
from tracker.alerts import deliveries, sending, subscribers, subscriptions
from tracker.alerts.sending import EmailSender
from tracker.alerts.subscribers import Channel, LinkPurpose, Subscription, SubscriptionState
from tracker.client_place import NOWHERE, place_of
from tracker.errors import TooMany
from tracker.storage.database import read_transaction


@pytest.fixture
def sign_up(engine):
    """Sign an address up; was it let through?"""

    def ask(address, client="203.0.113.7", moment=NOW, **fields):
        wish = Subscription(made_at=moment, channel=Channel.EMAIL, address=address, **fields)
        try:
            subscriptions.subscribe(engine, wish, client, moment)
        except TooMany:
            return False
        return True

    return ask


def all_letters(engine, inbox, moment=NOW):
    ways = {Channel.EMAIL: EmailSender(inbox.url, "tracker@treaties.example")}
    sending.deliver_due(engine, lambda: moment, ways, "w", site=SITE, jitter=lambda: 0.0)
    return letters(inbox)


# -- where a client is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("203.0.113.9:4711", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:80", "203.0.113.9"), ("[2001:db8:1:2::9]:80", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"), ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"), ("unknown", NOWHERE), ("", NOWHERE), ("203.0.113.9, 10.0.0.1", NOWHERE),
        ("203.0.113.999", NOWHERE), ("_hidden:4711", NOWHERE), ("1.2.3.4:x", NOWHERE),
    ],
)  # fmt: skip
def test_a_clients_place_is_its_address_however_it_is_written_and_no_place_where_it_is_none(address, place):
    assert place_of(address) == place


@pytest.mark.parametrize("client", ["203.0.113.7:{}", "::ffff:203.0.113.7", "[::ffff:203.0.113.7]:{}", "nonsense {}"])
def test_no_spelling_of_an_address_gives_a_new_allowance(sign_up, client):
    answers = [sign_up(f"reader{number}@example.org", client.format(number)) for number in range(30)]
    assert answers == [True] * subscriptions.BY_CLIENT + [False] * (30 - subscriptions.BY_CLIENT)


def test_two_ipv4_clients_of_a_dual_stack_socket_share_no_allowance(sign_up):
    for number in range(subscriptions.BY_CLIENT):
        assert sign_up(f"a{number}@example.org", "::ffff:203.0.113.7")
    assert not sign_up("b@example.org", "::ffff:203.0.113.7")
    assert sign_up("b@example.org", "::ffff:203.0.113.8")


# -- mailboxes -------------------------------------------------------------------------------------


def test_spellings_of_one_mailbox_share_one_allowance(sign_up):
    spellings = ["john@gmail.com", "j.ohn@gmail.com", "j.o.h.n@googlemail.com", "john+1@gmail.com", "JOHN@gmail.com"]
    assert [sign_up(each) for each in spellings] == [True, True, True, False, False]


def test_messages_that_ask_to_confirm_are_limited_in_all(sign_up, monkeypatch):
    monkeypatch.setattr(subscriptions, "IN_ALL", 5)
    places = (f"203.0.113.{number}" for number in range(9))
    answers = [sign_up(f"reader@host{number}.example", place) for number, place in enumerate(places)]
    assert answers == [True] * 5 + [False] * 4
    assert sign_up("late@example.org", moment=NOW + timedelta(hours=1))


# -- never again -----------------------------------------------------------------------------------


def never(engine, letter, moment=NOW):
    """Follow the link in the letter by which its reader says never."""
    link = letter["List-Unsubscribe"].strip("<>")
    assert link in content(letter)
    assert link in content(letter, "html")
    return subscriptions.unsubscribe(engine, link.rpartition("/")[2], moment)


def test_who_says_never_is_never_written_to_again_and_nobody_else_learns_of_it(sign_up, engine, inbox):
    assert sign_up("john@gmail.com", instrument="untoc")
    assert sign_up("j.ohn@googlemail.com", participant="FRA")
    first, second = all_letters(engine, inbox)
    assert "Never write to this address again" in content(first)
    assert never(engine, first).state is SubscriptionState.UNCONFIRMED
    with read_transaction(engine) as connection:
        assert subscribers.list_unconfirmed(connection) == []  # under whatever spelling it was signed up
    later = NOW + timedelta(days=30)
    assert sign_up("JOHN+x@gmail.com", moment=later)  # the answer is the same as to anybody
    assert len(all_letters(engine, inbox, later)) == len([first, second])
    assert sign_up("jane@gmail.com", moment=later)
    assert len(all_letters(engine, inbox, later)) == 3


def test_to_say_never_to_one_request_ends_no_subscription_that_was_confirmed(sign_up, engine, inbox, subscribed, state):
    active = subscribed(address="john@gmail.com")
    assert sign_up("john@gmail.com", instrument="untoc")
    (letter,) = all_letters(engine, inbox)
    never(engine, letter)
    assert state(active).state is SubscriptionState.ACTIVE
    with read_transaction(engine) as connection:
        assert deliveries.due(connection, NOW, 10) == []


def test_the_link_of_a_confirmed_subscription_unsubscribes_and_forbids_nothing(sign_up, engine, subscribed, managing):
    id = subscribed(address="john@gmail.com")
    subscriptions.unsubscribe(engine, managing(id, LinkPurpose.UNSUBSCRIBE), NOW)
    assert sign_up("john@gmail.com")
    with read_transaction(engine) as connection:
        assert len(subscribers.list_unconfirmed(connection)) == 1
