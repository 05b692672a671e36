"""The command `status`, which runs most: apart from the other commands, so that it loads less."""

from __future__ import annotations

from datetime import date, datetime

import click

from tracker.cli import output
from tracker.cli.query_options import ledger_of, print_answer, query_options
from tracker.config import Settings
from tracker.law.coverage import data_limit
from tracker.law.ledger import Ledger
from tracker.schemas.instruments import InstrumentStatusLine, instrument_answer, status_answer
from tracker.schemas.overview import statuses_answer
from tracker.storage.database import make_engine
from tracker.storage.revision import comparison_day

STATUS_TABLE = {
    "Instrument": "name", "Signatories": "signatories_in_words", "Parties": "parties_in_words",
    "Bound": "bound_in_words",
    "Required": "threshold.required", "Remaining": "threshold.remaining", "Entry into force": "entry_into_force.date",
    "Status": "entry_into_force.status",
}  # fmt: skip
STANDING_TABLE = {
    "Participant": "name", "Signature": "signature", "Consent": "consent", "Act": "action",
    "Bound since": "bound_since", "Withdrawal": "withdrawal", "Status": "status_in_words",
}  # fmt: skip


@click.command()
@click.argument("instrument", required=False)
@query_options
@click.pass_obj
def status(
    settings: Settings, instrument: str | None, as_of: date | None, known_at: datetime | None, form: str
) -> None:
    """The status of one instrument, or of all: counts, threshold, entry into force and why."""
    ledger = ledger_of(settings, as_of, known_at)
    if instrument is None:
        rows = statuses_answer(ledger)
        title = f"Status as of {ledger.day}"
        print_answer(form, rows, rows, InstrumentStatusLine.BRIEF_COLUMNS, lambda: _show_statuses(title, rows))
        return
    answer = status_answer(ledger, instrument)
    print_answer(
        form, answer, [answer], InstrumentStatusLine.BRIEF_COLUMNS, lambda: _show_status(ledger, answer, settings)
    )


def _show_statuses(title: str, rows: list[InstrumentStatusLine]) -> None:
    output.table(title, rows, STATUS_TABLE)


def _freshness(ledger: Ledger, answer: InstrumentStatusLine, compared: date | None) -> str:
    """How far the data reach, when they were compared with the depositary, and what is known to be missing."""
    end = f"Data to {answer.data_to}; " if answer.data_to else ""
    how = f"compared with the depositary on {compared}" if compared else "not yet compared with the depositary"
    limit = data_limit(ledger, answer.instrument)
    return " ".join(filter(None, (f"{end}{how}.", answer.completeness, limit)))


def _show_status(ledger: Ledger, answer: InstrumentStatusLine, settings: Settings) -> None:
    whole = instrument_answer(ledger, answer.instrument)
    entry, threshold = answer.entry_into_force, answer.threshold
    reference = f" ({answer.reference})" if answer.reference else ""
    output.line(f"{answer.title}{reference}", style="bold")
    signatories, known = answer.signatories_in_words, answer.signatories or not answer.signatories_open_ended
    signed = f"{signatories} signatories" if known else f"signatories: {signatories}"
    output.line(f"As of {answer.as_of}: {signed}, {answer.parties_in_words} parties, {answer.bound_in_words} bound.")
    if threshold.required is not None:
        output.line(f"Threshold: {threshold.counted} deposits count, {threshold.required} required.")
    output.line(f"Entry into force: {entry.status}" + (f", {entry.date}" if entry.date else "")
                  + (f" (depositary: {entry.official})" if entry.official else "") + ".")  # fmt: skip
    output.line(entry.why)
    output.line(whole.clause.words, style="dim")
    output.line(_freshness(ledger, answer, comparison_day(make_engine(settings.database_url), answer.instrument)))
    output.table("", whole.participants, STANDING_TABLE)
