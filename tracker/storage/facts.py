"""The fact types that the record keeps: the data file, the table and the columns of each, all in one declaration.

The tables (`tables`), the reading and writing of data files, their checks, the data dictionary and the data package
derive from it. What a fact means to the law is in `tracker.law.model`; each column has its field there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tracker.law.model import (
    Action,
    ActionKind,
    Assessment,
    Body,
    Coverage,
    CoverageAspect,
    CoverageState,
    Fact,
    Instrument,
    InstrumentEvent,
    InstrumentKind,
    Mandate,
    Membership,
    Participant,
    ParticipantKind,
    PublishedCount,
    Weight,
)
from tracker.law.target_facts import Aim, Metric, Target, TargetKind
from tracker.storage.codecs import (
    CODE,
    DAY,
    DECIMAL,
    DELAY,
    ID,
    LONG_ID,
    NAMES,
    NUMBER,
    TEXT,
    URL,
    Codec,
    choice_codec,
)


@dataclass(frozen=True)
class Column:
    """A column of a data file: how its values are written, what they mean, and what must be true of them.

    `field` is the fact's field, where its name is another. `refers` is the fact type whose code or id the value must
    be, `not_before` the column of a day that this day may not be earlier than. What an empty value stands for is the
    field's default.
    """

    name: str
    codec: Codec
    meaning: str
    field: str = ""
    required: bool = False
    refers: type[Fact] | None = None
    not_before: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "field", self.field or self.name)

    @cached_property
    def stored_as(self) -> str:
        """The name of the table's column: `id` is the row's own number there."""
        return "code" if self.field == "id" else self.field

    @property
    def several(self) -> bool:
        """Is a value a list, with bars between?"""
        return self.codec is NAMES


@dataclass(frozen=True)
class FactSchema:
    """A fact type: what one such fact is called, its table, its data file and the columns of both.

    The first column says what a fact is about. No two live facts agree in the columns of the `key`; without a key,
    several sources may each say something of one subject.
    """

    fact: type[Fact]
    name: str
    table: str
    file: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The key, where none of its columns may be empty: what other tools know as a primary key."""
        return self.key if all(self.column(name).required for name in self.key) else ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in the order in which they are written."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def referring(self) -> tuple[tuple[Column, type[Fact]], ...]:
        """The columns that name other facts, each with the type of those."""
        return tuple((column, column.refers) for column in self.columns if column.refers)

    @cached_property
    def spans(self) -> tuple[tuple[Column, Column], ...]:
        """The pairs of columns of which the second holds a day not earlier than the first."""
        return tuple((self.column(end.not_before), end) for end in self.columns if end.not_before)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


_PARTICIPANT_KIND = choice_codec(ParticipantKind, "a kind of participant")
_INSTRUMENT_KIND = choice_codec(InstrumentKind, "a kind of instrument")
_ACTION_KIND = choice_codec(ActionKind, "a treaty action")
_SOURCED = (
    Column("source", TEXT, "Where the fact comes from.", required=True),
    Column("doubt", TEXT, "Why the fact is not certain, in words."),
)
_NOTED = (Column("note", TEXT, "A remark."), *_SOURCED)

