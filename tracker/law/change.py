"""A change as a value: what is different between two records, since when, in a sentence, with a stable key.

The same difference always has the same key, so whoever keeps changes by key adds nothing by finding
them twice. What the differences between two ledgers are is asked of `changes`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ChangeKind(StrEnum):
    """What sort of change it is. The first four are of single acts, the next five of one participant's standing."""

    ACT_RECORDED = "act-recorded"
    ACT_RETRACTED = "act-retracted"
    ACT_CORRECTED = "act-corrected"
    ACT_DONE = "act-done"
    SIGNED = "became-signatory"
    CONSENTED = "became-contracting-party"
    BOUND = "became-party"
    WITHDREW = "withdrew"
    STANDING_ENDED = "standing-ended"
    SIGNATORIES = "signatories"
    PARTIES = "parties"
    COUNTED = "deposits-counted"
    THRESHOLD_REACHED = "threshold-reached"
    THRESHOLD_UNDONE = "threshold-undone"
    DATE_FIXED = "date-fixed"
    DATE_MOVED = "date-moved"
    DATE_UNFIXED = "date-unfixed"
    ENTERED_INTO_FORCE = "entered-into-force"
    TERMINATED = "terminated"
    LISTED = "listed"
    DELISTED = "delisted"
    REASSESSED = "reassessed"
    ROUND_BEGUN = "round-begun"
    ROUND_ENDED = "round-ended"
    FINDING_OPENED = "finding-opened"
    FINDING_CLOSED = "finding-closed"

    @property
    def counts(self) -> bool:
        """Are its `before` and `after` numbers?"""
        return self in (ChangeKind.SIGNATORIES, ChangeKind.PARTIES, ChangeKind.COUNTED)

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two ledgers.

    `day` is the day in legal time since which it is so, None where there is none (a finding, a
    retraction) or the record lacks it. `before` and `after` are the two states in words or numbers, empty
    for none. `about` tells apart changes that agree in all else (two sources of one act).
    """

    kind: ChangeKind
    words: str
    instrument: str = ""
    participant: str = ""
    body: str = ""
    scheme: str = ""
    day: date | None = None
    before: str = ""
    after: str = ""
    source: str = ""
    about: str = ""

    @property
    def key(self) -> str:
        """The same for the same difference whenever it is found: 32 hexadecimal digits."""
        day = self.day.isoformat() if self.day else ""
        what = [self.kind, self.instrument, self.participant, self.body, self.scheme]
        said = [*what, day, self.before, self.after, self.about]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

    def reaches(self, number: int) -> bool:
        """Did a count rise to that number or beyond, from below it?"""
        return self.kind.counts and int(self.before) < number <= int(self.after)

    def falls_below(self, number: int) -> bool:
        """Did a count fall below that number, from it or above?"""
        return self.kind.counts and int(self.after) < number <= int(self.before)
