"""Which deposits count towards an instrument's threshold, and when it was reached.

The walk goes through the days on which something changed, up to the first on which everything the
clause requires was there. A deposit counts while its consent holds and its author exists; one
whose day the record lacks may make the answer uncertain, and that is said, not guessed. What
follows from the day reached is `force`'s question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.law import working
from tracker.law.clauses import Clause
from tracker.law.dates import in_words
from tracker.law.deposits import Consent, ceased, consents
from tracker.law.grammar import clause_of
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Action, Instrument
from tracker.law.requirements import Lacking, Situation, days_that_matter
from tracker.law.timeline import in_order
from tracker.law.working import NotCounted


@dataclass(frozen=True, slots=True)
class Reached:
    """The first day on which all requirements were there, and by whose deposits."""

    day: date
    by: tuple[Action, ...]


@remembered
def candidates(ledger: Ledger, instrument: str) -> tuple[Consent, ...]:
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
class Count:
    """The deposits of one instrument held against its clause, up to the day `day`."""

    ledger: Ledger
    terms: Instrument
    clause: Clause
    day: date

    def _why_not(self, act: Action) -> str | None:
        return _why_not(self.ledger, self.clause, act)

    def _held(self, day: date) -> list[Consent]:
        """The consents that hold on a day, of those whose deposits count at all."""
        ledger, spells = self.ledger, candidates(self.ledger, self.terms.id)
        return [spell for spell in spells if spell.holds_on(day) and not ceased(ledger, spell.participant, day)]

    def live(self, day: date) -> list[Consent]:
        """The consents that count on a day; Lacking where the record cannot tell."""
        held = self._held(day)
        if self.clause.by is None:
            return held
        entitled = self._situation(day, frozenset()).members_of(self.clause.by)
        return [spell for spell in held if spell.participant in entitled]

    def not_counted(self, counted: Iterable[Action]) -> Iterator[NotCounted]:
        """The consents that are not among those counted on the ledger's day, each with the reason."""
        live = set(map(id, counted))
        for spells in consents(self.ledger, self.terms.id).values():
            for spell in spells:
                if id(spell.action) not in live:
                    yield NotCounted(spell.action, self._why_not(spell.action) or self._why_gone(spell))
        for act in self.ledger.undated(self.terms.id):
            if act.kind.consents:
                yield NotCounted(act, "the record does not have its day")

    def _why_gone(self, spell: Consent) -> str:
        if spell.ends_on and spell.ends_on <= self.day:
            return f"withdrawn with effect from {in_words(spell.ends_on)}"
        if ceased(self.ledger, spell.participant, self.day):
            return "its author no longer exists"
        return "its author is not among those whose deposits count"

    def _situation(self, day: date, depositors: frozenset[str]) -> Situation:
        return Situation(self.ledger, self.terms.id, day, depositors)

    def now(self) -> Situation:
        """The deposits that count on the ledger's day."""
        return self._situation(self.day, frozenset(spell.participant for spell in self.live(self.day)))

    def reached(self) -> Reached | None:
        """The first day on which everything the clause requires was there; None if it never was."""
        if not self.clause.is_stated:
            raise Lacking("the clause on entry into force")
        for day in self._days_worth_asking():
            held = self._held(day)
            if self._enough(day, held):
                by = sorted((s.action for s in held if s.action.known_by == day), key=in_order)
                return Reached(day, tuple(by))
        return None

    def _days_worth_asking(self) -> Iterator[date]:
        """The days on which something changed, from the first that can have seen enough deposits."""
        spells = candidates(self.ledger, self.terms.id)
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
        days |= days_that_matter(self.ledger, self.terms.id, asked)
        return sorted(day for day in days if day is not None and day <= self.day)

    def uncertain(self, reached: Reached | None) -> tuple[str, ...]:
        """What the record lacks of deposits that might have met the requirements on an earlier day."""
        undated = [act for act in self.ledger.undated(self.terms.id) if act.kind.consents]
        vague = [spell.action for spell in candidates(self.ledger, self.terms.id) if spell.action.day is None]
        loose = [act for act in (*undated, *vague) if self._why_not(act) is None and self._might_precede(act, reached)]
        short = reached is None and self.clause.threshold is not None
        if not loose or (short and len(self.live(self.day)) + len(undated) < (self.clause.threshold or 0)):
            return ()
        return (f"the day of {working.deposits_in_words(len(loose))} that may have come first",)

    def _might_precede(self, act: Action, reached: Reached | None) -> bool:
        """Might the act's unknown day have made the threshold an earlier day than the one found?"""
        earliest = act.date.first if act.date else self.terms.opened_on.first if self.terms.opened_on else date.min
        if reached is None:
            return True
        counted_before = act.date is not None and act.date.last < reached.day
        only_counts = not self.clause.requirements and self.clause.by is None
        return earliest < reached.day and not (counted_before and only_counts)
