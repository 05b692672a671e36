"""Data files as facts and facts as data files, and the imports and exports that join files and database.

A faulty file is refused whole, with every fault and its place; an import is one transaction.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tracker.errors import BadClause
from tracker.law.clause_parser import clause_of
from tracker.law.ledger import Ledger
from tracker.law.model import Fact, Instrument
from tracker.storage import audit_log, change_log, csv_reader, repository, validation
from tracker.storage.audit_log import Actor
from tracker.storage.change_log import Announce
from tracker.storage.codecs import BadValue
from tracker.storage.csv_reader import CsvRow, Faults
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_FILE, Column, FactSchema
from tracker.storage.repository import RecordOutcome
from tracker.storage.validation import MentionedNames, SourcedFact

Progress = Callable[[str, int, int], None]  # what is being done, how many steps are done, of how many


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of some files, in their order, and the fact types that the files were about."""

    facts: tuple[Fact, ...]
    fact_types: frozenset[type[Fact]]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)


@dataclass(slots=True)
class Parsed:
    """What could be made of some files row by row, before anyone looked at the rows together.

    `named` are the codes and ids that rows give even where the rest of the row is faulty, `loose`
    what such rows mention; `unread` are the fact types of files that could not be read at all. All three
    keep one fault from hiding another or from causing a hundred.
    """

    entries: list[SourcedFact] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    fact_types: set[type[Fact]] = field(default_factory=set)
    named: set[tuple[type[Fact], str]] = field(default_factory=set)
    unread: set[type[Fact]] = field(default_factory=set)
    loose: list[MentionedNames] = field(default_factory=list)


def read_facts(paths: Sequence[Path], held: Collection[Fact] = ()) -> Facts:
    """The facts in these files and folders; BadData with every fault if there is any.

    `held` are the facts that the record holds already: what the files refer to may be among them.
    """
    return require_valid(parse_files(paths), held)


def parse_files(paths: Sequence[Path], progress: Progress | None = None) -> Parsed:
    """Every row of these files and folders, each read for itself; BadData only when there are too many faults."""
    parsed = Parsed()
    files = list(dict.fromkeys(file for path in paths for file in _files(path, parsed.faults)))
    for done, path in enumerate(files):
        if progress:
            progress(f"reading {path.name}", done, len(files))
        _parse_file(path, SCHEMA_BY_FILE[path.name], parsed)
    return parsed


def require_valid(parsed: Parsed, held: Collection[Fact], replaced: Collection[type[Fact]] = ()) -> Facts:
    """The facts, once they make sense together and beside those `held`; else BadData with every fault.

    The record's facts of the `replaced` types give way to the files' facts entirely.
    """
    kept = validation.facts_beside(held, parsed.entries, replaced)
    validation.check_facts(
        parsed.entries, kept, parsed.named, parsed.unread, parsed.loose, parsed.faults, recheck=bool(replaced)
    )
    parsed.faults.raise_any()
    return Facts(tuple(entry.fact for entry in parsed.entries), frozenset(parsed.fact_types))


