"""Facts named by what they are about: the reference of a fact, and the facts that a reference names.

A reference is as precise as its fields: one with a treaty and a participant alone names every act of that participant
on that treaty. It outlives a correction of the fact, since it does not contain the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    InstrumentEvent,
    Mandate,
    Membership,
    Participant,
    ParticipantCode,
    PublishedCount,
    Weight,
)
from tracker.law.reference_facts import Statement, Target


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
    EVENT = "event"
    WEIGHT = "weight"
    CODE = "code"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class FactReference:
    """Which facts are meant; an empty field leaves open what it would choose.

    `what` is the kind of action or statement, the role, the category, the relation, the aspect, the event, the code or
    the target; `scheme` the list, the table of figures or the scheme of codes; `on` the date in ISO 8601 as far as it
    is known; `article` the provisions that a statement names.
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
    return _reference_of_description(fact)


def _reference_of_description(fact: Fact) -> FactReference | None:
    """The reference of a fact that describes a treaty, a participant or a body."""
    match fact:
        case Instrument():
            return FactReference(FactKind.TREATY, fact.id)
        case Participant():
            return FactReference(FactKind.PARTICIPANT, participant=fact.code)
        case Body():
            return FactReference(FactKind.BODY, body=fact.id)
        case InstrumentEvent():
            return FactReference(FactKind.EVENT, fact.instrument, what=fact.event, on=str(fact.on))
        case Weight():
            on = str(fact.on or "")
            return FactReference(FactKind.WEIGHT, participant=fact.participant, scheme=fact.table, on=on)
        case ParticipantCode():
            on = str(fact.start or "")
            return FactReference(FactKind.CODE, participant=fact.participant, scheme=fact.scheme, what=fact.code, on=on)
        case Target():
            return FactReference(FactKind.TARGET, what=fact.id)
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
    if each_treaty := _OF_TREATIES.get(wanted.kind):
        treaties = [wanted.treaty] if wanted.treaty else list(ledger.instruments)
        return _in_each(treaties, lambda treaty: each_treaty(ledger, treaty))
    return _OF_OTHERS[wanted.kind](ledger, wanted)


_OF_TREATIES: Mapping[FactKind, Callable[[Ledger, str], Iterable[Fact]]] = {
    FactKind.ACTION: lambda ledger, treaty: (*ledger.acts(treaty), *ledger.undated(treaty)),
    FactKind.STATEMENT: lambda ledger, treaty: ledger.statements(treaty),
    FactKind.COUNT: lambda ledger, treaty: ledger.counts(treaty),
    FactKind.COVERAGE: lambda ledger, treaty: ledger.coverage(treaty),
    FactKind.EVENT: lambda ledger, treaty: ledger.events(treaty),
}
_OF_OTHERS: Mapping[FactKind, Callable[[Ledger, FactReference], Iterable[Fact]]] = {
    FactKind.MEMBERSHIP: lambda ledger, wanted: (
        ledger.memberships(wanted.body) if wanted.body else ledger.memberships_of(wanted.participant)
    ),
    FactKind.ASSESSMENT: lambda ledger, wanted: (
        ledger.schemes.get(wanted.scheme, ()) if wanted.scheme else ledger.assessments
    ),
    FactKind.MANDATE: lambda ledger, wanted: ledger.mandates,
    FactKind.TREATY: lambda ledger, wanted: ledger.instruments.values(),
    FactKind.PARTICIPANT: lambda ledger, wanted: ledger.participants.values(),
    FactKind.BODY: lambda ledger, wanted: ledger.bodies.values(),
    FactKind.WEIGHT: lambda ledger, wanted: ledger.weights(wanted.scheme),
    FactKind.CODE: lambda ledger, wanted: ledger.codes(wanted.participant),
    FactKind.TARGET: lambda ledger, wanted: ledger.targets.values(),
}


def _in_each(treaties: Iterable[str], facts: Callable[[str], Iterable[Fact]]) -> Iterator[Fact]:
    return (fact for id in treaties for fact in facts(id))
