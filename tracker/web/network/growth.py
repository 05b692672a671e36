"""How a treaty grew, as tree rings: years are rings, participants are angles, and each act is a mark at its date.

A year is as thick as its consents are many. Outside the years the status on the date stands in a ring of cells, as in
the rose; consents whose date the data lack have a ring of their own. Only the geometry is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from math import sqrt

from tracker.graph.cells import status_cells
from tracker.graph.growth import GrowthKind, GrowthMark, consents_by_year, first_year, growth_marks, in_force_since
from tracker.graph.membership_sets import instruments_of_day
from tracker.graph.model import NodeKind, node_id
from tracker.graph.nodes import short_of
from tracker.law.coverage import is_partial
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.messages import TranslatableText, message
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.captions import holding
from tracker.web.network.circle import INNER, OUTER, Seat, arcs_of, at, names_beside, num, seats_of, sector, short_label
from tracker.web.network.params import NetworkParams
from tracker.web.network.rose import MAX_NAMES, MAX_RING_NAME, Rose, TreatyRing, cell_shapes, separators
from tracker.web.network.views import today_of, treaty_shown

STATUS_RING, BAND = 14.0, 12.0  # thickness of the ring of cells, and of that for dates not known
GAP = 4.0  # between these and the years
YEAR_ROOM = 12.0  # between two names of years
YEAR_BAR = 130.0  # the longest bar
EVENNESS = 0.45  # share of the mean year that every year has of the area beside its own
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class YearRing:
    """A year's ring: radii, the day's consents given in it, whether it is named, and the length of its bar."""

    year: int
    inner: float
    outer: float
    count: int
    named: bool
    bar: float

    @property
    def middle(self) -> float:
        """The radius of the middle of the ring."""
        return (self.inner + self.outer) / 2


@dataclass(frozen=True, slots=True)
class RegionMarks:
    """The marks of one region as paths: lines of consents that hold, and a path for each kind of mark."""

    region: str
    lines: str
    marks: Mapping[GrowthKind, str]
    undated: str


@dataclass(frozen=True, slots=True)
class DatedCircle:
    """A date of the treaty as a circle with words along it."""

    words: TranslatableText
    radius: float
    line: str


class Clock:
    """Radii by date: the scale is that of today's record, whatever date is shown."""

    def __init__(self, today: Ledger, treaty: str, outer: float) -> None:
        self.years = range(min(first_year(today, treaty), today.horizon.year), today.horizon.year + 1)
        counts = consents_by_year(today, treaty)
        mean = max(1.0, sum(counts.values()) / len(self.years))
        areas = [(counts.get(year, 0) + EVENNESS * mean) ** 0.85 for year in self.years]
        inner = INNER + GAP
        scale = (outer**2 - inner**2) / sum(areas)
        self.radii = [sqrt(inner**2 + scale * area) for area in accumulate(areas, initial=0.0)]

    def at(self, day: date) -> float:
        """The radius of a day; days outside the years lie on their edge."""
        place = day.year - self.years.start
        if place < 0 or place >= len(self.years):
            return self.radii[0 if place < 0 else -1]
        begin, end = self.radii[place : place + 2]
        return begin + (end - begin) * (day.timetuple().tm_yday - 1) / 366


@dataclass(frozen=True, slots=True)
class Growth(Rose):
    """The tree rings: a rose of one ring, with the years inside it; `acts` are by participant."""

    years: tuple[YearRing, ...]
    regions: tuple[RegionMarks, ...]
    milestones: tuple[DatedCircle, ...]
    now: float
    band: TreatyRing | None
    acts: Mapping[str, tuple[GrowthMark, ...]]
    clock: Clock

    def reach(self, mark: GrowthMark) -> tuple[float, float]:
        """The radii between which a mark lies: two of a kind where its date is exact."""
        if mark.on:
            return self.clock.at(mark.on.first), self.clock.at(mark.on.last)
        ring = self.band or self.rings[0]
        return ring.middle, ring.middle


def growth(asked: RequestContext, wanted: NetworkParams) -> Growth:
    """The tree rings of the treaty that is wanted, on the date; places are those of today."""
    today, ledger = today_of(asked), asked.ledger
    treaty = treaty_shown(ledger, wanted)
    marks = [mark for mark in growth_marks(ledger, treaty) if wanted.shows(_node(mark.participant))]
    counted = {(treaty, code) for code in holding(marks)}
    ring = _status_ring(today, treaty, len(counted))
    undated = any(mark.on is None for mark in (*growth_marks(today, treaty), *marks))
    band = TreatyRing("", "", ring.inner - GAP / 2 - BAND, ring.inner - GAP / 2, False, True) if undated else None
    clock = Clock(today, treaty, (band or ring).inner - GAP)
    seats = seats_of(today, wanted, dict.fromkeys((code for _, code in counted), 1))
    cells = {key: cell for key, cell in status_cells(ledger, (treaty,)).items() if wanted.shows(_node(key[1]))}
    return Growth(
        (ring,),
        seats,
        tuple(arcs_of(seats)),
        names_beside(_latest(seats, marks, asked.day), lambda _seat: False),
        cell_shapes((ring,), seats, cells, counted, wanted),
        separators((ring,), seats),
        cells,
        counted,
        _years(clock, consents_by_year(ledger, treaty) if wanted.people is None else _counts(marks)),
        tuple(_region_marks(seats, marks, clock, asked.day, band)),
        tuple(_milestones(ledger, treaty, clock)),
        clock.at(asked.day),
        band,
        {seat.code: tuple(mark for mark in marks if mark.participant == seat.code) for seat in seats},
        clock,
    )


