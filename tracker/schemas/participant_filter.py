"""Which participants a table, map or network shows: one filter, read from an address, applied, counted, written back.

`FACETS` are its parts. Within a facet any of the values chosen is enough. UN groups, regions and bodies are one choice
of groups: with `match=any` a participant of any of them is shown, without it one that is in one of each list chosen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate
from tracker.law.kinds import GROUP_ACRONYMS
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import ParticipantStatus
from tracker.messages import message
from tracker.schemas.values import NamedStatus

R = TypeVar("R", bound=NamedStatus)
STANDINGS = tuple(status.value for status in (
    ParticipantStatus.PARTY, ParticipantStatus.CONTRACTING_PARTY, ParticipantStatus.PROVISIONAL,
    ParticipantStatus.SIGNATORY, ParticipantStatus.WITHDRAWN, ParticipantStatus.NONE,
))  # fmt: skip
CONSENTS = tuple(kind.value for kind in ActionKind if kind.consents)
GROUPS_OF_STATES = ("group", "region", "member_of")
FACETS = (*GROUPS_OF_STATES, "standing", "act", "kind")
DATES = ("acted_from", "acted_to")
ANY = "any"


@dataclass(frozen=True, slots=True)
class TreatyFacts:
    """What a row says about a treaty: status, kind of consent, and the date of consent or else of signature."""

    standing: str = ""
    act: str = ""
    acted_on: PartialDate | date | None = None


Facts = Callable[[Any], Sequence[TreatyFacts]]  # of a row, for each treaty that it is about


def facts_of_row(row: Any) -> tuple[TreatyFacts]:
    """The facts of a row about one treaty; empty facts for a row that is about none."""
    acted = getattr(row, "consent", None) or getattr(row, "signature", None) or getattr(row, "since", None)
    act = getattr(row, "action", None)
    return (TreatyFacts(str(getattr(row, "status", "")), str(act or ""), acted),)


@dataclass(frozen=True, slots=True)
class ParticipantFilter:
    """The participants asked for; an empty facet asks for all. `members` are the codes of each body on the date."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acted_from: date | None = None
    acted_to: date | None = None
    match_any: bool = False
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def narrows(self) -> bool:
        """Does it leave anyone out?"""
        return bool(any(self.chosen.values()) or self.acted_from or self.acted_to)

    @property
    def several_lists(self) -> bool:
        """Are groups of more than one kind chosen, so that it matters how they are joined?"""
        return sum(bool(self.chosen.get(facet)) for facet in GROUPS_OF_STATES) > 1

    @property
    def joins_lists(self) -> bool:
        """Does a group of another list add participants? The pages join lists so, unless an address says otherwise."""
        return self.match_any or not self.several_lists

    def values(self, facet: str) -> tuple[str, ...]:
        """What is chosen of a facet."""
        return self.chosen.get(facet, ())

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as the names and values of an address; `parse_filter` gives the same filter back."""
        found = [(facet, value) for facet in FACETS for value in self.values(facet)]
        found += [(name, str(day)) for name in DATES if (day := getattr(self, name))]
        return [*found, ("match", ANY)] if self.match_any and self.several_lists else found

    def without(self, facet: str, value: str = "") -> ParticipantFilter:
        """The filter less one value, less a whole facet where none is named, or less the dates (`acted_on`)."""
        if facet == "acted_on":
            return replace(self, acted_from=None, acted_to=None)
        left = tuple(each for each in self.values(facet) if value and each != value)
        return replace(self, chosen={**self.chosen, facet: left})

    def keeps(self, row: NamedStatus, facts: Iterable[TreatyFacts]) -> bool:
        """Is that participant asked for, by what it did on at least one of the treaties?"""
        if not self.narrows:
            return any(True for _ in facts)
        return self._is_one_of("kind", row.kind) and self._is_in_groups(row) and any(map(self.wants, facts))

    def wants(self, facts: TreatyFacts) -> bool:
        """Is what a participant did on one treaty asked for?"""
        return (
            self._is_one_of("standing", facts.standing)
            and self._is_one_of("act", facts.act)
            and self._acted_in_time(facts.acted_on)
        )

    def apply(self, rows: Iterable[R], facts: Facts = facts_of_row) -> list[R]:
        """The rows asked for, in their order."""
        return [row for row in rows if self.keeps(row, facts(row))]

    def of_people(self) -> ParticipantFilter:
        """The filter without what it asks about a treaty."""
        return replace(self, chosen={**self.chosen, "standing": (), "act": ()}, acted_from=None, acted_to=None)

    def _is_one_of(self, facet: str, value: str) -> bool:
        return not self.values(facet) or value in self.values(facet)

    def _is_in_groups(self, row: NamedStatus) -> bool:
        asked = [facet for facet in GROUPS_OF_STATES if self.values(facet)]
        found = (any(value in self.values(facet) for value in self.of_row(row, facet)) for facet in asked)
        return not asked or (any(found) if self.match_any else all(found))

    def of_row(self, row: NamedStatus, facet: str) -> Iterator[str]:
        """The groups of one list (`group`, `region`, `member_of`) that a participant is in."""
        if facet == "member_of":
            yield from (body for body, codes in self.members.items() if row.participant in codes)
        else:
            yield row.un_group if facet == "group" else row.region

    def _acted_in_time(self, day: PartialDate | date | None) -> bool:
        """Was it done between the dates, or may it have been, as far as its date is known?"""
        if not (self.acted_from or self.acted_to):
            return True
        if day is None:
            return False
        first, last = (day.first, day.last) if isinstance(day, PartialDate) else (day, day)
        return not ((self.acted_from and last < self.acted_from) or (self.acted_to and first > self.acted_to))


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value of a facet, how many rows it would show with the other facets as they are, and whether it is chosen."""

    value: str
    count: int
    chosen: bool
    acronym: str = ""
    name: str = ""


