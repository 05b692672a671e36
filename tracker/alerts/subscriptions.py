"""Subscribing, confirming, managing and unsubscribing; the form behind it, and the secret links."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Engine

from tracker.alerts import deliveries as queues
from tracker.alerts import subscribers
from tracker.alerts.address_safety import check_email, check_url, normalized_mailbox
from tracker.alerts.deliveries import Delivery, DeliveryAttempt, MessageType
from tracker.alerts.matching import GROUPS, AlertCondition
from tracker.alerts.subscribers import Channel, Frequency, LinkPurpose, Subscription, SubscriptionState, Transaction
from tracker.errors import BadQuestion, NoSuchLink, NotFound, TooMany
from tracker.law.changes import Change, ChangeKind
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.storage.database import read_transaction, write_transaction

LINK_LIFETIME = {
    LinkPurpose.CONFIRM: timedelta(days=7)
}  # the others until they are pruned, the newest as long as the subscription
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def create_link_token(connection: Transaction, subscription: int, purpose: LinkPurpose, moment: datetime) -> str:
    """A new token that opens the subscription for this purpose; those before it go on working."""
    token = secrets.token_urlsafe(32)
    subscribers.add_link(connection, subscription, purpose, _digest(token), moment)
    return token


def resolve_link_token(connection: Transaction, token: str, purpose: LinkPurpose, moment: datetime) -> int:
    """The number of the subscription that the token opens for this purpose; NoSuchLink if it opens none (any more)."""
    if _TOKEN.fullmatch(token):
        digest = _digest(token)
        for kept, subscription, made_at in subscribers.links_for_digest(connection, purpose, digest):
            fresh = purpose not in LINK_LIFETIME or moment < made_at + LINK_LIFETIME[purpose]
            if hmac.compare_digest(kept, digest) and fresh:
                return subscription
    raise NoSuchLink


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


MAX_LEVELS = {AlertCondition.REACHES: 1000, AlertCondition.TO_GO: 999, AlertCondition.COUNTDOWN: 366}
_OF_INSTRUMENTS = (
    AlertCondition.REACHES,
    AlertCondition.TO_GO,
    AlertCondition.THRESHOLD,
    AlertCondition.DATE,
    AlertCondition.COUNTDOWN,
)

Form = Mapping[str, str]
Choice = TypeVar("Choice", bound=StrEnum)


def parse_subscription(
    form: Form, kinds: Collection[str], ledger: Ledger, moment: datetime, *, private: bool
) -> Subscription:
    """The subscription that a form asks for, not yet confirmed. `private` lets webhooks lead inside a network."""
    channel = _one_of(Channel, form.get("channel", ""), "way of being told")
    address = form.get("address", "")
    to = check_email(address) if channel is Channel.EMAIL else check_url(address, private=private)
    return Subscription(
        made_at=moment,
        channel=channel,
        address=to,
        secret=secrets.token_urlsafe(32) if channel is Channel.WEBHOOK else "",
        instrument=_known(form, "instrument", lambda name: ledger.instrument(name).id),
        participant=_known(form, "participant", lambda name: ledger.participant(name).code),
        body=_known(form, "body", lambda name: ledger.body(name).id),
        **parse_conditions(form, kinds, ledger),
    )


def parse_conditions(form: Form, kinds: Collection[str], ledger: Ledger) -> dict[str, Any]:
    """Of what, on which condition and how soon: what may be changed afterwards, too."""
    name = form.get("condition", "")
    condition = _one_of(AlertCondition, name, "condition") if name else None
    number = _number(form.get("number", ""), condition) if condition and condition.numbered else 0
    if condition:
        _makes_sense(condition, form)
    elif not kinds:
        raise BadQuestion("Choose one kind of change or more, or a condition.")
    return {
        "pace": _one_of(Frequency, form.get("pace") or Frequency.IMMEDIATE.value, "pace"),
        "kinds": frozenset() if condition else _kinds(kinds),
        "condition": condition.value if condition else "",
        "number": number,
        "level": _level(condition, number, form.get("instrument", "").strip(), ledger),
    }


def _known(form: Form, field: str, proper: Callable[[str], str]) -> str:
    name = form.get(field, "").strip()
    if field == "body" and name and form.get("instrument", "").strip():
        raise BadQuestion("Choose an instrument or a body, not both: a body's judgements are not about an instrument.")
    try:
        return proper(name) if name else ""
    except NotFound as lack:
        raise BadQuestion(str(lack)) from lack


def _makes_sense(condition: AlertCondition, form: Form) -> None:
    if condition in _OF_INSTRUMENTS and (form.get("participant") or form.get("body")):
        raise BadQuestion("That condition is about an instrument: leave participant and body open.")
    if condition is AlertCondition.TO_GO and not form.get("instrument"):
        raise BadQuestion("Choose the instrument that has so many to go.")
    if condition is AlertCondition.ACTS and (form.get("body") or not form.get("participant")):
        raise BadQuestion("Choose the participant whose acts you want to hear of, and leave the body open.")


def _number(text: str, condition: AlertCondition) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_LEVELS[condition]):
        raise BadQuestion(f"Give a whole number from 1 to {MAX_LEVELS[condition]}.")
    return int(text)


def _level(condition: AlertCondition | None, number: int, instrument: str, ledger: Ledger) -> int:
    """The count at which a condition on a count is met; 0 for any other."""
    if condition is AlertCondition.REACHES:
        return number
    if condition is not AlertCondition.TO_GO:
        return 0
    required = entry_into_force(ledger, ledger.instrument(instrument).id).threshold.required
    if required is None or required <= number:
        raise BadQuestion(f"The terms of this instrument state no number of deposits greater than {number}.")
    return required - number


def _kinds(names: Collection[str]) -> frozenset[str]:
    """Kinds by their own names or those of their groups."""
    known = {kind.value: frozenset({kind.value}) for kind in ChangeKind}
    known |= {group: frozenset(kind.value for kind in kinds) for group, (_, kinds) in GROUPS.items()}
    for name in names:
        if name not in known:
            raise BadQuestion(f"'{name[:40]}' is not a kind of change.")
    return frozenset().union(*(known[name] for name in names))


def _one_of(kind: type[Choice], name: str, what: str) -> Choice:
    try:
        return kind(name)
    except ValueError:
        raise BadQuestion(f"'{name[:40]}' is not a {what}.") from None


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_CLIENT, BY_MAILBOX, BY_HOST = 20, 3, 10  # sign-ups an hour from one place; a day to one mailbox, to one host
ON_REQUEST = 5  # test messages, and replays, an hour for one subscription
UNCONFIRMED = timedelta(days=8)  # kept so long: a day longer than the link works


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What came of a sign-up: the same for whoever asks, whether there was such a subscription or not."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A delivery with what it told and how its attempts went."""

    delivery: Delivery
    changes: tuple[Change, ...]
    attempts: tuple[DeliveryAttempt, ...]


