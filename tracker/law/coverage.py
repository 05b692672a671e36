"""How complete the data on a treaty are, and up to which date: what the absence of an action means.

Where an unknown number of actions is missing (partial data), an action that the data lack may have been done all the
same: no State is counted as inactive because of a gap in our data. Where a known number is missing and all others are
there, the treaty is counted and compared as others are, and the number is said beside the result.

What the data leave open because a date is not known: the same data with every action as early as it can have been.

An act whose day is not known, or only to the month or the year, is an act. The ledger relies on it from the latest day
on which it can have been done; here is the other end, with what may have ended something done as late as it can have
been. What is true of both is certain; what is true of one alone may be. Counts and statuses are given by this one rule.
A consent of a named participant that is known to be missing from the data is an act whose day is open, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.law.consents import shared_acts
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized, title_of
from tracker.law.model import Action, ActionKind, Coverage, CoverageAspect, CoverageState, Instrument
from tracker.law.wording import capitalize, paragraph
from tracker.messages import message, plural

CONSENTS, SIGNATURES = CoverageAspect.CONSENTS, CoverageAspect.SIGNATURES


def coverage_of(ledger: Ledger, instrument: str, aspect: CoverageAspect) -> Coverage | None:
    """What the data say of their own completeness in one aspect; None where they say nothing."""
    return next((each for each in ledger.coverage(instrument) if each.aspect is aspect), None)


def is_partial(ledger: Ledger, instrument: str, aspect: CoverageAspect = CONSENTS) -> bool:
    """Are acts missing, and nobody knows how many? Then the lack of an act says nothing."""
    found = coverage_of(ledger, instrument, aspect)
    return found is not None and found.state is CoverageState.PARTIAL


def missing_acts(ledger: Ledger, instrument: str, aspect: CoverageAspect = CONSENTS) -> int:
    """How many acts done by the ledger's day are known to be missing where all others are on record; 0 for none."""
    found = coverage_of(ledger, instrument, aspect)
    if found is None or found.missing is None or found.state is not CoverageState.EXCEPT:
        return 0
    return found.missing if found.missing_from is None or found.missing_from.first <= ledger.horizon else 0


def missing_participants(ledger: Ledger, instrument: str, aspect: CoverageAspect = CONSENTS) -> tuple[str, ...]:
    """The codes of those whose act is known to be missing, where the data name them; none before the acts were done."""
    found = coverage_of(ledger, instrument, aspect)
    return found.missing_of if found and missing_acts(ledger, instrument, aspect) else ()


def missing_of_others(ledger: Ledger, instrument: str, aspect: CoverageAspect = CONSENTS) -> int:
    """How many acts are known to be missing that are in nobody's status: so many more there may be than are counted.

    A consent whose author the data name is an act whose day is open, and counts as that (`at_the_earliest`).
    """
    named = missing_participants(ledger, instrument) if aspect is CONSENTS else ()
    return missing_acts(ledger, instrument, aspect) - len(named)


@memoized
def partial_instruments(ledger: Ledger) -> tuple[str, ...]:
    """The instruments whose consents are known to be partial, in the order of the record.

    Totals, comparisons and similarity leave them out unless asked for them: a State that our data lack there would
    pass for one that did not join.
    """
    return tuple(id for id in ledger.instruments if is_partial(ledger, id))


def left_out(ledger: Ledger, *, partial: bool = False, named: Collection[str] = ()) -> tuple[str, ...]:
    """The instruments that a total or a comparison leaves out: those with partial data.

    None where the reader asks for them all (`partial`), and none of those that the reader has `named`.
    """
    return () if partial else tuple(id for id in partial_instruments(ledger) if id not in named)


def left_out_in_words(ledger: Ledger, ids: Collection[str]) -> str:
    """That instruments are left out and why, as a sentence; empty where none is."""
    if not ids:
        return ""
    names = [title_of(ledger, id) for id in ids]
    return message("Left out, because our data on them are incomplete: {treaties}.", treaties=names)


