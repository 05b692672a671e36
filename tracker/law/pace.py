"""The pace that a coming target needs, beside the pace at which the record has moved of late.

Two paces are looked at: that of the last year and that of the last three (or since the instrument
opened, if that is less). Deposits come in bursts, so one pace alone proves little; where the two
disagree, the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.law.dates import in_words
from tracker.law.goals import Aim, Metric, Target
from tracker.law.ledger import Ledger
from tracker.law.metrics import count

YEAR = 365.25  # days
RECENT = 1.0  # years
LONGER = 3.0  # years
SHORTEST = 1 / 12  # years; over less than a month a pace means nothing


class Track(StrEnum):
    """Whether a target will be met if things go on as they did."""

    ON_TRACK = "on track"
    UNCERTAIN = "on track by one pace, not by the other"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Pace:
    """What a coming target needs in deposits a year, and what there was.

    `missing` deposits in `years` are `needed` a year; `recent` is the pace of the last year, `longer`
    that of the last `longer_years`.
    """

    missing: int
    years: float
    needed: float
    recent: float
    longer: float
    longer_years: float
    track: Track
    words: str


def pace(ledger: Ledger, target: Target) -> Pace | None:
    """The pace that a target of parties or signatories needs from the ledger's day; None for any other target.

    The ledger must have a day before the target's, and the count must be below the target's figure.
    """
    day = ledger.day
    if day is None or target.metric not in _PACED or target.aim is not Aim.AT_LEAST or target.value is None:
        return None
    now = count(ledger, target, day).number
    missing, years = target.value - now, (target.day - day).days / YEAR
    long = min(LONGER, _open_for(ledger, target, day))
    if years <= 0 or missing <= 0:
        return None
    recent, longer = (_gained(ledger, target, day, span) for span in (min(RECENT, long), long))
    needed = missing / years
    track = _track(needed, recent, longer)
    words = _in_words(target, missing, needed, recent, longer, long, track)
    return Pace(missing, years, needed, recent, longer, long, track, words)


_PACED = frozenset({Metric.PARTIES, Metric.SIGNATORIES, Metric.BOUND, Metric.ADDED_PARTIES})


def _open_for(ledger: Ledger, target: Target, day: date) -> float:
    """For how many years the instrument has been open to act on."""
    terms = ledger.instrument(target.instrument)
    opened = terms.opened_on or terms.adopted_on
    return max(SHORTEST, (day - opened.first).days / YEAR) if opened else LONGER


def _gained(ledger: Ledger, target: Target, day: date, years: float) -> float:
    """How many a year came in the years up to the day."""
    level = Metric.PARTIES if target.metric is Metric.ADDED_PARTIES else target.metric
    plain = Target(
        id=target.id, goal=target.goal, kind=target.kind, on=target.on, value=target.value, metric=level,
        instrument=target.instrument,
    )  # fmt: skip
    before = date.fromordinal(max(1, day.toordinal() - round(years * YEAR)))
    return (count(ledger, plain, day).number - count(ledger, plain, before).number) / years


def _track(needed: float, recent: float, longer: float) -> Track:
    enough = [round(pace, 1) >= round(needed, 1) for pace in (recent, longer)]  # as they are shown
    if all(enough):
        return Track.ON_TRACK
    return Track.UNCERTAIN if any(enough) else Track.BEHIND


def _in_words(
    target: Target, missing: int, needed: float, recent: float, longer: float, long: float, track: Track
) -> str:
    over = "since it opened" if long < LONGER else f"over the last {LONGER:.0f} years"
    lately = (
        f"{recent:.1f} in the last year, {longer:.1f} a year {over}" if long > RECENT else f"{longer:.1f} a year {over}"
    )
    means = f"{missing} more by {in_words(target.on)} {'is' if missing == 1 else 'are'} {needed:.1f} a year"
    return f"{means}; there were {lately}: {track.value}."
