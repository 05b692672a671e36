"""When a clause lets a party leave: no withdrawal before a time has passed, or only in windows that come round.

One check, beside those of `checks`: a withdrawal notified when the clause allowed none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.law.checks import Finding
from tracker.law.clauses import Clause, Window
from tracker.law.dates import in_words
from tracker.law.deposits import consents
from tracker.law.force import entry_into_force
from tracker.law.grammar import clause_of
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind
from tracker.law.naming import name_of


def withdrawal_out_of_time(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A withdrawal notified before its clause allows one, or outside the window that it gives."""
    for instrument in ledger.instruments.values():
        clause, entry = clause_of(instrument), entry_into_force(ledger, instrument.id)
        if entry.date is None or not (clause.no_withdrawal_before or clause.withdrawal_window):
            continue
        for spell in (spell for spells in consents(ledger, instrument.id).values() for spell in spells):
            act = spell.ended_by
            if act is None or act.kind is not ActionKind.WITHDRAWAL or act.day is None:
                continue
            if why := _why_not(clause, entry.date, act.day):
                text = f"{name_of(ledger, act.participant)}: withdrawal from {instrument.name} on {in_words(act.day)}"
                yield Finding(
                    "withdrawal-out-of-time", f"{text}, {why}.", instrument.id, (act.participant,), (act,), act.source
                )


def _why_not(clause: Clause, in_force: date, day: date) -> str:
    """Why no withdrawal could be notified on that day; empty where it could."""
    if clause.no_withdrawal_before and day < (first := clause.no_withdrawal_before.after(in_force)):
        return f"which its clause allows from {in_words(first)} only"
    if clause.withdrawal_window and not _open(clause.withdrawal_window, in_force, day):
        return "outside the times at which its clause allows one"
    return ""


def _open(window: Window, in_force: date, day: date) -> bool:
    """Is the window open on that day? It opens whenever another of its periods in force has passed."""
    opens = window.every.after(in_force)
    while opens <= day:
        if day < window.lasting.after(opens):
            return True
        opens = window.every.after(opens)
    return False
