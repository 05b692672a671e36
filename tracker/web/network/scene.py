"""What is drawn of each view: marks with positions, lines, how much must be seen, and counts where too much is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, pi, sin, sqrt, tau
from types import MappingProxyType
from typing import Any

from tracker.errors import NotFound
from tracker.graph.backbone import EXTENT, backbone
from tracker.graph.edges import edges
from tracker.graph.ego import EgoNetwork, ego_network
from tracker.graph.layout import CORE, HUBS, RING, Position, positions, region_arcs
from tracker.graph.model import Edge, Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger, memoized
from tracker.schemas.network import ConsentProfile, ProfileInstrument
from tracker.web.context import RequestContext
from tracker.web.network.params import MAX_RING_INSTRUMENTS, PAINTED, NetworkParams, counts_of
from tracker.web.network.views import ego_asked, ego_shown, profiles_of

MAX_LABEL_LENGTH = 30  # letters of a name in the picture

Line = dict[str, Any]
Mark = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """Marks, lines, and half the width and height of what must be seen (`wide`, and `tall` where it may stand on end).

    `regions` are the stretches of a ring, `rings` the circles round one node. `complete` says whether the lines
    hold all that could be chosen; where they do not, `total` says how many there are.
    """

    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    half: Mapping[str, tuple[float, float]]
    middle: tuple[float, float] = (0.0, 0.0)
    regions: tuple[Mark, ...] = ()
    rings: tuple[Mark, ...] = ()
    complete: bool = True
    total: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)


def scene_mark(node: Node, place: Position, *, small: bool = False) -> Mark:
    """The mark of a node at a place; a `small` one has no room for words."""
    facts = {
        **({"Region": node.region, "UN group": node.un_group} if node.region else {}),
        **{str(words): number for words, number in counts_of(node).items()},
    }
    return {
        "id": node.id, "label": _label(node), "group": str(node.kind), "code": node.code, "name": node.name,
        "region": node.region, "facts": facts, **({"small": True} if small else {}), **at(place),
    }  # fmt: skip


def _label(node: Node) -> str:
    if node.kind is NodeKind.PARTICIPANT and len(node.short) > MAX_LABEL_LENGTH:
        return f"{node.short[: MAX_LABEL_LENGTH - 1]}…"
    return node.short


def scene_line(tie: Edge, view: str) -> Line:
    """The line of a tie, as drawn in a view."""
    pending = {"pending": True} if tie.pending else {}
    return {"from": tie.source, "to": tie.target, "kind": str(tie.kind), "title": tie.words, "view": view, **pending}


def at(place: Position) -> dict[str, float]:
    """A place as a mark has it."""
    return {"x": round(place.x, 1), "y": round(place.y, 1), "angle": round(place.angle, 3)}


MAX_LINES = 6000  # beyond these a ring is drawn without lines until some are asked for
MAX_PROFILE_ROWS = 40  # profiles drawn; the table has all
ROW, COLUMN = 21.0, 27.0  # of the chart of profiles
BARS_WIDTH = 250.0
MAX_NAMES_AROUND = 60  # participants whose names still fit round one node
INNER, BETWEEN = (190.0, 112.0), (300.0, 190.0)  # half axes of the bodies and of the instruments round one with more
LETTER, HEADED = 5.6, 7.0  # the mean width of a letter of a name, and of a column's heading
HALF_EXTENT = {"wide": (574.0, 434.0), "tall": (316.0, 512.0)}  # half of what a ring needs, with its names

_GOLDEN = pi * (3 - sqrt(5))


JOINED = ("contracting party to", "signed only")  # of what a participant's node counts


def build_scene(asked: RequestContext, wanted: NetworkParams, *, whole: bool = False) -> Scene:
    """What is drawn of what is wanted; `whole` leaves the choosing among a ring's lines to whoever draws."""
    if wanted.view == "ties":
        return (
            _whole_ring(asked.ledger)
            if whole and is_small(asked.ledger) and wanted.people is None
            else _ring(asked.ledger, wanted)
        )
    drawn: Mapping[str, Callable[[RequestContext, NetworkParams], Scene]] = {
        "ego": _ego, "profiles": _profiles, "backbone": _backbone,
    }  # fmt: skip
    return drawn[wanted.view](asked, wanted)


