"""The outlook of one treaty: how many parties by which date, when its threshold may be met, who may be next.

All of it is read off the same simulated paths, so that the answers cannot contradict each other. What the ledger's
date and moment leave out is not known here either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import ClassVar

import numpy as np

from tracker.errors import BadQuestion
from tracker.law.clause_parser import clause_of
from tracker.law.coverage import is_partial
from tracker.law.dates import PartialDate, add_months
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind
from tracker.law.scenarios import with_deposits
from tracker.law.threshold import ForceStatus
from tracker.messages import message, plural
from tracker.outlook.context import YearContext
from tracker.outlook.features import World
from tracker.outlook.histories import QUARTER, YEAR, Days, Flags, Floats, Participants, date_of, day_number
from tracker.outlook.model import CURVE, UNKNOWN, Model, load_model
from tracker.outlook.past_forecasts import PastForecasts, corrected_chances, past_forecasts
from tracker.outlook.simulation import FEW, Futures, Subject, simulate
from tracker.outlook.subjects import family, opening, subjects, with_newcomers

PATHS = 1000
PATHS_OF_FAMILY = 400  # of each treaty where more than two are simulated together
YEARS = 10
QUARTERS = YEARS * 4
LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)
MIN_AGE = 91  # days after opening before which there is nothing to go by
MAX_NEXT = 10
PATHS_BY_LAW = 60  # paths on which a clause that is more than a number is worked out by the law library
STALE_AFTER = 2  # years after which the training is said to be old
MAX_SIMILAR = 12  # treaties of the reference class
READY = 0.7  # log-odds above the average from which somebody is said to join readily


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Values that the outcome stays below with chances of 10, 25, 50, 75 and 90 %; None: not within ten years."""

    p10: date | None
    p25: date | None
    p50: date | None
    p75: date | None
    p90: date | None


@dataclass(frozen=True, slots=True)
class PartiesBy:
    """How many parties there may be on a day, with the chances of staying at or below each number."""

    day: date
    p10: int
    p25: int
    p50: int
    p75: int
    p90: int


@dataclass(frozen=True, slots=True)
class ThresholdOutlook:
    """When a number of deposits may be reached, with the chances of that within 1, 2, 5 and 10 years."""

    required: int
    p10: date | None
    p25: date | None
    p50: date | None
    p75: date | None
    p90: date | None
    chance_within_1_year: float
    chance_within_2_years: float
    chance_within_5_years: float
    chance_within_10_years: float


@dataclass(frozen=True, slots=True)
class NextParticipant:
    """One of those most likely to join within a year, and what speaks for it."""

    participant: str
    name: str
    chance_12_months: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimilarTreaty:
    """A treaty of the collection that stood alike at the same age, and the years after that until the threshold.

    `years` is None where it was not reached within the years `seen`.
    """

    reference: str
    signatories: int
    parties: int
    years: float | None
    seen: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast for one treaty as of a day, by a model that was trained up to `trained_to`.

    `threshold` and `entry_into_force` are None where nothing is pending, or where the clause gives no such date.
    `record` is how often such forecasts held in the past, None where too few were made by that day.
    `supposed` are the codes of those that were assumed to have deposited on that day.
    """

    instrument: str
    name: str
    as_of: date
    trained_to: date
    parties: int
    signatories: int
    parties_by: tuple[PartiesBy, ...]
    threshold: ThresholdOutlook | None
    entry_into_force: Quantiles | None
    next: tuple[NextParticipant, ...]
    similar: tuple[SimilarTreaty, ...]
    record: PastForecasts | None
    warnings: tuple[str, ...]
    supposed: tuple[str, ...] = ()

    COLUMNS: ClassVar[tuple[str, ...]] = ("day", "p10", "p25", "p50", "p75", "p90")  # of the table of `parties_by`


@memoized
def outlook(
    ledger: Ledger, instrument: str, threshold: int | None = None, by: date | None = None,
    supposing: tuple[str, ...] = (),
) -> Outlook:  # fmt: skip
    """The outlook on the ledger's date; `threshold` asks for another number of parties, `by` for one more date.

    `supposing` are participants that are supposed to deposit on that date, chosen as in a scenario (`FRA`,
    `signatories`, `region:Africa`).
    NotFound for an unknown name; BadQuestion where there is nothing to go by: not opened, opened less than three
    months ago, ended, or a date out of reach.
    """
    name = ledger.instrument(instrument).id
    supposed, codes = with_deposits(ledger, name, supposing)
    return replace(_Forecast(supposed, name, threshold, by).answer(), supposed=codes)


@dataclass(frozen=True, slots=True)
class _Paths:
    """One treaty's paths: by path and participant the day of joining, infinite where none is within ten years."""

    participants: Participants
    subject: Subject
    joining: Floats

    def within(self, day: float) -> Floats:
        """By path how many will have joined by the end of a day."""
        return np.asarray((self.joining < day + 1).sum(axis=1))

    def reaching(self, missing: int, counted: Flags) -> Floats:
        """By path the day on which the last missing of those that count joins, infinite where that is not seen."""
        days = np.where(counted[None, :], self.joining, np.inf)
        if missing > days.shape[1]:
            return np.full(len(days), np.inf)
        return np.asarray(np.partition(days, missing - 1, axis=1)[:, missing - 1])


