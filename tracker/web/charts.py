"""Charts as values: where lines, bars and marks lie; the templates draw them as SVG with attributes only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tracker.law.dates import PartialDate
from tracker.law.kinds import ActionKind
from tracker.law.ledger import Ledger, memoized, memoized_recent
from tracker.law.reference_facts import TargetKind
from tracker.law.status import parties_in_words, signatories_in_words
from tracker.messages import TranslatableText, message
from tracker.schemas.assessments import SchemeChange
from tracker.schemas.bodies import MembershipChange
from tracker.schemas.history import GROUPS, Group, History, HistoryStep, Milestone, YearCounts, history_answer
from tracker.schemas.participants import ParticipantDetail, ProfileRow
from tracker.schemas.targets import TargetStatus
from tracker.schemas.values import TreatyAction
from tracker.web.context import RequestContext

AFTER = timedelta(days=365)
MAX_GRID_LINES = 5  # of the grid
_RISES = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


Turn = SchemeChange | MembershipChange


@dataclass(frozen=True, slots=True)
class StepChart:
    """A stepped line: its paths (`loose` where the record lacks a part), what lies behind, and its end."""

    axis: ChartAxis
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


def step_chart(turns: Sequence[Turn], day: date) -> StepChart | None:
    """The line of turns (each with `date`, `size` and perhaps `absent`) up to a day; None where there are none.

    A list that has come to nothing is drawn to a year after its end.
    """
    if not turns:
        return None
    first, last = (turns[place].date for place in (0, -1))
    end = day if turns[-1].size else min(day, last + AFTER)
    axis = ChartAxis(date(first.year, 1, 1), end)
    ceiling, rise = _step_ceiling(max(turn.size for turn in turns))
    spans = _spans(turns, axis, end)
    share = axis.share(end)
    return StepChart(
        axis=axis,
        grid=[(number, _step_y(number, ceiling)) for number in range(0, ceiling + 1, rise)],
        sure=_path(spans, ceiling, lacking=False),
        loose=_path(spans, ceiling, lacking=True),
        lacking=[(_percent(each.start), _percent(each.end - each.start)) for each in spans if each.lacking],
        size=turns[-1].size,
        end=_percent(share),
        end_y=_step_y(turns[-1].size, ceiling),
        end_anchor="end" if share > 0.3 else "start",
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """Days of one size, as shares of the width."""

    start: float
    end: float
    size: int
    lacking: bool


def _spans(turns: Sequence[Turn], axis: ChartAxis, day: date) -> list[_Span]:
    places = [*(axis.share(turn.date) for turn in turns), axis.share(day)]
    return [
        _Span(start, end, turn.size, bool(isinstance(turn, SchemeChange) and turn.absent))
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


def _step_ceiling(highest: int) -> tuple[int, int]:
    """A round number at or above the highest, and the distance between grid lines."""
    rise = next((each for each in _RISES if max(highest, 1) / each <= MAX_GRID_LINES), max(highest, 1))
    return -(-max(highest, 1) // rise) * rise, rise


def _step_y(number: int, ceiling: int) -> int:
    return round(StepChart.top + PLOT - number / ceiling * PLOT)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


BAR_HEIGHT = 96  # pixels of the tallest bar
BAR_HEADROOM = 20  # pixels above it, for its number
BAR_FOOTER = 20  # pixels below, for the years
MIN_FIGURES = 2  # figures that make a chart


@dataclass(frozen=True, slots=True)
class FigureBar:
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
class FigureChart:
    """The figures of one measure by year."""

    measure: str
    unit: str
    bars: list[FigureBar]
    words: list[TranslatableText]

    height = BAR_HEADROOM + BAR_HEIGHT + BAR_FOOTER
    floor = BAR_HEADROOM + BAR_HEIGHT


def figure_charts(rows: Sequence[TargetStatus]) -> list[FigureChart]:
    """A chart for each measure of an indicator of which there are at least two figures, in their order."""
    groups: dict[tuple[str, str], list[TargetStatus]] = {}
    for row in rows:
        if _figure(row) is not None:
            groups.setdefault((row.measure, row.unit), []).append(row)
    return [_chart(measure, unit, found) for (measure, unit), found in groups.items() if len(found) >= MIN_FIGURES]


def _chart(measure: str, unit: str, rows: list[TargetStatus]) -> FigureChart:
    rows = sorted(rows, key=lambda row: str(row.on))
    numbers = [number for row in rows for number in (_figure(row), row.computed) if number is not None]
    highest = max(1, *numbers)
    bars = [_bar(row, place, len(rows), highest) for place, row in enumerate(rows)]
    return FigureChart(measure, unit, bars, [_figure_words(row) for row in rows])


def _bar(row: TargetStatus, place: int, places: int, highest: int) -> FigureBar:
    wide = 100 / max(places, 2)
    number, computed = _figure(row) or 0, row.computed
    high = _high(number, highest)
    return FigureBar(
        x=f"{(place + 0.15) * wide:.2f}%", width=f"{wide * 0.7:.2f}%", middle=f"{(place + 0.5) * wide:.2f}%",
        y=BAR_HEADROOM + BAR_HEIGHT - high, height=high, kind=row.kind, number=number, year=_year(row),
        computed=computed,
        computed_y=None if computed is None else BAR_HEADROOM + BAR_HEIGHT - _high(computed, highest),
    )  # fmt: skip


def _high(number: int, highest: int) -> int:
    return round(max(number, 0) / highest * BAR_HEIGHT)


def _figure(row: TargetStatus) -> int | None:
    return row.target if row.kind is TargetKind.TARGET else row.reported


def _year(row: TargetStatus) -> str:
    return f"FY {row.fiscal_year}" if row.fiscal_year else str(row.on)[:4]


def _figure_words(row: TargetStatus) -> TranslatableText:
    given = {"year": _year(row), "n": _figure(row), "computed": row.computed}
    if row.kind == "target":
        if row.computed is None:
            return message("{year}: target {n}", **given)
        return message("{year}: target {n}, computed {computed}", **given)
    if row.computed is None:
        return message("{year}: reported {n}", **given)
    return message("{year}: reported {n}, computed {computed}", **given)


ROW = 16  # pixels for each milestone's words above a plot
PLOT = 220  # pixels of a plot's height
SCALE = 1000  # of the plot's own coordinates, both ways
LEFT_MARGIN = 0.04  # of the days, before the first: room for the numbers of the scale
LANE = 36  # pixels for each row of dots
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)

_history = memoized(history_answer)


def of_instrument(asked: RequestContext, id: str) -> dict[str, Any]:
    """What a page needs to draw an instrument's history; NotFound for an unknown one."""
    return _history_charts(asked.ledger, asked.ledger.instrument(id).id, asked.day, asked.today)


