"""The outlook tried on the past, and trained: forecasts that knew nothing later, beside what happened and plain ways.

    python -m benchmarks.outlook SNAPSHOT.csv [--every 1] [--paths 400]    # the back-test; see outlook_report
    python -m benchmarks.outlook SNAPSHOT.csv --train                      # writes tracker/outlook/model.npz

The back-test writes one row for each forecast into `benchmarks/outlook_outcomes.npz`; `benchmarks.outlook_report` makes
the tables, the charts and the record that the program shows from these.

The snapshot has the columns mtdsg_no, participant, action and date. It is cut some months before its end, because
the last deposits of a collection are entered late.
"""

import argparse
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import snapshot
from benchmarks.common import ROOT
from benchmarks.outlook_baselines import HORIZONS, LEVELS, WAYS, PlainWays, reaching
from tracker.law.model import ActionKind, Participant
from tracker.outlook.context import YearContext, contexts
from tracker.outlook.features import World
from tracker.outlook.histories import (
    NEVER,
    QUARTER,
    YEAR,
    Collection,
    Floats,
    Participants,
    TreatyHistory,
    date_of,
    day_number,
    first_days,
)  # fmt: skip
from tracker.outlook.model import CURVE, UNKNOWN, Model
from tracker.outlook.simulation import Futures, Subject, simulate
from tracker.outlook.training import fit, panel

LATE = 95  # days before the snapshot's end from which deposits are not complete
FIRST_CONTEXT, FIRST_FIT, FIRST_ORIGIN = 1950, 1979, date(1980, 1, 1)
SHIPPED = 1988  # the first year whose coefficients and tables are shipped
AGES, THRESHOLDS, PARTS = (1, 2, 3, 5), (20, 40), (0.25, 0.5, 0.75)
DATE_OF_THRESHOLD = 0  # in place of a horizon
CHANCES = np.array(
    [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0]
)  # between which chances of States are compared
OUTCOMES = ROOT / "benchmarks" / "outlook_outcomes.npz"
ELIGIBLE = ROOT / "benchmarks" / "eligible_states.csv"
SUB_NUMBER = re.compile(r"([IVXL]+-\d+)-.+")


