"""Comparisons: participants over all instruments, or instruments over all participants, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Literal

from tracker.law.dates import PartialDate, in_words
from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import Instrument
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.schemas.matrix import Cell, MatrixCell, MatrixLine, cell_answer, matrix_rows
from tracker.schemas.values import ExactDay, Id, Named, NamedStatus, Number, PartDay, answer_model, who_answer


@answer_model
class ComparedRow:
    """An instrument, and each participant's cell, by code."""

    instrument: Id
    name: str
    alike: bool
    difference: str
    cells: dict[str, Cell]


@answer_model
class ComparedParticipants:
    """Participants side by side."""

    kind: Literal["participants"]
    as_of: ExactDay | None
    participants: list[NamedStatus]
    alike: Number
    differ: Number
    instruments: list[ComparedRow]


@answer_model
class ComparedInstrument:
    """An instrument of a comparison."""

    instrument: Id
    name: str
    title: str
    reference: str
    parties: Number


@answer_model
class ComparisonGroupRow(Named):
    """A participant of a group, and its cells by instrument."""

    region: str
    un_group: str
    consented_to: list[Id]
    cells: dict[str, MatrixCell]


@answer_model
class GroupedRow(ComparisonGroupRow):
    """A row of a table that has the participants of every group."""

    group: str


@answer_model
class ComparisonGroup:
    """Those that have consented to the same of the instruments compared."""

    consented_to: list[Id]
    words: str
    count: Number
    participants: list[ComparisonGroupRow]


@answer_model
class ComparedInstruments:
    """Instruments side by side."""

    kind: Literal["instruments"]
    as_of: ExactDay | None
    instruments: list[ComparedInstrument]
    groups: list[ComparisonGroup]


_PHRASES = {  # of one, of several
    ParticipantStatus.PARTY: ("is party", "are party"),
    ParticipantStatus.CONTRACTING_PARTY: ("has consented and is not bound yet", "have consented and are not bound yet"),
    ParticipantStatus.PROVISIONAL: ("applies it provisionally", "apply it provisionally"),
    ParticipantStatus.SIGNATORY: ("has only signed", "have only signed"),
    ParticipantStatus.WITHDRAWN: ("has withdrawn", "have withdrawn"),
    ParticipantStatus.NONE: ("has no act that counts", "have no act that counts"),
}
_ORDER = list(_PHRASES)


def participants_compared(ledger: Ledger, codes: Sequence[str], instruments: Sequence[str]) -> ComparedParticipants:
    """These participants on each of these instruments: acts, days, and what is different, in words.

    `differ` counts the instruments on which their statuses are not the same. NotFound for an unknown one.
    """
    people = [ledger.participant(code) for code in codes]
    names = {who.code: who.name for who in people}
    rows = [_instrument_row(ledger, id, names) for id in instruments]
    return ComparedParticipants(
        kind="participants",
        as_of=ledger.day,
        participants=[who_answer(who) for who in people],
        alike=sum(row.alike for row in rows),
        differ=sum(not row.alike for row in rows),
        instruments=rows,
    )


def instruments_compared(ledger: Ledger, ids: Sequence[str]) -> ComparedInstruments:
    """These instruments by who has consented to all of them, to some, to none; NotFound for an unknown one.

    Consented as the depositary counts parties. Among those that have consented to none are only the
    ones of which at least one of the instruments is expected, or that have acted on one.
    """
    instruments = [ledger.instrument(id) for id in ids]
    rows = [_participant_row(row, ids) for row in matrix_rows(ledger) if _concerned(row, ids)]
    rows.sort(key=lambda row: _group_order(row.consented_to, ids))
    names = {each.id: each.name for each in instruments}
    return ComparedInstruments(
        kind="instruments",
        as_of=ledger.day,
        instruments=[_instrument(each, rows) for each in instruments],
        groups=[
            _group(list(held), consented, names)
            for consented, held in groupby(rows, key=lambda row: tuple(row.consented_to))
        ],
    )


def _instrument(terms: Instrument, rows: Sequence[ComparisonGroupRow]) -> ComparedInstrument:
    parties = sum(terms.id in row.consented_to for row in rows)
    return ComparedInstrument(
        instrument=terms.id, name=terms.name, title=terms.title, reference=terms.reference, parties=parties
    )


def _instrument_row(ledger: Ledger, instrument: str, names: dict[str, str]) -> ComparedRow:
    terms = ledger.instrument(instrument)
    cells = {code: cell_answer(participant_standing(ledger, terms.id, code)) for code in names}
    alike = len({cell.status for cell in cells.values()}) == 1
    return ComparedRow(
        instrument=terms.id,
        name=terms.name,
        alike=alike,
        difference=_in_time(cells, names) if alike else _in_status(cells, names),
        cells=cells,
    )


def _in_status(cells: dict[str, Cell], names: dict[str, str]) -> str:
    """Who is what: `France and Japan are party; Iran has only signed.`"""
    parts = []
    for status in _ORDER:
        held = [names[code] for code, cell in cells.items() if cell.status == status]
        if held:
            parts.append(f"{_listed(held)} {_PHRASES[status][len(held) > 1]}")
    return "; ".join(parts) + "."


def _in_time(cells: dict[str, Cell], names: dict[str, str]) -> str:
    """How far apart those that stand alike came to do so; empty where the days are the same or not known."""
    days = {code: _exact(cell.date) for code, cell in cells.items()}
    known = sorted((day, names[code]) for code, day in days.items() if day)
    if len(known) < len(cells) or known[0][0] == known[-1][0]:
        return ""
    apart = (known[-1][0] - known[0][0]).days
    later = f"{apart:,} day{'s' * (apart != 1)} later"
    return f"{known[0][1]} first, on {in_words(known[0][0])}; {known[-1][1]} {later}."


def _exact(day: PartDay | None) -> date | None:
    return day.exact if isinstance(day, PartialDate) else day


def _participant_row(row: MatrixLine, ids: Sequence[str]) -> ComparisonGroupRow:
    cells = {id: row.cells[id] for id in ids}
    return ComparisonGroupRow(
        participant=row.participant,
        name=row.name,
        region=row.region,
        un_group=row.un_group,
        consented_to=[id for id, cell in cells.items() if cell.status in CONSENTING],
        cells=cells,
    )


def _concerned(row: MatrixLine, ids: Sequence[str]) -> bool:
    return any(row.cells[id].expected or row.cells[id].act for id in ids)


def _group_order(consented: Sequence[str], ids: Sequence[str]) -> tuple[int, list[int]]:
    return -len(consented), [ids.index(id) for id in consented]


def _group(rows: list[ComparisonGroupRow], consented: Sequence[str], names: dict[str, str]) -> ComparisonGroup:
    return ComparisonGroup(
        consented_to=list(consented),
        words=_group_words(consented, names),
        count=len(rows),
        participants=rows,
    )


def _group_words(consented: Sequence[str], names: dict[str, str]) -> str:
    several = len(names) > 2
    if len(consented) == len(names):
        return f"All {len(names)}" if several else "Both"
    if not consented:
        return "None of them" if several else "Neither"
    return f"{_listed([names[id] for id in consented])} alone"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
