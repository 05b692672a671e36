"""Which rows of a table the address asks for, and in which order: the filter of participants, and `?sort=-consent`.

A filter of participants and its result in words: what was chosen, a list to copy, a sentence for a cable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from tracker.law.dates import PartialDate
from tracker.law.kinds import GROUP_ACRONYMS
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import ActionKind
from tracker.law.wording import Alternatives
from tracker.messages import TranslatableText, message
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
from tracker.schemas.values import Named, NamedStatus
from tracker.translations import SOURCE_LANGUAGE
from tracker.web.context import RequestContext
from tracker.web.labels import LABELS
from tracker.web.language import alphabetical, page_language, say


def filter_in_words(ledger: Ledger, wanted: ParticipantFilter) -> TranslatableText:
    """What a filter asks for, its parts with semicolons between; "all participants" where it asks for all."""
    parts = [*_groups(ledger, wanted), *_on_treaty(wanted), *_dates(wanted)]
    if not parts:
        return message("all participants")
    said: TranslatableText = parts[0]
    for each in parts[1:]:
        said = message("{one}; {other}", one=said, other=each)
    return said


def result_sentence(
    asked: RequestContext, treaty: str, wanted: ParticipantFilter, rows: Sequence[Named]
) -> TranslatableText:
    """The result in one sentence, with the treaty, the date, the filter, the number and the names."""
    said: dict[str, Any] = {
        "treaty": treaty,
        "date": asked.day,
        "filter": filter_in_words(asked.ledger, wanted),
        "n": len(rows),
        "names": names_of(asked.ledger, rows),
    }
    if not rows:
        return message("{treaty}, status as at {date}. {filter}: none.", **said)
    return message("{treaty}, status as at {date}. {filter} ({n}): {names}.", **said)


def result_list(ledger: Ledger, rows: Sequence[Named]) -> str:
    """The names of a result in the page's language, one on each line."""
    return "\n".join(say(name) for name in names_of(ledger, rows))


def names_of(ledger: Ledger, rows: Iterable[Named]) -> list[str]:
    """The names of participants, to be said in any language."""
    return [name_of(ledger, row.participant) for row in rows]


def _groups(ledger: Ledger, wanted: ParticipantFilter) -> list[TranslatableText]:
    lists = [[_group(ledger, facet, value) for value in wanted.values(facet)] for facet in GROUPS_OF_STATES]
    lists = [each for each in lists if each]
    return [_any_of([one for each in lists for one in each])] if wanted.match_any and lists else [*map(_any_of, lists)]


def _any_of(parts: Sequence[TranslatableText]) -> TranslatableText:
    return parts[0] if len(parts) == 1 else message("{names}", names=Alternatives(tuple(parts)))


def _group(ledger: Ledger, facet: str, value: str) -> TranslatableText:
    if facet == "member_of":
        return message("members of {body}", body=ledger.body(value).name)
    return message("{name}", name=GROUP_ACRONYMS.get(value) or LABELS.get(value, value))


def _on_treaty(wanted: ParticipantFilter) -> list[TranslatableText]:
    standings, kinds = ([LABELS.get(value, value) for value in wanted.values(facet)] for facet in ("standing", "kind"))
    acts: list[str] = [ActionKind(value).words for value in wanted.values("act")]
    return [message("{names}", names=Alternatives(tuple(each))) for each in (standings, kinds, acts) if each]


def _dates(wanted: ParticipantFilter) -> list[TranslatableText]:
    first, last = wanted.acted_from, wanted.acted_to
    if first and last:
        return [message("from {first} to {last}", first=first, last=last)]
    if first:
        return [message("from {date}", date=first)]
    return [message("up to {date}", date=last)] if last else []


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
        found = self.filter.of_people().apply(rows)
        return found if page_language() == SOURCE_LANGUAGE else alphabetical(found, _name)

    def _sort(self, rows: list[R]) -> list[R]:
        key = self.sort.removeprefix("-")
        if not key:
            return rows if page_language() == SOURCE_LANGUAGE else alphabetical(rows, _name)
        if key == "name":
            by_name = alphabetical(rows, _name)
            return by_name[::-1] if self.sort.startswith("-") else by_name
        placed = [(_sortable(getattr(row, key)), row) for row in rows]
        here = sorted((each for each in placed if each[0] is not None), key=lambda each: each[0])
        ordered = reversed(here) if self.sort.startswith("-") else here
        return [*(row for _, row in ordered), *(row for place, row in placed if place is None)]


def _name(row: Named) -> str:
    return row.name


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
