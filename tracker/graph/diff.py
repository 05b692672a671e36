"""What differs between the networks of two dates, or of one date as known at two moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.errors import BadQuestion
from tracker.graph.edges import other_edges, status_edges
from tracker.graph.membership_sets import instruments_of_day, node_ids, statuses_on
from tracker.graph.model import Edge, EdgeKind, Node
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import nodes, short_of
from tracker.law.action_index import sort_actions
from tracker.law.bindings import bound_participants
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Action
from tracker.law.status import actions_behind
from tracker.law.threshold import ForceStatus
from tracker.messages import message


class EdgeChangeKind(StrEnum):
    """What became of a tie."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"


class EdgeChangeReason(StrEnum):
    """What a turn means for the participant, from the first day to the second."""

    CONSENTED = "consented"
    BOUND = "bound"
    SIGNED = "signed"
    WITHDREW = "withdrew"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """A tie before and after (None where there is none), the acts that made the difference, and a sentence."""

    turn: EdgeChangeKind
    source: str
    target: str
    before: Edge | None
    after: Edge | None
    acts: tuple[Action, ...]
    words: str

    @property
    def change(self) -> EdgeChangeReason:
        """Whether it consented, was bound by what it had consented to, signed or withdrew; anything else is other."""
        was, now = (each.kind if each else None for each in (self.before, self.after))
        if now in _CONSENTING and was not in _CONSENTING:
            return EdgeChangeReason.CONSENTED
        if (was, now) == (EdgeKind.CONTRACTING_PARTY, EdgeKind.PARTY):
            return EdgeChangeReason.BOUND
        if now is EdgeKind.WITHDRAWN and was is not now:
            return EdgeChangeReason.WITHDREW
        return EdgeChangeReason.SIGNED if now is EdgeKind.SIGNATORY and was is None else EdgeChangeReason.OTHER


@dataclass(frozen=True, slots=True)
class NetworkDiff:
    """The turns by source and target, and the nodes that came and went."""

    first: date | None
    second: date | None
    turns: tuple[EdgeChange, ...]
    came: tuple[Node, ...]
    went: tuple[Node, ...]


def diff_networks(before: Ledger, after: Ledger) -> NetworkDiff:
    """What differs from one ledger's network to the other's: two days, or two moments of the record."""
    moved = _instruments_that_may_differ(before, after)
    was, now = ({_key(tie): tie for tie in _ties(ledger, moved)} for ledger in (before, after))
    keys = sorted(key for key in was.keys() | now.keys() if _edge_key(was.get(key)) != _edge_key(now.get(key)))
    came, went = node_ids(after) - node_ids(before), node_ids(before) - node_ids(after)
    return NetworkDiff(
        before.day,
        after.day,
        tuple(_turn(before, after, was.get(key), now.get(key)) for key in keys),
        tuple(node for node in nodes(after) if node.id in came) if came else (),
        tuple(node for node in nodes(before) if node.id in went) if went else (),
    )


def between_days(ledger: Ledger, first: date, second: date) -> NetworkDiff:
    """What differs from one day's network to another's; the other way round gains are losses.

    The ledger must reach both days: BadQuestion where it was cut before one of them.
    """
    return diff_networks(*two_days(ledger, first, second))


def two_days(ledger: Ledger, first: date, second: date) -> tuple[Ledger, Ledger]:
    """The ledger on each of two days; BadQuestion where it was cut before one of them."""
    if ledger.day and ledger.day < max(first, second):
        raise BadQuestion(f"The data are as at {ledger.day}; choose two dates up to it.")
    return ledger.as_of(first), ledger.as_of(second)


def _instruments_that_may_differ(before: Ledger, after: Ledger) -> tuple[str, ...]:
    """The instruments on which somebody's standing, or the day since when, may differ between the two."""
    both = dict.fromkeys((*before.instruments, *after.instruments))
    return tuple(id for id in both if _rests_on(before, id) != _rests_on(after, id))


def _rests_on(ledger: Ledger, instrument: str) -> tuple[object, ...] | None:
    """All that the words of its ties follow from; None where the ledger does not hold the instrument."""
    terms = ledger.instruments.get(instrument)
    if terms is None:
        return None
    entry = entry_into_force(ledger, instrument)
    where = (
        statuses_on(ledger, instrument),
        bound_participants(ledger, instrument),
        instrument in instruments_of_day(ledger),
    )
    return terms, ledger.acts(instrument), where, entry.date, entry.ended_on, entry.status is ForceStatus.PENDING


def _ties(ledger: Ledger, moved: Iterable[str]) -> tuple[Edge, ...]:
    return (*status_edges(ledger, (id for id in moved if id in ledger.instruments)), *other_edges(ledger))


def _key(tie: Edge) -> tuple[str, str, str]:
    """What stays the same about a tie while its kind changes: its ends, and whether it is a standing."""
    return tie.source, tie.target, "" if tie.kind in _STANDINGS else tie.kind.value


_CONSENTING = frozenset({EdgeKind.PARTY, EdgeKind.CONTRACTING_PARTY})
_STANDINGS = _CONSENTING | {EdgeKind.SIGNATORY, EdgeKind.PROVISIONAL, EdgeKind.WITHDRAWN}


def _edge_key(tie: Edge | None) -> tuple[str, str] | None:
    """By what two ties differ; whether the instrument has entered into force since is not the tie's matter."""
    return (tie.kind.value, tie.words) if tie else None


def _turn(before: Ledger, after: Ledger, was: Edge | None, now: Edge | None) -> EdgeChange:
    tie = now or was
    assert tie is not None
    turn = EdgeChangeKind.GAINED if was is None else EdgeChangeKind.LOST if now is None else EdgeChangeKind.CHANGED
    ends = [short_name_in_either(before, after, id) for id in (tie.source, tie.target)]
    then, later = (each.words if each else message("nothing") for each in (was, now))
    acts = _acts(before, after, tie) if tie.kind in _STANDINGS else ()
    words = message("{one}, {other}: {then} → {later}.", one=ends[0], other=ends[1], then=then, later=later)
    return EdgeChange(turn, tie.source, tie.target, was, now, acts, words)


def short_name_in_either(before: Ledger, after: Ledger, id: str) -> str:
    """The short name of a node of either: as the later has it, where it has it."""
    node = by_id(after).get(id)
    return node.short if node else short_of(before, id)


def _acts(before: Ledger, after: Ledger, tie: Edge) -> tuple[Action, ...]:
    """The acts that only one of the two standings rests on; where none is, those on which both rest."""
    codes = [id.partition(".")[2] for id in (tie.source, tie.target)]
    was, now = (_standing_acts(ledger, *codes) for ledger in (before, after))
    different = [act for act in (*was, *now) if (act in was) != (act in now)]
    return tuple(sorted(different or was, key=sort_actions))


def _standing_acts(ledger: Ledger, code: str, instrument: str) -> tuple[Action, ...]:
    if code not in ledger.participants or instrument not in ledger.instruments:
        return ()
    return actions_behind(ledger, instrument, code)
