"""Recording, retracting and loading facts: the SQL of the record, and what a change did or would do.

Nothing is overwritten: a correction retracts one row and adds another, in one revision.
"""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from tracker.errors import BadQuestion, NotFound
from tracker.law.ledger import Ledger
from tracker.law.model import Fact
from tracker.storage.codecs import TEXT, BadValue
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.facts import FACT_SCHEMAS, Column, FactSchema
from tracker.storage.tables import FACT_TABLES, REVISIONS, stored_columns


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What changed: the facts recorded and retracted, how many stayed, and the record's revision afterwards.

    With `dry_run` nothing was written, and `revision` is the one that still stands.
    """

    revision: int
    recorded: tuple[Fact, ...] = ()
    retracted: tuple[Fact, ...] = ()
    unchanged: int = 0
    dry_run: bool = False

    @property
    def changed(self) -> bool:
        """Does the record say anything else than before?"""
        return bool(self.recorded or self.retracted)

    @property
    def corrected(self) -> tuple[tuple[Fact, Fact], ...]:
        """The facts retracted and recorded on one subject, as (before, after): corrections.

        They are among `recorded` and `retracted` too.
        """
        before: dict[tuple[type[Fact], tuple[str, ...]], list[Fact]] = defaultdict(list)
        for fact in self.retracted:
            before[type(fact), fact.subject].append(fact)
        return tuple((gone.pop(0), fact) for fact in self.recorded if (gone := before.get((type(fact), fact.subject))))


FEW_SUBJECTS = 200  # beyond this many, all live facts of the kind are read at once


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of the record: its number, the aware UTC moment, through what, and how much of it."""

    number: int
    made_at: datetime
    what: str
    recorded: int
    retracted: int


# -- recalling -------------------------------------------------------------------------------------


def load_ledger(engine: Engine) -> Ledger:
    """The whole record as a ledger, with what was retracted, so that `known_at` can go back to it.

    Unavailable if there is no record. Whoever keeps the ledger by revision asks `revision` first:
    the ledger is then never older than the number says.
    """
    with read_transaction(engine) as connection, _nothing_collected():
        return Ledger(fact for schema in FACT_SCHEMAS for _, fact in _facts(connection, schema))


def live_facts_in(connection: Connection) -> list[Fact]:
    """Every fact that holds in this transaction, in the order of the record, type by type."""
    return [fact for schema in FACT_SCHEMAS for _, fact in _facts(connection, schema, only_live=True)]


def live_facts(engine: Engine) -> list[Fact]:
    """Every fact that the record holds now, in the order of the record, type by type."""
    with read_transaction(engine) as connection:
        return live_facts_in(connection)


def current_revision(engine: Engine) -> int:
    """The number of the last change; 0 for an empty record."""
    with read_transaction(engine) as connection:
        return revision_number(connection)


def revision_number(connection: Connection) -> int:
    """The number of the last change, in this transaction; 0 for an empty record."""
    return connection.scalar(select(func.max(REVISIONS.c.number))) or 0


def begun_at(connection: Connection) -> datetime | None:
    """The moment of the record's first revision; None for an empty record."""
    first = connection.execute(select(REVISIONS.c.made_at).order_by(REVISIONS.c.number).limit(1)).first()
    return first.made_at if first else None


def recent_revisions(engine: Engine, *, newest: int = 50) -> list[Revision]:
    """The last changes of the record, newest first."""
    with read_transaction(engine) as connection:
        rows = connection.execute(select(REVISIONS).order_by(REVISIONS.c.number.desc()).limit(newest))
        return [Revision(**row) for row in rows.mappings()]


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without the garbage collector, which takes half the time of a load to find that every fact is in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# -- changing --------------------------------------------------------------------------------------


def record_facts(
    engine: Engine,
    facts: Iterable[Fact],
    *,
    what: str,
    moment: datetime,
    replace: Collection[type[Fact]] = (),
    dry_run: bool = False,
) -> RecordOutcome:
    """Make the record say what the facts say, in one transaction; see `record_facts_in`."""
    with (read_transaction if dry_run else write_transaction)(engine) as connection:
        return record_facts_in(connection, facts, what=what, moment=moment, replace=replace, dry_run=dry_run)


