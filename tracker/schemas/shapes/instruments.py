"""Types of answers about instruments: status, one instrument, its history, what it needs."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from tracker.law.explanation import ForceStatus
from tracker.law.gaps import GapKind
from tracker.law.model import ActionKind, InstrumentKind
from tracker.schemas.shapes.common import (
    CheckFinding,
    Code,
    Id,
    Named,
    NamedStatus,
    Number,
    PartDay,
    Standing,
    Step,
    Threshold,
    TreatyAction,
)


class EntryIntoForceDetail(TypedDict):
    """The entry into force: computed, as the depositary states it, and why."""

    status: ForceStatus
    date: PartDay | None
    official: PartDay | None
    article: str
    why: str


class InstrumentStatusLine(TypedDict):
    """An instrument's status line: the three counts, the threshold, the entry into force, its terms."""

    instrument: Id
    as_of: PartDay | None
    signatories: Number
    parties: Number
    bound: Number
    provisional: Number
    undated: Number
    signed_undated: Number
    threshold: Threshold
    entry_into_force: EntryIntoForceDetail
    name: str
    title: str
    kind: InstrumentKind
    reference: str
    subject: str
    parent: Id | None
    protocols: list[Id]
    adopted_on: PartDay | None
    adopted_at: str
    opened_on: PartDay | None
    closed_on: PartDay | None
    signature_period: Literal["not-open", "open", "closed", "unlimited"]
    depositary: str
    registration: str
    url: str
    source: str
    doubt: str
    expected: Number


class ClauseDetail(TypedDict):
    """The final clauses, in words and as the record writes them."""

    words: str
    threshold: Number | None
    delay: str
    party_delay: str
    conditions: str
    withdrawal_delay: str


class Progress(TypedDict):
    """How far one condition is met."""

    words: str
    have: str
    need: str
    met: bool | None


class NotCounted(TreatyAction):
    """A deposit that does not count towards the threshold, and the reason."""

    reason: str


class Explanation(TypedDict):
    """How the entry into force follows from the deposits."""

    basis: str
    ended_on: PartDay | None
    steps: list[Step]
    progress: list[Progress]
    missing: list[str]
    triggered_by: list[TreatyAction]
    counted: list[TreatyAction]
    not_counted: list[NotCounted]


class Participation(Standing):
    """A participant on an instrument, and whether its deposit counts."""

    counted: bool
    not_counted: str | None


class MissingParticipant(NamedStatus):
    """A participant that is missing from an instrument, and how."""

    instrument: Id
    gap: GapKind
    signature: PartDay | None
    days_since_signature: Number | None
    undated: list[ActionKind]
    why: str


class InstrumentBody(TypedDict):
    """A body that has to do with an instrument."""

    body: Id
    name: str
    short_name: str
    relation: str
    basis: str
    doubt: str


class Published(TypedDict):
    """A status count as somebody published it."""

    on: PartDay | None
    signatories: Number | None
    parties: Number | None
    source: str


class InstrumentDetail(InstrumentStatusLine):
    """Everything about an instrument on the day."""

    aliases: list[str]
    clause: ClauseDetail
    working: Explanation
    participants: list[Participation]
    missing: list[MissingParticipant]
    bodies: list[InstrumentBody]
    published: list[Published]


class Citation(TypedDict):
    """An instrument's status on the day as one line to cite, and as its parts."""

    instrument: Id
    title: str
    citation: str
    address: str
    accessed: PartDay


HistoryStep = TypedDict(
    "HistoryStep", {"from": PartDay | None, "to": PartDay | None, "signatories": Number, "parties": Number}
)


class Milestone(TypedDict):
    """A day that matters for an instrument as a whole."""

    day: PartDay
    what: str
    instrument: Id
    instrument_name: str


class YearCounts(TypedDict):
    """How many acts of each sort were done in a year."""

    year: int
    signatures: Number
    consents: Number
    withdrawals: Number
    others: Number


class History(TypedDict):
    """An instrument's counts over time."""

    instrument: Id
    name: str
    as_of: PartDay | None
    threshold: Number | None
    steps: list[HistoryStep]
    milestones: list[Milestone]
    years: list[YearCounts]


class ActionDates(TypedDict):
    """The days with acts, each with how many, and the milestones among them."""

    instrument: str | None
    participant: str | None
    first: PartDay | None
    days: list[tuple[PartDay, Number]]
    milestones: list[Milestone]


class PendingInstrumentDetail(Named):
    """A participant that could bring what is missing."""

    instrument: Id
    gap: GapKind
    signature: PartDay | None
    days_since_signature: Number | None
    undated: list[ActionKind]
    why: str


class Needed(InstrumentStatusLine):
    """A pending instrument: what it still needs, and who could tip it."""

    remaining: int | None
    waiting: list[PendingInstrumentDetail]
    could_tip: list[Named]
    others: Number


class Event(TypedDict):
    """What follows from the record for a later day."""

    date: PartDay
    instrument: Id
    instrument_name: str
    words: str
    participant: Code | None
    name: str | None


class FindingsCount(TypedDict):
    """How many findings there are."""

    count: Number


class Overview(TypedDict):
    """Every instrument, what was done last, what comes next, how many findings there are."""

    instruments: list[InstrumentStatusLine]
    latest: list[TreatyAction]
    upcoming: list[Event]
    findings: FindingsCount


class CheckSummary(TypedDict):
    """A check, and how much it found."""

    check: str
    words: str
    severity: str
    count: Number


class FindingList(TypedDict):
    """Everything that the checks find on the day."""

    as_of: PartDay | None
    count: Number
    checks: list[CheckSummary]
    findings: list[CheckFinding]
