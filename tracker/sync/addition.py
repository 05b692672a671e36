"""A treaty of the UN Treaty Collection added by its number: its title, dates and terms; sync then brings its actions.

The final clause comes from the catalogue of researched clauses, where the treaty is in it; else from the words that the
status file quotes, where the file's own table and date confirm them. Otherwise its terms are not on file, and only the
depositary's own date of entry into force is recorded.

The lists of the UN Treaty Collection: which treaties a chapter has, by their numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from lxml import etree, html
from sqlalchemy import Engine

from tracker.errors import BadData, BadQuestion, Refused, TrackerError, TryLater
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Instrument, InstrumentKind
from tracker.law.threshold import EntryIntoForce
from tracker.storage import change_log, repository
from tracker.storage.audit_log import Actor
from tracker.storage.csv_reader import CsvRow
from tracker.storage.facts import SCHEMA_BY_TYPE
from tracker.storage.import_export import Parsed, import_parsed, parse_rows
from tracker.sync.cell_text import clean_text
from tracker.sync.documents import UN, fetch_document, is_maintenance, parse_document
from tracker.sync.header_clause import READ_AND_CONFIRMED, HeaderClause, header_clause, official_date
from tracker.sync.http_client import HttpClient
from tracker.sync.mtdsg_numbers import MtdsgNumber
from tracker.sync.status_table import StatusFile
from tracker.sync.sync import SyncContext, SyncReport, sync

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


Catalogue = Mapping[str, Mapping[str, str]]  # rows of the catalogue of clauses, by the number of the treaty
UN_DEPOSITARY = "Secretary-General of the United Nations"
TERMS = ("threshold", "delay", "party_delay", "conditions", "withdrawal_delay", "article")
_KINDS = (
    ("amendment", InstrumentKind.AMENDMENT), ("protocol", InstrumentKind.PROTOCOL),
    ("convention", InstrumentKind.CONVENTION), ("agreement", InstrumentKind.AGREEMENT),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddedTreaty:
    """A treaty that was added: its clause's source (empty where no clause is on file), and what sync brought.

    `entry` is the entry into force that follows from the clause, None where no clause is on file;
    `left_out` why a clause of the catalogue could not be taken; `header` what the status file says of the clause.
    """

    instrument: Instrument
    clause_source: str
    left_out: str
    entry: EntryIntoForce | None
    report: SyncReport
    header: HeaderClause = field(default_factory=HeaderClause)

    @property
    def confirmed(self) -> bool | None:
        """Does the computed date equal the depositary's? None where there is nothing to compare."""
        official = self.instrument.in_force_on
        if self.entry is None or self.entry.basis != "computed" or official is None:
            return None
        return self.entry.date == official.exact


