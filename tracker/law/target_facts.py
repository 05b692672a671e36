"""Targets as facts: goals of plans and reported figures, and what the record can count for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.law.dates import Day, PartialDate
from tracker.law.model import Fact


class TargetKind(StrEnum):
    """Is the figure something that was reported, or something to be reached?"""

    RESULT = "result"
    TARGET = "target"


class Aim(StrEnum):
    """Is a target met by having the figure and more, or by having no more than the figure?"""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"


class Metric(StrEnum):
    """What a record can count for a target, on its day or between its `since` and its day.

    Of an instrument: `parties` (as the UN prints them), `signatories`, `bound`, `added-parties` (more
    than on `since`), `opened` (1 once it is open for signature). Of a scheme's list, or of one value
    in it where `among` says so: `list-size`, `list-growth`, `added-to-list` and `removed-from-list`
    (against `since`), `still-listed` (on the list on `since` and on the day). Of bodies: `members`,
    `frameworks` (how many of them exist).
    """

    PARTIES = "parties"
    SIGNATORIES = "signatories"
    BOUND = "bound"
    ADDED_PARTIES = "added-parties"
    OPENED = "opened"
    LIST_SIZE = "list-size"
    LIST_GROWTH = "list-growth"
    ADDED_TO_LIST = "added-to-list"
    REMOVED_FROM_LIST = "removed-from-list"
    STILL_LISTED = "still-listed"
    MEMBERS = "members"
    FRAMEWORKS = "frameworks"

    @property
    def of_instrument(self) -> bool:
        """Does it count something of an instrument?"""
        return self in _OF_INSTRUMENT

    @property
    def of_list(self) -> bool:
        """Does it count something of a scheme's list?"""
        return self in _OF_LIST

    @property
    def of_bodies(self) -> bool:
        """Does it count something of bodies?"""
        return self in (Metric.MEMBERS, Metric.FRAMEWORKS)

    @property
    def compares(self) -> bool:
        """Does it hold its day against an earlier one, `since`?"""
        return self in _COMPARING


_OF_INSTRUMENT = frozenset({
    Metric.PARTIES, Metric.SIGNATORIES, Metric.BOUND, Metric.ADDED_PARTIES, Metric.OPENED,
})  # fmt: skip
_OF_LIST = frozenset({
    Metric.LIST_SIZE, Metric.LIST_GROWTH, Metric.ADDED_TO_LIST, Metric.REMOVED_FROM_LIST, Metric.STILL_LISTED,
})  # fmt: skip
_COMPARING = frozenset({
    Metric.ADDED_PARTIES, Metric.LIST_GROWTH, Metric.ADDED_TO_LIST, Metric.REMOVED_FROM_LIST, Metric.STILL_LISTED,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Fact):
    """A figure reported for a day, or to be reached by it.

    `on` counts to the last day it may stand for; `metric` None is a figure that no record of treaties
    can compute. `goal` and `indicator` say whose plan it stands in, `measure` what is counted there.
    """

    id: str
    goal: str
    kind: TargetKind
    on: PartialDate
    indicator: str = ""
    measure: str = ""
    unit: str = ""
    metric: Metric | None = None
    instrument: str = ""
    scheme: str = ""
    among: str = ""
    bodies: tuple[str, ...] = ()
    since: PartialDate | None = None
    aim: Aim = Aim.AT_LEAST
    value: int | None = None
    fiscal_year: int | None = None
    text: str = ""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        for lacking in self._lacking():
            raise ValueError(f"the metric '{self.metric}' needs {lacking}")
        if self.since and self.since.last >= self.day:
            raise ValueError("a target's 'since' comes before its day")

    def _lacking(self) -> tuple[str, ...]:
        """What the metric cannot do without and the target does not say."""
        if self.metric is None:
            return ()
        asked = {
            "a treaty": self.metric.of_instrument and not self.instrument,
            "a scheme": self.metric.of_list and not self.scheme,
            "bodies": self.metric.of_bodies and not self.bodies,
            "a day to count from, 'since'": self.metric.compares and self.since is None,
            "a value": self.value is None,
        }
        return tuple(what for what, missing in asked.items() if missing)

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def day(self) -> Day:
        """The day on which it is judged."""
        return self.on.last
