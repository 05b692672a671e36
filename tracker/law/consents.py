"""Who has signed, and the spells of consent of one participant: from an act of consent to what ends it.

Treaty actions are read as spells: from a ratification, acceptance, approval, accession or succession to a withdrawal.
Which of them hold on a day, once the notice periods of a treaty in force have run, is asked in `entry_into_force`.

What follows from the acts on one treaty, worked out once for the views of all days instead of for each day again.

Views of one record see the same acts, each up to its day. What follows from the acts of one participant up to a day
changes only where that participant has acted since, and what follows from that and a few dates is the same wherever
those are. All of it is held as long as the acts are the same; of records with very many acts, what was last asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from threading import Lock
from typing import Any, TypeVar, cast

from cachetools import LRUCache

from tracker.law.action_index import ActionTimeline
from tracker.law.dates import AnyDelay
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind, Instrument, Participant
from tracker.law.reference_facts import END_OF_TIME

V = TypeVar("V")

MAX_ACTS = 50_000  # of which results are held at a time; a collection of 300 treaties has some 30,000
MAX_TABLES = 8  # of one treaty: one for each entry into force that follows for some days


class SharedActs:
    """The acts on one treaty that concern States themselves, and what follows from them, for the views of all days.

    An act for a territory alone is left out; those of a State that another one continues stand under the one that
    continues it. All that it gives holds for these participants and these terms (`fits`). `all_exact`: of
    each act on the treaty, for territories too, the day is known.
    """

    def __init__(self, ledger: Ledger, terms: Instrument, timeline: ActionTimeline) -> None:
        self._participants, self._terms = ledger.participants, terms
        self.size = max(1, len(timeline.acts))
        self.all_exact = all(act.is_exact for act in timeline if act.retracted_at is None)
        self._acts = tuple(act for act in timeline.live_until(END_OF_TIME) if not act.territory)
        self._days = [act.counts_from or END_OF_TIME for act in self._acts]
        self._persons = [ledger.continuing(act.participant) for act in self._acts]
        acts: dict[str, list[Action]] = {}
        for code, act in zip(self._persons, self._acts, strict=True):
            acts.setdefault(code, []).append(act)
        self._by_person = {code: tuple(each) for code, each in acts.items()}
        self._whole: dict[str, Mapping[str, Any]] = {}
        self._parts: dict[tuple[str, str, int], Any] = {}
        self._firsts: dict[str, tuple[Mapping[str, Action], Sequence[date]]] = {}
        self._tables: dict[Hashable, dict[str, Any]] = {}

    def fits(self, participants: Mapping[str, Participant], terms: Instrument) -> bool:
        """Does what was worked out hold for these participants and these terms too?"""
        return self._participants is participants and self._terms is terms

    def per_person(self, what: str, day: date, follows: Callable[[str, Sequence[Action]], V]) -> Mapping[str, V]:
        """What follows from the acts of each participant up to a day, in the order of their first acts.

        `what` names the question; those for whom nothing follows are left out.
        """
        whole = self._whole.get(what)
        if whole is None:
            each = ((code, follows(code, acts)) for code, acts in self._by_person.items())
            whole = self._whole[what] = {code: found for code, found in each if found}
        later = Counter(self._persons[bisect_right(self._days, day) :])
        if not later:
            return whole
        found = dict(whole)
        for code, number in later.items():
            part = self._part(what, code, len(self._by_person[code]) - number, follows)
            if part:
                found[code] = part
            else:
                found.pop(code, None)
        return found

    def _part(self, what: str, code: str, number: int, follows: Callable[[str, Sequence[Action]], V]) -> V | None:
        """What follows from the first acts of a participant."""
        if not number:
            return None
        key = (what, code, number)
        if key not in self._parts:
            self._parts[key] = follows(code, self._by_person[code][:number])
        return cast("V | None", self._parts[key])

    def first_acts(self, what: str, day: date, wanted: Callable[[Action], bool]) -> Mapping[str, Action]:
        """The first act of a sort of each participant that had done one by a day, in the order of these acts."""
        if what not in self._firsts:
            found: dict[str, Action] = {}
            for code, act in zip(self._persons, self._acts, strict=True):
                if wanted(act):
                    found.setdefault(code, act)
            self._firsts[what] = found, [act.counts_from or END_OF_TIME for act in found.values()]
        whole, days = self._firsts[what]
        number = bisect_right(days, day)
        return whole if number == len(days) else dict(islice(whole.items(), number))

    def table(self, *basis: Hashable) -> dict[str, Any]:
        """A table by participant for results that rest on the acts and on these values alone; empty at first."""
        found = self._tables.get(basis)
        if found is None:
            if len(self._tables) >= MAX_TABLES:
                self._tables.clear()
            found = self._tables.setdefault(basis, {})
        return found


_held: LRUCache[ActionTimeline, SharedActs] = LRUCache(MAX_ACTS, getsizeof=lambda each: each.size)
_lock = Lock()


@memoized
def shared_acts(ledger: Ledger, instrument: str) -> tuple[SharedActs, date] | None:
    """What the views of all days share on an instrument, and the day up to which this one sees it.

    None where it sees acts that others do not: as of an earlier moment of the record, or with supposed acts.
    """
    terms = ledger.instrument(instrument)
    shared = ledger.shared_acts(terms.id)
    if shared is None:
        return None
    timeline, day = shared
    with _lock:
        found = _held.get(timeline)
    if found is None or not found.fits(ledger.participants, terms):
        found = SharedActs(ledger, terms, timeline)
        with _lock:
            if found.size <= MAX_ACTS:
                _held[timeline] = found
    return found, day


class EndRule(StrEnum):
    """Why a consent ends, or from what its last date follows."""

    STATED = "stated"  # its source states the date
    CLAUSE = "clause"  # the notice period of the treaty has run
    BEFORE_ENTRY = "before-entry"  # withdrawn before the treaty was in force, so on the date of notice
    NOT_KNOWN = "not-known"  # neither a notice period nor a date of effect in the data
    REVOKED = "revoked"
    FALLS_WITH = "falls-with"  # it ends with the consent to another treaty
    DENOUNCED_BY = "denounced-by"  # consent to a later treaty denounces it
    CEASES_WITH = "ceases-with"  # it ends with membership of a body
    TERM = "term"  # it was given for a term


@dataclass(frozen=True, slots=True)
class Consent:
    """One spell of consent to be bound.

    `participant` is whose consent it is: the author of the act, or the State that continues it. `ended_by` is the act
    that ends it (None where it ends by itself), `ends_on` the first day on which it no longer holds, `end_rule` why.
    Where the rule is NOT_KNOWN, `ends_on` is the day of the notice, from which on it is no longer relied upon.
    `follows` is the end of the spell before it, where the consent was given while that still ran.
    """

    action: Action
    participant: str
    ended_by: Action | None = None
    ends_on: date | None = None
    end_rule: EndRule | None = None
    follows: date | None = None

    def holds_on(self, day: date) -> bool:
        """Had it certainly been given by that day, and not ended?"""
        given = self.action.counts_from
        return given is not None and given <= day and (self.ends_on is None or day < self.ends_on)

    @property
    def ends_by_others(self) -> bool:
        """Does it end without an act of its author on this instrument?"""
        return self.end_rule in (EndRule.FALLS_WITH, EndRule.DENOUNCED_BY, EndRule.CEASES_WITH)

    @property
    def effective_end(self) -> date | None:
        """The first day on which it no longer has effect; None while it does, or where the record lacks that day."""
        return None if self.end_rule is EndRule.NOT_KNOWN else self.ends_on


def spells_of_consent(
    participant: str,
    acts: Sequence[Action],
    delay: AnyDelay | None,
    in_force: date | None,
    term: AnyDelay | None = None,
) -> tuple[Consent, ...]:
    """The acts of one participant, in order, as spells of consent; what comes before the first consent ends none.

    `delay` is the notice period for withdrawals. It runs only while the treaty is in force: one notified before
    `in_force` (None: it never was) takes effect at once. A consent given while another one holds starts no spell,
    unless that other one is under notice (then it follows on it) or was given for a `term` (then it renews it).
    """
    if len(acts) == 1:  # as of most that acceded
        return (_new_consent(participant, acts[0], None, term),) if acts[0].kind.consents else ()
    spells: list[Consent] = []
    for act in _ends_before_returns(acts):
        current = spells[-1] if spells and not _over(spells[-1], act) else None
        if act.kind.consents and (current is None or current.ended_by or term):
            spells.append(_new_consent(participant, act, current, term))
        elif act.kind in _ENDING and current and not current.ended_by:
            ends_on, rule = takes_effect(act, delay, in_force)
            spells[-1] = replace(current, ended_by=act, ends_on=ends_on, end_rule=rule)
        elif act.kind is ActionKind.WITHDRAWAL_CANCELLED and current:
            spells[-1] = replace(current, ended_by=None, ends_on=None, end_rule=None)
    return tuple(spells)


def _new_consent(participant: str, act: Action, current: Consent | None, term: AnyDelay | None) -> Consent:
    if term and act.counts_from:
        return Consent(act, participant, ends_on=term.after(act.counts_from), end_rule=EndRule.TERM)
    return Consent(act, participant, follows=current.ends_on if current else None)


_ENDING = (ActionKind.WITHDRAWAL, ActionKind.REVOCATION)
_LEAVING = frozenset((*_ENDING, ActionKind.WITHDRAWAL_CANCELLED))


def _ends_before_returns(acts: Sequence[Action]) -> Sequence[Action]:
    """The acts from the first consent on; where a party leaves and returns on one day, it leaves first."""
    first = next((place for place, act in enumerate(acts) if act.kind.consents), len(acts))
    if len(acts) - first < 3:
        return acts[first:]
    later = sorted(acts[first + 1 :], key=lambda act: (act.counts_from or date.max, act.kind not in _ENDING))
    return (acts[first], *later)


def _over(spell: Consent, act: Action) -> bool:
    return spell.ends_on is not None and act.counts_from is not None and spell.ends_on <= act.counts_from


def takes_effect(act: Action, delay: AnyDelay | None, in_force: date | None = date.min) -> tuple[date | None, EndRule]:
    """The first day on which a consent no longer holds after this withdrawal or revocation, and why that day.

    The day that its source states; else, while the treaty is in force, what the notice period gives, and before that
    the day of the notice itself. Without a period in the record nobody knows the day: it is withdrawn from the notice
    on, under NOT_KNOWN (the Vienna Convention on the Law of Treaties, art. 56(2), then asks for twelve months).
    A day that is known to the month or the year only counts from its first: from then on nobody can be sure.
    """
    notified = act.counts_from
    if act.effective_on:
        return act.effective_on.first, EndRule.STATED
    if act.kind is not ActionKind.WITHDRAWAL:
        return notified, EndRule.REVOKED
    if notified and (in_force is None or notified < in_force):
        return notified, EndRule.BEFORE_ENTRY
    if delay is None or notified is None:
        return notified, EndRule.NOT_KNOWN
    return delay.after(notified), EndRule.CLAUSE


@memoized
def acts_by_person(ledger: Ledger, instrument: str) -> Mapping[str, Sequence[Action]]:
    """The dated acts on an instrument that concern States themselves, by the participant that they now stand under.

    An act for a territory alone is left out (see `territories`); those of a State that another one continues stand
    under the one that continues it.
    """
    return from_acts_of_each(ledger, instrument, "acts", lambda _, acts: acts)


def from_acts_of_each(
    ledger: Ledger, instrument: str, what: str, follows: Callable[[str, Sequence[Action]], V]
) -> Mapping[str, V]:
    """What follows from each participant's own acts up to the ledger's day; those for whom nothing does are left out.

    `what` names the question: views of other days share the answers.
    """
    if shared := shared_acts(ledger, instrument):
        acts, day = shared
        return acts.per_person(what, day, follows)
    found: dict[str, list[Action]] = {}
    for act in ledger.acts(instrument):
        if not act.territory:
            found.setdefault(ledger.continuing(act.participant), []).append(act)
    return {code: result for code, acts in found.items() if (result := follows(code, acts))}


@memoized
def somebody_leaves(ledger: Ledger, instrument: str) -> bool:
    """Has any act that ends a consent, or takes such an act back, been done on the instrument by the ledger's day?"""
    return any(act.kind in _LEAVING for act in ledger.acts(instrument))


