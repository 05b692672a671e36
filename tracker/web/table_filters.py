"""Which rows of a table the address asks for, and in which order: the filter of participants, and `?sort=-consent`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.schemas.participant_filter import (
    DATES,
    FACETS,
    GROUPS_OF_STATES,
    FacetOption,
    Facts,
    ParticipantFilter,
    facet_options,
    facts_of_row,
    not_a_choice,
    parse_filter,
)
from tracker.schemas.values import NamedStatus

R = TypeVar("R", bound=NamedStatus)
PEOPLE = (*GROUPS_OF_STATES, "kind")  # the facets of a table that is about no single treaty
EVERYTHING = (*FACETS, *DATES)
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableChoice:
    """Rows asked for by a filter, in an order; an empty one is the order of the answer."""

    filter: ParticipantFilter
    sort: str = ""

    @property
    def filters(self) -> bool:
        """Does it leave rows out?"""
        return self.filter.narrows

    def of(self, rows: Sequence[R]) -> list[R]:
        """The rows asked for, in the order asked for; rows without a value come last."""
        return self._sort(self.filter.apply(rows))

    def people(self, rows: Sequence[R]) -> list[R]:
        """The rows of the participants asked for, whatever their standing."""
        return self.filter.of_people().apply(rows)

    def _sort(self, rows: list[R]) -> list[R]:
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


def table_choice(
    query: Query, ledger: Ledger, sortable: Sequence[str], facets: Sequence[str] = EVERYTHING
) -> TableChoice:
    """What an address asks for; BadQuestion where it names something that is not there."""
    sort = query.get("sort", "")
    known = [f"{sign}{each}" for each in sortable for sign in ("", "-")]
    if sort and sort not in known:
        raise not_a_choice("sort", sort, known)
    return TableChoice(filter_asked(query, ledger, facets), sort)


def filter_asked(query: Query, ledger: Ledger, facets: Sequence[str] = EVERYTHING) -> ParticipantFilter:
    """The filter of participants that an address asks for; BadQuestion where it names something that is not there."""
    names = (*facets, "match")
    given = {name: query.getlist(name) if isinstance(query, MultiDict) else [query.get(name, "")] for name in names}
    return parse_filter(given, ledger, facets)


def facets(
    ledger: Ledger, wanted: ParticipantFilter, rows: Sequence[R], facts: Facts = facts_of_row
) -> Callable[[], dict[str, list[FacetOption]]]:
    """What there is to choose among the rows, counted only when a page asks for it."""
    return lambda: facet_options(ledger, wanted, rows, facts)
