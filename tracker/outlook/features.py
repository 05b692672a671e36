"""What the chance of joining within a quarter depends on: features of participants, of the treaty, and of both.

One function serves training, where a treaty has its one real past, and simulation, where it has many possible ones:
everything that may differ between paths has a first axis of paths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.outlook.context import YearContext
from tracker.outlook.histories import NEVER, YEAR, Flags, Floats, Participants, TreatyHistory

HALF_LIVES = (0.25, 1.0, 4.0)  # years by which the treaty's past deposits count half
WINDOWS = (4, 12)  # quarters in which recent deposits are counted
ENOUGH = 5  # participants from whose regions a treaty's reach can be seen

STATE_FEATURES = (
    "constant", "age, log", "age", "age under half a year", "signed", "signed, time since, log", "signed, time since",
    "propensity", "propensity in chapter", "recent deposits", "existing under three years", "organization",
    "share of region signed", "signatories, log", "no signatories", "supplements another", "chapter's rate",
    "global rate", "signed, age of treaty", "signed, signatories", "region's weight among signatories",
)  # fmt: skip
PATH_FEATURES = (
    "deposits in a year, log", "deposits in three years, log", "number in, log", "first ten", "share of all in",
    "pace, quarter", "pace, year", "pace, four years", "pace, year, log", "pace, four years, log",
    "convention's pace",
)  # fmt: skip
LINEAR_FEATURES = (
    "similar in", "similar signed and not in", "subregion in", "region in", "signed, share of signatories in",
)  # fmt: skip
PAIR_FEATURES = (
    "region's weight", "party to convention", "not party to convention", "joined convention within a year",
    "share of sibling protocols joined", "signed, pace",
)  # fmt: skip
NAMES = STATE_FEATURES + PATH_FEATURES + LINEAR_FEATURES + PAIR_FEATURES


@dataclass(slots=True)
class Past:
    """What has happened to a treaty on each path: who is in, how many joined in each of the last quarters, the pace."""

    inside: Floats  # paths by participants: one for those in
    since: Floats  # the day on which each joined, NEVER where none
    quarters: Floats  # paths by quarters: deposits in each of the last twelve quarters, the latest first
    pace: Floats  # paths by half-lives: deposits weighted by age

    @staticmethod
    def of(treaty: TreatyHistory, day: float, paths: int = 1) -> Past:
        """The real past at the start of a day, the same on every path."""
        joined = treaty.joined[treaty.joined < day]
        ages = (day - joined) / YEAR
        quarters = np.array([((ages > n / 4) & (ages <= (n + 1) / 4)).sum() for n in range(max(WINDOWS))])
        pace = np.array([(0.5 ** (ages / half)).sum() for half in HALF_LIVES])
        inside = (treaty.joined < day).astype(np.float32)
        since = np.where(treaty.joined < day, treaty.joined, NEVER).astype(np.float32)
        repeated = [np.repeat(each[None].astype(np.float32), paths, axis=0) for each in (inside, since, quarters, pace)]
        return Past(*repeated)

    def advance(self, new: Flags, day: float) -> None:
        """Let those join on each path in the quarter that begins on the day."""
        counts = new.sum(axis=1).astype(np.float32)
        self.inside = np.where(new, np.float32(1), self.inside)
        self.since = np.where(new, np.float32(day + 45), self.since)
        self.quarters = np.concatenate([counts[:, None], self.quarters[:, :-1]], axis=1)
        for place, half in enumerate(HALF_LIVES):
            self.pace[:, place] = self.pace[:, place] * 0.5 ** (0.25 / half) + counts * 0.5 ** (0.125 / half)


@dataclass(frozen=True, slots=True)
class World:
    """The participants with their groups as matrices, ready for products.

    `of_region` and `of_subregion` take who is in to the share of the others in each participant's group that are in.
    """

    participants: Participants
    regions: Floats
    region_share: Floats  # of all participants, by region
    of_region: Floats
    of_subregion: Floats

    @staticmethod
    def of(participants: Participants) -> World:
        """The matrices of a list of participants."""
        regions, subregions = (participants.groups(each) for each in (participants.regions, participants.subregions))
        return World(participants, regions, regions.mean(axis=0), _shares(regions), _shares(subregions))


def _shares(groups: Floats) -> Floats:
    same = groups @ groups.T
    np.fill_diagonal(same, 0)
    return np.asarray(same / np.maximum(same.sum(axis=0, keepdims=True), 1), np.float32)


@dataclass(frozen=True, slots=True)
class Linear:
    """A feature that is linear in who is in: `constant + (inside * left) @ matrix * right`."""

    matrix: Floats
    constant: Floats | float = 0.0
    left: Floats | float = 1.0
    right: Floats | float = 1.0

    def of(self, inside: Floats) -> Floats:
        """By path and participant its value."""
        return np.asarray(self.constant + (inside * self.left) @ self.matrix * self.right, np.float32)

    @property
    def combined(self) -> Floats:
        """Its matrix with both factors."""
        return np.asarray(self.left).reshape(-1, 1) * self.matrix * self.right


def linear_features(world: World, context: YearContext, signed: Flags) -> tuple[Linear, ...]:
    """The features that are linear in who is in, in the order of `LINEAR_FEATURES`."""
    flags = signed.astype(np.float32)
    each_signatory = np.full((len(flags), 1), 1 / max(flags.sum(), 1), np.float32)
    return (
        Linear(context.alike),
        Linear(context.alike, constant=flags @ context.alike, left=-flags),
        Linear(world.of_subregion),
        Linear(world.of_region),
        Linear(each_signatory, left=flags, right=flags),
    )


def state_features(world: World, treaty: TreatyHistory, context: YearContext, day: float, signed: Flags) -> Floats:
    """By participant, what does not differ between paths. `signed` says who has signed by the day."""
    age = max((day - treaty.opened) / YEAR, 0.0)
    number = signed.sum()
    size = len(signed)
    flags = signed.astype(np.float32)
    since = np.where(signed, np.maximum(day - treaty.signed, 0), 0) / YEAR
    of_region = world.regions.T @ flags
    weight = _weight(of_region, number, world)
    one = np.ones(size, np.float32)
    columns = (
        one, one * np.log(age + 0.1), one * age / 10, one * (age < 0.5), flags,
        flags * np.log(since + 0.1), flags * since / 10,
        context.propensity, context.chapter(treaty.chapter), context.recent,
        (day - world.participants.exists_from) / YEAR < 3, ~world.participants.states,
        world.regions @ (of_region / np.maximum(world.regions.sum(axis=0), 1)),
        one * np.log1p(number), one * (number == 0), one * bool(treaty.parent),
        one * context.chapter_rate(treaty.chapter), one * context.rate,
        flags * np.log(age + 0.1), flags * np.log1p(number),
        (world.regions @ weight) * (number >= ENOUGH),
    )  # fmt: skip
    return np.stack([np.asarray(each, np.float32) for each in columns], axis=1)


def path_features(past: Past, size: float, parent: Past | None) -> Floats:
    """By path, what is the same for all participants. `size` is how many may join."""
    number = past.inside.sum(axis=1)
    year, three = (past.quarters[:, :window].sum(axis=1) for window in WINDOWS)
    columns = (
        np.log1p(year), np.log1p(three), np.log1p(number), np.minimum(number, 10) / 10, number / size,
        past.pace[:, 0], past.pace[:, 1] / 10, past.pace[:, 2] / 30, np.log1p(past.pace[:, 1]),
        np.log1p(past.pace[:, 2]),
        np.log1p(parent.pace[:, 1]) if parent else np.zeros(len(number)),
    )  # fmt: skip
    return np.stack([np.asarray(each, np.float32) for each in columns], axis=1)


def pair_features(
    world: World, past: Past, signed: Flags, day: float, parent: Past | None, siblings: list[Past]
) -> list[Floats]:
    """By path and participant, what differs between both and is not linear; by one where it does not apply."""
    number = past.inside.sum(axis=1, keepdims=True)
    weight = _weight(past.inside @ world.regions, number, world)
    zero = np.zeros((1, 1), np.float32)
    within = (day - parent.since < YEAR).astype(np.float32) * parent.inside if parent else zero
    shares = [each.inside / len(siblings) for each in siblings]
    return [
        (weight * (number >= ENOUGH)) @ world.regions.T,
        parent.inside if parent else zero,
        1 - parent.inside if parent else zero,
        within,
        np.sum(shares, axis=0, dtype=np.float32) if shares else zero,
        signed.astype(np.float32) * np.log1p(past.pace[:, 1:2]),
    ]


def _weight(of_region: Floats, number: Floats | float, world: World) -> Floats:
    """How much more of the participants are of each region than would be by chance, as a logarithm."""
    share = np.maximum(world.region_share, np.float32(1e-3))
    return np.log((of_region + 2 * world.region_share) / (number + 2) / share)
