"""What each view of the network answers: its data, and the rows and columns of its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, ClassVar, Generic, TypeVar, cast, overload

from flask import current_app
from pydantic import Field

from tracker.errors import NotFound
from tracker.graph.diff import EdgeChangeKind, EdgeChangeReason
from tracker.graph.growth import GrowthKind, growth_marks
from tracker.graph.model import Edge, EdgeKind, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.law.ledger import Ledger, memoized_recent
from tracker.law.model import ActionKind
from tracker.schemas.formats import by_key, columns_of
from tracker.schemas.network import (
    ConsentProfiles,
    InstrumentBackbone,
    Likeness,
    NetworkDifference,
    NodeSurroundings,
    TieChange,
    TieRow,
    TieSummary,
    backbone_answer,
    difference_answer,
    ego_answer,
    profiles_answer,
)
from tracker.schemas.values import AnyDay, Id, Named, Number, TreatyAction, answer_model
from tracker.web.context import EXTENSION, LedgerCache, RequestContext
from tracker.web.network.params import NetworkParams
from tracker.web.responses import PageAnswer

T = TypeVar("T")
R = TypeVar("R")


class Rows(Sequence[R], Generic[T, R]):
    """What `made` says of each of `found`, in their order."""

    def __init__(self, found: Sequence[T], made: Callable[[T], R]) -> None:
        self._found, self._made = found, made

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> R: ...

    @overload
    def __getitem__(self, place: slice) -> list[R]: ...

    def __getitem__(self, place: int | slice) -> R | list[R]:
        if isinstance(place, slice):
            return [self._made(each) for each in self._found[place]]
        return self._made(self._found[place])


@answer_model
class ProfileLine:
    """A profile as a row of a table; `members` are their names."""

    number: Number
    size: Number
    instruments: list[Id]
    missing: list[Id]
    members: list[str]
    id: str
    who: list[Named]

    COLUMNS: ClassVar[tuple[str, ...]] = ("number", "size", "instruments", "missing", "members")


@answer_model
class GrowthRow:
    """One act on a treaty as a row of a table; `act` is None where it may only have been done."""

    from_: Annotated[str, Field(alias="from")]
    from_name: str
    to: str
    kind: GrowthKind
    act: ActionKind | None
    date: AnyDay | None


@answer_model
class LikenessRow(Likeness):
    """Two instruments that are alike, as a row of a table."""

    from_: Annotated[str, Field(alias="from")]
    from_name: str
    to: str
    to_name: str
    source: str
    target: str

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "from", "from_name", "to", "to_name", "likeness", "shared", "total", "words",
    )  # fmt: skip


@answer_model
class TieChangeRow:
    """A change of a tie as a row of a table; `acts` are in words."""

    turn: EdgeChangeKind
    from_: Annotated[str, Field(alias="from")]
    from_name: str
    to: str
    to_name: str
    before: EdgeKind | None
    after: EdgeKind | None
    words: str
    acts: list[str]
    change: EdgeChangeReason
    source: str
    source_name: str
    target: str
    target_name: str
    before_words: str | None
    after_words: str | None
    done: list[TreatyAction]

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "turn", "from", "from_name", "to", "to_name", "before", "after", "words", "acts", "change",
    )  # fmt: skip


profiles_of = memoized_recent(16)(profiles_answer)
ego_of = memoized_recent(16)(ego_answer)
backbone_of = memoized_recent(16)(backbone_answer)


def answer(asked: RequestContext, wanted: NetworkParams) -> PageAnswer:
    """The answer of the view that is wanted."""
    return ANSWERS[wanted.view](asked, wanted)


def ring(asked: RequestContext, wanted: NetworkParams) -> PageAnswer:
    """The ties that are missing, or all that are there, as chosen."""
    rows = Rows(wanted.of(asked.ledger), lambda tie: _tie(asked.ledger, tie))
    return PageAnswer(f"network-{wanted.view}", {"view": wanted.view, "ties": rows}, rows, columns_of(TieRow))


def ego(asked: RequestContext, wanted: NetworkParams) -> PageAnswer:
    """One node and all its ties, then those that it misses; nothing where the day does not have it."""
    data = ego_shown(asked.ledger, wanted)
    found = [*data.ties, *data.missing] if data else []
    rows = [_named_tie(asked.ledger, each) for each in found if not wanted.standing or each.kind in wanted.standing]
    return PageAnswer("network-ego", {"view": "ego", **(by_key(data) if data else {})}, rows, columns_of(TieRow))


def growth(asked: RequestContext, wanted: NetworkParams) -> PageAnswer:
    """The acts by which the participants stand where they do on one treaty, the earliest first, the undated last."""
    treaty, names = treaty_shown(asked.ledger, wanted), asked.ledger.participants
    marks = [
        each
        for each in growth_marks(asked.ledger, treaty)
        if wanted.shows(id := node_id(NodeKind.PARTICIPANT, each.participant))
        and (wanted.focus in ("", id) or not wanted.focus.startswith(NodeKind.PARTICIPANT))
    ]
    marks.sort(key=lambda each: (each.on is None, each.on and each.on.first, names[each.participant].name))
    rows = [
        GrowthRow(
            from_=each.participant,
            from_name=names[each.participant].name,
            to=treaty,
            kind=each.kind,
            act=each.act,
            date=each.on,
        )
        for each in marks
    ]
    return PageAnswer("network-growth", {"view": "growth", "treaty": treaty, "acts": rows}, rows, columns_of(GrowthRow))


def treaty_shown(ledger: Ledger, wanted: NetworkParams) -> str:
    """The treaty whose growth is shown: the one chosen, or the first of the record."""
    return next(iter(wanted.instruments or ledger.instruments), "")


def profiles(asked: RequestContext, wanted: NetworkParams) -> PageAnswer:
    """The participants by the exact set of instruments that they have consented to, largest set first."""
    data = profiles_shown(asked.ledger, wanted)
    rows = [
        ProfileLine(
            number=each.number,
            size=each.size,
            instruments=each.instruments,
            missing=each.missing,
            members=[who.name for who in each.members],
            id=each.id,
            who=each.members,
        )
        for each in data.profiles
    ]
    return PageAnswer("network-profiles", {"view": "profiles", **by_key(data)}, rows, columns_of(ProfileLine))


def backbone(asked: RequestContext, wanted: NetworkParams) -> PageAnswer:
    """The instruments, each tied to the two with which it shares most of its parties."""
    data = backbone_shown(asked.ledger, wanted)
    names = {each.id: each.name for each in data.instruments}
    rows = [
        LikenessRow(
            **vars(each),
            from_=each.one,
            from_name=names[_hub(each.one)],
            to=each.other,
            to_name=names[_hub(each.other)],
            source=_hub(each.one),
            target=_hub(each.other),
        )
        for each in data.ties
        if wanted.focus in ("", _hub(each.one), _hub(each.other))
    ]
    return PageAnswer("network-backbone", {"view": "backbone", **by_key(data)}, rows, columns_of(LikenessRow))


def changes(asked: RequestContext, wanted: NetworkParams) -> PageAnswer:
    """The ties gained, lost and changed from the first day to the page's own, each with the acts that made it."""
    found = [each for each in turns(asked, wanted) if wanted.focus in ("", each.source, each.target)]
    data = {"view": "changes", **by_key(difference(asked, wanted))}
    return PageAnswer("network-changes", data, Rows(found, _turn), columns_of(TieChangeRow))


