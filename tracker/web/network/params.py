"""What an address of the network asks for: the view, its filters, the node in focus, and the questions put to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion
from tracker.graph.diff import EdgeChangeReason
from tracker.graph.edges import edges, missing_edges, status_edges
from tracker.graph.model import ELSEWHERE, Edge, EdgeKind, Node, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.graph.nodes import nodes
from tracker.law.ledger import Ledger
from tracker.messages import TranslatableText, message
from tracker.schemas.participant_filter import GROUPS_OF_STATES, ParticipantFilter, parse_filter
from tracker.schemas.values import who_answer
from tracker.web.context import asks_for_partial, read_day

VIEWS = {
    "gaps": message("Gaps"),
    "spindle": message("Links by region"),
    "growth": message("Growth"),
    "clocks": message("By treaty"),
    "profiles": message("Participation patterns"),
    "ego": message("Connections of one"),
    "backbone": message("Similarity"),
    "changes": message("Compare two dates"),
    "ties": message("All links"),
}
GAP_VIEWS = ("gaps", "clocks", "spindle")  # views of what is outstanding
CIRCLES = ("gaps", "changes", "growth", "spindle")  # views that are a circle of cells or bundles, not nodes and links
MEASURES = {
    "degree": message("Links"),
    "closeness": message("Closeness"),
    "betweenness": message("Betweenness"),
    "pagerank": message("PageRank"),
}
WORDS = {
    EdgeKind.PROVISIONAL_ONLY: message("Applies provisionally, not ratified"),
    EdgeKind.SIGNED_ONLY: message("Signed but not ratified"),
    EdgeKind.NEVER_SIGNED: message("Eligible, no action"),
    EdgeKind.CONVENTION_ALONE: message("Party to the convention but not to the protocol"),
    EdgeKind.PROTOCOL_ALONE: message("Party to a protocol but not to its convention"),
    EdgeKind.LEFT: message("Withdrawn"),
    EdgeKind.PARTY: message("Party"),
    EdgeKind.CONTRACTING_PARTY: message("Contracting State (not yet in force)"),
    EdgeKind.PROVISIONAL: message("Applies provisionally"),
    EdgeKind.SIGNATORY: message("Signatory"),
    EdgeKind.WITHDRAWN: message("Withdrawn"),
    EdgeKind.MEMBER: message("Member of a body"),
    EdgeKind.WATCHES: message("Body and treaty"),
    EdgeKind.ASSESSED: message("Assessed by a body"),
    EdgeKind.PROTOCOL_OF: message("Protocol and convention"),
    EdgeKind.PART_OF: message("Body and its parent"),
    EdgeKind.OBJECTION: message("Objection to a reservation"),
}
COUNTS = {
    "contracting party to": message("Party to"),
    "signed only": message("Signed but not ratified"),
    "missing": message("Outstanding"),
    "bound": message("In force for"),
    "instruments": message("Treaties"),
    "parties": message("Parties"),
    "signatories": message("Signatories"),
    "members": message("Members"),
}  # of the counts beside a node
STATUS_KINDS = (
    EdgeKind.PARTY, EdgeKind.CONTRACTING_PARTY, EdgeKind.PROVISIONAL, EdgeKind.SIGNATORY, EdgeKind.WITHDRAWN,
)  # fmt: skip
CHANGES = {
    EdgeChangeReason.CONSENTED: message("Consent to be bound"),
    EdgeChangeReason.BOUND: message("Entered into force"),
    EdgeChangeReason.SIGNED: message("Signature"),
    EdgeChangeReason.WITHDREW: message("Withdrawal"),
    EdgeChangeReason.OTHER: message("Other"),
}
_ABSENT = {kind for kind in EdgeKind if kind.is_absence}
MAX_RING_INSTRUMENTS = 40  # instruments; beyond these a ring cannot be read, and the backbone is shown first
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class NetworkParams:
    """The state that an address holds; an empty field asks for all, or for nothing to be put.

    `focus`, `one`, `other` and `like` are node ids; `compared` are the instruments that profiles are made of;
    `people` are the nodes of the participants that the filter shows, None for all;
    `first` is the day that the page's own is compared with, `change` what became of a tie since. `pending` adds gaps in
    instruments not in force, `partial` has instruments with partial data counted in the answers.
    """

    view: str = "gaps"
    instruments: tuple[str, ...] = ()
    people: frozenset[str] | None = None
    standing: tuple[str, ...] = ()
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
    partial: bool = False
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Does it ask for a part of the ties only?"""
        return bool(self.instruments or self.people is not None or self.standing or self.focus)

    def of(self, ledger: Ledger) -> list[Edge]:
        """The ties asked for among the gaps or among all, in the record's order.

        A body misses nothing, so its ties stand for its gaps. Judgements are too many to stand among all ties:
        they come with a focus, or when they alone are asked for.
        """
        of_body = self.focus.startswith(NodeKind.BODY)
        if self.view == "spindle":
            statuses = status_edges(ledger, ledger.instruments) if set(self.standing) - _ABSENT else ()
            found: Sequence[Edge] = (*missing_edges(ledger), *statuses)
        else:
            found = edges(ledger) if self.view == "ties" or of_body else missing_edges(ledger)
        return [tie for tie in found if self.wants(tie)]

    def wants(self, tie: Edge) -> bool:
        """Is that tie asked for?"""
        return (
            self.among(tie.source, tie.target)
            and (not self.standing or tie.kind in self.standing)
            and (not self.focus or self.focus in (tie.source, tie.target))
            and (tie.kind is not EdgeKind.ASSESSED or bool(self.standing) or bool(self.focus))
            and (self.pending or bool(self.instruments) or not (tie.pending and tie.kind.is_absence))
        )

    def among(self, one: str, other: str) -> bool:
        """Do these two ends belong to the instrument and the participants asked for?"""
        hubs = {node_id(NodeKind.INSTRUMENT, each) for each in self.instruments}
        return (not hubs or not hubs.isdisjoint((one, other))) and (self.shows(one) or self.shows(other))

    @property
    def codes(self) -> frozenset[str] | None:
        """The codes of the participants asked for; None for all."""
        return None if self.people is None else frozenset(id.partition(".")[2] for id in self.people)

    def ends(self, ledger: Ledger) -> frozenset[str] | None:
        """The ids of the nodes whose ties to one in focus are asked for; None for all."""
        if self.people is None and not self.instruments:
            return None
        hubs = {node_id(NodeKind.INSTRUMENT, each) for each in self.instruments}
        return frozenset(
            node.id
            for node in nodes(ledger)
            if (node.kind is not NodeKind.PARTICIPANT or self.shows(node.id))
            and (node.kind is not NodeKind.INSTRUMENT or not hubs or node.id in hubs)
        )

    def shows(self, id: str) -> bool:
        """Is that node one of the participants asked for?"""
        return self.people is None or id in self.people


