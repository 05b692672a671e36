"""The tables of the record: one per fact type, one row per fact, and the revisions that added and retracted them.

The columns of the facts are declared in `facts`. A row is changed only once, when it is retracted. Rows are built from
validated facts. The tables of alerts, accounts and jobs are in `operational_tables`; they are SQLModel's, which these
are not, so that a command that only reads the record starts without it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Float, ForeignKey, Index, Integer, MetaData, String, Table, text
from sqlalchemy.types import TypeDecorator

from tracker.storage.facts import FACT_SCHEMAS, FactSchema


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


METADATA = MetaData()
REVISIONS = Table(  # one row for each change of the record: when, through what, and how much of it
    "revisions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Moment, nullable=False),
    Column("what", String, nullable=False),
    Column("recorded", Integer, nullable=False),
    Column("retracted", Integer, nullable=False),
)
_TYPES = {"string": String, "integer": Integer, "number": Float}


def _fact_table(schema: FactSchema) -> Table:
    """The table of a fact type: its columns, and when each fact came into the record and went out of it.

    No two live rows agree in the key; where there is none, in the fingerprint, which is that of all a fact says,
    remarks left out.
    """
    live = text("retracted_at IS NULL")
    key = [schema.column(name).stored_as for name in schema.key] or ["fingerprint"]
    return Table(
        schema.table,
        METADATA,
        Column("id", Integer, primary_key=True),
        Column("recorded_at", Moment, nullable=False),
        Column("recorded_in", Integer, ForeignKey(REVISIONS.c.number), nullable=False),
        Column("retracted_at", Moment),
        Column("retracted_in", Integer, ForeignKey(REVISIONS.c.number)),
        *(() if schema.key else (Column("fingerprint", String, nullable=False),)),
        *(
            Column(each.stored_as, _TYPES[each.codec.type], nullable=each.codec.numeric and not each.required)
            for each in schema.columns
        ),
        Index(f"live_{schema.name}", *key, unique=True, sqlite_where=live, postgresql_where=live),
        Index(f"came_{schema.name}", "recorded_in", "id"),
        Index(f"went_{schema.name}", "retracted_in", "id"),
    )


FACT_TABLES = {schema.fact: _fact_table(schema) for schema in FACT_SCHEMAS}


def stored_columns(schema: FactSchema) -> list[Column[Any]]:
    """The columns of a fact type's table that are those of its data file, in the file's order."""
    return [FACT_TABLES[schema.fact].c[column.stored_as] for column in schema.columns]
