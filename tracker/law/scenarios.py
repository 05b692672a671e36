"""What-if: the record with hypothetical deposits, withdrawals or terms, beside the record as it is."""

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
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind
from tracker.law.status import InstrumentStatus, ParticipantStanding, participant_standing, status

SUPPOSED = "supposed in a scenario"
LATEST = date(2999, 12, 31)  # no later day is supposed: what follows from it must still lie in the calendar


@dataclass(frozen=True, slots=True)
class HypotheticalAction:
    """One supposed act: a deposit, or a withdrawal, by a participant on a day."""

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
    """An instrument as it is and as supposed: status, each supposed party's own date, findings that appear.

    `consequences` is what becomes of the supposed participants on other instruments, because of what was supposed.
    """

    before: InstrumentStatus
    after: InstrumentStatus
    acts: tuple[Action, ...]
    own: tuple[Binding, ...]
    new_findings: tuple[Finding, ...]
    consequences: tuple[ParticipantStanding, ...] = ()


def run_scenario(
    ledger: Ledger, instrument: str, supposed: Iterable[HypotheticalAction], terms: HypotheticalTerms | None = None
) -> ScenarioResult:
    """The instrument's status with supposed acts and terms, beside what it is on the ledger's day.

    The ledger must have a day; the scenario is looked at from the day of the last supposed deposit, or of
    the last supposed withdrawal's effect, if that is later.
    NotFound for unknown names, BadQuestion for a deposit by a contracting party, a withdrawal by
    another or a day too far away, BadClause for terms that make no sense.
    """
    name, chosen = ledger.instrument(instrument).id, sorted(supposed, key=lambda s: (s.day, s.participant))
    acts = _acts(ledger, name, chosen)
    delay = clause_of(ledger.instrument(name)).withdrawal_delay
    last = max((_last_effect(act, delay) or ledger.horizon for act in acts), default=ledger.horizon)
    after = with_terms(ledger, name, terms or HypotheticalTerms()).with_actions(acts, until=last)
    codes = sorted({each.participant for each in chosen if not each.withdraws})
    known = {finding.text for finding in run_checks(ledger, ledger.horizon, name)}
    return ScenarioResult(
        before=status(ledger, name),
        after=status(after, name),
        acts=acts,
        own=tuple(bindings(after, name)[code][-1] for code in codes),
        new_findings=tuple(f for f in run_checks(after, after.horizon, name) if f.text not in known),
        consequences=tuple(_consequences(ledger, after, name, {each.participant for each in acts})),
    )


def _consequences(
    ledger: Ledger, after: Ledger, instrument: str, codes: Iterable[str]
) -> Iterator[ParticipantStanding]:
    """Where these participants stand otherwise on another instrument than they would on that day without the acts."""
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

    A choice is a code (`FRA`), `signatories`, `region:Africa`, `group:African States` or `body:coe`.
    NotFound for names the record does not hold, BadQuestion for a choice that fits nobody.
    """
    name = ledger.instrument(instrument).id
    kind, _, value = choice.partition(":")
    if not value and choice != "signatories":
        return (ledger.participant(choice).code,)
    absent = _candidates(ledger, name, kind, value) - parties(ledger, name)
    if not absent:
        raise BadQuestion(f"'{choice}' fits nobody that is not a contracting party already.")
    return tuple(sorted(absent))


def _candidates(ledger: Ledger, instrument: str, kind: str, value: str) -> frozenset[str]:
    if kind == "signatories":
        return signatories(ledger, instrument)
    if kind == "body":
        return ledger.members(ledger.body(value).id)
    field = {"region": "region", "group": "un_group"}.get(kind)
    if field is None:
        raise BadQuestion(f"'{kind}:{value}' is no choice: write a code, signatories, region:, group: or body:.")
    alive = (
        (code, p) for code, p in ledger.participants.items() if p.is_state and ledger.existed_on(code, ledger.horizon)
    )
    return frozenset(code for code, each in alive if getattr(each, field).casefold() == value.casefold())


def _acts(ledger: Ledger, instrument: str, supposed: Iterable[HypotheticalAction]) -> tuple[Action, ...]:
    return tuple(_act(ledger, instrument, each) for each in supposed)


def _act(ledger: Ledger, instrument: str, supposed: HypotheticalAction) -> Action:
    code = ledger.participant(supposed.participant).code
    if supposed.day > LATEST:
        raise BadQuestion(f"{supposed.day} is too far away to be supposed: the latest day is {LATEST}.")
    if has_ceased_to_exist(ledger, code, supposed.day):
        raise BadQuestion(f"{code} cannot act on {supposed.day}: it no longer exists then.")
    held = code in parties(ledger, instrument)
    if supposed.withdraws and not held:
        raise BadQuestion(f"{code} cannot withdraw from '{instrument}': it is not a contracting party.")
    if not supposed.withdraws and held:
        raise BadQuestion(f"{code} is a contracting party to '{instrument}' already.")
    if supposed.withdraws:
        kind = ActionKind.WITHDRAWAL
    elif code in signatories(ledger, instrument) and consent_of(ledger, instrument, code) is None:
        kind = ActionKind.RATIFICATION
    else:
        kind = ActionKind.ACCESSION
    day = PartialDate.of(supposed.day)
    return Action(instrument=instrument, participant=code, kind=kind, date=day, source=SUPPOSED)
