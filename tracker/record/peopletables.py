"""The tables of the people who look after the record: editors, their sessions, attempts to sign in.

The rows are written by `editors` only. A password is kept as its Argon2 hash, a session as the
SHA-256 of its token: neither can be read back.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from tracker.record.tables import Moment


class EditorRow(SQLModel, table=True):
    """Who may decide what is held. One who no longer may keeps the row: decisions name it."""

    __tablename__ = "editors"

    name: str = Field(primary_key=True)
    password: str
    added_at: datetime = Field(sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)


class SessionRow(SQLModel, table=True):
    """That an editor is signed in, until when."""

    __tablename__ = "sessions"

    digest: str = Field(primary_key=True)
    editor: str = Field(foreign_key="editors.name")
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)


class SignInRow(SQLModel, table=True):
    """One attempt to sign in that failed, counted by name and by place; the bucket is a hash of either."""

    __tablename__ = "signins"
    __table_args__ = (Index("signins_by_bucket", "bucket", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    bucket: str
    at: datetime = Field(sa_type=Moment)
