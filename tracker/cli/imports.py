"""The command import: the program's own data files, and any other file once what it says is clear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from tracker.alerts import outbox
from tracker.cli.data import now
from tracker.cli.output import line, progress
from tracker.cli.query_options import today
from tracker.cli.users import actor
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.intake.files import must_be_decided, read_files
from tracker.intake.profile import DATE_ORDERS, FileProfile, profile_from_json
from tracker.law.model import Fact
from tracker.storage import repository
from tracker.storage.change_log import announce_nothing, run_day_turn
from tracker.storage.database import make_engine
from tracker.storage.import_export import import_parsed
from tracker.storage.repository import RecordOutcome

F = TypeVar("F", bound=Callable[..., Any])

MAX_LISTED_FACTS = 20  # facts listed before the rest become a number


def _answers(command: F) -> F:
    """The options that answer what a file leaves open."""
    options = (
        click.option("--treaty", default="", help="The treaty that the files are about, where they do not say it."),
        click.option("--source", default="", help="Where the facts come from; default the name of the file."),
        click.option("--dates", type=click.Choice(DATE_ORDERS), help="Whether the day or the month stands first."),
        click.option("--codes", default="", help="The scheme of participants' codes: iso3, iso2, cow, gw, m49 ..."),
        click.option("--column", "columns", multiple=True, metavar="HEADING=ROLE", help="What a column holds."),
        click.option("--letter", "letters", multiple=True, metavar="TEXT=ACTION", help="What a letter or word means."),
        click.option("--encoding", default="", help="The encoding of a text file, such as cp1252."),
        click.option("--delimiter", default="", help="What divides the columns of a text file."),
        click.option("--sheet", default="", help="The sheet of a workbook."),
        click.option("--profile", type=click.Path(exists=True, path_type=Path), help="Answers kept in a file."),
        click.option("--keep-profile", type=click.Path(path_type=Path), help="Keep what was decided in a new file."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--replace", is_flag=True, help="The files are the whole truth: what they leave out is retracted.")
@click.option("--announce", is_flag=True, help="The files are news: tell subscribers what they change.")
@_answers
@click.pass_obj
def import_(
    settings: Settings, /, paths: tuple[Path, ...], dry_run: bool, replace: bool, announce: bool,
    profile: Path | None, keep_profile: Path | None, **answers: Any,
) -> None:  # fmt: skip
    """Check data files or folders of them, whole, and record what they say.

    Files of other names are lists of treaty actions in any form: delimited text, XLSX or ODS, long or wide.
    """
    engine, moment = make_engine(settings.database_url), now()
    if not dry_run:
        run_day_turn(engine, moment.date(), moment=moment, announce=outbox.enqueue_alerts)
    given = _profile(answers).over(_read_profile(profile))
    with progress() as shown:
        task = shown.add_task("Reading")
        read = read_files(paths, repository.live_facts(engine), given, today())
        for each in (text for found in read.understood for text in found.lines):
            line(each)
        must_be_decided(read.understood)
        outcome = import_parsed(
            engine, read.parsed, ", ".join(map(str, paths)), moment=moment, dry_run=dry_run, replace=replace,
            progress=lambda what, *_: shown.update(task, description=what),
            announce=outbox.enqueue_alerts if announce else announce_nothing, actor=actor(),
        )  # fmt: skip
    if keep_profile and read.understood:
        keep_profile.write_text(read.understood[-1].profile.to_json(), encoding="utf-8")
    _report(outcome)


def _profile(answers: dict[str, Any]) -> FileProfile:
    """The answers on the command line; BadQuestion for one without '='."""
    columns, letters = _pairs(answers.pop("columns"), "--column"), _pairs(answers.pop("letters"), "--letter")
    return FileProfile(columns=columns, letters=letters, **{name: value or "" for name, value in answers.items()})


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    found = [text.rpartition("=") for text in texts]
    if wrong := [value for name, equals, value in found if not name or not equals]:
        raise BadQuestion(f"{option} '{wrong[0]}' has no '='.")
    return {name.strip(): value.strip() for name, _, value in found}


def _read_profile(path: Path | None) -> FileProfile:
    return profile_from_json(path.read_text(encoding="utf-8")) if path else FileProfile()


def _report(outcome: RecordOutcome) -> None:
    would = "would be " if outcome.dry_run else ""
    corrected = outcome.corrected
    line(
        f"{len(outcome.recorded)} {would}recorded, {len(outcome.retracted)} {would}retracted, "
        f"{outcome.unchanged} unchanged" + (f"; {len(corrected)} of them corrections." if corrected else ".")
    )
    for sign, facts in (("+", outcome.recorded), ("-", outcome.retracted)):
        for fact in facts[:MAX_LISTED_FACTS]:
            line(f"  {sign} {_description(fact)}")
        if len(facts) > MAX_LISTED_FACTS:
            line(f"  {sign} and {len(facts) - MAX_LISTED_FACTS} more")
    if outcome.dry_run:
        line("Nothing was written.")


def _description(fact: Fact) -> str:
    day = getattr(fact, "date", None) or getattr(fact, "on", None)
    return f"{type(fact).__name__.lower()} {' '.join(filter(None, fact.subject))}" + (f" {day}" if day else "")
