"""Checks of statements: reservations that the treaty prohibits or that came late, statements of non-parties, objections
and withdrawals that concern nothing in the data (Vienna Convention on the Law of Treaties, arts 19 to 23).

A note says what our data have and lack. It accuses nobody: a statement to which one refers may be missing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.law.consents import consent_in_effect, signatures
from tracker.law.coverage import is_partial
from tracker.law.effects import provisional_applications
from tracker.law.entry_into_force import consents
from tracker.law.findings import Finding, FindingGroup, NamedCheck, Severity
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import CoverageAspect
from tracker.law.reference_facts import Statement, StatementKind
from tracker.law.reservations import answers, is_late, permission_of, reservations
from tracker.law.statement_changes import dated_statement_in_words
from tracker.law.statements import StatementStanding, StatementState, concerns, statement_standings
from tracker.messages import TranslatableText, message

_SAID = frozenset({
    StatementKind.RESERVATION, StatementKind.DECLARATION, StatementKind.INTERPRETATIVE_DECLARATION,
    StatementKind.NOTIFICATION, StatementKind.UNSPECIFIED,
})  # fmt: skip


def reservation_prohibited(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A reservation that the treaty does not permit, and that was not withdrawn (art. 19(a) and (b))."""
    for instrument in ledger.instruments:
        for each in _current_reservations(ledger, instrument):
            if permission_of(ledger, each.statement) == "prohibited":
                text = message(
                    "{statement}. The treaty does not permit it.",
                    statement=dated_statement_in_words(ledger, each.statement),
                )
                yield _finding("reservation-prohibited", each, text)


def reservation_late(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A reservation made after its author had consented to be bound, and not withdrawn (art. 19)."""
    for instrument in ledger.instruments:
        for each in _current_reservations(ledger, instrument):
            consent = consent_in_effect(consents(ledger, instrument).get(each.participant, ()), ledger.horizon)
            if consent and is_late(each.statement, consent):
                text = message(
                    "{statement}. Made after consent to be bound on {date}.",
                    statement=dated_statement_in_words(ledger, each.statement), date=consent.action.date,
                )  # fmt: skip
                yield _finding("reservation-late", each, text)


def objection_to_nothing(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An objection to a statement that our data do not have, or have only from a later date (art. 20)."""
    for instrument in ledger.instruments:
        every = statement_standings(ledger, instrument)
        for each in every:
            if each.statement.kind is not StatementKind.OBJECTION or each.state is StatementState.WITHDRAWN:
                continue
            for target in dict.fromkeys(each.statement.towards):
                theirs = [one for one in every if one.participant == ledger.continuing(target)]
                if not any(_may_answer(each, one.statement) for one in theirs):
                    text = message(
                        "{statement}. The statement of {state} to which it objects is not in our data.",
                        statement=dated_statement_in_words(ledger, each.statement), state=name_of(ledger, target),
                    )  # fmt: skip
                    yield _finding("objection-to-nothing", each, text)


def statement_of_non_party(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A statement whose author had neither signed nor consented to be bound by its date, nor applies the treaty."""
    for instrument in ledger.instruments:
        for each in statement_standings(ledger, instrument):
            said = each.statement
            if not said.participant or said.kind not in _SAID or each.state is StatementState.WITHDRAWN:
                continue
            if each.state is StatementState.UNDATED and ledger.horizon < today:
                continue  # it may have been made since, upon a signature that the ledger's day hides
            if not _takes_part(ledger, each):
                text = message(
                    "{statement}. A signature or a consent to be bound by that date is not in our data.",
                    statement=dated_statement_in_words(ledger, each.statement),
                )  # fmt: skip
                partial = any(is_partial(ledger, instrument, aspect) for aspect in CoverageAspect)
                yield _finding("statement-of-non-party", each, text, gap=partial)


def withdrawal_of_nothing(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A withdrawal or modification of a statement that our data do not have (arts 22 and 23)."""
    for instrument in ledger.instruments:
        every = statement_standings(ledger, instrument)
        for each in every:
            if each.statement.concerns and not any(_may_concern(each, one) for one in every):
                text = message(
                    "{statement}. What it concerns ({kind}) is not in our data.",
                    statement=dated_statement_in_words(ledger, each.statement), kind=each.statement.concerns.words,
                )  # fmt: skip
                yield _finding("withdrawal-of-nothing", each, text)


def _current_reservations(ledger: Ledger, instrument: str) -> Iterator[StatementStanding]:
    """The reservations that were not withdrawn."""
    for theirs in reservations(ledger, instrument).values():
        yield from (each.standing for each in theirs if each.standing.state is not StatementState.WITHDRAWN)


def _may_answer(objection: StatementStanding, statement: Statement) -> bool:
    """May the objection be to that statement? States also object to declarations that amount to reservations."""
    if statement.kind not in _SAID or not answers(objection, statement):
        return False
    objected, made = objection.statement.date, statement.date
    return not (objected and made) or made.first <= objected.last


def _may_concern(later: StatementStanding, earlier: StatementStanding) -> bool:
    same = later.participant == earlier.participant and not earlier.statement.kind.concerns_another
    return same and concerns(later.statement, earlier.statement)


def _takes_part(ledger: Ledger, each: StatementStanding) -> bool:
    """Had the author signed, consented or applied the treaty by the date of its statement, as far as the data tell?

    An action without a date may have been in time, and a statement without one may have come at any time.
    """
    instrument, code = each.statement.instrument, each.participant
    if any(ledger.continuing(act.participant) == code for act in ledger.undated(instrument)):
        return True
    signed = signatures(ledger, instrument).get(code)
    applied = provisional_applications(ledger, instrument).get(code)
    spells = consents(ledger, instrument).get(code, ())
    begun = [each.action.date for each in spells] + [act.date for act in (signed, applied and applied.action) if act]
    made = each.statement.date
    if made is None:
        return bool(begun)
    left = bool(spells) and all(spell.ends_on is not None and spell.ends_on <= made.first for spell in spells)
    return not left and any(day is None or day.first <= made.last for day in begun)


def _finding(check: str, each: StatementStanding, text: TranslatableText, *, gap: bool = False) -> Finding:
    """A note on a statement; one of which our data are in doubt, or that a gap explains, is a gap in our data."""
    who = (each.statement.participant,) if each.statement.participant else ()
    group = FindingGroup.GAP if gap or each.statement.doubt else None
    return Finding(check, text, each.statement.instrument, who, (), each.statement.source, group=group)


_W, _N = Severity.WARNING, Severity.NOTE
_RULE, _GAP = FindingGroup.RULE_BREAK, FindingGroup.GAP
STATEMENT_CHECKS: dict[str, NamedCheck] = {
    "reservation-prohibited": NamedCheck(
        message("Reservation that the treaty does not permit"), _W, _RULE, reservation_prohibited
    ),
    "reservation-late": NamedCheck(message("Reservation after consent to be bound"), _W, _RULE, reservation_late),
    "objection-to-nothing": NamedCheck(
        message("Objection to a statement not in our data"), _N, _GAP, objection_to_nothing
    ),
    "statement-of-non-party": NamedCheck(
        message("Statement without a signature or consent in our data"), _W, _RULE, statement_of_non_party
    ),
    "withdrawal-of-nothing": NamedCheck(
        message("Withdrawal of a statement not in our data"), _N, _GAP, withdrawal_of_nothing
    ),
}  # fmt: skip
