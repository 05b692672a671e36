"""The command add: treaties of the UN Treaty Collection, by their numbers, by chapter, or all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from tracker.alerts import outbox
from tracker.cli.data import now
from tracker.cli.output import line
from tracker.cli.users import actor
from tracker.cli.worker import EXITS
from tracker.config import Settings, shipped_folder
from tracker.errors import BadQuestion, Refused, TryLater
from tracker.law.dates import in_words
from tracker.storage.database import make_engine
from tracker.sync.addition import (
    CHAPTERS,
    AddedTreaty,
    Addition,
    AdditionResult,
    add_treaties,
    chapter_named,
    fetch_chapter,
    read_catalogue,
)
from tracker.sync.header_clause import READ_AND_CONFIRMED, HeaderClause, ReadingOutcome
from tracker.sync.http_client import HttpClient, HttpLimits
from tracker.sync.sync import SyncContext

MAX_CANDIDATES = 8  # shown of the thresholds and periods that fit a date
_WHY_NOT = {
    ReadingOutcome.NOT_UNDERSTOOD: "not everything was understood", ReadingOutcome.DIFFERS: "it gives another date",
    ReadingOutcome.NO_DATE: "there is no date to confirm it",
    ReadingOutcome.NOT_COMPUTED: "no date follows from the table",
}  # fmt: skip


@click.command()
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@click.option(
    "--chapter", "chapters", multiple=True, metavar="CHAPTER", help="Every treaty of a chapter, such as XVIII."
)
@click.option("--all", "everything", is_flag=True, help="Every treaty of every chapter.")
@click.option(
    "--pause", type=click.FloatRange(0, 600), default=HttpLimits().pause, show_default=True, metavar="SECONDS",
    help="How long to wait between two requests.",
)  # fmt: skip
@click.pass_obj
def add(
    settings: Settings, /, references: tuple[str, ...], chapters: Sequence[str], everything: bool, pause: float
) -> int:
    """Add treaties of the UN Treaty Collection by number, such as XVIII-12, with their terms and actions.

    Treaties that are in the data already are left alone, so that a run that was interrupted can be repeated. Exits with
    65 if a status file was refused, with 75 if one could not be had and is to be tried later; the others are added.
    """
    chosen = [*CHAPTERS] if everything else [chapter_named(each) for each in chapters]
    if not references and not chosen:
        raise BadQuestion("Name a treaty, such as XVIII-12, or write --chapter XVIII or --all.")
    engine = make_engine(settings.database_url)
    catalogue = read_catalogue(shipped_folder("data") / "catalogue" / "clauses.csv")
    limits = HttpLimits(pause=pause)
    with outbox.gathered_alerts(engine, now) as announce, HttpClient(settings.contact, limits=limits) as visitor:
        how = SyncContext(visitor=visitor, announce=announce, base_url=settings.untc_url)
        numbers, worst = _numbers(references, chosen, how)
        results = Counter[AdditionResult]()
        for place, each in enumerate(add_treaties(engine, numbers, how, catalogue, now=now, actor=actor()), start=1):
            results[each.result] += 1
            worst = max(worst, _exit_code(each, listed=bool(chosen)))
            for text in _lines(each, place, len(numbers), listed=bool(chosen)):
                line(text)
    if len(numbers) > 1:
        line(_summary(results, len(numbers)))
    return worst


def _numbers(references: Sequence[str], chapters: Sequence[str], how: SyncContext) -> tuple[list[str], int]:
    """The numbers to add, and the exit code of the lists that could not be had."""
    numbers, worst = dict.fromkeys(references), 0
    for chapter in chapters:
        try:
            listed = fetch_chapter(how.visitor, chapter, base_url=how.base_url)
        except (Refused, TryLater) as trouble:
            line(f"Chapter {chapter}: {trouble}")
            worst = max(worst, trouble.exit_code)
            continue
        numbers |= dict.fromkeys(listed.numbers)
        unread = f" Not read: {', '.join(listed.unread)}." if listed.unread else ""
        line(f"Chapter {chapter}: {len(listed.numbers)} listed.{unread}")
    return list(numbers), worst


def _exit_code(each: Addition, *, listed: bool) -> int:
    if each.added:
        return EXITS.get(each.added.report.result, 0)
    passed_over = listed and each.result is AdditionResult.HELD
    return each.trouble.exit_code if each.trouble and not passed_over else 0


def _lines(each: Addition, place: int, of: int, *, listed: bool) -> Iterator[str]:
    """What became of one treaty; those of a list that are in the data already are only counted."""
    head = f"[{place}/{of}] " if of > 1 else ""
    if each.added:
        first, *rest = _report_lines(each.added)
        yield head + first
        yield from rest
    elif not (listed and each.result is AdditionResult.HELD):
        yield f"{head}{each.reference}: not added. {each.trouble}"


def _summary(results: Counter[AdditionResult], total: int) -> str:
    """How many came to what end; those not asked for any more count as left."""
    parts = [f"{number} {result.value}" for result in AdditionResult if (number := results[result])]
    left = total - results.total()
    return f"{', '.join(parts)}{f', {left} left for another run' if left else ''}."


def _report_lines(added: AddedTreaty) -> list[str]:
    """What was added, and whether the clause gives the depositary's date."""
    terms = added.instrument
    stated = in_words(terms.in_force_on) if terms.in_force_on else ""
    official = f"Entry into force as the depositary states it: {stated}." if stated else ""
    lines = [f"{terms.reference}: {terms.title}, added as '{terms.id}'."]
    if added.entry is None:
        why = f" ({added.left_out})" if added.left_out else ""
        lines += [f"  The final clause is not on file{why}. {official}".rstrip(), *_offer_lines(added.header)]
    elif added.confirmed:
        from_header = " (read from the depositary's text)" if added.clause_source == READ_AND_CONFIRMED else ""
        lines += [f"  Final clause: {terms.article}{from_header}. It gives the depositary's date, {stated}."]
    else:
        computed = f" Computed: {in_words(added.entry.date)}." if added.entry.date else ""
        lines += [f"  Final clause: {terms.article}.{computed} {official}".rstrip()]
    return [*lines, f"  {added.report.summary}"]


def _offer_lines(header: HeaderClause) -> Iterator[str]:
    """What the status file says of a clause that was not taken: for whoever looks it up."""
    if (reading := header.reading) and reading.clause.is_stated:
        yield f"  The depositary's text was read so, and not taken ({_WHY_NOT[header.outcome]}):"
        yield f"    {reading.clause.words}"
        written = "; ".join(f"{name}={value}" for name, value in reading.columns.items() if value)
        yield f"    In treaties.csv: {written}"
    for sentence in reading.unread if reading else ():
        yield f"  Not understood: {sentence}"
    if header.candidates:
        fitting = ", ".join(f"{each.threshold} with {each.delay}" for each in header.candidates[:MAX_CANDIDATES])
        yield f"  Thresholds and periods that would give that date: {fitting}."
