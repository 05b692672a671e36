"""Plain ways of forecasting the parties of a treaty, to compare the outlook with.

Three of them are curves with intervals from their own earlier errors; the fourth is a regression of the growth, fitted
anew for each year to what had happened before it.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from tracker.outlook.histories import NEVER, YEAR, Collection, Floats, TreatyHistory, date_of, day_number

HORIZONS = (1, 2, 5, 10)
LEVELS = np.arange(1, 20) / 20
CURVES = ("straight line", "saturation", "similar treaties")
WAYS = (*CURVES, "growth regression")

FIRST_YEAR = 1955  # of what the regression is fitted to
STEP = 0.5  # years between the ages of a treaty at which its growth is looked at
HALVING = 15.0  # years by which older growth counts half
RIDGE = 1.0
ROUNDS = 25


def straight_line(treaty: TreatyHistory, day: int, years: float) -> float:
    """The number of parties if they go on as in the last two years."""
    now, before = (int((treaty.joined < each).sum()) for each in (day, day - 2 * YEAR))
    return now + (now - before) / min(2.0, max((day - treaty.opened) / YEAR, 0.25)) * years


def saturation(treaty: TreatyHistory, day: int, years: float) -> float:
    """The number of parties if an exponential approach to a limit is fitted to the past, by least squares."""
    ends = np.linspace(treaty.opened, day, 24)[1:]
    counts = (treaty.joined[:, None] < ends).sum(axis=0)
    ages, now = (ends - treaty.opened) / YEAR, counts[-1]
    limits = np.array([now + more for more in (1, 3, 6, 12, 25, 50, 100, 150)])[:, None, None]
    times = np.array([1, 2, 4, 7, 12, 20, 40])[None, :, None]
    errors = ((limits * (1 - np.exp(-ages / times)) - counts) ** 2).sum(axis=2)
    limit, time = (int(each) for each in np.unravel_index(errors.argmin(), errors.shape))
    top, scale = float(limits[limit, 0, 0]), float(times[0, time, 0])
    return float(now + (top - now) * (1 - np.exp(-years / scale)))


def similar_growth(treaties: Collection, treaty: TreatyHistory, day: int, years: float) -> float:
    """The number of parties if they grow as the ten treaties nearest in age, number and pace did before."""
    age, now = day - treaty.opened, int((treaty.joined < day).sum())
    pace = now - int((treaty.joined < day - YEAR).sum())
    found = []
    for other in treaties.treaties:
        then = other.opened + age
        if other.reference != treaty.reference and then + years * YEAR < day:
            counts = [int((other.joined < each).sum()) for each in (then - YEAR, then, then + years * YEAR)]
            away = abs(np.log1p(counts[1]) - np.log1p(now)) + abs(np.log1p(counts[1] - counts[0]) - np.log1p(pace))
            found.append((away, counts[2] - counts[1]))
    nearest = sorted(found)[:10]
    return float(now + np.mean([growth for _, growth in nearest])) if nearest else float(now)


# -- a regression of the growth --------------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """What is known of a treaty at several ages, and how many joined in the years after each; `ends` when known."""

    features: np.ndarray
    grown: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True)
class NegativeBinomial:
    """The logarithm of the mean growth as a linear function, and the dispersion: variance = mean + alpha * mean^2."""

    coefficients: np.ndarray
    alpha: float

    def quantiles(self, features: np.ndarray, most: int) -> Floats:
        """The growth that is not exceeded with each of the chances `LEVELS`, at most so many."""
        mean = float(np.exp(np.clip(features @ self.coefficients, -10, 6)))
        size, share = 1 / self.alpha, self.alpha * mean / (1 + self.alpha * mean)
        numbers = np.arange(most)
        ratios = np.log((numbers + size) / (numbers + 1)) + np.log(share)
        logs = np.concatenate([[0.0], np.cumsum(ratios)]) - size * np.log1p(self.alpha * mean)
        return np.minimum(np.searchsorted(np.cumsum(np.exp(logs)), LEVELS), most)


class GrowthRegression:
    """A negative-binomial regression of how many join within some years on the treaty's own history."""

    def __init__(self, treaties: Collection) -> None:
        self.size = len(treaties.participants.codes)
        self.past = {years: _growth(treaties, years) for years in HORIZONS}
        self.fits: dict[tuple[int, int], NegativeBinomial] = {}

    def quantiles(self, treaty: TreatyHistory, day: int, years: int) -> Floats:
        """The numbers of parties some years after the day, by the fit to what had ended before its year."""
        year, now = date_of(day).year, int((treaty.joined < day).sum())
        if (year, years) not in self.fits:
            self.fits[year, years] = fit_growth(self.past[years], day_number(date_of(day).replace(month=1, day=1)))
        return now + self.fits[year, years].quantiles(own_history(treaty, day), max(self.size - now, 1))


