"""The provisions that the depositary's words name plainly: `article 35, paragraph 2` is `35(2)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"(?:\d{1,3}|[IVXL]{1,6})"
_LETTERS = r"(?:\s*\((?:[a-z]{1,4}|\d{1,2})\))*"
_PARAGRAPH_OF = re.compile(
    rf"\bparagraphs?\s+(?P<paragraph>\d{{1,2}})(?P<letters>{_LETTERS})\s+of\s+article\s+(?P<article>{_NUMBER})\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    rf"\barticle\s+(?P<article>{_NUMBER})\b(?:,?\s+(?:paragraph|section)\s+(?P<paragraph>\d{{1,2}}))?"
    rf"(?P<letters>{_LETTERS})",
    re.IGNORECASE,
)
_NOT_BOUND = re.compile(
    r"\b(?:does|do|did|shall|will)\s+not\s+(?:\w+\s+)?(?:consider|regard|deem)\s+(?:itself|themselves|herself)\s+"
    r"(?:to\s+be\s+)?bound\s+by\b"
    r"|\bnot\s+be\s+bound\s+by\b|\bnot\s+bound\s+by\b",
    re.IGNORECASE,
)
_RESERVES = re.compile(
    r"\breservations?\]?\s+(?:to|on|concerning|regarding|with\s+(?:regard|respect)\s+to|in\s+respect\s+of)\]?\s+"
    r"(?:the\s+provisions\s+of\s+)?(?=articles?\b|paragraphs?\b)",
    re.IGNORECASE,
)
_NEAR = 120  # characters from the words to the provision that they are about


def provisions_named(text: str) -> tuple[str, ...]:
    """Every provision in it, in the order of the words, each once."""
    found = sorted(_found(text))
    return tuple(dict.fromkeys(provision for _, provision in found))


def not_bound_by(text: str) -> tuple[str, ...]:
    """The provisions by which its author says that it is not bound; none where it does not say so plainly."""
    said: list[str] = []
    for words in _NOT_BOUND.finditer(text):
        after = text[words.end() : words.end() + _NEAR]
        said += provisions_named(re.split(r"[.;]\s|\bwhich\b|\bwhereby\b|\bunder\s+which\b", after)[0])[:1]
    return tuple(dict.fromkeys(said))


def reserved_to(text: str) -> tuple[str, ...]:
    """The provisions that follow the words `reservation to`, up to the end of the sentence."""
    said: list[str] = []
    for words in _RESERVES.finditer(text):
        after = text[words.end() : words.end() + _NEAR]
        said += provisions_named(re.split(r"[.;:]\s|\bmade\s+by\b|\bwhich\b", after)[0])
    return tuple(dict.fromkeys(said))


def _found(text: str) -> Iterator[tuple[int, str]]:
    taken = [(each.start(), each.end()) for each in _PARAGRAPH_OF.finditer(text)]
    for each in _PARAGRAPH_OF.finditer(text):
        yield each.start(), _written_provision(each)
    for each in _ARTICLE.finditer(text):
        if not any(start <= each.start() < end for start, end in taken):
            yield each.start(), _written_provision(each)


def _written_provision(found: re.Match[str]) -> str:
    paragraph = f"({found['paragraph']})" if found["paragraph"] else ""
    return f"{found['article'].upper()}{paragraph}{''.join(found['letters'].split())}"
