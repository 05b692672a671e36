"""Search results: each with the name that matched and a few facts of its status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from tracker.law.dates import in_words
from tracker.law.explanation import ForceStatus
from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import ParticipantKind
from tracker.law.possibilities import range_in_words
from tracker.law.search import SearchKind, SearchMatch
from tracker.law.status import InstrumentStatus, ParticipantStatus, participant_standing, status
from tracker.schemas.values import Number, UriReference, answer_model, distinct_texts, written_as

Direction = Literal["ltr", "rtl"]


@answer_model
class SearchResult:
    """Something that answers to a text."""

    kind: SearchKind
    id: str
    name: str
    matched: str
    language: str | None
    how: str
    facts: list[str]
    direction: Direction
    address: UriReference

    COLUMNS: ClassVar[tuple[str, ...]] = ("kind", "id", "name", "matched", "language", "how", "facts", "address")


@answer_model
class Search:
    """What answers to a text, best first."""

    query: str
    count: Number
    counts: dict[Annotated[str, written_as(SearchKind)], Number]
    results: list[SearchResult]


@dataclass(frozen=True, slots=True)
class Placing:
    """What the pages know of a match: which way its language is written, where the thing found has its page."""

    direction: Callable[[str], Direction]
    address: Callable[[SearchKind, str], str]


def search_answer(ledger: Ledger, text: str, matches: Sequence[SearchMatch], most: int, placing: Placing) -> Search:
    """The first `most` matches, best first, with how many there are of each kind in all."""
    numbers = Counter(match.entry.kind for match in matches)
    return Search(
        query=text,
        count=len(matches),
        counts={kind.value: numbers[kind] for kind in SearchKind},
        results=[_found(ledger, match, placing) for match in matches[:most]],
    )


def _found(ledger: Ledger, match: SearchMatch, placing: Placing) -> SearchResult:
    entry, name = match.entry, match.name
    return SearchResult(
        kind=entry.kind,
        id=entry.id,
        name=entry.title,
        matched=name.text,
        language=name.language or None,
        how=match.quality.words,
        facts=[fact for fact in distinct_texts(_FACTS[entry.kind](ledger, entry.id)) if fact != name.text],
        direction=placing.direction(name.language),
        address=placing.address(entry.kind, entry.id),
    )


def _of_participant(ledger: Ledger, code: str) -> list[str]:
    who = ledger.participants[code]
    found = Counter(participant_standing(ledger, id, code).status for id in ledger.instruments)
    consented, signed = sum(found[each] for each in CONSENTING), found[ParticipantStatus.SIGNATORY]
    kind = "" if who.kind is ParticipantKind.STATE else who.kind.value.replace("-", " ")
    return [
        "organization" if who.kind is ParticipantKind.REIO else kind,
        who.subregion or who.region,
        f"until {in_words(who.exists_to)}" if who.exists_to else "",
        f"consented to {consented} of {len(ledger.instruments)}" if consented or (who.is_state and not signed) else "",
        f"signed only {signed}" if signed else "",
    ]


def _of_instrument(ledger: Ledger, id: str) -> list[str]:
    now = status(ledger, id)
    title = "" if now.instrument.title == now.instrument.name else now.instrument.title
    number = range_in_words(now.parties, now.parties_at_most)
    parties = "1 party" if number == "1" else f"{number} parties"
    return [title, now.instrument.reference, parties, _force(now)]


def _force(now: InstrumentStatus) -> str:
    day = in_words(now.entry.date) if now.entry.date else ""
    match now.entry.status:
        case ForceStatus.IN_FORCE:
            return f"in force since {day}" if day else "in force"
        case ForceStatus.WILL_ENTER:
            return f"enters into force on {day}"
        case ForceStatus.TERMINATED:
            return "no longer in force"
        case ForceStatus.UNDETERMINED:
            return "the record cannot tell whether it is in force"
        case _:
            return "not in force"


def _of_body(ledger: Ledger, id: str) -> list[str]:
    body, members = ledger.bodies[id], len(ledger.members(id))
    watched = len({each.instrument for each in ledger.mandates if each.body == id})
    return [
        body.acronym if body.acronym != body.name else "",
        body.kind.replace("-", " "),
        f"{members} member{'s' * (members != 1)}" if members else "",
        f"{watched} instrument{'s' * (watched != 1)}" if watched else "",
    ]


_FACTS = {SearchKind.PARTICIPANT: _of_participant, SearchKind.INSTRUMENT: _of_instrument, SearchKind.BODY: _of_body}
