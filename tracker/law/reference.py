"""Everything in a record but the acts, put in order for looking up: what a ledger stands on.

Built once for a moment of record time and shared by all views of that moment; it knows no day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from tracker.law.goals import Target
from tracker.law.model import (
    Assessment,
    Body,
    Fact,
    Instrument,
    Mandate,
    Membership,
    Participant,
    PublishedCount,
    Weight,
)
from tracker.law.timeline import END_OF_TIME

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reference:
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
    weights: Mapping[str, Mapping[str, Weight]]
    predecessors: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, date]


def reference(facts: Iterable[Fact], moment: datetime | None) -> Reference:
    """The facts other than acts as known at a moment (None: now)."""
    sorted_by_type: dict[type, list[Any]] = defaultdict(list)
    for fact in facts:
        if fact.known_at(moment):
            sorted_by_type[type(fact)].append(fact)
    weights: dict[str, dict[str, Weight]] = defaultdict(dict)
    for weight in sorted_by_type[Weight]:
        weights[weight.table][weight.participant] = weight
    predecessors: dict[str, list[str]] = defaultdict(list)
    for participant in sorted_by_type[Participant]:
        for successor in participant.successors:
            predecessors[successor].append(participant.code)
    return Reference(
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
        weights=weights,
        predecessors={code: tuple(sorted(codes)) for code, codes in predecessors.items()},
        endings={p.code: end for p in sorted_by_type[Participant] if (end := _ending(p))},
    )


def _ending(participant: Participant) -> date | None:
    last = participant.exists_to.last if participant.exists_to else END_OF_TIME
    return None if last == END_OF_TIME else last + timedelta(days=1)


def _grouped(facts: Iterable[T], field: str) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for fact in facts:
        groups[getattr(fact, field)].append(fact)
    return {key: tuple(values) for key, values in groups.items()}
