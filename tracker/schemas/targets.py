"""Answers about goals and reported figures: reported or target, computed, result, explanation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, ClassVar

from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.ledger import Ledger, title_of
from tracker.law.reference_facts import Aim, Metric, Target, TargetKind
from tracker.law.targets import PaceSoFar, RequiredPace, TargetOutcome, TargetResult, evaluate_targets
from tracker.schemas.values import (
    ExactDay,
    Id,
    Named,
    Number,
    PartDay,
    Span,
    answer_model,
    named_participants,
    span_answer,
    written_as,
)


@answer_model
class Pace:
    """Whether a target will be met at the pace of late."""

    missing: int
    years: float
    needed: float
    last_year: float
    longer: float
    longer_years: float
    track: PaceSoFar
    words: str


@answer_model
class TargetDescription:
    """A goal or reported figure as the record has it."""

    id: str
    goal: str
    indicator: str
    measure: str
    unit: str
    metric: Metric | None
    instrument: Id | None
    instrument_name: str | None
    scheme: str | None
    among: str | None
    bodies: list[Id]
    kind: TargetKind
    aim: Aim
    on: PartDay | None
    since: PartDay | None
    fiscal_year: int | None
    text: str
    source: str
    grade: EvidenceGrade


@answer_model
class TargetStatus(TargetDescription):
    """A target or reported figure, checked against our data."""

    reported: int | None
    target: int | None
    computed: int | None
    computed_on: ExactDay | None
    verdict: TargetOutcome
    working: str
    reached_on: ExactDay | None
    true_on: list[Span]
    pace: Pace | None
    participants: list[Named]
    doubts: list[str]

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "id", "goal", "indicator", "measure", "unit", "kind", "fiscal_year", "on", "reported", "target", "computed",
        "computed_on", "verdict", "reached_on", "working", "text", "metric", "instrument", "scheme", "among", "bodies",
        "aim", "since", "source", "doubts", "grade",
    )  # fmt: skip
    BRIEF_COLUMNS: ClassVar[tuple[str, ...]] = (
        "id", "goal", "indicator", "measure", "unit", "kind", "on", "reported", "target", "computed", "computed_on",
        "verdict", "reached_on", "working", "text", "source", "doubts", "grade",
    )  # fmt: skip


@answer_model
class TargetList:
    """Every target and figure with its result on the day."""

    as_of: ExactDay | None
    count: Number
    verdicts: dict[Annotated[str, written_as(TargetOutcome)], Number]
    targets: list[TargetStatus]


def targets_answer(ledger: Ledger) -> TargetList:
    """Every target of the record with its verdict on the ledger's day, and how many have each verdict.

    BadQuestion for a ledger without a day.
    """
    return targets_counted(ledger, [verdict_answer(ledger, each) for each in evaluate_targets(ledger)])


def targets_counted(ledger: Ledger, rows: Sequence[TargetStatus]) -> TargetList:
    """These targets, and how many of them have each verdict."""
    numbers = Counter(each.verdict for each in rows)
    return TargetList(
        as_of=ledger.day,
        count=len(rows),
        verdicts={outcome.value: numbers[outcome] for outcome in TargetOutcome},
        targets=list(rows),
    )


def verdict_answer(ledger: Ledger, found: TargetResult) -> TargetStatus:
    """One figure held against the record."""
    return TargetStatus(
        **vars(_target(ledger, found.target)),
        reported=found.reported,
        target=found.aimed_at,
        computed=found.computed,
        computed_on=found.on,
        verdict=found.outcome,
        working=found.working,
        reached_on=found.reached_on,
        true_on=list(map(span_answer, found.fits)),
        pace=_pace(found.pace) if found.pace else None,
        participants=named_participants(ledger, found.codes),
        doubts=list(found.doubts),
    )


def _target(ledger: Ledger, target: Target) -> TargetDescription:
    return TargetDescription(
        id=target.id,
        goal=target.goal,
        indicator=target.indicator,
        measure=target.measure,
        unit=target.unit,
        metric=target.metric,
        instrument=target.instrument or None,
        instrument_name=title_of(ledger, target.instrument) if target.instrument else None,
        scheme=target.scheme or None,
        among=target.among or None,
        bodies=list(target.bodies),
        kind=target.kind,
        aim=target.aim,
        on=target.on,
        since=target.since,
        fiscal_year=target.fiscal_year,
        text=target.text,
        source=target.source,
        grade=grade_of(target),
    )


def _pace(pace: RequiredPace) -> Pace:
    return Pace(
        missing=pace.missing,
        years=round(pace.years, 2),
        needed=round(pace.needed, 2),
        last_year=round(pace.recent, 2),
        longer=round(pace.longer, 2),
        longer_years=round(pace.longer_years, 2),
        track=pace.track,
        words=pace.words,
    )
