"""What is known of participants at the start of a year: how readily each joins, how recently, and who is most alike."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tracker.outlook.histories import YEAR, Collection, Days, Floats, date_of, day_number

ALIKE = 10  # how many most similar participants are looked at
PRIOR = 5.0  # treaties' worth of the average that a participant's own share is drawn towards
RECENT = 5 * YEAR


@dataclass(frozen=True, slots=True)
class YearContext:
    """The participants at the start of a year, by participant; made of earlier actions only.

    `propensity` is the log-odds of having joined a treaty open to all, against the average; `by_chapter` the same of
    the treaties of each chapter; `recent` the logarithm of the deposits in the last five years; `nearest` the places of
    the most similar participants and `alike` the matrix that takes the mean over them; `chapter_rates` and `rate` the
    deposits a year for each treaty open.
    """

    year: int
    propensity: Floats
    by_chapter: dict[str, Floats]
    recent: Floats
    nearest: Days
    chapter_rates: dict[str, float]
    rate: float
    alike: Floats = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.propensity)
        matrix = np.zeros((size, size), np.float32)
        np.put_along_axis(matrix, self.nearest, np.float32(1 / self.nearest.shape[1]), axis=1)
        object.__setattr__(self, "alike", np.ascontiguousarray(matrix.T))

    def chapter(self, name: str) -> Floats:
        """How readily each joins treaties of that chapter; of an unknown one, how readily it joins any."""
        return self.by_chapter.get(name, self.propensity)

    def chapter_rate(self, name: str) -> float:
        """The deposits a year for each open treaty of the chapter."""
        return self.chapter_rates.get(name, self.rate)


def contexts(collection: Collection, years: range) -> dict[int, YearContext]:
    """The context at the start of each of the years."""
    joined = np.stack([each.joined for each in collection.treaties])
    opened = np.array([each.opened for each in collection.treaties])
    chapters = np.array([each.chapter for each in collection.treaties])
    return {year: _context(year, joined, opened, chapters) for year in years}


def _context(year: int, joined: Days, opened: Days, chapters: np.ndarray) -> YearContext:
    start = day_number(date_of(0).replace(year=year))
    open_ = opened < start
    before = (joined < start) & open_[:, None]
    of_chapter = {name: open_ & (chapters == name) for name in sorted(set(chapters[open_]))}
    overall = _log_odds(before[open_])
    last = (joined < start) & (joined >= start - 3 * YEAR)
    return YearContext(
        year=year,
        propensity=overall,
        by_chapter={name: _log_odds(before[rows]) for name, rows in of_chapter.items()},
        recent=np.log1p(((joined < start) & (joined >= start - RECENT)).sum(axis=0)).astype(np.float32),
        nearest=_nearest(before[open_]),
        chapter_rates={name: _rate(last[rows]) for name, rows in of_chapter.items()},
        rate=_rate(last[open_]),
    )


def _log_odds(joined: np.ndarray) -> Floats:
    share = joined.mean() if joined.size else 0.1
    own = (joined.sum(axis=0) + PRIOR * share) / (len(joined) + PRIOR)
    own, share = np.clip(own, 0.001, 0.999), min(max(share, 0.001), 0.999)
    return np.asarray(np.log(own / (1 - own)) - np.log(share / (1 - share)), np.float32)


def _rate(joined: np.ndarray) -> float:
    return float(joined.sum() / max(len(joined), 1) / 3)


def _nearest(joined: np.ndarray) -> Days:
    """The places of those whose joining correlates most with each participant's, all treaties centred."""
    centred = joined - joined.mean(axis=1, keepdims=True) if len(joined) else np.zeros((1, joined.shape[1]))
    centred = centred - centred.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0)) + 1e-6
    likeness = (centred.T @ centred) / np.outer(size, size)
    np.fill_diagonal(likeness, -2)
    return np.argsort(-likeness, axis=1, kind="stable")[:, :ALIKE].astype(np.int32)
