"""Figures of a plan by year, as bars and marks: places for the templates to draw as SVG attributes.

A reported figure is a filled bar, one to be reached an outlined bar, what the record computes a mark.
What the numbers are is the law's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.law.answers.plain import Plain

HIGH = 96  # pixels of the tallest bar
TOP = 20  # pixels above it, for its number
FOOT = 20  # pixels below, for the years
FEWEST = 2  # figures that make a chart


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: where it stands across and how high, and where the computed mark is, if there is one."""

    x: str
    width: str
    middle: str
    y: int
    height: int
    kind: str
    number: int
    year: str
    computed: int | None
    computed_y: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one measure by year."""

    measure: str
    unit: str
    bars: list[Bar]
    words: str

    height = TOP + HIGH + FOOT
    floor = TOP + HIGH


def charts(rows: Sequence[Plain]) -> list[Figures]:
    """A chart for each measure of an indicator of which there are at least two figures, in their order."""
    groups: dict[tuple[str, str], list[Plain]] = {}
    for row in rows:
        if _figure(row) is not None:
            groups.setdefault((row["measure"], row["unit"]), []).append(row)
    return [_chart(measure, unit, found) for (measure, unit), found in groups.items() if len(found) >= FEWEST]


def _chart(measure: str, unit: str, rows: list[Plain]) -> Figures:
    rows = sorted(rows, key=lambda row: str(row["on"]))
    numbers = [number for row in rows for number in (_figure(row), row["computed"]) if number is not None]
    highest = max(1, *numbers)
    bars = [_bar(row, place, len(rows), highest) for place, row in enumerate(rows)]
    return Figures(measure, unit, bars, "; ".join(_words(rows)))


def _bar(row: Plain, place: int, places: int, highest: int) -> Bar:
    wide = 100 / max(places, 2)
    number, computed = _figure(row) or 0, row["computed"]
    high = _high(number, highest)
    return Bar(
        x=f"{(place + 0.15) * wide:.2f}%", width=f"{wide * 0.7:.2f}%", middle=f"{(place + 0.5) * wide:.2f}%",
        y=TOP + HIGH - high, height=high, kind=row["kind"], number=number, year=_year(row), computed=computed,
        computed_y=None if computed is None else TOP + HIGH - _high(computed, highest),
    )  # fmt: skip


def _high(number: int, highest: int) -> int:
    return round(max(number, 0) / highest * HIGH)


def _figure(row: Plain) -> int | None:
    number: int | None = row["target"] if row["kind"] == "target" else row["reported"]
    return number


def _year(row: Plain) -> str:
    return f"FY {row['fiscal_year']}" if row["fiscal_year"] else str(row["on"])[:4]


def _words(rows: Iterable[Plain]) -> Iterable[str]:
    for row in rows:
        said = "to be reached" if row["kind"] == "target" else "reported"
        computed = "" if row["computed"] is None else f", {row['computed']:,} computed"
        yield f"{_year(row)}: {_figure(row):,} {said}{computed}"
