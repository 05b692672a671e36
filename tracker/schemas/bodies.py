"""Answers about bodies: their members, the instruments they follow, and members that are not parties to these."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from tracker.law.coverage import shortfall_in_words
from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.gaps import CONSENTING, is_not_in_data
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Body, Mandate, Membership, ParticipantKind
from tracker.law.status import ParticipantStanding, ParticipantStatus, participant_standing
from tracker.schemas.assessments import SchemeCourses, schemes_answer
from tracker.schemas.values import Code, ExactDay, From, Id, Named, Number, PartDay, answer_model, named_participants


@answer_model
class ChildBody:
    """A body that is part of another."""

    body: Id
    name: str


@answer_model
class BodyDescription:
    """A body as the record describes it."""

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
    grade: EvidenceGrade


@answer_model
class BodySummary(BodyDescription):
    """A body with its number of members and its related instruments."""

    members: Number
    instruments: list[Id]

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "body", "name", "acronym", "kind", "parent", "established_on", "dissolved_on", "members", "instruments", "url",
        "source", "doubt", "grade",
    )  # fmt: skip


@answer_model
class Member:
    """A membership of a body, past or present."""

    participant: Code
    name: str
    region: str
    role: str
    from_: From
    to: PartDay | None
    current: bool
    note: str
    source: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class MembershipChange:
    """A day on which a body's members changed."""

    date: ExactDay
    size: Number
    joined: list[Named]
    left: list[Named]


@answer_model
class AbsentMembers(Named):
    """A member that is not a party and has deposited no instrument."""

    status: ParticipantStatus


@answer_model
class BodyMandate:
    """How a body and an instrument are related, and which of its members are not party to it."""

    instrument: Id
    instrument_name: str
    relation: str
    basis: str
    source: str
    doubt: str
    grade: EvidenceGrade
    to_come: bool
    members: Number
    consented: Number
    undated: Number
    not_in_data: Number
    not_party: list[AbsentMembers]


@answer_model
class BodyDetail(BodyDescription):
    """Everything about a body on the day; `shortfall_words` says which of its treaties lack known consents."""

    as_of: ExactDay | None
    members: list[Member]
    other_members: list[Member]
    history: list[MembershipChange]
    mandates: list[BodyMandate]
    schemes: list[SchemeCourses]
    shortfall_words: str


def body_answer(ledger: Ledger, body: str) -> BodyDetail:
    """Everything about a body on the ledger's day; NotFound for an unknown one."""
    found = ledger.body(body)
    held = body_rows(ledger, found.id)
    mandates = [_mandate(ledger, m) for m in ledger.mandates if m.body == found.id]
    counted = [each.instrument for each in mandates if each.members]
    return BodyDetail(
        **vars(_description_of(ledger, found)),
        as_of=ledger.day,
        members=[each for each in held if each.current],
        other_members=[each for each in held if not each.current],
        history=membership_turns(ledger, found.id),
        mandates=mandates,
        schemes=[each for each in schemes_answer(ledger) if each.body == found.id],
        shortfall_words=shortfall_in_words(ledger, counted),
    )


def membership_turns(ledger: Ledger, body: str) -> list[MembershipChange]:
    """The days up to the ledger's on which a body's members changed: how many then, who joined, who left.

    Oldest first. Members of whom the record has no first day count on all days before they left.
    """
    found = ledger.body(body).id
    days = sorted({day for m in ledger.memberships(found) for day in _turning(m) if day <= ledger.horizon})
    before: frozenset[str] = ledger.members(found, on=date.min)
    turns = []
    for day in days:
        after = ledger.members(found, on=day)
        if after != before:
            turns.append(_turn(ledger, day, before, after))
        before = after
    return turns


def _turning(held: Membership) -> tuple[date, ...]:
    return tuple(day.last for day in (held.start, held.end) if day)


def _turn(ledger: Ledger, day: date, before: frozenset[str], after: frozenset[str]) -> MembershipChange:
    return MembershipChange(
        date=day,
        size=len(after),
        joined=named_participants(ledger, after - before),
        left=named_participants(ledger, before - after),
    )


