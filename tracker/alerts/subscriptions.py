"""Subscribing, confirming, managing and unsubscribing, and the secret links."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from tracker.alerts import deliveries as queues
from tracker.alerts import subscribers
from tracker.alerts.address_safety import normalized_mailbox
from tracker.alerts.deliveries import Delivery, DeliveryAttempt, MessageType
from tracker.alerts.subscribers import Channel, LinkPurpose, Subscription, SubscriptionState, Transaction
from tracker.client_place import place_of
from tracker.errors import BadQuestion, NoSuchLink, NotFound
from tracker.law.changes import Change
from tracker.messages import message
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.event_counts import count_event

LINK_LIFETIME = {
    LinkPurpose.CONFIRM: timedelta(days=7)
}  # the others until they are pruned, the newest as long as the subscription
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def create_link_token(connection: Transaction, subscription: int, purpose: LinkPurpose, moment: datetime) -> str:
    """A new token that opens the subscription for this purpose; those before it go on working."""
    (token,) = create_link_tokens(connection, [(subscription, purpose)], moment)
    return token


def create_link_tokens(
    connection: Transaction, wanted: Sequence[tuple[int, LinkPurpose]], moment: datetime
) -> list[str]:
    """A new token for each subscription and purpose, in their order."""
    tokens = [secrets.token_urlsafe(32) for _ in wanted]
    rows = [(_digest(token), purpose, owner) for token, (owner, purpose) in zip(tokens, wanted, strict=True)]
    subscribers.add_links(connection, rows, moment)
    return tokens


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


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_CLIENT, BY_MAILBOX, BY_HOST = 20, 3, 10  # sign-ups an hour from one place; a day to one mailbox, to one host
IN_ALL = 300  # messages an hour that ask addresses to confirm, whoever asks for them
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
        count_event(connection, f"client {place_of(client)}", BY_CLIENT, HOUR, moment)
        count_event(connection, *_recipient_limit(wish), DAY, moment)
        if subscribers.is_refused(connection, _digest(_mailbox(wish))):
            return Subscribed(wish)  # nobody but its owner learns that it wants no letters
        subscribers.delete_unconfirmed(connection, moment - UNCONFIRMED)
        known = subscribers.find_duplicate(connection, wish)
        id = known.id if known else subscribers.insert_subscription(connection, wish)
        sort = (
            MessageType.CONFIRM if known is None or known.state is SubscriptionState.UNCONFIRMED else MessageType.LINK
        )
        if sort is MessageType.CONFIRM:
            count_event(connection, "confirmations", IN_ALL, HOUR, moment)
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


def watched_by_address(engine: Engine, owner: Subscription) -> list[Subscription]:
    """Every subscription that the owner's address confirmed and did not end, this one included; none before that."""
    if owner.confirmed_at is None:
        return []
    with read_transaction(engine) as connection:
        return subscribers.confirmed_for_address(connection, owner.channel, owner.address)


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
    with _managed_subscription(engine, token, moment) as (connection, owner):
        if owner.state is SubscriptionState.ACTIVE:
            subscribers.update_subscription(connection, owner.id, state=SubscriptionState.PAUSED)


def resume(engine: Engine, token: str, moment: datetime) -> None:
    """Tell it again, from now on; BadQuestion if it was never confirmed."""
    with _managed_subscription(engine, token, moment) as (connection, owner):
        if owner.confirmed_at is None:
            raise BadQuestion(
                message("It must be confirmed first: open the link in the message that was sent to its address.")
            )
        subscribers.update_subscription(connection, owner.id, state=SubscriptionState.ACTIVE, stopped_why="")
        subscribers.forget_outlook_mark(connection, owner.id)


def update_conditions(engine: Engine, token: str, moment: datetime, **fields: Any) -> None:
    """Change of what, on which condition or how soon it hears; never its address."""
    with _managed_subscription(engine, token, moment) as (connection, owner):
        subscribers.update_subscription(connection, owner.id, **fields)


def delete(engine: Engine, token: str, moment: datetime) -> None:
    """Delete the subscription, its address, its history and its links."""
    with _managed_subscription(engine, token, moment) as (connection, owner):
        subscribers.delete_subscription(connection, owner.id)


def send_test_message(engine: Engine, token: str, moment: datetime) -> None:
    """Have a test message sent; BadQuestion before it is confirmed, TooMany if asked too often."""
    with _managed_subscription(engine, token, moment) as (connection, owner):
        if owner.state in (SubscriptionState.UNCONFIRMED, SubscriptionState.UNSUBSCRIBED):
            raise BadQuestion(message("A test message goes only to a confirmed subscription."))
        count_event(connection, f"test {owner.id}", ON_REQUEST, HOUR, moment)
        key = f"test:{moment.isoformat()}"
        queues.enqueue(connection, owner.id, key=key, sort=MessageType.TEST, moment=moment, due_at=moment)


def resend(engine: Engine, token: str, delivery: int, moment: datetime) -> None:
    """Have a delivery sent again, under its own key; NotFound for one that is not there or still waits."""
    with _managed_subscription(engine, token, moment) as (connection, owner):
        count_event(connection, f"replay {owner.id}", ON_REQUEST, HOUR, moment)
        if not queues.requeue(connection, owner.id, delivery, moment):
            raise NotFound("settled delivery", str(delivery))


def unsubscribe(engine: Engine, token: str, moment: datetime) -> Subscription:
    """End the subscription by the link that every message carries; what still waits is dropped.

    One that was never confirmed was perhaps somebody else's wish: its address is never written to again, unless a
    subscription to it is active.
    """
    with write_transaction(engine) as connection:
        id = resolve_link_token(connection, token, LinkPurpose.UNSUBSCRIBE, moment)
        owner = subscribers.subscription(connection, id)
        if owner.state is SubscriptionState.UNCONFIRMED:
            subscribers.refuse(connection, _digest(_mailbox(owner)), moment)
            for each in subscribers.list_unconfirmed(connection):
                if _mailbox(each) == _mailbox(owner):
                    subscribers.delete_subscription(connection, each.id)
            return owner
        subscribers.update_subscription(connection, id, state=SubscriptionState.UNSUBSCRIBED)
        queues.cancel_pending(connection, id, tuple(MessageType), moment)
        return subscribers.subscription(connection, id)


@contextmanager
def _managed_subscription(engine: Engine, token: str, moment: datetime) -> Iterator[tuple[Transaction, Subscription]]:
    with write_transaction(engine) as connection:
        id = resolve_link_token(connection, token, LinkPurpose.MANAGE, moment)
        yield connection, subscribers.subscription(connection, id)


# -- how often -------------------------------------------------------------------------------------


def _mailbox(wish: Subscription) -> str:
    """Whose address it is: a mailbox however it is written, or a web address."""
    return f"mailbox {normalized_mailbox(wish.address)}" if wish.channel is Channel.EMAIL else wish.address


def _recipient_limit(wish: Subscription) -> tuple[str, int]:
    if wish.channel is Channel.EMAIL:
        return _mailbox(wish), BY_MAILBOX
    return f"host {urlsplit(wish.address).hostname}", BY_HOST
