"""Answers to queries: the participants that match, with the fact behind each condition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from tracker.law import queries
from tracker.law.coverage import range_in_words
from tracker.law.ledger import Ledger
from tracker.law.model import ParticipantKind
from tracker.law.queries import QueryMatch
from tracker.schemas.values import Code, ExactDay, Number, answer_model


@answer_model
class QueryMatchDetail:
    """A participant that meets a query, with the fact behind each condition."""

    participant: Code
    name: str
    kind: ParticipantKind
    region: str
    facts: list[str]


@answer_model
class QueryRow(QueryMatchDetail):
    """A row of a table that has both those found and those of which the record cannot tell."""

    decided: bool

    COLUMNS: ClassVar[tuple[str, ...]] = ("participant", "name", "kind", "region", "decided", "facts")


@answer_model
class QueryAnswer:
    """The participants that meet a query; `undecided` are those for which our data cannot tell.

    `count` are those listed as meeting it; in truth there are between `count_at_least` and `count_at_most`.
    `missing` is how many consents to the treaties asked about are known not to be in our data, where it is not known
    whose they are; `shortfall_words` says it.
    """

    as_of: ExactDay | None
    query: str
    words: str
    count: Number
    count_at_least: Number
    count_at_most: Number
    participants: list[QueryMatchDetail]
    undecided: list[QueryMatchDetail]
    missing: Number
    shortfall_words: str

    @property
    def number(self) -> str:
        """How many meet it, as a range where the data leave it open."""
        return range_in_words(self.count_at_least, self.count_at_most)

    @property
    def rows(self) -> list[QueryRow]:
        """Those found and those undecided, for a table that has both."""
        return [
            *(QueryRow(**vars(each), decided=True) for each in self.participants),
            *(QueryRow(**vars(each), decided=False) for each in self.undecided),
        ]


def selection_answer(ledger: Ledger, text: str) -> QueryAnswer:
    """Who meets the query written so on the ledger's day, with the fact behind each condition.

    `undecided` are those of which the record cannot tell. BadQuestion for a text that is no query,
    NotFound for names that the record does not hold.
    """
    conditions = queries.parse_query(text)
    found = queries.run_query(ledger, conditions)
    return QueryAnswer(
        as_of=ledger.day,
        query=queries.format_query(conditions),
        words=queries.query_in_words(ledger, conditions),
        count=len(found.matches),
        count_at_least=found.at_least,
        count_at_most=found.at_most,
        participants=_rows(found.matches),
        undecided=_rows(found.undecided),
        missing=found.missing,
        shortfall_words=found.shortfall,
    )


def _rows(matches: Iterable[QueryMatch]) -> list[QueryMatchDetail]:
    return [
        QueryMatchDetail(
            participant=each.participant.code,
            name=each.participant.name,
            kind=each.participant.kind,
            region=each.participant.region,
            facts=list(each.facts),
        )
        for each in matches
    ]
