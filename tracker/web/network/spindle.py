"""The spindle: participants on a ring, treaties as a list in its middle, and links between them in bundles by region.

A link leaves the end of its treaty that is nearer to the participant, passes a point that all links of the treaty to
that region and side share, and fans out. Only the geometry is made here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin, sqrt, tau
from statistics import fmean

from tracker.graph.cells import participant_order, region_of, treaty_order
from tracker.graph.model import Edge, EdgeKind, NodeKind, node_id
from tracker.graph.nodes import short_of
from tracker.law.ledger import Ledger
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.circle import OUTER, Arc, Name, Seat, at, names_beside, seats_of, sector, short_label
from tracker.web.network.params import NetworkParams
from tracker.web.network.rose import MAX_NAMES, MAX_RINGS
from tracker.web.network.views import today_of

RING, BAND = 262.0, 18.0  # the inner radius of the ring of participants, and its thickness
HALF_LIST, ROW = 118.0, 24.0  # half the width of the list, and the height of a row
BAR = 5.2  # the length of a bar for each link
LOWEST = "Africa"  # begins at six o'clock, so that most regions lie on one side of the list
TIGHTNESS = 0.93  # of a bundle
MAX_ROW_NAME = 29  # letters
MANY = 400  # links; beyond these they are thin and pale
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TreatyRow:
    """A treaty of the list: the height of its middle, and how many links it has."""

    treaty: str
    name: str
    y: float
    count: int
    high: float


@dataclass(frozen=True, slots=True)
class BundledLink:
    """A link as a path: whose, in which region, of which kind, how visible."""

    code: str
    region: str
    kind: EdgeKind
    path: str
    opacity: float
    words: str


@dataclass(frozen=True, slots=True)
class Spindle:
    """The whole picture; `links` are by treaty, in the order of the participants."""

    seats: tuple[Seat, ...]
    arcs: tuple[Arc, ...]
    names: tuple[Name, ...]
    rows: tuple[TreatyRow, ...]
    bars: Mapping[str, str]
    links: Mapping[str, tuple[BundledLink, ...]]
    width: float

    @property
    def total(self) -> int:
        """How many links are drawn."""
        return sum(map(len, self.links.values()))


def spindle(asked: RequestContext, wanted: NetworkParams) -> Spindle:
    """The links between participants and treaties that are asked for, whoever is focused; places are those of today."""
    today = today_of(asked)
    found = _by_treaty(replace(wanted, focus="").of(asked.ledger))
    counts = Counter(edge.source.partition(".")[2] for edges in found.values() for edge in edges)
    first = _first_angle(today, wanted)
    seats = seats_of(today, wanted, counts, first, first + tau - 0.05)
    drawn = [each for group in treaty_order(today) for each in group if found.get(each)]
    kept = sorted(drawn, key=lambda each: -len(found[each]))[:MAX_RINGS]
    rows = _rows(today, [each for each in drawn if each in kept], found, {seat.code: seat for seat in seats})
    total = sum(len(found[row.treaty]) for row in rows)
    return Spindle(
        seats,
        tuple(_arcs(seats)),
        names_beside(_labelled_seats(seats), lambda seat: seat.count > 3),
        rows,
        _bars(seats),
        {row.treaty: tuple(_links(row, found[row.treaty], seats, total > MANY)) for row in rows},
        0.9 if total > MANY else 1.5,
    )


def _by_treaty(edges: Iterable[Edge]) -> Mapping[str, list[Edge]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        kind, _, code = edge.target.partition(".")
        if kind == NodeKind.INSTRUMENT and edge.source.startswith(NodeKind.PARTICIPANT):
            found.setdefault(code, []).append(edge)
    return found


def _first_angle(today: Ledger, wanted: NetworkParams) -> float:
    """Where the ring begins, so that one region begins at six o'clock; always above zero."""
    lowest = [who.code for who in participant_order(today) if region_of(who) == LOWEST]
    seats = seats_of(today, wanted, {}, 0.0, tau - 0.05)
    start = next((seat.start for seat in seats if seat.code in lowest), pi + 0.04)
    return (pi + 0.04 - start) % tau


def _arcs(seats: Sequence[Seat]) -> Iterator[Arc]:
    """The regions as bands, each with the line along which its name stands in it, upright in the lower half too."""
    for region in dict.fromkeys(seat.region for seat in seats):
        there = [seat for seat in seats if seat.region == region]
        start, end = there[0].start, there[-1].end
        low = cos((start + end) / 2) < 0
        radius = RING + BAND / 2 + (4.5 if low else -4.5)
        first, last = (end, start) if low else (start, end)
        large = int(end - start > pi)
        line = f"M{at(radius, first)}A{radius} {radius} 0 {large} {int(not low)} {at(radius, last)}"
        yield Arc(region, sector(RING, RING + BAND, start, end), line)