class _Forecast:
    def __init__(self, ledger: Ledger, instrument: str, threshold: int | None, by: date | None) -> None:
        self.ledger, self.instrument, self.wanted, self.by = ledger, instrument, threshold, by
        self.terms = ledger.instrument(instrument)
        self.clause = clause_of(self.terms)
        self.day = ledger.horizon
        self.start = float(day_number(self.day) + 1)  # the futures begin when the day asked about is over
        self.opened = self._checked_opening()
        self.entry = entry_into_force(ledger, instrument)
        self.inside = parties(ledger, instrument)
        self._check_limits()

    def _checked_opening(self) -> date:
        opened, name = opening(self.ledger, self.instrument), self.terms.name
        if opened is None:
            raise BadQuestion(message("No outlook for {treaty}: it had not been opened by this date.", treaty=name))
        if (self.day - opened).days < MIN_AGE:
            raise BadQuestion(
                message("No outlook for {treaty}: it was opened less than three months before this date.", treaty=name)
            )
        return opened

    def _check_limits(self) -> None:
        if self.entry.status is ForceStatus.TERMINATED:
            raise BadQuestion(message("No outlook for {treaty}: it is no longer in force.", treaty=self.terms.name))
        latest = add_months(self.day, 12 * YEARS)
        if self.by is not None and not self.day < self.by <= latest:
            raise BadQuestion(
                message("by={by} is not after {first} and by {last}.", by=str(self.by), first=self.day, last=latest)
            )

    def answer(self) -> Outlook:
        model = load_model()
        coefficients, context, trained_to = model.trained_for(self.day)
        names = family(self.ledger, self.instrument)
        people, context = with_newcomers(model.participants, context, self.ledger, names)
        everyone = subjects(self.ledger, people, names)
        random = np.random.default_rng(self._seed())
        futures = simulate(
            World.of(people), context, coefficients, everyone, self.start,
            paths=PATHS if len(everyone) <= 2 else PATHS_OF_FAMILY, quarters=QUARTERS, random=random,
        )  # fmt: skip
        whole = {
            name: _Paths(people, each, self._days(future, random))
            for name, each, future in zip(names, everyone, futures, strict=True)
        }
        place, paths = names.index(self.instrument), whole[self.instrument]
        threshold = self._threshold(paths)
        return Outlook(
            instrument=self.instrument,
            name=self.terms.name,
            as_of=self.day,
            trained_to=trained_to,
            parties=len(self.inside),
            signatories=int((everyone[place].treaty.signed < self.start).sum()),
            parties_by=tuple(self._parties_by(paths)),
            threshold=threshold,
            entry_into_force=self._entry_into_force(whole),
            next=tuple(self._next(context, paths)),
            similar=similar_treaties(model, everyone[place], self.day, threshold.required) if threshold else (),
            record=past_forecasts(everyone[place], self.day, threshold is not None),
            warnings=tuple(self._warnings(model, everyone[place], trained_to)),
        )

    def _seed(self) -> int:
        """The same on every day, so that from one day to the next an outlook moves by what is known, not by chance."""
        return int.from_bytes(blake2b(self.instrument.encode(), digest_size=8).digest())

    def _days(self, futures: Futures, random: np.random.Generator) -> Floats:
        """By path and participant a day within the quarter of joining."""
        within = futures.joined + random.random(futures.joined.shape, np.float32)
        return np.where(futures.joined < QUARTERS, self.start + within * QUARTER, np.inf)

    def _parties_by(self, paths: _Paths) -> Iterable[PartiesBy]:
        days = [add_months(self.day, 6), *(add_months(self.day, 12 * year) for year in range(1, YEARS + 1))]
        for day in sorted({*days, *([self.by] if self.by else [])}):
            counts = len(self.inside) + paths.within(day_number(day))
            yield PartiesBy(day, *(int(each) for each in np.quantile(counts, LEVELS, method="inverted_cdf")))

    # -- the threshold -----------------------------------------------------------------------------

    def _threshold(self, paths: _Paths) -> ThresholdOutlook | None:
        required, counted, able = self._requirement(paths)
        if required is None or counted >= required:
            return None
        days = paths.reaching(required - counted, able)
        p10, p25, p50, p75, p90 = _dates(days)
        one, two, five, ten = (round(float((days <= self.start + n * YEAR).mean()), 3) for n in (1, 2, 5, YEARS))
        return ThresholdOutlook(required, p10, p25, p50, p75, p90, one, two, five, ten)

    def _requirement(self, paths: _Paths) -> tuple[int | None, int, Flags]:
        """The number asked for or needed, how many count towards it so far, and whose deposits would count."""
        everyone = np.ones(len(paths.participants.codes), bool)
        if self.wanted is not None:
            return self.wanted, len(self.inside), everyone
        able = everyone if self.clause.organizations_count else paths.participants.states
        if self.entry.status is not ForceStatus.PENDING or self.clause.by or self.clause.organizations_as:
            return None, 0, able
        return self.entry.threshold.required, self.entry.threshold.counted, able

    def _entry_into_force(self, whole: Mapping[str, _Paths]) -> Quantiles | None:
        paths = whole[self.instrument]
        if self.entry.status is ForceStatus.WILL_ENTER:
            return Quantiles(*[self.entry.date] * len(LEVELS))
        if self.entry.status is not ForceStatus.PENDING:
            return None
        required, counted, able = self._requirement(paths)
        if self._only_counts() and required is not None and self.clause.delay is not None:
            delay = self.clause.delay
            reached = (
                paths.reaching(required - counted, able) if counted < required else np.full(len(paths.joining), np.inf)
            )
            return Quantiles(*(day and delay.after(day) for day in _dates(reached)))
        days = [self._by_law(path, whole) for path in range(PATHS_BY_LAW)]
        return Quantiles(*_dates(np.array([np.inf if day is None else day_number(day) for day in days])))

    def _only_counts(self) -> bool:
        """Does the entry into force follow from the number of deposits alone?"""
        clause = self.clause
        others = (*clause.requirements, *clause.events, *clause.branches, clause.tacit, clause.by, clause.acts)
        waits = any(
            entry_into_force(self.ledger, each).status is not ForceStatus.IN_FORCE
            for each in clause.requires
            if each in self.ledger.instruments
        )
        return not any(others) and not waits and clause.not_before is None and clause.organizations_as is None

    def _by_law(self, path: int, whole: Mapping[str, _Paths]) -> date | None:
        """The entry into force that follows by the whole clause where all deposits of one path are made."""
        new = [
            Action(
                instrument=name, participant=code, kind=ActionKind.RATIFICATION,
                date=PartialDate.of(date_of(day)), source="simulated",
            )
            for name, each in whole.items()
            for code, day in zip(each.participants.codes, each.joining[path], strict=True)
            if day < np.inf and code in self.ledger.participants
        ]  # fmt: skip
        last = add_months(self.day, 12 * (YEARS + 1))
        return entry_into_force(self.ledger.with_actions(new, until=last), self.instrument).date

    # -- who is next -------------------------------------------------------------------------------

    def _next(self, context: YearContext, paths: _Paths) -> Iterable[NextParticipant]:
        chances = corrected_chances((paths.joining <= self.start + YEAR).mean(axis=0), self.day)
        for place in np.argsort(-chances, kind="stable")[:MAX_NEXT]:
            if chances[place] > 0:
                code = paths.participants.codes[place]
                reasons = tuple(self._reasons(int(place), context, paths))
                yield NextParticipant(
                    code, self.ledger.participant(code).name, round(float(chances[place]), 3), reasons
                )

    def _reasons(self, place: int, context: YearContext, paths: _Paths) -> Iterable[str]:
        people, treaty = paths.participants, paths.subject.treaty
        inside = treaty.joined < self.start
        if treaty.signed[place] < self.start:
            yield message("signed on {date}", date=date_of(treaty.signed[place]))
        parent = self.terms.parent
        if parent in self.ledger.instruments and people.codes[place] in parties(self.ledger, parent):
            yield message("party to {treaty}", treaty=self.ledger.instrument(parent).name)
        alike = int(inside[context.nearest[place]].sum())
        if alike:
            yield plural(
                "{n} of the {all} participants with the most similar record is a party",
                "{n} of the {all} participants with the most similar record are parties",
                alike, all=context.nearest.shape[1],
            )  # fmt: skip
        region = people.regions[place]
        of_region = np.array([each == region for each in people.regions]) & paths.subject.eligible
        joined = int((inside & of_region).sum())
        if region and joined:
            yield message("{joined} of {all} in its region are parties", joined=joined, all=int(of_region.sum()))
        if context.chapter(treaty.chapter)[place] > READY:
            yield message("joined more treaties of this kind than most")

    # -- doubts ------------------------------------------------------------------------------------

    def _warnings(self, model: Model, subject: Subject, trained_to: date) -> Iterable[str]:
        if trained_to > self.day:
            yield message("The model was trained on actions later than this date, up to {date}.", date=trained_to)
        elif (self.day - trained_to).days > STALE_AFTER * YEAR:
            yield message(
                "The model was trained on actions up to {date}; later practice is unknown to it.", date=trained_to
            )
        if is_partial(self.ledger, self.instrument):
            yield message(
                "Our data on this treaty are incomplete: parties that are not in our data are counted as none."
            )
        if subject.treaty.reference.partition("-")[0].strip("IVXL"):
            yield message("The model was trained on treaties deposited with the United Nations; this one is not.")
        if subject.eligible.sum() < FEW:
            yield message("Few States can become parties: the model knows little of such treaties.")
        if not self.inside and not _has_been_seen(model, subject, self.day):
            yield message(
                "Outside the model's experience: no treaty in the training data with as many signatories was without a "
                "single deposit at this age. Compare the similar treaties."
            )


