"""The answer to when to deposit, and when a denunciation would take effect."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from tracker.law.deadlines import DepositDeadline, WithdrawalOutlook, deposit_deadline, withdrawal_outlook
from tracker.law.ledger import Ledger
from tracker.schemas.values import answer_model


@answer_model
class Deadlines:
    """The last day to deposit so as to be bound by a day, and the effect of a denunciation notified on a day."""

    instrument: str
    name: str
    as_of: date
    deposit: DepositDeadline | None
    withdrawal: WithdrawalOutlook

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "name", "deposit.bound_by", "deposit.last_day", "deposit.binds_on", "deposit.why",
        "withdrawal.notified", "withdrawal.earliest_notice", "withdrawal.window_closes", "withdrawal.effect",
        "withdrawal.obligations_until", "withdrawal.why",
    )  # fmt: skip
    BRIEF_COLUMNS: ClassVar[tuple[str, ...]] = (
        "instrument", "deposit.bound_by", "deposit.last_day", "deposit.binds_on", "withdrawal.notified",
        "withdrawal.earliest_notice", "withdrawal.window_closes", "withdrawal.effect", "withdrawal.obligations_until",
    )  # fmt: skip


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
