"""The language of final clauses: the phrases of a sentence on entry into force, as delays, thresholds and populations.

Texts are in small letters and without what does not matter (see `simplify`). Which sentences a text has, and what they
make together, is asked in `clause_reader`.

Numbers as treaties write them: `forty`, `fortieth`, `one hundred and twentieth`, `10`, `10th`, `three fourths`.

`CARDINAL`, `ORDINAL` and `FRACTION` are patterns for text in small letters. What the numbers count is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tracker.law.conditions import AtLeast, Requirement
from tracker.law.dates import Delay
from tracker.law.kinds import ActionKind
from tracker.law.populations import MembersOf, PartiesTo, Population

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CARDINALS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
              "twelve": "twelfth"}  # fmt: skip


def _ordinal(word: str) -> str:
    return _IRREGULAR.get(word) or (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th")


_ORDINALS = {_ordinal(word): number for word, number in _CARDINALS.items() if number} | {"hundredth": 100}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    f"{_ordinal(word)}{end}": number for word, number in _CARDINALS.items() if 4 <= number <= 10 for end in ("", "s")
}


def _any(words: object) -> str:
    return "|".join(sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


_WORD = rf"(?:{_any([*_CARDINALS, 'hundred'])})"
_JOIN = r"(?:-|\s+(?:and\s+)?)"
CARDINAL = rf"\b(?:\d{{1,4}}|an?\s+hundred|{_WORD}(?:{_JOIN}{_WORD})*)\b"
ORDINAL = rf"\b(?:\d{{1,4}}(?:st|nd|rd|th)|(?:{_WORD}{_JOIN})*(?:{_any(_ORDINALS)}))\b"
FRACTION = rf"\b(?:a\s+)?(?:{_any(_ONES[1:10])}|a)[\s-]+(?:{_any(_PARTS)})\b|\b\d+/\d+\b|\bhalf\b"
_WRITTEN_TWICE = re.compile(rf"\b({_any([*_CARDINALS, *_ORDINALS, 'hundred'])})\s*\(\s*\d{{1,4}}(?:st|nd|rd|th)?\s*\)")


def without_repetition(text: str) -> str:
    """The text without the figures that stand in brackets behind their words: `thirty (30) days`."""
    return _WRITTEN_TWICE.sub(r"\1", text)


def number_of(text: str) -> int:
    """The number that a text matching `CARDINAL` or `ORDINAL` writes; ValueError for any other text."""
    digits = re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)?", text)
    if digits:
        return int(digits[1])
    total = 0
    for word in re.split(r"[\s-]+", text):
        if word in ("hundred", "hundredth"):
            total = max(total, 1) * 100
        elif word not in ("and", "a", "an"):
            total += _value(word, text)
    return total


def _value(word: str, text: str) -> int:
    if word in _CARDINALS:
        return _CARDINALS[word]
    if word in _ORDINALS:
        return _ORDINALS[word]
    raise ValueError(f"'{text}' is not a number written out")


def fraction_of(text: str) -> Fraction:
    """The part that a text matching `FRACTION` writes; ValueError for any other text."""
    if found := re.fullmatch(r"(\d+)/(\d+)", text):
        return Fraction(int(found[1]), int(found[2]) or 1)
    words = [word for word in re.split(r"[\s-]+", text) if word not in ("a", "an")]
    if not words or words[-1] not in _PARTS:
        raise ValueError(f"'{text}' is not a fraction written out")
    return Fraction(_CARDINALS[words[0]] if len(words) > 1 else 1, _PARTS[words[-1]])


# -- what does not matter --------------------------------------------------------------------------

_TREATY = (
    r"(?:convention|(?:optional |additional )?protocol|agreement|treaty|amendments?|charter|covenant|statute|"
    r"constitution|instrument|accord)"
)
_REFERENCE = r"(?:(?:[ivxlc]+|\d+)(?:\.\d+)*\b(?:\s?\([a-z0-9]+\))*|(?:\([a-z0-9]+\))+)"
_AND = r"(?:\s*,\s*|\s+(?:and|or|to)\s+|\s*,\s+and\s+)"
_REFERENCES = rf"{_REFERENCE}(?:{_AND}(?:(?:article|paragraph|section)s?\s+)?{_REFERENCE})*"
_AT = rf"(?:articles?|paragraphs?|sections?|subparagraphs?)\s+{_REFERENCES}"
_BY_PROVISION = re.compile(
    r",?\s*\b(?:(?:in accordance|in conformity) with|pursuant to|referred to in|mentioned in|specified in|under|"
    r"subject to|as provided(?: for)? (?:in|by)|provided for in|that meets? the requirements of)"
    rf"\s+(?:the\s+)?(?:(?:provisions|terms|requirements)\s+of\s+)?{_AT}(?:,?\s+(?:of\s+)?{_AT})*"
    rf"(?:\s*,?\s+(?:of|to)\s+(?:this|the(?: present)?)\s+(?:{_TREATY}|article))?,?",
)
_DEPOSITARY = re.compile(
    r",?\s*\b(?:with|by|to)\s+the\s+(?:secretary-general(?:\s+of\s+the\s+(?:united\s+nations|organi[sz]ation))?|"
    r"director-general(?:\s+of\s+the\s+[a-z]+(?:\s+[a-z]+){0,4})?|depositary(?:\s+government)?|secretariat)\b"
    r"(?:\s+of\s+the\s+united\s+nations)?"
)
_SMALL = re.compile(r"\b(?:thereof|thereto|hereto|hereby|respectively|duly|respective)\b")


def simplify(sentence: str) -> str:
    """The sentence in small letters, without references to provisions and depositaries, numbers written once."""
    text = " ".join(sentence.replace("’", "'").casefold().split())
    text = without_repetition(text)
    for pattern in (_BY_PROVISION, _DEPOSITARY, _SMALL):
        text = pattern.sub(" ", text)
    return re.sub(r"\s+([,.;])", r"\1", " ".join(text.split())).strip(" .;\"'“”")


# -- delays ----------------------------------------------------------------------------------------

_AFTER = r"(?:after|following|from|since|of|subsequent to)"
_DELAYS = (
    ((r"(?:on|at|from) the first day of the month (?:following|after) (?:the )?(?:expiration|expiry|end|lapse) of "
     r"(?:a |the )?(?:period of )?(?P<number>{card}) {unit} {after}"), "next-month"),
    (r"(?:on|at|from) the first day of the month (?:following|after) the (?P<number>{ord}) (?P<unit>day) {after}",
     "next-month"),
    ((r"(?:on|at|from) the first day of the (?P<number>{ord}) (?:calendar )?(?P<unit>month) {after}"
     r"(?: the (?:calendar )?month (?:in|during) which| that of| the month of)?"), "nth-month"),
    (r"(?:on|at|from) the first day of the month (?:following|after)(?: the (?:calendar )?month (?:in|during) which)?",
     "month"),
    (r"(?:on |upon |from )?(?:the )?(?P<number>{ord}) (?P<unit>day) {after}", "there"),
    ((r"(?:(?:on|at|upon|after) the (?:expiration|expiry|end|lapse) of |after )?(?:a period of )?"
     r"(?P<number>{card}) {unit} (?:have elapsed |has elapsed )?{after}"), "there"),
    (r"(?:one|a) (?P<unit>year|month) {after}", "one"),
    (r"immediately (?:upon|on|after|following)|as from|as soon as|upon|when|after|on|once|from", "at-once"),
)  # fmt: skip
_PATTERNS = tuple(
    (re.compile(
        text.replace("{card}", CARDINAL).replace("{ord}", ORDINAL).replace("{after}", _AFTER)
        .replace("{unit}", "(?P<unit>days?|months?|years?)")
    ), lands)
    for text, lands in _DELAYS
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DelayPhrase:
    """A delay at the start of a text, and what of the text is left."""

    delay: Delay
    rest: str


def delay_at_start(text: str) -> DelayPhrase | None:
    """The delay with which the text begins: `on the ninetieth day after`, `six months following`, `upon`."""
    for pattern, lands in _PATTERNS:
        if found := pattern.match(text):
            return DelayPhrase(_delay(found, lands), text[found.end() :].strip())
    return None


def _delay(found: re.Match[str], lands: str) -> Delay:
    if lands == "at-once":
        return Delay(0, "d")
    if lands == "month":
        return Delay(0, "m", "next-month")
    unit = found["unit"][0]
    if lands == "one":
        return Delay(1, unit)  # type: ignore[arg-type]
    number = number_of(found["number"])
    if lands == "nth-month":
        return Delay(number, "m", "nth-month")
    return Delay(number, unit, "next-month" if lands == "next-month" else "there")  # type: ignore[arg-type]


# -- who -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text may speak of: the treaty that this one belongs to, its own kind, and the bodies by their names.

    `parent` is an id, empty where there is none; `amends` that the text stands in the treaty that is amended, which
    calls itself "this Convention"; `bodies` are names in small letters with their ids.
    """

    parent: str = ""
    amends: bool = False
    bodies: Mapping[str, str] | None = None