def _dates(days: Floats) -> list[date | None]:
    values = np.quantile(days, LEVELS, method="inverted_cdf")
    return [None if np.isinf(each) else date_of(each) for each in values]


def _age(subject: Subject, day: date) -> int:
    """The whole quarters since the opening."""
    return int((day_number(day) - subject.treaty.opened) / QUARTER)


def _observed_quarters(model: Model, day: date) -> Days:
    """By treaty of the collection the quarters since its opening that were over by a day, at most what is known."""
    known = (model.joined != UNKNOWN).sum(axis=1)
    passed = ((day_number(day) - model.opened) / QUARTER).astype(int)
    return np.asarray(np.minimum(known, passed))


def _has_been_seen(model: Model, subject: Subject, day: date) -> bool:
    """Was any treaty with at least as many signatories without a deposit at the same age?"""
    age, signed = _age(subject, day), int((subject.treaty.signed <= day_number(day)).sum())
    rows = _observed_quarters(model, day) > age
    return bool(((model.signed[rows, age] >= signed) & (model.joined[rows, age] == 0)).any()) if age < CURVE else False


def similar_treaties(model: Model, subject: Subject, day: date, required: int) -> tuple[SimilarTreaty, ...]:
    """The treaties of the collection whose signatories and parties at the same age were nearest, nearest first.

    Nothing later than the day is used of them. Those that had met the threshold by that age say nothing.
    """
    age, number = _age(subject, day), day_number(day)
    seen = _observed_quarters(model, day)
    rows = np.flatnonzero(seen > age + 4) if age < CURVE - 4 else np.array([], int)
    rows = rows[(model.joined[rows, age] < required)] if len(rows) else rows
    rows = np.array([row for row in rows if model.references[row] != subject.treaty.reference], int)
    signed, joined = (subject.treaty.signed <= number).sum(), (subject.treaty.joined <= number).sum()
    away = abs(np.log1p(model.signed[rows, age]) - np.log1p(signed)) + abs(
        np.log1p(model.joined[rows, age]) - np.log1p(joined)
    )
    return tuple(
        _similar(model, int(row), age, int(seen[row]), required)
        for row in rows[np.argsort(away, kind="stable")[:MAX_SIMILAR]]
    )


def _similar(model: Model, row: int, age: int, seen: int, required: int) -> SimilarTreaty:
    later = np.flatnonzero(model.joined[row, age:seen] >= required)
    return SimilarTreaty(
        reference=model.references[row],
        signatories=int(model.signed[row, age]),
        parties=int(model.joined[row, age]),
        years=float(later[0]) / 4 if len(later) else None,
        seen=(seen - age) / 4,
    )
