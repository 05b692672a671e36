"""Commands that hold figures, judgements and crossing queries against the record: targets, assessments, select."""

from __future__ import annotations

from datetime import date, datetime

import click

from tracker.cli import printing
from tracker.cli.asking import asks, ledger_of, tell
from tracker.law.answers.assessments import scheme_answer, schemes_answer
from tracker.law.answers.crossing import selection_answer
from tracker.law.answers.plain import Plain
from tracker.law.answers.targets import targets_answer
from tracker.settings import Settings

TARGETS_TABLE = {
    "By": "on", "What": "measure", "Reported": "reported", "Target": "target", "Computed": "computed",
    "Verdict": "verdict", "Working": "working",
}  # fmt: skip
TARGETS_CSV = (
    "id", "goal", "indicator", "measure", "unit", "kind", "on", "reported", "target", "computed", "computed_on",
    "verdict", "reached_on", "working", "text", "source", "doubts",
)  # fmt: skip
SCHEMES_TABLE = {"Scheme": "scheme", "Body": "body_name", "On it": "size", "Judgements": "judgements",
                 "Unverified": "unverified"}  # fmt: skip
HELD_TABLE = {"Participant": "name", "Value": "value", "Since": "from", "Edition": "edition",
              "Unverified": "unverified"}  # fmt: skip
HELD_CSV = ("participant", "name", "value", "from", "to", "edition", "unverified", "note", "source", "doubt")
FOUND_CSV = ("participant", "name", "kind", "region", "decided", "facts")


@click.command()
@asks
@click.pass_obj
def targets(settings: Settings, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Goals and reported figures against the record: computed, verdict, working."""
    answer = targets_answer(ledger_of(settings, as_of, known_at))
    tell(form, answer, answer["targets"], TARGETS_CSV, lambda: _show_targets(answer))


def _show_targets(answer: Plain) -> None:
    """What the record computes, by goal; what it cannot compute is counted and left to the other formats."""
    counted = [each for each in answer["targets"] if each["computed"] is not None]
    for goal in dict.fromkeys(each["goal"] for each in counted):
        rows = [each for each in counted if each["goal"] == goal]
        printing.table(f"{goal}, as of {answer['as_of']}", rows, TARGETS_TABLE)
    numbers = (f"{number} {verdict}" for verdict, number in answer["verdicts"].items() if number)
    printing.line(
        f"{answer['count']} figures: {', '.join(numbers)}." if answer["count"] else "The record has no figure."
    )


@click.command()
@click.argument("scheme", required=False)
@asks
@click.pass_obj
def assessments(
    settings: Settings, scheme: str | None, as_of: date | None, known_at: datetime | None, form: str
) -> None:
    """Who is judged under a scheme such as fatf-grey or tip-tier; without one, every scheme."""
    ledger = ledger_of(settings, as_of, known_at)
    if scheme is None:
        rows = schemes_answer(ledger)
        columns = ("scheme", "body", "body_name", "values", "size", "judgements", "unverified")
        tell(form, rows, rows, columns, lambda: printing.table(f"As of {ledger.day}", rows, SCHEMES_TABLE))
        return
    answer = scheme_answer(ledger, scheme)
    tell(form, answer, answer["held"], HELD_CSV, lambda: _show_scheme(answer))


def _show_scheme(answer: Plain) -> None:
    printing.table(f"{answer['scheme']} of {answer['body_name']}, as of {answer['as_of']}", answer["held"], HELD_TABLE)
    edition = f" of the {answer['edition']} edition" if answer["edition"] else ""
    printing.line(f"{answer['size']} on it on {answer['as_of']}.")
    if answer["absent"]:
        printing.line(f"The record lacks {', '.join(answer['absent'])}{edition}.", style="bold")
    for each in answer["rounds"]:
        printing.line(f"{each['value']}: {each['from'] or '?'} to {each['to'] or 'an open end'}")


@click.command()
@click.argument("query")
@asks
@click.pass_obj
def select(settings: Settings, query: str, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Participants that meet every condition of QUERY, such as member=greco;not-party=coe-173."""
    answer = selection_answer(ledger_of(settings, as_of, known_at), query)
    rows = [
        *({**each, "decided": True} for each in answer["participants"]),
        *({**each, "decided": False} for each in answer["undecided"]),
    ]
    tell(form, answer, rows, FOUND_CSV, lambda: _show_found(answer))


def _show_found(answer: Plain) -> None:
    printing.line(f"{answer['words']}, as of {answer['as_of']}: {answer['count']}.", style="bold")
    printing.table("", answer["participants"], {"Participant": "name", "Because": "facts"})
    if answer["undecided"]:
        printing.line(f"Of {len(answer['undecided'])} more the record cannot tell:")
        printing.table("", answer["undecided"], {"Participant": "name", "Known": "facts"})


COMMANDS: tuple[click.Command, ...] = (targets, assessments, select)
