"""The panel beside the picture: the facts and edges of the node in focus, and the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from tracker.graph.edges import edges, edges_of, missing_edges, missing_edges_of
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger, memoized
from tracker.schemas.network import TieChange
from tracker.web.context import RequestContext
from tracker.web.network.params import CHANGES, WORDS, NetworkParams
from tracker.web.network.scene import SceneTally, scene_tallies
from tracker.web.network.views import before, ego_shown, profiles_of, regions_of, turns

MAX_LISTED = 12  # participants in the list of those that miss most
MAX_UNFOLDED = 14  # longer lists of ties that are there stay folded


def node_panel(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any] | None:
    """The node in focus: its `facts`, and its ties in `groups` by kind, what is missing first; None without one."""
    if wanted.focus.startswith("profile."):
        return _profile(asked.ledger, wanted)
    node = by_id(asked.ledger).get(wanted.focus)
    if node is None:
        return None
    region = {"Region": node.region, "UN group": node.un_group} if node.region else {}
    counts = {name[0].upper() + name[1:]: number for name, number in node.counts.items()}
    return {"node": node, "facts": {**region, **counts}, "groups": _groups(asked.ledger, node)}


def summary(ledger: Ledger) -> dict[str, Any]:
    """What is missing on the day, at a glance: the gaps in instruments in force, and who has most."""
    known, missing = by_id(ledger), [tie for tie in missing_edges(ledger) if not tie.pending]
    people = [node for node in known.values() if node.kind is NodeKind.PARTICIPANT]
    lacking = Counter(tie.source for tie in missing)
    return {
        "missing": len(missing),
        "waiting": len(missing_edges(ledger)) - len(missing),
        "complete": sum(node.id not in lacking for node in people),
        "people": len(people),
        "most": [(known[who], number) for who, number in lacking.most_common(MAX_LISTED)],
    }


def change_summary(asked: RequestContext, wanted: NetworkParams) -> dict[str, Any]:
    """What changed between two days, at a glance: how much of each kind, and where most: instruments, then regions.

    Of the kinds all are counted, whichever is chosen. `most` is the largest number of a list, for its bars.
    """
    found, regions = turns(asked, wanted), regions_of(asked, wanted)
    known = {**by_id(before(asked, wanted)), **by_id(asked.ledger)}
    hubs = scene_tallies(found, lambda turn: (id for id in _ends(turn) if known[id].kind is NodeKind.INSTRUMENT))
    places = scene_tallies(found, lambda turn: (regions[id] for id in _ends(turn) if regions[id]))
    kinds = Counter(each.change for each in turns(asked, replace(wanted, change="")))
    return {
        "kinds": [(kind, words, kinds[kind]) for kind, words in CHANGES.items() if kinds[kind]],
        "instruments": _largest(hubs, {id: known[id].short for id in hubs}),
        "regions": _largest(places, {name: name for name in places}),
    }


def _ends(turn: TieChange) -> tuple[str, str]:
    return turn.source, turn.target


def _largest(found: Mapping[str, SceneTally], names: Mapping[str, str]) -> list[tuple[str, str, SceneTally, int]]:
    """The largest of them: id, name, tally and the length of its bar, of 100."""
    by_name = sorted(found, key=names.__getitem__)
    ordered = sorted(by_name, key=lambda each: (-found[each].acts, -found[each].total))[:MAX_LISTED]
    sizes = {id: found[id].acts if found[ordered[0]].acts else found[id].total for id in ordered}
    return [(id, names[id], found[id], round(100 * sizes[id] / sizes[ordered[0]])) for id in ordered]


def edge_count(ledger: Ledger) -> int:
    """How many ties there are on the day."""
    return len(edges(ledger))


def kinds_present(ledger: Ledger, wanted: NetworkParams) -> Collection[str]:
    """The kinds of tie and of absence that the view could draw on the day; the others are not worked out."""
    if wanted.view == "ego":
        data = ego_shown(ledger, wanted)
        return {tie.kind for tie in (*data.ties, *data.missing)} if data else ()
    found = {"ties": _kinds_there, "gaps": _kinds_missing}.get(wanted.view)
    return found(ledger) if found else ()


@memoized
def _kinds_there(ledger: Ledger) -> frozenset[EdgeKind]:
    return frozenset(tie.kind for tie in edges(ledger))


@memoized
def _kinds_missing(ledger: Ledger) -> frozenset[EdgeKind]:
    return frozenset(tie.kind for tie in missing_edges(ledger))


@memoized
def names(ledger: Ledger) -> tuple[Node, ...]:
    """The nodes of the day by their short names, to choose from."""
    return tuple(sorted(nodes(ledger), key=lambda node: node.short))


def _groups(ledger: Ledger, node: Node) -> list[dict[str, Any]]:
    missing = missing_edges_of(ledger, node)
    pairs = {(tie.source, tie.target) for tie in missing}
    there = [
        tie for tie in edges_of(ledger, node) if tie.kind is EdgeKind.PARTY or (tie.source, tie.target) not in pairs
    ]
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
    data = profiles_of(ledger, wanted.compared or None)
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
