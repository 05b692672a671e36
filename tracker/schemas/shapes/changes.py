"""Types of answers about the network, the change log, the change feed and the contents."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from tracker.graph.model import EdgeKind, NodeKind
from tracker.law.changes import ChangeKind
from tracker.schemas.shapes.common import Code, Day, Id, Moment, Number, PartDay, UriReference


class NetworkNode(TypedDict):
    """A participant, instrument or body of the network."""

    id: str
    kind: NodeKind
    code: str
    name: str
    short: str
    region: str
    un_group: str
    counts: dict[str, Number]


NetworkEdge = TypedDict(
    "NetworkEdge",
    {
        "from": str, "from_name": str, "from_kind": NodeKind, "tie": EdgeKind, "words": str, "to": str, "to_name": str,
        "to_kind": NodeKind, "since": PartDay | None, "absence": bool, "pending": bool,
    },
)  # fmt: skip


class Network(TypedDict):
    """The ties asked for, or the absences, and the nodes that they join."""

    view: Literal["gaps", "ties"]
    nodes: list[NetworkNode]
    ties: list[NetworkEdge]


class ChangeEntry(TypedDict):
    """A change as it was noted."""

    number: Number
    noted: Moment
    revision: Number
    kind: ChangeKind
    words: str
    instrument: Id | None
    participant: Code | None
    body: Id | None
    scheme: str | None
    day: Day | None
    before: str
    after: str
    source: str
    key: str
    url: str


class ChangeLog(TypedDict):
    """The changes noted last, newest first; `older` is the number to ask `before` for the next ones."""

    changes: list[ChangeEntry]
    older: Number | None


class FeedFact(TypedDict):
    """A fact as it came into the record or went out of it, in the columns of its file."""

    file: str
    fact: dict[str, str]


class FeedRevision(TypedDict):
    """One change of the record. First what was retracted is taken out, then what was recorded put in."""

    revision: Number
    made_at: Moment
    what: str
    retracted: list[FeedFact]
    recorded: list[FeedFact]
    complete: bool


class ChangeFeed(TypedDict):
    """What changed in the record after a revision; `until` is the last revision given here whole, and when made."""

    since: Number
    until: Number
    until_made_at: Moment | None
    current: Number
    revisions: list[FeedRevision]
    next: UriReference | None


class RevisionSummary(TypedDict):
    """One change of the record in figures."""

    revision: Number
    made_at: Moment
    what: str
    recorded: Number
    retracted: Number
