"""Everything in the record but the treaty actions, ready for lookup, as known at one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from tracker.law.model import (
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
from tracker.law.statement_facts import Statement
from tracker.law.target_facts import Target

END_OF_TIME = date.max

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    """Everything in the record but the acts, as known at one moment."""

    participants: Mapping[str, Participant]
    instruments: Mapping[str, Instrument]
    bodies: Mapping[str, Body]
    memberships: Mapping[str, tuple[Membership, ...]]
    memberships_of: Mapping[str, tuple[Membership, ...]]
    mandates: tuple[Mandate, ...]
    counts: Mapping[str, tuple[PublishedCount, ...]]
    assessments: tuple[Assessment, ...]
    by_scheme: Mapping[str, tuple[Assessment, ...]]
    targets: Mapping[str, Target]
    weights: Mapping[str, tuple[Weight, ...]]
    predecessors: Mapping[str, tuple[str, ...]]
    continuing: Mapping[str, str]
    with_former_names: frozenset[str]
    endings: Mapping[str, date]
    events: Mapping[str, tuple[InstrumentEvent, ...]]
    coverage: Mapping[str, tuple[Coverage, ...]]
    codes: Mapping[str, tuple[ParticipantCode, ...]]
    statements: Mapping[str, tuple[Statement, ...]]
    derived: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


FactsByType = Mapping[type[Fact], tuple[Fact, ...]]


def facts_by_type(facts: Iterable[Fact]) -> dict[type[Fact], tuple[Fact, ...]]:
    """The facts by their type, each type in the order given."""
    found: dict[type[Fact], list[Fact]] = defaultdict(list)
    for fact in facts:
        found[type(fact)].append(fact)
    return {fact_type: tuple(each) for fact_type, each in found.items()}


def reference_facts(facts: FactsByType, moment: datetime | None) -> ReferenceFacts:
    """The facts other than acts as known at a moment (None: now)."""
    made: dict[str, Any] = {}
    for fact_type in _LOOK_UPS:
        made |= _look_ups(fact_type, facts, moment)
    return ReferenceFacts(**made)


def renewed_reference_facts(before: ReferenceFacts, facts: FactsByType, changed: Iterable[type]) -> ReferenceFacts:
    """The facts as known now, of which only those of some types are others than before."""
    made: dict[str, Any] = {}
    for fact_type in changed:
        made |= _look_ups(fact_type, facts, None)
    return replace(before, **made)


def renewed_facts(facts: tuple[Fact, ...], retracted: Sequence[Fact], come: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts of one type, in the order of the record, after some were retracted and others came.

    A fact on a known subject stands after what the record had on that subject, any other at the end. KeyError for a
    retracted fact that is not among the live ones.
    """
    gone = {fact: fact for fact in retracted}
    added: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in come:
        added[fact.subject].append(fact)
    about = {*added, *(fact.subject for fact in retracted)}
    kept, last = list(facts), dict[tuple[str, ...], int]()
    for place, fact in enumerate(facts):
        if (subject := fact.subject) in about:
            last[subject] = place
            kept[place] = gone.pop(fact, fact) if fact.retracted_at is None else fact
    if gone:
        raise KeyError(next(iter(gone)).subject)
    for subject in sorted(added.keys() & last.keys(), key=last.__getitem__, reverse=True):
        kept[last[subject] + 1 : last[subject] + 1] = added[subject]
    return (*kept, *(fact for subject, each in added.items() if subject not in last for fact in each))


def _look_ups(fact_type: type, facts: FactsByType, moment: datetime | None) -> dict[str, Any]:
    """The fields that are made of the facts of one type."""
    return _LOOK_UPS[fact_type]([fact for fact in facts.get(fact_type, ()) if fact.known_at(moment)])


def _of_participants(known: list[Any]) -> dict[str, Any]:
    predecessors: dict[str, list[str]] = defaultdict(list)
    for participant in known:
        for successor in participant.successors:
            predecessors[successor].append(participant.code)
    return {
        "participants": {p.code: p for p in known},
        "predecessors": {code: tuple(sorted(codes)) for code, codes in predecessors.items()},
        "continuing": _continuing(known),
        "with_former_names": frozenset(p.code for p in known if p.continues),
        "endings": {p.code: end for p in known if (end := _ending(p))},
    }


_LOOK_UPS: Mapping[type, Callable[[list[Any]], dict[str, Any]]] = {
    Participant: _of_participants,
    Instrument: lambda known: {"instruments": {i.id: i for i in known}},
    Body: lambda known: {"bodies": {b.id: b for b in known}},
    Membership: lambda known: {
        "memberships": _group_by(known, "body"), "memberships_of": _group_by(known, "participant"),
    },
    Mandate: lambda known: {"mandates": tuple(known)},
    PublishedCount: lambda known: {"counts": _group_by(sorted(known, key=lambda count: count.on), "instrument")},
    Assessment: lambda known: {"assessments": tuple(known), "by_scheme": _group_by(known, "scheme")},
    Target: lambda known: {"targets": {t.id: t for t in known}},
    Weight: lambda known: {"weights": _group_by(known, "table")},
    Coverage: lambda known: {"coverage": _group_by(known, "instrument")},
    ParticipantCode: lambda known: {"codes": _group_by(known, "participant")},
    InstrumentEvent: lambda known: {
        "events": _group_by(sorted(known, key=lambda event: (event.on, event.event)), "instrument")
    },
    Statement: lambda known: {"statements": _group_by(sorted(known, key=sort_statements), "instrument")},
}  # fmt: skip


def sort_statements(statement: Statement) -> tuple[date | str, ...]:
    """The sort key of statements: by date (those without one last), then by all they say."""
    day = statement.counts_from or END_OF_TIME
    return (day, *statement.subject, str(statement.date or ""), statement.summary, statement.text, statement.source)


def _continuing(participants: Iterable[Participant]) -> Mapping[str, str]:
    """The code under which the acts of each State stand that another one continues: the last of the chain."""
    next_of = {former: each.code for each in participants for former in each.continues}
    found = {}
    for code in next_of:
        last, passed = code, {code}
        while (following := next_of.get(last)) and following not in passed:
            last = following
            passed.add(following)
        found[code] = last
    return found


def _ending(participant: Participant) -> date | None:
    last = participant.exists_to.last if participant.exists_to else END_OF_TIME
    return None if last == END_OF_TIME else last + timedelta(days=1)


def _group_by(facts: Iterable[T], field: str) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for fact in facts:
        groups[getattr(fact, field)].append(fact)
    return {key: tuple(values) for key, values in groups.items()}
