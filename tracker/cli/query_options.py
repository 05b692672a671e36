"""What the commands that ask the record share: the options for day, moment and format, and the printing of answers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click

from tracker.cli import output
from tracker.config import Settings
from tracker.law.ledger import Ledger
from tracker.schemas.values import LeftOut
from tracker.storage import repository
from tracker.storage.database import make_engine

F = TypeVar("F", bound=Callable[..., Any])


class DateType(click.ParamType[date, Any]):
    """A day written as 2003-07-01."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(value) if len(value) == 10 else self.fail(f"'{value}' is not YYYY-MM-DD.")
        except ValueError:
            self.fail(f"'{value}' is not a date in the calendar. Write YYYY-MM-DD.")


class MomentType(click.ParamType[datetime, Any]):
    """A moment of record time, in UTC, written as 2026-01-31T12:00:00Z."""

    name = "YYYY-MM-DDThh:mm:ssZ"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a moment, written 2026-01-31T12:00:00Z.")
        if moment.tzinfo is None:
            self.fail(f"'{value}' does not say its time zone: end it with Z for UTC.")
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            self.fail(f"'{value}' lies outside the calendar in UTC.")


def query_options(command: F) -> F:
    """The options that every question has: the day, the moment and the format."""

    @click.option("--as-of", type=DateType(), help="The day to answer for; default today, in UTC.")
    @click.option("--known-at", type=MomentType(), help="The moment whose knowledge to answer from; default now.")
    @click.option("--format", "form", type=click.Choice(output.FORMATS), default="table", show_default=True)
    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return command(*args, **kwargs)

    return wrapped  # type: ignore[return-value]


partial_option = click.option("--partial", is_flag=True, help="Count instruments with partial data as well.")


def show_left_out(answer: LeftOut) -> None:
    """Say in a table's foot what it leaves out, if anything."""
    if answer.left_out:
        output.line(f"{answer.left_out_words} With --partial they are counted.")
    if answer.shortfall_words:
        output.line(answer.shortfall_words)


def today() -> date:
    """The day, in UTC: the command line's clock."""
    return datetime.now(UTC).date()


def ledger_of(settings: Settings, as_of: date | None, known_at: datetime | None) -> Ledger:
    """The record as the options ask for it."""
    return repository.load_ledger(make_engine(settings.database_url)).known_at(known_at).as_of(as_of or today())


def print_answer(
    form: str, answer: Any, rows: Sequence[Any], columns: tuple[str, ...], show: Callable[[], None]
) -> None:
    """Print an answer in the format asked for."""
    if form == "json":
        output.as_json(answer)
    elif form == "csv":
        output.as_csv(rows, columns)
    else:
        show()
