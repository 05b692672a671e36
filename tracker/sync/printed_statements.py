"""The statements in the sections of a status document: one for each part of what stands under a participant.

Kind, provision, addressees and dates are taken from the depositary's words only where they say so plainly. What cannot
be divided is one statement of unknown kind, with the reason in `whole`.

What is left out of a statement before it is stored: who the officials are, and how to reach them.

Of a notification only lines stay that name an authority, a State or a purpose: a status page is public, but a copy of
the names, telephones and addresses in it would be a register of persons that nobody keeps up to date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum

from tracker.law.dates import PartialDate
from tracker.law.reference_facts import ObjectionEffect, StatementKind
from tracker.sync import reasons
from tracker.sync.cell_text import Unreadable, clean_text, day_of
from tracker.sync.provision_words import not_bound_by, provisions_named, reserved_to
from tracker.sync.text_sections import LineKind, SectionPart, TextEntry, TextLine, TextSection

_LABEL = re.compile(
    r"^\W*(?:tel(?:ephone|\.|\b)|phone|(?:tele)?fax|mobile|cell(?:ular)?|e-?mails?|web ?site|(?:postal |mailing )?"
    r"address|p\.? ?o\.? ?box|contact|attention|attn|name of (?:the )?(?:person|official|contact)|person in charge|"
    r"title|position|focal point|office hours|working hours|time zone|street|city|postal code|zip)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Mme|H\. ?E)\b\.?\s+[A-Z]")
_CONTACT = re.compile(
    r"\b(?:tel(?:ephone)?s?\b|phones?\b|(?:tele)?fax\b|mobile\b|e-?mails?\b|p\.? ?o\.? ?box\b|address(?:es)?\s*:)"
    r"|\S+@\S+|https?://\S+|\bwww\.\S+|\+\s?\d[\d\s()/.-]{5,}|\(?\b\d{2,5}\)?[\s./-]\d{2,}[\s./-]\d{2,}",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:street|avenue|boulevard|road|rue|calle|platz|stra(?:ss|ß)e|square|floor|building|suite|lane)\b",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"\b(?:ministry|department|office|authorit\w+|prosecut\w+|police|agency|court|bureau|directorate|division|attorney|"
    r"commission|service|unit|government|republic|kingdom|state|states|union|convention|protocol|agreement|article|"
    r"paragraph|languages?|english|french|spanish|extradition|legal assistance|central|interpol|accept\w*|notif\w*|"
    r"declar\w*|designat\w*|requests?|treat(?:y|ies)|law|sign|letters?)\b",
    re.IGNORECASE,
)


def without_contacts(line: str) -> str:
    """The line up to the first contact in it; empty for a line that is nothing else, or that names a person."""
    if _LABEL.match(line):
        return ""
    found = _CONTACT.search(line)
    left = line[: found.start()].rstrip(" ,;:(-–") if found else line
    if found and (street := _STREET.search(left)):
        left = left[: left.rfind(",", 0, street.start())] if "," in left[: street.start()] else ""
    return "" if _PERSON.search(left) and len(left) < 200 else left


def authority_only(line: str) -> str:
    """The line of a notification up to the first person, street or contact; empty unless that names an authority, a
    State or a purpose.
    """
    left = _without_people(line)
    return left if _AUTHORITY.search(left) else ""


def _without_people(line: str) -> str:
    person = _PERSON.search(line)
    left = without_contacts(line[: person.start()].rstrip(" ,;:(-–") if person else line)
    if len(left) < 200 and any(char.isdigit() for char in left) and (street := _STREET.search(left)):
        left = left[: max(left.rfind(",", 0, street.start()), 0)]
    return left


def _cell_only(line: str) -> str:
    """The same for a cell of a table after its heading, which names nobody by itself."""
    heading, colon, cell = line.partition(": ")
    if not colon:
        return authority_only(line)
    left = "" if _LABEL.match(heading) else _without_people(cell)
    return f"{heading}: {left}" if left and _AUTHORITY.search(f"{heading} {left}") else ""


class Occasion(StrEnum):
    """When a statement without a date of its own was made: by what its heading, or the section's, says."""

    SIGNATURE = "signature"
    CONSENT = "consent"
    CONFIRMED = "signature, confirmed"
    NOT_KNOWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStatement:
    """A statement as a status document prints it; `name` is the participant's and `towards` those of the addressees.

    `date` stands above it, `occasion` is said of it otherwise. `concerns` is the kind of what it withdraws. `whole` is
    the reason why it was not divided into parts, `unclear` why a withdrawal is not plain.
    """

    part: SectionPart
    name: str
    kind: StatementKind
    text: str
    article: str = ""
    date: PartialDate | None = None
    occasion: Occasion = Occasion.NOT_KNOWN
    withdrawn_on: PartialDate | None = None
    towards: tuple[str, ...] = ()
    effect: ObjectionEffect | None = None
    concerns: StatementKind | None = None
    whole: str = ""
    unclear: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCounts:
    """What became of the entries of a document: divided, kept whole, or without a text of their own."""

    entries: int = 0
    divided: int = 0
    whole: int = 0
    without_text: int = 0
    statements: int = 0


