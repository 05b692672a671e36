"""The rose: participants are angles, treaties are rings, and each status is a cell. Only its geometry is made here.

A stretch before twelve o'clock stays open: there the names of the rings stand level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from tracker.graph.cells import CellKind, StatusCell, status_cells, treaty_order
from tracker.graph.model import REGIONS, NodeKind, node_id
from tracker.graph.nodes import short_of
from tracker.law.coverage import is_partial
from tracker.law.gaps import eligible_participants
from tracker.law.ledger import Ledger
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.circle import (
    BETWEEN_REGIONS,
    INNER,
    OUTER,
    Arc,
    Name,
    Seat,
    arcs_of,
    at,
    names_beside,
    seats_of,
    sector,
    short_label,
)
from tracker.web.network.params import NetworkParams
from tracker.web.network.views import today_of, turns

BETWEEN_GROUPS = 5.0  # more room between groups of treaties
BEFORE_INCOMPLETE = 20.0  # room for the words over the treaties with incomplete data
THICKEST = 40.0  # ring
EDGE = 0.55  # what a cell leaves free of its ring on either side
MAX_RINGS = 22  # treaties; with more their names would not stand apart
MAX_NAMES = 60  # participants named at rest
MAX_RING_NAME = 32  # letters
BAR = 110.0  # the longest bar
MAX_KEPT_RINGS = 400  # whose shapes are kept, about 10 kB each

SeatPlace = tuple[str, float, float]  # region, and the angles between which a participant stands
Look = tuple[CellKind, bool]  # what a cell says, and whether it is pale


@dataclass(frozen=True, slots=True)
class TreatyRing:
    """A treaty's ring: radii, how many of its cells are counted, and the length of the bar that repeats the number."""

    treaty: str
    name: str
    inner: float
    outer: float
    incomplete: bool
    there: bool
    count: int = 0
    bar: float = 0.0

    @property
    def middle(self) -> float:
        """The radius of the middle of the ring."""
        return (self.inner + self.outer) / 2


@dataclass(frozen=True, slots=True)
class Shape:
    """Parts of a ring's cells that look alike as one path; those not asked for are `pale`."""

    paint: Paint
    region: str
    pale: bool
    path: str


@dataclass(frozen=True, slots=True)
class RingCells:
    """The cells of a treaty's ring: the grounds first."""

    treaty: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Rose:
    """The whole picture; `cells` and what is `counted` among them are by (treaty, participant)."""

    rings: tuple[TreatyRing, ...]
    seats: tuple[Seat, ...]
    arcs: tuple[Arc, ...]
    names: tuple[Name, ...]
    painted: tuple[RingCells, ...]
    separators: str
    cells: Mapping[tuple[str, str], StatusCell]
    counted: Collection[tuple[str, str]]

    @property
    def total(self) -> int:
        """How many links are counted: of the drawn treaties, and of others where not all are drawn."""
        return len(self.counted)


def rose(asked: RequestContext, wanted: NetworkParams) -> Rose:
    """The rose of what is wanted: what is outstanding on the date, or what changed between two dates."""
    today, ledger = today_of(asked), asked.ledger
    counted = counted_cells(asked, wanted)
    rings = _rings(today, ledger, wanted, counted)
    seats = seats_of(today, wanted, Counter(code for _, code in counted))
    cells = status_cells(ledger, (ring.treaty for ring in rings))
    return Rose(
        rings,
        seats,
        tuple(arcs_of(seats, rings[-1].inner if rings else INNER)),
        _names(seats, wanted),
        cell_shapes(rings, seats, cells, counted, wanted),
        separators(rings, seats),
        cells,
        counted,
    )


def counted_cells(asked: RequestContext, wanted: NetworkParams) -> Collection[tuple[str, str]]:
    """The counted cells by (treaty, participant): the missing links that the table lists, or the changes."""
    if wanted.view == "changes":
        found: Iterable[tuple[str, str]] = ((each.source, each.target) for each in turns(asked, wanted))
    else:
        found = ((edge.source, edge.target) for edge in replace(wanted, focus="").of(asked.ledger))
    codes = ((_split(target), _split(source)) for source, target in found)
    return {
        (treaty, who)
        for (what, treaty), (kind, who) in codes
        if what == NodeKind.INSTRUMENT and kind == NodeKind.PARTICIPANT
    }


def _split(id: str) -> tuple[str, str]:
    kind, _, code = id.partition(".")
    return kind, code


# -- places ----------------------------------------------------------------------------------------------------------


