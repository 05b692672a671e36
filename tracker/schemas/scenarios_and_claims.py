"""Answers to what-if scenarios, claims, and what pending instruments still need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from tracker.law.bindings import Binding
from tracker.law.claims import ClaimResult, ClaimVerdict
from tracker.law.gaps import PendingInstrument
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.scenarios import ScenarioResult
from tracker.law.status import InstrumentStatus, ParticipantStanding, ParticipantStatus
from tracker.law.threshold import ForceStatus
from tracker.schemas.entry_into_force import Threshold, threshold_answer
from tracker.schemas.instruments import GapDetail, InstrumentStatusLine, count_fields, gap_answer, status_answer
from tracker.schemas.overview import CheckFinding, finding_answer
from tracker.schemas.values import (
    AnyDay,
    ExactDay,
    Id,
    Named,
    Number,
    PartDay,
    Span,
    Step,
    TreatyAction,
    action_answer,
    answer_model,
    named_participants,
    span_answer,
)


@answer_model
class ScenarioEntry:
    """The entry into force on one side of a scenario."""

    status: ForceStatus
    date: ExactDay | None
    why: str


@answer_model
class ScenarioSide:
    """An instrument without or with the assumptions."""

    as_of: ExactDay | None
    signatories: Number
    signatories_at_most: Number
    parties: Number
    parties_at_most: Number
    bound: Number
    bound_at_most: Number
    threshold: Threshold
    entry_into_force: ScenarioEntry
    steps: list[Step]


@answer_model
class OwnDate(Named):
    """From when a participant would be bound."""

    deposit: PartDay | None
    bound_since: ExactDay | None
    why: str


@answer_model
class OnAnotherInstrument:
    """An instrument beside the one that is asked about."""

    instrument: Id
    instrument_name: str


@answer_model
class Consequence(Named, OnAnotherInstrument):
    """The result for an assumed depositor or withdrawing State on another instrument."""

    status: ParticipantStatus
    since: AnyDay | None
    why: str


@answer_model
class StillMissing:
    """What an instrument lacks in a scenario: deposits, those who could make them, and when it would then be in force.

    `could_tip` are signatories whose deposit would count; `earliest` supposes that enough of them deposit on the last
    date of the scenario. `others` is how many more may accede.
    """

    remaining: Number | None
    could_tip: list[Named]
    others: Number
    earliest: ExactDay | None


@answer_model
class WhatIf:
    """An instrument before and after a scenario; `missing` is null where it enters into force or is in force."""

    instrument: Id
    name: str
    before: ScenarioSide
    after: ScenarioSide
    acts: list[TreatyAction]
    own_dates: list[OwnDate]
    consequences: list[Consequence]
    new_findings: list[CheckFinding]
    missing: StillMissing | None


@answer_model
class ThresholdDraft:
    """The days on which an instrument would have entered into force, one for each threshold tried."""

    name: str
    instrument: Id
    days: list[ExactDay | None]


@answer_model
class ThresholdDrafts:
    """Every instrument under other thresholds."""

    thresholds: list[Number]
    rows: list[ThresholdDraft]


@answer_model
class Nearest(Span):
    """Days on which a figure was nearly true, and the counts of those days."""

    signatories: Number
    parties: Number


@answer_model
class Claim:
    """The days on which a figure was true, or the nearest that it came."""

    instrument: Id
    signatories: Number | None
    parties: Number | None
    verdict: ClaimVerdict
    true: bool
    spans: list[Span]
    possible_spans: list[Span]
    signatories_spans: list[Span]
    parties_spans: list[Span]
    nearest: list[Nearest]
    why: str


@answer_model
class PendingInstrumentDetail(GapDetail, Named):
    """A signatory that has not ratified."""


@answer_model
class Needed(InstrumentStatusLine):
    """A pending instrument: the deposits still required, and the signatories that have not ratified."""

    remaining: int | None
    waiting: list[PendingInstrumentDetail]
    could_tip: list[Named]
    others: Number

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "name", "remaining", "threshold.required", "threshold.counted", "signatories", "closed_on",
        "others",
    )  # fmt: skip
    BRIEF_COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "name", "remaining", "threshold.required", "threshold.counted", "others",
    )  # fmt: skip


def what_if_answer(ledger: Ledger, found: ScenarioResult) -> WhatIf:
    """An instrument before and after a scenario; `ledger` is the one that the scenario was put to."""
    return WhatIf(
        instrument=found.before.instrument.id,
        name=found.before.instrument.name,
        before=_side(found.before),
        after=_side(found.after),
        acts=[action_answer(ledger, act) for act in found.acts],
        own_dates=[_own(ledger, binding) for binding in found.own],
        consequences=[_consequence(ledger, each) for each in found.consequences],
        new_findings=[finding_answer(ledger, each) for each in found.new_findings],
        missing=_missing(ledger, found),
    )


def _missing(ledger: Ledger, found: ScenarioResult) -> StillMissing | None:
    if (pending := found.missing) is None:
        return None
    return StillMissing(
        remaining=pending.remaining,
        could_tip=named_participants(ledger, pending.could_tip),
        others=pending.others,
        earliest=found.earliest,
    )


def _consequence(ledger: Ledger, where: ParticipantStanding) -> Consequence:
    return Consequence(
        instrument=where.instrument,
        instrument_name=title_of(ledger, where.instrument),
        participant=where.participant,
        name=name_of(ledger, where.participant),
        status=where.status,
        since=where.since,
        why=where.why,
    )


def _side(now: InstrumentStatus) -> ScenarioSide:
    entry = now.entry
    return ScenarioSide(
        as_of=now.as_of,
        **count_fields(now),
        threshold=threshold_answer(entry.threshold),
        entry_into_force=ScenarioEntry(status=entry.status, date=entry.date, why=entry.why),
        steps=[Step(about=step.about, text=step.text, day=step.day) for step in entry.steps],
    )


def _own(ledger: Ledger, binding: Binding) -> OwnDate:
    code = binding.consent.participant
    return OwnDate(
        participant=code,
        name=name_of(ledger, code),
        deposit=binding.consent.action.date,
        bound_since=binding.since,
        why=binding.why,
    )


def drafts_answer(
    ledger: Ledger, thresholds: Sequence[int], days: Mapping[str, Sequence[date | None]]
) -> ThresholdDrafts:
    """The days on which each instrument would have entered into force, one for each of these thresholds."""
    rows = [
        ThresholdDraft(name=ledger.instruments[id].name, instrument=id, days=list(each)) for id, each in days.items()
    ]
    return ThresholdDrafts(thresholds=list(thresholds), rows=rows)


def claim_answer(found: ClaimResult) -> Claim:
    """The days on which a figure was true, or the nearest it came."""
    return Claim(
        instrument=found.instrument,
        signatories=found.signatories,
        parties=found.parties,
        verdict=found.verdict,
        true=bool(found.spans),
        spans=list(map(span_answer, found.spans)),
        possible_spans=list(map(span_answer, found.possible)),
        signatories_spans=list(map(span_answer, found.signatories_spans)),
        parties_spans=list(map(span_answer, found.parties_spans)),
        nearest=[
            Nearest(**vars(span_answer(held.span)), signatories=held.signatories, parties=held.parties)
            for held in found.nearest
        ],
        why=found.why,
    )


def needed_answer(ledger: Ledger, found: tuple[PendingInstrument, ...]) -> list[Needed]:
    """Pending instruments, fewest deposits remaining first, with who could bring what is missing."""
    return [
        Needed(
            **vars(status_answer(ledger, each.status.instrument.id)),
            remaining=each.remaining,
            waiting=[
                PendingInstrumentDetail(
                    participant=gap.participant, name=name_of(ledger, gap.participant), **vars(gap_answer(gap))
                )
                for gap in each.waiting
            ],
            could_tip=named_participants(ledger, each.could_tip),
            others=each.others,
        )
        for each in found
    ]
