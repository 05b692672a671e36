"""Answers about changes between two ledgers."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.law.changes import Change, changes_between
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.schemas.values import Plain, iso_date


def changes_answer(before: Ledger, after: Ledger) -> Plain:
    """Everything that differs from one ledger to the other."""
    found = changes_between(before, after)
    return {
        "from": iso_date(before.day),
        "to": iso_date(after.day),
        "count": len(found),
        "changes": change_rows(after, found),
    }


def change_rows(ledger: Ledger, changes: Iterable[Change]) -> list[Plain]:
    """One row for each change, with the names that the ledger has."""
    return [change_answer(ledger, each) for each in changes]


def change_answer(ledger: Ledger, change: Change) -> Plain:
    """One change. `before` and `after` are numbers where it is a count that changed."""
    number = int if change.kind.counts else str
    return {
        "key": change.key,
        "kind": change.kind.value,
        "words": change.words,
        "instrument": change.instrument or None,
        "instrument_name": title_of(ledger, change.instrument) if change.instrument else None,
        "participant": change.participant or None,
        "name": name_of(ledger, change.participant) if change.participant else None,
        "body": change.body or None,
        "scheme": change.scheme or None,
        "date": iso_date(change.day),
        "before": number(change.before) if change.before else None,
        "after": number(change.after) if change.after else None,
        "source": change.source,
    }
