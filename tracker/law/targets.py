"""Targets and reported figures compared with the data: the figure on a date, the result, the pace it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from tracker.errors import BadQuestion
from tracker.law import assessments
from tracker.law.counts import ConsentsOnDate, CountSpan, counts_over_time
from tracker.law.entry_into_force import parties
from tracker.law.ledger import Ledger, memoized
from tracker.law.measures import MeasuredValue, UnknownValue, ledger_on, measure
from tracker.law.reference_facts import Aim, Metric, Target, TargetKind
from tracker.law.wording import paragraph
from tracker.messages import message

YEAR = 365.25  # days
RECENT = 1.0  # years
LONGER = 3.0  # years
MIN_YEARS = 1 / 12  # years; over less than a month a pace means nothing


class PaceSoFar(StrEnum):
    """Whether a target will be met if things go on as they did."""

    ON_TRACK = "on track"
    UNCERTAIN = "on track by one measure only"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class RequiredPace:
    """What a coming target needs in deposits a year, and what there was.

    `missing` deposits in `years` are `needed` a year; `recent` is the pace of the last year, `longer`
    that of the last `longer_years`.
    """

    missing: int
    years: float
    needed: float
    recent: float
    longer: float
    longer_years: float
    track: PaceSoFar
    words: str


def required_pace(ledger: Ledger, target: Target) -> RequiredPace | None:
    """The pace that a target of parties or signatories needs from the ledger's day; None for any other target.

    The ledger must have a day before the target's, and the count must be below the target's figure.
    """
    day = ledger.day
    if day is None or target.metric not in _PACED or target.aim is not Aim.AT_LEAST or target.value is None:
        return None
    now = measure(ledger, target, day).number
    missing, years = target.value - now, (target.day - day).days / YEAR
    long = min(LONGER, _open_for(ledger, target, day))
    if years <= 0 or missing <= 0:
        return None
    recent, longer = (_gain_per_year(ledger, target, day, span) for span in (min(RECENT, long), long))
    needed = missing / years
    track = _track(needed, recent, longer)
    words = _in_words(target, missing, needed, recent, longer, long, track)
    return RequiredPace(missing, years, needed, recent, longer, long, track, words)


_PACED = frozenset({Metric.PARTIES, Metric.SIGNATORIES, Metric.BOUND, Metric.ADDED_PARTIES})


def _open_for(ledger: Ledger, target: Target, day: date) -> float:
    """For how many years the instrument has been open to act on."""
    terms = ledger.instrument(target.instrument)
    opened = terms.opened_on or terms.adopted_on
    return max(MIN_YEARS, (day - opened.first).days / YEAR) if opened else LONGER


def _gain_per_year(ledger: Ledger, target: Target, day: date, years: float) -> float:
    """How many a year came in the years up to the day."""
    level = Metric.PARTIES if target.metric is Metric.ADDED_PARTIES else target.metric
    plain = Target(
        id=target.id, goal=target.goal, kind=target.kind, on=target.on, value=target.value, metric=level,
        instrument=target.instrument,
    )  # fmt: skip
    before = date.fromordinal(max(1, day.toordinal() - round(years * YEAR)))
    return (measure(ledger, plain, day).number - measure(ledger, plain, before).number) / years


def _track(needed: float, recent: float, longer: float) -> PaceSoFar:
    enough = [round(pace, 1) >= round(needed, 1) for pace in (recent, longer)]  # as they are shown
    if all(enough):
        return PaceSoFar.ON_TRACK
    return PaceSoFar.UNCERTAIN if any(enough) else PaceSoFar.BEHIND


def _in_words(
    target: Target, missing: int, needed: float, recent: float, longer: float, long: float, track: PaceSoFar
) -> str:
    pace = f"{needed:.1f}"
    needs = message("Needed: {missing} more by {date} ({pace} a year).", missing=missing, date=target.on, pace=pace)
    paces: dict[str, Any] = {"recent": f"{recent:.1f}", "pace": f"{longer:.1f}", "years": round(LONGER)}
    if long <= RECENT:
        lately = message("Since opening: {pace} a year.", **paces)
    elif long < LONGER:
        lately = message("Last year: {recent}; since opening: {pace} a year.", **paces)
    else:
        lately = message("Last year: {recent}; last {years} years: {pace} a year.", **paces)
    return paragraph([needs, lately, message("Result: {result}.", result=_TRACKS[track])])


_TRACKS = {
    PaceSoFar.ON_TRACK: message("on track"),
    PaceSoFar.UNCERTAIN: message("on track by one measure only"),
    PaceSoFar.BEHIND: message("behind"),
}


class TargetOutcome(StrEnum):
    """The result of comparing a figure with the data."""

    MET = "met"
    MISSED = "missed"
    NOT_YET = "not yet"
    AGREES = "as reported"
    DIFFERS = "differs"
    NOT_COMPUTED = "not computed"


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A figure compared with the data.

    `on` is the date it was computed for; `computed` None where it was not. `reached_on` is the day on
    which a target was first met, `fits` the days on which a reported figure was true, `pace` what a
    coming target needs.
    """

    target: Target
    outcome: TargetOutcome
    on: date
    computed: int | None
    working: str
    codes: tuple[str, ...] = ()
    reached_on: date | None = None
    fits: tuple[CountSpan, ...] = ()
    pace: RequiredPace | None = None
    doubts: tuple[str, ...] = ()

    @property
    def reported(self) -> int | None:
        """The figure that was reported, if it is a report."""
        return self.target.value if self.target.kind is TargetKind.RESULT else None

    @property
    def aimed_at(self) -> int | None:
        """The figure that was to be reached, if it is a target."""
        return self.target.value if self.target.kind is TargetKind.TARGET else None


