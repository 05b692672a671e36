"""Commands that ask the record: participant, what-if, deadline, claim, needed, targets, assessments, select."""

from __future__ import annotations

from datetime import date, datetime

import click

from tracker.cli import output
from tracker.cli.query_options import DateType, ledger_of, print_answer, query_options
from tracker.cli.status import STANDING_TABLE
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.law.claims import check_claim as hold_claim
from tracker.law.dates import in_words
from tracker.law.gaps import pending_instruments as still_needed
from tracker.law.ledger import Ledger
from tracker.law.scenarios import HypotheticalAction, HypotheticalTerms, participants_chosen, run_scenario
from tracker.schemas.assessments import AssessmentItem, SchemeAnswer, SchemeCourses, scheme_answer, schemes_answer
from tracker.schemas.deadlines import Deadlines, deadlines_answer
from tracker.schemas.formats import columns_of
from tracker.schemas.participants import ProfileRow, participant_answer
from tracker.schemas.queries import QueryAnswer, QueryRow, selection_answer
from tracker.schemas.relations import RelationAnswer, relation_answer
from tracker.schemas.scenarios_and_claims import Needed, OwnDate, WhatIf, claim_answer, needed_answer, what_if_answer
from tracker.schemas.targets import TargetList, TargetStatus, targets_answer
from tracker.schemas.values import Span

PROFILE_TABLE = {"Instrument": "instrument_name", **{k: v for k, v in STANDING_TABLE.items() if k != "Participant"}}


