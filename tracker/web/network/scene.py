"""The node-link views as marks with places and lines between them: all links, one node and its links, similarity.

The participation patterns are marks too, in the rows and columns of a chart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import cos, pi, sin, sqrt, tau
from types import MappingProxyType
from typing import Any

from tracker.errors import NotFound
from tracker.graph.backbone import backbone
from tracker.graph.edges import edges
from tracker.graph.ego import EgoNetwork, ego_network
from tracker.graph.layout import CORE, HUBS, Position, positions, region_arcs
from tracker.graph.model import Edge, Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger, name_of
from tracker.messages import message, plural
from tracker.schemas.network import ConsentProfile, ProfileInstrument
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.circle import cut
from tracker.web.network.params import CIRCLES, MAX_RING_INSTRUMENTS, NetworkParams
from tracker.web.network.views import ego_asked, ego_shown, profiles_shown, today_of

MAX_LABEL_LENGTH = 30  # letters of a name in the picture

Line = dict[str, Any]
Mark = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """Marks, lines, and half the width and height of what must be seen, round its `middle`.

    `regions` are the stretches of a ring, `rings` the circles round one node. `complete` says whether the lines
    hold all that could be chosen; where they do not, `links` says how many there are.
    """

    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    half: tuple[float, float]
    middle: tuple[float, float] = (0.0, 0.0)
    regions: tuple[Mark, ...] = ()
    rings: tuple[Mark, ...] = ()
    complete: bool = True
    links: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many links are drawn."""
        return len(self.lines)


def scene_mark(ledger: Ledger, node: Node, place: Position, *, small: bool = False) -> Mark:
    """The mark of a node at a place; a `small` one has no room for words."""
    name, label = say(node.name), say(node.short)
    if node.kind is NodeKind.PARTICIPANT:
        name = say(name_of(ledger, node.code))
        label = cut(node.short if name == node.name else name, MAX_LABEL_LENGTH)
    return {
        "id": node.id, "label": label, "group": str(node.kind), "code": node.code, "name": name,
        "node": node, "small": small, **at(place),
    }  # fmt: skip


def scene_line(tie: Edge) -> Line:
    """The line of a tie."""
    return {"from": tie.source, "to": tie.target, "kind": str(tie.kind), "title": tie.words}


def at(place: Position) -> dict[str, float]:
    """A place as a mark has it."""
    return {"x": round(place.x, 1), "y": round(place.y, 1), "angle": round(place.angle, 3)}


SMALL_NAME = 8.0  # the size of the name of one of very many marks
MAX_LINES = 6000  # beyond these a ring is drawn without lines until some are asked for
MAX_PROFILE_ROWS = 40  # profiles drawn; the table has all
ROW, COLUMN = 21.0, 27.0  # of the chart of profiles
BARS_WIDTH = 250.0
MAX_NAMES_AROUND = 60  # participants whose names still fit round one node
INNER, BETWEEN = (190.0, 112.0), (300.0, 190.0)  # half axes of the bodies and of the instruments round one with more
LETTER, HEADED = 5.6, 7.0  # the mean width of a letter of a name, and of a column's heading
HALF_EXTENT = (574.0, 434.0)  # half of what a ring needs, with its names

_GOLDEN = pi * (3 - sqrt(5))


JOINED = ("contracting party to", "signed only")  # of what a participant's node counts


def build_scene(asked: RequestContext, wanted: NetworkParams) -> Scene:
    """What is drawn of what is wanted."""
    drawn: Mapping[str, Callable[[RequestContext, NetworkParams], Scene]] = {
        "ties": _ring, "ego": _ego, "profiles": _profiles, "backbone": _backbone,
    }  # fmt: skip
    return drawn[wanted.view](asked, wanted)


def markable_nodes(asked: RequestContext, wanted: NetworkParams) -> Collection[str]:
    """The ids of the nodes that the view draws as marks on which an answer can be shown."""
    if wanted.view in ("profiles", "clocks", *CIRCLES):
        return ()
    known = by_id(asked.ledger)
    if wanted.view == "backbone":
        return {id for id, node in known.items() if node.kind is NodeKind.INSTRUMENT}
    if wanted.view == "ego":
        data = ego_shown(asked.ledger, wanted)
        return {data.node.id, *(each.id for each in data.nodes)} if data else ()
    return known.keys()


