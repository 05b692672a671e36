"""The sections below the table of a status document, as they stand there: headings, participants, paragraphs, dates.

What the statements in them are is found by `printed_statements`, which territories are named by `printed_territories`.

The end notes of a status document, where they say plainly when a participant left.

The participants' table shows an act that no longer holds in brackets; since when it does not stands only in the note
that its row points to. Whatever is not plain is left to an editor.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.etree.ElementTree import Element

from tracker.law.dates import PartialDate
from tracker.sync.cell_text import Unreadable, clean_text, dates_in, day_of, marks_in, names_participants

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
    SPECIAL = "SpecialTables"
    LEAGUE = "LON"


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
_TEXTS = (
    SectionPart.DECLARATIONS, SectionPart.OBJECTIONS, SectionPart.UNDER_ARTICLE, SectionPart.NOTIFICATIONS,
)  # fmt: skip


def xml_sections(treaty: Element) -> Iterator[TextSection]:
    """The sections of an XML status file that have entries."""
    for part in _TEXTS:
        for section in treaty.iter(part.value):
            heading = " ".join(_line_of(title) for title in section.findall("Title"))
            entries = tuple(_xml_entry(each) for each in section if each.find("Participant") is not None)
            if entries:
                yield TextSection(part, heading, entries)


def xml_territories(treaty: Element) -> Iterator[TerritoryRow]:
    """The rows of its territorial applications; a row without a name is of the participant above it."""
    name = ""
    for row in treaty.iter("Application"):
        name = plain_name(row.findtext("Participant") or "") or name
        date, places = (clean_text(row.findtext(each) or "") for each in ("DateNotification", "Territories"))
        if date or places:
            yield TerritoryRow(name, date, places)


def _xml_entry(item: Element) -> TextEntry:
    printed = "".join(each for found in item.iter("Participant") for each in found.itertext())
    lines = (_xml_line(each) for each in item if each.tag.lower() == "text")
    return TextEntry(plain_name(printed), marks_in(printed), tuple(line for line in lines if line.text))


def _xml_line(item: Element) -> TextLine:
    sort = item.get("type", "")
    text = "".join(item.itertext())
    if sort in (LineKind.TITLE, LineKind.PARAGRAPH):
        return TextLine(LineKind(sort), clean_text(text))
    dated = any(mark in text.lower() for mark in _RIGHT) or any(char.isdigit() for char in text)
    return TextLine(LineKind.DATE if dated else LineKind.TITLE, clean_text(text))


_NEW_LINE = re.compile(r"<(?:br|/p)\b[^<>]*>|\n\s*\n", re.IGNORECASE)


def table_section(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> TextSection | None:
    """A table that lists no treaty actions as a section: an entry for each row, a line for each cell with its heading.

    A row without a name is of the participant above it. None for a table without anything in its rows.
    """
    who = next((place for place, heading in enumerate(headings) if names_participants(heading)), 0)
    heads = [clean_text(heading).strip(" :") for heading in headings]
    entries, name, marks = list[TextEntry](), "", tuple[str, ...]()
    for cells in rows:
        printed = cells[who] if who < len(cells) else ""
        if plain_name(printed):
            name, marks = plain_name(printed), marks_in(printed)
        lines = [
            line
            for place, cell in enumerate(cells)
            if place != who
            for line in _cell_lines(heads[place] if place < len(heads) else "", cell)
        ]
        if lines:
            entries.append(TextEntry(name, marks, (TextLine(LineKind.TITLE, clean_text(title)), *lines)))
    return TextSection(SectionPart.SPECIAL, clean_text(title), tuple(entries)) if entries else None


def _cell_lines(heading: str, cell: str) -> Iterator[TextLine]:
    text = clean_text(cell)
    if heading.casefold().startswith("date") and text:
        yield TextLine(LineKind.DATE, text)
        yield TextLine(LineKind.PARAGRAPH, f"{heading}: {text}")
        return
    for each in filter(None, map(clean_text, _NEW_LINE.split(html.unescape(cell)))):
        yield TextLine(LineKind.PARAGRAPH, f"{heading}: {each}" if heading else each)


# -- the lists of the League of Nations ------------------------------------------------------------

LEAGUE_HEADINGS = ("Participant", "Ratification, Accession(a)")


@dataclass(frozen=True, slots=True)
class LeagueLists:
    """What a file repeats of the League of Nations' lists: the consents with their dates, as rows of a table; what else
    stands under a State, which nobody has divided into parts; and how many stand there without a date.
    """

    consents: tuple[tuple[str, str], ...] = ()
    section: TextSection | None = None
    undated: int = 0


def league_lists(treaty: Element) -> LeagueLists:
    """The lists of the League of Nations in an XML status file.

    The date that follows a State is its ratification, or its accession where an `a` follows; a date after a territory
    is left with the territory, for the list has States among those by mistake.
    """
    entries: list[TextEntry] = []
    consents: list[tuple[str, str]] = []
    undated = 0
    for item in (each for lists in treaty.iter("LON") for table in lists for each in table):
        for name, lines in _under_states(item):
            date = next((place for place, (tag, _) in enumerate(lines) if tag != "Para"), None)
            if date is not None and lines[date][0] == "Ratification.date" and _is_date(lines[date][1]):
                consents.append((name, lines.pop(date)[1]))
            elif not lines:
                undated += 1
            if lines:
                texts = (TextLine(LineKind.PARAGRAPH, text) for _, text in lines)
                entries.append(TextEntry(plain_name(name), marks_in(name), tuple(texts)))
    section = TextSection(SectionPart.LEAGUE, "League of Nations", tuple(entries)) if entries else None
    return LeagueLists(tuple(consents), section, undated)


def _under_states(item: Element) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each State in one of the lists, as printed, with what follows it up to the next: (element, text)."""
    name, lines = "", list[tuple[str, str]]()
    for each in item:
        printed = "".join(each.itertext()).strip()
        if each.tag != "State.no.link":
            text = clean_text(printed)
            lines += [(each.tag, text.strip(" ()") if each.tag == "Ratification.date" else text)] if text else []
        elif printed:
            if name:
                yield name, lines
            name, lines = printed, []
    if name:
        yield name, lines


def _is_date(text: str) -> bool:
    try:
        return len(dates_in(text)) == 1
    except Unreadable:
        return False


def _line_of(item: Element) -> str:
    return clean_text("".join(item.itertext()))


def plain_name(printed: str) -> str:
    """A participant's name without brackets and the marks of notes."""
    return clean_text(printed).strip("[] ").rstrip("0123456789 ,;*")
