"""When not to believe a status file at once: a whole file that lost too much, or a single act that makes no sense.

An act that is held back is no less seen: it waits for an editor with the reason given here. What
happens to it then is in `held`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tracker.errors import Refused
from tracker.law.dates import in_words
from tracker.law.deposits import consents
from tracker.law.ledger import Ledger
from tracker.law.model import Action
from tracker.record import mentions
from tracker.record.comparing import Seen


@dataclass(frozen=True, slots=True)
class Caution:
    """How many of the record's acts a file may lack: so many, or that share of them, whichever is more."""

    few: int = 3
    share: float = 0.02

    def must_not_lack(self, missing: Collection[Action], held: int, reference: str) -> None:
        """Refused if the file lacks more than a few of the acts that the record has no doubt about."""
        sure = [act for act in missing if act.date and not act.doubt]
        if len(sure) > max(self.few, held * self.share):
            raise Refused(
                f"{reference}: {len(sure)} of the {held} acts in the record are not in the file; so many do not "
                "vanish. Nothing of it was recorded."
            )


def reason_to_hold(ledger: Ledger, instrument: str, seen: Seen, today: date) -> str:
    """Why the act may not be recorded without an editor; empty if it may."""
    terms, who = ledger.instrument(instrument), ledger.participant(seen.participant)
    if seen.date.first > today:
        return f"It is dated in the future, {in_words(seen.date)}."
    if terms.adopted_on and seen.date.last < terms.adopted_on.first:
        return f"It is dated before the adoption of {terms.name} on {in_words(terms.adopted_on)}."
    if who.ceased_by(seen.date.first):
        return f"{who.name} had ceased to exist by then."
    if seen.kind.consents and terms.parent and terms.parent in mentions.required_by(terms):
        return _lacks_convention(ledger, terms.parent, seen)
    return ""


def _lacks_convention(ledger: Ledger, convention: str, seen: Seen) -> str:
    spells = consents(ledger, convention).get(seen.participant, ())
    holds = any(spell.ends_on is None or spell.ends_on > seen.date.first for spell in spells)
    undated = any(act.kind.consents for act in ledger.undated(convention, seen.participant))
    if holds or undated:
        return ""
    return f"It consents to a protocol without any consent to its convention, {ledger.instrument(convention).name}."
