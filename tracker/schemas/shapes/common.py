"""Types that many answers share: dates, moments, participants, treaty actions, the envelope's parts."""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import BindingBasis, ParticipantStatus

Day = Annotated[str, Field(json_schema_extra={"format": "date", "examples": ["2003-09-29"]})]
PartDay = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
        description="A day, or a month or a year where the record knows no more.",
        json_schema_extra={"examples": ["2003-09-29", "2003-09", "2003"]},
    ),
]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time", "examples": ["2026-11-02T08:30:00Z"]})]
Number = Annotated[int, Field(ge=0)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9-]+$", json_schema_extra={"examples": ["FRA", "EU"]})]
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", json_schema_extra={"examples": ["untoc"]})]
UriReference = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]


class Meta(TypedDict):
    """What an answer says about itself: its day, the moment asked about, the record's revision and when it was made."""

    as_of: Day
    known_at: Moment | None
    revision: Number
    revision_made_at: Moment | None


class PagedMeta(Meta):
    """The same of a list, with the number of its rows in all and the address of the next page."""

    total: Number
    limit: Annotated[int, Field(ge=1)] | None
    offset: Number
    next: UriReference | None


class Problem(TypedDict):
    """What went wrong: a word for programs, a sentence for people, the HTTP status."""

    code: str
    message: str
    status: Annotated[int, Field(ge=400, le=599)]


class Failure(TypedDict):
    """The envelope of every error."""

    error: Problem


class Named(TypedDict):
    """A participant by code and name."""

    participant: Code
    name: str


class NamedStatus(Named):
    """A participant as the head of a row."""

    kind: ParticipantKind
    region: str
    un_group: str


class TreatyAction(TypedDict):
    """One treaty action."""

    instrument: Id
    instrument_name: str
    participant: Code
    name: str
    action: ActionKind
    words: str
    date: PartDay | None
    effective_on: PartDay | None
    territory: str
    note: str
    source: str
    doubt: str


class Standing(NamedStatus):
    """Where a participant stands on an instrument, and the act behind each part of it."""

    status: ParticipantStatus
    since: PartDay | None
    why: str
    signature: PartDay | None
    consent: PartDay | None
    action: ActionKind | None
    bound_since: PartDay | None
    bound_until: PartDay | None
    bound_why: str
    bound_basis: BindingBasis | None
    provisional_since: PartDay | None
    provisional_until: PartDay | None
    suspended_on: PartDay | None
    withdrawal: PartDay | None
    withdrawal_effective: PartDay | None
    applies_to: list[str]
    territories: list[str]
    undated: list[ActionKind]
    notes: list[str]
    doubts: list[str]
    sources: list[str]


class Step(TypedDict):
    """One step of a working."""

    about: str
    text: str
    day: PartDay | None


class Threshold(TypedDict):
    """What must have been deposited, and how far it is."""

    required: Number | None
    counted: Number
    remaining: int | None
    reached_on: PartDay | None
    reached_by: list[Code]


Span = TypedDict("Span", {"from": PartDay | None, "to": PartDay | None})


class CheckFinding(TypedDict):
    """One thing that a check found, with the acts that it rests on."""

    check: str
    severity: str
    words: str
    text: str
    instrument: Id | None
    instrument_name: str | None
    participants: list[Code]
    names: list[str]
    source: str
    acts: list[TreatyAction]


class Cell(TypedDict):
    """A participant towards an instrument in a few values."""

    status: ParticipantStatus
    act: ActionKind | None
    date: PartDay | None
    signature: PartDay | None
    signed: bool
    bound_since: PartDay | None
    doubts: list[str]
    expected: NotRequired[bool]
