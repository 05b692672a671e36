"""Typed columns as an Arrow table and as a Parquet file, which data frames and databases read without options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

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


class ParquetTable:
    """A Parquet file, written table by table, with what is to be known `about` it as its metadata.

    All tables have the same columns; each with rows is a row group. As a context manager it closes the file.
    """

    def __init__(self, path: Path, about: Mapping[str, str] | None = None) -> None:
        self._path, self._about = path, dict(about or {})
        self._writer: parquet.ParquetWriter | None = None

    def add(self, columns: Sequence[TypedColumn]) -> None:
        """Write the rows of one table."""
        table = arrow_table(columns).replace_schema_metadata(self._about)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._path, table.schema, compression="zstd")
        if table.num_rows:
            self._writer.write_table(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer:
            self._writer.close()


def write_parquet(columns: Sequence[TypedColumn], path: Path, about: Mapping[str, str] | None = None) -> None:
    """Write one table as a Parquet file."""
    with ParquetTable(path, about) as file:
        file.add(columns)
