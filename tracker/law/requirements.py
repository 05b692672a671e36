"""What a clause asks of the deposits, held against a record on a day: met or not, and how far.

Who belongs to a population is read from the ledger (memberships, parties to another instrument,
tables of weights). Where the record lacks what the clause asks about, `Lacking` says so; nothing
is guessed. The walk through the days is `force`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tracker.law import conditions, populations
from tracker.law.conditions import Requirement
from tracker.law.deposits import consenting, consents, signatories, signatures
from tracker.law.ledger import Ledger, remembered
from tracker.law.naming import names_in
from tracker.law.populations import Population, When


class Lacking(Exception):
    """The record lacks what a clause asks about; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one requirement has come: what it has, what it needs, and whether that is enough."""

    words: str
    have: str
    need: str
    met: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """The deposits that count towards an instrument's threshold on one day."""

    ledger: Ledger
    instrument: str
    day: date
    depositors: frozenset[str]

    def members_of(self, population: Population) -> frozenset[str]:
        """The codes of a population on this day; Lacking where the record cannot tell."""
        ledger = self.ledger
        match population:
            case populations.Everyone():
                return frozenset(ledger.participants) | self.depositors
            case populations.States():
                return frozenset(code for code, each in ledger.participants.items() if each.is_state)
            case populations.Signatories():
                return signatories(ledger, self.instrument, self.day)
            case populations.Named(codes):
                return frozenset(codes)
            case populations.MembersOf(body, on):
                return self._members(body, on)
            case populations.PartiesTo(instrument, on):
                if instrument not in ledger.instruments:
                    raise Lacking(f"who is party to '{instrument}', which is not in the record")
                return consenting(ledger, instrument, self._resolve(on))
            case populations.Weighing(table, least):
                weights = _weights(ledger, table)
                return frozenset(code for code, value in weights.items() if value >= least)
            case populations.Both(one, other):
                return self.members_of(one) & self.members_of(other)
            case populations.Either(one, other):
                return self.members_of(one) | self.members_of(other)
            case populations.Except(one, other):
                return self.members_of(one) - self.members_of(other)

    def _members(self, body: str, on: When) -> frozenset[str]:
        if not self.ledger.memberships(body):
            raise Lacking(f"the members of '{body}'")
        return self.ledger.members(body, on=self._resolve(on))

    def _resolve(self, on: When) -> date:
        if on is None:
            return self.day
        return on if isinstance(on, date) else anchor_day(self.ledger, self.instrument, on)

    def progress(self, requirement: Requirement) -> Progress:
        """How far a requirement has come on this day; Lacking where the record cannot tell."""
        words = f"the depositors {requirement.said(names_in(self.ledger))}"
        match requirement:
            case conditions.AtLeast(population, amount):
                have, size = self._counted(population)
                if isinstance(amount, int):
                    return Progress(words, str(have), str(amount), have >= amount)
                need = -(-size * amount.numerator // amount.denominator)  # the next whole number up
                return Progress(words, f"{have} of {size}", str(need), size > 0 and have >= need)
            case conditions.Majority(population):
                have, size = self._counted(population)
                return Progress(words, f"{have} of {size}", str(size // 2 + 1), have * 2 > size)
            case conditions.Share(table, part):
                weights = _weights(self.ledger, table)
                whole = sum(weights.values())
                share = self._weight(weights) / whole if whole else Fraction(0)
                return Progress(words, f"{float(share):.2%}", f"{float(part):.2%}", bool(whole) and share >= part)
            case conditions.Total(table, least):
                weight = self._weight(_weights(self.ledger, table))
                return Progress(words, f"{float(weight):g}", f"{float(least):g}", weight >= least)
            case conditions.AnyOf(parts):
                each = [self.progress(part) for part in parts]
                return Progress(
                    words, _joined(each, "or", "have"), _joined(each, "or", "need"), any(p.met for p in each)
                )
            case conditions.AllOf(parts):
                each = [self.progress(part) for part in parts]
                met = all(p.met for p in each)
                return Progress(words, _joined(each, "and", "have"), _joined(each, "and", "need"), met)

    def _counted(self, population: Population) -> tuple[int, int]:
        if isinstance(population, populations.Everyone):
            return len(self.depositors), len(self.ledger.participants)
        members = self.members_of(population)
        return len(members & self.depositors), len(members)

    def _weight(self, weights: dict[str, Fraction]) -> Fraction:
        return sum((weights.get(code, Fraction(0)) for code in self.depositors), Fraction(0))


@remembered
def _weights(ledger: Ledger, table: str) -> dict[str, Fraction]:
    weights = ledger.weights(table)
    if not weights:
        raise Lacking(f"the table '{table}'")
    return {code: Fraction(str(weight.value)) for code, weight in weights.items()}


def _joined(parts: Iterable[Progress], word: str, field: str) -> str:
    return f" {word} ".join(getattr(part, field) for part in parts)


def anchor_day(ledger: Ledger, instrument: str, anchor: str) -> date:
    """The exact day of an instrument's adoption or opening; Lacking where the record does not have it."""
    terms = ledger.instrument(instrument)
    stated = {"adoption": terms.adopted_on, "opening": terms.opened_on}[anchor]
    if stated is None or stated.exact is None:
        raise Lacking(f"the exact day of the {anchor} of '{instrument}'")
    return stated.exact


def days_that_matter(ledger: Ledger, instrument: str, requirements: Iterable[Requirement | Population]) -> set[date]:
    """The days, besides those of deposits, on which a requirement may come to be met."""
    days: set[date] = set()
    for part in requirements:
        match part:
            case conditions.AtLeast(population, _) | conditions.Majority(population):
                days |= days_that_matter(ledger, instrument, [population])
            case conditions.AnyOf(parts) | conditions.AllOf(parts):
                days |= days_that_matter(ledger, instrument, parts)
            case populations.Both(one, other) | populations.Either(one, other) | populations.Except(one, other):
                days |= days_that_matter(ledger, instrument, [one, other])
            case populations.MembersOf(body, None):
                days |= {d.last for m in ledger.memberships(body) for d in (m.start, m.end) if d}
            case populations.PartiesTo(other_instrument, None) if other_instrument in ledger.instruments:
                days |= set(_turns(ledger, other_instrument))
            case populations.Signatories():
                signed = (act.known_by for act in signatures(ledger, instrument).values())
                days |= {day for day in signed if day}
    return days


def _turns(ledger: Ledger, instrument: str) -> Iterator[date]:
    """The days on which someone's consent to an instrument begins or ends."""
    for spells in consents(ledger, instrument).values():
        for spell in spells:
            yield from (day for day in (spell.action.known_by, spell.ends_on) if day)
