"""Which ties of the network an address asks for: `?view=`, `?instrument=`, `?region=`, `?standing=`, `?focus=` ...

The table of the network page chooses here; the script in `static/network-state.js` chooses
by the same rules what it draws. What the ties are is `tracker.law.network`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.errors import BadQuestion
from tracker.law.ledger import Ledger
from tracker.law.network import Node, NodeKind, Tie, TieKind, absences, node_id, nodes, ties

VIEWS = {"gaps": "Gaps", "ties": "All ties"}
WORDS = {
    TieKind.SIGNED_ONLY: "Signed, not consented",
    TieKind.NEVER_SIGNED: "Eligible, never signed",
    TieKind.CONVENTION_ALONE: "Convention without this protocol",
    TieKind.PROTOCOL_ALONE: "Protocol without its convention",
    TieKind.LEFT: "Withdrawn",
    TieKind.PARTY: "Party",
    TieKind.CONTRACTING_PARTY: "Contracting party",
    TieKind.SIGNATORY: "Signatory",
    TieKind.WITHDRAWN: "Withdrawn",
    TieKind.MEMBER: "Member of a body",
    TieKind.WATCHES: "Body and instrument",
    TieKind.ASSESSED: "Assessed by a body",
    TieKind.PROTOCOL_OF: "Protocol and convention",
    TieKind.PART_OF: "Body and its parent",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The ties asked for; an empty field asks for all. `pending` adds gaps in instruments not in force.

    Judgements are too many to stand among all ties: they come with a focus, or when they alone are asked for.
    """

    view: str = "gaps"
    instrument: str = ""
    region: str = ""
    standing: str = ""
    focus: str = ""
    pending: bool = False

    def of(self, ledger: Ledger) -> list[Tie]:
        """The ties asked for, in the record's order. A body misses nothing, so its ties stand for its gaps."""
        regions = {node.id: node.region for node in nodes(ledger)}
        of_body = self.focus.startswith(NodeKind.BODY)
        found = absences(ledger) if self.view == "gaps" and not of_body else ties(ledger)
        return [tie for tie in found if self._wants(tie, regions)]

    def _wants(self, tie: Tie, regions: Mapping[str, str]) -> bool:
        ends, hub = (tie.source, tie.target), self.instrument and node_id(NodeKind.INSTRUMENT, self.instrument)
        return (
            (not hub or hub in ends)
            and (not self.region or self.region in (regions[tie.source], regions[tie.target]))
            and (self.standing in ("", tie.kind))
            and (not self.focus or self.focus in ends)
            and (tie.kind is not TieKind.ASSESSED or bool(self.standing) or bool(self.focus))
            and (self.pending or bool(hub) or not (tie.pending and tie.kind.is_absence))
        )


def wanted_of(query: Mapping[str, str], ledger: Ledger) -> Wanted:
    """What an address asks for; BadQuestion where it names something that is not there."""
    return Wanted(
        view=_one_of(query, "view", tuple(VIEWS)) or "gaps",
        instrument=_one_of(query, "instrument", tuple(ledger.instruments)),
        region=_one_of(query, "region", regions(ledger)),
        standing=_one_of(query, "standing", tuple(TieKind)),
        focus=_focus(query.get("focus", ""), ledger),
        pending=bool(query.get("pending")),
    )


def regions(ledger: Ledger) -> tuple[str, ...]:
    """The regions of the participants drawn, by name."""
    return tuple(sorted({node.region for node in nodes(ledger)} - {""}))


def kinds(view: str) -> tuple[TieKind, ...]:
    """The kinds of tie that a view draws, the weightiest first."""
    return tuple(kind for kind in WORDS if kind.is_absence == (view == "gaps"))


def _focus(text: str, ledger: Ledger) -> str:
    """The id of the node meant by an id, a code or a name, whole or in part; empty for none."""
    if not text:
        return ""
    meant = text.strip().casefold()
    for fits in (_is, _begins, _holds):
        if found := next((node.id for node in nodes(ledger) if fits(_names(node), meant)), ""):
            return found
    raise BadQuestion(f"focus='{text[:40]}' is neither a participant, nor an instrument, nor a body of that day.")


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