def is_small(ledger: Ledger) -> bool:
    """Can all its ties be drawn at a time? What participants have joined is known before the ties, and may do."""
    joined = sum(node.counts[what] for node in nodes(ledger) for what in JOINED if what in node.counts)
    return joined <= MAX_LINES and len(edges(ledger)) <= MAX_LINES


# -- the ring ----------------------------------------------------------------------------------------


def _ring(asked: RequestContext, wanted: NetworkParams) -> Scene:
    """All links, and those of who is focused that stand among all only then; of very many, those asked for."""
    ledger, small = asked.ledger, is_small(asked.ledger)
    every = replace(wanted, focus="")
    found = [tie for tie in edges(ledger) if every.wants(tie) or (wanted.focus and wanted.wants(tie))]
    if not small:
        found = wanted.of(ledger)
    drawn = found if small or wanted.narrows or len(found) <= MAX_LINES // 2 else []
    lines = tuple(scene_line(tie) for tie in drawn[:MAX_LINES])
    counts = _edge_counts(found) if len(lines) < len(found) else {}
    return _round(ledger, nodes(ledger), positions(ledger), lines, len(found), counts, complete=small)


def _edge_counts(found: Iterable[Edge]) -> Mapping[str, Mark]:
    """How many of these ties each node has, and of which kind most are, by id."""
    kinds: dict[str, Counter[str]] = {}
    for tie in found:
        for id in (tie.source, tie.target):
            kinds.setdefault(id, Counter())[tie.kind] += 1
    return {id: {"count": of.total(), "most": of.most_common(1)[0][0]} for id, of in kinds.items()}


def _round(
    ledger: Ledger, found: Iterable[Node], places: Mapping[str, Position], lines: tuple[Line, ...], total: int,
    counts: Mapping[str, Mark] = MappingProxyType({}), *, complete: bool = True,
) -> Scene:  # fmt: skip
    """A ring; `counts` say what its marks have, and how large they are where it is not complete."""
    drawn = tuple(found)
    hubs = [node.id for node in drawn if node.kind is NodeKind.INSTRUMENT]
    crowd = len(hubs) > MAX_RING_INSTRUMENTS
    stood = {**places, **(_crowd(hubs) if crowd else {})}
    counted = counts if complete else _with_shares(counts, {node.id: node.kind for node in drawn})
    marks = tuple(
        {
            **scene_mark(ledger, node, stood[node.id], small=crowd and node.kind is NodeKind.INSTRUMENT),
            **counted.get(node.id, {}),
        }
        for node in drawn
    )
    regions = tuple(
        {"name": arc.region, **at(arc.heading), "arc": [[round(p.x), round(p.y)] for p in arc.places]}
        for arc in region_arcs(ledger)
    )
    return Scene(_named(marks), lines, HALF_EXTENT, regions=regions, complete=complete, links=total)


def _with_shares(counts: Mapping[str, Mark], kinds: Mapping[str, NodeKind]) -> Mapping[str, Mark]:
    """The counts, each also as a share of the largest of its kind of node."""
    most = Counter[NodeKind]()
    for id, each in counts.items():
        most[kinds[id]] = max(most[kinds[id]], each["count"])
    return {id: {**each, "share": round(each["count"] / most[kinds[id]], 3)} for id, each in counts.items()}


def _crowd(ids: list[str]) -> dict[str, Position]:
    """So many instruments that no names fit: spread over the inside of the ring, in the order of the record."""
    spread = [(sqrt((i + 0.5) / len(ids)), i * _GOLDEN) for i in range(len(ids))]
    wide, high = HUBS[0] + CORE[0] / 3, HUBS[1] + CORE[1] / 3
    return {id: Position(wide * r * cos(t), high * r * sin(t)) for id, (r, t) in zip(ids, spread, strict=True)}