@click.command()
@click.argument("code")
@query_options
@click.pass_obj
def participant(settings: Settings, code: str, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """The status of a participant for every instrument, and the treaties to which it is not a party."""
    answer = participant_answer(ledger_of(settings, as_of, known_at), code)

    def show() -> None:
        output.table(f"{answer.name} as of {answer.as_of}", answer.instruments, PROFILE_TABLE)
        for gap in answer.gaps:
            output.line(f"  {gap.instrument_name}: {gap.gap}")

    print_answer(form, answer, answer.instruments, ProfileRow.BRIEF_COLUMNS, show)


@click.command(name="what-if")
@click.argument("instrument")
@click.argument("deposits", nargs=-1, metavar="CHOICE[=DAY]...")
@click.option("--withdraw", multiple=True, metavar="CODE=DAY", help="Assume a withdrawal notified on a day.")
@click.option("--threshold", type=click.IntRange(1, 1000), help="Assume another number of deposits required.")
@click.option("--delay", help="Assume another delay, such as 90d or 3m+month.")
@click.option("--organizations/--no-organizations", default=None, help="Assume that organizations' deposits count.")
@query_options
@click.pass_obj
def what_if(
    settings: Settings, instrument: str, deposits: tuple[str, ...], withdraw: tuple[str, ...], threshold: int | None,
    delay: str | None, organizations: bool | None, as_of: date | None, known_at: datetime | None, form: str,
) -> None:  # fmt: skip
    """What would follow if these deposited: codes, signatories, region:Africa, group:..., or body:coe."""
    ledger = ledger_of(settings, as_of, known_at)
    supposed = [*_hypothetical_actions(ledger, instrument, deposits), *_withdrawals(ledger, withdraw)]
    terms = HypotheticalTerms(threshold=threshold, delay=delay, organizations_count=organizations)
    answer = what_if_answer(ledger, run_scenario(ledger, instrument, supposed, terms))
    print_answer(form, answer, answer.own_dates, columns_of(OwnDate), lambda: _show_what_if(answer))


def _hypothetical_actions(ledger: Ledger, instrument: str, choices: tuple[str, ...]) -> list[HypotheticalAction]:
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


def _show_what_if(answer: WhatIf) -> None:
    sides = [{"side": "before", **vars(answer.before)}, {"side": "after", **vars(answer.after)}]
    columns = {"": "side", "As of": "as_of", "Signatories": "signatories", "Parties": "parties", "Bound": "bound",
               "Remaining": "threshold.remaining", "Entry into force": "entry_into_force.date",
               "Status": "entry_into_force.status"}  # fmt: skip
    output.table(answer.name, sides, columns)
    output.line(answer.after.entry_into_force.why)
    if answer.own_dates:
        output.table("", answer.own_dates, {"Participant": "name", "Deposit": "deposit", "Bound since": "bound_since"})
    for each in answer.consequences:
        output.line(f"{each.instrument_name}, {each.name}: {each.status}. {each.why}", style="bold")
    for finding in answer.new_findings:
        output.line(f"New data note: {finding.text}", style="bold")


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
        output.line(f"Withdrawal (denunciation): {answer.withdrawal.why}")

    print_answer(form, answer, [answer], Deadlines.BRIEF_COLUMNS, show)


@click.command()
@click.argument("instrument")
@click.argument("one")
@click.argument("other")
@query_options
@click.pass_obj
def between(
    settings: Settings, instrument: str, one: str, other: str, as_of: date | None, known_at: datetime | None, form: str
) -> None:
    """Whether a treaty is in force between two participants: since when, on what ground, with which reservations."""
    answer = relation_answer(ledger_of(settings, as_of, known_at), instrument, one, other)
    print_answer(form, answer, [answer], columns_of(RelationAnswer), lambda: _show_between(answer))


def _show_between(answer: RelationAnswer) -> None:
    since = f" since {in_words(answer.since)}" if answer.since else ""
    latest = " at the latest" if answer.since and not answer.exact else ""
    until = f", until {in_words(answer.until)}" if answer.until else ""
    output.line(f"{answer.instrument_name}: {answer.one_name} and {answer.other_name}", style="bold")
    output.line(f"{answer.words}{since}{latest}{until}.")
    for step in answer.steps:
        output.line(f"  {step.text}{f' (art. {step.article})' if step.article else ''}")
    for each in answer.effects:
        article = f", article {'; '.join(each.provisions)}" if each.provisions else ""
        output.line(f"Reservation of {each.name}{article}: {each.reservation.said}", style="bold")
        ground = f" (art. {each.article})"
        output.line(f"  {each.words} {each.why}{ground if each.article and ground not in each.why else ''}")
    for text in answer.unknown:
        output.line(text)


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
    print_answer(form, answer, answer.spans, columns_of(Span), lambda: output.line(answer.why))


@click.command()
@query_options
@click.pass_obj
def needed(settings: Settings, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Instruments not yet in force, by fewest deposits remaining, with the signatories that have not ratified."""
    ledger = ledger_of(settings, as_of, known_at)
    rows = needed_answer(ledger, still_needed(ledger))

    def show() -> None:
        if not rows:
            output.line("No instrument is pending.")
        for row in rows:
            could = f"{len(row.could_tip)} signatories have not ratified"
            others = f"{row.others} others are entitled to accede"
            output.line(f"{row.name}: {row.remaining} more deposits needed; {could}, and {others}.", style="bold")
            output.table("", row.waiting, {"Signatory": "name", "Signed": "signature", "Days": "days_since_signature"})

    print_answer(form, rows, rows, Needed.BRIEF_COLUMNS, show)


TARGETS_TABLE = {
    "By": "on", "What": "measure", "Reported": "reported", "Target": "target", "Computed": "computed",
    "Verdict": "verdict", "Working": "working",
}  # fmt: skip
SCHEMES_TABLE = {"Scheme": "scheme", "Body": "body_name", "On it": "size", "Assessments": "judgements",
                 "Unverified": "unverified"}  # fmt: skip
HELD_TABLE = {"Participant": "name", "Value": "value", "Since": "from", "Edition": "edition",
              "Unverified": "unverified"}  # fmt: skip


@click.command()
@query_options
@click.pass_obj
def targets(settings: Settings, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Targets and reported figures: computed value, result and computation."""
    answer = targets_answer(ledger_of(settings, as_of, known_at))
    print_answer(form, answer, answer.targets, TargetStatus.BRIEF_COLUMNS, lambda: _show_targets(answer))


def _show_targets(answer: TargetList) -> None:
    """What the record computes, by goal; what it cannot compute is counted and left to the other formats."""
    counted = [each for each in answer.targets if each.computed is not None]
    for goal in dict.fromkeys(each.goal for each in counted):
        rows = [each for each in counted if each.goal == goal]
        output.table(f"{goal}, as of {answer.as_of}", rows, TARGETS_TABLE)
    numbers = (f"{number} {verdict}" for verdict, number in answer.verdicts.items() if number)
    output.line(f"{answer.count} figures: {', '.join(numbers)}." if answer.count else "No figures in our data.")


@click.command()
@click.argument("scheme", required=False)
@query_options
@click.pass_obj
def assessments(
    settings: Settings, scheme: str | None, as_of: date | None, known_at: datetime | None, form: str
) -> None:
    """The participants assessed or listed under a scheme such as fatf-grey or tip-tier; without one, every scheme."""
    ledger = ledger_of(settings, as_of, known_at)
    if scheme is None:
        rows = schemes_answer(ledger)
        print_answer(
            form,
            rows,
            rows,
            columns_of(SchemeCourses),
            lambda: output.table(f"As of {ledger.day}", rows, SCHEMES_TABLE),
        )
        return
    answer = scheme_answer(ledger, scheme)
    print_answer(form, answer, answer.held, AssessmentItem.BRIEF_COLUMNS, lambda: _show_scheme(answer))


def _show_scheme(answer: SchemeAnswer) -> None:
    output.table(f"{answer.scheme} of {answer.body_name}, as of {answer.as_of}", answer.held, HELD_TABLE)
    edition = f" of the {answer.edition} edition" if answer.edition else ""
    output.line(f"{answer.size} on it on {answer.as_of}.")
    if answer.absent:
        output.line(f"Not in our data: {', '.join(answer.absent)}{edition}.", style="bold")
    for each in answer.unknown:
        output.line(f"Outcome not in our data: {each.edition or each.from_}.", style="bold")
    for each in answer.rounds:
        output.line(f"{each.value}: {each.from_ or '?'} to {each.to or 'an open end'}")


@click.command()
@click.argument("query")
@query_options
@click.pass_obj
def select(settings: Settings, query: str, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Participants that meet every condition of QUERY, such as member=greco;not-party=coe-173."""
    answer = selection_answer(ledger_of(settings, as_of, known_at), query)
    print_answer(form, answer, answer.rows, columns_of(QueryRow), lambda: _show_found(answer))


def _show_found(answer: QueryAnswer) -> None:
    output.line(f"{answer.words}, as of {answer.as_of}: {answer.number}.", style="bold")
    if answer.shortfall_words:
        output.line(answer.shortfall_words)
    output.table("", answer.participants, {"Participant": "name", "Because": "facts"})
    if answer.undecided:
        output.line(f"{len(answer.undecided)} undetermined:")
        output.table("", answer.undecided, {"Participant": "name", "Known": "facts"})
