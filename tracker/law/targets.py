"""Goals and reported figures compared with the record: the figure on a date, the result, the pace it needs.

One function measures each metric, with a sentence and its doubts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.errors import BadQuestion, NotFound
from tracker.law import assessments
from tracker.law.bindings import bound_participants
from tracker.law.consents import signatories
from tracker.law.counts import ConsentsOnDate, CountSpan, counts_over_time
from tracker.law.dates import in_words
from tracker.law.entry_into_force import parties
from tracker.law.explanation import join_names
from tracker.law.ledger import Ledger, memoized, memoized_recent, name_of, names_in
from tracker.law.model import Assessment, Body
from tracker.law.target_facts import Aim, Metric, Target, TargetKind


class UnknownValue(Exception):
    """The record lacks what a target counts; the message says what."""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """What the record counts for a target: the number, the sentence, whom it counted, what is doubtful."""

    number: int
    words: str
    codes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def measure(ledger: Ledger, target: Target, day: date) -> MeasuredValue:
    """The target's metric on a day; Unknown where the record cannot tell."""
    assert target.metric is not None
    try:
        return _COUNTING[target.metric](ledger_on(ledger, day), target)
    except NotFound as trouble:
        raise UnknownValue(str(trouble)) from None


@memoized_recent(64)
def ledger_on(ledger: Ledger, day: date) -> Ledger:
    """The ledger on a day, kept so that targets for one day share what is worked out for it."""
    return ledger.as_of(day)


# -- instruments -----------------------------------------------------------------------------------


def _of_instrument(
    what: str, count: Callable[[Ledger, str], frozenset[str]]
) -> Callable[[Ledger, Target], MeasuredValue]:
    def counted(now: Ledger, target: Target) -> MeasuredValue:
        number = len(count(now, now.instrument(target.instrument).id))
        name = names_in(now)(target.instrument)
        return MeasuredValue(number, f"On {in_words(now.horizon)} {name} had {number} {what}.")

    return counted


def _added(now: Ledger, target: Target) -> MeasuredValue:
    assert target.since is not None
    after = parties(now, now.instrument(target.instrument).id)
    before = parties(ledger_on(now, target.since.last), target.instrument)
    more = len(after) - len(before)
    words = (
        f"{_first(names_in(now)(target.instrument))} had {len(before)} parties on {in_words(target.since)} "
        f"and {len(after)} on {in_words(now.horizon)}: {more} more."
    )
    return MeasuredValue(more, words, tuple(sorted(after - before)))


def _opened(now: Ledger, target: Target) -> MeasuredValue:
    terms = now.instrument(target.instrument)
    opened = terms.opened_on is not None and terms.opened_on.last <= now.horizon
    was = f"was opened for signature on {in_words(terms.opened_on)}" if opened else "was not open for signature by then"
    return MeasuredValue(int(opened), f"{_first(names_in(now)(terms.id))} {was}.")


def _first(name: str) -> str:
    """A name as it begins a sentence."""
    return name[0].upper() + name[1:]


# -- lists -----------------------------------------------------------------------------------------


def _list_size(now: Ledger, target: Target) -> MeasuredValue:
    here = _list(now, target)
    words = f"On {in_words(now.horizon)} {_called(target)} held {len(here)}{_naming(now, tuple(here))}."
    return MeasuredValue(len(here), words, tuple(sorted(here)), _unchecked(here))


def _growth(now: Ledger, target: Target) -> MeasuredValue:
    before, after = _both(now, target)
    more = len(after) - len(before)
    assert target.since is not None
    words = (
        f"{_first(_called(target))} held {len(before)} on {in_words(target.since)} "
        f"and {len(after)} on {in_words(now.horizon)}: {more:+d}."
    )
    return MeasuredValue(more, words, doubts=_unchecked({**before, **after}))


def _comparing(
    verb: str, choose: Callable[[frozenset[str], frozenset[str]], frozenset[str]]
) -> Callable[[Ledger, Target], MeasuredValue]:
    def counted(now: Ledger, target: Target) -> MeasuredValue:
        before, after = _both(now, target)
        codes = tuple(sorted(choose(frozenset(before), frozenset(after))))
        assert target.since is not None
        words = (
            f"Between {in_words(target.since)} and {in_words(now.horizon)} {len(codes)} {verb} "
            f"{_called(target)}{_naming(now, codes)}."
        )
        either = {**before, **after}
        return MeasuredValue(len(codes), words, codes, _unchecked({code: either[code] for code in codes}))

    return counted


