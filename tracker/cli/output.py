"""Output on a terminal: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from tracker.schemas.formats import csv_cell, to_json, value_at

FORMATS = ("table", "json", "csv")
PAGE_WIDTH = 118  # columns of a table that goes to a file or a pipe, where no terminal gives a width


def console(*, err: bool = False) -> Console:
    """The terminal, or a page of fixed width where the output is not one."""
    out = sys.stderr if err else sys.stdout
    return Console(file=out, width=None if out.isatty() else PAGE_WIDTH, highlight=False)


def as_json(answer: Any) -> None:
    """Print an answer as JSON, as the API gives it."""
    click.echo(to_json(answer, indent=True).decode())


def as_csv(rows: Iterable[Any], columns: Sequence[str]) -> None:
    """Print rows as CSV with a header; cells that a spreadsheet would run are disarmed."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([csv_cell(value_at(row, column)) for column in columns] for row in rows)


def table(title: str, rows: Iterable[Any], columns: Mapping[str, str]) -> None:
    """Print rows as a table: `columns` maps a heading to where its value is found in a row."""
    grid = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in columns:
        grid.add_column(heading, justify="right" if heading in _NUMBERS else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_cell_text(value_at(row, place))) for place in columns.values()))
    console().print(grid)


_NUMBERS = {
    "Signatories", "Parties", "Bound", "Required", "Remaining", "Days", "Reported", "Target", "Computed", "On it",
    "Assessments",
}  # fmt: skip


def _cell_text(value: Any) -> str:
    return "-" if value is None or value == "" else csv_cell(value)


def line(text: str, *, style: str = "") -> None:
    """Print a paragraph of plain text."""
    console().print(Text(text, style=style))


def progress() -> Progress:
    """A progress display for long work, on the error stream so that output stays clean."""
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), console=console(err=True), transient=True,
        disable=not sys.stderr.isatty(),
    )  # fmt: skip
