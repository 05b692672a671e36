"""Fair turns among receivers: how many messages may be on their way to one place, and which of those due goes next.

A place is where a receiver is, whatever its names: its last known network address. Nothing here sends, asks a
clock or the database.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tracker.alerts import chat
from tracker.alerts.address_safety import Resolver, resolve_host
from tracker.alerts.deliveries import DueDelivery
from tracker.alerts.subscribers import Channel

MAIL = "mail server"  # the place of every letter: the server is the operator's own
MAX_ON_THE_WAY, MAX_LETTERS = 2, 6  # messages at a time to a place that answers; letters at a time
FAILURES = 3  # in a row, to reach a place, after which it is left alone for a while
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)
MAX_PLACES = 10_000  # that are remembered


class KnownHosts:
    """Looks names up, and remembers at which address each was found last."""

    def __init__(self, resolve: Resolver = resolve_host) -> None:
        self._resolve, self._found = resolve, dict[str, str]()

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """All addresses of the host, asked anew."""
        addresses = self._resolve(host, port)
        if addresses:
            self._found.pop(host, None)
            self._found[host] = addresses[0]
            if len(self._found) > MAX_PLACES:
                self._found.pop(next(iter(self._found)), None)
        return addresses

    def place(self, host: str) -> str:
        """The address at which the host was found last, or the host itself."""
        return self._found.get(host, host)


@dataclass(slots=True)
class _Lane:
    limit: int = MAX_ON_THE_WAY
    on_the_way: int = 0
    doubtful: int = 0  # of these, sent on their way while it was not known whether the place answers
    failures: int = 0  # to reach the place, in a row
    answered: bool = False
    closed_until: datetime | None = None

    @property
    def answers(self) -> bool:
        """Has the place answered, and not failed since?"""
        return self.answered and not self.failures


@dataclass(slots=True)
class Lanes:
    """What is on its way to each place, and how the place has answered so far.

    Of `most` messages on their way at once, no more than half go to places that have not answered yet, or not
    lately: receivers that hang never hold up those that answer. A place that could not be reached three times in a
    row is left alone, for twice as long each time, and then tried with one message.
    """

    most: int
    hosts: KnownHosts = field(default_factory=KnownHosts)
    _lanes: dict[str, _Lane] = field(default_factory=lambda: {MAIL: _Lane(limit=MAX_LETTERS, answered=True)})
    _on_the_way: int = 0
    _doubtful: int = 0

    def place(self, channel: Channel, address: str) -> str:
        """Where a message to that address goes."""
        if channel is Channel.EMAIL:
            return MAIL
        host = chat.place_of(address) if channel is Channel.CHAT else (urlsplit(address).hostname or "").lower()
        return self.hosts.place(host)

    def admits(self, place: str) -> bool:
        """May one more message go there now?"""
        if self.full:
            return False
        lane = self._lanes.get(place)
        if lane and lane.answers:
            return lane.on_the_way < lane.limit
        return self._doubtful < max(1, self.most // 2) and (lane is None or lane.on_the_way == 0)

    @property
    def full(self) -> bool:
        """Are as many messages on their way as may be at once?"""
        return self._on_the_way >= self.most

    def closed_until(self, place: str, moment: datetime) -> datetime | None:
        """Until when the place is left alone; None if it is not."""
        lane = self._lanes.get(place)
        return lane.closed_until if lane and lane.closed_until and moment < lane.closed_until else None

    def begin(self, place: str) -> None:
        """A message goes there."""
        if place not in self._lanes and len(self._lanes) >= MAX_PLACES:
            self._forget_one()
        lane = self._lanes.setdefault(place, _Lane())
        lane.on_the_way += 1
        self._on_the_way += 1
        if not lane.answers:
            lane.doubtful += 1
            self._doubtful += 1

    def withdraw(self, place: str) -> None:
        """The message did not go there after all."""
        lane = self._lanes[place]
        lane.on_the_way -= 1
        self._on_the_way -= 1
        if lane.doubtful:
            lane.doubtful -= 1
            self._doubtful -= 1

    def end(self, place: str, moment: datetime, *, reached: bool) -> None:
        """A message has arrived, or was refused: the place was reached; or it was not."""
        self.withdraw(place)
        lane = self._lanes[place]
        if reached:
            lane.failures, lane.answered, lane.closed_until = 0, True, None
            return
        lane.failures += 1
        if lane.failures >= FAILURES:
            lane.closed_until = moment + min(FIRST_REST * 2 ** min(lane.failures - FAILURES, 10), LONGEST_REST)

    def rest(self) -> None:
        """Nothing is on its way any more, however that came; what is known of the places stays."""
        self._on_the_way = self._doubtful = 0
        for lane in self._lanes.values():
            lane.on_the_way = lane.doubtful = 0

    def _forget_one(self) -> None:
        idle = next((name for name, lane in self._lanes.items() if not lane.on_the_way and name != MAIL), None)
        if idle is not None:
            del self._lanes[idle]


class Plan:
    """Deliveries that are due, from which one is taken at a time: each place in its turn, alerts before confirmations.

    Those given come in the order in which a place's own are to be sent.
    """

    def __init__(self, due: Iterable[DueDelivery], lanes: Lanes) -> None:
        self._lanes = lanes
        self._queues: tuple[dict[str, deque[DueDelivery]], ...] = ({}, {})
        for each in due:
            place = lanes.place(each.channel, each.address)
            self._queues[each.confirms].setdefault(place, deque()).append(each)

    def take(self) -> tuple[str, DueDelivery] | None:
        """The next that may go, with its place; None where every place has as many on their way as it may."""
        for queues in () if self._lanes.full else self._queues:
            for place in list(queues):
                if self._lanes.admits(place):
                    due = queues.pop(place)
                    found = due.popleft()
                    if due:
                        queues[place] = due  # behind the others
                    return place, found
        return None

    def leave_out(self, place: str) -> list[DueDelivery]:
        """Take out all that go to that place."""
        return [each for queues in self._queues for each in queues.pop(place, ())]

    @property
    def places(self) -> set[str]:
        """Where those that are left go."""
        return {place for queues in self._queues for place in queues}