# -- signing up ------------------------------------------------------------------------------------


def subscribe(engine: Engine, wish: Subscription, client: str, moment: datetime) -> Subscribed:
    """Keep a wish and have its address asked to confirm it; TooMany if that was asked too often.

    `client` is the network address of whoever asks. Who asks again for what is there already is not
    told so: the address gets the link to it instead.
    """
    with write_transaction(engine) as connection:
        _limit(connection, f"client {_place(client)}", BY_CLIENT, HOUR, moment)
        _limit(connection, *_reached(wish), DAY, moment)
        subscribers.delete_unconfirmed(connection, moment - UNCONFIRMED)
        known = subscribers.find_duplicate(connection, wish)
        id = known.id if known else subscribers.insert_subscription(connection, wish)
        sort = (
            MessageType.CONFIRM if known is None or known.state is SubscriptionState.UNCONFIRMED else MessageType.LINK
        )
        queues.enqueue(connection, id, key=f"{sort}:{moment.isoformat()}", sort=sort, moment=moment, due_at=moment)
        return Subscribed(subscribers.subscription(connection, id))


def confirm(engine: Engine, token: str, moment: datetime) -> str:
    """Begin to tell the subscription, and answer a token to manage it with; doing it again changes nothing."""
    with write_transaction(engine) as connection:
        id = resolve_link_token(connection, token, LinkPurpose.CONFIRM, moment)
        if subscribers.subscription(connection, id).state is SubscriptionState.UNCONFIRMED:
            subscribers.update_subscription(connection, id, state=SubscriptionState.ACTIVE, confirmed_at=moment)
        return create_link_token(connection, id, LinkPurpose.MANAGE, moment)


def subscription_for_link(engine: Engine, token: str, purpose: LinkPurpose, moment: datetime) -> Subscription:
    """The subscription that a link opens; NoSuchLink if it opens none."""
    with read_transaction(engine) as connection:
        return subscribers.subscription(connection, resolve_link_token(connection, token, purpose, moment))


# -- looking after it ------------------------------------------------------------------------------


