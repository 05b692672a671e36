"""Answers for the matrix: participants by instruments, with status and action in each cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.law.consents import has_ceased_to_exist
from tracker.law.coverage import SIGNATURES, missing_of_others
from tracker.law.doubts import status_doubts
from tracker.law.gaps import CONSENTING, eligible_participants, exists_on, is_not_in_data
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind
from tracker.law.statements import letters_of
from tracker.law.status import (
    ParticipantStanding,
    ParticipantStatus,
    concerned_participants,
    participant_standing,
)
from tracker.schemas.values import ExactDay, Id, NamedStatus, Number, PartDay, answer_model, who_answer


@answer_model
class Cell:
    """A participant towards an instrument in a few values; `statements` are the letters of those not withdrawn."""

    status: ParticipantStatus
    possible: ParticipantStatus | None
    not_in_data: bool
    act: ActionKind | None
    date: PartDay | None
    signature: PartDay | None
    signed: bool
    may_have_signed: bool
    bound_since: ExactDay | None
    doubts: list[str]
    status_doubts: list[str]
    statements: str


@answer_model
class MatrixCell(Cell):
    """The status of a participant for an instrument, and whether it could become a party to it."""

    expected: bool


Cells = dict[str, MatrixCell]


@answer_model
class MatrixLine(NamedStatus):
    """A participant's cells on every instrument of the record."""

    cells: Cells


@answer_model
class MatrixRow(MatrixLine):
    """A participant's cells, by instrument."""

    consented: Number
    signed_only: Number


@answer_model
class MatrixColumn:
    """An instrument of a matrix, with the counts of the rows shown."""

    instrument: Id
    name: str
    title: str
    reference: str
    parties: Number
    parties_at_most: Number
    signatories: Number
    signatories_at_most: Number


@answer_model
class Matrix:
    """Participants by instruments."""

    as_of: ExactDay | None
    instruments: list[MatrixColumn]
    participants: list[MatrixRow]


def matrix_rows(ledger: Ledger, instruments: Iterable[str] | None = None) -> tuple[MatrixLine, ...]:
    """One row for each participant of a matrix, by name, with a cell for each of these instruments (None for all)."""
    columns = [(id, _cells_of(ledger, id)) for id in (ledger.instruments if instruments is None else instruments)]
    return tuple(
        MatrixLine(**vars(who_answer(ledger.participants[code])), cells={id: cells[code] for id, cells in columns})
        for code in _belonging(ledger)
    )


def matrix_answer(ledger: Ledger, rows: Sequence[MatrixLine], instruments: Sequence[str]) -> Matrix:
    """The matrix of these rows and instruments, with totals for each row and for each column.

    `parties` and `signatories` of a column are of the rows shown: those that have consented and not
    withdrawn, and those that have signed.
    """
    shown = [_row(row, {id: row.cells[id] for id in instruments}) for row in rows]
    return Matrix(as_of=ledger.day, instruments=[_column(ledger, id, shown) for id in instruments], participants=shown)


def cell_answer(ledger: Ledger, where: ParticipantStanding) -> Cell:
    """One participant towards one instrument: status, the act behind it, its day and what is doubtful."""
    act = _telling(where)
    return Cell(
        status=where.status,
        possible=where.possible,
        not_in_data=is_not_in_data(ledger, where),
        act=act.kind if act else None,
        date=act.date if act else None,
        signature=where.signature.date if where.signature else None,
        signed=where.signature is not None,
        may_have_signed=where.may_have_signed,
        bound_since=where.bound_from,
        doubts=list(where.doubts),
        status_doubts=list(status_doubts(where)),
        statements=letters_of(ledger, where.instrument).get(where.participant, ""),
    )


@memoized
def _belonging(ledger: Ledger) -> tuple[str, ...]:
    """The States that exist on the day, and whoever else has acted and not ceased to exist; by name."""
    acted = {code for id in ledger.instruments for code in ledger.actors(id)}
    here = (code for code in ledger.participants if not has_ceased_to_exist(ledger, code, ledger.horizon))
    belonging = (
        code for code in here if code in acted or (ledger.participants[code].is_state and exists_on(ledger, code))
    )
    return tuple(sorted(belonging, key=lambda code: ledger.participants[code].name))


@memoized
def _cells_of(ledger: Ledger, instrument: str) -> Cells:
    """The cell of each participant of a matrix on one instrument; those with nothing to say share theirs."""
    expected = eligible_participants(ledger, instrument)
    concerned = concerned_participants(ledger, instrument) | letters_of(ledger, instrument).keys()
    found: Cells = {}
    silent: dict[bool, MatrixCell] = {}
    for code in _belonging(ledger):
        cell = None if code in concerned else silent.get(code in expected)
        if cell is None:
            where = participant_standing(ledger, instrument, code)
            cell = MatrixCell(**vars(cell_answer(ledger, where)), expected=code in expected)
        if code not in concerned:
            silent[cell.expected] = cell
        found[code] = cell
    return found


def _telling(where: ParticipantStanding) -> Action | None:
    """The act that a cell shows: the one that made the status what it is, else one whose day the record lacks."""
    undated = where.undated[-1] if where.undated else None
    match where.status:
        case ParticipantStatus.PARTY | ParticipantStatus.CONTRACTING_PARTY:
            return where.consent
        case ParticipantStatus.WITHDRAWN:
            return where.withdrawal
        case ParticipantStatus.PROVISIONAL if where.provisional:
            return where.provisional.action
        case ParticipantStatus.SIGNATORY:
            return where.signature
        case _:
            return undated


def _row(row: MatrixLine, cells: Cells) -> MatrixRow:
    statuses = [each.status for each in cells.values()]
    consented = sum(status in CONSENTING for status in statuses)
    signed_only = statuses.count(ParticipantStatus.SIGNATORY)
    return MatrixRow(**{**vars(row), "cells": cells}, consented=consented, signed_only=signed_only)


def _column(ledger: Ledger, id: str, rows: Sequence[MatrixRow]) -> MatrixColumn:
    terms, cells = ledger.instruments[id], [row.cells[id] for row in rows]
    parties, parties_at_most = parties_among(ledger, id, cells)
    signatories, signatories_at_most = _signatories_among(ledger, id, cells)
    return MatrixColumn(
        instrument=id,
        name=terms.name,
        title=terms.title,
        reference=terms.reference,
        parties=parties,
        parties_at_most=parties_at_most,
        signatories=signatories,
        signatories_at_most=signatories_at_most,
    )


def parties_among(ledger: Ledger, instrument: str, cells: Sequence[Cell]) -> tuple[int, int]:
    """How many of those in these cells have consented, and may have: of the others some, where acts are missing."""
    certain = sum(cell.status in CONSENTING for cell in cells)
    possible = sum(cell.status in CONSENTING or cell.possible in CONSENTING for cell in cells)
    return certain, possible + min(missing_of_others(ledger, instrument), len(cells) - possible)


def _signatories_among(ledger: Ledger, instrument: str, cells: Sequence[Cell]) -> tuple[int, int]:
    possible = sum(cell.signed or cell.may_have_signed for cell in cells)
    missing = missing_of_others(ledger, instrument, SIGNATURES)
    return sum(cell.signed for cell in cells), possible + min(missing, len(cells) - possible)
