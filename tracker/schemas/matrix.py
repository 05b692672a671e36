"""Answers for the matrix: participants by instruments, with status and action in each cell."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.law.consents import has_ceased_to_exist
from tracker.law.gaps import CONSENTING, eligible_participants, exists_on
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action
from tracker.law.status import ParticipantStanding, ParticipantStatus, participant_standing
from tracker.schemas.instruments import who_answer
from tracker.schemas.values import Plain, iso_date

Cells = dict[str, Plain]


@memoized
def matrix_rows(ledger: Ledger) -> tuple[Plain, ...]:
    """One row for each participant of a matrix, by name, with a cell for each instrument of the record."""
    here = sorted(_belonging(ledger), key=lambda code: ledger.participants[code].name)
    return tuple(
        {**who_answer(ledger.participants[code]), "cells": _cells(ledger, code, tuple(ledger.instruments))}
        for code in here
    )


def matrix_answer(ledger: Ledger, rows: Sequence[Plain], instruments: Sequence[str]) -> Plain:
    """The matrix of these rows and instruments, with totals for each row and for each column.

    `parties` and `signatories` of a column are of the rows shown: those that have consented and not
    withdrawn, and those that have signed.
    """
    shown = [_row(row, {id: row["cells"][id] for id in instruments}) for row in rows]
    return {
        "as_of": iso_date(ledger.day),
        "instruments": [_column(ledger, id, shown) for id in instruments],
        "participants": shown,
    }


def cell_answer(where: ParticipantStanding) -> Plain:
    """One participant towards one instrument: status, the act behind it, its day and what is doubtful."""
    act = _telling(where)
    return {
        "status": where.status.value,
        "act": act.kind.value if act else None,
        "date": iso_date(act.date) if act else None,
        "signature": iso_date(where.signature.date) if where.signature else None,
        "signed": where.signature is not None,
        "bound_since": iso_date(where.bound_from),
        "doubts": list(where.doubts),
    }


def _belonging(ledger: Ledger) -> list[str]:
    """The States that exist on the day, and whoever else has acted and not ceased to exist."""
    acted = {code for id in ledger.instruments for code in ledger.actors(id)}
    here = (code for code in ledger.participants if not has_ceased_to_exist(ledger, code, ledger.horizon))
    return [code for code in here if code in acted or (ledger.participants[code].is_state and exists_on(ledger, code))]


def _cells(ledger: Ledger, code: str, instruments: Sequence[str]) -> Cells:
    return {
        id: {
            **cell_answer(participant_standing(ledger, id, code)),
            "expected": code in eligible_participants(ledger, id),
        }
        for id in instruments
    }


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


def _row(row: Plain, cells: Cells) -> Plain:
    statuses = [each["status"] for each in cells.values()]
    consented = sum(status in CONSENTING for status in statuses)
    return {
        **row,
        "consented": consented,
        "signed_only": statuses.count(ParticipantStatus.SIGNATORY.value),
        "cells": cells,
    }


def _column(ledger: Ledger, id: str, rows: Sequence[Plain]) -> Plain:
    terms, cells = ledger.instruments[id], [row["cells"][id] for row in rows]
    return {
        "instrument": id,
        "name": terms.name,
        "title": terms.title,
        "reference": terms.reference,
        "parties": sum(cell["status"] in CONSENTING for cell in cells),
        "signatories": sum(cell["signed"] for cell in cells),
    }
