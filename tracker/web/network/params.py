"""What an address of the network asks for: the view, its filters, the node in focus, and the questions put to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion
from tracker.graph.diff import EdgeChangeReason
from tracker.graph.edges import edges, missing_edges
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger
from tracker.web.context import read_day

VIEWS = {
    "gaps": "Gaps",
    "profiles": "Profiles",
    "ego": "One and its ties",
    "backbone": "Likeness",
    "changes": "Two days",
    "ties": "All ties",
}
MEASURES = {
    "degree": "Ties",
    "closeness": "Closeness",
    "betweenness": "Betweenness",
    "pagerank": "PageRank",
}
WORDS = {
    EdgeKind.PROVISIONAL_ONLY: "Applies provisionally, not consented",
    EdgeKind.SIGNED_ONLY: "Signed, not consented",
    EdgeKind.NEVER_SIGNED: "Eligible, never signed",
    EdgeKind.CONVENTION_ALONE: "Convention without this protocol",
    EdgeKind.PROTOCOL_ALONE: "Protocol without its convention",
    EdgeKind.LEFT: "Withdrawn",
    EdgeKind.PARTY: "Party",
    EdgeKind.CONTRACTING_PARTY: "Contracting party",
    EdgeKind.PROVISIONAL: "Applies provisionally",
    EdgeKind.SIGNATORY: "Signatory",
    EdgeKind.WITHDRAWN: "Withdrawn",
    EdgeKind.MEMBER: "Member of a body",
    EdgeKind.WATCHES: "Body and instrument",
    EdgeKind.ASSESSED: "Assessed by a body",
    EdgeKind.PROTOCOL_OF: "Protocol and convention",
    EdgeKind.PART_OF: "Body and its parent",
}
CHANGES = {
    EdgeChangeReason.CONSENTED: "Consented",
    EdgeChangeReason.BOUND: "Became bound",
    EdgeChangeReason.SIGNED: "Signed",
    EdgeChangeReason.WITHDREW: "Withdrew",
    EdgeChangeReason.OTHER: "Other",
}
MAX_RING_INSTRUMENTS = 40  # instruments; beyond these a ring cannot be read, and the backbone is shown first
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class NetworkParams:
    """The state that an address holds; an empty field asks for all, or for nothing to be put.

    `focus`, `one`, `other` and `like` are node ids; `compared` are the instruments that profiles are made of;
    `first` is the day that the page's own is compared with, `change` what became of a tie since. `pending` adds gaps in
    instruments not in force.
    """

    view: str = "gaps"
    instrument: str = ""
    region: str = ""
    standing: str = ""
    focus: str = ""
    pending: bool = False
    compared: tuple[str, ...] = ()
    first: date | None = None
    change: str = ""
    one: str = ""
    other: str = ""
    like: str = ""
    groups: bool = False
    central: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Does it ask for a part of the ties only?"""
        return bool(self.instrument or self.region or self.standing or self.focus)

    def of(self, ledger: Ledger) -> list[Edge]:
        """The ties asked for among the gaps or among all, in the record's order.

        A body misses nothing, so its ties stand for its gaps. Judgements are too many to stand among all ties:
        they come with a focus, or when they alone are asked for.
        """
        regions = {node.id: node.region for node in nodes(ledger)}
        of_body = self.focus.startswith(NodeKind.BODY)
        found = edges(ledger) if self.view == "ties" or of_body else missing_edges(ledger)
        return [tie for tie in found if self.wants(tie, regions)]

    def wants(self, tie: Edge, regions: Mapping[str, str]) -> bool:
        """Is that tie asked for? `regions` are the nodes', by id."""
        return (
            self.among(tie.source, tie.target, regions)
            and (self.standing in ("", tie.kind))
            and (not self.focus or self.focus in (tie.source, tie.target))
            and (tie.kind is not EdgeKind.ASSESSED or bool(self.standing) or bool(self.focus))
            and (self.pending or bool(self.instrument) or not (tie.pending and tie.kind.is_absence))
        )

    def among(self, one: str, other: str, regions: Mapping[str, str]) -> bool:
        """Do these two ends belong to the instrument and the region asked for?"""
        hub = self.instrument and node_id(NodeKind.INSTRUMENT, self.instrument)
        return (not hub or hub in (one, other)) and (
            not self.region or self.region in (regions.get(one), regions.get(other))
        )