def write_facts(facts: Iterable[Fact], folder: Path) -> None:
    """Write one file for each fact type into the folder, in the order of the facts; `read_facts` gives them back.

    A type without facts becomes a file with a header only. Each file is replaced whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    everything = list(facts)
    for schema in FACT_SCHEMAS:
        draft = folder / f"{schema.file}.part"
        with draft.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream, lineterminator="\n")
            lines.writerow(schema.names)
            lines.writerows(_row(schema, fact) for fact in everything if type(fact) is schema.fact)
        draft.replace(folder / schema.file)


def _row(schema: FactSchema, fact: Fact) -> list[str]:
    return [column.codec.to_text(getattr(fact, column.field)) for column in schema.columns]


def _files(path: Path, faults: Faults) -> list[Path]:
    if path.is_dir():
        found = sorted(path.glob("*.csv"), key=_place)
        if not found:
            faults.add(
                str(path), 0, "holds no data files.", f"Put one or more of these in it: {', '.join(SCHEMA_BY_FILE)}."
            )
    else:
        found = [path]
    for file in found:
        if file.name not in SCHEMA_BY_FILE:
            faults.add(
                str(file), 0, "is not a data file of this program.", f"The files are {', '.join(SCHEMA_BY_FILE)}."
            )
    return [file for file in found if file.name in SCHEMA_BY_FILE]


def _place(file: Path) -> tuple[int, str]:
    names = list(SCHEMA_BY_FILE)
    return (names.index(file.name) if file.name in names else len(names), file.name)


def _parse_file(path: Path, schema: FactSchema, parsed: Parsed) -> None:
    already_faulty = parsed.faults.count
    read = parse_rows(csv_reader.read_rows(path, schema, parsed.faults), schema, str(path), parsed)
    if not read and parsed.faults.count > already_faulty:
        parsed.unread.add(schema.fact)


def parse_rows(rows: Iterable[CsvRow], schema: FactSchema, file: str, parsed: Parsed) -> int:
    """Take rows of text into what was parsed, each as a fact or as its faults; says how many there were."""
    parsed.fact_types.add(schema.fact)
    reader, read = _RowReader(schema, file, parsed.faults), 0
    for row in rows:
        read += 1
        if schema.key:
            parsed.named.add((schema.fact, row.values[schema.names[0]]))
        if fact := reader.fact(row):
            parsed.entries.append(SourcedFact(fact, schema, file, row.line))
        else:
            parsed.loose += _loose(schema, row, file)
    return read


def _loose(schema: FactSchema, row: CsvRow, file: str) -> Iterator[MentionedNames]:
    """What a faulty row mentions all the same."""
    for column, fact_type in schema.referring:
        if text := row.values.get(column.name, "").strip():
            for name in text.split("|"):
                yield MentionedNames(file, row.line, column.name, fact_type, name)


class _RowReader:
    """How rows of one file become facts, or their faults. Few values are distinct: each is read once."""

    def __init__(self, schema: FactSchema, file: str, faults: Faults) -> None:
        self._schema, self._file, self._faults = schema, file, faults
        self._columns: dict[str, tuple[Column, dict[str, Any]]] = {
            column.name: (column, {}) for column in schema.columns
        }
        self._required = {column.field for column in schema.columns if column.required}

    def fact(self, row: CsvRow) -> Fact | None:
        """The fact that a row states; None if it has a fault, which is noted."""
        values: dict[str, Any] | None
        try:
            values = {
                column.field: known[text] if text in known else known.setdefault(text, column.codec.read(text))
                for name, text in row.values.items()
                if text and not text.isspace()
                for column, known in (self._columns[name],)
            }
        except (BadValue, BadClause, KeyError):
            values = None
        if values is None or not self._required <= values.keys():
            values = self._values_one_by_one(row)
        if values is None:
            return None
        try:
            fact = self._schema.fact(**values)
        except ValueError as trouble:
            self._faults.add(self._file, row.line, f"makes no sense: {trouble}.", "Correct the row.")
            return None
        return fact if _makes_sense(self._schema, fact, row, self._file, self._faults) else None

    def _values_one_by_one(self, row: CsvRow) -> dict[str, Any] | None:
        """The values of a row in which something may be amiss; None if something is, and each such value is noted."""
        before, values = self._faults.count, dict[str, Any]()
        for column in self._schema.columns:
            text = row.values.get(column.name, "")
            if text and not text.isspace():
                values[column.field] = self._value(column, text, row.line)
            elif column.required:
                advice = "Say where the fact comes from." if column.name == "source" else "Give a value."
                self._faults.add(self._file, row.line, "is empty, and must not be.", advice, column=column.name)
        return values if self._faults.count == before else None

    def _value(self, column: Column, text: str, line: int) -> Any:
        try:
            return column.codec.read(text)
        except (BadValue, BadClause) as trouble:
            advice = column.codec.advice
            self._faults.add(self._file, line, str(trouble), advice, column=column.name, value=text)
            return None


def _makes_sense(schema: FactSchema, fact: Fact, row: CsvRow, file: str, faults: Faults) -> bool:
    """Does a row whose values can each be read say something that can be? What is wrong is noted."""
    if not schema.spans and not isinstance(fact, Instrument):
        return True
    before = faults.count
    for start, end in schema.spans:
        since, until = getattr(fact, start.field), getattr(fact, end.field)
        if since and until and until.last < since.first:
            problem, advice = f"is before {start.name} ({since}).", "Correct one of the two days."
            faults.add(file, row.line, problem, advice, column=end.name, value=str(until))
    if isinstance(fact, Instrument):
        try:
            clause_of(fact)
        except BadClause as trouble:
            faults.add(file, row.line, str(trouble), column="conditions", value=fact.conditions)
    return faults.count == before


def import_files(
    engine: Engine,
    paths: Sequence[Path],
    *,
    moment: datetime,
    dry_run: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
    announce: Announce = change_log.announce_nothing,
    actor: Actor | None = None,
) -> RecordOutcome:
    """Make the record say what these files and folders say; see `repository.record_facts_in`.

    With `replace` the files are the whole record of their fact types: what they leave out is retracted.
    The files are checked beside the record in the transaction that writes, so nothing can slip in
    between. What they change is noted in the log of changes, unless the record was empty, and
    announced by the function handed in: by default to nobody, since files are mostly history. With an
    `actor`, the log says who did it.
    BadData with every fault, nothing written; Unavailable if the record cannot be had.
    """
    with repository.nothing_collected():
        return import_parsed(
            engine, parse_files(paths, progress), ", ".join(str(path) for path in paths), moment=moment,
            dry_run=dry_run, replace=replace, progress=progress, announce=announce, actor=actor,
        )  # fmt: skip


def import_parsed(
    engine: Engine,
    parsed: Parsed,
    files: str,
    *,
    moment: datetime,
    dry_run: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
    announce: Announce = change_log.announce_nothing,
    actor: Actor | None = None,
) -> RecordOutcome:
    """Make the record say what was parsed from these files; like `import_files`, which reads them first."""
    faulty = bool(parsed.faults.count)  # then only the rest of the faults is wanted, and nobody need wait for us
    with (read_transaction if dry_run or faulty else write_transaction)(engine) as connection:
        _tell(progress, "checking", 0)
        replaced = frozenset(parsed.fact_types) if replace else frozenset[type]()
        before = repository.live_facts_in(connection)
        facts = require_valid(parsed, before, replaced)
        _tell(progress, "comparing" if dry_run else "recording", 1)
        outcome = repository.record_facts_in(
            connection, facts, what=f"import of {files}", moment=moment, replace=replaced, dry_run=dry_run
        )
        if before and outcome.changed and not dry_run:
            change_log.log_differences(connection, Ledger(before), outcome, moment=moment, announce=announce)
        if outcome.changed and not dry_run:
            audit_log.audit_by(actor, "import", files, moment)(connection)
        return outcome


def export_files(engine: Engine, folder: Path) -> int:
    """Write every live fact as files into the folder, and say how many there were; importing them changes nothing."""
    facts = repository.live_facts(engine)
    write_facts(facts, folder)
    return len(facts)


def _tell(progress: Progress | None, doing: str, done: int) -> None:
    if progress:
        progress(doing, done, 2)