@memoized
def evaluate_targets(ledger: Ledger) -> tuple[TargetResult, ...]:
    """The result for every target, in their order; BadQuestion for a ledger without a day."""
    return tuple(evaluate_target(ledger, target) for target in ledger.targets.values())


def evaluate_target(ledger: Ledger, target: Target) -> TargetResult:
    """A target compared with the data on the ledger's day.

    A figure is computed on its own day, or on the ledger's if that is earlier. What the data cannot
    tell is `not computed`, with the reason. BadQuestion for a ledger without a day.
    """
    if ledger.day is None:
        raise BadQuestion("Targets need a status date: give the date up to which the data are to be read.")
    day = min(target.day, ledger.day)
    if target.metric is None:
        return _not_computed(target, day, message("No data to compute this figure."))
    if target.since and target.since.last >= day:
        return TargetResult(
            target, TargetOutcome.NOT_YET, day, None, message("Counted from {date}.", date=target.since)
        )
    try:
        counted = measure(ledger, target, day)
    except UnknownValue as trouble:
        return _not_computed(target, day, trouble.args[0])
    return _result(ledger, target, day, counted)


def _not_computed(target: Target, day: date, why: str) -> TargetResult:
    return TargetResult(target, TargetOutcome.NOT_COMPUTED, day, None, why, doubts=_doubts(target))


def _doubts(target: Target, *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (target.doubt, *more))))


# -- the result -----------------------------------------------------------------------------------


def _result(ledger: Ledger, target: Target, day: date, counted: MeasuredValue) -> TargetResult:
    outcome = _outcome(target, day, counted)
    if outcome is None:
        undecided = message("The result depends on actions that are not in our data, or whose date is not known.")
        return _not_computed(target, day, paragraph([counted.words, undecided]))
    reached = _reached_on(ledger, target, day) if outcome is TargetOutcome.MET else None
    fits = _fits(ledger, target) if target.kind is TargetKind.RESULT else ()
    coming = required_pace(ledger, target) if outcome is TargetOutcome.NOT_YET else None
    said = [counted.words, _reached_in_words(target, reached), _fits_in_words(target, outcome, fits)]
    said += [coming.words] if coming else []
    return TargetResult(
        target, outcome, day, counted.number, paragraph(said),
        counted.codes, reached, fits, coming, _doubts(target, *counted.doubts),
    )  # fmt: skip


