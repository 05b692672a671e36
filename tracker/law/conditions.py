"""What final clauses count: populations (whose deposits) and requirements (how many, or how much).

Values only: each prints itself in the text form of `data/treaties.csv` (`str`) and as part of an
English sentence (`words`). Holding them against a record is `requirements`' work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tracker.law.dates import in_words

Anchor = Literal["adoption", "opening"]
When = date | Anchor | None


# -- populations: whose deposits -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Everyone:
    """All whose deposits count at all."""

    def __str__(self) -> str:
        return "deposits"

    words = "those entitled to deposit"


@dataclass(frozen=True, slots=True)
class States:
    """States only, whatever the clause says of organizations."""

    def __str__(self) -> str:
        return "states"

    words = "States"


@dataclass(frozen=True, slots=True)
class Signatories:
    """Those that have signed the instrument itself, on the day asked about."""

    def __str__(self) -> str:
        return "signatories"

    words = "signatories"


@dataclass(frozen=True, slots=True)
class Named:
    """A list written out in the clause, by participants' codes."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return "|".join(self.codes)

    @property
    def words(self) -> str:
        return _listed(self.codes)


@dataclass(frozen=True, slots=True)
class MembersOf:
    """The members of a body, on the day asked about or on a fixed day."""

    body: str
    on: When = None

    def __str__(self) -> str:
        return f"members({self.body}{_on(self.on)})"

    @property
    def words(self) -> str:
        return f"members of {self.body}{_on_in_words(self.on)}"


@dataclass(frozen=True, slots=True)
class PartiesTo:
    """The contracting parties to an instrument, on the day asked about or on a fixed day."""

    instrument: str
    on: When = None

    def __str__(self) -> str:
        return f"parties({self.instrument}{_on(self.on)})"

    @property
    def words(self) -> str:
        return f"parties to {self.instrument}{_on_in_words(self.on)}"


@dataclass(frozen=True, slots=True)
class Weighing:
    """Those with at least a given figure in a table."""

    table: str
    least: Fraction

    def __str__(self) -> str:
        return f"weighing({self.table},{number(self.least)})"

    @property
    def words(self) -> str:
        return f"those with {number(self.least)} or more in the table '{self.table}'"


@dataclass(frozen=True, slots=True)
class Both:
    """Those in two populations at once."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} and {self.other})"

    @property
    def words(self) -> str:
        return f"{self.one.words} that are also {self.other.words}"


@dataclass(frozen=True, slots=True)
class Except:
    """Those in one population and not in another."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} except {self.other})"

    @property
    def words(self) -> str:
        return f"{self.one.words} other than {self.other.words}"


Population = Everyone | States | Signatories | Named | MembersOf | PartiesTo | Weighing | Both | Except


# -- requirements: how many, or how much -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of a population: a number, a fraction of it, or (fraction 1) all of it."""

    population: Population
    amount: int | Fraction

    def __str__(self) -> str:
        return f"{self.population}>={_amount(self.amount)}"

    @property
    def words(self) -> str:
        who = self.population.words
        if self.amount == 1 and isinstance(self.amount, Fraction):
            return f"all of {who}" if not isinstance(self.population, Named) else who
        if isinstance(self.amount, Fraction):
            return f"{self.amount} of the {who}"
        return f"at least {self.amount} of {who}"


@dataclass(frozen=True, slots=True)
class Majority:
    """More than half of a population."""

    population: Population

    def __str__(self) -> str:
        return f"{self.population}>1/2"

    @property
    def words(self) -> str:
        return f"a majority of the {self.population.words}"


@dataclass(frozen=True, slots=True)
class Share:
    """Depositors that together weigh so large a part of a table's total."""

    table: str
    part: Fraction

    def __str__(self) -> str:
        percent = self.part * 100
        plain = percent.denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)
        return f"share({self.table})>={number(percent) if plain else self.part}"

    @property
    def words(self) -> str:
        percent = self.part * 100
        plain = percent.denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)
        return f"depositors with {number(percent) + ' %' if plain else self.part} of the total in '{self.table}'"


@dataclass(frozen=True, slots=True)
class Total:
    """Depositors that together weigh at least so much."""

    table: str
    least: Fraction

    def __str__(self) -> str:
        return f"sum({self.table})>={number(self.least)}"

    @property
    def words(self) -> str:
        return f"depositors with {number(self.least)} or more together in '{self.table}'"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several requirements is enough."""

    parts: tuple[Requirement, ...]

    def __str__(self) -> str:
        return f"any({', '.join(map(str, self.parts))})"

    @property
    def words(self) -> str:
        return "either " + " or ".join(part.words for part in self.parts)


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of several requirements together."""

    parts: tuple[Requirement, ...]

    def __str__(self) -> str:
        return f"all({', '.join(map(str, self.parts))})"

    @property
    def words(self) -> str:
        return " together with ".join(part.words for part in self.parts)


Requirement = AtLeast | Majority | Share | Total | AnyOf | AllOf


def number(value: Fraction) -> str:
    """A rational number in decimal where that is exact, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.10f}".rstrip("0")
    return decimal if Fraction(decimal) == value else str(value)


def _amount(amount: int | Fraction) -> str:
    return "all" if isinstance(amount, Fraction) and amount == 1 else str(amount)


def _on(on: When) -> str:
    return f", on={on}" if on else ""


def _on_in_words(on: When) -> str:
    if on is None:
        return ""
    if isinstance(on, date):
        return f" on {in_words(on)}"
    return {"adoption": " when it was adopted", "opening": " when it was opened for signature"}[on]


def _listed(items: tuple[str, ...]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