def _rings(
    today: Ledger, ledger: Ledger, wanted: NetworkParams, counted: Iterable[tuple[str, str]]
) -> tuple[TreatyRing, ...]:
    counts = Counter(treaty for treaty, _ in counted)
    groups = _drawn_treaties(today, wanted, counts)
    number = sum(map(len, groups)) or 1
    spaces = [_space_before(today, group) if place else 0.0 for place, group in enumerate(groups)]
    thick = min(THICKEST, (OUTER - INNER - sum(spaces)) / number)
    longest = max((counts[each] for group in groups for each in group), default=0) or 1
    radius, rings = OUTER, []
    for space, group in zip(spaces, groups, strict=True):
        radius -= space
        for each in group:
            name = short_label(say(short_of(today, node_id(NodeKind.INSTRUMENT, each))), MAX_RING_NAME)
            there = bool(eligible_participants(ledger, each))
            bar, incomplete = BAR * counts[each] / longest, _is_incomplete(today, group)
            rings.append(TreatyRing(each, name, radius - thick, radius, incomplete, there, counts[each], bar))
            radius -= thick
    return tuple(rings)


def _drawn_treaties(today: Ledger, wanted: NetworkParams, counts: Mapping[str, int]) -> list[list[str]]:
    """Those chosen, by group; where they are too many for rings, those with most of what is counted."""
    every = [
        [each for each in group if not wanted.instruments or each in wanted.instruments]
        for group in treaty_order(today)
    ]
    most = sorted((each for group in every for each in group), key=lambda each: -counts[each])[:MAX_RINGS]
    return [kept for group in every if (kept := [each for each in group if each in set(most)])]


def _is_incomplete(today: Ledger, group: Sequence[str]) -> bool:
    return is_partial(today, group[0])


def _space_before(today: Ledger, group: Sequence[str]) -> float:
    return BEFORE_INCOMPLETE if _is_incomplete(today, group) else BETWEEN_GROUPS


# -- names -----------------------------------------------------------------------------------------------------------


def _names(seats: Sequence[Seat], wanted: NetworkParams) -> tuple[Name, ...]:
    """The names at rest: of those with most that is counted, as many as there is room for; and of who is focused."""
    enough = 0 if len(seats) <= MAX_NAMES else _enough(seats)
    focus = wanted.focus.partition(".")[2] if wanted.focus.startswith(NodeKind.PARTICIPANT) else ""
    shown = [seat for seat in seats if seat.count >= enough or seat.code == focus]
    return names_beside(shown, lambda seat: seat.code == focus or seat.count > max(3, enough))


def _enough(seats: Sequence[Seat]) -> int:
    """From which number on, two at least, the names are few enough."""
    return next(n for n in range(2, 10_000) if sum(seat.count >= n for seat in seats) <= MAX_NAMES)


# -- cells -----------------------------------------------------------------------------------------------------------


class Paint(StrEnum):
    """How a part of a cell is painted; REGION in the colour of its region."""

    GROUND = "ground"
    WAITING = "waiting"
    REGION = "region"
    GAP = "gap"
    RIM = "rim"
    CROSS = "cross"
    DOT = "dot"
    SOFT_DOT = "soft-dot"


def cell_shapes(
    rings: Iterable[TreatyRing],
    seats: Sequence[Seat],
    cells: Mapping[tuple[str, str], StatusCell],
    counted: Collection[tuple[str, str]],
    wanted: NetworkParams,
) -> tuple[RingCells, ...]:
    """The cells of each ring, all parts that look alike as one path: a change of status is a change of few paths."""
    narrowed = wanted.view == "changes" or bool(wanted.standing)
    places = tuple((seat.region, seat.start, seat.end) for seat in seats)
    found = []
    for ring in rings:
        looks: list[Look | None] = []
        for seat in seats:
            key = (ring.treaty, seat.code)
            cell, is_counted = cells.get(key), key in counted
            kind = (
                _drawn_kind(cell.kind, outstanding=wanted.view in ("gaps", "clocks") and is_counted) if cell else None
            )
            pale = narrowed and not is_counted and kind is not CellKind.NOT_ELIGIBLE
            looks.append((kind, pale) if kind else None)
        found.append(RingCells(ring.treaty, _shapes_of_ring((ring.inner, ring.outer), places, tuple(looks))))
    return tuple(found)


@lru_cache(MAX_KEPT_RINGS)
def _shapes_of_ring(
    radii: tuple[float, float], places: tuple[SeatPlace, ...], looks: tuple[Look | None, ...]
) -> tuple[Shape, ...]:
    """The cells of one ring, kept as long as they are shown: between two dates most rings stay as they are."""
    ring = TreatyRing("", "", *radii, incomplete=False, there=True)
    grounds: dict[tuple[Paint, str, bool], list[str]] = {}
    marks: dict[tuple[Paint, str, bool], list[str]] = {}
    runs = _Runs(ring, grounds)
    for (region, start, end), look in zip(places, looks, strict=True):
        if look is None:
            runs.close()
            continue
        kind, pale = look
        runs.add((region, start, end), _GROUNDS.get(kind), pale)
        for paint, path in _MARKS.get(kind, ()):
            marks.setdefault(_look(paint, region, pale), []).append(path(ring, start, end))
    runs.close()
    return tuple(Shape(*look, "".join(found)) for look, found in (*grounds.items(), *sorted(marks.items(), key=_order)))


