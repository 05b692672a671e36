"""The working in words: each step from the deposits to the day, as data and as a sentence.

Only phrasing lives here; what is true is decided in `force`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.law.clauses import Clause
from tracker.law.dates import in_words
from tracker.law.delays import AnyDelay, Delay, ordinal
from tracker.law.model import Action
from tracker.law.requirements import Progress

_FEW = 6  # names written out in a sentence before the rest become a number


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the working: what it is about, the sentence, and the day it yields."""

    about: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A deposit that does not count towards the threshold, and why."""

    action: Action
    reason: str


def listed(names: Sequence[str]) -> str:
    """Names as they stand in a sentence: A, B and C; many are cut with their number."""
    shown = list(names)
    if len(shown) > _FEW:
        shown = [*shown[: _FEW - 1], f"{len(shown) - _FEW + 1} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def reached_step(clause: Clause, day: date, names: Sequence[str]) -> Step:
    """The step on which the last of the needed deposits came in."""
    if not names:
        return Step("threshold", f"What the clause requires was first there on {in_words(day)}.", day)
    number = "the last of the deposits required"
    if clause.threshold and not clause.requirements:
        number = f"the {ordinal(clause.threshold)} deposit"
    if len(names) == 1:
        return Step("threshold", f"On {in_words(day)} {names[0]} made {number}.", day)
    return Step("threshold", f"On {in_words(day)} {listed(names)} deposited, {number} among them.", day)


def delay_step(delay: AnyDelay, start: date, end: date) -> Step:
    """The arithmetic from a deposit to the day that follows from it."""
    if isinstance(delay, Delay) and not delay.number and delay.lands == "there":
        return Step("delay", f"It takes effect at once, on {in_words(end)}.", end)
    lead = delay.words[0].upper() + delay.words[1:]
    return Step("delay", f"{lead} {in_words(start)} is {in_words(end)}.", end)


def floor_step(floor: date, landed: date) -> Step:
    """The step in which the clause's earliest day is held against the day found."""
    late = floor > landed
    text = f"It may not enter into force before {in_words(floor)}, " + ("so it waits." if late else "which has passed.")
    return Step("earliest day", text, max(floor, landed))


def prerequisite_step(title: str, parent: date | None, landed: date) -> Step:
    """The step in which the instrument that must come first is held against the day found."""
    first = title[0].upper() + title[1:]
    if parent is None:
        return Step("prerequisite", f"{first} must be in force first, and has no day of entry into force.")
    if parent > landed:
        waits = f"{first} enters into force only on {in_words(parent)}, so it waits for that."
        return Step("prerequisite", waits, parent)
    return Step("prerequisite", f"{first} is in force by then, since {in_words(parent)}.", landed)


def why_dated(steps: Sequence[Step], article: str) -> str:
    """The working as one paragraph, with its article."""
    return " ".join(step.text for step in steps) + (f" ({article})" if article else "")


def why_pending(counted: int, required: int | None, progress: Sequence[Progress]) -> str:
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


def why_lacking(missing: Sequence[str]) -> str:
    """What the record would have to hold to decide."""
    return f"The record alone cannot decide: it lacks {listed(missing)}."


def deposits_in_words(count: int) -> str:
    """A number of deposits: `one deposit`, `7 deposits`."""
    return "one deposit" if count == 1 else f"{count} deposits"
