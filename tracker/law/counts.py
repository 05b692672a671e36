"""How many have signed and how many have consented on each date: the counts that the UN prints, through time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from tracker.law.consents import signatures
from tracker.law.coverage import CONSENTS, SIGNATURES, at_the_earliest, coverage_of, missing_of_others
from tracker.law.entry_into_force import consents, consents_by_date
from tracker.law.ledger import Ledger, memoized
from tracker.messages import TranslatableText, message


@dataclass(frozen=True, slots=True)
class CountSpan:
    """Days from `first` to `last`, both included; `last` None for as long as the data go."""

    first: date
    last: date | None

    @property
    def words(self) -> TranslatableText:
        """The span as people say it."""
        if self.last is None:
            return message("since {date}", date=self.first)
        if self.first == self.last:
            return message("on {date}", date=self.first)
        return message("from {first} to {last}", first=self.first, last=self.last)


@dataclass(frozen=True, slots=True)
class ConsentsOnDate:
    """The counts over a span of dates."""

    span: CountSpan
    signatories: int
    parties: int


@memoized
def counts_over_time(ledger: Ledger, instrument: str) -> tuple[ConsentsOnDate, ...]:
    """The counts of an instrument over time, as spans between the days on which they may have changed.

    Empty where nothing has been done yet and it is not open; NotFound for an unknown instrument.
    """
    signing, consenting = _signing(ledger, instrument), _consenting(ledger, instrument)
    days = sorted(day for day in _turns(ledger, instrument) | {*signing, *consenting} if day <= ledger.horizon)
    ends: list[date | None] = [*(day - timedelta(days=1) for day in days[1:]), None]
    return tuple(
        ConsentsOnDate(CountSpan(day, end), signatories, parties)
        for day, end, signatories, parties in zip(
            days, ends, _totals(days, signing), _totals(days, consenting), strict=False
        )
    )


def counts_at_most(ledger: Ledger, instrument: str) -> tuple[tuple[ConsentsOnDate, ConsentsOnDate], ...]:
    """The counts over time beside the most that there may have been, span by span.

    Empty where all days are known and no act is known to be missing.
    """
    early, missing = at_the_earliest(ledger, instrument), _missing(ledger, instrument)
    if early is ledger and not missing:
        return ()
    certain, possible = counts_over_time(ledger, instrument), counts_over_time(early, instrument)
    days = sorted({each.span.first for each in (*certain, *possible)} | {day for day, *_ in missing})
    ends: list[date | None] = [*(day - timedelta(days=1) for day in days[1:]), None]
    return tuple(
        (_then(certain, CountSpan(day, end)), _then(possible, CountSpan(day, end), missing_on(ledger, instrument, day)))
        for day, end in zip(days, ends, strict=False)
    )


@memoized
def _missing(ledger: Ledger, instrument: str) -> tuple[tuple[date, int, int], ...]:
    """From which day on how many signatures, and how many consents, may be counted that the data lack."""
    begin = min((each.span.first for each in counts_over_time(ledger, instrument)), default=ledger.horizon)
    found = []
    for aspect in (SIGNATURES, CONSENTS):
        stated, number = coverage_of(ledger, instrument, aspect), missing_of_others(ledger, instrument, aspect)
        if stated and number:
            since = max(begin, stated.missing_from.first if stated.missing_from else begin)
            found.append((since, number if aspect is SIGNATURES else 0, number if aspect is CONSENTS else 0))
    return tuple(found)


def missing_on(ledger: Ledger, instrument: str, day: date) -> tuple[int, int]:
    """How many signatures and how many consents of a day are known to be missing, and are nobody's in the data."""
    there = [each for each in _missing(ledger, instrument) if each[0] <= day]
    return sum(each[1] for each in there), sum(each[2] for each in there)


def _then(held: Sequence[ConsentsOnDate], span: CountSpan, more: tuple[int, int] = (0, 0)) -> ConsentsOnDate:
    """The counts at the beginning of a span, and so many more; none before the first."""
    found = [each for each in held if each.span.first <= span.first]
    last = found[-1] if found else ConsentsOnDate(span, 0, 0)
    return ConsentsOnDate(span, last.signatories + more[0], last.parties + more[1])


def _turns(ledger: Ledger, instrument: str) -> set[date]:
    """The days of the first signatures and the consents, of their ends, of States' ends, and of the opening."""
    days: set[date | None] = {act.counts_from for act in signatures(ledger, instrument).values()}
    codes = set(signatures(ledger, instrument))
    for code, spells in consents(ledger, instrument).items():
        codes.add(code)
        days |= {spell.action.counts_from for spell in spells} | {spell.ends_on for spell in spells}
    days |= {ledger.endings.get(code) for code in codes}
    terms = ledger.instrument(instrument)
    opened = terms.opened_on or terms.adopted_on
    return {day for day in (*days, opened.first if opened else None) if day}


def _signing(ledger: Ledger, instrument: str) -> Counter[date]:
    """By how many the signatories became more or fewer on each day: by first signatures and the ends of States."""
    steps: Counter[date] = Counter()
    for code, act in signatures(ledger, instrument).items():
        if act.counts_from:
            _add(steps, [(act.counts_from, True)], ledger.endings.get(code))
    return steps


def _consenting(ledger: Ledger, instrument: str) -> Counter[date]:
    """By how many the parties became more or fewer on each day."""
    steps: Counter[date] = Counter()
    for code, turns in consents_by_date(ledger, instrument).items():
        _add(steps, turns, ledger.endings.get(code))
    return steps


def _add(steps: Counter[date], turns: Iterable[tuple[date, bool]], ending: date | None) -> None:
    """Count in what begins and ends by turns, and ends for good where the State itself does."""
    holds = False
    for day, holds_now in turns:
        if ending and day >= ending:
            break
        if holds_now != holds:
            steps[day] += holds_now - holds
            holds = holds_now
    if holds and ending:
        steps[ending] -= 1


def _totals(days: Sequence[date], steps: Counter[date]) -> Iterator[int]:
    """What the steps add up to by the end of each day; the days are in order, and no step lies between two of them."""
    return accumulate(steps[day] for day in days)
