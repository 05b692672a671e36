"""Treaty actions ready for lookup: by instrument, by participant and by both, in the order of their dates.

An index is immutable and is renewed: the one after a change shares with the one before all that the change leaves as
it was, so that a change costs what it changes.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, cast

from tracker.law.model import Action
from tracker.law.reference_facts import END_OF_TIME


def sort_actions(action: Action) -> tuple[date | str, ...]:
    """The sort key of acts: by day, then by all they say, so that the order of recording never matters."""
    names = (action.instrument, action.participant, action.kind, action.territory)
    days = (str(action.date or ""), str(action.effective_on or ""))
    said = (action.source, action.note, action.doubt, action.towards, action.not_counted)
    limits = (str(action.not_before or ""), str(action.known_by or ""))
    known = (str(action.recorded_at or ""), str(action.retracted_at or ""))
    return (action.counts_from or END_OF_TIME, *names, *days, *said, *limits, *known)


_FEW = 8  # acts that are put in their places one by one; for more, all are sorted anew when asked


class _Order(NamedTuple):
    """Acts in order, those without any day apart; `days` are those of `acts`, `live` the acts not retracted."""

    acts: Sequence[Action]
    days: Sequence[date]
    undated: Sequence[Action]
    live: tuple[Action, ...]
    live_days: Sequence[date]


class ActionTimeline:
    """Acts on one subject in date order, those without any day apart; put in order when first asked."""

    __slots__ = ("_by_participant", "_given", "_order")

    def __init__(self, acts: Iterable[Action]) -> None:
        self._given: Sequence[Action] = tuple(acts)
        self._order: _Order | None = None
        self._by_participant: Mapping[str, ActionTimeline] | None = None

    @property
    def _ordered(self) -> _Order:
        given, found = self._given, self._order  # in this order, since another thread may put them in order meanwhile
        if found is None:
            found = self._order = _in_order(sorted(given, key=sort_actions))
            self._given = ()
        return found

    @property
    def acts(self) -> Sequence[Action]:
        """The dated acts."""
        return self._ordered.acts

    @property
    def undated(self) -> Sequence[Action]:
        """The acts without any day."""
        return self._ordered.undated

    def __iter__(self) -> Iterator[Action]:
        """All acts, in whatever order they are."""
        given, found = self._given, self._order
        return iter(given if found is None else (*found.acts, *found.undated))

    def until(self, day: date) -> Sequence[Action]:
        """The acts certainly done by that day."""
        acts, days = self._ordered.acts, self._ordered.days
        return acts if not days or days[-1] <= day else acts[: bisect_right(days, day)]

    def live_until(self, day: date) -> tuple[Action, ...]:
        """The acts certainly done by that day, without those that have been retracted: no copy where these are all."""
        live, days = self._ordered.live, self._ordered.live_days
        return live if not days or days[-1] <= day else live[: bisect_right(days, day)]

    def of(self, participant: str) -> ActionTimeline:
        """The acts of one participant among them."""
        if self._by_participant is None:
            found: dict[str, list[Action]] = defaultdict(list)
            for act in (*self._ordered.acts, *self._ordered.undated):
                found[act.participant].append(act)
            self._by_participant = {code: _of_sorted(acts) for code, acts in found.items()}
        return self._by_participant.get(participant, NOTHING)

    def renewed(self, gone: Sequence[Action], come: Sequence[Action]) -> ActionTimeline:
        """The timeline without some of its acts, and with others; each act to go is one of this very timeline."""
        leaving = set(map(id, gone))
        kept = [act for act in self if id(act) not in leaving]
        if self._order is None or len(come) > _FEW:
            return ActionTimeline((*kept, *come))
        for act in come:
            insort(kept, act, key=sort_actions)
        return _of_sorted(kept)

    def live(self, act: Action) -> Action:
        """The act as it is among these, not retracted; KeyError if there is none."""
        found = next((each for each in self if each.retracted_at is None and each == act), None)
        if found is None:
            raise KeyError(act.subject)
        return found


def _of_sorted(acts: Sequence[Action]) -> ActionTimeline:
    found = ActionTimeline(())
    found._order = _in_order(acts)
    return found


def _in_order(acts: Sequence[Action]) -> _Order:
    """Acts that are sorted already, those without any day apart."""
    days = [act.counts_from for act in acts]
    dated = tuple(act for act, day in zip(acts, days, strict=True) if day is not None)
    undated = [act for act, day in zip(acts, days, strict=True) if day is None]
    known = [day for day in days if day is not None]
    if all(act.retracted_at is None for act in dated):
        return _Order(dated, known, undated, dated, known)
    live = [(act, day) for act, day in zip(dated, known, strict=True) if act.retracted_at is None]
    return _Order(dated, known, undated, tuple(act for act, _ in live), [day for _, day in live])


NOTHING = ActionTimeline(())


class ActionIndex:
    """Acts by instrument and by participant; built once, shared by every view."""

    __slots__ = ("by_instrument", "by_participant", "derived")

    def __init__(self, actions: Iterable[Action] = ()) -> None:
        self.derived: dict[object, ActionIndex] = {}
        instruments: dict[str, list[Action]] = defaultdict(list)
        participants: dict[str, list[Action]] = defaultdict(list)
        for act in actions:
            instruments[act.instrument].append(act)
            participants[act.participant].append(act)
        self.by_instrument = {key: ActionTimeline(acts) for key, acts in instruments.items()}
        self.by_participant = {key: ActionTimeline(acts) for key, acts in participants.items()}

    def __iter__(self) -> Iterator[Action]:
        return (act for timeline in self.by_instrument.values() for act in timeline)

    def on(self, instrument: str, participant: str | None = None) -> ActionTimeline:
        """The acts on an instrument, or those of one participant on it."""
        found = self.by_instrument.get(instrument, NOTHING)
        return found if participant is None else found.of(participant)

    def by(self, participant: str) -> ActionTimeline:
        """The acts of a participant."""
        return self.by_participant.get(participant, NOTHING)

    def unshared_instruments(self, other: ActionIndex) -> set[str]:
        """The instruments of which the two do not share the acts."""
        if self is other:
            return set()
        pairs = ((self.by_instrument, other.by_instrument), (other.by_instrument, self.by_instrument))
        return {name for mine, theirs in pairs for name, each in mine.items() if theirs.get(name) is not each}

    def renewed(self, retracted: Iterable[Action], come: Iterable[Action]) -> ActionIndex:
        """The index after a change: these acts are retracted now, those are new.

        KeyError for a retracted act that is not among the live ones.
        """
        changes: list[tuple[Action | None, Action]] = [(self.on(act.instrument).live(act), act) for act in retracted]
        changes += [(None, act) for act in come]
        found = ActionIndex()
        found.by_instrument = _renew_timelines(self.by_instrument, "instrument", changes)
        found.by_participant = _renew_timelines(self.by_participant, "participant", changes)
        return found


def _renew_timelines(
    timelines: dict[str, ActionTimeline], field: str, changes: Iterable[tuple[Action | None, Action]]
) -> dict[str, ActionTimeline]:
    """The timelines with each pair's first act replaced by its second."""
    touched: dict[str, tuple[list[Action], list[Action]]] = defaultdict(lambda: ([], []))
    for before, after in changes:
        gone, come = touched[cast(str, getattr(after, field))]
        gone += [before] if before else []
        come.append(after)
    return timelines | {key: timelines.get(key, NOTHING).renewed(gone, come) for key, (gone, come) in touched.items()}