def read_catalogue(path: Path) -> Catalogue:
    """The researched clauses by the number of the treaty."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["reference"]: row for row in csv.DictReader(stream)}


def add_treaty(
    engine: Engine,
    reference: str,
    how: SyncContext,
    catalogue: Catalogue,
    *,
    moment: datetime,
    actor: Actor | None = None,
) -> AddedTreaty:
    """Record the treaty of that number with its terms, then its actions as sync takes them in; these are history, and
    announced to nobody.

    BadQuestion for a number that is none or a treaty that is there already; Refused and TryLater as for sync: then
    nothing was recorded.
    """
    number = str(MtdsgNumber.of(reference))
    before = repository.load_ledger(engine)
    ids = references_of(before)
    if number in ids:
        raise _held(number, ids[number])
    got = fetch_document(how.visitor, number, base_url=how.base_url)
    file = parse_document(got.body, number, retrieved_at=moment, url=got.url)
    header = header_clause(before, _bare(number, file, ids), file)
    known, left_out = catalogue.get(number) or _read_in(header), ""
    try:
        _record(engine, _row(number, file, known, ids, header.article), moment, actor)
    except BadData as trouble:
        if not known:
            raise
        left_out, known = "; ".join(f"'{fault.value}' {fault.problem}" for fault in trouble.faults), {}
        _record(engine, _row(number, file, known, ids, header.article), moment, actor)
    change_log.run_day_turn(engine, moment.date(), moment=moment, announce=how.announce)
    history = replace(how, announce=change_log.announce_nothing, fetched={_id(number): got})
    [report] = sync(engine, [_id(number)], history, moment=moment)
    ledger = repository.load_ledger(engine).as_of(moment.date())
    terms = ledger.instrument(_id(number))
    entry = entry_into_force(ledger, terms.id) if known else None
    return AddedTreaty(terms, known.get("source", ""), left_out, entry, report, header)


def _held(number: str, id: str) -> BadQuestion:
    return BadQuestion(f"{number} is in the data already, as '{id}'. Update it with tracker sync.")


def references_of(ledger: Ledger) -> dict[str, str]:
    """The ids of the treaties that the data have, by their numbers in the UN Treaty Collection."""
    return {each.reference: each.id for each in ledger.instruments.values() if each.reference}


def _read_in(header: HeaderClause) -> Mapping[str, str]:
    """A clause that the file quotes and confirms, as a row of the catalogue; nothing for any other."""
    if header.reading is None or not header.confirmed:
        return {}
    return header.reading.columns | {"source": READ_AND_CONFIRMED}


def _bare(number: str, file: StatusFile, ids: Mapping[str, str]) -> Instrument:
    """The treaty without any terms."""
    return Instrument(
        id=_id(number), title=_title(number, file), kind=_kind(_title(number, file)), reference=number,
        parent=_parent(number, ids), source=file.url or number,
    )  # fmt: skip


def _record(engine: Engine, row: Mapping[str, str], moment: datetime, actor: Actor | None) -> None:
    parsed = Parsed()
    parse_rows([CsvRow(1, dict(row))], SCHEMA_BY_TYPE[Instrument], row["reference"], parsed)
    import_parsed(engine, parsed, f"{row['reference']} of the UN Treaty Collection", moment=moment, actor=actor)


def _id(number: str) -> str:
    return number.lower()


def _title(number: str, file: StatusFile) -> str:
    return " ".join(file.title.split())[:2000] or number


def _kind(title: str) -> InstrumentKind:
    return next((kind for word, kind in _KINDS if word in title.casefold()), InstrumentKind.AGREEMENT)


def _parent(number: str, ids: Mapping[str, str]) -> str:
    return ids.get(number.rpartition("-")[0], "")


def _row(
    number: str, file: StatusFile, known: Mapping[str, str], ids: Mapping[str, str], article: str
) -> dict[str, str]:
    """The treaty as a row of `treaties.csv`; `ids` are those of the treaties that are there already, by number."""
    title = _title(number, file)
    source = f"UN Treaty Collection, status of {number} ({file.url})"
    return {
        "id": _id(number), "reference": number, "title": title, "short_name": known.get("name", ""),
        "kind": _kind(title), "depositary": UN_DEPOSITARY, "in_force_on": str(official_date(file) or ""),
        "url": _page(number), "source": f"{source}; clause: {known['source']}" if known else source,
        "doubt": "" if known else "the final clause is not on file", "parent": _parent(number, ids),
        **{term: known.get(term, "") for term in TERMS},
        "article": known.get("article", "") or article,
        "conditions": _with_ids(known.get("conditions", ""), ids),
    }  # fmt: skip


def _with_ids(conditions: str, ids: Mapping[str, str]) -> str:
    """The conditions with the ids of other treaties for their numbers: `requires=untoc` for `requires=xviii-12`."""
    for number, id in ids.items():
        conditions = re.sub(rf"(?<![\w-]){re.escape(number.lower())}(?![\w-])", id, conditions)
    return conditions


def _page(number: str) -> str:
    return f"https://treaties.un.org{MtdsgNumber.of(number).page}"


# -- one after the other ---------------------------------------------------------------------------

MAX_FAILING = 5  # treaties in a row that cannot be had, after which a run stops: the server is down


class AdditionResult(StrEnum):
    """What became of a treaty that was to be added."""

    ADDED = "added"
    HELD = "in the data already"
    REFUSED = "refused"
    TRY_LATER = "to be tried later"


@dataclass(frozen=True, slots=True)
class Addition:
    """One treaty of a run: added, or why not."""

    reference: str
    result: AdditionResult
    added: AddedTreaty | None = None
    trouble: TrackerError | None = None


def add_treaties(
    engine: Engine,
    references: Iterable[str],
    how: SyncContext,
    catalogue: Catalogue,
    *,
    now: Callable[[], datetime],
    actor: Actor | None = None,
) -> Iterator[Addition]:
    """Add these treaties one after the other, each in transactions of its own; one that fails does not stop the rest.

    Those in the data already are left alone, so that a run can be repeated where it was interrupted. It ends early when
    so many in a row cannot be had that the server must be down.
    """
    held, failing = references_of(repository.load_ledger(engine)), 0
    for reference in references:
        found = _addition(engine, reference, how, catalogue, held, now, actor)
        if found.added:
            held[found.added.instrument.reference] = found.added.instrument.id
        failing = failing + 1 if found.result is AdditionResult.TRY_LATER else 0
        yield found
        if failing == MAX_FAILING:
            return


def _addition(
    engine: Engine, reference: str, how: SyncContext, catalogue: Catalogue, held: Mapping[str, str],
    now: Callable[[], datetime], actor: Actor | None,
) -> Addition:  # fmt: skip
    try:
        number = str(MtdsgNumber.of(reference))
        if number in held:
            return Addition(number, AdditionResult.HELD, trouble=_held(number, held[number]))
        added = add_treaty(engine, number, how, catalogue, moment=now(), actor=actor)
    except TryLater as trouble:
        return Addition(reference, AdditionResult.TRY_LATER, trouble=trouble)
    except (Refused, BadQuestion, BadData) as trouble:
        return Addition(reference, AdditionResult.REFUSED, trouble=trouble)
    return Addition(number, AdditionResult.ADDED, added)
