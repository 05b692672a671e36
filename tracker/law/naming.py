"""What people call the things of a record: participants, instruments and bodies in a sentence.

Only names live here; which sentence they stand in is the business of the modules that say it.
"""

from __future__ import annotations

from tracker.law.ledger import Ledger
from tracker.law.populations import Names


def name_of(ledger: Ledger, code: str) -> str:
    """The participant's name, or its code where the record does not describe it."""
    participant = ledger.participants.get(code)
    return participant.name if participant else code


def title_of(ledger: Ledger, instrument: str) -> str:
    """The instrument's usual name, or its id where the record does not describe it."""
    found = ledger.instruments.get(instrument)
    return found.name if found else instrument


def names_in(ledger: Ledger) -> Names:
    """How a sentence calls what a clause names by id: `France`, `UNTOC`, `the Council of Europe`.

    Ids that the record does not describe stay as they are.
    """

    def name(id: str) -> str:
        if id in ledger.participants:
            return name_of(ledger, id)
        body = ledger.bodies.get(id)
        found = body.name if body else title_of(ledger, id)
        return f"the {found}" if " " in found and not found.lower().startswith("the ") else found

    return name
