"""Finding the things of a record by what people call them: names, former names, codes, numbers, acronyms.

Matching is exact, by the start of a name, by the starts of its words, or by what stands inside it, in
that order; case, accents and punctuation do not matter, and nothing is ever guessed: a near miss is no
match. Names in other languages are handed in. What is told of the finds belongs to `answers.search`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache

from tracker.law.ledger import Ledger
from tracker.law.model import Body, Instrument, Participant

Tongues = Mapping[str, Sequence[tuple[str, str]]]  # (language, name) pairs by ISO 3166 alpha-2 code

SHORTEST_INSIDE = 3  # letters of a Latin text that are looked for inside names
_ALIKE = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "æ": "ae",
    "œ": "oe", "þ": "th",
    # letters that Arabic hands write for one another, and the stroke that only stretches
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}", "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC TATWEEL}": "",
})  # fmt: skip


class Kind(StrEnum):
    """What can be found, in the order in which it is shown."""

    PARTICIPANT = "participant"
    INSTRUMENT = "instrument"
    BODY = "body"


class Quality(IntEnum):
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
class Name:
    """One name of a thing. `language` is a BCP 47 tag, empty for the record's own; a `whole` one is a code,
    found only when it is written in full.
    """

    text: str
    language: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing of the record with all its names, its usual one first."""

    kind: Kind
    id: str
    names: tuple[Name, ...]

    @property
    def title(self) -> str:
        """Its usual name."""
        return self.names[0].text


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that answers to a text, by which of its names, and how well."""

    entry: Entry
    name: Name
    quality: Quality


def entries(ledger: Ledger, tongues: Tongues) -> tuple[Entry, ...]:
    """Everything in the record that can be found, with all that it is called."""
    return (
        *(_of_participant(each, tongues) for each in ledger.participants.values()),
        *(_of_instrument(each) for each in ledger.instruments.values()),
        *(_of_body(each) for each in ledger.bodies.values()),
    )


def search(known: Iterable[Entry], text: str) -> tuple[Match, ...]:
    """The entries that answer to a text: exact ones first, then by how well, usual names before others."""
    wanted = folded(text)
    if not wanted:
        return ()
    kinds = list(Kind)
    found = [match for entry in known if (match := _match(entry, wanted))]

    def order(match: Match) -> tuple[int, bool, int, str]:
        entry = match.entry
        return match.quality, match.name != entry.names[0], kinds.index(entry.kind), folded(entry.title)

    return tuple(sorted(found, key=order))


@lru_cache(maxsize=1 << 15)
def folded(text: str) -> str:
    """A text without case, accents and punctuation, its words one space apart."""
    spread = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_ALIKE)
    plain = (each for each in spread if unicodedata.category(each) not in ("Mn", "Cf"))
    return " ".join("".join(each if each.isalnum() else " " for each in plain).split())


def _match(entry: Entry, wanted: str) -> Match | None:
    found = ((quality, name) for name in entry.names if (quality := _quality(name, wanted)) is not None)
    best = min(found, key=lambda pair: pair[0], default=None)
    return Match(entry, best[1], best[0]) if best else None


def _quality(name: Name, wanted: str) -> Quality | None:
    known = folded(name.text)
    packed, sought = known.replace(" ", ""), wanted.replace(" ", "")
    if packed == sought:
        return Quality.EXACT
    if name.whole or (sought not in packed and " " not in wanted):
        return None
    if packed.startswith(sought):
        return Quality.START
    words = known.split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return Quality.WORDS
    long_enough = len(sought) >= SHORTEST_INSIDE or not sought.isascii()
    return Quality.INSIDE if wanted in known and long_enough else None


def _of_participant(who: Participant, tongues: Tongues) -> Entry:
    abroad = tongues.get(who.iso2, ()) if not who.exists_to else ()  # codes of States that are gone are given anew
    codes = (who.code, who.iso2)
    names = [
        *_plain(who.name, *who.aliases),
        *(Name(text, language) for language, text in abroad),
        *(Name(code, whole=True) for code in codes if code),
    ]
    return Entry(Kind.PARTICIPANT, who.code, _distinct(names))


def _of_instrument(terms: Instrument) -> Entry:
    names = [
        *_plain(terms.name, *terms.aliases, terms.title, terms.reference, terms.id),
        Name(terms.registration, whole=True),
    ]
    return Entry(Kind.INSTRUMENT, terms.id, _distinct(names))


def _of_body(body: Body) -> Entry:
    return Entry(Kind.BODY, body.id, _distinct(_plain(body.name, body.acronym, body.id)))


def _plain(*texts: str) -> Iterator[Name]:
    return (Name(text) for text in texts)


def _distinct(names: Iterable[Name]) -> tuple[Name, ...]:
    """The names that say something, each once; of two that fold alike the first stays."""
    first: dict[tuple[str, bool], Name] = {}
    for name in names:
        if name.text:
            first.setdefault((folded(name.text), name.whole), name)
    return tuple(first.values())
