"""The tables of those who look after the record: editors, sessions, failed sign-ins, tokens, who did what.

The rows are written by `editors`, `sessions`, `apitokens` and `audit` only. A password is kept as its Argon2
hash, a session and a token as the SHA-256 of the secret: none can be read back.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from tracker.record.tables import Moment


class EditorRow(SQLModel, table=True):
    """Who may do more than read. One who no longer may keeps the row: decisions name it."""

    __tablename__ = "editors"

    name: str = Field(primary_key=True)
    password: str
    role: str = Field(sa_column_kwargs={"server_default": "editor"})
    added_at: datetime = Field(sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)


class SessionRow(SQLModel, table=True):
    """That an editor is signed in, until when, and when last anything was asked with it."""

    __tablename__ = "sessions"

    digest: str = Field(primary_key=True)
    editor: str = Field(foreign_key="editors.name")
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment, sa_column_kwargs={"server_default": "1970-01-01 00:00:00+00"})


class SignInRow(SQLModel, table=True):
    """One thing counted about signing in; the bucket is a hash of what is counted, so that it names nobody."""

    __tablename__ = "signins"
    __table_args__ = (Index("signins_by_bucket", "bucket", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    bucket: str
    at: datetime = Field(sa_type=Moment)


class TokenRow(SQLModel, table=True):
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


class AuditRow(SQLModel, table=True):
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
