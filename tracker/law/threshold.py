"""Which deposits count towards an instrument's threshold, and when everything that its clause requires was there.

A former State's deposit goes on counting, until a successor of it deposits for itself. The date of entry into force
that follows is worked out in `entry_into_force`.

The answer to when an instrument enters into force: its status, the deposits counted, the steps, the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal

from tracker.law.action_index import sort_actions
from tracker.law.clauses import Clause
from tracker.law.consents import Consent, has_ceased_to_exist, no_longer_existing, shared_acts, somebody_leaves
from tracker.law.coverage import (
    CONSENTS,
    coverage_of,
    earliest_day,
    is_partial,
    missing_acts,
    missing_participants,
)
from tracker.law.dates import AnyDelay, Day
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Instrument
from tracker.law.requirements import CountingSituation, MissingData, PartiesOn, RequirementProgress, relevant_dates
from tracker.law.wording import Ordinal, SentenceStart, paragraph, shorten_names
from tracker.messages import TranslatableText, message, plural


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One step of the explanation: what it is about, the sentence, and the date it yields."""

    about: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class UncountedDeposit:
    """A deposit that does not count towards the threshold, and why."""

    action: Action
    reason: str


class ForceStatus(StrEnum):
    """The status of an instrument on the ledger's date."""

    PENDING = "pending"
    WILL_ENTER = "will-enter-into-force"
    IN_FORCE = "in-force"
    UNDETERMINED = "undetermined"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class ThresholdStatus:
    """The deposits that count, against the number required.

    `required` is None where the clause states no plain number. `reached_by` holds the codes of all
    that deposited on the day it was reached.
    """

    required: int | None
    counted: int
    remaining: int | None
    reached_on: date | None = None
    reached_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryIntoForce:
    """The answer to "when does it enter into force, and why".

    `basis` says whether `date` was computed from the deposits or is the depositary's statement;
    `missing` names what is not in the data where it cannot be decided.
    """

    status: ForceStatus
    date: Day | None = None
    official: Day | None = None
    basis: Literal["computed", "depositary", "none"] = "computed"
    article: str = ""
    why: str
    threshold: ThresholdStatus
    steps: tuple[ExplanationStep, ...] = ()
    progress: tuple[RequirementProgress, ...] = ()
    counted: tuple[Action, ...] = ()
    not_counted: tuple[UncountedDeposit, ...] = ()
    missing: tuple[str, ...] = ()
    ended_on: Day | None = None


def reached_step(clause: Clause, day: date, names: Sequence[str]) -> ExplanationStep:
    """The step on which the last of the deposits required was made."""
    states = shorten_names(names)
    if not names:
        text = message("{date}: all conditions met.", date=day)
    elif clause.threshold and not clause.requirements:
        nth = Ordinal(clause.threshold)
        text = message("{date}: {nth} instrument deposited ({states}).", date=day, nth=nth, states=states)
    else:
        text = message("{date}: all conditions met ({states}).", date=day, states=states)
    return ExplanationStep("threshold", text, day)


def delay_step(delay: AnyDelay, start: date, end: date) -> ExplanationStep:
    """The arithmetic from a deposit to the date that follows from it."""
    text = message(
        "{delay} {event} ({start}): {end}.",
        delay=SentenceStart(delay.after_event()), event=message("the date of deposit"), start=start, end=end,
    )  # fmt: skip
    return ExplanationStep("delay", text, end)


def floor_step(floor: date, landed: date) -> ExplanationStep:
    """The step in which the clause's earliest date is compared with the date found."""
    if floor > landed:
        text = message("Earliest date allowed: {date}; entry into force is postponed to it.", date=floor)
    else:
        text = message("Earliest date allowed: {date}, already past.", date=floor)
    return ExplanationStep("earliest day", text, max(floor, landed))


def prerequisite_step(title: str, parent: date | None, landed: date) -> ExplanationStep:
    """The step in which the treaty that must be in force first is compared with the date found."""
    first = SentenceStart(title)
    if parent is None:
        text = message("{instrument} must be in force first: no date yet.", instrument=first)
        return ExplanationStep("prerequisite", text)
    text = message("{instrument} must be in force first: {date}.", instrument=first, date=parent)
    return ExplanationStep("prerequisite", text, max(parent, landed))


