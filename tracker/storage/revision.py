"""The current revision, read as cheaply as possible: every request asks for it first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from tracker.storage.database import file_of, read_transaction

_LAST = (
    "SELECT number, made_at, (SELECT coalesce(sum(id), 0) FROM held WHERE state = 'open'), "
    "(SELECT coalesce(sum(CAST(replace(compared_on, '-', '') AS BIGINT)), 0) FROM fetches WHERE compared_on > ''), "
    "(SELECT coalesce(sum(CAST(replace(as_of, '-', '') AS BIGINT) + revision * CAST(100000000 AS BIGINT)), 0) "
    "FROM kept_outlooks) "
    "FROM revisions ORDER BY number DESC LIMIT 1"
)

_COMPARED = text("SELECT compared_on FROM fetches WHERE instrument = :instrument")


class RevisionStamp(NamedTuple):
    """Which state the record is in: the number of its last revision, and when that was made, as the database has it.

    The moment tells one revision from another of the same number, after an older copy of the record was put back.
    `waiting` is another number whenever other changes await review, and `compared` whenever data were compared with a
    depositary on another day, `outlooks` whenever outlooks were worked out anew; none of these makes a revision.
    """

    number: int = 0
    made_at: object = None
    waiting: int = 0
    compared: int = 0
    outlooks: int = 0

    @property
    def record(self) -> tuple[int, object]:
        """What tells one state of the facts from another."""
        return self.number, self.made_at

    @property
    def moment(self) -> datetime | None:
        """When the revision was made, in UTC; None where there is none. SQLite has it as text without a zone."""
        if isinstance(self.made_at, str):
            return datetime.fromisoformat(self.made_at).replace(tzinfo=UTC)
        return self.made_at.astimezone(UTC) if isinstance(self.made_at, datetime) else None


class RevisionProbe:
    """The mark of the record that an engine reaches, whenever it is called; thread-safe, made anew in each process.

    Unavailable if there is no record, or it cannot be had.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: _Held | None = None
        event.listen(engine, "engine_disposed", lambda _: self.close())

    def __call__(self) -> RevisionStamp:
        """The mark now: a commit that came before this call is in it."""
        with self._lock:
            try:
                return self._quick()
            except (SQLAlchemyError, OSError, _trouble(self._engine)):
                self._let_go()
        return revision_stamp(self._engine)

    def close(self) -> None:
        """Let the held connection go, as happens when the engine is disposed of; the next call opens another."""
        with self._lock:
            self._let_go()

    def _quick(self) -> RevisionStamp:
        file = file_of(self._engine)
        if self._held is None or self._held.file != file:
            self._let_go()
            self._held = _held(self._engine, file)
        row = self._held.cursor.execute(_LAST).fetchone()
        return RevisionStamp(*row) if row else RevisionStamp()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held:
            held.connection.invalidate()  # so that nobody asks for a rollback on what may be broken
            held.connection.close()
            held.cursor.connection.close()


class _Held(NamedTuple):
    """An open connection, its driver's cursor, and the file that its address led to just before it was opened."""

    connection: Connection
    cursor: Any
    file: object


def revision_stamp(engine: Engine) -> RevisionStamp:
    """The mark of the record, the long way; Unavailable if there is none to see."""
    with read_transaction(engine) as connection:
        row = connection.exec_driver_sql(_LAST).first()
        return RevisionStamp(*row) if row else RevisionStamp()


def comparison_day(engine: Engine, instrument: str) -> date | None:
    """The last day on which the data on an instrument were compared with the depositary's own list; None for never."""
    with read_transaction(engine) as connection:
        found = connection.scalar(_COMPARED, {"instrument": instrument})
    return date.fromisoformat(found) if found else None


def _held(engine: Engine, file: object) -> _Held:
    connection = engine.connect()
    if engine.dialect.name == "postgresql":  # SQLite's connections are set up that way already
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.detach()  # it is no business of the pool's any more: it takes nobody's place there
    return _Held(connection, connection.connection.cursor(), file)


def _trouble(engine: Engine) -> type[Exception]:
    """What the driver raises."""
    found: type[Exception] = engine.dialect.loaded_dbapi.Error
    return found
