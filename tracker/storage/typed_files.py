"""The record as Parquet with typed columns, and the panel as CSV and Parquet: files for data frames and databases.

Days known in part are three columns (`x_first`, `x_last`, `x_precision`), lists are lists, numbers are numbers, and one
thing has one name in every file: `participant`, `treaty`, `body`. Arrow is loaded when the first file is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate
from tracker.law.evidence import grade_of
from tracker.law.ledger import Ledger
from tracker.law.model import Body, Fact, Instrument, Participant
from tracker.schemas.panel import PanelRow, StatusSpell, panel_rows, status_spells
from tracker.schemas.typed import TypedColumn, day_columns, typed_column, typed_columns, write_csv
from tracker.storage.codecs import DAY, NAMES
from tracker.storage.facts import FACT_SCHEMAS, Column, FactSchema

FORMS = (".csv", ".parquet")
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


def write_record_parquet(facts: Sequence[Fact], archive: Path, about: Mapping[str, str]) -> None:
    """Write the facts as a zip of Parquet files, one for each type of fact, named as the data files are."""
    write_parquet = import_module("tracker.schemas.arrow").write_parquet
    with ZipFile(archive, "w", ZIP_STORED) as files:  # Parquet is compressed already
        for schema in FACT_SCHEMAS:
            path = archive.with_suffix(f".{schema.table}.parquet")
            found = [fact for fact in facts if type(fact) is schema.fact]
            write_parquet(fact_columns(schema, found), path, about)
            files.write(path, Path(schema.file).with_suffix(".parquet").name)
            path.unlink()


def write_columns(columns: Sequence[TypedColumn], path: Path, about: Mapping[str, str] | None = None) -> None:
    """Write columns as CSV or Parquet, by the ending of the name; BadQuestion for another ending."""
    if path.suffix not in FORMS:
        raise BadQuestion(f"'{path.name}' ends in neither .csv nor .parquet.")
    if path.suffix == ".parquet":
        import_module("tracker.schemas.arrow").write_parquet(columns, path, about)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_csv(columns, stream)


def panel_columns(
    ledger: Ledger, first: int | None = None, last: int | None = None, treaties: Sequence[str] = ()
) -> tuple[TypedColumn, ...]:
    """The panel as typed columns; of all treaties unless some are named."""
    return typed_columns(PanelRow, list(panel_rows(ledger, first, last, treaties)))


def spell_columns(ledger: Ledger, treaties: Sequence[str] = ()) -> tuple[TypedColumn, ...]:
    """The spells of status, from day to day, as typed columns."""
    rows = [row for treaty in treaties or ledger.instruments for row in status_spells(ledger, treaty)]
    return typed_columns(StatusSpell, rows)


def last_year(today: date) -> date:
    """The last day of the last year that has ended."""
    return date(today.year - 1, 12, 31)


def as_metadata(revision: int, made_at: str) -> dict[str, Any]:
    """What a Parquet file says about itself."""
    return {"title": "Treaty Tracker", "revision": str(revision), "made_at": made_at, "licence": "CC0-1.0"}
