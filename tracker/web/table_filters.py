"""Which rows of a table the address asks for, and in which order: `?region=`, `?standing=`, `?sort=-consent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import ParticipantKind
from tracker.law.status import ParticipantStatus
from tracker.schemas.values import NamedStatus
from tracker.web.template_filters import kind_words

R = TypeVar("R", bound=NamedStatus)
STANDINGS = tuple(status.value for status in ParticipantStatus)


@dataclass(frozen=True, slots=True)
class TableChoice:
    """Rows asked for; an empty field asks for all. `members` are the codes of `member_of` on the day."""

    kind: str = ""
    region: str = ""
    group: str = ""
    member_of: str = ""
    standing: str = ""
    sort: str = ""
    members: frozenset[str] = frozenset()

    @property
    def filters(self) -> bool:
        """Does it leave rows out?"""
        return bool(self.kind or self.region or self.group or self.member_of or self.standing)

    def of(self, rows: Sequence[R]) -> list[R]:
        """The rows asked for, in the order asked for; rows without a value come last."""
        return self._sorted(
            [row for row in self.people(rows) if not self.standing or getattr(row, "status", "") == self.standing]
        )

    def people(self, rows: Sequence[R]) -> list[R]:
        """The rows of the participants asked for, whatever their standing."""
        return [
            row
            for row in rows
            if (not self.kind or row.kind == self.kind)
            and (not self.region or row.region == self.region)
            and (not self.group or row.un_group == self.group)
            and (not self.member_of or row.participant in self.members)
        ]

    def _sorted(self, rows: list[R]) -> list[R]:
        key = self.sort.removeprefix("-")
        if not key:
            return rows
        placed = [(_sortable(getattr(row, key)), row) for row in rows]
        here = sorted((each for each in placed if each[0] is not None), key=lambda each: each[0])
        ordered = reversed(here) if self.sort.startswith("-") else here
        return [*(row for _, row in ordered), *(row for place, row in placed if place is None)]


def _sortable(value: Any) -> Any:
    """A value that can be compared with others of its column: days by what is known of them."""
    return str(value) if isinstance(value, date | PartialDate) else value


def table_choice(query: Mapping[str, str], ledger: Ledger, sortable: Sequence[str]) -> TableChoice:
    """What an address asks for; BadQuestion where it names something that is not there."""
    body = _one_of(query, "member_of", sorted(body for body in ledger.bodies if ledger.memberships(body)))
    return TableChoice(
        kind=_one_of(query, "kind", [kind.value for kind in ParticipantKind]),
        region=_one_of(query, "region", _values(ledger, "region")),
        group=_one_of(query, "group", _values(ledger, "un_group")),
        member_of=body,
        standing=_one_of(query, "standing", STANDINGS),
        sort=_one_of(query, "sort", [f"{sign}{each}" for each in sortable for sign in ("", "-")]),
        members=ledger.members(body) if body else frozenset(),
    )


@memoized
def options(ledger: Ledger) -> dict[str, Any]:
    """What can be chosen: regions, groups, bodies that have recorded members, standings."""
    bodies = [(each.id, each.name) for each in ledger.bodies.values() if ledger.memberships(each.id)]
    return {
        "kinds": [(kind.value, kind_words(kind)) for kind in ParticipantKind],
        "regions": _values(ledger, "region"),
        "groups": _values(ledger, "un_group"),
        "bodies": sorted(bodies, key=lambda each: each[1]),
        "standings": STANDINGS,
    }


@memoized
def _values(ledger: Ledger, field: str) -> list[str]:
    return sorted({getattr(each, field) for each in ledger.participants.values()} - {""})


def _one_of(query: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    value = query.get(name, "")
    if value and value not in known:
        raise BadQuestion(f"{name}='{value[:40]}' is not there to choose; choose one of: {', '.join(known)}.")
    return value
