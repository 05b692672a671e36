"""The provisions that the depositary's words name plainly: `article 35, paragraph 2` is `35(2)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"(?:\d{1,3}|[IVXL]{1,6})"
_LETTER = r"(?:[a-z]|[ivx]{2,4}|\d{1,2}|bis|ter)"
_LETTERS = rf"(?:,?\s*\({_LETTER}\)(?:\s*\({_LETTER}\))*(?:\s*[a-z]\))?|\s+[a-z]\))?"  # "(b)", ", (b) (ii)" or "b)"
_ALONE = r"[a-z]\b(?=\s*(?:[,.;:)\]\"”]|$|of\b|and\b|or\b|thereof\b|on\b))"  # a letter that is no word of the sentence
_UNIT = r"(?:sub-?\s?paragraphs?|sub-?\s?sections?|points?|letters?|lit(?:tera|\.)|items?|clauses?|paragraphs?)"
_ITEM = rf"(?:\({_LETTER}\)(?:\s*\({_LETTER}\))*|[a-z]\)|{_ALONE})"
_POINT = rf"{_UNIT}\s+{_ITEM}(?:(?:,|,?\s+and|,?\s+or)\s+{_ITEM})*"
_PARAGRAPH = rf"\(?\d{{1,2}}\)?{_LETTERS}"
_PARAGRAPHS = (
    rf"(?:paragraphs?|para\.?|paras\.?|sections?|sub-?\s?paragraphs?)\s+"
    rf"{_PARAGRAPH}(?:(?:,|,?\s+and|,?\s+or)\s+{_PARAGRAPH}(?![\d.]|\s+(?:[A-Z][a-z]+\s+)?\d))*"
)
_OF = r"(?:\s*,)?\s+(?:of|in|to|under)\s+"
_WITHIN_ARTICLE = re.compile(
    rf"\barticle\s+(?P<article>{_NUMBER})\b(?P<letters>{_LETTERS})"
    rf"(?:,?\s+(?P<point>{_POINT}){_OF}(?P<paragraphs_of_point>{_PARAGRAPHS})"
    rf"|,?\s+(?P<paragraphs>{_PARAGRAPHS})(?:,?\s+(?P<point_of_paragraph>{_POINT}))?"
    rf"|,?\s+(?P<point_alone>{_POINT}))?",
    re.IGNORECASE,
)
_BEFORE_ARTICLE = re.compile(
    rf"\b(?:(?P<point>{_POINT})(?:{_OF}|,\s+))?(?P<paragraphs>{_PARAGRAPHS})(?:,?\s+(?P<point_of_paragraph>{_POINT}))?"
    rf"{_OF}article\s+(?P<article>{_NUMBER})\b"
    rf"|\b(?P<point_alone>{_POINT}){_OF}article\s+(?P<article_of_point>{_NUMBER})\b",
    re.IGNORECASE,
)
_EACH_PARAGRAPH = re.compile(rf"(?<![\w(])\(?(?P<number>\d{{1,2}})\)?(?P<letters>{_LETTERS})", re.IGNORECASE)
_EACH_ITEM = re.compile(rf"(?<=\s){_ITEM}", re.IGNORECASE)
_EACH_LETTER = re.compile(rf"\(({_LETTER})\)|(?<![\w(])([a-z])\b", re.IGNORECASE)
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
_ENDS = re.compile(r"\.\s|;\s(?!(?:and\s+)?(?:article|paragraph))|\bwhich\b|\bwhereby\b|\bunder\s+which\b")
_JOINS = re.compile(r"[\s,;]*(?:and\s+)?(?:by\s+)?(?:the\s+)?(?:provisions\s+of\s+)?(?:the\s+)?", re.IGNORECASE)
_NEAR = 120  # characters from the words to the provision that they are about


def provisions_named(text: str) -> tuple[str, ...]:
    """Every provision in it, in the order of the words, each once."""
    return tuple(dict.fromkeys(provision for each in _expressions(text) for provision in _written(each)))


def not_bound_by(text: str) -> tuple[str, ...]:
    """The provisions by which its author says that it is not bound; none where it does not say so plainly.

    Of several provisions those count that follow one another without other words.
    """
    said: list[str] = []
    for words in _NOT_BOUND.finditer(text):
        after = text[words.end() : words.end() + 2 * _NEAR]
        said += _first_series(_ENDS.split(after)[0])
    return tuple(dict.fromkeys(said))


def _first_series(text: str) -> Iterator[str]:
    """The provisions of the first expression that begins near enough, and of those that follow it directly."""
    end = None
    for each in _expressions(text):
        if each.start() > _NEAR if end is None else not _JOINS.fullmatch(text[end : each.start()]):
            return
        end = each.end()
        yield from _written(each)


def reserved_to(text: str) -> tuple[str, ...]:
    """The provisions that follow the words `reservation to`, up to the end of the sentence."""
    said: list[str] = []
    for words in _RESERVES.finditer(text):
        after = text[words.end() : words.end() + _NEAR]
        said += provisions_named(re.split(r"[.;:]\s|\bmade\s+by\b|\bwhich\b", after)[0])
    return tuple(dict.fromkeys(said))


def _expressions(text: str) -> list[re.Match[str]]:
    """What names an article with its paragraphs and letters, in either order, in the order of the words."""
    before = list(_BEFORE_ARTICLE.finditer(text))
    within = _WITHIN_ARTICLE.finditer(text)
    alone = [each for each in within if not any(one.start() <= each.start() < one.end() for one in before)]
    return sorted((*before, *alone), key=lambda each: each.start())


def _written(found: re.Match[str]) -> Iterator[str]:
    """Each provision that the words name, as the record writes it: `36(2)(b)`."""
    parts = found.groupdict()
    article = (parts["article"] or parts["article_of_point"]).upper() + _letters(parts.get("letters"))
    paragraphs = parts["paragraphs"] or parts.get("paragraphs_of_point")
    named = parts["point"] or parts["point_of_paragraph"] or parts["point_alone"] or ""
    points = [_letters(item) for item in _EACH_ITEM.findall(named)] or [""]
    for paragraph in _EACH_PARAGRAPH.finditer(paragraphs) if paragraphs else [None]:
        within = f"({paragraph['number']}){_letters(paragraph['letters'])}" if paragraph else ""
        for point in points:
            yield f"{article}{within}{point}"


def _letters(words: str | None) -> str:
    """The letters in words such as `b)` or `(a) (ii)`, in brackets."""
    return "".join(f"({bracketed or bare})" for bracketed, bare in _EACH_LETTER.findall(words or ""))
