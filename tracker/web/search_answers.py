"""Searches answered: what a text names, and what it asks about several things at once, with links to where it stands.

The search page, its suggestions, the API and the page for an address that leads nowhere all ask here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tracker.law.consents import signatories
from tracker.law.gaps import CONSENTING, gaps_of_instrument
from tracker.law.ledger import Ledger, memoized, name_of
from tracker.law.names import NameIndex
from tracker.law.search import MatchQuality, SearchEntry, SearchKind, SearchMatch, search_entries
from tracker.law.search_questions import SearchDirectory, SearchQuestion, SearchTopic
from tracker.law.status import ParticipantStatus, participant_standing, status, statuses_of_participants
from tracker.law.wording import shorten_names
from tracker.messages import TranslatableText, message
from tracker.schemas.participant_filter import known_values
from tracker.schemas.search import Direction, Placing, Search, SearchAnswer, force_in_words, search_answer
from tracker.web.context import RequestContext, link
from tracker.web.labels import LABELS, REGIONS
from tracker.web.language import COUNTRY_NAMES, DIRECTIONS

MAX_ANSWERS = 6  # to one text
_STANDINGS = {
    SearchTopic.PARTIES: ("party", "contracting party"),
    SearchTopic.NOT_RATIFIED: ("signatory",),
    SearchTopic.WITHDRAWN: ("withdrawn",),
}
_WORDS = {
    SearchTopic.PARTIES: message("parties"),
    SearchTopic.NON_PARTIES: message("non-parties"),
    SearchTopic.SIGNATORIES: message("signatories"),
    SearchTopic.NOT_RATIFIED: LABELS["signatory"],
    SearchTopic.WITHDRAWN: LABELS["withdrawn"],
    SearchTopic.RESERVATIONS: message("reservations and declarations"),
}


def _names_of_file() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Names in other languages, short names and citations, by which the things of the shipped data are looked for."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with Path(__file__).with_name("search_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["kind"], row["id"]), []).append((row["language"], row["name"]))
    return found


OTHER_NAMES = _names_of_file()


@memoized
def directory(ledger: Ledger) -> SearchDirectory:
    """Everything of the record that can be found, by all its names."""
    entries = search_entries(ledger, COUNTRY_NAMES, OTHER_NAMES)
    return SearchDirectory(entries, NameIndex(entries, tuple(ledger.participants.values())))


def find(asked: RequestContext, text: str, most: int) -> Search:
    """What answers to a text: answers to what it asks, then the things that it names, each with its address."""
    known = directory(asked.ledger)
    question, matches = known.question(text), known.find(text)
    if question and not any(each.quality < MatchQuality.SIMILAR for each in matches):
        named = (*question.instruments, *question.participants, *question.groups)
        matches = tuple(SearchMatch(each, each.names[0], MatchQuality.EXACT) for each in named)
    answers = list(_answers(asked.ledger, question))[:MAX_ANSWERS] if question else []
    placing = Placing(_direction, partial(_address, asked.ledger))
    return search_answer(asked.ledger, text, matches, most, placing, answers)


def nearest(asked: RequestContext, text: str) -> Search:
    """The few things that a part of an address may have meant."""
    return find(asked, text, 5)


def _direction(language: str) -> Direction:
    return "rtl" if DIRECTIONS.get(language) == "rtl" else "ltr"


def _address(ledger: Ledger, kind: SearchKind, id: str) -> str:
    match kind:
        case SearchKind.PARTICIPANT:
            return link("record.participant", code=id)
        case SearchKind.GROUP:
            return link("record.participants", **{_facet(ledger, id): id})
        case _:
            return link("record.instrument" if kind is SearchKind.INSTRUMENT else "record.body", id=id)


def _facet(ledger: Ledger, group: str) -> str:
    return "group" if group in known_values(ledger)["group"] else "region"


# -- answers to what a text asks -------------------------------------------------------------------


def _answers(ledger: Ledger, asks: SearchQuestion) -> Iterator[SearchAnswer]:
    treaties = [each.id for each in asks.instruments]
    if asks.topic is SearchTopic.ENTRY_INTO_FORCE:
        yield from _entries_into_force(ledger, treaties)
    elif asks.topic is SearchTopic.RESERVATIONS:
        yield from _reservations(asks)
    elif asks.participants and treaties:
        yield from (_pair(ledger, who.id, id) for id in treaties for who in asks.participants)
    elif asks.participants and asks.topic:
        yield from (_all_of_one(ledger, who, asks.topic) for who in asks.participants)
    counted = asks.topic in _WORDS and asks.topic is not SearchTopic.RESERVATIONS
    if (counted and not asks.participants) or (treaties and asks.groups and (counted or not asks.topic)):
        yield from _counts(ledger, asks, treaties)
    if not asks.topic and not (asks.participants and treaties):
        yield from _comparisons(asks)


def _pair(ledger: Ledger, code: str, id: str) -> SearchAnswer:
    standing = participant_standing(ledger, id, code)
    text = message(
        "{name}, {treaty}: {status}",
        name=name_of(ledger, code), treaty=ledger.instrument(id).name, status=LABELS[standing.status],
    )  # fmt: skip
    address = f"{link('record.participant', code=code)}#treaty-{id}"
    return SearchAnswer(text=text, facts=[standing.why], address=address)


def _entries_into_force(ledger: Ledger, treaties: list[str]) -> Iterator[SearchAnswer]:
    if not treaties:
        yield SearchAnswer(
            text=message("Entry into force: pending treaties"), facts=[], address=link("what_if.still_needed")
        )
    for id in treaties:
        now = status(ledger, id)
        text = message("{treaty}: {status}", treaty=now.instrument.name, status=force_in_words(now))
        address = f"{link('record.instrument', id=id)}#working"
        yield SearchAnswer(text=text, facts=[now.entry.why] if now.entry.why else [], address=address)


def _reservations(asks: SearchQuestion) -> Iterator[SearchAnswer]:
    words = _WORDS[SearchTopic.RESERVATIONS]
    for one in (*asks.instruments, *asks.participants):
        of_treaty = one.kind is SearchKind.INSTRUMENT
        where = {"id": one.id} if of_treaty else {"code": one.id}
        endpoint = "statements.of_treaty" if of_treaty else "statements.of_participant"
        text = message("{name}: {status}", name=one.title, status=words)
        yield SearchAnswer(text=text, facts=[], address=link(endpoint, **where))


def _all_of_one(ledger: Ledger, who: SearchEntry, topic: SearchTopic) -> SearchAnswer:
    found = [terms.name for id, terms in ledger.instruments.items() if who.id in _who(ledger, id, topic)]
    text = message("{name}: {status} ({n})", name=who.title, status=_WORDS[topic], n=len(found))
    return SearchAnswer(text=text, facts=_list_names(found), address=link("record.participant", code=who.id))


def _counts(ledger: Ledger, asks: SearchQuestion, treaties: list[str]) -> Iterator[SearchAnswer]:
    """How many of the groups have the status asked for on each treaty; of all treaties those with most of them."""
    topic = asks.topic or SearchTopic.PARTIES
    members = _members(ledger, asks)
    found = {id: _who(ledger, id, topic) for id in treaties or ledger.instruments}
    if members is not None:
        found = {id: codes & members for id, codes in found.items()}
    if not treaties:
        found = {id: codes for id, codes in sorted(found.items(), key=lambda each: -len(each[1])) if codes}
    groups = [_group_in_words(each) for each in asks.groups]
    for id, codes in found.items():
        said: dict[str, Any] = {"treaty": ledger.instrument(id).name, "status": _WORDS[topic], "n": len(codes)}
        text: TranslatableText = message("{treaty}: {status} ({n})", **said)
        if groups:
            text = message("{treaty}, {groups}: {status} ({n})", groups=groups, **said)
        names = sorted(name_of(ledger, code) for code in codes)
        yield SearchAnswer(text=text, facts=_list_names(names), address=_table(ledger, id, topic, asks))


def _group_in_words(group: SearchEntry) -> TranslatableText | str:
    if group.kind is SearchKind.BODY:
        return message("members of {body}", body=group.title)
    return REGIONS.get(group.id, group.title)


def _who(ledger: Ledger, id: str, topic: SearchTopic) -> frozenset[str]:
    """The participants with a status on a treaty."""
    if topic is SearchTopic.SIGNATORIES:
        return signatories(ledger, id)
    if topic is SearchTopic.NON_PARTIES:
        return frozenset(gap.participant for gap in gaps_of_instrument(ledger, id))
    wanted = CONSENTING if topic is SearchTopic.PARTIES else {ParticipantStatus(_STANDINGS[topic][0])}
    return frozenset(code for code, now in statuses_of_participants(ledger, id).items() if now.status in wanted)


def _members(ledger: Ledger, asks: SearchQuestion) -> frozenset[str] | None:
    """The members of any of the groups asked for; None where none is."""
    if not asks.groups:
        return None
    found: set[str] = set()
    for group in asks.groups:
        if group.kind is SearchKind.BODY:
            found |= ledger.members(group.id)
        else:
            everyone = ledger.participants.values()
            found |= {who.code for who in everyone if group.id in (who.un_group, who.region)}
    return frozenset(found)


def _table(ledger: Ledger, id: str, topic: SearchTopic, asks: SearchQuestion) -> str:
    """Where the participants with a status are listed."""
    values: dict[str, Any] = {"standing": list(_STANDINGS.get(topic, ()))}
    for group in asks.groups:
        facet = "member_of" if group.kind is SearchKind.BODY else _facet(ledger, group.id)
        values.setdefault(facet, []).append(group.id)
    if len(values) > 2:
        values["match"] = "any"
    endpoint = "treaty.non_parties" if topic is SearchTopic.NON_PARTIES else "treaty.participants"
    return link(endpoint, id=id, **{name: value for name, value in values.items() if value})


def _comparisons(asks: SearchQuestion) -> Iterator[SearchAnswer]:
    """Several States, or several treaties, side by side."""
    for name, found in (("participant", asks.participants), ("instrument", asks.instruments)):
        if len(found) > 1:
            text = message("Compare: {names}", names=[each.title for each in found[:MAX_ANSWERS]])
            address = link("compare.page", **{name: [each.id for each in found[:MAX_ANSWERS]]})
            yield SearchAnswer(text=text, facts=[], address=address)


def _list_names(names: list[str]) -> list[str]:
    return [message("{names}", names=shorten_names(names))] if names else []
