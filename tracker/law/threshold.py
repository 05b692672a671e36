"""Which deposits count towards an instrument's threshold, whether its requirements are met, and the explanation.

Each requirement is evaluated on a date: met or not, how far, or undetermined for want of data. The steps of the
explanation are kept as data and as sentences. The date of entry into force follows in `entry_into_force`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tracker.law import clauses, populations
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause, Requirement
from tracker.law.consents import Consent, consents, has_ceased_to_exist, parties_on, signatories, signatures
from tracker.law.dates import AnyDelay, Delay, in_words, ordinal
from tracker.law.ledger import Ledger, memoized, names_in, sort_actions
from tracker.law.model import Action, Instrument
from tracker.law.populations import Population, When


class MissingData(Exception):
    """The record lacks what a clause asks about; the message says what is missing."""


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
            case populations.NamedParticipants(codes):
                return frozenset(codes)
            case populations.MembersOf(body, on):
                return self._members(body, on)
            case populations.PartiesTo(instrument, on):
                if instrument not in ledger.instruments:
                    raise MissingData(f"who is party to '{instrument}', which is not in the record")
                return parties_on(ledger, instrument, self._resolve(on))
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
            raise MissingData(f"the members of '{body}'")
        return self.ledger.members(body, on=self._resolve(on))

    def _resolve(self, on: When) -> date:
        if on is None:
            return self.day
        return on if isinstance(on, date) else anchor_day(self.ledger, self.instrument, on)

    def progress(self, requirement: Requirement) -> RequirementProgress:
        """How far a requirement has come on this day; Lacking where the record cannot tell."""
        words = f"the depositors {requirement.said(names_in(self.ledger))}"
        match requirement:
            case clauses.AtLeast(population, amount):
                have, size = self._counted(population)
                if isinstance(amount, int):
                    return RequirementProgress(words, str(have), str(amount), have >= amount)
                need = -(-size * amount.numerator // amount.denominator)  # the next whole number up
                return RequirementProgress(words, f"{have} of {size}", str(need), size > 0 and have >= need)
            case clauses.Majority(population):
                have, size = self._counted(population)
                return RequirementProgress(words, f"{have} of {size}", str(size // 2 + 1), have * 2 > size)
            case clauses.Share(table, part):
                weights = _weights(self.ledger, table)
                whole = sum(weights.values())
                share = self._weight(weights) / whole if whole else Fraction(0)
                return RequirementProgress(
                    words, f"{float(share):.2%}", f"{float(part):.2%}", bool(whole) and share >= part
                )
            case clauses.Total(table, least):
                weight = self._weight(_weights(self.ledger, table))
                return RequirementProgress(words, f"{float(weight):g}", f"{float(least):g}", weight >= least)
            case clauses.AnyOf(parts):
                each = [self.progress(part) for part in parts]
                return RequirementProgress(
                    words, _joined(each, "or", "have"), _joined(each, "or", "need"), any(p.met for p in each)
                )
            case clauses.AllOf(parts):
                each = [self.progress(part) for part in parts]
                met = all(p.met for p in each)
                return RequirementProgress(words, _joined(each, "and", "have"), _joined(each, "and", "need"), met)

    def _counted(self, population: Population) -> tuple[int, int]:
        if isinstance(population, populations.Everyone):
            return len(self.depositors), len(self.ledger.participants)
        members = self.members_of(population)
        return len(members & self.depositors), len(members)

    def _weight(self, weights: dict[str, Fraction]) -> Fraction:
        return sum((weights.get(code, Fraction(0)) for code in self.depositors), Fraction(0))


@memoized
def _weights(ledger: Ledger, table: str) -> dict[str, Fraction]:
    weights = ledger.weights(table)
    if not weights:
        raise MissingData(f"the table '{table}'")
    return {code: Fraction(str(weight.value)) for code, weight in weights.items()}


def _joined(parts: Iterable[RequirementProgress], word: str, field: str) -> str:
    return f" {word} ".join(getattr(part, field) for part in parts)


def anchor_day(ledger: Ledger, instrument: str, anchor: str) -> date:
    """The exact day of an instrument's adoption or opening; Lacking where the record does not have it."""
    terms = ledger.instrument(instrument)
    stated = {"adoption": terms.adopted_on, "opening": terms.opened_on}[anchor]
    if stated is None or stated.exact is None:
        raise MissingData(f"the exact day of the {anchor} of '{instrument}'")
    return stated.exact


def relevant_dates(ledger: Ledger, instrument: str, requirements: Iterable[Requirement | Population]) -> set[date]:
    """The days, besides those of deposits, on which a requirement may come to be met."""
    days: set[date] = set()
    for part in requirements:
        match part:
            case clauses.AtLeast(population, _) | clauses.Majority(population):
                days |= relevant_dates(ledger, instrument, [population])
            case clauses.AnyOf(parts) | clauses.AllOf(parts):
                days |= relevant_dates(ledger, instrument, parts)
            case populations.Both(one, other) | populations.Either(one, other) | populations.Except(one, other):
                days |= relevant_dates(ledger, instrument, [one, other])
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


_FEW = 6  # names written out in a sentence before the rest become a number


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


@dataclass(frozen=True, slots=True)
class ThresholdReached:
    """The first day on which all requirements were there, and by whose deposits."""

    day: date
    by: tuple[Action, ...]


@memoized
def counting_consents(ledger: Ledger, instrument: str) -> tuple[Consent, ...]:
    """The consents to an instrument whose deposits count, on the days on which they hold."""
    clause = clause_of(ledger.instrument(instrument))
    spells = (spell for each in consents(ledger, instrument).values() for spell in each)
    return tuple(spell for spell in spells if _why_not(ledger, clause, spell.action) is None)


