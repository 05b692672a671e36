"""The delivery queue: what is to be sent to whom, taken by one worker at a time, and how each attempt ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, exists, func, insert, or_, select, update

from tracker.alerts import subscribers
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState, Transaction
from tracker.law.changes import Change, ChangeKind
from tracker.storage.job_locks import CLOCK_SKEW
from tracker.storage.operational_tables import AttemptRow, ChangeRow, DeliveryRow, SubscriptionRow, ToldRow

_DELIVERIES: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_SUBSCRIPTIONS: Table = SubscriptionRow.__table__  # type: ignore[attr-defined]
_TOLD: Table = ToldRow.__table__  # type: ignore[attr-defined]
_ATTEMPTS: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]
MAX_CHANGES = 500  # in one message
_OF_A_CHANGE = ("instrument", "participant", "body", "scheme", "words", "before", "after", "source", "about", "article")


class MessageType(StrEnum):
    """What a message is."""

    CHANGE = "change"
    CORRECTION = "correction"
    DIGEST = "digest"
    COUNTDOWN = "countdown"
    OUTLOOK = "outlook"
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


@dataclass(frozen=True, slots=True)
class Gathering:
    """The changes that one subscription is to be told in one message, and what that message is.

    `name` says what the message gathers: a day, a week, or one synchronization.
    """

    name: str
    sort: MessageType
    due_at: datetime
    changes: Sequence[str]


def gather(connection: Transaction, wanted: Mapping[int, Gathering], moment: datetime) -> None:
    """Decide to tell each subscription of its changes, by key, in the message of that name that is not begun yet.

    Where there is none yet, or it is full, there will be another. They have not been told of these changes; a
    constraint sees to that.
    """
    for name in {each.name for each in wanted.values()}:
        own = {id: each for id, each in wanted.items() if each.name == name}
        _gather(connection, name, own, moment)


def _gather(connection: Transaction, name: str, wanted: Mapping[int, Gathering], moment: datetime) -> None:
    open_, made = _open_messages(connection, name)
    rows: list[dict[str, Any]] = []  # of new messages
    told: list[tuple[int, str, str]] = []  # subscription, change, key of its message
    for id, gathering in wanted.items():
        key, room = open_.get(id, ("", 0))
        for change in gathering.changes:
            if not room:
                made[id] = made.get(id, 0) + 1
                key, room = f"{name}.{made[id]}", MAX_CHANGES
                rows.append(_new(id, key, gathering.sort, moment, gathering.due_at))
            told.append((id, change, key))
            room -= 1
    if rows:
        connection.execute(insert(_DELIVERIES), rows)
    numbers = {(row.subscription, row.key): row.id for row in connection.execute(_of_name(name, _DELIVERIES.c.id))}
    connection.execute(
        insert(_TOLD),
        [{"subscription": id, "change": change, "delivery": numbers[id, key]} for id, change, key in told],
    )
    corrects = [id for id, each in wanted.items() if each.sort is MessageType.CORRECTION and id in open_]
    if corrects:
        mine = (_DELIVERIES.c.key.in_([open_[id][0] for id in corrects]), _DELIVERIES.c.subscription.in_(corrects))
        connection.execute(update(_DELIVERIES).where(*mine).values(sort=MessageType.CORRECTION.value))


def _of_name(name: str, *columns: Any) -> Select[Any]:
    named = _DELIVERIES.c.key.startswith(f"{name}.", autoescape=True)
    return select(_DELIVERIES.c.subscription, _DELIVERIES.c.key, *columns).where(named)


def _open_messages(connection: Transaction, name: str) -> tuple[dict[int, tuple[str, int]], dict[int, int]]:
    """Of each subscription: the message of that name that changes may be added to, with the room in it; and how many
    there are of that name.
    """
    untouched = and_(_DELIVERIES.c.state == DeliveryState.WAITING.value, _DELIVERIES.c.attempt == 0)
    held = select(func.count()).where(_TOLD.c.delivery == _DELIVERIES.c.id).scalar_subquery()
    query = _of_name(name, untouched.label("open"), held.label("held")).order_by(_DELIVERIES.c.id)
    open_: dict[int, tuple[str, int]] = {}
    made: dict[int, int] = {}
    for row in connection.execute(query):
        made[row.subscription] = made.get(row.subscription, 0) + 1
        if row.open and row.held < MAX_CHANGES:
            open_[row.subscription] = (row.key, MAX_CHANGES - row.held)
    return open_, made


def release(connection: Transaction, name: str, moment: datetime) -> None:
    """Let the messages of that name go out now: nothing more is gathered in them."""
    named = _DELIVERIES.c.key.startswith(f"{name}.", autoescape=True)
    held = (named, _DELIVERIES.c.state == DeliveryState.WAITING.value, _DELIVERIES.c.attempt == 0)
    connection.execute(update(_DELIVERIES).where(*held, _DELIVERIES.c.due_at > moment).values(due_at=moment))


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
    return tuple(_changes_by_delivery(connection, [delivery]).get(delivery, ()))


def _changes_by_delivery(connection: Transaction, deliveries: Collection[int]) -> dict[int, list[Change]]:
    query = select(_TOLD.c.delivery, *_change_columns()).join(_TOLD, _TOLD.c.change == _CHANGES.c.key)
    found: dict[int, list[Change]] = {}
    for row in connection.execute(query.where(_TOLD.c.delivery.in_(deliveries)).order_by(_CHANGES.c.id)):
        found.setdefault(row.delivery, []).append(_change(row))
    return found


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
IN_PROGRESS = timedelta(minutes=2)  # nobody takes one in hand for longer


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A delivery that nobody has in hand yet: where it goes, and whether it asks an address to confirm."""

    id: int
    channel: Channel
    address: str = field(repr=False)
    confirms: bool


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
    found: datetime | None = connection.scalar(wanted.where(_due(moment), _may_be_sent()))
    return found