def body_rows(ledger: Ledger, body: str) -> list[Member]:
    """One row for each membership of a body, past and present, by name."""
    held = [_membership(ledger, each) for each in ledger.memberships(ledger.body(body).id)]
    return sorted(held, key=lambda each: (each.name, each.role, str(each.from_ or "")))


def bodies_answer(ledger: Ledger) -> list[BodySummary]:
    """One row for each body: its place, its members today, the instruments it watches."""
    return [
        BodySummary(
            **vars(_description_of(ledger, each)),
            members=len(ledger.members(each.id)),
            instruments=sorted({m.instrument for m in ledger.mandates if m.body == each.id}),
        )
        for each in sorted(ledger.bodies.values(), key=lambda body: body.name)
    ]


def _description_of(ledger: Ledger, body: Body) -> BodyDescription:
    parent = ledger.bodies.get(body.parent)
    below = [each for each in ledger.bodies.values() if each.parent == body.id]
    return BodyDescription(
        body=body.id,
        name=body.name,
        acronym=body.acronym,
        short_name=body.short_name,
        kind=body.kind,
        parent=body.parent or None,
        parent_name=parent.name if parent else None,
        children=[ChildBody(body=each.id, name=each.name) for each in below],
        established_on=body.established_on,
        dissolved_on=body.dissolved_on,
        url=body.url,
        note=body.note,
        source=body.source,
        doubt=body.doubt,
        grade=grade_of(body),
    )


def _membership(ledger: Ledger, held: Membership) -> Member:
    who = ledger.participants.get(held.participant)
    return Member(
        participant=held.participant,
        name=name_of(ledger, held.participant),
        region=who.region if who else "",
        role=held.role,
        from_=held.start,
        to=held.end,
        current=held.holds_on(ledger.horizon),
        note=held.note,
        source=held.source,
        doubt=held.doubt,
        grade=grade_of(held),
    )


def _mandate(ledger: Ledger, mandate: Mandate) -> BodyMandate:
    here = _members_towards(ledger, mandate)
    missing = [each for each in here if each.status not in CONSENTING]
    undated = {each.participant for each in missing if any(act.kind.consents for act in each.undated)}
    unknown = {each.participant for each in missing if is_not_in_data(ledger, each)}
    return BodyMandate(
        instrument=mandate.instrument,
        instrument_name=title_of(ledger, mandate.instrument),
        relation=mandate.relation,
        basis=mandate.basis,
        source=mandate.source,
        doubt=mandate.doubt,
        grade=grade_of(mandate),
        to_come=_to_come(ledger, mandate.instrument),
        members=len(here),
        consented=len(here) - len(missing),
        undated=len(undated),
        not_in_data=len(unknown - undated),
        not_party=[_absent_member(ledger, each) for each in missing if each.participant not in undated | unknown],
    )


def _to_come(ledger: Ledger, instrument: str) -> bool:
    """Is the instrument still to be adopted (or opened, where only that is known) on the ledger's day?"""
    terms = ledger.instruments.get(instrument)
    begun = (terms.adopted_on or terms.opened_on) if terms else None
    return bool(begun and begun.first > ledger.horizon)


def _members_towards(ledger: Ledger, mandate: Mandate) -> list[ParticipantStanding]:
    """Where the body's members that can be party stand on the instrument, by name; nobody before its adoption."""
    if mandate.instrument not in ledger.instruments or _to_come(ledger, mandate.instrument):
        return []
    known = (ledger.participants[code] for code in ledger.members(mandate.body) if code in ledger.participants)
    able = sorted((p for p in known if p.is_state or p.kind is ParticipantKind.REIO), key=lambda p: p.name)
    return [participant_standing(ledger, mandate.instrument, each.code) for each in able]


def _absent_member(ledger: Ledger, where: ParticipantStanding) -> AbsentMembers:
    return AbsentMembers(participant=where.participant, name=name_of(ledger, where.participant), status=where.status)