def why_dated(steps: Sequence[ExplanationStep], day: date, article: str) -> str:
    """The explanation as one paragraph, with its result and its article."""
    if article:
        result = message("Entry into force: {date} ({article}).", date=day, article=article)
    else:
        result = message("Entry into force: {date}.", date=day)
    return paragraph([*(step.text for step in steps), result])


def why_pending(counted: int, required: int | None, progress: Sequence[RequirementProgress]) -> str:
    """Why there is no date yet."""
    sentences = []
    if required and counted < required:
        more = required - counted
        sentences.append(
            plural(
                "{counted} of {required} instruments deposited; {n} more needed.",
                "{counted} of {required} instruments deposited; {n} more needed.",
                more, counted=counted, required=required,
            )
        )  # fmt: skip
    sentences += [
        message("Not yet met: {condition} (now {have}; needed {need}).", condition=p.words, have=p.have, need=p.need)
        for p in progress
        if not p.met
    ]
    return paragraph(sentences) or message("Conditions for entry into force not yet met.")


def why_data_missing(missing: Sequence[str]) -> str:
    """What is not in the data and would be needed to decide."""
    return message("Cannot be computed. Not in our data: {missing}.", missing=shorten_names(missing))


@dataclass(frozen=True, slots=True)
class ThresholdReached:
    """The first day on which all requirements were there, and by whose deposits."""

    day: date
    by: tuple[Action, ...]


REACHED = "reached"


