"""What a status file says, as plain values: acts as they were seen printed, and how many there are.

A sighting names its participant in the file's own words; who that is, and whether the act is new,
is found elsewhere. How the values are read out of a document is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An act as a status file prints it.

    `name` is the participant's name without footnote marks. `withdrawn` tells that the act, or the
    participant, stands in brackets: it was done and no longer holds. `raw` is the cell as it was
    found; `table` and `row` count from 1, rows without the heading.
    """

    reference: str
    name: str
    kind: ActionKind
    date: PartialDate
    withdrawn: bool
    raw: str
    table: int
    row: int


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something printed in a table that was set aside, where it stands, and why; row 0 is the table itself."""

    table: int
    row: int
    text: str
    problem: str

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "..."
        row = f", row {self.row}" if self.row else ""
        return f"table {self.table}{row}: '{shown}' {self.problem}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Two numbers as the UN Treaty Collection prints them; None where it does not print one.

    `parties` are all that have consented and not withdrawn, organizations among them.
    """

    signatories: int | None = 0
    parties: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFile:
    """One instrument's status file, whole and checked against its own printed numbers.

    `reference` is the MTDSG number (XVIII-12-a), `retrieved_at` an aware UTC moment, `remarks` what
    was set aside, `left_out` the parts that do not say who acted when (declarations, objections),
    each with the number of its entries.
    """

    reference: str
    title: str
    printed_signatories: int | None
    printed_parties: int | None
    entry_into_force: str
    retrieved_at: datetime
    sightings: tuple[Sighting, ...]
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    url: str = ""
    etag: str = ""
    last_modified: str = ""

    def __post_init__(self) -> None:
        if self.retrieved_at.tzinfo is None:
            raise ValueError("the moment a file was retrieved must be aware (UTC)")

    @property
    def printed(self) -> Tally:
        """The numbers that the file prints about itself."""
        return Tally(self.printed_signatories, self.printed_parties)

    @property
    def counted(self) -> Tally:
        """The numbers that its rows make."""
        return tally(self.sightings)


def tally(sightings: Iterable[Sighting]) -> Tally:
    """How many signatories and parties the sightings make, as the UN counts: a bracketed act does not."""
    signed: set[str] = set()
    bound: dict[str, PartialDate] = {}
    left: dict[str, PartialDate] = {}
    for seen in sightings:
        if seen.withdrawn:
            continue
        if seen.kind.signs:
            signed.add(seen.name)
        elif seen.kind.consents:
            bound[seen.name] = max(seen.date, bound.get(seen.name, seen.date))
        elif seen.kind is ActionKind.WITHDRAWAL:
            left[seen.name] = max(seen.date, left.get(seen.name, seen.date))
    parties = [name for name, since in bound.items() if name not in left or left[name] < since]
    return Tally(len(signed), len(parties))
