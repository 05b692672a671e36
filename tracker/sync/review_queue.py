"""The review queue: treaty actions that a sync saw and did not dare to record, and their decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select, update

from tracker.errors import NotFound
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.storage.database import read_transaction
from tracker.storage.operational_tables import HeldRow

MAX_ROW_NUMBER = 2**31 - 1  # the greatest number of a row

_HELD: Table = HeldRow.__table__  # type: ignore[attr-defined]


class Proposal(StrEnum):
    """What the file seems to ask for: that an act be recorded, be recorded as ended, or be taken out."""

    RECORD = "record"
    END = "end"
    RETRACT = "retract"

    @property
    def words(self) -> str:
        """What accepting does, in words."""
        return {"record": "record the act", "end": "record that it ended", "retract": "take the act out"}[self]


class ReviewState(StrEnum):
    """What became of it; `SETTLED` when a later file did away with the question."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """What is to be held: the proposal about an act, and the reason. `participant` is empty if unknown.

    `kind`, `date` and `name` are the act's as the file prints them (as the record has them where the
    act is missing from the file), `raw` the cell, `url` where it was seen.
    """

    proposal: Proposal
    instrument: str
    name: str
    kind: ActionKind
    date: PartialDate | None
    reason: str
    participant: str = ""
    raw: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """The same for the same question whenever it comes up."""
        said = (self.proposal.value, self.instrument, self.name, self.kind.value, str(self.date or ""))
        return hashlib.sha256(repr(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A doubt as it is kept, with when it was first and last seen, and who decided what about it, when and why."""

    id: int
    doubt: Discrepancy
    seen_at: datetime
    last_seen_at: datetime
    state: ReviewState
    decided_at: datetime | None = None
    decided_by: str = ""
    note: str = ""


# -- asking ----------------------------------------------------------------------------------------


def list_items(
    engine: Engine, *, states: Collection[ReviewState] = (ReviewState.OPEN,), instrument: str = ""
) -> list[ReviewItem]:
    """What is held in these states, oldest first; of one instrument if given."""
    with read_transaction(engine) as connection:
        return items_in_transaction(connection, states=states, instrument=instrument)


def items_in_transaction(
    connection: Connection, *, states: Collection[ReviewState], instrument: str = ""
) -> list[ReviewItem]:
    """The same inside a transaction."""
    query = select(_HELD).where(_HELD.c.state.in_([state.value for state in states])).order_by(_HELD.c.id)
    if instrument:
        query = query.where(_HELD.c.instrument == instrument)
    return [_held(row) for row in connection.execute(query).mappings()]


def get_item(connection: Connection, id: int) -> ReviewItem:
    """The held act of that number; NotFound if there is none."""
    known = 0 < id <= MAX_ROW_NUMBER  # a database has no number beyond
    row = connection.execute(select(_HELD).where(_HELD.c.id == id)).mappings().first() if known else None
    if row is None:
        raise NotFound("held act", str(id)[:20])
    return _held(row)


def _held(row: Any) -> ReviewItem:
    doubt = Discrepancy(
        proposal=Proposal(row["proposal"]),
        kind=ActionKind(row["kind"]),
        date=PartialDate.parse(row["date"]) if row["date"] else None,
        **{name: row[name] for name in ("instrument", "name", "reason", "participant", "raw", "url")},
    )
    rest = ("id", "seen_at", "last_seen_at", "decided_at", "decided_by", "note")
    return ReviewItem(doubt=doubt, state=ReviewState(row["state"]), **{name: row[name] for name in rest})


# -- keeping ---------------------------------------------------------------------------------------


def hold_discrepancies(
    connection: Connection, instrument: str, doubts: Sequence[Discrepancy], moment: datetime
) -> list[ReviewItem]:
    """Keep what the file of this instrument leaves in doubt now, and give back what waits for an editor.

    A doubt seen before keeps its row, and one put aside stays so; one that was settled, or accepted
    and since undone, is open again; one that no longer comes up is settled.
    """
    for doubt in doubts:
        seen: dict[str, Any] = {name: getattr(doubt, name) for name in ("participant", "reason", "raw", "url")}
        seen["last_seen_at"] = moment
        if not connection.execute(update(_HELD).where(_HELD.c.key == doubt.key).values(**seen)).rowcount:
            connection.execute(insert(_HELD).values(**_row(doubt), **seen, seen_at=moment))
    mine, keys = _HELD.c.instrument == instrument, [doubt.key for doubt in doubts]
    again = mine & _HELD.c.state.in_([ReviewState.SETTLED.value, ReviewState.ACCEPTED.value]) & _HELD.c.key.in_(keys)
    over = mine & (_HELD.c.state == ReviewState.OPEN.value) & _HELD.c.key.not_in(keys)
    connection.execute(update(_HELD).where(again).values(state=ReviewState.OPEN.value, decided_at=None))
    connection.execute(update(_HELD).where(over).values(state=ReviewState.SETTLED.value, decided_at=moment))
    return items_in_transaction(connection, states=[ReviewState.OPEN], instrument=instrument)


def _row(doubt: Discrepancy) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(doubt, name) for name in ("key", "instrument", "name")}
    written = {"proposal": doubt.proposal.value, "kind": doubt.kind.value, "date": str(doubt.date or "")}
    return row | written | {"state": ReviewState.OPEN.value, "decided_by": "", "note": ""}


def close_item(
    connection: Connection, id: int, state: ReviewState, *, who: str, note: str, moment: datetime, code: str
) -> None:
    """Write down an editor's decision; `code` is the participant that it was found to be."""
    said = {"state": state.value, "decided_by": who, "note": note, "decided_at": moment, "participant": code}
    connection.execute(update(_HELD).where(_HELD.c.id == id).values(**said))


# -- what editors have said before -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What editors decided about the file of one instrument: whose a printed name is, and what to leave alone."""

    names: dict[str, str]
    rejected: frozenset[str]

    def without_rejected(self, doubts: Iterable[Discrepancy]) -> list[Discrepancy]:
        """The doubts that no editor has put aside."""
        return [doubt for doubt in doubts if doubt.key not in self.rejected]


def earlier_decisions(connection: Connection, instrument: str) -> EarlierDecision:
    """The editors' decisions so far about the file of this instrument."""
    decided = items_in_transaction(
        connection, states=[ReviewState.ACCEPTED, ReviewState.REJECTED], instrument=instrument
    )
    accepted = [each.doubt for each in decided if each.state is ReviewState.ACCEPTED]
    names = {doubt.name: doubt.participant for doubt in accepted if doubt.participant}
    return EarlierDecision(names, frozenset(each.doubt.key for each in decided if each.state is ReviewState.REJECTED))