def statements_in(sections: Iterable[TextSection], notes: Mapping[str, str]) -> tuple[PrintedStatement, ...]:
    """Every statement, in the order of the document; a withdrawal that an end note tells of stands after its entry."""
    found: list[PrintedStatement] = []
    for section in sections:
        for entry in section.entries:
            found += _statements_of(entry, section)
            found += (
                each for mark in entry.marks if (each := _withdrawal_in_note(entry, section, notes.get(mark, "")))
            )
    return tuple(dict.fromkeys(found))


def count_entries(sections: Iterable[TextSection]) -> SectionCounts:
    """How many entries there are, and what became of them; the numbers make up the whole."""
    counts = SectionCounts()
    for section in sections:
        for entry in section.entries:
            found = _statements_of(entry, section)
            divided = bool(found) and not found[0].whole
            counts = SectionCounts(
                entries=counts.entries + 1,
                divided=counts.divided + divided,
                whole=counts.whole + (bool(found) and not divided),
                without_text=counts.without_text + (not found),
                statements=counts.statements + len(found),
            )
    return counts


# -- one entry -------------------------------------------------------------------------------------

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAY = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[A-Za-z]{3,10})\.?,?\s+(?P<year>\d{4})\b", re.ASCII)


def _statements_of(entry: TextEntry, section: TextSection) -> list[PrintedStatement]:
    if not any(line.kind is not LineKind.DATE for line in entry.lines):
        return []
    if section.part is SectionPart.LEAGUE:
        return [_whole(entry, section, reasons.LEAGUE)]
    if section.part is SectionPart.SPECIAL and not _kind_of_table(section):
        return [_whole(entry, section, reasons.TABLE)]
    dates = (line.text for line in entry.lines if line.kind is LineKind.DATE)
    if unread := [text for text in dates if not _day_or_none(text)]:
        return [_whole(entry, section, reasons.unreadable_date(unread[0][:40]))]
    parts = list(_parts(entry, section))
    if not parts:
        return [_whole(entry, section, reasons.ONLY_HEADINGS)]
    return [said for part in parts if (said := _statement(part, entry, section)).text]


LEAGUE = (
    "It stands below a State in the League of Nations' list, which mixes reservations, territories and their dates."
)
TABLE = "It stands in a table of its own, whose heading does not say what it lists."
_DESIGNATES = re.compile(r"\b(?:designat\w+|authorit(?:y|ies)|agenc(?:y|ies))\b", re.IGNORECASE)


def _kind_of_table(section: TextSection) -> StatementKind | None:
    """What the rows of a special table are, by its heading; None where that does not say it."""
    named = kinds_named(section.heading.split("(")[0])
    if len(named) == 1:
        return named[0]
    return StatementKind.NOTIFICATION if not named and _DESIGNATES.search(section.heading) else None


def _whole(entry: TextEntry, section: TextSection, reason: str) -> PrintedStatement:
    lines = (without_contacts(line.text) for line in entry.lines)
    text = "\n".join(line for line in lines if line)
    return PrintedStatement(part=section.part, name=entry.name, kind=StatementKind.UNSPECIFIED, text=text, whole=reason)


