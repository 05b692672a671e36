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
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, and_, bindparam, case, func, insert, or_, select, update

from tracker.errors import BadQuestion, NotFound
from tracker.law.ledger import Ledger
from tracker.law.model import Action, Body, Fact, Instrument, Participant
from tracker.law.reference_facts import facts_by_type
from tracker.storage.codecs import TEXT, BadValue
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.facts import FACT_SCHEMAS, Column, FactSchema
from tracker.storage.tables import FACT_TABLES, REVISIONS, stored_columns

T = TypeVar("T")


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


_KEYS = 100  # of facts or revisions, asked for at once
_AT_A_TIME = 10_000  # rows fetched from the server
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

    Unavailable if there is no record. Whoever wants to keep it as the record changes asks `ledger_source`.
    """
    with read_transaction(engine) as connection:
        return load_ledger_in(connection)


def load_ledger_in(connection: Connection) -> Ledger:
    """The same in this transaction."""
    with nothing_collected():
        return Ledger(fact for schema in FACT_SCHEMAS for fact in _all_facts(connection, schema))


@dataclass(frozen=True, slots=True)
class FactChanges:
    """What some revisions have changed: facts retracted, as they are now, and facts that came, in their order."""

    retracted: tuple[Fact, ...]
    come: tuple[Fact, ...]

    def __iter__(self) -> Iterator[Fact]:
        return iter((*self.retracted, *self.come))


def changes_after(connection: Connection, revision: int, most: int) -> FactChanges:
    """What was retracted and what came after a revision; at most so many facts of a type, as a bound for the database.

    A fact that has both come and gone since is among those that came.
    """
    retracted: list[Fact] = []
    come: list[Fact] = []
    for schema in FACT_SCHEMAS:
        table = FACT_TABLES[schema.fact]
        since = (table.c.recorded_in, table.c.retracted_in)
        rows = {
            row.id: row
            for column in since
            for row in connection.execute(
                _rows(schema).where(column > revision).order_by(column, table.c.id).limit(most)
            )
        }
        read = _reader(schema, _moments_of(connection, rows.values()))
        for number in sorted(rows):
            (come if rows[number].recorded_in > revision else retracted).append(read(rows[number])[1])
    return FactChanges(tuple(retracted), tuple(come))


def live_facts_in(connection: Connection) -> list[Fact]:
    """Every fact that holds in this transaction, in the order of the record, type by type."""
    return [fact for schema in FACT_SCHEMAS for _, fact in _facts(connection, schema, only_live=True)]


def live_facts(engine: Engine) -> list[Fact]:
    """Every fact that the record holds now, in the order of the record, type by type."""
    with read_transaction(engine) as connection:
        return live_facts_in(connection)


EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the moment of a record without a revision: the first that a zip can say


def last_revision(connection: Connection) -> tuple[int, datetime]:
    """The number of the last change and its moment in UTC; 0 and `EPOCH` for an empty record."""
    last = connection.execute(REVISIONS.select().order_by(REVISIONS.c.number.desc()).limit(1)).first()
    return (last.number, last.made_at) if last else (0, EPOCH)


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


def names_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The usual names of those of these instruments, participants and bodies that are described, by id or code."""
    treaties, people, bodies = (FACT_TABLES[fact] for fact in (Instrument, Participant, Body))
    wanted = (
        (treaties, treaties.c.code, case((treaties.c.short_name != "", treaties.c.short_name), else_=treaties.c.title)),
        (people, people.c.code, people.c.name),
        (bodies, bodies.c.code, case((bodies.c.acronym != "", bodies.c.acronym), else_=bodies.c.name)),
    )
    found: dict[str, str] = {}
    for table, key, name in wanted:
        query = select(key, name).where(key.in_(ids), table.c.retracted_at.is_(None))
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


