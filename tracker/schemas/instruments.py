"""Answers about instruments: status line, explanation, each participant's status, and who is missing."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from tracker.law.clause_parser import clause_of
from tracker.law.coverage import (
    CONSENTS,
    SIGNATURES,
    count_in_words,
    coverage_in_words,
    data_end,
    is_open_ended,
    is_partial,
    missing_acts,
    missing_participants,
)
from tracker.law.entry_into_force import entry_into_force
from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.gaps import Gap, GapKind, eligible_participants, gaps_of_instrument
from tracker.law.ledger import Ledger, name_of, names_in
from tracker.law.model import (
    ActionKind,
    Coverage,
    CoverageAspect,
    CoverageState,
    Instrument,
    InstrumentKind,
    Mandate,
    Weight,
)
from tracker.law.requirements import figures_weighed
from tracker.law.status import InstrumentStatus, participant_standings, status
from tracker.schemas.entry_into_force import (
    EntryIntoForceDetail,
    Explanation,
    Threshold,
    entry_answer,
    threshold_answer,
    working_answer,
)
from tracker.schemas.standings import Standing, action_kinds, standing_answer
from tracker.schemas.values import (
    Code,
    ExactDay,
    Id,
    Named,
    NamedStatus,
    Number,
    PartDay,
    answer_model,
    who_answer,
)


@answer_model
class CoverageLine:
    """How complete the data on an instrument are in one aspect, up to a day."""

    aspect: CoverageAspect
    state: CoverageState
    as_of: PartDay
    expected: Number | None
    missing: Number | None
    missing_from: PartDay | None
    missing_of: list[Code]
    note: str
    source: str
    doubt: str
    grade: EvidenceGrade


SignaturePeriod = Literal["not-open", "open", "closed", "unlimited"]


@answer_model
class InstrumentStatusLine:
    """An instrument's status line: the three counts, the threshold, the entry into force, its terms.

    A count that is open-ended may be higher than its `at_most`: how many acts our data lack is not known.
    """

    instrument: Id
    as_of: ExactDay | None
    signatories: Number
    signatories_at_most: Number
    parties: Number
    parties_at_most: Number
    bound: Number
    bound_at_most: Number
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
    signature_period: SignaturePeriod
    depositary: str
    registration: str
    url: str
    source: str
    doubt: str
    grade: EvidenceGrade
    expected: Number
    data_to: PartDay | None
    partial: bool
    signatories_open_ended: bool
    parties_open_ended: bool
    missing_acts: Number
    missing_of: list[Code]
    completeness: str
    coverage: list[CoverageLine]

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "name", "title", "reference", "subject", "signatories", "signatories_at_most", "parties",
        "parties_at_most", "bound", "bound_at_most", "provisional", "undated", "signed_undated", "threshold.required",
        "threshold.counted", "threshold.remaining", "threshold.reached_on", "threshold.reached_by",
        "entry_into_force.status", "entry_into_force.date", "entry_into_force.official", "entry_into_force.article",
        "entry_into_force.why", "adopted_on", "opened_on", "closed_on", "depositary", "registration", "url", "source",
        "doubt", "grade", "signatories_open_ended", "parties_open_ended",
    )  # fmt: skip
    BRIEF_COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "as_of", "signatories", "signatories_at_most", "parties", "parties_at_most", "bound", "undated",
        "signed_undated", "threshold.required", "threshold.counted", "threshold.remaining", "threshold.reached_on",
        "threshold.reached_by", "entry_into_force.status", "entry_into_force.date", "entry_into_force.official",
        "entry_into_force.article", "entry_into_force.why",
    )  # fmt: skip

    @property
    def signatories_in_words(self) -> str:
        """How many have signed, as a range where a day that the record lacks leaves it open."""
        return count_in_words(self.signatories, self.signatories_at_most, open_ended=self.signatories_open_ended)

    @property
    def parties_in_words(self) -> str:
        """How many have consented, in the same way."""
        return count_in_words(self.parties, self.parties_at_most, open_ended=self.parties_open_ended)

    @property
    def bound_in_words(self) -> str:
        """For how many it is in force, in the same way."""
        return count_in_words(self.bound, self.bound_at_most, open_ended=self.parties_open_ended and self.bound > 0)


@answer_model
class Participation(Standing):
    """A participant on an instrument, and whether its deposit counts."""

    counted: bool
    not_counted: str | None

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "participant", "name", "kind", "region", "un_group", "status", "possible", "since", "signature", "consent",
        "action", "bound_since", "bound_until", "bound_why", "bound_basis", "provisional_since", "provisional_until",
        "suspended_on", "withdrawal", "withdrawal_effective", "applies_to", "territories", "undated", "counted",
        "not_counted", "statements", "why", "notes", "doubts", "sources", "grade", "status_doubts", "not_in_data",
    )  # fmt: skip


@answer_model
class GapDetail:
    """How a participant is missing from an instrument."""

    instrument: Id
    gap: GapKind
    signature: PartDay | None
    days_since_signature: Number | None
    undated: list[ActionKind]
    why: str


@answer_model
class MissingParticipant(GapDetail, NamedStatus):
    """A participant that is missing from an instrument, and how."""


@answer_model
class ClauseDetail:
    """The final clauses, as sentences and as coded."""

    words: str
    threshold: Number | None
    delay: str
    party_delay: str
    conditions: str
    withdrawal_delay: str


@answer_model
class InstrumentBody:
    """A body related to an instrument."""

    body: Id
    name: str
    short_name: str
    relation: str
    basis: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class Published:
    """A status count as published."""

    on: PartDay | None
    signatories: Number | None
    parties: Number | None
    source: str
    grade: EvidenceGrade


@answer_model
class EventLine:
    """Something that happened to an instrument beside the acts of participants: a certificate, a decision, its end."""

    event: str
    on: PartDay
    note: str
    source: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class WeightLine(Named):
    """A participant's figure in a table by which the clause of an instrument weighs deposits."""

    table: str
    value: float
    on: PartDay | None
    source: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class InstrumentDetail(InstrumentStatusLine):
    """Everything about an instrument on the day.

    `compared_on` is the last day on which the data were compared with the depositary's own list; None for never.
    """

    compared_on: ExactDay | None
    aliases: list[str]
    clause: ClauseDetail
    working: Explanation
    participants: list[Participation]
    missing: list[MissingParticipant]
    bodies: list[InstrumentBody]
    published: list[Published]
    events: list[EventLine]
    weights: list[WeightLine]


