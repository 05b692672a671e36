"""Commands that ask the record: status, participant, check, what-if, claim, needed, targets, assessments, select."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click

from tracker.cli import output
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.law.claims import check_claim as hold_claim
from tracker.law.dates import in_words
from tracker.law.gaps import pending_instruments as still_needed
from tracker.law.ledger import Ledger
from tracker.law.scenarios import HypotheticalAction, HypotheticalTerms, participants_chosen, run_scenario
from tracker.schemas.assessments import scheme_answer, schemes_answer
from tracker.schemas.deadlines import deadlines_answer
from tracker.schemas.instruments import instrument_answer, status_answer
from tracker.schemas.overview import check_answer, statuses_answer
from tracker.schemas.participants import participant_answer
from tracker.schemas.queries import selection_answer
from tracker.schemas.scenarios_and_claims import claim_answer, needed_answer, what_if_answer
from tracker.schemas.targets import targets_answer
from tracker.schemas.values import Plain
from tracker.storage import repository
from tracker.storage.database import make_engine

F = TypeVar("F", bound=Callable[..., Any])
STATUS_CSV = (
    "instrument", "as_of", "signatories", "parties", "bound", "undated", "signed_undated", "threshold.required",
    "threshold.counted", "threshold.remaining", "threshold.reached_on", "threshold.reached_by",
    "entry_into_force.status", "entry_into_force.date", "entry_into_force.official", "entry_into_force.article",
    "entry_into_force.why",
)  # fmt: skip
STATUS_TABLE = {
    "Instrument": "name", "Signatories": "signatories", "Parties": "parties", "Bound": "bound",
    "Required": "threshold.required", "Remaining": "threshold.remaining", "Entry into force": "entry_into_force.date",
    "Status": "entry_into_force.status",
}  # fmt: skip
STANDING_TABLE = {
    "Participant": "name", "Signature": "signature", "Consent": "consent", "Act": "action",
    "Bound since": "bound_since", "Withdrawal": "withdrawal", "Status": "status",
}  # fmt: skip
STANDING_CSV = (
    "participant", "name", "status", "signature", "consent", "action", "bound_since", "bound_until", "withdrawal",
    "undated", "sources", "doubts",
)  # fmt: skip
PROFILE_TABLE = {"Instrument": "instrument_name", **{k: v for k, v in STANDING_TABLE.items() if k != "Participant"}}
DEADLINE_CSV = (
    "instrument", "deposit.bound_by", "deposit.last_day", "deposit.binds_on", "withdrawal.notified",
    "withdrawal.earliest_notice", "withdrawal.window_closes", "withdrawal.effect", "withdrawal.obligations_until",
)  # fmt: skip
PROFILE_CSV = ("instrument", "instrument_name", *STANDING_CSV[2:])


class DateType(click.ParamType[date, Any]):
    """A day written as 2003-07-01."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(value) if len(value) == 10 else self.fail(f"'{value}' is not YYYY-MM-DD.")
        except ValueError:
            self.fail(f"'{value}' is not a day of the calendar, written YYYY-MM-DD.")


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
        print_answer(form, rows, rows, STATUS_CSV, lambda: _show_statuses(title, rows))
        return
    answer = status_answer(ledger, instrument)
    print_answer(form, answer, [answer], STATUS_CSV, lambda: _show_status(ledger, answer))


def _show_statuses(title: str, rows: list[Plain]) -> None:
    output.table(title, rows, STATUS_TABLE)
    for row in rows:
        if lost := _without_a_day(row):
            output.line(f"{row['name']}: {lost}")


def _without_a_day(answer: Plain) -> str:
    """What the record holds of signatures and consents whose day it lacks, in a sentence; empty if there is none."""
    lost = [(answer["signed_undated"], "signature"), (answer["undated"], "consent")]
    words = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in lost if number]
    return f"{' and '.join(words)} without a day in the record: shown, and on no count." if words else ""


