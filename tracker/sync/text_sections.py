"""The sections below the table of a status document, as they stand there: headings, participants, paragraphs, dates.

What the statements in them are is found by `printed_statements`, which territories are named by `printed_territories`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from xml.etree.ElementTree import Element

from tracker.sync.cell_text import clean_text, marks_in


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
