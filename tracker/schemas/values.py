"""The parts that many answers share: types of single values, participants by name, treaty actions, spans of days.

An answer is one dataclass: its fields are the keys of the JSON and the columns of the CSV, its types are what the
OpenAPI document says, and pages and commands read its attributes. Days stay days until one of them is written. A
field whose key is a word of Python's has an underscore behind it (`from_` for `from`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar, dataclass_transform

from pydantic import Field, GetPydanticSchema

from tracker.law.counts import CountSpan
from tracker.law.coverage import left_out_in_words, shortfall_in_words
from tracker.law.dates import PartialDate
from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action, ActionKind, Participant, ParticipantKind

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def answer_model(model: type[T]) -> type[T]:
    """Make a class the model of an answer: a dataclass that takes keywords alone and is not changed once made.

    The type checker sees to the latter, not the program: frozen dataclasses take three times as long to define, which
    every command waits for, and to make, which happens thousands of times for a matrix.
    """
    return dataclass(kw_only=True)(model)


def written_as(form: Any) -> GetPydanticSchema:
    """What the OpenAPI document says of a value that is of another type until it is written."""
    return GetPydanticSchema(lambda _source, handler: handler(form))


_DAY_OR_PART = written_as(
    Annotated[
        str,
        Field(
            pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
            description="A day, or a month or a year where our data have no more.",
            json_schema_extra={"examples": ["2003-09-29", "2003-09", "2003"]},
        ),
    ]
)
_DAY = written_as(Annotated[str, Field(json_schema_extra={"format": "date", "examples": ["2003-09-29"]})])
PartDay = Annotated[PartialDate, _DAY_OR_PART]
ExactDay = Annotated[date, _DAY_OR_PART]  # of which the record knows the day whenever it knows anything
AnyDay = Annotated[PartialDate | date, _DAY_OR_PART]
IsoDay = Annotated[date, _DAY]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time", "examples": ["2026-11-02T08:30:00Z"]})]
From = Annotated[PartDay | None, Field(alias="from")]
FromDay = Annotated[ExactDay, Field(alias="from")]
Number = Annotated[int, Field(ge=0)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9-]+$", json_schema_extra={"examples": ["FRA", "EU"]})]
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", json_schema_extra={"examples": ["untoc"]})]
UriReference = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]


@answer_model
class Named:
    """A participant by code and name."""

    participant: Code
    name: str


@answer_model
class NamedStatus(Named):
    """A participant as the head of a row."""

    kind: ParticipantKind
    region: str
    un_group: str


@answer_model
class TreatyAction:
    """One treaty action."""

    instrument: Id
    instrument_name: str
    participant: Code
    name: str
    action: ActionKind
    words: str
    date: PartDay | None
    effective_on: PartDay | None
    not_before: PartDay | None
    known_by: PartDay | None
    territory: str
    note: str
    source: str
    doubt: str
    grade: EvidenceGrade


@answer_model
class Span:
    """From the first day to the last, both included; the last is empty where it has not ended."""

    from_: FromDay
    to: ExactDay | None


@answer_model
class Step:
    """One step of a working."""

    about: str
    text: str
    day: ExactDay | None


def iso_date(day: date | PartialDate | None) -> str | None:
    """The day in ISO 8601, as far as it is known."""
    return str(day) if day else None


def action_answer(ledger: Ledger, act: Action) -> TreatyAction:
    """One treaty action, with the names of who did it and on what."""
    return TreatyAction(
        instrument=act.instrument,
        instrument_name=title_of(ledger, act.instrument),
        participant=act.participant,
        name=name_of(ledger, act.participant),
        action=act.kind,
        words=act.kind.words,
        date=act.date,
        effective_on=act.effective_on,
        not_before=act.not_before,
        known_by=act.known_by,
        territory=act.territory,
        note=act.note,
        source=act.source,
        doubt=act.doubt,
        grade=grade_of(act),
    )


@answer_model
class LeftOut:
    """The instruments that a total or comparison leaves out, because our data on them are partial; and a sentence.

    `shortfall_words` names those that are counted though a known number of actions is not in our data.
    """

    left_out: list[Id]
    left_out_words: str
    shortfall_words: str


def left_out_answer(ledger: Ledger, ids: Collection[str]) -> LeftOut:
    """What an answer says of the instruments that it leaves out."""
    return LeftOut(
        left_out=list(ids), left_out_words=left_out_in_words(ledger, ids), shortfall_words=shortfall_in_words(ledger)
    )


def who_answer(who: Participant) -> NamedStatus:
    """A participant as the head of a row."""
    return NamedStatus(participant=who.code, name=who.name, kind=who.kind, region=who.region, un_group=who.un_group)


def span_answer(span: CountSpan) -> Span:
    """Days on which a count held."""
    return Span(from_=span.first, to=span.last)


def named_participants(ledger: Ledger, codes: Iterable[str]) -> list[Named]:
    """Participants as code and name, in the order of their names."""
    found = [Named(participant=code, name=name_of(ledger, code)) for code in codes]
    return sorted(found, key=lambda each: each.name)


def distinct_texts(texts: Iterable[str]) -> list[str]:
    """The texts that say something, each once, in their order."""
    return list(dict.fromkeys(filter(None, texts)))
