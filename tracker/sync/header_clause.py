"""The final clause that a status file quotes, held against the file's own table and official date.

It is confirmed where everything in it was understood and the date computed from the table is the official one. Where
the file only names the article and the date, thresholds and periods that fit are found as candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.law.clause_reader import ClauseCandidate, ClauseReading, article_in, clause_candidates, read_clause
from tracker.law.clause_text import Surroundings
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Action, Instrument, InstrumentKind
from tracker.sync.cell_text import Unreadable, dates_in
from tracker.sync.participant_names import Names
from tracker.sync.status_table import StatusFile

READ_AND_CONFIRMED = "read from the depositary's text, confirmed by the date"
_DATE_FIRST = re.compile(r"(?:definitively on )?(\d{1,2}\s+[A-Z][a-z]+\s+\d{4})\b")


class ReadingOutcome(StrEnum):
    """How a clause that was read stands to the official date of the same file."""

    NONE_QUOTED = "none quoted"
    NOT_UNDERSTOOD = "not understood"
    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    NO_DATE = "no date"
    NOT_COMPUTED = "not computed"


@dataclass(frozen=True, slots=True)
class HeaderClause:
    """What a file says of its clause: the reading (None where it quotes none), the two dates, and what else may fit.

    `article` is the one that the header names, with or without a quotation.
    """

    article: str = ""
    reading: ClauseReading | None = None
    official: date | None = None
    computed: date | None = None
    candidates: tuple[ClauseCandidate, ...] = ()

    @property
    def outcome(self) -> ReadingOutcome:
        """How far the reading may be relied upon."""
        if self.reading is None:
            return ReadingOutcome.NONE_QUOTED
        if not self.reading.whole:
            return ReadingOutcome.NOT_UNDERSTOOD
        if self.official is None:
            return ReadingOutcome.NO_DATE
        if self.computed is None:
            return ReadingOutcome.NOT_COMPUTED
        return ReadingOutcome.CONFIRMED if self.computed == self.official else ReadingOutcome.DIFFERS

    @property
    def confirmed(self) -> bool:
        """Was everything understood, and is the computed date the official one?"""
        return self.outcome is ReadingOutcome.CONFIRMED


def official_date(file: StatusFile) -> PartialDate | None:
    """The day with which the depositary's entry on the entry into force begins; None where it begins otherwise."""
    found = _DATE_FIRST.match(file.entry_into_force.strip())
    try:
        return dates_in(found[1])[0].date if found else None
    except Unreadable:
        return None


def header_clause(ledger: Ledger, terms: Instrument, file: StatusFile) -> HeaderClause:
    """What the file says of the clause of the instrument, which need not be in the ledger yet."""
    stated = official_date(file)
    found = HeaderClause(
        article_in(file.entry_into_force), read_clause(file.entry_into_force, _surroundings(ledger, terms)),
        stated.exact if stated else None,
    )  # fmt: skip
    if found.reading is None or not found.reading.whole:
        return replace(found, candidates=_candidates(ledger, file, found.official))
    return replace(found, computed=_computed_day(ledger, with_reading(terms, found.reading), file))


def with_reading(terms: Instrument, reading: ClauseReading) -> Instrument:
    """The instrument with the clause that was read in the place of its own."""
    columns = reading.columns
    return replace(
        terms, threshold=reading.clause.threshold, delay=columns["delay"], party_delay=columns["party_delay"],
        conditions=columns["conditions"], article=columns["article"] or terms.article,
    )  # fmt: skip


def _surroundings(ledger: Ledger, terms: Instrument) -> Surroundings:
    bodies = {each.name.casefold(): each.id for each in ledger.bodies.values()}
    return Surroundings(terms.parent, amends=terms.kind is InstrumentKind.AMENDMENT, bodies=bodies)


def _computed_day(ledger: Ledger, terms: Instrument, file: StatusFile) -> date | None:
    """The date of entry into force from the file's own table; None where it cannot be told."""
    acts = tuple(_acts(ledger, terms.id, file))
    there = ledger.with_instrument(terms).with_acts_of(terms.id, acts, lambda: acts)
    entry = entry_into_force(there.as_of(file.retrieved_at.date()), terms.id)
    return entry.date if entry.basis == "computed" else None


def _acts(ledger: Ledger, id: str, file: StatusFile) -> Iterator[Action]:
    """The acts of the table whose participants are known."""
    names = Names(ledger.participants.values())
    for each in file.sightings:
        if code := names.resolve(each.name):
            yield Action(instrument=id, participant=code, kind=each.kind, date=each.date, source=file.reference)


def _candidates(ledger: Ledger, file: StatusFile, official: date | None) -> tuple[ClauseCandidate, ...]:
    """What fits the first consents of the States in the table, and the date."""
    if official is None:
        return ()
    names = Names(ledger.participants.values())
    first: dict[str, date] = {}
    for each in file.sightings:
        who = ledger.participants.get(names.resolve(each.name) or "")
        if each.kind.consents and each.date.exact and not (who and who.is_organization):
            first[each.name] = min(each.date.exact, first.get(each.name, each.date.exact))
    return clause_candidates(list(first.values()), official)
