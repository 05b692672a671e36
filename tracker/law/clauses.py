"""Final clauses as values: what must be deposited, by whom, and what then follows.

A `Clause` joins the requirements of `conditions` with settings: which acts count, what must come
first, how long it takes, when it ends. It prints itself in the text form of `data/treaties.csv`
(`str`) and as English sentences (`words`). Reading the text form is `grammar`'s work, applying a
clause to a record is `force`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.law.conditions import Anchor, Population, Requirement
from tracker.law.dates import in_words
from tracker.law.delays import AnyDelay, ordinal
from tracker.law.model import ActionKind


@dataclass(frozen=True, slots=True)
class Floor:
    """A day before which the instrument does not enter into force: a date, or a time after an anchor."""

    anchor: date | Anchor
    delay: AnyDelay | None = None

    def __str__(self) -> str:
        return f"not-before={self.anchor}" + (f"+{self.delay}" if self.delay else "")

    @property
    def words(self) -> str:
        if isinstance(self.anchor, date):
            return in_words(self.anchor)
        event = {"adoption": "its adoption", "opening": "its opening for signature"}[self.anchor]
        return f"{self.delay.words} {event}" if self.delay else event


@dataclass(frozen=True, slots=True)
class EndsBelow:
    """The instrument ends when its parties fall below a number (for so long, where the clause says so)."""

    parties: int
    lasting: AnyDelay | None = None

    def __str__(self) -> str:
        return f"ends-below={self.parties}" + (f" for {self.lasting}" if self.lasting else "")


@dataclass(frozen=True, slots=True)
class Clause:
    """The final clauses of one instrument, as far as they decide who is bound and when.

    `threshold` is the plain number of deposits; `requirements` come on top of it. Periods are None
    where the record does not give them.
    """

    threshold: int | None = None
    delay: AnyDelay | None = None
    party_delay: AnyDelay | None = None
    withdrawal_delay: AnyDelay | None = None
    requirements: tuple[Requirement, ...] = ()
    organizations_count: bool = False
    acts: tuple[ActionKind, ...] = ()
    by: Population | None = None
    requires: tuple[str, ...] = ()
    not_before: Floor | None = None
    on: date | None = None
    party_delays: tuple[tuple[ActionKind | Literal["reio"], AnyDelay], ...] = ()
    ends_below: EndsBelow | None = None
    ends_after: AnyDelay | None = None
    no_withdrawal_before: AnyDelay | None = None

    @property
    def is_stated(self) -> bool:
        """Does the clause say anything from which an entry into force can follow?"""
        return self.threshold is not None or bool(self.requirements)

    def __str__(self) -> str:
        """The `conditions` text: everything but the columns of their own (threshold, delays)."""
        settings = [
            "reio=yes" if self.organizations_count else "",
            f"acts={'|'.join(self.acts)}" if self.acts else "",
            f"by={self.by}" if self.by else "",
            *(f"requires={each}" for each in self.requires),
            *map(str, self.requirements),
            str(self.not_before or ""),
            f"on={self.on}" if self.on else "",
            *(f"party-delay({who})={delay}" for who, delay in self.party_delays),
            str(self.ends_below or ""),
            f"ends-after={self.ends_after}" if self.ends_after else "",
            f"no-withdrawal-before={self.no_withdrawal_before}" if self.no_withdrawal_before else "",
        ]
        return "; ".join(filter(None, settings))

    @property
    def words(self) -> str:
        """The clause as plain English sentences."""
        sentences = [self._entry, *self._provisos, *self._endings]
        return " ".join(sentence[0].upper() + sentence[1:] + "." for sentence in sentences if sentence)

    @property
    def what_is_needed(self) -> str:
        """What must have been deposited, as a noun phrase."""
        parts = [part.words for part in self.requirements]
        if self.threshold is None:
            return "the deposit of instruments by " + " and by ".join(parts)
        acts = "instrument" if not self.acts else f"instrument of {_or(kind.words for kind in self.acts)}"
        count = f"the deposit of the {ordinal(self.threshold)} {acts}" + (f" by {self.by.words}" if self.by else "")
        return count + (", counting among the depositors " + " and ".join(parts) if parts else "")

    @property
    def _entry(self) -> str:
        if not self.is_stated:
            return "the record holds no clause on entry into force"
        after = self.delay.words if self.delay else "an unrecorded time after"
        if self.on:
            return (
                f"it enters into force on {in_words(self.on)} if by then there has been {self.what_is_needed}; "
                f"otherwise {after} that condition is met"
            )
        return f"it enters into force {'on ' if after.startswith('the') else ''}{after} {self.what_is_needed}"

    @property
    def _provisos(self) -> list[str]:
        found = [f"it does not enter into force before {each} does" for each in self.requires]
        if self.not_before:
            found.append(f"it does not enter into force before {self.not_before.words}")
        if self.is_stated and not self.organizations_count:
            found.append("a deposit by an organization is not counted as additional to those of its members")
        if self.party_delay:
            found.append(f"for each later depositor it enters into force {self.party_delay.words} its own deposit")
        found += [
            f"for {'an organization' if who == 'reio' else 'a depositor by ' + ActionKind(who).words} "
            f"that is {delay.words} its own deposit"
            for who, delay in self.party_delays
        ]
        return found

    @property
    def _endings(self) -> list[str]:
        found = []
        if self.withdrawal_delay:
            found.append(f"a withdrawal takes effect {self.withdrawal_delay.words} its notification")
        if self.no_withdrawal_before:
            found.append(f"no withdrawal may be notified before {self.no_withdrawal_before.words} entry into force")
        if self.ends_below:
            lasting = f" and stay so: {self.ends_below.lasting.words} the fall" if self.ends_below.lasting else ""
            found.append(f"it ends when its parties become fewer than {self.ends_below.parties}{lasting}")
        if self.ends_after:
            found.append(f"it ends {self.ends_after.words} its entry into force")
        return found


def _or(items: Iterable[str]) -> str:
    return " or ".join(items)
