"""The review queue: treaty actions and statements that a sync saw and did not dare to record, and their decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, update

from tracker.errors import NotFound
from tracker.law.dates import PartialDate, in_words
from tracker.law.model import ActionKind
from tracker.law.reference_facts import StatementKind
from tracker.messages import TranslatableText, message
from tracker.storage.database import read_transaction
from tracker.storage.operational_tables import HeldRow
from tracker.sync.reasons import recognize

MAX_ROW_NUMBER = 2**31 - 1  # the greatest number of a row

_HELD: Table = HeldRow.__table__  # type: ignore[attr-defined]


class Proposal(StrEnum):
    """What the file seems to ask for: that an act be recorded, be put in the place of an earlier one, be recorded as
    ended, or be taken out; or that the file be taken in as a whole.
    """

    RECORD = "record"
    CORRECT = "correct"
    END = "end"
    RETRACT = "retract"
    TAKE_IN = "take-in"

    @property
    def words(self) -> TranslatableText:
        """What accepting does, in words."""
        return _EFFECTS[self]


_EFFECTS = {
    Proposal.RECORD: message("record the act"),
    Proposal.CORRECT: message("correct the earlier act to it"),
    Proposal.END: message("record that it ended"),
    Proposal.RETRACT: message("take the act out"),
    Proposal.TAKE_IN: message("let the next sync take the file in"),
}


class ReviewState(StrEnum):
    """What became of it; `SETTLED` when a later file did away with the question."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SETTLED = "settled"


def fingerprint(text: str) -> str:
    """What is left of a text whatever its spaces, quotation marks and capitals are."""
    return "".join(filter(str.isalnum, text.casefold()))


_STATEMENT = "statement:"  # before the kind of a statement, among the kinds of acts


def _kind_of(written: str) -> ActionKind | StatementKind:
    if written.startswith(_STATEMENT):
        return StatementKind(written.removeprefix(_STATEMENT))
    return ActionKind(written)


