"""Which subscription matches which change: pure questions about one of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tracker.alerts.subscribers import Subscription
from tracker.law.changes import Change, ChangeKind
from tracker.law.reference_facts import overlap, provisions_in
from tracker.law.wording import list_in_words
from tracker.messages import TranslatableText, message, plural


class AlertCondition(StrEnum):
    """What must happen before an alert is sent."""

    REACHES = "reaches"
    TO_GO = "to-go"
    THRESHOLD = "threshold-met"
    DATE = "date-fixed"
    COUNTDOWN = "days-before"
    ACTS = "acts"
    FINDING = "finding-opens"
    OUTLOOK_MOVES = "outlook-moves"
    OUTLOOK_CHANCE = "outlook-chance"

    @property
    def numbered(self) -> bool:
        """Does it need a number?"""
        return self in _NUMBERED

    @property
    def is_of_outlook(self) -> bool:
        """Is it met by an outlook, not by a change of the data?"""
        return self in (AlertCondition.OUTLOOK_MOVES, AlertCondition.OUTLOOK_CHANCE)


_NUMBERED = (
    AlertCondition.REACHES, AlertCondition.TO_GO, AlertCondition.COUNTDOWN, AlertCondition.OUTLOOK_MOVES,
    AlertCondition.OUTLOOK_CHANCE,
)  # fmt: skip


_K = ChangeKind
GROUPS: Mapping[str, tuple[str, frozenset[ChangeKind]]] = {
    "acts": (message("signatures, deposits and withdrawals"), frozenset({_K.ACT_RECORDED, _K.ACT_DONE})),
    "corrections": (message("corrections and removals"), frozenset({_K.ACT_CORRECTED, _K.ACT_RETRACTED})),
    "standing": (
        message("changes of status"),
        frozenset({_K.SIGNED, _K.APPLIED, _K.CONSENTED, _K.BOUND, _K.WITHDREW, _K.STANDING_ENDED}),
    ),
    "counts": (message("signatories, parties and deposits"), frozenset({_K.SIGNATORIES, _K.PARTIES, _K.COUNTED})),
    "entry": (
        message("threshold and entry into force"),
        frozenset({
            _K.THRESHOLD_REACHED, _K.THRESHOLD_UNDONE, _K.DATE_FIXED, _K.DATE_MOVED, _K.DATE_UNFIXED,
            _K.ENTERED_INTO_FORCE, _K.TERMINATED,
        }),
    ),
    "judgements": (
        message("assessments and listings"),
        frozenset({_K.LISTED, _K.DELISTED, _K.REASSESSED, _K.ROUND_BEGUN, _K.ROUND_ENDED}),
    ),
    "statements": (
        message("reservations, declarations, notifications and objections"),
        frozenset({
            _K.RESERVATION_MADE, _K.DECLARATION_MADE, _K.NOTIFICATION_MADE, _K.OBJECTION_MADE, _K.STATEMENT_MADE,
            _K.STATEMENT_WITHDRAWN, _K.STATEMENT_CORRECTED, _K.STATEMENT_RETRACTED,
        }),
    ),
    "findings": (message("data notes"), frozenset({_K.FINDING_OPENED, _K.FINDING_CLOSED})),
}  # fmt: skip

STATEMENT_KINDS = GROUPS["statements"][1]
_KINDS: Mapping[AlertCondition, frozenset[ChangeKind]] = {
    AlertCondition.THRESHOLD: frozenset({_K.THRESHOLD_REACHED}),
    AlertCondition.DATE: frozenset({_K.DATE_FIXED, _K.DATE_MOVED, _K.DATE_UNFIXED}),
    AlertCondition.COUNTDOWN: frozenset(
        {_K.DATE_MOVED, _K.DATE_UNFIXED}
    ),  # the countdown itself is the calendar's doing
    AlertCondition.ACTS: frozenset({_K.ACT_RECORDED, _K.ACT_DONE}),
    AlertCondition.FINDING: frozenset({_K.FINDING_OPENED}),
    AlertCondition.OUTLOOK_MOVES: frozenset(),  # outlooks are no changes of the data
    AlertCondition.OUTLOOK_CHANCE: frozenset(),
}


def matches(subscription: Subscription, change: Change) -> bool:
    """Does the subscription ask for an alert on the change?"""
    return _is_about(subscription, change) and _is_wanted(subscription, change)


def _is_about(subscription: Subscription, change: Change) -> bool:
    named = ("instrument", "participant", "body")
    about = all(getattr(subscription, name) in ("", getattr(change, name)) for name in named)
    return about and (change.kind not in STATEMENT_KINDS or _names(change, subscription.article))


def _names(change: Change, article: str) -> bool:
    """Is it a change of a statement on one of these provisions, a part of it, or what it is a part of?

    Without provisions every statement is meant.
    """
    named = provisions_in(change.article)
    return not article or any(overlap(each, one) for each in named for one in provisions_in(article))


def _is_wanted(subscription: Subscription, change: Change) -> bool:
    if not subscription.condition:
        return not subscription.kinds or change.kind.value in subscription.kinds
    condition = AlertCondition(subscription.condition)
    if condition is AlertCondition.REACHES:
        return change.kind is _K.PARTIES and change.reaches(subscription.level)
    if condition is AlertCondition.TO_GO:
        return change.kind is _K.COUNTED and change.reaches(subscription.level)
    return change.kind in _KINDS[condition]


# -- taking back -----------------------------------------------------------------------------------

_ACTS = frozenset({_K.ACT_RECORDED, _K.ACT_DONE, _K.ACT_CORRECTED})
_STANDINGS = frozenset({_K.SIGNED, _K.APPLIED, _K.CONSENTED, _K.BOUND, _K.WITHDREW})
_DATES = frozenset({_K.DATE_FIXED, _K.DATE_MOVED, _K.ENTERED_INTO_FORCE})
_TAKEN_BACK_BY: Mapping[ChangeKind, frozenset[ChangeKind]] = {
    _K.ACT_RETRACTED: _ACTS | _STANDINGS,
    _K.ACT_CORRECTED: _ACTS,
    _K.STATEMENT_RETRACTED: STATEMENT_KINDS - {_K.STATEMENT_RETRACTED},
    _K.STATEMENT_CORRECTED: STATEMENT_KINDS - {_K.STATEMENT_RETRACTED},
    _K.THRESHOLD_UNDONE: frozenset({_K.THRESHOLD_REACHED}),
    _K.DATE_UNFIXED: _DATES,
    _K.DATE_MOVED: _DATES,
    _K.SIGNATORIES: frozenset({_K.SIGNATORIES}),
    _K.PARTIES: frozenset({_K.PARTIES}),
    _K.COUNTED: frozenset({_K.COUNTED}),
}


def is_correction(change: Change) -> bool:
    """Is it a change of what the record says was done, so that the others on its instrument may take back something?"""
    return change.kind in (_K.ACT_RETRACTED, _K.ACT_CORRECTED, _K.STATEMENT_RETRACTED, _K.STATEMENT_CORRECTED)


def undoes_announced_change(subscription: Subscription, change: Change, earlier: Change) -> bool:
    """Does the change correct an earlier alert of the subscription? Asked only after a retraction or correction."""
    if change.instrument != earlier.instrument or earlier.kind not in _TAKEN_BACK_BY.get(change.kind, frozenset()):
        return False
    if change.kind.counts:
        level = subscription.level or int(earlier.after)
        return change.falls_below(level) and int(earlier.after) >= level
    if change.kind in (_K.ACT_RETRACTED, _K.ACT_CORRECTED):
        same_act = earlier.kind not in _ACTS or _act(earlier) == _act(change)
        return change.participant == earlier.participant and same_act
    if change.kind in STATEMENT_KINDS:
        return (change.participant, change.article, _act(change)) == (
            earlier.participant, earlier.article, _act(earlier),
        )  # fmt: skip
    return True


def _act(change: Change) -> str:
    return change.about.partition(" ")[0]


# -- in words --------------------------------------------------------------------------------------


def describe_subscription(subscription: Subscription, names: Mapping[str, str] | None = None) -> TranslatableText:
    """What a subscription is for, as it follows "alerts": `when UNTOC reaches 40 parties`.

    `names` are shown for ids and codes.
    """
    shown = [(names or {}).get(each, each) for each in _subjects(subscription)]
    if not subscription.condition:
        kinds = _kinds(subscription)
        if subscription.article:
            article = subscription.article
            kinds = message("{changes} (statements: only on article {article})", changes=kinds, article=article)
        if shown:
            return message("about {subjects}: {changes}", subjects=shown, changes=kinds)
        return message("about all treaties, States and bodies: {changes}", changes=kinds)
    return _describe_condition(subscription, list_in_words(shown) if shown else message("any treaty"))


def _describe_condition(subscription: Subscription, about: str) -> TranslatableText:
    values: dict[str, Any] = {"subject": about}
    match AlertCondition(subscription.condition):
        case AlertCondition.REACHES:
            return plural(
                "when {subject} reaches {n} party", "when {subject} reaches {n} parties", subscription.number, **values
            )
        case AlertCondition.TO_GO:
            return plural(
                "when {subject} is {n} deposit from entry into force",
                "when {subject} is {n} deposits from entry into force",
                subscription.number, **values,
            )  # fmt: skip
        case AlertCondition.THRESHOLD:
            return message("when {subject} meets its threshold", **values)
        case AlertCondition.DATE:
            return message("when the date of entry into force of {subject} is set or changed", **values)
        case AlertCondition.COUNTDOWN:
            return plural(
                "{n} day before the entry into force of {subject}", "{n} days before the entry into force of {subject}",
                subscription.number, **values,
            )  # fmt: skip
        case AlertCondition.OUTLOOK_MOVES:
            return plural(
                "when the median date in the outlook of {subject} moves by more than {n} month",
                "when the median date in the outlook of {subject} moves by more than {n} months",
                subscription.number, **values,
            )  # fmt: skip
        case AlertCondition.OUTLOOK_CHANCE:
            return message(
                "when the chance that {subject} meets its threshold within a year passes {chance} %",
                chance=subscription.number, **values,
            )  # fmt: skip
        case AlertCondition.ACTS:
            return message("for any treaty action: {subject}", **values)
    return message("for new data notes: {subject}", **values)


def _subjects(subscription: Subscription) -> list[str]:
    return [each for each in (subscription.instrument, subscription.participant, subscription.body) if each]


def _kinds(subscription: Subscription) -> TranslatableText:
    if not subscription.kinds:
        return message("all changes")
    named: list[str] = [words for words, kinds in GROUPS.values() if kinds and kinds <= subscription.kinds]
    grouped = {kind for _, kinds in GROUPS.values() if kinds <= subscription.kinds for kind in kinds}
    named += sorted(ChangeKind(kind).words for kind in subscription.kinds - grouped)
    return list_in_words(named)
