"""Final clauses as values, and as English: what must be deposited, by whom, and what then follows.

A requirement asks for a number of depositors, a share or a weight. Whose deposits it speaks of is in `populations`,
the text form in `clause_parser`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tracker.law.dates import AnyDelay, Delay, after_in_words, in_words, ordinal
from tracker.law.model import ActionKind
from tracker.law.populations import (
    Anchor,
    Everyone,
    NamedParticipants,
    Names,
    Population,
    PopulationPhrase,
    format_fraction,
    format_number,
    join_words,
)


@dataclass(frozen=True, slots=True)
class AtLeast(PopulationPhrase):
    """So many of a population: a number, a fraction of it, or (fraction 1) all of it."""

    population: Population
    amount: int | Fraction

    def __str__(self) -> str:
        return f"{self.population}>={_amount(self.amount)}"

    def said(self, name: Names) -> str:
        who = self.population.said(name)
        if isinstance(self.amount, int):
            return f"include at least {self.population.some(self.amount, name)}"
        if self.amount == 1:
            return f"include {who}" if isinstance(self.population, NamedParticipants) else f"include all {who}"
        return f"include at least {_FRACTIONS.get(self.amount, str(self.amount))} of the {who}"


@dataclass(frozen=True, slots=True)
class Majority(PopulationPhrase):
    """More than half of a population."""

    population: Population

    def __str__(self) -> str:
        return f"{self.population}>1/2"

    def said(self, name: Names) -> str:
        return f"include a majority of the {self.population.said(name)}"


@dataclass(frozen=True, slots=True)
class Share(PopulationPhrase):
    """Depositors that together weigh so large a part of a table's total."""

    table: str
    part: Fraction

    def __str__(self) -> str:
        return f"share({self.table})>={format_fraction(self.part * 100) if self._in_percent else self.part}"

    def said(self, name: Names) -> str:
        part = (
            f"{format_fraction(self.part * 100)} %" if self._in_percent else _FRACTIONS.get(self.part, str(self.part))
        )
        return f"hold at least {part} of the total in the table '{name(self.table)}'"

    @property
    def _in_percent(self) -> bool:
        return (self.part * 100).denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Total(PopulationPhrase):
    """Depositors that together weigh at least so much."""

    table: str
    least: Fraction

    def __str__(self) -> str:
        return f"sum({self.table})>={format_fraction(self.least)}"

    def said(self, name: Names) -> str:
        return f"hold at least {format_number(self.least)} together in the table '{name(self.table)}'"


