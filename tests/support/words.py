"""Which words a reader sees on a page, and which of the phrases that must not appear are among them."""

import re
from dataclasses import fields
from functools import cache
from pathlib import Path

from tests.support.paths import DATA
from tracker.storage.import_export import read_facts

PHRASES = tuple(
    phrase
    for line in (Path(__file__).parent / "banned_phrases.txt").read_text().splitlines()
    for phrase in filter(None, map(str.strip, line.split(";")))
)
SAID = ("title", "alt", "placeholder", "aria-label", "aria-valuetext", "data-tooltip", "data-words")
NOT_PROSE = "//code | //pre | //script | //style | //textarea"
_ANY = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in PHRASES)
_BANNED = re.compile(rf"\b(?:{_ANY})\b", re.IGNORECASE)


def banned_in(text):
    """The phrases in a text that must not appear in one."""
    return [found[0] for found in _BANNED.finditer(text)]


def seen(tree):
    """Every text of a page that a reader sees or hears: of elements, and of attributes that are said; no code."""
    for element in tree.xpath(NOT_PROSE):
        element.drop_tree()
    yield from (each for each in tree.itertext() if each.strip())
    for element in tree.iter():
        yield from (element.attrib[name] for name in SAID if name in element.attrib)


@cache
def quoted():
    """The texts of the shipped data that hold such phrases: words of sources, longest first."""
    facts = list(read_facts([DATA]))
    values = (getattr(fact, each.name) for fact in facts for each in fields(fact))
    texts = {text for value in values for text in (value if isinstance(value, tuple) else (value,))}
    return sorted((text for text in texts if isinstance(text, str) and banned_in(text)), key=len, reverse=True)


def own_words(text):
    """A text without what it quotes from the data."""
    for each in quoted() if banned_in(text) else ():
        text = re.sub(re.escape(each), "", text, flags=re.IGNORECASE)
    return text
