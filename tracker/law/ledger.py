"""The ledger: the immutable record of who did what, up to a date, as known at a moment.

Under it lie the index of treaty actions and the other facts ready for lookup, which views (`as_of`, `known_at`,
`with_actions`) and the ledger after a change (`renewed`) share. Here are also the names by which sentences call things.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from heapq import merge
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from cachetools import LRUCache
from cachetools.keys import hashkey

from tracker.errors import NotFound
from tracker.law.action_index import ActionIndex, ActionTimeline, sort_actions
from tracker.law.model import (
    Action,
    Assessment,
    Body,
    Coverage,
    Fact,
    Instrument,
    InstrumentEvent,
    Mandate,
    Membership,
    Participant,
    ParticipantCode,
    PublishedCount,
    Weight,
)
from tracker.law.populations import Names
from tracker.law.reference_facts import (
    END_OF_TIME,
    Statement,
    Target,
    facts_by_type,
    reference_facts,
    renewed_facts,
    renewed_reference_facts,
)
from tracker.messages import message

T = TypeVar("T")
P = ParamSpec("P")


class Ledger:
    """The record up to a day (`day`, None for all of it), as known at a moment (`moment`, None for now)."""

    __slots__ = (
        "__weakref__", "_acts", "_added", "_cut", "_instead", "_memo", "_others", "_reference", "day", "moment",
    )  # fmt: skip

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._others = facts_by_type(facts)
        self._acts = ActionIndex(cast(tuple[Action, ...], self._others.pop(Action, ())))
        self._added: ActionIndex | None = None
        self._instead: Mapping[str, ActionIndex] = {}
        self._cut: date | None = None
        self._reference = reference_facts(self._others, None)
        self.day: date | None = None
        self.moment: datetime | None = None
        self._memo: dict[Any, Any] = {}

    def _view(self) -> Ledger:
        view = object.__new__(Ledger)
        for slot in ("_others", "_acts", "_added", "_instead", "_cut", "_reference", "day", "moment"):
            setattr(view, slot, getattr(self, slot))
        view._memo = {}
        return view

    def forget(self) -> None:
        """Drop the remembered answers, which hold this ledger as it holds them: else only a search would free it."""
        answers, self._memo = self._memo, {}
        for found in answers.values():
            if isinstance(found, Ledger):
                found.forget()

    def as_of(self, day: date | None) -> Ledger:
        """The ledger without the acts later than that day. None, or a day beyond its own, changes nothing."""
        if day is None or (self.day is not None and day >= self.day):
            return self
        view = self._view()
        view.day = day
        return view

    def known_at(self, moment: datetime | None) -> Ledger:
        """The ledger as the record knew it at that aware moment; retracted facts come back, later ones go."""
        if moment is None:
            return self
        if moment.tzinfo is None:
            raise ValueError("a moment of record time must be aware (UTC)")
        if self.moment is not None:
            moment = min(moment, self.moment)
        view = self._view()
        view.moment = moment
        view._reference = reference_facts(self._others, moment)
        return view

    def with_actions(self, actions: Iterable[Action], until: date | None = None) -> Ledger:
        """The ledger with hypothetical acts added, seen like its own only up to its day.

        With `until` the view looks on to that later day: the added acts count up to it, while the
        record's own stay cut where they were. That is how a future is supposed.
        """
        view = self._view()
        view._added = ActionIndex([*(self._added or ()), *actions])
        if until and self.day and until > self.day:
            view.day, view._cut = until, self._cut or self.day
        return view

    def with_acts_of(self, instrument: str, reading: object, acts: Callable[[], Iterable[Action]]) -> Ledger:
        """The ledger with these acts on one instrument instead of its own: how the record would be, were they so.

        `reading` names what is done to the acts: the views of one record share what came of it, whatever their day.
        """
        shared = self._acts.derived if self.moment is None and not self._added and not self._instead else {}
        key = (instrument, reading)
        index = shared.get(key) or shared.setdefault(key, ActionIndex(acts()))
        view = self._view()
        view._instead = {**self._instead, instrument: index}
        return view

    def every_act(self, instrument: str) -> tuple[Action, ...]:
        """The acts on an instrument as known at the ledger's moment, dated or not, whatever the ledger's day.

        Where a future is supposed, the record's own acts after its day are left out.
        """
        found: list[Action] = []
        for index, cut in self._layers(instrument):
            timeline = index.on(instrument)
            found += timeline.until(cut) if self._cut and index is self._acts else timeline.acts
            found += timeline.undated
        return tuple(act for act in found if act.known_at(self.moment))

    def with_instrument(self, instrument: Instrument) -> Ledger:
        """The ledger with an instrument's terms replaced (or a new one added): the drafter's question."""
        view = self._view()
        terms = cast(tuple[Instrument, ...], self._others.get(Instrument, ()))
        kept = tuple(instrument if each.id == instrument.id else each for each in terms)
        new = () if instrument.id in self.instruments else (instrument,)
        view._others = {**self._others, Instrument: (*kept, *new)}
        view._reference = reference_facts(view._others, self.moment)
        return view

    def renewed(self, retracted: Iterable[Fact], come: Iterable[Fact]) -> Ledger:
        """The whole record after a change: these facts, live until now, are retracted; those are new, in their order.

        The two share what did not change. ValueError where this is a view; KeyError for a fact to go that is not live.
        """
        if self.day or self.moment or self._added or self._instead:
            raise ValueError("only the whole record is renewed, not a view of it")
        gone, new = facts_by_type(retracted), facts_by_type(come)
        changed = {*gone, *new} - {Action}
        whole = self._view()
        if Action in gone or Action in new:
            acts = (cast(tuple[Action, ...], each.get(Action, ())) for each in (gone, new))
            whole._acts = self._acts.renewed(*acts)
        if changed:
            parts = ((each, [facts.get(each, ()) for facts in (self._others, gone, new)]) for each in changed)
            whole._others = {**self._others, **{each: renewed_facts(*facts) for each, facts in parts}}
            whole._reference = renewed_reference_facts(self._reference, whole._others, changed)
        return whole

    def has_same_reference_facts(self, other: Ledger) -> bool:
        """Do both surely hold the same facts other than acts, since they share them?"""
        return self._reference is other._reference

    def instruments_with_own_acts(self, other: Ledger) -> set[str]:
        """The instruments on which the two do not surely see the same acts, since they do not share them."""
        mine, theirs = ((each.moment, [day for _, day in each._layers()]) for each in (self, other))
        if mine != theirs or self._instead or other._instead:
            return {*self._acts.by_instrument, *other._acts.by_instrument, *self.instruments, *other.instruments}
        layers = zip(self._layers(), other._layers(), strict=True)
        return {name for (one, _), (another, _) in layers for name in one.unshared_instruments(another)}

    def is_view_of_same_record(self, other: Ledger) -> bool:
        """Do both views hold the same facts, known at the same moment, so that only their days can differ?"""
        parts = ("_others", "_acts", "_added", "_instead")
        return all(getattr(self, part) is getattr(other, part) for part in parts) and (self._cut, self.moment) == (
            other._cut,
            other.moment,
        )

    def only(self, instruments: Container[str]) -> Ledger:
        """The ledger as if it held no other instruments than these; everything else stays."""
        view = self._view()
        terms = cast(tuple[Instrument, ...], self._others.get(Instrument, ()))
        view._others = {**self._others, Instrument: tuple(each for each in terms if each.id in instruments)}
        kept = {name: terms for name, terms in self.instruments.items() if name in instruments}
        view._reference = replace(self._reference, instruments=kept)
        return view

    @property
    def horizon(self) -> date:
        """The ledger's day, or the end of time where it has none."""
        return self.day or END_OF_TIME

    def acts(self, instrument: str) -> tuple[Action, ...]:
        """The dated acts on an instrument up to the day, in date order."""
        if shared := self.shared_acts(instrument):
            return shared[0].live_until(shared[1])
        return self._known_acts([index.on(instrument).until(day) for index, day in self._layers(instrument)])

    def shared_acts(self, instrument: str) -> tuple[ActionTimeline, date] | None:
        """The acts on an instrument that views of all days share, and the day up to which this one sees them.

        None where it sees others: as of an earlier moment of the record, or with acts that are supposed.
        """
        layers = self._layers(instrument)
        shares = self.moment is None and len(layers) == 1
        return (layers[0][0].on(instrument), layers[0][1]) if shares else None

    def acts_by(self, participant: str) -> tuple[Action, ...]:
        """The dated acts of a participant up to the day, in date order."""
        return self._known_acts([index.by(participant).until(day) for index, day in self._layers()])

    def acts_of(self, instrument: str, participant: str) -> tuple[Action, ...]:
        """The dated acts of one participant (and of those that it continues) on one instrument, in date order."""
        layers = self._layers(instrument)
        found = [
            self._known_acts([index.on(instrument, code).until(day) for index, day in layers])
            for code in self.continued(participant)
        ]
        return found[0] if len(found) == 1 else tuple(merge(*found, key=sort_actions))

    def undated(self, instrument: str, participant: str | None = None) -> tuple[Action, ...]:
        """The acts of which the record knows no day by which they had been done: they may have been done on any."""
        layers = self._layers(instrument)
        codes = (None,) if participant is None else self.continued(participant)
        each = (self._known_acts([index.on(instrument, code).undated for index, _ in layers]) for code in codes)
        return tuple(act for acts in each for act in acts)

    def actors(self, instrument: str) -> tuple[str, ...]:
        """The codes of all under which acts on an instrument stand up to the day, dated or not."""
        acts = (*self.acts(instrument), *self.undated(instrument))
        return tuple(sorted({self.continuing(act.participant) for act in acts}))

    def _layers(self, instrument: str = "") -> tuple[tuple[ActionIndex, date], ...]:
        """The indexes of acts (on an instrument), each with the day up to which it is seen."""
        if instrument in self._instead:
            return ((self._instead[instrument], self.horizon),)
        own = (self._acts, min(self.horizon, self._cut or END_OF_TIME))
        return (own, (self._added, self.horizon)) if self._added else (own,)

    def _known_acts(self, layers: Sequence[Sequence[Action]]) -> tuple[Action, ...]:
        """The acts of the layers, in order, that the record knew at its moment; most keys have none, at no cost."""
        if not any(layers):
            return ()
        acts = layers[0] if len(layers) == 1 else merge(*layers, key=sort_actions)
        return tuple(act for act in acts if act.known_at(self.moment))

    @property
    def participants(self) -> Mapping[str, Participant]:
        """Participants by code."""
        return self._reference.participants

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Instruments by id, in the order of the record."""
        return self._reference.instruments

    @property
    def bodies(self) -> Mapping[str, Body]:
        """Bodies by id."""
        return self._reference.bodies

    def participant(self, code: str) -> Participant:
        """The participant of that code (case does not matter); NotFound if there is none."""
        return _look_up(self.participants, code.upper(), "participant")

    def instrument(self, id: str) -> Instrument:
        """The instrument of that id (case does not matter); NotFound if there is none."""
        return _look_up(self.instruments, id.lower(), "instrument")

    def body(self, id: str) -> Body:
        """The body of that id (case does not matter); NotFound if there is none."""
        return _look_up(self.bodies, id.lower(), "body")

    def protocols(self, instrument: str) -> tuple[Instrument, ...]:
        """The instruments whose parent this one is."""
        return tuple(each for each in self.instruments.values() if each.parent == instrument)

    def codes(self, participant: str) -> tuple[ParticipantCode, ...]:
        """The participant's codes in other schemes than the record's own."""
        return self._reference.codes.get(participant, ())

    def predecessors(self, participant: str) -> tuple[str, ...]:
        """The codes of the participants that this one succeeds."""
        return self._reference.predecessors.get(participant, ())

    def continuing(self, participant: str) -> str:
        """The code under which its acts stand: its own, or that of the State that continues its legal personality.

        Serbia continues Serbia and Montenegro, the Russian Federation the Soviet Union: one State under another name,
        whose treaty actions depositaries list together.
        """
        return self._reference.continuing.get(participant, participant)

    def continued(self, participant: str) -> tuple[str, ...]:
        """The codes whose acts stand under this one: its own first, then those that it continues."""
        if participant not in self._reference.with_former_names:
            return (participant,)
        found, ahead = [], [participant]
        while ahead:
            code = ahead.pop(0)
            if code not in found:
                found.append(code)
                known = self.participants.get(code)
                ahead += known.continues if known else ()
        return tuple(found)

    def existed_on(self, participant: str, day: date) -> bool:
        """Could it have existed on that day as a State of its own, itself or under the name of one that it continues?

        A State that another one in the record continues does not exist beside it.
        """
        if self.continuing(participant) != participant:
            return False
        return any(
            self.participants[code].existed_on(day) for code in self.continued(participant) if code in self.participants
        )

    def began(self, participant: str) -> date | None:
        """The day on which the State began, under whichever name; None where the record does not have it to the day."""
        known = [self.participants[code] for code in self.continued(participant) if code in self.participants]
        first = min((who.exists_from for who in known if who.exists_from), default=None)
        return first.exact if first else None

    @property
    def endings(self) -> Mapping[str, date]:
        """The first day on which each participant that has ceased to exist no longer does, by code."""
        return self._reference.endings

    def memberships(self, body: str) -> tuple[Membership, ...]:
        """Every membership of a body, past and present."""
        return self._reference.memberships.get(body, ())

    def memberships_of(self, participant: str) -> tuple[Membership, ...]:
        """Every membership of a participant, past and present."""
        return self._reference.memberships_of.get(participant, ())

    def members(self, body: str, on: date | None = None, role: str = "member") -> frozenset[str]:
        """The codes of a body's members on a day (by default the ledger's)."""
        day = on or self.horizon
        held = [m for m in self.memberships(body) if m.holds_on(day)]
        suspended = {m.participant for m in held if m.role == "suspended"} if role == "member" else set()
        return frozenset(m.participant for m in held if m.role == role) - suspended

    @property
    def mandates(self) -> tuple[Mandate, ...]:
        """What each body has to do with each instrument."""
        return self._reference.mandates

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """Every judgement of a body on a participant."""
        return self._reference.assessments

    @property
    def schemes(self) -> Mapping[str, tuple[Assessment, ...]]:
        """Every judgement by its scheme."""
        return self._reference.by_scheme

    @property
    def targets(self) -> Mapping[str, Target]:
        """Goals and reported figures by id, in the order of the record."""
        return self._reference.targets

    def counts(self, instrument: str) -> tuple[PublishedCount, ...]:
        """The published counts for an instrument up to the day, oldest first."""
        return tuple(c for c in self._reference.counts.get(instrument, ()) if c.on.last <= self.horizon)

    def weights(self, table: str) -> tuple[Weight, ...]:
        """Every row of a table of weights; empty where the record has no such table."""
        return self._reference.weights.get(table, ())

    def weights_on(self, table: str, day: date) -> Mapping[str, Weight]:
        """A table's latest row of each participant that counts on a day; rows without a day always count."""
        rows = (row for row in self.weights(table) if row.on is None or row.on.first <= day)
        return {row.participant: row for row in sorted(rows, key=lambda row: row.on.first if row.on else date.min)}

    def coverage(self, instrument: str) -> tuple[Coverage, ...]:
        """How complete the record is of an instrument's acts, one for each aspect of which it says so."""
        return self._reference.coverage.get(instrument, ())

    def statements(self, instrument: str, *, undated: bool = True) -> tuple[Statement, ...]:
        """What was said about an instrument up to the day, in the order of the dates.

        Last come those that may have been made on any day, shown whatever the day; `undated=False` leaves them out.
        """
        found, until = self.every_statement(instrument), self.horizon
        return tuple(each for each in found if (undated if (day := each.counts_from) is None else day <= until))

    def every_statement(self, instrument: str) -> tuple[Statement, ...]:
        """What was ever said about an instrument, as known at the ledger's moment, whatever its day."""
        return self._reference.statements.get(instrument, ())

    def events(self, instrument: str) -> tuple[InstrumentEvent, ...]:
        """What has happened to an instrument by the day, beside the acts of participants; oldest first."""
        return tuple(each for each in self._reference.events.get(instrument, ()) if each.on.last <= self.horizon)


