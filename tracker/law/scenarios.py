"""Scenarios: the data with hypothetical deposits, withdrawals or final clauses, beside the data as they are.

Lists of States as people write or paste them for a scenario: a name or code on each line, some with a date.

Names are never guessed: one that is unknown, or that several participants bear, is given back with what it may mean.

A final clause tried on a day: when a treaty would enter into force if all that could deposit did so on that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tracker.errors import BadQuestion
from tracker.law.affected import with_dependent_instruments
from tracker.law.bindings import Binding, bindings
from tracker.law.checks import Finding, run_checks
from tracker.law.clause_parser import clause_of, parse_clause
from tracker.law.consents import has_ceased_to_exist, signatories, takes_effect
from tracker.law.dates import AnyDelay, PartialDate
from tracker.law.entry_into_force import consent_of, entry_into_force, parties
from tracker.law.gaps import PendingInstrument, pending_instrument
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.names import NameIndex
from tracker.law.search import SearchKind
from tracker.law.status import InstrumentStatus, ParticipantStanding, participant_standing, status
from tracker.law.threshold import EntryIntoForce
from tracker.messages import message

SOURCE = "supposed"


def trial_of(ledger: Ledger, terms: Instrument, day: date) -> EntryIntoForce:
    """When the treaty of these terms would enter into force if every State of that day deposited then.

    The treaty need not be in the ledger. BadClause for terms that make no sense.
    """
    clause = clause_of(terms)
    kind = clause.acts[0] if clause.acts else ActionKind.RATIFICATION
    acts = tuple(_deposits(ledger, terms.id, kind, day))
    there = ledger.as_of(day).with_instrument(replace(terms, in_force_on=None))
    return entry_into_force(there.with_acts_of(terms.id, acts, lambda: acts), terms.id)


def _deposits(ledger: Ledger, id: str, kind: ActionKind, day: date) -> Iterator[Action]:
    for who in ledger.participants.values():
        if who.is_state and ledger.existed_on(who.code, day):
            yield Action(instrument=id, participant=who.code, kind=kind, date=PartialDate.of(day), source=SOURCE)


MAX_LINES = 300  # of a list
_DATED = re.compile(r"^(?P<name>.*?)[\s,:(=\u2013\u2014-]*(?P<day>\d{4}-\d{2}-\d{2})\)?$")
_MARKS = re.compile(r"^\s*(?:[-*\u2022\u2013]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class ListedState:
    """A participant of a list, and the date beside it; None where it has none of its own."""

    participant: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class UnclearName:
    """A text of a list that names nobody, or several, with the names that may be meant."""

    text: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateList:
    """A list as it was understood: each participant once, in the order of the list, and what was not understood."""

    states: tuple[ListedState, ...]
    unclear: tuple[UnclearName, ...]


def read_states(ledger: Ledger, index: NameIndex, text: str) -> StateList:
    """The participants that a list names: lines or semicolons part them, and commas where a line is no name itself.

    A date that is none makes its line unclear; lines beyond `MAX_LINES` are not read.
    """
    found: dict[str, ListedState] = {}
    unclear: dict[str, UnclearName] = {}
    for name, day in _entries(ledger, index, text):
        meant = _meant(ledger, index, name)
        if len(meant) == 1:
            found.setdefault(meant[0], ListedState(meant[0], day))
        else:
            names = tuple(ledger.participants[code].name for code in meant) or _nearest(index, name)
            unclear[name] = UnclearName(name, names)
    return StateList(tuple(found.values()), tuple(unclear.values()))


def stagger(states: Iterable[ListedState], first: date, every: int) -> list[tuple[str, date]]:
    """Each participant with its date: its own, or the first date and so many days more for each before it."""
    dated, at = [], 0
    for each in states:
        dated.append((each.participant, each.day or first + timedelta(days=at * every)))
        at += each.day is None
    return dated


def _entries(ledger: Ledger, index: NameIndex, text: str) -> Iterator[tuple[str, date | None]]:
    for line in re.split(r"[\n;]", text)[:MAX_LINES]:
        name, day = _split(_MARKS.sub("", line).strip(" ,\t\r"))
        if not name:
            continue
        parts = [part.strip() for part in re.split(r"[,\t]", name) if part.strip()]
        if len(parts) > 1 and not _meant(ledger, index, name):
            yield from (_split(part) if day is None else (part, day) for part in parts)
        else:
            yield name, day


def _split(text: str) -> tuple[str, date | None]:
    if found := _DATED.match(text):
        with suppress(ValueError):  # a date that is none stays part of a name that nobody bears
            return found["name"].strip(), date.fromisoformat(found["day"])
    return text, None


def _meant(ledger: Ledger, index: NameIndex, name: str) -> list[str]:
    """The participants that bear a name; of several those that exist."""
    codes = [each.id for each in index.named(name) if each.kind is SearchKind.PARTICIPANT]
    alive = [code for code in codes if ledger.existed_on(code, ledger.horizon)]
    return alive or codes


def _nearest(index: NameIndex, name: str) -> tuple[str, ...]:
    found = (near for near in index.nearest(name, 6) for entry in index.named(near)[:1]
             if entry.kind is SearchKind.PARTICIPANT)  # fmt: skip
    return tuple(dict.fromkeys(found))[:3]


HYPOTHETICAL = "scenario"
LATEST = date(2999, 12, 31)  # no later date is accepted: what follows from it must still lie in the calendar


@dataclass(frozen=True, slots=True)
class HypotheticalAction:
    """One action of a scenario: a deposit, or a withdrawal, by a participant on a date."""

    participant: str
    day: date
    withdraws: bool = False


@dataclass(frozen=True, slots=True)
class HypotheticalTerms:
    """Terms that a drafter might try; None leaves the instrument's own."""

    threshold: int | None = None
    delay: str | None = None
    organizations_count: bool | None = None

    @property
    def changes(self) -> bool:
        """Do they differ from leaving everything as it is?"""
        return self != HypotheticalTerms()


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """An instrument now and in the scenario: status, each new party's own date, data notes that appear.

    `missing` is what it still lacks then, and `earliest` the date of its entry into force if the signatories that would
    be enough deposited on the last date of the scenario; None where they would not. `consequences` are the other
    statuses of these participants on other instruments that follow from the scenario. `ledger` is the record with what
    is supposed, as of the last date of the scenario.
    """

    before: InstrumentStatus
    after: InstrumentStatus
    acts: tuple[Action, ...]
    own: tuple[Binding, ...]
    new_findings: tuple[Finding, ...]
    ledger: Ledger = field(repr=False, compare=False)
    consequences: tuple[ParticipantStanding, ...] = ()
    missing: PendingInstrument | None = None
    earliest: date | None = None