def _show_status(ledger: Ledger, answer: Plain) -> None:
    whole = instrument_answer(ledger, answer["instrument"])
    entry, threshold = answer["entry_into_force"], answer["threshold"]
    reference = f" ({answer['reference']})" if answer["reference"] else ""
    output.line(f"{answer['title']}{reference}", style="bold")
    output.line(f"As of {answer['as_of']}: {answer['signatories']} signatories, {answer['parties']} parties, "
                  f"{answer['bound']} bound.")  # fmt: skip
    if threshold["required"] is not None:
        output.line(f"Threshold: {threshold['counted']} deposits count, {threshold['required']} required.")
    output.line(f"Entry into force: {entry['status']}" + (f", {entry['date']}" if entry["date"] else "")
                  + (f" (depositary: {entry['official']})" if entry["official"] else "") + ".")  # fmt: skip
    output.line(entry["why"])
    output.line(whole["clause"]["words"], style="dim")
    if lost := _without_a_day(answer):
        output.line(lost)
    output.table("", whole["participants"], STANDING_TABLE)


@click.command()
@click.argument("code")
@query_options
@click.pass_obj
def participant(settings: Settings, code: str, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Where a participant stands on every instrument, and what it misses."""
    answer = participant_answer(ledger_of(settings, as_of, known_at), code)

    def show() -> None:
        output.table(f"{answer['name']} as of {answer['as_of']}", answer["instruments"], PROFILE_TABLE)
        for gap in answer["gaps"]:
            output.line(f"  {gap['instrument_name']}: {gap['gap']}")

    print_answer(form, answer, answer["instruments"], PROFILE_CSV, show)


@click.command()
@click.argument("instrument", required=False, default="")
@query_options
@click.pass_obj
def check(settings: Settings, instrument: str, as_of: date | None, known_at: datetime | None, form: str) -> int:
    """Check the record against treaty law and itself; exits with 1 if there are findings."""
    ledger = ledger_of(settings, as_of, known_at)
    answer = check_answer(ledger, ledger.day or today(), instrument)
    columns = ("check", "severity", "instrument", "participants", "text", "source")

    def show() -> None:
        found = [each for each in answer["checks"] if each["count"]]
        title = f"{answer['count']} findings as of {answer['as_of']}"
        output.table(title, found, {"Check": "words", "Severity": "severity", "Findings": "count"})
        for finding in answer["findings"]:
            output.line(f"{finding['severity']:8}{finding['check']}: {finding['text']}")

    print_answer(form, answer, answer["findings"], columns, show)
    return 1 if answer["count"] else 0


@click.command(name="what-if")
@click.argument("instrument")
@click.argument("deposits", nargs=-1, metavar="CHOICE[=DAY]...")
@click.option("--withdraw", multiple=True, metavar="CODE=DAY", help="Suppose a withdrawal notified on a day.")
@click.option("--threshold", type=click.IntRange(1, 1000), help="Suppose another number of deposits required.")
@click.option("--delay", help="Suppose another delay, such as 90d or 3m+month.")
@click.option("--organizations/--no-organizations", default=None, help="Suppose that organizations' deposits count.")
@query_options
@click.pass_obj
def what_if(
    settings: Settings, instrument: str, deposits: tuple[str, ...], withdraw: tuple[str, ...], threshold: int | None,
    delay: str | None, organizations: bool | None, as_of: date | None, known_at: datetime | None, form: str,
) -> None:  # fmt: skip
    """What would follow if these deposited: codes, signatories, region:Africa, group:..., or body:coe."""
    ledger = ledger_of(settings, as_of, known_at)
    supposed = [*_supposed(ledger, instrument, deposits), *_withdrawals(ledger, withdraw)]
    terms = HypotheticalTerms(threshold=threshold, delay=delay, organizations_count=organizations)
    answer = what_if_answer(ledger, run_scenario(ledger, instrument, supposed, terms))
    columns = ("participant", "name", "deposit", "bound_since", "why")
    print_answer(form, answer, answer["own_dates"], columns, lambda: _show_what_if(answer))


def _supposed(ledger: Ledger, instrument: str, choices: tuple[str, ...]) -> list[HypotheticalAction]:
    found: dict[str, HypotheticalAction] = {}
    for choice, day in (_split(each, ledger.horizon) for each in choices):
        found |= {code: HypotheticalAction(code, day) for code in participants_chosen(ledger, instrument, choice)}
    return list(found.values())


def _withdrawals(ledger: Ledger, choices: tuple[str, ...]) -> list[HypotheticalAction]:
    return [
        HypotheticalAction(code, day, withdraws=True)
        for code, day in (_split(each, ledger.horizon) for each in choices)
    ]


def _split(text: str, default: date) -> tuple[str, date]:
    choice, _, day = text.partition("=")
    wrong = BadQuestion(f"'{day}' in '{text}' is not a day: write YYYY-MM-DD.")
    if day and len(day) != len("2003-07-01"):
        raise wrong
    try:
        return choice, date.fromisoformat(day) if day else default
    except ValueError:
        raise wrong from None


def _show_what_if(answer: Plain) -> None:
    sides = [{"side": side, **answer[side]} for side in ("before", "after")]
    columns = {"": "side", "As of": "as_of", "Signatories": "signatories", "Parties": "parties", "Bound": "bound",
               "Remaining": "threshold.remaining", "Entry into force": "entry_into_force.date",
               "Status": "entry_into_force.status"}  # fmt: skip
    output.table(answer["name"], sides, columns)
    output.line(answer["after"]["entry_into_force"]["why"])
    if answer["own_dates"]:
        output.table(
            "", answer["own_dates"], {"Participant": "name", "Deposit": "deposit", "Bound since": "bound_since"}
        )
    for each in answer["consequences"]:
        output.line(f"{each['instrument_name']}, {each['name']}: {each['status']}. {each['why']}", style="bold")
    for finding in answer["new_findings"]:
        output.line(f"New finding: {finding['text']}", style="bold")


@click.command()
@click.argument("instrument")
@click.option("--bound-by", type=DateType(), help="The day by which a depositor wants to be bound.")
@click.option("--notified-on", type=DateType(), help="The day on which a denunciation is notified.")
@query_options
@click.pass_obj
def deadline(
    settings: Settings, instrument: str, bound_by: date | None, notified_on: date | None,
    as_of: date | None, known_at: datetime | None, form: str,
) -> None:  # fmt: skip
    """The last day to deposit so as to be bound by a day, and when a denunciation would take effect."""
    answer = deadlines_answer(ledger_of(settings, as_of, known_at), instrument, bound_by, notified_on)

    def show() -> None:
        output.line(answer.name, style="bold")
        if answer.deposit:
            output.line(answer.deposit.why)
        output.line(f"Denunciation notified on {in_words(answer.withdrawal.notified)}: {answer.withdrawal.why}")

    print_answer(form, answer, [answer], DEADLINE_CSV, show)


@click.command()
@click.argument("instrument")
@click.option("--signatories", type=click.IntRange(0, 9999), help="How many signatories the figure says.")
@click.option("--parties", type=click.IntRange(0, 9999), help="How many parties the figure says.")
@query_options
@click.pass_obj
def claim(
    settings: Settings, instrument: str, signatories: int | None, parties: int | None,
    as_of: date | None, known_at: datetime | None, form: str,
) -> None:  # fmt: skip
    """The days on which a published figure was true, or how near it came."""
    ledger = ledger_of(settings, as_of, known_at)
    answer = claim_answer(hold_claim(ledger, instrument, signatories=signatories, parties=parties))
    print_answer(form, answer, answer["spans"], ("from", "to"), lambda: output.line(answer["why"]))


@click.command()
@query_options
@click.pass_obj
def needed(settings: Settings, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Instruments not yet in force, by fewest deposits remaining, and who could tip them."""
    ledger = ledger_of(settings, as_of, known_at)
    rows = needed_answer(ledger, still_needed(ledger))

    def show() -> None:
        if not rows:
            output.line("No instrument is pending.")
        for row in rows:
            could = f"{len(row['could_tip'])} signatories could bring them"
            others = f"{row['others']} others are entitled to accede"
            output.line(f"{row['name']}: {row['remaining']} more deposits needed; {could}, and {others}.", style="bold")
            output.table(
                "", row["waiting"], {"Signatory": "name", "Signed": "signature", "Days": "days_since_signature"}
            )

    columns = ("instrument", "name", "remaining", "threshold.required", "threshold.counted", "others")
    print_answer(form, rows, rows, columns, show)


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
@query_options
@click.pass_obj
def targets(settings: Settings, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Goals and reported figures against the record: computed, verdict, working."""
    answer = targets_answer(ledger_of(settings, as_of, known_at))
    print_answer(form, answer, answer["targets"], TARGETS_CSV, lambda: _show_targets(answer))


def _show_targets(answer: Plain) -> None:
    """What the record computes, by goal; what it cannot compute is counted and left to the other formats."""
    counted = [each for each in answer["targets"] if each["computed"] is not None]
    for goal in dict.fromkeys(each["goal"] for each in counted):
        rows = [each for each in counted if each["goal"] == goal]
        output.table(f"{goal}, as of {answer['as_of']}", rows, TARGETS_TABLE)
    numbers = (f"{number} {verdict}" for verdict, number in answer["verdicts"].items() if number)
    output.line(f"{answer['count']} figures: {', '.join(numbers)}." if answer["count"] else "The record has no figure.")


@click.command()
@click.argument("scheme", required=False)
@query_options
@click.pass_obj
def assessments(
    settings: Settings, scheme: str | None, as_of: date | None, known_at: datetime | None, form: str
) -> None:
    """Who is judged under a scheme such as fatf-grey or tip-tier; without one, every scheme."""
    ledger = ledger_of(settings, as_of, known_at)
    if scheme is None:
        rows = schemes_answer(ledger)
        columns = ("scheme", "body", "body_name", "values", "size", "judgements", "unverified")
        print_answer(form, rows, rows, columns, lambda: output.table(f"As of {ledger.day}", rows, SCHEMES_TABLE))
        return
    answer = scheme_answer(ledger, scheme)
    print_answer(form, answer, answer["held"], HELD_CSV, lambda: _show_scheme(answer))


def _show_scheme(answer: Plain) -> None:
    output.table(f"{answer['scheme']} of {answer['body_name']}, as of {answer['as_of']}", answer["held"], HELD_TABLE)
    edition = f" of the {answer['edition']} edition" if answer["edition"] else ""
    output.line(f"{answer['size']} on it on {answer['as_of']}.")
    if answer["absent"]:
        output.line(f"The record lacks {', '.join(answer['absent'])}{edition}.", style="bold")
    for each in answer["rounds"]:
        output.line(f"{each['value']}: {each['from'] or '?'} to {each['to'] or 'an open end'}")


@click.command()
@click.argument("query")
@query_options
@click.pass_obj
def select(settings: Settings, query: str, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Participants that meet every condition of QUERY, such as member=greco;not-party=coe-173."""
    answer = selection_answer(ledger_of(settings, as_of, known_at), query)
    rows = [
        *({**each, "decided": True} for each in answer["participants"]),
        *({**each, "decided": False} for each in answer["undecided"]),
    ]
    print_answer(form, answer, rows, FOUND_CSV, lambda: _show_found(answer))


def _show_found(answer: Plain) -> None:
    output.line(f"{answer['words']}, as of {answer['as_of']}: {answer['count']}.", style="bold")
    output.table("", answer["participants"], {"Participant": "name", "Because": "facts"})
    if answer["undecided"]:
        output.line(f"Of {len(answer['undecided'])} more the record cannot tell:")
        output.table("", answer["undecided"], {"Participant": "name", "Known": "facts"})
