"""Profiles: participants grouped by the exact set of instruments to which they have consented, with positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin, tau

from tracker.errors import BadQuestion
from tracker.graph import membership_sets
from tracker.graph.layout import RING, Position
from tracker.graph.membership_sets import in_force, participants_of_day, statuses_on
from tracker.graph.model import NodeKind, node_id
from tracker.law.coverage import left_out
from tracker.law.gaps import eligible_participants
from tracker.law.ledger import Ledger, memoized_recent

MAX_INSTRUMENTS = 12  # beyond these a picture of every combination cannot be read
INNERMOST, OUTERMOST = 0.26, 0.8  # of the instruments' ellipse: profiles that lack one, and those that have one
LOWEST = RING[1] * 1.3
TINY_WEIGHT = 1e-6


@dataclass(frozen=True, slots=True)
class ProfileGroup:
    """The participants that have consented to exactly these of the instruments asked about (none: an empty tuple).

    `instruments` are ids in the order asked, `members` codes by name; `number` 1 is the largest.
    """

    number: int
    instruments: tuple[str, ...]
    members: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its id in `profile_places`: `profile.1` is the largest."""
        return f"profile.{self.number}"

    @property
    def size(self) -> int:
        """How many participants share it."""
        return len(self.members)


def core_instruments(ledger: Ledger, *, partial: bool = False) -> tuple[str, ...]:
    """The instruments that profiles are made of when none is named, in the order of the record, at most twelve.

    Those in force and expected of every State of the day; where there are more than twelve, the twelve with the
    most parties. Those with partial data only where `partial` asks for them.
    """
    without = left_out(ledger, partial=partial)
    states = {code for code, who in participants_of_day(ledger).items() if who.is_state}
    found = [
        id
        for id in membership_sets.instruments_of_day(ledger)
        if id not in without and in_force(ledger, id) and states <= eligible_participants(ledger, id)
    ]
    kept = sorted(found, key=lambda each: (-len(statuses_on(ledger, each).consented), each))[:MAX_INSTRUMENTS]
    return tuple(id for id in found if id in kept)


def group_profiles(
    ledger: Ledger, instruments: tuple[str, ...] | None = None, people: frozenset[str] | None = None
) -> tuple[ProfileGroup, ...]:
    """The participants of the day by what they have consented to (party or contracting party), largest first.

    Every participant of the day's network, or of the `people` (codes) asked about, is in exactly one profile. Of two
    of one size the one with more instruments goes first, then the one with the earlier instruments. NotFound for an
    unknown instrument, BadQuestion for more than twelve or for one named twice.
    """
    return _profiles(ledger, profile_instruments(ledger, instruments), people)


def profile_instruments(ledger: Ledger, instruments: tuple[str, ...] | None) -> tuple[str, ...]:
    """The ids of the instruments asked about, the core ones where none is named; errors as `profiles` says."""
    if instruments is None:
        return core_instruments(ledger)
    ids = tuple(ledger.instrument(each).id for each in instruments)
    if len(ids) > MAX_INSTRUMENTS:
        raise BadQuestion(f"Patterns cover at most {MAX_INSTRUMENTS} treaties; {len(ids)} were named.")
    if len(set(ids)) < len(ids):
        raise BadQuestion("A treaty is named twice; name each once.")
    return ids


def profile_places(
    ledger: Ledger, instruments: tuple[str, ...] | None = None, people: frozenset[str] | None = None
) -> Mapping[str, Position]:
    """The places of the instruments (`instrument.untoc`) and profiles (`profile.1`) as a network of their own.

    Instruments stand on an outer ellipse; a profile stands the nearer to the centre the more it has, on the side
    of what it has. Those that have none stand below all. The unit is that of `positions`.
    """
    asked = profile_instruments(ledger, instruments)
    turns = {id: tau * number / len(asked) for number, id in enumerate(asked)}
    places = {node_id(NodeKind.INSTRUMENT, id): _at(turn, 1.0) for id, turn in turns.items()}
    levels: dict[int, list[ProfileGroup]] = {}
    for each in _profiles(ledger, asked, people):
        levels.setdefault(len(each.instruments), []).append(each)
    for level, several in levels.items():
        share = INNERMOST + (OUTERMOST - INNERMOST) * (len(asked) - level) / max(1, len(asked) - 1)
        places |= _level(several, turns, share if 0 < level < len(asked) else 0.0)
    return places | {each.id: Position(0.0, LOWEST, pi / 2) for each in levels.get(0, ()) if asked}


@memoized_recent(16)
def _profiles(ledger: Ledger, asked: tuple[str, ...], people: frozenset[str] | None) -> tuple[ProfileGroup, ...]:
    consented = [statuses_on(ledger, id).consented for id in asked]
    groups: dict[tuple[bool, ...], list[str]] = {}
    for code in participants_of_day(ledger):
        if people is not None and code not in people:
            continue
        groups.setdefault(tuple(code in those for those in consented), []).append(code)
    largest_first = sorted(groups.items(), key=lambda it: (-len(it[1]), -sum(it[0]), [not has for has in it[0]]))
    return tuple(
        ProfileGroup(number, tuple(id for id, has in zip(asked, pattern, strict=True) if has), tuple(members))
        for number, (pattern, members) in enumerate(largest_first, start=1)
    )


def _level(several: list[ProfileGroup], turns: Mapping[str, float], share: float) -> dict[str, Position]:
    """Profiles with equally many instruments, evenly round one ellipse, each as near as may be to what it has."""
    if not share:
        return {each.id: Position(0.0, 0.0) for each in several}
    ordered = sorted(several, key=lambda each: (_heading(each, turns), each.number))
    step = tau / len(ordered)
    offsets = [_heading(each, turns) - number * step for number, each in enumerate(ordered)]
    start = atan2(sum(map(sin, offsets)), sum(map(cos, offsets)))
    return {each.id: _at(start + number * step, share) for number, each in enumerate(ordered)}


def _heading(profile: ProfileGroup, turns: Mapping[str, float]) -> float:
    """The mean direction of what a profile has, clockwise from the top, rounded so that equals stay equal."""
    across = sum(sin(turns[id]) for id in profile.instruments)
    up = sum(cos(turns[id]) for id in profile.instruments)
    return round(atan2(across, up) % tau, 9) if hypot(across, up) > TINY_WEIGHT else 0.0


def _at(turn: float, share: float) -> Position:
    across, down = sin(turn), -cos(turn)
    return Position(RING[0] * across * share, RING[1] * down * share, atan2(down / RING[1], across / RING[0]))
