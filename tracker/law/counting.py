"""Which deposits count towards an instrument's threshold, and when it was reached.

The walk goes through the days on which something changed, up to the first on which everything the
clause requires was there. A deposit counts while its consent holds and its author exists; one
whose day the record lacks may make the answer uncertain, and that is said, not guessed. What
follows from the day reached is `force`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.law import working
from tracker.law.clauses import Clause
from tracker.law.dates import in_words
from tracker.law.deposits import Consent, ceased, ceases_on, consents
from tracker.law.ledger import Ledger
from tracker.law.model import Action, Instrument
from tracker.law.requirements import Lacking, Situation, days_that_matter
from tracker.law.timeline import in_order
from tracker.law.working import NotCounted


@dataclass(frozen=True, slots=True)
class Reached:
    """The first day on which all requirements were there, and by whose deposits."""

    day: date
    by: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The deposits of one instrument held against its clause, up to the day `day`."""

    ledger: Ledger
    terms: Instrument
    clause: Clause
    day: date

    def candidates(self) -> Iterator[Consent]:
        """The spells whose deposits count, if the day is right."""
        for spells in consents(self.ledger, self.terms.id).values():
            yield from (spell for spell in spells if self._why_not(spell.action) is None)

    def _why_not(self, act: Action) -> str | None:
        who = self.ledger.participants.get(act.participant)
        if who and who.is_organization and not self.clause.organizations_count:
            return "an organization's deposit is not additional to those of its members"
        if self.clause.acts and act.kind not in self.clause.acts:
            return f"the clause does not count {act.kind.words}"
        return None

    def live(self, day: date) -> list[Consent]:
        """The consents that count on a day, oldest first; Lacking where the record cannot tell."""
        held = [s for s in self.candidates() if s.holds_on(day) and not ceased(self.ledger, s.participant, day)]
        if self.clause.by is None:
            return held
        entitled = self._situation(day, frozenset()).members_of(self.clause.by)
        return [spell for spell in held if spell.participant in entitled]

    def not_counted(self) -> Iterator[NotCounted]:
        """The consents that do not count on the ledger's day, each with the reason."""
        live = {id(spell.action) for spell in self.live(self.day)}
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
        spells = list(self.candidates())
        for day in self.days(spells):
            held = [s for s in spells if s.holds_on(day) and not ceased(self.ledger, s.participant, day)]
            if self.clause.threshold and len(held) < self.clause.threshold:
                continue
            if self._enough(day, held):
                by = sorted((s.action for s in held if s.action.known_by == day), key=in_order)
                return Reached(day, tuple(by))
        return None

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
        days |= {ceases_on(self.ledger, spell.participant) for spell in spells}
        asked = [*self.clause.requirements, *([self.clause.by] if self.clause.by else [])]
        days |= days_that_matter(self.ledger, self.terms.id, asked)
        return sorted(day for day in days if day is not None and day <= self.day)

    def uncertain(self, reached: Reached | None) -> tuple[str, ...]:
        """What the record lacks of deposits that might have met the requirements on an earlier day."""
        undated = [act for act in self.ledger.undated(self.terms.id) if act.kind.consents]
        vague = [spell.action for spell in self.candidates() if spell.action.day is None]
        loose = [act for act in (*undated, *vague) if self._why_not(act) is None and self._might_precede(act, reached)]
        short = reached is None and self.clause.threshold is not None
        if not loose or (short and len(self.live(self.day)) + len(undated) < (self.clause.threshold or 0)):
            return ()
        return (f"the day of {working.deposits_in_words(len(loose))} that may have come first",)

    def _might_precede(self, act: Action, reached: Reached | None) -> bool:
        earliest = act.date.first if act.date else self.terms.opened_on.first if self.terms.opened_on else date.min
        return reached is None or earliest < reached.day
