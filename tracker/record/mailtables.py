"""The tables of telling people: subscriptions, what each was told, deliveries, attempts, secret links, sign-ups.

Unlike the record, these rows change: a delivery goes from waiting to sent, a subscription is paused
or deleted with all that hangs on it. The rows are written by `subscribers`, `queues` and `dispatch` only.
"""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.record.tables import Moment


class SubscriptionRow(SQLModel, table=True):
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
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    stopped_why: str


class DeliveryRow(SQLModel, table=True):
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


class ToldRow(SQLModel, table=True):
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


class AttemptRow(SQLModel, table=True):
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


class LinkRow(SQLModel, table=True):
    """A secret link: the SHA-256 of its token, and what it opens. The token itself is kept nowhere."""

    __tablename__ = "links"
    __table_args__ = (Index("links_of_subscription", "subscription"),)

    digest: str = Field(primary_key=True)
    purpose: str
    subscription: int = Field(foreign_key="subscriptions.id")
    made_at: datetime = Field(sa_type=Moment)


class SignupRow(SQLModel, table=True):
    """That something limited was done; the bucket is a hash of who or what is counted."""

    __tablename__ = "signups"
    __table_args__ = (Index("signups_by_bucket", "bucket", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    bucket: str
    at: datetime = Field(sa_type=Moment)