def due(connection: Transaction, moment: datetime, most: int) -> list[DueDelivery]:
    """What is due and in nobody's hands: of each subscription the delivery longest due, then the next of each."""
    turn = func.row_number().over(
        partition_by=_DELIVERIES.c.subscription, order_by=(_DELIVERIES.c.due_at, _DELIVERIES.c.id)
    )
    query = (
        select(_DELIVERIES.c.id, _DELIVERIES.c.sort, _SUBSCRIPTIONS.c.channel, _SUBSCRIPTIONS.c.address)
        .join(_SUBSCRIPTIONS, _SUBSCRIPTIONS.c.id == _DELIVERIES.c.subscription)
        .where(_due(moment), _may_be_sent())
        .order_by(_DELIVERIES.c.sort == MessageType.CONFIRM.value, turn, _DELIVERIES.c.due_at, _DELIVERIES.c.id)
        .limit(most)
    )
    return [
        DueDelivery(row.id, Channel(row.channel), row.address, row.sort == MessageType.CONFIRM.value)
        for row in connection.execute(query)
    ]


def claim(
    connection: Transaction, ids: Sequence[int], moment: datetime, until: datetime, worker: str
) -> list[ClaimedDelivery]:
    """Take those of these deliveries that are still due into this worker's hands until then, each attempt noted."""
    wanted = exists().where(_SUBSCRIPTIONS.c.id == _DELIVERIES.c.subscription, _may_be_sent())
    taking = {"claimed_until": until, "attempt": _DELIVERIES.c.attempt + 1, "tries": _DELIVERIES.c.tries + 1}
    free = (_DELIVERIES.c.id.in_(ids), _due(moment), wanted)
    taken = set(connection.scalars(update(_DELIVERIES).where(*free).values(**taking).returning(_DELIVERIES.c.id)))
    if not taken:
        return []
    rows = connection.execute(select(_DELIVERIES).where(_DELIVERIES.c.id.in_(taken))).all()
    found = sorted(map(delivery_from_row, rows), key=lambda each: ids.index(each.id))
    noted = {"worker": worker, "started_at": moment, "outcome": "", "detail": ""}
    connection.execute(insert(_ATTEMPTS), [{"delivery": each.id, "number": each.attempt} | noted for each in found])
    owners = subscribers.subscriptions(connection, {each.subscription for each in found})
    changes = _changes_by_delivery(connection, taken)
    return [
        ClaimedDelivery(each, each.attempt, owners[each.subscription], tuple(changes.get(each.id, ())))
        for each in found
    ]


def postpone(connection: Transaction, ids: Sequence[int], moment: datetime, until: datetime, problem: str) -> None:
    """Leave those of these deliveries that are due until then; it counts as no attempt."""
    due_now = (_DELIVERIES.c.id.in_(ids), _due(moment))
    connection.execute(update(_DELIVERIES).where(*due_now).values(due_at=until, problem=problem))


def _due(moment: datetime) -> ColumnElement[bool]:
    """What waits and is due, and in nobody's hands. What is put off or taken for longer than can be was so by a clock
    that was ahead: it counts as due and as free, or it would rest until that clock is right. What was to go out as
    soon as it was decided is due until it is tried, by whichever clock that was.
    """
    claimed, due = _DELIVERIES.c.claimed_until, _DELIVERIES.c.due_at
    ahead = or_(
        due > moment + MAX_POSTPONEMENT,
        and_(
            _DELIVERIES.c.attempt == 0, or_(due == _DELIVERIES.c.made_at, _DELIVERIES.c.made_at > moment + CLOCK_SKEW)
        ),
    )
    free = or_(claimed.is_(None), claimed <= moment, claimed > moment + IN_PROGRESS)
    return and_(_DELIVERIES.c.state == DeliveryState.WAITING.value, or_(due <= moment, ahead), free)


def _may_be_sent() -> ColumnElement[bool]:
    """May the subscription be sent this now? What it asked for itself, it may have in other states too."""
    state, sort = _SUBSCRIPTIONS.c.state, _DELIVERIES.c.sort
    resting = (SubscriptionState.PAUSED.value, SubscriptionState.STOPPED.value)
    return or_(
        and_(state == SubscriptionState.ACTIVE.value, sort != MessageType.CONFIRM.value),
        and_(state == SubscriptionState.UNCONFIRMED.value, sort == MessageType.CONFIRM.value),
        and_(state.in_(resting), sort.in_((MessageType.TEST.value, MessageType.LINK.value))),
    )


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
