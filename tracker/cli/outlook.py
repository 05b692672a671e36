"""The command `tracker outlook`: what may become of a treaty, by simulation."""

from __future__ import annotations

from datetime import date, datetime

import click

from tracker.cli import output
from tracker.cli.query_options import DateType, ledger_of, print_answer, query_options
from tracker.config import Settings
from tracker.law.dates import in_words
from tracker.outlook.forecast import Outlook
from tracker.outlook.forecast import outlook as forecast
from tracker.outlook.past_forecasts import record_in_words

MEDIAN_FIRST = {"50 %": "p50", "10 %": "p10", "25 %": "p25", "75 %": "p75", "90 %": "p90"}
CHANCES = {
    "Within 1 year": "chance_within_1_year", "2 years": "chance_within_2_years",
    "5 years": "chance_within_5_years", "10 years": "chance_within_10_years",
}  # fmt: skip


@click.command()
@click.argument("instrument")
@click.option("--threshold", type=click.IntRange(1, 1000), help="Ask when there will be N parties.")
@click.option("--by", type=DateType(), help="Ask how many parties there may be by a date, at most ten years ahead.")
@click.option(
    "--with", "supposing", multiple=True, metavar="WHO",
    help="Assume a deposit on the day by a State (FRA) or group (signatories, region:Africa); several times.",
)  # fmt: skip
@query_options
@click.pass_obj
def outlook(
    settings: Settings, instrument: str, threshold: int | None, by: date | None, supposing: tuple[str, ...],
    as_of: date | None, known_at: datetime | None, form: str,
) -> None:  # fmt: skip
    """How many parties a treaty may have by which date, when it may enter into force, and who may be next."""
    answer = forecast(ledger_of(settings, as_of, known_at), instrument, threshold, by, supposing)
    print_answer(form, answer, answer.parties_by, Outlook.COLUMNS, lambda: _show_outlook(answer))


def _show_outlook(answer: Outlook) -> None:
    if answer.supposed:
        output.line(f"If these deposited on {in_words(answer.as_of)}: {', '.join(answer.supposed)}.")
    output.table(f"{answer.name}: parties by date", answer.parties_by, {"Date": "day", **MEDIAN_FIRST})
    if answer.threshold:
        title = f"{answer.threshold.required} parties or deposits reached (-: not within ten years)"
        output.table(title, [answer.threshold], MEDIAN_FIRST | CHANCES)
    if answer.entry_into_force:
        output.table("Entry into force", [answer.entry_into_force], MEDIAN_FIRST)
    likely = {"Participant": "name", "Chance": "chance_12_months"}
    output.table("Most likely to consent within twelve months", answer.next, likely)
    if answer.similar:
        similar = {"Treaty": "reference", "Signatories": "signatories", "Parties": "parties", "Years": "years"}
        output.table(
            "Similar treaties at the same age (-: not reached within the years known)", answer.similar, similar
        )
    if answer.record:
        output.line(record_in_words(answer.record))
    for each in answer.warnings:
        output.line(each)
