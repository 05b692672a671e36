"""Is a database whole? What the database itself reports, and which of the program's own rules its rows break."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, and_, func, or_, select, text

from tracker.alerts.deliveries import DeliveryState, MessageType
from tracker.alerts.subscribers import Channel, Frequency, SubscriptionState
from tracker.errors import BadClause
from tracker.law.changes import ChangeKind
from tracker.law.clause_parser import clause_of
from tracker.law.model import Instrument
from tracker.storage import audit_log, repository
from tracker.storage.database import connect_beside, read_transaction
from tracker.storage.error_reports import ReportState
from tracker.storage.job_locks import JobOutcome
from tracker.storage.operational_tables import (
    AttemptRow,
    ChangeRow,
    DeliveryRow,
    ErrorReportRow,
    FetchRow,
    HeldRow,
    RunRow,
    SubscriptionRow,
    ToldRow,
)
from tracker.storage.schema import foreign_references, uniqueness_rules
from tracker.storage.tables import FACT_TABLES, REVISIONS
from tracker.sync import review_queue

MAX_LISTED_ROWS = 5  # rows named in one finding

_DELIVERIES: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_ATTEMPTS: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_TOLD: Table = ToldRow.__table__  # type: ignore[attr-defined]
_FETCHES: Table = FetchRow.__table__  # type: ignore[attr-defined]
_WORDS: tuple[tuple[Any, str, type[StrEnum]], ...] = (
    (DeliveryRow, "state", DeliveryState),
    (DeliveryRow, "sort", MessageType),
    (SubscriptionRow, "state", SubscriptionState),
    (SubscriptionRow, "channel", Channel),
    (SubscriptionRow, "pace", Frequency),
    (ChangeRow, "kind", ChangeKind),
    (HeldRow, "state", review_queue.ReviewState),
    (ErrorReportRow, "state", ReportState),
    (RunRow, "outcome", JobOutcome),
)


def integrity_faults(engine: Engine) -> list[str]:
    """Everything that is wrong with the record, in sentences; none for a sound one.

    Looked at in one unmoving picture, beside whoever writes. Unavailable if the record cannot be had, or its tables
    are not those of this version.
    """
    with read_transaction(engine) as connection:
        return faults_in_transaction(connection)


def faults_in_transaction(connection: Connection) -> list[str]:
    """The same inside a transaction, in which the tables are known to be those of this version."""
    if wrong := database_damage(connection):
        return wrong  # what rests on pages or keys that are broken tells nothing more
    rules = (_history, _facts, _telling, _unreadable, _audit)
    return [said for rule in rules for said in rule(connection)]


def database_damage(connection: Connection) -> list[str]:
    """What is broken below the rules of this program: pages, references, what may be there only once."""
    return list(_damage(connection))


def quick_damage(connection: Connection) -> list[str]:
    """What of this is found in little time: pages of an SQLite file, rules that PostgreSQL does not enforce."""
    if connection.dialect.name != "sqlite":
        return list(_not_enforced(connection))
    said = _said_by_sqlite(connection, "quick_check")
    return [f"The file is damaged: {each}." for each in said if each != "ok"]


# -- what any database can be asked ----------------------------------------------------------------


def _damage(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        said = _said_by_sqlite(connection)
        yield from (f"The file is damaged: {each}." for each in said if each != "ok")
        if said != ["ok"]:
            return
    else:
        yield from _not_enforced(connection)
    for column, other in foreign_references():
        missing = select(column).where(column.is_not(None), column.not_in(select(other)))
        yield from _finding_for_rows(
            connection, missing, f"{column.table.name}.{column.name} names no row of {other.table.name}"
        )
    for table, columns, live in uniqueness_rules():
        several = select(*columns).group_by(*columns).having(func.count() > 1)
        several = several.where(table.c.retracted_at.is_(None)) if live else several
        also = " that are live" if live else ""
        names = ", ".join(column.name for column in columns)
        yield from _finding_for_rows(connection, several, f"{table.name} has several rows{also} of the same {names}")


def _said_by_sqlite(connection: Connection, check: str = "integrity_check") -> list[str]:
    """Asked by another way to the file: what keeps SQLite from looking further ends the transaction it is met in."""
    with closing(connect_beside(connection.engine)) as other:
        try:
            return [said for (said,) in other.execute(f"PRAGMA {check}")]
        except sqlite3.DatabaseError as trouble:
            return [str(trouble)]


def _not_enforced(connection: Connection) -> Iterator[str]:
    """PostgreSQL's constraints and indexes that it has been told not to trust."""
    for each in connection.scalars(text(_UNTRUSTED)):
        yield f"The database does not enforce its rule '{each}'."


_UNTRUSTED = """
    SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
    UNION ALL
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::regnamespace
"""


