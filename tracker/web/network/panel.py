"""The panel beside the picture: the facts and edges of the node in focus, and the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracker.graph.diff import EdgeChangeReason
from tracker.graph.edges import edges, edges_of, missing_edges, missing_edges_of, status_edges
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger, memoized, memoized_recent
from tracker.messages import message
from tracker.schemas.network import TieChange, TieSummary
from tracker.schemas.participant_filter import FacetOption
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.params import CHANGES, WORDS, NetworkParams, counts_of, kinds
from tracker.web.network.views import before, ego_shown, profiles_shown, regions_of, turns

MAX_LISTED = 12  # participants in the list of those that miss most
MAX_UNFOLDED = 14  # longer lists of ties that are there stay folded


@dataclass(frozen=True, slots=True)
class ChangeTally:
    """The turns at one mark: how many `joined` (consented), were `lost` (withdrew, ended), `signed`; and `other`s."""

    joined: int = 0
    lost: int = 0
    signed: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.joined + self.lost + self.signed + self.other

    @property
    def acts(self) -> int:
        """Those that are acts of a participant."""
        return self.joined + self.lost + self.signed

    @property
    def short(self) -> str:
        """Consents with a plus, losses with a minus; where there are neither, the signatures, or the other changes."""
        signs = [f"+{self.joined}" if self.joined else "", f"\N{MINUS SIGN}{self.lost}" if self.lost else ""]
        rest = f"{self.signed} signed" if self.signed else f"{self.other} other"
        return " ".join(filter(None, signs)) or rest

    @property
    def words(self) -> str:
        """The same, with the signatures in any case."""
        return f"{self.short}, {self.signed} signed" if self.signed and self.joined + self.lost else self.short


def change_tallies(turns: Iterable[TieChange], ends: Callable[[TieChange], Iterable[str]]) -> Mapping[str, ChangeTally]:
    """The tally of everything that `ends` names of a turn, such as its two nodes."""
    found: dict[str, Counter[str]] = {}
    for turn in turns:
        what = _meaning(turn)
        for id in ends(turn):
            found.setdefault(id, Counter())[what] += 1
    return {id: ChangeTally(**counts) for id, counts in found.items()}


def _meaning(turn: TieChange) -> str:
    if turn.turn == "lost" or turn.change == EdgeChangeReason.WITHDREW:
        return "lost"
    return {EdgeChangeReason.CONSENTED: "joined", EdgeChangeReason.SIGNED: "signed"}.get(turn.change, "other")


def node_panel(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any] | None:
    """The node in focus: its `facts`, and its ties in `groups` by kind, what is missing first; None without one."""
    if wanted.focus.startswith("profile."):
        return _profile(asked.ledger, wanted)
    node = by_id(asked.ledger).get(wanted.focus)
    if node is None:
        return None
    region = {message("Region"): node.region, message("UN group"): node.un_group} if node.region else {}
    return {
        "node": node,
        "facts": {**region, **counts_of(node)},
        "groups": _groups(asked.ledger, node, wanted.ends(asked.ledger)),
    }


@memoized_recent(16)
def summary(ledger: Ledger, wanted: NetworkParams) -> Mapping[str, Any]:
    """What is missing on the day of what is asked for, whoever is focused: the gaps in treaties in force, who has most.

    Where treaties, or those not in force, are asked for, the gaps in them are counted too.
    """
    asked = replace(wanted, view="gaps", focus="", standing=())
    known, missing = by_id(ledger), [tie for tie in replace(asked, pending=True).of(ledger) if asked.shows(tie.source)]
    counted = [tie for tie in missing if asked.wants(tie) and (not wanted.standing or tie.kind in wanted.standing)]
    people = [node for node in known.values() if node.kind is NodeKind.PARTICIPANT and asked.shows(node.id)]
    lacking = Counter(tie.source for tie in counted)
    outside = {tie.source for tie in missing if asked.wants(tie)}
    return {
        "missing": len(counted),
        "waiting": len(missing) - sum(asked.wants(tie) for tie in missing),
        "complete": sum(node.id not in outside for node in people),
        "people": len(people),
        "most": [(known[who], number) for who, number in lacking.most_common(MAX_LISTED)],
    }


def change_summary(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    """What changed between two days, at a glance: how much of each kind, and where most: instruments, then regions.

    Of the kinds all are counted, whichever is chosen. `most` is the largest number of a list, for its bars.
    """
    found, regions = turns(asked, wanted), regions_of(asked, wanted)
    known = {**by_id(before(asked, wanted)), **by_id(asked.ledger)}
    hubs = change_tallies(found, lambda turn: (id for id in _ends(turn) if known[id].kind is NodeKind.INSTRUMENT))
    places = change_tallies(found, lambda turn: (regions[id] for id in _ends(turn) if regions[id]))
    kinds = Counter(each.change for each in turns(asked, replace(wanted, change="")))
    return {
        "kinds": [(kind, words, kinds[kind]) for kind, words in CHANGES.items() if kinds[kind]],
        "instruments": _largest(hubs, {id: known[id].short for id in hubs}),
        "regions": _largest(places, {name: name for name in places}),
    }


def _ends(turn: TieChange) -> tuple[str, str]:
    return turn.source, turn.target


def _largest(found: Mapping[str, ChangeTally], names: Mapping[str, str]) -> list[tuple[str, str, ChangeTally, int]]:
    """The largest of them: id, name, tally and the length of its bar, of 100."""
    by_name = sorted(found, key=names.__getitem__)
    ordered = sorted(by_name, key=lambda each: (-found[each].acts, -found[each].total))[:MAX_LISTED]
    sizes = {id: found[id].acts if found[ordered[0]].acts else found[id].total for id in ordered}
    return [(id, names[id], found[id], round(100 * sizes[id] / sizes[ordered[0]])) for id in ordered]


def kinds_present(ledger: Ledger, wanted: NetworkParams) -> Collection[str]:
    """The kinds of tie and of absence that the view could draw on the day; the others are not worked out."""
    if wanted.view == "ego":
        data = ego_shown(ledger, wanted)
        return {tie.kind for tie in (*data.ties, *data.missing)} if data else ()
    found = {"ties": _kinds_there, "gaps": _kinds_missing, "clocks": _kinds_missing, "spindle": _kinds_of_status}.get(
        wanted.view
    )
    return found(ledger) if found else ()


@memoized
def _kinds_there(ledger: Ledger) -> frozenset[EdgeKind]:
    return frozenset(tie.kind for tie in edges(ledger))


@memoized
def _kinds_missing(ledger: Ledger) -> frozenset[EdgeKind]:
    return frozenset(tie.kind for tie in missing_edges(ledger))


def _kinds_of_status(ledger: Ledger) -> frozenset[EdgeKind]:
    return _kinds_missing(ledger) | frozenset(tie.kind for tie in status_edges(ledger, ledger.instruments))


def treaty_options(ledger: Ledger, wanted: NetworkParams) -> list[FacetOption]:
    """The treaties to choose from, with how many links each would show with the other filters as they are."""
    found = replace(wanted, instruments=(), focus="").of(ledger)
    counts = Counter(end for tie in found for end in (tie.source, tie.target))
    hubs = [node for node in by_id(ledger).values() if node.kind is NodeKind.INSTRUMENT]
    return [
        FacetOption(node.code, counts[node.id], node.code in wanted.instruments, name=node.short)
        for node in hubs
        if counts[node.id] or node.code in wanted.instruments
    ]


def status_options(ledger: Ledger, wanted: NetworkParams) -> list[FacetOption]:
    """The kinds of link to choose from, with how many of each the other filters leave."""
    every = kinds(wanted.view)
    data = ego_shown(ledger, wanted) if wanted.view == "ego" else None
    found: Iterable[Edge | TieSummary] = (*data.ties, *data.missing) if data else ()
    if wanted.view != "ego":
        found = replace(wanted, standing=every, focus="").of(ledger)
    counts = Counter(tie.kind for tie in found)
    present = kinds_present(ledger, wanted)
    return [
        FacetOption(kind, counts[kind], kind in wanted.standing, name=say(WORDS[kind]))
        for kind in every
        if kind in present or kind in wanted.standing
    ]


@memoized
def names(ledger: Ledger) -> tuple[Node, ...]:
    """The nodes of the day by their short names, to choose from."""
    return tuple(sorted(nodes(ledger), key=lambda node: node.short))


def _groups(ledger: Ledger, node: Node, ends: Collection[str] | None) -> list[dict[str, Any]]:
    """The node's ties and missing ties by kind, those to the `ends` asked for."""
    missing, there = (
        [tie for tie in found if ends is None or {tie.source, tie.target} - {node.id} <= set(ends)]
        for found in (missing_edges_of(ledger, node), edges_of(ledger, node))
    )
    pairs = {(tie.source, tie.target) for tie in missing}
    there = [tie for tie in there if tie.kind is EdgeKind.PARTY or (tie.source, tie.target) not in pairs]
    kinds: dict[EdgeKind, list[Edge]] = {}
    for tie in (*missing, *there):
        kinds.setdefault(tie.kind, []).append(tie)
    return [_group(by_id(ledger), node, kind, kinds[kind]) for kind in WORDS if kind in kinds]


def _group(known: Mapping[str, Node], node: Node, kind: EdgeKind, found: list[Edge]) -> dict[str, Any]:
    rows = [(known[tie.target if tie.source == node.id else tie.source], tie) for tie in found]
    return {
        "kind": str(kind),
        "words": WORDS[kind],
        "open": kind.is_absence or len(found) <= MAX_UNFOLDED,
        "rows": sorted(rows, key=lambda row: row[0].short) if len(rows) > MAX_UNFOLDED else rows,
    }


def _profile(ledger: Ledger, wanted: NetworkParams) -> dict[str, Any] | None:
    data = profiles_shown(ledger, wanted)
    found = next((each for each in data.profiles if each.id == wanted.focus), None)
    if found is None:
        return None
    known = by_id(ledger)
    return {
        "profile": found,
        "has": [known[f"instrument.{id}"] for id in found.instruments],
        "lacks": [known[f"instrument.{id}"] for id in found.missing],
        "members": [known[f"participant.{each.participant}"] for each in found.members],
    }
