"""The panel: one row for each participant, treaty and year, as quantitative research uses it, and the spells behind it.

Status is that of 31 December. A row exists for every State that existed on that day, whether or not it has acted,
and for every other participant from its first action on. Years before a treaty was adopted have no rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

from tracker.law.bindings import Binding, bindings, current_binding
from tracker.law.consents import signatures
from tracker.law.effects import provisional_applications
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Participant
from tracker.law.reference_facts import END_OF_TIME
from tracker.law.reservations import ReservationState, reservations
from tracker.law.status import (
    NO_ACTION,
    ParticipantStatus,
    possible_statuses,
    statuses_of_participants,
)
from tracker.law.threshold import ForceStatus
from tracker.schemas.values import Code, ExactDay, Id, Number, PartDay, answer_model

_GONE = frozenset({ReservationState.WITHDRAWN, ReservationState.ENDED, ReservationState.PROHIBITED})
NUMBERED = ("m49", "cow-number", "gw-number")  # schemes whose codes are numbers


@answer_model
class PanelRow:
    """A participant towards a treaty at the end of a year."""

    participant: Code
    name: str
    iso3: str | None
    m49: Number | None
    cow: str | None
    cow_number: Number | None
    gw: str | None
    gw_number: Number | None
    year: Number
    treaty: Id
    treaty_name: str
    treaty_in_force: bool
    status: ParticipantStatus
    possible: ParticipantStatus | None
    party: bool
    signature: PartDay | None
    consent: PartDay | None
    action: ActionKind | None
    effect: ExactDay | None
    withdrawal: PartDay | None
    withdrawal_effect: ExactDay | None
    reservation: bool | None


@answer_model
class StatusSpell:
    """A participant towards a treaty from one day to another, both included; `to` is empty where it has not ended."""

    participant: Code
    name: str
    treaty: Id
    treaty_name: str
    status: ParticipantStatus
    from_: ExactDay
    to: ExactDay | None


class _Unit(NamedTuple):
    """A participant in a year, and the columns that say which it is: those of a row up to the year."""

    who: Participant
    columns: dict[str, Any]


def panel_rows(
    ledger: Ledger, first: int | None = None, last: int | None = None, treaties: Sequence[str] = ()
) -> Iterator[PanelRow]:
    """The panel of the treaties (by default all), treaty by treaty and year by year, each by the participants' names.

    `first` and `last` are years; by default from the adoption of each treaty to the last year that had ended by the
    ledger's day.
    """
    for rows in panel_by_treaty(ledger, first, last, treaties):
        yield from rows


def panel_by_treaty(
    ledger: Ledger, first: int | None = None, last: int | None = None, treaties: Sequence[str] = ()
) -> Iterator[list[PanelRow]]:
    """The same as a list for each treaty."""
    final = min(last or END_OF_TIME.year, last_ended_year(ledger))
    units: dict[int, list[_Unit]] = {}
    for treaty in treaties or ledger.instruments:
        rows: list[PanelRow] = []
        for year in range(max(first or 0, _begins(ledger, treaty, final)), final + 1):
            if year not in units:
                units[year] = _units(ledger, year)
            rows += _rows(ledger.as_of(date(year, 12, 31)), treaty, units[year])
        yield rows


def last_ended_year(ledger: Ledger) -> int:
    """The last year that had ended by the ledger's day."""
    day = ledger.horizon
    return day.year if day == date(day.year, 12, 31) else day.year - 1


def _begins(ledger: Ledger, treaty: str, final: int) -> int:
    """The year in which a treaty was adopted or opened, or that of the first act on it."""
    terms, acts = ledger.instrument(treaty), ledger.acts(treaty)
    days = [day.first for day in (terms.adopted_on, terms.opened_on, acts[0].date if acts else None) if day]
    return min(days).year if days else final + 1


def _units(ledger: Ledger, year: int) -> list[_Unit]:
    """Everyone that may have a row in a year, with the codes that it has then, by name."""
    day = date(year, 12, 31)
    alive = (who for code, who in ledger.participants.items() if ledger.existed_on(code, day))
    return [_unit(ledger, who, year) for who in sorted(alive, key=lambda each: each.name)]


def _unit(ledger: Ledger, who: Participant, year: int) -> _Unit:
    codes = _codes(ledger, who.code, year)
    m49, cow_number, gw_number = (int(codes[scheme]) if scheme in codes else None for scheme in NUMBERED)
    iso3 = who.code if len(who.code) == 3 and not who.is_organization else None
    columns = {
        "participant": who.code, "name": who.name, "iso3": iso3, "m49": m49, "cow": codes.get("cow"),
        "cow_number": cow_number, "gw": codes.get("gw"), "gw_number": gw_number, "year": year,
    }  # fmt: skip
    return _Unit(who, columns)