def _audit(connection: Connection) -> Iterator[str]:
    """Each line of the audit log is as it was written, and follows the one it followed then."""
    if wrong := audit_log.broken_links(connection):
        more = " and more" if len(wrong) > MAX_LISTED_ROWS else ""
        shown = ", ".join(map(str, wrong[:MAX_LISTED_ROWS]))
        yield f"The audit log was altered: lines that do not follow the one before them: {shown}{more}."


def _finding_for_rows(connection: Connection, query: Select[Any], problem: str) -> Iterator[str]:
    """One finding for whatever rows the query finds, with the first of them."""
    rows = connection.execute(query.limit(MAX_LISTED_ROWS + 1)).all()
    if rows:
        shown = ", ".join("/".join(map(str, row)) for row in rows[:MAX_LISTED_ROWS])
        yield f"{problem}: {shown}{' and more' if len(rows) > MAX_LISTED_ROWS else ''}."


# -- what this program has promised ----------------------------------------------------------------


def _history(connection: Connection) -> Iterator[str]:
    """Revisions count from 1 without a hole, each made no earlier than the one before."""
    last = None
    for number, row in enumerate(connection.execute(select(REVISIONS).order_by(REVISIONS.c.number)), start=1):
        if row.number != number:
            yield f"Revision {number} is missing: the next is {row.number}."
            return
        if last and row.made_at < last:
            yield f"Revision {number} was made before the one that it follows."
        last = row.made_at


def _facts(connection: Connection) -> Iterator[str]:
    """A fact's moments are those of its revisions, and a revision's counts are what its rows make."""
    for table in FACT_TABLES.values():
        came, gone = REVISIONS.alias(), REVISIONS.alias()
        joined = table.join(came, came.c.number == table.c.recorded_in)
        joined = joined.outerjoin(gone, gone.c.number == table.c.retracted_in)
        wrong = or_(
            table.c.recorded_at != came.c.made_at,
            table.c.retracted_at.is_(None) != table.c.retracted_in.is_(None),
            and_(table.c.retracted_in.is_not(None), table.c.retracted_at != gone.c.made_at),
            table.c.retracted_in <= table.c.recorded_in,
        )
        query = select(table.c.id).select_from(joined).where(wrong).order_by(table.c.id)
        yield from _finding_for_rows(connection, query, f"{table.name} has rows that disagree with their revisions")
    for told, kept in (("recorded", "recorded_in"), ("retracted", "retracted_in")):
        counted: dict[int, int] = {}
        for table in FACT_TABLES.values():
            query = select(table.c[kept], func.count()).where(table.c[kept].is_not(None)).group_by(table.c[kept])
            for number, count in connection.execute(query):
                counted[number] = counted.get(number, 0) + count
        for number, said in connection.execute(select(REVISIONS.c.number, REVISIONS.c[told])):
            if counted.get(number, 0) != said:
                yield f"Revision {number} says {said} facts {told}; there are {counted.get(number, 0)}."


def _telling(connection: Connection) -> Iterator[str]:
    """What is on its way, was told or was tried belongs together."""
    other = select(_TOLD.c.id).join(_DELIVERIES, _DELIVERIES.c.id == _TOLD.c.delivery)
    other = other.where(_DELIVERIES.c.subscription != _TOLD.c.subscription)
    yield from _finding_for_rows(connection, other, "told has rows whose delivery goes to another subscription")
    ahead = select(_ATTEMPTS.c.id).join(_DELIVERIES, _DELIVERIES.c.id == _ATTEMPTS.c.delivery)
    ahead = ahead.where(_ATTEMPTS.c.number > _DELIVERIES.c.attempt)
    yield from _finding_for_rows(connection, ahead, "attempts has rows that their delivery does not know of")
    settled = (_DELIVERIES.c.settled_at.is_(None)) != (_DELIVERIES.c.state == DeliveryState.WAITING.value)
    query = select(_DELIVERIES.c.id).where(settled)
    yield from _finding_for_rows(connection, query, "deliveries has rows whose state and moment of settling disagree")
    later = select(_FETCHES.c.instrument).where(_FETCHES.c.revision > repository.revision_number(connection))
    yield from _finding_for_rows(connection, later, "fetches has rows of a revision that does not exist")
    for row, name, words in _WORDS:
        table = row.__table__
        query = select(table.c[name]).where(table.c[name].not_in([word.value for word in words])).distinct()
        yield from _finding_for_rows(
            connection, query, f"{table.name}.{name} has values that the program does not know"
        )


def _unreadable(connection: Connection) -> Iterator[str]:
    """Every fact can be read as one, and so can every instrument's clause."""
    try:
        for fact in repository.live_facts_in(connection):
            if isinstance(fact, Instrument):
                clause_of(fact)
    except (ValueError, KeyError, TypeError, BadClause) as trouble:
        yield f"A fact cannot be read: {trouble}."
