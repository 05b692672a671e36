"""When an instrument enters into force, with the steps of the explanation; and whose consent to it then holds.

Both are one subject: until a treaty is in force a consent can be taken back at once, afterwards its notice period runs;
and a clause may ask who is a party to another treaty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tracker.law import effects, threshold
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause
from tracker.law.consents import (
    Consent,
    acts_by_person,
    consent_in_effect,
    deposits,
    has_ceased_to_exist,
    leavers,
    no_longer_existing,
    somebody_leaves,
    spells_of_consent,
)
from tracker.law.ledger import Ledger, memoized, name_of, names_in, title_of
from tracker.law.model import TERMINATION, Action, Instrument
from tracker.law.requirements import MissingData, anchor_day
from tracker.law.threshold import (
    DepositCount,
    EntryIntoForce,
    ExplanationStep,
    ForceStatus,
    ThresholdReached,
    ThresholdStatus,
)
from tracker.law.wording import paragraph
from tracker.messages import message


@memoized
def entry_into_force(ledger: Ledger, instrument: str) -> EntryIntoForce:
    """When the instrument enters into force for all, on the ledger's day, with its explanation.

    Follows the instrument's own clause (its `article`). A deposit that was taken back does not count; that of a
    former State does, until a successor of it deposits (so did the depositary count for ICCPR-OP2 and UNCLOS).
    NotFound for an unknown instrument, BadClause for terms that make no sense.
    """
    terms = ledger.instrument(instrument)
    clause = clause_of(terms)
    ways = [replace(each, acts=clause.acts, by=clause.by, **_organizations(clause)) for each in clause.branches]
    found = [_Enquiry(ledger, terms, each).answer() for each in ways or [clause]]
    return min(found, key=_first_to_decide)


def _organizations(clause: Clause) -> dict[str, Any]:
    return {"organizations_count": clause.organizations_count, "organizations_as": clause.organizations_as}


def _first_to_decide(answer: EntryIntoForce) -> tuple[bool, date, int]:
    """Of several ways into force: one that cannot be told decides nothing; else the earliest, else the nearest."""
    certain = answer.status is not ForceStatus.UNDETERMINED and answer.basis == "computed"
    return certain and answer.date is None, answer.date or date.max, sum(not each.met for each in answer.progress)


@dataclass(frozen=True)
class _Enquiry:
    """One instrument's entry into force being worked out, by one clause."""

    ledger: Ledger
    terms: Instrument
    clause: Clause

    # -- the answer --------------------------------------------------------------------------------

    def answer(self) -> EntryIntoForce:
        count = self._count_of_deposits
        try:
            if self.clause.is_fixed and self.clause.on:
                return self._on_fixed_day(self.clause.on)
            reached = count.reached()
            if lacking := count.uncertain(reached):
                return self._answer_undetermined(lacking)
            return self._pending(count) if reached is None else self._on_computed_day(reached)
        except MissingData as lack:
            return self._answer_undetermined((lack.missing,))

    @cached_property
    def _count_of_deposits(self) -> DepositCount:
        return self._count(deposits(self.ledger, self.terms.id))

    def _count(self, consents: Mapping[str, tuple[Consent, ...]]) -> DepositCount:
        return DepositCount(self.ledger, self.terms, self.clause, self._day, consents, parties_on)

    def _on_fixed_day(self, day: date) -> EntryIntoForce:
        """Of a clause that fixes the day, whatever has been deposited by then."""
        status = ForceStatus.IN_FORCE if day <= self._day else ForceStatus.WILL_ENTER
        steps = (ExplanationStep("fixed day", message("Date fixed in the treaty: {date}.", date=day), day),)
        why = threshold.why_dated(steps, day, self.terms.article)
        return self._with_end(self._answer(status, why, in_force=day, date=day, steps=steps), day)

    def _pending(self, count: DepositCount) -> EntryIntoForce:
        counted, required = count.number(), self.clause.threshold
        progress = tuple(count.now().progress(part) for part in self.clause.requirements)
        why = threshold.why_pending(counted, required, progress)
        return self._answer(ForceStatus.PENDING, why, progress=progress)

    def _on_computed_day(self, reached: ThresholdReached) -> EntryIntoForce:
        landed, steps = self._landing(reached)
        if landed is None:
            why = paragraph(step.text for step in steps)
            return self._answer(ForceStatus.PENDING, why, reached, steps=steps)
        status = ForceStatus.IN_FORCE if landed <= self._day else ForceStatus.WILL_ENTER
        why = threshold.why_dated(steps, landed, self.terms.article)
        return self._with_end(self._answer(status, why, reached, in_force=landed, date=landed, steps=steps), landed)

    def _answer_undetermined(self, missing: tuple[str, ...]) -> EntryIntoForce:
        lacks = threshold.why_data_missing(missing)
        official = self._official
        if official is None or official > self._day:
            return self._answer(ForceStatus.UNDETERMINED, lacks, basis="none", missing=missing)
        why = paragraph([message("Date given by the depositary: {date}.", date=official), lacks])
        stated = self._answer(
            ForceStatus.IN_FORCE, why, in_force=official, date=official, basis="depositary", missing=missing
        )
        return self._with_end(stated, official)

    def _answer(
        self,
        status: ForceStatus,
        why: str,
        reached: ThresholdReached | None = None,
        in_force: date | None = None,
        **rest: Any,
    ) -> EntryIntoForce:
        held = spells_by_participant(self.ledger, self.terms.id, self.clause, in_force)
        count = self._count_of_deposits
        if held is not count.consents:  # they differ where somebody has left, for the notice periods that run
            count = self._count(held)
        try:
            spells, codes = count.counted_now()
            number, counted = len(codes), tuple(spell.action for spell in spells)
            not_counted = tuple(count.not_counted(counted))
        except MissingData:
            number, counted, not_counted = 0, (), ()
        return EntryIntoForce(
            status=status,
            why=why,
            official=self._official,
            article=self.terms.article,
            threshold=self._threshold(reached, number),
            counted=counted,
            not_counted=not_counted,
            **rest,
        )

    def _threshold(self, reached: ThresholdReached | None, counted: int) -> ThresholdStatus:
        required = self.clause.threshold
        if reached:
            return ThresholdStatus(required, counted, 0, reached.day, tuple(act.participant for act in reached.by))
        return ThresholdStatus(required, counted, None if required is None else max(0, required - counted))

    @property
    def _day(self) -> date:
        return self.ledger.horizon

    @property
    def _official(self) -> date | None:
        return self.terms.in_force_on.exact if self.terms.in_force_on else None

    # -- from the threshold to the day -------------------------------------------------------------

    def _landing(self, reached: ThresholdReached) -> tuple[date | None, tuple[ExplanationStep, ...]]:
        """The day of entry into force that follows from the threshold, step by step; None while it waits."""
        clause = self.clause
        assert clause.delay is not None
        names = tuple(name_of(self.ledger, act.participant) for act in reached.by)
        steps = [threshold.reached_step(clause, reached.day, names)]
        if clause.on and reached.day <= clause.on:
            landed = clause.on
            fixed = message("Date fixed in the treaty for this case: {date}.", date=landed)
            steps.append(ExplanationStep("fixed day", fixed, landed))
        else:
            landed = clause.delay.after(reached.day)
            steps.append(threshold.delay_step(clause.delay, reached.day, landed))
        if clause.not_before:
            floor = self._floor()
            steps.append(threshold.floor_step(floor, landed))
            landed = max(landed, floor)
        for each in clause.requires:
            parent = self._prerequisite(each)
            steps.append(threshold.prerequisite_step(names_in(self.ledger)(each), parent, landed))
            if parent is None:
                return None, tuple(steps)
            landed = max(landed, parent)
        return landed, tuple(steps)

    def _floor(self) -> date:
        floor = self.clause.not_before
        assert floor is not None
        start = floor.anchor if isinstance(floor.anchor, date) else anchor_day(self.ledger, self.terms.id, floor.anchor)
        return floor.delay.after(start) if floor.delay else start

    def _prerequisite(self, instrument: str) -> date | None:
        if instrument not in self.ledger.instruments:
            raise MissingData(message("{instrument}, which must be in force first", instrument=instrument))
        if self.terms.id in _waits_for(self.ledger, instrument):
            raise MissingData(
                message(
                    "an order of entry into force: {one} and {other} require each other",
                    one=title_of(self.ledger, instrument), other=self.terms.name,
                )
            )  # fmt: skip
        first = entry_into_force(self.ledger, instrument)
        if first.date is None and first.missing:
            raise MissingData(message("entry into force of {instrument}", instrument=names_in(self.ledger)(instrument)))
        return first.date

    # -- the end -----------------------------------------------------------------------------------

    def _with_end(self, answer: EntryIntoForce, landed: date) -> EntryIntoForce:
        ends = [(day, "") for day in (self._term(landed), self._fall(landed)) if day]
        end, reason = min([*ends, *self._terminations()], default=(None, ""))
        if end is None or end > self._day:
            return answer
        if reason:
            ended = message("No longer in force since {date}: {reason}.", date=end, reason=reason)
        else:
            ended = message("No longer in force since {date}.", date=end)
        return replace(answer, status=ForceStatus.TERMINATED, ended_on=end, why=paragraph([ended, answer.why]))

    def _terminations(self) -> Iterator[tuple[date, str]]:
        """The end that is a fact of its own: by agreement, by a later treaty."""
        for event in self.ledger.events(self.terms.id):
            if event.event == TERMINATION:
                yield event.on.last, event.note

    def _term(self, landed: date) -> date | None:
        return self.clause.ends_after.after(landed) if self.clause.ends_after else None

    def _fall(self, landed: date) -> date | None:
        """The day the parties had become too few, and stayed so for as long as the clause says."""
        if not (rule := self.clause.ends_below):
            return None
        consents = spells_by_participant(self.ledger, self.terms.id, self.clause, landed)
        spells = [spell for each in consents.values() for spell in each]
        since: date | None = None
        for day in sorted({landed, *(d for d in self._count(consents).days(spells) if d > landed), self._day}):
            held = {s.participant for s in spells if s.holds_on(day)}
            few = sum(not has_ceased_to_exist(self.ledger, code, day) for code in held) < rule.parties
            if since and (end := rule.lasting.after(since) if rule.lasting else since) <= day:
                return end
            since = (since or day) if few else None
            if since and not rule.lasting:
                return since
        return None


