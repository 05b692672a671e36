"""The HTML part of a letter: plain elements and one style sheet, no picture, nothing loaded; light and dark.

Mail programs know little of CSS: what is said must be plain without any of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 16px; background: #ffffff; color: #1b1b1b;
  font: 16px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 640px; margin: 0 auto; }
h1 { font-size: 20px; line-height: 1.3; margin: 0 0 16px; }
h2 { font-size: 17px; margin: 24px 0 8px; padding-bottom: 4px; border-bottom: 1px solid #c9c9c9; }
ul { margin: 0; padding-left: 20px; }
li { margin: 0 0 12px; overflow-wrap: anywhere; }
small, footer { color: #595959; font-size: 14px; }
footer { margin-top: 32px; padding-top: 12px; border-top: 1px solid #c9c9c9; }
a { color: #0b57a4; }
@media (prefers-color-scheme: dark) {
  body { background: #16181b; color: #e8e8e8; }
  h2, footer { border-color: #4a4d52; }
  small, footer { color: #b4b7bc; }
  a { color: #8ab8f0; }
}
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address and what it leads to."""

    words: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One change: what is said of it, where it is from, and the page that shows it."""

    words: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; none where it is empty."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a message says to people, however it is shown."""

    opening: tuple[str, ...] = ()
    action: Link | None = None
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def html_of(letter: Letter, title: str) -> str:
    """The letter as an HTML document."""
    body = [f"<h1>{escape(title)}</h1>", *(f"<p>{escape(said)}</p>" for said in letter.opening)]
    if letter.action:
        body.append(f"<p><strong>{_anchor(letter.action)}</strong></p>")
    body += map(_section, letter.sections)
    ending = [*(f"<p>{escape(said)}</p>" for said in letter.closing)]
    if letter.links:
        ending.append(f"<p>{' · '.join(map(_anchor, letter.links))}</p>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + f"\n<footer>\n{chr(10).join(ending)}\n</footer>\n</main>\n</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    heading = f"<h2>{escape(section.heading)}</h2>\n" if section.heading else ""
    return f"{heading}<ul>\n{chr(10).join(map(_item, section.lines))}\n</ul>"


def _item(line: Line) -> str:
    source = f"<br><small>Source: {escape(line.source)}</small>" if line.source else ""
    return f"<li>{escape(line.words)}{source}<br>{_anchor(Link('Details', line.url))}</li>"


def _anchor(link: Link) -> str:
    return f'<a href="{escape(link.url)}">{escape(link.words)}</a>'
