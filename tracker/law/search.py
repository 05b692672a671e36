"""Search: participants, instruments, bodies and groups of States by names, former names, codes, citations, acronyms.

A text that names nothing finds names that one typing error separates from it, and says so. What a text of several names
asks about them is read in `search_questions`.

Citations of treaties as depositaries and lawyers write them, each in one form: series and numbers.

`CETS No. 185` and `STE 185` are one, so are `2225 UNTS 209` and `UNTS vol. 2225, p. 209`. What a citation stands for is
not decided here: `search` compares them with the names of instruments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.distance import OSA

from tracker.law.kinds import GROUP_ACRONYMS
from tracker.law.ledger import Ledger
from tracker.law.model import Body, Instrument, Participant

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_COUNCIL_OF_EUROPE = re.compile(r"(?:c ?e ?t ?s|e ?t ?s|s ?t ?c? ?e)(?: no?)? ?0*(\d{1,3})")
_RESOLUTION = re.compile(r"(?:a res|.*\bres|.*\bresolution|.*\bresolucion) (?:no? )?(\d{2}) (\d{1,3})(?: .*)?")
_TREATY_SERIES = re.compile(r"\b(?:u ?n ?t ?s|r ?t ?n ?u|united nations treaty series|recueil des traites)\b")
_REGISTRATION = re.compile(r"(?:unts |un |registration )?(?:i |no? |number )?0*(\d{4,6})(?: \d{4} \d{2} \d{2})?")
_CHAPTER = re.compile(r"(?:chapter |chapitre |capitulo |ch )?([ivxl]{1,6}|\d{1,2}) ?(\d{1,2})(?: ?([a-z]))?")
_OECD = re.compile(r"oecd legal 0*(\d{1,4})")


@lru_cache(maxsize=1 << 14)
def citation_key(text: str) -> str:
    """What all ways to write one citation have in common, of a text without case and punctuation; "" if it is none."""
    if found := _COUNCIL_OF_EUROPE.fullmatch(text):
        return f"ets {found[1]}"
    if found := _OECD.fullmatch(text):
        return f"oecd {found[1]}"
    if _TREATY_SERIES.search(text) and (numbers := re.findall(r"\d+", text)):
        volume = len(numbers) > 1 or int(numbers[0]) < 10_000  # higher ones are numbers of registration
        return f"unts {' '.join(numbers[:2])}" if volume else f"registration {int(numbers[0])}"
    if found := _RESOLUTION.fullmatch(text):
        return f"resolution {found[1]} {found[2]}"
    if found := _REGISTRATION.fullmatch(text):
        return f"registration {found[1]}"
    if found := _CHAPTER.fullmatch(text):
        chapter = int(found[1]) if found[1].isdigit() else _arabic(found[1])
        return f"chapter {chapter} {found[2]} {found[3] or ''}".strip()
    return ""


def cites(wanted: str, known: str) -> bool:
    """Does one citation, as its key, mean the other? A volume of the Treaty Series means whatever is printed in it."""
    return bool(wanted) and (wanted == known or (wanted.startswith("unts ") and known.startswith(f"{wanted} ")))


def _arabic(roman: str) -> int:
    values = [_ROMAN[each] for each in roman]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


NamesByLanguage = Mapping[str, Sequence[tuple[str, str]]]  # (language, name) pairs by ISO 3166 alpha-2 code
OtherNames = Mapping[tuple[str, str], Sequence[tuple[str, str]]]  # the same by kind and id
NO_OTHERS: OtherNames = MappingProxyType({})

MIN_INSIDE_LENGTH = 3  # letters of a Latin text that are looked for inside names
MIN_MISTYPED_LENGTH = 4  # letters of a word in which a typing error is looked for
MAX_MISTYPED_WORDS = 6  # words of a text in which it is
_ALIKE = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "æ": "ae",
    "œ": "oe", "þ": "th",
    # letters that Arabic hands write for one another, and the stroke that only stretches
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}", "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC TATWEEL}": "",
})  # fmt: skip


class SearchKind(StrEnum):
    """What can be found, in the order in which it is shown where it is found equally well."""

    INSTRUMENT = "instrument"
    PARTICIPANT = "participant"
    GROUP = "group"
    BODY = "body"


class MatchQuality(IntEnum):
    """How well a name answers to a text, best first."""

    EXACT = 0
    START = 1
    WORDS = 2
    INSIDE = 3
    SIMILAR = 4

    @property
    def words(self) -> str:
        """The quality as people say it."""
        return ("exact", "start of the name", "starts of words", "inside the name", "similar spelling")[self]


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


def search_entries(ledger: Ledger, tongues: NamesByLanguage, others: OtherNames = NO_OTHERS) -> tuple[SearchEntry, ...]:
    """Everything in the record that can be found, with all that it is called: by the record, in other languages."""
    entries = (
        *(_of_instrument(each) for each in ledger.instruments.values()),
        *(_of_participant(each, tongues) for each in ledger.participants.values()),
        *_groups(ledger.participants.values()),
        *(_of_body(each) for each in ledger.bodies.values()),
    )
    return tuple(_with_names(each, others.get((each.kind, each.id), ())) for each in entries)


def search(known: Iterable[SearchEntry], text: str) -> tuple[SearchMatch, ...]:
    """The entries that answer to a text: exact ones first, then by how well, usual names and treaties before others.

    An organization's own name or acronym finds its treaties before itself. Where nothing answers, those that one
    typing error separates from the text.
    """
    wanted, key = fold_text(text), fold_text(name_key(text))
    if not wanted:
        return ()
    known = tuple(known)
    found = [match for entry in known if (match := _match(entry, wanted, key))]
    found = found or [match for entry in known if (match := _mistyped_match(entry, wanted))]
    exact = [match for match in found if match.quality is MatchQuality.EXACT]
    if exact and citation_key(wanted):
        found = exact  # resolution 55/255 is not found by 55/25
    of_body = any(match.entry.kind is SearchKind.BODY for match in exact)
    kinds = list(SearchKind)

    def order(match: SearchMatch) -> tuple[int, bool, int, str]:
        entry, quality = match.entry, match.quality
        if of_body and entry.kind is SearchKind.INSTRUMENT and quality is MatchQuality.START:
            quality = MatchQuality.EXACT
        return quality, match.name != entry.names[0], kinds.index(entry.kind), fold_text(entry.title)

    return tuple(sorted(found, key=order))


@lru_cache(maxsize=1 << 15)
def fold_text(text: str) -> str:
    """A text without case, accents and punctuation, its words one space apart."""
    spread = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_ALIKE)
    plain = (each for each in spread if unicodedata.category(each) not in ("Mn", "Cf"))
    return " ".join("".join(each if each.isalnum() else " " for each in plain).split())


_DASHES = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}"
_APOSTROPHES = (
    "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
    "\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}\N{PRIME}\N{GRAVE ACCENT}\N{ACUTE ACCENT}\N{MODIFIER LETTER TURNED COMMA}"
)
_FORMS = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_APOSTROPHES, "'") | {"\N{COMBINING DOT ABOVE}": ""})
_TURNED = re.compile(r"(?P<name>[^(),]+?) ?(?:\((?P<bracketed>[^()]+)\)|, (?P<after>[^(),]+))")
_SAINT = re.compile(r"\b(?:st|ste)\.? (?=\w)")


@lru_cache(maxsize=1 << 15)
def name_key(name: str) -> str:
    """What all ways to write one name have in common: the one normaliser of status files, imports and searches.

    Without case, also that of Turkish capitals, with one form of apostrophes and dashes, without articles,
    and with what stands in brackets or after a comma in its place: "Netherlands (Kingdom of the)" and "The Kingdom of
    the Netherlands" are one. Accents stay: without them it may be another name.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.translate(_FORMS)).casefold())
    words = " ".join(plain.translate(_FORMS).split()).replace("&", "and")
    if turned := _TURNED.fullmatch(words):
        words = f"{turned['bracketed'] or turned['after']} {turned['name']}"
    return " ".join(word for word in _SAINT.sub("saint ", words).split() if word != "the") or words


