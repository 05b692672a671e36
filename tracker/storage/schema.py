"""All tables of the database together, each after those that it refers to, and the rules that hold between rows.

Whoever treats every table alike (copies, integrity checks) takes them from here. The tables themselves are declared
in `tables` and `operational_tables`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Column, PrimaryKeyConstraint, Table, UniqueConstraint

from tracker.storage import operational_tables, tables

assert all((operational_tables, tables))  # importing the tables is what fills the metadata

TABLES: tuple[Table, ...] = tuple(tables.METADATA.sorted_tables)


class ForeignReference(NamedTuple):
    """That a value of the column, where there is one, is that of a row in another table."""

    column: Column[Any]
    of: Column[Any]


class UniquenessRule(NamedTuple):
    """That no two rows of a table agree in these columns; where `live`, no two that are not retracted."""

    table: Table
    columns: tuple[Column[Any], ...]
    live: bool


def foreign_references() -> list[ForeignReference]:
    """Every reference from one table to another, in the order of the tables."""
    keys = [key for table in TABLES for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)]
    return [ForeignReference(key.parent, key.column) for key in keys]


def uniqueness_rules() -> list[UniquenessRule]:
    """What may be there only once, table by table: its key, what is unique, and what is so while it is live."""
    found = []
    for table in TABLES:
        plain = [each for each in table.constraints if isinstance(each, (PrimaryKeyConstraint, UniqueConstraint))]
        found += [UniquenessRule(table, tuple(each.columns), live=False) for each in plain]
        unique = [index for index in table.indexes if index.unique]
        found += [
            UniquenessRule(table, tuple(each.columns), live="sqlite_where" in each.dialect_kwargs) for each in unique
        ]
    return found
