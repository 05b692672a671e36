"""Everything in the record but the treaty actions, ready for lookup, as known at one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    PublishedCount,
    Weight,
)
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
    counts: tuple[PublishedCount, ...]
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


def reference_facts(facts: Iterable[Fact], moment: datetime | None) -> ReferenceFacts:
    """The facts other than acts as known at a moment (None: now)."""
    sorted_by_type: dict[type, list[Any]] = defaultdict(list)
    for fact in facts:
        if fact.known_at(moment):
            sorted_by_type[type(fact)].append(fact)
    predecessors: dict[str, list[str]] = defaultdict(list)
    for participant in sorted_by_type[Participant]:
        for successor in participant.successors:
            predecessors[successor].append(participant.code)
    return ReferenceFacts(
        participants={p.code: p for p in sorted_by_type[Participant]},
        instruments={i.id: i for i in sorted_by_type[Instrument]},
        bodies={b.id: b for b in sorted_by_type[Body]},
        memberships=_grouped(sorted_by_type[Membership], "body"),
        memberships_of=_grouped(sorted_by_type[Membership], "participant"),
        mandates=tuple(sorted_by_type[Mandate]),
        counts=tuple(sorted_by_type[PublishedCount]),
        assessments=tuple(sorted_by_type[Assessment]),
        by_scheme=_grouped(sorted_by_type[Assessment], "scheme"),
        targets={t.id: t for t in sorted_by_type[Target]},
        weights=_grouped(sorted_by_type[Weight], "table"),
        predecessors={code: tuple(sorted(codes)) for code, codes in predecessors.items()},
        continuing=_continuing(sorted_by_type[Participant]),
        with_former_names=frozenset(p.code for p in sorted_by_type[Participant] if p.continues),
        endings={p.code: end for p in sorted_by_type[Participant] if (end := _ending(p))},
        coverage=_grouped(sorted_by_type[Coverage], "instrument"),
        events=_grouped(sorted_by_type[InstrumentEvent], "instrument"),
    )


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


def _grouped(facts: Iterable[T], field: str) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for fact in facts:
        groups[getattr(fact, field)].append(fact)
    return {key: tuple(values) for key, values in groups.items()}
