"""The outlook tried on the past, and trained: forecasts that knew nothing later, beside what happened and plain ways.

    python -m benchmarks.outlook SNAPSHOT.csv [--every 1] [--paths 400]    # the back-test, as Markdown tables
    python -m benchmarks.outlook SNAPSHOT.csv --train                      # writes tracker/outlook/model.npz

The snapshot has the columns mtdsg_no, participant, action and date. It is cut some months before its end, because
the last deposits of a collection are entered late.
"""

import argparse
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import snapshot
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
HORIZONS = (1, 2, 5, 10)
LEVELS = np.arange(1, 20) / 20
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
    made = (_history(reference, each, actions.keys(), len(known)) for reference, each in sorted(actions.items()))
    return Collection(_participants(known, actions.values()), tuple(each for each in made if each.opened < last)), last


def _kind(word: str) -> str:
    return word if word in set(ActionKind) else ActionKind.RATIFICATION


def _history(
    reference: str, actions: list[tuple[int, ActionKind, int]], others: Iterable[str], size: int
) -> TreatyHistory:
    signed = first_days(size, ((who, day) for who, kind, day in actions if kind.signs))
    joined = first_days(size, ((who, day) for who, kind, day in actions if kind.consents))
    found = SUB_NUMBER.fullmatch(reference)
    parent = found[1] if found and found[1] in others else ""
    opened = int(min(signed.min(), joined.min()))
    return TreatyHistory(reference, reference.partition("-")[0], opened, signed, joined, parent)


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

    `losses` are by way (the model first) the pinball loss, or the continuous ranked probability score for a threshold,
    in years; `place` is where among the model's paths the outcome fell, from 0 to 1.
    """

    reference: str
    kind: str
    horizon: int | str
    place: float
    losses: dict[str, float]
    signatories: int


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
    everybody = np.ones(len(treaty.signed), bool)
    parent = treaties.by_reference.get(treaty.parent)
    subjects = [Subject(treaty, everybody)]
    if parent and parent.opened < day:
        subjects = [Subject(parent, everybody), Subject(treaty, everybody, 0)]
    quarters = min(int((last - day) / QUARTER), 40)
    return simulate(
        world, trained.contexts[year], trained.coefficients[year], subjects, day,
        paths=paths, quarters=quarters, random=np.random.default_rng(day),
    )[-1]  # fmt: skip


# -- plain ways, to compare with ----------------------------------------------------------------------


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


WAYS = ("straight line", "saturation", "similar treaties")


class PlainWays:
    """Forecasts by the plain ways, each with intervals from its own earlier errors, as far as these were known."""

    def __init__(self, treaties: Collection) -> None:
        self.treaties = treaties
        self.errors: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)

    def losses(self, treaty: TreatyHistory, day: int, years: int, true: int) -> dict[str, float]:
        """The loss of each way for one forecast; its error is kept for later ones. Ask in order of days."""
        now = int((treaty.joined < day).sum())
        middles = (
            straight_line(treaty, day, years), saturation(treaty, day, years),
            similar_growth(self.treaties, treaty, day, years),
        )  # fmt: skip
        found = {}
        for way, middle in zip(WAYS, middles, strict=True):
            past = [ratio for known, ratio in self.errors[way, years] if known <= day] or [1.0]
            growth = max(middle - now, 0) + 0.5
            found[way] = pinball(now + growth * np.quantile(past, LEVELS) - 0.5, true)
            self.errors[way, years].append((day + years * YEAR, (true - now + 0.5) / growth))
        return found


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


# -- the back-test -------------------------------------------------------------------------------------


def outcomes(treaties: Collection, trained: Trained, last: int, paths: int, every: int) -> Iterator[Outcome]:
    """Every forecast beside what happened, in order of days."""
    plain, random = PlainWays(treaties), np.random.default_rng(7)
    world = World.of(treaties.participants)
    for treaty, day, kind in sorted(origins(treaties, last), key=lambda each: each[1])[::every]:
        future = forecast(treaties, world, trained, treaty, day, last, paths)
        signatories = int((treaty.signed < day).sum())
        for years in HORIZONS:
            if day + years * YEAR <= last and years * 4 <= future.counts.shape[1]:
                counts, true = future.counts[:, years * 4 - 1], int((treaty.joined < day + years * YEAR).sum())
                losses = {"model": pinball(np.quantile(counts, LEVELS), true)}
                losses |= plain.losses(treaty, day, years, true)
                yield Outcome(treaty.reference, kind, years, _place(counts, true, random), losses, signatories)
        if future.counts.shape[1] == 40:
            yield from _thresholds(treaty, day, kind, future, signatories, random)


def _thresholds(
    treaty: TreatyHistory, day: int, kind: str, future: Futures, signatories: int, random: np.random.Generator
) -> Iterator[Outcome]:
    joined = np.sort(treaty.joined[treaty.joined < NEVER])
    for required in THRESHOLDS:
        if (joined < day).sum() < required:
            true = min((joined[required - 1] - day) / YEAR, 10.0) if len(joined) >= required else 10.0
            over = future.counts >= required
            years = np.where(over.any(axis=1), (over.argmax(axis=1) + 0.5) / 4, 10.0)
            pace = straight_line(treaty, day, 1) - (joined < day).sum()
            line = min((required - (joined < day).sum()) / pace, 10.0) if pace > 0 else 10.0
            losses = {"model": ranked_score(years, true), "straight line": abs(line - true)}
            yield Outcome(treaty.reference, kind, "threshold", _place(years, true, random), losses, signatories)


def _place(values: Floats, true: float, random: np.random.Generator) -> float:
    """Where the outcome falls among the paths; equal ones are split at random, else small counts flatter the model."""
    return float((values < true).mean() + random.random() * (values == true).mean())


def report(found: list[Outcome]) -> str:
    """The back-test as Markdown tables."""
    lines = [
        "| | forecasts | treaties | 50 % held | 80 % held | model | " + " | ".join(WAYS) + " |",
        "|---|" + "---:|" * 8,
    ]
    groups = {
        "all": lambda each: True,
        "protocols and amendments": lambda each: bool(SUB_NUMBER.fullmatch(each.reference)),
        "no signatories": lambda each: each.signatories == 0,
        "some years after opening": lambda each: each.kind == "age",
    }
    for name, chosen in groups.items():
        for horizon in (*HORIZONS, "threshold"):
            rows = [each for each in found if each.horizon == horizon and chosen(each)]
            lines += [_line(name, horizon, rows)] if rows else []
    return "\n".join(lines)


def _line(name: str, horizon: int | str, rows: list[Outcome]) -> str:
    places = np.array([each.place for each in rows])
    held = [f"{100 * (abs(places - 0.5) < half).mean():.0f}" for half in (0.25, 0.4)]
    means = [np.mean([each.losses[way] for each in rows if way in each.losses] or [np.nan]) for way in ("model", *WAYS)]
    cells = [
        len(rows),
        len({each.reference for each in rows}),
        *held,
        *("" if np.isnan(mean) else f"{mean:.2f}" for mean in means),
    ]
    when = f"+{horizon} years" if isinstance(horizon, int) else "date of threshold"
    return f"| {name}, {when} | " + " | ".join(map(str, cells)) + " |"


def main() -> int:
    """Train, and write the model or print the back-test."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("snapshot", type=Path)
    options.add_argument("--train", action="store_true")
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--paths", type=int, default=400)
    chosen = options.parse_args()
    treaties, last = collection(chosen.snapshot)
    trained = Trained.on(treaties, last)
    if chosen.train:
        trained.model(treaties, last).save()
        return 0
    found = list(outcomes(treaties, trained, last, chosen.paths, chosen.every))
    sys.stdout.write(report(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
