"""Checks of the data against what is published: entry into force, parties' own dates, counts, stated completeness.

A difference that our own gaps explain is a gap in our data and contradicts nobody: a count that is higher than ours
where acts are known to be missing or our data end before its date, a computed date that is later where deposits are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tracker.law.bindings import bindings
from tracker.law.coverage import coverage_of, is_partial, missing_acts, missing_of_others, range_in_words
from tracker.law.dates import when
from tracker.law.entry_into_force import entry_into_force
from tracker.law.findings import ASPECTS, Finding, FindingGroup, finding_of, note_about
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import CoverageAspect, CoverageState, PublishedCount
from tracker.law.status import status
from tracker.law.wording import paragraph
from tracker.messages import TranslatableText, message


def entry_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """The entry into force computed from the deposits is not the one the depositary states."""
    for instrument in ledger.instruments.values():
        entry = entry_into_force(ledger, instrument.id)
        if entry.basis == "computed" and entry.official and entry.official != entry.date:
            if ledger.day and entry.official > ledger.day and entry.date is None:
                continue  # on this day the depositary could not yet have said so
            text = message(
                "{instrument}: computed {date}; depositary {official}.",
                instrument=instrument.name, date=entry.date or message("no date yet"), official=entry.official,
            )  # fmt: skip
            later = entry.date is None or entry.date > entry.official
            found = note_about("entry-into-force-differs", instrument, text, instrument.source)
            yield _as_gap(found, DEPOSITS_MISSING) if later and is_partial(ledger, instrument.id) else found


def own_date_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A participant's own entry into force, as stated, is not what the clause gives."""
    for instrument in ledger.instruments.values():
        for binding in (each for theirs in bindings(ledger, instrument.id).values() for each in theirs):
            act = binding.consent.action
            if binding.stated and binding.computed and binding.computed != binding.since:
                text = message(
                    "{state}, {instrument}: computed {date}; depositary {stated}.",
                    state=name_of(ledger, act.participant), instrument=instrument.name,
                    date=binding.computed, stated=binding.since,
                )  # fmt: skip
                yield finding_of("own-date-differs", [act], text)


# -- counts --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountDifference:
    """A published figure that our data do not give; `explanation` is the gap in them that explains it, if one does."""

    text: TranslatableText
    explanation: TranslatableText | None


def count_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A published count that differs from the data on its date."""
    for instrument in ledger.instruments.values():
        for count in ledger.counts(instrument.id):
            found = _differences(ledger, instrument.id, count)
            for explained in (True, False):
                if parts := [each for each in found if bool(each.explanation) is explained]:
                    text = message(
                        "{instrument} on {date}: {differences}.",
                        instrument=instrument.name, date=count.on.exact, differences=[each.text for each in parts],
                    )  # fmt: skip
                    note = note_about("published-count-differs", instrument, text, count.source)
                    yield _as_gap(note, *filter(None, (each.explanation for each in parts))) if explained else note


def _differences(ledger: Ledger, instrument: str, count: PublishedCount) -> list[CountDifference]:
    """Each published figure that is neither what the data give nor, where a date is not known, what they may give.

    One that acts explain which are known to be missing is a difference all the same: a gap in our data.
    """
    if count.on.exact is None:
        return []
    then = ledger.as_of(count.on.exact)
    now = status(then, instrument)
    figures = (
        (
            CoverageAspect.SIGNATURES, message("signatories"), count.signatories, now.signatories,
            now.signatories_at_most,
        ),
        (CoverageAspect.CONSENTS, message("parties"), count.parties, now.parties, now.parties_at_most),
    )  # fmt: skip
    found = []
    for aspect, what, printed, least, most in figures:
        held = most - missing_of_others(then, instrument, aspect)
        if printed is not None and not least <= printed <= held:
            text = message(
                "{what} published {printed}, our data {ours}",
                what=what, printed=printed, ours=range_in_words(least, most),
            )  # fmt: skip
            fewer = printed - held
            explained = _explanation(ledger, instrument, aspect, count.on.exact, fewer) if fewer > 0 else None
            found.append(CountDifference(text, explained))
    return found


def _explanation(
    ledger: Ledger, instrument: str, aspect: CoverageAspect, day: date, fewer: int
) -> TranslatableText | None:
    """Why our data may have so many fewer on that day than there were; None where they claim to have all."""
    coverage = coverage_of(ledger, instrument, aspect)
    if coverage is None:
        return None
    missing = missing_acts(ledger.as_of(day), instrument, aspect)
    if coverage.state is CoverageState.PARTIAL or fewer <= missing:
        return message("Our data on the {aspect} are incomplete.", aspect=ASPECTS[aspect])
    if coverage.as_of.last < day:
        return message("Our data on the {aspect} end on {date}.", aspect=ASPECTS[aspect], date=coverage.as_of)
    return None


DEPOSITS_MISSING = message("Deposits are missing in our data.")


def _as_gap(finding: Finding, *explanations: TranslatableText) -> Finding:
    """The finding as a gap in our data, with what explains it, each explanation once."""
    text = paragraph([finding.text, *dict.fromkeys(explanations)])
    return replace(finding, text=text, group=FindingGroup.GAP)


# -- completeness --------------------------------------------------------------------------------------


def coverage_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """Data stated as complete on a date on which they do not have the number expected."""
    for instrument in ledger.instruments.values():
        for each in ledger.coverage(instrument.id):
            if (
                each.state is not CoverageState.COMPLETE
                or each.expected is None
                or each.as_of.last > min(ledger.horizon, today)
            ):
                continue
            then = status(ledger.as_of(each.as_of.last), instrument.id)
            counted = {
                CoverageAspect.SIGNATURES: (then.signatories, then.signatories_at_most),
                CoverageAspect.CONSENTS: (then.parties, then.parties_at_most),
            }[each.aspect]
            if not counted[0] <= each.expected <= counted[1]:
                text = message(
                    "{instrument} ({aspect}): stated as complete {when} with {number}; our data {ours}.",
                    instrument=instrument.name, aspect=ASPECTS[each.aspect], when=when(each.as_of),
                    number=each.expected, ours=range_in_words(*counted),
                )  # fmt: skip
                yield note_about("coverage-differs", instrument, text, each.source)
