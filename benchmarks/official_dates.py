"""Official dates of entry into force, computed again from the treaty actions that lead to them.

    python -m benchmarks.official_dates --clauses CLAUSES.csv --snapshot SNAPSHOT.csv --status-files FOLDER
        --former-states FORMER.csv --actions ACTIONS.csv MORE.csv --page docs/treaties/official-dates.md

CLAUSES.csv lists the clauses with the official dates (mtdsg_no, short_name, rule_kind, official_entry_into_force); what
they say in the program's own form is in tests/support/real_clauses.csv. All other arguments may be left out; see
`deposit_records` for what each file holds. For each treaty the record is used that has most participants which
consented by the official date; of two with the same number, the first in this order: the program's own data, status
files, snapshot, lists of actions. Prints (or writes into the page) a line for each row of CLAUSES.csv.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from benchmarks import deposit_records, snapshot
from benchmarks.common import ROOT, markdown
from benchmarks.deposit_records import DepositRecord, Row, read_rows, shipped_facts
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Body, Fact, Instrument, InstrumentKind, Membership, Participant
from tracker.law.threshold import EntryIntoForce

CLAUSES = ROOT / "tests" / "support" / "real_clauses.csv"
IDS = {  # what the clauses call each other by, where that is no reference
    "basel": "XXVII-3", "cbd": "XXVII-8", "unfccc": "XXVII-7", "vienna-ozone": "XXVII-2", "montreal": "XXVII-2-a",
    "untoc": "XVIII-12", "iccpr": "IV-4",
    "unclos": "XXI-6", "crpd": "IV-15", "who-fctc": "IX-4", "cartagena": "XXVII-8-a",
    "kyoto": "XXVII-7-a",
}  # fmt: skip
OPENED = {"XXVI-3": "1993-01-13"}  # days that a clause counts from
UNLISTED = {  # treaties without a row of their own, for which others wait
    "IV-15": {"threshold": "20", "delay": "30d"},  # Convention on the Rights of Persons with Disabilities, art. 45(1)
}
ENTRY = "entry_into_force"
UNNUMBERED = {"International Tropical Timber Agreement 2006": "XIX-46"}  # treaties listed without their number
NO_ENTRY = {  # clauses of other kinds
    "partial_trigger": "it sets a part of a treaty in motion: declarations or decisions that are in no file",
}
IN_NUMBERS = {  # a clause that asks for signatures, which no file has, with the number that the list of clauses gives
    "I-1": "CHN|FRA|RUS|GBR|USA>=all; (states except CHN|FRA|RUS|GBR|USA)>=24",
}
RESEARCHED = {  # why a date differs, where the files themselves cannot tell
    "XXVI-2-b": "one of the first twenty notifications was not counted; the files do not say which",
    "XI-A-16": "the official date requires a fifth deposit on 20 September 1977; the files have four by then. Deposits "
               "of former States are printed in footnotes, and no file has those of this treaty",
    "VI-15": "the sources disagree on the accession of Algeria: 7 April 1964 here, 7 April 1965 in the snapshot; the "
             "official date bears out the latter",
}  # fmt: skip
PAGE = """# Official dates

The entry into force of each treaty on a list of researched final clauses, computed from the treaty actions that lead to
it, beside the official date. The files are not part of the program; `python -m benchmarks.official_dates --help` says
which they are, compares them and writes this page again.

For each treaty, the source is used that has most participants which consented by the official date. Of two with the
same number it is the first in this order: the program's own data, status files of the United Nations as the program's
own reader reads them, a snapshot of its collection, lists of actions. To each are added the deposits of former States,
which tables of the United Nations print in footnotes only. Where a date differs, what the other sources give is said
too.
"""


class Outcome(StrEnum):
    """How the computed date stands to the official one."""

    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    NOT_TESTABLE = "not testable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row of the list: a treaty's official date beside the computed one, from which record, and why they differ.

    `deposits` is how many participants had consented by the official date in the record used, `former` how many former
    States beside them.
    """

    treaty: str
    reference: str
    official: date | None
    computed: date | None
    outcome: Outcome
    record: str = ""
    deposits: int = 0
    former: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """The treaty actions at hand, the records in the order of preference; former States' apart."""

    records: Sequence[DepositRecord]
    former_states: Sequence[Row] = ()

    def best(self, reference: str, until: date) -> DepositRecord:
        """The record that has most consents to a treaty by a day; the first of several."""
        return max(self.records, key=lambda record: record.consents_by(reference, until))

    def actions(self, record: DepositRecord, reference: str) -> list[Row]:
        """The actions of a record on a treaty, and of former States those that it has not."""
        rows = record.rows.get(reference, [])
        there = {(row["participant"], row["action"]) for row in rows}
        former = {
            (row["participant"], row["action"]): row for row in self.former_states if row["mtdsg_no"] == reference
        }
        return [*rows, *(row for key, row in former.items() if key not in there)]


