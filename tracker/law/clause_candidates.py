"""The usual thresholds and periods that fit the deposits of a treaty and its official date of entry into force.

For treaties whose clause nobody has read: candidates to be looked up in the text, never a clause. Several usually fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.law.dates import AnyDelay, parse_delay

USUAL_DELAYS = tuple(map(parse_delay, (
    "90d", "30d", "3m", "0d", "60d", "6m", "12m", "120d", "180d", "1m", "2m", "15d",
    "60d+month", "3m+month", "6m+month", "12m+month", "0m+month", "1m+month", "2m+month", "month+6",
)))  # fmt: skip
USUAL_THRESHOLDS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 18, 20, 22, 24, 25, 26, 27, 30, 35, 36, 40, 45, 50, 55, 60,
                    65, 70)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClauseCandidate:
    """A threshold and a period with which the official date comes out, and the day of the deposit that would decide."""

    threshold: int
    delay: AnyDelay
    reached_on: date


def clause_candidates(deposits: Sequence[date], official: date) -> tuple[ClauseCandidate, ...]:
    """The candidates for a treaty with deposits on these days (one for each depositor) and that official date.

    The more usual periods come first, of one period the smaller thresholds.
    """
    days = sorted(day for day in deposits if day <= official)
    found = []
    for delay in USUAL_DELAYS:
        for day in sorted(set(days)):
            if delay.after(day) == official:
                before, by_then = sum(each < day for each in days), sum(each <= day for each in days)
                fitting = [number for number in USUAL_THRESHOLDS if before < number <= by_then]
                found += [ClauseCandidate(number, delay, day) for number in fitting]
    return tuple(found)