def _both(now: Ledger, target: Target) -> tuple[Mapping[str, Assessment], Mapping[str, Assessment]]:
    assert target.since is not None
    return _list(ledger_on(now, target.since.last), target), _list(now, target)


def _list(now: Ledger, target: Target) -> dict[str, Assessment]:
    """Who is on the list (with the value asked for) on the ledger's day; Unknown where the record lacks that part."""
    edition = assessments.edition_on(now, target.scheme, now.horizon)
    lacking = [value for value in edition.absent if target.among in ("", value)] if edition else []
    if edition and lacking:
        raise UnknownValue(
            f"The record lacks {join_names(lacking)} of the {edition.name} edition of '{target.scheme}'."
        )
    here = assessments.assessments_in_force(now, target.scheme)
    return {code: judged for code, judged in here.items() if target.among in ("", judged.value)}


def _called(target: Target) -> str:
    return f"{target.among} of '{target.scheme}'" if target.among else f"the list '{target.scheme}'"


def _naming(ledger: Ledger, codes: tuple[str, ...]) -> str:
    return f": {join_names(sorted(name_of(ledger, code) for code in codes))}" if codes else ""


def _unchecked(found: Mapping[str, Assessment]) -> tuple[str, ...]:
    loose = sum(judged.unverified for judged in found.values())
    return (f"unverified in part: {loose} of the {len(found)} entries",) if loose else ()


# -- bodies ----------------------------------------------------------------------------------------


def _members(now: Ledger, target: Target) -> MeasuredValue:
    codes = frozenset().union(*(now.members(now.body(body).id) for body in target.bodies))
    names = join_names([now.body(body).short_name for body in target.bodies])
    return MeasuredValue(
        len(codes), f"On {in_words(now.horizon)} {names} had {len(codes)} members.", tuple(sorted(codes))
    )


def _frameworks(now: Ledger, target: Target) -> MeasuredValue:
    bodies = [now.body(body) for body in target.bodies]
    if target.value is not None and target.value > len(bodies):
        raise UnknownValue(f"the record has only {len(bodies)} of the bodies that the figure counts")
    there = [b for b in bodies if _lives(b, now.horizon)]
    missing = [f"{b.short_name} (set up {in_words(b.established_on)})" for b in bodies if b not in there]
    words = f"On {in_words(now.horizon)} there were {len(there)} of the {len(bodies)} named"
    words += f": {join_names([b.short_name for b in there])}" if there else ""
    words += f"; not {join_names(missing)}." if missing else "."
    loose = sum(b.unverified for b in bodies)
    doubts = (f"unverified in part: {loose} of the {len(bodies)} bodies",) if loose else ()
    return MeasuredValue(len(there), words, doubts=doubts)


def _lives(body: Body, day: date) -> bool:
    begun = body.established_on is None or body.established_on.last <= day
    return begun and (body.dissolved_on is None or day < body.dissolved_on.last)


_COUNTING: Mapping[Metric, Callable[[Ledger, Target], MeasuredValue]] = {
    Metric.PARTIES: _of_instrument("parties", parties),
    Metric.SIGNATORIES: _of_instrument("signatories", signatories),
    Metric.BOUND: _of_instrument("parties bound by it", bound_participants),
    Metric.ADDED_PARTIES: _added,
    Metric.OPENED: _opened,
    Metric.LIST_SIZE: _list_size,
    Metric.LIST_GROWTH: _growth,
    Metric.ADDED_TO_LIST: _comparing("came on", lambda before, after: after - before),
    Metric.REMOVED_FROM_LIST: _comparing("went off", lambda before, after: before - after),
    Metric.STILL_LISTED: _comparing("stayed on", lambda before, after: before & after),
    Metric.MEMBERS: _members,
    Metric.FRAMEWORKS: _frameworks,
}


YEAR = 365.25  # days
RECENT = 1.0  # years
LONGER = 3.0  # years
MIN_YEARS = 1 / 12  # years; over less than a month a pace means nothing


class PaceSoFar(StrEnum):
    """Whether a target will be met if things go on as they did."""

    ON_TRACK = "on track"
    UNCERTAIN = "on track by one pace, not by the other"
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
    recent, longer = (_gained(ledger, target, day, span) for span in (min(RECENT, long), long))
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


