"""Types of answers to scenarios, claims, search, targets and queries."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from tracker.law.explanation import ForceStatus
from tracker.law.model import Aim, Metric, ParticipantKind, TargetKind
from tracker.law.search import SearchKind
from tracker.law.status import ParticipantStatus
from tracker.law.targets import PaceSoFar, TargetOutcome
from tracker.schemas.shapes.common import (
    CheckFinding,
    Code,
    Id,
    Named,
    Number,
    PartDay,
    Span,
    Step,
    Threshold,
    TreatyAction,
    UriReference,
)


class ScenarioEntry(TypedDict):
    """The entry into force on one side of a scenario."""

    status: ForceStatus
    date: PartDay | None
    why: str


class ScenarioSide(TypedDict):
    """An instrument before or after what is supposed."""

    as_of: PartDay | None
    signatories: Number
    parties: Number
    bound: Number
    threshold: Threshold
    entry_into_force: ScenarioEntry
    steps: list[Step]


class OwnDate(Named):
    """From when a participant would be bound."""

    deposit: PartDay | None
    bound_since: PartDay | None
    why: str


class Consequence(Named):
    """What becomes of a supposed participant on another instrument."""

    instrument: Id
    instrument_name: str
    status: ParticipantStatus
    since: PartDay | None
    why: str


class WhatIf(TypedDict):
    """An instrument before and after a scenario."""

    instrument: Id
    name: str
    before: ScenarioSide
    after: ScenarioSide
    acts: list[TreatyAction]
    own_dates: list[OwnDate]
    consequences: list[Consequence]
    new_findings: list[CheckFinding]


class ThresholdDraft(TypedDict):
    """The days on which an instrument would have entered into force, one for each threshold tried."""

    name: str
    instrument: Id
    days: list[PartDay | None]


class ThresholdDrafts(TypedDict):
    """Every instrument under other thresholds."""

    thresholds: list[Number]
    rows: list[ThresholdDraft]


Nearest = TypedDict("Nearest", {"from": PartDay | None, "to": PartDay | None, "signatories": Number, "parties": Number})


class Claim(TypedDict):
    """The days on which a figure was true, or the nearest that it came."""

    instrument: Id
    signatories: Number | None
    parties: Number | None
    true: bool
    spans: list[Span]
    signatories_spans: list[Span]
    parties_spans: list[Span]
    nearest: list[Nearest]
    why: str


class SearchResult(TypedDict):
    """Something that answers to a text."""

    kind: SearchKind
    id: str
    name: str
    matched: str
    language: str | None
    how: str
    facts: list[str]
    direction: Literal["ltr", "rtl"]
    address: UriReference


class Search(TypedDict):
    """What answers to a text, best first."""

    query: str
    count: Number
    counts: dict[SearchKind, Number]
    results: list[SearchResult]


class Pace(TypedDict):
    """Whether a target will be met at the pace of late."""

    missing: int
    years: float
    needed: float
    last_year: float
    longer: float
    longer_years: float
    track: PaceSoFar
    words: str


class TargetStatus(TypedDict):
    """A goal or reported figure held against the record."""

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
    reported: int | None
    target: int | None
    computed: int | None
    computed_on: PartDay | None
    verdict: TargetOutcome
    working: str
    reached_on: PartDay | None
    true_on: list[Span]
    pace: Pace | None
    participants: list[Named]
    doubts: list[str]


class TargetList(TypedDict):
    """Every goal and figure with its verdict on the day."""

    as_of: PartDay | None
    count: Number
    verdicts: dict[TargetOutcome, Number]
    targets: list[TargetStatus]


class QueryMatchDetail(TypedDict):
    """A participant that meets a query, with the fact behind each condition."""

    participant: Code
    name: str
    kind: ParticipantKind
    region: str
    facts: list[str]


class QueryAnswer(TypedDict):
    """NamedStatus meets a query; `undecided` are those of which the record cannot tell."""

    as_of: PartDay | None
    query: str
    words: str
    count: Number
    participants: list[QueryMatchDetail]
    undecided: list[QueryMatchDetail]
