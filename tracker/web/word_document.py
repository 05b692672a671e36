"""An answer's table as a Word document (Office Open XML, ISO/IEC 29500): a title, a line that says what it is, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Page
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table
from flask import Response

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARGIN, TEXT_SIZE = Cm(1.8), Pt(9)


@dataclass(frozen=True, slots=True)
class WordTable:
    """What a document says: a title, paragraphs above the table, and the table with its heads."""

    title: str
    paragraphs: Sequence[str]
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]


def as_docx(name: str, day: date, content: WordTable, language: str) -> Response:
    """The table as a document to save, named for the date that it speaks for; `language` is its language's code."""
    made = BytesIO()
    document = Document()
    document.core_properties.title = content.title
    document.core_properties.language = language
    document.core_properties.created = datetime(day.year, day.month, day.day, tzinfo=UTC)
    _lay_out(document)
    document.add_heading(printable(content.title), level=1)
    for text in content.paragraphs:
        document.add_paragraph(printable(text))
    fill_table(document, content.heads, content.lines)
    document.save(made)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day}.docx"'}
    return Response(made.getvalue(), mimetype=MIMETYPE, headers=headers)


def _lay_out(document: Page) -> None:
    """A page on its side, since the tables are wide."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    document.styles["Normal"].font.size = TEXT_SIZE


def fill_table(document: Page, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Add a table to a document, its heads on every page."""
    table = document.add_table(rows=1 + len(lines), cols=len(heads), style="Light Grid Accent 1")
    for row, line in zip(table.rows, (heads, *lines), strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = printable(text)
    _repeat_heads(table)


def _repeat_heads(table: Table) -> None:
    """The first row is printed again on every page."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # type: ignore[arg-type]


def printable(text: str) -> str:
    """The text without what XML cannot hold, as a document may show it."""
    return "".join(each for each in text if each >= " " or each in "\n\t")
