"""Everything in the record but the treaty actions, ready for lookup, as known at one moment.

Statements as facts: reservations, declarations, notifications, objections, and the articles that they name.

What follows from them between two States is in `reservations`; which of them hold on a date in `statements`.

Targets as facts: goals of plans and reported figures, and what the record can count for them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from tracker.law.dates import Day, PartialDate
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
from tracker.messages import TranslatableText, message


class TargetKind(StrEnum):
    """Is the figure something that was reported, or something to be reached?"""

    RESULT = "result"
    TARGET = "target"


class Aim(StrEnum):
    """Is a target met by having the figure and more, or by having no more than the figure?"""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"


class Metric(StrEnum):
    """What a record can count for a target, on its day or between its `since` and its day.

    Of an instrument: `parties` (as the UN prints them), `signatories`, `bound`, `added-parties` (more
    than on `since`), `opened` (1 once it is open for signature). Of a scheme's list, or of one value
    in it where `among` says so: `list-size`, `list-growth`, `added-to-list` and `removed-from-list`
    (against `since`), `still-listed` (on the list on `since` and on the day). Of bodies: `members`,
    `frameworks` (how many of them exist).
    """

    PARTIES = "parties"
    SIGNATORIES = "signatories"
    BOUND = "bound"
    ADDED_PARTIES = "added-parties"
    OPENED = "opened"
    LIST_SIZE = "list-size"
    LIST_GROWTH = "list-growth"
    ADDED_TO_LIST = "added-to-list"
    REMOVED_FROM_LIST = "removed-from-list"
    STILL_LISTED = "still-listed"
    MEMBERS = "members"
    FRAMEWORKS = "frameworks"

    @property
    def of_instrument(self) -> bool:
        """Does it count something of an instrument?"""
        return self in _OF_INSTRUMENT

    @property
    def of_list(self) -> bool:
        """Does it count something of a scheme's list?"""
        return self in _OF_LIST

    @property
    def of_bodies(self) -> bool:
        """Does it count something of bodies?"""
        return self in (Metric.MEMBERS, Metric.FRAMEWORKS)

    @property
    def compares(self) -> bool:
        """Does it hold its day against an earlier one, `since`?"""
        return self in _COMPARING


