"""Answers about instruments: status line, explanation, each participant's status, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Literal

from tracker.law.bindings import BindingBasis
from tracker.law.clause_parser import clause_of
from tracker.law.coverage import coverage_in_words, data_end, is_partial
from tracker.law.entry_into_force import entry_into_force
from tracker.law.gaps import Gap, GapKind, eligible_participants, gaps_of_instrument
from tracker.law.ledger import Ledger, names_in
from tracker.law.model import (
    Action,
    ActionKind,
    Coverage,
    CoverageAspect,
    CoverageState,
    Instrument,
    InstrumentKind,
    Mandate,
)
from tracker.law.possibilities import range_in_words
from tracker.law.status import InstrumentStatus, ParticipantStanding, ParticipantStatus, participant_standings, status
from tracker.law.territories import TerritorialScope
from tracker.schemas.entry_into_force import (
    EntryIntoForceDetail,
    Explanation,
    Threshold,
    entry_answer,
    threshold_answer,
    working_answer,
)
from tracker.schemas.values import (
    AnyDay,
    ExactDay,
    Id,
    NamedStatus,
    Number,
    PartDay,
    answer_model,
    distinct_texts,
    iso_date,
    who_answer,
)


@answer_model
class CoverageLine:
    """How complete the data on an instrument are in one aspect, up to a day."""

    aspect: CoverageAspect
    state: CoverageState
    as_of: PartDay
    expected: Number | None
    note: str
    source: str
    doubt: str


SignaturePeriod = Literal["not-open", "open", "closed", "unlimited"]


@answer_model
class InstrumentStatusLine:
    """An instrument's status line: the three counts, the threshold, the entry into force, its terms."""

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
    expected: Number
    data_to: PartDay | None
    partial: bool
    completeness: str
    coverage: list[CoverageLine]

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "name", "title", "reference", "subject", "signatories", "signatories_at_most", "parties",
        "parties_at_most", "bound", "bound_at_most", "provisional", "undated", "signed_undated", "threshold.required",
        "threshold.counted", "threshold.remaining", "threshold.reached_on", "threshold.reached_by",
        "entry_into_force.status", "entry_into_force.date", "entry_into_force.official", "entry_into_force.article",
        "entry_into_force.why", "adopted_on", "opened_on", "closed_on", "depositary", "registration", "url", "source",
        "doubt",
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
        return range_in_words(self.signatories, self.signatories_at_most)

    @property
    def parties_in_words(self) -> str:
        """How many have consented, in the same way."""
        return range_in_words(self.parties, self.parties_at_most)

    @property
    def bound_in_words(self) -> str:
        """For how many it is in force, in the same way."""
        return range_in_words(self.bound, self.bound_at_most)


@answer_model
class Standing(NamedStatus):
    """Where a participant stands on an instrument, and the act behind each part of it."""

    status: ParticipantStatus
    possible: ParticipantStatus | None
    since: AnyDay | None
    why: str
    signature: PartDay | None
    consent: PartDay | None
    action: ActionKind | None
    bound_since: ExactDay | None
    bound_until: ExactDay | None
    bound_why: str
    bound_basis: BindingBasis | None
    provisional_since: PartDay | None
    provisional_until: ExactDay | None
    suspended_on: PartDay | None
    withdrawal: PartDay | None
    withdrawal_effective: ExactDay | None
    applies_to: list[str]
    territories: list[str]
    undated: list[ActionKind]
    notes: list[str]
    doubts: list[str]
    sources: list[str]


@answer_model
class Participation(Standing):
    """A participant on an instrument, and whether its deposit counts."""

    counted: bool
    not_counted: str | None

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "participant", "name", "kind", "region", "un_group", "status", "possible", "since", "signature", "consent",
        "action", "bound_since", "bound_until", "bound_why", "bound_basis", "provisional_since", "provisional_until",
        "suspended_on", "withdrawal", "withdrawal_effective", "applies_to", "territories", "undated", "counted",
        "not_counted", "why", "notes", "doubts", "sources",
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
    """The final clauses, in words and as the record writes them."""

    words: str
    threshold: Number | None
    delay: str
    party_delay: str
    conditions: str
    withdrawal_delay: str


