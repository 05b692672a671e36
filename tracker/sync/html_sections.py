"""The sections below the table of an HTML status page, in the form of `text_sections`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from tracker.sync.cell_text import clean_text, marks_in
from tracker.sync.text_sections import LineKind, SectionPart, TerritoryRow, TextEntry, TextLine, TextSection

_PARTS = (
    (re.compile(r"objections?\b", re.IGNORECASE), SectionPart.OBJECTIONS),
    (re.compile(r"notifications?\b", re.IGNORECASE), SectionPart.NOTIFICATIONS),
    (re.compile(r"declarations?\b.*\b(?:under|recogni[sz]ing)\b", re.IGNORECASE), SectionPart.UNDER_ARTICLE),
    (re.compile(r"(?:declarations?|reservations?|understandings?)\b", re.IGNORECASE), SectionPart.DECLARATIONS),
)
_TERRITORIAL = re.compile(r"territorial applications?", re.IGNORECASE)
_HEADING, _ENTRY, _BODY = "heading-four", "structTableHead", "divNotificationText"


def html_sections(root: html.HtmlElement) -> Iterator[TextSection]:
    """The sections of a page, each under its heading."""
    for heading, elements in _under_headings(root):
        part = next((part for words, part in _PARTS if words.match(heading)), None)
        entries = tuple(_entries(elements)) if part else ()
        if part and entries:
            yield TextSection(part, heading, entries)


def html_territories(root: html.HtmlElement) -> Iterator[TerritoryRow]:
    """The rows of its table of territorial applications; a row without a name is of the participant above it."""
    for heading, elements in _under_headings(root):
        if not _TERRITORIAL.match(heading):
            continue
        name = ""
        for row in (each for element in elements for each in element.iter("tr")):
            cells = [_text(cell) for cell in row.iterchildren("td")]
            if len(cells) == 3 and cells[0].casefold() != "participant" and (cells[1] or cells[2]):
                name = _named(cells[0]) or name
                yield TerritoryRow(name, cells[1], cells[2])


def _under_headings(root: html.HtmlElement) -> Iterator[tuple[str, list[html.HtmlElement]]]:
    """Each heading of a section with the elements between it and the next."""
    for head in root.iter("div"):
        if _HEADING not in head.get("class", "").split():
            continue
        after: list[html.HtmlElement] = []
        for each in head.itersiblings():
            if _HEADING in (each.get("class") or "").split():
                break
            after.append(each)
        yield _text(head), after


def _entries(elements: list[html.HtmlElement]) -> Iterator[TextEntry]:
    for head in (each for element in elements for each in element.iter("div")):
        if _ENTRY not in head.get("class", "").split():
            continue
        printed = "".join(map(str, head.itertext()))
        bodies = [each for each in head.itersiblings("div") if _BODY in each.get("class", "").split()]
        lines = (_line(each) for body in bodies[:1] for each in body.iter("p", "h5", "h6"))
        yield TextEntry(_named(printed), marks_in(printed), tuple(line for line in lines if line and line.text))


def _line(element: html.HtmlElement) -> TextLine | None:
    if "invisible" in element.get("class", "").split():
        return None
    text = _text(element)
    if element.get("align", "").lower() == "right":
        return TextLine(LineKind.DATE, text)
    emphasized = "".join("".join(map(str, each.itertext())) for each in element.iter("i", "b", "em", "strong"))
    titled = element.tag != "p" or (len(text) < 200 and text.endswith(":") and clean_text(emphasized) == text)
    return TextLine(LineKind.TITLE if titled else LineKind.PARAGRAPH, text)


def _text(element: html.HtmlElement) -> str:
    return clean_text("".join(map(str, element.itertext())))


def _named(printed: str) -> str:
    return clean_text(printed).strip("[] ").rstrip("0123456789 ,;*")
