"""The record's changes in order, for mirrors: which facts each revision added and retracted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, Table, func, literal, select, tuple_

from tracker.errors import BadQuestion, PutBack
from tracker.storage.database import read_transaction
from tracker.storage.facts import FACT_SCHEMAS, FactSchema
from tracker.storage.operational_tables import ChangeRow
from tracker.storage.tables import FACT_TABLES, REVISIONS, stored_columns

PLACE = re.compile(r"^[0-9]{1,9}\.[01]\.[0-9]{1,2}\.[0-9]{1,12}$")
RETRACTED, RECORDED = 0, 1
_CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_BEFORE_ALL, _AFTER_ALL = -1, 2**62  # rows of a table


class FeedPosition(NamedTuple):
    """Where an entry stands in the feed: its revision, retracted before recorded, its fact type, its row."""

    revision: int
    way: int
    fact_type: int
    row: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A part of the feed: `until` is the last revision given whole, `place` where to go on, "" at the end.

    Each of the two comes with the moment at which its revision was made, None where there is no revision. Each
    revision given is a dict of `revision`, `made_at`, `what`, `retracted`, `recorded` (facts with the `file` that they
    belong to) and `complete`.
    """

    revisions: list[dict[str, Any]]
    until: int
    current: int
    place: str
    until_made_at: datetime | None = None
    place_made_at: datetime | None = None


def changes_since(
    engine: Engine, *, since: int, after: str = "", made_at: datetime | None = None, limit: int
) -> FeedPage:
    """What went and came after a revision, or after a place that an earlier page gave; `limit` facts at most.

    `made_at` says which revision of that number, or of the place's, is meant. PutBack if the record does not hold
    that one; without a moment BadQuestion for a revision that it does not have yet; BadQuestion for a place that is
    none.
    """
    with read_transaction(engine) as connection:
        current = connection.scalar(select(func.max(REVISIONS.c.number))) or 0
        start = _place(after) if after else FeedPosition(since, RECORDED + 1, 0, 0)
        _must_be_held(connection, start.revision, made_at)
        if start.revision > current:
            raise BadQuestion(
                f"Our data are at revision {current}; there is no revision {start.revision} to go on from."
            )
        made = _revisions_to_read(connection, start, limit)
        last = made[-1].number if made else start.revision
        entries = list(
            islice(merge(*_first_entries(connection, start, last, limit + 1), key=lambda each: each[0]), limit + 1)
        )
    given, more = entries[:limit], len(entries) > limit or last < current
    whole = entries[limit][0].revision - 1 if len(entries) > limit else last
    shown = [_revision(row, given, complete=row.number <= whole) for row in made]
    shown = [each for each in shown if each["retracted"] or each["recorded"]]
    place, moments = given[-1][0] if more and given else None, {row.number: row.made_at for row in made}
    return FeedPage(
        shown, whole, current, str(place or ""), moments.get(whole), moments.get(place.revision if place else 0)
    )


def list_revisions(engine: Engine, *, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """The record's revisions, newest first: number, moment, through what, how many facts came and went."""
    query = select(REVISIONS).order_by(REVISIONS.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(REVISIONS.c.number < before)
    with read_transaction(engine) as connection:
        return [{"revision": row["number"], **{key: row[key] for key in ("made_at", "what", "recorded", "retracted")}}
                for row in connection.execute(query).mappings()]  # fmt: skip


def first_noted_after(engine: Engine, moment: datetime) -> int | None:
    """The number of the first change in the log that was noted after a moment; None where there is none."""
    with read_transaction(engine) as connection:
        first = connection.scalar(select(func.min(_CHANGES.c.id)).where(_CHANGES.c.recorded_at > moment))
        return None if first is None else int(first)


def as_text(schema: FactSchema, values: Sequence[Any]) -> dict[str, str]:
    """A row's values as the columns of its file have them."""
    return {
        column.name: column.codec.to_text(column.codec.from_record(value))
        for column, value in zip(schema.columns, values, strict=True)
    }


def _place(text: str) -> FeedPosition:
    if not PLACE.match(text):
        raise BadQuestion(f"after='{text[:40]}' is not a place in the feed: take the address that `next` gives.")
    return FeedPosition(*map(int, text.split(".")))


def _must_be_held(connection: Connection, number: int, made_at: datetime | None) -> None:
    """PutBack unless the record holds the revision of that number made at that moment; nothing is before all."""
    if made_at is None or number == 0:
        return
    held = connection.scalar(select(REVISIONS.c.made_at).where(REVISIONS.c.number == number))
    if held != made_at:
        moment = made_at.isoformat().replace("+00:00", "Z")
        raise PutBack(
            f"Our data have no revision {number} made at {moment}: an older copy was restored since. "
            "Begin again from a file of /download/."
        )


def _revisions_to_read(connection: Connection, start: FeedPosition, limit: int) -> list[Row[Any]]:
    """The revision before the start, and those that a page may reach into: as many as hold `limit` facts and one."""
    query = select(REVISIONS).where(REVISIONS.c.number >= start.revision - 1).order_by(REVISIONS.c.number)
    rows, held = [], 0
    for row in connection.execute(query.limit(limit + 3)):
        rows.append(row)
        held += row.recorded + row.retracted if row.number > start.revision else 0
        if held > limit:
            break
    return rows


def _first_entries(
    connection: Connection, start: FeedPosition, last: int, limit: int
) -> Iterator[list[tuple[FeedPosition, tuple[FactSchema, Sequence[Any]]]]]:
    """The first entries after the start, of each way and fact type, in the order of the feed."""
    for way, name in ((RETRACTED, "retracted_in"), (RECORDED, "recorded_in")):
        for place, schema in enumerate(FACT_SCHEMAS):
            table, first = FACT_TABLES[schema.fact], _first_row(start, way, place)
            revision = table.c[name]
            query = select(revision, table.c.id, *stored_columns(schema)).where(
                tuple_(revision, table.c.id) > tuple_(literal(start.revision), literal(first)), revision <= last
            )
            rows = connection.execute(query.order_by(revision, table.c.id).limit(limit)).all()
            yield [(FeedPosition(row[0], way, place, row[1]), (schema, row[2:])) for row in rows]


def _first_row(start: FeedPosition, way: int, fact_type: int) -> int:
    """The row after which to go on within the start's own revision."""
    if (way, fact_type) == (start.way, start.fact_type):
        return start.row
    return _BEFORE_ALL if (way, fact_type) > (start.way, start.fact_type) else _AFTER_ALL


def _revision(
    row: Row[Any], given: Sequence[tuple[FeedPosition, tuple[FactSchema, Sequence[Any]]]], *, complete: bool
) -> dict[str, Any]:
    here = [each for each in given if each[0].revision == row.number]
    ways = {way: list(each) for way, each in groupby(here, key=lambda entry: entry[0].way)}
    said = {name: [{"file": schema.file, "fact": as_text(schema, values)} for _, (schema, values) in ways.get(way, [])]
            for way, name in ((RETRACTED, "retracted"), (RECORDED, "recorded"))}  # fmt: skip
    return {"revision": row.number, "made_at": row.made_at, "what": row.what, **said, "complete": complete}
