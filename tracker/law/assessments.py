"""Assessments: what a body says of a participant under one of its schemes, on a date and through time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.errors import NotFound
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Assessment

UNKNOWN = "unknown"  # the value of an edition, without a participant, whose outcome the data lack


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of judgements: whose it is, the values it gives, and how many it holds on the ledger's day.

    `unverified` counts the judgements in the whole scheme that nobody checked against a source.
    """

    id: str
    body: str
    values: tuple[str, ...]
    size: int
    judgements: int
    unverified: int


@dataclass(frozen=True, slots=True)
class SchemeEdition:
    """One edition of a scheme: how many have each value, and what the record lacks of it.

    `counts` is empty for an edition of which the record has nothing. `absent` are values that editions
    around this one have and of which the record has nobody here: those placements are unknown.
    """

    name: str
    start: PartialDate | None
    end: PartialDate | None
    counts: Mapping[str, int]
    absent: tuple[str, ...]
    unverified: int = 0

    @property
    def size(self) -> int:
        """How many participants the record has in it."""
        return sum(self.counts.values())

    @property
    def complete(self) -> bool:
        """Does the record have everything of it, as far as it can be seen from the editions around it?"""
        return bool(self.counts) and not self.absent


@dataclass(frozen=True, slots=True)
class ListChange:
    """A day on which a scheme's list changed: its size then, who came, who went, whose value changed.

    `absent` are the values unknown in the edition of that day; the size then counts only the rest.
    """

    day: date
    size: int
    came: tuple[str, ...]
    went: tuple[str, ...]
    changed: tuple[str, ...]
    absent: tuple[str, ...] = ()


def is_in_force(judged: Assessment, day: date) -> bool:
    """Did the judgement hold on that day? Up to the day it ended, which is the first without it."""
    return (judged.start is None or judged.start.last <= day) and (judged.end is None or day < judged.end.last)


def assessments_in_force(ledger: Ledger, scheme: str, day: date | None = None) -> Mapping[str, Assessment]:
    """The judgement that holds for each participant under a scheme on a day (the ledger's by default).

    NotFound for an unknown scheme.
    """
    return _in_effect(_assessments_of_scheme(ledger, scheme), day or ledger.horizon)


def in_edition(ledger: Ledger, scheme: str, edition: str) -> Mapping[str, Assessment]:
    """The judgement of each participant in one edition; NotFound for an unknown scheme or edition."""
    found = {j.participant: j for j in _assessments_of_scheme(ledger, scheme) if j.edition == edition}
    if not found:
        raise NotFound(f"edition of '{scheme}'", edition)
    return found


def evaluation_rounds(ledger: Ledger, scheme: str) -> tuple[Assessment, ...]:
    """The judgements of a scheme that name no participant (evaluation rounds), oldest first."""
    named = (j for j in _all(ledger, scheme) if not j.participant and j.value != UNKNOWN)
    return tuple(sorted(named, key=_begins))


def unknown_editions(ledger: Ledger, scheme: str) -> tuple[Assessment, ...]:
    """The editions up to the ledger's day of which nothing is known but that they were due, oldest first."""
    found = (j for j in _all(ledger, scheme) if not j.participant and j.value == UNKNOWN)
    return tuple(sorted((j for j in found if j.start is None or j.start.first <= ledger.horizon), key=_begins))


@memoized
def schemes(ledger: Ledger) -> tuple[Scheme, ...]:
    """Every scheme of the record, by body and name."""
    found = (_scheme(ledger, name, judged) for name, judged in ledger.schemes.items())
    return tuple(sorted(found, key=lambda each: (each.body, each.id)))


def assessments_of(ledger: Ledger, participant: str) -> tuple[Assessment, ...]:
    """Every judgement of one participant that began by the ledger's day, by scheme and day; NotFound for a stranger."""
    judged = _by_participant(ledger).get(ledger.participant(participant).code, ())
    begun = (j for j in judged if j.start is None or j.start.last <= ledger.horizon)
    return tuple(sorted(begun, key=lambda j: (j.scheme, _begins(j), j.edition)))


@memoized
def list_changes(ledger: Ledger, scheme: str) -> tuple[ListChange, ...]:
    """The days up to the ledger's on which a scheme's list changed, oldest first."""
    judged = _assessments_of_scheme(ledger, scheme)
    absent = {edition.name: edition.absent for edition in editions(ledger, scheme)}
    days = sorted({day for j in judged for day in change_dates(j) if day <= ledger.horizon})
    lists = [dict[str, Assessment](), *(_in_effect(judged, day) for day in days)]
    return tuple(_turn(day, before, after, absent) for day, (before, after) in zip(days, pairwise(lists), strict=True))


