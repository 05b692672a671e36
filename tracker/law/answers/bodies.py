"""Bodies as plain data: who is a member, which instruments a body watches, and which members are missing there."""

from __future__ import annotations

from tracker.law.answers.plain import Plain, iso
from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import Body, Mandate, Membership
from tracker.law.standing import Standing, standing
from tracker.law.working import name_of, title_of


def body_answer(ledger: Ledger, body: str) -> Plain:
    """Everything about a body on the ledger's day; NotFound for an unknown one."""
    found = ledger.body(body)
    held = body_rows(ledger, found.id)
    return {
        **_described(ledger, found),
        "as_of": iso(ledger.day),
        "members": [each for each in held if each["current"]],
        "other_members": [each for each in held if not each["current"]],
        "mandates": [_mandate(ledger, m) for m in ledger.mandates if m.body == found.id],
    }


def body_rows(ledger: Ledger, body: str) -> list[Plain]:
    """One row for each membership of a body, past and present, by name."""
    held = [_membership(ledger, each) for each in ledger.memberships(ledger.body(body).id)]
    return sorted(held, key=lambda each: (each["name"], each["role"], each["from"] or ""))


def bodies_answer(ledger: Ledger) -> list[Plain]:
    """One row for each body: its place, its members today, the instruments it watches."""
    return [
        {
            **_described(ledger, each),
            "members": len(ledger.members(each.id)),
            "instruments": sorted({m.instrument for m in ledger.mandates if m.body == each.id}),
        }
        for each in sorted(ledger.bodies.values(), key=lambda body: body.name)
    ]


def _described(ledger: Ledger, body: Body) -> Plain:
    parent = ledger.bodies.get(body.parent)
    return {
        "body": body.id,
        "name": body.name,
        "acronym": body.acronym,
        "short_name": body.short_name,
        "kind": body.kind,
        "parent": body.parent or None,
        "parent_name": parent.name if parent else None,
        "children": [{"body": each.id, "name": each.name} for each in ledger.bodies.values() if each.parent == body.id],
        "established_on": iso(body.established_on),
        "dissolved_on": iso(body.dissolved_on),
        "url": body.url,
        "note": body.note,
        "source": body.source,
        "doubt": body.doubt,
    }


def _membership(ledger: Ledger, held: Membership) -> Plain:
    who = ledger.participants.get(held.participant)
    return {
        "participant": held.participant,
        "name": name_of(ledger, held.participant),
        "region": who.region if who else "",
        "role": held.role,
        "from": iso(held.start),
        "to": iso(held.end),
        "current": held.holds_on(ledger.horizon),
        "note": held.note,
        "source": held.source,
        "doubt": held.doubt,
    }


def _mandate(ledger: Ledger, mandate: Mandate) -> Plain:
    known = sorted(code for code in ledger.members(mandate.body) if code in ledger.participants)
    here = [standing(ledger, mandate.instrument, code) for code in known] if mandate.instrument in ledger.instruments else []
    return {
        "instrument": mandate.instrument,
        "instrument_name": title_of(ledger, mandate.instrument),
        "relation": mandate.relation,
        "basis": mandate.basis,
        "source": mandate.source,
        "doubt": mandate.doubt,
        "members": len(here),
        "consented": sum(each.status in CONSENTING for each in here),
        "not_party": _not_party(ledger, here),
    }


def _not_party(ledger: Ledger, standings: list[Standing]) -> list[Plain]:
    absent = [
        {
            "participant": each.participant,
            "name": name_of(ledger, each.participant),
            "status": each.status.value,
            "undated": any(act.kind.consents for act in each.undated),
        }
        for each in standings
        if each.status not in CONSENTING
    ]
    return sorted(absent, key=lambda each: str(each["name"]))