def _gained(ledger: Ledger, target: Target, day: date, years: float) -> float:
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
    over = "since it opened" if long < LONGER else f"over the last {LONGER:.0f} years"
    lately = (
        f"{recent:.1f} in the last year, {longer:.1f} a year {over}" if long > RECENT else f"{longer:.1f} a year {over}"
    )
    means = f"{missing} more by {in_words(target.on)} {'is' if missing == 1 else 'are'} {needed:.1f} a year"
    return f"{means}; there were {lately}: {track.value}."


class TargetOutcome(StrEnum):
    """What the record says of a figure."""

    MET = "met"
    MISSED = "missed"
    NOT_YET = "not yet"
    AGREES = "as reported"
    DIFFERS = "differs"
    NOT_COMPUTED = "not computed here"


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A figure held against the record.

    `on` is the day it was computed for; `computed` None where it was not. `reached_on` is the day on
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
    """The verdict on every target of the record, in its order; BadQuestion for a ledger without a day."""
    return tuple(evaluate_target(ledger, target) for target in ledger.targets.values())


def evaluate_target(ledger: Ledger, target: Target) -> TargetResult:
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
        return TargetResult(target, TargetOutcome.NOT_YET, day, None, f"It counts from {in_words(target.since)}.")
    try:
        counted = measure(ledger, target, day)
    except UnknownValue as trouble:
        return _not_computed(target, day, str(trouble))
    return _verdict(ledger, target, day, counted)


def _not_computed(target: Target, day: date, why: str) -> TargetResult:
    return TargetResult(target, TargetOutcome.NOT_COMPUTED, day, None, why, doubts=_doubts(target))


def _doubts(target: Target, *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (target.doubt, *more))))


# -- the verdict -----------------------------------------------------------------------------------


def _verdict(ledger: Ledger, target: Target, day: date, counted: MeasuredValue) -> TargetResult:
    outcome = _outcome(target, day, counted.number)
    reached = _reached_on(ledger, target, day) if outcome is TargetOutcome.MET else None
    fits = _fits(ledger, target) if target.kind is TargetKind.RESULT else ()
    coming = required_pace(ledger, target) if outcome is TargetOutcome.NOT_YET else None
    said = [counted.words, _reached_in_words(target, reached), _fits_in_words(target, outcome, fits)]
    said += [coming.words] if coming else []
    return TargetResult(
        target, outcome, day, counted.number, " ".join(filter(None, said)),
        counted.codes, reached, fits, coming, _doubts(target, *counted.doubts),
    )  # fmt: skip


def _outcome(target: Target, day: date, number: int) -> TargetOutcome:
    assert target.value is not None
    if target.kind is TargetKind.RESULT:
        if day < target.day:
            return TargetOutcome.NOT_YET
        return TargetOutcome.AGREES if number == target.value else TargetOutcome.DIFFERS
    if target.aim is Aim.AT_LEAST and number >= target.value:
        return TargetOutcome.MET
    if day < target.day:
        return TargetOutcome.NOT_YET
    return TargetOutcome.MET if target.aim is Aim.AT_MOST and number <= target.value else TargetOutcome.MISSED


def _reached_on(ledger: Ledger, target: Target, day: date) -> date | None:
    """The first day on which the count was what the target asks, where the record keeps such a count by day."""
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
    return f"{target.value}{' more' if target.since else ''} were first there on {in_words(reached)}."


def _fits(ledger: Ledger, target: Target) -> tuple[CountSpan, ...]:
    """The days up to the ledger's on which a reported figure was true; empty where no count by day is kept."""
    if target.metric in (Metric.PARTIES, Metric.SIGNATORIES):
        held = counts_over_time(ledger, target.instrument)
        return _spans([(each.span.first, _figure(each, target.metric) == target.value) for each in held])
    if target.metric is Metric.LIST_SIZE and not target.among:
        turns = assessments.list_changes(ledger, target.scheme)
        return _spans([(turn.day, turn.size == target.value) for turn in turns])
    return ()


def _fits_in_words(target: Target, outcome: TargetOutcome, fits: tuple[CountSpan, ...]) -> str:
    if fits:
        return f"{target.value} was true {' and '.join(span.words for span in fits)}."
    by_day = target.metric in (Metric.PARTIES, Metric.SIGNATORIES)
    return f"The record had {target.value} on no day." if by_day and outcome is TargetOutcome.DIFFERS else ""


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
