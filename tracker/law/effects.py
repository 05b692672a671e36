"""From which day a consent binds by the clause, and what else than an act of its author ends it.

Each party has its own date: that of general entry into force for those that deposited by the date of the threshold,
its own period for later ones, the succession of States for successors.

Provisional application: who applies an instrument before it is bound by it, from when and until when.

Vienna Convention on the Law of Treaties, art. 25: it ends when the instrument enters into force for its author, or when
that gives notice that it does not intend to become a party.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.law.clauses import CeasesWith, Clause
from tracker.law.consents import Consent, EndRule, acts_by_person, consent_in_effect
from tracker.law.dates import AnyDelay, PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind, Participant
from tracker.law.threshold import EntryIntoForce
from tracker.messages import TranslatableText, message

_ENDING = (ActionKind.PROVISIONAL_APPLICATION_ENDED, ActionKind.WITHDRAWAL, ActionKind.INTENTION_NOT_TO_BE_BOUND)


@dataclass(frozen=True, slots=True)
class ProvisionalApplication:
    """A participant's latest provisional application: the act, its first day, the first day it no longer holds."""

    action: Action
    start: PartialDate | None
    ended_by: Action | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Had it certainly begun by that day, and not ended by an act of its author?"""
        begun = self.start.last if self.start else self.action.counts_from
        return begun is not None and begun <= day and (self.end is None or day < self.end)


@memoized
def provisional_applications(ledger: Ledger, instrument: str) -> Mapping[str, ProvisionalApplication]:
    """The latest provisional application of each participant that declared one, by code."""
    if not any(act.kind is ActionKind.PROVISIONAL_APPLICATION for act in ledger.acts(instrument)):
        return {}
    found: dict[str, ProvisionalApplication] = {}
    for code, acts in acts_by_person(ledger, instrument).items():
        for act in acts:
            if act.kind is ActionKind.PROVISIONAL_APPLICATION:
                found[code] = ProvisionalApplication(act, act.effective_on or act.date)
            elif act.kind in _ENDING and code in found and found[code].end is None:
                end = act.effective_on.first if act.effective_on else act.counts_from
                found[code] = replace(found[code], ended_by=act, end=end)
    return found


class EffectRule(StrEnum):
    """The rule from which a participant's own date follows, or does not."""

    NO_ENTRY = "no-entry"
    SUCCESSION = "succession"
    SUCCESSION_UNDATED = "succession-undated"
    UNDATED = "undated"
    BY_THRESHOLD = "by-threshold"
    BEFORE_ENTRY = "before-entry"
    ENTRY_LATER = "entry-later"
    OWN_PERIOD = "own-period"
    BY_DEFAULT = "by-default"
    BINDS_ALL = "binds-all"
    NOT_BOUND_ABOVE = "not-bound-above"
    BOUND_ABOVE_LATER = "bound-above-later"


@dataclass(frozen=True, slots=True)
class EffectDate:
    """The day the clause gives for one depositor, and the rule; not `exact` where it is the latest possible day."""

    rule: EffectRule
    day: date | None = None
    delay: AnyDelay | None = None
    exact: bool = True

    @property
    def words(self) -> TranslatableText:
        """The rule in a sentence, with the date where it gives one of its own."""
        match self.rule:
            case EffectRule.SUCCESSION:
                return message("By succession, from {date}.", date=self.day)
            case EffectRule.BINDS_ALL:
                return message(
                    "The amendment binds every party to the treaty that it amends, from {date}.", date=self.day
                )
            case EffectRule.BOUND_ABOVE_LATER:
                return message("In force from {date}, with the prerequisite treaty.", date=self.day)
        return _RULES[self.rule]


_RULES = {
    EffectRule.NO_ENTRY: message("Deposited; the treaty is not yet in force."),
    EffectRule.SUCCESSION_UNDATED: message("By succession; date of succession not known."),
    EffectRule.UNDATED: message("Date of deposit not known."),
    EffectRule.BY_THRESHOLD: message(
        "Deposited on or before the threshold date: in force from the general entry into force."
    ),
    EffectRule.BEFORE_ENTRY: message("Deposited before the general entry into force: in force from that date."),
    EffectRule.ENTRY_LATER: message(
        "Waiting period ended before the general entry into force: in force from that date."
    ),
    EffectRule.OWN_PERIOD: message("The waiting period runs from the date of deposit."),
    EffectRule.BY_DEFAULT: message(
        "No waiting period for later deposits in our data: bound from the date of deposit "
        "(Vienna Convention on the Law of Treaties, art. 24(3))."
    ),
    EffectRule.NOT_BOUND_ABOVE: message("Not yet in force: not a party to the prerequisite treaty."),
}


