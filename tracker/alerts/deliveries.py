"""The delivery queue: what is to be sent to whom, taken by one worker at a time, and how each attempt ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, insert, or_, select, update

from tracker.alerts import subscribers
from tracker.alerts.subscribers import Subscription, SubscriptionState, Transaction
from tracker.law.changes import Change, ChangeKind
from tracker.storage.job_locks import CLOCK_SKEW
from tracker.storage.operational_tables import AttemptRow, ChangeRow, DeliveryRow, SubscriptionRow, ToldRow

_DELIVERIES: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_SUBSCRIPTIONS: Table = SubscriptionRow.__table__  # type: ignore[attr-defined]
_TOLD: Table = ToldRow.__table__  # type: ignore[attr-defined]
_ATTEMPTS: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_OF_A_CHANGE = ("instrument", "participant", "body", "scheme", "words", "before", "after", "source", "about")


class MessageType(StrEnum):
    """What a message is."""

    CHANGE = "change"
    CORRECTION = "correction"
    DIGEST = "digest"
    COUNTDOWN = "countdown"
    CONFIRM = "confirm"
    LINK = "link"
    TEST = "test"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"  # nobody wants it any more


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one subscription; moments are aware UTC. `tries` counts attempts since it was last asked for."""

    id: int
    subscription: int
    key: str
    sort: MessageType
    note: str
    made_at: datetime
    due_at: datetime
    state: DeliveryState
    tries: int
    attempt: int
    settled_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One attempt at a delivery; without an end, nobody knows how it ended."""

    delivery: int
    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    detail: str


# -- deciding --------------------------------------------------------------------------------------


def enqueue(
    connection: Transaction,
    subscription: int,
    *,
    key: str,
    sort: MessageType,
    moment: datetime,
    due_at: datetime,
    note: str = "",
) -> int | None:
    """Put a message into the outbox and answer its number; None if the subscription has one of that key already."""
    same = (_DELIVERIES.c.subscription == subscription, _DELIVERIES.c.key == key)
    if connection.scalar(select(_DELIVERIES.c.id).where(*same)) is not None:
        return None
    row = _new(subscription, key, sort, moment, due_at) | {"note": note}
    made = insert(_DELIVERIES).values(**row).returning(_DELIVERIES.c.id)
    return int(connection.execute(made).scalar_one())


def _new(subscription: int, key: str, sort: MessageType, moment: datetime, due_at: datetime) -> dict[str, Any]:
    row = {"subscription": subscription, "key": key, "sort": sort.value, "note": "", "made_at": moment}
    return row | {"due_at": due_at, "state": DeliveryState.WAITING.value, "tries": 0, "attempt": 0, "problem": ""}


def enqueue_immediate(connection: Transaction, change: str, sorts: Mapping[int, MessageType], moment: datetime) -> None:
    """Decide to tell these subscriptions of a change, each in a message of its own that is due now.

    They have not been told of it; a constraint sees to that.
    """
    if not sorts:
        return
    new = [_new(subscription, change, sort, moment, moment) for subscription, sort in sorts.items()]
    connection.execute(insert(_DELIVERIES), new)
    told = select(_TOLD.c.subscription).where(_TOLD.c.change == change)
    own = select(_DELIVERIES.c.subscription, _DELIVERIES.c.key, _DELIVERIES.c.id).where(
        _DELIVERIES.c.key == change, _DELIVERIES.c.subscription.notin_(told)
    )
    connection.execute(insert(_TOLD).from_select(["subscription", "change", "delivery"], own))


def open_digest(connection: Transaction, subscription: int, *, period: str, moment: datetime, due_at: datetime) -> int:
    """The digest of that period that nobody has begun to send: one to which changes may still be added."""
    digests = and_(
        _DELIVERIES.c.subscription == subscription, _DELIVERIES.c.key.startswith(f"{period}.", autoescape=True)
    )
    untouched = and_(digests, _DELIVERIES.c.state == DeliveryState.WAITING.value, _DELIVERIES.c.attempt == 0)
    if found := connection.scalar(select(_DELIVERIES.c.id).where(untouched)):
        return int(found)
    number = (connection.scalar(select(func.count()).where(digests)) or 0) + 1
    made = enqueue(
        connection, subscription, key=f"{period}.{number}", sort=MessageType.DIGEST, moment=moment, due_at=due_at
    )
    assert made is not None
    return made


def add_change(connection: Transaction, subscription: int, change: str, delivery: int) -> None:
    """Decide that this delivery tells the subscription of the change; a constraint lets it be decided once."""
    connection.execute(insert(_TOLD).values(subscription=subscription, change=change, delivery=delivery))


def already_announced(connection: Transaction, changes: Collection[str]) -> set[tuple[int, str]]:
    """Which subscriptions were told of which of these changes, by key."""
    query = select(_TOLD.c.subscription, _TOLD.c.change).where(_TOLD.c.change.in_(list(changes)))
    return {(row.subscription, row.change) for row in connection.execute(query)}


def announced_changes(connection: Transaction, instruments: Iterable[str]) -> dict[int, list[Change]]:
    """What each active subscription was told about these instruments, oldest first."""
    query = (
        select(_TOLD.c.subscription, *_change_columns())
        .join(_CHANGES, _CHANGES.c.key == _TOLD.c.change)
        .join(_SUBSCRIPTIONS, _SUBSCRIPTIONS.c.id == _TOLD.c.subscription)
        .where(
            _CHANGES.c.instrument.in_(sorted(set(instruments))),
            _SUBSCRIPTIONS.c.state == SubscriptionState.ACTIVE.value,
        )
        .order_by(_CHANGES.c.id)
    )
    found: dict[int, list[Change]] = {}
    for row in connection.execute(query):
        found.setdefault(row.subscription, []).append(_change(row))
    return found


# -- looking after ---------------------------------------------------------------------------------


def cancel_pending(
    connection: Transaction, subscription: int, sorts: Collection[MessageType], moment: datetime
) -> None:
    """Send none of these sorts that still wait for the subscription."""
    waiting = (
        _DELIVERIES.c.subscription == subscription,
        _DELIVERIES.c.state == DeliveryState.WAITING.value,
        _DELIVERIES.c.sort.in_([sort.value for sort in sorts]),
    )
    gone = {"state": DeliveryState.DROPPED.value, "settled_at": moment}
    connection.execute(update(_DELIVERIES).where(*waiting).values(**gone))


def requeue(connection: Transaction, subscription: int, delivery: int, moment: datetime) -> bool:
    """Send a settled delivery of this subscription again, under its own key; False if there is no such one.

    What carries a fresh link to whoever has the address, confirmation above all, is asked for anew, not again.
    """
    settled = (
        _DELIVERIES.c.id == delivery,
        _DELIVERIES.c.sort.not_in([MessageType.CONFIRM.value, MessageType.LINK.value]),
        _DELIVERIES.c.subscription == subscription,
        _DELIVERIES.c.state != DeliveryState.WAITING.value,
    )
    again = {
        "state": DeliveryState.WAITING.value,
        "due_at": moment,
        "tries": 0,
        "claimed_until": None,
        "settled_at": None,
    }
    return connection.execute(update(_DELIVERIES).where(*settled).values(**again, problem="")).rowcount == 1


def delivery_history(connection: Transaction, subscription: int, limit: int = 50) -> list[Delivery]:
    """What was sent or is to be sent to the subscription, newest first."""
    query = select(_DELIVERIES).where(_DELIVERIES.c.subscription == subscription)
    rows = connection.execute(query.order_by(_DELIVERIES.c.id.desc()).limit(limit)).all()
    return [delivery_from_row(row) for row in rows]


def delivery_attempts(connection: Transaction, deliveries: Sequence[int]) -> list[DeliveryAttempt]:
    """The attempts at these deliveries, in their order."""
    query = select(_ATTEMPTS).where(_ATTEMPTS.c.delivery.in_(deliveries)).order_by(_ATTEMPTS.c.id)
    fields = ("delivery", "number", "started_at", "ended_at", "outcome", "detail")
    return [DeliveryAttempt(**{name: row._mapping[name] for name in fields}) for row in connection.execute(query)]


def changes_of(connection: Transaction, delivery: int) -> tuple[Change, ...]:
    """The changes that a delivery tells of, in the order in which they were noted."""
    query = select(*_change_columns()).join(_TOLD, _TOLD.c.change == _CHANGES.c.key)
    rows = connection.execute(query.where(_TOLD.c.delivery == delivery).order_by(_CHANGES.c.id))
    return tuple(_change(row) for row in rows)


# -- rows as values --------------------------------------------------------------------------------


def _change_columns() -> list[Any]:
    return [_CHANGES.c[name] for name in (*_OF_A_CHANGE, "kind", "day")]


def _change(row: Row[Any]) -> Change:
    day = date.fromisoformat(row.day) if row.day else None
    return Change(kind=ChangeKind(row.kind), day=day, **{name: getattr(row, name) for name in _OF_A_CHANGE})


def delivery_from_row(row: Row[Any]) -> Delivery:
    """A row of the deliveries as a value."""
    names = [name for name in Delivery.__slots__ if name not in ("sort", "state")]
    return Delivery(
        **{name: row._mapping[name] for name in names}, sort=MessageType(row.sort), state=DeliveryState(row.state)
    )


MAX_POSTPONEMENT = timedelta(days=8)  # no message is put off for longer: a digest waits a week
IN_PROGRESS = timedelta(hours=1)  # nobody takes one in hand for longer
_CANDIDATES = 20  # looked at for one claim: some may be taken meanwhile


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery in one worker's hands, with all that its message says. `attempt` is the number it was taken under."""

    delivery: Delivery
    attempt: int
    subscription: Subscription
    changes: tuple[Change, ...]


