"""How the network's answers put names and numbers into a sentence; what a sentence says is its module's business."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str], most: int = 3) -> str:
    """`A`, `A and B`, `A, B and C`; beyond `most` the rest is counted: `A, B, C and 4 more`."""
    shown = [*names[:most], *([f"{len(names) - most} more"] if len(names) > most else [])]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def counted(number: int, one: str, several: str = "") -> str:
    """`1 instrument`, `2 instruments`; `several` where the plural takes more than an s."""
    return f"{number} {one if number == 1 else several or one + 's'}"
