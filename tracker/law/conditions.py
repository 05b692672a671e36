"""What a clause may require of the depositors, as values and as English: a number of them, a share, a weight.

Whose deposits a requirement speaks of is in `populations`, the text form in `clause_parser`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tracker.law.populations import (
    Everyone,
    NamedParticipants,
    Names,
    Population,
    PopulationPhrase,
    format_fraction,
    format_number,
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
        if isinstance(self.population, Everyone):
            return f"number at least {self.amount}"
        if isinstance(self.amount, int):
            return f"include at least {self.population.some(self.amount, name)}"
        if self.amount == 1:
            return f"include {who}" if isinstance(self.population, NamedParticipants) else f"include all {who}"
        return f"include at least {part_in_words(self.amount)} of the {who}"


@dataclass(frozen=True, slots=True)
class MoreThan(PopulationPhrase):
    """More than a part of a population: a majority is more than half."""

    population: Population
    part: Fraction

    def __str__(self) -> str:
        return f"{self.population}>{self.part}"

    def said(self, name: Names) -> str:
        if self.part == Fraction(1, 2):
            return f"include a majority of the {self.population.said(name)}"
        return f"include more than {part_in_words(self.part)} of the {self.population.said(name)}"


@dataclass(frozen=True, slots=True)
class Share(PopulationPhrase):
    """Depositors that together weigh so large a part of a table's total; `strict`: more than that part."""

    table: str
    part: Fraction
    strict: bool = False

    def __str__(self) -> str:
        return f"share({self.table}){'>' if self.strict else '>='}{_percent_or_fraction(self.part)}"

    def said(self, name: Names) -> str:
        least = "more than" if self.strict else "at least"
        return f"hold {least} {_share_in_words(self.part)} of the total in the table '{name(self.table)}'"


@dataclass(frozen=True, slots=True)
class Ratio(PopulationPhrase):
    """Depositors whose sum in one table is so large a part of that in another (Hong Kong Convention, art. 17)."""

    table: str
    part: Fraction
    other: str

    def __str__(self) -> str:
        part = f"{format_fraction(self.part * 100)}%" if _is_percent(self.part) else str(self.part)
        return f"sum({self.table})>={part} of sum({self.other})"

    def said(self, name: Names) -> str:
        part = _share_in_words(self.part)
        return (
            f"hold together in the table '{name(self.table)}' at least {part} of what they hold together in the table "
            f"'{name(self.other)}'"
        )


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


Requirement = AtLeast | MoreThan | Share | Ratio | Total | AnyOf | AllOf

_FRACTIONS = {
    Fraction(1, 3): "one third", Fraction(1, 2): "half", Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three fourths", Fraction(4, 5): "four fifths",
}  # fmt: skip


def part_in_words(part: Fraction) -> str:
    """A part of a whole as it stands in a sentence: `two thirds`, `3/7`."""
    return _FRACTIONS.get(part, str(part))


def _is_percent(part: Fraction) -> bool:
    return (part * 100).denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)


def _percent_or_fraction(part: Fraction) -> str:
    return format_fraction(part * 100) if _is_percent(part) else str(part)


def _share_in_words(part: Fraction) -> str:
    return f"{format_fraction(part * 100)} %" if _is_percent(part) else part_in_words(part)


def _amount(amount: int | Fraction) -> str:
    return "all" if isinstance(amount, Fraction) and amount == 1 else str(amount)