# -- one node and its ties ---------------------------------------------------------------------------


def _ego(asked: RequestContext, wanted: NetworkParams) -> Scene:
    try:
        found = ego_network(asked.ledger, ego_asked(asked.ledger, wanted), wanted.ends(asked.ledger))
    except NotFound:
        return Scene((), (), HALF_EXTENT)
    chosen = [tie for tie in (*found.ties, *found.missing) if not wanted.standing or tie.kind in wanted.standing]
    lines = tuple(scene_line(tie) for tie in chosen)
    if sum(node.kind is NodeKind.PARTICIPANT for node in found.others) > MAX_NAMES_AROUND:
        return _ego_on_ring(asked.ledger, found, lines)
    places, rings = _places_on_rings(found)
    marks = tuple(scene_mark(asked.ledger, node, places[node.id]) for node in (found.node, *found.others))
    return Scene(marks, lines, _extent(marks), rings=rings, links=len(lines))


def _places_on_rings(found: EgoNetwork) -> tuple[dict[str, Position], tuple[Mark, ...]]:
    """The rings round a node as ellipses, which fit a window better than the law's circles, and what stands on them."""
    places, rings, wide, high = {found.node.id: Position(0.0, 0.0)}, [], 100.0, 40.0
    for number, ring in enumerate(found.rings):
        many = len(ring.ids)
        wide, high = max(wide + 140, many * 18.0), max(high + 85, many * 14.0)
        places |= _oval(ring.ids, (wide, high), number % 2 / 2)
        rings.append({"wide": wide, "high": high})
    return places, tuple(rings)


def _ego_on_ring(ledger: Ledger, found: EgoNetwork, lines: tuple[Line, ...]) -> Scene:
    """A node tied to so many participants that their names fit only where the whole network has them."""
    others = [node for node in found.others if node.kind is not NodeKind.PARTICIPANT]
    hubs = [node.id for node in others if node.kind is NodeKind.INSTRUMENT]
    bodies = [node.id for node in others if node.kind is NodeKind.BODY]
    places = {**positions(ledger), **_oval(bodies, INNER), **_oval(hubs, BETWEEN), found.node.id: Position(0.0, 0.0)}
    return _round(ledger, (found.node, *found.others), places, lines, len(lines))


def _oval(ids: Sequence[str], axes: tuple[float, float], turned: float = 0.5) -> dict[str, Position]:
    """Evenly round an ellipse, clockwise from the top, by a part of a seat further."""
    turns = [((i + turned) / len(ids)) * tau - pi / 2 for i in range(len(ids))]
    return {id: Position(axes[0] * cos(t), axes[1] * sin(t), t) for id, t in zip(ids, turns, strict=True)}


def _extent(marks: Iterable[Mark]) -> tuple[float, float]:
    """Half of what marks need with their names written outwards."""
    wide, high = 120.0, 90.0
    for each in marks:
        length = 14 + LETTER * len(each["label"])
        wide = max(wide, abs(each["x"] + length * cos(each["angle"])) + 8)
        high = max(high, abs(each["y"] + length * sin(each["angle"])) + 14)
    return wide, high