@answer_model
class Citation:
    """An instrument's status on the day as one line to cite, and as its parts."""

    instrument: Id
    title: str
    citation: str
    address: str
    accessed: ExactDay


def status_answer(ledger: Ledger, instrument: str) -> InstrumentStatusLine:
    """An instrument's status on the ledger's day: the three counts, the threshold, the entry into force.

    NotFound for an unknown instrument. `threshold` and `entry_into_force` hold what the depositary's
    status line says; what led there is `working`.
    """
    now = status(ledger, instrument)
    terms = now.instrument
    return InstrumentStatusLine(
        instrument=terms.id,
        as_of=now.as_of,
        **count_fields(now),
        provisional=now.provisional,
        undated=now.undated,
        signed_undated=now.signed_undated,
        threshold=threshold_answer(now.entry.threshold),
        entry_into_force=entry_answer(now.entry),
        name=terms.name,
        title=terms.title,
        kind=terms.kind,
        reference=terms.reference,
        subject=terms.subject_matter,
        parent=terms.parent or None,
        protocols=[each.id for each in ledger.protocols(terms.id)],
        adopted_on=terms.adopted_on,
        adopted_at=terms.adopted_at,
        opened_on=terms.opened_on,
        closed_on=terms.closed_on,
        signature_period=_signature_period(ledger, terms),
        depositary=terms.depositary,
        registration=terms.registration,
        url=terms.url,
        source=terms.source,
        doubt=terms.doubt,
        grade=grade_of(terms),
        expected=len(eligible_participants(ledger, terms.id)),
        data_to=data_end(ledger, terms.id),
        partial=is_partial(ledger, terms.id),
        signatories_open_ended=is_open_ended(ledger, terms.id, SIGNATURES),
        parties_open_ended=is_open_ended(ledger, terms.id, CONSENTS),
        missing_acts=missing_acts(ledger, terms.id),
        missing_of=list(missing_participants(ledger, terms.id)),
        completeness=coverage_in_words(ledger, terms.id),
        coverage=[_coverage(each) for each in ledger.coverage(terms.id)],
    )


def count_fields(now: InstrumentStatus) -> dict[str, int]:
    """The counts of a status, each with the most that there may be, as the fields of an answer."""
    return {
        "signatories": now.signatories, "signatories_at_most": now.signatories_at_most,
        "parties": now.parties, "parties_at_most": now.parties_at_most,
        "bound": now.bound, "bound_at_most": now.bound_at_most,
    }  # fmt: skip


