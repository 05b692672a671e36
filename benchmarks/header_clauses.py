"""Final clauses read from the headers of status files, beside the files' own dates and the researched clauses.

    python -m benchmarks.header_clauses FOLDER

The folder holds status files named by their numbers (XXI-9.en.xml). Prints how many headers quote their clause, how
many of these were read whole and confirmed by the date, a line for each that quotes one, and every contradiction to
tests/support/real_clauses.csv.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.common import ROOT
from tracker.errors import Refused
from tracker.law.ledger import Ledger
from tracker.law.model import Instrument, InstrumentKind
from tracker.storage import import_export
from tracker.sync.documents import parse_document
from tracker.sync.header_clause import HeaderClause, ReadingOutcome, header_clause, official_date

CLAUSES = ROOT / "tests" / "support" / "real_clauses.csv"


@dataclass(frozen=True, slots=True)
class HeaderResult:
    """What came of one file: what its header says, or why it was refused; and the researched clause, if any."""

    reference: str
    found: HeaderClause | None
    dated: bool
    refused: str = ""
    researched: Mapping[str, str] | None = None

    @property
    def contradicts(self) -> bool:
        """Is a clause confirmed here that says something else than the researched one?"""
        if self.found is None or not self.found.confirmed or self.researched is None or self.found.reading is None:
            return False
        columns = self.found.reading.columns
        return any(columns[name] != self.researched[name] for name in ("threshold", "delay") if self.researched[name])


def read_headers(paths: Iterable[Path], ledger: Ledger, moment: datetime) -> list[HeaderResult]:
    """What the header of each status file says; `moment` is when they were retrieved."""
    researched = _researched()
    return [_result(path, ledger, moment, researched) for path in sorted(paths)]


def _result(path: Path, ledger: Ledger, moment: datetime, researched: Mapping[str, Mapping[str, str]]) -> HeaderResult:
    reference = path.name.partition(".")[0]
    try:
        file = parse_document(path.read_bytes(), reference, retrieved_at=moment)
    except Refused as trouble:
        return HeaderResult(reference, None, dated=False, refused=str(trouble))
    parent = reference.lower().rpartition("-")[0] if reference.count("-") > 1 else ""
    kind = InstrumentKind.AMENDMENT if "amendment" in file.title.casefold() else InstrumentKind.CONVENTION
    terms = Instrument(id=reference.lower(), title=file.title or reference, kind=kind, parent=parent, source="file")
    found = header_clause(ledger, terms, file)
    return HeaderResult(reference, found, official_date(file) is not None, researched=researched.get(reference))


def _researched() -> dict[str, Mapping[str, str]]:
    with CLAUSES.open(encoding="utf-8", newline="") as stream:
        return {row["reference"]: row for row in csv.DictReader(stream) if row["kind"] == "entry_into_force"}


def report_lines(results: Iterable[HeaderResult]) -> Iterator[str]:
    """The figures, then the table, as Markdown."""
    results = list(results)
    quoted = [each for each in results if each.found and each.found.reading]
    whole = [each for each in quoted if each.found and each.found.reading and each.found.reading.whole]
    confirmed = [each for each in quoted if each.found and each.found.confirmed]
    named = [each for each in results if each.found and not each.found.reading and each.found.official]
    yield f"{len(results)} files, {sum(bool(each.refused) for each in results)} refused."
    yield f"{len(quoted)} headers quote their clause: {len(whole)} read whole, {len(confirmed)} confirmed by the date."
    yield f"{sum(each.contradicts for each in results)} confirmed clauses contradict the researched ones."
    fitting = sum(bool(each.found and each.found.candidates) for each in named)
    yield f"{len(named)} headers name only a date: for {fitting} of them usual thresholds and periods fit.\n"
    yield "| number | article | threshold | period | conditions | outcome |\n|---|---|---|---|---|---|"
    for each in quoted:
        assert each.found
        assert each.found.reading
        columns = each.found.reading.columns
        shown = (each.reference, *(columns[name] for name in ("article", "threshold", "delay", "conditions")))
        yield f"| {' | '.join(shown)} | {_standing(each)} |"


def _standing(result: HeaderResult) -> str:
    found = result.found
    assert found
    words = str(found.outcome.value)
    if found.outcome is ReadingOutcome.DIFFERS:
        words += f" (official {found.official}, computed {found.computed})"
    return words + (", contradicts the researched clause" if result.contradicts else "")


def main(arguments: list[str]) -> None:
    """Print the report on the folder named."""
    ledger = Ledger(import_export.read_facts([ROOT / "data"]))
    for each in report_lines(read_headers(Path(arguments[0]).glob("*.xml"), ledger, datetime.now(UTC))):
        print(each)


if __name__ == "__main__":
    main(sys.argv[1:])