def own_history(treaty: TreatyHistory, day: float) -> np.ndarray:
    """What the treaty's own past says on a day: its age, parties, pace, and signatories."""
    age = max((day - treaty.opened) / YEAR, 0.0)
    inside, signed = treaty.joined < day, treaty.signed < day
    number, out = inside.sum(), (signed & ~inside).sum()
    year, three = ((inside & (treaty.joined >= day - each * YEAR)).sum() for each in (1, 3))
    return np.array([
        1.0, np.log(age + 0.1), age / 10, np.log1p(number), number / 100, np.log1p(year), np.log1p(three),
        np.log1p(out), np.log1p(signed.sum()), float(not signed.any()), float(bool(treaty.parent)),
    ])  # fmt: skip


def _growth(treaties: Collection, years: int) -> Growth:
    last = max(int(each.joined[each.joined < NEVER].max(initial=0)) for each in treaties.treaties)
    rows = [
        (own_history(treaty, day), ((treaty.joined >= day) & (treaty.joined < day + years * YEAR)).sum(), day)
        for treaty in treaties.treaties
        for day in treaty.opened + np.arange(STEP, 40, STEP) * YEAR
        if date_of(day).year >= FIRST_YEAR and day + years * YEAR <= last
    ]
    features, grown, days = (np.array(each) for each in zip(*rows, strict=True))
    return Growth(features, grown, days + years * YEAR)


def fit_growth(past: Growth, day: float) -> NegativeBinomial:
    """The regression of the growth that had ended by a day; the dispersion is where Pearson's statistic is as expected.

    Iteratively reweighted least squares with a small ridge.
    """
    rows = past.ends <= day
    features, grown = past.features[rows], past.grown[rows].astype(float)
    weights = 0.5 ** ((day - past.ends[rows]) / YEAR / HALVING)
    coefficients, alpha = np.zeros(features.shape[1]), 1.0
    coefficients[0] = np.log(max(grown.mean(), 0.1))
    ridge = np.diag([1e-6, *[RIDGE] * (features.shape[1] - 1)])
    for _ in range(ROUNDS):
        mean = np.exp(np.clip(features @ coefficients, -10, 6))
        alpha = _dispersion(grown, mean, weights)
        each = weights * mean / (1 + alpha * mean)
        target = features @ coefficients + (grown - mean) / mean
        target = np.clip(target, -12, 8)
        new = np.linalg.solve((features.T * each) @ features + ridge, (features.T * each) @ target)
        done, coefficients = np.abs(new - coefficients).max() < 1e-6, new
        if done:
            break
    return NegativeBinomial(coefficients, alpha)


def _dispersion(grown: np.ndarray, mean: np.ndarray, weights: np.ndarray) -> float:
    low, high = 1e-3, 20.0
    for _ in range(30):
        middle = float(np.sqrt(low * high))
        excess = (weights * (grown - mean) ** 2 / (mean + middle * mean**2)).sum() / weights.sum()
        low, high = (middle, high) if excess > 1 else (low, middle)
    return low


# -- all of them -----------------------------------------------------------------------------------------


class PlainWays:
    """Forecasts by the plain ways; the curves have intervals from their earlier errors, as far as these were known."""

    def __init__(self, treaties: Collection) -> None:
        self.treaties, self.regression = treaties, GrowthRegression(treaties)
        self.errors: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)

    def quantiles(self, treaty: TreatyHistory, day: int, years: int, true: int) -> dict[str, Floats]:
        """By way the numbers of parties at `LEVELS`; the error is kept for later ones. Ask in order of days."""
        now = int((treaty.joined < day).sum())
        middles = (
            straight_line(treaty, day, years), saturation(treaty, day, years),
            similar_growth(self.treaties, treaty, day, years),
        )  # fmt: skip
        found = {"growth regression": self.regression.quantiles(treaty, day, years)}
        for way, middle in zip(CURVES, middles, strict=True):
            past = [ratio for known, ratio in self.errors[way, years] if known <= day] or [1.0]
            growth = max(middle - now, 0) + 0.5
            found[way] = now + growth * np.quantile(past, LEVELS) - 0.5
            self.errors[way, years].append((day + years * YEAR, (true - now + 0.5) / growth))
        return found


def reaching(now: int, by_horizon: dict[int, Floats], required: int) -> Floats:
    """By level the years until so many parties, along the line through its numbers at the horizons; at most ten."""
    years = np.array([0, *by_horizon])
    rows = np.stack([np.full(len(LEVELS), now), *by_horizon.values()])
    rows = np.maximum.accumulate(rows, axis=0)
    return np.array([_crossing(years, column, required - 0.5) for column in rows.T])


def _crossing(years: np.ndarray, numbers: np.ndarray, required: float) -> float:
    place = int(np.argmax(numbers >= required))
    if numbers[place] < required:
        return 10.0
    rise = numbers[place] - numbers[place - 1]
    return float(years[place - 1] + (required - numbers[place - 1]) / rise * (years[place] - years[place - 1]))