def _waits_for(ledger: Ledger, instrument: str) -> frozenset[str]:
    """An instrument and everything that must be in force before it."""
    found, ahead = set[str](), [instrument]
    while ahead:
        each = ahead.pop()
        if each in ledger.instruments and each not in found:
            found.add(each)
            ahead += clause_of(ledger.instrument(each)).requires
    return frozenset(found)


# -- whose consent holds -----------------------------------------------------------------------------


def spells_by_participant(
    ledger: Ledger, instrument: str, clause: Clause, in_force: date | None
) -> Mapping[str, tuple[Consent, ...]]:
    """Each participant's spells of consent, for an instrument in force from a day on (None: not in force)."""
    delay, term = clause.withdrawal_delay, clause.consent_lasts
    given = deposits(ledger, instrument)
    if term is None and not somebody_leaves(ledger, instrument):
        return given  # no notice runs, so they are the same before and after
    acts = acts_by_person(ledger, instrument)
    touched = given.keys() if term else given.keys() & leavers(ledger, instrument)
    return {**given, **{code: spells_of_consent(code, acts[code], delay, in_force, term) for code in touched}}


@memoized
def consents(ledger: Ledger, instrument: str) -> Mapping[str, tuple[Consent, ...]]:
    """Each participant's spells of consent to an instrument, oldest first, each with its end as the clauses give it.

    A spell may end by an act of its author, or because of another treaty or body (see `effects`).
    """
    terms = ledger.instrument(instrument)
    clause = clause_of(terms)
    found = spells_by_participant(ledger, terms.id, clause, in_force_from(ledger, terms.id))
    if not (clause.ends_by_others or clause.ceases_with) or end_with_each_other(ledger, terms.id):
        return found
    ending = {code: _with_other_ends(ledger, clause, found[code]) for code in _may_end_by_others(ledger, clause, found)}
    return {**found, **ending}


