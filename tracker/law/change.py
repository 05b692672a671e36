"""A change between two ledgers: its kind, its sentence and its stable key. What changes is found in `changes`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.messages import message


class ChangeKind(StrEnum):
    """What sort of change it is. The first four are of single actions, the next six of one participant's status."""

    ACT_RECORDED = "act-recorded"
    ACT_RETRACTED = "act-retracted"
    ACT_CORRECTED = "act-corrected"
    ACT_DONE = "act-done"
    SIGNED = "became-signatory"
    APPLIED = "applies-provisionally"
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
    RESERVATION_MADE = "reservation-made"
    DECLARATION_MADE = "declaration-made"
    NOTIFICATION_MADE = "notification-made"
    OBJECTION_MADE = "objection-made"
    STATEMENT_MADE = "statement-made"
    STATEMENT_WITHDRAWN = "statement-withdrawn"
    STATEMENT_CORRECTED = "statement-corrected"
    STATEMENT_RETRACTED = "statement-retracted"
    FINDING_OPENED = "finding-opened"
    FINDING_CLOSED = "finding-closed"

    @property
    def counts(self) -> bool:
        """Are its `before` and `after` numbers?"""
        return self in (ChangeKind.SIGNATORIES, ChangeKind.PARTIES, ChangeKind.COUNTED)

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    ChangeKind.ACT_RECORDED: message("action added"),
    ChangeKind.ACT_RETRACTED: message("action removed"),
    ChangeKind.ACT_CORRECTED: message("action corrected"),
    ChangeKind.ACT_DONE: message("action"),
    ChangeKind.SIGNED: message("now a signatory"),
    ChangeKind.APPLIED: message("now applied provisionally"),
    ChangeKind.CONSENTED: message("now a contracting State"),
    ChangeKind.BOUND: message("now a party"),
    ChangeKind.WITHDREW: message("no longer a party"),
    ChangeKind.STANDING_ENDED: message("status ended"),
    ChangeKind.SIGNATORIES: message("number of signatories"),
    ChangeKind.PARTIES: message("number of parties"),
    ChangeKind.COUNTED: message("deposits towards the threshold"),
    ChangeKind.THRESHOLD_REACHED: message("threshold met"),
    ChangeKind.THRESHOLD_UNDONE: message("threshold no longer met"),
    ChangeKind.DATE_FIXED: message("date of entry into force set"),
    ChangeKind.DATE_MOVED: message("date of entry into force changed"),
    ChangeKind.DATE_UNFIXED: message("date of entry into force removed"),
    ChangeKind.ENTERED_INTO_FORCE: message("entry into force"),
    ChangeKind.TERMINATED: message("termination"),
    ChangeKind.LISTED: message("added to a list"),
    ChangeKind.DELISTED: message("removed from a list"),
    ChangeKind.REASSESSED: message("assessment changed"),
    ChangeKind.ROUND_BEGUN: message("evaluation round began"),
    ChangeKind.ROUND_ENDED: message("evaluation round ended"),
    ChangeKind.RESERVATION_MADE: message("reservation"),
    ChangeKind.DECLARATION_MADE: message("declaration"),
    ChangeKind.NOTIFICATION_MADE: message("notification"),
    ChangeKind.OBJECTION_MADE: message("objection"),
    ChangeKind.STATEMENT_MADE: message("other statement"),
    ChangeKind.STATEMENT_WITHDRAWN: message("statement withdrawn"),
    ChangeKind.STATEMENT_CORRECTED: message("statement corrected"),
    ChangeKind.STATEMENT_RETRACTED: message("statement removed"),
    ChangeKind.FINDING_OPENED: message("data note added"),
    ChangeKind.FINDING_CLOSED: message("data note closed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two ledgers.

    `day` is the day in legal time since which it is so, None where there is none (a finding, a
    retraction) or the record lacks it. `before` and `after` are the two states in words or numbers, empty
    for none. `about` tells apart changes that agree in all else (two sources of one act). `article` lists what a
    statement names.
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
    article: str = ""

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
