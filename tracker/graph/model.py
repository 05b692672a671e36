"""The nodes and edges of the network as values, their kinds, and how parts of its sentences are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.law.dates import PartialDate
from tracker.messages import message


def joined(first: str, *others: str) -> str:
    """Parts of a sentence with semicolons between them."""
    for other in others:
        first = message("{first}; {second}", first=first, second=other)
    return first


ELSEWHERE = "No region"  # where a participant without a region of its own is put
REGIONS = ("Europe", "Asia", "Oceania", "Africa", "Americas", ELSEWHERE)  # clockwise, the first on top


class NodeKind(StrEnum):
    """What a node stands for."""

    PARTICIPANT = "participant"
    INSTRUMENT = "instrument"
    BODY = "body"


class EdgeKind(StrEnum):
    """How two nodes are linked, or in which way a link is missing (`is_absence`)."""

    PARTY = "party"
    CONTRACTING_PARTY = "contracting-party"
    PROVISIONAL = "applies-provisionally"
    SIGNATORY = "signatory"
    WITHDRAWN = "withdrawn"
    PROTOCOL_OF = "protocol-of"
    MEMBER = "member"
    WATCHES = "watches"
    ASSESSED = "assessed"
    PART_OF = "part-of"
    OBJECTION = "objection"
    PROVISIONAL_ONLY = "provisional-only"
    SIGNED_ONLY = "signed-only"
    LEFT = "left"
    CONVENTION_ALONE = "convention-alone"
    PROTOCOL_ALONE = "protocol-alone"
    NEVER_SIGNED = "never-signed"

    @property
    def is_absence(self) -> bool:
        """Does it say that a tie is missing?"""
        return self in _MISSING


_MISSING = frozenset({
    EdgeKind.PROVISIONAL_ONLY, EdgeKind.SIGNED_ONLY, EdgeKind.LEFT, EdgeKind.CONVENTION_ALONE,
    EdgeKind.PROTOCOL_ALONE, EdgeKind.NEVER_SIGNED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One participant, instrument or body, with the counts that a reader wants to see beside it.

    `short` is the name as it fits beside a mark; `region` and `un_group` are a participant's, empty for others.
    """

    id: str
    kind: NodeKind
    code: str
    name: str
    short: str
    region: str = ""
    un_group: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """One tie from a node to another, or one that is missing.

    `words` says it without naming either end; `since` is the day it began, None where there is none
    or the record lacks it. `pending` marks a tie to an instrument that is not in force on the day.
    """

    source: str
    target: str
    kind: EdgeKind
    words: str
    since: date | PartialDate | None = None
    pending: bool = False


def node_id(kind: NodeKind, code: str) -> str:
    """The node's id: its kind and its code."""
    return f"{kind}.{code}"