def _may_end_by_others(ledger: Ledger, clause: Clause, found: Mapping[str, Sequence[Consent]]) -> Collection[str]:
    """Those whose consents may end with or by another instrument or body; most consents cannot."""
    if clause.ceases_with:
        return found.keys()
    parents = (_with_ended_consent(ledger, each) for each in _parents(ledger, clause))
    later = (consents(ledger, each).keys() for each in clause.denounced_by if each in ledger.instruments)
    return found.keys() & set().union(*parents, *later)


@memoized
def _with_ended_consent(ledger: Ledger, instrument: str) -> frozenset[str]:
    found = consents(ledger, instrument).items()
    return frozenset(code for code, spells in found if any(spell.ends_on for spell in spells))


def _with_other_ends(ledger: Ledger, clause: Clause, spells: tuple[Consent, ...]) -> tuple[Consent, ...]:
    ended = tuple(_ended_by_others(ledger, clause, spell) for spell in spells)
    return spells if all(one is other for one, other in zip(spells, ended, strict=True)) else ended


def in_force_from(ledger: Ledger, instrument: str) -> date | None:
    """The day from which notice periods run; None while the instrument is not in force.

    Where the record cannot tell, they are taken to run always.
    """
    if not somebody_leaves(ledger, instrument):
        return date.min  # nobody has given notice, so nothing depends on it
    entry = entry_into_force(ledger, instrument)
    if entry.date or entry.status is ForceStatus.UNDETERMINED:
        return entry.date or entry.official or date.min
    stated = entry.official and entry.official <= ledger.horizon  # though the record lacks deposits that led to it
    return entry.official if stated else None