def effect_of_deposit(ledger: Ledger, clause: Clause, entry: EntryIntoForce, act: Action) -> EffectDate:
    """From which day an act of consent binds its author by the clause, or by treaty law where the clause is silent."""
    if entry.date is None:
        return EffectDate(EffectRule.NO_ENTRY)
    if act.kind is ActionKind.SUCCESSION:
        return _effect_of_succession(ledger, entry.date, act)
    deposited, reached, exact = act.counts_from, entry.threshold.reached_on, act.day is not None
    if deposited is None:
        return EffectDate(EffectRule.UNDATED)
    if reached and deposited <= reached:
        return EffectDate(EffectRule.BY_THRESHOLD, entry.date, exact=exact)
    if clause.late_after_entry and deposited < entry.date:
        return EffectDate(EffectRule.BEFORE_ENTRY, entry.date, exact=exact)
    delay = _own_delay(clause, act, ledger.participants.get(act.participant))
    if delay is None:
        rule = EffectRule.BEFORE_ENTRY if deposited <= entry.date else EffectRule.BY_DEFAULT
        return EffectDate(rule, max(deposited, entry.date), exact=exact)
    if (day := delay.after(deposited)) <= entry.date:
        return EffectDate(EffectRule.ENTRY_LATER, entry.date, exact=exact)
    return EffectDate(EffectRule.OWN_PERIOD, day, delay, exact=exact)


def _effect_of_succession(ledger: Ledger, in_force: date, act: Action) -> EffectDate:
    """On the succession of States, when its author began; never before the treaty's own entry into force."""
    if began := ledger.began(ledger.continuing(act.participant)):
        return EffectDate(EffectRule.SUCCESSION, max(in_force, began))
    if act.counts_from is None:
        return EffectDate(EffectRule.SUCCESSION_UNDATED)
    return EffectDate(EffectRule.SUCCESSION_UNDATED, max(in_force, act.counts_from), exact=False)


def _own_delay(clause: Clause, act: Action, who: Participant | None) -> AnyDelay | None:
    if not clause.party_delays:
        return clause.party_delay
    kinds = dict(clause.party_delays)
    organization = who is not None and who.is_organization
    return kinds.get(act.kind) or (kinds.get("reio") if organization else None) or clause.party_delay


@dataclass(frozen=True, slots=True)
class ConsentEnd:
    """An end of a consent by no act of its author on the same instrument: the first day, the rule, the act behind."""

    on: date
    rule: EndRule
    act: Action | None = None


def end_with(parent: Mapping[str, Sequence[Consent]], spell: Consent) -> ConsentEnd | None:
    """The end of a participant's consent to another treaty, with which this spell falls (UNTOC, art. 40(3)).

    None where it has not consented to that one, or has returned to it without a day between.
    """
    given, theirs = spell.action.counts_from, parent.get(spell.participant, ())
    for each in theirs:
        ended = each.ends_on is not None and given is not None and given < each.ends_on
        if ended and each.ends_on and consent_in_effect(theirs, each.ends_on) is None:
            return ConsentEnd(each.ends_on, EndRule.FALLS_WITH, each.ended_by)
    return None


def end_by_later(
    ledger: Ledger, entry: EntryIntoForce, later: Mapping[str, Sequence[Consent]], clause: Clause, spell: Consent
) -> ConsentEnd | None:
    """The day on which a later treaty comes to bind the participant, which denounces this one (ILO Conventions)."""
    for each in later.get(spell.participant, ()):
        stated = each.action.effective_on.exact if each.action.effective_on else None
        day = stated or effect_of_deposit(ledger, clause, entry, each.action).day
        if day and entry.date:
            return ConsentEnd(max(day, entry.date), EndRule.DENOUNCED_BY, each.action)
    return None


def end_with_membership(ledger: Ledger, rule: CeasesWith, spell: Consent) -> Iterator[ConsentEnd]:
    """The days on which the participant's consent ends because it has left a body (ECHR, art. 58(3))."""
    codes = ledger.continued(spell.participant)
    for membership in ledger.memberships(rule.members.body):
        if membership.participant in codes and membership.role == "member" and membership.end:
            left, given = membership.end.last, spell.action.counts_from
            if given and given <= left and not _member_again(ledger, rule, spell.participant, left):
                yield ConsentEnd(rule.delay.after(left) if rule.delay else left, EndRule.CEASES_WITH)


def _member_again(ledger: Ledger, rule: CeasesWith, participant: str, day: date) -> bool:
    return participant in ledger.members(rule.members.body, on=day)
