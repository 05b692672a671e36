"""Typed columns as an Arrow table and as a Parquet file, which data frames and databases read without options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tracker.schemas.typed import ColumnType, TypedColumn

_TYPES: Mapping[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "texts": pa.list_(pa.string()),
}


def arrow_table(columns: Sequence[TypedColumn]) -> pa.Table:
    """The columns as one table; an empty column keeps its type."""
    arrays = [pa.array(each.values, type=_TYPES[each.type]) for each in columns]
    return pa.table(arrays, names=[each.name for each in columns])


def write_parquet(columns: Sequence[TypedColumn], path: Path, about: Mapping[str, str] | None = None) -> None:
    """Write the columns as one Parquet file, with what is to be known `about` it as its metadata."""
    table = arrow_table(columns).replace_schema_metadata(dict(about or {}))
    parquet.write_table(table, path, compression="zstd")
