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
    parsed.fact_types.add(schema.fact)
    read = 0
    already_faulty = parsed.faults.count
    for row in csv_reader.read_rows(path, schema, parsed.faults):
        read += 1
        if schema.key:
            parsed.named.add((schema.fact, row.values[schema.names[0]]))
        if fact := _fact(schema, row, str(path), parsed.faults):
            parsed.entries.append(SourcedFact(fact, schema, str(path), row.line))
        else:
            parsed.loose += _loose(schema, row, str(path))
    if not read and parsed.faults.count > already_faulty:
        parsed.unread.add(schema.fact)


def _loose(schema: FactSchema, row: CsvRow, file: str) -> Iterator[MentionedNames]:
    """What a faulty row mentions all the same."""
    for column, fact_type in schema.referring:
        if text := row.values.get(column.name, "").strip():
            for name in text.split("|"):
                yield MentionedNames(file, row.line, column.name, fact_type, name)


def _fact(schema: FactSchema, row: CsvRow, file: str, faults: Faults) -> Fact | None:
    before = faults.count
    values: dict[str, Any] = {}
    for column in schema.columns:
        text = row.values.get(column.name, "")
        if text and not text.isspace():
            values[column.field] = _value(column, text, row.line, file, faults)
        elif column.required:
            advice = "Say where the fact comes from." if column.name == "source" else "Give a value."
            faults.add(file, row.line, "is empty, and must not be.", advice, column=column.name)
    if faults.count > before:
        return None
    try:
        fact = schema.fact(**values)
    except ValueError as trouble:
        faults.add(file, row.line, f"makes no sense: {trouble}.", "Correct the row.")
        return None
    _judge(schema, fact, row, file, faults)
    return fact if faults.count == before else None


def _value(column: Column, text: str, line: int, file: str, faults: Faults) -> Any:
    try:
        return column.codec.read(text)
    except (BadValue, BadClause) as trouble:
        faults.add(file, line, str(trouble), column.codec.advice, column=column.name, value=text)
        return None


def _judge(schema: FactSchema, fact: Fact, row: CsvRow, file: str, faults: Faults) -> None:
    """What is wrong inside one row although each of its values can be read."""
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
    parsed = parse_files(paths, progress)
    files = ", ".join(str(path) for path in paths)
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
            change_log.log_differences(connection, before, outcome, moment=moment, announce=announce)
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
