"""The tables of the record: one per kind of fact, one row per fact, and the revisions that added and retracted them.

A row is changed only once, when it is retracted. Rows are built from validated facts; SQLModel does not validate
tables. The tables of alerts, accounts and jobs are in `operational_tables`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Index, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from tracker.law.model import (
    Action,
    Assessment,
    Body,
    Fact,
    Instrument,
    Mandate,
    Membership,
    Participant,
    PublishedCount,
    Target,
    Weight,
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC and given back in UTC whatever the database makes of time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database is to keep it; ValueError for one that does not say its zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment of record time must be aware (UTC)")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment that the database kept; SQLite forgets the zone, PostgreSQL gives its session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def only_one_live(name: str, *columns: str) -> tuple[Index, ...]:
    """The rule that no two rows not retracted agree in these columns, and the ways to them by revision."""
    live, noun = text("retracted_at IS NULL"), name.removeprefix("live_")
    return (
        Index(name, *columns, unique=True, sqlite_where=live, postgresql_where=live),
        Index(f"came_{noun}", "recorded_in", "id"),
        Index(f"went_{noun}", "retracted_in", "id"),
    )


class RevisionRow(SQLModel, table=True):
    """One change of the record: when, through what, and how much of it."""

    __tablename__ = "revisions"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    made_at: datetime = Field(sa_type=Moment)
    what: str
    recorded: int
    retracted: int


class Recorded(SQLModel):
    """What every fact's row has: its source and doubt, and when it came into the record and went out of it."""

    id: int | None = Field(default=None, primary_key=True)
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_in: int = Field(foreign_key="revisions.number")
    retracted_at: datetime | None = Field(default=None, sa_type=Moment)
    retracted_in: int | None = Field(default=None, foreign_key="revisions.number")
    source: str
    doubt: str


class ParticipantRow(Recorded, table=True):
    """A participant; successors and aliases are lists with bars between."""

    __tablename__ = "participants"
    __table_args__ = only_one_live("live_participant", "code")

    code: str
    name: str
    kind: str
    iso2: str
    region: str
    subregion: str
    un_group: str
    un_member_since: str
    exists_from: str
    exists_to: str
    successors: str
    aliases: str
    note: str


class InstrumentRow(Recorded, table=True):
    """An instrument with its final clauses in their text form; aliases are a list with bars between."""

    __tablename__ = "instruments"
    __table_args__ = only_one_live("live_instrument", "code")

    code: str  # the instrument's id; `id` is the row's own number
    title: str
    kind: str
    reference: str
    short_name: str
    parent: str
    subject_matter: str
    adopted_on: str
    adopted_at: str
    opened_on: str
    closed_on: str
    depositary: str
    threshold: int | None = None
    delay: str
    party_delay: str
    conditions: str
    withdrawal_delay: str
    article: str
    in_force_on: str
    registration: str
    url: str
    aliases: str


class BodyRow(Recorded, table=True):
    """A body that lives around the instruments."""

    __tablename__ = "bodies"
    __table_args__ = only_one_live("live_body", "code")

    code: str  # the body's id; `id` is the row's own number
    name: str
    acronym: str
    kind: str
    parent: str
    established_on: str
    dissolved_on: str
    url: str
    note: str


class ActionRow(Recorded, table=True):
    """A treaty action. The fingerprint is that of all it says, remarks left out; so it is everywhere below."""

    __tablename__ = "actions"
    __table_args__ = only_one_live("live_action", "fingerprint")

    fingerprint: str
    instrument: str
    participant: str
    kind: str
    date: str
    effective_on: str
    territory: str
    note: str


class MembershipRow(Recorded, table=True):
    """A participant's place in a body."""

    __tablename__ = "memberships"
    __table_args__ = only_one_live("live_membership", "fingerprint")

    fingerprint: str
    body: str
    participant: str
    role: str
    start: str
    end: str
    note: str


class MandateRow(Recorded, table=True):
    """What a body has to do with an instrument."""

    __tablename__ = "mandates"
    __table_args__ = only_one_live("live_mandate", "fingerprint")

    fingerprint: str
    body: str
    instrument: str
    relation: str
    basis: str


class AssessmentRow(Recorded, table=True):
    """A body's judgement of a participant."""

    __tablename__ = "assessments"
    __table_args__ = only_one_live("live_assessment", "fingerprint")

    fingerprint: str
    body: str
    scheme: str
    participant: str
    value: str
    start: str
    end: str
    edition: str
    note: str


class TargetRow(Recorded, table=True):
    """A goal, or a reported figure; bodies are a list with bars between."""

    __tablename__ = "targets"
    __table_args__ = only_one_live("live_target", "code")

    code: str  # the target's id; `id` is the row's own number
    goal: str
    kind: str
    on: str
    indicator: str
    measure: str
    unit: str
    metric: str
    instrument: str
    scheme: str
    among: str
    bodies: str
    since: str
    aim: str
    value: int | None = None
    fiscal_year: int | None = None
    text: str


class CountRow(Recorded, table=True):
    """A status count as somebody published it."""

    __tablename__ = "counts"
    __table_args__ = only_one_live("live_count", "fingerprint")

    fingerprint: str
    instrument: str
    on: str
    signatories: int | None = None
    parties: int | None = None


class WeightRow(Recorded, table=True):
    """A participant's figure in a table of weights."""

    __tablename__ = "weights"
    __table_args__ = only_one_live("live_weight", "table", "participant")

    table: str
    participant: str
    value: float
    on: str


ROWS: dict[type[Fact], Any] = {
    Participant: ParticipantRow,
    Instrument: InstrumentRow,
    Body: BodyRow,
    Action: ActionRow,
    Membership: MembershipRow,
    Mandate: MandateRow,
    Assessment: AssessmentRow,
    Target: TargetRow,
    PublishedCount: CountRow,
    Weight: WeightRow,
}