def _coverage(each: Coverage) -> CoverageLine:
    return CoverageLine(
        aspect=each.aspect, state=each.state, as_of=each.as_of, expected=each.expected, missing=each.missing,
        missing_from=each.missing_from, missing_of=list(each.missing_of), note=each.note,
        source=each.source, doubt=each.doubt, grade=grade_of(each),
    )  # fmt: skip


def instrument_answer(ledger: Ledger, instrument: str, compared_on: date | None = None) -> InstrumentDetail:
    """Everything about an instrument on the ledger's day: status, working, participants, who is missing.

    `compared_on` is the last day on which its data were compared with the depositary's list, which no ledger knows.
    """
    line = status_answer(ledger, instrument)
    id = line.instrument
    return InstrumentDetail(
        **vars(line),
        compared_on=compared_on,
        aliases=list(ledger.instrument(id).aliases),
        clause=_clause(ledger, ledger.instrument(id)),
        working=working_answer(ledger, id),
        participants=instrument_rows(ledger, id),
        missing=[_missing(ledger, gap) for gap in gaps_of_instrument(ledger, id)],
        bodies=[_mandate(ledger, each) for each in ledger.mandates if each.instrument == id],
        published=[
            Published(
                on=each.on, signatories=each.signatories, parties=each.parties, source=each.source, grade=grade_of(each)
            )
            for each in ledger.counts(id)
        ],
        events=[
            EventLine(
                event=each.event, on=each.on, note=each.note, source=each.source, doubt=each.doubt, grade=grade_of(each)
            )
            for each in ledger.events(id)
        ],
        weights=[_weight(ledger, each) for each in figures_weighed(ledger, id)],
    )


def _weight(ledger: Ledger, each: Weight) -> WeightLine:
    return WeightLine(
        participant=each.participant, name=name_of(ledger, each.participant), table=each.table, value=each.value,
        on=each.on, source=each.source, doubt=each.doubt, grade=grade_of(each),
    )  # fmt: skip


def instrument_rows(ledger: Ledger, instrument: str) -> list[Participation]:
    """One row for each participant that has acted on the instrument, by name."""
    entry = entry_into_force(ledger, instrument)
    reasons = {each.action.participant: each.reason for each in entry.not_counted}
    counted = {act.participant for act in entry.counted}
    return [
        Participation(
            **vars(standing_answer(ledger, each)),
            counted=each.participant in counted,
            not_counted=None if each.participant in counted else reasons.get(each.participant),
        )
        for each in participant_standings(ledger, instrument)
    ]


def _signature_period(ledger: Ledger, terms: Instrument) -> SignaturePeriod:
    """`not-open`, `open`, `closed` on the ledger's day, or `unlimited` where no last day is recorded."""
    if terms.opened_on and ledger.horizon < terms.opened_on.first:
        return "not-open"
    if terms.closed_on is None:
        return "unlimited"
    return "open" if ledger.horizon <= terms.closed_on.last else "closed"


def _clause(ledger: Ledger, terms: Instrument) -> ClauseDetail:
    clause = clause_of(terms)
    return ClauseDetail(
        words=clause.sentence(names_in(ledger)),
        threshold=clause.threshold,
        delay=terms.delay,
        party_delay=terms.party_delay,
        conditions=terms.conditions,
        withdrawal_delay=terms.withdrawal_delay,
    )


def _missing(ledger: Ledger, gap: Gap) -> MissingParticipant:
    return MissingParticipant(**vars(who_answer(ledger.participants[gap.participant])), **vars(gap_answer(gap)))


def gap_answer(gap: Gap) -> GapDetail:
    """How a participant is missing from an instrument."""
    signed = gap.standing.signature
    return GapDetail(
        instrument=gap.instrument,
        gap=gap.kind,
        signature=signed.date if signed else None,
        days_since_signature=gap.days,
        undated=action_kinds(gap.standing.undated),
        why=gap.standing.why,
    )


def _mandate(ledger: Ledger, mandate: Mandate) -> InstrumentBody:
    found = ledger.bodies.get(mandate.body)
    return InstrumentBody(
        body=mandate.body,
        name=found.name if found else mandate.body,
        short_name=found.short_name if found else mandate.body,
        relation=mandate.relation,
        basis=mandate.basis,
        doubt=mandate.doubt,
        grade=grade_of(mandate),
    )
