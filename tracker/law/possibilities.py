"""What the data leave open because a date is not known: the same data with every action as early as it can have been.

An act whose day is not known, or only to the month or the year, is an act. The ledger relies on it from the latest day
on which it can have been done; here is the other end, with what may have ended something done as late as it can have
been. What is true of both is certain; what is true of one alone may be. Counts and statuses are given by this one rule.
A consent of a named participant that is known to be missing from the data is an act whose day is open, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tracker.law.coverage import CONSENTS, coverage_of, missing_participants
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.shared_acts import shared_acts
from tracker.messages import message


def range_in_words(at_least: int, at_most: int) -> str:
    """How many there are, where a date not known leaves it open: `66 to 74`; else the number alone."""
    if at_most <= at_least:
        return str(at_least)
    return message("{least} to {most}", least=at_least, most=at_most)


EVER = date.min  # an act of which nothing is known may have been done on any day


@memoized
def at_the_earliest(ledger: Ledger, instrument: str) -> Ledger:
    """The ledger with each act on the instrument, whose day is open, done as early as it can have been.

    What ends something is done as late as it can have been. The ledger itself where all days are known.
    """
    terms, shared = ledger.instrument(instrument), shared_acts(ledger, instrument)
    missing = tuple(_missing_consents(ledger, terms.id))
    if shared and shared[0].all_exact and not missing:
        return ledger
    acts = (*ledger.every_act(terms.id), *missing)
    if all(act.is_exact for act in acts):
        return ledger
    reading = ("at the earliest", terms.opened_on, terms.adopted_on, *((a.participant, a.not_before) for a in missing))
    return ledger.with_acts_of(terms.id, reading, lambda: _as_early_as_possible(ledger, terms, acts))


def _missing_consents(ledger: Ledger, instrument: str) -> Iterator[Action]:
    """The consents that the data lack and whose authors they name, as acts whose day is not known."""
    found = coverage_of(ledger, instrument, CONSENTS)
    for code in missing_participants(ledger, instrument):
        assert found is not None
        yield Action(
            kind=ActionKind.ACCESSION, participant=code, instrument=found.instrument, not_before=found.missing_from,
            source=found.source, doubt=found.note,
        )  # fmt: skip


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

    No action comes before the opening or the adoption of the instrument, nor before its author began to exist.
    """
    if act.date:
        return act.date.first
    if act.not_before:
        return act.not_before.first
    opened, began = terms.opened_on or terms.adopted_on, ledger.began(ledger.continuing(act.participant))
    return max(opened.first if opened else EVER, began or EVER)
