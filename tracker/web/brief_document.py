"""A brief as a file: the same headings, paragraphs and tables as a PDF and as a Word document, at most so many pages.

What a brief says is decided where it is made; here it is laid out. The letters are in `fonts`, whatever a computer has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Page
from docx.shared import Cm, Pt
from flask import Response
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from tracker.web.word_document import MIMETYPE as WORD
from tracker.web.word_document import fill_table, printable

PDF = "application/pdf"
_FONTS = Path(__file__).with_name("fonts")
_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5)  # points, tried one after the other until the brief has room
# What is left of the pages in the smallest letters, at least: every line lower by the size, and two lines one at most.
_LEAST_SHARE = _SIZES[-1] / _SIZES[0] / 2
_MARGIN = 14  # millimetres
_GREY, _LINE, _HEAD = (90, 90, 90), (190, 190, 190), FontFace(emphasis="BOLD", fill_color=(236, 240, 245))


@dataclass(frozen=True, slots=True)
class BriefTable:
    """A table: heads, lines, and how wide its columns are beside each other."""

    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    widths: Sequence[int]


@dataclass(frozen=True, slots=True)
class BriefSection:
    """A heading with paragraphs, below them a table if it has one, and what its reader should know after that."""

    heading: str
    paragraphs: Sequence[str] = ()
    table: BriefTable | None = None
    after: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief says, in the language of its reader, and how many pages it may have."""

    title: str
    lead: Sequence[str]
    sections: Sequence[BriefSection]
    footer: str
    pages: int
    language: str = field(default="en")


def as_pdf(name: str, day: date, brief: Brief) -> Response:
    """The brief as a PDF to save, named for the date that it speaks for."""
    content, pages = _in_letters_of(brief, day, _SIZES[0])
    for size in _SIZES[1:] if pages * _LEAST_SHARE <= brief.pages else _SIZES[-1:]:
        if pages <= brief.pages:
            break
        content, pages = _in_letters_of(brief, day, size)
    return _file(content, PDF, f"{name}-{day}.pdf")


def as_word(name: str, day: date, brief: Brief) -> Response:
    """The brief as a Word document to save, named for the date that it speaks for."""
    document = Document()
    document.core_properties.title = brief.title
    document.core_properties.language = brief.language
    document.core_properties.created = datetime(day.year, day.month, day.day, tzinfo=UTC)
    _lay_out(document)
    document.add_heading(printable(brief.title), level=1)
    for text in brief.lead:
        document.add_paragraph(printable(text))
    for section in brief.sections:
        document.add_heading(printable(section.heading), level=2)
        for text in section.paragraphs:
            document.add_paragraph(printable(text))
        if section.table:
            fill_table(document, section.table.heads, section.table.lines)
        for text in section.after:
            document.add_paragraph(printable(text))
    document.sections[0].footer.paragraphs[0].text = printable(brief.footer)
    made = BytesIO()
    document.save(made)
    return _file(made.getvalue(), WORD, f"{name}-{day}.docx")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)


def _lay_out(document: Page) -> None:
    """Narrow margins and small letters, as a brief of two pages needs them."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN / 10)
    style = document.styles["Normal"]
    style.font.size = Pt(8)
    style.paragraph_format.space_after = Pt(2)
    for level, size in (("Heading 1", 15), ("Heading 2", 10.5)):
        document.styles[level].font.size = Pt(size)
        document.styles[level].paragraph_format.space_before = Pt(6)


class _Sheet(FPDF):
    """A4 pages with the footer of a brief and the number of each page."""

    def __init__(self, footer: str) -> None:
        super().__init__(format="A4", unit="mm")
        self._footer_text = footer
        self.add_font("DejaVu", "", _FONTS / "DejaVuSansCondensed.ttf")
        self.add_font("DejaVu", "B", _FONTS / "DejaVuSansCondensed-Bold.ttf")
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 2)

    def footer(self) -> None:
        """What stands at the foot of every page."""
        self.set_y(-_MARGIN)
        self.set_font("DejaVu", "", 6.5)
        self.set_text_color(*_GREY)
        self.cell(w=self.epw - 12, h=4, text=self._footer_text)
        self.cell(w=12, h=4, text=str(self.page_no()), align="R")
        self.set_text_color(0)


def _in_letters_of(brief: Brief, day: date, size: float) -> tuple[bytes, int]:
    """The brief as a PDF in letters of so many points, and how many pages it has."""
    sheet = _Sheet(brief.footer)
    sheet.set_lang(brief.language)
    sheet.set_title(brief.title)
    sheet.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=UTC))
    sheet.add_page()
    sheet.set_draw_color(*_LINE)
    _paragraph(sheet, brief.title, size + 7, bold=True)
    for text in brief.lead:
        _paragraph(sheet, text, size + 0.5)
    for section in brief.sections:
        sheet.ln(size * 0.2)
        if sheet.will_page_break(size * 2.2):
            sheet.add_page()
        _paragraph(sheet, section.heading, size + 2, bold=True)
        for text in section.paragraphs:
            _paragraph(sheet, text, size)
        if section.table:
            _table(sheet, section.table, size)
        for text in section.after:
            _paragraph(sheet, text, size - 0.5)
    return bytes(sheet.output()), sheet.page_no()


def _paragraph(sheet: FPDF, text: str, size: float, *, bold: bool = False) -> None:
    sheet.set_font("DejaVu", "B" if bold else "", size)
    sheet.multi_cell(w=0, h=size * 0.46, text=printable(text), align="L", new_x="LMARGIN", new_y="NEXT")
    sheet.ln(size * 0.08)


def _table(sheet: FPDF, content: BriefTable, size: float) -> None:
    sheet.set_font("DejaVu", "", size - 0.5)
    with sheet.table(
        col_widths=tuple(content.widths),
        line_height=size * 0.43,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=_HEAD,
        text_align="LEFT",
        padding=(0.5, 1),
    ) as table:
        for line in (content.heads, *content.lines):
            row = table.row()
            for text in line:
                row.cell(printable(text))