def _kind_text(kind: ActionKind | StatementKind) -> str:
    return f"{_STATEMENT if isinstance(kind, StatementKind) else ''}{kind.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """What is to be held: the proposal about an act, and the reason. `participant` is empty if unknown.

    `kind`, `date` and `name` are the act's as the file prints them (as the record has them where the
    act is missing from the file), `raw` the cell, or the text of a statement, `url` where it was seen.
    """

    proposal: Proposal
    instrument: str
    name: str
    kind: ActionKind | StatementKind
    date: PartialDate | None
    reason: str
    participant: str = ""
    raw: str = ""
    url: str = ""

    @property
    def act(self) -> str:
        """What it is about: the act, or the file as a whole."""
        return message("the whole file") if self.proposal is Proposal.TAKE_IN else self.kind.words

    @property
    def asks(self) -> str:
        """What accepting it does, in words."""
        if self.proposal is Proposal.RECORD and isinstance(self.kind, StatementKind):
            return message("record the statement")
        return self.proposal.words

    @property
    def why(self) -> str:
        """The reason as a sentence that can be said in another language, also where it was kept in English."""
        return recognize(self.reason)

    @property
    def words(self) -> str:
        """The same with the date of the act."""
        return self.act if self.proposal is Proposal.TAKE_IN else f"{self.act}, {in_words(self.date)}"

    @property
    def key(self) -> str:
        """The same for the same question whenever it comes up."""
        said = (self.proposal.value, self.instrument, self.name, _kind_text(self.kind), str(self.date or ""))
        text = (fingerprint(self.raw),) if isinstance(self.kind, StatementKind) else ()
        return hashlib.sha256(repr(said + text).encode()).hexdigest()


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
    return [_review_item(row) for row in connection.execute(query).mappings()]


def acts_wait(connection: Connection, instrument: str) -> bool:
    """Does any act of this instrument wait for an editor? Statements may wait while the file stays as it is."""
    waiting = (_HELD.c.instrument == instrument) & (_HELD.c.state == ReviewState.OPEN.value)
    query = select(_HELD.c.id).where(waiting, _HELD.c.kind.not_like(f"{_STATEMENT}%")).limit(1)
    return connection.scalar(query) is not None


def open_counts(engine: Engine) -> dict[str, int]:
    """How many questions wait for an editor, by instrument; only instruments with some."""
    waiting = _HELD.c.state == ReviewState.OPEN.value
    query = select(_HELD.c.instrument, func.count()).where(waiting).group_by(_HELD.c.instrument)
    with read_transaction(engine) as connection:
        return {str(name): int(count) for name, count in connection.execute(query)}


def get_item(connection: Connection, id: int) -> ReviewItem:
    """The held act of that number; NotFound if there is none."""
    known = 0 < id <= MAX_ROW_NUMBER  # a database has no number beyond
    row = connection.execute(select(_HELD).where(_HELD.c.id == id)).mappings().first() if known else None
    if row is None:
        raise NotFound("held act", str(id)[:20])
    return _review_item(row)


def _review_item(row: Any) -> ReviewItem:
    doubt = Discrepancy(
        proposal=Proposal(row["proposal"]),
        kind=_kind_of(row["kind"]),
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
        seen: dict[str, Any] = {name: getattr(doubt, name) for name in ("participant", "raw", "url")}
        seen["reason"] = str(doubt.reason)
        seen["last_seen_at"] = moment
        if not connection.execute(update(_HELD).where(_HELD.c.key == doubt.key).values(**seen)).rowcount:
            connection.execute(insert(_HELD).values(**_row(doubt), **seen, seen_at=moment))
    mine, keys = _HELD.c.instrument == instrument, [doubt.key for doubt in doubts]
    again = mine & _HELD.c.state.in_([ReviewState.SETTLED.value, ReviewState.ACCEPTED.value]) & _HELD.c.key.in_(keys)
    over = mine & (_HELD.c.state == ReviewState.OPEN.value) & _HELD.c.key.not_in(keys)
    if keys:
        connection.execute(update(_HELD).where(again).values(state=ReviewState.OPEN.value, decided_at=None))
    connection.execute(update(_HELD).where(over).values(state=ReviewState.SETTLED.value, decided_at=moment))
    return items_in_transaction(connection, states=[ReviewState.OPEN], instrument=instrument)


def _row(doubt: Discrepancy) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(doubt, name) for name in ("key", "instrument", "name")}
    written = {"proposal": doubt.proposal.value, "kind": _kind_text(doubt.kind), "date": str(doubt.date or "")}
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
    """What editors decided about the file of one instrument: whose a printed name is, and what to leave alone.

    `in_doubt` are the acts, as participant and date, of which an end or a disappearance still waits for
    them; `taken_in` tells that one has confirmed a file that prints no numbers.
    """

    names: dict[str, str]
    rejected: frozenset[str]
    in_doubt: frozenset[tuple[str, PartialDate]] = frozenset()
    taken_in: bool = False

    def without_rejected(self, doubts: Iterable[Discrepancy]) -> list[Discrepancy]:
        """The doubts that no editor has put aside."""
        return [doubt for doubt in doubts if doubt.key not in self.rejected]


def earlier_decisions(connection: Connection, instrument: str) -> EarlierDecision:
    """The editors' decisions so far about the file of this instrument."""
    items = items_in_transaction(
        connection, states=[ReviewState.OPEN, ReviewState.ACCEPTED, ReviewState.REJECTED], instrument=instrument
    )
    by_state = {state: [each.doubt for each in items if each.state is state] for state in ReviewState}
    accepted, waiting = by_state[ReviewState.ACCEPTED], by_state[ReviewState.OPEN]
    acts = (doubt for doubt in waiting if isinstance(doubt.kind, ActionKind))
    ending = (doubt for doubt in acts if doubt.proposal in (Proposal.END, Proposal.RETRACT))
    return EarlierDecision(
        names={doubt.name: doubt.participant for doubt in accepted if doubt.participant},
        rejected=frozenset(doubt.key for doubt in by_state[ReviewState.REJECTED]),
        in_doubt=frozenset((doubt.participant, doubt.date) for doubt in ending if doubt.date),
        taken_in=any(doubt.proposal is Proposal.TAKE_IN for doubt in accepted),
    )