def shortfall_in_words(ledger: Ledger, ids: Collection[str] | None = None) -> str:
    """Which instruments (of these, or of all) are counted though a known number of consents is not in our data.

    Empty where none is.
    """
    counted = ledger.instruments if ids is None else dict.fromkeys(ids)
    lacking = [(title_of(ledger, id), number) for id in counted if (number := missing_acts(ledger, id))]
    if not lacking:
        return ""
    each = [message("{treaty} ({n})", treaty=title, n=number) for title, number in lacking]
    together = sum(number for _, number in lacking)
    return plural(
        "{n} ratification or accession is not in our data: {treaties}.",
        "{n} ratifications or accessions are not in our data: {treaties}.",
        together,
        treaties=each,
    )


def data_end(ledger: Ledger, instrument: str) -> PartialDate | None:
    """The date up to which the data on an instrument reach: that of its completeness, else of its last action in them.

    An action after the date of the completeness moves nothing: others of that time may be missing. None where there is
    neither.
    """
    if stated := coverage_of(ledger, instrument, CONSENTS):
        return stated.as_of
    return max((act.date for act in ledger.every_act(instrument) if act.date), key=lambda day: day.last, default=None)


def data_limit(ledger: Ledger, instrument: str = "") -> str:
    """That the ledger's day is later than the data on an instrument, or on some or all of them, as a sentence.

    Empty where no date shows where the data end, or where all of them reach to the day.
    """
    ids = [instrument] if instrument else ledger.instruments
    ends = sorted((end for id in ids if (end := data_end(ledger, id))), key=lambda end: end.last)
    if not ends or ends[0].last >= ledger.horizon:
        return ""
    if instrument:
        return message("Data on this treaty end on {date}; later actions may be missing.", date=ends[0])
    if ends[-1].last < ledger.horizon:
        return message(
            "Data end between {first} and {last}, by treaty; later actions may be missing.",
            first=ends[0], last=ends[-1],
        )  # fmt: skip
    return message("Data on some treaties end earlier, from {first} on; later actions may be missing.", first=ends[0])


def coverage_in_words(ledger: Ledger, instrument: str) -> str:
    """The completeness of an instrument's data in a sentence or two; empty where nothing is stated."""
    return paragraph(_sentence(each) for each in ledger.coverage(instrument))


def _sentence(coverage: Coverage) -> str:
    found: dict[str, Any] = {"aspect": _ASPECTS[coverage.aspect], "date": coverage.as_of, "number": coverage.expected}
    note = coverage.note and f"{capitalize(coverage.note).rstrip('.')}."
    return paragraph([_completeness(coverage, found), note])


def _completeness(coverage: Coverage, found: Mapping[str, Any]) -> str:
    if coverage.state is CoverageState.EXCEPT:
        return plural(
            "{aspect} complete to {date}, except for {n} that is not in our data.",
            "{aspect} complete to {date}, except for {n} that are not in our data.",
            coverage.missing or 0,
            **found,
        )
    complete = coverage.state is CoverageState.COMPLETE
    if coverage.expected is None:
        return (
            message("{aspect} complete to {date}.", **found)
            if complete
            else message("{aspect} incomplete ({date}).", **found)
        )
    if complete:
        return message("{aspect} complete to {date} ({number}).", **found)
    return message("{aspect} incomplete ({date}, {number} known).", **found)


_ASPECTS = {CONSENTS: message("Ratifications and accessions"), SIGNATURES: message("Signatures")}


def range_in_words(at_least: int, at_most: int) -> str:
    """How many there are, where a date not known leaves it open: `66 to 74`; else the number alone."""
    if at_most <= at_least:
        return str(at_least)
    return message("{least} to {most}", least=at_least, most=at_most)


def is_open_ended(ledger: Ledger, instrument: str, aspect: CoverageAspect) -> bool:
    """May more have been done by the ledger's day than any count says, since nobody knows how many acts are missing?

    Not before the instrument was opened or adopted.
    """
    terms = ledger.instrument(instrument)
    begun = terms.opened_on or terms.adopted_on
    return is_partial(ledger, terms.id, aspect) and (begun is None or begun.first <= ledger.horizon)


def count_in_words(at_least: int, at_most: int, *, open_ended: bool = False) -> str:
    """A count as pages print it: the number or the range; of one that is open-ended the least, if there is any."""
    if not open_ended:
        return range_in_words(at_least, at_most)
    return message("at least {number}", number=at_least) if at_least else message("number not known")


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
