"""Answers about two participants: whether a treaty is in force between them, and everything in force between them."""

from __future__ import annotations

from typing import ClassVar

from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.reference_facts import Statement, StatementKind, StatementTopic
from tracker.law.relations import Relation, RelationState, all_relations, bound_bindings, relations
from tracker.law.reservations import ReservationEffect, ReservationOutcome
from tracker.law.statements import StatementState, statement_standings, statements_by_author
from tracker.messages import message
from tracker.schemas.statements import StatementItem, statement_answer
from tracker.schemas.values import Code, ExactDay, Id, Named, Number, answer_model

RELATION_WORDS = {
    RelationState.IN_FORCE: message("In force between the two"),
    RelationState.NOT_IN_FORCE: message("Not in force between the two"),
    RelationState.EXCLUDED: message("Not in force between the two: objection"),
    RelationState.PROVISIONAL: message("Provisional application"),
    RelationState.NOT_KNOWN: message("Not in our data"),
}
OUTCOME_WORDS = {
    ReservationOutcome.MODIFIED: message("The provision is modified between the two to the extent of the reservation."),
    ReservationOutcome.PENDING: message("The period for objections is still running."),
    ReservationOutcome.NOT_APPLIED: message(
        "The provision does not apply between the two to the extent of the reservation."
    ),
    ReservationOutcome.TREATY_EXCLUDED: message("The treaty is not in force between the two."),
    ReservationOutcome.NO_EFFECT: message("The reservation has no effect."),
    ReservationOutcome.NOT_KNOWN: message("The effect is not in our data."),
}
AUTHORITIES = (
    StatementTopic.CENTRAL_AUTHORITY, StatementTopic.DESIGNATED_AGENCY, StatementTopic.LANGUAGE,
    StatementTopic.EXTRADITION_BASIS,
)  # fmt: skip


@answer_model
class NamedTreaty:
    """A treaty by id and name."""

    instrument: Id
    name: str


@answer_model
class RelationReason:
    """One step of the answer, and the article of the Vienna Convention on the Law of Treaties that it rests on."""

    text: str
    article: str


@answer_model
class EffectItem:
    """The effect of one reservation between its author and the other: the provisions, the outcome, the reason."""

    author: Code
    name: str
    provisions: list[str]
    outcome: ReservationOutcome
    words: str
    why: str
    article: str
    reservation: StatementItem
    objection: StatementItem | None


@answer_model
class RelationAnswer:
    """A treaty between two participants on a day; `exact` is false where the dates are the latest that they can be.

    `governing` are the treaty and the amendments in force between the two, `unknown` what the data do not tell.
    """

    instrument: Id
    instrument_name: str
    as_of: ExactDay | None
    one: Code
    one_name: str
    other: Code
    other_name: str
    state: RelationState
    words: str
    since: ExactDay | None
    until: ExactDay | None
    exact: bool
    steps: list[RelationReason]
    effects: list[EffectItem]
    governing: list[NamedTreaty]
    territories_one: list[str]
    territories_other: list[str]
    non_recognition: list[StatementItem]
    authorities_one: list[StatementItem]
    authorities_other: list[StatementItem]
    unknown: list[str]

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "instrument_name", "as_of", "one", "one_name", "other", "other_name", "state", "since", "until",
        "exact", "territories_one", "territories_other", "unknown",
    )  # fmt: skip

    @property
    def explanation(self) -> str:
        """The steps in one text, each with its article."""
        return " ".join(f"{step.text} ({step.article})" if step.article else step.text for step in self.steps)

    @property
    def reservations(self) -> list[str]:
        """The effect of each reservation: `AFG 18: not-applied`."""
        return [f"{each.author} {', '.join(each.provisions)}: {each.outcome}" for each in self.effects]

    @property
    def governing_ids(self) -> list[str]:
        """The ids of the treaty and the amendments in force between the two."""
        return [each.instrument for each in self.governing]


@answer_model
class PairRow:
    """A treaty between two participants in a few values; `modified` are the provisions that reservations touch."""

    instrument: Id
    one: Code
    other: Code
    state: RelationState
    since: ExactDay | None
    until: ExactDay | None
    modified: list[str]


@answer_model
class PairRelations:
    """Every two parties to a treaty and what is in force between them."""

    instrument: Id
    name: str
    as_of: ExactDay | None
    parties: list[Named]
    counts: dict[str, Number]
    pairs: list[PairRow]


@answer_model
class TogetherAnswer:
    """Everything in force between two participants, and the treaties that bind only one of them."""

    one: Code
    one_name: str
    other: Code
    other_name: str
    as_of: ExactDay | None
    count: Number
    treaties: list[RelationAnswer]