@dataclass(frozen=True)
class DepositCount:
    """The deposits of one instrument held against its clause, up to the day `day`.

    `consents` are everyone's spells of consent, `parties_on` says who is a party to another instrument on a day.
    """

    ledger: Ledger
    terms: Instrument
    clause: Clause
    day: date
    consents: Mapping[str, Sequence[Consent]]
    parties_on: PartiesOn

    def _why_not(self, act: Action) -> str | None:
        """Why a deposit does not count at all; None where it does."""
        if act.not_counted:
            return message("not counted by the depositary: {reason}", reason=act.not_counted)
        counts = self.clause.organizations_count or self.clause.organizations_as
        if not counts and (who := self.ledger.participants.get(act.participant)) and who.is_organization:
            return message("organization; not additional to those of its member States")
        if self.clause.acts and act.kind not in self.clause.acts:
            return message("{act} is not counted under the clause", act=act.kind.words)
        return None

    @cached_property
    def _countable(self) -> Sequence[Consent]:
        """The spells whose deposits count at all."""
        spells = (spell for each in self.consents.values() for spell in each)
        return [spell for spell in spells if self._why_not(spell.action) is None]

    def _counts_on(self, day: date, countable: Iterable[Consent]) -> list[Consent]:
        """The consents that hold on a day, one of each participant, without those of former States succeeded there."""
        held = {spell.participant: spell for spell in countable if spell.holds_on(day)}
        for code in held.keys() & no_longer_existing(self.ledger, day):
            if not held.keys().isdisjoint(_heirs(self.ledger, code)):
                del held[code]
        return list(held.values())

    def _counted_consents(self, day: date, held: Sequence[Consent]) -> tuple[list[Consent], frozenset[str]]:
        """Of the consents that hold, those of depositors that the clause counts; and who counts by them."""
        if self.clause.by is None and self.clause.organizations_as is None:
            return list(held), frozenset(spell.participant for spell in held)
        codes = {spell: self._stands_for(day, spell) for spell in held}
        if self.clause.by is not None:
            entitled = self._situation(day, frozenset()).members_of(self.clause.by)
            codes = {spell: found for spell, each in codes.items() if (found := each & entitled)}
        return list(codes), frozenset(code for each in codes.values() for code in each)

    def _stands_for(self, day: date, spell: Consent) -> frozenset[str]:
        """Whom a deposit counts for: its author, or the members of an organization that counts as those."""
        who = self.ledger.participants.get(spell.participant)
        if self.clause.organizations_as is None or who is None or not who.is_organization:
            return frozenset((spell.participant,))
        return self._situation(day, frozenset()).members_of(self.clause.organizations_as)

    def counted_now(self) -> tuple[Sequence[Consent], frozenset[str]]:
        """The consents that count on the ledger's day, and who counts by them; MissingData if nobody can tell."""
        return self._counted_now

    @cached_property
    def _counted_now(self) -> tuple[Sequence[Consent], frozenset[str]]:
        return self._counted_consents(self.day, self._counts_on(self.day, self._countable))

    def number(self) -> int:
        """How many count on the ledger's day."""
        return len(self.counted_now()[1])

    def not_counted(self, counted: Iterable[Action]) -> Iterator[UncountedDeposit]:
        """The consents that are not among those counted on the ledger's day, each with the reason."""
        live = set(map(id, counted))
        for spells in self.consents.values():
            for spell in spells:
                if id(spell.action) not in live:
                    yield UncountedDeposit(spell.action, self._why_not(spell.action) or self._why_gone(spell))
        for act in self.ledger.undated(self.terms.id):
            if act.kind.consents and not act.territory:
                yield UncountedDeposit(act, message("date not known"))

    def _why_gone(self, spell: Consent) -> str:
        if spell.ends_on and spell.ends_on <= self.day:
            return message("withdrawn, effective {date}", date=spell.ends_on)
        if has_ceased_to_exist(self.ledger, spell.participant, self.day):
            return message("State no longer exists; the instrument of its successor is counted")
        if any(other is not spell and other.holds_on(self.day) for other in self.consents[spell.participant]):
            return message("a later instrument of the same participant is counted")
        return message("not among the eligible depositors")

    def _situation(self, day: date, depositors: frozenset[str]) -> CountingSituation:
        return CountingSituation(self.ledger, self.terms.id, day, depositors, self.parties_on)

    def now(self) -> CountingSituation:
        """The deposits that count on the ledger's day."""
        return self._situation(self.day, self.counted_now()[1])

    def reached(self) -> ThresholdReached | None:
        """The first day on which everything the clause requires was there; None if it never was."""
        if not self.clause.is_stated:
            raise MissingData(message("clause on entry into force"))
        known = self._known_for_all_days()
        found = known.get(REACHED)
        if found is None or found.day > self.day:
            found = self._first_day_with_enough()
            if found:
                known[REACHED] = found
        return found

    def _known_for_all_days(self) -> dict[str, ThresholdReached]:
        """Where the day once found is that of the views of all later days: only a number of deposits is asked for, and
        none of them is ever taken back.
        """
        clause, shared = self.clause, shared_acts(self.ledger, self.terms.id)
        asks_for_more = clause.held_against or clause.events or clause.tacit
        if shared is None or asks_for_more or somebody_leaves(self.ledger, self.terms.id):
            return {}
        return shared[0].table("threshold", clause.threshold, clause.acts, clause.organizations_count)

    def _first_day_with_enough(self) -> ThresholdReached | None:
        countable = self._countable
        for day in self._days_worth_asking(countable):
            held = self._counts_on(day, countable)
            if self._enough(day, held):
                by = sorted((s.action for s in held if s.action.counts_from == day), key=sort_actions)
                return ThresholdReached(day, tuple(by))
        return None

    def _days_worth_asking(self, countable: Sequence[Consent]) -> Iterator[date]:
        """The days on which something changed, from the first that can have seen enough deposits."""
        given = sorted(day for spell in countable if (day := spell.action.counts_from))
        needed = self.clause.threshold if self.clause.threshold and self.clause.organizations_as is None else 0
        if len(given) < needed:
            return
        earliest = given[needed - 1] if needed else date.min
        if needed:
            yield earliest
        yield from (day for day in self.days(countable) if day > earliest)

    def _enough(self, day: date, held: Sequence[Consent]) -> bool:
        _, codes = self._counted_consents(day, held)
        if self.clause.threshold and len(codes) < self.clause.threshold:
            return False
        if not all(self._has_happened(event, day) for event in self.clause.events):
            return False
        if self.clause.tacit and not (self.clause.tacit.by <= day and self.tacitly_accepted(day)):
            return False
        situation = self._situation(day, codes)
        return all(situation.progress(part).met for part in self.clause.requirements)

    def _has_happened(self, event: str, day: date) -> bool:
        return any(each.event == event and each.on.last <= day for each in self.ledger.events(self.terms.id))

    def objectors(self, day: date) -> frozenset[str]:
        """Those that had objected to this amendment by a day."""
        acts = (act for act in self.ledger.acts(self.terms.id) if act.kind is ActionKind.OBJECTION)
        return frozenset(act.participant for act in acts if act.counts_from and act.counts_from <= day)

    def tacitly_accepted(self, day: date) -> bool:
        """Had so few parties to the treaty objected by the last day for it that the amendment counts as accepted?"""
        tacit, parent = self.clause.tacit, self.terms.parent
        assert tacit is not None
        if parent not in self.ledger.instruments:
            raise MissingData(message("treaty amended by {instrument}", instrument=self.terms.name))
        entitled = self.parties_on(self.ledger, parent, tacit.by)
        return bool(entitled) and len(self.objectors(tacit.by) & entitled) < tacit.part * len(entitled)

    def days(self, spells: Sequence[Consent]) -> list[date]:
        """The days up to the ledger's on which the deposits, or what they are held against, changed."""
        days: set[date | None] = {spell.action.counts_from for spell in spells} | {spell.ends_on for spell in spells}
        days |= {self.ledger.endings.get(spell.participant) for spell in spells}
        days |= {event.on.last for event in self.ledger.events(self.terms.id)}
        days |= {self.clause.tacit.by} if self.clause.tacit else set()
        days |= relevant_dates(self.ledger, self.terms.id, self.clause.held_against)
        return sorted(day for day in days if day is not None and day <= self.day)

    def uncertain(self, reached: ThresholdReached | None) -> tuple[str, ...]:
        """What the record lacks of deposits that might have met the requirements on an earlier day."""
        if not self.clause.asks_for_deposits:
            return ()
        undated = [act for act in self.ledger.undated(self.terms.id) if act.kind.consents and not act.territory]
        vague = [spell.action for spell in self._countable if spell.action.day is None]
        loose = [act for act in (*undated, *vague) if self._why_not(act) is None and self._might_precede(act, reached)]
        missing = self._missing(reached)
        if reached is None and is_partial(self.ledger, self.terms.id) and self.terms.in_force_on is None:
            return (message("an unknown number of deposits"),)
        short = reached is None and self.clause.threshold is not None
        if short and self.number() + len(undated) + missing < (self.clause.threshold or 0):
            return ()
        lacking = [_dates_in_words(len(loose))] if loose else []
        return (*lacking, _deposits_in_words(missing)) if missing else tuple(lacking)

    def _missing(self, reached: ThresholdReached | None) -> int:
        """How many deposits that may precede the threshold are known not to be in the data."""
        number = missing_acts(self.ledger, self.terms.id)
        stated = coverage_of(self.ledger, self.terms.id, CONSENTS) if number else None
        if stated is None:
            return 0
        if reached and stated.missing_from and stated.missing_from.first >= reached.day:
            return 0
        named = missing_participants(self.ledger, self.terms.id)
        return number - sum(code in self.consents for code in named)  # those that a view takes for deposited

    def _might_precede(self, act: Action, reached: ThresholdReached | None) -> bool:
        """Might the act's unknown day have made the threshold an earlier day than the one found?"""
        earliest = earliest_day(self.ledger, self.terms, act)
        if reached is None:
            return earliest <= self.day
        counted_before = act.date is not None and act.date.last < reached.day
        only_counts = not self.clause.requirements and self.clause.by is None
        return earliest < reached.day and not (counted_before and only_counts)


def _dates_in_words(number: int) -> TranslatableText:
    return plural(
        "date of one deposit that may precede the threshold", "dates of {n} deposits that may precede the threshold",
        number,
    )  # fmt: skip


def _deposits_in_words(number: int) -> TranslatableText:
    return plural("one deposit that may precede the threshold", "{n} deposits that may precede the threshold", number)


def _heirs(ledger: Ledger, code: str) -> frozenset[str]:
    """The successors of a former State, and theirs in turn, by the codes under which their acts stand."""
    found, ahead = set[str](), [code]
    while ahead:
        who = ledger.participants.get(ahead.pop())
        new = {ledger.continuing(each) for each in (who.successors if who else ())} - found
        found |= new
        ahead += new
    return frozenset(found - {code})
