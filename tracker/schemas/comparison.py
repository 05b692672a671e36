"""Comparisons: participants over all instruments, or instruments over all participants, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import reduce
from itertools import groupby
from typing import Literal

from tracker.law.coverage import shortfall_in_words
from tracker.law.dates import PartialDate
from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import Instrument
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.messages import TranslatableText, message, plural
from tracker.schemas.matrix import Cell, MatrixCell, MatrixLine, cell_answer, matrix_rows, parties_among
from tracker.schemas.values import ExactDay, Id, Named, NamedStatus, Number, PartDay, answer_model, who_answer


@answer_model
class ComparedRow:
    """An instrument, and each participant's cell, by code; `alike` is null where our data cannot tell."""

    instrument: Id
    name: str
    alike: bool | None
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
    undetermined: Number
    instruments: list[ComparedRow]


@answer_model
class ComparedInstrument:
    """An instrument of a comparison."""

    instrument: Id
    name: str
    title: str
    reference: str
    parties: Number
    parties_at_most: Number


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
    """Those that are bound by, or have deposited for, the same of the instruments compared."""

    consented_to: list[Id]
    words: str
    count: Number
    participants: list[ComparisonGroupRow]


@answer_model
class ComparedInstruments:
    """Instruments side by side; `shortfall_words` says of which a known number of consents is not in our data."""

    kind: Literal["instruments"]
    as_of: ExactDay | None
    instruments: list[ComparedInstrument]
    groups: list[ComparisonGroup]
    shortfall_words: str


_PHRASES: dict[ParticipantStatus, Callable[[list[str]], TranslatableText]] = {
    ParticipantStatus.PARTY: lambda names: plural("{names} is a party", "{names} are parties", len(names), names=names),
    ParticipantStatus.CONTRACTING_PARTY: lambda names: plural(
        "{names} is a contracting State, not yet bound",
        "{names} are contracting States, not yet bound",
        len(names),
        names=names,
    ),
    ParticipantStatus.PROVISIONAL: lambda names: plural(
        "{names} applies it provisionally", "{names} apply it provisionally", len(names), names=names
    ),
    ParticipantStatus.SIGNATORY: lambda names: plural(
        "{names} has signed but not ratified", "{names} have signed but not ratified", len(names), names=names
    ),
    ParticipantStatus.WITHDRAWN: lambda names: plural(
        "{names} has withdrawn", "{names} have withdrawn", len(names), names=names
    ),
    ParticipantStatus.NONE: lambda names: plural(
        "{names} has taken no action", "{names} have taken no action", len(names), names=names
    ),
}


def participants_compared(ledger: Ledger, codes: Sequence[str], instruments: Sequence[str]) -> ComparedParticipants:
    """These participants on each of these instruments: acts, days, and what is different, in words.

    `differ` counts the instruments on which their statuses are not the same, `undetermined` those on which our data,
    which are partial, have nothing of one of them: they count as neither. NotFound for an unknown one.
    """
    people = [ledger.participant(code) for code in codes]
    names = {who.code: who.name for who in people}
    rows = [_instrument_row(ledger, id, names) for id in instruments]
    return ComparedParticipants(
        kind="participants",
        as_of=ledger.day,
        participants=[who_answer(who) for who in people],
        alike=sum(row.alike is True for row in rows),
        differ=sum(row.alike is False for row in rows),
        undetermined=sum(row.alike is None for row in rows),
        instruments=rows,
    )


def instruments_compared(ledger: Ledger, ids: Sequence[str]) -> ComparedInstruments:
    """These instruments by who has consented to all of them, to some, to none; NotFound for an unknown one.

    Consented as the depositary counts parties. Among those that have consented to none are only the
    ones of which at least one of the instruments is expected, or that have acted on one.
    """
    instruments = [ledger.instrument(id) for id in ids]
    rows = [_participant_row(row, ids) for row in matrix_rows(ledger, ids) if _concerns_any(row, ids)]
    rows.sort(key=lambda row: _group_order(row.consented_to, ids))
    names = {each.id: each.name for each in instruments}
    return ComparedInstruments(
        kind="instruments",
        as_of=ledger.day,
        instruments=[_instrument(ledger, each, rows) for each in instruments],
        groups=[
            _group(list(held), consented, names)
            for consented, held in groupby(rows, key=lambda row: tuple(row.consented_to))
        ],
        shortfall_words=shortfall_in_words(ledger, names),
    )


def _instrument(ledger: Ledger, terms: Instrument, rows: Sequence[ComparisonGroupRow]) -> ComparedInstrument:
    parties, parties_at_most = parties_among(ledger, terms.id, [row.cells[terms.id] for row in rows])
    return ComparedInstrument(
        instrument=terms.id, name=terms.name, title=terms.title, reference=terms.reference, parties=parties,
        parties_at_most=parties_at_most,
    )  # fmt: skip


def _instrument_row(ledger: Ledger, instrument: str, names: dict[str, str]) -> ComparedRow:
    terms = ledger.instrument(instrument)
    cells = {code: cell_answer(ledger, participant_standing(ledger, terms.id, code)) for code in names}
    alike = _are_alike(list(cells.values()))
    return ComparedRow(
        instrument=terms.id,
        name=terms.name,
        alike=alike,
        difference=_in_time(cells, names) if alike else _in_status(cells, names),
        cells=cells,
    )


def _are_alike(cells: Sequence[Cell]) -> bool | None:
    """Have all the same status? None where our data lack one of them."""
    return None if any(cell.not_in_data for cell in cells) else len({cell.status for cell in cells}) == 1


def _in_status(cells: dict[str, Cell], names: dict[str, str]) -> str:
    """The names under each status: `France and Japan are parties; Iran has signed but not ratified.`"""
    held = {
        status: [names[code] for code, cell in cells.items() if cell.status == status and not cell.not_in_data]
        for status in _PHRASES
    }
    parts = [_PHRASES[status](found) for status, found in held.items() if found]
    if unknown := [names[code] for code, cell in cells.items() if cell.not_in_data]:
        parts.append(
            plural(
                "{names} is not in our data, which are incomplete",
                "{names} are not in our data, which are incomplete",
                len(unknown),
                names=unknown,
            )
        )
    return message("{whole}.", whole=reduce(lambda one, other: message("{one}; {other}", one=one, other=other), parts))


def _in_time(cells: dict[str, Cell], names: dict[str, str]) -> str:
    """How far apart those that stand alike came to do so; empty where the days are the same or not known."""
    days = {code: _exact(cell.date) for code, cell in cells.items()}
    known = sorted((day, names[code]) for code, day in days.items() if day)
    if len(known) < len(cells) or known[0][0] == known[-1][0]:
        return ""
    apart = (known[-1][0] - known[0][0]).days
    return plural(
        "{first} first, on {date}; {last} {n} day later.",
        "{first} first, on {date}; {last} {n} days later.",
        apart,
        first=known[0][1],
        date=known[0][0],
        last=known[-1][1],
    )


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


def _concerns_any(row: MatrixLine, ids: Sequence[str]) -> bool:
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
        return message("Party to all {n}", n=len(names)) if several else message("Party to both")
    if not consented:
        return message("Party to none") if several else message("Party to neither")
    return message("Party to {names} only", names=[names[id] for id in consented])
