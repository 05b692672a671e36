"""Charts as values: where lines, marks and words lie; the templates draw them as SVG with attributes only.

Across, everything is a share of the width, so a chart fits any screen while its words keep their
size; down, everything is in pixels. What the numbers are is the law's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.law.answers.history import GROUPS, history_answer
from tracker.law.answers.plain import Plain
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, remembered
from tracker.web import Asked

ROW = 16  # pixels for each milestone's words above a plot
PLOT = 220  # pixels of a plot's height
SCALE = 1000  # of the plot's own coordinates, both ways
AIR = 0.04  # of the days, before the first: room for the numbers of the scale
LANE = 36  # pixels for each row of dots
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)

_history = remembered(history_answer)


def of_instrument(asked: Asked, id: str) -> dict[str, Any]:
    """What a page needs to draw an instrument's history; NotFound for an unknown one."""
    return _drawn(asked.ledger, asked.ledger.instrument(id).id, asked.day, asked.today)


@remembered
def _drawn(ledger: Ledger, id: str, day: date, today: date) -> dict[str, Any]:
    data = _history(ledger, id)
    return {"history": data, "chart": over_time(data, day, today), "years": by_year(data["years"])}


def of_participant(asked: Asked, profile: Plain) -> Lanes | None:
    """What a page needs to draw a participant's acts over time, given its profile; None without a dated act."""
    return lanes(profile["acts"], profile["instruments"], asked.day, asked.today)


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from `first` to `last`, laid along the width."""

    first: date
    last: date

    def share(self, day: date) -> float:
        """How far along a day lies, from 0 to 1; days outside stand at the ends."""
        whole = max((self.last - self.first).days, 1)
        return min(max((day - self.first).days / whole, 0.0), 1.0)

    def at(self, day: date) -> str:
        """The place of a day as a percentage of the width."""
        return f"{self.share(day) * 100:.2f}%"

    @property
    def years(self) -> list[tuple[str, int, bool]]:
        """About ten years with their places; the last value tells those that a narrow screen keeps."""
        span = self.last.year - self.first.year
        step = next((each for each in _STEPS if span / each <= 10), _STEPS[-1])
        found = [year for year in range(self.first.year + 1, self.last.year + 1) if year % step == 0]
        kept = [year for year in found if 0.03 < self.share(date(year, 1, 1)) < 0.97]
        return [(self.at(date(year, 1, 1)), year, year % (2 * step) == 0) for year in kept]


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone: a line down the plot and its words in a row of their own, on the side where there is room."""

    at: str
    day: str
    what: str
    row: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A step line in the plot's own coordinates, and the words at its end."""

    kind: str
    path: str
    count: int
    y: int
    words_y: int


@dataclass(frozen=True, slots=True)
class OverTime:
    """Signatures and parties over time: everything that the drawing needs.

    `gone` is where the days after the one asked for begin and how wide they are, None where there are none.
    """

    axis: Axis
    top: int
    grid: list[tuple[int, int]]
    lines: list[Line]
    marks: list[Mark]
    threshold: int | None
    threshold_y: int
    end: str
    end_anchor: str
    gone: tuple[str, str] | None

    @property
    def height(self) -> int:
        """The height of the whole drawing, with the years below the plot."""
        return self.top + PLOT + 24


def over_time(data: Plain, day: date, today: date) -> OverTime | None:
    """The chart of an instrument's history up to a day, on an axis that reaches to today; None without any act."""
    steps = data["steps"]
    if not steps:
        return None
    last = max(day, today, *(_day(each["day"]) for each in data["milestones"]))
    first = _day(steps[0]["from"])
    axis = Axis(first - (last - first) * AIR, last)
    highest = max(data["threshold"] or 0, *(max(each["signatories"], each["parties"]) for each in steps))
    ceiling, rise = _ceiling(max(highest, 1))
    top = ROW * len(data["milestones"]) + 10
    share = axis.share(day)
    return OverTime(
        axis=axis,
        top=top,
        grid=[(number, _y(number, ceiling, top)) for number in range(0, ceiling + 1, rise)],
        lines=_lines(steps, axis, day, ceiling, top),
        marks=[_mark(axis, each, row) for row, each in enumerate(data["milestones"])],
        threshold=data["threshold"],
        threshold_y=_y(data["threshold"] or 0, ceiling, top),
        end=axis.at(day),
        end_anchor="end" if share > 0.3 else "start",
        gone=(axis.at(day), f"{(1 - share) * 100:.2f}%") if day < last else None,
    )


def _lines(steps: Sequence[Plain], axis: Axis, day: date, ceiling: int, top: int) -> list[Line]:
    """The two lines, the upper first."""
    upper, lower = sorted(("parties", "signatories"), key=lambda kind: -steps[-1][kind])
    heights = {kind: _y(steps[-1][kind], ceiling, top) for kind in (upper, lower)}
    words = dict(zip((upper, lower), _words_apart(heights[upper], heights[lower], top + PLOT), strict=True))
    paths = {
        kind: _stairs([(axis.share(_day(each["from"])), each[kind]) for each in steps], axis.share(day), ceiling)
        for kind in (upper, lower)
    }
    return [Line(kind, paths[kind], steps[-1][kind], heights[kind], words[kind]) for kind in (upper, lower)]


