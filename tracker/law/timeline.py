"""Acts in date order, by instrument, by participant and by both: the indexes under every ledger.

Built once and shared by all views; cutting at a day is a bisection, not a copy of the record.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from tracker.law.model import Action

END_OF_TIME = date.max


def in_order(action: Action) -> tuple[date | str, ...]:
    """The sort key of acts: by day, then by all they say, so that the order of recording never matters."""
    names = (action.instrument, action.participant, action.kind, action.territory)
    days = (str(action.date or ""), str(action.effective_on or ""))
    return (action.known_by or END_OF_TIME, *names, *days, action.source, action.note, action.doubt)


class Timeline:
    """Acts on one subject in date order, those without any day apart."""

    __slots__ = ("acts", "days", "undated")

    def __init__(self, acts: Iterable[Action]) -> None:
        ordered = sorted(acts, key=in_order)
        self.acts = [act for act in ordered if act.known_by is not None]
        self.days = [act.known_by for act in self.acts]
        self.undated = [act for act in ordered if act.known_by is None]

    def until(self, day: date) -> Sequence[Action]:
        """The acts certainly done by that day."""
        if not self.days or cast(date, self.days[-1]) <= day:
            return self.acts
        return self.acts[: bisect_right(cast(list[date], self.days), day)]


NOTHING = Timeline(())


class Index:
    """Acts by instrument, by participant and by both; built once, shared by every view."""

    __slots__ = ("actions", "by_instrument", "by_pair", "by_participant")

    def __init__(self, actions: Iterable[Action]) -> None:
        self.actions = tuple(actions)
        instruments: dict[str, list[Action]] = defaultdict(list)
        participants: dict[str, list[Action]] = defaultdict(list)
        pairs: dict[tuple[str, str], list[Action]] = defaultdict(list)
        for act in self.actions:
            instruments[act.instrument].append(act)
            participants[act.participant].append(act)
            pairs[act.instrument, act.participant].append(act)
        self.by_instrument = {key: Timeline(acts) for key, acts in instruments.items()}
        self.by_participant = {key: Timeline(acts) for key, acts in participants.items()}
        self.by_pair = {key: Timeline(acts) for key, acts in pairs.items()}
