"""Types of answers about participants, bodies and assessments."""

from __future__ import annotations

from typing_extensions import TypedDict

from tracker.law.gaps import GapKind
from tracker.law.model import ActionKind
from tracker.law.status import ParticipantStatus
from tracker.schemas.shapes.common import Code, Id, Named, NamedStatus, Number, PartDay, Standing, TreatyAction


class ParticipantSummary(NamedStatus):
    """A participant in a few figures."""

    exists_to: PartDay | None
    consented: Number
    party: Number
    signatory: Number
    withdrawn: Number
    absent: Number
    last_act: PartDay | None


class ProfileRow(Standing):
    """Where a participant stands on one instrument, and whether it is expected of it."""

    instrument: Id
    instrument_name: str
    expected: bool


class ProfileGap(TypedDict):
    """An instrument that a participant is missing from, and how."""

    instrument: Id
    instrument_name: str
    gap: GapKind
    signature: PartDay | None
    days_since_signature: Number | None
    undated: list[ActionKind]
    why: str


ProfileMembership = TypedDict(
    "ProfileMembership",
    {
        "body": Id, "name": str, "short_name": str, "role": str, "from": PartDay | None, "to": PartDay | None,
        "current": bool, "note": str, "source": str, "doubt": str,
    },
)  # fmt: skip
Spell = TypedDict(
    "Spell",
    {
        "value": str | None, "from": PartDay | None, "to": PartDay | None, "current": bool, "editions": list[str],
        "absent": list[str], "notes": list[str], "sources": list[str], "doubts": list[str],
    },
)  # fmt: skip


class SchemeCourses(TypedDict):
    """A scheme of judgements: whose it is, its values, how many it holds on the day."""

    scheme: str
    body: Id
    body_name: str
    values: list[str]
    size: Number
    judgements: Number
    unverified: Number


class Course(SchemeCourses):
    """How a participant fared under a scheme."""

    name: str
    spells: list[Spell]


class Profile(NamedStatus):
    """Everything about a participant on the day."""

    iso2: str
    subregion: str
    un_member_since: PartDay | None
    exists_from: PartDay | None
    exists_to: PartDay | None
    predecessors: list[Named]
    successors: list[Named]
    aliases: list[str]
    note: str
    source: str
    doubt: str
    as_of: PartDay | None
    instruments: list[ProfileRow]
    gaps: list[ProfileGap]
    bodies: list[ProfileMembership]
    acts: list[TreatyAction]
    doubts: list[str]
    assessments: list[Course]


class ChildBody(TypedDict):
    """A body that is part of another."""

    body: Id
    name: str


class _Described(TypedDict):
    body: Id
    name: str
    acronym: str
    short_name: str
    kind: str
    parent: Id | None
    parent_name: str | None
    children: list[ChildBody]
    established_on: PartDay | None
    dissolved_on: PartDay | None
    url: str
    note: str
    source: str
    doubt: str


class BodySummary(_Described):
    """A body with how many members it has, and the instruments that it has to do with."""

    members: Number
    instruments: list[Id]


Member = TypedDict(
    "Member",
    {
        "participant": Code, "name": str, "region": str, "role": str, "from": PartDay | None, "to": PartDay | None,
        "current": bool, "note": str, "source": str, "doubt": str,
    },
)  # fmt: skip


class MembershipChange(TypedDict):
    """A day on which a body's members changed."""

    date: PartDay | None
    size: Number
    joined: list[Named]
    left: list[Named]


class AbsentMembers(Named):
    """A member that has not consented."""

    status: ParticipantStatus


class BodyMandate(TypedDict):
    """What a body has to do with an instrument, and which of its members are missing there."""

    instrument: Id
    instrument_name: str
    relation: str
    basis: str
    source: str
    doubt: str
    to_come: bool
    members: Number
    consented: Number
    undated: Number
    not_party: list[AbsentMembers]


class BodyDetail(_Described):
    """Everything about a body on the day."""

    as_of: PartDay | None
    members: list[Member]
    other_members: list[Member]
    history: list[MembershipChange]
    mandates: list[BodyMandate]
    schemes: list[SchemeCourses]


AssessmentItem = TypedDict(
    "AssessmentItem",
    {
        "body": Id, "scheme": str, "participant": Code | None, "name": str | None, "value": str, "from": PartDay | None,
        "to": PartDay | None, "edition": str | None, "current": bool, "unverified": bool, "note": str, "source": str,
        "doubt": str,
    },
)  # fmt: skip
Edition = TypedDict(
    "Edition",
    {
        "edition": str, "from": PartDay | None, "to": PartDay | None, "size": Number, "counts": dict[str, Number],
        "absent": list[str], "complete": bool, "unverified": Number,
    },
)  # fmt: skip


class SchemeChange(TypedDict):
    """A day on which a list changed."""

    date: PartDay | None
    size: Number
    came: list[Named]
    went: list[Named]
    changed: list[Named]
    absent: list[str]


class SchemeSummary(SchemeCourses):
    """A scheme, and which of its editions the record has and lacks."""

    name: str
    what: str
    editions: list[str]
    incomplete: list[str]
    rounds: Number
    current_round: str | None
    absent: list[str]
    edition: str | None


class SchemeDetail(SchemeCourses):
    """Everything about a scheme on the day."""

    name: str
    what: str
    as_of: PartDay | None
    edition: str | None
    absent: list[str]
    held: list[AssessmentItem]
    editions: list[Edition]
    history: list[SchemeChange]
    rounds: list[AssessmentItem]