def record_facts_in(
    connection: Connection,
    facts: Iterable[Fact],
    *,
    what: str,
    moment: datetime,
    replace: Collection[type[Fact]] = (),
    dry_run: bool = False,
) -> RecordOutcome:
    """Make the record say what the facts say about each subject they name, inside this transaction.

    A fact that is held already stays; a live fact on a named subject that is not among them is
    retracted, and new ones are recorded. Of the types in `replace`, live facts on other subjects
    are retracted too. No change makes no revision; `dry_run` tells what would change.
    """
    given = list(facts)
    changes = [
        _compared(
            connection, schema, [fact for fact in given if type(fact) is schema.fact], whole=schema.fact in replace
        )
        for schema in FACT_SCHEMAS
    ]
    return _made(connection, changes, what, moment, dry_run=dry_run)


def retract_facts(engine: Engine, facts: Iterable[Fact], *, reason: str, moment: datetime) -> RecordOutcome:
    """Take facts out of the record without putting others in their place; the reason names the revision.

    NotFound for a fact that the record does not hold; then none is retracted.
    """
    with write_transaction(engine) as connection:
        return replace_facts(connection, facts, (), what=reason, moment=moment)


def replace_facts(
    connection: Connection, going: Iterable[Fact], coming: Iterable[Fact], *, what: str, moment: datetime
) -> RecordOutcome:
    """Take these facts out of the record and put those in, inside this transaction, whatever their subjects.

    NotFound for a fact to go that the record does not hold; then nothing is changed.
    """
    leaving, given = set(going), list(coming)
    changes = []
    for schema in FACT_SCHEMAS:
        those = [fact for fact in leaving if type(fact) is schema.fact]
        found = [(row, fact) for row, fact in _live_beside(connection, schema, those) if fact in leaving]
        changes.append(_Change(schema, found, [fact for fact in given if type(fact) is schema.fact], 0))
    for missing in leaving - {fact for change in changes for _, fact in change.going}:
        raise NotFound("fact", " ".join(missing.subject))
    return _made(connection, changes, what, moment)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to happen to the facts of one type: rows going, facts coming, and how many stay."""

    schema: FactSchema
    going: Sequence[tuple[int, Fact]]
    coming: Sequence[Fact]
    staying: int


def _compared(connection: Connection, schema: FactSchema, facts: Sequence[Fact], *, whole: bool) -> _Change:
    if not facts and not whole:
        return _Change(schema, [], [], 0)
    wanted = dict.fromkeys(facts)
    stored = _facts(connection, schema, only_live=True) if whole else _live_beside(connection, schema, facts)
    held = {fact: row for row, fact in stored}
    named = {fact.subject for fact in wanted}
    going = [(row, fact) for fact, row in held.items() if fact not in wanted and (whole or fact.subject in named)]
    coming = [fact for fact in wanted if fact not in held]
    return _Change(schema, going, coming, len(wanted) - len(coming))


def _made(
    connection: Connection, changes: Sequence[_Change], what: str, moment: datetime, *, dry_run: bool = False
) -> RecordOutcome:
    last = connection.execute(select(REVISIONS).order_by(REVISIONS.c.number.desc()).limit(1)).first()
    outcome = RecordOutcome(
        revision=last.number if last else 0,
        recorded=tuple(fact for change in changes for fact in change.coming),
        retracted=tuple(fact for change in changes for _, fact in change.going),
        unchanged=sum(change.staying for change in changes),
        dry_run=dry_run,
    )
    if dry_run or not outcome.changed:
        return outcome
    # A writer that had to wait comes later than the one before it, whatever its own clock said.
    at = max(moment, last.made_at) if last else moment
    outcome = replace(outcome, revision=outcome.revision + 1)
    _write(connection, changes, outcome, what, at)
    return outcome


def _write(connection: Connection, changes: Sequence[_Change], outcome: RecordOutcome, what: str, at: datetime) -> None:
    number = outcome.revision
    counts = {"recorded": len(outcome.recorded), "retracted": len(outcome.retracted)}
    connection.execute(insert(REVISIONS).values(number=number, made_at=at, what=what, **counts))
    for change in changes:
        table = FACT_TABLES[change.schema.fact]
        if change.going:
            gone = update(table).where(table.c.id == bindparam("row"), table.c.retracted_at.is_(None))
            gone = gone.values(retracted_at=at, retracted_in=number)
            connection.execute(gone, [{"row": row} for row, _ in change.going])
        if change.coming:
            came = {"recorded_at": at, "recorded_in": number}
            connection.execute(insert(table), [_row(change.schema, fact) | came for fact in change.coming])


# -- facts as rows ---------------------------------------------------------------------------------


def _row(schema: FactSchema, fact: Fact) -> dict[str, Any]:
    row = {column.stored_as: _cell(schema, column, fact) for column in schema.columns}
    if not schema.key:
        said = [value for name, value in row.items() if name not in ("note", "doubt")]
        row["fingerprint"] = hashlib.sha256(repr(said).encode()).hexdigest()
    return row


def _cell(schema: FactSchema, column: Column, fact: Fact) -> Any:
    """A value as its table holds it; BadQuestion for one that would make the record unreadable."""
    value = getattr(fact, column.field)
    try:
        return column.codec.to_record(value)
    except BadValue as trouble:
        raise BadQuestion(
            f"{schema.file} cannot hold '{str(value)[:100]}' as {column.name}: it {trouble} {column.codec.advice}"
        ) from None


def _facts(connection: Connection, schema: FactSchema, *, only_live: bool = False) -> Iterator[tuple[int, Fact]]:
    """The facts of a type with their rows' ids; a corrected fact keeps the place of the one it corrects."""
    table, columns = FACT_TABLES[schema.fact], stored_columns(schema)
    query = select(table.c.id, *columns, table.c.recorded_in, table.c.retracted_in).order_by(table.c.id)
    read = _reader(schema, _moments(connection))
    found = [read(row) for row in connection.execute(query).all()]
    places: dict[tuple[str, ...], int] = {}
    ordered = sorted(found, key=lambda each: places.setdefault(each[1].subject, each[0]))
    return (each for each in ordered if not (only_live and each[1].retracted_at))


