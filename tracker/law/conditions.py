"""What a clause may require of the depositors, as values and in words: a number of them, a share, a weight.

Whose deposits a requirement speaks of is in `populations`, the text form in `clause_parser`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tracker.law.populations import (
    Everyone,
    MembersOf,
    NamedParticipants,
    Names,
    Phrase,
    Population,
)
from tracker.law.wording import Alternatives, format_fraction, list_in_words
from tracker.messages import TranslatableText, message, plural


@dataclass(frozen=True, slots=True)
class AtLeast(Phrase):
    """So many of a population: a number, a fraction of it, or (fraction 1) all of it."""

    population: Population
    amount: int | Fraction

    def __str__(self) -> str:
        return f"{self.population}>={_amount(self.amount)}"

    def in_words(self, name: Names) -> TranslatableText:
        who, group = self.population, self.population.in_words(name)
        if isinstance(who, Everyone):
            return message("numbering at least {number}", number=self.amount)
        if isinstance(self.amount, int):
            return self._some(self.amount, name)
        if self.amount < 1:
            return message("including at least {part} of the {group}", part=part_in_words(self.amount), group=group)
        if isinstance(who, NamedParticipants):
            return message("including {states}", states=who.names(name))
        return message("including all the {group}", group=group)

    def _some(self, number: int, name: Names) -> TranslatableText:
        who = self.population
        if isinstance(who, MembersOf) and who.on is None:
            return plural(
                "including at least one member State of {body}", "including at least {n} member States of {body}",
                number, body=name(who.body),
            )  # fmt: skip
        group = who.in_words(name)
        if isinstance(who, NamedParticipants):
            return plural(
                "including at least one of the {group}", "including at least {n} of the {group}", number, group=group
            )
        return plural("including one or more {group}", "including at least {n} {group}", number, group=group)


@dataclass(frozen=True, slots=True)
class MoreThan(Phrase):
    """More than a part of a population: a majority is more than half."""

    population: Population
    part: Fraction

    def __str__(self) -> str:
        return f"{self.population}>{self.part}"

    def in_words(self, name: Names) -> TranslatableText:
        group = self.population.in_words(name)
        if self.part == Fraction(1, 2):
            return message("including a majority of the {group}", group=group)
        return message("including more than {part} of the {group}", part=part_in_words(self.part), group=group)


@dataclass(frozen=True, slots=True)
class Share(Phrase):
    """Depositors that together weigh so large a part of a table's total; `strict`: more than that part."""

    table: str
    part: Fraction
    strict: bool = False

    def __str__(self) -> str:
        return f"share({self.table}){'>' if self.strict else '>='}{_percent_or_fraction(self.part)}"

    def in_words(self, name: Names) -> TranslatableText:
        part, table = _share_in_words(self.part), name(self.table)
        if self.strict:
            return message("accounting in total for more than {part} of the table {table}", part=part, table=table)
        return message("accounting in total for at least {part} of the table {table}", part=part, table=table)


@dataclass(frozen=True, slots=True)
class Ratio(Phrase):
    """Depositors whose sum in one table is so large a part of that in another (Hong Kong Convention, art. 17)."""

    table: str
    part: Fraction
    other: str

    def __str__(self) -> str:
        part = f"{format_fraction(self.part * 100)}%" if _is_percent(self.part) else str(self.part)
        return f"sum({self.table})>={part} of sum({self.other})"

    def in_words(self, name: Names) -> TranslatableText:
        return message(
            "with a total in the table {table} of at least {part} of their total in the table {other}",
            table=name(self.table), part=_share_in_words(self.part), other=name(self.other),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total(Phrase):
    """Depositors that together weigh at least so much."""

    table: str
    least: Fraction

    def __str__(self) -> str:
        return f"sum({self.table})>={format_fraction(self.least)}"

    def in_words(self, name: Names) -> TranslatableText:
        return message(
            "with a total of at least {least} in the table {table}", least=self.least, table=name(self.table)
        )


@dataclass(frozen=True, slots=True)
class AnyOf(Phrase):
    """One of several requirements is enough."""

    parts: tuple[Requirement, ...]

    def __str__(self) -> str:
        return f"any({', '.join(map(str, self.parts))})"

    def in_words(self, name: Names) -> TranslatableText:
        said = [part.in_words(name) for part in self.parts]
        if len(said) == 2:
            return message("either {one} or {other}", one=said[0], other=said[1])
        return message("meeting one of these conditions: {conditions}", conditions=Alternatives(tuple(said)))


@dataclass(frozen=True, slots=True)
class AllOf(Phrase):
    """All of several requirements together."""

    parts: tuple[Requirement, ...]

    def __str__(self) -> str:
        return f"all({', '.join(map(str, self.parts))})"

    def in_words(self, name: Names) -> TranslatableText:
        return list_in_words([part.in_words(name) for part in self.parts])


Requirement = AtLeast | MoreThan | Share | Ratio | Total | AnyOf | AllOf

_FRACTIONS = {
    Fraction(1, 3): message("one third"), Fraction(1, 2): message("half"), Fraction(2, 3): message("two thirds"),
    Fraction(3, 4): message("three fourths"), Fraction(4, 5): message("four fifths"),
}  # fmt: skip


def part_in_words(part: Fraction) -> str:
    """A part of a whole as it stands in a sentence: `two thirds`, `3/7`."""
    return _FRACTIONS.get(part, str(part))


def _is_percent(part: Fraction) -> bool:
    return (part * 100).denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)


def _percent_or_fraction(part: Fraction) -> str:
    return format_fraction(part * 100) if _is_percent(part) else str(part)


def _share_in_words(part: Fraction) -> str:
    return message("{number}%", number=part * 100) if _is_percent(part) else part_in_words(part)


def _amount(amount: int | Fraction) -> str:
    return "all" if isinstance(amount, Fraction) and amount == 1 else str(amount)
