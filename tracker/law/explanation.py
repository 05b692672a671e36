"""The answer to when an instrument enters into force: its status, the deposits counted, the steps, the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from tracker.law.clauses import Clause
from tracker.law.dates import AnyDelay, Day, Delay, in_words, ordinal
from tracker.law.model import Action
from tracker.law.requirements import RequirementProgress


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One step of the working: what it is about, the sentence, and the day it yields."""

    about: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class UncountedDeposit:
    """A deposit that does not count towards the threshold, and why."""

    action: Action
    reason: str


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


_FEW = 6  # names written out in a sentence before the rest become a number


def join_names(names: Sequence[str]) -> str:
    """Names as they stand in a sentence: A, B and C; many are cut with their number."""
    shown = list(names)
    if len(shown) > _FEW:
        shown = [*shown[: _FEW - 1], f"{len(shown) - _FEW + 1} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def reached_step(clause: Clause, day: date, names: Sequence[str]) -> ExplanationStep:
    """The step on which the last of the needed deposits came in."""
    if not names:
        return ExplanationStep("threshold", f"What the clause requires was first there on {in_words(day)}.", day)
    number = "the last of the deposits required"
    if clause.threshold and not clause.requirements:
        number = f"the {ordinal(clause.threshold)} deposit"
    if len(names) == 1:
        return ExplanationStep("threshold", f"On {in_words(day)} {names[0]} made {number}.", day)
    return ExplanationStep("threshold", f"On {in_words(day)} {join_names(names)} deposited, {number} among them.", day)


def delay_step(delay: AnyDelay, start: date, end: date) -> ExplanationStep:
    """The arithmetic from a deposit to the day that follows from it."""
    if isinstance(delay, Delay) and not delay.number and delay.lands == "there":
        return ExplanationStep("delay", f"It takes effect at once, on {in_words(end)}.", end)
    lead = delay.words[0].upper() + delay.words[1:]
    return ExplanationStep("delay", f"{lead} {in_words(start)} is {in_words(end)}.", end)


def floor_step(floor: date, landed: date) -> ExplanationStep:
    """The step in which the clause's earliest day is held against the day found."""
    late = floor > landed
    text = f"It may not enter into force before {in_words(floor)}, " + ("so it waits." if late else "which has passed.")
    return ExplanationStep("earliest day", text, max(floor, landed))


def prerequisite_step(title: str, parent: date | None, landed: date) -> ExplanationStep:
    """The step in which the instrument that must come first is held against the day found."""
    first = title[0].upper() + title[1:]
    if parent is None:
        return ExplanationStep("prerequisite", f"{first} must be in force first, and has no day of entry into force.")
    if parent > landed:
        waits = f"{first} enters into force only on {in_words(parent)}, so it waits for that."
        return ExplanationStep("prerequisite", waits, parent)
    return ExplanationStep("prerequisite", f"{first} is in force by then, since {in_words(parent)}.", landed)


def why_dated(steps: Sequence[ExplanationStep], article: str) -> str:
    """The working as one paragraph, with its article."""
    return " ".join(step.text for step in steps) + (f" ({article})" if article else "")


def why_pending(counted: int, required: int | None, progress: Sequence[RequirementProgress]) -> str:
    """Why there is no day yet."""
    sentences = []
    if required and counted < required:
        more = required - counted
        have = "has" if counted == 1 else "have"
        sentences.append(f"{counted} of {required} deposits {have} been made; {more} more {_are(more)} needed.")
    sentences += [f"Not yet so: {p.words} (so far {p.have}, needed {p.need})." for p in progress if not p.met]
    return " ".join(sentences) or "What the clause requires is not there yet."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def why_data_missing(missing: Sequence[str]) -> str:
    """What the record would have to hold to decide."""
    return f"The record alone cannot decide: it lacks {join_names(missing)}."


def deposits_in_words(count: int) -> str:
    """A number of deposits: `one deposit`, `7 deposits`."""
    return "one deposit" if count == 1 else f"{count} deposits"
