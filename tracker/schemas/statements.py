"""Answers about statements: those on a treaty or of a participant, and who excludes the clause on disputes."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import shorten
from typing import Any, ClassVar

from tracker.law.dates import PartialDate
from tracker.law.disputes import CourtAccess, court_matrix, disputes_clause, with_disputes_clause
from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.reference_facts import ObjectionEffect, Statement, StatementKind, StatementTopic, overlap
from tracker.law.relations import bound_bindings
from tracker.law.reservations import ReservationStanding, ReservationState, reservations
from tracker.law.statements import StatementStanding, StatementState, letters_of, statement_standings, withdrawn_since
from tracker.messages import message
from tracker.schemas.values import Code, ExactDay, Id, Named, Number, PartDay, answer_model

SHORTENED = 300  # characters of a text where there is no summary
KIND_WORDS = {kind: kind.words for kind in StatementKind}
LETTER_WORDS = {
    "R": KIND_WORDS[StatementKind.RESERVATION],
    "D": KIND_WORDS[StatementKind.DECLARATION],
    "N": KIND_WORDS[StatementKind.NOTIFICATION],
    "O": KIND_WORDS[StatementKind.OBJECTION],
    "T": message("territorial declaration"),
    "C": KIND_WORDS[StatementKind.COMMUNICATION],
    "?": KIND_WORDS[StatementKind.UNSPECIFIED],
}
TOPIC_WORDS = {
    StatementTopic.OPTIONAL_CLAUSE: message("optional clause"),
    StatementTopic.COMPETENCE: message("competence of an organization"),
    StatementTopic.TERRITORIAL: message("territorial application"),
    StatementTopic.CENTRAL_AUTHORITY: message("central authority"),
    StatementTopic.EXTRADITION_BASIS: message("basis of extradition"),
    StatementTopic.LANGUAGE: message("language"),
    StatementTopic.DESIGNATED_AGENCY: message("designated agency"),
    StatementTopic.NON_RECOGNITION: message("non-recognition"),
}


@answer_model
class StatementItem:
    """One statement. `state` is how it stands on the day.

    `withdrawn_since` is when one that stands on the day was withdrawn after it, `modified_on` when it was last modified
    or withdrawn in part by another; `effect_in_law` and `why` are of reservations alone.
    """

    instrument: Id
    instrument_name: str
    participant: Code | None
    name: str | None
    kind: StatementKind
    letter: str
    topic: StatementTopic | None
    article: str
    made_on: PartDay | None
    received_on: PartDay | None
    effective_on: PartDay | None
    withdrawn_on: ExactDay | None
    withdrawn_since: ExactDay | None
    modified_on: PartDay | None
    state: StatementState
    effect_in_law: ReservationState | None
    why: str
    towards: list[Named]
    objection: ObjectionEffect | None
    concerns: StatementKind | None
    territory: str
    summary: str
    text: str
    language: str
    url: str
    source: str
    doubt: str
    grade: EvidenceGrade

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "instrument_name", "participant", "name", "kind", "topic", "article", "made_on", "received_on",
        "effective_on", "withdrawn_on", "withdrawn_since", "modified_on", "state", "effect_in_law", "why", "objection",
        "concerns", "territory", "summary", "text", "language", "url", "source", "doubt", "grade",
    )  # fmt: skip

    @property
    def said(self) -> str:
        """What it says in a few words: our summary, or the beginning of the depositary's text where there is none."""
        return self.summary or shorten(self.text, SHORTENED, placeholder=" …")

    @property
    def addressees(self) -> list[str]:
        """The codes of those to whom it is addressed."""
        return [each.participant for each in self.towards]


@answer_model
class StatementList:
    """The statements on a treaty by author, or of a participant by treaty, then by date; `counts` of all, by kind."""

    instrument: Id | None
    participant: Code | None
    name: str
    as_of: ExactDay | None
    counts: dict[str, Number]
    statements: list[StatementItem]


@answer_model
class DisputesRow:
    """A party's reservation to the clause on disputes: in effect or not, and why."""

    participant: Code
    name: str
    article: str
    made_on: PartDay | None
    withdrawn_on: ExactDay | None
    effect_in_law: ReservationState
    why: str
    summary: str
    source: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class DisputesAnswer:
    """Who excludes a treaty's clause on disputes on the day, out of those bound; `others` are not in effect."""

    instrument: Id
    name: str
    as_of: ExactDay | None
    provisions: list[str]
    bound: Number
    count: Number
    excluded: list[DisputesRow]
    others: list[DisputesRow]


@answer_model
class CourtRow(Named):
    """A party and, in the order of the parties, whether it and each of them may take each other to the Court."""

    access: list[CourtAccess]


def statements_of_treaty(ledger: Ledger, instrument: str, kind: str = "", article: str = "") -> StatementList:
    """The statements on a treaty, of one kind and on one provision where these are given; NotFound for no treaty."""
    terms = ledger.instrument(instrument)
    every = sorted(statement_standings(ledger, terms.id), key=lambda each: name_of(ledger, each.participant))
    return StatementList(
        instrument=terms.id, participant=None, name=terms.name, as_of=ledger.day, counts=_counts(every),
        statements=_items(ledger, _select(every, kind, article)),
    )  # fmt: skip


