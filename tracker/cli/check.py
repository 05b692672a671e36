"""The command `check`: the data against treaty law and themselves, and what awaits review."""

from __future__ import annotations

from datetime import date, datetime

import click

from tracker.cli import output
from tracker.cli.query_options import ledger_of, print_answer, query_options, today
from tracker.config import Settings
from tracker.messages import plural
from tracker.schemas.overview import CheckFinding, check_answer
from tracker.storage.database import make_engine
from tracker.sync import review_queue


@click.command()
@click.argument("instrument", required=False, default="")
@query_options
@click.pass_obj
def check(settings: Settings, instrument: str, as_of: date | None, known_at: datetime | None, form: str) -> int:
    """Check the data against treaty law and one another; exits with 1 if there are data notes."""
    ledger = ledger_of(settings, as_of, known_at)
    answer = check_answer(ledger, ledger.day or today(), instrument)
    chosen = ledger.instrument(instrument).id if instrument else ""
    waiting = review_queue.open_counts(make_engine(settings.database_url))
    waiting = {name: count for name, count in waiting.items() if chosen in ("", name)}

    def show() -> None:
        found = [each for each in answer.checks if each.count]
        title = f"{answer.count} data notes as of {answer.as_of}"
        output.table(title, found, {"Check": "words", "Severity": "severity", "Data notes": "count"})
        for group in answer.groups:
            if group.count:
                output.line(f"{group.words} ({group.count})")
            for finding in answer.findings:
                if finding.group is group.group:
                    output.line(f"  {finding.severity:8}{finding.check}: {finding.text}")
        for name, count in waiting.items():
            output.line(f"{name}: {plural('{n} change awaits review', '{n} changes await review', count)}.")

    print_answer(form, answer, answer.findings, CheckFinding.BRIEF_COLUMNS, show)
    return 1 if answer.count else 0
