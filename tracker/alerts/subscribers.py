"""Subscriptions in the database, their secret links, and counts for the sign-up limits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, or_, select, update

from tracker.errors import NotFound
from tracker.storage.job_locks import CLOCK_SKEW
from tracker.storage.operational_tables import (
    AttemptRow,
    DeliveryRow,
    LinkRow,
    OutlookMarkRow,
    RefusedRow,
    SubscriptionRow,
    ToldRow,
)

Transaction: TypeAlias = Connection  # the name by which rooms that may not speak SQL hand one on

_SUBSCRIPTIONS: Table = SubscriptionRow.__table__  # type: ignore[attr-defined]
_DELIVERIES: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_TOLD: Table = ToldRow.__table__  # type: ignore[attr-defined]
_ATTEMPTS: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_LINKS: Table = LinkRow.__table__  # type: ignore[attr-defined]
_MARKS: Table = OutlookMarkRow.__table__  # type: ignore[attr-defined]
_REFUSED: Table = RefusedRow.__table__  # type: ignore[attr-defined]


class SubscriptionState(StrEnum):
    """Where a subscription stands. Only an active one is told of changes."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"  # by us: what we sent was refused for good
    UNSUBSCRIBED = "unsubscribed"


class Channel(StrEnum):
    """How it is told."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    CHAT = "chat"  # a chat or push service, by apprise


class Frequency(StrEnum):
    """How soon it is told."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"


class LinkPurpose(StrEnum):
    """What a secret link opens."""

    CONFIRM = "confirm"
    MANAGE = "manage"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who wants to hear of what, how, and how soon.

    Empty `instrument`, `participant`, `body` and `kinds` ask for everything. `condition` is empty or names
    one, with its `number`; `level` is the count at which a condition on a count is met. Where `article` lists
    provisions, of the statements only those on one of them are meant. Moments are aware UTC.
    """

    id: int = 0
    made_at: datetime
    state: SubscriptionState = SubscriptionState.UNCONFIRMED
    channel: Channel
    address: str = field(repr=False)
    secret: str = field(default="", repr=False)
    pace: Frequency = Frequency.IMMEDIATE
    instrument: str = ""
    participant: str = ""
    body: str = ""
    kinds: frozenset[str] = frozenset()
    condition: str = ""
    number: int = 0
    level: int = 0
    article: str = ""
    confirmed_at: datetime | None = None
    stopped_why: str = ""


_WISH = ("channel", "address", "pace", "instrument", "participant", "body", "kinds", "condition", "number", "article")


# -- subscriptions ---------------------------------------------------------------------------------


def insert_subscription(connection: Transaction, subscription: Subscription) -> int:
    """Keep a new subscription and answer its number."""
    made = insert(_SUBSCRIPTIONS).values(**_row(subscription)).returning(_SUBSCRIPTIONS.c.id)
    return int(connection.execute(made).scalar_one())


def subscription(connection: Transaction, id: int) -> Subscription:
    """The subscription of that number; NotFound if there is none."""
    row = connection.execute(select(_SUBSCRIPTIONS).where(_SUBSCRIPTIONS.c.id == id)).first()
    if row is None:
        raise NotFound("subscription", str(id))
    return _read(row)


def subscriptions(connection: Transaction, ids: Collection[int]) -> dict[int, Subscription]:
    """The subscriptions of these numbers, by number."""
    query = select(_SUBSCRIPTIONS).where(_SUBSCRIPTIONS.c.id.in_(ids))
    return {row.id: _read(row) for row in connection.execute(query)}


def find_duplicate(connection: Transaction, wanted: Subscription) -> Subscription | None:
    """A subscription kept already that wants the same to the same address, if it is not ended."""
    row = _row(wanted)
    same = [_SUBSCRIPTIONS.c[name] == row[name] for name in _WISH]
    ended = _SUBSCRIPTIONS.c.state == SubscriptionState.UNSUBSCRIBED
    found = connection.execute(select(_SUBSCRIPTIONS).where(*same, ~ended).order_by(_SUBSCRIPTIONS.c.id)).first()
    return _read(found) if found else None


def confirmed_for_address(connection: Transaction, channel: Channel, address: str) -> list[Subscription]:
    """What an address confirmed and did not end, oldest first: active, paused or stopped."""
    kept = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED, SubscriptionState.STOPPED)
    query = select(_SUBSCRIPTIONS).where(
        _SUBSCRIPTIONS.c.channel == channel, _SUBSCRIPTIONS.c.address == address, _SUBSCRIPTIONS.c.state.in_(kept)
    )
    return [_read(row) for row in connection.execute(query.order_by(_SUBSCRIPTIONS.c.id))]


def matching_candidates(connection: Transaction, instruments: Iterable[str], moment: datetime) -> list[Subscription]:
    """The active subscriptions confirmed by that moment that may hear of something about these instruments."""
    query = select(_SUBSCRIPTIONS).where(
        _is_confirmed_by(moment),
        or_(_SUBSCRIPTIONS.c.instrument == "", _SUBSCRIPTIONS.c.instrument.in_(sorted(set(instruments)))),
    )
    return [_read(row) for row in connection.execute(query.order_by(_SUBSCRIPTIONS.c.id))]


def subscriptions_with_condition(
    connection: Transaction, conditions: Collection[str], moment: datetime
) -> list[Subscription]:
    """The active subscriptions confirmed by that moment that have one of these conditions."""
    query = select(_SUBSCRIPTIONS).where(
        _is_confirmed_by(moment),
        _SUBSCRIPTIONS.c.condition.in_(sorted(conditions)),
    )
    return [_read(row) for row in connection.execute(query.order_by(_SUBSCRIPTIONS.c.id))]


def _is_confirmed_by(moment: datetime) -> ColumnElement[bool]:
    """Active, and confirmed by that moment: or by a clock far ahead, for which it would else hear nothing for long."""
    confirmed = _SUBSCRIPTIONS.c.confirmed_at
    return (_SUBSCRIPTIONS.c.state == SubscriptionState.ACTIVE) & or_(
        confirmed <= moment, confirmed > moment + CLOCK_SKEW
    )


def update_subscription(connection: Transaction, id: int, **fields: Any) -> None:
    """Set fields of a subscription."""
    kept = {name: _column_value(value) for name, value in fields.items()}
    connection.execute(update(_SUBSCRIPTIONS).where(_SUBSCRIPTIONS.c.id == id).values(**kept))


def delete_subscription(connection: Transaction, id: int) -> None:
    """Delete a subscription with everything that hangs on it, its address included."""
    deliveries = select(_DELIVERIES.c.id).where(_DELIVERIES.c.subscription == id)
    connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.delivery.in_(deliveries)))
    for table in (_TOLD, _LINKS, _MARKS, _DELIVERIES):
        connection.execute(delete(table).where(table.c.subscription == id))
    connection.execute(delete(_SUBSCRIPTIONS).where(_SUBSCRIPTIONS.c.id == id))


def delete_unconfirmed(connection: Transaction, before: datetime) -> int:
    """Delete what was asked for before that moment and never confirmed; answer how many there were."""
    old = (_SUBSCRIPTIONS.c.state == SubscriptionState.UNCONFIRMED, _SUBSCRIPTIONS.c.made_at < before)
    going = list(connection.scalars(select(_SUBSCRIPTIONS.c.id).where(*old)))
    for id in going:
        delete_subscription(connection, id)
    return len(going)


def list_unconfirmed(connection: Transaction) -> list[Subscription]:
    """What was asked for and not confirmed."""
    waiting = _SUBSCRIPTIONS.c.state == SubscriptionState.UNCONFIRMED
    return [_read(row) for row in connection.execute(select(_SUBSCRIPTIONS).where(waiting))]


def refuse(connection: Transaction, digest: str, moment: datetime) -> None:
    """Note that the address with this digest is never to be written to again."""
    if not is_refused(connection, digest):
        connection.execute(insert(_REFUSED).values(digest=digest, made_at=moment))


def is_refused(connection: Transaction, digest: str) -> bool:
    """Is the address with this digest never to be written to again?"""
    return connection.scalar(select(_REFUSED.c.digest).where(_REFUSED.c.digest == digest)) is not None


# -- what was told of outlooks ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutlookMark:
    """What later outlooks are compared with for a subscription: see the table."""

    condition: str
    number: int
    median: date | None
    as_of: date
    above: bool


def outlook_marks(connection: Transaction) -> dict[int, OutlookMark]:
    """The marks, by subscription."""
    return {
        row.subscription: OutlookMark(
            row.condition, row.number, date.fromisoformat(row.median) if row.median else None,
            date.fromisoformat(row.as_of), row.above,
        )
        for row in connection.execute(select(_MARKS))
    }  # fmt: skip


def set_outlook_mark(connection: Transaction, subscription: int, mark: OutlookMark) -> None:
    """Keep a subscription's mark, in the place of its last."""
    forget_outlook_mark(connection, subscription)
    days = {"median": mark.median.isoformat() if mark.median else "", "as_of": mark.as_of.isoformat()}
    kept = {"condition": mark.condition, "number": mark.number, "above": mark.above}
    connection.execute(insert(_MARKS).values(subscription=subscription, **kept, **days))