def _named(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Small marks named where there is room: the larger first, no name over another or over a mark as large."""
    small = sorted((mark for mark in marks if mark["small"]), key=lambda mark: -mark.get("share", 0))
    boxes: list[tuple[float, float, float, float]] = []
    named = set()
    for mark in small:
        half, top = len(mark["label"]) * SMALL_NAME * 0.3, mark["y"] + small_radius(mark) + 1
        box = (mark["x"] - half, top, mark["x"] + half, top + SMALL_NAME)
        least = mark.get("share", 0) * 0.7 if "most" in mark else 0
        others = (_square(each) for each in small if each.get("share", 0) >= least)
        if not any(_overlap(box, other) for other in (*boxes, *others)):
            boxes.append(box)
            named.add(mark["id"])
    return tuple({**mark, "named": mark["id"] in named} if mark["small"] else mark for mark in marks)


def small_radius(mark: Mark) -> float:
    """The radius of one of very many marks, by the share of the largest that it has."""
    return 3 + 7 * sqrt(mark["share"]) if "share" in mark else 3.2


def _square(mark: Mark) -> tuple[float, float, float, float]:
    x, y, reach = mark["x"], mark["y"], small_radius(mark)
    return x - reach, y - reach, x + reach, y + reach


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# -- the profiles, as a chart of rows ------------------------------------------------------------------


def _profiles(asked: RequestContext, wanted: NetworkParams) -> Scene:
    data = profiles_shown(asked.ledger, wanted)
    columns, known = data.instruments, by_id(asked.ledger)
    rows = data.profiles[:MAX_PROFILE_ROWS]
    most = max((row.size for row in rows), default=1)
    short = {each.instrument: say(known[f"instrument.{each.instrument}"].short) for each in columns}
    heads = tuple(
        {"id": f"instrument.{each.instrument}", "label": short[each.instrument], "group": "column", "small": False,
         "code": each.instrument, "name": say(each.name), "x": i * COLUMN, "y": 0.0, "count": each.participants}
        for i, each in enumerate(columns)
    )  # fmt: skip
    drawn = tuple(_row(asked.ledger, row, i, most, columns) for i, row in enumerate(rows))
    slant = 24 + max((len(name) for name in short.values()), default=0) * HEADED * sin(pi / 3)
    high = (slant + ROW * (len(rows) + 1.5)) / 2
    wide = max(500.0, (COLUMN * (len(columns) + 1) + BARS_WIDTH + 300) / 2)
    extra = {"bars": BARS_WIDTH, "column": COLUMN, "row": ROW, "width": COLUMN * len(columns)}
    return Scene((*heads, *drawn), (), (wide, high), (wide - COLUMN, high - slant - 4), links=len(rows), extra=extra)


def _row(ledger: Ledger, row: ConsentProfile, place: int, most: int, columns: list[ProfileInstrument]) -> Mark:
    return {
        "id": row.id, "group": "profile", "code": str(row.number), "small": False,
        "label": say(plural("{n} participant", "{n} participants", row.size)),
        "name": say(message("Pattern {number}", number=row.number)),
        "x": 0.0, "y": (place + 1) * ROW, "share": round(row.size / most, 4), "count": row.size,
        "has": [each.instrument in row.instruments for each in columns],
        "members": [say(name_of(ledger, each.participant)) for each in row.members[:12]],
    }  # fmt: skip


# -- the backbone --------------------------------------------------------------------------------------


def _backbone(asked: RequestContext, wanted: NetworkParams) -> Scene:
    found, known = backbone(asked.ledger, wanted.codes, wanted.instruments), by_id(asked.ledger)
    places = {**found.places, **backbone(today_of(asked)).places}  # where they stand today, whatever the date
    crowd = len(found.hubs) > MAX_RING_INSTRUMENTS
    groups = {name: number for number, name in enumerate(found.groups)}
    most = max((hub.parties for hub in found.hubs), default=1) or 1
    marks = tuple(
        {**scene_mark(asked.ledger, known[_hub(hub.id)], places[_hub(hub.id)], small=crowd),
         "tint": groups[hub.group], "share": round(hub.parties / most, 3)}
        for hub in found.hubs
    )  # fmt: skip
    lines = tuple(
        {"from": _hub(each.one), "to": _hub(each.other), "kind": "alike", "share": round(each.likeness, 3),
         "title": message("{shared} of {total} parties shared", shared=each.shared, total=each.total)}
        for each in found.ties
    )  # fmt: skip
    (left, right), (top, bottom) = ((min(at), max(at)) for at in ([m[axis] for m in marks] or [0.0] for axis in "xy"))
    half = ((right - left) / 2 + 60, (bottom - top) / 2 + 44)
    middle = ((left + right) / 2, (top + bottom) / 2)
    return Scene(_named(marks), lines, half, middle, links=len(lines))


def _hub(id: str) -> str:
    return node_id(NodeKind.INSTRUMENT, id)
