"""What is still needed: pending instruments by fewest deposits remaining, and who could tip them."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.law.deposits import consents
from tracker.law.force import ForceStatus
from tracker.law.gaps import Gap, GapKind, eligible, exists, missing
from tracker.law.grammar import clause_of
from tracker.law.ledger import Ledger
from tracker.law.status import InstrumentStatus, statuses


@dataclass(frozen=True, slots=True)
class Needed:
    """A pending instrument: what it lacks, and who could bring it.

    `waiting` are its signatories that have not followed through, longest first; `could_tip` the
    codes among them whose deposit would count; `others` how many more are entitled to accede.
    """

    status: InstrumentStatus
    waiting: tuple[Gap, ...]
    could_tip: tuple[str, ...]
    others: int

    @property
    def remaining(self) -> int | None:
        """How many deposits are missing from the number required; None where the clause has no plain number."""
        return self.status.entry.threshold.remaining


def needed(ledger: Ledger) -> tuple[Needed, ...]:
    """Every adopted instrument without a day of entry into force, fewest deposits remaining first."""
    pending = (now for now in statuses(ledger) if now.entry.status is ForceStatus.PENDING and _adopted(ledger, now))
    found = (_needed(ledger, now) for now in pending)
    return tuple(sorted(found, key=lambda n: (n.remaining is None, n.remaining or 0, n.status.instrument.id)))


def waiting(ledger: Ledger, instrument: str) -> tuple[Gap, ...]:
    """The signatories that have not followed through, by days since signature, longest first."""
    signed = (gap for gap in missing(ledger, instrument) if gap.kind is GapKind.SIGNED_ONLY)
    return tuple(sorted(signed, key=lambda gap: (-(gap.days or 0), gap.participant)))


def _adopted(ledger: Ledger, now: InstrumentStatus) -> bool:
    adopted = now.instrument.adopted_on or now.instrument.opened_on
    return adopted is None or adopted.first <= ledger.horizon


def _needed(ledger: Ledger, now: InstrumentStatus) -> Needed:
    name = now.instrument.id
    gaps = waiting(ledger, name)
    organizations = clause_of(now.instrument).organizations_count
    tip = tuple(
        gap.participant for gap in gaps if organizations or not ledger.participants[gap.participant].is_organization
    )
    acted = set(consents(ledger, name)) | {gap.participant for gap in gaps}
    others = {code for code in eligible(ledger, name) if exists(ledger, code)} - acted
    return Needed(now, gaps, tip, len(others))