def _live_beside(connection: Connection, schema: FactSchema, facts: Sequence[Fact]) -> list[tuple[int, Fact]]:
    """The live facts on the subjects of these, with their rows' ids: what a change of few facts needs to look at."""
    if not facts:
        return []
    table, columns = FACT_TABLES[schema.fact], stored_columns(schema)
    query = select(table.c.id, *columns, table.c.recorded_in, table.c.retracted_in).order_by(table.c.id)
    query = query.where(table.c.retracted_in.is_(None))
    about = {fact.subject[0] for fact in facts}
    if len(about) <= FEW_SUBJECTS:
        query = query.where(columns[0].in_(about))
    read = _reader(schema, _moments(connection))
    return [read(row) for row in connection.execute(query).all()]


def _moments(connection: Connection) -> dict[int | None, datetime | None]:
    """The moment of each revision; looked up here because reading a moment from each row costs more than the row."""
    made = connection.execute(select(REVISIONS.c.number, REVISIONS.c.made_at)).all()
    return {None: None} | {row.number: row.made_at for row in made}


def _reader(
    schema: FactSchema, moments: dict[int | None, datetime | None]
) -> Callable[[Sequence[Any]], tuple[int, Fact]]:
    """How a row of id, columns and revisions becomes a fact. Few values are distinct: each is read once."""
    fields = [column.field for column in schema.columns]
    readers = [
        (place, lru_cache(maxsize=None)(column.codec.from_record))
        for place, column in enumerate(schema.columns)
        if column.codec is not TEXT
    ]

    def read(row: Sequence[Any]) -> tuple[int, Fact]:
        number, *values, recorded, retracted = row
        for place, from_record in readers:
            values[place] = from_record(values[place])
        kept = dict(zip(fields, values, strict=True))
        return number, schema.fact(**kept, recorded_at=moments[recorded], retracted_at=moments[retracted])

    return read