def statements_of_participant(ledger: Ledger, code: str, kind: str = "", article: str = "") -> StatementList:
    """The statements of a participant on every treaty, and the objections addressed to it; NotFound for no name."""
    who = ledger.participant(code)
    current = ledger.continuing(who.code)
    every = [
        each
        for id in ledger.instruments
        for each in statement_standings(ledger, id)
        if each.participant == current or who.code in each.statement.towards
    ]
    return StatementList(
        instrument=None, participant=who.code, name=who.name, as_of=ledger.day, counts=_counts(every),
        statements=_items(ledger, _select(every, kind, article)),
    )  # fmt: skip


def statement_notes(ledger: Ledger, instrument: str) -> dict[str, Any]:
    """What a treaty's own page says of statements: their number, each author's letters, the key, the exclusions."""
    every = statement_standings(ledger, instrument)
    clause = disputes_clause(ledger, instrument)
    return {
        "statement_count": sum(each.state is not StatementState.WITHDRAWN for each in every),
        "letters": letters_of(ledger, instrument),
        "letter_words": LETTER_WORDS,
        "excluded": len(clause.excluded) if clause.provisions else None,
    }


def disputes_answer(ledger: Ledger, instrument: str) -> DisputesAnswer:
    """Who excludes the clause on disputes of a treaty; NotFound for no treaty."""
    terms = ledger.instrument(instrument)
    clause = disputes_clause(ledger, terms.id)
    excluded = sorted((_row(ledger, each) for each in clause.excluded.values()), key=lambda row: row.name)
    return DisputesAnswer(
        instrument=terms.id, name=terms.name, as_of=ledger.day, provisions=list(clause.provisions),
        bound=len(bound_bindings(ledger, terms.id)), count=len(excluded), excluded=excluded,
        others=sorted((_row(ledger, each) for each in clause.other), key=lambda row: row.name),
    )  # fmt: skip


def every_disputes_answer(ledger: Ledger) -> list[DisputesAnswer]:
    """The same of every treaty of which the data name such a clause, in their order."""
    return [disputes_answer(ledger, each.id) for each in with_disputes_clause(ledger)]


def court_answer(ledger: Ledger, instrument: str) -> list[CourtRow]:
    """Who can be taken to the Court by whom under a treaty: a row for each party, by code; NotFound for no treaty."""
    rows = court_matrix(ledger, ledger.instrument(instrument).id)
    return [CourtRow(participant=code, name=name_of(ledger, code), access=list(access)) for code, access in rows]


def statement_answer(ledger: Ledger, each: StatementStanding) -> StatementItem:
    """One statement as it stands on the ledger's day."""
    said, law = each.statement, _law(ledger, each)
    return StatementItem(
        instrument=said.instrument, instrument_name=title_of(ledger, said.instrument),
        participant=said.participant or None, name=name_of(ledger, said.participant) if said.participant else None,
        kind=said.kind, letter=each.letter(), topic=said.topic, article=said.article, made_on=said.made_on,
        received_on=said.received_on, effective_on=said.effective_on, withdrawn_on=each.withdrawn_on,
        withdrawn_since=withdrawn_since(ledger, each), modified_on=_last_modified(each), state=each.state,
        effect_in_law=law.state if law else None, why=law.why if law else "",
        towards=[Named(participant=code, name=name_of(ledger, code)) for code in said.towards],
        objection=said.effect, concerns=said.concerns, territory=said.territory, summary=said.summary, text=said.text,
        language=said.language, url=said.url, source=said.source, doubt=said.doubt, grade=grade_of(said),
    )  # fmt: skip


def _last_modified(each: StatementStanding) -> PartialDate | None:
    days = [by.date for by in each.modified_by if by.date]
    return max(days, key=lambda day: day.last, default=None)


def _items(ledger: Ledger, found: Iterable[StatementStanding]) -> list[StatementItem]:
    return [statement_answer(ledger, each) for each in found]


def _law(ledger: Ledger, each: StatementStanding) -> ReservationStanding | None:
    if each.statement.kind is not StatementKind.RESERVATION:
        return None
    theirs = reservations(ledger, each.statement.instrument).get(each.participant, ())
    return next((one for one in theirs if one.standing is each), None)


def _select(every: Iterable[StatementStanding], kind: str, article: str) -> list[StatementStanding]:
    return [
        each for each in every if kind in ("", each.statement.kind) and (not article or _names(each.statement, article))
    ]


def _names(statement: Statement, article: str) -> bool:
    return any(overlap(each, article) for each in statement.provisions)


def _counts(every: Iterable[StatementStanding]) -> dict[str, int]:
    """How many there are of each kind, withdrawn ones left out."""
    kinds = [each.statement.kind for each in every if each.state is not StatementState.WITHDRAWN]
    return {kind.value: number for kind in StatementKind if (number := kinds.count(kind))}


def _row(ledger: Ledger, each: ReservationStanding) -> DisputesRow:
    said = each.statement
    return DisputesRow(
        participant=each.author, name=name_of(ledger, each.author), article=said.article, made_on=said.made_on,
        withdrawn_on=each.standing.withdrawn_on, effect_in_law=each.state, why=each.why, summary=said.summary,
        source=said.source, doubt=said.doubt, grade=grade_of(said),
    )  # fmt: skip
