"""Subscribing, confirming, looking after a subscription, and ending it: one function for each thing people do.

Whoever holds a secret link may do what it is for; there are no accounts. Nobody is told anything before
the address itself has confirmed, and how often an address can be written to by sign-up is limited.
Moments are arguments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from tracker.alerts import tokens
from tracker.alerts.addresses import mailbox
from tracker.errors import BadQuestion, NotFound, TooMany
from tracker.law.change import Change
from tracker.record import queues, subscribers
from tracker.record.database import reading, writing
from tracker.record.queues import Attempt, Delivery, Sort
from tracker.record.subscribers import Channel, Purpose, State, Subscription, Transaction

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_CLIENT, BY_MAILBOX, BY_HOST = 20, 3, 10  # sign-ups an hour from one place; a day to one mailbox, to one host
ON_REQUEST = 5  # test messages, and replays, an hour for one subscription
UNCONFIRMED = timedelta(days=8)  # kept so long: a day longer than the link works


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What came of a sign-up: the same for whoever asks, whether there was such a subscription or not."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery with what it told and how its attempts went."""

    delivery: Delivery
    changes: tuple[Change, ...]
    attempts: tuple[Attempt, ...]


# -- signing up ------------------------------------------------------------------------------------


def subscribe(engine: Engine, wish: Subscription, client: str, moment: datetime) -> Subscribed:
    """Keep a wish and have its address asked to confirm it; TooMany if that was asked too often.

    `client` is the network address of whoever asks. Who asks again for what is there already is not
    told so: the address gets the link to it instead.
    """
    with writing(engine) as connection:
        _limit(connection, f"client {_place(client)}", BY_CLIENT, HOUR, moment)
        _limit(connection, *_reached(wish), DAY, moment)
        subscribers.forget_unconfirmed(connection, moment - UNCONFIRMED)
        known = subscribers.alike(connection, wish)
        id = known.id if known else subscribers.add(connection, wish)
        sort = Sort.CONFIRM if known is None or known.state is State.UNCONFIRMED else Sort.LINK
        queues.enlist(connection, id, key=f"{sort}:{moment.isoformat()}", sort=sort, moment=moment, due_at=moment)
        return Subscribed(subscribers.subscription(connection, id))


def confirm(engine: Engine, token: str, moment: datetime) -> str:
    """Begin to tell the subscription, and answer a token to manage it with; doing it again changes nothing."""
    with writing(engine) as connection:
        id = tokens.opened(connection, token, Purpose.CONFIRM, moment)
        if subscribers.subscription(connection, id).state is State.UNCONFIRMED:
            subscribers.change(connection, id, state=State.ACTIVE, confirmed_at=moment)
        return tokens.minted(connection, id, Purpose.MANAGE, moment)


def behind(engine: Engine, token: str, purpose: Purpose, moment: datetime) -> Subscription:
    """The subscription that a link opens; NoSuchLink if it opens none."""
    with reading(engine) as connection:
        return subscribers.subscription(connection, tokens.opened(connection, token, purpose, moment))


# -- looking after it ------------------------------------------------------------------------------


def sent(engine: Engine, subscription: int, limit: int = 30) -> list[Sent]:
    """What was sent to a subscription or waits for it, newest first, with every attempt."""
    with reading(engine) as connection:
        deliveries = queues.history(connection, subscription, limit)
        tried = queues.attempts(connection, [each.id for each in deliveries])
        return [
            Sent(
                each,
                queues.changes_of(connection, each.id),
                tuple(attempt for attempt in tried if attempt.delivery == each.id),
            )
            for each in deliveries
        ]


def pause(engine: Engine, token: str, moment: datetime) -> None:
    """Tell it nothing until it is resumed; what changes meanwhile it will not hear of."""
    with _managed(engine, token, moment) as (connection, owner):
        if owner.state is State.ACTIVE:
            subscribers.change(connection, owner.id, state=State.PAUSED)


def resume(engine: Engine, token: str, moment: datetime) -> None:
    """Tell it again, from now on; BadQuestion if it was never confirmed."""
    with _managed(engine, token, moment) as (connection, owner):
        if owner.confirmed_at is None:
            raise BadQuestion("It must be confirmed first: open the link in the message that was sent to its address.")
        subscribers.change(connection, owner.id, state=State.ACTIVE, stopped_why="")


def alter(engine: Engine, token: str, moment: datetime, **fields: Any) -> None:
    """Change of what, on which condition or how soon it hears; never its address."""
    with _managed(engine, token, moment) as (connection, owner):
        subscribers.change(connection, owner.id, **fields)


def delete(engine: Engine, token: str, moment: datetime) -> None:
    """Delete the subscription, its address, its history and its links."""
    with _managed(engine, token, moment) as (connection, owner):
        subscribers.forget(connection, owner.id)


def test(engine: Engine, token: str, moment: datetime) -> None:
    """Have a test message sent; BadQuestion before it is confirmed, TooMany if asked too often."""
    with _managed(engine, token, moment) as (connection, owner):
        if owner.state in (State.UNCONFIRMED, State.UNSUBSCRIBED):
            raise BadQuestion("A test message goes only to a confirmed subscription.")
        _limit(connection, f"test {owner.id}", ON_REQUEST, HOUR, moment)
        key = f"test:{moment.isoformat()}"
        queues.enlist(connection, owner.id, key=key, sort=Sort.TEST, moment=moment, due_at=moment)


def replay(engine: Engine, token: str, delivery: int, moment: datetime) -> None:
    """Have a delivery sent again, under its own key; NotFound for one that is not there or still waits."""
    with _managed(engine, token, moment) as (connection, owner):
        _limit(connection, f"replay {owner.id}", ON_REQUEST, HOUR, moment)
        if not queues.replay(connection, owner.id, delivery, moment):
            raise NotFound("settled delivery", str(delivery))


def unsubscribe(engine: Engine, token: str, moment: datetime) -> Subscription:
    """End the subscription by the link that every message carries; what still waits is dropped."""
    with writing(engine) as connection:
        id = tokens.opened(connection, token, Purpose.UNSUBSCRIBE, moment)
        subscribers.change(connection, id, state=State.UNSUBSCRIBED)
        queues.drop_waiting(connection, id, tuple(Sort), moment)
        return subscribers.subscription(connection, id)


@contextmanager
def _managed(engine: Engine, token: str, moment: datetime) -> Iterator[tuple[Transaction, Subscription]]:
    with writing(engine) as connection:
        id = tokens.opened(connection, token, Purpose.MANAGE, moment)
        yield connection, subscribers.subscription(connection, id)


# -- how often -------------------------------------------------------------------------------------


def _limit(connection: Transaction, what: str, most: int, within: timedelta, moment: datetime) -> None:
    """Note that it was done once more; TooMany if that is once too often. Kept as a hash: it names people."""
    bucket = hashlib.sha256(what.encode()).hexdigest()
    if subscribers.times(connection, bucket, moment, within) >= most:
        raise TooMany("That was asked too often. Try again later.")
    subscribers.note(connection, bucket, moment, forgetting=moment - DAY)


def _place(client: str) -> str:
    """Where a client is: its IPv4 address, or the network of its IPv6 address, of which it has many."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else client


def _reached(wish: Subscription) -> tuple[str, int]:
    if wish.channel is Channel.EMAIL:
        return f"mailbox {mailbox(wish.address)}", BY_MAILBOX
    return f"host {urlsplit(wish.address).hostname}", BY_HOST