_UNASKED = object()  # an answer may be None


def memoized(ask: Callable[Concatenate[Ledger, P], T]) -> Callable[Concatenate[Ledger, P], T]:
    """Ask a pure question of a ledger once, and keep the answer as long as that view lives."""

    @wraps(ask)
    def answer(ledger: Ledger, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (ask, args, tuple(kwargs.items())) if kwargs else (ask, args)
        found = ledger._memo.get(key, _UNASKED)
        if found is _UNASKED:
            found = ledger._memo[key] = ask(ledger, *args, **kwargs)
        return cast(T, found)

    return cast("Callable[Concatenate[Ledger, P], T]", answer)


def memoized_for_reference_facts(ask: Callable[[Ledger], T]) -> Callable[[Ledger], T]:
    """Ask what follows from the facts other than acts alone once, for all ledgers that share those facts."""

    @wraps(ask)
    def answer(ledger: Ledger) -> T:
        derived = ledger._reference.derived
        if ask not in derived:
            derived[ask] = ask(ledger)
        return cast(T, derived[ask])

    return answer


def memoized_recent(
    most: int,
) -> Callable[[Callable[Concatenate[Ledger, P], T]], Callable[Concatenate[Ledger, P], T]]:
    """Like `memoized`, for questions whose arguments readers choose: each view keeps the `most` answers last asked for.

    However many different questions are asked, memory stays bounded. Thread-safe; two threads that ask the same
    new question at once may both work it out.
    """

    def decorate(ask: Callable[Concatenate[Ledger, P], T]) -> Callable[Concatenate[Ledger, P], T]:
        lock = Lock()

        @wraps(ask)
        def answer(ledger: Ledger, *args: P.args, **kwargs: P.kwargs) -> T:
            key = hashkey(*args, *kwargs.items())
            with lock:
                recent = ledger._memo.setdefault((ask, "recent"), LRUCache(most))
                found = recent.get(key, _UNASKED)
            if found is _UNASKED:
                found = ask(ledger, *args, **kwargs)
                with lock:
                    recent[key] = found
            return cast(T, found)

        return cast("Callable[Concatenate[Ledger, P], T]", answer)

    return decorate


def _look_up(table: Mapping[str, T], key: str, kind: str) -> T:
    try:
        return table[key]
    except KeyError:
        raise NotFound(kind, key) from None


def name_of(ledger: Ledger, code: str) -> str:
    """The participant's name, or its code where the record does not describe it."""
    participant = ledger.participants.get(code)
    return participant.name if participant else code


def title_of(ledger: Ledger, instrument: str) -> str:
    """The instrument's usual name, or its id where the record does not describe it."""
    found = ledger.instruments.get(instrument)
    return found.name if found else instrument


def names_in(ledger: Ledger) -> Names:
    """What a sentence calls an id: `France`, `UNTOC`, `the Council of Europe`; unknown ids stay as they are."""

    def name(id: str) -> str:
        if id in ledger.participants:
            return name_of(ledger, id)
        body = ledger.bodies.get(id)
        found = body.name if body else title_of(ledger, id)
        return message("the {name}", name=found) if " " in found and not found.lower().startswith("the ") else found

    return name
