"""Types of the matrix, comparisons and maps."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from tracker.law.model import ActionKind
from tracker.law.status import ParticipantStatus
from tracker.schemas.shapes.common import Cell, Id, Named, NamedStatus, Number, PartDay


class MatrixColumn(TypedDict):
    """An instrument of a matrix, with the counts of the rows shown."""

    instrument: Id
    name: str
    title: str
    reference: str
    parties: Number
    signatories: Number


class MatrixRow(NamedStatus):
    """A participant's cells, by instrument."""

    cells: dict[str, Cell]
    consented: Number
    signed_only: Number


class Matrix(TypedDict):
    """Participants by instruments."""

    as_of: PartDay | None
    instruments: list[MatrixColumn]
    participants: list[MatrixRow]


class ComparedRow(TypedDict):
    """An instrument, and each participant's cell, by code."""

    instrument: Id
    name: str
    alike: bool
    difference: str
    cells: dict[str, Cell]


class ComparedParticipants(TypedDict):
    """Participants side by side."""

    kind: Literal["participants"]
    as_of: PartDay | None
    participants: list[NamedStatus]
    alike: Number
    differ: Number
    instruments: list[ComparedRow]


class ComparedInstrument(TypedDict):
    """An instrument of a comparison."""

    instrument: Id
    name: str
    title: str
    reference: str
    parties: Number


class ComparisonGroupRow(Named):
    """A participant of a group, and its cells by instrument."""

    region: str
    un_group: str
    consented_to: list[Id]
    cells: dict[str, Cell]


class ComparisonGroup(TypedDict):
    """Those that have consented to the same of the instruments compared."""

    consented_to: list[Id]
    words: str
    count: Number
    participants: list[ComparisonGroupRow]


class ComparedInstruments(TypedDict):
    """Instruments side by side."""

    kind: Literal["instruments"]
    as_of: PartDay | None
    instruments: list[ComparedInstrument]
    groups: list[ComparisonGroup]


class MapRow(NamedStatus):
    """Where a participant stands on the instrument of a map."""

    status: ParticipantStatus
    since: PartDay | None
    action: ActionKind | None
    why: str


class MapOfOne(TypedDict):
    """NamedStatus stands where on one instrument."""

    instrument: Id
    name: str
    as_of: PartDay | None
    counts: dict[ParticipantStatus, Number]
    participants: list[MapRow]


class MapOfAllRow(NamedStatus):
    """How many instruments a participant is party to, and which."""

    consented: Number
    instruments: list[Id]


class MapOfAll(TypedDict):
    """On how many instruments each participant stands; `counts` is by that number."""

    instrument: None
    instruments: Number
    as_of: PartDay | None
    counts: dict[str, Number]
    participants: list[MapOfAllRow]
