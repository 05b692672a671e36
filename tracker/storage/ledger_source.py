"""The record as a ledger that is kept and renewed: after a change it costs what has changed, not another load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, select

from tracker.law.ledger import Ledger
from tracker.storage import repository
from tracker.storage.database import read_transaction
from tracker.storage.repository import FactChanges
from tracker.storage.tables import REVISIONS

MAX_RENEWAL, MAX_REVISIONS = 50_000, 5_000  # facts and revisions; where more came, a load is quicker


@dataclass(frozen=True, slots=True)
class LedgerAt:
    """The whole record as a ledger, exactly as one revision left it.

    The moment of that revision tells it from another one of the same number, after an older copy was put back.
    """

    ledger: Ledger
    revision: int
    made_at: datetime | None


def load_in(connection: Connection) -> LedgerAt:
    """The record of this transaction."""
    query = select(REVISIONS.c.number, REVISIONS.c.made_at).order_by(REVISIONS.c.number.desc()).limit(1)
    last = connection.execute(query).first()
    ledger = repository.load_ledger_in(connection)
    return LedgerAt(ledger, last.number, last.made_at) if last else LedgerAt(ledger, 0, None)


def changes_since(connection: Connection, held: LedgerAt) -> FactChanges | None:
    """What has changed since, in this transaction; None if that cannot be known, or if a load is quicker."""
    return _later(connection, held)[1]


def renew_in(connection: Connection, held: LedgerAt) -> LedgerAt | None:
    """The record of this transaction, made of one that was read before; None where it must be loaded anew."""
    last, changes = _later(connection, held)
    if changes is None or last is None:
        return None if changes is None else held
    return LedgerAt(held.ledger.renewed(changes.retracted, changes.come), last.number, last.made_at)


def _later(connection: Connection, held: LedgerAt) -> tuple[Any, FactChanges | None]:
    """The last revision after that of the record held, and what changed; None for the changes as above."""
    rows = connection.execute(
        select(REVISIONS.c.number, REVISIONS.c.made_at, REVISIONS.c.recorded + REVISIONS.c.retracted)
        .where(REVISIONS.c.number >= held.revision)
        .order_by(REVISIONS.c.number)
        .limit(MAX_REVISIONS)
    ).all()
    later = rows
    if held.revision:
        if not rows or (rows[0].number, rows[0].made_at) != (held.revision, held.made_at):
            return None, None  # an older copy of the record was put in its place
        later = rows[1:]
    if not later:
        return None, FactChanges((), ())
    changed = sum(row[2] for row in later)
    if changed > MAX_RENEWAL or len(rows) == MAX_REVISIONS:
        return None, None
    return later[-1], repository.changes_after(connection, held.revision, changed)


class LedgerSource:
    """The ledger of the record that an engine reaches, kept between questions; thread-safe.

    Unavailable if there is no record, or it cannot be had.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: LedgerAt | None = None

    def load(self) -> Ledger:
        """The record as it is now, read from the beginning; what was kept is let go first."""
        with self._lock:
            self._held = None
            with read_transaction(self._engine) as connection:
                self._held = load_in(connection)
            return self._held.ledger

    def renew(self) -> Ledger | None:
        """The record as it is now, made of the one kept and what has changed; None where it must be loaded anew."""
        with self._lock, read_transaction(self._engine) as connection:
            self._held = renew_in(connection, self._held) if self._held else None
            return self._held.ledger if self._held else None

    def current(self) -> LedgerAt:
        """The record as it is now, with its revision."""
        with self._lock, read_transaction(self._engine) as connection:
            return self._current_in(connection)

    def current_in(self, connection: Connection) -> LedgerAt:
        """The record as this transaction sees it, with its revision; it must not be older than one seen before."""
        with self._lock:
            return self._current_in(connection)

    def _current_in(self, connection: Connection) -> LedgerAt:
        renewed = renew_in(connection, self._held) if self._held else None
        if renewed is None:
            self._held = None
            renewed = load_in(connection)
        self._held = renewed
        return renewed
