"""Search results: each with the name that matched and a few facts of its status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from tracker.law.coverage import CONSENTS, is_open_ended
from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import ParticipantKind
from tracker.law.search import MatchQuality, SearchKind, SearchMatch
from tracker.law.status import InstrumentStatus, ParticipantStatus, participant_standing, parties_in_words, status
from tracker.law.threshold import ForceStatus
from tracker.messages import TranslatableText, message, plural
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
class SearchAnswer:
    """What the data say on a text that puts several things together, such as a State and a treaty."""

    text: str
    facts: list[str]
    address: UriReference


@answer_model
class Search:
    """What answers to a text, best first: answers to what it asks, and the things that it names.

    `similar` says that nothing answers to the text, and that the results are names like it.
    """

    query: str
    answers: list[SearchAnswer]
    count: Number
    similar: bool
    counts: dict[Annotated[str, written_as(SearchKind)], Number]
    results: list[SearchResult]


@dataclass(frozen=True, slots=True)
class Placing:
    """What the pages know of a match: which way its language is written, where the thing found has its page."""

    direction: Callable[[str], Direction]
    address: Callable[[SearchKind, str], str]


def search_answer(
    ledger: Ledger,
    text: str,
    matches: Sequence[SearchMatch],
    most: int,
    placing: Placing,
    answers: Sequence[SearchAnswer] = (),
) -> Search:
    """The answers and the first `most` matches, best first, with how many there are of each kind in all."""
    numbers = Counter(match.entry.kind for match in matches)
    return Search(
        query=text,
        answers=list(answers),
        count=len(matches),
        similar=bool(matches) and matches[0].quality is MatchQuality.SIMILAR,
        counts={kind.value: numbers[kind] for kind in SearchKind},
        results=[_result_of(ledger, match, placing) for match in matches[:most]],
    )


def _result_of(ledger: Ledger, match: SearchMatch, placing: Placing) -> SearchResult:
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


_KINDS = {
    ParticipantKind.OBSERVER_STATE: message("observer State"),
    ParticipantKind.FORMER_STATE: message("former State"),
    ParticipantKind.REIO: message("organization"),
    ParticipantKind.TERRITORY: message("territory"),
    ParticipantKind.ORGANIZATION: message("organization"),
}


def _of_participant(ledger: Ledger, code: str) -> list[str]:
    who = ledger.participants[code]
    found = Counter(participant_standing(ledger, id, code).status for id in ledger.instruments)
    consented, signed = sum(found[each] for each in CONSENTING), found[ParticipantStatus.SIGNATORY]
    return [
        _KINDS.get(who.kind, ""),
        who.subregion or who.region,
        message("until {date}", date=who.exists_to) if who.exists_to else "",
        message("party to {n} of {total}", n=consented, total=len(ledger.instruments))
        if consented or (who.is_state and not signed)
        else "",
        message("signed but not ratified: {n}", n=signed) if signed else "",
    ]


def _of_instrument(ledger: Ledger, id: str) -> list[str]:
    now = status(ledger, id)
    title = "" if now.instrument.title == now.instrument.name else now.instrument.title
    open_ended = is_open_ended(ledger, now.instrument.id, CONSENTS)
    parties = parties_in_words(now.parties, now.parties_at_most, open_ended=open_ended)
    return [title, now.instrument.reference, parties, force_in_words(now)]


def force_in_words(now: InstrumentStatus) -> TranslatableText:
    """Whether an instrument is in force, and since when."""
    day = now.entry.date
    match now.entry.status:
        case ForceStatus.IN_FORCE:
            return message("in force since {date}", date=day) if day else message("in force")
        case ForceStatus.WILL_ENTER if day:
            return message("enters into force on {date}", date=day)
        case ForceStatus.TERMINATED:
            return message("no longer in force")
        case ForceStatus.UNDETERMINED:
            return message("undetermined")
        case _:
            return message("not yet in force")


def _of_body(ledger: Ledger, id: str) -> list[str]:
    body, members = ledger.bodies[id], len(ledger.members(id))
    watched = len({each.instrument for each in ledger.mandates if each.body == id})
    return [
        body.acronym if body.acronym != body.name else "",
        body.kind.replace("-", " "),
        plural("{n} member", "{n} members", members) if members else "",
        plural("{n} treaty", "{n} treaties", watched) if watched else "",
    ]


def _of_group(ledger: Ledger, name: str) -> list[str]:
    here = [who for code, who in ledger.participants.items() if ledger.existed_on(code, ledger.horizon)]
    of_un = any(who.un_group == name for who in here)
    number = sum(name in (who.un_group, who.region) for who in here)
    return [
        message("UN regional group") if of_un else message("region"),
        plural("{n} participant", "{n} participants", number),
    ]


_FACTS = {
    SearchKind.PARTICIPANT: _of_participant,
    SearchKind.INSTRUMENT: _of_instrument,
    SearchKind.GROUP: _of_group,
    SearchKind.BODY: _of_body,
}