def run_scenario(
    ledger: Ledger, instrument: str, actions: Iterable[HypotheticalAction], terms: HypotheticalTerms | None = None
) -> ScenarioResult:
    """The instrument's status with the actions and clauses of a scenario, beside what it is on the ledger's day.

    The ledger must have a day; the scenario is computed on the date of its last deposit, or of
    its last withdrawal's effect, if that is later.
    NotFound for unknown names, BadQuestion for a deposit by a contracting party, a withdrawal by
    another or a day too far away, BadClause for terms that make no sense.
    """
    name, chosen = ledger.instrument(instrument).id, sorted(actions, key=lambda s: (s.day, s.participant))
    acts = _acts(ledger, name, chosen)
    delay = clause_of(ledger.instrument(name)).withdrawal_delay
    last = max((_last_effect(act, delay) or ledger.horizon for act in acts), default=ledger.horizon)
    after = with_terms(ledger, name, terms or HypotheticalTerms()).with_actions(acts, until=last)
    codes = sorted({each.participant for each in chosen if not each.withdraws})
    missing = pending_instrument(after, name)
    known = {finding.text for finding in run_checks(ledger, ledger.horizon, name)}
    return ScenarioResult(
        before=status(ledger, name),
        after=status(after, name),
        acts=acts,
        own=tuple(bindings(after, name)[code][-1] for code in codes),
        new_findings=tuple(f for f in run_checks(after, after.horizon, name) if f.text not in known),
        ledger=after,
        consequences=tuple(_consequences(ledger, after, name, {each.participant for each in acts})),
        missing=missing,
        earliest=_earliest(after, missing),
    )


def _earliest(after: Ledger, missing: PendingInstrument | None) -> date | None:
    """The date of entry into force if as many signatories as are missing deposited on the ledger's day."""
    if missing is None or not missing.remaining or len(missing.could_tip) < missing.remaining:
        return None
    name = missing.status.instrument.id
    codes = missing.could_tip[: missing.remaining]
    acts = _acts(after, name, (HypotheticalAction(code, after.horizon) for code in codes))
    return entry_into_force(after.with_actions(acts, until=after.horizon), name).date


def _consequences(
    ledger: Ledger, after: Ledger, instrument: str, codes: Iterable[str]
) -> Iterator[ParticipantStanding]:
    """Where these participants have another status on another instrument than on that date without the actions."""
    without = ledger.with_actions((), until=after.horizon)
    for other in with_dependent_instruments(ledger, instrument):
        for code in sorted(codes):
            found = participant_standing(after, other, code)
            if found.status is not participant_standing(without, other, code).status:
                yield found


def _last_effect(act: Action, delay: AnyDelay | None) -> date | None:
    return takes_effect(act, delay)[0] if act.kind is ActionKind.WITHDRAWAL else act.counts_from


