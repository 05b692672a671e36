"""Answers about the network: its ties, profiles, backbone, one node and what is round it, what changed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from tracker.graph.backbone import SimilarInstrument, backbone
from tracker.graph.diff import (
    EdgeChange,
    EdgeChangeKind,
    EdgeChangeReason,
    diff_networks,
    short_name_in_either,
    two_days,
)
from tracker.graph.ego import ego_network
from tracker.graph.layout import Position
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.graph.profiles import core_instruments, group_profiles, profile_places
from tracker.law.coverage import is_partial
from tracker.law.ledger import Ledger, title_of
from tracker.messages import message
from tracker.schemas.values import (
    AnyDay,
    ExactDay,
    Id,
    LeftOut,
    Named,
    Number,
    TreatyAction,
    action_answer,
    answer_model,
    left_out_answer,
    named_participants,
)


@answer_model
class NetworkNode:
    """A participant, instrument or body of the network."""

    id: str
    kind: NodeKind
    code: str
    name: str
    short: str
    region: str
    un_group: str
    counts: dict[str, Number]


@answer_model
class TieRow:
    """A tie, or an absence, as a row of a table."""

    from_: Annotated[str, Field(alias="from")]
    from_name: str
    from_kind: NodeKind
    tie: EdgeKind
    words: str
    to: str
    to_name: str
    to_kind: NodeKind
    since: AnyDay | None


@answer_model
class NetworkEdge(TieRow):
    """A link of the network, or a missing one, with the names of both ends."""

    absence: bool
    pending: bool


@answer_model
class Network:
    """The links asked for, or the missing ones, and the nodes that they join."""

    view: Literal["gaps", "ties"]
    nodes: list[NetworkNode]
    ties: list[NetworkEdge]


@answer_model
class Place:
    """Where something stands in a picture, and the angle at which its name is written."""

    x: float
    y: float
    angle: float


@answer_model
class NodeSummary:
    """A node by id, kind, code and names."""

    id: str
    kind: NodeKind
    code: str
    name: str
    short: str
    region: str | None


@answer_model
class NetworkInstrument:
    """An instrument of the network by id, name and reference."""

    instrument: Id
    name: str
    reference: str


@answer_model
class ProfileInstrument(NetworkInstrument):
    """An instrument that profiles are asked about: its place, and how many participants have consented to it."""

    place: Place
    participants: Number


@answer_model
class ConsentProfile:
    """All participants that have consented to exactly the same of the instruments asked about."""

    id: str
    number: Number
    size: Number
    instruments: list[Id]
    missing: list[Id]
    not_in_data: list[Id]
    members: list[Named]
    place: Place


@answer_model
class ConsentProfiles(LeftOut):
    """The participants by the exact set of instruments that they have consented to, largest set first."""

    as_of: ExactDay | None
    instruments: list[ProfileInstrument]
    participants: Number
    count: Number
    profiles: list[ConsentProfile]


@answer_model
class BackboneInstrument(NetworkInstrument):
    """An instrument of the backbone: its parties, its group, its place."""

    id: str
    parties: Number
    group: str
    place: Place


@answer_model
class Likeness:
    """How alike two instruments are, by the participants that are party to both."""

    one: Id
    other: Id
    likeness: float
    shared: Number
    total: Number
    words: str


@answer_model
class InstrumentBackbone:
    """The instruments, each tied to the two that are most like it."""

    as_of: ExactDay | None
    groups: list[str]
    instruments: list[BackboneInstrument]
    ties: list[Likeness]


@answer_model
class TieSummary:
    """A tie of the network by its ends, with their short names."""

    source: str
    source_name: str
    target: str
    target_name: str
    kind: EdgeKind
    words: str
    since: AnyDay | None
    pending: bool


@answer_model
class CountedNode(NodeSummary):
    """A node with the counts of its ties."""

    counts: dict[str, Number]


@answer_model
class PlacedNode(NodeSummary):
    """A node with its place."""

    place: Place


@answer_model
class Ring:
    """Nodes that stand in a circle round another."""

    words: str
    radius: float
    ids: list[str]


@answer_model
class NodeSurroundings:
    """A node with everything that is tied to it, and what is missing there."""

    as_of: ExactDay | None
    node: CountedNode
    nodes: list[PlacedNode]
    ties: list[TieSummary]
    missing: list[TieSummary]
    rings: list[Ring]


@answer_model
class TieChange:
    """A tie gained, lost or changed, with the acts that made it so."""

    turn: EdgeChangeKind
    change: EdgeChangeReason
    source: str
    source_name: str
    target: str
    target_name: str
    before: EdgeKind | None
    before_words: str | None
    after: EdgeKind | None
    after_words: str | None
    words: str
    acts: list[TreatyAction]


@answer_model
class NetworkDifference:
    """What changed in the network from one day to another."""

    from_: Annotated[ExactDay | None, Field(alias="from")]
    to: ExactDay | None
    gained: list[TieChange]
    lost: list[TieChange]
    changed: list[TieChange]
    came: list[NodeSummary]
    went: list[NodeSummary]


def profiles_answer(
    ledger: Ledger, instruments: tuple[str, ...] | None = None, people: frozenset[str] | None = None
) -> ConsentProfiles:
    """The profiles, largest first: the `instruments` asked about, what each profile has, lacks, and who shares it.

    Of everyone, or of the `people` (codes) asked about.
    """
    asked = (
        core_instruments(ledger) if instruments is None else tuple(ledger.instrument(each).id for each in instruments)
    )
    usual = core_instruments(ledger, partial=True) if instruments is None else ()
    without = [id for id in usual if id not in asked]
    found, places = group_profiles(ledger, asked, people), profile_places(ledger, asked, people)
    return ConsentProfiles(
        **vars(left_out_answer(ledger, without)),
        as_of=ledger.day,
        instruments=[
            ProfileInstrument(
                **vars(_instrument(ledger, id)),
                place=_place(places[node_id(NodeKind.INSTRUMENT, id)]),
                participants=sum(each.size for each in found if id in each.instruments),
            )
            for id in asked
        ],
        participants=sum(each.size for each in found),
        count=len(found),
        profiles=[
            ConsentProfile(
                id=each.id,
                number=each.number,
                size=each.size,
                instruments=list(each.instruments),
                missing=[id for id in asked if id not in each.instruments and not is_partial(ledger, id)],
                not_in_data=[id for id in asked if id not in each.instruments and is_partial(ledger, id)],
                members=named_participants(ledger, each.members),
                place=_place(places[each.id]),
            )
            for each in found
        ],
    )


def backbone_answer(
    ledger: Ledger, people: frozenset[str] | None = None, instruments: tuple[str, ...] = ()
) -> InstrumentBackbone:
    """Instruments with their parties, group and place, and the ties to the two most alike of each, in words.

    With `people` (codes) only these parties count, with `instruments` only these are compared.
    """
    found = backbone(ledger, people, instruments)
    return InstrumentBackbone(
        as_of=ledger.day,
        groups=list(found.groups),
        instruments=[
            BackboneInstrument(
                **vars(_instrument(ledger, each.id)),
                id=node_id(NodeKind.INSTRUMENT, each.id),
                parties=each.parties,
                group=each.group,
                place=_place(found.places[node_id(NodeKind.INSTRUMENT, each.id)]),
            )
            for each in found.hubs
        ],
        ties=[_likeness(ledger, each) for each in found.ties],
    )


def ego_answer(ledger: Ledger, node: str, ends: frozenset[str] | None = None) -> NodeSurroundings:
    """A node, what is tied to it, its ties and its missing ties, the rings round it and the places of all.

    With `ends` (ids) only the ties to these nodes.
    """
    found = ego_network(ledger, node, ends)
    return NodeSurroundings(
        as_of=ledger.day,
        node=CountedNode(**vars(node_answer(found.node)), counts=dict(found.node.counts)),
        nodes=[PlacedNode(**vars(node_answer(each)), place=_place(found.places[each.id])) for each in found.others],
        ties=[tie_answer(ledger, each) for each in found.ties],
        missing=[tie_answer(ledger, each) for each in found.missing],
        rings=[Ring(words=each.words, radius=each.radius, ids=list(each.ids)) for each in found.rings],
    )


def between_days_answer(ledger: Ledger, first: date, second: date) -> NetworkDifference:
    """Ties gained, lost and changed between two days, with the acts that made them, and nodes that came and went."""
    return difference_answer(*two_days(ledger, first, second))


def difference_answer(before: Ledger, after: Ledger) -> NetworkDifference:
    """The same of any two ledgers, such as one day as known at two moments."""
    found = diff_networks(before, after)
    turns = [_turn(before, after, each) for each in found.turns]
    return NetworkDifference(
        from_=found.first,
        to=found.second,
        gained=[each for each in turns if each.turn is EdgeChangeKind.GAINED],
        lost=[each for each in turns if each.turn is EdgeChangeKind.LOST],
        changed=[each for each in turns if each.turn is EdgeChangeKind.CHANGED],
        came=[node_answer(each) for each in found.came],
        went=[node_answer(each) for each in found.went],
    )


def node_answer(node: Node) -> NodeSummary:
    """A node by id, kind, code and names."""
    return NodeSummary(
        id=node.id, kind=node.kind, code=node.code, name=node.name, short=node.short, region=node.region or None
    )


# -- the parts -------------------------------------------------------------------------------------


def _place(place: Position) -> Place:
    return Place(x=round(place.x, 1), y=round(place.y, 1), angle=round(place.angle, 3))


def _instrument(ledger: Ledger, id: str) -> NetworkInstrument:
    return NetworkInstrument(instrument=id, name=title_of(ledger, id), reference=ledger.instruments[id].reference)


def _likeness(ledger: Ledger, pair: SimilarInstrument) -> Likeness:
    one, other = title_of(ledger, pair.one), title_of(ledger, pair.other)
    return Likeness(
        one=pair.one,
        other=pair.other,
        likeness=round(pair.likeness, 4),
        shared=pair.shared,
        total=pair.total,
        words=message(
            "{one} and {other} share {shared} of the {total} that are party to either.",
            one=one,
            other=other,
            shared=pair.shared,
            total=pair.total,
        ),
    )


def tie_answer(ledger: Ledger, tie: Edge) -> TieSummary:
    """A tie by its ends."""
    nodes = by_id(ledger)
    return TieSummary(
        source=tie.source,
        source_name=nodes[tie.source].short,
        target=tie.target,
        target_name=nodes[tie.target].short,
        kind=tie.kind,
        words=tie.words,
        since=tie.since,
        pending=tie.pending,
    )


def _turn(before: Ledger, after: Ledger, turn: EdgeChange) -> TieChange:
    source, target = (short_name_in_either(before, after, id) for id in (turn.source, turn.target))
    return TieChange(
        turn=turn.turn,
        change=turn.change,
        source=turn.source,
        source_name=source,
        target=turn.target,
        target_name=target,
        before=turn.before.kind if turn.before else None,
        before_words=turn.before.words if turn.before else None,
        after=turn.after.kind if turn.after else None,
        after_words=turn.after.words if turn.after else None,
        words=turn.words,
        acts=[action_answer(after, act) for act in turn.acts],
    )
