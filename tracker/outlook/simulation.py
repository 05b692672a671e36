"""Possible futures: paths on which participants join quarter by quarter, with shocks to each treaty as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.outlook.context import YearContext
from tracker.outlook.features import (
    LINEAR_FEATURES,
    PATH_FEATURES,
    STATE_FEATURES,
    Past,
    World,
    linear_features,
    pair_features,
    path_features,
    state_features,
)
from tracker.outlook.histories import QUARTER, Flags, Floats, TreatyHistory

SHOCK = 0.4  # standard deviation, at the start, of the logarithm of a treaty's own factor
WIDER_SHOCK = 0.5  # of one without signatories or open to few, of which less can be known
FEW = 80  # participants below which a treaty is open to few
DRIFT = 0.2  # standard deviation of its random walk, per square root of a year
SHARED = 0.7  # how much of the shocks' variance a family of treaties has in common

ENDS = np.cumsum([len(each) for each in (STATE_FEATURES, PATH_FEATURES, LINEAR_FEATURES)])


@dataclass(frozen=True, slots=True)
class Futures:
    """The paths of one treaty: by path and quarter the number in, and by path and participant the quarter of joining.

    `joined` counts quarters from the start; one that does not join within the paths has the number of quarters.
    """

    counts: Floats
    joined: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Subject:
    """A treaty to simulate: its past, who may still join, and its place in its family."""

    treaty: TreatyHistory
    eligible: Flags
    parent: int | None = None  # the place of its convention among the subjects
    siblings: tuple[int, ...] = ()

    def shock(self, day: float) -> float:
        """The standard deviation of the logarithm of its own factor at the start of a day."""
        little_known = self.eligible.sum() < FEW or not (self.treaty.signed < day).any()
        return WIDER_SHOCK if little_known else SHOCK


class Hazard:
    """The log-odds that each participant joins one treaty within a quarter, in a context that stays as it is."""

    def __init__(self, world: World, context: YearContext, coefficients: Floats, subject: Subject, day: float) -> None:
        self.world, self.context, self.subject = world, context, subject
        self.signed = subject.treaty.signed < day
        exists = (world.participants.exists_from <= day) & (day < world.participants.exists_to)
        self.able = subject.eligible & exists
        self.of_state, self.of_path, of_linear, self.of_pair = np.split(coefficients, ENDS)
        linear = linear_features(world, context, self.signed)
        weighted = list(zip(of_linear, linear, strict=True))
        self.matrix = np.sum([weight * each.combined for weight, each in weighted], axis=0, dtype=np.float32)
        self.constant = np.sum([weight * each.constant * np.ones(len(self.able)) for weight, each in weighted], axis=0)

    def log_odds(self, past: Past, parent: Past | None, siblings: list[Past], now: float) -> Floats:
        """By path and participant, at the start of a quarter."""
        state = state_features(self.world, self.subject.treaty, self.context, now, self.signed) @ self.of_state
        path = path_features(past, len(self.able), parent) @ self.of_path
        result = past.inside @ self.matrix
        result += (state + self.constant).astype(np.float32)
        result += path[:, None]
        for weight, pair in zip(
            self.of_pair, pair_features(self.world, past, self.signed, now, parent, siblings), strict=True
        ):
            result += weight * pair
        return result


def simulate(
    world: World, context: YearContext, coefficients: Floats, subjects: Sequence[Subject], day: float,
    *, paths: int, quarters: int, random: np.random.Generator,
) -> list[Futures]:  # fmt: skip
    """The futures of the subjects from a day on, together: what happens to a convention moves its protocols."""
    pasts = [Past.of(each.treaty, day, paths) for each in subjects]
    hazards = [Hazard(world, context, coefficients, each, day) for each in subjects]
    counts: list[list[Floats]] = [[] for _ in subjects]
    joined = [np.full(past.inside.shape, quarters, np.int16) for past in pasts]
    sizes = np.array([each.shock(day) for each in subjects], np.float32)
    level = sizes[:, None] * _shocks(random, len(subjects), paths)
    for quarter in range(quarters):
        now = day + quarter * QUARTER
        new = [_joining(each, pasts, place, now, level[place], random) for place, each in enumerate(hazards)]
        for place, past in enumerate(pasts):
            joined[place][new[place]] = quarter
            past.advance(new[place], now)
            counts[place].append(past.inside.sum(axis=1))
        level = level + DRIFT * 0.5 * _shocks(random, len(subjects), paths)
    return [Futures(np.stack(each, axis=1), when) for each, when in zip(counts, joined, strict=True)]


def _joining(
    hazard: Hazard, pasts: list[Past], place: int, now: float, level: Floats, random: np.random.Generator
) -> Flags:
    """By path and participant, who joins in the quarter."""
    subject, past = hazard.subject, pasts[place]
    parent = pasts[subject.parent] if subject.parent is not None else None
    log_odds = hazard.log_odds(past, parent, [pasts[each] for each in subject.siblings], now)
    log_odds += level[:, None]
    chance = 1 / (1 + np.exp(-log_odds))
    return np.asarray((random.random(chance.shape, np.float32) < chance) & (past.inside == 0) & hazard.able)


def _shocks(random: np.random.Generator, treaties: int, paths: int) -> Floats:
    """By treaty and path a standard normal shock, part of it the same for all treaties of the family."""
    common = random.standard_normal((1, paths), np.float32) if treaties > 1 else np.zeros((1, paths), np.float32)
    own = random.standard_normal((treaties, paths), np.float32)
    share = SHARED if treaties > 1 else 0.0
    return np.asarray(np.sqrt(share) * common + np.sqrt(1 - share) * own, np.float32)