def with_terms(ledger: Ledger, instrument: str, terms: HypotheticalTerms) -> Ledger:
    """The ledger with other terms for one instrument; BadClause if they make no sense."""
    if not terms.changes:
        return ledger
    own = ledger.instrument(instrument)
    clause = clause_of(own)
    if terms.organizations_count is not None:
        clause = replace(clause, organizations_count=terms.organizations_count)
    changed = replace(
        own,
        threshold=own.threshold if terms.threshold is None else terms.threshold,
        delay=own.delay if terms.delay is None else terms.delay,
        conditions=str(clause),
        in_force_on=None,
    )
    parse_clause(changed.conditions, threshold=changed.threshold, delay=changed.delay)
    return ledger.with_instrument(changed)


def under_other_terms(ledger: Ledger, terms: Iterable[HypotheticalTerms]) -> dict[str, tuple[date | None, ...]]:
    """For every instrument, the day it would have entered into force under each of several terms."""
    tried = tuple(terms)
    return {
        name: tuple(entry_into_force(with_terms(ledger, name, each), name).date for each in tried)
        for name in ledger.instruments
    }


def participants_chosen(ledger: Ledger, instrument: str, choice: str) -> tuple[str, ...]:
    """The codes that a choice of participants stands for, of those that are not contracting parties yet.

    A choice is a code (`FRA`), `signatories`, `region:Africa`, `group:African States` or `body:coe`; `signed:` before
    one of the last three leaves those that have signed.
    NotFound for unknown names, BadQuestion for a choice without any member that is not yet a party.
    """
    name = ledger.instrument(instrument).id
    kind, _, value = choice.partition(":")
    if not value and choice != "signatories":
        return (ledger.participant(choice).code,)
    if kind == "signed":
        return tuple(sorted(set(participants_chosen(ledger, name, value)) & signatories(ledger, name)))
    absent = _candidates(ledger, name, kind, value) - parties(ledger, name)
    if not absent:
        raise BadQuestion(
            message("'{choice}' has no member that is not yet a party. Choose other States.", choice=choice)
        )
    return tuple(sorted(absent))


def with_deposits(ledger: Ledger, instrument: str, choices: Iterable[str]) -> tuple[Ledger, tuple[str, ...]]:
    """The ledger with deposits on its day by the participants of these choices, and their codes.

    Errors as for the choices, and for a scenario with these deposits.
    """
    name = ledger.instrument(instrument).id
    codes = sorted({code for choice in choices for code in participants_chosen(ledger, name, choice)})
    acts = _acts(ledger, name, (HypotheticalAction(code, ledger.horizon) for code in codes))
    return (ledger.with_actions(acts) if acts else ledger), tuple(codes)


def _candidates(ledger: Ledger, instrument: str, kind: str, value: str) -> frozenset[str]:
    if kind == "signatories":
        return signatories(ledger, instrument)
    if kind == "body":
        return ledger.members(ledger.body(value).id)
    field = {"region": "region", "group": "un_group"}.get(kind)
    if field is None:
        raise BadQuestion(
            message(
                "'{kind}:{value}' is not an option. Enter a code, signatories, region:, group: or body:.",
                kind=kind,
                value=value,
            )
        )
    alive = (
        (code, p) for code, p in ledger.participants.items() if p.is_state and ledger.existed_on(code, ledger.horizon)
    )
    return frozenset(code for code, each in alive if getattr(each, field).casefold() == value.casefold())


def _acts(ledger: Ledger, instrument: str, actions: Iterable[HypotheticalAction]) -> tuple[Action, ...]:
    return tuple(_act(ledger, instrument, each) for each in actions)


def _act(ledger: Ledger, instrument: str, action: HypotheticalAction) -> Action:
    code = ledger.participant(action.participant).code
    if action.day > LATEST:
        raise BadQuestion(
            message("{day} is too far in the future. Choose a date up to {latest}.", day=action.day, latest=LATEST)
        )
    if has_ceased_to_exist(ledger, code, action.day):
        raise BadQuestion(
            message(
                "{code} no longer exists on {day}. Choose an earlier date or another State.", code=code, day=action.day
            )
        )
    is_party = code in parties(ledger, instrument)
    if action.withdraws and not is_party:
        raise BadQuestion(
            message("{code} cannot withdraw from '{instrument}': it is not a party.", code=code, instrument=instrument)
        )
    if not action.withdraws and is_party:
        raise BadQuestion(
            message(
                "{code} is already a party to '{instrument}'. Choose another State.", code=code, instrument=instrument
            )
        )
    if action.withdraws:
        kind = ActionKind.WITHDRAWAL
    elif code in signatories(ledger, instrument) and consent_of(ledger, instrument, code) is None:
        kind = ActionKind.RATIFICATION
    else:
        kind = ActionKind.ACCESSION
    day = PartialDate.of(action.day)
    return Action(instrument=instrument, participant=code, kind=kind, date=day, source=HYPOTHETICAL)