def network_params(query: MultiDict[str, str], ledger: Ledger, usual: str = "gaps") -> NetworkParams:
    """What an address asks for, in the `usual` view where it names none.

    BadQuestion where it names something that is not there.
    """
    view = _one_of(query, "view", tuple(VIEWS)) or usual
    return NetworkParams(
        view=view,
        instrument=_one_of(query, "instrument", tuple(ledger.instruments)),
        region=_one_of(query, "region", regions(ledger)),
        standing=_one_of(query, "standing", tuple(EdgeKind)),
        focus=_profile(query) if view == "profiles" else node_meant(query, "focus", ledger),
        pending=bool(query.get("pending")),
        compared=_in_order_of_record(ledger, filter(None, query.getlist("of"))),
        first=(read_day("from", query.get("from", "")) or ledger.horizon - A_YEAR) if view == "changes" else None,
        change=_one_of(query, "change", tuple(CHANGES)),
        one=node_meant(query, "one", ledger),
        other=node_meant(query, "other", ledger),
        like=node_meant(query, "like", ledger),
        groups=bool(query.get("groups")),
        central=_one_of(query, "central", tuple(MEASURES)),
        page=_page(query),
    )


def usual_view(ledger: Ledger) -> str:
    """The view of an address that names none: the gaps, or of a large collection its backbone."""
    return "backbone" if len(ledger.instruments) > MAX_RING_INSTRUMENTS else "gaps"


def regions(ledger: Ledger) -> tuple[str, ...]:
    """The regions of the participants drawn, by name."""
    return tuple(sorted({node.region for node in nodes(ledger)} - {""}))


def kinds(view: str) -> tuple[EdgeKind, ...]:
    """The kinds of tie that a view draws, the weightiest first."""
    if view == "ego":
        return tuple(WORDS)
    return tuple(kind for kind in WORDS if kind.is_absence == (view == "gaps"))


def node_meant(query: Mapping[str, str], name: str, ledger: Ledger) -> str:
    """The id of the node meant by an id, a code or a name, whole or in part; empty for none."""
    text = query.get(name, "").strip()
    if not text:
        return ""
    if text in by_id(ledger) or _of_another_day(text, ledger):
        return text
    meant = text.casefold()
    for fits in (_is, _begins, _holds):
        if found := next((node.id for node in nodes(ledger) if fits(_names(node), meant)), ""):
            return found
    raise BadQuestion(f"{name}='{text[:40]}' is neither a participant, nor an instrument, nor a body of that day.")


def _of_another_day(id: str, ledger: Ledger) -> bool:
    """Is it the id of a node that the record holds, though perhaps not on this day?"""
    kind, _, code = id.partition(".")
    return code in {"participant": ledger.participants, "instrument": ledger.instruments, "body": ledger.bodies}.get(
        kind, ()
    )


def _in_order_of_record(ledger: Ledger, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, each once, in one order however the address names them: one question has one answer to remember."""
    places = {id: place for place, id in enumerate(ledger.instruments)}
    return tuple(sorted(dict.fromkeys(ids), key=lambda each: (places.get(each, len(places)), each)))


def _profile(query: Mapping[str, str]) -> str:
    """Among the profiles an instrument or a profile may be focused; what else the address names is not drawn there."""
    text = query.get("focus", "")
    return text if text.startswith(("profile.", f"{NodeKind.INSTRUMENT}.")) else ""


def _names(node: Node) -> tuple[str, ...]:
    return tuple(each.casefold() for each in (node.id, node.code, node.short, node.name))


def _is(names: Sequence[str], meant: str) -> bool:
    return meant in names


def _begins(names: Sequence[str], meant: str) -> bool:
    return any(name.startswith(meant) for name in names)


def _holds(names: Sequence[str], meant: str) -> bool:
    return any(meant in name for name in names)


def _one_of(query: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    value = query.get(name, "")
    if value and value not in known:
        raise BadQuestion(f"{name}='{value[:40]}' is not there to choose; choose one of: {', '.join(known)}.")
    return value


def _page(query: Mapping[str, str]) -> int:
    text = query.get("page", "") or "1"
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) == int(text)):
        raise BadQuestion(f"page='{text[:40]}' is not a page of the table: write a number from 1.")
    return int(text)
