"""When an instrument enters into force, with the steps of the explanation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from tracker.law import threshold
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause
from tracker.law.consents import consents, has_ceased_to_exist
from tracker.law.dates import Day, in_words
from tracker.law.ledger import Ledger, memoized, name_of, names_in
from tracker.law.model import Action, Instrument
from tracker.law.threshold import (
    DepositCount,
    ExplanationStep,
    MissingData,
    RequirementProgress,
    ThresholdReached,
    UncountedDeposit,
    anchor_day,
)


class ForceStatus(StrEnum):
    """Where an instrument stands on the ledger's day."""

    PENDING = "pending"
    WILL_ENTER = "will-enter-into-force"
    IN_FORCE = "in-force"
    UNDETERMINED = "undetermined"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class ThresholdStatus:
    """The deposits that count, against the number required.

    `required` is None where the clause states no plain number. `reached_by` holds the codes of all
    that deposited on the day it was reached.
    """

    required: int | None
    counted: int
    remaining: int | None
    reached_on: date | None = None
    reached_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryIntoForce:
    """The answer to "when does it enter into force, and why".

    `basis` says whether `date` was computed from the deposits or is the depositary's statement;
    `missing` names what the record lacks where it cannot decide.
    """

    status: ForceStatus
    date: Day | None = None
    official: Day | None = None
    basis: Literal["computed", "depositary", "none"] = "computed"
    article: str = ""
    why: str
    threshold: ThresholdStatus
    steps: tuple[ExplanationStep, ...] = ()
    progress: tuple[RequirementProgress, ...] = ()
    counted: tuple[Action, ...] = ()
    not_counted: tuple[UncountedDeposit, ...] = ()
    missing: tuple[str, ...] = ()
    ended_on: Day | None = None


@memoized
def entry_into_force(ledger: Ledger, instrument: str) -> EntryIntoForce:
    """When the instrument enters into force for all, on the ledger's day, with the working.

    Follows the instrument's own clause (its `article`). Withdrawn deposits, and those of
    participants that ceased to exist before the threshold was reached, do not count.
    NotFound for an unknown instrument, BadClause for terms that make no sense.
    """
    terms = ledger.instrument(instrument)
    clause = clause_of(terms)
    return _Enquiry(ledger, terms, clause, DepositCount(ledger, terms, clause, ledger.horizon)).answer()