def _why_not(ledger: Ledger, clause: Clause, act: Action) -> str | None:
    who = ledger.participants.get(act.participant)
    if who and who.is_organization and not clause.organizations_count:
        return "an organization's deposit is not additional to those of its members"
    if clause.acts and act.kind not in clause.acts:
        return f"the clause does not count {act.kind.words}"
    return None


@dataclass(frozen=True, slots=True)
class DepositCount:
    """The deposits of one instrument held against its clause, up to the day `day`."""

    ledger: Ledger
    terms: Instrument
    clause: Clause
    day: date

    def _why_not(self, act: Action) -> str | None:
        return _why_not(self.ledger, self.clause, act)

    def _held(self, day: date) -> list[Consent]:
        """The consents that hold on a day, of those whose deposits count at all."""
        ledger, spells = self.ledger, counting_consents(self.ledger, self.terms.id)
        return [
            spell for spell in spells if spell.holds_on(day) and not has_ceased_to_exist(ledger, spell.participant, day)
        ]

    def live(self, day: date) -> list[Consent]:
        """The consents that count on a day; Lacking where the record cannot tell."""
        held = self._held(day)
        if self.clause.by is None:
            return held
        entitled = self._situation(day, frozenset()).members_of(self.clause.by)
        return [spell for spell in held if spell.participant in entitled]

    def not_counted(self, counted: Iterable[Action]) -> Iterator[UncountedDeposit]:
        """The consents that are not among those counted on the ledger's day, each with the reason."""
        live = set(map(id, counted))
        for spells in consents(self.ledger, self.terms.id).values():
            for spell in spells:
                if id(spell.action) not in live:
                    yield UncountedDeposit(spell.action, self._why_not(spell.action) or self._why_gone(spell))
        for act in self.ledger.undated(self.terms.id):
            if act.kind.consents:
                yield UncountedDeposit(act, "the record does not have its day")

    def _why_gone(self, spell: Consent) -> str:
        if spell.ends_on and spell.ends_on <= self.day:
            return f"withdrawn with effect from {in_words(spell.ends_on)}"
        if has_ceased_to_exist(self.ledger, spell.participant, self.day):
            return "its author no longer exists"
        return "its author is not among those whose deposits count"

    def _situation(self, day: date, depositors: frozenset[str]) -> CountingSituation:
        return CountingSituation(self.ledger, self.terms.id, day, depositors)

    def now(self) -> CountingSituation:
        """The deposits that count on the ledger's day."""
        return self._situation(self.day, frozenset(spell.participant for spell in self.live(self.day)))

    def reached(self) -> ThresholdReached | None:
        """The first day on which everything the clause requires was there; None if it never was."""
        if not self.clause.is_stated:
            raise MissingData("the clause on entry into force")
        for day in self._days_worth_asking():
            held = self._held(day)
            if self._enough(day, held):
                by = sorted((s.action for s in held if s.action.known_by == day), key=sort_actions)
                return ThresholdReached(day, tuple(by))
        return None

    def _days_worth_asking(self) -> Iterator[date]:
        """The days on which something changed, from the first that can have seen enough deposits."""
        spells = counting_consents(self.ledger, self.terms.id)
        given = sorted(day for spell in spells if (day := spell.action.known_by))
        needed = self.clause.threshold or 0
        if len(given) < needed:
            return
        earliest = given[needed - 1] if needed else date.min
        if needed:
            yield earliest
        yield from (day for day in self.days(spells) if day > earliest)

    def _enough(self, day: date, held: Sequence[Consent]) -> bool:
        if self.clause.by is not None:
            entitled = self._situation(day, frozenset()).members_of(self.clause.by)
            held = [spell for spell in held if spell.participant in entitled]
        if self.clause.threshold and len(held) < self.clause.threshold:
            return False
        situation = self._situation(day, frozenset(spell.participant for spell in held))
        return all(situation.progress(part).met for part in self.clause.requirements)

    def days(self, spells: Sequence[Consent]) -> list[date]:
        """The days up to the ledger's on which the deposits, or what they are held against, changed."""
        days: set[date | None] = {spell.action.known_by for spell in spells} | {spell.ends_on for spell in spells}
        days |= {self.ledger.endings.get(spell.participant) for spell in spells}
        asked = [*self.clause.requirements, *([self.clause.by] if self.clause.by else [])]
        days |= relevant_dates(self.ledger, self.terms.id, asked)
        return sorted(day for day in days if day is not None and day <= self.day)

    def uncertain(self, reached: ThresholdReached | None) -> tuple[str, ...]:
        """What the record lacks of deposits that might have met the requirements on an earlier day."""
        undated = [act for act in self.ledger.undated(self.terms.id) if act.kind.consents]
        vague = [spell.action for spell in counting_consents(self.ledger, self.terms.id) if spell.action.day is None]
        loose = [act for act in (*undated, *vague) if self._why_not(act) is None and self._might_precede(act, reached)]
        short = reached is None and self.clause.threshold is not None
        if not loose or (short and len(self.live(self.day)) + len(undated) < (self.clause.threshold or 0)):
            return ()
        return (f"the day of {deposits_in_words(len(loose))} that may have come first",)

    def _might_precede(self, act: Action, reached: ThresholdReached | None) -> bool:
        """Might the act's unknown day have made the threshold an earlier day than the one found?"""
        earliest = act.date.first if act.date else self.terms.opened_on.first if self.terms.opened_on else date.min
        if reached is None:
            return True
        counted_before = act.date is not None and act.date.last < reached.day
        only_counts = not self.clause.requirements and self.clause.by is None
        return earliest < reached.day and not (counted_before and only_counts)
