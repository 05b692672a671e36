"""Answers about participants: status on every instrument, what is missing, memberships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

from tracker.law.coverage import is_partial
from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.gaps import (
    absences_by_participant,
    consented_by_participant,
    eligible_participants,
    gaps_of_participant,
)
from tracker.law.ledger import Ledger, title_of
from tracker.law.model import Action, Membership, Participant
from tracker.law.status import ParticipantStatus, participant_standing, statuses_of_participants
from tracker.schemas.assessments import Course
from tracker.schemas.instruments import GapDetail, Participation, gap_answer
from tracker.schemas.standings import Standing, standing_answer
from tracker.schemas.values import (
    ExactDay,
    From,
    Id,
    Named,
    NamedStatus,
    Number,
    PartDay,
    TreatyAction,
    action_answer,
    answer_model,
    distinct_texts,
    named_participants,
    who_answer,
)


@answer_model
class ParticipantSummary(NamedStatus):
    """A participant in a few figures.

    `consented_on_complete` counts the instruments of which our data are complete: by it participants are compared.
    """

    exists_to: PartDay | None
    consented: Number
    consented_on_complete: Number
    party: Number
    signatory: Number
    withdrawn: Number
    absent: Number
    last_act: PartDay | None


@answer_model
class ExpectedOn:
    """An instrument, and whether it is expected of a participant."""

    instrument: Id
    instrument_name: str
    expected: bool


@answer_model
class ProfileRow(Standing, ExpectedOn):
    """The status of a participant for one instrument, and whether it could become a party to it."""

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "instrument_name", "expected",
        *(name for name in Participation.COLUMNS[5:] if name not in ("counted", "not_counted")),
    )  # fmt: skip
    BRIEF_COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "instrument_name", "status", "signature", "consent", "action", "bound_since", "bound_until",
        "withdrawal", "undated", "sources", "doubts", "grade",
    )  # fmt: skip


@answer_model
class ProfileGap(GapDetail):
    """An instrument that a participant is missing from, and how."""

    instrument_name: str


@answer_model
class ProfileMembership:
    """A participant's membership of a body."""

    body: Id
    name: str
    short_name: str
    role: str
    from_: From
    to: PartDay | None
    current: bool
    note: str
    source: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class CodeLine:
    """A participant's code in another scheme (UN M49, Correlates of War, Gleditsch-Ward, Wikidata), and its years."""

    scheme: str
    code: str
    from_: From
    to: PartDay | None
    source: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class ParticipantDescription(NamedStatus):
    """A participant as the record describes it."""

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
    grade: EvidenceGrade


@answer_model
class ParticipantDetail(ParticipantDescription):
    """A participant on the day: every instrument, what it misses, its bodies, its acts."""

    as_of: ExactDay | None
    instruments: list[ProfileRow]
    gaps: list[ProfileGap]
    bodies: list[ProfileMembership]
    codes: list[CodeLine]
    acts: list[TreatyAction]
    doubts: list[str]


@answer_model
class Profile(ParticipantDetail):
    """Everything about a participant on the day."""

    assessments: list[Course]


def participant_answer(ledger: Ledger, code: str) -> ParticipantDetail:
    """Everything about a participant on the ledger's day, but how it was judged; NotFound for an unknown one."""
    who = ledger.participant(code)
    acts = [*ledger.acts_by(who.code), *_undated_acts(ledger, who.code)]
    return ParticipantDetail(
        **vars(_description_of(ledger, who)),
        as_of=ledger.day,
        instruments=participant_rows(ledger, who.code),
        gaps=[
            ProfileGap(**vars(gap_answer(gap)), instrument_name=title_of(ledger, gap.instrument))
            for gap in gaps_of_participant(ledger, who.code)
        ],
        bodies=[_membership(ledger, each) for each in ledger.memberships_of(who.code)],
        codes=[
            CodeLine(
                scheme=each.scheme,
                code=each.code,
                from_=each.start,
                to=each.end,
                source=each.source,
                doubt=each.doubt,
                grade=grade_of(each),
            )
            for each in ledger.codes(who.code)
        ],
        acts=[action_answer(ledger, act) for act in acts],
        doubts=distinct_texts((who.doubt, *(act.doubt for act in acts))),
    )


def participant_rows(ledger: Ledger, code: str) -> list[ProfileRow]:
    """One row for each instrument: where the participant stands on it, and whether it is expected of it."""
    who = ledger.participant(code)
    return [
        ProfileRow(
            instrument=terms.id,
            instrument_name=terms.name,
            expected=who.code in eligible_participants(ledger, terms.id),
            **vars(standing_answer(ledger, participant_standing(ledger, terms.id, who.code))),
        )
        for terms in ledger.instruments.values()
    ]


def participants_answer(ledger: Ledger) -> list[ParticipantSummary]:
    """One row for each participant that has acted, is a State, or is a member of a body; by name."""
    found: dict[str, Counter[ParticipantStatus]] = {code: Counter() for code in ledger.participants}
    for id in ledger.instruments:
        for code, where in statuses_of_participants(ledger, id).items():
            if code in found:
                found[code][where.status] += 1
    absent = absences_by_participant(ledger)
    return [
        _summary(ledger, who, found[who.code], absent.get(who.code, 0))
        for who in sorted(ledger.participants.values(), key=lambda each: each.name)
    ]


def _summary(
    ledger: Ledger, who: Participant, found: Mapping[ParticipantStatus, int], absent: int
) -> ParticipantSummary:
    consented = consented_by_participant(ledger).get(who.code, ())
    acts = ledger.acts_by(who.code)
    return ParticipantSummary(
        **vars(who_answer(who)),
        exists_to=who.exists_to,
        consented=len(consented),
        consented_on_complete=sum(not is_partial(ledger, id) for id in consented),
        party=found[ParticipantStatus.PARTY],
        signatory=found[ParticipantStatus.SIGNATORY],
        withdrawn=found[ParticipantStatus.WITHDRAWN],
        absent=absent,
        last_act=acts[-1].date if acts else None,
    )


def _description_of(ledger: Ledger, who: Participant) -> ParticipantDescription:
    return ParticipantDescription(
        **vars(who_answer(who)),
        iso2=who.iso2,
        subregion=who.subregion,
        un_member_since=who.un_member_since,
        exists_from=who.exists_from,
        exists_to=who.exists_to,
        predecessors=named_participants(ledger, ledger.predecessors(who.code)),
        successors=named_participants(ledger, who.successors),
        aliases=list(who.aliases),
        note=who.note,
        source=who.source,
        doubt=who.doubt,
        grade=grade_of(who),
    )


def _undated_acts(ledger: Ledger, code: str) -> list[Action]:
    return [act for id in ledger.instruments for act in ledger.undated(id, code)]


def _membership(ledger: Ledger, held: Membership) -> ProfileMembership:
    body = ledger.bodies.get(held.body)
    return ProfileMembership(
        body=held.body,
        name=body.name if body else held.body,
        short_name=body.short_name if body else held.body,
        role=held.role,
        from_=held.start,
        to=held.end,
        current=held.holds_on(ledger.horizon),
        note=held.note,
        source=held.source,
        doubt=held.doubt,
        grade=grade_of(held),
    )
