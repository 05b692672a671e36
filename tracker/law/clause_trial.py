"""A final clause tried on a day: when a treaty would enter into force if all that could deposit did so on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tracker.law.clause_parser import clause_of
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.explanation import EntryIntoForce
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Instrument

SOURCE = "supposed"


def trial_of(ledger: Ledger, terms: Instrument, day: date) -> EntryIntoForce:
    """When the treaty of these terms would enter into force if every State of that day deposited then.

    The treaty need not be in the ledger. BadClause for terms that make no sense.
    """
    clause = clause_of(terms)
    kind = clause.acts[0] if clause.acts else ActionKind.RATIFICATION
    acts = tuple(_deposits(ledger, terms.id, kind, day))
    there = ledger.as_of(day).with_instrument(replace(terms, in_force_on=None))
    return entry_into_force(there.with_acts_of(terms.id, acts, lambda: acts), terms.id)


def _deposits(ledger: Ledger, id: str, kind: ActionKind, day: date) -> Iterator[Action]:
    for who in ledger.participants.values():
        if who.is_state and ledger.existed_on(who.code, day):
            yield Action(instrument=id, participant=who.code, kind=kind, date=PartialDate.of(day), source=SOURCE)
