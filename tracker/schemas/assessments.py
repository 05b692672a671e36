"""Answers about assessments: the schemes, who is on a list on a date, editions, and changes through time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from tracker.law import assessments
from tracker.law.assessments import ListChange, Scheme, SchemeEdition, editions, schemes
from tracker.law.evidence import EvidenceGrade, grade_of, weakest
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import Assessment
from tracker.schemas.values import (
    Code,
    ExactDay,
    From,
    Id,
    Named,
    Number,
    PartDay,
    answer_model,
    distinct_texts,
    named_participants,
)


@answer_model
class AssessmentItem:
    """One assessment or listing, and whether it applies on the day."""

    body: Id
    scheme: str
    participant: Code | None
    name: str | None
    value: str
    from_: From
    to: PartDay | None
    edition: str | None
    current: bool
    unverified: bool
    note: str
    source: str
    doubt: str
    grade: EvidenceGrade

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "body", "scheme", "participant", "name", "value", "from", "to", "edition", "unverified", "note", "source",
        "doubt", "grade",
    )  # fmt: skip
    BRIEF_COLUMNS: ClassVar[tuple[str, ...]] = (
        "participant", "name", "value", "from", "to", "edition", "unverified", "note", "source", "doubt", "grade",
    )  # fmt: skip


@answer_model
class Spell:
    """A run of one value, oldest edition first; without a value where part of the editions is not in our data."""

    value: str | None
    from_: From
    to: PartDay | None
    current: bool
    editions: list[str]
    absent: list[str]
    notes: list[str]
    sources: list[str]
    doubts: list[str]
    grade: EvidenceGrade | None


@answer_model
class SchemeCourses:
    """An assessment scheme: its body, its values, its number of entries on the day."""

    scheme: str
    body: Id
    body_name: str
    values: list[str]
    size: Number
    judgements: Number
    unverified: Number


@answer_model
class SchemeSpells(SchemeCourses):
    """How a participant fared under a scheme that has no usual name here."""

    spells: list[Spell]


@answer_model
class UsualName:
    """What something is usually called."""

    name: str


@answer_model
class UsualNameAndMeaning(UsualName):
    """What something is usually called, and what it is."""

    what: str


@answer_model
class Course(SchemeSpells, UsualName):
    """How a participant fared under a scheme."""


@answer_model
class CourseRow(Spell, UsualName):
    """A spell of a participant's course under a scheme."""

    participant: Code
    scheme: str

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "participant", "scheme", "name", "value", "from", "to", "current", "editions", "absent", "notes", "sources",
        "doubts", "grade",
    )  # fmt: skip


@answer_model
class Edition:
    """An edition of a scheme: its dates, its number of entries by value, and what is not in our data."""

    edition: str
    from_: From
    to: PartDay | None
    size: Number
    counts: dict[str, Number]
    absent: list[str]
    complete: bool
    unverified: Number

    COLUMNS: ClassVar[tuple[str, ...]] = ("edition", "from", "to", "size", "absent", "complete", "unverified")


@answer_model
class SchemeChange:
    """A day on which a list changed."""

    date: ExactDay
    size: Number
    came: list[Named]
    went: list[Named]
    changed: list[Named]
    absent: list[str]


@answer_model
class SchemeSummary(SchemeCourses, UsualNameAndMeaning):
    """A scheme, and which of its editions are in our data and which are not."""

    editions: list[str]
    incomplete: list[str]
    rounds: Number
    current_round: str | None
    absent: list[str]
    edition: str | None

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "scheme", "name", "body", "body_name", "values", "size", "judgements", "unverified", "editions", "incomplete",
        "rounds",
    )  # fmt: skip


@answer_model
class SchemeAnswer(SchemeCourses):
    """A scheme on the day: who is judged under it, its editions, its course.

    `data_to` is the last day of which our data on it tell, whatever the day asked; None where none is known. `unknown`
    are the editions due by the day of which our data tell nothing.
    """

    as_of: ExactDay | None
    data_to: ExactDay | None
    edition: str | None
    absent: list[str]
    held: list[AssessmentItem]
    editions: list[Edition]
    history: list[SchemeChange]
    rounds: list[AssessmentItem]
    unknown: list[AssessmentItem]


@answer_model
class SchemeDetail(SchemeAnswer, UsualNameAndMeaning):
    """Everything about a scheme on the day."""


def schemes_answer(ledger: Ledger) -> list[SchemeCourses]:
    """One row for each scheme: whose it is, its values, how many it holds on the ledger's day."""
    return [_scheme(ledger, each) for each in assessments.schemes(ledger)]


def scheme_answer(ledger: Ledger, scheme: str) -> SchemeAnswer:
    """Everything about a scheme on the ledger's day; NotFound for an unknown one.

    `absent` are the values that the record lacks in the edition of the day: `size` then counts only the rest.
    """
    held = assessments.assessments_in_force(ledger, scheme)
    found = next(each for each in assessments.schemes(ledger) if each.id == scheme)
    edition = assessments.edition_on(ledger, scheme, ledger.horizon)
    return SchemeAnswer(
        **vars(_scheme(ledger, found)),
        as_of=ledger.day,
        data_to=assessments.data_end(ledger, scheme),
        edition=edition.name if edition else None,
        absent=list(edition.absent) if edition else [],
        held=sorted((judgement_answer(ledger, each) for each in held.values()), key=lambda row: str(row.name)),
        editions=[_edition(each) for each in assessments.editions(ledger, scheme)],
        history=[_change(ledger, each) for each in assessments.list_changes(ledger, scheme)],
        rounds=[judgement_answer(ledger, each) for each in assessments.evaluation_rounds(ledger, scheme)],
        unknown=[judgement_answer(ledger, each) for each in assessments.unknown_editions(ledger, scheme)],
    )


