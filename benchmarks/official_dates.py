"""Entry into force computed from a snapshot of a treaty collection, beside the official dates.

    python -m benchmarks.official_dates SNAPSHOT.csv [FORMER_STATES.csv]

The snapshot has the columns mtdsg_no, participant, action and date; the file of former States, whose acts a collection
lists in footnotes only, has treaty, participant (a code), action and date. The final clauses and the official dates are
those of tests/support/real_clauses.csv. Prints how many dates come out, and a line for each that does not, with why.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import snapshot
from benchmarks.common import ROOT
from tracker.errors import BadClause
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.explanation import EntryIntoForce
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Fact, Instrument, InstrumentKind, Membership, Participant
from tracker.storage import import_export

CLAUSES = ROOT / "tests" / "support" / "real_clauses.csv"
IDS = {  # what the clauses call each other by, where that is no reference
    "basel": "XXVII-3", "cbd": "XXVII-8", "unfccc": "XXVII-7", "vienna-ozone": "XXVII-2", "montreal": "XXVII-2-a",
    "untoc": "XVIII-12", "iccpr": "IV-4",
    "unclos": "XXI-6", "crpd": "IV-15", "who-fctc": "IX-4", "cartagena": "XXVII-8-a",
    "kyoto": "XXVII-7-a",
}  # fmt: skip

OPENED = {"XXVI-3": "1993-01-13"}  # days that a clause counts from

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One treaty's official date of entry into force beside the computed one."""

    treaty: str
    reference: str
    official: date
    computed: date | None
    why: str

    @property
    def agrees(self) -> bool:
        """Are they the same?"""
        return self.computed == self.official


def compare(snapshot_rows: Iterable[Row], former_rows: Iterable[Row] = ()) -> list[Comparison]:
    """Every treaty in force by the snapshot's last act whose clause and official date are known, in their order."""
    rows = list(snapshot_rows)
    ledger = Ledger(_facts(rows, former_rows))
    references, last = {row["mtdsg_no"] for row in rows}, max(row["date"] for row in rows)
    known = (each for each in _clauses() if each["reference"] in references and each["in_force_on"])
    return [_compared(ledger, each) for each in known if each["in_force_on"] <= last]


def _clauses() -> list[Row]:
    with CLAUSES.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] == "entry_into_force"]


def _compared(ledger: Ledger, row: Row) -> Comparison:
    official = date.fromisoformat(row["in_force_on"])
    try:
        entry = entry_into_force(ledger, _id(row["reference"]))
    except BadClause as trouble:
        return Comparison(row["treaty"], row["reference"], official, None, str(trouble))
    computed = entry.date if entry.basis == "computed" else None
    return Comparison(row["treaty"], row["reference"], official, computed, _reason(entry))


def _reason(entry: EntryIntoForce) -> str:
    return "; ".join(f"lacks {each}" for each in entry.missing) or entry.why


def _facts(rows: Iterable[Row], former_rows: Iterable[Row]) -> Iterator[Fact]:
    rows = list(rows)
    people = snapshot.participants(sorted({row["participant"] for row in rows}))
    codes = {who.code for who in people.values()}
    shipped = import_export.read_facts([ROOT / "data" / "participants.csv"])
    former_rows = [row for row in former_rows if row["treaty"]]
    former = {row["participant"] for row in former_rows}
    others = [who for who in shipped if isinstance(who, Participant) and who.code in former - codes]
    everyone = [*people.values(), *others]
    yield from everyone
    yield from _united_nations(everyone)
    yield from _instruments({row["mtdsg_no"] for row in rows})
    yield from snapshot.actions(rows, people, {reference: id for id, reference in IDS.items()})
    yield from (_former_act(row) for row in former_rows)


def _united_nations(people: Iterable[Participant]) -> Iterator[Membership]:
    for who in people:
        if who.un_member_since:
            yield Membership(body="un", participant=who.code, start=who.un_member_since, source=snapshot.SOURCE)


def _instruments(references: Iterable[str]) -> Iterator[Instrument]:
    clauses = {row["reference"]: row for row in _clauses()}
    for reference in sorted(references):
        row = clauses.get(reference, {})
        yield Instrument(
            id=_id(reference), title=row.get("treaty", reference), kind=InstrumentKind.CONVENTION, reference=reference,
            threshold=int(row["threshold"]) if row.get("threshold") else None, delay=row.get("delay", ""),
            opened_on=PartialDate.parse(OPENED[reference]) if reference in OPENED else None,
            party_delay=row.get("party_delay", ""), conditions=row.get("conditions", ""), source=snapshot.SOURCE,
        )  # fmt: skip


def _id(reference: str) -> str:
    return next((id for id, each in IDS.items() if each == reference), reference.lower())


def _former_act(row: Row) -> Action:
    return Action(
        instrument=_id(row["treaty"]), participant=row["participant"], kind=ActionKind(row["action"]),
        date=PartialDate.parse(row["date"]) if row["date"] else None, source=row["source"], doubt=row["doubt"],
    )  # fmt: skip


def _read(path: str) -> list[Row]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def main(arguments: list[str]) -> None:
    """Print the comparison of the files named."""
    found = compare(*(_read(path) for path in arguments[:2]))
    differing = [each for each in found if not each.agrees]
    print(f"{len(found) - len(differing)} of {len(found)} official dates come out.\n")
    print("| treaty | number | official | computed | why |\n|---|---|---|---|---|")
    for each in differing:
        print(f"| {each.treaty} | {each.reference} | {each.official} | {each.computed or '-'} | {each.why} |")


if __name__ == "__main__":
    main(sys.argv[1:])
