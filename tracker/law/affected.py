"""Which instruments can differ at all between two ledgers, found without computing either side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import BadClause
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause
from tracker.law.dates import AnyDelay
from tracker.law.ledger import Ledger, memoized_for_reference_facts
from tracker.law.model import Action, Instrument
from tracker.law.requirements import relevant_dates

_MARGIN = timedelta(days=370)  # some periods run on to a fixed day of the year
_SOME_DAY = date(2000, 1, 1)  # from which the length of a period is measured


@dataclass(frozen=True, slots=True)
class DateWindow:
    """The days after `first` up to `last`."""

    first: date
    last: date

    def has(self, day: date | None) -> bool:
        """Is it one of them?"""
        return day is not None and self.first < day <= self.last


def date_window(before: Ledger, after: Ledger) -> DateWindow:
    """The days between two ledgers, whichever is the later."""
    return DateWindow(*sorted((before.horizon, after.horizon)))


def affected_instruments(before: Ledger, after: Ledger) -> tuple[str, ...]:
    """The ids of the instruments on which the two may differ, in the order of the record."""
    if before.horizon == after.horizon and before.has_same_reference_facts(after):
        return _affected_by_acts(before, after)
    names = tuple(dict.fromkeys((*after.instruments, *before.instruments)))
    span, later = date_window(before, after), max(before, after, key=lambda ledger: ledger.horizon)
    same = before.is_view_of_same_record(after)
    if same and span.first == span.last:
        return ()
    moving = _moving(later, span)
    found = {name for name in names if _falls_due(later, name, span, moving)}
    if not same:
        acted = before.instruments_with_own_acts(after)
        found |= {name for name in names if (name in acted and _acts_differ(before, after, name))}
        found |= {name for name in names if name not in found and _differs(before, after, name)}
        found |= _through_participants(before, after, names)
    grown = _with_dependents(found, after, before) if found else found
    return tuple(name for name in names if name in grown)


def _affected_by_acts(before: Ledger, after: Ledger) -> tuple[str, ...]:
    """The same where only acts differ: the instruments acted on, and those that look to them in any way."""
    found = {name for name in before.instruments_with_own_acts(after) if _acts_differ(before, after, name)}
    grown = _reachable_from(found, _named_by(after)) if found else found
    return tuple(name for name in after.instruments if name in grown) if grown else ()


def neighbourhood(ledger: Ledger, instrument: str) -> frozenset[str]:
    """The instruments to which the acts of this one may matter, itself too, and all whose acts matter to those."""
    return frozenset(_reachable_from(_reachable_from({instrument}, _named_by(ledger)), _names(ledger)))


def _reachable_from(begun: Iterable[str], *ties: Mapping[str, frozenset[str]]) -> set[str]:
    """Those that were begun with and all that the ties lead to from them."""
    found, ahead = set(begun), list(begun)
    while ahead:
        name = ahead.pop()
        more = {other for each in ties for other in each.get(name, ())} - found
        found |= more
        ahead += more
    return found


def _acts_differ(before: Ledger, after: Ledger, instrument: str) -> bool:
    return before.acts(instrument) != after.acts(instrument) or before.undated(instrument) != after.undated(instrument)


def corrected_acts(come: Iterable[Action], gone: Iterable[Action]) -> dict[Action, Action]:
    """Which act takes the place of which: one on the same subject, else the same deposit taken for another kind."""
    left, found = list(gone), dict[Action, Action]()
    for same in (_same_subject, _same_deposit):
        for act in come:
            earlier = None if act in found else next((each for each in left if same(each, act)), None)
            if earlier:
                found[act] = earlier
                left.remove(earlier)
    return found


def _same_subject(one: Action, other: Action) -> bool:
    return one.subject == other.subject


def _same_deposit(one: Action, other: Action) -> bool:
    consents = one.kind.consents and other.kind.consents
    return consents and (one.participant, one.territory) == (other.participant, other.territory)


def with_related_instruments(ledger: Ledger, instruments: Iterable[str]) -> frozenset[str]:
    """These instruments and all that their clauses and the rules on protocols lead to."""
    found, ahead = set[str](), list(instruments)
    while ahead:
        if (name := ahead.pop()) not in found:
            found.add(name)
            ahead += _depends_on(ledger, name)
    return frozenset(found)


def with_dependent_instruments(ledger: Ledger, instrument: str) -> tuple[str, ...]:
    """The instruments, in the order of the record, whose state may depend on this one; itself left out."""
    grown = _with_dependents({instrument}, ledger, ledger)
    return tuple(name for name in ledger.instruments if name in grown and name != instrument)


# -- the same record, another day ------------------------------------------------------------------


def _moving(ledger: Ledger, span: DateWindow) -> frozenset[str]:
    """The participants that begin or cease to exist between the two days."""
    begun = {p.code for p in ledger.participants.values() if p.exists_from and span.has(p.exists_from.last)}
    return frozenset(begun | {code for code, day in ledger.endings.items() if span.has(day)})


def _falls_due(ledger: Ledger, instrument: str, span: DateWindow, moving: frozenset[str]) -> bool:
    """May anything become of the instrument between the two days?"""
    if instrument not in ledger.instruments or span.first == span.last:
        return False
    terms, acts = ledger.instruments[instrument], ledger.acts(instrument)
    try:
        clause = clause_of(terms)
    except BadClause:
        return any(span.has(act.counts_from) for act in acts)
    return (
        _statement_falls_due(ledger, instrument, span)
        or any(span.has(day) for day in _stated_days(ledger, terms, clause))
        or any(act.effective_on and span.has(act.effective_on.last) for act in acts)
        or _has_rare_terms(clause)
        or _act_falls_due(acts, clause, span)
        or (bool(moving) and not moving.isdisjoint(act.participant for act in acts))
        or _requirement_falls_due(ledger, instrument, clause, span)
    )


def _statement_falls_due(ledger: Ledger, instrument: str, span: DateWindow) -> bool:
    """Is a statement made, or withdrawn, between the two days?"""
    return any(
        span.has(each.counts_from) or (each.withdrawn_on and span.has(each.withdrawn_on.first))
        for each in ledger.every_statement(instrument)
    )


def _stated_days(ledger: Ledger, terms: Instrument, clause: Clause) -> Iterator[date | None]:
    yield clause.on
    yield from (event.on.last for event in ledger.events(terms.id))
    yield terms.in_force_on.last if terms.in_force_on else None
    yield from (count.on.last for count in ledger.counts(terms.id))


def _has_rare_terms(clause: Clause) -> bool:
    """Has it terms whose days follow from more than one act? Such an instrument is always looked at."""
    return any((
        clause.not_before, clause.ends_after, clause.ends_below, clause.no_withdrawal_before, clause.withdrawal_window,
        clause.branches, clause.tacit, clause.ceases_with, clause.denounced_by, clause.consent_lasts, clause.binds_all,
    ))  # fmt: skip


def _act_falls_due(acts: Sequence[Action], clause: Clause, span: DateWindow) -> bool:
    delays = _periods(clause)
    length = max((delay.after(_SOME_DAY) - _SOME_DAY for delay in delays), default=timedelta(0)) + _MARGIN
    for act in reversed(acts):
        if (day := act.counts_from) is None or day + length <= span.first:
            return False
        if span.has(day) or any(span.has(delay.after(day)) for delay in delays):
            return True
    return False


def _periods(clause: Clause) -> tuple[AnyDelay, ...]:
    own = (delay for _, delay in clause.party_delays)
    return tuple(filter(None, (clause.delay, clause.party_delay, clause.withdrawal_delay, *own)))


def _requirement_falls_due(ledger: Ledger, instrument: str, clause: Clause, span: DateWindow) -> bool:
    asked = clause.held_against
    days = relevant_dates(ledger, instrument, asked) if asked else set()
    return any(span.has(day) or (clause.delay and span.has(clause.delay.after(day))) for day in days)


# -- another record --------------------------------------------------------------------------------


def _differs(before: Ledger, after: Ledger, instrument: str) -> bool:
    """Is anything else about the instrument other than its acts, or may what its clause asks about be another?"""
    if before.instruments.get(instrument) != after.instruments.get(instrument):
        return True
    if before.counts(instrument) != after.counts(instrument) or before.events(instrument) != after.events(instrument):
        return True
    if before.coverage(instrument) != after.coverage(instrument):
        return True
    if before.statements(instrument) != after.statements(instrument):
        return True
    try:
        clause = clause_of(after.instruments[instrument])
    except BadClause:
        return False
    return bool(clause.held_against or clause.branches or clause.ceases_with)


def _through_participants(before: Ledger, after: Ledger, names: Iterable[str]) -> set[str]:
    """The instruments on which a participant has acted that the two records describe differently."""
    one, other = before.participants, after.participants
    changed = {code for code in one.keys() | other.keys() if one.get(code) != other.get(code)}
    if not changed:
        return set()
    return {n for n in names if not changed.isdisjoint((*before.actors(n), *after.actors(n)))}


def _with_dependents(found: set[str], after: Ledger, before: Ledger) -> set[str]:
    """With the instruments that look to one of these: protocols, and those that wait for another."""
    return _reachable_from(found, _dependents(after), _dependents(before))


@memoized_for_reference_facts
def _dependents(ledger: Ledger) -> Mapping[str, frozenset[str]]:
    """The instruments that look to each instrument, by its id."""
    return _turned_round((name, _depends_on(ledger, name)) for name in ledger.instruments)


@memoized_for_reference_facts
def _names(ledger: Ledger) -> Mapping[str, frozenset[str]]:
    """The instruments that each instrument's parent or clauses name in any way, by its id."""
    known = ledger.instruments
    return {name: frozenset(named_by_terms(terms) & known.keys()) for name, terms in known.items()}


@memoized_for_reference_facts
def _named_by(ledger: Ledger) -> Mapping[str, frozenset[str]]:
    """The instruments whose parents or clauses name each instrument in any way, by its id."""
    return _turned_round(_names(ledger).items())


def named_by_terms(terms: Instrument) -> set[str]:
    """Everything in an instrument's terms that may be another instrument's id: its parent, and what conditions name."""
    return {terms.parent, *_WORD.findall(terms.conditions)}


def _turned_round(ties: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, others in ties:
        for other in others:
            found[other].add(name)
    return {name: frozenset(others) for name, others in found.items()}


_WORD = re.compile(r"[a-z][a-z0-9-]*")  # any of them may be an instrument's id


def _depends_on(ledger: Ledger, instrument: str) -> tuple[str, ...]:
    terms = ledger.instruments.get(instrument)
    if terms is None:
        return ()
    try:
        clause = clause_of(terms)
    except BadClause:
        return (terms.parent,) if terms.parent else ()
    return tuple(filter(None, (terms.parent, *clause.requires, *clause.ends_by_others)))