def turns(asked: RequestContext, wanted: NetworkParams) -> list[TieChange]:
    """The turns of ties from the first day to the page's own, as chosen; whatever is focused."""
    data = difference(asked, wanted)
    return [
        each
        for each in (*data.gained, *data.lost, *data.changed)
        if wanted.change in ("", each.change) and wanted.among(each.source, each.target)
    ]


def regions_of(asked: RequestContext, wanted: NetworkParams) -> Mapping[str, str]:
    """The region of each node of either of the two days, by id."""
    return {id: node.region for ledger in (before(asked, wanted), asked.ledger) for id, node in by_id(ledger).items()}


ANSWERS: Mapping[str, Callable[[RequestContext, NetworkParams], PageAnswer]] = {
    "gaps": ring, "ties": ring, "ego": ego, "profiles": profiles, "backbone": backbone, "changes": changes,
    "growth": growth,
    "spindle": ring, "clocks": ring,
}  # fmt: skip


def ego_asked(ledger: Ledger, wanted: NetworkParams) -> str:
    """The id of the node in focus, or of the first instrument where none is."""
    return wanted.focus or next((id for id, node in by_id(ledger).items() if node.kind is NodeKind.INSTRUMENT), "")


def ego_shown(ledger: Ledger, wanted: NetworkParams) -> NodeSurroundings | None:
    """The answer about one node; None where the day does not have it."""
    try:
        return ego_of(ledger, ego_asked(ledger, wanted), wanted.ends(ledger))
    except NotFound:
        return None


def profiles_shown(ledger: Ledger, wanted: NetworkParams) -> ConsentProfiles:
    """The patterns of those asked for."""
    return profiles_of(ledger, wanted.compared or None, wanted.codes)


def backbone_shown(ledger: Ledger, wanted: NetworkParams) -> InstrumentBackbone:
    """The treaties asked for, as alike as those asked for make them."""
    return backbone_of(ledger, wanted.codes, wanted.instruments)


def before(asked: RequestContext, wanted: NetworkParams) -> Ledger:
    """The ledger of the day that the page's own is compared with."""
    shelf = cast(LedgerCache, current_app.extensions[EXTENSION])
    return shelf.view(wanted.first or asked.day, asked.known_at)[1]


def today_of(asked: RequestContext) -> Ledger:
    """The ledger of today, known as at the page's moment: places follow from it whatever date is shown."""
    shelf = cast(LedgerCache, current_app.extensions[EXTENSION])
    return shelf.view(asked.today, asked.known_at)[1]


def difference(asked: RequestContext, wanted: NetworkParams) -> NetworkDifference:
    """What differs from the first day to the page's own."""
    return _difference(asked.ledger, before(asked, wanted))


@memoized_recent(4)
def _difference(after: Ledger, first: Ledger) -> NetworkDifference:
    return difference_answer(first, after)


def _hub(id: str) -> str:
    return node_id(NodeKind.INSTRUMENT, id)


def _tie(ledger: Ledger, tie: Edge) -> TieRow:
    return _row(ledger, tie.source, tie.target, tie.kind, tie.words, tie.since)


def _named_tie(ledger: Ledger, tie: TieSummary) -> TieRow:
    return _row(ledger, tie.source, tie.target, tie.kind, tie.words, tie.since)


def _row(ledger: Ledger, one: str, other: str, kind: EdgeKind, words: str, since: AnyDay | None) -> TieRow:
    source, target = by_id(ledger)[one], by_id(ledger)[other]
    return TieRow(
        from_=source.code,
        from_name=source.name,
        from_kind=source.kind,
        tie=kind,
        words=words,
        to=target.code,
        to_name=target.short,
        to_kind=target.kind,
        since=since,
    )


def _turn(turn: TieChange) -> TieChangeRow:
    told = [f"{act.date or 'date not known'} {act.words}" for act in turn.acts]
    return TieChangeRow(
        **{**vars(turn), "acts": told},
        from_=turn.source,
        from_name=turn.source_name,
        to=turn.target,
        to_name=turn.target_name,
        done=turn.acts,
    )
