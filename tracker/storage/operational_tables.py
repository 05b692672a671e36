"""The tables around the record: fetches, review queue, change log, jobs; subscriptions and deliveries; accounts."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.storage.tables import METADATA, Moment


class _Row(SQLModel):
    metadata = METADATA


class FetchRow(_Row, table=True):
    """How the last look at an instrument's status file went, and what to show the server the next time.

    `revision` is the record's when the file was last taken in, `error` empty when the last look went well,
    `as_at` the ISO day whose status the file last taken in gave, `compared_on` the ISO day on which the data were last
    compared with the whole file; both empty where there is none.
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
    as_at: str
    compared_on: str


class HeldRow(_Row, table=True):
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


class ErrorReportRow(_Row, table=True):
    """A reader's report of an error: about which fact, on which page, what is wrong; and what an editor said to it.

    `kind` to `day` refer to the fact, `fact` and `source` are what the data said of it then.
    """

    __tablename__ = "error_reports"
    __table_args__ = (Index("error_reports_by_state", "state", "made_at"),)

    id: int | None = Field(default=None, primary_key=True)
    made_at: datetime = Field(sa_type=Moment)
    state: str
    kind: str
    treaty: str
    participant: str
    body: str
    scheme: str
    what: str
    article: str
    day: str
    fact: str
    source: str
    page: str
    text: str
    evidence: str
    contact: str
    language: str
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: str
    note: str


class ChangeRow(_Row, table=True):
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
    article: str = ""


class TurnRow(_Row, table=True):
    """A day to which the record was turned; the last of them is where the next turn starts."""

    __tablename__ = "turns"

    day: str = Field(primary_key=True)
    made_at: datetime = Field(sa_type=Moment)


class LeaseRow(_Row, table=True):
    """Who may do a job, until when; `every` is how many seconds lie between two of its slots."""

    __tablename__ = "leases"

    job: str = Field(primary_key=True)
    holder: str
    expires_at: datetime = Field(sa_type=Moment)
    every: int


class RunRow(_Row, table=True):
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


class SubscriptionRow(_Row, table=True):
    """Who wants to hear of what, and how. Kinds are a list with bars between; empty fields ask for everything."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("subscriptions_by_address", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    made_at: datetime = Field(sa_type=Moment)
    state: str
    channel: str
    address: str
    secret: str  # a webhook's key to sign with; empty for e-mail
    pace: str
    instrument: str
    participant: str
    body: str
    kinds: str
    condition: str
    number: int
    level: int
    article: str = ""
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    stopped_why: str


class DeliveryRow(_Row, table=True):
    """One message to one subscription: when it is due, how it stands, who has it in hand and until when."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("subscription", "key", name="one_delivery_a_key"),
        Index("deliveries_due", "state", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subscription: int = Field(foreign_key="subscriptions.id")
    key: str
    sort: str
    note: str  # what a message says that tells of no change
    made_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    state: str
    tries: int
    claimed_until: datetime | None = Field(default=None, sa_type=Moment)
    attempt: int  # the number of the last attempt ever; `tries` begins anew with a replay
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    problem: str


class ToldRow(_Row, table=True):
    """The decision to tell one subscription of one change (by its key in the change log), made once and for all."""

    __tablename__ = "told"
    __table_args__ = (
        UniqueConstraint("subscription", "change", name="told_once"),
        Index("told_in_delivery", "delivery"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subscription: int = Field(foreign_key="subscriptions.id")
    change: str = Field(foreign_key="changes.key")
    delivery: int = Field(foreign_key="deliveries.id")


class AttemptRow(_Row, table=True):
    """One attempt at a delivery, written before it is made; without an end, nobody knows how it ended."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("delivery", "number", name="one_attempt_a_number"),)

    id: int | None = Field(default=None, primary_key=True)
    delivery: int = Field(foreign_key="deliveries.id")
    number: int
    worker: str
    started_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: str
    detail: str


class LinkRow(_Row, table=True):
    """A secret link: the SHA-256 of its token, and what it opens. The token itself is kept nowhere."""

    __tablename__ = "links"
    __table_args__ = (Index("links_of_subscription", "subscription"),)

    digest: str = Field(primary_key=True)
    purpose: str
    subscription: int = Field(foreign_key="subscriptions.id")
    made_at: datetime = Field(sa_type=Moment)


class SignupRow(_Row, table=True):
    """That something limited was done; the bucket is a hash of who or what is counted."""

    __tablename__ = "signups"
    __table_args__ = (Index("signups_by_bucket", "bucket", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    bucket: str
    at: datetime = Field(sa_type=Moment)


class RefusedRow(_Row, table=True):
    """An address that is never to be written to again; the digest is a hash of it, so that it names nobody."""

    __tablename__ = "refused"

    digest: str = Field(primary_key=True)
    made_at: datetime = Field(sa_type=Moment)


class KeptOutlookRow(_Row, table=True):
    """The outlook of a pending treaty as last worked out: on which revision and day, and what is said of it in short.

    Days are ISO; `median` is empty where the threshold is less likely than not within ten years.
    """

    __tablename__ = "kept_outlooks"

    instrument: str = Field(primary_key=True)
    revision: int
    as_of: str
    made_at: datetime = Field(sa_type=Moment)
    required: int
    median: str
    chance_within_1_year: float
    chance_within_5_years: float
    chance_within_10_years: float


class OutlookMarkRow(_Row, table=True):
    """What a subscription to an outlook was last told, so that it hears of each crossing once.

    `condition` and `number` are those that the mark was made for; `median` and `as_of` are of the outlook that later
    ones are compared with, `above` says that the chance has passed the number.
    """

    __tablename__ = "outlook_marks"

    subscription: int = Field(primary_key=True, foreign_key="subscriptions.id")
    condition: str
    number: int
    median: str
    as_of: str
    above: bool


class EditorRow(_Row, table=True):
    """Who may do more than read. One who no longer may keeps the row: decisions name it."""

    __tablename__ = "editors"

    name: str = Field(primary_key=True)
    password: str
    role: str = Field(sa_column_kwargs={"server_default": "editor"})
    added_at: datetime = Field(sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)


class SessionRow(_Row, table=True):
    """That an editor is signed in, until when, and when last anything was asked with it."""

    __tablename__ = "sessions"

    digest: str = Field(primary_key=True)
    editor: str = Field(foreign_key="editors.name")
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment, sa_column_kwargs={"server_default": "1970-01-01 00:00:00+00"})


class SignInRow(_Row, table=True):
    """One thing counted about signing in; the bucket is a hash of what is counted, so that it names nobody."""

    __tablename__ = "signins"
    __table_args__ = (Index("signins_by_bucket", "bucket", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    bucket: str
    at: datetime = Field(sa_type=Moment)


class TokenRow(_Row, table=True):
    """A program's key: the SHA-256 of its secret, and what it may do. One that is revoked keeps its row."""

    __tablename__ = "tokens"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    digest: str = Field(unique=True)
    scope: str
    made_at: datetime = Field(sa_type=Moment)
    made_by: str
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class AuditRow(_Row, table=True):
    """That somebody did something, or was refused. Rows are added, never altered: the database sees to it."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_moment", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    who: str
    role: str
    place: str
    action: str
    subject: str
    outcome: str
    request: str
    chain: str = Field(sa_column_kwargs={"server_default": ""})  # over the line and that of the line before
