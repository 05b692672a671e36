"""The HTML status page taken apart: the second way to the same content, for want of an XML file.

The sections below the table of an HTML status page, in the form of `text_sections`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from lxml import etree, html

from tracker.errors import Refused
from tracker.sync.cell_text import clean_text, marks_in
from tracker.sync.status_table import MAX_COLUMNS, MAX_ROWS, StatusPage, TextTable, names_acts, text_table
from tracker.sync.text_sections import (
    LineKind,
    SectionPart,
    TerritoryRow,
    TextEntry,
    TextLine,
    TextSection,
    plain_name,
    table_section,
)

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


def html_special_tables(root: html.HtmlElement) -> Iterator[tuple[str, TextTable]]:
    """The tables of the block for special tables, with their titles: caption, first row of one cell, or heading above.

    What a real block holds was not seen; its name is known from the pages' own script. A line of a cell stays a line.
    """
    for block in _special_blocks(root):
        title = ""
        for each in block.iter("div", "table"):
            if each.tag == "div" and _HEADING in each.get("class", "").split():
                title = _text(each)
            elif each.tag == "table":
                rows = [_lines_of_cells(row) for row in each.iter("tr") if next(row.iterancestors("table")) is each]
                caption = each.find("caption")
                if caption is not None:
                    title = _text(caption)
                elif rows and len(rows[0]) == 1 and len(rows) > 1 and len(rows[1]) > 1:
                    title = clean_text(rows.pop(0)[0])
                grid = text_table(rows)
                yield title, grid if grid.headings or not rows else TextTable(rows[0], rows[1:])


def _special_blocks(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    found = [each for each in root.iter("div", "td", "table") if each.get("id", "").lower().endswith("specialtbl")]
    yield from (each for each in found if not any(one in found for one in each.iterancestors()))


def _lines_of_cells(row: html.HtmlElement) -> list[str]:
    cells = list(row.iterchildren("td", "th"))[:MAX_COLUMNS]
    return ["".join(_with_line_ends(cell)) for cell in cells]


def _with_line_ends(cell: html.HtmlElement) -> Iterator[str]:
    """The text of a cell, with an empty line where the page begins a new one."""
    yield cell.text or ""
    for each in cell:
        if each.tag in ("br", "p", "div", "li"):
            yield "\n\n"
        yield from _with_line_ends(each)
        yield each.tail or ""


def html_territories(root: html.HtmlElement) -> Iterator[TerritoryRow]:
    """The rows of its table of territorial applications; a row without a name is of the participant above it."""
    for heading, elements in _under_headings(root):
        if not _TERRITORIAL.match(heading):
            continue
        name = ""
        for row in (each for element in elements for each in element.iter("tr")):
            cells = [_text(cell) for cell in row.iterchildren("td")]
            if len(cells) == 3 and cells[0].casefold() != "participant" and (cells[1] or cells[2]):
                name = plain_name(cells[0]) or name
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
        yield TextEntry(plain_name(printed), marks_in(printed), tuple(line for line in lines if line and line.text))


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


_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), " ")
_WESTERN = (b"iso-8859-1", b"windows-1252", b"latin-1", b"us-ascii")
_CHAPTER = re.compile(r"CHAPTER\s+([IVX]+)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d{1,3})\s*\.?\s*(?:\(?([a-z]|\d{1,2}[a-z]?)[.)]*\s+)?(?=[^a-z\s])(.*)", re.ASCII | re.DOTALL)
_ADDRESS = re.compile(r"[?&;]mtdsg_no=([A-Za-z0-9-]{1,20})", re.IGNORECASE)
_AS_AT = re.compile(r"STATUS AS AT\s*:?\s*(\d{1,2})-(\d{1,2})-(\d{4})\b", re.IGNORECASE | re.ASCII)
_NOTE = re.compile(r"\s*(\d{1,3})\s*\.?\s+(?=\S)", re.ASCII)
_SIGNATORIES = re.compile(r"Signatories\s*:\s*(\d{1,4})\b")
_PARTIES = re.compile(r"Parties\s*:\s*(\d{1,4})\b")


def page_of(document: bytes) -> StatusPage:
    """The page taken apart. Refused if it is cut off, out of bounds, or no page at all."""
    if b"</html" not in document[-10_000:].lower():
        raise Refused("The page is cut off: its end is missing.")
    root = _tree(document)
    special = list(html_special_tables(root))
    listed = [table_section(heading, grid.headings, grid.rows) for heading, grid in special if not names_acts(grid)]
    title = _by_id(root, "rptTreaty_ctl00_tcTreaty")
    numbered = _NUMBERED.fullmatch(title)
    text = clean_text(" ".join(map(str, root.itertext())))
    status = _by_id(root, "rptStatus_ctl00_tcText") or text
    return StatusPage(
        title=numbered[3] if numbered else title,
        printed_as=_printed_as(_by_id(root, "rptHead_ctl00_tcText"), numbered),
        addressed_as=_addressed_as(root),
        as_at=_as_at(text),
        signatories=_only(_SIGNATORIES, status),
        parties=_only(_PARTIES, status),
        entry_into_force=_by_id(root, "rptEIF_ctl00_tcText"),
        grids=list(_grids(root, [grid for _, grid in special if names_acts(grid)])),
        notes=dict(_notes(root)),
        sections=(*html_sections(root), *(section for section in listed if section)),
        territories=tuple(html_territories(root)),
    )


def _tree(document: bytes) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    text = _BREAK.sub(" <br", _decode(document).translate(_CONTROLS))
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
        for element in list(root.iter("script", "style")):
            if element.getparent() is not None:
                element.drop_tree()
        for mark in list(root.iter("sup", "superscript")):  # as the XML file writes them, for one reader
            if mark.getparent() is not None:
                mark.text, mark[:] = f"<superscript>{mark.text_content()}</superscript>", []
    except (etree.LxmlError, ValueError) as trouble:  # lxml says ValueError of characters that no text may have
        raise Refused(f"The page cannot be read ({trouble}).") from trouble
    return root


def _decode(document: bytes) -> str:
    """The text, as UTF-8 unless the page declares, or its bytes betray, that Windows wrote it."""
    declared = _CHARSET.search(document[:4096])
    western = declared is not None and declared[1].lower() in _WESTERN
    for encoding in ("cp1252",) if western else ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return document.decode(encoding)
    return document.decode("iso-8859-1")


def _as_at(text: str) -> date | None:
    """The day whose status the page gives, which it writes day first; None where it gives none."""
    if not (found := _AS_AT.search(text)):
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError as trouble:
        raise Refused(
            f"The page gives the status as at {found[1]}-{found[2]}-{found[3]}, which is no day."
        ) from trouble


def _notes(root: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """The end notes by their numbers, which begin them."""
    for element in root.iter("div"):
        if element.get("id", "").endswith("divNotesAll"):
            text = clean_text(" ".join(map(str, element.itertext())))
            if number := _NOTE.match(text):
                yield number[1], text[number.end() :]


def _by_id(root: html.HtmlElement, end: str) -> str:
    for element in root.iter(etree.Element):
        if element.get("id", "").endswith(end):
            return clean_text(" ".join(map(str, element.itertext())))
    return ""


def _printed_as(head: str, numbered: re.Match[str] | None) -> tuple[str, str, str] | None:
    chapter = _CHAPTER.search(head)
    if not numbered:
        return None
    return chapter[1] if chapter else "", numbered[1], numbered[2] or ""


def _addressed_as(root: html.HtmlElement) -> str | None:
    for form in root.iter("form"):
        if found := _ADDRESS.search(form.get("action", "")):
            return found[1]
    return None


def _only(pattern: re.Pattern[str], text: str) -> str:
    """The number after the words, where the page has but one such number."""
    numbers = set(pattern.findall(text))
    return numbers.pop() if len(numbers) == 1 else ""


def _grids(root: html.HtmlElement, special: list[TextTable]) -> Iterator[TextTable]:
    """The tables: those with the participants' id and the special ones of actions, if there are any; else every table
    with a heading that is no special one.
    """
    tables = _tables(root)
    known = [rows for table, rows in tables.items() if table.get("id", "").lower().endswith("tblgrid")]
    if known or special:
        yield from (text_table(rows) for rows in known)
        yield from special
        return
    blocks = list(_special_blocks(root))
    for table, rows in tables.items():
        if table in blocks or any(each in blocks for each in table.iterancestors()):
            continue
        if (grid := text_table(rows)).headings:
            yield grid


def _tables(root: html.HtmlElement) -> dict[html.HtmlElement, list[list[str]]]:
    """Each table's rows; a row belongs to the innermost table around it."""
    tables: dict[html.HtmlElement, list[list[str]]] = defaultdict(list)
    for count, row in enumerate(root.iter("tr")):
        if count > MAX_ROWS:
            raise Refused(f"The page has more than {MAX_ROWS} rows, more than any status page.")
        if (table := next(row.iterancestors("table"), None)) is not None:
            tables[table].append(_cells(row))
    return tables


def _cells(row: html.HtmlElement) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        span = cell.get("colspan", "1").strip()
        cells += ["".join(map(str, cell.itertext()))]
        cells += [""] * (min(int(span), MAX_COLUMNS) - 1 if span.isascii() and span.isdigit() and len(span) < 4 else 0)
    return cells[: MAX_COLUMNS + 1]
