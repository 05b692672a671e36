"""How one treaty grew: the act by which each participant stands where it does, with its date as the record has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.graph.membership_sets import in_force, instruments_of_day, statuses_on
from tracker.law.consents import signatures
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import consent_of, entry_into_force
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import ActionKind


class GrowthKind(StrEnum):
    """What an act did; `UNDATED` is a consent whose date the record lacks."""

    CONSENT = "consent"
    SIGNATURE = "signature"
    WITHDRAWAL = "withdrawal"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class GrowthMark:
    """One act of a participant: its kind and its date, None where the record lacks it.

    `act` is the act itself, None where it may only have been done (not `certain`).
    """

    participant: str
    kind: GrowthKind
    on: PartialDate | None = None
    act: ActionKind | None = None

    @property
    def certain(self) -> bool:
        """Has it certainly been done by the day?"""
        return self.act is not None


@memoized
def growth_marks(ledger: Ledger, treaty: str) -> tuple[GrowthMark, ...]:
    """The acts behind the statuses of the day: consents that hold, signatures without one, and withdrawals.

    A withdrawal comes after the consent that it ends. None where the treaty does not exist on the day.
    """
    if treaty not in instruments_of_day(ledger):
        return ()
    stands, signed, found = statuses_on(ledger, treaty), signatures(ledger, treaty), []
    for code in (*sorted(stands.consented), *sorted(stands.withdrawn)):
        consent = consent_of(ledger, treaty, code)
        if consent is None:
            continue
        on = consent.action.date
        found.append(GrowthMark(code, GrowthKind.CONSENT if on else GrowthKind.UNDATED, on, consent.action.kind))
        if code in stands.withdrawn:
            end = PartialDate.of(consent.ends_on) if consent.ends_on else None
            found.append(GrowthMark(code, GrowthKind.WITHDRAWAL, end, ActionKind.WITHDRAWAL))
    found += [GrowthMark(code, GrowthKind.UNDATED) for code in sorted(stands.undated)]
    for code in sorted(stands.signed | stands.provisional):
        act = signed.get(code)
        found.append(GrowthMark(code, GrowthKind.SIGNATURE, act.date if act else None, ActionKind.SIGNATURE))
    return tuple(found)


def consents_by_year(ledger: Ledger, treaty: str) -> Mapping[int, int]:
    """How many of the day's consents were given in each year, of those whose year the record has."""
    marks = growth_marks(ledger, treaty)
    return Counter(mark.on.first.year for mark in marks if mark.kind is GrowthKind.CONSENT and mark.on)


def first_year(ledger: Ledger, treaty: str) -> int:
    """The year in which the treaty was opened for signature or first acted upon, whichever is known and earlier."""
    opened = ledger.instrument(treaty).opened_on
    begun = [opened.first.year] if opened else []
    years = [mark.on.first.year for mark in growth_marks(ledger, treaty) if mark.on]
    return min((*begun, *years), default=ledger.horizon.year)


def in_force_since(ledger: Ledger, treaty: str) -> date | None:
    """The date of entry into force; None where it is not in force on the day, or that date is not known."""
    if treaty not in instruments_of_day(ledger) or not in_force(ledger, treaty):
        return None
    found = entry_into_force(ledger, treaty)
    return found.date or found.official
