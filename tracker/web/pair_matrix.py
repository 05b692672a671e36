"""Matrices of parties by parties: the lines of a page's picture, and the picture as a file, SVG or PNG.

A file stands for itself: title, names of rows and columns, key, date and source. The letters of the PNG are in `fonts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from flask import render_template
from PIL import Image, ImageDraw, ImageFont

from tracker.schemas.values import Named

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "open": "#2f7d5b", "in-force": "#2f7d5b", "excluded": "#b4541a", "modified": "#d9a514", "no-state": "#5a6f94",
        "provisional": "#5a6f94", "not-known": "#9a86b8", "none": "#c9c9c6", "self": "#c9c9c6",
        "not-in-force": "#c9c9c6",
    }
)  # fmt: skip
INK, SOFT, PAPER = "#12161c", "#4a5462", "#ffffff"
CELL, MARGIN, NAMES = 10, 24, 190  # pixels: a cell, the edge, the room for names beside and above
HEAD, KEY_LINE, FOOT = 64, 22, 34  # pixels: title, a line of the key, the source
LEAST_WIDTH, LONGEST_NAME = 720, 34
_FONTS = Path(__file__).with_name("fonts")


@dataclass(frozen=True, slots=True)
class MatrixImageLine:
    """A row of a matrix as it is drawn: runs of neighbours that are alike, as (mark, first place, length)."""

    participant: str
    name: str
    runs: Sequence[tuple[str, int, int]]


def matrix_image(parties: Sequence[Named], marks: Sequence[Sequence[str]]) -> list[MatrixImageLine]:
    """The lines of a square matrix of marks; those that differ most from the commonest come last, so runs are few."""
    common = Counter(mark for line in marks for mark in line).most_common(1)
    most = common[0][0] if common else ""
    order = sorted(range(len(parties)), key=lambda place: sum(mark != most for mark in marks[place]))
    return [
        MatrixImageLine(
            parties[place].participant, parties[place].name, _runs([marks[place][other] for other in order])
        )
        for place in order
    ]


def _runs(line: Sequence[str]) -> list[tuple[str, int, int]]:
    runs: list[tuple[str, int, int]] = []
    for place, mark in enumerate(line):
        if runs and runs[-1][0] == mark:
            runs[-1] = (mark, runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((mark, place, 1))
    return runs


@dataclass(frozen=True, slots=True)
class MatrixPicture:
    """A matrix as a picture of its own: title, subtitle, lines with their names, the key in words, the source line."""

    title: str
    subtitle: str
    lines: Sequence[MatrixImageLine]
    names: Sequence[str]
    key: Mapping[str, str]
    source: str

    @property
    def left(self) -> int:
        """Where the cells begin."""
        return MARGIN + NAMES

    @property
    def top(self) -> int:
        """Where the cells begin, from above: below title, key and the names of the columns."""
        return HEAD + KEY_LINE * len(self.key) + NAMES

    @property
    def width(self) -> int:
        """The whole picture's, in pixels."""
        words = max(_font(20, bold=True).getlength(self.title), _font(12).getlength(self.source))
        return max(LEAST_WIDTH, self.left + CELL * len(self.lines) + MARGIN, int(words) + 2 * MARGIN)

    @property
    def height(self) -> int:
        """The whole picture's, in pixels."""
        return self.top + CELL * len(self.lines) + FOOT


def shortened(name: str) -> str:
    """A name that has room beside a row; what is cut is marked."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def matrix_svg(picture: MatrixPicture) -> str:
    """The picture as an SVG document, in which every row and column can be read at any size."""
    return render_template(
        "pair_matrix.svg", picture=picture, colours=COLOURS, cell=CELL, margin=MARGIN, head=HEAD, key_line=KEY_LINE,
        ink=INK, soft=SOFT, paper=PAPER,
    )  # fmt: skip


def matrix_png(picture: MatrixPicture) -> bytes:
    """The same picture as PNG."""
    image = Image.new("RGB", (picture.width, picture.height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, 14), picture.title, font=_font(20, bold=True), fill=INK)
    draw.text((MARGIN, 40), picture.subtitle, font=_font(13), fill=SOFT)
    for place, (mark, words) in enumerate(picture.key.items()):
        y = HEAD + KEY_LINE * place
        draw.rectangle((MARGIN, y, MARGIN + 13, y + 13), fill=COLOURS[mark])
        draw.text((MARGIN + 22, y - 1), words, font=_font(13), fill=INK)
    _draw_names(image, picture)
    for row, line in enumerate(picture.lines):
        y = picture.top + CELL * row
        for mark, first, length in line.runs:
            x = picture.left + CELL * first
            draw.rectangle((x, y, x + CELL * length - 1, y + CELL - 1), fill=COLOURS[mark])
    draw.text((MARGIN, picture.height - 24), picture.source, font=_font(12), fill=SOFT)
    made = BytesIO()
    image.quantize(64).save(made, "PNG", optimize=True)
    return made.getvalue()


def _draw_names(image: Image.Image, picture: MatrixPicture) -> None:
    """The names of the rows, which end at the cells, and those of the columns, which are the same turned upwards."""
    size = CELL * len(picture.lines)
    names = Image.new("RGB", (NAMES, max(size, 1)), PAPER)
    draw = ImageDraw.Draw(names)
    for place, name in enumerate(picture.names):
        draw.text((NAMES - 6, CELL * place + CELL // 2), name, font=_font(9), fill=INK, anchor="rm")
    image.paste(names, (MARGIN, picture.top))
    columns = Image.new("RGB", (NAMES, max(size, 1)), PAPER)
    draw = ImageDraw.Draw(columns)
    for place, name in enumerate(picture.names):
        draw.text((6, CELL * place + CELL // 2), name, font=_font(9), fill=INK, anchor="lm")
    turned = columns.rotate(90, expand=True)  # counter-clockwise: the first row becomes the first column
    image.paste(turned, (picture.left, picture.top - NAMES))


@cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"DejaVuSansCondensed{'-Bold' if bold else ''}.ttf", size)
