"""Which nodes there are on a day, and the counts that stand beside them.

Former States appear only on days on which they existed, territories and organizations only once they
have acted, instruments from their adoption, bodies while they live and are tied to something: to an
instrument, a member, or somebody whom they judge.
"""

from __future__ import annotations

from datetime import date

from tracker.law.assessments import schemes
from tracker.law.force import ForceStatus, entry_into_force
from tracker.law.gaps import CONSENTING, exists, gaps_of
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Body, Instrument, Participant
from tracker.law.network.parts import ELSEWHERE, Node, NodeKind, node_id
from tracker.law.standing import Status, standing
from tracker.law.status import status

LONGEST_SHORT = 27  # letters of a short name


@remembered
def nodes(ledger: Ledger) -> tuple[Node, ...]:
    """The instruments and the bodies in the order of the record, then the participants by name."""
    people = sorted((p for p in ledger.participants.values() if _drawn(ledger, p)), key=lambda p: p.name)
    tied = _tied_bodies(ledger)
    return (
        *(_instrument(ledger, each) for each in ledger.instruments.values() if _adopted(each, ledger.horizon)),
        *(_body(ledger, each) for each in ledger.bodies.values() if each.id in tied),
        *(_participant(ledger, each) for each in people),
    )


def in_force(ledger: Ledger, instrument: str) -> bool:
    """Is the instrument in force on the ledger's day?"""
    return entry_into_force(ledger, instrument).status is ForceStatus.IN_FORCE


def _drawn(ledger: Ledger, who: Participant) -> bool:
    return exists(ledger, who.code) and (who.is_state or bool(ledger.acts_by(who.code)))


def _adopted(terms: Instrument, day: date) -> bool:
    """Was there anything to sign by that day, as far as the record knows?"""
    begun = terms.adopted_on or terms.opened_on
    return begun is None or begun.first <= day


def _participant(ledger: Ledger, who: Participant) -> Node:
    stands = [standing(ledger, each, who.code).status for each in ledger.instruments]
    counts = {
        "contracting party to": sum(each in CONSENTING for each in stands),
        "signed only": sum(each is Status.SIGNATORY for each in stands),
        "missing": len({gap.instrument for gap in gaps_of(ledger, who.code) if in_force(ledger, gap.instrument)}),
    }
    kind, region = NodeKind.PARTICIPANT, who.region or ELSEWHERE
    return Node(node_id(kind, who.code), kind, who.code, who.name, _short(who.name), region, who.un_group, counts)


def _short(name: str) -> str:
    """The name without what stands in brackets, abbreviated and cut where it would still be too long."""
    short = name.partition(" (")[0]
    if len(short) <= LONGEST_SHORT:
        return short
    for word, abbreviated in (("Democratic", "Dem."), ("Republic", "Rep."), ("Saint", "St")):
        short = short.replace(word, abbreviated)
    return short if len(short) <= LONGEST_SHORT else short.partition(" of ")[0].partition(" and ")[0]


def _instrument(ledger: Ledger, terms: Instrument) -> Node:
    kind, now = NodeKind.INSTRUMENT, status(ledger, terms.id)
    counts = {"parties": now.parties, "bound": now.bound, "signatories": now.signatories}
    return Node(node_id(kind, terms.id), kind, terms.id, terms.title, terms.name, counts=counts)


def _body(ledger: Ledger, body: Body) -> Node:
    kind, watched = NodeKind.BODY, {m.instrument for m in ledger.mandates if m.body == body.id}
    counts = {"members": len(ledger.members(body.id)), "instruments": len(watched)}
    return Node(node_id(kind, body.id), kind, body.id, body.name, body.short_name, counts=counts)


def _tied_bodies(ledger: Ledger) -> frozenset[str]:
    """The bodies that exist on the day and have an instrument, a member or somebody on a list of theirs."""
    busy = {m.body for m in ledger.mandates} | {each for each in ledger.bodies if ledger.members(each)}
    busy |= {scheme.body for scheme in schemes(ledger) if scheme.size}
    return frozenset(each for each in busy if each in ledger.bodies and _lives(ledger.bodies[each], ledger.horizon))


def _lives(body: Body, day: date) -> bool:
    begun = body.established_on is None or body.established_on.first <= day
    return begun and (body.dissolved_on is None or day < body.dissolved_on.last)
