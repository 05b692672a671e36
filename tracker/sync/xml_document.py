"""The XML status document taken apart, by a parser that a hostile document cannot exploit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from tracker.errors import Refused
from tracker.sync.cell_text import clean_text
from tracker.sync.status_table import MAX_COLUMNS, MAX_ROWS, StatusPage, TextTable, names_acts, text_table
from tracker.sync.text_sections import LEAGUE_HEADINGS, league_lists, table_section, xml_sections, xml_territories

MAX_DEPTH = 50
MAX_ELEMENTS = 500_000

_MARKS = ("superscript", "sup")
_CHAPTER = re.compile(r"CHAPTER\s+([IVX]+)", re.IGNORECASE)


def page_of(document: bytes) -> StatusPage:
    """The document taken apart. Refused if it is not well-formed, not a status file, or out of bounds."""
    root = _tree(document)
    if root.tag != "Document" or (treaty := root.find("Treaty")) is None:
        raise Refused(f"The document is no status file: it is a <{root.tag}> without a <Treaty>.")
    header = _first(treaty, "ExternalData")
    special, league = list(_special_tables(treaty)), league_lists(treaty)
    listed = [table_section(title, grid.headings, grid.rows) for title, grid in special if not names_acts(grid)]
    return StatusPage(
        title=_text(header, "Subtitlesect") or _text(header, "Titlesect"),
        printed_as=_printed_as(treaty, header),
        signatories=_text(_first(header, "Status"), "Signatories"),
        parties=_text(_first(header, "Status"), "Parties"),
        entry_into_force=_text(_first(header, "EIF"), "Labeltext"),
        grids=[
            *_grids(treaty), *(grid for _, grid in special if names_acts(grid)),
            *([TextTable(LEAGUE_HEADINGS, league.consents)] if league.consents else []),
        ],
        notes=dict(_notes(treaty)),
        sections=tuple(filter(None, (*xml_sections(treaty), *listed, league.section))),
        territories=tuple(xml_territories(treaty)),
        left_out=(("names in the League of Nations' list of signatures", league.undated),) if league.undated else (),
    )  # fmt: skip


def _tree(document: bytes) -> Element:
    builder = TreeBuilder()
    depth = elements = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            raise Refused("The document is nested deeper, or has more elements, than any status file.")
        builder.start(tag.rpartition(":")[2], {"type": attributes["type"]} if "type" in attributes else {})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_doctype
    try:
        parser.Parse(document, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError) as trouble:
        raise Refused(f"The document is not well-formed XML, or is cut off ({trouble}).") from trouble


def _refuse_doctype(*_: object) -> NoReturn:
    raise Refused("The document declares a document type or entities, which no status file does.")


def _printed_as(treaty: Element, header: Element | None) -> tuple[str, str, str] | None:
    chapter = _CHAPTER.search(_text(_first(treaty, "Chapter"), "Header"))
    number = _text(header, "Numsect").rstrip(". ")
    if not chapter or not number:
        return None
    section = _text(_first(treaty, "SubChapter"), "Header").rstrip(". ")
    return "-".join(filter(None, (chapter[1], section))), number, _text(header, "Subnumsect")


def _notes(treaty: Element) -> Iterator[tuple[str, str]]:
    """The end notes by their numbers, each as its paragraphs."""
    for note in treaty.iter("Note"):
        if number := _text(note, "index"):
            yield number, " ".join(_words(text) for text in note.iter("text"))


def _grids(treaty: Element) -> Iterator[TextTable]:
    for participants in treaty.iter("Participants"):
        for group in list(participants.iter("TGroup")) or list(participants.iter("Table")):
            body = _first(group, "Tbody")
            rows = [_cells(row, "Entry") for row in _limited_elements(group if body is None else body)]
            head = [_cells(row, "Entry") for part in group.iter("Thead") for row in part.iter("Row")]
            yield _with_heading(head, rows)


def _special_tables(treaty: Element) -> Iterator[tuple[str, TextTable]]:
    """The special tables with their titles."""
    for special in treaty.iter("SpecialTables"):
        for table in list(special.iter("Table")) or [special]:
            title = " ".join(_words(each) for each in table.findall("Title"))
            head = [[_words(title) for title in part.iter("Title")] for part in table.iter("TableHeader")]
            yield title, _with_heading(head, [_cells(row, "Column") for row in _limited_elements(table)])


def _with_heading(head: list[list[str]], rows: list[list[str]]) -> TextTable:
    if len(head) > 1 and all(len(row) == 1 for row in head):  # one heading a row
        head = [[cell for row in head for cell in row]]
    heading = text_table(head).headings
    return TextTable(heading, rows) if heading else text_table(rows)


def _limited_elements(part: Element) -> list[Element]:
    rows = list(part.iter("Row"))
    if len(rows) > MAX_ROWS:
        raise Refused(f"The document has more than {MAX_ROWS} rows, more than any status file.")
    return rows


def _cells(row: Element, name: str) -> list[str]:
    cells = [_words(cell) for cell in row.iter(name)]
    if len(cells) > MAX_COLUMNS:
        raise Refused(f"The document has a row of more than {MAX_COLUMNS} cells, more than any status file.")
    return cells


def _words(element: Element) -> str:
    """The text in an element and below it, without footnote marks that are elements of their own."""
    parts = [element.text or ""]
    for child in element:
        if child.tag.lower() not in _MARKS:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _first(element: Element | None, name: str) -> Element | None:
    return None if element is None else next(element.iter(name), None)


def _text(element: Element | None, name: str) -> str:
    found = _first(element, name)
    return "" if found is None else clean_text(_words(found))
