"""Provisional application: who applies an instrument before it is bound by it, from when and until when.

Vienna Convention on the Law of Treaties, art. 25: it ends when the instrument enters into force for its author, or when
that gives notice that it does not intend to become a party.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.law.consents import acts_by_person
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind

_ENDING = (ActionKind.PROVISIONAL_APPLICATION_ENDED, ActionKind.WITHDRAWAL, ActionKind.INTENTION_NOT_TO_BE_BOUND)


@dataclass(frozen=True, slots=True)
class ProvisionalApplication:
    """A participant's latest provisional application: the act, its first day, the first day it no longer holds."""

    action: Action
    start: PartialDate | None
    ended_by: Action | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Had it certainly begun by that day, and not ended by an act of its author?"""
        begun = self.start.last if self.start else self.action.counts_from
        return begun is not None and begun <= day and (self.end is None or day < self.end)


@memoized
def provisional_applications(ledger: Ledger, instrument: str) -> Mapping[str, ProvisionalApplication]:
    """The latest provisional application of each participant that declared one, by code."""
    if not any(act.kind is ActionKind.PROVISIONAL_APPLICATION for act in ledger.acts(instrument)):
        return {}
    found: dict[str, ProvisionalApplication] = {}
    for code, acts in acts_by_person(ledger, instrument).items():
        for act in acts:
            if act.kind is ActionKind.PROVISIONAL_APPLICATION:
                found[code] = ProvisionalApplication(act, act.effective_on or act.date)
            elif act.kind in _ENDING and code in found and found[code].end is None:
                end = act.effective_on.first if act.effective_on else act.counts_from
                found[code] = replace(found[code], ended_by=act, end=end)
    return found
