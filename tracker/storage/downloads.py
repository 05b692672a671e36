"""The whole record as two files to download: a zip of CSV files as a data package, and an SQLite file.

Built once per revision, from live facts alone: nothing about subscribers, users or deliveries is read here. Files
are written by `import_export`, columns described as `facts` declares them.

The record as Parquet with typed columns: files for data frames and databases. The panel is in `panel_files`.

Days known in part are three columns (`x_first`, `x_last`, `x_precision`), lists are lists, numbers are numbers, and one
thing has one name in every file: `participant`, `treaty`, `body`. Arrow is loaded when the first file is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from shutil import copyfileobj, rmtree
from tempfile import TemporaryDirectory, mkdtemp
from threading import Lock
from typing import Any
from weakref import finalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Engine

from tracker.law.dates import PartialDate
from tracker.law.evidence import grade_of
from tracker.law.model import Body, Fact, Instrument, Participant
from tracker.messages import message
from tracker.schemas.typed import TypedColumn, day_columns, typed_column
from tracker.storage import import_export, repository
from tracker.storage.codecs import DAY, NAMES
from tracker.storage.database import read_transaction
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_TYPE, Column, FactSchema
from tracker.storage.panel_files import PanelBuilder, PanelFiles, about_revision

_NAMED = {(Participant, "code"): "participant", (Instrument, "id"): "treaty", (Body, "id"): "body"}
_REGISTERED = re.compile(r"(.*?)\s*\((\d{4}(?:-\d{2}(?:-\d{2})?)?)\)", re.ASCII)
_NUMBERS = {"integer": int, "number": float}


def fact_columns(schema: FactSchema, facts: Sequence[Fact]) -> tuple[TypedColumn, ...]:
    """The facts of one type as typed columns, in the order of the data file; last comes the grade of evidence."""
    columns = (each for column in schema.columns for each in _columns(schema, column, facts))
    return (*columns, typed_column("grade", str, [grade_of(fact).value for fact in facts]))


def _columns(schema: FactSchema, column: Column, facts: Sequence[Fact]) -> Iterator[TypedColumn]:
    values = [getattr(fact, column.field) for fact in facts]
    name = _NAMED.get((schema.fact, column.name), column.name)
    if column.codec is DAY:
        yield from day_columns(name, values)
    elif column.codec is NAMES:
        yield typed_column(name, list, values)
    elif (schema.fact, column.name) == (Instrument, "registration"):
        parts = [_REGISTERED.fullmatch(text) for text in values]
        numbers = [found[1] if found else text for found, text in zip(parts, values, strict=True)]
        yield typed_column(name, str, numbers)
        yield from day_columns("registered_on", [PartialDate.parse(found[2]) if found else None for found in parts])
    else:
        yield typed_column(name, _NUMBERS.get(column.codec.type, str), values)


def write_record_parquet(facts: Sequence[Fact], archive: Path, about: Mapping[str, str], moment: datetime) -> None:
    """Write the facts as a zip of Parquet files, one for each type of fact, named as the data files are.

    `moment` is that of the revision: the same facts make the same bytes.
    """
    write_parquet = import_module("tracker.schemas.arrow").write_parquet
    with ZipFile(archive, "w", ZIP_STORED) as files:  # Parquet is compressed already
        for schema in FACT_SCHEMAS:
            path = archive.with_suffix(f".{schema.table}.parquet")
            found = [fact for fact in facts if type(fact) is schema.fact]
            write_parquet(fact_columns(schema, found), path, about)
            entry = _zip_entry(Path(schema.file).with_suffix(".parquet").name, moment, ZIP_STORED)
            with path.open("rb") as written, files.open(entry, "w") as stream:
                copyfileobj(written, stream)
            path.unlink()


RECORD_FILES = ("record.zip", "record.sqlite", "record-parquet.zip")
LICENCE = "CC0-1.0"
LICENCE_TITLE = "Creative Commons CC0 1.0 Universal"
LICENCE_PATH = "https://creativecommons.org/publicdomain/zero/1.0/"
TERMS = message(
    "The date of a treaty action is a fact, and facts as such are not property. The maintainers of Treaty Tracker "
    "waive, under CC0 1.0, any right they hold in the selection and arrangement of these facts. This declaration "
    "covers their own rights only. Each row names its source, and the sources keep their own terms; text quoted from "
    "them, as in targets, remains theirs. The outlines of the map are from Natural Earth, in the public domain, and "
    "are not part of these files."
)
TITLE = "Treaty Tracker data"
ABOUT = message(
    "Treaty actions, final clauses, related bodies, and assessments and listings. One CSV file per table, one row per "
    "fact, with its source and, where uncertain or unverified, the reason. Empty means not known or none. Dates are "
    "ISO 8601, or a month or year where the day is not known. Lists are separated by vertical bars. Cells are exactly "
    "as stored, not altered for spreadsheets."
)


@dataclass(frozen=True, slots=True)
class DownloadFiles:
    """The files of one revision, made at a moment: where each is, how long, how many facts of each type it has."""

    revision: int
    made_at: datetime
    files: dict[str, Path]
    sizes: dict[str, int]
    rows: dict[str, int]


class DownloadBuilder:
    """The files of the record's last revision, made when first asked for; thread-safe.

    They lie in a temporary folder of the process that serves them and are removed with it, so a worker that was
    forked from another process makes its own. The files of earlier revisions are removed; a reader who has one
    open reads it to its end.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock, self._panel = engine, Lock(), PanelBuilder(engine)
        self._process, self._folder = 0, Path()
        self._held: DownloadFiles | None = None

    def copies(self) -> DownloadFiles:
        """The files of the record as it is now; Unavailable if it cannot be had."""
        with self._lock:
            self._use_own_folder()
            if self._held is None or _state(self._held) != _state_of(self._engine):
                made = made_in(self._engine, self._folder)
                for path in self._held.files.values() if self._held and _state(self._held) != _state(made) else ():
                    path.unlink(missing_ok=True)
                self._held = made
            return self._held

    def panel(self, today: date) -> PanelFiles:
        """The panel of the record up to the last year that has ended; NotReady while it is being made."""
        with self._lock:
            self._use_own_folder()
            folder = self._folder
        return self._panel.files(folder, today)

    def _use_own_folder(self) -> None:
        """See that there is a folder of this very process; what another process made, or somebody removed, is lost."""
        if self._process == os.getpid() and self._folder.is_dir():
            return
        self._process, self._folder, self._held = os.getpid(), Path(mkdtemp(prefix="treaty-tracker-")), None
        finalize(self, _remove_own, self._process, self._folder)


