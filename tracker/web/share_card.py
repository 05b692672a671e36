"""The picture that messengers and social media show of a link: a name and a few facts, as PNG.

The letters are in `fonts`, as those of the briefs. What a card says is decided where it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630  # pixels, the size that the Open Graph protocol's readers expect
_FONTS = Path(__file__).with_name("fonts")
_MARGIN, _ROOM = 72, 1056
_GROUND, _INK, _GREY, _ACCENT = "#ffffff", "#12161c", "#4c5663", "#0b5f93"
_TITLE_LINES, _TITLE_SIZES = 3, (72, 62, 52, 44)
_FACT_SIZE, _FACT_LINES, _FACT_STEP = 36, 2, 50
_TOP, _GAP, _FOOT = 64, 24, HEIGHT - 76  # where the title begins, what lies below it, where the foot stands


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line of a card: its text, its distance from the top, its size, and whether it belongs to the title."""

    text: str
    top: int
    size: int
    title: bool


def share_card(title: str, facts: Sequence[str], foot: str, subtitle: str = "") -> bytes:
    """A card as PNG: the title in up to three lines, the subtitle if it has room, the facts, the source at the foot."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 16), fill=_ACCENT)
    for line in card_lines(title, facts, subtitle):
        fill = _INK if line.title else _GREY
        draw.text((_MARGIN, line.top), line.text, font=_font(line.size, bold=line.title), fill=fill)
    draw.text((_MARGIN, _FOOT), foot, font=_font(28, bold=True), fill=_ACCENT)
    made = BytesIO()
    picture.quantize(32).save(made, "PNG", optimize=True)
    return made.getvalue()


def card_lines(title: str, facts: Sequence[str], subtitle: str = "") -> list[CardLine]:
    """The lines above the foot: the largest title with which all facts have room, without the subtitle if need be."""
    for below in ([subtitle, *facts], facts) if subtitle else (facts,):
        for size in _TITLE_SIZES:
            lines = _laid_out(title, size, below)
            if lines[-1].top + _FACT_STEP <= _FOOT and len(_wrap(title, size, bold=True)) <= _TITLE_LINES:
                return lines
    return [each for each in lines if each.top + _FACT_STEP <= _FOOT]


def _laid_out(title: str, size: int, facts: Sequence[str]) -> list[CardLine]:
    heading = _cut(_wrap(title, size, bold=True), _TITLE_LINES)
    step = round(size * 1.2)
    lines = [CardLine(text, _TOP + step * place, size, title=True) for place, text in enumerate(heading)]
    below = [text for fact in facts for text in _cut(_wrap(fact, _FACT_SIZE, bold=False), _FACT_LINES)]
    top = _TOP + step * len(heading) + _GAP
    return lines + [CardLine(text, top + _FACT_STEP * n, _FACT_SIZE, title=False) for n, text in enumerate(below)]


def _cut(lines: Sequence[str], most: int) -> list[str]:
    """So many lines; what is cut is marked."""
    return [*lines] if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} \N{HORIZONTAL ELLIPSIS}"]


def _wrap(text: str, size: int, *, bold: bool) -> list[str]:
    """A text in lines that have room; a word too long for a line stands alone on one."""
    font, lines = _font(size, bold=bold), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= _ROOM or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"DejaVuSansCondensed{'-Bold' if bold else ''}.ttf", size)
