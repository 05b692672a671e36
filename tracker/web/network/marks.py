"""What a picture is made of: marks with their places, lines, and how much of it must be seen.

What is drawn of which view is `picture`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.law.network import Node, NodeKind, Tie
from tracker.law.network.layout import Place

LONGEST = 30  # letters of a name in the picture

Line = dict[str, Any]
Mark = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
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


def mark(node: Node, place: Place, *, small: bool = False) -> Mark:
    """The mark of a node at a place; a `small` one has no room for words."""
    facts = {**({"region": node.region, "UN group": node.un_group} if node.region else {}), **node.counts}
    return {
        "id": node.id, "label": _label(node), "group": str(node.kind), "code": node.code, "name": node.name,
        "region": node.region, "facts": facts, **({"small": True} if small else {}), **at(place),
    }  # fmt: skip


def _label(node: Node) -> str:
    if node.kind is NodeKind.PARTICIPANT and len(node.short) > LONGEST:
        return f"{node.short[: LONGEST - 1]}…"
    return node.short


def line(tie: Tie, view: str) -> Line:
    """The line of a tie, as drawn in a view."""
    pending = {"pending": True} if tie.pending else {}
    return {"from": tie.source, "to": tie.target, "kind": str(tie.kind), "title": tie.words, "view": view, **pending}


def at(place: Place) -> dict[str, float]:
    """A place as a mark has it."""
    return {"x": round(place.x, 1), "y": round(place.y, 1), "angle": round(place.angle, 3)}
