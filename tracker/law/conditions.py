"""What final clauses require of the depositors: how many of a population, or how much weight.

Values only: each prints itself in the text form of `data/treaties.csv` (`str`) and as what the
depositors must do, in an English sentence (`said`, with the names it is handed; `words` with the
ids as they are). Holding them against a record is `requirements`' work.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tracker.law.populations import Named, Names, Population, Said, figure, number


@dataclass(frozen=True, slots=True)
class AtLeast(Said):
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
            return f"include {who}" if isinstance(self.population, Named) else f"include all {who}"
        return f"include at least {_FRACTIONS.get(self.amount, str(self.amount))} of the {who}"


@dataclass(frozen=True, slots=True)
class Majority(Said):
    """More than half of a population."""

    population: Population

    def __str__(self) -> str:
        return f"{self.population}>1/2"

    def said(self, name: Names) -> str:
        return f"include a majority of the {self.population.said(name)}"


@dataclass(frozen=True, slots=True)
class Share(Said):
    """Depositors that together weigh so large a part of a table's total."""

    table: str
    part: Fraction

    def __str__(self) -> str:
        return f"share({self.table})>={number(self.part * 100) if self._in_percent else self.part}"

    def said(self, name: Names) -> str:
        part = f"{number(self.part * 100)} %" if self._in_percent else _FRACTIONS.get(self.part, str(self.part))
        return f"hold at least {part} of the total in the table '{name(self.table)}'"

    @property
    def _in_percent(self) -> bool:
        return (self.part * 100).denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Total(Said):
    """Depositors that together weigh at least so much."""

    table: str
    least: Fraction

    def __str__(self) -> str:
        return f"sum({self.table})>={number(self.least)}"

    def said(self, name: Names) -> str:
        return f"hold at least {figure(self.least)} together in the table '{name(self.table)}'"


@dataclass(frozen=True, slots=True)
class AnyOf(Said):
    """One of several requirements is enough."""

    parts: tuple[Requirement, ...]

    def __str__(self) -> str:
        return f"any({', '.join(map(str, self.parts))})"

    def said(self, name: Names) -> str:
        return "either " + " or ".join(part.said(name) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AllOf(Said):
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
