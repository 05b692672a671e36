"""The sections below the table of a status document, as they stand there: headings, participants, paragraphs, dates.

What the statements in them are is found by `printed_statements`, which territories are named by `printed_territories`.

The end notes of a status document, where they say plainly when a participant left.

The participants' table shows an act that no longer holds in brackets; since when it does not stands only in the note
that its row points to. Whatever is not plain is left to an editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from xml.etree.ElementTree import Element

from tracker.law.dates import PartialDate
from tracker.sync.cell_text import Unreadable, clean_text, day_of, marks_in

MAX_NOTICE_YEARS = 10  # years from a notice of withdrawal to its effect; treaties ask for half a year to five
MAX_NOTE_LENGTH = 2_000  # characters; a longer note is a story with more than one act in it

_LEAVING = re.compile(r"\b(?:denunciation|denounced?|withdrawal|withdrew|withdrawn?)\b", re.IGNORECASE)
# A withdrawal of something else, of a part, or one that did not last.
_NOT_PLAIN = re.compile(
    r"\b(?:reservations?|declarations?|objections?|territor\w+|in respect of|only|cancel\w*|revo[ck]\w*|annul\w*"
    r"|extend\w*|again)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(?P<before>\w+)\s+(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]{2,8})\s+(?P<year>\d{4})\b", re.ASCII)
_EFFECT = re.compile(r"\b(?:effects?|effective)\s+(?:as\s+)?(?:on|from|of)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Departure:
    """When a withdrawal was notified, and when it takes effect if the note says so."""

    notified_on: PartialDate
    effective_on: PartialDate | None


def departure_in(note: str) -> Departure | None:
    """The departure that the note tells of, if it tells of one and nothing else.

    Its text must speak of a denunciation or withdrawal as a whole, with one day of its notification and
    at most one of its effect; days of other documents ("the Protocol of 12 November 1947") say neither.
    """
    text = clean_text(note)
    if len(text) > MAX_NOTE_LENGTH or not _LEAVING.search(text) or _NOT_PLAIN.search(text):
        return None
    notified: set[PartialDate] = set()
    effective: set[PartialDate] = set()
    for found in _DAY.finditer(text):
        try:
            day = day_of(found.groupdict())
        except Unreadable:
            return None
        if _EFFECT.search(text[: found.start("day")]):
            effective.add(day)
        elif found["before"].casefold() in ("on", "from"):
            notified.add(day)
    if len(notified) != 1 or len(effective) > 1:
        return None
    (given,) = notified
    takes_effect = next(iter(effective), None)
    years = takes_effect.first.year - given.first.year if takes_effect else 0
    in_order = takes_effect is None or given.first <= takes_effect.first
    return Departure(given, takes_effect) if in_order and years <= MAX_NOTICE_YEARS else None


class SectionPart(StrEnum):
    """A section of text, by the name of its element in the XML status file."""

    DECLARATIONS = "Declarations"
    OBJECTIONS = "Objections"
    UNDER_ARTICLE = "DeclarationsUnderArticle"
    NOTIFICATIONS = "Notifications"


class LineKind(StrEnum):
    """What a line of an entry is."""

    TITLE = "title"
    PARAGRAPH = "para"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A heading, a paragraph or a date within an entry, without markup."""

    kind: LineKind
    text: str


@dataclass(frozen=True, slots=True)
class TextEntry:
    """All that stands under one participant: the name as printed, the numbers of its footnotes, and the lines."""

    name: str
    marks: tuple[str, ...]
    lines: tuple[TextLine, ...]

    @property
    def text(self) -> str:
        """Everything in it, a line each."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class TextSection:
    """A section with its heading, which may say when statements without a date were made, and its entries."""

    part: SectionPart
    heading: str
    entries: tuple[TextEntry, ...]


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """A row of the table of territorial applications: who notified, on which date, for which territories."""

    name: str
    date: str
    territories: str


_RIGHT = ("<right>", "&lt;right&gt;")


def xml_sections(treaty: Element) -> Iterator[TextSection]:
    """The sections of an XML status file that have entries."""
    for part in SectionPart:
        for section in treaty.iter(part.value):
            heading = " ".join(_line_of(title) for title in section.findall("Title"))
            entries = tuple(_xml_entry(each) for each in section if each.find("Participant") is not None)
            if entries:
                yield TextSection(part, heading, entries)


def xml_territories(treaty: Element) -> Iterator[TerritoryRow]:
    """The rows of its territorial applications; a row without a name is of the participant above it."""
    name = ""
    for row in treaty.iter("Application"):
        name = _named(row.findtext("Participant") or "") or name
        date, places = (clean_text(row.findtext(each) or "") for each in ("DateNotification", "Territories"))
        if date or places:
            yield TerritoryRow(name, date, places)


def _xml_entry(item: Element) -> TextEntry:
    printed = "".join(each for found in item.iter("Participant") for each in found.itertext())
    lines = (_xml_line(each) for each in item if each.tag.lower() == "text")
    return TextEntry(_named(printed), marks_in(printed), tuple(line for line in lines if line.text))


def _xml_line(item: Element) -> TextLine:
    sort = item.get("type", "")
    text = "".join(item.itertext())
    if sort in (LineKind.TITLE, LineKind.PARAGRAPH):
        return TextLine(LineKind(sort), clean_text(text))
    dated = any(mark in text.lower() for mark in _RIGHT) or any(char.isdigit() for char in text)
    return TextLine(LineKind.DATE if dated else LineKind.TITLE, clean_text(text))


def _line_of(item: Element) -> str:
    return clean_text("".join(item.itertext()))


def _named(printed: str) -> str:
    return clean_text(printed).strip("[] ").rstrip("0123456789 ,;*")
