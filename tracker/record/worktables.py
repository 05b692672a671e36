"""The tables of the work around the record: fetches, held acts, changes, turns of the day, leases and runs.

None of these is a fact about a treaty: they say what was looked at, what waits for a person, what
was told, and who is doing which job. The tables of facts are in `tables`.
"""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.record.tables import Moment


class FetchRow(SQLModel, table=True):
    """How the last look at an instrument's status file went, and what to show the server the next time.

    `revision` is the record's when the file was last taken in, `error` empty when the last look went well.
    """

    __tablename__ = "fetches"

    instrument: str = Field(primary_key=True)
    url: str
    etag: str
    last_modified: str
    revision: int
    tried_at: datetime = Field(sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    error: str
    remarks: str


class HeldRow(SQLModel, table=True):
    """An act that waits for an editor, and what became of it; `key` is made of all that identifies it."""

    __tablename__ = "held"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    proposal: str
    instrument: str
    name: str
    participant: str
    kind: str
    date: str
    raw: str
    url: str
    reason: str
    seen_at: datetime = Field(sa_type=Moment)
    last_seen_at: datetime = Field(sa_type=Moment)
    state: str
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str
    note: str


class ChangeRow(SQLModel, table=True):
    """A change as it was noted: once, by its key; `revision` is the record's in which it was found."""

    __tablename__ = "changes"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    revision: int = Field(foreign_key="revisions.number")
    recorded_at: datetime = Field(sa_type=Moment)
    kind: str
    instrument: str = Field(index=True)
    participant: str = Field(index=True)
    body: str
    scheme: str
    day: str
    words: str
    before: str
    after: str
    source: str
    about: str


class TurnRow(SQLModel, table=True):
    """A day to which the record was turned; the last of them is where the next turn starts."""

    __tablename__ = "turns"

    day: str = Field(primary_key=True)
    made_at: datetime = Field(sa_type=Moment)


class LeaseRow(SQLModel, table=True):
    """Who may do a job, until when; `every` is how many seconds lie between two of its slots."""

    __tablename__ = "leases"

    job: str = Field(primary_key=True)
    holder: str
    expires_at: datetime = Field(sa_type=Moment)
    every: int


class RunRow(SQLModel, table=True):
    """A slot of a job: who ran it and how it went; `again_at` where it is to be tried once more."""

    __tablename__ = "runs"
    __table_args__ = (UniqueConstraint("job", "slot", name="one_run_a_slot"),)

    id: int | None = Field(default=None, primary_key=True)
    job: str
    slot: datetime = Field(sa_type=Moment)
    holder: str
    started_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: str
    said: str
    again_at: datetime | None = Field(default=None, sa_type=Moment)
