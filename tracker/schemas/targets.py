"""Answers about goals and reported figures: reported or target, computed, result, explanation."""

from __future__ import annotations

from collections import Counter

from tracker.law.ledger import Ledger, title_of
from tracker.law.model import Target
from tracker.law.targets import RequiredPace, TargetOutcome, TargetResult, evaluate_targets
from tracker.schemas.values import Plain, iso_date, named_participants


def targets_answer(ledger: Ledger) -> Plain:
    """Every target of the record with its verdict on the ledger's day, and how many have each verdict.

    BadQuestion for a ledger without a day.
    """
    found = evaluate_targets(ledger)
    numbers = Counter(each.outcome for each in found)
    return {
        "as_of": iso_date(ledger.day),
        "count": len(found),
        "verdicts": {outcome.value: numbers[outcome] for outcome in TargetOutcome},
        "targets": [verdict_answer(ledger, each) for each in found],
    }


def verdict_answer(ledger: Ledger, found: TargetResult) -> Plain:
    """One figure held against the record."""
    return {
        **_target(ledger, found.target),
        "reported": found.reported,
        "target": found.aimed_at,
        "computed": found.computed,
        "computed_on": iso_date(found.on),
        "verdict": found.outcome.value,
        "working": found.working,
        "reached_on": iso_date(found.reached_on),
        "true_on": [{"from": iso_date(span.first), "to": iso_date(span.last)} for span in found.fits],
        "pace": _pace(found.pace) if found.pace else None,
        "participants": named_participants(ledger, found.codes),
        "doubts": list(found.doubts),
    }


def _target(ledger: Ledger, target: Target) -> Plain:
    return {
        "id": target.id,
        "goal": target.goal,
        "indicator": target.indicator,
        "measure": target.measure,
        "unit": target.unit,
        "metric": target.metric.value if target.metric else None,
        "instrument": target.instrument or None,
        "instrument_name": title_of(ledger, target.instrument) if target.instrument else None,
        "scheme": target.scheme or None,
        "among": target.among or None,
        "bodies": list(target.bodies),
        "kind": target.kind.value,
        "aim": target.aim.value,
        "on": iso_date(target.on),
        "since": iso_date(target.since),
        "fiscal_year": target.fiscal_year,
        "text": target.text,
        "source": target.source,
    }


def _pace(pace: RequiredPace) -> Plain:
    return {
        "missing": pace.missing,
        "years": round(pace.years, 2),
        "needed": round(pace.needed, 2),
        "last_year": round(pace.recent, 2),
        "longer": round(pace.longer, 2),
        "longer_years": round(pace.longer_years, 2),
        "track": pace.track.value,
        "words": pace.words,
    }
