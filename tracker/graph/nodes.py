"""Which nodes there are on a date, and the counts beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tracker.graph.membership_sets import (
    absent_from,
    bodies_of_day,
    in_force,
    instruments_of_day,
    participants_of_day,
    statuses_on,
)
from tracker.graph.model import ELSEWHERE, Node, NodeKind, node_id
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Body, Instrument, Participant
from tracker.law.status import status
from tracker.law.wording import StateName

MAX_SHORT_NAME = 27  # letters of a short name


@memoized
def nodes(ledger: Ledger) -> tuple[Node, ...]:
    """The instruments and the bodies in the order of the record, then the participants by name."""
    counts = _counts(ledger)
    return (
        *(_instrument(ledger, each) for each in instruments_of_day(ledger).values()),
        *(_body(ledger, each) for each in bodies_of_day(ledger).values()),
        *(
            _participant(each, {name: of[each.code] for name, of in counts.items()})
            for each in participants_of_day(ledger).values()
        ),
    )


def short_of(ledger: Ledger, id: str) -> str:
    """The short name of a participant, instrument or body by its node id, whether it is there on the day or not."""
    kind, _, code = id.partition(".")
    match NodeKind(kind):
        case NodeKind.PARTICIPANT:
            return _short(ledger.participants[code].name)
        case NodeKind.INSTRUMENT:
            return ledger.instruments[code].name
        case NodeKind.BODY:
            return ledger.bodies[code].short_name


def _counts(ledger: Ledger) -> Mapping[str, Counter[str]]:
    """Of every participant: how many instruments it has consented to, signed only, and misses of those in force."""
    consented, signed, missing = Counter[str](), Counter[str](), Counter[str]()
    for each in ledger.instruments:
        where = statuses_on(ledger, each)
        consented.update(where.consented)
        signed.update(where.signed)
        if in_force(ledger, each):
            missing.update(absent_from(ledger, each))
    return {"contracting party to": consented, "signed only": signed, "missing": missing}


def _participant(who: Participant, counts: Mapping[str, int]) -> Node:
    kind, region = NodeKind.PARTICIPANT, who.region or ELSEWHERE
    return Node(node_id(kind, who.code), kind, who.code, who.name, _short(who.name), region, who.un_group, counts)


def _short(name: str) -> str:
    """The name in few letters; other languages have the State's own name for it."""
    short = _shortened(name)
    return StateName(short, name.iso2) if isinstance(name, StateName) else short


def _shortened(name: str) -> str:
    """The name without what stands in brackets, abbreviated and cut where it would still be too long."""
    short = name.partition(" (")[0]
    if len(short) <= MAX_SHORT_NAME:
        return short
    for word, abbreviated in (("Democratic", "Dem."), ("Republic", "Rep."), ("Saint", "St")):
        short = short.replace(word, abbreviated)
    return short if len(short) <= MAX_SHORT_NAME else short.partition(" of ")[0].partition(" and ")[0]


def _instrument(ledger: Ledger, terms: Instrument) -> Node:
    kind, now = NodeKind.INSTRUMENT, status(ledger, terms.id)
    counts = {"parties": now.parties, "bound": now.bound, "signatories": now.signatories}
    return Node(node_id(kind, terms.id), kind, terms.id, terms.title, terms.name, counts=counts)


def _body(ledger: Ledger, body: Body) -> Node:
    kind, watched = NodeKind.BODY, {m.instrument for m in ledger.mandates if m.body == body.id}
    counts = {"members": len(ledger.members(body.id)), "instruments": len(watched)}
    return Node(node_id(kind, body.id), kind, body.id, body.name, body.short_name, counts=counts)
