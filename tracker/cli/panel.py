"""The command panel: the table that quantitative research uses, into a file or to the screen."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from tracker.cli.output import line
from tracker.cli.query_options import DateType, ledger_of
from tracker.config import Settings
from tracker.schemas.typed import CsvTable
from tracker.storage.panel_files import panel_tables, spell_tables, write_tables


@click.command()
@click.argument("treaties", nargs=-1)
@click.option("--spells", is_flag=True, help="Day by day: from when to when each status held.")
@click.option("--from", "first", type=click.IntRange(1600, 2999), help="The first year; default the adoption.")
@click.option("--to", "last", type=click.IntRange(1600, 2999), help="The last year; default the last that has ended.")
@click.option("--as-of", type=DateType(), help="The day up to which actions count; default today, in UTC.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A new file, .csv or .parquet.")
@click.pass_obj
def panel(
    settings: Settings, /, treaties: tuple[str, ...], spells: bool, first: int | None, last: int | None,
    as_of: date | None, output: Path | None,
) -> None:  # fmt: skip
    """Write one row for each participant, treaty and year: status at its end, dates, codes of that year."""
    ledger = ledger_of(settings, as_of, None)
    chosen = [ledger.instrument(each).id for each in treaties]
    tables = spell_tables(ledger, chosen) if spells else panel_tables(ledger, first, last, chosen)
    if output:
        line(f"{write_tables(tables, [output])} rows written to {output}.")
        return
    table = CsvTable(sys.stdout)
    for each in tables:
        table.add(each)
