"""The past of a collection of treaties as arrays: who signed and joined which treaty on which date.

Dates are whole days since the first of January 1900, so that arrays of them can be compared and subtracted; an action
that has not happened has the day `NEVER`. Participants are numbered by their place in a list of codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

ORIGIN = date(1900, 1, 1)
NEVER = np.int32(2**30)
YEAR = 365.25  # days
QUARTER = YEAR / 4


def day_number(day: date) -> int:
    """The days since the first of January 1900."""
    return (day - ORIGIN).days


def date_of(number: float) -> date:
    """The date of a number of days since the first of January 1900."""
    return ORIGIN + timedelta(days=int(number))


@dataclass(frozen=True, slots=True)
class Participants:
    """The participants of a collection in one order, with what is known of each."""

    codes: tuple[str, ...]
    regions: tuple[str, ...]
    subregions: tuple[str, ...]
    states: Flags  # is it a State? organizations are none
    exists_from: Days
    exists_to: Days

    def places(self) -> dict[str, int]:
        """Where each code stands."""
        return {code: place for place, code in enumerate(self.codes)}

    def groups(self, names: Sequence[str]) -> Floats:
        """A matrix of participants by groups with a one where a participant belongs to a group."""
        kinds = sorted(set(names) - {""})
        return np.array([[name == kind for kind in kinds] for name in names], np.float32)


@dataclass(frozen=True, slots=True)
class TreatyHistory:
    """One treaty: when it was opened, and by participant when each signed and joined.

    `chapter` is the part of the collection it belongs to, `parent` the treaty it supplements. `eligible` says who may
    join where that is declared, else everybody may.
    """

    reference: str
    chapter: str
    opened: int
    signed: Days
    joined: Days
    parent: str = ""
    eligible: Flags | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """The treaties with their participants."""

    participants: Participants
    treaties: tuple[TreatyHistory, ...]
    by_reference: dict[str, TreatyHistory] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_reference", {each.reference: each for each in self.treaties})

    def siblings(self, treaty: TreatyHistory) -> list[TreatyHistory]:
        """The other protocols of the same convention, opened before or with it."""
        return [
            each
            for each in self.treaties
            if treaty.parent and each.parent == treaty.parent and each.reference != treaty.reference
        ]


def first_days(size: int, actions: Iterable[tuple[int, int]]) -> Days:
    """By participant the first of the days, given as pairs of a place and a day."""
    days = np.full(size, NEVER, np.int32)
    for place, day in actions:
        days[place] = min(days[place], day)
    return days
