"""From changes to messages: whom to notify, decided in the transaction of the change; and sending what is due."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Engine

from tracker.alerts import deliveries, subscribers, subscriptions
from tracker.alerts.deliveries import ClaimedDelivery, DeliveryState, MessageType
from tracker.alerts.matching import AlertCondition, is_correction, matches, undoes_announced_change
from tracker.alerts.messages import Links, Message, compose_message
from tracker.alerts.subscribers import Channel, Frequency, LinkPurpose, Subscription, SubscriptionState, Transaction
from tracker.errors import TryLater, Undeliverable
from tracker.law.changes import Change
from tracker.law.dates import in_words
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, title_of
from tracker.storage.database import read_transaction, write_transaction

Send = Callable[[Subscription, Message, datetime], None]
Clock = Callable[[], datetime]

CLAIM = timedelta(minutes=15)  # more than one delivery takes, at its slowest
BATCH = 20  # deliveries
MAX_BATCH_TIME = timedelta(minutes=2)  # after which none is begun
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
MAX_ATTEMPTS = 16  # over some two days
MAX_REFUSALS = 5  # that a receiver may repeat before it is believed
_ON_REQUEST = (
    MessageType.CONFIRM,
    MessageType.LINK,
    MessageType.TEST,
)  # what the subscriber waits for; its failure stops nothing


# -- deciding --------------------------------------------------------------------------------------


def enqueue_alerts(connection: Transaction, changes: Sequence[Change], moment: datetime) -> None:
    """Decide whom to tell of these changes, in the transaction that noted them.

    Those that were told of something that these changes take back are told so. What was decided
    before is not decided again, whoever asks.
    """
    mended = {change.instrument for change in changes if is_correction(change)}
    earlier = deliveries.announced_changes(connection, mended) if mended else {}
    told = deliveries.already_announced(connection, [change.key for change in changes])
    listeners = subscribers.matching_candidates(connection, (change.instrument for change in changes), moment)
    for change in changes:
        heard = earlier if change.instrument in mended else {}
        sorts = {
            each: _sort(each, change, heard.get(each.id, ())) for each in listeners if (each.id, change.key) not in told
        }
        _decide(connection, change, {each: sort for each, sort in sorts.items() if sort}, moment)


def _sort(listener: Subscription, change: Change, heard: Sequence[Change]) -> MessageType | None:
    if any(undoes_announced_change(listener, change, each) for each in heard):
        return MessageType.CORRECTION
    return MessageType.CHANGE if matches(listener, change) else None


def _decide(
    connection: Transaction, change: Change, sorts: Mapping[Subscription, MessageType], moment: datetime
) -> None:
    at_once = {each.id: sort for each, sort in sorts.items() if each.pace is Frequency.IMMEDIATE}
    deliveries.enqueue_immediate(connection, change.key, at_once, moment)
    for listener in sorts:
        if listener.pace is not Frequency.IMMEDIATE:
            period, due = _period(listener.pace, moment)
            digest = deliveries.open_digest(connection, listener.id, period=period, moment=moment, due_at=due)
            deliveries.add_change(connection, listener.id, change.key, digest)


def _period(pace: Frequency, moment: datetime) -> tuple[str, datetime]:
    """The digest's name and the moment its period ends: the day, or the week from Monday, in UTC."""
    day = moment.astimezone(UTC).date()
    if pace is Frequency.DAILY:
        name, end = f"daily:{day}", day + timedelta(days=1)
    else:
        year, week, weekday = day.isocalendar()
        name, end = f"weekly:{year}-W{week:02}", day + timedelta(days=8 - weekday)
    return name, datetime.combine(end, time(), UTC)


def enqueue_countdowns(engine: Engine, ledger: Ledger, moment: datetime) -> None:
    """Decide whom to tell that an entry into force is near; `ledger` is the record as of the moment's day.

    Asked once a day. Each is told once for each date; after days without a run, with the days that are left.
    """
    with write_transaction(engine) as connection:
        for listener in subscribers.countdown_subscriptions(connection, AlertCondition.COUNTDOWN, moment):
            for instrument, days, words in _coming(ledger, listener):
                key = f"countdown:{instrument}:{ledger.horizon + timedelta(days=days)}"
                deliveries.enqueue(
                    connection,
                    listener.id,
                    key=key,
                    sort=MessageType.COUNTDOWN,
                    moment=moment,
                    due_at=moment,
                    note=words,
                )


def _coming(ledger: Ledger, listener: Subscription) -> Iterator[tuple[str, int, str]]:
    for name in [listener.instrument] if listener.instrument else ledger.instruments:
        entry = entry_into_force(ledger, name) if name in ledger.instruments else None
        days = (entry.date - ledger.horizon).days if entry and entry.date else 0
        if entry and 0 < days <= listener.number:
            left = "1 day" if days == 1 else f"{days} days"
            words = f"{title_of(ledger, name)} enters into force on {in_words(entry.date)}, in {left}."
            yield name, days, f"{words} {entry.why}"


# -- sending ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class DeliveryReport:
    """What became of the deliveries that were tried: how many sent, to be tried later, and failed for good."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    seen: set[int] = field(default_factory=set, repr=False)


@dataclass(frozen=True, slots=True)
class _Ending:
    """How an attempt ended, in the words of the attempts' log, and where that leaves the delivery."""

    outcome: str
    state: DeliveryState
    detail: str = ""
    due_at: datetime | None = None


