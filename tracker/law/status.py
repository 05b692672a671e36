"""The status of an instrument on a day, as one answer: counts and entry into force together.

This is what the depositary's status line says, and what commands, pages and API print; the three
counts that must never be confused are named here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.law.binding import bound
from tracker.law.deposits import parties, signatories, signatures
from tracker.law.force import EntryIntoForce, entry_into_force
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Instrument


@dataclass(frozen=True, slots=True)
class InstrumentStatus:
    """An instrument's counts and entry into force on a day (`as_of`, None for the whole record).

    `parties` is what the UN Treaty Collection prints (consented and not withdrawn, organizations
    included), `bound` those for which the instrument is in force, `entry.threshold.counted` the
    deposits that count towards the threshold. `undated` is how many have consented, `signed_undated` how
    many have signed, on a day that the record lacks: they are on no count.
    """

    instrument: Instrument
    as_of: date | None
    signatories: int
    parties: int
    bound: int
    undated: int
    signed_undated: int
    entry: EntryIntoForce


@remembered
def status(ledger: Ledger, instrument: str) -> InstrumentStatus:
    """The instrument's status on the ledger's day; NotFound for an unknown one."""
    terms = ledger.instrument(instrument)
    return InstrumentStatus(
        instrument=terms,
        as_of=ledger.day,
        signatories=len(signatories(ledger, terms.id)),
        parties=len(parties(ledger, terms.id)),
        bound=len(bound(ledger, terms.id)),
        undated=len({act.participant for act in ledger.undated(terms.id) if act.kind.consents}),
        signed_undated=len(_signed_undated(ledger, terms.id)),
        entry=entry_into_force(ledger, terms.id),
    )


def _signed_undated(ledger: Ledger, instrument: str) -> set[str]:
    signed = {act.participant for act in ledger.undated(instrument) if act.kind.signs}
    return signed - set(signatures(ledger, instrument))


def statuses(ledger: Ledger) -> tuple[InstrumentStatus, ...]:
    """The status of every instrument, in the order of the record."""
    return tuple(status(ledger, instrument) for instrument in ledger.instruments)