def _remove_own(process: int, folder: Path) -> None:
    """Remove a folder at the exit of the process that made it; a fork of that process leaves it alone."""
    if process == os.getpid():
        rmtree(folder, ignore_errors=True)


def _state(copies: DownloadFiles) -> tuple[int, datetime]:
    """Which record the files are of: the number alone does not say it once an older copy was put back."""
    return copies.revision, copies.made_at


def _state_of(engine: Engine) -> tuple[int, datetime]:
    with read_transaction(engine) as connection:
        return repository.last_revision(connection)


def made_in(engine: Engine, folder: Path) -> DownloadFiles:
    """Write the files of the record as it is now into a folder; Unavailable if it cannot be had."""
    with read_transaction(engine) as connection:
        facts, (revision, moment) = repository.live_facts_in(connection), repository.last_revision(connection)
    files = {name: folder / f"{revision}-{moment:%Y%m%d%H%M%S%f}-{name}" for name in RECORD_FILES}
    with TemporaryDirectory(dir=folder) as draft:
        import_export.write_facts(facts, Path(draft))
        package = datapackage(Path(draft), revision, moment)
        _write_zip(Path(draft), files["record.zip"], package, moment)
    _kept_as_sqlite(facts, files["record.sqlite"], revision, moment)
    write_record_parquet(facts, files["record-parquet.zip"], about_revision(revision, moment), moment)
    rows = {schema.file: sum(type(fact) is schema.fact for fact in facts) for schema in FACT_SCHEMAS}
    return DownloadFiles(revision, moment, files, {name: path.stat().st_size for name, path in files.items()}, rows)


