"""The model's coefficients from a collection's past: every quarter in which a participant could join a treaty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tracker.outlook.context import YearContext
from tracker.outlook.features import NAMES, Past, World, linear_features, pair_features, path_features, state_features
from tracker.outlook.histories import QUARTER, YEAR, Collection, Floats, TreatyHistory, date_of

RIDGE = 3.0
HALVING = 15.0  # years by which an older quarter counts half
SAMPLED = 0.05  # of the quarters in which somebody could have joined and did not
FIRST_YEAR = 1955
STEPS = 12  # Newton's method has settled long before


@dataclass(frozen=True, slots=True)
class Panel:
    """Quarters of participants outside a treaty: features, whether each joined, its weight, the quarter's end."""

    features: Floats
    joined: Floats
    weights: Floats
    ends: Floats

    def before(self, day: float) -> Panel:
        """The quarters that had ended by a day."""
        rows = self.ends <= day
        return Panel(self.features[rows], self.joined[rows], self.weights[rows], self.ends[rows])


def panel(collection: Collection, known: Mapping[int, YearContext], until: float, random: np.random.Generator) -> Panel:
    """All deposits up to a day and a sample of the quarters without one, which are weighted up again."""
    world = World.of(collection.participants)
    parts = [
        part for treaty in collection.treaties for part in _quarters(collection, world, treaty, known, until, random)
    ]
    features, joined, weights, ends = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Panel(features, joined, weights, ends)


def _quarters(
    collection: Collection, world: World, treaty: TreatyHistory, known: Mapping[int, YearContext], until: float,
    random: np.random.Generator,
) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:  # fmt: skip
    parent = collection.by_reference.get(treaty.parent)
    siblings = collection.siblings(treaty)
    people = world.participants
    able = np.ones(len(people.codes), bool) if treaty.eligible is None else treaty.eligible
    start = treaty.opened + random.random() * QUARTER * 0.5
    while (end := start + QUARTER) <= until:
        day, start = start, end
        if date_of(day).year < FIRST_YEAR:
            continue
        outside = able & (treaty.joined >= day) & (people.exists_from <= day) & (day < people.exists_to)
        joined = outside & (treaty.joined < end)
        chosen = np.flatnonzero(joined | (outside & (random.random(len(outside)) < SAMPLED)))
        if len(chosen):
            rows = _features(world, treaty, known[date_of(day).year], day, parent, siblings)[chosen]
            weights = np.where(joined[chosen], 1.0, 1 / SAMPLED)
            yield rows, joined[chosen].astype(np.float32), weights.astype(np.float32), np.full(len(chosen), end)


def _features(
    world: World, treaty: TreatyHistory, context: YearContext, day: float, parent: TreatyHistory | None,
    siblings: list[TreatyHistory],
) -> Floats:  # fmt: skip
    signed, past = treaty.signed < day, Past.of(treaty, day)
    of_parent = Past.of(parent, day) if parent else None
    others = [Past.of(each, day) for each in siblings if each.opened < day]
    state = state_features(world, treaty, context, day, signed)
    path = np.repeat(path_features(past, len(signed), of_parent), len(signed), axis=0)
    linear = [each.of(past.inside) for each in linear_features(world, context, signed)]
    pairs = pair_features(world, past, signed, day, of_parent, others)
    columns = [np.broadcast_to(each, (1, len(signed)))[0] for each in (*linear, *pairs)]
    return np.concatenate([state, path, np.stack(columns, axis=1)], axis=1).astype(np.float32)


def fit(past: Panel, day: float) -> Floats:
    """The coefficients of a logistic model, with a ridge, of the quarters that had ended by a day.

    Older quarters count less, half for every fifteen years. Newton's method (iteratively reweighted least squares).
    """
    known = past.before(day)
    features = known.features.astype(np.float64)
    weights = known.weights * 0.5 ** ((day - known.ends) / YEAR / HALVING)
    scale = np.maximum(features.std(axis=0), 1e-3)
    scale[0] = 1.0
    features = features / scale
    ridge = np.full(len(NAMES), RIDGE)
    ridge[0] = 1e-3
    coefficients = np.zeros(len(NAMES))
    coefficients[0] = -4.0
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(features @ coefficients, -30, 30)))
        slope = features.T @ (weights * (known.joined - chance)) - ridge * coefficients
        curve = (features * (weights * chance * (1 - chance))[:, None]).T @ features + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-6:
            break
    return np.asarray(coefficients / scale, np.float32)
