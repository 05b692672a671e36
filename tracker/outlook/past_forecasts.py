"""How well the model did on treaties like one: forecasts made as of past dates, beside what happened.

The back-test (`benchmarks.outlook_report`) writes the file. It has numbers only: of each forecast what the treaty was
like on its day, and whether the interval of 80 % held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.messages import TranslatableText, message
from tracker.outlook.histories import YEAR, Floats, day_number
from tracker.outlook.simulation import Subject

FILE = Path(__file__).parent / "past_forecasts.npz"
MOST = 40  # forecasts that are looked at: those for the treaties most like the one asked about
FEWEST = 10  # below which nothing is said
YEARS_AHEAD = 5  # of the forecasts of the number of parties
DATE_OF_THRESHOLD = 0  # in place of the years
FIRST_YEAR = 1980  # of the chances of States
ENOUGH = 50  # chances' worth of trust that the simulation gets beside what happened


@dataclass(frozen=True, slots=True)
class PastForecasts:
    """The number of forecasts for the most similar treaties, and for how many of them the interval of 80 % held.

    `years_ahead` is None where they were forecasts of the date of a threshold, else how far ahead the number of parties
    was forecast.
    """

    forecasts: int
    held: int
    years_ahead: int | None


def corrected_chances(chances: Floats, day: date) -> Floats:
    """Chances of joining within a year as they came true: where 80 % were said and 40 % joined, it is 40 %.

    What is corrected by had happened before the day.
    """
    return corrected(chances, day.year, _load()["chances"])


def corrected(chances: Floats, year: int, counted: NDArray[Any]) -> Floats:
    """Chances corrected by forecasts whose outcome was known when a year began.

    `counted` has by year from `FIRST_YEAR` on and interval of chances the number of States, the sum of their chances,
    and how many joined.
    """
    number, said, joined = counted[: max(year - 1 - FIRST_YEAR, 0)].sum(axis=0).T
    if not number.sum():
        return chances
    means = said / np.maximum(number, 1)
    came_true = (joined + ENOUGH * means) / (number + ENOUGH)
    there = number > 0
    points = np.concatenate([[0.0], means[there], [1.0]])
    values = np.maximum.accumulate(np.concatenate([[0.0], came_true[there], [came_true[there][-1]]]))
    return np.asarray(np.interp(chances, points, values), np.float32)


@lru_cache(maxsize=1)
def _load() -> dict[str, NDArray[Any]]:
    with np.load(FILE, allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


def past_forecasts(subject: Subject, day: date, pending: bool) -> PastForecasts | None:
    """The forecasts whose outcome was known by the day, for the treaties nearest in kind, age and numbers.

    They are of the date of a threshold where one is `pending`, else of the number of parties in five years. None where
    there are too few.
    """
    data, number, treaty = _load(), day_number(day), subject.treaty
    horizon = DATE_OF_THRESHOLD if pending else YEARS_AHEAD
    rows = np.flatnonzero(
        (data["horizon"] == horizon) & (data["known"] <= number) & (data["reference"] != treaty.reference)
    )
    if len(rows) < FEWEST:
        return None
    signed, joined = (int((each <= number).sum()) for each in (treaty.signed, treaty.joined))
    ages = (data["made"][rows] - data["opened"][rows]) / YEAR
    away = (
        np.abs(np.log1p(data["signatories"][rows]) - np.log1p(signed))
        + np.abs(np.log1p(data["parties"][rows]) - np.log1p(joined))
        + np.abs(np.log1p(ages) - np.log1p((number - treaty.opened) / YEAR))
        + (data["supplements"][rows] != bool(treaty.parent))
    )
    nearest = rows[np.argsort(away, kind="stable")[:MOST]]
    return PastForecasts(len(nearest), int(data["held"][nearest].sum()), YEARS_AHEAD if horizon else None)


def record_in_words(record: PastForecasts) -> TranslatableText:
    """The record as a sentence."""
    if record.years_ahead is None:
        return message(
            "Of {n} such forecasts for similar treaties of the past, {held} held (interval of 80 %, date of the "
            "threshold).",
            n=record.forecasts, held=record.held,
        )  # fmt: skip
    return message(
        "Of {n} such forecasts for similar treaties of the past, {held} held (interval of 80 %, parties after {years} "
        "years).",
        n=record.forecasts, held=record.held, years=record.years_ahead,
    )  # fmt: skip
