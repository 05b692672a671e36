"""What a search asks: the States, groups and treaties that its words name, and the status or topic they ask about.

"France UNTOC" names a State and a treaty; "GRULAC firearms protocol signed but not ratified" a group, a treaty and a
status. Words are read in English, French and Spanish, the longest name first, and a word that says nothing is left out.
How the record answers is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.law.names import NameIndex
from tracker.law.search import MatchQuality, SearchEntry, SearchKind, SearchMatch, fold_text, search

MAX_WORDS = 16  # of a text that is read as a question
MAX_TREATIES = 6  # that a word such as "cybercrime" may stand for


class SearchTopic(StrEnum):
    """What is asked about treaties and participants."""

    PARTIES = "parties"
    NON_PARTIES = "non-parties"
    SIGNATORIES = "signatories"
    NOT_RATIFIED = "signed but not ratified"
    WITHDRAWN = "withdrawn"
    ENTRY_INTO_FORCE = "entry into force"
    RESERVATIONS = "reservations and declarations"


_PHRASES = {
    SearchTopic.NOT_RATIFIED: (
        "signed but not ratified|signed not ratified|signed but did not ratify|signed without ratifying|not ratified|"
        "did not ratify|not yet ratified|signe mais non ratifie|signe mais pas ratifie|signe sans ratifier|"
        "non ratifie|pas ratifie|firmado pero no ratificado|firmado sin ratificar|firmado y no ratificado|no ratificado"
    ),
    SearchTopic.NON_PARTIES: (
        "non parties|non party|not parties|not party|not a party|not state parties|non partie|pas partie|pas parties|"
        "no partes|no parte|no es parte|no son partes|no son parte|estados no parte|estados no partes"
    ),
    SearchTopic.SIGNATORIES: (
        "signatories|signatory|signatures|signature|signed|signataires|signataire|signe|signatarios|signatario|"
        "firmantes|firmas|firma|firmado"
    ),
    SearchTopic.PARTIES: (
        "state parties|states parties|state party|parties|party|ratifications|ratification|ratified|etats parties|"
        "partie|ratifie|estados partes|estados parte|partes|parte|ratificaciones|ratificacion|ratificado"
    ),
    SearchTopic.WITHDRAWN: (
        "withdrawals|withdrawal|withdrawn|withdrew|denunciations|denunciation|denounced|retraits|retrait|denonciation|"
        "retiros|retiro|denuncia|denuncias"
    ),
    SearchTopic.ENTRY_INTO_FORCE: (
        "entry into force|entered into force|enters into force|enter into force|into force|in force|"
        "entree en vigueur|en vigueur|entrada en vigor|en vigor"
    ),
    SearchTopic.RESERVATIONS: (
        "reservations and declarations|reservations|reservation|declarations|declaration|objections|"
        "reserves|reserve|reservas|reserva|declaraciones|objeciones"
    ),
}
_TOPICS = {phrase: topic for topic, phrases in _PHRASES.items() for phrase in phrases.split("|")}
_EMPTY_WORDS = """
    a an and as at by did do does for from has have in is are of on or states state that the to vs which when who
    with what whom treaty treaties about status but not yet already au aux avec dans de des du d en est et etat
    etats l la le les ont ou pour qu que quand qui quels sur traite traites al con cuando cual cuales del el esta
    estado estados ha han los las para por quien quienes sobre tratado tratados un una y o
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_MEMBERS = frozenset(("member", "members", "membre", "membres", "miembro", "miembros"))


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """What a text of several names asks: about whom, on which treaties, and what."""

    participants: tuple[SearchEntry, ...] = ()
    groups: tuple[SearchEntry, ...] = ()
    instruments: tuple[SearchEntry, ...] = ()
    topic: SearchTopic | None = None

    @property
    def asks(self) -> bool:
        """Does it put several things together, so that there is something to answer beside their own pages?"""
        named = (self.participants, self.groups, self.instruments)
        return self.topic is not None or sum(map(bool, named)) > 1 or max(map(len, named)) > 1