def forget_outlook_mark(connection: Transaction, subscription: int) -> None:
    """Have the next outlook of a subscription compared with none before it."""
    connection.execute(delete(_MARKS).where(_MARKS.c.subscription == subscription))


# -- secret links ----------------------------------------------------------------------------------


def add_links(connection: Transaction, links: Sequence[tuple[str, LinkPurpose, int]], moment: datetime) -> None:
    """Let the token with each digest open a subscription for a purpose."""
    rows = [
        {"digest": digest, "purpose": purpose.value, "subscription": id, "made_at": moment}
        for digest, purpose, id in links
    ]
    if rows:
        connection.execute(insert(_LINKS), rows)


def links_for_digest(connection: Transaction, purpose: LinkPurpose, digest: str) -> Sequence[tuple[str, int, datetime]]:
    """What a digest may open, as (digest as it is kept, subscription, moment made)."""
    query = select(_LINKS.c.digest, _LINKS.c.subscription, _LINKS.c.made_at)
    found = connection.execute(query.where(_LINKS.c.digest == digest, _LINKS.c.purpose == purpose.value)).all()
    return [(row.digest, row.subscription, row.made_at) for row in found]


# -- subscriptions as rows -------------------------------------------------------------------------


def _row(subscription: Subscription) -> dict[str, Any]:
    names = [name for name in _SUBSCRIPTIONS.c.keys() if name != "id"]  # noqa: SIM118 - a collection of columns is no dict
    return {name: _column_value(getattr(subscription, name)) for name in names}


def _column_value(value: Any) -> Any:
    if isinstance(value, frozenset):
        return "|".join(sorted(value))
    return value.value if isinstance(value, StrEnum) else value


def _read(row: Row[Any]) -> Subscription:
    kept = dict(row._mapping)
    return Subscription(
        **kept
        | {
            "state": SubscriptionState(kept["state"]),
            "channel": Channel(kept["channel"]),
            "pace": Frequency(kept["pace"]),
            "kinds": frozenset(filter(None, kept["kinds"].split("|"))),
        }
    )