def _labelled_seats(seats: Sequence[Seat]) -> list[Seat]:
    """Those with most links, as many as there is room for; two at least."""
    most = sorted((seat for seat in seats if seat.count > 1), key=lambda seat: -seat.count)[: MAX_NAMES * 2 // 3]
    return [seat for seat in seats if seat in most]


def _bars(seats: Sequence[Seat]) -> Mapping[str, str]:
    """The bars on the ring by region, as long as the links are many."""
    unit = min(BAR, (OUTER - RING - BAND - 4) / max((seat.count for seat in seats), default=1) or BAR)
    paths: dict[str, str] = {}
    for seat in seats:
        if seat.count:
            edge, margin = RING + BAND + 2, (seat.end - seat.start) * 0.14
            bar = sector(edge, edge + unit * seat.count, seat.start + margin, seat.end - margin)
            paths[seat.region] = paths.get(seat.region, "") + bar
    return paths


def _rows(
    today: Ledger, treaties: Sequence[str], found: Mapping[str, Sequence[Edge]], seats: Mapping[str, Seat]
) -> tuple[TreatyRow, ...]:
    """From the top down by the mean height of the participants that they are linked to: few links cross."""

    def height(treaty: str) -> float:
        ends = (seats.get(edge.source.partition(".")[2]) for edge in found[treaty])
        return fmean([-cos(seat.middle) for seat in ends if seat] or [0.0])

    ordered = sorted(treaties, key=height)
    high = min(ROW, RING * 1.3 / max(1, len(ordered)))
    return tuple(
        TreatyRow(
            each,
            short_label(say(short_of(today, node_id(NodeKind.INSTRUMENT, each))), MAX_ROW_NAME),
            (place - (len(ordered) - 1) / 2) * high,
            len(found[each]),
            high,
        )
        for place, each in enumerate(ordered)
    )


def _links(row: TreatyRow, edges: Sequence[Edge], seats: Sequence[Seat], many: bool) -> Iterator[BundledLink]:
    of_code = {edge.source.partition(".")[2]: edge for edge in edges}
    linked = [seat for seat in seats if seat.code in of_code]
    bundles: dict[tuple[str, bool], list[float]] = {}
    for seat in linked:
        bundles.setdefault((seat.region, sin(seat.middle) < 0), []).append(seat.middle)
    opacity = 0.13 if many else min(0.95, 0.42 + 1.6 / sqrt(len(edges) + 1))
    for seat in linked:
        middle = fmean(bundles[seat.region, sin(seat.middle) < 0])
        points = _way(row.y, seat.middle, middle)
        edge = of_code[seat.code]
        yield BundledLink(seat.code, seat.region, edge.kind, bundle_path(points, TIGHTNESS), opacity, edge.words)


def _way(y: float, angle: float, middle: float) -> list[Point]:
    """The points that lead a link: out of the list, along its bundle, to the participant."""
    side = -1 if sin(angle) < 0 else 1
    hub_x, hub_y = _point(RING * 0.8, middle)
    hub_x = side * max(side * hub_x, HALF_LIST + 40)
    return [
        (side * HALF_LIST, y), (side * (HALF_LIST + 36), y), (side * (HALF_LIST + 54), y * 0.8 + hub_y * 0.2),
        (hub_x * 0.86, hub_y * 0.86), (hub_x, hub_y), _point(RING * 0.9, angle), _point(RING - 3, angle),
    ]  # fmt: skip


def _point(radius: float, angle: float) -> Point:
    return radius * sin(angle), -radius * cos(angle)


def bundle_path(points: Sequence[Point], tightness: float) -> str:
    """A uniform cubic B-spline through straightened points, as a path: 0 is a straight line, 1 the points as they are.

    Holten, "Hierarchical Edge Bundles", IEEE TVCG 12(5), 2006, section 4.2.
    """
    (x0, y0), (x1, y1), last = points[0], points[-1], len(points) - 1
    way = [
        (
            tightness * x + (1 - tightness) * (x0 + (x1 - x0) * place / last),
            tightness * y + (1 - tightness) * (y0 + (y1 - y0) * place / last),
        )
        for place, (x, y) in enumerate(points)
    ]
    ends = [way[0], *way, way[-1]]
    path = f"M{_at(*way[0])}"
    for (ax, ay), (bx, by), (cx, cy) in zip(ends, ends[1:], ends[2:], strict=False):
        end = ((ax + 4 * bx + cx) / 6, (ay + 4 * by + cy) / 6)
        if (ax, ay) == (bx, by):
            path += f"L{_at(*end)}"
            continue
        first, second = ((2 * ax + bx) / 3, (2 * ay + by) / 3), ((ax + 2 * bx) / 3, (ay + 2 * by) / 3)
        path += f"C{_at(*first)} {_at(*second)} {_at(*end)}"
    return f"{path}L{_at(*way[-1])}"


def _at(x: float, y: float) -> str:
    return f"{x:.0f} {y:.0f}"