def compare(listed: Sequence[Row], files: Files) -> list[Comparison]:
    """Every row of the list of clauses, in its order."""
    officials = {_reference(row): _official(row) or date.max for row in listed if row["rule_kind"] == ENTRY}
    known = sorted({reference for record in files.records for reference in record.rows})
    chosen = {each: files.best(each, officials.get(each, date.max)) for each in known}
    ledger = Ledger(_facts({each: files.actions(record, each) for each, record in chosen.items()}))
    return [_compared(ledger, row, files) for row in listed]


def _compared(ledger: Ledger, row: Row, files: Files) -> Comparison:
    official, reference = _official(row), _reference(row)
    if row["rule_kind"] != ENTRY or official is None:
        other = f"a clause on {row['rule_kind'].replace('_', ' ')}"
        return _not_testable(row, NO_ENTRY.get(row["rule_kind"], other))
    record = files.best(reference, official)
    deposits = record.consents_by(reference, official)
    if not deposits:
        return _not_testable(row, "its deposits, with their dates, are in no file")
    if reference not in _clauses():
        return _not_testable(row, "its clause is not in the text form")
    entry = entry_into_force(ledger, _id(reference))
    outcome, why = _outcome(entry, official, record.last(reference))
    if outcome is Outcome.DIFFERS:
        why = "; ".join([RESEARCHED.get(reference, str(entry.why)), *_elsewhere(files, record, reference)])
    computed = entry.date if entry.basis == "computed" else None
    former = DepositRecord("", {reference: files.actions(record, reference)}).consents_by(reference, official)
    return Comparison(
        row["short_name"], reference, official, computed, outcome, record.name, deposits, former - deposits, why
    )


def _elsewhere(files: Files, used: DepositRecord, reference: str) -> Iterator[str]:
    """What the other records of a treaty give."""
    for record in files.records:
        if record is not used and reference in record.rows:
            ledger = Ledger(_facts({reference: files.actions(record, reference)}))
            found = entry_into_force(ledger, _id(reference)).date
            yield f"the {record.name} gives {found or 'no date'}"


def _not_testable(row: Row, why: str) -> Comparison:
    return Comparison(row["short_name"], _reference(row), _official(row), None, Outcome.NOT_TESTABLE, why=why)


def _outcome(entry: EntryIntoForce, official: date, last: str) -> tuple[Outcome, str]:
    """How the computed date compares, and why it is not the official one."""
    if entry.date == official and entry.basis == "computed":
        return Outcome.REPRODUCED, ""
    if entry.date is None and last < str(official):
        return Outcome.NOT_TESTABLE, f"the file ends before the threshold (last action {last})"
    if entry.missing:
        return Outcome.NOT_TESTABLE, "in no file: " + "; ".join(map(str, entry.missing))
    return Outcome.DIFFERS, ""


def _reference(row: Row) -> str:
    named = re.search(r"\(C?(ETS \d+)\)", row["short_name"])
    return row["mtdsg_no"] or (named[1] if named else UNNUMBERED.get(row["short_name"], ""))


def _official(row: Row) -> date | None:
    text = row["official_entry_into_force"]
    return date.fromisoformat(text) if text else None


@cache
def _clauses() -> Mapping[str, Row]:
    """The clauses on entry into force in the program's own form, by reference."""
    rows = [row for row in read_rows(CLAUSES) if row["kind"] == ENTRY]
    named = {"mtdsg_no": "reference", "short_name": "treaty"}
    return {_reference({new: row[old] for new, old in named.items()}): row for row in rows}


# -- the facts of the comparison ------------------------------------------------------------------------


def _facts(actions: Mapping[str, Sequence[Row]]) -> Iterator[Fact]:
    shipped = {each.code: each for each in shipped_facts() if isinstance(each, Participant)}
    rows = [row for each in actions.values() for row in each]
    names = sorted({row["participant"] for row in rows} - shipped.keys())
    people = {**shipped, **snapshot.participants(names)}
    everyone = {who.code: who for who in (*people.values(), *shipped.values())}
    yield from everyone.values()
    yield from (each for each in shipped_facts() if isinstance(each, (Body, Membership)))
    yield from _united_nations(everyone.values())
    yield from map(_instrument, actions)
    yield from snapshot.actions(rows, people, {reference: _id(reference) for reference in actions})


