"""Which nodes are most similar: participants by what they joined, instruments and bodies by who joined them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from tracker.errors import BadQuestion
from tracker.graph.membership_sets import (
    bodies_of_day,
    eligible_for,
    instruments_of_day,
    participants_of_day,
    statuses_on,
)
from tracker.graph.model import Node, NodeKind, joined, node_id
from tracker.graph.networkx_graph import by_id, node_of
from tracker.law.coverage import left_out
from tracker.law.ledger import Ledger, memoized, name_of, title_of
from tracker.messages import message, plural

MIN_TO_COMPARE = 3  # things to compare, below which two that agree on all of them are not alike but unknown


@dataclass(frozen=True, slots=True)
class SimilarNode:
    """A node (id) like the one asked about, and what makes it so.

    `shared`, `only_one` (the one asked about) and `only_other` are codes: of instruments for a participant, of
    participants for an instrument or a body. `likeness` is shared / (shared + only_one + only_other).
    """

    id: str
    shared: tuple[str, ...]
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]
    words: str

    @property
    def likeness(self) -> float:
        """Jaccard's index, 0 to 1."""
        return len(self.shared) / (len(self.shared) + len(self.only_one) + len(self.only_other))


def most_similar(ledger: Ledger, name: str, n: int = 10, *, partial: bool = False) -> tuple[SimilarNode, ...]:
    """The `n` most like the node of that id or code, among those of its kind, most alike first.

    Compared is consent (for bodies: membership), and only where both could have it: for two participants on the
    instruments that both may join, for two instruments by the participants that may join both. Equals go by how
    much they share, then by code. Left out are those that share nothing, and those with which fewer than three
    things can be compared (or than the one has, where it has fewer), and the instruments with partial data unless
    `partial` asks for them, or the question is about one of them. NotFound for a node that the day does not
    have, BadQuestion for `n` below 1.
    """
    if n < 1:
        raise BadQuestion(f"n={n}: ask for 1 neighbour or more.")
    one = node_of(ledger, name)
    sets = _sets(ledger, one.kind, left_out(ledger, partial=partial, named=(one.code,)))
    found = (_compare(sets, one.code, code) for code in sets if code != one.code)
    least = min(MIN_TO_COMPARE, len(sets[one.code].has))
    telling = (each for each in found if each.shared and each.total >= least)
    nearest = sorted(telling, key=lambda each: (-each.likeness, -each.shared, each.code))
    return tuple(_neighbour(ledger, one, sets, each.code) for each in nearest[:n])


class _Has(NamedTuple):
    """What one node has of what it may have: ids of instruments, or codes of participants."""

    has: frozenset[str]
    may: frozenset[str]


class _Compared(NamedTuple):
    code: str
    shared: int
    total: int

    @property
    def likeness(self) -> float:
        return self.shared / self.total


@memoized
def _sets(ledger: Ledger, kind: NodeKind, without: Collection[str]) -> Mapping[str, _Has]:
    """What every node of that kind has and may have, by code; instruments that are left out count nowhere."""
    if kind is NodeKind.BODY:
        here = frozenset(participants_of_day(ledger))
        return {id: _Has(ledger.members(id) & here, here) for id in bodies_of_day(ledger)}
    columns = {
        id: _Has(statuses_on(ledger, id).consented, eligible_for(ledger, id))
        for id in instruments_of_day(ledger)
        if id not in without
    }
    if kind is NodeKind.INSTRUMENT:
        return columns
    has: dict[str, set[str]] = {code: set() for code in participants_of_day(ledger)}
    may: dict[str, set[str]] = {code: set() for code in participants_of_day(ledger)}
    for id, column in columns.items():
        for code in column.has:
            has[code].add(id)
        for code in column.may:
            may[code].add(id)
    return {code: _Has(frozenset(has[code]), frozenset(may[code])) for code in has}


def _compare(sets: Mapping[str, _Has], one: str, other: str) -> _Compared:
    mine, theirs = sets[one], sets[other]
    shared = len(mine.has & theirs.has)
    return _Compared(other, shared, len((mine.has | theirs.has) & mine.may & theirs.may))


def _neighbour(ledger: Ledger, one: Node, sets: Mapping[str, _Has], code: str) -> SimilarNode:
    mine, theirs = sets[one.code], sets[code]
    order = participants_of_day(ledger) if one.kind is not NodeKind.PARTICIPANT else instruments_of_day(ledger)
    both, mine_alone, theirs_alone = mine.has & theirs.has, mine.has - theirs.has, theirs.has - mine.has
    id = node_id(one.kind, code)
    found = SimilarNode(
        id,
        tuple(each for each in order if each in both),
        tuple(each for each in order if each in mine_alone and each in theirs.may),
        tuple(each for each in order if each in theirs_alone and each in mine.may),
        "",
    )
    return replace(found, words=_reason(ledger, one, by_id(ledger)[id], found))


_BOTH = {
    NodeKind.PARTICIPANT: message(
        "Both are party to {shared} of the {total} treaties that either is party to and both may join"
    ),
    NodeKind.INSTRUMENT: message("{shared} of the {total} parties of either, eligible for both, are party to both"),
    NodeKind.BODY: message("{shared} of the {total} members of either are members of both"),
}
_ONLY = {
    NodeKind.PARTICIPANT: message("only {name} to {those}"),
    NodeKind.INSTRUMENT: message("only {those} to {name}"),
    NodeKind.BODY: message("only {those} of {name}"),
}


def _reason(ledger: Ledger, one: Node, other: Node, found: SimilarNode) -> str:
    say = title_of if one.kind is NodeKind.PARTICIPANT else name_of
    sides = [
        message(_ONLY[one.kind], name=node.short, those=_several([say(ledger, each) for each in codes]))
        for node, codes in ((one, found.only_one), (other, found.only_other))
        if codes
    ]
    total = len(found.shared) + len(found.only_one) + len(found.only_other)
    both = message(_BOTH[one.kind], shared=len(found.shared), total=total)
    return message("{sentences}.", sentences=joined(both, *sides))


def _several(names: list[str], most: int = 3) -> list[str]:
    """The first of the names; what is beyond is counted."""
    rest = len(names) - most
    return [*names[:most], *([plural("{n} more", "{n} more", rest)] if rest > 0 else [])]
