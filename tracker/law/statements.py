"""Which statements on a treaty hold on the ledger's day, and which were withdrawn or changed since.

A withdrawal or modification may stand in the statement's own row or be one of its own, which names the kind that it
concerns; one without an article is about all of that kind (Vienna Convention on the Law of Treaties, arts 22 and 23).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.law.ledger import Ledger, memoized
from tracker.law.reference_facts import END_OF_TIME, Statement, StatementKind, StatementTopic, lies_within


class StatementState(StrEnum):
    """How a statement stands on a day. `UNDATED`: it may have been made on any day."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class StatementStanding:
    """A statement on the ledger's day: what is left of it after withdrawals, and what changed it.

    `participant` is under whose code it stands now: its author, or the State that continues it. `provisions` are those
    that it still names; `withdrawn_on` is the first date from which it may no longer hold.
    """

    statement: Statement
    participant: str
    state: StatementState
    provisions: tuple[str, ...]
    withdrawn_on: date | None = None
    withdrawn_by: Statement | None = None
    modified_by: tuple[Statement, ...] = ()

    @property
    def holds(self) -> bool:
        """Has it certainly been made, and not withdrawn?"""
        return self.state is StatementState.CURRENT

    def letter(self) -> str:
        """Its letter in lists."""
        return statement_letter(self.statement)


LETTERS = "RDNOTC?"  # reservation, declaration, notification, objection, territorial, communication, kind not known
_LETTER = {
    StatementKind.RESERVATION: "R",
    StatementKind.DECLARATION: "D",
    StatementKind.INTERPRETATIVE_DECLARATION: "D",
    StatementKind.NOTIFICATION: "N",
    StatementKind.OBJECTION: "O",
    StatementKind.COMMUNICATION: "C",
    StatementKind.UNSPECIFIED: "?",
}


def statement_letter(statement: Statement) -> str:
    """The letter by which lists show it, of `LETTERS`; empty for a withdrawal or modification."""
    return "T" if statement.topic is StatementTopic.TERRITORIAL else _LETTER.get(statement.kind, "")


@memoized
def statement_standings(ledger: Ledger, instrument: str) -> tuple[StatementStanding, ...]:
    """Every statement on a treaty made by the ledger's day, withdrawals and modifications included, in date order."""
    found = ledger.statements(instrument)
    later = tuple(each for each in found if each.kind.concerns_another)
    return tuple(_standing(ledger, each, later) for each in found)


@memoized
def statements_by_author(ledger: Ledger, instrument: str) -> Mapping[str, tuple[StatementStanding, ...]]:
    """The same by the code of the author; those whose author is not known stand under the empty code."""
    found: dict[str, list[StatementStanding]] = {}
    for each in statement_standings(ledger, instrument):
        found.setdefault(each.participant, []).append(each)
    return {code: tuple(each) for code, each in found.items()}


@memoized
def letters_of(ledger: Ledger, instrument: str) -> Mapping[str, str]:
    """For each author the letters of what it has said and not withdrawn: `RD`, in the order of the key."""
    return {
        code: "".join(letter for letter in LETTERS if letter in said)
        for code, theirs in statements_by_author(ledger, instrument).items()
        if code and (said := {each.letter() for each in theirs if each.state is not StatementState.WITHDRAWN} - {""})
    }


def withdrawn_since(ledger: Ledger, each: StatementStanding) -> date | None:
    """When a statement that stands on the ledger's day was withdrawn as a whole after it; None while it was not."""
    said, horizon = each.statement, ledger.horizon
    if each.state is StatementState.WITHDRAWN or horizon == END_OF_TIME:
        return None
    ends = [said.withdrawn_on.first] if said.withdrawn_on else []
    for later in ledger.every_statement(said.instrument):
        if later.kind is not StatementKind.WITHDRAWAL or later.date is None or later.date.last <= horizon:
            continue
        if ledger.continuing(later.participant) == each.participant and concerns(later, said):
            gone = later.provisions
            if not gone or all(any(lies_within(one, part) for part in gone) for one in each.provisions):
                ends.append(later.date.first)
    return min(ends, default=None)


def concerns(later: Statement, earlier: Statement) -> bool:
    """May the withdrawal or modification be about that statement, by kind, provisions and address?"""
    if later.concerns not in (earlier.kind, StatementKind.UNSPECIFIED) or later.instrument != earlier.instrument:
        return False
    if later.towards and not set(later.towards) & set(earlier.towards):
        return False
    if earlier.counts_from and later.counts_from and later.counts_from < earlier.counts_from:
        return False
    return not later.provisions or any(later.names(each) for each in earlier.provisions)


def _standing(ledger: Ledger, statement: Statement, later: tuple[Statement, ...]) -> StatementStanding:
    code, horizon = ledger.continuing(statement.participant), ledger.horizon
    if not later and statement.withdrawn_on is None:
        state = StatementState.CURRENT if statement.counts_from else StatementState.UNDATED
        return StatementStanding(statement, code, state, statement.provisions)
    about = tuple(each for each in later if ledger.continuing(each.participant) == code and concerns(each, statement))
    left, ended_by = statement.provisions, None
    for each in (each for each in about if each.kind is StatementKind.WITHDRAWAL and each.counts_from):
        left = tuple(one for one in left if not any(lies_within(one, gone) for gone in each.provisions))
        if not each.provisions or not left:
            ended_by = each
            break
    dates = [ended_by.date.first] if ended_by and ended_by.date else []
    if statement.withdrawn_on and statement.is_withdrawn_by(horizon):
        dates.append(statement.withdrawn_on.first)
    state = StatementState.CURRENT if statement.counts_from else StatementState.UNDATED
    if dates or ended_by:
        state = StatementState.WITHDRAWN
    modified = tuple(each for each in about if each is not ended_by)
    provisions = statement.provisions if state is StatementState.WITHDRAWN else left
    return StatementStanding(statement, code, state, provisions, min(dates, default=None), ended_by, modified)
