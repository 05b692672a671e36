"""How many there were through time, as a stepped line: places for the templates to draw as SVG attributes.

For the members of a body and the lists of a scheme. Days on which the record lacks a part are marked,
since the line then shows only what the record has. Numbers are the law's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tracker.law.answers.plain import Plain
from tracker.web.charts import PLOT, SCALE, Axis

AFTER = timedelta(days=365)
MOST_LINES = 5  # of the grid
_RISES = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Steps:
    """A stepped line: its paths (`loose` where the record lacks a part), what lies behind, and its end."""

    axis: Axis
    grid: list[tuple[int, int]]
    sure: str
    loose: str
    lacking: list[tuple[str, str]]
    size: int
    end: str
    end_y: int
    end_anchor: str

    top = 22  # pixels above the plot, for the words at the end of a line on the ceiling

    @property
    def height(self) -> int:
        """The height of the whole drawing, with the years below the plot."""
        return self.top + PLOT + 24


def steps(turns: Sequence[Plain], day: date) -> Steps | None:
    """The line of turns (each with `date`, `size` and perhaps `absent`) up to a day; None where there are none.

    A list that has come to nothing is drawn to a year after its end.
    """
    if not turns:
        return None
    first, last = (date.fromisoformat(turns[place]["date"]) for place in (0, -1))
    end = day if turns[-1]["size"] else min(day, last + AFTER)
    axis = Axis(date(first.year, 1, 1), end)
    ceiling, rise = _ceiling(max(turn["size"] for turn in turns))
    spans = _spans(turns, axis, end)
    share = axis.share(end)
    return Steps(
        axis=axis,
        grid=[(number, _y(number, ceiling)) for number in range(0, ceiling + 1, rise)],
        sure=_path(spans, ceiling, lacking=False),
        loose=_path(spans, ceiling, lacking=True),
        lacking=[(_percent(each.start), _percent(each.end - each.start)) for each in spans if each.lacking],
        size=turns[-1]["size"],
        end=_percent(share),
        end_y=_y(turns[-1]["size"], ceiling),
        end_anchor="end" if share > 0.3 else "start",
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """Days of one size, as shares of the width."""

    start: float
    end: float
    size: int
    lacking: bool


def _spans(turns: Sequence[Plain], axis: Axis, day: date) -> list[_Span]:
    places = [*(axis.share(date.fromisoformat(turn["date"])) for turn in turns), axis.share(day)]
    return [
        _Span(start, end, turn["size"], bool(turn.get("absent")))
        for turn, (start, end) in zip(turns, pairwise(places), strict=True)
    ]


def _path(spans: Sequence[_Span], ceiling: int, *, lacking: bool) -> str:
    """The spans of one sort: joined by a riser where they follow each other, apart where they do not."""
    path, before = "", not lacking
    for each in spans:
        level = SCALE - each.size / ceiling * SCALE
        if each.lacking is lacking:
            path += f"V{level:.1f}" if before is lacking else f"M{each.start * SCALE:.1f} {level:.1f}"
            path += f"H{each.end * SCALE:.1f}"
        before = each.lacking
    return path


def _ceiling(highest: int) -> tuple[int, int]:
    """A round number at or above the highest, and the distance between grid lines."""
    rise = next((each for each in _RISES if max(highest, 1) / each <= MOST_LINES), max(highest, 1))
    return -(-max(highest, 1) // rise) * rise, rise


def _y(number: int, ceiling: int) -> int:
    return round(Steps.top + PLOT - number / ceiling * PLOT)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
