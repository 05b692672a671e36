"""Answers to what-if scenarios, claims, and what pending instruments still need."""

from __future__ import annotations

from tracker.law.claims import ClaimResult
from tracker.law.counts import CountSpan
from tracker.law.gaps import PendingInstrument
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.scenarios import ScenarioResult
from tracker.law.status import Binding, InstrumentStatus, ParticipantStanding
from tracker.schemas.instruments import gap_answer, status_answer
from tracker.schemas.overview import finding_answer
from tracker.schemas.values import Plain, action_answer, iso_date, named_participants


def what_if_answer(ledger: Ledger, found: ScenarioResult) -> Plain:
    """An instrument before and after a scenario; `ledger` is the one that the scenario was put to."""
    return {
        "instrument": found.before.instrument.id,
        "name": found.before.instrument.name,
        "before": _side(found.before),
        "after": _side(found.after),
        "acts": [action_answer(ledger, act) for act in found.acts],
        "own_dates": [_own(ledger, binding) for binding in found.own],
        "consequences": [_consequence(ledger, each) for each in found.consequences],
        "new_findings": [finding_answer(ledger, each) for each in found.new_findings],
    }


def _consequence(ledger: Ledger, where: ParticipantStanding) -> Plain:
    return {
        "instrument": where.instrument,
        "instrument_name": title_of(ledger, where.instrument),
        "participant": where.participant,
        "name": name_of(ledger, where.participant),
        "status": where.status.value,
        "since": iso_date(where.since),
        "why": where.why,
    }


def _side(now: InstrumentStatus) -> Plain:
    entry, threshold = now.entry, now.entry.threshold
    return {
        "as_of": iso_date(now.as_of),
        "signatories": now.signatories,
        "parties": now.parties,
        "bound": now.bound,
        "threshold": {
            "required": threshold.required,
            "counted": threshold.counted,
            "remaining": threshold.remaining,
            "reached_on": iso_date(threshold.reached_on),
            "reached_by": list(threshold.reached_by),
        },
        "entry_into_force": {"status": entry.status.value, "date": iso_date(entry.date), "why": entry.why},
        "steps": [{"about": step.about, "text": step.text, "day": iso_date(step.day)} for step in entry.steps],
    }


def _own(ledger: Ledger, binding: Binding) -> Plain:
    code = binding.consent.participant
    return {
        "participant": code,
        "name": name_of(ledger, code),
        "deposit": iso_date(binding.consent.action.date),
        "bound_since": iso_date(binding.since),
        "why": binding.why,
    }


def claim_answer(found: ClaimResult) -> Plain:
    """The days on which a figure was true, or the nearest it came."""
    return {
        "instrument": found.instrument,
        "signatories": found.signatories,
        "parties": found.parties,
        "true": bool(found.spans),
        "spans": [_span(span) for span in found.spans],
        "signatories_spans": [_span(span) for span in found.signatories_spans],
        "parties_spans": [_span(span) for span in found.parties_spans],
        "nearest": [
            {**_span(held.span), "signatories": held.signatories, "parties": held.parties} for held in found.nearest
        ],
        "why": found.why,
    }


def _span(span: CountSpan) -> Plain:
    return {"from": iso_date(span.first), "to": iso_date(span.last)}


def needed_answer(ledger: Ledger, found: tuple[PendingInstrument, ...]) -> list[Plain]:
    """Pending instruments, fewest deposits remaining first, with who could bring what is missing."""
    return [
        {
            **status_answer(ledger, each.status.instrument.id),
            "remaining": each.remaining,
            "waiting": [
                {"participant": gap.participant, "name": name_of(ledger, gap.participant), **gap_answer(gap)}
                for gap in each.waiting
            ],
            "could_tip": named_participants(ledger, each.could_tip),
            "others": each.others,
        }
        for each in found
    ]