@dataclass(frozen=True, slots=True)
class AnyOf(PopulationPhrase):
    """One of several requirements is enough."""

    parts: tuple[Requirement, ...]

    def __str__(self) -> str:
        return f"any({', '.join(map(str, self.parts))})"

    def said(self, name: Names) -> str:
        return "either " + " or ".join(part.said(name) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AllOf(PopulationPhrase):
    """All of several requirements together."""

    parts: tuple[Requirement, ...]

    def __str__(self) -> str:
        return f"all({', '.join(map(str, self.parts))})"

    def said(self, name: Names) -> str:
        return " and ".join(part.said(name) for part in self.parts)


Requirement = AtLeast | Majority | Share | Total | AnyOf | AllOf

_FRACTIONS = {
    Fraction(1, 3): "one third", Fraction(1, 2): "half", Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three fourths", Fraction(4, 5): "four fifths",
}  # fmt: skip


def _amount(amount: int | Fraction) -> str:
    return "all" if isinstance(amount, Fraction) and amount == 1 else str(amount)


@dataclass(frozen=True, slots=True)
class EarliestEntry:
    """A day before which the instrument does not enter into force: a date, or a time after an anchor."""

    anchor: date | Anchor
    delay: AnyDelay | None = None

    def __str__(self) -> str:
        return f"not-before={self.anchor}" + (f"+{self.delay}" if self.delay else "")

    @property
    def words(self) -> str:
        if isinstance(self.anchor, date):
            return in_words(self.anchor)
        event = {"adoption": "its adoption", "opening": "its opening for signature"}[self.anchor]
        return f"{self.delay.words} {event}" if self.delay else event


@dataclass(frozen=True, slots=True)
class EndsBelow:
    """The instrument ends when its parties fall below a number (for so long, where the clause says so)."""

    parties: int
    lasting: AnyDelay | None = None

    def __str__(self) -> str:
        return f"ends-below={self.parties}" + (f" for {self.lasting}" if self.lasting else "")

    @property
    def words(self) -> str:
        """What the parties do that ends it."""
        stay = f" and stay so for {_period(self.lasting)}" if self.lasting else ""
        return f"become fewer than {self.parties}{stay}"


@dataclass(frozen=True, slots=True)
class WithdrawalWindow:
    """A time in which alone a withdrawal may be notified, and how often it comes round."""

    lasting: AnyDelay
    every: AnyDelay

    def __str__(self) -> str:
        return f"withdrawal-window={self.lasting} every {self.every}"


@dataclass(frozen=True, slots=True)
class Clause:
    """The final clauses of one instrument, as far as they decide who is bound and when.

    `threshold` is the plain number of deposits; `requirements` come on top of it. Periods are None
    where the record does not give them.
    """

    threshold: int | None = None
    delay: AnyDelay | None = None
    party_delay: AnyDelay | None = None
    withdrawal_delay: AnyDelay | None = None
    requirements: tuple[Requirement, ...] = ()
    organizations_count: bool = False
    acts: tuple[ActionKind, ...] = ()
    by: Population | None = None
    requires: tuple[str, ...] = ()
    not_before: EarliestEntry | None = None
    on: date | None = None
    party_delays: tuple[tuple[ActionKind | Literal["reio"], AnyDelay], ...] = ()
    party_requires: str = ""
    ends_below: EndsBelow | None = None
    ends_after: AnyDelay | None = None
    no_withdrawal_before: AnyDelay | None = None
    withdrawal_window: WithdrawalWindow | None = None

    @property
    def is_stated(self) -> bool:
        """Does the clause say anything from which an entry into force can follow?"""
        return self.threshold is not None or bool(self.requirements)

    def __str__(self) -> str:
        """The `conditions` text: everything but the columns of their own (threshold, delays)."""
        settings = [
            "reio=yes" if self.organizations_count else "",
            f"acts={'|'.join(self.acts)}" if self.acts else "",
            f"by={self.by}" if self.by else "",
            *(f"requires={each}" for each in self.requires),
            *map(str, self.requirements),
            str(self.not_before or ""),
            f"on={self.on}" if self.on else "",
            *(f"party-delay({who})={delay}" for who, delay in self.party_delays),
            f"party-requires={self.party_requires}" if self.party_requires else "",
            str(self.ends_below or ""),
            f"ends-after={self.ends_after}" if self.ends_after else "",
            f"no-withdrawal-before={self.no_withdrawal_before}" if self.no_withdrawal_before else "",
            str(self.withdrawal_window or ""),
        ]
        return "; ".join(filter(None, settings))

    @property
    def words(self) -> str:
        """The clause as plain English sentences, with ids as they are."""
        return self.sentence(str)

    def sentence(self, name: Names) -> str:
        """The clause as plain English sentences, calling what it names by id as `name` does."""
        found = [self._entry(name), *self._provisos(name), *self._endings()]
        return " ".join(each[0].upper() + each[1:] + "." for each in found)

    def _needed(self, name: Names) -> str:
        """What must have been deposited, as a noun phrase."""
        acts = f" of {_or([kind.words for kind in self.acts])}" if self.acts else ""
        if self.threshold and not self.by and not self.requirements:
            return f"the deposit of the {ordinal(self.threshold)} instrument{acts}"
        who: Population = self.by or Everyone()
        depositors = who.some(self.threshold, name) if self.threshold else who.said(name)
        asked = join_words([part.said(name) for part in self.requirements]) if self.requirements else ""
        return f"the deposit of instruments{acts} by {depositors}" + (f" that {asked}" if asked else "")

    def _entry(self, name: Names) -> str:
        if not self.is_stated:
            return "the record holds no clause on entry into force"
        needed, after = self._needed(name), after_in_words(self.delay) if self.delay else "an unrecorded time after"
        if self.on:
            return f"it enters into force on {in_words(self.on)} where {needed} has come by then, otherwise {after} it"
        return f"it enters into force {after} {needed}"

    def _provisos(self, name: Names) -> list[str]:
        found = [f"it does not enter into force before {name(each)} does" for each in self.requires]
        if self.not_before:
            found.append(f"it does not enter into force before {self.not_before.words}")
        if self.is_stated and not self.organizations_count:
            found.append("a deposit by an organization is not counted as additional to those of its members")
        if self.party_delay:
            found.append(
                f"for each later depositor it enters into force {after_in_words(self.party_delay)} its own deposit"
            )
        found += [
            f"for {_whom(who)} it does so {after_in_words(delay)} its own deposit" for who, delay in self.party_delays
        ]
        if self.party_requires:
            found.append(f"it binds no depositor before {name(self.party_requires)} does")
        return found

    def _endings(self) -> list[str]:
        found = []
        if self.withdrawal_delay:
            found.append(f"a withdrawal takes effect {after_in_words(self.withdrawal_delay)} its notification")
        if self.no_withdrawal_before:
            early = after_in_words(self.no_withdrawal_before)
            found.append(f"no withdrawal may be notified before {early} entry into force for the one that withdraws")
        if self.withdrawal_window:
            lasting, every = (_period(each) for each in (self.withdrawal_window.lasting, self.withdrawal_window.every))
            found.append(f"a withdrawal may be notified only within {lasting} after each period of {every} in force")
        if self.ends_below:
            found.append(f"it ends when its parties {self.ends_below.words}")
        if self.ends_after:
            found.append(f"it ends {after_in_words(self.ends_after)} its entry into force")
        return found


def _period(delay: AnyDelay) -> str:
    return delay.period if isinstance(delay, Delay) else str(delay)


def _whom(who: ActionKind | Literal["reio"]) -> str:
    return "an organization" if who == "reio" else f"one that deposits by {ActionKind(who).words}"


def _or(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"