def _drawn_kind(kind: CellKind, *, outstanding: bool) -> CellKind:
    """Where links to treaties not in force are asked for, they are drawn as outstanding."""
    asked_for = {CellKind.NO_ACTION_YET: CellKind.GAP, CellKind.SIGNATORY: CellKind.SIGNED}
    return asked_for.get(kind, kind) if outstanding else kind


def _look(paint: Paint, region: str, pale: bool) -> tuple[Paint, str, bool]:
    return paint, region if paint is Paint.REGION else "", pale


def _order(item: tuple[tuple[Paint, str, bool], list[str]]) -> int:
    """Rims lie under what is drawn in them."""
    return item[0][0] is not Paint.RIM


class _Runs:
    """The grounds of one ring: neighbours that look alike become one sector, which `separators` part."""

    def __init__(self, ring: TreatyRing, into: dict[tuple[Paint, str, bool], list[str]]) -> None:
        self._ring, self._into = ring, into
        self._look: tuple[Paint, str, bool] | None = None
        self._start = self._end = 0.0

    def add(self, place: SeatPlace, paint: Paint | None, pale: bool) -> None:
        """The next cell, with its ground if it has one."""
        region, start, end = place
        look = _look(paint, region, pale) if paint else None
        if look != self._look or start - self._end > BETWEEN_REGIONS / 2:
            self.close()
            self._look, self._start = look, start
        self._end = end

    def close(self) -> None:
        """Draw the run so far."""
        if self._look:
            self._into.setdefault(self._look, []).append(_full(self._ring, self._start, self._end))
        self._look = None


def _full(ring: TreatyRing, start: float, end: float) -> str:
    return sector(ring.inner + EDGE, ring.outer - EDGE, start, end)


def _rim(ring: TreatyRing, start: float, end: float) -> str:
    margin = (end - start) * 0.08
    return sector(ring.inner + 1, ring.outer - 1, start + margin, end - margin)


def _half(ring: TreatyRing, start: float, end: float) -> str:
    margin = (end - start) * 0.08
    return sector(ring.middle, ring.outer - 1, start + margin, end - margin)


def _cross(ring: TreatyRing, start: float, end: float) -> str:
    inner, outer = ring.inner + 1.5, ring.outer - 1.5
    return f"M{at(inner, start)}L{at(outer, end)}M{at(inner, end)}L{at(outer, start)}"


def _dot(ring: TreatyRing, start: float, end: float) -> str:
    return f"M{at(ring.middle, (start + end) / 2)}h0"


_GROUNDS = {
    CellKind.PARTY: Paint.REGION,
    CellKind.PROTOCOL_ALONE: Paint.REGION,
    CellKind.UNDATED: Paint.REGION,
    CellKind.GAP: Paint.GAP,
    CellKind.NO_ACTION_YET: Paint.WAITING,
    CellKind.NOT_IN_DATA: Paint.GROUND,
    CellKind.NOT_ELIGIBLE: Paint.GROUND,
}
_MARKS = {
    CellKind.SIGNED: ((Paint.RIM, _rim), (Paint.GAP, _half)),
    CellKind.SIGNATORY: ((Paint.RIM, _rim), (Paint.REGION, _half)),
    CellKind.WITHDRAWN: ((Paint.RIM, _rim), (Paint.CROSS, _cross)),
    CellKind.PROTOCOL_ALONE: ((Paint.GAP, _half),),
    CellKind.UNDATED: ((Paint.DOT, _dot),),
    CellKind.NOT_IN_DATA: ((Paint.SOFT_DOT, _dot),),
}


def legend_cell(kind: CellKind) -> tuple[Shape, ...]:
    """One cell by itself, about 18 units wide and high round the origin, for a legend."""
    seat, ring = Seat("", "", "", REGIONS[0], -0.028, 0.028), TreatyRing("", "", 292.0, 308.0, False, True)
    ground = _GROUNDS.get(kind)
    parts = [*([(ground, _full)] if ground else []), *_MARKS.get(kind, ())]
    return tuple(Shape(*_look(paint, seat.region, False), path(ring, seat.start, seat.end)) for paint, path in parts)


def separators(rings: Sequence[TreatyRing], seats: Iterable[Seat]) -> str:
    """Lines between neighbours, over the cells."""
    if not rings:
        return ""
    inner, outer = rings[-1].inner, rings[0].outer
    return "".join(f"M{at(inner, seat.end)}L{at(outer, seat.end)}" for seat in seats)
