"""Where everybody stands, as a map wants it: a status for each participant, and whose land was whose.

Which shapes there are, and how they are drawn, is the web's business; nothing here knows of geometry.
"""

from __future__ import annotations

from collections import Counter

from tracker.law.answers.instruments import who_answer
from tracker.law.answers.plain import Plain, iso
from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import Participant
from tracker.law.standing import Standing, Status, standing


def map_answer(ledger: Ledger, instrument: str) -> Plain:
    """Every State of the day, and everyone else with a status, towards one instrument; NotFound for an unknown one.

    `counts` has how many there are of each status; its `party` and `contracting party` together are
    what the UN prints as parties. `lands` says of a State yet to come whose land it was.
    """
    terms = ledger.instrument(instrument)
    found = [(who, standing(ledger, terms.id, who.code)) for who in _present(ledger)]
    rows = [_standing(who, where) for who, where in found if who.is_state or where.status is not Status.NONE]
    numbers = Counter(row["status"] for row in rows)
    return {
        "instrument": terms.id,
        "name": terms.name,
        "as_of": iso(ledger.day),
        "counts": {status.value: numbers[status.value] for status in Status},
        "participants": rows,
        "lands": lands(ledger),
    }


def map_of_all_answer(ledger: Ledger) -> Plain:
    """Every State of the day, and everyone else that has consented, with how many instruments it is party to.

    Consent not withdrawn makes a party here, as the UN counts them; `counts` has how many
    participants are party to each number of instruments.
    """
    found = [_consents(ledger, who) for who in _present(ledger)]
    rows = [row for row in found if row["consented"] or ledger.participants[row["participant"]].is_state]
    numbers = Counter(row["consented"] for row in rows)
    return {
        "instrument": None,
        "instruments": len(ledger.instruments),
        "as_of": iso(ledger.day),
        "counts": {str(number): numbers[number] for number in sorted(numbers)},
        "participants": rows,
        "lands": lands(ledger),
    }


def lands(ledger: Ledger) -> dict[str, str]:
    """For each State that does not exist yet on the day, the one that it was part of then, by code.

    Only a State that broke up into several tells that: one that merged into another was but a part of it.
    """
    day = ledger.horizon
    coming = [who for who in ledger.participants.values() if who.is_state and not who.existed_on(day)]
    held = {who.code: _holder(ledger, who.code) for who in coming if not who.ceased_by(day)}
    return {code: holder for code, holder in sorted(held.items()) if holder}


def _holder(ledger: Ledger, code: str) -> str:
    """The participant that broke up, sooner or later, into this one and that existed on the day; empty for none."""
    for earlier in ledger.predecessors(code):
        who = ledger.participants.get(earlier)
        if who and len(who.successors) > 1:
            return earlier if who.existed_on(ledger.horizon) else _holder(ledger, earlier)
    return ""


def _present(ledger: Ledger) -> list[Participant]:
    there = (who for who in ledger.participants.values() if who.existed_on(ledger.horizon))
    return sorted(there, key=lambda who: who.name)


def _standing(who: Participant, where: Standing) -> Plain:
    return {
        **who_answer(who),
        "status": where.status.value,
        "since": iso(where.since),
        "action": where.consent.kind.value if where.consent else None,
        "why": where.why,
    }


def _consents(ledger: Ledger, who: Participant) -> Plain:
    """How many instruments a participant is party to, and which."""
    names = [id for id in ledger.instruments if standing(ledger, id, who.code).status in CONSENTING]
    return {**who_answer(who), "consented": len(names), "instruments": names}