def oldest_due(connection: Transaction, moment: datetime) -> datetime | None:
    """Since when the delivery that has waited longest has been due; None where nothing is overdue."""
    wanted = select(func.min(_DELIVERIES.c.due_at)).join(
        _SUBSCRIPTIONS, _SUBSCRIPTIONS.c.id == _DELIVERIES.c.subscription
    )
    found: datetime | None = connection.scalar(wanted.where(_due(moment), _wanted()))
    return found


def claim(
    connection: Transaction, moment: datetime, until: datetime, worker: str, passed: Collection[int] = ()
) -> ClaimedDelivery | None:
    """Take the delivery longest due into this worker's hands until then, the attempt noted; None if none is due.

    `passed` are those this worker has had already. A delivery that another took meanwhile is walked past.
    """
    due = select(_DELIVERIES.c.id, _DELIVERIES.c.attempt).where(_due(moment), _DELIVERIES.c.id.notin_(passed))
    due = due.join(_SUBSCRIPTIONS, _SUBSCRIPTIONS.c.id == _DELIVERIES.c.subscription).where(_wanted())
    candidates = connection.execute(due.order_by(_DELIVERIES.c.due_at, _DELIVERIES.c.id).limit(_CANDIDATES)).all()
    for row in candidates:
        if _taken(connection, row.id, row.attempt, moment, until):
            values = {"delivery": row.id, "number": row.attempt + 1, "worker": worker, "started_at": moment}
            connection.execute(insert(_ATTEMPTS).values(**values, outcome="", detail=""))
            return _in_hand(connection, row.id)
    return None


