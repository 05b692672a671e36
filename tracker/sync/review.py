"""Deciding an item of the review queue: accepting changes the record, rejecting closes the item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Fact
from tracker.law.reference_facts import Statement, StatementKind
from tracker.storage import audit_log, change_log, repository
from tracker.storage.audit_log import Actor
from tracker.storage.change_log import Announce
from tracker.storage.database import write_transaction
from tracker.storage.repository import RecordOutcome
from tracker.sync import review_queue
from tracker.sync.comparison import PrintedAction, compare_actions, covers, kinds_agree
from tracker.sync.reconcile import action_of
from tracker.sync.review_queue import Discrepancy, Proposal, ReviewItem, ReviewState, fingerprint
from tracker.sync.statement_comparison import UNDATED
from tracker.sync.text_sections import MAX_NOTICE_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecision:
    """What an editor says: who it is and why; `code` whose act it is; when it ended (`on`, and `effective`).

    `actor` is how the log names who says it; without one the decision is only kept with the held act.
    """

    who: str
    note: str
    actor: Actor | None = None
    code: str = ""
    on: PartialDate | None = None
    effective: PartialDate | None = None

    def __post_init__(self) -> None:
        if not self.who.strip() or not self.note.strip():
            raise BadQuestion("A decision needs a name and a note: say who decides, and why.")
        if not f"{self.who}{self.note}".isprintable():
            raise BadQuestion("A decision's name and note are one line of printable characters each.")


def reject(engine: Engine, id: int, word: ReviewDecision, *, moment: datetime) -> ReviewItem:
    """Put the held act aside for good. NotFound if there is none; BadQuestion if it is decided already."""
    with write_transaction(engine) as connection:
        each = _open_item(connection, id)
        review_queue.close_item(
            connection,
            id,
            ReviewState.REJECTED,
            who=word.who,
            note=word.note,
            moment=moment,
            code=each.doubt.participant,
        )
        what = f"{id} ({each.doubt.instrument}, {each.doubt.name})"
        audit_log.audit_by(word.actor, "reject held act", what, moment)(connection)
        return review_queue.get_item(connection, id)


def accept(
    engine: Engine, id: int, word: ReviewDecision, *, moment: datetime, announce: Announce
) -> tuple[ReviewItem, RecordOutcome]:
    """Do what the file asked for, as the editor explains it; the held act as it is now, and what the record did.

    NotFound for a held act or a participant that there is not; BadQuestion if it is decided already,
    if it is not known whose act it is, or since when it no longer holds.
    """
    change_log.run_day_turn(engine, moment.date(), moment=moment, announce=announce)
    with write_transaction(engine) as connection:
        doubt, facts = _open_item(connection, id).doubt, repository.live_facts_in(connection)
        ledger = Ledger(facts)
        whole = doubt.proposal is Proposal.TAKE_IN
        code = "" if whole else ledger.participant(_whose(doubt, word)).code
        _refuse_what_is_to_come(word, moment.date())
        going, coming = ((), ()) if whole else _asked_for(ledger, doubt, code, word, moment.date())
        what = f"held act {id} accepted by {word.who}: {word.note}"
        outcome = repository.replace_facts(connection, going, coming, what=what, moment=moment)
        if outcome.changed:
            change_log.log_differences(connection, ledger, outcome, moment=moment, announce=announce)
        review_queue.close_item(
            connection, id, ReviewState.ACCEPTED, who=word.who, note=word.note, moment=moment, code=code
        )
        audit_log.audit_by(word.actor, "accept held act", f"{id} ({doubt.instrument}, {code})", moment)(connection)
        return review_queue.get_item(connection, id), outcome


def _refuse_what_is_to_come(word: ReviewDecision, today: date) -> None:
    """A notice that is yet to be given is no act; one given takes effect within years, not ages."""
    if word.on and word.on.first > today:
        raise BadQuestion(f"A withdrawal on {word.on} is yet to come: record it when it was notified.")
    if word.on and word.effective and word.effective.last < word.on.first:
        raise BadQuestion(f"A withdrawal cannot take effect on {word.effective}, before its notice of {word.on}.")
    if word.effective and word.effective.first.year > (word.on.last if word.on else today).year + MAX_NOTICE_YEARS:
        raise BadQuestion(
            f"A withdrawal that takes effect on {word.effective}, more than {MAX_NOTICE_YEARS} years after its notice, "
            "is a slip of the pen: correct the year."
        )


def _open_item(connection: Connection, id: int) -> ReviewItem:
    each = review_queue.get_item(connection, id)
    if each.state is not ReviewState.OPEN:
        by = f" by {each.decided_by}" if each.decided_by else ""
        raise BadQuestion(f"Held act {id} was {each.state.value}{by} already.")
    return each


def _whose(doubt: Discrepancy, word: ReviewDecision) -> str:
    if not (code := word.code or doubt.participant):
        raise BadQuestion(f"It is not known who '{doubt.name}' is: say whose act it is with its code.")
    return code


def _asked_for(
    ledger: Ledger, doubt: Discrepancy, code: str, word: ReviewDecision, today: date
) -> tuple[Sequence[Fact], Sequence[Fact]]:
    """The facts to go and to come."""
    if isinstance(doubt.kind, StatementKind):
        return _statement_asked_for(ledger, doubt, code, word, today)
    if doubt.proposal is Proposal.RETRACT:
        same = (doubt.instrument, code, doubt.kind, doubt.date, "")
        acts = (*ledger.acts(doubt.instrument), *ledger.undated(doubt.instrument))
        if code != doubt.participant:
            raise BadQuestion(f"It is an act of {doubt.participant}: none of {code} is taken out in its place.")
        going = [act for act in acts if (act.instrument, act.participant, act.kind, act.date, act.territory) == same]
        if not going:
            raise BadQuestion(f"Our data have no such act of {code} (any more): there is nothing to take out.")
        return going, []
    if doubt.proposal is Proposal.END:
        return [], [*_end_act(ledger, doubt, code, word), _end(doubt, code, word)]
    return _record_decision(ledger, doubt, code, word)


def _statement_asked_for(
    ledger: Ledger, doubt: Discrepancy, code: str, word: ReviewDecision, today: date
) -> tuple[Sequence[Fact], Sequence[Fact]]:
    """A statement to record as it was printed, or one of the record with the date on which it was withdrawn."""
    assert isinstance(doubt.kind, StatementKind)
    if doubt.proposal is Proposal.RECORD:
        seen = None if doubt.date else PartialDate.parse(today.isoformat())
        return [], [
            Statement(
                instrument=doubt.instrument, participant=code, kind=doubt.kind, made_on=doubt.date, known_by=seen,
                text=doubt.raw, language="en", url=doubt.url, source=_source(doubt, word),
                doubt="" if doubt.date else UNDATED,
            )
        ]  # fmt: skip
    if word.on is None:
        raise BadQuestion(f"The file does not say when the statement of {doubt.name} ended: say the day of withdrawal.")
    wanted = fingerprint(doubt.raw)
    for held in ledger.every_statement(doubt.instrument):
        same = fingerprint(held.text or held.summary) == wanted and held.kind is doubt.kind
        if same and held.participant == code and not held.withdrawn_on:
            if held.date and word.on.last < held.date.first:
                raise BadQuestion(f"The withdrawal cannot be earlier than the statement, of {held.date}.")
            note = f"{held.source}; withdrawal: {_source(doubt, word)}"
            return [held], [replace(held, withdrawn_on=word.on, source=note)]
    raise BadQuestion(f"Our data have no such statement of {code} (any more).")


def _record_decision(
    ledger: Ledger, doubt: Discrepancy, code: str, word: ReviewDecision
) -> tuple[list[Action], list[Action]]:
    assert doubt.date is not None
    assert isinstance(doubt.kind, ActionKind)
    seen = PrintedAction(participant=code, kind=doubt.kind, date=doubt.date)
    found = compare_actions(ledger, doubt.instrument, [seen])
    source = _source(doubt, word)
    beside = [] if doubt.proposal is Proposal.CORRECT else [each for _, each in found.moved]
    instead = [*found.corrected, *(found.moved if doubt.proposal is Proposal.CORRECT else ())]
    coming = [action_of(doubt.instrument, each, source) for each in (*found.new, *beside)]
    coming += [action_of(doubt.instrument, each, source, before) for before, each in instead]
    return [before for before, _ in instead], coming


def _end_act(ledger: Ledger, doubt: Discrepancy, code: str, word: ReviewDecision) -> list[Action]:
    """The act that ended, if the record lacks it."""
    assert doubt.date is not None
    assert isinstance(doubt.kind, ActionKind)
    seen = PrintedAction(participant=code, kind=doubt.kind, date=doubt.date)
    held = (act for act in ledger.acts(doubt.instrument) if act.participant == code and not act.territory)
    known = any(act.date and kinds_agree(act.kind, seen.kind) and covers(seen.date, act.date) for act in held)
    return [] if known else [action_of(doubt.instrument, seen, _source(doubt, word))]


def _end(doubt: Discrepancy, code: str, word: ReviewDecision) -> Action:
    if word.on is None:
        raise BadQuestion(f"The file does not say when the act of {doubt.name} ended: say the day of its withdrawal.")
    if doubt.date and word.on.last < doubt.date.first:
        raise BadQuestion(f"The withdrawal of {doubt.name} cannot be earlier than the act, of {doubt.date}.")
    return Action(
        instrument=doubt.instrument, participant=code, kind=ActionKind.WITHDRAWAL, date=word.on,
        effective_on=word.effective, note=word.note, source=_source(doubt, word),
    )  # fmt: skip


def _source(doubt: Discrepancy, word: ReviewDecision) -> str:
    return f"UN Treaty Collection status file, {doubt.url}; accepted by {word.who}: {word.note}"
