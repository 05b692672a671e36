"""What the benchmarks share: a table to print, a place in sorted figures, a record of its own to measure on."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import Engine, make_url

from tracker.law.model import Fact
from tracker.storage import import_export
from tracker.storage.database import make_engine
from tracker.storage.import_export import import_files
from tracker.storage.schema import migrate

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
POSTGRES = "postgresql://postgres@127.0.0.1:5432/test"
SCHEMA = "tracker_benchmark"


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as Markdown: words to the left, figures to the right."""
    lines = [list(map(_cell, row)) for row in rows]
    right = [
        bool(lines) and all(line[n][:1].isdigit() or line[n] in ("", "-") for line in lines)
        for n in range(len(columns))
    ]
    rule = ["---:" if figures else "---" for figures in right]
    return "\n".join(f"| {' | '.join(line)} |" for line in [list(columns), rule, *lines])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def at(share: float, figures: Iterable[float]) -> float:
    """The figure below which that share of all figures lies."""
    ordered = sorted(figures)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@contextmanager
def record_at(url: str) -> Iterator[Engine]:
    """An empty record, ready; in PostgreSQL in a schema of its own, gone afterwards."""
    if url.startswith("sqlite"):
        engine = make_engine(url)
        migrate(engine)
        yield engine
        engine.dispose()
        return
    server = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        engine = make_engine(in_schema(url))
        migrate(engine)
        yield engine
        engine.dispose()
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def keep(engine: Engine, facts: Iterable[Fact]) -> None:
    """Put these facts into the record as anybody would: written as data files, and those imported."""
    with tempfile.TemporaryDirectory() as folder:
        import_export.write_facts(sourced(facts), Path(folder))
        import_files(engine, [Path(folder)], moment=NOW)


def sourced(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts as data files want them: none without a source."""
    return (replace(fact, source=fact.source or "a collection") for fact in facts)


def in_schema(url: str) -> str:
    """The address of the benchmarks' own schema in a PostgreSQL database; an SQLite address as it is."""
    return url if url.startswith("sqlite") else f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{SCHEMA}"