def judgements_answer(ledger: Ledger, participant: str) -> list[AssessmentItem]:
    """One row for each judgement of a participant up to the ledger's day; NotFound for a stranger."""
    return [judgement_answer(ledger, each) for each in assessments.assessments_of(ledger, participant)]


def courses_answer(ledger: Ledger, participant: str) -> list[SchemeSpells]:
    """How a participant fared under each scheme that ever judged it, up to the ledger's day; NotFound for a stranger.

    A scheme's `spells` are runs of one value, oldest first. In a spell without a value the record
    cannot tell: it lacks a part (`absent`) of the editions named.
    """
    judged = judgements_answer(ledger, participant)
    by_scheme = {found.id: [each for each in judged if each.scheme == found.id] for found in schemes(ledger)}
    return [
        SchemeSpells(**vars(_scheme(ledger, found)), spells=_spells(ledger, found.id, by_scheme[found.id]))
        for found in schemes(ledger)
        if by_scheme[found.id]
    ]


def _spells(ledger: Ledger, scheme: str, judged: list[AssessmentItem]) -> list[Spell]:
    by_edition = {each.edition: each for each in judged if each.edition}
    placed = [_spell(each) for each in judged if not each.edition]
    for edition in editions(ledger, scheme) if by_edition else ():
        if found := by_edition.get(edition.name):
            placed.append(_spell(found))
        elif edition.absent:
            placed.append(_unknown_spell(edition))
    return [_join_spells(list(run)) for run in _runs(placed)]


def _spell(judged: AssessmentItem) -> Spell:
    return Spell(
        value=judged.value,
        from_=judged.from_,
        to=judged.to,
        current=judged.current,
        editions=distinct_texts([judged.edition or ""]),
        absent=[],
        notes=distinct_texts([judged.note]),
        sources=distinct_texts([judged.source]),
        doubts=distinct_texts([judged.doubt]),
        grade=judged.grade,
    )


def _unknown_spell(edition: SchemeEdition) -> Spell:
    return Spell(
        value=None,
        from_=edition.start,
        to=edition.end,
        current=edition.end is None,
        editions=[edition.name],
        absent=list(edition.absent),
        notes=[],
        sources=[],
        doubts=[],
        grade=None,
    )


def _runs(spells: list[Spell]) -> Iterator[list[Spell]]:
    """Spells one after the other that say the same of editions that follow each other."""
    run: list[Spell] = []
    for each in spells:
        if run and not (each.editions and each.value == run[-1].value and each.from_ == run[-1].to):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _join_spells(run: list[Spell]) -> Spell:
    return replace(
        run[0],
        to=run[-1].to,
        current=any(each.current for each in run),
        editions=distinct_texts(text for each in run for text in each.editions),
        absent=distinct_texts(text for each in run for text in each.absent),
        notes=distinct_texts(text for each in run for text in each.notes),
        sources=distinct_texts(text for each in run for text in each.sources),
        doubts=distinct_texts(text for each in run for text in each.doubts),
        grade=weakest(each.grade for each in run if each.grade),
    )


def judgement_answer(ledger: Ledger, judged: Assessment) -> AssessmentItem:
    """One judgement, and whether it holds on the ledger's day."""
    return AssessmentItem(
        body=judged.body,
        scheme=judged.scheme,
        participant=judged.participant or None,
        name=name_of(ledger, judged.participant) if judged.participant else None,
        value=judged.value,
        from_=judged.start,
        to=judged.end,
        edition=judged.edition or None,
        current=assessments.is_in_force(judged, ledger.horizon),
        unverified=judged.unverified,
        note=judged.note,
        source=judged.source,
        doubt=judged.doubt,
        grade=grade_of(judged),
    )


def _scheme(ledger: Ledger, found: Scheme) -> SchemeCourses:
    body = ledger.bodies.get(found.body)
    return SchemeCourses(
        scheme=found.id,
        body=found.body,
        body_name=body.short_name if body else found.body,
        values=list(found.values),
        size=found.size,
        judgements=found.judgements,
        unverified=found.unverified,
    )


def _edition(edition: SchemeEdition) -> Edition:
    return Edition(
        edition=edition.name,
        from_=edition.start,
        to=edition.end,
        size=edition.size,
        counts=dict(edition.counts),
        absent=list(edition.absent),
        complete=edition.complete,
        unverified=edition.unverified,
    )


def _change(ledger: Ledger, change: ListChange) -> SchemeChange:
    return SchemeChange(
        date=change.day,
        size=change.size,
        came=named_participants(ledger, change.came),
        went=named_participants(ledger, change.went),
        changed=named_participants(ledger, change.changed),
        absent=list(change.absent),
    )