@memoized_recent(32)
def _history_charts(ledger: Ledger, id: str, day: date, today: date) -> dict[str, Any]:
    data = _history(ledger, id)
    return {"history": data, "chart": counts_chart(data, day, today), "years": year_bars(data.years)}


def of_participant(asked: RequestContext, profile: ParticipantDetail) -> TimelineChart | None:
    """What a page needs to draw a participant's acts over time, given its profile; None without a dated act."""
    return timeline_chart(profile.acts, profile.instruments, asked.day, asked.today)


@dataclass(frozen=True, slots=True)
class ChartAxis:
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
class ChartMark:
    """A milestone: a line down the plot and its words in a row of their own, on the side where there is room."""

    at: str
    day: str
    what: str
    row: int
    anchor: str


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A step line in the plot's own coordinates, and the words at its end."""

    kind: str
    path: str
    count: int
    at_most: int
    y: int
    words_y: int

    @property
    def words(self) -> TranslatableText:
        """What the line counts at its end."""
        if self.kind == "parties":
            return parties_in_words(self.count, self.at_most)
        return signatories_in_words(self.count, self.at_most)


@dataclass(frozen=True, slots=True)
class CountsChart:
    """Signatures and parties over time: everything that the drawing needs.

    `gone` is where the days after the one asked for begin and how wide they are, None where there are none.
    """

    axis: ChartAxis
    top: int
    grid: list[tuple[int, int]]
    lines: list[ChartLine]
    marks: list[ChartMark]
    threshold: int | None
    threshold_y: int
    end: str
    end_anchor: str
    gone: tuple[str, str] | None

    @property
    def height(self) -> int:
        """The height of the whole drawing, with the years below the plot."""
        return self.top + PLOT + 24


def counts_chart(data: History, day: date, today: date) -> CountsChart | None:
    """The chart of an instrument's history up to a day, on an axis that reaches to today; None without any act."""
    steps = data.steps
    if not steps:
        return None
    last = max(day, today, *(each.day for each in data.milestones))
    first = steps[0].from_
    axis = ChartAxis(first - (last - first) * LEFT_MARGIN, last)
    highest = max(data.threshold or 0, *(max(each.signatories, each.parties) for each in steps))
    ceiling, rise = _ceiling(max(highest, 1))
    top = ROW * len(data.milestones) + 10
    share = axis.share(day)
    return CountsChart(
        axis=axis,
        top=top,
        grid=[(number, _y(number, ceiling, top)) for number in range(0, ceiling + 1, rise)],
        lines=_lines(steps, axis, day, ceiling, top),
        marks=[_mark(axis, each, row) for row, each in enumerate(data.milestones)],
        threshold=data.threshold,
        threshold_y=_y(data.threshold or 0, ceiling, top),
        end=axis.at(day),
        end_anchor="end" if share > 0.3 else "start",
        gone=(axis.at(day), f"{(1 - share) * 100:.2f}%") if day < last else None,
    )