def _words_apart(upper: int, lower: int, floor: int) -> tuple[int, int]:
    """Where the words at the ends of two lines stand: above the upper, below the lower unless the floor is there."""
    below = lower + 17 if lower + 20 < floor else lower - 7
    return min(upper - 7, below - ROW), below


def _stairs(points: Sequence[tuple[float, int]], end: float, ceiling: int) -> str:
    """A step line from the floor: along to each day, then up or down to its number."""
    path = [f"M{points[0][0] * SCALE:.1f} {SCALE}"]
    for share, number in points:
        path.append(f"H{share * SCALE:.1f}V{SCALE - number / ceiling * SCALE:.1f}")
    return "".join([*path, f"H{end * SCALE:.1f}"])


def _mark(axis: Axis, milestone: Plain, row: int) -> Mark:
    day = _day(milestone["day"])
    anchor = "start" if axis.share(day) < 0.5 else "end"
    return Mark(axis.at(day), milestone["day"], milestone["what"], row * ROW + 12, anchor)


def _y(number: int, ceiling: int, top: int) -> int:
    return round(top + PLOT - number / ceiling * PLOT)


def _ceiling(highest: int) -> tuple[int, int]:
    """A round number that leaves some air above the highest, and the distance between grid lines."""
    step = next(each for each in (*_STEPS, highest) if highest * 1.05 / each <= 5)
    return (int(highest * 1.05) // step + 1) * step, step


@dataclass(frozen=True, slots=True)
class Bars:
    """How many acts of one group there were in each year: bars as (x, width, height, number, year)."""

    group: str
    most: int
    most_in: int
    whole: int
    bars: list[tuple[str, str, str, int, int]]


def by_year(years: Sequence[Plain]) -> list[Bars]:
    """One row of bars for each group of acts that there were: the same years, each to its own highest."""
    return [_bars(group, years) for group in GROUPS if any(each[group] for each in years)]


def _bars(group: str, years: Sequence[Plain]) -> Bars:
    wide = 100 / len(years)  # per cent of the width
    top = max(years, key=lambda each: each[group])
    bars = [
        (
            f"{number * wide:.2f}%",
            f"{wide * 0.8:.2f}%",
            f"{each[group] / top[group] * 100:.1f}%",
            each[group],
            each["year"],
        )
        for number, each in enumerate(years)
        if each[group]
    ]
    return Bars(group, top[group], top["year"], sum(each[group] for each in years), bars)


@dataclass(frozen=True, slots=True)
class Lane:
    """One instrument's acts by one participant: marks as (x, kind, words), and from where to where it is bound."""

    instrument: str
    name: str
    y: int
    dots: list[tuple[str, str, str]]
    bound: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Lanes:
    """A participant's acts over time, a lane for each instrument it has acted on."""

    axis: Axis
    lanes: list[Lane]

    @property
    def height(self) -> int:
        """The height of the whole drawing, with the years below the lanes."""
        return len(self.lanes) * LANE + 24


def lanes(acts: Sequence[Plain], rows: Sequence[Plain], day: date, today: date) -> Lanes | None:
    """A participant's dated acts, and since when each instrument binds it; None where it has no dated act."""
    dated = [act for act in acts if act["date"]]
    if not dated:
        return None
    names = list(dict.fromkeys(act["instrument"] for act in dated))
    first = min(PartialDate.parse(act["date"]).first for act in dated)
    axis = Axis(date(first.year, 1, 1), max(day, today))
    by_id = {row["instrument"]: row for row in rows}
    return Lanes(axis, [_lane(axis, id, number, dated, by_id.get(id), day) for number, id in enumerate(names)])


def _lane(axis: Axis, id: str, number: int, acts: Iterable[Plain], row: Plain | None, day: date) -> Lane:
    own = [act for act in acts if act["instrument"] == id]
    dots = [(axis.at(PartialDate.parse(act["date"]).last), _kind(act["action"]), _words(act)) for act in own]
    return Lane(id, own[0]["instrument_name"], number * LANE, dots, _bound(axis, row, day) if row else None)


def _bound(axis: Axis, row: Plain, day: date) -> tuple[str, str] | None:
    since, until = row["bound_since"], row["bound_until"]
    if not since or _day(since) > day:
        return None
    start, end = axis.share(_day(since)), axis.share(min(_day(until), day) if until else day)
    return f"{start * 100:.2f}%", f"{max(end - start, 0) * 100:.2f}%"


def _kind(action: str) -> str:
    if "signature" in action:
        return "sign"
    if action in ("withdrawal", "revocation"):
        return "leave"
    return "other" if action in ("territorial-extension", "provisional-application") else "consent"


def _words(act: Plain) -> str:
    return f"{act['words']}, {act['date']}"


def _day(text: str) -> date:
    return date.fromisoformat(text)