def markable_nodes(asked: RequestContext, wanted: NetworkParams) -> Collection[str]:
    """The ids of the nodes that the view draws as marks on which an answer can be shown."""
    known = by_id(asked.ledger)
    if wanted.view in ("profiles", *PAINTED):
        return ()
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


@memoized
def _whole_ring(ledger: Ledger) -> Scene:
    found = tuple(scene_line(tie, "ties") for tie in edges(ledger))
    return _round(ledger, nodes(ledger), positions(ledger), found, len(found))


def _ring(ledger: Ledger, wanted: NetworkParams) -> Scene:
    found = wanted.of(ledger)
    drawn = found if wanted.narrows or len(found) <= MAX_LINES // 2 else []
    lines = tuple(scene_line(tie, "ties") for tie in drawn[:MAX_LINES])
    counts = _edge_counts(found) if len(lines) < len(found) else {}
    return _round(ledger, nodes(ledger), positions(ledger), lines, len(found), counts, complete=is_small(ledger))


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
            **scene_mark(node, stood[node.id], small=crowd and node.kind is NodeKind.INSTRUMENT),
            **counted.get(node.id, {}),
        }
        for node in drawn
    )
    regions = tuple(
        {"name": arc.region, **at(arc.heading), "arc": [[round(p.x), round(p.y)] for p in arc.places]}
        for arc in region_arcs(ledger)
    )
    extra = {"tall": RING[1] / RING[0]}
    return Scene(marks, lines, HALF_EXTENT, regions=regions, complete=complete, total=total, extra=extra)


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
        found = ego_network(asked.ledger, ego_asked(asked.ledger, wanted))
    except NotFound:
        return Scene((), (), HALF_EXTENT)
    chosen = [tie for tie in (*found.ties, *found.missing) if not wanted.standing or tie.kind in wanted.standing]
    lines = tuple(scene_line(tie, "ego") for tie in chosen)
    if sum(node.kind is NodeKind.PARTICIPANT for node in found.others) > MAX_NAMES_AROUND:
        return _ego_on_ring(asked.ledger, found, lines)
    places, rings = _places_on_rings(found)
    marks = tuple(scene_mark(node, places[node.id]) for node in (found.node, *found.others))
    ratio = rings[-1]["high"] / rings[-1]["wide"] if rings else 1.0
    across, down = (max(abs(mark[axis]) for mark in marks) for axis in "xy")
    half = {**_extent(marks), "tall": (across * ratio + 46, down / ratio + 40)}
    return Scene(marks, lines, half, rings=rings, total=len(lines), extra={"tall": ratio})


def _places_on_rings(found: EgoNetwork) -> tuple[dict[str, Position], tuple[Mark, ...]]:
    """The rings round a node as ellipses, which fit a window better than the law's circles, and what stands on them."""
    places, rings, wide, high = {found.node.id: Position(0.0, 0.0)}, [], 100.0, 40.0
    for number, ring in enumerate(found.rings):
        many = len(ring.ids)
        wide, high = max(wide + 140, many * 15.0), max(high + 85, many * 9.0)
        places |= _oval(ring.ids, (wide, high), number % 2 / 2)
        rings.append({"words": ring.words, "wide": wide, "high": high})
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


def _extent(marks: Iterable[Mark]) -> Mapping[str, tuple[float, float]]:
    """Half of what marks need with their names written outwards."""
    wide, high = 120.0, 90.0
    for each in marks:
        length = 14 + LETTER * len(each["label"])
        wide = max(wide, abs(each["x"] + length * cos(each["angle"])) + 8)
        high = max(high, abs(each["y"] + length * sin(each["angle"])) + 14)
    return {"wide": (wide, high)}


# -- the profiles, as a chart of rows ------------------------------------------------------------------


