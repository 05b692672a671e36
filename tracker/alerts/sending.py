"""Sending what is due: many messages on their way at once, in fairness to all receivers, each claimed and settled once.

One thread asks the database and decides what goes next; the others compose and send, and touch no database. What
has ended is settled, and what goes next is claimed, in one transaction, so that a burst costs few of them.

The channels of an installation: webhooks always, e-mail where a mail server is set, chat where apprise is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import Engine

from tracker.alerts import chat, deliveries, subscribers, subscriptions
from tracker.alerts.address_safety import Resolver, resolve_host
from tracker.alerts.deliveries import ClaimedDelivery, DeliveryState, MessageType
from tracker.alerts.email import EmailSender
from tracker.alerts.lanes import Lanes, Plan
from tracker.alerts.messages import Links, Message, compose_message, ids_in
from tracker.alerts.subscribers import Channel, LinkPurpose, Subscription, SubscriptionState, Transaction
from tracker.alerts.webhook import WebhookSender
from tracker.config import Settings
from tracker.errors import TryLater, Undeliverable, Unreachable
from tracker.storage import repository
from tracker.storage.database import read_transaction, write_transaction

__all__ = ["EmailSender", "WebhookSender", "offered_channels", "senders_for"]


def offered_channels(settings: Settings) -> tuple[Channel, ...]:
    """The channels that can be chosen in this installation, the usual one first."""
    offered = {Channel.EMAIL: bool(settings.smtp_url), Channel.WEBHOOK: True, Channel.CHAT: chat.is_installed()}
    return tuple(channel for channel, there in offered.items() if there)


def senders_for(
    settings: Settings, resolve: Resolver = resolve_host
) -> dict[Channel, Callable[[Subscription, Message, datetime], None]]:
    """How to send by each of the channels that are offered.

    `resolve` is how the names of receivers are looked up.
    """
    private = settings.allow_private_webhooks
    ways: dict[Channel, Callable[[Subscription, Message, datetime], None]] = {
        Channel.WEBHOOK: WebhookSender(private=private, resolve=resolve)
    }
    if chat.is_installed():
        ways[Channel.CHAT] = chat.ChatSender(private=private, resolve=resolve)
    if settings.smtp_url:
        ways[Channel.EMAIL] = EmailSender(settings.smtp_url, settings.mail_from)
    return ways


Send = Callable[[Subscription, Message, datetime], None]
Clock = Callable[[], datetime]

AT_ONCE = 40  # messages on their way
CLAIM = timedelta(minutes=1)  # more than one delivery takes, at its slowest
PLANNED = 5_000  # deliveries looked at ahead
PLAN_AGE = 5.0  # seconds after which what is due is looked at anew, though some are left of the last look
LOOK = 0.5  # seconds between two looks while nothing is due and messages are on their way
MAX_RUN_TIME = timedelta(minutes=2)  # after which none is begun: another process may go on
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
MAX_ATTEMPTS = 16  # over some two days
CONFIRM_WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=30))  # that nobody has confirmed yet
MAX_REFUSALS = 5  # that a receiver may repeat before it is believed
_ON_REQUEST = (
    MessageType.CONFIRM,
    MessageType.LINK,
    MessageType.TEST,
)  # what the subscriber waits for; its failure stops nothing


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
    reached: bool = True
    trouble: Exception | None = None


def deliver_due(
    engine: Engine,
    now: Clock,
    channels: Mapping[Channel, Send],
    worker: str,
    *,
    site: str,
    jitter: Callable[[], float],
    lanes: Lanes | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> DeliveryReport:
    """Send what is due, and what falls due meanwhile, until nothing is; say what became of it.

    `site` is where the pages are served, `jitter` a random number from 0 to 1 that spreads the next tries, `lanes`
    what is known of the receivers from run to run. Each message is claimed, signed and settled by the clock of its
    own moment, and none is begun once the run has lasted long or `goes_on` says no. Any number of workers may do
    this at once. A failure of our own is noted on the delivery, which is tried again later, and raised in the end.
    """
    sending = _Sending(engine, now, channels, worker, site, jitter, lanes or Lanes(AT_ONCE))
    sending.run(goes_on)
    if sending.trouble:
        raise sending.trouble
    return sending.report


@dataclass(slots=True)
class _Sending:
    """One run: what is planned, what is on its way, and what became of the rest."""

    engine: Engine
    now: Clock
    channels: Mapping[Channel, Send]
    worker: str
    site: str
    jitter: Callable[[], float]
    lanes: Lanes
    report: DeliveryReport = field(default_factory=DeliveryReport)
    trouble: Exception | None = None
    _plan: Plan | None = None
    _planned_at: float = 0.0
    _on_the_way: dict[Future[_Ending], tuple[ClaimedDelivery, str]] = field(default_factory=dict)

    def run(self, goes_on: Callable[[], bool]) -> None:
        """Send until nothing is due and nothing on its way, or it is time to end."""
        try:
            with ThreadPoolExecutor(self.lanes.most, thread_name_prefix="delivery") as threads:
                self._run(threads, goes_on)
        finally:
            self.lanes.rest()

    def _run(self, threads: ThreadPoolExecutor, goes_on: Callable[[], bool]) -> None:
        end, ended = self.now() + MAX_RUN_TIME, list[Future[_Ending]]()
        while True:
            done = [self._finish(each) for each in ended]
            begins = self._next() if self.now() < end and goes_on() else []
            self._settle_and_claim(done, begins, threads)
            if not self._on_the_way:
                return
            ended = list(wait(self._on_the_way, LOOK, FIRST_COMPLETED).done)

    # 1. What has arrived, and what goes next

    def _finish(self, future: Future[_Ending]) -> tuple[ClaimedDelivery, _Ending]:
        claimed, place = self._on_the_way.pop(future)
        ending = future.result()
        self.lanes.end(place, self.now(), reached=ending.reached)
        self._leave_alone(place)
        return claimed, ending

    def _next(self) -> list[tuple[str, int]]:
        """The places and numbers of deliveries that may go now; their places know already that they do."""
        self._look()
        begins: list[tuple[str, int]] = []
        while self._plan and (found := self._plan.take()):
            place, due = found
            self.lanes.begin(place)
            begins.append((place, due.id))
        return begins

    def _look(self) -> None:
        """Look at what is due, unless that was done just now; what goes to places left alone is put off."""
        age = monotonic() - self._planned_at
        fresh = age < (PLAN_AGE if self._plan and self._plan.places else LOOK)
        if self._plan is not None and fresh and self._on_the_way:
            return
        with read_transaction(self.engine) as connection:
            self._plan = Plan(deliveries.due(connection, self.now(), PLANNED), self.lanes)
        self._planned_at = monotonic()
        for place in self._plan.places:
            self._leave_alone(place)

    def _leave_alone(self, place: str) -> None:
        moment = self.now()
        until = self.lanes.closed_until(place, moment)
        if self._plan is None or until is None:
            return
        if ids := [each.id for each in self._plan.leave_out(place)]:
            why = "The receiver could not be reached several times in a row, and is left alone for a while."
            with write_transaction(self.engine) as connection:
                deliveries.postpone(connection, ids, moment, until, why)

    # 2. Settle what has ended, claim what goes next, note its attempt and make its secret links, before it is sent

    def _settle_and_claim(
        self, done: Sequence[tuple[ClaimedDelivery, _Ending]], begins: Sequence[tuple[str, int]],
        threads: ThreadPoolExecutor,
    ) -> None:  # fmt: skip
        if not done and not begins:
            return
        moment, places = self.now(), {id: place for place, id in begins}
        with write_transaction(self.engine) as connection:
            for sent, ending in done:
                _settle(connection, sent, ending, moment)
            taken = deliveries.claim(connection, list(places), moment, moment + CLAIM, self.worker) if begins else []
            links = _new_links(connection, taken, moment)
            names = repository.names_of(connection, {id for each in taken for id in ids_in(each)}) if taken else {}
        for _, ending in done:
            self._count(ending)
        for claimed, own in zip(taken, links, strict=True):
            future = threads.submit(self._send_one, claimed, own, names)
            self._on_the_way[future] = (claimed, places.pop(claimed.delivery.id))
            self.report.seen.add(claimed.delivery.id)
        for place in places.values():  # another worker was faster
            self.lanes.withdraw(place)

    def _count(self, ending: _Ending) -> None:
        self.report.sent += ending.state is DeliveryState.SENT
        self.report.later += ending.state is DeliveryState.WAITING
        self.report.failed += ending.state is DeliveryState.FAILED
        self.trouble = self.trouble or ending.trouble

    # 3. Send it, in a thread of its own

    def _send_one(self, claimed: ClaimedDelivery, links: Links, names: Mapping[str, str]) -> _Ending:
        try:
            message = compose_message(claimed, self.site, _full_addresses(links, self.site), names)
            self.channels.get(claimed.subscription.channel, _no_way)(claimed.subscription, message, self.now())
        except TryLater as trouble:
            return self._try_later(claimed, trouble)
        except Undeliverable as trouble:
            if trouble.final or claimed.delivery.tries >= MAX_REFUSALS:
                return _Ending("refused", DeliveryState.FAILED, str(trouble))
            return _Ending("refused", DeliveryState.WAITING, str(trouble), self._again(claimed))
        except Exception as trouble:  # noqa: BLE001 - it is noted, raised in the end, and keeps nobody else waiting
            again = self._again(claimed)
            return _Ending("failed here", DeliveryState.WAITING, "This program failed.", again, trouble=trouble)
        return _Ending("sent", DeliveryState.SENT)

    def _try_later(self, claimed: ClaimedDelivery, trouble: TryLater) -> _Ending:
        confirms, tries = claimed.delivery.sort is MessageType.CONFIRM, claimed.delivery.tries
        reached, most = not isinstance(trouble, Unreachable), len(CONFIRM_WAITS) + 1 if confirms else MAX_ATTEMPTS
        if tries >= most:
            return _Ending("given up", DeliveryState.FAILED, f"After {most} tries: {trouble}", reached=reached)
        again = self._again(claimed, trouble.after)
        return _Ending("later", DeliveryState.WAITING, str(trouble), again, reached=reached)

    def _again(self, claimed: ClaimedDelivery, asked: float | None = None) -> datetime:
        """When to try again: after twice as long as the last time, within bounds, and up to half as long again."""
        tries = max(claimed.delivery.tries, 1)
        wait: timedelta = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
        if claimed.delivery.sort is MessageType.CONFIRM:
            wait = CONFIRM_WAITS[min(tries, len(CONFIRM_WAITS)) - 1]
        return self.now() + max(wait * (1 + self.jitter() / 2), timedelta(seconds=asked or 0))


def _new_links(connection: Transaction, taken: Sequence[ClaimedDelivery], moment: datetime) -> list[Links]:
    """New secret links for each message, as tokens."""
    wanted = [(each.subscription.id, purpose) for each in taken for purpose in _purposes(each)]
    tokens = iter(subscriptions.create_link_tokens(connection, wanted, moment))
    return [Links(**{purpose.value: next(tokens) for purpose in _purposes(each)}) for each in taken]


def _purposes(claimed: ClaimedDelivery) -> Collection[LinkPurpose]:
    if claimed.delivery.sort is MessageType.CONFIRM:
        return (LinkPurpose.CONFIRM, LinkPurpose.UNSUBSCRIBE)
    return (LinkPurpose.MANAGE, LinkPurpose.UNSUBSCRIBE)


def _full_addresses(links: Links, site: str) -> Links:
    return Links(
        manage=f"{site}/subscriptions/{links.manage}" if links.manage else "",
        unsubscribe=f"{site}/unsubscribe/{links.unsubscribe}" if links.unsubscribe else "",
        confirm=f"{site}/confirm/{links.confirm}" if links.confirm else "",
    )


def _no_way(to: Subscription, message: Message, moment: datetime) -> None:
    raise TryLater(f"No way to send by {to.channel} is set up here.")


def _settle(connection: Transaction, claimed: ClaimedDelivery, ending: _Ending, moment: datetime) -> None:
    """Note how the attempt ended; a failure for good stops the subscription and says why."""
    ours = deliveries.settle(
        connection, claimed, moment, state=ending.state, outcome=ending.outcome, detail=ending.detail,
        due_at=ending.due_at,
    )  # fmt: skip
    owner = claimed.subscription.id
    stops = ours and ending.state is DeliveryState.FAILED and claimed.delivery.sort not in _ON_REQUEST
    if stops and subscribers.subscription(connection, owner).state is SubscriptionState.ACTIVE:
        subscribers.update_subscription(connection, owner, state=SubscriptionState.STOPPED, stopped_why=ending.detail)
