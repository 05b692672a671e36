"""Each treaty as a small clock: participants stand round it as in the rose, and its cells are one thick ring.

The clocks stand in rows, in the order of the rings of the rose; of very many those with most outstanding. Only the
geometry is made here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import tau

from tracker.graph.cells import CellKind, status_cells, treaty_order
from tracker.graph.model import NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import short_of
from tracker.law.coverage import is_partial
from tracker.law.gaps import eligible_participants
from tracker.law.status import parties_in_words, status
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.circle import BETWEEN_REGIONS, Arc, Seat, seats_of, sector, short_label, wrap_label
from tracker.web.network.params import NetworkParams
from tracker.web.network.rose import Shape, TreatyRing, cell_shapes, counted_cells
from tracker.web.network.scene import Scene
from tracker.web.network.views import today_of

INNER, OUTER = 45.0, 74.0  # radii of a clock's cells
WIDE, HIGH = 206.0, 216.0  # room for a clock with its name
MAX_COLUMNS = 6
MAX_CLOCKS = 42  # with more they would be too small for a page
LETTERS, LINES = 28, 2  # of a name under a clock


@dataclass(frozen=True, slots=True)
class TreatyClock:
    """One treaty: where its middle stands, its cells, how many of them are counted, and its parties in words."""

    id: str
    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    shapes: tuple[Shape, ...]
    count: int
    words: str
    there: bool


@dataclass(frozen=True, slots=True)
class Clocks(Scene):
    """All clocks, with the regions' stretches round each and the kinds of cell that there are."""

    clocks: tuple[TreatyClock, ...] = ()
    arcs: tuple[Arc, ...] = ()
    kinds: frozenset[CellKind] = frozenset()
    counted: int = 0

    @property
    def total(self) -> int:
        """How many cells are counted, of the drawn treaties and of others."""
        return self.counted


def clocks(asked: RequestContext, wanted: NetworkParams) -> Clocks:
    """The clocks of the treaties that are wanted: what is outstanding on the date."""
    today, ledger = today_of(asked), asked.ledger
    counted = counted_cells(asked, wanted)
    counts = Counter(treaty for treaty, _ in counted)
    order = [each for group in treaty_order(today) for each in group if each in (wanted.instruments or (each,))]
    chosen = sorted(order, key=lambda each: -counts[each])[:MAX_CLOCKS]
    drawn = [each for each in order if each in set(chosen)]
    seats = seats_of(today, wanted, {}, 0.0, tau - BETWEEN_REGIONS)
    cells = status_cells(ledger, drawn)
    rings = [TreatyRing(each, "", INNER, OUTER, is_partial(today, each), True) for each in drawn]
    columns = max(1, min(MAX_COLUMNS, len(drawn)))
    painted = cell_shapes(rings, seats, cells, counted, wanted)
    made = tuple(
        _clock(asked, each, _place(number, columns), ring.shapes, counts[each])
        for number, (each, ring) in enumerate(zip(drawn, painted, strict=True))
    )
    rows = -(-len(drawn) // columns) if drawn else 1
    known = by_id(ledger)
    marks = tuple(
        {"id": each.id, "label": each.name, "name": each.name, "group": "clock", "code": each.id.partition(".")[2],
         "x": each.x, "y": each.y, "small": False, "count": each.count, **_node(known.get(each.id))}
        for each in made
    )  # fmt: skip
    half = (WIDE * columns / 2 + 8, HIGH * rows / 2)
    arcs = tuple(_arcs(seats))
    kinds = frozenset(cell.kind for cell in cells.values())
    return Clocks(marks, (), half, (half[0] - 8 - WIDE / 2, half[1] - OUTER - 12), links=len(counted), clocks=made,
                  arcs=arcs, kinds=kinds, counted=len(counted))  # fmt: skip


def _node(node: object) -> dict[str, object]:
    return {"node": node} if node else {}


def _place(number: int, columns: int) -> tuple[float, float]:
    return WIDE * (number % columns), HIGH * (number // columns)


def _clock(
    asked: RequestContext, treaty: str, place: tuple[float, float], shapes: tuple[Shape, ...], count: int
) -> TreatyClock:
    id = node_id(NodeKind.INSTRUMENT, treaty)
    there = bool(eligible_participants(asked.ledger, treaty)) and id in by_id(asked.ledger)
    now = status(asked.ledger, treaty) if there else None
    words = say(parties_in_words(now.parties, now.parties_at_most)) if now else ""
    name = say(short_of(today_of(asked), id))
    return TreatyClock(id, name, _lines(name), *place, shapes, count, words, there)


def _lines(name: str) -> tuple[str, ...]:
    """The name in two lines at most, abbreviated and cut where these have no room for it."""
    first = short_label(name, LETTERS * LINES - 8)
    return tuple(short_label(line, LETTERS) for line in wrap_label(first, LETTERS))[:LINES]


def _arcs(seats: tuple[Seat, ...]) -> list[Arc]:
    """The stretch of each region, outside the cells."""
    regions = dict.fromkeys(seat.region for seat in seats)
    ends = {name: [seat for seat in seats if seat.region == name] for name in regions}
    return [Arc(name, sector(OUTER + 2, OUTER + 5, of[0].start, of[-1].end), "") for name, of in ends.items()]
