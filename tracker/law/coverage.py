"""How complete the record is of an instrument, and up to which day: what its silence means.

Where the record is known to be partial, an act that it does not have may have been done all the same: nobody is absent
for want of our data.
"""

from __future__ import annotations

from tracker.law.dates import PartialDate, in_words
from tracker.law.ledger import Ledger
from tracker.law.model import Coverage, CoverageAspect, CoverageState

CONSENTS, SIGNATURES = CoverageAspect.CONSENTS, CoverageAspect.SIGNATURES


def coverage_of(ledger: Ledger, instrument: str, aspect: CoverageAspect) -> Coverage | None:
    """What the record says of its own completeness in one aspect; None where it says nothing."""
    return next((each for each in ledger.coverage(instrument) if each.aspect is aspect), None)


def is_partial(ledger: Ledger, instrument: str, aspect: CoverageAspect = CONSENTS) -> bool:
    """Are acts known to be missing? Then the lack of an act says nothing."""
    found = coverage_of(ledger, instrument, aspect)
    return found is not None and found.state is CoverageState.PARTIAL


def data_end(ledger: Ledger, instrument: str) -> PartialDate | None:
    """The day up to which the data on an instrument reach: of its completeness, or of its last act on record.

    None where there is neither.
    """
    stated = [each.as_of for each in ledger.coverage(instrument) if each.aspect is CONSENTS]
    acts = [act.date for act in ledger.every_act(instrument) if act.date]
    return max([*stated, *acts], key=lambda day: day.last, default=None)


def coverage_in_words(ledger: Ledger, instrument: str) -> str:
    """The completeness of an instrument's data in a sentence or two; empty where the record says nothing of it."""
    return " ".join(_sentence(each) for each in ledger.coverage(instrument))


def _sentence(coverage: Coverage) -> str:
    what, day = coverage.aspect.value.capitalize(), in_words(coverage.as_of)
    number = f" ({coverage.expected})" if coverage.expected is not None else ""
    note = f": {coverage.note}" if coverage.note else ""
    if coverage.state is CoverageState.COMPLETE:
        return f"{what} complete to {day}{number}{note}."
    known = f", {coverage.expected} known" if coverage.expected is not None else ""
    return f"{what} incomplete ({day}{known}){note}."
