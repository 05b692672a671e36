"""The answer to when to deposit, and when a denunciation would take effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.law.deadlines import DepositDeadline, WithdrawalOutlook, deposit_deadline, withdrawal_outlook
from tracker.law.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The last day to deposit so as to be bound by a day, and the effect of a denunciation notified on a day."""

    instrument: str
    name: str
    as_of: date
    deposit: DepositDeadline | None
    withdrawal: WithdrawalOutlook


def deadlines_answer(ledger: Ledger, instrument: str, bound_by: date | None, notified: date | None = None) -> Deadlines:
    """An instrument's deadlines; a denunciation is supposed on the ledger's day where no other is given.

    NotFound for an unknown instrument, BadQuestion for a day too far back to count from.
    """
    terms = ledger.instrument(instrument)
    return Deadlines(
        instrument=terms.id,
        name=terms.name,
        as_of=ledger.horizon,
        deposit=deposit_deadline(ledger, terms.id, bound_by) if bound_by else None,
        withdrawal=withdrawal_outlook(ledger, terms.id, notified or ledger.horizon),
    )