@answer_model
class InstrumentBody:
    """A body that has to do with an instrument."""

    body: Id
    name: str
    short_name: str
    relation: str
    basis: str
    doubt: str


@answer_model
class Published:
    """A status count as somebody published it."""

    on: PartDay | None
    signatories: Number | None
    parties: Number | None
    source: str


@answer_model
class InstrumentDetail(InstrumentStatusLine):
    """Everything about an instrument on the day."""

    aliases: list[str]
    clause: ClauseDetail
    working: Explanation
    participants: list[Participation]
    missing: list[MissingParticipant]
    bodies: list[InstrumentBody]
    published: list[Published]


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
        expected=len(eligible_participants(ledger, terms.id)),
        data_to=data_end(ledger, terms.id),
        partial=is_partial(ledger, terms.id),
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
        aspect=each.aspect, state=each.state, as_of=each.as_of, expected=each.expected, note=each.note,
        source=each.source, doubt=each.doubt,
    )  # fmt: skip


def instrument_answer(ledger: Ledger, instrument: str) -> InstrumentDetail:
    """Everything about an instrument on the ledger's day: status, working, participants, who is missing."""
    line = status_answer(ledger, instrument)
    id = line.instrument
    return InstrumentDetail(
        **vars(line),
        aliases=list(ledger.instrument(id).aliases),
        clause=_clause(ledger, ledger.instrument(id)),
        working=working_answer(ledger, id),
        participants=instrument_rows(ledger, id),
        missing=[_missing(ledger, gap) for gap in gaps_of_instrument(ledger, id)],
        bodies=[_mandate(ledger, each) for each in ledger.mandates if each.instrument == id],
        published=[
            Published(on=each.on, signatories=each.signatories, parties=each.parties, source=each.source)
            for each in ledger.counts(id)
        ],
    )


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


def standing_answer(ledger: Ledger, where: ParticipantStanding) -> Standing:
    """One participant towards one instrument: the status, and the act behind each part of it."""
    who = ledger.participants[where.participant]
    act, left = where.consent, where.withdrawal
    acts = (*where.acts, *(each.action for each in where.territories), *where.undated)
    return Standing(
        **vars(who_answer(who)),
        status=where.status,
        possible=where.possible,
        since=where.since,
        why=where.why,
        signature=where.signature.date if where.signature else None,
        consent=act.date if act else None,
        action=act.kind if act else None,
        bound_since=where.bound_from,
        bound_until=where.bound_until,
        bound_why=where.bound_why,
        bound_basis=where.bound_basis,
        provisional_since=where.provisional.start if where.provisional else None,
        provisional_until=_end_of_provisional(where),
        suspended_on=where.suspended.date if where.suspended else None,
        withdrawal=left.date if left else None,
        withdrawal_effective=where.bound_until if left else None,
        applies_to=[s.territory for s in where.territories if not s.excluded and s.holds_on(ledger.horizon)],
        territories=distinct_texts(_territory(each) for each in where.territories),
        undated=_kinds([*(each for each in where.acts if each.date is None), *where.undated]),
        notes=distinct_texts(each.note for each in acts),
        doubts=list(where.doubts),
        sources=distinct_texts(each.source for each in acts),
    )


def _end_of_provisional(where: ParticipantStanding) -> date | None:
    """The first day on which it no longer applies provisionally: by its notice, or because it is bound from then on."""
    if where.provisional is None:
        return None
    return min(filter(None, (where.provisional.end, where.bound_from)), default=None)


def _kinds(acts: Iterable[Action]) -> list[ActionKind]:
    return list(dict.fromkeys(each.kind for each in acts))


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


def _territory(scope: TerritorialScope) -> str:
    """A territory with the days of its notification and its end: `Curaçao (2010-10-10)`."""
    days = [iso_date(scope.action.date), f"until {scope.until}" if scope.until else None]
    said = ", ".join(filter(None, (*days, "excluded" if scope.excluded else None)))
    return f"{scope.territory} ({said})" if said else scope.territory


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
        undated=_kinds(gap.standing.undated),
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
    )
