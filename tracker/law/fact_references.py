"""Facts named by what they are about: the reference of a fact, and the facts that a reference names.

A reference is as precise as its fields: one with a treaty and a participant alone names every act of that participant
on that treaty. It outlives a correction of the fact, since it does not contain the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracker.law.ledger import Ledger
from tracker.law.model import (
    Action,
    Assessment,
    Body,
    Coverage,
    Fact,
    Instrument,
    Mandate,
    Membership,
    Participant,
    PublishedCount,
)
from tracker.law.reference_facts import Statement


class FactKind(StrEnum):
    """The kinds of facts that pages show one by one."""

    ACTION = "action"
    STATEMENT = "statement"
    MEMBERSHIP = "membership"
    ASSESSMENT = "assessment"
    MANDATE = "mandate"
    COUNT = "count"
    COVERAGE = "coverage"
    TREATY = "treaty"
    PARTICIPANT = "participant"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class FactReference:
    """Which facts are meant; an empty field leaves open what it would choose.

    `what` is the kind of action or statement, the role, the category, the relation or the aspect; `on` the date in
    ISO 8601 as far as it is known; `article` the provisions that a statement names.
    """

    kind: FactKind
    treaty: str = ""
    participant: str = ""
    body: str = ""
    scheme: str = ""
    what: str = ""
    article: str = ""
    on: str = ""


FIELDS = ("treaty", "participant", "body", "scheme", "what", "article", "on")


def reference_of(fact: Fact) -> FactReference | None:
    """The reference of a fact; None for kinds of facts that no page shows one by one."""
    match fact:
        case Action():
            on = str(fact.date or "")
            return FactReference(FactKind.ACTION, fact.instrument, fact.participant, what=fact.kind, on=on)
        case Statement():
            on = str(fact.made_on or "")
            return FactReference(
                FactKind.STATEMENT, fact.instrument, fact.participant, what=fact.kind, article=fact.article, on=on
            )
        case Membership():
            on = str(fact.start or "")
            return FactReference(
                FactKind.MEMBERSHIP, participant=fact.participant, body=fact.body, what=fact.role, on=on
            )
        case Assessment():
            on = str(fact.start or "")
            return FactReference(
                FactKind.ASSESSMENT, participant=fact.participant, scheme=fact.scheme, what=fact.value, on=on
            )
        case Mandate():
            return FactReference(FactKind.MANDATE, fact.instrument, body=fact.body, what=fact.relation)
        case PublishedCount():
            return FactReference(FactKind.COUNT, fact.instrument, on=str(fact.on))
        case Coverage():
            return FactReference(FactKind.COVERAGE, fact.instrument, what=fact.aspect)
        case Instrument():
            return FactReference(FactKind.TREATY, fact.id)
        case Participant():
            return FactReference(FactKind.PARTICIPANT, participant=fact.code)
        case Body():
            return FactReference(FactKind.BODY, body=fact.id)
    return None


def facts_named(ledger: Ledger, reference: FactReference) -> tuple[Fact, ...]:
    """The facts that a reference names, in the ledger's order; none where there is no such fact (any more).

    A participant is also meant by the codes of those that it continues, whose acts are its own.
    """
    chosen = {name: {value} for name in FIELDS if (value := getattr(reference, name))}
    if reference.participant:
        chosen["participant"] |= set(ledger.continued(reference.participant))
    return tuple(
        fact
        for fact in _candidates(ledger, reference)
        if (theirs := reference_of(fact)) and all(getattr(theirs, name) in values for name, values in chosen.items())
    )


def _candidates(ledger: Ledger, wanted: FactReference) -> Iterable[Fact]:
    """The facts of a kind among which those named are, without looking through more than need be."""
    treaties = [wanted.treaty] if wanted.treaty else list(ledger.instruments)
    match wanted.kind:
        case FactKind.ACTION:
            return _in_each(treaties, lambda treaty: (*ledger.acts(treaty), *ledger.undated(treaty)))
        case FactKind.STATEMENT:
            return _in_each(treaties, ledger.statements)
        case FactKind.MEMBERSHIP:
            return ledger.memberships(wanted.body) if wanted.body else ledger.memberships_of(wanted.participant)
        case FactKind.ASSESSMENT:
            return ledger.schemes.get(wanted.scheme, ()) if wanted.scheme else ledger.assessments
        case FactKind.MANDATE:
            return ledger.mandates
        case FactKind.COUNT:
            return _in_each(treaties, ledger.counts)
        case FactKind.COVERAGE:
            return _in_each(treaties, ledger.coverage)
        case FactKind.TREATY:
            return ledger.instruments.values()
        case FactKind.PARTICIPANT:
            return ledger.participants.values()
    return ledger.bodies.values()


def _in_each(treaties: Iterable[str], facts: Callable[[str], Iterable[Fact]]) -> Iterator[Fact]:
    return (fact for id in treaties for fact in facts(id))
