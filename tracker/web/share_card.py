"""The picture that messengers and social media show of a link: a name and a few facts, as PNG.

The letters are in `fonts`, as those of the briefs. What a card says is decided where it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630  # pixels, the size that the Open Graph protocol's readers expect
_FONTS = Path(__file__).with_name("fonts")
_MARGIN, _ROOM = 72, 1056
_GROUND, _INK, _GREY, _ACCENT = "#ffffff", "#12161c", "#4c5663", "#0b5f93"
_TITLE_LINES, _TITLE_SIZES = 3, (72, 62, 52, 44)


def share_card(title: str, facts: Sequence[str], foot: str) -> bytes:
    """A card as PNG: the title in up to three lines, facts below it, the source at the foot."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 16), fill=_ACCENT)
    size, lines = _title(title)
    height = 64
    for line in lines:
        draw.text((_MARGIN, height), line, font=_font(size, bold=True), fill=_INK)
        height += round(size * 1.2)
    height += 24
    for fact in facts:
        for line in _wrap(fact, 36, bold=False)[:2]:
            draw.text((_MARGIN, height), line, font=_font(36, bold=False), fill=_GREY)
            height += 50
    draw.text((_MARGIN, HEIGHT - 76), foot, font=_font(28, bold=True), fill=_ACCENT)
    made = BytesIO()
    picture.quantize(32).save(made, "PNG", optimize=True)
    return made.getvalue()


def _title(text: str) -> tuple[int, list[str]]:
    """The largest size at which the title has room, and its lines; what has no room at all is cut."""
    for size in _TITLE_SIZES:
        lines = _wrap(text, size, bold=True)
        if len(lines) <= _TITLE_LINES:
            return size, lines
    return size, [*lines[: _TITLE_LINES - 1], f"{lines[_TITLE_LINES - 1]} \N{HORIZONTAL ELLIPSIS}"]


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
