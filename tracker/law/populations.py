"""Whose deposits a final clause speaks of: everyone, States, the members of a body, a named list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tracker.law.dates import in_words

Anchor = Literal["adoption", "opening", "closing"]
When = date | Anchor | None
Names = Callable[[str], str]

ANCHORS: dict[Anchor, str] = {
    "adoption": "its adoption", "opening": "its opening for signature", "closing": "its closing for signature",
}  # fmt: skip


class PopulationPhrase:
    """Something that stands in a sentence."""

    __slots__ = ()

    def said(self, name: Names) -> str:
        """The words for it, calling what it names by id as `name` does."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """The words for it, with ids as they are."""
        return self.said(str)


class PopulationTotal(PopulationPhrase):
    """A population as far as its words go: some number of it."""

    __slots__ = ()

    def some(self, number: int, name: Names) -> str:
        """So many of it, as a noun: `26 members of who`."""
        return f"{number} {self.said(name)}"


@dataclass(frozen=True, slots=True)
class Everyone(PopulationTotal):
    """All whose deposits count at all."""

    def __str__(self) -> str:
        return "deposits"

    def said(self, name: Names) -> str:
        return "depositors"


@dataclass(frozen=True, slots=True)
class States(PopulationTotal):
    """States only, whatever the clause says of organizations."""

    def __str__(self) -> str:
        return "states"

    def said(self, name: Names) -> str:
        return "States"


@dataclass(frozen=True, slots=True)
class Signatories(PopulationTotal):
    """Those that have signed the instrument itself, on the day asked about or by a fixed day."""

    on: When = None

    def __str__(self) -> str:
        return f"signatories(on={self.on})" if self.on else "signatories"

    def said(self, name: Names) -> str:
        return f"signatories{_on_in_words(self.on)}"


@dataclass(frozen=True, slots=True)
class NamedParticipants(PopulationTotal):
    """A list written out in the clause, by participants' codes."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return "|".join(self.codes)

    def said(self, name: Names) -> str:
        return join_words([name(code) for code in self.codes])

    def some(self, number: int, name: Names) -> str:
        return f"{number} of {self.said(name)}"


@dataclass(frozen=True, slots=True)
class MembersOf(PopulationTotal):
    """The members of a body, on the day asked about or on a fixed day."""

    body: str
    on: When = None

    def __str__(self) -> str:
        return f"members({self.body}{_on(self.on)})"

    def said(self, name: Names) -> str:
        return f"members of {name(self.body)}{_on_in_words(self.on)}"


@dataclass(frozen=True, slots=True)
class PartiesTo(PopulationTotal):
    """The contracting parties to an instrument, on the day asked about or on a fixed day."""

    instrument: str
    on: When = None

    def __str__(self) -> str:
        return f"parties({self.instrument}{_on(self.on)})"

    def said(self, name: Names) -> str:
        return f"parties to {name(self.instrument)}{_on_in_words(self.on)}"


@dataclass(frozen=True, slots=True)
class Weighing(PopulationTotal):
    """Those with at least a given figure in a table."""

    table: str
    least: Fraction

    def __str__(self) -> str:
        return f"weighing({self.table},{format_fraction(self.least)})"

    def said(self, name: Names) -> str:
        return f"participants with {format_number(self.least)} or more in the table '{name(self.table)}'"


@dataclass(frozen=True, slots=True)
class Both(PopulationTotal):
    """Those in two populations at once."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} and {self.other})"

    def said(self, name: Names) -> str:
        return f"{self.one.said(name)} that are also {self.other.said(name)}"


@dataclass(frozen=True, slots=True)
class Either(PopulationTotal):
    """Those in one population or another, or in both."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} or {self.other})"

    def said(self, name: Names) -> str:
        return f"{self.one.said(name)} or {self.other.said(name)}"


@dataclass(frozen=True, slots=True)
class Except(PopulationTotal):
    """Those in one population and not in another."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} except {self.other})"

    def said(self, name: Names) -> str:
        return f"{self.one.said(name)} other than {self.other.said(name)}"


Population = (
    Everyone | States | Signatories | NamedParticipants | MembersOf | PartiesTo | Weighing | Both | Either | Except
)


def format_fraction(value: Fraction) -> str:
    """A rational number in decimal where that is exact, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.10f}".rstrip("0")
    return decimal if Fraction(decimal) == value else str(value)


def format_number(value: Fraction) -> str:
    """A number as people read it, thousands apart: `1,000,000`."""
    return f"{value.numerator:,}" if value.denominator == 1 else format_fraction(value)


def join_words(items: Sequence[str]) -> str:
    """Things as they are listed in a sentence: A, B and C."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _on(on: When) -> str:
    return f", on={on}" if on else ""


def _on_in_words(on: When) -> str:
    if on is None:
        return ""
    if isinstance(on, date):
        return f" on {in_words(on)}"
    events = {"adoption": "was adopted", "opening": "was opened for signature", "closing": "closed for signature"}
    return f" when this instrument {events[on]}"
