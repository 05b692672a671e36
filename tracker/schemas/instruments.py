"""Answers about instruments: status line, explanation, each participant's status, and who is missing."""

from __future__ import annotations

from tracker.law.clause_parser import clause_of
from tracker.law.entry_into_force import entry_into_force
from tracker.law.explanation import ThresholdStatus
from tracker.law.gaps import Gap, eligible_participants, gaps_of_instrument
from tracker.law.ledger import Ledger, names_in, sort_actions
from tracker.law.model import Action, Instrument, Participant
from tracker.law.status import InstrumentStatus, ParticipantStanding, participant_standings, status
from tracker.law.territories import TerritorialScope
from tracker.schemas.values import Plain, action_answer, distinct_texts, iso_date


def status_answer(ledger: Ledger, instrument: str) -> Plain:
    """An instrument's status on the ledger's day: the three counts, the threshold, the entry into force.

    NotFound for an unknown instrument. `threshold` and `entry_into_force` hold what the depositary's
    status line says; what led there is `working`.
    """
    now = status(ledger, instrument)
    return {
        **_counts(now),
        **_terms(ledger, now.instrument),
        "expected": len(eligible_participants(ledger, now.instrument.id)),
    }


def instrument_answer(ledger: Ledger, instrument: str) -> Plain:
    """Everything about an instrument on the ledger's day: status, working, participants, who is missing."""
    answer = status_answer(ledger, instrument)
    id = answer["instrument"]
    return {
        **answer,
        "aliases": list(ledger.instrument(id).aliases),
        "clause": _clause(ledger, ledger.instrument(id)),
        "working": working_answer(ledger, id),
        "participants": instrument_rows(ledger, id),
        "missing": [_missing(ledger, gap) for gap in gaps_of_instrument(ledger, id)],
        "bodies": [
            _mandate(ledger, m.body, m.relation, m.basis, m.doubt) for m in ledger.mandates if m.instrument == id
        ],
        "published": [
            {"on": iso_date(c.on), "signatories": c.signatories, "parties": c.parties, "source": c.source}
            for c in ledger.counts(id)
        ],
    }


def instrument_rows(ledger: Ledger, instrument: str) -> list[Plain]:
    """One row for each participant that has acted on the instrument, by name."""
    entry = entry_into_force(ledger, instrument)
    reasons = {each.action.participant: each.reason for each in entry.not_counted}
    counted = {act.participant for act in entry.counted}
    return [
        {**standing_answer(ledger, each), **_counting(each.participant, counted, reasons)}
        for each in participant_standings(ledger, instrument)
    ]


def standing_answer(ledger: Ledger, where: ParticipantStanding) -> Plain:
    """One participant towards one instrument: the status, and the act behind each part of it."""
    who = ledger.participants[where.participant]
    act, left = where.consent, where.withdrawal
    acts = (*where.acts, *(each.action for each in where.territories), *where.undated)
    return {
        **who_answer(who),
        "status": where.status.value,
        "since": iso_date(where.since),
        "why": where.why,
        "signature": iso_date(where.signature.date) if where.signature else None,
        "consent": iso_date(act.date) if act else None,
        "action": act.kind.value if act else None,
        "bound_since": iso_date(where.bound_from),
        "bound_until": iso_date(where.bound_until),
        "bound_why": where.bound_why,
        "bound_basis": where.bound_basis,
        "provisional_since": iso_date(where.provisional.start) if where.provisional else None,
        "provisional_until": iso_date(where.provisional.end) if where.provisional else None,
        "suspended_on": iso_date(where.suspended.date) if where.suspended else None,
        "withdrawal": iso_date(left.date) if left else None,
        "withdrawal_effective": iso_date(where.bound_until) if left else None,
        "applies_to": [s.territory for s in where.territories if not s.excluded and s.holds_on(ledger.horizon)],
        "territories": distinct_texts(_territory(each) for each in where.territories),
        "undated": distinct_texts(each.kind.value for each in where.undated),
        "notes": distinct_texts(each.note for each in acts),
        "doubts": list(where.doubts),
        "sources": distinct_texts(each.source for each in acts),
    }


def who_answer(who: Participant) -> Plain:
    """A participant as the head of a row."""
    return {
        "participant": who.code,
        "name": who.name,
        "kind": who.kind.value,
        "region": who.region,
        "un_group": who.un_group,
    }


