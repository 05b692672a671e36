"""The answer to when an instrument enters into force: its status, the deposits counted, the steps, the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from tracker.law.clauses import Clause
from tracker.law.dates import AnyDelay, Day
from tracker.law.model import Action
from tracker.law.requirements import RequirementProgress
from tracker.law.wording import Ordinal, SentenceStart, paragraph, shorten_names
from tracker.messages import message, plural


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One step of the explanation: what it is about, the sentence, and the date it yields."""

    about: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class UncountedDeposit:
    """A deposit that does not count towards the threshold, and why."""

    action: Action
    reason: str


class ForceStatus(StrEnum):
    """The status of an instrument on the ledger's date."""

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
    `missing` names what is not in the data where it cannot be decided.
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


def reached_step(clause: Clause, day: date, names: Sequence[str]) -> ExplanationStep:
    """The step on which the last of the deposits required was made."""
    states = shorten_names(names)
    if not names:
        text = message("{date}: all conditions met.", date=day)
    elif clause.threshold and not clause.requirements:
        nth = Ordinal(clause.threshold)
        text = message("{date}: {nth} instrument deposited ({states}).", date=day, nth=nth, states=states)
    else:
        text = message("{date}: all conditions met ({states}).", date=day, states=states)
    return ExplanationStep("threshold", text, day)


def delay_step(delay: AnyDelay, start: date, end: date) -> ExplanationStep:
    """The arithmetic from a deposit to the date that follows from it."""
    text = message(
        "{delay} {event} ({start}): {end}.",
        delay=SentenceStart(delay.after_event()), event=message("the date of deposit"), start=start, end=end,
    )  # fmt: skip
    return ExplanationStep("delay", text, end)


def floor_step(floor: date, landed: date) -> ExplanationStep:
    """The step in which the clause's earliest date is compared with the date found."""
    if floor > landed:
        text = message("Earliest date allowed: {date}; entry into force is postponed to it.", date=floor)
    else:
        text = message("Earliest date allowed: {date}, already past.", date=floor)
    return ExplanationStep("earliest day", text, max(floor, landed))


def prerequisite_step(title: str, parent: date | None, landed: date) -> ExplanationStep:
    """The step in which the treaty that must be in force first is compared with the date found."""
    first = SentenceStart(title)
    if parent is None:
        text = message("{instrument} must be in force first: no date yet.", instrument=first)
        return ExplanationStep("prerequisite", text)
    text = message("{instrument} must be in force first: {date}.", instrument=first, date=parent)
    return ExplanationStep("prerequisite", text, max(parent, landed))


def why_dated(steps: Sequence[ExplanationStep], day: date, article: str) -> str:
    """The explanation as one paragraph, with its result and its article."""
    if article:
        result = message("Entry into force: {date} ({article}).", date=day, article=article)
    else:
        result = message("Entry into force: {date}.", date=day)
    return paragraph([*(step.text for step in steps), result])


def why_pending(counted: int, required: int | None, progress: Sequence[RequirementProgress]) -> str:
    """Why there is no date yet."""
    sentences = []
    if required and counted < required:
        more = required - counted
        sentences.append(
            plural(
                "{counted} of {required} instruments deposited; {n} more needed.",
                "{counted} of {required} instruments deposited; {n} more needed.",
                more, counted=counted, required=required,
            )
        )  # fmt: skip
    sentences += [
        message("Not yet met: {condition} (now {have}; needed {need}).", condition=p.words, have=p.have, need=p.need)
        for p in progress
        if not p.met
    ]
    return paragraph(sentences) or message("Conditions for entry into force not yet met.")


def why_data_missing(missing: Sequence[str]) -> str:
    """What is not in the data and would be needed to decide."""
    return message("Cannot be computed. Not in our data: {missing}.", missing=shorten_names(missing))