_STATES = (
    r"(?:(?:of|by) )?(?:the )?(?:other )?(?:signatory |contracting |member )?"
    r"(?:states?(?: parties)?|governments?|countries|parties|members|contracting parties)"
)
_AND_ORGANIZATIONS = (
    r"(?:,? (?:or|and) (?:by )?(?:an? )?(?:regional economic integration |intergovernmental |international )?"
    r"organi[sz]ations?)?"
)
_OF_TREATY = (
    r"(?: (?:which|that|who) are(?: contracting)? parties)? to (?:this|the|that|such)(?: [a-z]+){0,8}? ?"
    rf"{_TREATY}(?: on [a-z ]+?)?"
)
WHO = rf"{_STATES}{_AND_ORGANIZATIONS}(?:{_OF_TREATY})?"
_MEMBERS = re.compile(r"member(?: states|s)? of (?:the )?(?P<body>[a-z][a-z' -]+)")


class NotUnderstood(ValueError):
    """A phrase that the reader has no meaning for."""


def population_of(who: str, about: Surroundings) -> Population | None:
    """The group that a phrase means; None for States in general. NotUnderstood where it is another treaty or body."""
    if found := _MEMBERS.search(who):
        body = (about.bodies or {}).get(found["body"].strip())
        if not body:
            raise NotUnderstood(who)
        return MembersOf(body)
    if "parties to" in who or "party to" in who:
        own = re.search(rf"part(?:ies|y) to (?:this|the present) (?:[a-z]+ )*?{_TREATY}", who)
        if own and not about.amends:
            return None
        if not about.parent:
            raise NotUnderstood(who)
        return PartiesTo(about.parent)
    return None