def _taken(connection: Transaction, id: int, attempt: int, moment: datetime, until: datetime) -> bool:
    free = (_DELIVERIES.c.id == id, _DELIVERIES.c.attempt == attempt, _due(moment))
    taking = {"claimed_until": until, "attempt": attempt + 1, "tries": _DELIVERIES.c.tries + 1}
    return connection.execute(update(_DELIVERIES).where(*free).values(**taking)).rowcount == 1


def _due(moment: datetime) -> ColumnElement[bool]:
    """What waits and is due, and in nobody's hands. What is put off or taken for longer than can be was so by a clock
    that was far ahead, as was what it put in and nobody has tried: it counts as due and as free, or it would rest
    until that clock is right.
    """
    claimed, due = _DELIVERIES.c.claimed_until, _DELIVERIES.c.due_at
    ahead = or_(
        due > moment + MAX_POSTPONEMENT, and_(_DELIVERIES.c.attempt == 0, _DELIVERIES.c.made_at > moment + CLOCK_SKEW)
    )
    free = or_(claimed.is_(None), claimed <= moment, claimed > moment + IN_PROGRESS)
    return and_(_DELIVERIES.c.state == DeliveryState.WAITING.value, or_(due <= moment, ahead), free)


def _wanted() -> ColumnElement[bool]:
    """May the subscription be sent this now? What it asked for itself, it may have in other states too."""
    state, sort = _SUBSCRIPTIONS.c.state, _DELIVERIES.c.sort
    resting = (SubscriptionState.PAUSED.value, SubscriptionState.STOPPED.value)
    return or_(
        and_(state == SubscriptionState.ACTIVE.value, sort != MessageType.CONFIRM.value),
        and_(state == SubscriptionState.UNCONFIRMED.value, sort == MessageType.CONFIRM.value),
        and_(state.in_(resting), sort.in_((MessageType.TEST.value, MessageType.LINK.value))),
    )


def _in_hand(connection: Transaction, id: int) -> ClaimedDelivery:
    row = connection.execute(select(_DELIVERIES).where(_DELIVERIES.c.id == id)).one()
    found = delivery_from_row(row)
    owner = subscribers.subscription(connection, found.subscription)
    return ClaimedDelivery(found, found.attempt, owner, changes_of(connection, id))


def settle(
    connection: Transaction,
    claimed: ClaimedDelivery,
    moment: datetime,
    *,
    state: DeliveryState,
    outcome: str,
    detail: str = "",
    due_at: datetime | None = None,
) -> bool:
    """Note how the attempt ended and where the delivery stands; False if it is in other hands by now.

    The attempt is noted in any case. A delivery that waits on is due again at `due_at`.
    """
    ours = (_ATTEMPTS.c.delivery == claimed.delivery.id, _ATTEMPTS.c.number == claimed.attempt)
    ended = {"ended_at": moment, "outcome": outcome, "detail": detail}
    connection.execute(update(_ATTEMPTS).where(*ours).values(**ended))
    still = (
        _DELIVERIES.c.id == claimed.delivery.id,
        _DELIVERIES.c.attempt == claimed.attempt,
        _DELIVERIES.c.state == DeliveryState.WAITING.value,
    )
    values: dict[str, Any] = {"state": state.value, "claimed_until": None, "problem": detail}
    values |= {"due_at": due_at} if state is DeliveryState.WAITING else {"settled_at": moment}
    return connection.execute(update(_DELIVERIES).where(*still).values(**values)).rowcount == 1
