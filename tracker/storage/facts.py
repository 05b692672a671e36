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
    ParticipantCode,
    ParticipantKind,
    PublishedCount,
    Weight,
)
from tracker.law.reference_facts import (
    Aim,
    Metric,
    ObjectionEffect,
    Statement,
    StatementKind,
    StatementTopic,
    Target,
    TargetKind,
)
from tracker.storage.codecs import (
    ACCESSION_TERMS,
    CODE,
    DAY,
    DECIMAL,
    DELAY,
    ID,
    LONG_ID,
    NAMES,
    NUMBER,
    RESERVATION_TERMS,
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
_STATEMENT_KIND = choice_codec(StatementKind, "a kind of statement")
_SOURCED = (
    Column("source", TEXT, "Where the fact comes from.", required=True),
    Column("doubt", TEXT, "Why the fact is uncertain or unverified."),
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
            Column(
                "iso2", TEXT, "The ISO 3166-1 alpha-2 code. Namibia's is NA, which some tools read as a missing value."
            ),
            Column("region", TEXT, "The region."),
            Column("subregion", TEXT, "The part of the region."),
            Column("un_group", TEXT, "The regional group of the United Nations."),
            Column("un_member_since", DAY, "Date of admission to the United Nations."),
            Column("exists_from", DAY, "Date since which it exists."),
            Column("exists_to", DAY, "Date on which it ceased to exist.", not_before="exists_from"),
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
        meaning="Treaties with their final clauses.",
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
            Column("adopted_on", DAY, "Date of adoption."),
            Column("adopted_at", TEXT, "The place of adoption."),
            Column("opened_on", DAY, "Date of opening for signature."),
            Column("closed_on", DAY, "Closing date for signature.", not_before="opened_on"),
            Column("depositary", TEXT, "With whom instruments of consent are deposited."),
            Column("threshold", NUMBER, "The number of deposits needed for entry into force."),
            Column("delay", DELAY, "The period from the threshold to entry into force, such as 90d."),
            Column("party_delay", DELAY, "The period from a later deposit until it binds."),
            Column(
                "conditions", TEXT, "Further conditions of the final clauses, in the grammar of the chapter on clauses."
            ),
            Column("withdrawal_delay", DELAY, "The period from notice of withdrawal until it takes effect."),
            Column("article", TEXT, "The article on entry into force."),
            Column("in_force_on", DAY, "Date of entry into force given by the depositary."),
            Column("registration", TEXT, "The registration number with the UN Secretariat."),
            Column("url", URL, "A web address about it."),
            Column(
                "reservations", RESERVATION_TERMS, "What the treaty says of reservations; empty where it is silent."
            ),
            Column("disputes", TEXT, "The provisions on disputes that a party may exclude, such as 35(2)."),
            Column("accessions", ACCESSION_TERMS, "Whether an accession must be accepted; empty where it need not."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        Body,
        name="body",
        table="bodies",
        file="bodies.csv",
        meaning="Depositaries, secretariats, governing bodies and review mechanisms.",
        key=("id",),
        columns=(
            Column("id", ID, "The body's id.", required=True),
            Column("name", TEXT, "The name in English.", required=True),
            Column("acronym", TEXT, "The usual acronym."),
            Column("kind", TEXT, "What sort of body it is."),
            Column("parent", TEXT, "The id of the body that it is part of.", refers=Body),
            Column("established_on", DAY, "Date of establishment."),
            Column("dissolved_on", DAY, "Date of dissolution.", not_before="established_on"),
            Column("url", URL, "A web address about it."),
            *_NOTED,
        ),
    ),
    FactSchema(
        Action,
        name="action",
        table="actions",
        file="parties.csv",
        meaning="Treaty actions by participant, treaty and date.",
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("participant", TEXT, "The code of the participant that acted.", required=True, refers=Participant),
            Column("action", _ACTION_KIND, "The kind of treaty action.", field="kind", required=True),
            Column("date", DAY, "Date of the action; for a deposit, the date of deposit."),
            Column("effective_on", DAY, "Date of effect, where a source states it."),
            Column("not_before", DAY, "Earliest possible date, where the date is not known."),
            Column("known_by", DAY, "Latest possible date, where the date is not known."),
            Column("territory", TEXT, "The territory that the act is for, where it is not for all."),
            Column("towards", TEXT, "The State whose accession is accepted or objected to.", refers=Participant),
            Column("not_counted", TEXT, "Why the depositary did not count the deposit, where it did not."),
            *_NOTED,
        ),
    ),
    FactSchema(
        Membership,
        name="membership",
        table="memberships",
        file="memberships.csv",
        meaning="Memberships in bodies, with role and dates.",
        columns=(
            Column("body", TEXT, "The id of the body.", required=True, refers=Body),
            Column("participant", TEXT, "The code of the participant.", required=True, refers=Participant),
            Column("role", TEXT, "The role: member, observer, suspended ..."),
            Column("from", DAY, "First date.", field="start"),
            Column("to", DAY, "Date on which it ended.", field="end", not_before="from"),
            *_NOTED,
        ),
    ),
    FactSchema(
        Mandate,
        name="mandate",
        table="mandates",
        file="mandates.csv",
        meaning="Relations of bodies to treaties.",
        columns=(
            Column("body", TEXT, "The id of the body.", required=True, refers=Body),
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("relation", TEXT, "The relation.", required=True),
            Column("basis", TEXT, "On what that rests."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        Assessment,
        name="assessment",
        table="assessments",
        file="assessments.csv",
        meaning="Assessments and listings of participants by bodies.",
        columns=(
            Column("body", TEXT, "The id of the body.", required=True, refers=Body),
            Column("scheme", TEXT, "The id of the assessment or list.", required=True),
            Column(
                "participant",
                TEXT,
                "The code of the participant; empty for a round of the assessment itself.",
                refers=Participant,
            ),
            Column(
                "value",
                TEXT,
                "The category; without a participant, `unknown` for an edition whose outcome the data lack.",
                required=True,
            ),
            Column("from", DAY, "First date.", field="start"),
            Column("to", DAY, "Date on which it ended.", field="end", not_before="from"),
            Column("edition", TEXT, "The edition of the list or report."),
            *_NOTED,
        ),
    ),
    FactSchema(
        Target,
        name="target",
        table="targets",
        file="targets.csv",
        meaning="Targets and reported figures, to be checked against the data.",
        key=("id",),
        columns=(
            Column("id", LONG_ID, "The figure's id.", required=True),
            Column("goal", TEXT, "The goal or plan that it belongs to.", required=True),
            Column("indicator", TEXT, "The indicator."),
            Column("measure", TEXT, "What is measured."),
            Column("unit", TEXT, "The unit."),
            Column("metric", choice_codec(Metric, "a metric"), "What is counted; empty where not computed."),
            Column("treaty", TEXT, "The id of the instrument that is counted.", field="instrument", refers=Instrument),
            Column("scheme", TEXT, "The scheme whose list is counted."),
            Column("among", TEXT, "The value in that list which is counted."),
            Column("bodies", NAMES, "The ids of the bodies that are counted.", refers=Body),
            Column("kind", choice_codec(TargetKind, "a kind of target"), "Reported or to be reached.", required=True),
            Column("aim", choice_codec(Aim, "an aim"), "Whether the figure is to be reached or not to be passed."),
            Column("value", NUMBER, "The figure."),
            Column("on", DAY, "The date that it is for.", required=True, not_before="since"),
            Column("since", DAY, "The date that it is compared with."),
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
        meaning="Published status counts.",
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("on", DAY, "The date that the count is for.", required=True),
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
            Column("on", DAY, "The date from which the figure applies; empty for one that always applies."),
            *_SOURCED,
        ),
    ),
    FactSchema(
        InstrumentEvent,
        name="event",
        table="events",
        file="events.csv",
        meaning="Events of treaties other than the actions of participants: decisions, certificates, termination.",
        key=("treaty", "event"),
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("event", ID, "The word by which a clause asks for it; `termination` for its end.", required=True),
            Column("on", DAY, "Date of the event.", required=True),
            *_NOTED,
        ),
    ),
    FactSchema(
        Coverage,
        name="coverage",
        table="coverage",
        file="coverage.csv",
        meaning="How complete the data on the signatures and consents of a treaty are, and up to which date.",
        key=("treaty", "aspect"),
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column("aspect", choice_codec(CoverageAspect, "an aspect"), "Signatures or consents.", required=True),
            Column(
                "state",
                choice_codec(CoverageState, "a state"),
                "Complete, complete except for a known number, or partial.",
                required=True,
            ),
            Column("as_of", DAY, "The date up to which that applies.", required=True),
            Column("expected", NUMBER, "The number in complete data on that date."),
            Column("missing", NUMBER, "With `complete-except`: how many actions are known to be missing."),
            Column("missing_from", DAY, "With `missing`: the date before which none of those was done, if known."),
            Column(
                "missing_of",
                NAMES,
                "With `missing`: the participants whose actions those are, if known.",
                refers=Participant,
            ),
            *_NOTED,
        ),
    ),
    FactSchema(
        ParticipantCode,
        name="code",
        table="codes",
        file="codes.csv",
        meaning="Participants' codes in other schemes: M49, Correlates of War, Gleditsch and Ward, Wikidata.",
        key=("participant", "scheme", "code"),
        columns=(
            Column("participant", TEXT, "The code of the participant.", required=True, refers=Participant),
            Column("scheme", ID, "The scheme: m49, cow, cow-number, gw, gw-number, wikidata ...", required=True),
            Column("code", TEXT, "The code in that scheme. `NA` is a code and not a missing value.", required=True),
            Column("from", DAY, "The first year in which the scheme uses it.", field="start"),
            Column(
                "to",
                DAY,
                "The last year; empty where the scheme still uses it, or did when its list ended.",
                field="end",
                not_before="from",
            ),
            *_SOURCED,
        ),
    ),
    FactSchema(
        Statement,
        name="statement",
        table="statements",
        file="statements.csv",
        meaning="Reservations, declarations, notifications and objections, and what was withdrawn of them.",
        columns=(
            Column("treaty", TEXT, "The id of the instrument.", field="instrument", required=True, refers=Instrument),
            Column(
                "participant",
                TEXT,
                "The code of the author; empty only for an objection whose author is not known.",
                refers=Participant,
            ),
            Column("kind", _STATEMENT_KIND, "The kind of statement.", required=True),
            Column("topic", choice_codec(StatementTopic, "a topic"), "What a declaration or notification is about."),
            Column("article", TEXT, "The provisions that it names, with semicolons between: 32(2); 32(3)."),
            Column("made_on", DAY, "The date of the statement."),
            Column("received_on", DAY, "The date on which the depositary received it."),
            Column("effective_on", DAY, "The date on which it took effect, where a source states it."),
            Column("not_before", DAY, "The date before which it had not been made, where its own is not known."),
            Column("known_by", DAY, "The date by which it had been made, where its own is not known."),
            Column("confirmed_on", DAY, "The date on which a reservation made upon signature was confirmed."),
            Column("withdrawn_on", DAY, "The date on which it was withdrawn.", not_before="made_on"),
            Column("towards", NAMES, "The codes of those to whom it is addressed.", refers=Participant),
            Column(
                "effect",
                choice_codec(ObjectionEffect, "an effect"),
                "Whether an objection opposes entry into force between the two; empty where not known.",
            ),
            Column("concerns", _STATEMENT_KIND, "The kind of statement that a withdrawal or modification is about."),
            Column("territory", TEXT, "The territory that it is for, where it is not for all."),
            Column("summary", TEXT, "Its content, summarized."),
            Column("text", TEXT, "Its text, where the source may be quoted."),
            Column("language", TEXT, "The language of the text."),
            Column("url", URL, "A web address about it."),
            *_SOURCED,
        ),
    ),
)

SCHEMA_BY_FILE = {schema.file: schema for schema in FACT_SCHEMAS}
SCHEMA_BY_TYPE = {schema.fact: schema for schema in FACT_SCHEMAS}
