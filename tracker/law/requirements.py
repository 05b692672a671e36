"""How far each requirement of a clause is met on a day, by which deposits, and what is not in the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from tracker.law import conditions, populations
from tracker.law.clause_parser import clause_of
from tracker.law.conditions import Requirement
from tracker.law.consents import deposits, signatories, signatures, takes_effect
from tracker.law.ledger import Ledger, names_in
from tracker.law.model import Weight
from tracker.law.populations import Anchor, Population, When
from tracker.law.wording import Alternatives, list_in_words
from tracker.messages import TranslatableText, message

PartiesOn = Callable[[Ledger, str, date], frozenset[str]]  # who is a party to another instrument on a day


class MissingData(Exception):
    """The data lack what a clause asks about; the message says what is missing."""

    @property
    def missing(self) -> str:
        """What is missing."""
        return cast(str, self.args[0])


@dataclass(frozen=True, slots=True)
class RequirementProgress:
    """How far one requirement has come: what it has, what it needs, and whether that is enough."""

    words: str
    have: str
    need: str
    met: bool


@dataclass(frozen=True, slots=True)
class CountingSituation:
    """The deposits that count towards an instrument's threshold on one day."""

    ledger: Ledger
    instrument: str
    day: date
    depositors: frozenset[str]
    parties_on: PartiesOn

    def members_of(self, population: Population) -> frozenset[str]:
        """The codes of a population on this day; MissingData where the record cannot tell."""
        ledger = self.ledger
        match population:
            case populations.Everyone():
                return frozenset(ledger.participants) | self.depositors
            case populations.States():
                return frozenset(c for c, who in ledger.participants.items() if who.is_state and self._is_there(c))
            case populations.Signatories(on):
                return self._signatories(on)
            case populations.NamedParticipants(codes):
                return frozenset(codes)
            case populations.MembersOf(body, on):
                return self._members(body, on)
            case populations.PartiesTo(instrument, on):
                if instrument not in ledger.instruments:
                    raise MissingData(message("parties to {instrument}", instrument=instrument))
                return self.parties_on(ledger, instrument, self._resolve(on))
            case populations.Weighing(table, least):
                return frozenset(code for code, value in self._weights(table).items() if value >= least)
            case populations.Both(one, other):
                return self.members_of(one) & self.members_of(other)
            case populations.Either(one, other):
                return self.members_of(one) | self.members_of(other)
            case populations.Except(one, other):
                return self.members_of(one) - self.members_of(other)

    def _name(self, id: str) -> str:
        return names_in(self.ledger)(id)

    def _is_there(self, code: str) -> bool:
        return code in self.depositors or self.ledger.existed_on(code, self.day)

    def _signatories(self, on: When) -> frozenset[str]:
        ledger = self.ledger
        if not signatures(ledger, self.instrument) and not any(a.kind.signs for a in ledger.undated(self.instrument)):
            raise MissingData(message("signatures of {instrument}", instrument=self._name(self.instrument)))
        return signatories(ledger, self.instrument, self._resolve(on))

    def _members(self, body: str, on: When) -> frozenset[str]:
        if not self.ledger.memberships(body):
            raise MissingData(message("members of {body}", body=self._name(body)))
        return self.ledger.members(body, on=self._resolve(on))

    def _resolve(self, on: When) -> date:
        if on is None:
            return self.day
        return on if isinstance(on, date) else anchor_day(self.ledger, self.instrument, on)

    def progress(self, requirement: Requirement) -> RequirementProgress:
        """How far a requirement has come on this day; MissingData where the record cannot tell."""
        words = requirement.in_words(names_in(self.ledger))
        match requirement:
            case conditions.AtLeast(population, amount):
                return self._at_least(words, population, amount)
            case conditions.MoreThan(population, part):
                have, size = self._count_depositors(population)
                need = size * part.numerator // part.denominator + 1
                return RequirementProgress(words, _of(have, size), str(need), have > size * part)
            case conditions.Share(table, part, strict):
                weights = self._weights(table)
                whole = sum(weights.values())
                share = self._weight(weights) / whole if whole else Fraction(0)
                return _share_progress(words, share, part, strict=strict)
            case conditions.Ratio(table, part, other):
                whole = self._weight(self._weights(other))
                share = self._weight(self._weights(table)) / whole if whole else Fraction(0)
                return _share_progress(words, share, part)
            case conditions.Total(table, least):
                weight = self._weight(self._weights(table))
                return RequirementProgress(words, f"{float(weight):g}", f"{float(least):g}", weight >= least)
            case conditions.AnyOf(parts):
                each = [self.progress(part) for part in parts]
                haves, needs = (Alternatives(tuple(getattr(p, field) for p in each)) for field in ("have", "need"))
                met = any(p.met for p in each)
                return RequirementProgress(words, message("{these}", these=haves), message("{these}", these=needs), met)
            case conditions.AllOf(parts):
                each = [self.progress(part) for part in parts]
                met = all(p.met for p in each)
                return RequirementProgress(
                    words, list_in_words([p.have for p in each]), list_in_words([p.need for p in each]), met
                )

    def _at_least(self, words: str, population: Population, amount: int | Fraction) -> RequirementProgress:
        if amount == 1 and population == populations.Signatories():
            population = populations.Signatories("closing")  # nobody knows who "all" are before signature has closed
        decided = not isinstance(population, populations.Signatories) or self._resolve(population.on) <= self.day
        have, size = self._count_depositors(population)
        if isinstance(amount, int):
            return RequirementProgress(words, str(have), str(amount), have >= amount)
        need = -(-size * amount.numerator // amount.denominator)  # the next whole number up
        return RequirementProgress(words, _of(have, size), str(need), decided and size > 0 and have >= need)

    def _count_depositors(self, population: Population) -> tuple[int, int]:
        if isinstance(population, populations.Everyone):
            return len(self.depositors), len(self.ledger.participants)
        members = self.members_of(population)
        return len(members & self.depositors), len(members)

    def _weights(self, table: str) -> Mapping[str, Fraction]:
        """The figures of a table on this day: each participant's latest row that counts by then."""
        if not self.ledger.weights(table):
            raise MissingData(message("table {table}", table=table))
        rows = self.ledger.weights_on(table, self.day)
        if not rows:
            raise MissingData(message("figures of table {table} by {date}", table=table, date=self.day))
        return {code: Fraction(str(row.value)) for code, row in rows.items()}

    def _weight(self, weights: Mapping[str, Fraction]) -> Fraction:
        return sum((weights.get(code, Fraction(0)) for code in self.depositors), Fraction(0))


def _share_progress(words: str, share: Fraction, part: Fraction, *, strict: bool = False) -> RequirementProgress:
    met = share > part if strict else share >= part
    return RequirementProgress(words, f"{float(share):.2%}", f"{float(part):.2%}", met)


def _of(have: int, size: int) -> TranslatableText:
    return message("{have} of {size}", have=have, size=size)


def anchor_day(ledger: Ledger, instrument: str, anchor: Anchor) -> date:
    """The exact day of an instrument's adoption, opening or closing; MissingData where the record does not have it."""
    terms = ledger.instrument(instrument)
    stated = {"adoption": terms.adopted_on, "opening": terms.opened_on, "closing": terms.closed_on}[anchor]
    if stated is None or stated.exact is None:
        event = populations.ANCHORS[anchor]
        raise MissingData(message("exact date of {event} ({instrument})", event=event, instrument=terms.name))
    return stated.exact


def relevant_dates(ledger: Ledger, instrument: str, requirements: Iterable[Requirement | Population]) -> set[date]:
    """The days, besides those of deposits, on which a requirement may come to be met."""
    days: set[date] = set()
    for part in requirements:
        match part:
            case conditions.AtLeast(populations.Signatories(None), amount) if amount == 1:
                closed = ledger.instrument(instrument).closed_on
                days |= {closed.last} if closed else set()
            case conditions.AtLeast(population, _) | conditions.MoreThan(population, _):
                days |= relevant_dates(ledger, instrument, [population])
            case conditions.AnyOf(parts) | conditions.AllOf(parts):
                days |= relevant_dates(ledger, instrument, parts)
            case populations.Both(one, other) | populations.Either(one, other) | populations.Except(one, other):
                days |= relevant_dates(ledger, instrument, [one, other])
            case conditions.Share(table, _, _) | conditions.Total(table, _) | populations.Weighing(table, _):
                days |= _row_days(ledger, table)
            case conditions.Ratio(table, _, other_table):
                days |= _row_days(ledger, table) | _row_days(ledger, other_table)
            case populations.MembersOf(body, None):
                days |= {d.last for m in ledger.memberships(body) for d in (m.start, m.end) if d}
            case populations.PartiesTo(other_instrument, None) if other_instrument in ledger.instruments:
                days |= _turning_days(ledger, other_instrument)
            case populations.Signatories(date() as on):
                days.add(on)
            case populations.Signatories(None):
                signed = (act.counts_from for act in signatures(ledger, instrument).values())
                days |= {day for day in signed if day}
    return days


def figures_weighed(ledger: Ledger, instrument: str) -> tuple[Weight, ...]:
    """The figures by which the clause of an instrument weighs its deposits, table by table; most clauses weigh none."""
    clause = clause_of(ledger.instrument(instrument))
    parts = [*clause.held_against, *(part for each in clause.branches for part in each.held_against)]
    return tuple(row for table in dict.fromkeys(_tables(parts)) for row in ledger.weights(table))


def _tables(parts: Iterable[Requirement | Population]) -> Iterator[str]:
    for part in parts:
        match part:
            case conditions.AtLeast(population, _) | conditions.MoreThan(population, _):
                yield from _tables([population])
            case conditions.AnyOf(several) | conditions.AllOf(several):
                yield from _tables(several)
            case populations.Both(one, other) | populations.Either(one, other) | populations.Except(one, other):
                yield from _tables([one, other])
            case conditions.Share(table, _, _) | conditions.Total(table, _) | populations.Weighing(table, _):
                yield table
            case conditions.Ratio(table, _, other_table):
                yield from (table, other_table)


def _row_days(ledger: Ledger, table: str) -> set[date]:
    return {row.on.first for row in ledger.weights(table) if row.on}


def _turning_days(ledger: Ledger, instrument: str) -> set[date]:
    """The days on which someone's consent to an instrument begins or may end."""
    spells = [spell for each in deposits(ledger, instrument).values() for spell in each]
    days = {day for spell in spells for day in (spell.action.counts_from, spell.ends_on) if day}
    delay = clause_of(ledger.instrument(instrument)).withdrawal_delay
    ended = (spell.ended_by for spell in spells if spell.ended_by)
    return days | {day for act in ended if (day := takes_effect(act, delay)[0])}