def _outcome(target: Target, day: date, counted: MeasuredValue) -> TargetOutcome | None:
    """The result; None where it depends on what the data lack. A reported figure agrees if it may be the true one."""
    assert target.value is not None
    least, most = counted.number, counted.number + counted.more
    if target.kind is TargetKind.RESULT:
        if day < target.day:
            return TargetOutcome.NOT_YET
        return TargetOutcome.AGREES if least <= target.value <= most else TargetOutcome.DIFFERS
    if target.aim is Aim.AT_LEAST and least >= target.value:
        return TargetOutcome.MET
    if day < target.day:
        return TargetOutcome.NOT_YET
    verdicts = {_is_met(target.aim, number, target.value) for number in (least, most)}
    return verdicts.pop() if len(verdicts) == 1 else None


def _is_met(aim: Aim, number: int, value: int) -> TargetOutcome:
    met = number >= value if aim is Aim.AT_LEAST else number <= value
    return TargetOutcome.MET if met else TargetOutcome.MISSED


def _reached_on(ledger: Ledger, target: Target, day: date) -> date | None:
    """The first day on which the count was what the target asks, where such a count is kept by date."""
    assert target.value is not None
    if target.metric is Metric.OPENED:
        opened = ledger.instrument(target.instrument).opened_on
        return opened.exact if opened else None
    wanted, since = target.value, target.since.last if target.since else date.min
    if target.metric is Metric.ADDED_PARTIES:
        wanted += len(parties(ledger_on(ledger, since), target.instrument))
    elif target.metric not in (Metric.PARTIES, Metric.SIGNATORIES):
        return None
    enough = (h.span.first for h in counts_over_time(ledger, target.instrument) if _figure(h, target.metric) >= wanted)
    return next((first for first in enough if since < first <= day), None)


def _figure(held: ConsentsOnDate, metric: Metric) -> int:
    return held.signatories if metric is Metric.SIGNATORIES else held.parties


def _reached_in_words(target: Target, reached: date | None) -> str:
    if reached is None or target.metric is Metric.OPENED:
        return ""
    if target.since:
        return message("{value} more first reached on {date}.", value=target.value, date=reached)
    return message("{value} first reached on {date}.", value=target.value, date=reached)


def _fits(ledger: Ledger, target: Target) -> tuple[CountSpan, ...]:
    """The dates up to the ledger's on which a reported figure matches; empty where no count by date is kept."""
    if target.metric in (Metric.PARTIES, Metric.SIGNATORIES):
        held = counts_over_time(ledger, target.instrument)
        return _spans([(each.span.first, _figure(each, target.metric) == target.value) for each in held])
    if target.metric is Metric.LIST_SIZE and not target.among:
        turns = assessments.list_changes(ledger, target.scheme)
        return _spans([(turn.day, turn.size == target.value) for turn in turns])
    return ()


def _fits_in_words(target: Target, outcome: TargetOutcome, fits: tuple[CountSpan, ...]) -> str:
    if fits:
        return message("{value} matches {when}.", value=target.value, when=[span.words for span in fits])
    if target.metric in (Metric.PARTIES, Metric.SIGNATORIES) and outcome is TargetOutcome.DIFFERS:
        return message("No matching date for {value}.", value=target.value)
    return ""


def _spans(turns: Sequence[tuple[date, bool]]) -> tuple[CountSpan, ...]:
    """The days for which something held, from the days on which that may have changed and whether it then held."""
    spans: list[CountSpan] = []
    for place, (day, holds) in enumerate(turns):
        end = turns[place + 1][0] - timedelta(days=1) if place + 1 < len(turns) else None
        if holds and place and turns[place - 1][1]:
            spans[-1] = CountSpan(spans[-1].first, end)
        elif holds:
            spans.append(CountSpan(day, end))
    return tuple(spans)
