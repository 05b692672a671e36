"""A snapshot of a treaty collection as facts: a CSV with the columns mtdsg_no, participant, action and date.

A snapshot has no final clauses, so every instrument is given a usual one: what a rule costs does not hang on the
number it counts to.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from tracker.law.dates import PartialDate
from tracker.law.model import Action, ActionKind, Fact, Instrument, InstrumentKind, Participant, ParticipantKind


def record(path: Path) -> Iterator[Fact]:
    """The facts of the snapshot; a name that is an organization's counts as one, any other as a State's."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for name in sorted({row["participant"] for row in rows}):
        organization = any(word in name for word in ("Union", "Organization", "Community", "Communities"))
        kind = ParticipantKind.ORGANIZATION if organization else ParticipantKind.STATE
        yield Participant(code=code_of(name), name=name, kind=kind)
    for id in sorted({row["mtdsg_no"].lower() for row in rows}):
        yield Instrument(
            id=id, title=id, kind=InstrumentKind.CONVENTION, reference=id.upper(), threshold=20, delay="90d",
            party_delay="30d", withdrawal_delay="1y",
        )  # fmt: skip
    for row in rows:
        yield Action(
            instrument=row["mtdsg_no"].lower(), participant=code_of(row["participant"]), kind=ActionKind(row["action"]),
            date=PartialDate.parse(row["date"]) if row["date"] else None,
        )  # fmt: skip


def code_of(name: str) -> str:
    """A code made of the name, as a record may hold it."""
    return re.sub("[^A-Z0-9]+", "-", name.upper()).strip("-")