def relation_answer(ledger: Ledger, instrument: str, one: str, other: str) -> RelationAnswer:
    """Whether and how a treaty is in force between two participants; NotFound for names that are not in the data."""
    found = relations(ledger, instrument, one, other)
    first, second = found.participants
    return RelationAnswer(
        instrument=found.instrument, instrument_name=title_of(ledger, found.instrument), as_of=ledger.day,
        one=first, one_name=name_of(ledger, first), other=second, other_name=name_of(ledger, second),
        state=found.state, words=RELATION_WORDS[found.state], since=found.since, until=found.until, exact=found.exact,
        steps=[RelationReason(text=step.text, article=step.article) for step in found.steps],
        effects=[_effect(ledger, each) for each in found.effects],
        governing=[NamedTreaty(instrument=id, name=title_of(ledger, id)) for id in found.text],
        territories_one=list(found.territories[0]), territories_other=list(found.territories[1]),
        non_recognition=_non_recognition(ledger, found),
        authorities_one=authorities(ledger, found.instrument, first),
        authorities_other=authorities(ledger, found.instrument, second),
        unknown=list(found.unknown),
    )  # fmt: skip


def together_answer(ledger: Ledger, one: str, other: str) -> TogetherAnswer:
    """Every treaty that binds either of two participants, those in force between them first; NotFound for no names."""
    first, second = (ledger.continuing(ledger.participant(code).code) for code in (one, other))
    bound = [id for id in ledger.instruments if {first, second} & bound_bindings(ledger, id).keys()]
    found = [relation_answer(ledger, id, first, second) for id in bound]
    found.sort(key=lambda each: each.state is not RelationState.IN_FORCE)
    return TogetherAnswer(
        one=first, one_name=name_of(ledger, first), other=second, other_name=name_of(ledger, second),
        as_of=ledger.day, count=sum(each.state is RelationState.IN_FORCE for each in found), treaties=found,
    )  # fmt: skip


def pairs_answer(ledger: Ledger, instrument: str) -> PairRelations:
    """What is in force between every two parties to a treaty on the ledger's day; NotFound for no treaty."""
    terms = ledger.instrument(instrument)
    rows = [_pair(each) for each in all_relations(ledger, terms.id)]
    states = [row.state for row in rows]
    parties = [Named(participant=code, name=name_of(ledger, code)) for code in sorted(bound_bindings(ledger, terms.id))]
    return PairRelations(
        instrument=terms.id, name=terms.name, as_of=ledger.day, parties=parties, pairs=rows,
        counts={state.value: number for state in RelationState if (number := states.count(state))},
    )  # fmt: skip


def authorities(ledger: Ledger, instrument: str, code: str) -> list[StatementItem]:
    """The authorities, languages and bases of extradition of which a participant has notified, not withdrawn.

    A notification whose topic the data do not name, as one that a sync has read, is one of them.
    """
    return [
        statement_answer(ledger, each)
        for each in statements_by_author(ledger, instrument).get(code, ())
        if _is_of_authorities(each.statement) and each.state is not StatementState.WITHDRAWN
    ]


def _is_of_authorities(said: Statement) -> bool:
    return said.topic in AUTHORITIES or (said.topic is None and said.kind is StatementKind.NOTIFICATION)


def _pair(found: Relation) -> PairRow:
    effective = (ReservationOutcome.MODIFIED, ReservationOutcome.NOT_APPLIED, ReservationOutcome.PENDING)
    modified = [one for each in found.effects if each.outcome in effective for one in each.provisions]
    return PairRow(
        instrument=found.instrument, one=found.participants[0], other=found.participants[1], state=found.state,
        since=found.since, until=found.until, modified=list(dict.fromkeys(modified)),
    )  # fmt: skip


def _effect(ledger: Ledger, each: ReservationEffect) -> EffectItem:
    author = each.reservation.author
    every = statement_standings(ledger, each.reservation.statement.instrument)
    against = next((one for one in every if one.statement is each.objection), None)
    return EffectItem(
        author=author, name=name_of(ledger, author), provisions=list(each.provisions), outcome=each.outcome,
        words=OUTCOME_WORDS[each.outcome], why=each.why, article=each.article,
        reservation=statement_answer(ledger, each.reservation.standing),
        objection=statement_answer(ledger, against) if against else None,
    )  # fmt: skip


def _non_recognition(ledger: Ledger, found: Relation) -> list[StatementItem]:
    return [
        statement_answer(ledger, each)
        for code in found.participants
        for each in statements_by_author(ledger, found.instrument).get(code, ())
        if each.statement in found.non_recognition
    ]
