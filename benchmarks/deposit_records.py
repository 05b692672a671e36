"""Treaty actions from files outside the repository, one record for each kind of file, for `official_dates`.

Every record is read into the same rows (mtdsg_no, participant, action, date), the actions of former States, which
tables of the United Nations print in footnotes only, apart. References are MTDSG numbers, or `ETS 185` for the treaties
of the Council of Europe.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from benchmarks.common import ROOT
from tracker.errors import Refused
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind, Fact, Instrument
from tracker.storage import import_export
from tracker.sync import xml_document
from tracker.sync.cell_text import day_of
from tracker.sync.documents import parse_document

Row = Mapping[str, str]
KINDS = {kind.value for kind in ActionKind}
ALSO_KNOWN_AS = {"XI-16": "XI-A-16"}  # the snapshot leaves out the letter; its rows are those of the TIR Convention
FORMER_STATES = {"former Yugoslavia": "YUG", "Czechoslovakia": "CSK", "German Democratic Republic": "DDR"}
_NOTE = re.compile(
    rf"^(?:The )?({'|'.join(FORMER_STATES)}) (?:had|was an original Member[^,]*, the Charter having been) "
    r"(.{3,120}?) on (?:its behalf on )?(\d.*)",
    re.DOTALL,
)
_DATE = re.compile(r"(?P<day>\d{1,2})\s*(?P<month>[A-Z][a-z]+)\s+(?P<year>\d{4})", re.ASCII)
_VERBS = {
    "signed": "signature", "ratified": "ratification", "accepted": "acceptance", "approved": "approval",
    "acceded": "accession", "acceeded": "accession",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DepositRecord:
    """The treaty actions of one kind of file: what it is called, and its rows by reference."""

    name: str
    rows: Mapping[str, list[Row]]

    def consents_by(self, reference: str, day: date) -> int:
        """How many participants had consented to be bound by a day."""
        rows = self.rows.get(reference, ())
        return len({row["participant"] for row in rows if _consents(row) and row["date"] <= str(day)})

    def last(self, reference: str) -> str:
        """The day of the last action that it holds on a treaty, empty if it holds none."""
        return max((row["date"] for row in self.rows.get(reference, ())), default="")


def _consents(row: Row) -> bool:
    return ActionKind(row["action"]).consents and bool(row["date"])


def own_data() -> DepositRecord:
    """The data that come with the program."""
    references = _references()
    rows = read_rows(ROOT / "data" / "parties.csv")
    kept = (row for row in rows if not row["territory"] and not row["not_counted"])
    return _record("own data", (_row(references[row["treaty"]], row) for row in kept))


def snapshot_file(path: Path) -> DepositRecord:
    """A snapshot of the UN Treaty Collection: the columns mtdsg_no, participant, action and date."""
    numbered = ((ALSO_KNOWN_AS.get(row["mtdsg_no"], row["mtdsg_no"]), row) for row in read_rows(path))
    return _record("snapshot", (_row(number, row) for number, row in numbered))


def action_lists(paths: Iterable[Path]) -> DepositRecord:
    """Lists of treaty actions that name their treaty by its number or by the id that it has in our data."""
    references = _references()
    return _record(
        "lists of actions", (_row(_named(row, references), row) for path in paths for row in read_rows(path))
    )


def status_files(folder: Path) -> tuple[DepositRecord, list[Row], list[str]]:
    """Status files as the program's own reader reads them; the actions of former States in their footnotes; and why
    each of the others was not read.
    """
    rows, former, refused = list[Row](), list[Row](), list[str]()
    for path in sorted(folder.glob("*.xml")):
        reference, document = path.name.removesuffix(".en.xml"), path.read_bytes()
        try:
            file = parse_document(document, reference, retrieved_at=datetime.now(UTC))
        except Refused as trouble:
            refused.append(str(trouble))
            continue
        rows += [
            {"mtdsg_no": reference, "participant": each.name, "action": each.kind, "date": str(each.date)}
            for each in file.sightings
        ]
        former += former_states_in(reference, xml_document.page_of(document).notes.values())
    return _record("status files", rows), former, refused


def former_states_file(path: Path) -> list[Row]:
    """The actions of former States on treaties under a number: the columns treaty, participant, action and date."""
    return [_row(row["treaty"], row) for row in read_rows(path) if row["treaty"]]


def former_states_in(reference: str, notes: Iterable[str]) -> Iterator[Row]:
    """The actions of which footnotes say, in their usual words, that a former State had done them, and when."""
    for note in notes:
        if found := _NOTE.match(note.strip()):
            code = FORMER_STATES[found[1]]
            kinds = [_VERBS[verb] for verb in re.findall(r"\b\w+ed\b", found[2]) if verb in _VERBS]
            sentence = re.split(r"respectively|\. |;", found[3])[0]
            days = [day_of(each.groupdict()) for each in _DATE.finditer(sentence)]
            for kind, day in zip(kinds, days, strict=False):
                yield {"mtdsg_no": reference, "participant": code, "action": kind, "date": str(day)}


def _record(name: str, rows: Iterable[Row]) -> DepositRecord:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["action"] in KINDS:  # an extension to territories is no consent
            found.setdefault(row["mtdsg_no"], []).append(row)
    return DepositRecord(name, found)


def _row(reference: str, row: Row) -> Row:
    action, day = row["action"].replace("_", "-"), row["date"]
    known = day and PartialDate.parse(day).exact
    return {
        "mtdsg_no": reference, "participant": row["participant"], "action": action, "date": str(known) if known else "",
    }  # fmt: skip


def _named(row: Row, references: Mapping[str, str]) -> str:
    named = row.get("mtdsg_no") or row.get("instrument_id") or row["treaty"]
    return references.get(named, named)


@cache
def shipped_facts() -> Sequence[Fact]:
    """The data that come with the program."""
    return tuple(import_export.read_facts([ROOT / "data"]))


def _references() -> Mapping[str, str]:
    """The references of the program's own instruments by their ids."""
    found = (each for each in shipped_facts() if isinstance(each, Instrument))
    return {each.id: each.reference.replace("CETS ", "ETS ") for each in found}


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
