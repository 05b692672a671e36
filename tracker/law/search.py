"""Search: participants, instruments and bodies by their names, former names, codes, numbers and acronyms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache

from tracker.law.ledger import Ledger
from tracker.law.model import Body, Instrument, Participant

NamesByLanguage = Mapping[str, Sequence[tuple[str, str]]]  # (language, name) pairs by ISO 3166 alpha-2 code

MIN_INSIDE_LENGTH = 3  # letters of a Latin text that are looked for inside names
_ALIKE = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "æ": "ae",
    "œ": "oe", "þ": "th",
    # letters that Arabic hands write for one another, and the stroke that only stretches
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}", "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC TATWEEL}": "",
})  # fmt: skip


class SearchKind(StrEnum):
    """What can be found, in the order in which it is shown."""

    PARTICIPANT = "participant"
    INSTRUMENT = "instrument"
    BODY = "body"


class MatchQuality(IntEnum):
    """How well a name answers to a text, best first."""

    EXACT = 0
    START = 1
    WORDS = 2
    INSIDE = 3

    @property
    def words(self) -> str:
        """The quality as people say it."""
        return ("exact", "start of the name", "starts of words", "inside the name")[self]


@dataclass(frozen=True, slots=True)
class SearchName:
    """One name of a thing. `language` is a BCP 47 tag, empty for the record's own; a `whole` one is a code,
    found only when it is written in full.
    """

    text: str
    language: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A thing of the record with all its names, its usual one first."""

    kind: SearchKind
    id: str
    names: tuple[SearchName, ...]

    @property
    def title(self) -> str:
        """Its usual name."""
        return self.names[0].text


@dataclass(frozen=True, slots=True)
class SearchMatch:
    """An entry that answers to a text, by which of its names, and how well."""

    entry: SearchEntry
    name: SearchName
    quality: MatchQuality


def search_entries(ledger: Ledger, tongues: NamesByLanguage) -> tuple[SearchEntry, ...]:
    """Everything in the record that can be found, with all that it is called."""
    return (
        *(_of_participant(each, tongues) for each in ledger.participants.values()),
        *(_of_instrument(each) for each in ledger.instruments.values()),
        *(_of_body(each) for each in ledger.bodies.values()),
    )


def search(known: Iterable[SearchEntry], text: str) -> tuple[SearchMatch, ...]:
    """The entries that answer to a text: exact ones first, then by how well, usual names before others."""
    wanted = fold_text(text)
    if not wanted:
        return ()
    kinds = list(SearchKind)
    found = [match for entry in known if (match := _match(entry, wanted))]

    def order(match: SearchMatch) -> tuple[int, bool, int, str]:
        entry = match.entry
        return match.quality, match.name != entry.names[0], kinds.index(entry.kind), fold_text(entry.title)

    return tuple(sorted(found, key=order))


@lru_cache(maxsize=1 << 15)
def fold_text(text: str) -> str:
    """A text without case, accents and punctuation, its words one space apart."""
    spread = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_ALIKE)
    plain = (each for each in spread if unicodedata.category(each) not in ("Mn", "Cf"))
    return " ".join("".join(each if each.isalnum() else " " for each in plain).split())


def _match(entry: SearchEntry, wanted: str) -> SearchMatch | None:
    found = ((quality, name) for name in entry.names if (quality := _quality(name, wanted)) is not None)
    best = min(found, key=lambda pair: pair[0], default=None)
    return SearchMatch(entry, best[1], best[0]) if best else None


def _quality(name: SearchName, wanted: str) -> MatchQuality | None:
    known = fold_text(name.text)
    packed, sought = known.replace(" ", ""), wanted.replace(" ", "")
    if packed == sought:
        return MatchQuality.EXACT
    if name.whole or (sought not in packed and " " not in wanted):
        return None
    if packed.startswith(sought):
        return MatchQuality.START
    words = known.split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return MatchQuality.WORDS
    long_enough = len(sought) >= MIN_INSIDE_LENGTH or not sought.isascii()
    return MatchQuality.INSIDE if wanted in known and long_enough else None


def _of_participant(who: Participant, tongues: NamesByLanguage) -> SearchEntry:
    abroad = tongues.get(who.iso2, ()) if not who.exists_to else ()  # codes of States that are gone are given anew
    codes = (who.code, who.iso2)
    names = [
        *_plain(who.name, *who.aliases),
        *(SearchName(text, language) for language, text in abroad),
        *(SearchName(code, whole=True) for code in codes if code),
    ]
    return SearchEntry(SearchKind.PARTICIPANT, who.code, _distinct(names))


def _of_instrument(terms: Instrument) -> SearchEntry:
    names = [
        *_plain(terms.name, *terms.aliases, terms.title, terms.reference, terms.id),
        SearchName(terms.registration, whole=True),
    ]
    return SearchEntry(SearchKind.INSTRUMENT, terms.id, _distinct(names))


def _of_body(body: Body) -> SearchEntry:
    return SearchEntry(SearchKind.BODY, body.id, _distinct(_plain(body.name, body.acronym, body.id)))


def _plain(*texts: str) -> Iterator[SearchName]:
    return (SearchName(text) for text in texts)


def _distinct(names: Iterable[SearchName]) -> tuple[SearchName, ...]:
    """The names that say something, each once; of two that fold alike the first stays."""
    first: dict[tuple[str, bool], SearchName] = {}
    for name in names:
        if name.text:
            first.setdefault((fold_text(name.text), name.whole), name)
    return tuple(first.values())
