"""Shapes of answers to questions: what if, claims, search, targets, queries."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from tracker.law.entry_into_force import ForceStatus
from tracker.law.model import Aim, Metric, ParticipantKind, TargetKind
from tracker.law.search import SearchKind
from tracker.law.targets import PaceSoFar, TargetOutcome
from tracker.schemas.shapes.common import Act, Code, Finding, Id, Named, Number, PartDay, Path, Span, Step, Threshold


class SideEntry(TypedDict):
    """The entry into force on one side of a scenario."""

    status: ForceStatus
    date: PartDay | None
    why: str


class Side(TypedDict):
    """An instrument before or after what is supposed."""

    as_of: PartDay | None
    signatories: Number
    parties: Number
    bound: Number
    threshold: Threshold
    entry_into_force: SideEntry
    steps: list[Step]


class OwnDate(Named):
    """From when a participant would be bound."""

    deposit: PartDay | None
    bound_since: PartDay | None
    why: str


class WhatIf(TypedDict):
    """An instrument before and after a scenario."""

    instrument: Id
    name: str
    before: Side
    after: Side
    acts: list[Act]
    own_dates: list[OwnDate]
    new_findings: list[Finding]


class Draft(TypedDict):
    """The days on which an instrument would have entered into force, one for each threshold tried."""

    name: str
    instrument: Id
    days: list[PartDay | None]


class Drafts(TypedDict):
    """Every instrument under other thresholds."""

    thresholds: list[Number]
    rows: list[Draft]


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


class Found(TypedDict):
    """Something that answers to a text."""

    kind: SearchKind
    id: str
    name: str
    matched: str
    language: str | None
    how: str
    facts: list[str]
    direction: Literal["ltr", "rtl"]
    address: Path


class Search(TypedDict):
    """What answers to a text, best first."""

    query: str
    count: Number
    counts: dict[SearchKind, Number]
    results: list[Found]


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


class Target(TypedDict):
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


class Targets(TypedDict):
    """Every goal and figure with its verdict on the day."""

    as_of: PartDay | None
    count: Number
    verdicts: dict[TargetOutcome, Number]
    targets: list[Target]


class Selected(TypedDict):
    """A participant that meets a query, with the fact behind each condition."""

    participant: Code
    name: str
    kind: ParticipantKind
    region: str
    facts: list[str]


class Selection(TypedDict):
    """Who meets a query; `undecided` are those of which the record cannot tell."""

    as_of: PartDay | None
    query: str
    words: str
    count: Number
    participants: list[Selected]
    undecided: list[Selected]
