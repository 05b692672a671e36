"""The shortest paths between two nodes, the rarest first, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import islice, pairwise

from tracker.errors import BadQuestion
from tracker.graph.edges import edges, edges_between
from tracker.graph.membership_sets import members_by_node
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id, node_of
from tracker.law.ledger import Ledger, memoized_recent
from tracker.messages import TranslatableText, message, plural

Web = Mapping[str, tuple[str, ...]]
USUAL_EDGES = (EdgeKind.PARTY, EdgeKind.CONTRACTING_PARTY, EdgeKind.MEMBER)


@dataclass(frozen=True, slots=True)
class PathBetween:
    """One way: its nodes from one end to the other, the tie of each step, how many its middle ties, and a sentence.

    `rarity` is the number of nodes that the nodes in between tie together: the fewer, the more it says.
    """

    nodes: tuple[Node, ...]
    ties: tuple[Edge, ...]
    rarity: int
    words: str


@dataclass(frozen=True, slots=True)
class ShortestPaths:
    """The shortest ways between two nodes. `length` is their number of ties, None where there is no way.

    `number` is how many shortest ways there are, `first_steps` over how many different nodes they begin, `routes`
    the first of them, the rarest first.
    """

    one: Node
    other: Node
    kinds: tuple[EdgeKind, ...]
    length: int | None
    number: int
    first_steps: int
    routes: tuple[PathBetween, ...]
    words: str


def shortest_paths(
    ledger: Ledger, one: str, other: str, kinds: Collection[EdgeKind] = USUAL_EDGES, most: int = 10
) -> ShortestPaths:
    """The shortest ways from one node to another (ids or codes) over ties of these kinds, in whichever direction.

    At most `most` are told in full, the rarest first, then by the ids on the way. NotFound for a node the day does
    not have; BadQuestion for no kind, and for kinds of absence.
    """
    wanted = tuple(kind for kind in EdgeKind if kind in kinds)
    if not wanted or any(kind.is_absence for kind in wanted):
        raise BadQuestion("Name the kinds of link that may be followed: " + ", ".join(_FOLLOWED) + ".")
    start, end = node_of(ledger, one), node_of(ledger, other)
    web = _web(ledger, wanted)
    ahead = _distances(web, end.id)
    if start.id not in ahead:
        words = message("No path between {one} and {other} over these links.", one=start.short, other=end.short)
        return ShortestPaths(start, end, wanted, None, 0, 0, (), words)
    numbers = _numbers(web, ahead, start.id, end.id)
    routes = tuple(_route(ledger, web, wanted, ids) for ids in islice(_rarest_first(web, ahead, start.id), most))
    first_steps = sum(ahead.get(each) == ahead[start.id] - 1 for each in web.get(start.id, ()))
    found = ShortestPaths(start, end, wanted, ahead[start.id], numbers[start.id], first_steps, routes, "")
    return replace(found, words=_summary(found))


_FOLLOWED = tuple(kind.value for kind in EdgeKind if not kind.is_absence)


# -- the ways ----------------------------------------------------------------------------------------


@memoized_recent(16)
def _web(ledger: Ledger, kinds: tuple[EdgeKind, ...]) -> Web:
    """What each node is tied to by these kinds, by id. The usual kinds are read from sets, others from the ties."""
    if set(kinds) == set(USUAL_EDGES):
        pairs = (
            (node_id(NodeKind.PARTICIPANT, code), hub)
            for hub, codes in members_by_node(ledger).items()
            for code in codes
        )
    else:
        pairs = ((tie.source, tie.target) for tie in edges(ledger) if tie.kind in kinds)
    found: dict[str, set[str]] = {}
    for source, target in pairs:
        found.setdefault(source, set()).add(target)
        found.setdefault(target, set()).add(source)
    return {id: tuple(sorted(others)) for id, others in found.items()}


def _distances(web: Web, end: str) -> dict[str, int]:
    """How many ties each node that can be reached is from the end."""
    found, edge = {end: 0}, [end]
    while edge:
        further = {each: found[id] + 1 for id in edge for each in web.get(id, ()) if each not in found}
        found |= further
        edge = list(further)
    return found


def _onwards(web: Web, ahead: Mapping[str, int], id: str) -> Iterator[str]:
    """The nodes one step nearer to the end."""
    yield from (each for each in web.get(id, ()) if ahead[each] == ahead[id] - 1)


def _numbers(web: Web, ahead: Mapping[str, int], start: str, end: str) -> dict[str, int]:
    """How many shortest ways lead from each node on the way to the end."""
    inside = sorted((id for id in ahead if ahead[id] <= ahead[start]), key=ahead.__getitem__)
    numbers = {end: 1}
    for id in inside[1:]:
        numbers[id] = sum(numbers[each] for each in _onwards(web, ahead, id))
    return numbers


def _rarest_first(web: Web, ahead: Mapping[str, int], start: str) -> Iterator[tuple[str, ...]]:
    """The shortest ways as ids, those whose middle ties fewest together first; costs what is taken from it."""
    least: dict[str, int] = {}

    def rest(id: str) -> int:
        """The least that the nodes after this one, the end left out, can tie together."""
        if id not in least:
            steps = (0 if ahead[each] == 0 else len(web[each]) + rest(each) for each in _onwards(web, ahead, id))
            least[id] = min(steps, default=0)
        return least[id]

    heap: list[tuple[int, tuple[str, ...], int]] = [(rest(start), (start,), 0)]
    while heap:
        _, way, cost = heappop(heap)
        if ahead[way[-1]] == 0:
            yield way
        for each in _onwards(web, ahead, way[-1]):
            so_far = cost + (len(web[each]) if ahead[each] else 0)
            heappush(heap, (so_far + rest(each), (*way, each), so_far))


# -- in words ----------------------------------------------------------------------------------------


def _route(ledger: Ledger, web: Web, kinds: tuple[EdgeKind, ...], ids: Sequence[str]) -> PathBetween:
    nodes = tuple(by_id(ledger)[id] for id in ids)
    steps = []
    for one, other in pairwise(nodes):
        between = (tie for tie in edges_between(ledger, one, other) if tie.kind in kinds)
        steps.append(min(between, key=lambda tie: kinds.index(tie.kind)))
    rarity = sum(len(web[id]) for id in ids[1:-1])
    return PathBetween(nodes, tuple(steps), rarity, _sentence(nodes, steps, [len(web.get(id, ())) for id in ids]))


def _sentence(nodes: Sequence[Node], steps: Sequence[Edge], degrees: Sequence[int]) -> TranslatableText:
    if not steps:
        return message("{name} is both ends of the path.", name=nodes[0].short)
    if len(steps) == 1:
        one, other = (_end(nodes, id).short for id in (steps[0].source, steps[0].target))
        return message("{one} and {other}: {words}.", one=one, other=other, words=steps[0].words)
    if len(steps) == 2 and {nodes[0].kind, nodes[2].kind} == {NodeKind.PARTICIPANT}:
        middle, same = nodes[1], {str(_GROUPS.get(tie.kind, tie.words)) for tie in steps}
        links = plural("it links {n} participant", "it links {n} participants", degrees[1])
        if len(same) == 1 and steps[0].kind in _GROUPS:
            return message(_GROUPS[steps[0].kind], name=middle.short, links=links)
        first, second = (
            message("{name}: {words}", name=node.short, words=tie.words)
            for node, tie in ((nodes[0], steps[0]), (nodes[2], steps[1]))
        )
        return message("Through {name} ({first}; {second}); {links}.", name=middle.short, first=first, second=second,
                       links=links)  # fmt: skip
    middles = [
        message("{name} ({number})", name=node.short, number=degree)
        for node, degree in zip(nodes[1:-1], degrees[1:-1], strict=True)
    ]
    return message(
        "From {one} through {middles} to {other}; in brackets how many each links.",
        one=nodes[0].short,
        middles=middles,
        other=nodes[-1].short,
    )


_GROUPS = {
    EdgeKind.PARTY: message("Both are contracting parties to {name}; {links}."),
    EdgeKind.CONTRACTING_PARTY: message("Both are contracting parties to {name}; {links}."),
    EdgeKind.PROVISIONAL: message("Both are provisionally applying {name}; {links}."),
    EdgeKind.SIGNATORY: message("Both are signatories of {name}; {links}."),
    EdgeKind.MEMBER: message("Both are members of {name}; {links}."),
}


def _end(nodes: Sequence[Node], id: str) -> Node:
    return next(node for node in nodes if node.id == id)


def _summary(found: ShortestPaths) -> TranslatableText:
    ends = {"one": found.one.short, "other": found.other.short}
    if not found.length:
        return message("{name} is both ends of the path.", name=ends["one"])
    if found.length == 1:
        return message("{one} and {other} are linked directly.", **ends)
    whole = _linked(found, ends)
    if found.routes:
        return message("{linked} Rarest link: {words}", linked=whole, words=found.routes[0].words)
    return whole


def _linked(found: ShortestPaths, ends: Mapping[str, str]) -> TranslatableText:
    """Through how much the ends of a path of two links or more are linked."""
    if found.length != 2:
        ways = plural("{n} shortest path", "{n} shortest paths", found.number)
        return message("{one} and {other} are {length} links apart: {ways}, over {steps} first steps.", **ends,
                       length=found.length, ways=ways, steps=found.first_steps)  # fmt: skip
    if found.one.kind is not NodeKind.PARTICIPANT:
        return plural("{one} and {other} are linked through {n} other.",
                      "{one} and {other} are linked through {n} others.", found.number, **ends)  # fmt: skip
    return plural("{one} and {other} are linked through {n} treaty or body.",
                  "{one} and {other} are linked through {n} treaties and bodies.", found.number, **ends)  # fmt: skip