@dataclass(slots=True)
class _Part:
    """The lines from one heading or date to the next: what the headings above say, and the paragraphs."""

    titles: list[str] = field(default_factory=list)
    kind: StatementKind | None = None
    date: PartialDate | None = None
    occasion: Occasion = Occasion.NOT_KNOWN
    paragraphs: list[str] = field(default_factory=list)

    def follow(self, **changes: object) -> _Part:
        """An empty part after this one, under the same date and occasion."""
        return replace(_Part(date=self.date, occasion=self.occasion), **changes)  # type: ignore[arg-type]


def _parts(entry: TextEntry, section: TextSection) -> Iterator[_Part]:
    part = _Part()
    for line in entry.lines:
        if line.kind is LineKind.PARAGRAPH:
            part.paragraphs.append(line.text)
            continue
        if line.kind is LineKind.TITLE and not _divides(line, section):
            part.paragraphs.append(line.text)
            continue
        if part.paragraphs:
            yield part
            part = part.follow()
        if line.kind is LineKind.DATE:
            part = _Part(date=_date_of(line.text), titles=part.titles)
        else:
            part.titles.append(line.text)
            part.occasion = _occasion(line.text) or part.occasion
    if part.paragraphs:
        yield part


def _divides(line: TextLine, section: TextSection) -> bool:
    """Does a statement of its own begin with this heading?"""
    if section.part in (SectionPart.NOTIFICATIONS, SectionPart.UNDER_ARTICLE) and provisions_named(line.text):
        return True
    if section.part is SectionPart.SPECIAL:
        return True
    return bool(kinds_named(line.text) or _occasion(line.text) or _WITH_REGARD.search(line.text))


def _date_of(text: str) -> PartialDate:
    found = _DAY.search(clean_text(text))
    if not found:
        raise Unreadable(f"cannot be read: '{text[:40]}'")
    parts = found.groupdict()
    near = get_close_matches(parts["month"].casefold(), _MONTHS, n=1, cutoff=0.75)
    return day_of(parts | {"month": near[0]} if near else parts)


# -- what the words say ----------------------------------------------------------------------------

_KINDS = (
    (re.compile(r"\breservations?\b", re.IGNORECASE), StatementKind.RESERVATION),
    (
        re.compile(r"\binterpretati\w+ (?:declarations?|statements?)\b|\bunderstandings?\b", re.IGNORECASE),
        StatementKind.INTERPRETATIVE_DECLARATION,
    ),
    (re.compile(r"(?<!ve )\bd[ée]clarations?\b", re.IGNORECASE), StatementKind.DECLARATION),
    (re.compile(r"\bnotifications?\b", re.IGNORECASE), StatementKind.NOTIFICATION),
    (re.compile(r"\bcommunications?\b", re.IGNORECASE), StatementKind.COMMUNICATION),
)
_SIGNATURE = re.compile(r"\bupon signature\b|\bat the time of (?:signature|signing)\b|\bupon signing\b", re.IGNORECASE)
_CONFIRMED = re.compile(r"\bconfirmed\s+(?:upon|at)\b", re.IGNORECASE)
_CONSENT = re.compile(
    r"\bupon\s+(?:\w+ )?(?:ratifica|accepta|approv|acc?ession|success|formal conf|conse?nt|concent)", re.IGNORECASE
)
_BY_DEFAULT = re.compile(r"\bunless otherwise indicated\b.*\b(?:made|received)\s+upon\b", re.IGNORECASE | re.DOTALL)
_WITH_REGARD = re.compile(r"\bwith (?:regard|respect) to the (?:\w+ )?(?:reservation|declaration)s?\b", re.IGNORECASE)


def kinds_named(heading: str) -> tuple[StatementKind, ...]:
    """The kinds of statement that a heading names."""
    return tuple(kind for words, kind in _KINDS if words.search(heading))


def _occasion(heading: str) -> Occasion:
    if _SIGNATURE.search(heading):
        return Occasion.CONFIRMED if _CONFIRMED.search(heading) else Occasion.SIGNATURE
    return Occasion.CONSENT if _CONSENT.search(heading) else Occasion.NOT_KNOWN