def _node(code: str) -> str:
    return node_id(NodeKind.PARTICIPANT, code)


def _counts(marks: Iterable[GrowthMark]) -> Mapping[int, int]:
    years = [mark.on.first.year for mark in marks if mark.kind is GrowthKind.CONSENT and mark.on]
    return {year: years.count(year) for year in years}


def _status_ring(today: Ledger, treaty: str, count: int) -> TreatyRing:
    name = short_label(say(short_of(today, node_id(NodeKind.INSTRUMENT, treaty))), MAX_RING_NAME)
    return TreatyRing(treaty, name, OUTER - STATUS_RING, OUTER, is_partial(today, treaty), True, count)


def _latest(seats: Iterable[Seat], marks: Iterable[GrowthMark], day: date) -> list[Seat]:
    """Those that acted in the year to the date, as many as there is room for names."""
    acted = {mark.participant: mark.on.last for mark in marks if mark.on and mark.on.last > day - A_YEAR}
    latest = sorted(acted, key=lambda code: (acted[code], code), reverse=True)[:MAX_NAMES]
    return [seat for seat in seats if seat.code in latest]


def _years(clock: Clock, counts: Mapping[int, int]) -> tuple[YearRing, ...]:
    """From the outside inwards; named where there is room, every fifth year and years of many consents first."""
    rings = list(zip(clock.years, pairwise(clock.radii), strict=True))
    named: list[float] = []
    chosen = set()
    for year, (inner, outer) in sorted(rings, key=lambda ring: (ring[0] % 5 != 0, ring[1][0] - ring[1][1])):
        middle = (inner + outer) / 2
        if all(abs(middle - other) >= YEAR_ROOM for other in named):
            named.append(middle)
            chosen.add(year)
    most = max(counts.values(), default=0) or 1
    return tuple(
        YearRing(year, inner, outer, counts.get(year, 0), year in chosen, YEAR_BAR * counts.get(year, 0) / most)
        for year, (inner, outer) in reversed(rings)
    )


def _region_marks(
    seats: Sequence[Seat], marks: Sequence[GrowthMark], clock: Clock, day: date, band: TreatyRing | None
) -> Iterator[RegionMarks]:
    ended = {mark.participant: mark.on for mark in marks if mark.kind is GrowthKind.WITHDRAWAL}
    for region in dict.fromkeys(seat.region for seat in seats):
        places = {seat.code: seat for seat in seats if seat.region == region}
        lines, undated, paths = "", "", dict.fromkeys(GrowthKind, "")
        for mark in marks:
            seat = places.get(mark.participant)
            if seat is None:
                continue
            if mark.on is None and mark.kind is GrowthKind.WITHDRAWAL:
                continue  # its cell says it
            if mark.on is None:
                undated += sector(band.inner, band.outer, seat.start, seat.end) if band else ""
                paths[GrowthKind.UNDATED] += f"M{at(band.middle, seat.middle)}h0" if band else ""
                continue
            paths[mark.kind] += _mark(mark.kind, seat, clock.at(mark.on.first), clock.at(mark.on.last))
            if mark.kind is GrowthKind.CONSENT:
                end = ended.get(mark.participant)
                last = clock.at(end.first) if isinstance(end, PartialDate) else clock.at(day)
                lines += f"M{at(clock.at(mark.on.last), seat.middle)}L{at(last, seat.middle)}"
        yield RegionMarks(region, lines, paths, undated)


def _mark(kind: GrowthKind, seat: Seat, first: float, last: float) -> str:
    """A dot, or a line over all days on which the act may have been done; a withdrawal is a cross."""
    if kind is not GrowthKind.WITHDRAWAL:
        return f"M{at(first, seat.middle)}" + ("h0" if first == last else f"L{at(last, seat.middle)}")
    wide, reach = 3.2 / first, 3.2
    return (
        f"M{at(first - reach, seat.middle - wide)}L{at(first + reach, seat.middle + wide)}"
        f"M{at(first - reach, seat.middle + wide)}L{at(first + reach, seat.middle - wide)}"
    )


def _milestones(ledger: Ledger, treaty: str, clock: Clock) -> Iterator[DatedCircle]:
    if treaty not in instruments_of_day(ledger):
        return
    opened, since = ledger.instrument(treaty).opened_on, in_force_since(ledger, treaty)
    if opened and opened.exact and opened.exact <= ledger.horizon:
        yield _dated_circle(message("Opened for signature"), clock.at(opened.exact))
    if since and since <= ledger.horizon:
        yield _dated_circle(message("Entry into force"), clock.at(since))


def _dated_circle(words: TranslatableText, radius: float) -> DatedCircle:
    """The circle, and its lower part from left to right, on which the words stand upright."""
    first, last = at(radius, 4.2), at(radius, 2.1)
    return DatedCircle(words, radius, f"M{first}A{num(radius)} {num(radius)} 0 0 0 {last}")