@contextmanager
def nothing_collected() -> Iterator[None]:
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
    given = facts_by_type(facts)
    changes = [
        _compare(connection, schema, given.get(schema.fact, ()), whole=schema.fact in replace)
        for schema in FACT_SCHEMAS
    ]
    return _make_change(connection, changes, what, moment, dry_run=dry_run)


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
        found = [(row, fact) for row, fact in _live_ones(connection, schema, those) if fact in leaving]
        changes.append(_Change(schema, found, [fact for fact in given if type(fact) is schema.fact], 0))
    for missing in leaving - {fact for change in changes for _, fact in change.going}:
        raise NotFound("fact", " ".join(missing.subject))
    return _make_change(connection, changes, what, moment)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to happen to the facts of one type: rows going, facts coming, and how many stay."""

    schema: FactSchema
    going: Sequence[tuple[int, Fact]]
    coming: Sequence[Fact]
    staying: int


def _compare(connection: Connection, schema: FactSchema, facts: Sequence[Fact], *, whole: bool) -> _Change:
    if not facts and not whole:
        return _Change(schema, [], [], 0)
    wanted = dict.fromkeys(facts)
    stored = _facts(connection, schema, only_live=True) if whole else _live_beside(connection, schema, facts)
    held = {fact: row for row, fact in stored}
    named = {fact.subject for fact in wanted} if held else ()
    going = [(row, fact) for fact, row in held.items() if fact not in wanted and (whole or fact.subject in named)]
    coming = [fact for fact in wanted if fact not in held]
    return _Change(schema, going, coming, len(wanted) - len(coming))


def _make_change(
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
            insert_facts(connection, change.schema, change.coming, revision=number, moment=at)


# -- facts as rows ---------------------------------------------------------------------------------


def stored_row(schema: FactSchema, fact: Fact) -> dict[str, Any]:
    """A fact as a row of its table."""
    writer = RowWriter(schema)
    return dict(zip(writer.names, writer.values(fact), strict=True))


class RowWriter:
    """How facts of one type become rows. Few values are distinct: each is encoded once."""

    def __init__(self, schema: FactSchema) -> None:
        self._schema = schema
        self.names = [column.stored_as for column in schema.columns]
        self._fields = attrgetter(*(column.field for column in schema.columns))
        coded = [(place, column) for place, column in enumerate(schema.columns) if not column.codec.numeric]
        self._texts = [place for place, column in coded if column.codec is TEXT]
        self._coded: list[tuple[int, Column, dict[Any, Any]]] = [
            (place, column, {}) for place, column in coded if column.codec is not TEXT
        ]
        self._said = [place for place, name in enumerate(self.names) if name not in ("note", "doubt")]
        if not schema.key:
            self.names.append("fingerprint")

    def values(self, fact: Fact) -> list[Any]:
        """The row of a fact, in the order of `names`; BadQuestion for a value that would make the record unreadable."""
        row = list(self._fields(fact))
        for place in self._texts:
            if row[place].__class__ is not str:
                row[place] = self._cell(self._schema.columns[place], row[place])
        for place, column, known in self._coded:
            value = row[place]
            stored = known.get(value)
            if stored is None:
                stored = known[value] = self._cell(column, value)
            row[place] = stored
        if not self._schema.key:
            said = [row[place] for place in self._said]
            row.append(hashlib.sha256(repr(said).encode()).hexdigest())
        return row

    def _cell(self, column: Column, value: Any) -> Any:
        try:
            return column.codec.to_record(value)
        except BadValue as trouble:
            file, shown = self._schema.file, str(value)[:100]
            raise BadQuestion(
                f"{file} cannot hold '{shown}' as {column.name}: it {trouble} {column.codec.advice}"
            ) from None


def insert_facts(
    connection: Connection, schema: FactSchema, facts: Iterable[Fact], *, revision: int, moment: datetime
) -> None:
    """Put facts of one type into their table, as recorded in a revision that was made at that moment.

    The rows go to the database's driver as they are: SQLAlchemy would look at each value once more.
    """
    table, writer, dialect = FACT_TABLES[schema.fact], RowWriter(schema), connection.dialect
    process = table.c.recorded_at.type.dialect_impl(dialect).bind_processor(dialect)
    came = (revision, process(moment) if process else moment)
    names = [*writer.names, "recorded_in", "recorded_at"]
    compiled = insert(table).compile(dialect=dialect, column_keys=names)
    rows = ((*writer.values(fact), *came) for fact in facts)
    if compiled.positional:
        in_order = itemgetter(*(names.index(name) for name in compiled.positiontup or ()))
        connection.exec_driver_sql(str(compiled), [in_order(row) for row in rows])
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(names, row, strict=True)) for row in rows])


def _rows(schema: FactSchema) -> Select[Any]:
    """The question for rows as `_reader` reads them."""
    table = FACT_TABLES[schema.fact]
    return select(table.c.id, *stored_columns(schema), table.c.recorded_in, table.c.retracted_in)


def _all_facts(connection: Connection, schema: FactSchema) -> Iterable[Fact]:
    """The facts of a type, retracted ones too, in the order of the record; acts in any, since a ledger orders them."""
    if schema.fact is not Action:
        return (fact for _, fact in _facts(connection, schema))
    read = _reader(schema, _moments(connection))
    return (read(row)[1] for row in connection.execute(_rows(schema).execution_options(yield_per=_AT_A_TIME)))


def _facts(connection: Connection, schema: FactSchema, *, only_live: bool = False) -> Iterator[tuple[int, Fact]]:
    """The facts of a type with their rows' ids; a corrected fact keeps the place of the one it corrects."""
    query = _rows(schema).order_by(FACT_TABLES[schema.fact].c.id)
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
    query = _rows(schema).order_by(table.c.id).where(table.c.retracted_in.is_(None))
    about = {fact.subject[0] for fact in facts}
    if len(about) <= FEW_SUBJECTS:
        query = query.where(columns[0].in_(about))
    read = _reader(schema, _moments(connection))
    return [read(row) for row in connection.execute(query).all()]


def _live_ones(connection: Connection, schema: FactSchema, facts: Sequence[Fact]) -> Iterator[tuple[int, Fact]]:
    """Those of these facts that are live, with their rows' ids, found by their keys."""
    table = FACT_TABLES[schema.fact]
    names = [schema.column(name).stored_as for name in schema.key] or ["fingerprint"]
    for some in _batches(facts):
        keys = [stored_row(schema, fact) for fact in some]
        one_of = or_(*(and_(*(table.c[name] == row[name] for name in names)) for row in keys))
        rows = connection.execute(_rows(schema).where(table.c.retracted_at.is_(None), one_of)).all()
        read = _reader(schema, _moments_of(connection, rows))
        yield from (read(row) for row in rows)


def _moments(connection: Connection) -> dict[int | None, datetime | None]:
    """The moment of each revision; looked up here because reading a moment from each row costs more than the row."""
    made = connection.execute(select(REVISIONS.c.number, REVISIONS.c.made_at)).all()
    return {None: None} | {row.number: row.made_at for row in made}


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _KEYS] for start in range(0, len(values), _KEYS))


def _moments_of(connection: Connection, rows: Collection[Row[Any]]) -> dict[int | None, datetime | None]:
    """The moments of the revisions that these few rows name."""
    numbers = {number for row in rows for number in row[-2:]} - {None}
    found: dict[int | None, datetime | None] = {None: None}
    for some in _batches(sorted(numbers)):
        made = connection.execute(select(REVISIONS.c.number, REVISIONS.c.made_at).where(REVISIONS.c.number.in_(some)))
        found |= {row.number: row.made_at for row in made}
    return found


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