def network_params(query: MultiDict[str, str], ledger: Ledger, usual: str = "gaps") -> NetworkParams:
    """What an address asks for, in the `usual` view where it names none.

    BadQuestion where it names something that is not there.
    """
    view = _one_of(query, "view", tuple(VIEWS)) or usual
    return NetworkParams(
        view=view,
        instruments=_several_of(query, "instrument", tuple(ledger.instruments)),
        people=_people(query, ledger),
        standing=_several_of(query, "standing", tuple(EdgeKind)),
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
        partial=asks_for_partial(query),
        page=_page(query),
    )


def counts_of(node: Node) -> dict[TranslatableText, int]:
    """The counts beside a node, by their words."""
    return {COUNTS[name]: number for name, number in node.counts.items()}


def usual_view(ledger: Ledger) -> str:
    """The view of an address that names none: the gaps, or of a large collection its backbone."""
    return "backbone" if len(ledger.instruments) > MAX_RING_INSTRUMENTS else "gaps"


def people_filter(query: MultiDict[str, str], ledger: Ledger) -> ParticipantFilter:
    """The groups, regions and bodies that an address asks for."""
    given = {name: [each for each in query.getlist(name) if each != ELSEWHERE] for name in (*GROUPS_OF_STATES, "match")}
    return parse_filter(given, ledger, GROUPS_OF_STATES)


def _people(query: MultiDict[str, str], ledger: Ledger) -> frozenset[str] | None:
    """The nodes of the participants that an address asks for; `region=No region` are those without one."""
    wanted, elsewhere = people_filter(query, ledger), ELSEWHERE in query.getlist("region")
    if not (wanted.narrows or elsewhere):
        return None
    found = [who for who in map(who_answer, ledger.participants.values())
             if (elsewhere and not who.region) or (wanted.narrows and wanted.apply([who]))]  # fmt: skip
    return frozenset(node_id(NodeKind.PARTICIPANT, who.participant) for who in found)


def kinds(view: str) -> tuple[EdgeKind, ...]:
    """The kinds of tie that a view draws, the weightiest first."""
    if view == "ego":
        return tuple(WORDS)
    if view == "spindle":
        return tuple(kind for kind in WORDS if kind.is_absence or kind in STATUS_KINDS)
    return tuple(kind for kind in WORDS if kind.is_absence == (view in ("gaps", "clocks")))


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
    raise BadQuestion(f"{name}='{text[:40]}' is neither a participant, nor a treaty, nor a body of that date.", name)


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
        raise BadQuestion(f"{name}='{value[:40]}' is not an option. Options: {', '.join(known)}.", name)
    return value


def _several_of(query: MultiDict[str, str], name: str, known: Sequence[str]) -> tuple[str, ...]:
    """The values of an address, each once, in the order of what there is to choose."""
    given = {value for value in query.getlist(name) if value}
    for value in sorted(given - set(known)):
        raise BadQuestion(f"{name}='{value[:40]}' is not an option. Options: {', '.join(known)}.")
    return tuple(value for value in known if value in given)


def _page(query: Mapping[str, str]) -> int:
    text = query.get("page", "") or "1"
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) == int(text)):
        raise BadQuestion(f"page='{text[:40]}' is not a page of the table: write a number from 1.", "page")
    return int(text)
