"""Taking a delivery in hand, and settling it: by one worker at a time, whatever dies in between; its SQL.

A claim is a conditional update with an expiry and goes on only if it changed the one row; its number is
that of the attempt, which is noted before anything is sent. Who comes back after the claim was taken
over changes nothing. When to try again is decided in `tracker.alerts`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, insert, or_, select, update

from tracker.law.change import Change
from tracker.record import queues, subscribers
from tracker.record.leases import APART
from tracker.record.mailtables import AttemptRow, DeliveryRow, SubscriptionRow
from tracker.record.queues import Delivery, Sort, Stage
from tracker.record.subscribers import State, Subscription, Transaction

_DELIVERIES: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_SUBSCRIPTIONS: Table = SubscriptionRow.__table__  # type: ignore[attr-defined]
_ATTEMPTS: Table = AttemptRow.__table__  # type: ignore[attr-defined]
FARTHEST = timedelta(days=8)  # no message is put off for longer: a digest waits a week
IN_HAND = timedelta(hours=1)  # nobody takes one in hand for longer
_CANDIDATES = 20  # looked at for one claim: some may be taken meanwhile


@dataclass(frozen=True, slots=True)
class Claimed:
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
) -> Claimed | None:
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
    ahead = or_(due > moment + FARTHEST, and_(_DELIVERIES.c.attempt == 0, _DELIVERIES.c.made_at > moment + APART))
    free = or_(claimed.is_(None), claimed <= moment, claimed > moment + IN_HAND)
    return and_(_DELIVERIES.c.state == Stage.WAITING.value, or_(due <= moment, ahead), free)


def _wanted() -> ColumnElement[bool]:
    """May the subscription be sent this now? What it asked for itself, it may have in other states too."""
    state, sort = _SUBSCRIPTIONS.c.state, _DELIVERIES.c.sort
    resting = (State.PAUSED.value, State.STOPPED.value)
    return or_(
        and_(state == State.ACTIVE.value, sort != Sort.CONFIRM.value),
        and_(state == State.UNCONFIRMED.value, sort == Sort.CONFIRM.value),
        and_(state.in_(resting), sort.in_((Sort.TEST.value, Sort.LINK.value))),
    )


def _in_hand(connection: Transaction, id: int) -> Claimed:
    row = connection.execute(select(_DELIVERIES).where(_DELIVERIES.c.id == id)).one()
    found = queues.delivery(row)
    owner = subscribers.subscription(connection, found.subscription)
    return Claimed(found, found.attempt, owner, queues.changes_of(connection, id))


def settle(
    connection: Transaction,
    claimed: Claimed,
    moment: datetime,
    *,
    state: Stage,
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
        _DELIVERIES.c.state == Stage.WAITING.value,
    )
    values: dict[str, Any] = {"state": state.value, "claimed_until": None, "problem": detail}
    values |= {"due_at": due_at} if state is Stage.WAITING else {"settled_at": moment}
    return connection.execute(update(_DELIVERIES).where(*still).values(**values)).rowcount == 1
