"""Coverage-guided fuzzing of everything that reads text from outside: no crash, no hang, no unbounded memory.

    pip install atheris
    python benchmarks/fuzz_parsers.py [--seconds 60] [--only NAME]...

Each parser runs in a process of its own, on seeds from the tests and on what the fuzzer makes of them. It may
answer or refuse with the program's own errors; anything else, an input that takes more than ten seconds or a
gigabyte of memory is a fault. Prints what each was given and exits with 1 if there is a fault. The inputs found
are kept in a temporary folder, and a faulty one is named.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

import atheris

HERE = "--here" in sys.argv  # the process that fuzzes; the other one starts it

with atheris.instrument_imports(include=["tracker"]) if HERE else nullcontext():
    from tracker.errors import TrackerError
    from tracker.law import clause_parser, queries
    from tracker.law import dates as delays
    from tracker.law.dates import PartialDate
    from tracker.storage import import_export
    from tracker.storage.facts import FACT_SCHEMAS
    from tracker.sync.documents import parse_document as parse_status

ROOT = Path(__file__).resolve().parents[1]
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
STATUS_FILES = sorted((ROOT / "tests/support/status_files").iterdir())
CLAUSES = (ROOT / "tests/support/real_clauses.csv").read_text().splitlines()


def dates(given: bytes) -> None:
    with suppress(ValueError):
        day = PartialDate.parse(given.decode("utf-8", "replace"))
        assert PartialDate.parse(str(day)) == day


def periods(given: bytes) -> None:
    delay = delays.parse_delay(given.decode("utf-8", "replace"))
    assert delays.parse_delay(str(delay)) == delay


def clause(given: bytes) -> None:
    read = clause_parser.parse_clause.__wrapped__(given.decode("utf-8", "replace"), threshold=3, delay="90d")
    assert read.words
    assert clause_parser.parse_clause.__wrapped__(str(read), threshold=3, delay="90d") == read


def query(given: bytes) -> None:
    conditions = queries.parse_query(given.decode("utf-8", "replace"))
    assert queries.parse_query(queries.format_query(conditions)) == conditions


def status(given: bytes) -> None:
    parse_status(given, "XVIII-12", retrieved_at=MOMENT)


def table(given: bytes) -> None:
    """The first byte chooses the data file that the rest is."""
    schema = FACT_SCHEMAS[given[0] % len(FACT_SCHEMAS)] if given else FACT_SCHEMAS[0]
    path = FOLDER / schema.file
    path.write_bytes(given[1:])
    parsed = import_export.parse_files([path])
    import_export.require_valid(parsed, ())


FOLDER = Path.cwd() if HERE else Path(tempfile.mkdtemp(prefix="fuzzed-"))
TARGETS = {"dates": dates, "periods": periods, "clause": clause, "query": query, "status": status, "table": table}


def seeds(name: str) -> list[bytes]:
    """What the fuzzer starts from: real inputs of that parser."""
    if name == "status":
        return [path.read_bytes() for path in STATUS_FILES]
    if name == "table":
        files = [(ROOT / "data" / schema.file, place) for place, schema in enumerate(FACT_SCHEMAS)]
        return [bytes([place]) + b"".join(path.read_bytes().splitlines(keepends=True)[:4])
                for path, place in files if path.exists()]  # fmt: skip
    if name == "clause":
        return sorted({cell.encode() for line in CLAUSES for cell in re.split(r'[,"]', line) if "=" in cell})
    return {
        "dates": [b"2003-09-29", b"2003-09", b"2003", b""],
        "periods": [b"90d", b"3m", b"1y", b"60d+month", b"3m+month", b"month+6", b"on(01-01,by=07-01)", b"end(1)"],
        "query": [b"member=greco;not-party=coe-173", b"assessed=tip-tier:3@2010", b"region=Africa"],
    }[name]


def fuzz(name: str, options: list[str]) -> None:
    """Run one parser in this process until the fuzzer has had enough; libFuzzer ends the process itself."""

    def once(given: bytes) -> None:
        with suppress(TrackerError):
            TARGETS[name](given)

    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


def run(name: str, seconds: int) -> bool:
    """Run one parser in a process of its own; whether it held."""
    corpus = FOLDER / name
    corpus.mkdir()
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1024", "-max_len=65536",
               "-print_final_stats=1", f"-artifact_prefix={FOLDER}/{name}-", str(corpus)]  # fmt: skip
    command = [sys.executable, __file__, "--only", name, "--here", *options]
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=FOLDER, env=there)
    number = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    peak = re.search(r"stat::peak_rss_mb:\s*(\d+)", done.stderr)
    held = done.returncode == 0
    print(f"{name:8} {int(number[1]) if number else 0:>10,} inputs, peak {peak[1] if peak else '?'} MB: "
          f"{'held' if held else 'FAULT'}", flush=True)  # fmt: skip
    if not held:
        print(done.stderr[-3000:])
    return held


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--seconds", type=int, default=60, help="how long each parser is tried")
    reader.add_argument("--only", action="append", choices=TARGETS, help="this parser only")
    reader.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked, rest = reader.parse_known_args()
    if asked.here:
        fuzz(asked.only[0], rest)
    else:
        held = [run(name, asked.seconds) for name in asked.only or TARGETS]
        sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