def _ended_by_others(ledger: Ledger, clause: Clause, spell: Consent) -> Consent:
    """The spell with its end, if something other than an act of its author ends it earlier."""
    ends = [
        *(effects.end_with(consents(ledger, each), spell) for each in _parents(ledger, clause)),
        *(_end_by_later(ledger, each, spell) for each in clause.denounced_by if each in ledger.instruments),
        *(effects.end_with_membership(ledger, clause.ceases_with, spell) if clause.ceases_with else ()),
    ]
    earliest = min((end for end in ends if end), key=lambda end: end.on, default=None)
    if earliest is None or (spell.ends_on and spell.ends_on <= earliest.on):
        return spell
    return replace(spell, ended_by=earliest.act, ends_on=earliest.on, end_rule=earliest.rule)


def _end_by_later(ledger: Ledger, later: str, spell: Consent) -> effects.ConsentEnd | None:
    entry, clause = entry_into_force(ledger, later), clause_of(ledger.instrument(later))
    return effects.end_by_later(ledger, entry, consents(ledger, later), clause, spell)


def _parents(ledger: Ledger, clause: Clause) -> Iterator[str]:
    """The instruments with the consent to which the consent to this one ends."""
    found = dict.fromkeys(filter(None, (clause.falls_with, clause.party_requires)))
    yield from (each for each in found if each in ledger.instruments)


def end_with_each_other(ledger: Ledger, instrument: str) -> bool:
    """Do clauses lead from the instrument back to itself? Then nothing follows from them; the checks find it."""
    found, ahead = set[str](), [instrument]
    while ahead:
        each = ahead.pop()
        if each in ledger.instruments and each not in found:
            found.add(each)
            following = clause_of(ledger.instrument(each)).ends_by_others
            if instrument in following:
                return True
            ahead += following
    return False


def consents_by_date(ledger: Ledger, instrument: str) -> Mapping[str, list[tuple[date, bool]]]:
    """For each that ever consented: the days on which that may have changed, in order, and whether it then held.

    Each day is judged by the acts up to it alone, as the ledger of that day would.
    """
    clause, in_force = clause_of(ledger.instrument(instrument)), in_force_from(ledger, instrument)
    acts, found = acts_by_person(ledger, instrument), consents(ledger, instrument)
    return {
        code: _turns(spells) if any(spell.ends_by_others for spell in spells)
        else _held_by_day(code, acts[code], clause, in_force)
        for code, spells in found.items()
    }  # fmt: skip


def _turns(spells: Sequence[Consent]) -> list[tuple[date, bool]]:
    days = {day for spell in spells for day in (spell.action.counts_from, spell.ends_on) if day}
    return [(day, consent_in_effect(spells, day) is not None) for day in sorted(days)]


def _held_by_day(code: str, acts: Sequence[Action], clause: Clause, in_force: date | None) -> list[tuple[date, bool]]:
    delay, term = clause.withdrawal_delay, clause.consent_lasts
    known = [spells_of_consent(code, acts[:number], delay, in_force, term) for number in range(1, len(acts) + 1)]
    ends = {spell.ends_on for spells in known for spell in spells}
    days = sorted(day for day in {act.counts_from for act in acts} | ends if day)
    upto = [sum(1 for act in acts if act.counts_from and act.counts_from <= day) for day in days]
    return [
        (day, consent_in_effect(known[number - 1], day) is not None)
        for day, number in zip(days, upto, strict=True)
        if number
    ]


def consent_of(ledger: Ledger, instrument: str, participant: str) -> Consent | None:
    """The participant's latest consent, whether it still holds or not."""
    found = consents(ledger, instrument).get(participant, ())
    return found[-1] if found else None


def parties_on(ledger: Ledger, instrument: str, day: date) -> frozenset[str]:
    """All whose consent holds on a day and that still exist: what the UN prints as parties."""
    held = (code for code, spells in consents(ledger, instrument).items() if consent_in_effect(spells, day))
    return frozenset(held) - no_longer_existing(ledger, day)


def parties(ledger: Ledger, instrument: str) -> frozenset[str]:
    """All that have consented and not withdrawn on the ledger's day, organizations included."""
    return parties_on(ledger, instrument, ledger.horizon)
