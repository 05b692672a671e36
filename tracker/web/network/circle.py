"""A circle of participants: their places by region, their names round it, and how its parts are written as paths.

Lengths are units of the picture's own box, about a pixel on a large screen. Angles are radians, clockwise from twelve
o'clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, degrees, pi, sin

from tracker.graph.cells import participant_order, region_of
from tracker.graph.model import NodeKind, node_id
from tracker.graph.nodes import short_of
from tracker.law.ledger import Ledger, name_of
from tracker.web.language import say
from tracker.web.network.params import NetworkParams

FIRST, LAST = 0.012, 1.62 * pi  # the angles between which participants stand; the rest is open for level names
BETWEEN_REGIONS = 0.045
OUTER, INNER = 325.0, 100.0  # radii of the outermost and the innermost ring
HALF_WIDTH, HALF_HEIGHT = 495.0, 455.0  # half of the picture's box
NAME_ROOM = 12.6  # between two names
MAX_NAME = 22  # letters


@dataclass(frozen=True, slots=True)
class Seat:
    """A participant's place: its angles, and how many cells of the drawn treaties are counted."""

    code: str
    name: str
    short: str
    region: str
    start: float
    end: float
    count: int = 0

    @property
    def middle(self) -> float:
        """The angle of the middle of the place."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Arc:
    """A region's stretch: two bands as paths, and the path along which its name runs."""

    region: str
    bands: str
    line: str


@dataclass(frozen=True, slots=True)
class Name:
    """A participant's name beside the rings: the turn of its line in degrees, its side, the hairline to its cells."""

    code: str
    words: str
    turn: float
    x: float
    anchor: str
    hairline: str
    strong: bool


def seats_of(
    today: Ledger, wanted: NetworkParams, counts: Mapping[str, int], first: float = FIRST, last: float = LAST
) -> tuple[Seat, ...]:
    """The places of the participants asked for, between two angles, with how many of each one's cells are counted."""
    drawn = [who for who in participant_order(today) if wanted.shows(node_id(NodeKind.PARTICIPANT, who.code))]
    borders = sum(region_of(one) != region_of(other) for one, other in pairwise(drawn))
    step = (last - first - BETWEEN_REGIONS * borders) / max(1, len(drawn))
    angle, before, seats = first, "", []
    for who in drawn:
        region = region_of(who)
        angle += BETWEEN_REGIONS if before and region != before else 0.0
        name = say(name_of(today, who.code))
        short = short_of(today, node_id(NodeKind.PARTICIPANT, who.code)) if name == who.name else name
        seats.append(Seat(who.code, name, short, region, angle, angle + step, counts.get(who.code, 0)))
        angle, before = angle + step, region
    return tuple(seats)


def arcs_of(seats: Sequence[Seat], inner: float = INNER, outer: float = OUTER) -> Iterator[Arc]:
    """The regions' stretches outside and inside the rings, with the path along which each name runs."""
    for region in dict.fromkeys(seat.region for seat in seats):
        there = [seat for seat in seats if seat.region == region]
        start, end = there[0].start, there[-1].end
        bands = sector(inner - 11, inner - 5, start, end) + sector(outer + 3, outer + 6, start, end)
        yield Arc(region, bands, _line_of_name(start, end, inner))


def _line_of_name(start: float, end: float, inner: float) -> str:
    """The circle inside the rings along which a region's name runs, upright in the lower half too."""
    low, wide, middle = cos((start + end) / 2) < 0, 0.75, (start + end) / 2
    radius = inner - (18 if low else 29)
    first, last = (middle + wide, middle - wide) if low else (middle - wide, middle + wide)
    return f"M{at(radius, first)}A{num(radius)} {num(radius)} 0 0 {int(not low)} {at(radius, last)}"


def names_beside(shown: Sequence[Seat], is_strong: Callable[[Seat], bool]) -> tuple[Name, ...]:
    """Names round the rings, moved apart, each with a hairline to its cells."""
    angles = spread([seat.middle for seat in shown], NAME_ROOM / (OUTER + 22))
    return tuple(_name(seat, angle, strong=is_strong(seat)) for seat, angle in zip(shown, angles, strict=True))


def _name(seat: Seat, angle: float, *, strong: bool) -> Name:
    over = sin(angle) < 0
    turn = degrees(angle) - 90 + (180 if over else 0)
    x, anchor = (-(OUTER + 20), "end") if over else (OUTER + 20, "start")
    hairline = f"M{at(OUTER + 7, seat.middle)}L{at(OUTER + 17, angle)}"
    return Name(seat.code, cut(seat.short, MAX_NAME), round(turn, 1), x, anchor, hairline, strong)


def spread(angles: Sequence[float], least: float) -> list[float]:
    """The angles, in ascending order, moved apart until each two neighbours are `least` from one another.

    None is moved before twelve o'clock.
    """
    moved = list(angles)
    for _ in range(80 if len(moved) > 1 else 0):
        moved[0] = max(0.0, moved[0])
        for i in range(1, len(moved)):
            short = least - (moved[i] - moved[i - 1])
            if short > 0:
                moved[i - 1] -= short / 2
                moved[i] += short / 2
    return moved


ABBREVIATIONS = (
    (" des Nations Unies", " ONU"), (" de las Naciones Unidas", " ONU"),
    ("Convention", "Conv."), ("Convención", "Conv."), ("Convenio", "Conv."),
    ("Protocole", "Prot."), ("Protocolo", "Prot."), ("Protocol", "Prot."),
    ("additionnel", "add."), ("adicional", "ad."), ("Additional", "Add."), ("interaméricaine", "interam."),
    ("Interamericana", "interam."), ("Inter-American", "Inter-Am."),
)  # fmt: skip


def short_label(name: str, most: int) -> str:
    """A treaty's name of at most so many letters: the words of every title are abbreviated before it is cut."""
    for word, abbreviated in ABBREVIATIONS:
        if len(name) > most:
            name = name.replace(word, abbreviated)
    return cut(name, most)


def wrap_label(label: str, most: int = 15) -> list[str]:
    """A label in lines of about so many letters, broken between words."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + len(word) < most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def cut(name: str, most: int) -> str:
    """A name of at most so many letters."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def sector(inner: float, outer: float, start: float, end: float) -> str:
    """A sector of a ring as a closed path."""
    large, r0, r1 = int(end - start > pi), num(inner), num(outer)
    return (
        f"M{at(outer, start)}A{r1} {r1} 0 {large} 1 {at(outer, end)}"
        f"L{at(inner, end)}A{r0} {r0} 0 {large} 0 {at(inner, start)}Z"
    )


def at(radius: float, angle: float) -> str:
    """The point at a radius and an angle, as a path writes it."""
    return f"{num(radius * sin(angle))} {num(-radius * cos(angle))}"


def num(value: float) -> str:
    """A length to a tenth, as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")
