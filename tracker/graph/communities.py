"""Communities of participants that share instruments and bodies: what distinguishes each, and how certain it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from tracker.graph.membership_sets import members_by_node, participants_of_day
from tracker.graph.model import NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.law.coverage import left_out
from tracker.law.ledger import Ledger, memoized
from tracker.messages import TranslatableText, message, plural

SEED = 1
MIN_LEAD = 0.25  # by how much more of a group than of all others must have what marks it off
MARKS = 4


@dataclass(frozen=True, slots=True)
class DistinguishingFeature:
    """An instrument or body (node id) that marks a group off: how many of the group have it, and how many others."""

    id: str
    inside: int
    outside: int
    words: str


@dataclass(frozen=True, slots=True)
class Community:
    """A group: codes by name, what marks it off, the most telling first, and a sentence. `number` 1 is the largest."""

    number: int
    members: tuple[str, ...]
    marks: tuple[DistinguishingFeature, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Communities:
    """The groups, largest first; how clear they are (`modularity`, -0.5 to 1), and in words (`certainty`).

    `untied` are the participants that have consented to nothing and belong nowhere, so that no group can hold them.
    """

    groups: tuple[Community, ...]
    modularity: float
    certainty: str
    untied: tuple[str, ...]


@memoized
def find_communities(ledger: Ledger, *, partial: bool = False) -> Communities:
    """The participants of the day in groups, each participant in one or among the untied.

    Two participants are tied by every instrument and body that binds both, the more the fewer it binds (Newman
    2001: one that binds n weighs 1/(n-1)); groups are those of Blondel et al. (2008), found with a fixed seed.
    What all have in common ties nobody closer. Instruments with partial data tie nobody unless `partial` asks for them.
    """
    without = {node_id(NodeKind.INSTRUMENT, id) for id in left_out(ledger, partial=partial)}
    hubs = {id: codes for id, codes in members_by_node(ledger).items() if len(codes) > 1 and id not in without}
    tied = frozenset[str]().union(*hubs.values())
    here = [code for code in participants_of_day(ledger) if code in tied]
    graph = _shared_membership_graph(hubs, here)
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED) if here else []
    order = sorted(found, key=lambda group: (-len(group), min(group)))
    modularity = nx.community.modularity(graph, order, weight="weight") if len(order) > 1 else 0.0
    groups = [tuple(here[number] for number in sorted(group)) for group in order]
    return Communities(
        tuple(_cluster(ledger, number, codes, hubs, here) for number, codes in enumerate(groups, start=1)),
        round(float(modularity), 9),
        _certainty(modularity, len(groups)),
        tuple(code for code in participants_of_day(ledger) if code not in tied),
    )


def _shared_membership_graph(hubs: Mapping[str, frozenset[str]], here: Sequence[str]) -> nx.Graph[int]:
    """Participants by number, tied by what they share; numbers, because the order of sets of names is chance."""
    at = {code: number for number, code in enumerate(here)}
    table = np.zeros((len(hubs), len(here)))
    for row, codes in enumerate(hubs.values()):
        table[row, [at[code] for code in codes]] = 1
    weights = 1 / np.array([len(codes) - 1 for codes in hubs.values()])
    shared = np.round(table.T @ (table * weights[:, None]), 9)
    graph: nx.Graph[int] = nx.empty_graph(len(here))
    across, down = np.triu(shared, k=1).nonzero()
    graph.add_weighted_edges_from(zip(across.tolist(), down.tolist(), shared[across, down].tolist(), strict=True))
    return graph


def _cluster(
    ledger: Ledger, number: int, codes: tuple[str, ...], hubs: Mapping[str, frozenset[str]], here: Sequence[str]
) -> Community:
    inside, rest = frozenset(codes), len(here) - len(codes)
    marks = []
    for id, bound in hubs.items():
        within = len(bound & inside)
        without = len(bound) - within
        lead = within / len(codes) - (without / rest if rest else 0.0)
        if lead >= MIN_LEAD and by_id(ledger).get(id):
            marks.append((-lead, id, within, without))
    told = tuple(_mark(ledger, id, a, b, len(codes), rest) for _, id, a, b in sorted(marks)[:MARKS])
    return Community(number, codes, told, _sentence(number, codes, told))


def _mark(ledger: Ledger, id: str, inside: int, outside: int, size: int, rest: int) -> DistinguishingFeature:
    node = by_id(ledger)[id]
    figures = {"inside": inside, "size": size, "name": node.short, "rest": rest, "outside": outside}
    if node.kind is NodeKind.BODY:
        words = message("{inside} of its {size} belong to {name}; of the other {rest}, {outside}", **figures)
    else:
        words = message("{inside} of its {size} are party to {name}; of the other {rest}, {outside}", **figures)
    return DistinguishingFeature(id, inside, outside, words)


def _sentence(number: int, codes: Sequence[str], marks: Sequence[DistinguishingFeature]) -> TranslatableText:
    size = plural("Group {number}: {n} participant", "Group {number}: {n} participants", len(codes), number=number)
    if not marks:
        return message("{group}; no single distinguishing treaty or body.", group=size)
    for mark in marks:
        size = message("{first}. {second}", first=size, second=mark.words)
    return message("{sentences}.", sentences=size)


def _certainty(modularity: float, groups: int) -> TranslatableText:
    """How much the groups mean: from 0.3 on is commonly held to show a structure (Newman and Girvan 2004)."""
    if groups < 2:
        return message("There is only one group.")
    clear = next(words for least, words in _CLARITY if modularity >= least)
    rounded = f"{modularity:.2f}"
    return message("Modularity {number}: {clear}", number=rounded, clear=clear)


_CLARITY = (
    (0.5, message("strong; the groups share far more within than with each other.")),
    (0.3, message("clear; most of what is shared is shared within the groups.")),
    (0.1, message("weak; the groups shade into each other, and other divisions would be nearly as good.")),
    (-1.0, message("very weak; the groups hardly differ from a division by chance.")),
)