@dataclass(frozen=True, slots=True)
class _Enquiry:
    """One instrument's entry into force being worked out."""

    ledger: Ledger
    terms: Instrument
    clause: Clause
    count: DepositCount

    # -- the answer --------------------------------------------------------------------------------

    def answer(self) -> EntryIntoForce:
        try:
            reached = self.count.reached()
            if lacking := self.count.uncertain(reached):
                return self._undetermined(lacking)
            return self._pending() if reached is None else self._dated(reached)
        except MissingData as lack:
            return self._undetermined((str(lack),))

    def _pending(self) -> EntryIntoForce:
        counted, required = len(self.count.live(self._day)), self.clause.threshold
        progress = tuple(self.count.now().progress(part) for part in self.clause.requirements)
        why = threshold.why_pending(counted, required, progress)
        return self._answer(ForceStatus.PENDING, why, progress=progress)

    def _dated(self, reached: ThresholdReached) -> EntryIntoForce:
        landed, steps = self._landing(reached)
        if landed is None:
            why = "All the deposits it needs have been made; it waits for its prerequisite. " + steps[-1].text
            return self._answer(ForceStatus.PENDING, why, reached, steps=steps)
        status = ForceStatus.IN_FORCE if landed <= self._day else ForceStatus.WILL_ENTER
        why = threshold.why_dated(steps, self.terms.article)
        return self._ended(self._answer(status, why, reached, date=landed, steps=steps), landed)

    def _undetermined(self, missing: tuple[str, ...]) -> EntryIntoForce:
        lacks = threshold.why_data_missing(missing)
        official = self._official
        if official is None or official > self._day:
            return self._answer(ForceStatus.UNDETERMINED, lacks, basis="none", missing=missing)
        why = f"The depositary states {in_words(official)}. {lacks}"
        stated = self._answer(ForceStatus.IN_FORCE, why, date=official, basis="depositary", missing=missing)
        return self._ended(stated, official)

    def _answer(
        self, status: ForceStatus, why: str, reached: ThresholdReached | None = None, **rest: Any
    ) -> EntryIntoForce:
        try:
            counted = tuple(spell.action for spell in self.count.live(self._day))
            not_counted = tuple(self.count.not_counted(counted))
        except MissingData:
            counted, not_counted = (), ()
        return EntryIntoForce(
            status=status,
            why=why,
            official=self._official,
            article=self.terms.article,
            threshold=self._threshold(reached, len(counted)),
            counted=counted,
            not_counted=not_counted,
            **rest,
        )

    def _threshold(self, reached: ThresholdReached | None, counted: int) -> ThresholdStatus:
        required = self.clause.threshold
        if reached:
            return ThresholdStatus(required, counted, 0, reached.day, tuple(act.participant for act in reached.by))
        return ThresholdStatus(required, counted, None if required is None else max(0, required - counted))

    @property
    def _day(self) -> date:
        return self.ledger.horizon

    @property
    def _official(self) -> date | None:
        return self.terms.in_force_on.exact if self.terms.in_force_on else None

    # -- from the threshold to the day -------------------------------------------------------------

    def _landing(self, reached: ThresholdReached) -> tuple[date | None, tuple[ExplanationStep, ...]]:
        """The day of entry into force that follows from the threshold, step by step; None while it waits."""
        clause = self.clause
        assert clause.delay is not None
        names = tuple(name_of(self.ledger, act.participant) for act in reached.by)
        steps = [threshold.reached_step(clause, reached.day, names)]
        if clause.on and reached.day <= clause.on:
            landed = clause.on
            steps.append(ExplanationStep("fixed day", f"The clause fixes {in_words(landed)} for that case.", landed))
        else:
            landed = clause.delay.after(reached.day)
            steps.append(threshold.delay_step(clause.delay, reached.day, landed))
        if clause.not_before:
            floor = self._floor()
            steps.append(threshold.floor_step(floor, landed))
            landed = max(landed, floor)
        for each in clause.requires:
            parent = self._prerequisite(each)
            steps.append(threshold.prerequisite_step(names_in(self.ledger)(each), parent, landed))
            if parent is None:
                return None, tuple(steps)
            landed = max(landed, parent)
        return landed, tuple(steps)

    def _floor(self) -> date:
        floor = self.clause.not_before
        assert floor is not None
        start = floor.anchor if isinstance(floor.anchor, date) else anchor_day(self.ledger, self.terms.id, floor.anchor)
        return floor.delay.after(start) if floor.delay else start

    def _prerequisite(self, instrument: str) -> date | None:
        if instrument not in self.ledger.instruments:
            raise MissingData(f"the instrument '{instrument}' that must be in force first")
        if self.terms.id in _waits_for(self.ledger, instrument):
            raise MissingData(f"an order of entry into force: '{instrument}' and '{self.terms.id}' wait for each other")
        first = entry_into_force(self.ledger, instrument)
        if first.date is None and first.missing:
            raise MissingData(f"the entry into force of '{instrument}'")
        return first.date

    # -- the end -----------------------------------------------------------------------------------

    def _ended(self, answer: EntryIntoForce, landed: date) -> EntryIntoForce:
        end = min(filter(None, (self._term(landed), self._fall(landed))), default=None)
        if end is None or end > self._day:
            return answer
        why = f"It ended on {in_words(end)}. {answer.why}"
        return replace(answer, status=ForceStatus.TERMINATED, ended_on=end, why=why)

    def _term(self, landed: date) -> date | None:
        return self.clause.ends_after.after(landed) if self.clause.ends_after else None

    def _fall(self, landed: date) -> date | None:
        """The day the parties had become too few, and stayed so for as long as the clause says."""
        if not (rule := self.clause.ends_below):
            return None
        spells = [spell for each in consents(self.ledger, self.terms.id).values() for spell in each]
        since: date | None = None
        for day in sorted({landed, *(d for d in self.count.days(spells) if d > landed), self._day}):
            few = (
                sum(s.holds_on(day) and not has_ceased_to_exist(self.ledger, s.participant, day) for s in spells)
                < rule.parties
            )
            if since and (end := rule.lasting.after(since) if rule.lasting else since) <= day:
                return end
            since = (since or day) if few else None
            if since and not rule.lasting:
                return since
        return None


def _waits_for(ledger: Ledger, instrument: str) -> frozenset[str]:
    """An instrument and everything that must be in force before it."""
    found, ahead = set[str](), [instrument]
    while ahead:
        each = ahead.pop()
        if each in ledger.instruments and each not in found:
            found.add(each)
            ahead += clause_of(ledger.instrument(each)).requires
    return frozenset(found)
