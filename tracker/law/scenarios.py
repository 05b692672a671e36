"""Scenarios: the data with hypothetical deposits, withdrawals or final clauses, beside the data as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

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
from tracker.law.model import Action, ActionKind
from tracker.law.status import InstrumentStatus, ParticipantStanding, participant_standing, status

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
    statuses of these participants on other instruments that follow from the scenario.
    """

    before: InstrumentStatus
    after: InstrumentStatus
    acts: tuple[Action, ...]
    own: tuple[Binding, ...]
    new_findings: tuple[Finding, ...]
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
        raise BadQuestion(f"'{choice}' has no member that is not yet a party. Choose other States.")
    return tuple(sorted(absent))


def _candidates(ledger: Ledger, instrument: str, kind: str, value: str) -> frozenset[str]:
    if kind == "signatories":
        return signatories(ledger, instrument)
    if kind == "body":
        return ledger.members(ledger.body(value).id)
    field = {"region": "region", "group": "un_group"}.get(kind)
    if field is None:
        raise BadQuestion(f"'{kind}:{value}' is not an option. Enter a code, signatories, region:, group: or body:.")
    alive = (
        (code, p) for code, p in ledger.participants.items() if p.is_state and ledger.existed_on(code, ledger.horizon)
    )
    return frozenset(code for code, each in alive if getattr(each, field).casefold() == value.casefold())


def _acts(ledger: Ledger, instrument: str, actions: Iterable[HypotheticalAction]) -> tuple[Action, ...]:
    return tuple(_act(ledger, instrument, each) for each in actions)


def _act(ledger: Ledger, instrument: str, action: HypotheticalAction) -> Action:
    code = ledger.participant(action.participant).code
    if action.day > LATEST:
        raise BadQuestion(f"{action.day} is too far in the future. Choose a date up to {LATEST}.")
    if has_ceased_to_exist(ledger, code, action.day):
        raise BadQuestion(f"{code} no longer exists on {action.day}. Choose an earlier date or another State.")
    is_party = code in parties(ledger, instrument)
    if action.withdraws and not is_party:
        raise BadQuestion(f"{code} cannot withdraw from '{instrument}': it is not a party.")
    if not action.withdraws and is_party:
        raise BadQuestion(f"{code} is already a party to '{instrument}'. Choose another State.")
    if action.withdraws:
        kind = ActionKind.WITHDRAWAL
    elif code in signatories(ledger, instrument) and consent_of(ledger, instrument, code) is None:
        kind = ActionKind.RATIFICATION
    else:
        kind = ActionKind.ACCESSION
    day = PartialDate.of(action.day)
    return Action(instrument=instrument, participant=code, kind=kind, date=day, source=HYPOTHETICAL)
