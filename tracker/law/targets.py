"""Goals and reported figures against the record: reported or aimed at, computed, and the verdict, with its working.

Each figure is computed for its own day; one whose day is still to come is judged on the ledger's day,
with the pace it needs. What a target may count is declared in `goals`; figures that no record of
treaties can compute are handed back as they were printed, and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.errors import BadQuestion
from tracker.law import assessments
from tracker.law.dates import in_words
from tracker.law.deposits import parties
from tracker.law.goals import Aim, Metric, Target, TargetKind
from tracker.law.ledger import Ledger, remembered
from tracker.law.metrics import Counted, Unknown, count, on
from tracker.law.pace import Pace, pace
from tracker.law.tallies import Held, Span, history


class Outcome(StrEnum):
    """What the record says of a figure."""

    MET = "met"
    MISSED = "missed"
    NOT_YET = "not yet"
    AGREES = "as reported"
    DIFFERS = "differs"
    NOT_COMPUTED = "not computed here"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure held against the record.

    `on` is the day it was computed for; `computed` None where it was not. `reached_on` is the day on
    which a target was first met, `fits` the days on which a reported figure was true, `pace` what a
    coming target needs.
    """

    target: Target
    outcome: Outcome
    on: date
    computed: int | None
    working: str
    codes: tuple[str, ...] = ()
    reached_on: date | None = None
    fits: tuple[Span, ...] = ()
    pace: Pace | None = None
    doubts: tuple[str, ...] = ()

    @property
    def reported(self) -> int | None:
        """The figure that was reported, if it is a report."""
        return self.target.value if self.target.kind is TargetKind.RESULT else None

    @property
    def aimed_at(self) -> int | None:
        """The figure that was to be reached, if it is a target."""
        return self.target.value if self.target.kind is TargetKind.TARGET else None


@remembered
def judged(ledger: Ledger) -> tuple[Verdict, ...]:
    """The verdict on every target of the record, in its order; BadQuestion for a ledger without a day."""
    return tuple(judge(ledger, target) for target in ledger.targets.values())


def judge(ledger: Ledger, target: Target) -> Verdict:
    """A target held against the record on the ledger's day.

    A figure is computed on its own day, or on the ledger's if that is earlier. What the record cannot
    tell is `not computed here`, with the reason. BadQuestion for a ledger without a day.
    """
    if ledger.day is None:
        raise BadQuestion("A target is judged on a day: give the day up to which the record is to be read.")
    day = min(target.day, ledger.day)
    if target.metric is None:
        return _not_computed(target, day, "The record holds nothing that this could be counted by.")
    if target.since and target.since.last >= day:
        return Verdict(target, Outcome.NOT_YET, day, None, f"It counts from {in_words(target.since)}.")
    try:
        counted = count(ledger, target, day)
    except Unknown as trouble:
        return _not_computed(target, day, str(trouble))
    return _verdict(ledger, target, day, counted)


def _not_computed(target: Target, day: date, why: str) -> Verdict:
    return Verdict(target, Outcome.NOT_COMPUTED, day, None, why, doubts=_doubts(target))


def _doubts(target: Target, *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (target.doubt, *more))))


# -- the verdict -----------------------------------------------------------------------------------


def _verdict(ledger: Ledger, target: Target, day: date, counted: Counted) -> Verdict:
    outcome = _outcome(target, day, counted.number)
    reached = _reached_on(ledger, target, day) if outcome is Outcome.MET else None
    fits = _fits(ledger, target) if target.kind is TargetKind.RESULT else ()
    coming = pace(ledger, target) if outcome is Outcome.NOT_YET else None
    said = [counted.words, _reached_in_words(target, reached), _fits_in_words(target, outcome, fits)]
    said += [coming.words] if coming else []
    return Verdict(
        target, outcome, day, counted.number, " ".join(filter(None, said)),
        counted.codes, reached, fits, coming, _doubts(target, *counted.doubts),
    )  # fmt: skip


def _outcome(target: Target, day: date, number: int) -> Outcome:
    assert target.value is not None
    if target.kind is TargetKind.RESULT:
        if day < target.day:
            return Outcome.NOT_YET
        return Outcome.AGREES if number == target.value else Outcome.DIFFERS
    if target.aim is Aim.AT_LEAST and number >= target.value:
        return Outcome.MET
    if day < target.day:
        return Outcome.NOT_YET
    return Outcome.MET if target.aim is Aim.AT_MOST and number <= target.value else Outcome.MISSED


def _reached_on(ledger: Ledger, target: Target, day: date) -> date | None:
    """The first day on which the count was what the target asks, where the record keeps such a count by day."""
    assert target.value is not None
    if target.metric is Metric.OPENED:
        opened = ledger.instrument(target.instrument).opened_on
        return opened.exact if opened else None
    wanted, since = target.value, target.since.last if target.since else date.min
    if target.metric is Metric.ADDED_PARTIES:
        wanted += len(parties(on(ledger, since), target.instrument))
    elif target.metric not in (Metric.PARTIES, Metric.SIGNATORIES):
        return None
    enough = (h.span.first for h in history(ledger, target.instrument) if _figure(h, target.metric) >= wanted)
    return next((first for first in enough if since < first <= day), None)


def _figure(held: Held, metric: Metric) -> int:
    return held.signatories if metric is Metric.SIGNATORIES else held.parties


def _reached_in_words(target: Target, reached: date | None) -> str:
    if reached is None or target.metric is Metric.OPENED:
        return ""
    return f"{target.value}{' more' if target.since else ''} were first there on {in_words(reached)}."


def _fits(ledger: Ledger, target: Target) -> tuple[Span, ...]:
    """The days up to the ledger's on which a reported figure was true; empty where no count by day is kept."""
    if target.metric in (Metric.PARTIES, Metric.SIGNATORIES):
        held = history(ledger, target.instrument)
        return _spans([(each.span.first, _figure(each, target.metric) == target.value) for each in held])
    if target.metric is Metric.LIST_SIZE and not target.among:
        turns = assessments.history(ledger, target.scheme)
        return _spans([(turn.day, turn.size == target.value) for turn in turns])
    return ()


def _fits_in_words(target: Target, outcome: Outcome, fits: tuple[Span, ...]) -> str:
    if fits:
        return f"{target.value} was true {' and '.join(span.words for span in fits)}."
    by_day = target.metric in (Metric.PARTIES, Metric.SIGNATORIES)
    return f"The record had {target.value} on no day." if by_day and outcome is Outcome.DIFFERS else ""


def _spans(turns: Sequence[tuple[date, bool]]) -> tuple[Span, ...]:
    """The days for which something held, from the days on which that may have changed and whether it then held."""
    spans: list[Span] = []
    for place, (day, holds) in enumerate(turns):
        end = turns[place + 1][0] - timedelta(days=1) if place + 1 < len(turns) else None
        if holds and place and turns[place - 1][1]:
            spans[-1] = Span(spans[-1].first, end)
        elif holds:
            spans.append(Span(day, end))
    return tuple(spans)
