"""Final clauses as values, and as English: what must be deposited, what then follows, for whom, and until when.

What may be required of the depositors is in `conditions`, the text form in `clause_parser`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tracker.law.conditions import Requirement, part_in_words
from tracker.law.dates import AnyDelay, Delay, after_in_words, in_words, ordinal
from tracker.law.model import ActionKind
from tracker.law.populations import ANCHORS, Anchor, Everyone, MembersOf, Names, Population, join_words


@dataclass(frozen=True, slots=True)
class EarliestEntry:
    """A day before which the instrument does not enter into force: a date, or a time after an anchor."""

    anchor: date | Anchor
    delay: AnyDelay | None = None

    def __str__(self) -> str:
        return f"not-before={self.anchor}" + (f"+{self.delay}" if self.delay else "")

    @property
    def words(self) -> str:
        if isinstance(self.anchor, date):
            return in_words(self.anchor)
        event = ANCHORS[self.anchor]
        return f"{self.delay.words} {event}" if self.delay else event


@dataclass(frozen=True, slots=True)
class EndsBelow:
    """The instrument ends when its parties fall below a number (for so long, where the clause says so)."""

    parties: int
    lasting: AnyDelay | None = None

    def __str__(self) -> str:
        return f"ends-below={self.parties}" + (f" for {self.lasting}" if self.lasting else "")

    @property
    def words(self) -> str:
        """What the parties do that ends it."""
        stay = f" and stay so for {_period(self.lasting)}" if self.lasting else ""
        return f"become fewer than {self.parties}{stay}"


@dataclass(frozen=True, slots=True)
class WithdrawalWindow:
    """A time in which alone a withdrawal may be notified, and how often it comes round."""

    lasting: AnyDelay
    every: AnyDelay

    def __str__(self) -> str:
        return f"withdrawal-window={self.lasting} every {self.every}"


@dataclass(frozen=True, slots=True)
class TacitAcceptance:
    """An amendment counts as accepted unless so large a part of the parties objects by a day (IMO conventions)."""

    part: Fraction
    by: date

    def __str__(self) -> str:
        return f"objections<{self.part} by {self.by}"

    @property
    def words(self) -> str:
        return f"unless {part_in_words(self.part)} of the parties to the treaty have objected by {in_words(self.by)}"


@dataclass(frozen=True, slots=True)
class CeasesWith:
    """Consent ends when its author is no longer a member of a body, or so long after that."""

    members: MembersOf
    delay: AnyDelay | None = None

    def __str__(self) -> str:
        return f"ceases-with={self.members}" + (f"+{self.delay}" if self.delay else "")


@dataclass(frozen=True, slots=True)
class Clause:
    """The final clauses of one instrument, as far as they decide who is bound and when.

    `threshold` is the plain number of deposits; `requirements` and `events` come on top of it. Where there are
    `branches`, each is a way into force of its own, and the first to get there decides. Periods are None where the
    record does not give them. `late_after_entry`: a participant's own period applies only to deposits made after the
    entry into force.
    """

    threshold: int | None = None
    delay: AnyDelay | None = None
    party_delay: AnyDelay | None = None
    withdrawal_delay: AnyDelay | None = None
    requirements: tuple[Requirement, ...] = ()
    events: tuple[str, ...] = ()
    tacit: TacitAcceptance | None = None
    branches: tuple[Clause, ...] = ()
    organizations_count: bool = False
    organizations_as: Population | None = None
    acts: tuple[ActionKind, ...] = ()
    by: Population | None = None
    requires: tuple[str, ...] = ()
    not_before: EarliestEntry | None = None
    on: date | None = None
    party_delays: tuple[tuple[ActionKind | Literal["reio"], AnyDelay], ...] = ()
    late_after_entry: bool = False
    party_requires: str = ""
    binds_all: bool = False
    falls_with: str = ""
    denounced_by: tuple[str, ...] = ()
    ceases_with: CeasesWith | None = None
    consent_lasts: AnyDelay | None = None
    obligations_last: AnyDelay | None = None
    ends_below: EndsBelow | None = None
    ends_after: AnyDelay | None = None
    no_withdrawal_before: AnyDelay | None = None
    withdrawal_window: WithdrawalWindow | None = None

    @property
    def asks_for_deposits(self) -> bool:
        """Does the entry into force depend on deposits?"""
        return self.threshold is not None or bool(self.requirements)

    @property
    def is_stated(self) -> bool:
        """Does the clause say anything from which an entry into force can follow?"""
        return bool(self.asks_for_deposits or self.events or self.tacit or self.branches or self.on)

    @property
    def is_fixed(self) -> bool:
        """Does it enter into force on a day that the clause fixes, whatever has been deposited?"""
        return self.on is not None and not (self.asks_for_deposits or self.events or self.tacit or self.branches)

    @property
    def held_against(self) -> tuple[Requirement | Population, ...]:
        """Everything that the deposits are held against."""
        whom = (each for each in (self.by, self.organizations_as) if each)
        return (*self.requirements, *whom)

    @property
    def ends_by_others(self) -> tuple[str, ...]:
        """The instruments with which, or by which, a consent to this one may end."""
        return tuple(filter(None, (self.falls_with, self.party_requires, *self.denounced_by)))

    def __str__(self) -> str:
        """The `conditions` text: everything but the columns of their own (threshold, delays)."""
        return "; ".join(filter(None, (*self._written_entry(), *self._written_effects(), *self._written_ends())))

    def _written_entry(self) -> Iterator[str]:
        yield "reio=yes" if self.organizations_count else ""
        yield f"reio={self.organizations_as}" if self.organizations_as else ""
        yield f"acts={'|'.join(self.acts)}" if self.acts else ""
        yield f"by={self.by}" if self.by else ""
        yield from (f"requires={each}" for each in self.requires)
        yield from map(str, self.requirements)
        yield from (f"event={each}" for each in self.events)
        yield f"tacit={self.tacit}" if self.tacit else ""
        yield f"any({', '.join(each._as_branch() for each in self.branches)})" if self.branches else ""
        yield str(self.not_before or "")
        yield f"on={self.on}" if self.on else ""

    def _as_branch(self) -> str:
        parts = [*map(str, self.requirements), str(self.not_before or ""), f"on={self.on}" if self.on else ""]
        parts.append(f"delay={self.delay}" if self.delay else "")
        return f"clause({'; '.join(filter(None, parts))})"

    def _written_effects(self) -> Iterator[str]:
        yield from (f"party-delay({who})={delay}" for who, delay in self.party_delays)
        yield "late=after-entry" if self.late_after_entry else ""
        yield f"party-requires={self.party_requires}" if self.party_requires else ""
        yield "binds=all" if self.binds_all else ""

    def _written_ends(self) -> Iterator[str]:
        yield f"falls-with={self.falls_with}" if self.falls_with else ""
        yield from (f"denounced-by={each}" for each in self.denounced_by)
        yield str(self.ceases_with or "")
        yield f"consent-lasts={self.consent_lasts}" if self.consent_lasts else ""
        yield f"obligations-last={self.obligations_last}" if self.obligations_last else ""
        yield str(self.ends_below or "")
        yield f"ends-after={self.ends_after}" if self.ends_after else ""
        yield f"no-withdrawal-before={self.no_withdrawal_before}" if self.no_withdrawal_before else ""
        yield str(self.withdrawal_window or "")

    @property
    def words(self) -> str:
        """The clause as plain English sentences, with ids as they are."""
        return self.sentence(str)

    def sentence(self, name: Names) -> str:
        """The clause as plain English sentences, calling what it names by id as `name` does."""
        found = [self._entry(name), *self._provisos(name), *self._effects(name), *self._endings(name)]
        return " ".join(each[0].upper() + each[1:] + "." for each in found)

    def _needed(self, name: Names) -> str:
        """What must have been deposited, as a noun phrase."""
        acts = f" of {_or([kind.words for kind in self.acts])}" if self.acts else ""
        if self.threshold and not self.by and not self.requirements:
            return f"the deposit of the {ordinal(self.threshold)} instrument{acts}"
        who: Population = self.by or Everyone()
        depositors = who.some(self.threshold, name) if self.threshold else who.said(name)
        asked = join_words([part.said(name) for part in self.requirements]) if self.requirements else ""
        return f"the deposit of instruments{acts} by {depositors}" + (f" that {asked}" if asked else "")

    def _entry(self, name: Names) -> str:
        if not self.is_stated:
            return "the record holds no clause on entry into force"
        if self.branches:
            ways = [f"{each._way(name)}{each._floor_in_words}" for each in self.branches]
            return f"it {', or '.join(ways)}, whichever comes first"
        return f"it {self._way(name)}"

    def _way(self, name: Names) -> str:
        """How it enters into force, as it follows 'it'."""
        if self.is_fixed and self.on:
            return f"enters into force on {in_words(self.on)}"
        after = after_in_words(self.delay) if self.delay else "an unrecorded time after"
        if self.tacit and not (self.asks_for_deposits or self.events):
            return f"enters into force {after} {in_words(self.tacit.by)}, {self.tacit.words}"
        needed = join_words([*self._needed_parts(name)])
        if self.on:
            return f"enters into force on {in_words(self.on)} where {needed} has come by then, otherwise {after} it"
        return f"enters into force {after} {needed}"

    @property
    def _floor_in_words(self) -> str:
        return f" but not before {self.not_before.words}" if self.not_before else ""

    def _needed_parts(self, name: Names) -> Iterator[str]:
        if self.asks_for_deposits:
            yield self._needed(name)
        yield from (f"the event '{each}'" for each in self.events)

    def _provisos(self, name: Names) -> Iterator[str]:
        yield from (f"it does not enter into force before {name(each)} does" for each in self.requires)
        if self.not_before:
            yield f"it does not enter into force before {self.not_before.words}"
        if self.organizations_as:
            yield f"an organization's deposit counts as one of each of the {self.organizations_as.said(name)}"
        elif (self.asks_for_deposits or self.branches) and not self.organizations_count:
            yield "a deposit by an organization is not counted as additional to those of its members"

    def _effects(self, name: Names) -> Iterator[str]:
        if self.party_delay:
            yield f"for each later depositor it enters into force {after_in_words(self.party_delay)} its own deposit"
        for who, delay in self.party_delays:
            yield f"for {_whom(who)} it does so {after_in_words(delay)} its own deposit"
        if self.late_after_entry:
            yield "one that deposits before it enters into force is bound with it"
        if self.party_requires:
            yield f"it binds no depositor before {name(self.party_requires)} does"
        if self.binds_all:
            yield "once in force it binds all parties to the treaty that it amends"

    def _endings(self, name: Names) -> Iterator[str]:
        if self.withdrawal_delay:
            yield f"a withdrawal takes effect {after_in_words(self.withdrawal_delay)} its notification"
        if self.no_withdrawal_before:
            early = after_in_words(self.no_withdrawal_before)
            yield f"no withdrawal may be notified before {early} entry into force for the one that withdraws"
        if self.withdrawal_window:
            lasting, every = (_period(each) for each in (self.withdrawal_window.lasting, self.withdrawal_window.every))
            yield f"a withdrawal may be notified only within {lasting} after each period of {every} in force"
        yield from self._endings_by_others(name)
        if self.consent_lasts:
            yield f"each consent lasts for {_period(self.consent_lasts)} and may be renewed"
        if self.obligations_last:
            yield f"what has arisen under it binds one that has left for another {_period(self.obligations_last)}"
        if self.ends_below:
            yield f"it ends when its parties {self.ends_below.words}"
        if self.ends_after:
            yield f"it ends {after_in_words(self.ends_after)} its entry into force"

    def _endings_by_others(self, name: Names) -> Iterator[str]:
        if self.falls_with:
            yield f"withdrawal from {name(self.falls_with)} entails withdrawal from it"
        if self.denounced_by:
            yield f"it ceases to bind one that comes to be bound by {_or([name(each) for each in self.denounced_by])}"
        if self.ceases_with:
            body, delay = self.ceases_with.members.said(name), self.ceases_with.delay
            when = f"{_period(delay)} after it is" if delay else "when it is"
            yield f"it ceases to bind a party {when} no longer among the {body}"


def _period(delay: AnyDelay) -> str:
    return delay.period if isinstance(delay, Delay) else str(delay)


def _whom(who: ActionKind | Literal["reio"]) -> str:
    return "an organization" if who == "reio" else f"one that deposits by {ActionKind(who).words}"


def _or(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"