_OF_INSTRUMENT = frozenset({
    Metric.PARTIES, Metric.SIGNATORIES, Metric.BOUND, Metric.ADDED_PARTIES, Metric.OPENED,
})  # fmt: skip
_OF_LIST = frozenset({
    Metric.LIST_SIZE, Metric.LIST_GROWTH, Metric.ADDED_TO_LIST, Metric.REMOVED_FROM_LIST, Metric.STILL_LISTED,
})  # fmt: skip
_COMPARING = frozenset({
    Metric.ADDED_PARTIES, Metric.LIST_GROWTH, Metric.ADDED_TO_LIST, Metric.REMOVED_FROM_LIST, Metric.STILL_LISTED,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Fact):
    """A figure reported for a day, or to be reached by it.

    `on` counts to the last day it may stand for; `metric` None is a figure that no record of treaties
    can compute. `goal` and `indicator` say whose plan it stands in, `measure` what is counted there.
    """

    id: str
    goal: str
    kind: TargetKind
    on: PartialDate
    indicator: str = ""
    measure: str = ""
    unit: str = ""
    metric: Metric | None = None
    instrument: str = ""
    scheme: str = ""
    among: str = ""
    bodies: tuple[str, ...] = ()
    since: PartialDate | None = None
    aim: Aim = Aim.AT_LEAST
    value: int | None = None
    fiscal_year: int | None = None
    text: str = ""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        for lacking in self._lacking():
            raise ValueError(f"the metric '{self.metric}' needs {lacking}")
        if self.since and self.since.last >= self.day:
            raise ValueError("a target's 'since' comes before its day")

    def _lacking(self) -> tuple[str, ...]:
        """What the metric cannot do without and the target does not say."""
        if self.metric is None:
            return ()
        asked = {
            "a treaty": self.metric.of_instrument and not self.instrument,
            "a scheme": self.metric.of_list and not self.scheme,
            "bodies": self.metric.of_bodies and not self.bodies,
            "a day to count from, 'since'": self.metric.compares and self.since is None,
            "a value": self.value is None,
        }
        return tuple(what for what, missing in asked.items() if missing)

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def day(self) -> Day:
        """The day on which it is judged."""
        return self.on.last


class StatementKind(StrEnum):
    """What sort of statement it is (Vienna Convention on the Law of Treaties, arts 2(1)(d) and 19 to 23).

    `UNSPECIFIED` is a statement of which the source does not say whether it is a reservation, a declaration or a
    notification. `WITHDRAWAL` and `MODIFICATION` concern an earlier statement of their author.
    """

    RESERVATION = "reservation"
    INTERPRETATIVE_DECLARATION = "interpretative-declaration"
    DECLARATION = "declaration"
    NOTIFICATION = "notification"
    OBJECTION = "objection"
    COMMUNICATION = "communication"
    WITHDRAWAL = "withdrawal"
    MODIFICATION = "modification"
    UNSPECIFIED = "unspecified"

    @property
    def words(self) -> TranslatableText:
        """The kind as it is written in a sentence."""
        return _WORDS[self]

    @property
    def concerns_another(self) -> bool:
        """Is it about an earlier statement of its own author?"""
        return self in (StatementKind.WITHDRAWAL, StatementKind.MODIFICATION)


_WORDS = {
    StatementKind.RESERVATION: message("reservation"),
    StatementKind.INTERPRETATIVE_DECLARATION: message("interpretative declaration"),
    StatementKind.DECLARATION: message("declaration"),
    StatementKind.NOTIFICATION: message("notification"),
    StatementKind.OBJECTION: message("objection"),
    StatementKind.COMMUNICATION: message("communication"),
    StatementKind.WITHDRAWAL: message("withdrawal of a statement"),
    StatementKind.MODIFICATION: message("modification of a statement"),
    StatementKind.UNSPECIFIED: message("reservation, declaration or notification: kind not known"),
}


class StatementTopic(StrEnum):
    """What a declaration or notification is about, where that matters to those who work with the treaty."""

    OPTIONAL_CLAUSE = "optional-clause"
    COMPETENCE = "competence"
    TERRITORIAL = "territorial"
    CENTRAL_AUTHORITY = "central-authority"
    EXTRADITION_BASIS = "extradition-basis"
    LANGUAGE = "language"
    DESIGNATED_AGENCY = "designated-agency"
    NON_RECOGNITION = "non-recognition"


class ObjectionEffect(StrEnum):
    """Whether an objecting State opposes entry into force between itself and the reserving State (art. 20(4)(b))."""

    EXCLUDES_TREATY = "excludes-treaty"
    TREATY_IN_FORCE = "treaty-in-force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Fact):
    """What a State or organization said about a treaty beside its treaty actions.

    `made_on` is the date of the statement, `received_on` that of its receipt by the depositary, `effective_on` that of
    its effect, each where a source states it. `not_before` and `known_by` are the limits of a date that is not known.
    `confirmed_on` is when a reservation made upon signature was confirmed (art. 23(2)). `towards` are those to whom it
    is addressed: the authors of what is objected to. `concerns` is the kind of statement that a withdrawal or a
    modification is about. `participant` is empty only for an objection of which the source names the target alone.
    """

    instrument: str
    participant: str = ""
    kind: StatementKind
    topic: StatementTopic | None = None
    article: str = ""
    made_on: PartialDate | None = None
    received_on: PartialDate | None = None
    effective_on: PartialDate | None = None
    not_before: PartialDate | None = None
    known_by: PartialDate | None = None
    confirmed_on: PartialDate | None = None
    withdrawn_on: PartialDate | None = None
    towards: tuple[str, ...] = ()
    effect: ObjectionEffect | None = None
    concerns: StatementKind | None = None
    territory: str = ""
    summary: str = ""
    text: str = ""
    language: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        if not self.participant and self.kind is not StatementKind.OBJECTION:
            raise ValueError("a statement names its author; only an objection may leave it out, where it is not known")
        if not self.participant and not self.towards:
            raise ValueError("an objection whose author is not known names those to whom it is addressed")
        if self.effect and self.kind is not StatementKind.OBJECTION:
            raise ValueError("only an objection says whether the treaty is in force between its author and another")
        if bool(self.concerns) != self.kind.concerns_another:
            raise ValueError("a withdrawal or a modification names the kind of statement that it concerns")
        if self.withdrawn_on and self.date and self.withdrawn_on.last < self.date.first:
            raise ValueError("a statement cannot be withdrawn before it was made")

    @property
    def subject(self) -> tuple[str, ...]:
        about = (self.topic or "", self.article, self.concerns or "", "|".join(self.towards), self.territory)
        return (self.instrument, self.participant, self.kind, *about)

    @property
    def date(self) -> PartialDate | None:
        """The date of the statement, or of its receipt where its own is not known."""
        return self.made_on or self.received_on

    @property
    def counts_from(self) -> Day | None:
        """The first date by which it had certainly been made; None where the data cannot tell."""
        found = self.date or self.known_by or self.effective_on
        return found.last if found else None

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that it names, in its order: `32(2)`, `32(3)`."""
        return provisions_in(self.article)

    def is_withdrawn_by(self, day: Day) -> bool:
        """Had it been withdrawn by that date, as far as its own row says?"""
        return self.withdrawn_on is not None and self.withdrawn_on.first <= day

    def names(self, provision: str) -> bool:
        """Does it name that provision, a part of it, or what it is a part of?"""
        return any(overlap(each, provision) for each in self.provisions)


def provisions_in(article: str) -> tuple[str, ...]:
    """The provisions in a list with semicolons: `("32(2)", "32(3)")` for `32(2); 32(3)`."""
    return tuple(each for part in article.split(";") if (each := " ".join(part.split())))


_PROVISION = re.compile(r"[A-Za-z. ]{0,16}(?:[0-9]|\b[IVXLC]+\b)[\w ().-]*", re.ASCII)


def is_provision(text: str) -> bool:
    """Is it written as a provision is: `35(2)`, `Art. 35`, `XI(1)(c)`, `16 bis`?"""
    return _PROVISION.fullmatch(text) is not None


_PART = re.compile(r"[0-9]+|[a-z]+|[A-Z]+", re.ASCII)


@lru_cache(maxsize=4096)
def _parts(provision: str) -> tuple[str, ...]:
    plain = re.sub(r"^(?:articles?|arts?\.?)\s*", "", provision.strip(), flags=re.IGNORECASE)
    return tuple(_PART.findall(plain))


def lies_within(inner: str, outer: str) -> bool:
    """Is the first provision the second, or a part of it? `35(2)` lies within `35`, `Art. 35` is `35`."""
    whole = _parts(outer)
    return bool(whole) and _parts(inner)[: len(whole)] == whole


def overlap(one: str, other: str) -> bool:
    """Is one of the two provisions a part of the other?"""
    return lies_within(one, other) or lies_within(other, one)


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