def _united_nations(people: Iterable[Participant]) -> Iterator[Membership]:
    for who in people:
        if who.un_member_since:
            yield Membership(body="un", participant=who.code, start=who.un_member_since, source=snapshot.SOURCE)


def _instrument(reference: str) -> Instrument:
    row = _clauses().get(reference) or UNLISTED.get(reference, {})
    return Instrument(
        id=_id(reference), title=row.get("treaty", reference), kind=InstrumentKind.CONVENTION, reference=reference,
        threshold=int(row["threshold"]) if row.get("threshold") else None, delay=row.get("delay", ""),
        opened_on=PartialDate.parse(OPENED[reference]) if reference in OPENED else None,
        party_delay=row.get("party_delay", ""), conditions=IN_NUMBERS.get(reference, row.get("conditions", "")),
        source=snapshot.SOURCE,
    )  # fmt: skip


def _id(reference: str) -> str:
    return next((id for id, each in IDS.items() if each == reference), reference.lower().replace(" ", "-"))


# -- the table --------------------------------------------------------------------------------------------


def page(found: Sequence[Comparison]) -> str:
    """The page: how many dates come out, why others cannot, and a line for each row of the list."""
    number = Counter(each.outcome for each in found)
    dated = [each for each in found if each.official]
    computed = number[Outcome.REPRODUCED] + number[Outcome.DIFFERS]
    counts = (
        f"{len(found)} clauses, {len(dated)} with an official date. For {computed} of these the files hold what it "
        f"takes: **{number[Outcome.REPRODUCED]} are reproduced, {number[Outcome.DIFFERS]} differ**. "
        f"{sum(each.former > 0 and each.outcome is Outcome.REPRODUCED for each in found)} of those reproduced count "
        f"deposits of former States, most of them recalled: the official date bears out that these came before the "
        f"threshold, not each day. The other {len(dated) - computed}, by reason:"
    )
    reasons = Counter(_in_short(each.why) for each in dated if each.outcome is Outcome.NOT_TESTABLE)
    columns = ("treaty", "number", "official", "computed", "outcome", "source", "deposits", "former States", "why")
    rows = [
        (each.treaty, each.reference, each.official or "", each.computed or "", each.outcome, each.record,
         each.deposits or "", each.former or "", each.why.replace("|", "\\|"))
        for each in found
    ]  # fmt: skip
    tables = markdown(("not testable because", "treaties"), reasons.most_common()), markdown(columns, rows)
    return "\n\n".join([PAGE + "\n" + counts, tables[0], "## Every clause", tables[1]]) + "\n"


def _in_short(why: str) -> str:
    """The reason without what is special to one treaty."""
    short = re.split(r": | \(", why)[0]
    return "something else that its clause asks for is in no file" if short == "in no file" else short


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    usage = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usage.add_argument("--clauses", type=Path, required=True)
    usage.add_argument("--status-files", type=Path)
    usage.add_argument("--snapshot", type=Path)
    usage.add_argument("--former-states", type=Path)
    usage.add_argument("--actions", type=Path, nargs="*", default=[])
    usage.add_argument("--page", type=Path, help="write the page here instead of printing it")
    return usage.parse_args(arguments)


def files_of(wanted: argparse.Namespace) -> tuple[Files, list[str]]:
    """The files named, read; and which status files could not be."""
    records, former, refused = [deposit_records.own_data()], list[Row](), list[str]()
    if wanted.status_files:
        record, former, refused = deposit_records.status_files(wanted.status_files)
        records.append(record)
    if wanted.snapshot:
        records.append(deposit_records.snapshot_file(wanted.snapshot))
    if wanted.actions:
        records.append(deposit_records.action_lists(wanted.actions))
    if wanted.former_states:
        former += deposit_records.former_states_file(wanted.former_states)
    return Files(records, former), refused


def main(arguments: Sequence[str]) -> None:
    """Compare, and print or write the page."""
    wanted = _arguments(arguments)
    files, refused = files_of(wanted)
    text = page(compare(read_rows(wanted.clauses), files))
    if wanted.page:
        wanted.page.write_text(text, encoding="utf-8")
    else:
        print(text)
    for each in refused:
        print(each, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