def leavers(ledger: Ledger, instrument: str) -> Iterable[str]:
    """Those that have done an act that ends a consent, or takes such an act back."""
    return from_acts_of_each(ledger, instrument, "leaves", lambda _, acts: any(act.kind in _LEAVING for act in acts))


@memoized
def deposits(ledger: Ledger, instrument: str) -> Mapping[str, tuple[Consent, ...]]:
    """Each participant's spells of consent while the treaty is not in force: what is taken back is gone at once."""
    return from_acts_of_each(
        ledger, instrument, "deposits", lambda code, acts: spells_of_consent(code, acts, None, None)
    )


def consent_in_effect(spells: Sequence[Consent], day: date) -> Consent | None:
    """The spell that holds on a day, if one does: the latest that can."""
    for spell in reversed(spells):
        if spell.holds_on(day):
            return spell
    return None


@memoized
def signatures(ledger: Ledger, instrument: str) -> Mapping[str, Action]:
    """Each signatory's first signature (or succession to one), from the dated acts."""
    if shared := shared_acts(ledger, instrument):
        acts, day = shared
        return acts.first_acts("signature", day, lambda act: act.kind.signs)
    found: dict[str, Action] = {}
    for act in ledger.acts(instrument):
        if act.kind.signs and not act.territory:
            found.setdefault(ledger.continuing(act.participant), act)
    return found


def signatories(ledger: Ledger, instrument: str, day: date | None = None) -> frozenset[str]:
    """All that have signed by a day (the ledger's by default) and still exist, consented since or not."""
    signed, on = signatures(ledger, instrument), day or ledger.horizon
    if on < ledger.horizon:
        signed = {code: act for code, act in signed.items() if act.counts_from and act.counts_from <= on}
    return frozenset(signed.keys() - no_longer_existing(ledger, on))


def no_longer_existing(ledger: Ledger, day: date) -> AbstractSet[str]:
    """Those that had ceased to exist before that day."""
    return {code for code, ending in ledger.endings.items() if ending <= day}


def has_ceased_to_exist(ledger: Ledger, code: str, day: date) -> bool:
    """Had the participant ceased to exist before that day? One that the record does not describe has not."""
    ending = ledger.endings.get(code)
    return ending is not None and ending <= day