def _profiles(asked: RequestContext, wanted: NetworkParams) -> Scene:
    data = profiles_of(asked.ledger, wanted.compared or None)
    columns, known = data.instruments, by_id(asked.ledger)
    rows = data.profiles[:MAX_PROFILE_ROWS]
    most = max((row.size for row in rows), default=1)
    short = {each.instrument: known[f"instrument.{each.instrument}"].short for each in columns}
    heads = tuple(
        {"id": f"instrument.{each.instrument}", "label": short[each.instrument], "group": "column",
         "code": each.instrument, "name": each.name, "region": "", "x": i * COLUMN, "y": 0.0, "angle": -pi / 3,
         "facts": {"participants": each.participants}}
        for i, each in enumerate(columns)
    )  # fmt: skip
    drawn = tuple(_row(row, i, most, columns, known) for i, row in enumerate(rows))
    slant = 24 + max((len(name) for name in short.values()), default=0) * HEADED * sin(pi / 3)
    high = (slant + ROW * (len(rows) + 1.5)) / 2
    left, right = -COLUMN, COLUMN * len(columns) + BARS_WIDTH
    half = {"wide": ((right + 300 - left) / 2, high), "tall": ((COLUMN * len(columns) + 190) / 2, high)}
    extra = {
        "bars": BARS_WIDTH, "column": COLUMN, "row": ROW, "shown": len(rows), "profiles": data.count,
        "participants": data.participants, "above": slant, "width": COLUMN * len(columns),
    }  # fmt: skip
    return Scene((*heads, *drawn), (), half, (left + half["wide"][0], high - slant - 4), total=len(rows), extra=extra)


def _row(
    row: ConsentProfile, place: int, most: int, columns: list[ProfileInstrument], known: Mapping[str, Node]
) -> Mark:
    return {
        "id": row.id, "group": "profile", "code": str(row.number), "region": "", "angle": 0.0,
        "label": f"{row.size} participant{'' if row.size == 1 else 's'}",
        "name": f"Profile {row.number}",
        "x": 0.0, "y": (place + 1) * ROW, "share": round(row.size / most, 4), "size": row.size,
        "has": [each.instrument in row.instruments for each in columns],
        "members": [known[f"participant.{each.participant}"].short for each in row.members[:24]],
        "facts": {"participants": row.size, "instruments": len(row.instruments)},
    }  # fmt: skip


# -- the backbone --------------------------------------------------------------------------------------


def _backbone(asked: RequestContext, wanted: NetworkParams) -> Scene:
    found, known = backbone(asked.ledger), by_id(asked.ledger)
    crowd = len(found.hubs) > MAX_RING_INSTRUMENTS
    groups = {name: number for number, name in enumerate(found.groups)}
    most = max((hub.parties for hub in found.hubs), default=1) or 1
    marks = tuple(
        {**scene_mark(known[_hub(hub.id)], found.places[_hub(hub.id)], small=crowd), "chapter": hub.group,
         "tint": groups[hub.group], "share": round(hub.parties / most, 3)}
        for hub in found.hubs
    )  # fmt: skip
    lines = tuple(
        {"from": _hub(each.one), "to": _hub(each.other), "kind": "alike", "view": "backbone",
         "share": round(each.likeness, 3), "title": f"{each.shared} of {each.total} parties shared"}
        for each in found.ties
    )  # fmt: skip
    (left, right), (top, bottom) = ((min(at), max(at)) for at in ([m[axis] for m in marks] or [0.0] for axis in "xy"))
    half = {"wide": ((right - left) / 2 + 60, (bottom - top) / 2 + 44)}
    extra: dict[str, Any] = {"groups": list(found.groups)}
    if crowd:  # small marks stand on end as well as lying; names in boxes need the width
        half["tall"], extra["tall"] = ((bottom - top) / 2 + 30, (right - left) / 2 + 44), EXTENT[1] / EXTENT[0]
    middle = ((left + right) / 2, (top + bottom) / 2)
    return Scene(marks, lines, half, middle, total=len(lines), extra=extra)


def _hub(id: str) -> str:
    return node_id(NodeKind.INSTRUMENT, id)