def _statement(part: _Part, entry: TextEntry, section: TextSection) -> PrintedStatement:
    body, titles = "\n".join(part.paragraphs), " ".join(part.titles)
    kind, article = _kind_and_article(titles, body, section)
    listed = _cell_only if section.part is SectionPart.SPECIAL else authority_only
    reduce = listed if kind is StatementKind.NOTIFICATION else without_contacts
    lines = (reduce(line) for line in (*part.titles, *part.paragraphs))
    occasion = part.occasion
    if not occasion and not part.date and _BY_DEFAULT.search(section.heading):
        occasion = Occasion.CONSENT
    said = PrintedStatement(
        part=section.part, name=entry.name, kind=kind, text="\n".join(line for line in lines if line),
        article=article, date=part.date, occasion=Occasion.NOT_KNOWN if part.date else occasion,
        withdrawn_on=_withdrawn_on(body),
    )  # fmt: skip
    if kind is StatementKind.OBJECTION:
        return replace(said, towards=_targets(titles, body), effect=effect_said(body))
    return _as_withdrawal(said, body) or said


def _kind_and_article(titles: str, body: str, section: TextSection) -> tuple[StatementKind, str]:
    named, bound = kinds_named(titles), not_bound_by(body)
    article = "; ".join(provisions_named(titles) or bound)
    if section.part is SectionPart.OBJECTIONS:
        return StatementKind.OBJECTION, "; ".join(provisions_named(titles))
    if section.part is SectionPart.SPECIAL and (listed := _kind_of_table(section)):
        return listed, "; ".join(provisions_named(titles) or _only(section.heading))
    if section.part is SectionPart.NOTIFICATIONS:
        return StatementKind.NOTIFICATION, "; ".join(provisions_named(titles) or _only(section.heading))
    if section.part is SectionPart.UNDER_ARTICLE:
        return StatementKind.DECLARATION, "; ".join(provisions_named(titles) or _only(section.heading))
    if not titles and not bound:
        named = kinds_named(section.heading.split("(")[0])
    if named:
        if not article and named == (StatementKind.RESERVATION,):
            article = "; ".join(reserved_to(body))
        return (named[0] if len(named) == 1 else StatementKind.UNSPECIFIED), article
    return (StatementKind.RESERVATION if bound else StatementKind.UNSPECIFIED), article


def _only(heading: str) -> tuple[str, ...]:
    """The provision in a heading that names one and no more."""
    found = provisions_named(heading)
    return found if len(found) == 1 and not re.search(r"\barticles\b", heading, re.IGNORECASE) else ()


# -- objections ------------------------------------------------------------------------------------

_MADE_BY = re.compile(
    r"\b(?:reservation|declaration|statement)s?\b[^.;]{0,80}?\bmade\s+by\s+(?:the\s+)?(?P<names>[^.;:\n]{3,300}?)"
    r"(?=\s+(?:upon|on|at|when|to|in|with|concerning|regarding|which|by)\b|[.;:,\n]|$)"
)
_OBJECTED = re.compile(
    r"\bwith\s+(?:regard|respect)\s+to\s+the\b.*?\bmade\s+by\s+(?P<names>.+?)\s*(?:\b(?:upon|on|at|in)\b.*)?:?\s*$",
    re.IGNORECASE,
)
_PRECLUDE = r"(?:preclud\w*|prevent\w*|obstacle|imped\w*|affect\w*|hinder\w*|exclud\w*)"
_IN_FORCE = re.compile(
    rf"\b(?:not|without|nor)\b[^.]{{0,60}}\b{_PRECLUDE}\b[^.]{{0,80}}\b(?:entry|entering|enter|into force|coming)\b",
    re.IGNORECASE,
)
_EXCLUDES = re.compile(
    r"\b(?:does|shall|will|is|do)\s+not\b(?![^.]{0,60}\b(?:preclud|prevent|obstacle|imped|affect|hinder))[^.]{0,80}"
    r"\b(?:enter(?:ed|ing)?\s+into\s+force|(?:be\s+|as\s+)?in\s+force|entry\s+into\s+force)\b[^.]{0,80}\bbetween\b"
    r"|\b(?:precludes|opposes|prevents)\s+the\s+entry\s+into\s+force\b"
    r"|\bdoes\s+not\s+(?:deem|consider|regard)\s+any\s+State\b[^.]{0,120}\breservations?\b[^.]{0,40}\ba\s+party\b",
    re.IGNORECASE,
)