def facet_options(
    ledger: Ledger, wanted: ParticipantFilter, rows: Sequence[R], facts: Facts = facts_of_row
) -> dict[str, list[FacetOption]]:
    """What there is to choose in each facet among these rows, with counts; what is chosen stays, even without rows."""
    found = [(row, facts(row)) for row in rows]
    bodies = _bodies_of_members(wanted)
    return {facet: _options(ledger, wanted, found, facet, bodies) for facet in FACETS}


def _options(
    ledger: Ledger, wanted: ParticipantFilter, rows: Sequence[tuple[Any, Sequence[TreatyFacts]]], facet: str,
    bodies: Mapping[str, set[str]],
) -> list[FacetOption]:  # fmt: skip
    free = wanted.without(facet)
    if facet in GROUPS_OF_STATES and wanted.joins_lists:
        free = replace(free, chosen={**free.chosen, **dict.fromkeys(GROUPS_OF_STATES, ())})
    there: Counter[str] = Counter()
    for row, facts in rows:
        for value in _values_of(row, facts, facet, bodies):
            there[value] += bool(facts)
    counts = there
    if free.narrows:
        kept = ((row, facts) for row, facts in rows if free.keeps(row, facts))
        counts = Counter(
            value for row, facts in kept for value in _values_of(row, filter(free.wants, facts), facet, bodies)
        )
    chosen = wanted.values(facet)
    return [
        FacetOption(value, counts[value], value in chosen, GROUP_ACRONYMS.get(value, ""), name)
        for value, name in known_values(ledger)[facet].items()
        if value in there or value in chosen
    ]


def _bodies_of_members(wanted: ParticipantFilter) -> dict[str, set[str]]:
    """The bodies of which each participant is a member, by its code."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for body, codes in wanted.members.items():
        for code in codes:
            found[code].add(body)
    return found


def _values_of(
    row: NamedStatus, facts: Iterable[TreatyFacts], facet: str, bodies: Mapping[str, set[str]]
) -> Collection[str]:
    if facet == "member_of":
        return bodies.get(row.participant, ())
    if facet in ("group", "region"):
        return (row.un_group if facet == "group" else row.region,)
    return {row.kind} if facet == "kind" else {getattr(each, facet) for each in facts}


@memoized
def known_values(ledger: Ledger) -> dict[str, dict[str, str]]:
    """What can be chosen in each facet of a ledger, with the names of bodies; the order is that of the pages."""
    bodies = {each.id: each.name for each in ledger.bodies.values() if ledger.memberships(each.id)}
    return {
        "group": dict.fromkeys(_of_participants(ledger, "un_group"), ""),
        "region": dict.fromkeys(_of_participants(ledger, "region"), ""),
        "member_of": dict(sorted(bodies.items(), key=lambda each: each[1])),
        "standing": dict.fromkeys(STANDINGS, ""),
        "act": dict.fromkeys(CONSENTS, ""),
        "kind": dict.fromkeys((kind.value for kind in ParticipantKind), ""),
    }


@memoized
def members_of_bodies(ledger: Ledger) -> dict[str, frozenset[str]]:
    """The members of every body on the ledger's date."""
    return {body: ledger.members(body) for body in known_values(ledger)["member_of"]}


def _of_participants(ledger: Ledger, name: str) -> list[str]:
    return sorted({str(getattr(each, name)) for each in ledger.participants.values()} - {""})


def parse_filter(
    given: Mapping[str, Sequence[str]], ledger: Ledger, facets: Sequence[str] = (*FACETS, *DATES)
) -> ParticipantFilter:
    """The filter that the values of an address ask for; BadQuestion where one names something that is not there.

    A UN group may be written by its acronym (`group=GRULAC`).
    """
    known = known_values(ledger)
    chosen = {facet: _read_choices(facet, given.get(facet, ()), known[facet]) for facet in FACETS if facet in facets}
    days = {name: _day(name, given.get(name, ())) for name in DATES if name in facets}
    match = next(filter(None, given.get("match", ())), "")
    if match not in ("", ANY):
        raise not_a_choice("match", match, [ANY])
    return ParticipantFilter(chosen, **days, match_any=match == ANY, members=members_of_bodies(ledger))


def not_a_choice(field: str, value: str, choices: Iterable[str]) -> BadQuestion:
    """The refusal of a value that a field does not offer, with what it offers."""
    refusal = message(
        "{name}='{value}' is not an option. Options: {choices}.",
        name=field, value=value[:40], choices=", ".join(choices),
    )  # fmt: skip
    return BadQuestion(refusal, field)


def _read_choices(facet: str, given: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    by_acronym = {acronym.casefold(): group for group, acronym in GROUP_ACRONYMS.items()} if facet == "group" else {}
    found = {by_acronym.get(value.casefold(), value) for value in given if value}
    if unknown := sorted(found - set(known)):
        raise not_a_choice(facet, unknown[0], known)
    return tuple(value for value in known if value in found)


def _day(name: str, given: Iterable[str]) -> date | None:
    text = next(filter(None, given), "")
    if not text:
        return None
    try:
        day = PartialDate.parse(text).exact
    except ValueError:
        day = None
    if day is None:
        refusal = message("{name}: '{text}' is not a date. Enter a date such as 2003-09-29.", name=name, text=text[:40])
        raise BadQuestion(refusal, name, message("Enter a date such as 2003-09-29."))
    return day
