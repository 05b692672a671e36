"""The network as a matrix: the status of each participant on each treaty as one cell, and the order of both.

The order follows from the record of today alone, so that nothing moves when another date is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from tracker.graph.edges import missing_edges, status_edges
from tracker.graph.membership_sets import eligible_for, instruments_of_day, participants_of_day, statuses_on
from tracker.graph.model import ELSEWHERE, REGIONS, Edge, EdgeKind, NodeKind, node_id
from tracker.law.coverage import is_partial
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Participant
from tracker.messages import message

SUBREGIONS = (
    "Northern Europe", "Western Europe", "Southern Europe", "Eastern Europe",
    "Western Asia", "Central Asia", "Southern Asia", "Eastern Asia", "South-eastern Asia",
    "Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia",
    "Northern Africa", "Sub-Saharan Africa", "Latin America and the Caribbean", "Northern America",
)  # fmt: skip
WORLDWIDE = 0.75  # share of all participants that are eligible for a treaty that is called worldwide
MANY_GAPS = 20  # participants outside a treaty; whoever is among so many stands beside the others


class CellKind(StrEnum):
    """What a cell of the matrix says; `is_gap` are those that count as outstanding."""

    PARTY = "party"
    PROTOCOL_ALONE = "protocol-alone"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    GAP = "gap"
    SIGNATORY = "signatory"
    NO_ACTION_YET = "no-action-yet"
    UNDATED = "undated"
    NOT_IN_DATA = "not-in-data"
    NOT_ELIGIBLE = "not-eligible"


@dataclass(frozen=True, slots=True)
class StatusCell:
    """The status of one participant on one treaty: its kind, the missing link it stands for if any, and a sentence."""

    kind: CellKind
    words: str
    missing: Edge | None = None


_NOT_ELIGIBLE = StatusCell(CellKind.NOT_ELIGIBLE, message("not eligible"))
_NOT_IN_DATA = StatusCell(CellKind.NOT_IN_DATA, message("not in our data, which are incomplete for this treaty"))
_UNDATED = StatusCell(CellKind.UNDATED, message("consent to be bound, date not known"))
_NO_ACTION = StatusCell(CellKind.NO_ACTION_YET, message("no action in our data"))
_OF_GAP = {
    EdgeKind.PROTOCOL_ALONE: CellKind.PROTOCOL_ALONE,
    EdgeKind.LEFT: CellKind.WITHDRAWN,
    EdgeKind.SIGNED_ONLY: CellKind.SIGNED,
    EdgeKind.PROVISIONAL_ONLY: CellKind.SIGNED,
}
_OF_STATUS = {
    EdgeKind.SIGNATORY: CellKind.SIGNATORY,
    EdgeKind.PROVISIONAL: CellKind.SIGNED,
    EdgeKind.WITHDRAWN: CellKind.WITHDRAWN,
}


def status_cells(ledger: Ledger, treaties: Iterable[str]) -> Mapping[tuple[str, str], StatusCell]:
    """The cell of every participant of the day on each of these treaties that there are, by (treaty, participant)."""
    there = instruments_of_day(ledger)
    return {
        (treaty, code): cell
        for treaty in treaties
        if treaty in there
        for code, cell in _cells_of(ledger, treaty).items()
    }


@memoized
def _cells_of(ledger: Ledger, treaty: str) -> Mapping[str, StatusCell]:
    """By participant."""
    status = {_code(edge): edge for edge in status_edges(ledger, (treaty,))}
    missing = _missing_by_treaty(ledger).get(treaty, {})
    undated, eligible = statuses_on(ledger, treaty).undated, eligible_for(ledger, treaty)
    rest = _NOT_IN_DATA if is_partial(ledger, treaty) else _NO_ACTION

    def cell(code: str) -> StatusCell:
        if code in missing:
            return _gap(missing[code])
        if code in status:
            return StatusCell(_OF_STATUS.get(status[code].kind, CellKind.PARTY), status[code].words)
        return _UNDATED if code in undated else rest if code in eligible else _NOT_ELIGIBLE

    return {code: cell(code) for code in participants_of_day(ledger)}


def _gap(edge: Edge) -> StatusCell:
    """The cell of a missing link; before entry into force neither a signature nor its lack is a shortcoming."""
    kind = _OF_GAP.get(edge.kind, CellKind.GAP)
    if edge.pending:
        kind = {CellKind.GAP: CellKind.NO_ACTION_YET, CellKind.SIGNED: CellKind.SIGNATORY}.get(kind, kind)
    return StatusCell(kind, edge.words, edge)


@memoized
def _missing_by_treaty(ledger: Ledger) -> Mapping[str, Mapping[str, Edge]]:
    found: dict[str, dict[str, Edge]] = {}
    for edge in missing_edges(ledger):
        found.setdefault(edge.target.partition(".")[2], {})[_code(edge)] = edge
    return found


def _code(edge: Edge) -> str:
    return edge.source.partition(".")[2]


# -- the order of participants and treaties --------------------------------------------------------------------------


@memoized
def participant_order(today: Ledger) -> tuple[Participant, ...]:
    """Everyone who has a place round the picture: the participants of today, and former States that have acted.

    By region and subregion; inside a subregion those that lack the same treaties stand together, former States last.
    """
    here = participants_of_day(today)
    former = (who for who in today.participants.values() if who.code not in here and today.acts_by(who.code))
    weights = _weights_of_gaps(today)
    return tuple(
        sorted(
            (*here.values(), *former),
            key=lambda who: (
                _place(REGIONS, who.region),
                who.code not in here,
                _place(SUBREGIONS, who.subregion),
                -weights.get(who.code, 0),
                who.name,
            ),
        )
    )


def region_of(who: Participant) -> str:
    """The region under which a participant stands."""
    return who.region if who.region in REGIONS else ELSEWHERE


def _place(order: tuple[str, ...], name: str) -> float:
    return order.index(name) if name in order else inf


def _weights_of_gaps(today: Ledger) -> Mapping[str, int]:
    """What each participant lacks as a number: treaties that many lack come first, and equal numbers lack the same."""
    found: dict[str, int] = {}
    missing = _missing_by_treaty(today)
    for number, treaty in enumerate(today.instruments):
        lacking = {code for code, edge in missing.get(treaty, {}).items() if not edge.pending}
        for code in lacking:
            found[code] = found.get(code, 0) + (1000 if len(lacking) > MANY_GAPS else 100) + number
    return found


@memoized
def treaty_order(today: Ledger) -> tuple[tuple[str, ...], ...]:
    """The treaties from the outside inwards, in groups: worldwide, regional, and last those with incomplete data."""
    everyone = len(participants_of_day(today))
    groups: tuple[list[str], list[str], list[str]] = ([], [], [])
    for treaty in today.instruments:
        worldwide = len(eligible_for(today, treaty)) >= WORLDWIDE * everyone
        groups[2 if is_partial(today, treaty) else 0 if worldwide else 1].append(treaty)
    return tuple(tuple(group) for group in groups if group)


def participant_node(who: Participant) -> str:
    """The node id of a participant."""
    return node_id(NodeKind.PARTICIPANT, who.code)
