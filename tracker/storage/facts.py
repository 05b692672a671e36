"""The kinds of fact that the record keeps, the file of each and its columns: one declarative table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tracker.law.model import (
    Action,
    ActionKind,
    Aim,
    Assessment,
    Body,
    Fact,
    Instrument,
    InstrumentKind,
    Mandate,
    Membership,
    Metric,
    Participant,
    ParticipantKind,
    PublishedCount,
    Target,
    TargetKind,
    Weight,
)
from tracker.storage import codecs
from tracker.storage.codecs import CODE, DAY, DECIMAL, DELAY, ID, LONG_ID, NAMES, NUMBER, TEXT, URL, Codec


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file, and the field of the fact it stands for.

    `refers` is the noun whose code or id the value must be; `default` what an empty value means.
    """

    name: str
    form: Codec = TEXT
    field: str = ""
    required: bool = False
    refers: type[Fact] | None = None
    default: Any = None

    @property
    def of(self) -> str:
        """The name of the fact's field."""
        return self.field or self.name

    @property
    def when_empty(self) -> Any:
        """What an empty value stands for."""
        return self.form.empty if self.default is None else self.default


@dataclass(frozen=True, slots=True)
class FactSchema:
    """A sort of fact, with its file and columns.

    A `single` noun has one live fact a subject (a code is defined once); of the others several
    sources may each say something. `spans` are pairs of columns of which the second is not earlier.
    """

    fact: type[Fact]
    file: str
    columns: tuple[Column, ...]
    single: bool = False
    spans: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in the order in which they are written."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that no row may leave empty."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def referring(self) -> tuple[Column, ...]:
        """The columns that name other things."""
        return tuple(column for column in self.columns if column.refers)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


_SOURCE = (Column("source", required=True), Column("doubt"))
_NOTED = (Column("note"), *_SOURCE)

FACT_SCHEMAS = (
    FactSchema(
        Participant,
        "participants.csv",
        (
            Column("code", CODE, required=True),
            Column("name", required=True),
            Column("kind", codecs.choice_codec(ParticipantKind, "a kind of participant"), required=True),
            Column("iso2"),
            Column("region"),
            Column("subregion"),
            Column("un_group"),
            Column("un_member_since", DAY),
            Column("exists_from", DAY),
            Column("exists_to", DAY),
            Column("successors", NAMES, refers=Participant),
            Column("aliases", NAMES),
            *_NOTED,
        ),
        single=True,
        spans=(("exists_from", "exists_to"),),
    ),
    FactSchema(
        Instrument,
        "treaties.csv",
        (
            Column("id", ID, required=True),
            Column("reference"),
            Column("short_name"),
            Column("title", required=True),
            Column("aliases", NAMES),
            Column("kind", codecs.choice_codec(InstrumentKind, "a kind of instrument"), required=True),
            Column("parent", refers=Instrument),
            Column("subject", field="subject_matter"),
            Column("adopted_on", DAY),
            Column("adopted_at"),
            Column("opened_on", DAY),
            Column("closed_on", DAY),
            Column("depositary"),
            Column("threshold", NUMBER),
            Column("delay", DELAY),
            Column("party_delay", DELAY),
            Column("conditions"),
            Column("withdrawal_delay", DELAY),
            Column("article"),
            Column("in_force_on", DAY),
            Column("registration"),
            Column("url", URL),
            *_SOURCE,
        ),
        single=True,
        spans=(("opened_on", "closed_on"),),
    ),
    FactSchema(
        Body,
        "bodies.csv",
        (
            Column("id", ID, required=True),
            Column("name", required=True),
            Column("acronym"),
            Column("kind"),
            Column("parent", refers=Body),
            Column("established_on", DAY),
            Column("dissolved_on", DAY),
            Column("url", URL),
            *_NOTED,
        ),
        single=True,
        spans=(("established_on", "dissolved_on"),),
    ),
    FactSchema(
        Action,
        "parties.csv",
        (
            Column("treaty", field="instrument", required=True, refers=Instrument),
            Column("participant", required=True, refers=Participant),
            Column("action", codecs.choice_codec(ActionKind, "a treaty action"), field="kind", required=True),
            Column("date", DAY),
            Column("effective_on", DAY),
            Column("territory"),
            *_NOTED,
        ),
    ),
    FactSchema(
        Membership,
        "memberships.csv",
        (
            Column("body", required=True, refers=Body),
            Column("participant", required=True, refers=Participant),
            Column("role", default="member"),
            Column("from", DAY, field="start"),
            Column("to", DAY, field="end"),
            *_NOTED,
        ),
        spans=(("from", "to"),),
    ),
    FactSchema(
        Mandate,
        "mandates.csv",
        (
            Column("body", required=True, refers=Body),
            Column("treaty", field="instrument", required=True, refers=Instrument),
            Column("relation", required=True),
            Column("basis"),
            *_SOURCE,
        ),
    ),
    FactSchema(
        Assessment,
        "assessments.csv",
        (
            Column("body", required=True, refers=Body),
            Column("scheme", required=True),
            Column("participant", refers=Participant),
            Column("value", required=True),
            Column("from", DAY, field="start"),
            Column("to", DAY, field="end"),
            Column("edition"),
            *_NOTED,
        ),
        spans=(("from", "to"),),
    ),
    FactSchema(
        Target,
        "targets.csv",
        (
            Column("id", LONG_ID, required=True),
            Column("goal", required=True),
            Column("indicator"),
            Column("measure"),
            Column("unit"),
            Column("metric", replace(codecs.choice_codec(Metric, "a metric"), empty=None)),
            Column("treaty", field="instrument", refers=Instrument),
            Column("scheme"),
            Column("among"),
            Column("bodies", NAMES, refers=Body),
            Column("kind", codecs.choice_codec(TargetKind, "a kind of target"), required=True),
            Column("aim", codecs.choice_codec(Aim, "an aim"), default=Aim.AT_LEAST),
            Column("value", NUMBER),
            Column("on", DAY, required=True),
            Column("since", DAY),
            Column("fiscal_year", NUMBER),
            Column("text"),
            *_SOURCE,
        ),
        single=True,
        spans=(("since", "on"),),
    ),
    FactSchema(
        PublishedCount,
        "counts.csv",
        (
            Column("treaty", field="instrument", required=True, refers=Instrument),
            Column("on", DAY, required=True),
            Column("signatories", NUMBER),
            Column("parties", NUMBER),
            *_SOURCE,
        ),
    ),
    FactSchema(
        Weight,
        "weights.csv",
        (
            Column("table", ID, required=True),
            Column("participant", required=True, refers=Participant),
            Column("value", DECIMAL, required=True),
            Column("on", DAY),
            *_SOURCE,
        ),
        single=True,
    ),
)

SCHEMA_BY_FILE = {noun.file: noun for noun in FACT_SCHEMAS}
SCHEMA_BY_TYPE = {noun.fact: noun for noun in FACT_SCHEMAS}
