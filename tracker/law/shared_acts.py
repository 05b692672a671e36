"""What follows from the acts on one treaty, worked out once for the views of all days instead of for each day again.

Views of one record see the same acts, each up to its day. What follows from the acts of one participant up to a day
changes only where that participant has acted since, and what follows from that and a few dates is the same wherever
those are. All of it is held as long as the acts are the same; of records with very many acts, what was last asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from itertools import islice
from threading import Lock
from typing import Any, TypeVar, cast

from cachetools import LRUCache

from tracker.law.action_index import ActionTimeline
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, Instrument, Participant
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