def collection(path: Path) -> tuple[Collection, int]:
    """The snapshot's treaties with the participants that the shipped data know, and the day at which it is cut."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["date"]]
    people = snapshot.participants(sorted({row["participant"] for row in rows}))
    known = sorted({who for who in people.values() if who.source != snapshot.SOURCE}, key=lambda who: who.code)
    place = {who.code: number for number, who in enumerate(known)}
    actions = defaultdict(list)
    for row in rows:
        if (code := people[row["participant"]].code) in place:
            day = day_number(date.fromisoformat(row["date"]))
            actions[row["mtdsg_no"]].append((place[code], ActionKind(_kind(row["action"])), day))
    last = max(day for each in actions.values() for _, _, day in each) - LATE
    declared = eligible_states(known)
    made = (
        _history(reference, each, actions.keys(), declared, len(known)) for reference, each in sorted(actions.items())
    )
    return Collection(_participants(known, actions.values()), tuple(each for each in made if each.opened < last)), last


def _kind(word: str) -> str:
    return word if word in set(ActionKind) else ActionKind.RATIFICATION


def eligible_states(known: list[Participant]) -> dict[str, np.ndarray]:
    """By treaty that is not open to all, who may join; a protocol is open to those that its convention is open to."""
    with ELIGIBLE.open(encoding="utf-8", newline="") as stream:
        return {row["reference"]: np.array([_is_in(who, row) for who in known]) for row in csv.DictReader(stream)}


def _is_in(who: Participant, row: dict[str, str]) -> bool:
    named = {
        column: set(filter(None, row[column].split(";"))) for column in ("regions", "subregions", "codes", "but_not")
    }
    of_group = who.is_state and (who.region in named["regions"] or who.subregion in named["subregions"])
    return (of_group or who.code in named["codes"]) and who.code not in named["but_not"]


def _history(
    reference: str, actions: list[tuple[int, ActionKind, int]], others: Iterable[str],
    declared: dict[str, np.ndarray], size: int,
) -> TreatyHistory:  # fmt: skip
    signed = first_days(size, ((who, day) for who, kind, day in actions if kind.signs))
    joined = first_days(size, ((who, day) for who, kind, day in actions if kind.consents))
    found = SUB_NUMBER.fullmatch(reference)
    parent = found[1] if found and found[1] in others else ""
    opened = int(min(signed.min(), joined.min()))
    eligible = declared.get(reference, declared.get(parent))
    return TreatyHistory(reference, reference.partition("-")[0], opened, signed, joined, parent, eligible)


def _participants(known: list[Participant], actions: Iterable[list[tuple[int, ActionKind, int]]]) -> Participants:
    first = np.full(len(known), NEVER, np.int32)
    for each in actions:
        for who, _, day in each:
            first[who] = min(first[who], day)
    for number, who in enumerate(known):
        if who.un_member_since:
            first[number] = min(first[number], day_number(_first(who.un_member_since)))
        if who.exists_from:
            first[number] = day_number(_first(who.exists_from))
    ends = [day_number(_first(who.exists_to)) if who.exists_to else NEVER for who in known]
    return Participants(
        tuple(who.code for who in known), tuple(who.region or "" for who in known),
        tuple(who.subregion or "" for who in known), np.array([who.is_state for who in known]), first,
        np.array(ends, np.int32),
    )  # fmt: skip


def _first(day: object) -> date:
    return day if isinstance(day, date) else day.first  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True)
class Trained:
    """Coefficients by the year before which all they know had happened, with the contexts of the years."""

    coefficients: dict[int, Floats]
    contexts: dict[int, YearContext]

    @staticmethod
    def on(treaties: Collection, last: int) -> "Trained":
        """Train on a collection, once for every year and once for its end."""
        years = range(FIRST_CONTEXT, date_of(last).year + 1)
        known = contexts(treaties, years)
        past = panel(treaties, known, last, np.random.default_rng(1))
        fits = {year: fit(past, day_number(date(year, 1, 1))) for year in range(FIRST_FIT, years[-1] + 1)}
        return Trained(fits | {years[-1] + 1: fit(past, last)}, known)

    def model(self, treaties: Collection, last: int) -> Model:
        """What is shipped."""
        curves = [_curve(each, last) for each in treaties.treaties]
        return Model(
            participants=treaties.participants,
            coefficients={year: each for year, each in self.coefficients.items() if year >= SHIPPED},
            contexts={year: each for year, each in self.contexts.items() if year >= SHIPPED},
            trained_to=date_of(last),
            references=tuple(each.reference for each in treaties.treaties),
            opened=np.array([each.opened for each in treaties.treaties], np.int32),
            signed=np.array([each for each, _ in curves]), joined=np.array([each for _, each in curves]),
        )  # fmt: skip


def _curve(treaty: TreatyHistory, last: int) -> tuple[np.ndarray, np.ndarray]:
    ends = treaty.opened + QUARTER * np.arange(CURVE)
    counted = [(days[:, None] <= ends).sum(axis=0) for days in (treaty.signed, treaty.joined)]
    signed, joined = (np.where(ends <= last, each, UNKNOWN).astype(np.uint16) for each in counted)
    return signed, joined


@dataclass(frozen=True)
class Outcome:
    """One forecast beside what happened.

    `horizon` is in years, or `DATE_OF_THRESHOLD`. `place` is where among the model's paths the outcome fell, from 0 to
    1. The losses are pinball losses in parties, or continuous ranked probability scores in years for a threshold.
    `made` and `known` are the days of the forecast and of what it is compared with; `signatories` and `parties` are the
    numbers on the former.
    """

    reference: str
    after_part: bool  # was it made after a part of a threshold, not some years after opening?
    horizon: int
    place: float
    signatories: int
    supplements: bool  # is it a protocol or an amendment?
    regional: bool
    made: int
    known: int
    opened: int
    parties: int
    model: float
    straight_line: float
    saturation: float
    similar_treaties: float
    growth_regression: float


def origins(treaties: Collection, last: int) -> Iterator[tuple[TreatyHistory, int, str]]:
    """The days on which forecasts are made: some years after opening, and the day after parts of a threshold."""
    for treaty in treaties.treaties:
        days = {int(treaty.opened + years * YEAR): "age" for years in AGES}
        joined = np.sort(treaty.joined[treaty.joined < NEVER])
        for needed in {int(part * whole) for part in PARTS for whole in THRESHOLDS}:
            if len(joined) >= needed:
                days.setdefault(int(joined[needed - 1]) + 1, "part")
        for day, kind in sorted(days.items()):
            if day >= day_number(FIRST_ORIGIN) and day + YEAR <= last:
                yield treaty, day, kind


def forecast(
    treaties: Collection, world: World, trained: Trained, treaty: TreatyHistory, day: int, last: int, paths: int
) -> Futures:
    """The futures of one treaty from a day on by the model of that year, its convention simulated with it."""
    year = date_of(day).year
    parent = treaties.by_reference.get(treaty.parent)
    subjects = [Subject(treaty, eligible(treaty))]
    if parent and parent.opened < day:
        subjects = [Subject(parent, eligible(parent)), Subject(treaty, eligible(treaty), 0)]
    quarters = min(int((last - day) / QUARTER), 40)
    return simulate(
        world, trained.contexts[year], trained.coefficients[year], subjects, day,
        paths=paths, quarters=quarters, random=np.random.default_rng(day),
    )[-1]  # fmt: skip


def eligible(treaty: TreatyHistory) -> np.ndarray:
    """Who may join a treaty."""
    return np.ones(len(treaty.signed), bool) if treaty.eligible is None else treaty.eligible


# -- the back-test -------------------------------------------------------------------------------------


def pinball(quantiles: Floats, true: float) -> float:
    """The mean quantile loss over the levels 5, 10, ... 95 %."""
    over = true - quantiles
    return float(np.maximum(LEVELS * over, (LEVELS - 1) * over).mean())


def ranked_score(values: Floats, true: float) -> float:
    """The continuous ranked probability score of a sample."""
    ordered = np.sort(values)
    size = len(ordered)
    spread = (2 * np.arange(1, size + 1) - size - 1) @ ordered / size**2
    return float(np.abs(ordered - true).mean() - spread)


class BackTest:
    """Every forecast beside what happened, in order of days; `chances` sums up those of single States.

    `chances` has by year of the forecast and interval of `CHANCES` the number of States and treaties, the sum of their
    chances of joining within a year, and how many joined.
    """

    def __init__(self, treaties: Collection, trained: Trained, last: int, paths: int) -> None:
        self.treaties, self.trained, self.last, self.paths = treaties, trained, last, paths
        self.plain, self.random = PlainWays(treaties), np.random.default_rng(7)
        self.world = World.of(treaties.participants)
        self.chances = np.zeros((date_of(last).year - FIRST_ORIGIN.year + 1, len(CHANCES) - 1, 3))

    def outcomes(self, every: int) -> Iterator[Outcome]:
        """The outcomes; only every so many-th forecast is made."""
        for treaty, day, kind in sorted(origins(self.treaties, self.last), key=lambda each: each[1])[::every]:
            future = forecast(self.treaties, self.world, self.trained, treaty, day, self.last, self.paths)
            self._count_chances(treaty, day, future)
            whole = future.counts.shape[1] // 4
            by_way: dict[str, dict[int, Floats]] = defaultdict(dict)
            for years in (each for each in HORIZONS if each <= whole and day + each * YEAR <= self.last):
                true, counts = int((treaty.joined < day + years * YEAR).sum()), future.counts[:, years * 4 - 1]
                plain = self.plain.quantiles(treaty, day, years, true)
                for way, each in plain.items():
                    by_way[way][years] = each
                losses = [pinball(each, true) for each in (np.quantile(counts, LEVELS), *_in_order(plain))]
                yield self._outcome(treaty, day, kind, years, _place(counts, true, self.random), losses)
            if whole == 10:
                yield from self._thresholds(treaty, day, kind, future, by_way)

    def _thresholds(
        self, treaty: TreatyHistory, day: int, kind: str, future: Futures, by_way: dict[str, dict[int, Floats]]
    ) -> Iterator[Outcome]:
        joined = np.sort(treaty.joined[treaty.joined < NEVER])
        now = int((joined < day).sum())
        for required in (each for each in THRESHOLDS if now < each):
            true = min((joined[required - 1] - day) / YEAR, 10.0) if len(joined) >= required else 10.0
            over = future.counts >= required
            years = np.where(over.any(axis=1), (over.argmax(axis=1) + 0.5) / 4, 10.0)
            plain = {way: reaching(now, each, required) for way, each in by_way.items()}
            losses = [ranked_score(each, true) for each in (years, *_in_order(plain))]
            place = _place(years, true, self.random)
            yield self._outcome(treaty, day, kind, DATE_OF_THRESHOLD, place, losses)

    def _outcome(
        self, treaty: TreatyHistory, day: int, kind: str, horizon: int, place: float, losses: list[float]
    ) -> Outcome:
        return Outcome(
            treaty.reference, kind == "part", horizon, place, int((treaty.signed < day).sum()),
            bool(SUB_NUMBER.fullmatch(treaty.reference)), treaty.eligible is not None, day,
            int(day + (horizon or 10) * YEAR), treaty.opened, int((treaty.joined < day).sum()), *losses,
        )  # fmt: skip

    def _count_chances(self, treaty: TreatyHistory, day: int, future: Futures) -> None:
        outside = eligible(treaty) & (treaty.joined >= day)
        chances = (future.joined[:, outside] < 4).mean(axis=0)
        joined = treaty.joined[outside] < day + YEAR
        size, year = len(CHANCES) - 1, date_of(day).year - FIRST_ORIGIN.year
        places = np.clip(np.searchsorted(CHANCES, chances, side="right") - 1, 0, size - 1)
        for column, each in enumerate((np.ones(len(chances)), chances, joined)):
            self.chances[year, :, column] += np.bincount(places, each, size)


def _in_order(plain: dict[str, Floats]) -> list[Floats]:
    return [plain[way] for way in WAYS]


def _place(values: Floats, true: float, random: np.random.Generator) -> float:
    """Where the outcome falls among the paths; equal ones are split at random, else small counts flatter the model."""
    return float((values < true).mean() + random.random() * (values == true).mean())


def save(found: list[Outcome], chances: np.ndarray, path: Path) -> None:
    """Write the outcomes, by column, and the sums of the chances of States."""
    columns = zip(*map(astuple, found), strict=True)
    np.savez_compressed(
        path,
        chances=chances,
        **{each.name: np.array(column) for each, column in zip(fields(Outcome), columns, strict=True)},
    )


def main() -> int:
    """Train, and write the model or the outcomes of the back-test."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("snapshot", type=Path)
    options.add_argument("--train", action="store_true")
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--paths", type=int, default=400)
    options.add_argument("--into", type=Path, default=OUTCOMES)
    chosen = options.parse_args()
    treaties, last = collection(chosen.snapshot)
    trained = Trained.on(treaties, last)
    if chosen.train:
        trained.model(treaties, last).save()
        return 0
    tried = BackTest(treaties, trained, last, chosen.paths)
    save(list(tried.outcomes(chosen.every)), tried.chances, chosen.into)
    return 0


if __name__ == "__main__":
    sys.exit(main())