def _lines(steps: Sequence[HistoryStep], axis: ChartAxis, day: date, ceiling: int, top: int) -> list[ChartLine]:
    """The two lines, the upper first."""
    last = vars(steps[-1])
    upper, lower = sorted(("parties", "signatories"), key=lambda kind: -last[kind])
    heights = {kind: _y(last[kind], ceiling, top) for kind in (upper, lower)}
    words = dict(zip((upper, lower), _words_apart(heights[upper], heights[lower], top + PLOT), strict=True))
    paths = {
        kind: _stairs([(axis.share(each.from_), getattr(each, kind)) for each in steps], axis.share(day), ceiling)
        for kind in (upper, lower)
    }
    return [
        ChartLine(kind, paths[kind], last[kind], last[f"{kind}_at_most"], heights[kind], words[kind])
        for kind in (upper, lower)
    ]


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


def _mark(axis: ChartAxis, milestone: Milestone, row: int) -> ChartMark:
    share = axis.share(milestone.day)  # words in the middle have their room on both sides, also on a phone
    anchor = "start" if share < 0.35 else "end" if share > 0.65 else "middle"
    return ChartMark(axis.at(milestone.day), str(milestone.day), milestone.what, row * ROW + 12, anchor)


def _y(number: int, ceiling: int, top: int) -> int:
    return round(top + PLOT - number / ceiling * PLOT)


def _ceiling(highest: int) -> tuple[int, int]:
    """A round number that leaves some air above the highest, and the distance between grid lines."""
    step = next(each for each in (*_STEPS, highest) if highest * 1.05 / each <= 5)
    return (int(highest * 1.05) // step + 1) * step, step


@dataclass(frozen=True, slots=True)
class BarChart:
    """How many acts of one group there were in each year: bars as (x, width, height, number, year)."""

    group: str
    most: int
    most_in: int
    whole: int
    bars: list[tuple[str, str, str, int, int]]

    @property
    def name(self) -> TranslatableText:
        """What the actions of the group are called."""
        return _GROUP_NAMES[self.group]


_GROUP_NAMES = {
    "signatures": message("signatures"),
    "consents": message("consents to be bound"),
    "withdrawals": message("withdrawals"),
    "others": message("other actions"),
}


def year_bars(years: Sequence[YearCounts]) -> list[BarChart]:
    """One row of bars for each group of acts that there were: the same years, each to its own highest."""
    return [_bars(group, years) for group in GROUPS if any(getattr(each, group) for each in years)]


def _bars(group: Group, years: Sequence[YearCounts]) -> BarChart:
    wide = 100 / len(years)  # per cent of the width
    numbers: list[int] = [getattr(each, group) for each in years]
    most = max(numbers)
    bars = [
        (f"{place * wide:.2f}%", f"{wide * 0.8:.2f}%", f"{number / most * 100:.1f}%", number, each.year)
        for place, (number, each) in enumerate(zip(numbers, years, strict=True))
        if number
    ]
    return BarChart(group, most, years[numbers.index(most)].year, sum(numbers), bars)


@dataclass(frozen=True, slots=True)
class TimelineLane:
    """One instrument's acts by one participant: marks as (x, kind, words), and from where to where it is bound."""

    instrument: str
    name: str
    y: int
    dots: list[tuple[str, str, str]]
    bound: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class TimelineChart:
    """A participant's acts over time, a lane for each instrument it has acted on."""

    axis: ChartAxis
    lanes: list[TimelineLane]

    @property
    def height(self) -> int:
        """The height of the whole drawing, with the years below the lanes."""
        return len(self.lanes) * LANE + 24


def timeline_chart(
    acts: Sequence[TreatyAction], rows: Sequence[ProfileRow], day: date, today: date
) -> TimelineChart | None:
    """A participant's dated acts, and since when each instrument binds it; None where it has no dated act."""
    dated = [(act, act.date) for act in acts if act.date]
    if not dated:
        return None
    names = list(dict.fromkeys(act.instrument for act, _ in dated))
    first = min(when.first for _, when in dated)
    axis = ChartAxis(date(first.year, 1, 1), max(day, today))
    by_id = {row.instrument: row for row in rows}
    return TimelineChart(axis, [_lane(axis, id, number, dated, by_id.get(id), day) for number, id in enumerate(names)])


def _lane(
    axis: ChartAxis, id: str, number: int, acts: Iterable[tuple[TreatyAction, PartialDate]], row: ProfileRow | None,
    day: date,
) -> TimelineLane:  # fmt: skip
    own = [(act, when) for act, when in acts if act.instrument == id]
    dots = [(axis.at(when.last), _kind(act.action), _words(act)) for act, when in own]
    return TimelineLane(
        id, own[0][0].instrument_name, number * LANE, dots, _binding_span(axis, row, day) if row else None
    )


def _binding_span(axis: ChartAxis, row: ProfileRow, day: date) -> tuple[str, str] | None:
    since, until = row.bound_since, row.bound_until
    if not since or since > day:
        return None
    start, end = axis.share(since), axis.share(min(until, day) if until else day)
    return f"{start * 100:.2f}%", f"{max(end - start, 0) * 100:.2f}%"


def _kind(action: str) -> str:
    if "signature" in action:
        return "sign"
    if action in ("withdrawal", "revocation"):
        return "leave"
    return "other" if action in ("territorial-extension", "provisional-application") else "consent"


def _words(act: TreatyAction) -> str:
    return message("{action}, {date}", action=ActionKind(act.action).words, date=act.date)