FACT_SCHEMAS = (
    FactSchema(
        Participant,
        name="participant",
        table="participants",
        file="participants.csv",
        meaning="States, former States, organizations and territories that can act on treaties.",
        key=("code",),
        columns=(
            Column(
                "code",
                CODE,
                "The participant's code: ISO 3166-1 alpha-3 for States, one of its own for others.",
                required=True,
            ),
            Column("name", TEXT, "The name in English.", required=True),
            Column("kind", _PARTICIPANT_KIND, "What sort of participant it is.", required=True),
            Column("iso2", TEXT, "The ISO 3166-1 alpha-2 code."),
            Column("region", TEXT, "The region."),
            Column("subregion", TEXT, "The part of the region."),
            Column("un_group", TEXT, "The regional group of the United Nations."),
            Column("un_member_since", DAY, "The day of admission to the United Nations."),
            Column("exists_from", DAY, "The day since which it exists."),
            Column("exists_to", DAY, "The day on which it ceased to exist.", not_before="exists_from"),
            Column("successors", NAMES, "The codes of the States that came after it.", refers=Participant),
            Column("continues", NAMES, "Earlier codes of the same State, whose acts are its own.", refers=Participant),
            Column("aliases", NAMES, "Other names that sources use."),
            *_NOTED,
        ),
    ),
    FactSchema(
        Instrument,
        name="instrument",
        table="instruments",
        file="treaties.csv",
        meaning="Instruments with their final clauses.",
        key=("id",),
        columns=(
            Column("id", ID, "The instrument's id.", required=True),
            Column("reference", TEXT, "The number in the UN Treaty Collection or another collection."),
            Column("short_name", TEXT, "The usual short name."),
            Column("title", TEXT, "The full title.", required=True),
            Column("aliases", NAMES, "Other names that people use for it."),
            Column("kind", _INSTRUMENT_KIND, "What sort of instrument it is.", required=True),
            Column("parent", TEXT, "The id of the convention that it belongs to.", refers=Instrument),
            Column("subject", TEXT, "What it is about.", field="subject_matter"),
            Column("adopted_on", DAY, "The day of adoption."),
            Column("adopted_at", TEXT, "The place of adoption."),
            Column("opened_on", DAY, "The first day for signing."),
            Column("closed_on", DAY, "The last day for signing.", not_before="opened_on"),
            Column("depositary", TEXT, "With whom instruments of consent are deposited."),
            Column("threshold", NUMBER, "The number of deposits needed for entry into force."),
            Column("delay", DELAY, "The period from the threshold to entry into force, such as 90d."),
            Column("party_delay", DELAY, "The period from a later deposit until it binds."),
            Column(
                "conditions", TEXT, "Further conditions of the final clauses, in the grammar of the chapter on clauses."
            ),
            Column("withdrawal_delay", DELAY, "The period from notice of withdrawal until it takes effect."),
            Column("article", TEXT, "The article on entry into force."),
            Column("in_force_on", DAY, "The day of entry into force as the depositary states it."),
            Column("registration", TEXT, "The registration number with the UN Secretariat."),
            Column("url", URL, "A web address about it."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        Body,
        name="body",
        table="bodies",
        file="bodies.csv",
        meaning="Bodies that live around the instruments.",
        key=("id",),
        columns=(
            Column("id", ID, "The body's id.", required=True),
            Column("name", TEXT, "The name in English.", required=True),
            Column("acronym", TEXT, "The usual acronym."),
            Column("kind", TEXT, "What sort of body it is."),
            Column("parent", TEXT, "The id of the body that it is part of.", refers=Body),
            Column("established_on", DAY, "The day on which it was set up."),
            Column("dissolved_on", DAY, "The day on which it came to an end.", not_before="established_on"),
            Column("url", URL, "A web address about it."),
            *_NOTED,
        ),
    ),
    FactSchema(
        Action,
        name="action",
        table="actions",
        file="parties.csv",
        meaning="Treaty actions: who did what towards which instrument, and when.",
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("participant", TEXT, "The code of the participant that acted.", required=True, refers=Participant),
            Column("action", _ACTION_KIND, "The kind of treaty action.", field="kind", required=True),
            Column("date", DAY, "The day of the act; of a deposit, the day of the deposit."),
            Column("effective_on", DAY, "The day on which the act took effect, where a source states it."),
            Column("not_before", DAY, "The day before which it had not been done, where its own day is not known."),
            Column("known_by", DAY, "The day by which it had been done, where its own day is not known."),
            Column("territory", TEXT, "The territory that the act is for, where it is not for all."),
            Column("not_counted", TEXT, "Why the depositary did not count the deposit, where it did not."),
            *_NOTED,
        ),
    ),
    FactSchema(
        Membership,
        name="membership",
        table="memberships",
        file="memberships.csv",
        meaning="Who belongs to which body, in which role, from when to when.",
        columns=(
            Column("body", TEXT, "The id of the body.", required=True, refers=Body),
            Column("participant", TEXT, "The code of the participant.", required=True, refers=Participant),
            Column("role", TEXT, "The role: member, observer, suspended ..."),
            Column("from", DAY, "The first day.", field="start"),
            Column("to", DAY, "The day on which it was no longer so.", field="end", not_before="from"),
            *_NOTED,
        ),
    ),
    FactSchema(
        Mandate,
        name="mandate",
        table="mandates",
        file="mandates.csv",
        meaning="What a body has to do with an instrument.",
        columns=(
            Column("body", TEXT, "The id of the body.", required=True, refers=Body),
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("relation", TEXT, "What the body has to do with it.", required=True),
            Column("basis", TEXT, "On what that rests."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        Assessment,
        name="assessment",
        table="assessments",
        file="assessments.csv",
        meaning="Judgements of bodies on participants under their schemes.",
        columns=(
            Column("body", TEXT, "The id of the body that judged.", required=True, refers=Body),
            Column("scheme", TEXT, "The id of the scheme of judgements.", required=True),
            Column(
                "participant",
                TEXT,
                "The code of the participant judged; empty for a round of the scheme itself.",
                refers=Participant,
            ),
            Column("value", TEXT, "The judgement.", required=True),
            Column("from", DAY, "The first day.", field="start"),
            Column("to", DAY, "The day on which it was no longer so.", field="end", not_before="from"),
            Column("edition", TEXT, "The edition of the list or report."),
            *_NOTED,
        ),
    ),
    FactSchema(
        Target,
        name="target",
        table="targets",
        file="targets.csv",
        meaning="Goals and reported figures to hold against the record.",
        key=("id",),
        columns=(
            Column("id", LONG_ID, "The figure's id.", required=True),
            Column("goal", TEXT, "The goal or plan that it belongs to.", required=True),
            Column("indicator", TEXT, "The indicator."),
            Column("measure", TEXT, "What is measured."),
            Column("unit", TEXT, "The unit."),
            Column("metric", choice_codec(Metric, "a metric"), "What the record counts for it; empty where it cannot."),
            Column("treaty", TEXT, "The id of the instrument that is counted.", field="instrument", refers=Instrument),
            Column("scheme", TEXT, "The scheme whose list is counted."),
            Column("among", TEXT, "The value in that list which is counted."),
            Column("bodies", NAMES, "The ids of the bodies that are counted.", refers=Body),
            Column("kind", choice_codec(TargetKind, "a kind of target"), "Reported or to be reached.", required=True),
            Column("aim", choice_codec(Aim, "an aim"), "Whether the figure is to be reached or not to be passed."),
            Column("value", NUMBER, "The figure."),
            Column("on", DAY, "The day that it is for.", required=True, not_before="since"),
            Column("since", DAY, "The day that it is compared with."),
            Column("fiscal_year", NUMBER, "The fiscal year that it is for."),
            Column("text", TEXT, "The source's own words."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        PublishedCount,
        name="count",
        table="counts",
        file="counts.csv",
        meaning="Status counts as somebody published them.",
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("on", DAY, "The day that the count is for.", required=True),
            Column("signatories", NUMBER, "How many signatories were published."),
            Column("parties", NUMBER, "How many parties were published."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        Weight,
        name="weight",
        table="weights",
        file="weights.csv",
        meaning="Participants' figures in tables by which a clause weighs deposits.",
        key=("table", "participant", "on"),
        columns=(
            Column("table", ID, "The id of the table of weights.", required=True),
            Column("participant", TEXT, "The code of the participant.", required=True, refers=Participant),
            Column("value", DECIMAL, "The participant's figure.", required=True),
            Column("on", DAY, "The day from which the figure counts; empty for one that always counts."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        InstrumentEvent,
        name="event",
        table="events",
        file="events.csv",
        meaning="What happened to instruments beside the acts of participants: decisions, certificates, their end.",
        key=("treaty", "event"),
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("event", ID, "The word by which a clause asks for it; `termination` for its end.", required=True),
            Column("on", DAY, "The day on which it happened.", required=True),
            *_NOTED,
        ),
    ),
    FactSchema(
        Coverage,
        name="coverage",
        table="coverage",
        file="coverage.csv",
        meaning="How complete the data are of an instrument's signatures and consents, and up to which day.",
        key=("treaty", "aspect"),
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("aspect", choice_codec(CoverageAspect, "an aspect"), "Signatures or consents.", required=True),
            Column("state", choice_codec(CoverageState, "a state"), "Complete or partial.", required=True),
            Column("as_of", DAY, "The day up to which that is so.", required=True),
            Column("expected", NUMBER, "How many a complete record would have on that day."),
            *_NOTED,
        ),
    ),
)

SCHEMA_BY_FILE = {schema.file: schema for schema in FACT_SCHEMAS}
SCHEMA_BY_TYPE = {schema.fact: schema for schema in FACT_SCHEMAS}