def _codes(ledger: Ledger, participant: str, year: int) -> Mapping[str, str]:
    """The codes of a participant in a year: those of the State under the name that it had then."""
    day = date(year, 12, 31)
    continued = [code for code in ledger.continued(participant) if code in ledger.participants]
    then = next((code for code in continued if ledger.participants[code].existed_on(day)), participant)
    return {each.scheme: each.code for each in ledger.codes(then) if each.holds_in(year)}


def _rows(view: Ledger, treaty: str, units: list[_Unit]) -> Iterator[PanelRow]:
    statuses, possible = statuses_of_participants(view, treaty), possible_statuses(view, treaty)
    in_force = entry_into_force(view, treaty).status is ForceStatus.IN_FORCE
    signed, reserving = signatures(view, treaty), _reserving(view, treaty)
    about: dict[str, Any] = {"treaty": treaty, "treaty_name": view.instrument(treaty).name, "treaty_in_force": in_force}
    nothing = about | _NO_ACTS | {"status": NO_ACTION.status, "possible": None, "party": False, "reservation": None}
    for unit in units:
        code = unit.who.code
        where, open_status = statuses.get(code), possible.get(code)
        if where is None and open_status is None:
            if unit.who.is_state:
                yield PanelRow(**unit.columns, **nothing)
            continue
        status = (where or NO_ACTION).status
        acts = _acts(view, signed.get(code), current_binding(view, treaty, code))
        yield PanelRow(
            **unit.columns, **about, **acts, status=status, possible=open_status,
            party=status is ParticipantStatus.PARTY,
            reservation=code in reserving or None,  # no list of reservations is known to be complete
        )  # fmt: skip


_NO_ACTS: dict[str, Any] = dict.fromkeys(
    ("signature", "consent", "action", "effect", "withdrawal", "withdrawal_effect")
)


def _acts(view: Ledger, signature: Action | None, binding: Binding | None) -> dict[str, Any]:
    """The columns of a row from the signature to the effect of a withdrawal."""
    signed = signature.date if signature else None
    if binding is None:
        return _NO_ACTS | {"signature": signed}
    consent, since = binding.consent, binding.since
    left = consent.ended_by
    return {
        "signature": signed, "consent": consent.action.date, "action": consent.action.kind,
        "effect": since if since and since <= view.horizon else None,
        "withdrawal": left.date if left else None, "withdrawal_effect": binding.until if left else None,
    }  # fmt: skip


def _reserving(view: Ledger, treaty: str) -> frozenset[str]:
    """Those that have made a reservation that stands."""
    everyone = reservations(view, treaty).items()
    return frozenset(code for code, theirs in everyone if any(each.state not in _GONE for each in theirs))


def status_spells(ledger: Ledger, treaty: str) -> list[StatusSpell]:
    """Every participant's status towards a treaty day by day up to the ledger's day, days of one status as one row.

    The days on which somebody's status may change are looked at one by one.
    """
    days = _turning_days(ledger, treaty)
    known = [code for code in ledger.participants if code in _everyone(ledger, treaty)]
    courses: dict[str, list[tuple[date, ParticipantStatus]]] = {code: [] for code in known}
    for day in days:
        now = statuses_of_participants(ledger.as_of(day), treaty)
        for code, course in courses.items():
            found = now.get(code, NO_ACTION).status
            if not course or course[-1][1] is not found:
                course.append((day, found))
    return [spell for code in sorted(known) for spell in _spells(ledger, treaty, code, courses[code])]


def _everyone(ledger: Ledger, treaty: str) -> frozenset[str]:
    return frozenset(
        (*bindings(ledger, treaty), *signatures(ledger, treaty), *provisional_applications(ledger, treaty))
    )


def _turning_days(ledger: Ledger, treaty: str) -> list[date]:
    """Every day up to the ledger's on which the status of a participant towards a treaty may change, in order."""
    entry = entry_into_force(ledger, treaty)
    days: set[date | None] = {entry.date, entry.ended_on}
    days |= {act.counts_from for act in signatures(ledger, treaty).values()}
    for each in provisional_applications(ledger, treaty).values():
        days |= {each.start.last if each.start else each.action.counts_from, each.end}
    for theirs in bindings(ledger, treaty).values():
        for binding in theirs:
            days |= {binding.by, binding.until, binding.consent.action.counts_from, binding.consent.ends_on}
    days |= {end for code, end in ledger.endings.items() if code in _everyone(ledger, treaty)}
    return sorted(day for day in days if day and day <= ledger.horizon)


def _spells(
    ledger: Ledger, treaty: str, code: str, course: Sequence[tuple[date, ParticipantStatus]]
) -> Iterator[StatusSpell]:
    ends = [day - timedelta(days=1) for day, _ in course[1:]]
    for (day, found), end in zip_longest(course, ends):
        if found is not ParticipantStatus.NONE:
            yield StatusSpell(
                participant=code, name=ledger.participants[code].name, treaty=treaty,
                treaty_name=ledger.instrument(treaty).name, status=found, from_=day, to=end,
            )  # fmt: skip
