"""The lists of the UN Treaty Collection: which treaties a chapter has, by their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lxml import etree, html

from tracker.errors import BadQuestion, Refused, TryLater
from tracker.sync.cell_text import clean_text
from tracker.sync.documents import UN, is_maintenance
from tracker.sync.http_client import HttpClient
from tracker.sync.mtdsg_numbers import MtdsgNumber

CHAPTERS = tuple(MtdsgNumber.chapters())
SECTIONS = {"XI": ("A", "B", "C", "D", "E")}  # the chapter whose parts have lists of their own
MAX_LISTED = 2_000  # treaties of one list


@dataclass(frozen=True, slots=True)
class ChapterList:
    """The treaties of a chapter in its order; `unread` are numbers that are in no known form."""

    chapter: str
    numbers: tuple[str, ...]
    unread: tuple[str, ...] = ()


def chapter_named(text: str) -> str:
    """The chapter written as `XVIII`, `xviii` or `18`; BadQuestion for anything else."""
    given = text.strip().upper()
    if given.isascii() and given.isdigit() and 1 <= int(given) <= len(CHAPTERS):
        return CHAPTERS[int(given) - 1]
    if given not in CHAPTERS:
        raise BadQuestion(f"'{text[:20]}' is not a chapter of the UN Treaty Collection: write I to XXIX, or 1 to 29.")
    return given


def fetch_chapter(visitor: HttpClient, chapter: str, *, base_url: str = UN) -> ChapterList:
    """The list of a chapter. Refused if the server has none or it names no treaty; TryLater if it cannot be had now."""
    number = CHAPTERS.index(chapter_named(chapter)) + 1
    found: dict[str, None] = {}
    unread: dict[str, None] = {}
    for section in SECTIONS.get(chapter, ("A",)):
        url = f"{base_url.rstrip('/')}/Pages/Treaties.aspx?id={number}&subid={section}&clang=_en"
        answer = visitor.get(url)
        if answer.status != 200:
            raise Refused(f"{url} answered {answer.status}: there is no list of chapter {chapter}.")
        if is_maintenance(answer.body):
            raise TryLater("The UN Treaty Collection is down for maintenance.")
        for each in _numbers(answer.body):
            _take(each, chapter, found, unread)
    if not found:
        raise Refused(f"The list of chapter {chapter} names no treaty.")
    return ChapterList(chapter, tuple(found), tuple(unread))


def _numbers(page: bytes) -> list[str]:
    """What the links of a list have as the numbers of their treaties, in their order."""
    try:
        root = html.document_fromstring(page, parser=html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError) as trouble:
        raise Refused(f"The list cannot be read ({trouble}).") from trouble
    links = [str(link) for link in root.xpath("//a/@href") if "mtdsg_no=" in str(link)]
    if len(links) > MAX_LISTED:
        raise Refused(f"The list names more than {MAX_LISTED} treaties, more than any chapter has.")
    return [clean_text(number) for link in links for number in parse_qs(urlsplit(link).query).get("mtdsg_no", [])]


def _take(number: str, chapter: str, found: dict[str, None], unread: dict[str, None]) -> None:
    try:
        asked = MtdsgNumber.of(number)
    except BadQuestion:
        unread[number[:40]] = None
        return
    if asked.chapter == chapter:  # a list may point to treaties of other chapters
        found[str(asked)] = None