# -- what must have been deposited -----------------------------------------------------------------

_ACT = (
    r"(?:(?:an? )?(?:act of )?formal confirmation|ratification|acceptance|approval|accession|adherence|adhesion|"
    r"succession|definitive signature|notification|instruments?)"
)
ACTS = rf"{_ACT}(?:(?:\s*,\s*(?:or |and )?|\s*/\s*|\s+(?:or|and)\s+|\s+)(?:of )?{_ACT})*"
_OBJECT = rf"(?: (?:of|to|by|in respect of) (?:this|the|it)(?: present| proposed)?(?: {_TREATY})?)?"
_HAVE = r"(?:has been|have been|is|are|was|were|shall have been)"
_DID = r"(?:have|has|shall have)"
_VERBS = r"(?:ratified|accepted|approved|acceded(?: to)?|adhered(?: to)?|signed|deposited|confirmed)"
_CONSENTED = (
    rf"(?:signed it without reservation as to {ACTS},? or (?:have )?deposited (?:their |an )?instruments? of {ACTS}|"
    r"expressed (?:their|its) consent to be bound(?: by (?:it|the [a-z]+|this [a-z]+))?|"
    rf"(?:deposited|lodged) (?:their|its|an?|the)? ?instruments? of (?P<acts>{ACTS})|"
    r"become (?:contracting )?parties(?: to it)?|"
    rf"{_VERBS}(?:(?:, (?:or )?| or ){_VERBS})*(?: it| the [a-z]+| this [a-z]+)?)"
)
_LEAST = r"(?:(?:not|no) (?:less|fewer) than |at least |a minimum of )?"
_EVENTS = tuple(map(re.compile, (
    (rf"(?:the )?(?:date of )?(?:the )?(?:deposit|receipt)(?:ing)?(?: of)? the (?P<ord>{ORDINAL}) "
    rf"(?:such )?instruments?(?: of (?P<acts>{ACTS}))?{_OBJECT}(?: by (?P<who>{WHO}))?"),
    (rf"(?:(?:the )?(?:date|day) (?:on|upon|in) which )?the (?P<ord>{ORDINAL}) instruments? of "
    rf"(?P<acts>{ACTS}){_OBJECT}(?: by (?P<who>{WHO}))? {_HAVE} (?:deposited|received)(?: by (?P<who2>{WHO}))?"),
    (rf"(?:(?:the )?(?:date|day) (?:on|by|upon) which )?{_LEAST}(?P<card>{CARDINAL}) (?:of )?(?:the )?(?P<who>{WHO}) "
    rf"{_DID} {_CONSENTED}"),
    (rf"(?:the )?(?:date of )?(?:the )?(?:deposit|receipt)(?: of)? (?:the )?instruments? of (?P<acts>{ACTS}){_OBJECT} "
    rf"(?:by|from) {_LEAST}(?:(?P<part>{FRACTION})|(?P<card>{CARDINAL})) (?:of )?(?:the )?(?P<who>{WHO})"),
    (rf"(?:it has been )?{_LEAST}(?P<acts>{_VERBS}) by {_LEAST}(?:a )?(?:(?P<part>{FRACTION})(?: majority)?|"
    rf"(?P<card>{CARDINAL})) (?:of )?(?:the )?(?P<who>{WHO})(?: which shall have so notified(?: the [a-z -]+)?)?"),
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventPhrase:
    """What must have been deposited, and what of the text is left."""

    threshold: int | None
    requirement: Requirement | None
    by: Population | None
    acts: tuple[ActionKind, ...]
    rest: str


def deposits_at_start(text: str, about: Surroundings) -> EventPhrase | None:
    """The deposits with which the text begins; NotUnderstood where its depositors are of a group that is not known."""
    matches = [found for pattern in _EVENTS if (found := pattern.match(text))]
    if not matches:
        return None
    found = max(matches, key=re.Match.end)
    parts = {"ord": None, "card": None, "part": None, "acts": None, "who": None, "who2": None} | found.groupdict()
    who = population_of(parts["who"] or parts["who2"] or "", about)
    rest = text[found.end() :].strip()
    acts = _acts(parts["acts"] or "")
    if parts["part"]:
        whole = who or (PartiesTo(about.parent) if about.parent and " to this " not in found["who"] else None)
        if whole is None:
            raise NotUnderstood(found[0])
        return EventPhrase(None, AtLeast(whole, fraction_of(parts["part"])), None, acts, rest)
    return EventPhrase(number_of(parts["ord"] or parts["card"] or ""), None, who, acts, rest)


def _acts(text: str) -> tuple[ActionKind, ...]:
    """The acts that alone count: none are named apart where accession is among them, or ratification is not."""
    if "ratification" not in text or re.search(r"accession|adherence|adhesion", text):
        return ()
    named = [ActionKind(word) for word in ("ratification", "acceptance", "approval") if word in text]
    if len(named) == 3:
        named.append(ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL)
    return (*named, *([ActionKind.FORMAL_CONFIRMATION] if "formal confirmation" in text else []))


# -- provisos --------------------------------------------------------------------------------------

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
DAY = rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{'|'.join(_MONTHS)}) (?P<year>\d{{4}})"


def day_of(found: re.Match[str]) -> date:
    """The day that a match of `DAY` writes; NotUnderstood for one that is not in the calendar."""
    try:
        return date(int(found["year"]), _MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError:
        raise NotUnderstood(found[0]) from None


_AMONG = re.compile(
    rf"(?:,? ?(?:provided that |including |of which |of whom |among which |among them )){_LEAST}"
    rf"(?P<card>{CARDINAL})(?: (?:of them|of (?:such|those) (?:states|instruments)))?"
    r"(?: (?:are|were|have been|shall be|being)(?: deposited)?(?: by)?)? "
    r"(?P<who>(?:states? )?(?:member(?: states|s)? of [a-z' -]+?|parties to (?:the|that|this) [a-z ]+?))(?=$|,|;)"
)


def share_among(text: str, about: Surroundings) -> tuple[Requirement, str] | None:
    """A number of the depositors that must be of a group (`including at least three member States of ...`).

    With it comes the text without that phrase; None where there is none.
    """
    found = _AMONG.search(text)
    if not found:
        return None
    group = population_of(found["who"], about)
    if group is None:
        raise NotUnderstood(found[0])
    return AtLeast(
        group, number_of(found["card"])
    ), f"{text[: found.start()]} {text[found.end() :].strip(' ,')}".strip()