def _match(entry: SearchEntry, wanted: str, key: str) -> SearchMatch | None:
    found = ((quality, name) for name in entry.names if (quality := _quality(name, wanted, key)) is not None)
    best = min(found, key=lambda pair: pair[0], default=None)
    return SearchMatch(entry, best[1], best[0]) if best else None


def _quality(name: SearchName, wanted: str, key: str) -> MatchQuality | None:
    known = fold_text(name.text)
    packed, sought = known.replace(" ", ""), wanted.replace(" ", "")
    if packed == sought or (not name.whole and fold_text(name_key(name.text)) == key):
        return MatchQuality.EXACT
    if (cited := citation_key(wanted)) and cites(cited, citation_key(known)):
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


def _mistyped_match(entry: SearchEntry, wanted: str) -> SearchMatch | None:
    found = (name for name in entry.names if not name.whole and _differs_by_one_letter(fold_text(name.text), wanted))
    name = next(found, None)
    return SearchMatch(entry, name, MatchQuality.SIMILAR) if name else None


def _differs_by_one_letter(known: str, wanted: str) -> bool:
    """Does one letter too many, too few, wrong or in the wrong place separate a text from a name, or from its words?"""
    if len(wanted) < MIN_MISTYPED_LENGTH or not wanted.replace(" ", "").isalpha():
        return False
    if _one_error(known, wanted):
        return True
    parts, words = wanted.split(), known.split()
    odd = [part for part in parts if not any(word.startswith(part) for word in words)]
    return len(parts) <= MAX_MISTYPED_WORDS and len(odd) == 1 and any(_one_error(word, odd[0]) for word in words)


def _one_error(known: str, wanted: str) -> bool:
    """Are they one insertion, deletion, substitution or transposition apart?"""
    return len(wanted) >= MIN_MISTYPED_LENGTH and OSA.distance(known, wanted, score_cutoff=1) == 1


def _groups(participants: Iterable[Participant]) -> Iterator[SearchEntry]:
    """The UN regional groups and the regions of the participants."""
    everyone = tuple(participants)
    for name in sorted({who.un_group for who in everyone} - {""}):
        others = (GROUP_ACRONYMS.get(name, ""), name.replace(" States", " Group"), name.removesuffix(" States"))
        names = _plain(name, *others)
        yield SearchEntry(SearchKind.GROUP, name, _distinct(names))
    for name in sorted({who.region for who in everyone} - {""}):
        yield SearchEntry(SearchKind.GROUP, name, _distinct(_plain(name)))


def _with_names(entry: SearchEntry, more: Sequence[tuple[str, str]]) -> SearchEntry:
    if not more:
        return entry
    names = (*entry.names, *(SearchName(text, language) for language, text in more))
    return SearchEntry(entry.kind, entry.id, _distinct(names))


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
