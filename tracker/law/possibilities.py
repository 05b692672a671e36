"""What the record leaves open because it lacks a day: the same record with every act done as early as it can have been.

An act whose day is not known, or only to the month or the year, is an act. The ledger relies on it from the latest day
on which it can have been done; here is the other end, with what may have ended something done as late as it can have
been. What is true of both is certain; what is true of one alone may be. Counts and statuses are given by this one rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, Instrument


def range_in_words(at_least: int, at_most: int) -> str:
    """How many there are, where a day that the record lacks leaves it open: `66 to 74`; else the number alone."""
    return str(at_least) if at_most <= at_least else f"{at_least} to {at_most}"


EVER = date.min  # an act of which nothing is known may have been done on any day


@memoized
def at_the_earliest(ledger: Ledger, instrument: str) -> Ledger:
    """The ledger with each act on the instrument, whose day is open, done as early as it can have been.

    What ends something is done as late as it can have been. The ledger itself where all days are known.
    """
    terms, acts = ledger.instrument(instrument), ledger.every_act(instrument)
    if all(act.is_exact for act in acts):
        return ledger
    reading = ("at the earliest", terms.opened_on, terms.adopted_on)
    return ledger.with_acts_of(terms.id, reading, lambda: _as_early_as_possible(ledger, terms, acts))


def _as_early_as_possible(ledger: Ledger, terms: Instrument, acts: tuple[Action, ...]) -> Iterator[Action]:
    for act in acts:
        if act.is_exact:
            yield act
        elif not act.kind.ends:
            effect = act.effective_on and PartialDate.of(act.effective_on.first)
            day = PartialDate.of(earliest_day(ledger, terms, act))
            yield replace(act, date=day, effective_on=effect, known_by=None)
        elif latest := act.date or act.known_by:
            effect = act.effective_on and PartialDate.of(act.effective_on.last)
            yield replace(act, date=PartialDate.of(latest.last), effective_on=effect, known_by=None)


def earliest_day(ledger: Ledger, terms: Instrument, act: Action) -> date:
    """The earliest day on which an act can have been done.

    Nobody acts before the instrument opened or was adopted, nor before the record says that its author began.
    """
    if act.date:
        return act.date.first
    if act.not_before:
        return act.not_before.first
    opened, began = terms.opened_on or terms.adopted_on, ledger.began(ledger.continuing(act.participant))
    return max(opened.first if opened else EVER, began or EVER)
