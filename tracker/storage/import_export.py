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
from tracker.law.dates import PartialDate
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
    """The facts of some files, in their order, and the nouns that the files were about."""

    facts: tuple[Fact, ...]
    nouns: frozenset[type[Fact]]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)


@dataclass(slots=True)
class Parsed:
    """What could be made of some files row by row, before anyone looked at the rows together.

    `named` are the codes and ids that rows give even where the rest of the row is faulty, `loose`
    what such rows mention; `unread` are the nouns of files that could not be read at all. All three
    keep one fault from hiding another or from causing a hundred.
    """

    entries: list[SourcedFact] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    nouns: set[type[Fact]] = field(default_factory=set)
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

    The record's facts of the `replaced` nouns give way to the files' facts entirely.
    """
    kept = validation.facts_beside(held, parsed.entries, replaced)
    validation.check_facts(
        parsed.entries, kept, parsed.named, parsed.unread, parsed.loose, parsed.faults, recheck=bool(replaced)
    )
    parsed.faults.raise_any()
    return Facts(tuple(entry.fact for entry in parsed.entries), frozenset(parsed.nouns))


def write_facts(facts: Iterable[Fact], folder: Path) -> None:
    """Write one file a noun into the folder, in the order of the facts; `read` gives the same facts back.

    A noun without facts becomes a file with a header only. Each file is replaced whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    everything = list(facts)
    for noun in FACT_SCHEMAS:
        draft = folder / f"{noun.file}.part"
        with draft.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream, lineterminator="\n")
            lines.writerow(noun.names)
            lines.writerows(_row(noun, fact) for fact in everything if type(fact) is noun.fact)
        draft.replace(folder / noun.file)


def _row(noun: FactSchema, fact: Fact) -> list[str]:
    return [column.form.to_text(getattr(fact, column.of)) for column in noun.columns]


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


def _parse_file(path: Path, noun: FactSchema, parsed: Parsed) -> None:
    parsed.nouns.add(noun.fact)
    read = 0
    already_faulty = parsed.faults.count
    for row in csv_reader.read_rows(path, noun, parsed.faults):
        read += 1
        if noun.single:
            parsed.named.add((noun.fact, row.values[noun.columns[0].name]))
        if fact := _fact(noun, row, str(path), parsed.faults):
            parsed.entries.append(SourcedFact(fact, noun, str(path), row.line))
        else:
            parsed.loose += _loose(noun, row, str(path))
    if not read and parsed.faults.count > already_faulty:
        parsed.unread.add(noun.fact)


def _loose(noun: FactSchema, row: CsvRow, file: str) -> Iterator[MentionedNames]:
    """What a faulty row mentions all the same."""
    for column in noun.referring:
        text = row.values.get(column.name, "").strip()
        if column.refers and text:
            for name in text.split("|"):
                yield MentionedNames(file, row.line, column.name, column.refers, name)


def _fact(noun: FactSchema, row: CsvRow, file: str, faults: Faults) -> Fact | None:
    before = faults.count
    values: dict[str, Any] = {}
    for column in noun.columns:
        values[column.of] = _value(column, row, file, faults)
    if faults.count > before:
        return None
    try:
        fact = noun.fact(**values)
    except ValueError as trouble:
        faults.add(file, row.line, f"makes no sense: {trouble}.", "Correct the row.")
        return None
    _judge(noun, fact, row, file, faults)
    return fact if faults.count == before else None


def _value(column: Column, row: CsvRow, file: str, faults: Faults) -> Any:
    text = row.values.get(column.name, "")
    if not text or text.isspace():
        if column.required:
            mend = "Say where the fact comes from." if column.name == "source" else "Give a value."
            faults.add(file, row.line, "is empty, and must not be.", mend, column=column.name)
        return column.when_empty
    try:
        return column.form.read(text)
    except (BadValue, BadClause) as trouble:
        faults.add(file, row.line, str(trouble), column.form.mend, column=column.name, value=text)
        return column.when_empty


def _judge(noun: FactSchema, fact: Fact, row: CsvRow, file: str, faults: Faults) -> None:
    """What is wrong inside one row although each of its values can be read."""
    for start, end in noun.spans:
        since, until = (getattr(fact, noun.column(name).of) for name in (start, end))
        if isinstance(since, PartialDate) and isinstance(until, PartialDate) and until.last < since.first:
            mend = "Correct one of the two days."
            faults.add(file, row.line, f"is before {start} ({since}).", mend, column=end, value=str(until))
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
    """Make the record say what these files and folders say; see `store.amend`.

    With `replace` the files are the whole record of their nouns: what they leave out is retracted.
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
        replaced = frozenset(parsed.nouns) if replace else frozenset[type]()
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