def effect_said(text: str) -> ObjectionEffect | None:
    """What an objection says of the treaty between the two; None where it says nothing, or not plainly."""
    stays, excluded = bool(_IN_FORCE.search(text)), bool(_EXCLUDES.search(text))
    if stays == excluded:
        return None
    return ObjectionEffect.TREATY_IN_FORCE if stays else ObjectionEffect.EXCLUDES_TREATY


def _targets(titles: str, body: str) -> tuple[str, ...]:
    """The names of those to whose statement it objects, as the words have them, still to be looked up."""
    if found := _OBJECTED.search(titles):
        return (clean_text(found["names"]),)
    said = {clean_text(each["names"]) for each in _MADE_BY.finditer(body)}
    return tuple(said) if len(said) == 1 else ()


# -- withdrawals -----------------------------------------------------------------------------------

_WITHDREW = re.compile(
    r"\b(?:withdrew|withdraws|withdrawn|withdraw|withdrawal\s+of)\b(?P<what>[^.;]{0,80}?)"
    r"\b(?P<kind>reservations?|declarations?|objections?|notifications?)\b(?P<rest>[^.;]{0,160})",
    re.IGNORECASE,
)
_NOTIFIED = re.compile(
    r"\b(?:notified|informed|received|notification|gave notice|communication|declared|decided|instrument|withdrew)\b",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r"\b(?:partial\w*|in part|modif\w*|first|second|third|fourth|No\.|sub-?paragraph|paragraphs|in respect of|"
    r"with respect to|as to|certain|some|except\w*|not to withdraw)\b|not\s+withdr",
    re.IGNORECASE,
)
_STANDS_ALONE = re.compile(
    r"(?:^|[\[(\n])\s*(?:this |the )?(?:reservation|declaration|objection|statement|notification)?s?\s*(?:was |were )?"
    r"withdrawn\s+on\s+(?P<day>\d{1,2}\s+[A-Za-z]{3,10}\s+\d{4})",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\.\s+(?=[A-Z])|\n")
_QUOTED = re.compile(r"[:\"“]")
_BEGINNING = 400  # characters in which a text that withdraws something says so


def _withdrawn_on(text: str) -> PartialDate | None:
    found = _STANDS_ALONE.search(text)
    return _day_or_none(found["day"]) if found else None


def _day_or_none(text: str) -> PartialDate | None:
    try:
        return _date_of(text)
    except Unreadable:
        return None


def _as_withdrawal(said: PrintedStatement, text: str) -> PrintedStatement | None:
    """The statement as a withdrawal, where its beginning says that its author withdrew an earlier one."""
    found = _WITHDREW.search(text[:_BEGINNING])
    if not found or said.withdrawn_on or not _NOTIFIED.search(text[: found.end()]):
        return None
    before = _SENTENCE.split(text[: found.start()])[-1]
    days = [day for each in _DAY.finditer(before) if (day := _day_or_none(each[0]))]
    date = said.date or (days[0] if len(days) == 1 else None)
    about = _QUOTED.split(found["rest"])[0]
    return replace(
        said, kind=StatementKind.WITHDRAWAL, concerns=StatementKind(found["kind"].casefold().rstrip("s")), date=date,
        occasion=Occasion.NOT_KNOWN, article="; ".join(provisions_named(about)),
        unclear="" if date and not _PARTLY.search(found["what"] + about) else reasons.NOT_PLAIN,
    )  # fmt: skip


def _withdrawal_in_note(entry: TextEntry, section: TextSection, note: str) -> PrintedStatement | None:
    text = clean_text(note)
    kept = without_contacts(text)
    plain = PrintedStatement(part=section.part, name=entry.name, kind=StatementKind.UNSPECIFIED, text=kept)
    return _as_withdrawal(plain, text)
