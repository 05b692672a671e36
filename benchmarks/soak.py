"""The long tests in one run, with their figures on a page of the documentation: `make soak`.

    python -m benchmarks.soak [--scale 1.0] [--only NAME]... [--page FILE]

Browser suite, generated requests to the API with three seeds, fuzzing of the parsers, kills of importer, server and
worker on SQLite and PostgreSQL (TRACKER_TEST_POSTGRES), type checks for Windows and macOS, and the container image.
With `--scale 0.01` a hundredth of the requests, seconds and kills, to try it. Exits with 1 if anything fails; the page
then says what. What is missing on this machine is NOT RUN, with the reason.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import psycopg

from benchmarks.common import markdown
from tracker import __version__

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "development" / "soak.md"
DATABASE = "{database}"  # in a command: an empty database of its own
NOT_RUN = 77  # the exit code of a suite that lacks something
KEPT_LINES = 12  # of what a run has printed, at most, in a cell of the table
HEAD = """# Long tests

`make soak` runs what takes too long for `make test`, and writes this page. It runs for some hours. What was
not run says why.

{when}: version {version}, Python {python}, {system}, {cores} cores, scale {scale:g}.

{table}
"""


@dataclass(frozen=True, slots=True)
class Suite:
    """A command, and why it cannot be run here (empty where it can)."""

    name: str
    command: list[str]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a suite ended: its last lines, and how many seconds it took."""

    suite: Suite
    ended: str
    lines: tuple[str, ...]
    seconds: float


def _times(number: float, scale: float) -> str:
    return str(max(1, round(number * scale)))


def suites(scale: float, postgres: str) -> list[Suite]:
    """All suites, each with its numbers multiplied by `scale`."""
    python, server = sys.executable, "" if postgres else "TRACKER_TEST_POSTGRES names no database"
    return [
        Suite("browser", [python, "-m", "pytest", "-q", "-m", "browser", "tests"]),
        *(
            Suite(
                f"API, seed {number}",
                [python, "benchmarks/fuzz_api.py", "--requests", _times(30_000, scale), "--seed", str(number)],
            )
            for number in (1, 2, 3)
        ),
        Suite(
            "parsers",
            [python, "benchmarks/fuzz_parsers.py", "--seconds", _times(600, scale)],
            "" if find_spec("atheris") else "atheris is not installed (pip install --group bench)",
        ),
        Suite("kills, SQLite", [python, "benchmarks/kills.py", "--runs", _times(500, scale)]),
        *(
            Suite(
                f"kills of the {what}, PostgreSQL",
                [python, "benchmarks/kills.py", "--what", what, "--runs", _times(500, scale), "--database", DATABASE],
                server,
            )
            for what in ("importer", "server", "worker")
        ),
        *(
            Suite(f"types on {system}", [python, "-m", "mypy", "--platform", system, "--cache-dir", f"build/{system}"])
            for system in ("win32", "darwin")
        ),
        Suite(
            "container image",
            ["./check-image.sh"],
            "" if shutil.which("podman") or shutil.which("docker") else "neither podman nor docker is installed",
        ),
    ]


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """The address of an empty schema on that server, which is dropped at the end."""
    name = f"tracker_soak_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def run(suite: Suite, postgres: str, say: Callable[[str], None]) -> Outcome:
    """Run a suite to its end; one that asks for a database gets an empty one on the server `postgres`."""
    if suite.missing:
        return Outcome(suite, "NOT RUN", (suite.missing,), 0)
    say(f"{suite.name} ...")
    begun = time.monotonic()
    with empty_database(postgres) if DATABASE in suite.command else nullcontext("") as database:
        command = [database if each == DATABASE else each for each in suite.command]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begun
    if done.returncode:
        say(done.stdout[-5000:] + done.stderr[-5000:])
    # counts of single operations are indented: too many for a table
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip() and line[0] not in " =."]
    lines = lines or [line.strip() for line in done.stderr.splitlines() if line.strip()]
    ended = {0: "passed", NOT_RUN: "NOT RUN"}.get(done.returncode, "FAILED")
    return Outcome(suite, ended, tuple(lines[-KEPT_LINES:]), seconds)


def page(outcomes: list[Outcome], scale: float) -> str:
    """The page of the documentation."""
    rows = [
        (each.suite.name, each.ended, f"{each.seconds / 60:.1f}", "<br>".join(map(_shown, each.lines)))
        for each in outcomes
    ]
    return HEAD.format(
        when=f"{datetime.now(UTC):%Y-%m-%d}", version=__version__, python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}", cores=os.cpu_count(), scale=scale,
        table=markdown(("tests", "result", "minutes", "figures"), rows),
    )  # fmt: skip


def _shown(line: str) -> str:
    return line.replace("|", "/").replace("<", "&lt;").replace("`", "'").replace("[", "(").replace("]", ")")[:300]


def main() -> int:
    """Run the suites that are wanted, write the page, and say whether all went well."""
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--scale", type=float, default=1.0, help="the share of requests, seconds and kills")
    reader.add_argument("--only", action="append", default=[], help="only suites whose name begins so")
    reader.add_argument("--page", type=Path, default=PAGE)
    wanted = reader.parse_args()
    postgres = os.environ.get("TRACKER_TEST_POSTGRES", "")
    outcomes = []
    for each in suites(wanted.scale, postgres):
        left_out = wanted.only and not each.name.startswith(tuple(wanted.only))
        chosen = replace(each, missing="left out") if left_out else each
        outcomes.append(run(chosen, postgres, lambda text: print(text, flush=True)))
    wanted.page.write_text(page(outcomes, wanted.scale), encoding="utf-8")
    print(wanted.page.read_text(encoding="utf-8"))
    return 1 if any(each.ended == "FAILED" for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
