"""Answers to queries: the participants that match, with the fact behind each condition."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.law import queries
from tracker.law.ledger import Ledger
from tracker.law.queries import QueryMatch
from tracker.schemas.values import Plain, iso_date


def selection_answer(ledger: Ledger, text: str) -> Plain:
    """Who meets the query written so on the ledger's day, with the fact behind each condition.

    `undecided` are those of which the record cannot tell. BadQuestion for a text that is no query,
    NotFound for names that the record does not hold.
    """
    conditions = queries.parse_query(text)
    found = queries.run_query(ledger, conditions)
    return {
        "as_of": iso_date(ledger.day),
        "query": queries.format_query(conditions),
        "words": queries.query_in_words(ledger, conditions),
        "count": len(found.matches),
        "participants": _rows(found.matches),
        "undecided": _rows(found.undecided),
    }


def _rows(matches: Iterable[QueryMatch]) -> list[Plain]:
    return [
        {
            "participant": each.participant.code,
            "name": each.participant.name,
            "kind": each.participant.kind.value,
            "region": each.participant.region,
            "facts": list(each.facts),
        }
        for each in matches
    ]
