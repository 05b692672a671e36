"""Whether a treaty is in force between two participants on the ledger's day, since when, why, with what text.

Vienna Convention on the Law of Treaties: a treaty binds its parties towards each other (arts 2(1)(g), 24 and 26),
unless one opposes entry into force on account of a reservation (art. 20(4)(b)), or has not accepted the other's
accession where the treaty asks for that (the conventions of The Hague).

Which text of a treaty governs between two of its parties: the treaty alone, or as amended.

Vienna Convention on the Law of Treaties, art. 40: an amendment binds those that are parties to it; between one that
is and one that is not, the treaty governs as it was (art. 40(4) and 30(4)(b)). One that becomes a party to the treaty
after the amendment is in force is a party to the treaty as amended, unless it says otherwise (art. 40(5)(a)), and
to the unamended treaty towards parties that the amendment does not bind (art. 40(5)(b)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.law.bindings import Binding, bindings, bindings_of, bound_participants
from tracker.law.clauses import AccessionTerms, accession_terms
from tracker.law.consents import has_ceased_to_exist
from tracker.law.coverage import at_the_earliest
from tracker.law.effects import provisional_applications
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, memoized, name_of
from tracker.law.model import Action, ActionKind, Instrument, InstrumentKind
from tracker.law.reference_facts import ObjectionEffect, Statement, StatementTopic
from tracker.law.reservations import (
    ReservationEffect,
    ReservationOutcome,
    answers,
    objections,
    reservation_effect,
    reservations_by,
)
from tracker.law.statements import statements_by_author
from tracker.law.territories import territories_on
from tracker.law.wording import paragraph
from tracker.messages import TranslatableText, message


@dataclass(frozen=True, slots=True)
class AmendmentBetween:
    """One amendment in force and two parties to the treaty: whether it governs between them, and why."""

    amendment: str
    governs: bool
    why: str


@dataclass(frozen=True, slots=True)
class GoverningText:
    """What governs between two participants on a day: the treaty, where both are bound, with the amendments that do.

    `in_force` is False where the treaty does not bind both; then no amendment of it does.
    """

    instrument: str
    participants: tuple[str, str]
    on: date
    in_force: bool
    amendments: tuple[AmendmentBetween, ...]
    why: str

    @property
    def text(self) -> tuple[str, ...]:
        """The ids of the instruments that make up the text between the two, the treaty first; empty where none is."""
        return (self.instrument, *(each.amendment for each in self.amendments if each.governs)) if self.in_force else ()


def amendments_of(ledger: Ledger, instrument: str) -> tuple[Instrument, ...]:
    """The amendments to an instrument, in the order of the record."""
    return tuple(each for each in ledger.protocols(instrument) if each.kind is InstrumentKind.AMENDMENT)


def bound_by_amendment(ledger: Ledger, amendment: str, participant: str, day: date) -> str | None:
    """Why an amendment binds a party to the treaty on a day, in words; None where it does not."""
    terms, name = ledger.instrument(amendment), name_of(ledger, participant)
    entered = entry_into_force(ledger, terms.id).date
    if entered is None or entered > day:
        return None
    if participant in bound_participants(ledger, terms.id, day):
        theirs = [each for each in bindings(ledger, terms.id)[participant] if each.holds_on(day)]
        return message("{state}: {reason}", state=name, reason=theirs[-1].why)
    joined = [each for each in bindings(ledger, terms.parent).get(participant, ()) if each.holds_on(day)]
    given = joined[-1].consent.action.counts_from if joined else None
    if given and given > entered:
        return message(
            "{state}: consent to the treaty on {date}, after the amendment entered into force; party to the treaty as "
            "amended (Vienna Convention on the Law of Treaties, art. 40(5)(a)).",
            state=name, date=given,
        )  # fmt: skip
    return None


def governing_text(ledger: Ledger, instrument: str, one: str, other: str, on: date | None = None) -> GoverningText:
    """Which text of a treaty is in force between two participants on a day (the ledger's by default).

    NotFound for names the record does not hold.
    """
    terms, day = ledger.instrument(instrument), on or ledger.horizon
    pair = (ledger.participant(one).code, ledger.participant(other).code)
    bound = bound_participants(ledger, terms.id, day)
    unbound = [name_of(ledger, code) for code in pair if code not in bound]
    if unbound:
        why = message(
            "{instrument}: not in force on {date} for {states}.", instrument=terms.name, date=day, states=unbound
        )
        return GoverningText(terms.id, pair, day, False, (), why)
    found = tuple(
        _amendment_between(ledger, each, pair, day)
        for each in amendments_of(ledger, terms.id)
        if (entered := entry_into_force(ledger, each.id).date) and entered <= day
    )
    both = message("{instrument}: in force for both on {date}.", instrument=terms.name, date=day)
    return GoverningText(terms.id, pair, day, True, found, paragraph([both, *(each.why for each in found)]))


def _amendment_between(ledger: Ledger, amendment: Instrument, pair: tuple[str, str], day: date) -> AmendmentBetween:
    reasons = {code: bound_by_amendment(ledger, amendment.id, code, day) for code in pair}
    free = [name_of(ledger, code) for code, why in reasons.items() if why is None]
    if not free:
        applies = message("{instrument}: applies between the two.", instrument=amendment.name)
        return AmendmentBetween(amendment.id, True, paragraph([applies, *filter(None, reasons.values())]))
    if len(free) == len(pair):
        return AmendmentBetween(
            amendment.id, False, message("{instrument}: in force for neither.", instrument=amendment.name)
        )
    why = message(
        "{instrument}: not in force for {state}; the unamended treaty applies (Vienna Convention on the Law of "
        "Treaties, art. 40(4) and 30(4)(b)).",
        instrument=amendment.name, state=free[0],
    )  # fmt: skip
    return AmendmentBetween(amendment.id, False, why)


class RelationState(StrEnum):
    """Is a treaty in force between two participants?"""

    IN_FORCE = "in-force"
    NOT_IN_FORCE = "not-in-force"
    EXCLUDED = "excluded"
    PROVISIONAL = "provisional"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class RelationStep:
    """One step of the answer: a sentence, and the article of the Vienna Convention or the treaty that it rests on."""

    text: TranslatableText
    article: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A treaty between two participants on a day.

    `since` and `until` are the dates between which it is in force between the two (`until` the first on which it no
    longer is); not `exact` where the data have no exact date, and `since` is then the latest it can be. `effects` are
    those of the reservations of either; `text` the ids of the treaty and the amendments that govern; `territories`
    those to which each has extended it; `unknown` what the data do not tell, in sentences.
    """

    instrument: str
    participants: tuple[str, str]
    on: date
    state: RelationState
    since: date | None
    until: date | None
    exact: bool
    steps: tuple[RelationStep, ...]
    effects: tuple[ReservationEffect, ...] = ()
    text: tuple[str, ...] = ()
    territories: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    non_recognition: tuple[Statement, ...] = ()
    unknown: tuple[TranslatableText, ...] = ()


def relations(ledger: Ledger, instrument: str, one: str, other: str) -> Relation:
    """Whether and how a treaty is in force between two participants on the ledger's day.

    NotFound for names that the data do not hold.
    """
    terms = ledger.instrument(instrument)
    pair = ledger.participant(one).code, ledger.participant(other).code
    return relation_of(ledger, terms.id, *(ledger.continuing(code) for code in pair))


def all_relations(ledger: Ledger, instrument: str) -> Iterator[Relation]:
    """The relation of every pair bound on the ledger's day, each pair once, in the order of the codes."""
    bound = sorted(bound_bindings(ledger, instrument))
    for place, one in enumerate(bound):
        for other in bound[place + 1 :]:
            yield relation_of(ledger, instrument, one, other)


def relation_of(ledger: Ledger, instrument: str, one: str, other: str) -> Relation:
    """The same for an id and for codes that are known to be in the data."""
    first, second = (bound_binding(ledger, instrument, code) for code in (one, other))
    if one == other or first is None or second is None:
        return _without_both(ledger, instrument, (one, other))
    since, until = _span(first, second)
    exact = first.since is not None and second.since is not None
    state, steps, unknown = RelationState.IN_FORCE, [RelationStep(_BOTH, "24")], list[TranslatableText]()
    if rule := _accession_rule(ledger, instrument):
        verdict = _accession(ledger, instrument, rule, (one, first), (other, second))
        state, since = verdict.state or state, _later(since, verdict.since)
        steps += verdict.steps
    effects = _effects(ledger, instrument, one, first, other, second)
    for each in effects:
        unknown += each.unknown
        if each.outcome is ReservationOutcome.TREATY_EXCLUDED:
            state = RelationState.EXCLUDED
            steps.append(RelationStep(each.why, each.article))
    for pair in ((one, other), (other, one)):
        if pair in objections(ledger, instrument):
            if ended := _exclusion_ended(ledger, instrument, pair):
                since = _later(since, ended)
                steps.append(_end_of_exclusion(ended))
            unknown += _objections_to_nothing(ledger, instrument, pair)
    return Relation(
        instrument, (one, other), ledger.horizon, state, since if state is RelationState.IN_FORCE else None,
        until if state is RelationState.IN_FORCE else None, exact, tuple(steps), effects,
        _text(ledger, instrument, one, other) if state is RelationState.IN_FORCE else (),
        (territories_on(ledger, instrument, one), territories_on(ledger, instrument, other)),
        _non_recognition(ledger, instrument, one, other), tuple(unknown),
    )  # fmt: skip


_BOTH = message("The treaty is in force for both.")


@memoized
def bound_bindings(ledger: Ledger, instrument: str) -> Mapping[str, Binding]:
    """The binding that holds on the ledger's day for each that is bound then."""
    everyone = bindings(ledger, instrument).items()
    return {code: found for code, theirs in everyone if (found := _holding(ledger, code, theirs))}


@memoized
def bound_binding(ledger: Ledger, instrument: str, code: str) -> Binding | None:
    """The same for one participant, at the cost of that one alone; None where it is not bound."""
    return _holding(ledger, code, bindings_of(ledger, instrument, code))


def _holding(ledger: Ledger, code: str, theirs: tuple[Binding, ...]) -> Binding | None:
    day = ledger.horizon
    held = [each for each in theirs if each.holds_on(day)]
    return held[-1] if held and not has_ceased_to_exist(ledger, code, day) else None


def _span(one: Binding, other: Binding) -> tuple[date | None, date | None]:
    ends = [each.until for each in (one, other) if each.until]
    begun = [each.by for each in (one, other) if each.by]
    return max(begun, default=None), min(ends, default=None)


# -- neither or only one is bound ------------------------------------------------------------------


def _without_both(ledger: Ledger, instrument: str, pair: tuple[str, str]) -> Relation:
    """The relation where the treaty does not certainly bind both."""
    unbound = [code for code in dict.fromkeys(pair) if bound_binding(ledger, instrument, code) is None]
    names = [name_of(ledger, code) for code in unbound]
    if pair[0] == pair[1]:
        steps = [RelationStep(message("A treaty is in force between two different participants."), "2(1)(g)")]
        return _nothing(ledger, instrument, pair, RelationState.NOT_IN_FORCE, steps)
    earliest = at_the_earliest(ledger, instrument)
    if unbound and all(bound_binding(earliest, instrument, code) for code in unbound):
        steps = [RelationStep(message("Whether it binds {names} by this date is not in our data.", names=names), "24")]
        return _nothing(ledger, instrument, pair, RelationState.NOT_KNOWN, steps)
    applied = [code for code in unbound if _applies_provisionally(ledger, instrument, code)]
    if unbound and len(applied) == len(unbound):
        steps = [RelationStep(message("{names}: provisional application.", names=names), "25")]
        return _nothing(ledger, instrument, pair, RelationState.PROVISIONAL, steps)
    steps = [RelationStep(message("The treaty does not bind {names} on this date.", names=names), "34")]
    return _nothing(ledger, instrument, pair, RelationState.NOT_IN_FORCE, steps)


def _nothing(
    ledger: Ledger, instrument: str, pair: tuple[str, str], state: RelationState, steps: list[RelationStep]
) -> Relation:
    return Relation(instrument, pair, ledger.horizon, state, None, None, False, tuple(steps))


def _applies_provisionally(ledger: Ledger, instrument: str, code: str) -> bool:
    found = provisional_applications(ledger, instrument).get(code)
    return found is not None and found.holds_on(ledger.horizon)


# -- accessions that others accept -----------------------------------------------------------------

_BY_THE_TREATY = "15"  # an accession expresses consent as the treaty provides; its own article is not in the data


@dataclass(frozen=True, slots=True)
class _Accession:
    """What acceptances and objections make of a pair: None where they leave it in force, and since when it is."""

    state: RelationState | None = None
    steps: tuple[RelationStep, ...] = ()
    since: date | None = None


@memoized
def _accession_rule(ledger: Ledger, instrument: str) -> AccessionTerms | None:
    rule = accession_terms(ledger.instrument(instrument).accessions)
    return None if rule.rule == "all" else rule


@memoized
def _answers(ledger: Ledger, instrument: str) -> dict[tuple[str, str], tuple[Action, ...]]:
    """The acceptances of accessions and objections to them, by (author, acceding State), in date order."""
    found: dict[tuple[str, str], list[Action]] = {}
    for act in ledger.acts(instrument):
        if act.towards:
            pair = ledger.continuing(act.participant), ledger.continuing(act.towards)
            found.setdefault(pair, []).append(act)
    return {pair: tuple(acts) for pair, acts in found.items()}


def _accession(
    ledger: Ledger, instrument: str, rule: AccessionTerms, one: tuple[str, Binding], other: tuple[str, Binding]
) -> _Accession:
    """What the accession of either needs from the other.

    Where both acceded and accessions must be accepted, it is the later one that the earlier party accepts.
    """
    acceded = [each for each in (one, other) if each[1].consent.action.kind is ActionKind.ACCESSION]
    if rule.rule == "accepted":
        acceded = sorted(acceded, key=lambda each: each[1].consent.action.counts_from or date.min)[-1:]
    ask = _acceptance if rule.rule == "accepted" else _objection
    found = [ask(ledger, instrument, rule, each, other[0] if each is one else one[0]) for each in acceded]
    state = next((each.state for each in found if each.state), None)
    steps = tuple(step for each in found for step in each.steps)
    return _Accession(state, steps, max((each.since for each in found if each.since), default=None))


def _acceptance(
    ledger: Ledger, instrument: str, rule: AccessionTerms, acceding: tuple[str, Binding], answering: str
) -> _Accession:
    """An accession binds towards a party only once that has accepted it."""
    names = {"one": name_of(ledger, answering), "other": name_of(ledger, acceding[0])}
    acts = _answers(ledger, instrument).get((answering, acceding[0]), ())
    act = next((each for each in acts if each.kind is ActionKind.ACCEPTANCE_OF_ACCESSION), None)
    if act is None:
        why = message("{one} has not accepted the accession of {other} in our data.", **names)
        return _Accession(RelationState.NOT_IN_FORCE, (RelationStep(why, _BY_THE_TREATY),))
    given = act.counts_from
    since = act.effective_on.last if act.effective_on else rule.delay.after(given) if rule.delay and given else given
    why = message("{one} accepted the accession of {other} on {day}.", day=act.date or given, **names)
    later = since is not None and since > ledger.horizon
    return _Accession(RelationState.NOT_IN_FORCE if later else None, (RelationStep(why, _BY_THE_TREATY),), since)


def _objection(
    ledger: Ledger, instrument: str, rule: AccessionTerms, acceding: tuple[str, Binding], answering: str
) -> _Accession:
    """A timely objection keeps the treaty from being in force between the two, until it is withdrawn."""
    acts = [
        act
        for act in _answers(ledger, instrument).get((answering, acceding[0]), ())
        if act.kind is not ActionKind.ACCEPTANCE_OF_ACCESSION
    ]
    if not acts:
        return _Accession()
    act, names = acts[-1], {"one": name_of(ledger, answering), "other": name_of(ledger, acceding[0])}
    if act.kind is ActionKind.OBJECTION_TO_ACCESSION_WITHDRAWN:
        why = message("{one} withdrew its objection to the accession of {other}.", **names)
        return _Accession(
            None, (RelationStep(why, _BY_THE_TREATY),), act.effective_on.last if act.effective_on else act.counts_from
        )
    made, (first, last) = act.counts_from, _end_of_objections(rule, acceding[1].consent.action)
    if last and made and made > last:
        why = message("{one} objected to the accession of {other} after the time for it, which ended on {day}.",
                      day=last, **names)  # fmt: skip
        return _Accession(None, (RelationStep(why, _BY_THE_TREATY),))
    why = message("{one} objected to the accession of {other} on {day}.", day=act.date or made, **names)
    steps = [RelationStep(why, _BY_THE_TREATY)]
    if first and made and made > first:
        doubt = message(
            "The time for objections runs from the notification of the accession, which is not in our data: it ended "
            "on {day} or later.",
            day=first,
        )
        steps.append(RelationStep(doubt, _BY_THE_TREATY))
    return _Accession(RelationState.EXCLUDED, tuple(steps))


_LONGEST_EFFECT = 3 * 366  # days from the end of the time for objections until an accession takes effect


def _end_of_objections(rule: AccessionTerms, accession: Action) -> tuple[date | None, date | None]:
    """Between which days the time for objections to an accession ended.

    It runs from the depositary's notification: from the deposit it is at least so long, and taken to be at most twice
    as long. Where the day is stated on which the accession took effect, it follows from that.
    """
    stated = accession.effective_on.exact if accession.effective_on else None
    if stated and (effect := rule.effect):
        days = (stated - timedelta(days=back) for back in range(_LONGEST_EFFECT))
        if ended := next((day for day in days if effect.after(day) <= stated), None):
            return ended, ended
    deposited = accession.counts_from
    if rule.delay is None or deposited is None:
        return None, None
    first = rule.delay.after(deposited)
    return first, rule.delay.after(first)


# -- what is in force between the two --------------------------------------------------------------


def _effects(
    ledger: Ledger, instrument: str, one: str, first: Binding, other: str, second: Binding
) -> tuple[ReservationEffect, ...]:
    """The effects of each one's reservations towards the other."""
    return tuple(
        reservation_effect(ledger, each, towards, theirs.consent.action.counts_from)
        for author, towards, theirs in ((one, other, second), (other, one, first))
        for each in reservations_by(ledger, instrument, author)
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)


def _exclusion_ended(ledger: Ledger, instrument: str, pair: tuple[str, str]) -> date | None:
    """When an objection that kept the treaty from being in force between the two, or its reservation, was withdrawn."""
    objecting, reserving = pair
    theirs = reservations_by(ledger, instrument, reserving)
    ended = [
        day
        for objection in objections(ledger, instrument)[objecting, reserving]
        if objection.statement.effect is ObjectionEffect.EXCLUDES_TREATY
        for day in (
            objection.withdrawn_on,
            *(each.standing.withdrawn_on for each in theirs if answers(objection, each.statement)),
        )
        if day
    ]
    return max(ended, default=None)


def _end_of_exclusion(day: date) -> RelationStep:
    return RelationStep(
        message(
            "The objection that kept it from being in force between the two, or the reservation, was withdrawn on "
            "{day}.",
            day=day,
        ),
        "22(3)",
    )


def _objections_to_nothing(ledger: Ledger, instrument: str, pair: tuple[str, str]) -> list[TranslatableText]:
    """That an objection is in the data without the reservation to which it objects."""
    objecting, reserving = pair
    theirs = reservations_by(ledger, instrument, reserving)
    if all(any(answers(each, one.statement) for one in theirs) for each in objections(ledger, instrument)[pair]):
        return []
    names = {"one": name_of(ledger, objecting), "other": name_of(ledger, reserving)}
    return [
        message("An objection of {one} to a reservation of {other} is in our data, the reservation is not.", **names)
    ]


@memoized
def _has_amendments(ledger: Ledger, instrument: str) -> bool:
    return bool(amendments_of(ledger, instrument))


def _text(ledger: Ledger, instrument: str, one: str, other: str) -> tuple[str, ...]:
    if not _has_amendments(ledger, instrument):
        return (instrument,)
    return governing_text(ledger, instrument, one, other).text


def _non_recognition(ledger: Ledger, instrument: str, one: str, other: str) -> tuple[Statement, ...]:
    """The declarations of either that it does not recognize the other, or has no relations with it by the treaty."""
    said = statements_by_author(ledger, instrument)
    return tuple(
        each.statement
        for author, towards in ((one, other), (other, one))
        for each in said.get(author, ())
        if each.statement.topic is StatementTopic.NON_RECOGNITION and towards in each.statement.towards
    )