@dataclass(slots=True)
class SearchDirectory:
    """Everything that can be found, and the names by which texts name it in full."""

    entries: Sequence[SearchEntry]
    index: NameIndex = field(repr=False)

    def find(self, text: str) -> tuple[SearchMatch, ...]:
        """What answers to a text, best first; else the names most like it, which a person may have meant."""
        found = search(self.entries, text)
        return found or tuple(self._nearest(text))

    def question(self, text: str) -> SearchQuestion | None:
        """What a text asks that is more than one name; None where it is one name, or has words that name nothing."""
        words = fold_text(text).split()
        if not 1 < len(words) <= MAX_WORDS or self.index.named(text):
            return self._topic_alone(words)
        topic: SearchTopic | None = None
        named: list[SearchEntry] = []
        left: list[str] = []
        at = 0
        while at < len(words):
            length, found = self._longest_at(words, at, text)
            if isinstance(found, SearchTopic):
                topic = topic or found
            elif found:
                named += found
            elif words[at] not in _EMPTY | _MEMBERS:
                left.append(words[at])
            at += length
        if not (topic or named):
            return None
        named += (more := self._by_words(left))
        question = _question(named, topic, of_members=not _MEMBERS.isdisjoint(words))
        return question if question.asks and (more or not left) else None

    def _topic_alone(self, words: Sequence[str]) -> SearchQuestion | None:
        topic = _TOPICS.get(" ".join(words))
        return SearchQuestion(topic=topic) if topic else None

    def _longest_at(
        self, words: Sequence[str], at: int, text: str
    ) -> tuple[int, SearchTopic | tuple[SearchEntry, ...]]:
        """The longest name or phrase that begins at a word, and how many words it has."""
        for end in range(len(words), at, -1):
            part = " ".join(words[at:end])
            if found := self._entries_named(part, text):
                return end - at, found
            if topic := _TOPICS.get(part):
                return end - at, topic
        return 1, ()

    def _entries_named(self, part: str, text: str) -> tuple[SearchEntry, ...]:
        """What a part of a text names in full. Empty words are codes only where they are written in capitals."""
        written = text.split()
        in_capitals = part.upper() in written and (len(written) == 2 or not text.isupper())
        if all(word in _EMPTY for word in part.split()) and not in_capitals:
            return ()
        return self.index.named(part)

    def _by_words(self, words: Sequence[str]) -> list[SearchEntry]:
        """The few treaties, else the participants and groups, that words of a text name in part or with an error."""
        if not words:
            return []
        found = search(self.entries, " ".join(words))
        exact = [each.entry for each in found if each.quality is MatchQuality.EXACT]
        treaties = [each.entry for each in found if each.entry.kind is SearchKind.INSTRUMENT]
        if exact or treaties:
            return exact or treaties[:MAX_TREATIES]
        groups = [each.entry for each in found if each.entry.kind is SearchKind.GROUP]
        return groups[:1] or [each.entry for each in found[:1]]

    def _nearest(self, text: str) -> Iterator[SearchMatch]:
        seen = set()
        for name in self.index.nearest(text, 5):
            for entry in self.index.named(name):
                shown = next((each for each in entry.names if each.text == name), entry.names[0])
                if entry.id not in seen and not shown.whole:
                    seen.add(entry.id)
                    yield SearchMatch(entry, shown, MatchQuality.SIMILAR)


def _question(named: Iterable[SearchEntry], topic: SearchTopic | None, *, of_members: bool) -> SearchQuestion:
    """The question, in which an organization stands for its members where groups are asked about."""
    found = tuple(dict.fromkeys(named))
    groups = tuple(each for each in found if each.kind in (SearchKind.GROUP, SearchKind.BODY))
    people = tuple(each for each in found if each.kind is SearchKind.PARTICIPANT)
    titles = {each.title for each in groups}
    if topic or of_members or len(titles) > 1:
        people = tuple(each for each in people if each.title not in titles)
    treaties = tuple(each for each in found if each.kind is SearchKind.INSTRUMENT)
    return SearchQuestion(participants=people, groups=groups, instruments=treaties, topic=topic)