@memoized
def editions(ledger: Ledger, scheme: str) -> tuple[SchemeEdition, ...]:
    """The editions of a scheme that began by the ledger's day, oldest first, those of which nothing is known too."""
    groups: dict[str, list[Assessment]] = {}
    for each in sorted(_assessments_of_scheme(ledger, scheme), key=_begins):
        if each.edition and (each.start is None or each.start.last <= ledger.horizon):
            groups.setdefault(each.edition, []).append(each)
    names = list(groups)
    values = [{j.value for j in groups[name]} for name in names]
    found = {name: _edition(groups[name], _missing_values(values, place)) for place, name in enumerate(names)}
    known = set().union(*values) if values else set()
    lost = {name: SchemeEdition(name, None, None, {}, tuple(sorted(known))) for name in _gaps(names)}
    return tuple((found | lost)[name] for name in sorted(found | lost, key=lambda n: _place(n, names)))


def change_dates(judged: Assessment) -> tuple[date, ...]:
    """The days on which a judgement begins and ends to hold."""
    return tuple(day.last for day in (judged.start, judged.end) if day)


def data_end(ledger: Ledger, scheme: str) -> date | None:
    """The last date of which our data on a scheme tell, whatever the ledger's day: an edition or a change of the list.

    None where no date is known, and for a list that has ended, with nobody on it. NotFound for an unknown scheme.
    """
    judged = _assessments_of_scheme(ledger, scheme)
    last = max((day for each in judged for day in change_dates(each)), default=None)
    return last if last and _in_effect(judged, last) else None


def edition_on(ledger: Ledger, scheme: str, day: date) -> SchemeEdition | None:
    """The edition that holds on a day; None for schemes without editions."""
    current = {j.edition for j in assessments_in_force(ledger, scheme, day).values()}
    found = (each for each in reversed(editions(ledger, scheme)) if each.name in current)
    return next(found, None)


# -- one scheme ------------------------------------------------------------------------------------


def _all(ledger: Ledger, scheme: str) -> tuple[Assessment, ...]:
    if scheme not in ledger.schemes:
        raise NotFound("scheme", scheme)
    return ledger.schemes[scheme]


def _assessments_of_scheme(ledger: Ledger, scheme: str) -> tuple[Assessment, ...]:
    return tuple(j for j in _all(ledger, scheme) if j.participant)


def _in_effect(judged: Iterable[Assessment], day: date) -> dict[str, Assessment]:
    return {j.participant: j for j in sorted((j for j in judged if is_in_force(j, day)), key=_begins)}


def _begins(judged: Assessment) -> date:
    return judged.start.last if judged.start else date.min


def _scheme(ledger: Ledger, name: str, judged: tuple[Assessment, ...]) -> Scheme:
    return Scheme(
        name,
        judged[0].body,
        tuple(dict.fromkeys(j.value for j in judged if j.participant)),
        len(assessments_in_force(ledger, name)),
        sum(bool(j.participant) for j in judged),
        sum(j.unverified for j in judged if j.participant),
    )


@memoized
def _by_participant(ledger: Ledger) -> Mapping[str, list[Assessment]]:
    found: dict[str, list[Assessment]] = {}
    for judged in ledger.assessments:
        found.setdefault(judged.participant, []).append(judged)
    return found


def _turn(
    day: date, before: Mapping[str, Assessment], after: Mapping[str, Assessment], absent: Mapping[str, tuple[str, ...]]
) -> ListChange:
    return ListChange(
        day,
        len(after),
        came=tuple(sorted(after.keys() - before.keys())),
        went=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(c for c in after.keys() & before.keys() if after[c].value != before[c].value)),
        absent=next((absent[j.edition] for j in after.values() if absent.get(j.edition)), ()),
    )


# -- editions --------------------------------------------------------------------------------------


def _edition(judged: list[Assessment], absent: tuple[str, ...]) -> SchemeEdition:
    counts = dict(sorted(Counter(j.value for j in judged).items()))
    return SchemeEdition(
        judged[0].edition, judged[0].start, judged[0].end, counts, absent, sum(each.unverified for each in judged)
    )


def _missing_values(values: list[set[str]], place: int) -> tuple[str, ...]:
    """The values that an earlier edition has and a later one too (or this is the last), and this one has not."""
    earlier = set[str]().union(*values[:place])
    later = set[str]().union(*values[place + 1 :]) if place + 1 < len(values) else earlier
    return tuple(sorted((earlier & later) - values[place]))


def _gaps(names: list[str]) -> list[str]:
    """The numbers (years, mostly) between the first and the last edition that no edition has."""
    if not names or not all(name.isdecimal() for name in names):
        return []
    numbers = {int(name) for name in names}
    return [str(number) for number in range(min(numbers), max(numbers)) if number not in numbers]


def _place(name: str, names: list[str]) -> int:
    return int(name) if all(each.isdecimal() for each in names) else names.index(name)