def working_answer(ledger: Ledger, instrument: str) -> Plain:
    """How the entry into force follows from the deposits: steps, progress, which deposits count and which do not."""
    entry = entry_into_force(ledger, instrument)
    return {
        "basis": entry.basis,
        "ended_on": iso_date(entry.ended_on),
        "steps": [{"about": step.about, "text": step.text, "day": iso_date(step.day)} for step in entry.steps],
        "progress": [{"words": p.words, "have": p.have, "need": p.need, "met": p.met} for p in entry.progress],
        "missing": list(entry.missing),
        "triggered_by": [action_answer(ledger, act) for act in _triggers(ledger, instrument, entry.threshold)],
        "counted": [action_answer(ledger, act) for act in sorted(entry.counted, key=sort_actions)],
        "not_counted": [{**action_answer(ledger, each.action), "reason": each.reason} for each in entry.not_counted],
    }


def _triggers(ledger: Ledger, instrument: str, reached: ThresholdStatus) -> list[Action]:
    return [
        act
        for act in ledger.acts(instrument)
        if act.kind.consents and act.known_by == reached.reached_on and act.participant in reached.reached_by
    ]


def _counts(now: InstrumentStatus) -> Plain:
    entry, threshold = now.entry, now.entry.threshold
    return {
        "instrument": now.instrument.id,
        "as_of": iso_date(now.as_of),
        "signatories": now.signatories,
        "parties": now.parties,
        "bound": now.bound,
        "provisional": now.provisional,
        "undated": now.undated,
        "signed_undated": now.signed_undated,
        "threshold": {
            "required": threshold.required,
            "counted": threshold.counted,
            "remaining": threshold.remaining,
            "reached_on": iso_date(threshold.reached_on),
            "reached_by": list(threshold.reached_by),
        },
        "entry_into_force": {
            "status": entry.status.value,
            "date": iso_date(entry.date),
            "official": iso_date(entry.official),
            "article": entry.article,
            "why": entry.why,
        },
    }


def _terms(ledger: Ledger, terms: Instrument) -> Plain:
    return {
        "name": terms.name,
        "title": terms.title,
        "kind": terms.kind.value,
        "reference": terms.reference,
        "subject": terms.subject_matter,
        "parent": terms.parent or None,
        "protocols": [each.id for each in ledger.protocols(terms.id)],
        "adopted_on": iso_date(terms.adopted_on),
        "adopted_at": terms.adopted_at,
        "opened_on": iso_date(terms.opened_on),
        "closed_on": iso_date(terms.closed_on),
        "signature_period": _signature_period(ledger, terms),
        "depositary": terms.depositary,
        "registration": terms.registration,
        "url": terms.url,
        "source": terms.source,
        "doubt": terms.doubt,
    }


def _signature_period(ledger: Ledger, terms: Instrument) -> str:
    """`not-open`, `open`, `closed` on the ledger's day, or `unlimited` where no last day is recorded."""
    if terms.opened_on and ledger.horizon < terms.opened_on.first:
        return "not-open"
    if terms.closed_on is None:
        return "unlimited"
    return "open" if ledger.horizon <= terms.closed_on.last else "closed"


def _clause(ledger: Ledger, terms: Instrument) -> Plain:
    clause = clause_of(terms)
    return {
        "words": clause.sentence(names_in(ledger)),
        "threshold": clause.threshold,
        "delay": terms.delay,
        "party_delay": terms.party_delay,
        "conditions": terms.conditions,
        "withdrawal_delay": terms.withdrawal_delay,
    }


def _counting(code: str, counted: set[str], reasons: dict[str, str]) -> Plain:
    return {"counted": code in counted, "not_counted": reasons.get(code) if code not in counted else None}


def _territory(scope: TerritorialScope) -> str:
    """A territory with the days of its notification and its end: `Curaçao (2010-10-10)`."""
    days = [iso_date(scope.action.date), f"until {scope.until}" if scope.until else None]
    said = ", ".join(filter(None, (*days, "excluded" if scope.excluded else None)))
    return f"{scope.territory} ({said})" if said else scope.territory


def _missing(ledger: Ledger, gap: Gap) -> Plain:
    return {**who_answer(ledger.participants[gap.participant]), **gap_answer(gap)}


def gap_answer(gap: Gap) -> Plain:
    """How a participant is missing from an instrument."""
    signed = gap.standing.signature
    return {
        "instrument": gap.instrument,
        "gap": gap.kind.value,
        "signature": iso_date(signed.date) if signed else None,
        "days_since_signature": gap.days,
        "undated": distinct_texts(act.kind.value for act in gap.standing.undated),
        "why": gap.standing.why,
    }


def _mandate(ledger: Ledger, body: str, relation: str, basis: str, doubt: str) -> Plain:
    found = ledger.bodies.get(body)
    name, short = (found.name, found.short_name) if found else (body, body)
    return {"body": body, "name": name, "short_name": short, "relation": relation, "basis": basis, "doubt": doubt}