def deliver_due(
    engine: Engine,
    now: Clock,
    channels: Mapping[Channel, Send],
    worker: str,
    *,
    site: str,
    jitter: Callable[[], float],
    most: int = BATCH,
    goes_on: Callable[[], bool] = lambda: True,
) -> DeliveryReport:
    """Send what is due, up to `most` messages, and say what became of them; call again while it sends any.

    `site` is where the pages are served, `jitter` a random number from 0 to 1 that spreads the next
    tries. Each message is claimed, signed and settled by the clock of its own moment, and none is begun once
    the batch has lasted long or `goes_on` says no. Any number of workers may do this at once. A
    failure of our own is noted on the delivery, which is tried again later, and raised.
    """
    report, end = DeliveryReport(), now() + MAX_BATCH_TIME
    while len(report.seen) < most and now() < end and goes_on():
        if not (taken := _take(engine, now(), worker, report.seen)):
            break
        claimed, links = taken
        report.seen.add(claimed.delivery.id)
        ending = _Ending("failed here", DeliveryState.WAITING, "This program failed.", _again(claimed, now(), jitter))
        try:
            ending = _sent(claimed, compose_message(claimed, site, _addressed(links, site)), channels, now, jitter)
        finally:
            _note(engine, claimed, ending, now())
        _count(report, ending)
    return report


def _take(engine: Engine, moment: datetime, worker: str, seen: Collection[int]) -> tuple[ClaimedDelivery, Links] | None:
    """1. Claim a delivery, note the attempt, and make its secret links, all before anything is sent."""
    with read_transaction(engine) as connection:
        if deliveries.oldest_due(connection, moment) is None:
            return None  # nobody is kept from writing while there is nothing to do
    with write_transaction(engine) as connection:
        claimed = deliveries.claim(connection, moment, moment + CLAIM, worker, seen)
        return (claimed, _minted(connection, claimed, moment)) if claimed else None


def _minted(connection: Transaction, claimed: ClaimedDelivery, moment: datetime) -> Links:
    owner = claimed.subscription.id
    if claimed.delivery.sort is MessageType.CONFIRM:
        return Links(confirm=subscriptions.create_link_token(connection, owner, LinkPurpose.CONFIRM, moment))
    return Links(
        manage=subscriptions.create_link_token(connection, owner, LinkPurpose.MANAGE, moment),
        unsubscribe=subscriptions.create_link_token(connection, owner, LinkPurpose.UNSUBSCRIBE, moment),
    )


def _addressed(links: Links, site: str) -> Links:
    return Links(
        manage=f"{site}/subscriptions/{links.manage}" if links.manage else "",
        unsubscribe=f"{site}/unsubscribe/{links.unsubscribe}" if links.unsubscribe else "",
        confirm=f"{site}/confirm/{links.confirm}" if links.confirm else "",
    )


def _sent(
    claimed: ClaimedDelivery,
    message: Message,
    channels: Mapping[Channel, Send],
    now: Clock,
    jitter: Callable[[], float],
) -> _Ending:
    """2. Send it, in no transaction, and say how that ended."""
    try:
        channels.get(claimed.subscription.channel, _no_way)(claimed.subscription, message, now())
    except TryLater as trouble:
        if claimed.delivery.tries >= MAX_ATTEMPTS:
            return _Ending("given up", DeliveryState.FAILED, f"After {MAX_ATTEMPTS} tries: {trouble}")
        return _Ending("later", DeliveryState.WAITING, str(trouble), _again(claimed, now(), jitter, trouble.after))
    except Undeliverable as trouble:
        if trouble.final or claimed.delivery.tries >= MAX_REFUSALS:
            return _Ending("refused", DeliveryState.FAILED, str(trouble))
        return _Ending("refused", DeliveryState.WAITING, str(trouble), _again(claimed, now(), jitter))
    return _Ending("sent", DeliveryState.SENT)


def _no_way(to: Subscription, message: Message, moment: datetime) -> None:
    raise TryLater(f"No way to send by {to.channel} is set up here.")


def _again(
    claimed: ClaimedDelivery, moment: datetime, jitter: Callable[[], float], asked: float | None = None
) -> datetime:
    """When to try again: twice as long as the last time, up to the longest wait, and up to half as long again."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(claimed.delivery.tries - 1, 20), LONGEST_WAIT)
    return moment + max(wait * (1 + jitter() / 2), timedelta(seconds=asked or 0))


def _note(engine: Engine, claimed: ClaimedDelivery, ending: _Ending, moment: datetime) -> None:
    """3. Settle it; a failure for good stops the subscription and says why."""
    with write_transaction(engine) as connection:
        ours = deliveries.settle(
            connection, claimed, moment, state=ending.state, outcome=ending.outcome, detail=ending.detail,
            due_at=ending.due_at,
        )  # fmt: skip
        owner = claimed.subscription.id
        stops = ours and ending.state is DeliveryState.FAILED and claimed.delivery.sort not in _ON_REQUEST
        if stops and subscribers.subscription(connection, owner).state is SubscriptionState.ACTIVE:
            subscribers.update_subscription(
                connection, owner, state=SubscriptionState.STOPPED, stopped_why=ending.detail
            )


def _count(report: DeliveryReport, ending: _Ending) -> None:
    report.sent += ending.state is DeliveryState.SENT
    report.later += ending.state is DeliveryState.WAITING
    report.failed += ending.state is DeliveryState.FAILED