def datapackage(folder: Path, revision: int, moment: datetime) -> dict[str, Any]:
    """The description of the files in a folder, as Data Package (datapackage.org) wants it.

    `revision` and `made_at`, the moment it was made, are our own words.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "treaty-tracker-record",
        "title": TITLE,
        "description": ABOUT,
        "version": str(revision),
        "revision": revision,
        "made_at": _iso(moment),
        "created": _iso(moment),
        "licenses": [
            {
                "name": LICENCE,
                "title": LICENCE_TITLE,
                "path": LICENCE_PATH,
            }
        ],
        "terms": TERMS,
        "sources": [{"title": "The sources named row by row in the column `source`; they keep their own terms."}],
        "resources": [_resource(schema, folder / schema.file) for schema in FACT_SCHEMAS],
    }


def _resource(schema: FactSchema, path: Path) -> dict[str, Any]:
    found = path.read_bytes()
    return {
        "name": path.stem, "type": "table", "path": path.name, "description": schema.meaning,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(found),
        "hash": f"sha256:{hashlib.sha256(found).hexdigest()}", "schema": _table_schema(schema),
    }  # fmt: skip


def _table_schema(schema: FactSchema) -> dict[str, Any]:
    described: dict[str, Any] = {"fields": [_field(column) for column in schema.columns], "missingValues": [""]}
    if schema.primary_key:
        described["primaryKey"] = list(schema.primary_key)
    if references := [_reference(schema, *each) for each in schema.referring if not each[0].several]:
        described["foreignKeys"] = references
    return described


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    constraints |= {"pattern": column.codec.pattern} if column.codec.pattern else {}
    constraints |= {"enum": list(column.codec.values)} if column.codec.values else {}
    described = {"name": column.name, "type": column.codec.type, "description": column.meaning}
    return {**described, "constraints": constraints} if constraints else described


def _reference(schema: FactSchema, column: Column, fact_type: type[Fact]) -> dict[str, Any]:
    other = SCHEMA_BY_TYPE[fact_type]
    resource = "" if other is schema else Path(other.file).stem
    return {"fields": [column.name], "reference": {"resource": resource, "fields": [other.names[0]]}}


def _write_zip(folder: Path, path: Path, package: dict[str, Any], moment: datetime) -> None:
    """The files of a folder and their description as a zip, the same bytes for the same revision."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        text = json.dumps(package, ensure_ascii=False, indent=1)
        archive.writestr(_zip_entry("datapackage.json", moment), text)
        for schema in FACT_SCHEMAS:
            archive.writestr(_zip_entry(schema.file, moment), (folder / schema.file).read_bytes())


def _zip_entry(name: str, moment: datetime, compression: int = ZIP_DEFLATED) -> ZipInfo:
    at = max(moment, repository.EPOCH).timetuple()
    found = ZipInfo(name, (at.tm_year, at.tm_mon, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec))
    found.compress_type, found.external_attr = compression, 0o644 << 16
    return found


def _kept_as_sqlite(facts: Iterable[Fact], path: Path, revision: int, moment: datetime) -> None:
    """The facts as a SQLite file of their own: a table for each fact type, unknown values null, and the dictionary."""
    path.unlink(missing_ok=True)
    everything, file = list(facts), sqlite3.connect(path)
    try:
        with file:
            _write_description(file, revision, moment)
            for schema in FACT_SCHEMAS:
                _table(file, schema, [fact for fact in everything if type(fact) is schema.fact])
        file.execute("VACUUM")
    finally:
        file.close()


def _write_description(file: sqlite3.Connection, revision: int, moment: datetime) -> None:
    about = {"title": TITLE, "about": ABOUT, "revision": str(revision),
             "made_at": _iso(moment), "licence": LICENCE, "terms": TERMS}  # fmt: skip
    file.execute('CREATE TABLE "about" ("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL)')
    file.executemany('INSERT INTO "about" VALUES (?, ?)', about.items())
    file.execute('CREATE TABLE "columns" ("table" TEXT, "column" TEXT, "type" TEXT, "meaning" TEXT)')
    rows = [(Path(schema.file).stem, column.name, column.codec.type, column.meaning)
            for schema in FACT_SCHEMAS for column in schema.columns]  # fmt: skip
    file.executemany('INSERT INTO "columns" VALUES (?, ?, ?, ?)', rows)


def _table(file: sqlite3.Connection, schema: FactSchema, facts: list[Fact]) -> None:
    name, kinds = Path(schema.file).stem, {"string": "TEXT", "integer": "INTEGER", "number": "REAL"}
    columns = [f'"{column.name}" {kinds[column.codec.type]}' for column in schema.columns]
    quoted = ", ".join(f'"{each}"' for each in schema.primary_key)
    key = [f"PRIMARY KEY ({quoted})"] if quoted else []
    file.execute(f'CREATE TABLE "{name}" ({", ".join([*columns, *key])})')
    marks = ", ".join("?" * len(columns))
    file.executemany(f'INSERT INTO "{name}" VALUES ({marks})', [_row(schema, fact) for fact in facts])  # noqa: S608 - our own names


def _row(schema: FactSchema, fact: Fact) -> list[Any]:
    found = [column.codec.to_record(getattr(fact, column.field)) for column in schema.columns]
    return [None if value == "" else value for value in found]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