def sent_messages(engine: Engine, subscription: int, limit: int = 30) -> list[SentMessage]:
    """What was sent to a subscription or waits for it, newest first, with every attempt."""
    with read_transaction(engine) as connection:
        deliveries = queues.delivery_history(connection, subscription, limit)
        tried = queues.delivery_attempts(connection, [each.id for each in deliveries])
        return [
            SentMessage(
                each,
                queues.changes_of(connection, each.id),
                tuple(attempt for attempt in tried if attempt.delivery == each.id),
            )
            for each in deliveries
        ]


def pause(engine: Engine, token: str, moment: datetime) -> None:
    """Tell it nothing until it is resumed; what changes meanwhile it will not hear of."""
    with _managed(engine, token, moment) as (connection, owner):
        if owner.state is SubscriptionState.ACTIVE:
            subscribers.update_subscription(connection, owner.id, state=SubscriptionState.PAUSED)


def resume(engine: Engine, token: str, moment: datetime) -> None:
    """Tell it again, from now on; BadQuestion if it was never confirmed."""
    with _managed(engine, token, moment) as (connection, owner):
        if owner.confirmed_at is None:
            raise BadQuestion("It must be confirmed first: open the link in the message that was sent to its address.")
        subscribers.update_subscription(connection, owner.id, state=SubscriptionState.ACTIVE, stopped_why="")


def update_conditions(engine: Engine, token: str, moment: datetime, **fields: Any) -> None:
    """Change of what, on which condition or how soon it hears; never its address."""
    with _managed(engine, token, moment) as (connection, owner):
        subscribers.update_subscription(connection, owner.id, **fields)


def delete(engine: Engine, token: str, moment: datetime) -> None:
    """Delete the subscription, its address, its history and its links."""
    with _managed(engine, token, moment) as (connection, owner):
        subscribers.delete_subscription(connection, owner.id)


def send_test_message(engine: Engine, token: str, moment: datetime) -> None:
    """Have a test message sent; BadQuestion before it is confirmed, TooMany if asked too often."""
    with _managed(engine, token, moment) as (connection, owner):
        if owner.state in (SubscriptionState.UNCONFIRMED, SubscriptionState.UNSUBSCRIBED):
            raise BadQuestion("A test message goes only to a confirmed subscription.")
        _limit(connection, f"test {owner.id}", ON_REQUEST, HOUR, moment)
        key = f"test:{moment.isoformat()}"
        queues.enqueue(connection, owner.id, key=key, sort=MessageType.TEST, moment=moment, due_at=moment)


def resend(engine: Engine, token: str, delivery: int, moment: datetime) -> None:
    """Have a delivery sent again, under its own key; NotFound for one that is not there or still waits."""
    with _managed(engine, token, moment) as (connection, owner):
        _limit(connection, f"replay {owner.id}", ON_REQUEST, HOUR, moment)
        if not queues.requeue(connection, owner.id, delivery, moment):
            raise NotFound("settled delivery", str(delivery))


def unsubscribe(engine: Engine, token: str, moment: datetime) -> Subscription:
    """End the subscription by the link that every message carries; what still waits is dropped."""
    with write_transaction(engine) as connection:
        id = resolve_link_token(connection, token, LinkPurpose.UNSUBSCRIBE, moment)
        subscribers.update_subscription(connection, id, state=SubscriptionState.UNSUBSCRIBED)
        queues.cancel_pending(connection, id, tuple(MessageType), moment)
        return subscribers.subscription(connection, id)


@contextmanager
def _managed(engine: Engine, token: str, moment: datetime) -> Iterator[tuple[Transaction, Subscription]]:
    with write_transaction(engine) as connection:
        id = resolve_link_token(connection, token, LinkPurpose.MANAGE, moment)
        yield connection, subscribers.subscription(connection, id)


# -- how often -------------------------------------------------------------------------------------


def _limit(connection: Transaction, what: str, most: int, within: timedelta, moment: datetime) -> None:
    """Note that it was done once more; TooMany if that is once too often. Kept as a hash: it names people."""
    bucket = hashlib.sha256(what.encode()).hexdigest()
    if subscribers.count_events(connection, bucket, moment, within) >= most:
        raise TooMany("That was asked too often. Try again later.")
    subscribers.record_event(connection, bucket, moment, forgetting=moment - DAY)


def _place(client: str) -> str:
    """Where a client is: its IPv4 address, or the network of its IPv6 address, of which it has many."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else client


def _reached(wish: Subscription) -> tuple[str, int]:
    if wish.channel is Channel.EMAIL:
        return f"mailbox {normalized_mailbox(wish.address)}", BY_MAILBOX
    return f"host {urlsplit(wish.address).hostname}", BY_HOST
