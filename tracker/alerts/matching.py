"""Which subscription asks to hear of which change: pure questions about one of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tracker.alerts.subscribers import Subscription
from tracker.law.changes import Change, ChangeKind


class AlertCondition(StrEnum):
    """What must happen before somebody is told."""

    REACHES = "reaches"
    TO_GO = "to-go"
    THRESHOLD = "threshold-met"
    DATE = "date-fixed"
    COUNTDOWN = "days-before"
    ACTS = "acts"
    FINDING = "finding-opens"

    @property
    def numbered(self) -> bool:
        """Does it need a number?"""
        return self in (AlertCondition.REACHES, AlertCondition.TO_GO, AlertCondition.COUNTDOWN)


_K = ChangeKind
GROUPS: Mapping[str, tuple[str, frozenset[ChangeKind]]] = {
    "acts": ("Signatures, deposits, withdrawals", frozenset({_K.ACT_RECORDED, _K.ACT_DONE})),
    "corrections": ("Corrections and retractions", frozenset({_K.ACT_CORRECTED, _K.ACT_RETRACTED})),
    "standing": (
        "The standing of participants",
        frozenset({_K.SIGNED, _K.APPLIED, _K.CONSENTED, _K.BOUND, _K.WITHDREW, _K.STANDING_ENDED}),
    ),
    "counts": ("Counts of signatories, parties, deposits", frozenset({_K.SIGNATORIES, _K.PARTIES, _K.COUNTED})),
    "entry": (
        "Threshold and entry into force",
        frozenset({
            _K.THRESHOLD_REACHED, _K.THRESHOLD_UNDONE, _K.DATE_FIXED, _K.DATE_MOVED, _K.DATE_UNFIXED,
            _K.ENTERED_INTO_FORCE, _K.TERMINATED,
        }),
    ),
    "judgements": (
        "Lists and reviews by bodies",
        frozenset({_K.LISTED, _K.DELISTED, _K.REASSESSED, _K.ROUND_BEGUN, _K.ROUND_ENDED}),
    ),
    "findings": ("Findings of the checks", frozenset({_K.FINDING_OPENED, _K.FINDING_CLOSED})),
}  # fmt: skip

_KINDS: Mapping[AlertCondition, frozenset[ChangeKind]] = {
    AlertCondition.THRESHOLD: frozenset({_K.THRESHOLD_REACHED}),
    AlertCondition.DATE: frozenset({_K.DATE_FIXED, _K.DATE_MOVED, _K.DATE_UNFIXED}),
    AlertCondition.COUNTDOWN: frozenset(
        {_K.DATE_MOVED, _K.DATE_UNFIXED}
    ),  # the countdown itself is the calendar's doing
    AlertCondition.ACTS: frozenset({_K.ACT_RECORDED, _K.ACT_DONE}),
    AlertCondition.FINDING: frozenset({_K.FINDING_OPENED}),
}


def matches(subscription: Subscription, change: Change) -> bool:
    """Does the subscription ask to hear of the change?"""
    return _is_about(subscription, change) and _is_wanted(subscription, change)


def _is_about(subscription: Subscription, change: Change) -> bool:
    named = ("instrument", "participant", "body")
    return all(getattr(subscription, name) in ("", getattr(change, name)) for name in named)


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
    _K.THRESHOLD_UNDONE: frozenset({_K.THRESHOLD_REACHED}),
    _K.DATE_UNFIXED: _DATES,
    _K.DATE_MOVED: _DATES,
    _K.SIGNATORIES: frozenset({_K.SIGNATORIES}),
    _K.PARTIES: frozenset({_K.PARTIES}),
    _K.COUNTED: frozenset({_K.COUNTED}),
}


def is_correction(change: Change) -> bool:
    """Is it a change of what the record says was done, so that the others on its instrument may take back something?"""
    return change.kind in (_K.ACT_RETRACTED, _K.ACT_CORRECTED)


def undoes_announced_change(subscription: Subscription, change: Change, told: Change) -> bool:
    """Does the change take back what the subscription was told? Asked only where an act was retracted or corrected."""
    if change.instrument != told.instrument or told.kind not in _TAKEN_BACK_BY.get(change.kind, frozenset()):
        return False
    if change.kind.counts:
        level = subscription.level or int(told.after)
        return change.falls_below(level) and int(told.after) >= level
    if change.kind in (_K.ACT_RETRACTED, _K.ACT_CORRECTED):
        same_act = told.kind not in _ACTS or _act(told) == _act(change)
        return change.participant == told.participant and same_act
    return True


def _act(change: Change) -> str:
    return change.about.partition(" ")[0]


# -- in words --------------------------------------------------------------------------------------


def describe_subscription(subscription: Subscription, names: Mapping[str, str] | None = None) -> str:
    """What the subscription asks to hear of: "when untoc reaches 40 parties". `names` are shown for ids and codes."""
    shown = [(names or {}).get(each, each) for each in _subjects(subscription)]
    about = ", ".join(shown) if shown else "any instrument, participant or body"
    number = subscription.number
    if not subscription.condition:
        return f"of {_kinds(subscription)} about {about}" if shown else f"of {_kinds(subscription)}"
    return {
        AlertCondition.REACHES: f"when {about if shown else 'an instrument'} reaches {number} parties",
        AlertCondition.TO_GO: f"when {about} needs only {number} more for entry into force",
        AlertCondition.THRESHOLD: f"when {about if shown else 'an instrument'} has the deposits that it needs",
        AlertCondition.DATE: f"when the day of entry into force of {about if shown else 'an instrument'} is fixed or "
        "moves",
        AlertCondition.COUNTDOWN: f"{number} days before {about if shown else 'an instrument'} enters into force",
        AlertCondition.ACTS: f"when there is an act: {about}",
        AlertCondition.FINDING: f"when a check finds something about {about}",
    }[AlertCondition(subscription.condition)]


def _subjects(subscription: Subscription) -> list[str]:
    return [each for each in (subscription.instrument, subscription.participant, subscription.body) if each]


def _kinds(subscription: Subscription) -> str:
    if not subscription.kinds:
        return "every change"
    named = [words.lower() for words, kinds in GROUPS.values() if kinds and kinds <= subscription.kinds]
    grouped = {kind for _, kinds in GROUPS.values() if kinds <= subscription.kinds for kind in kinds}
    named += sorted(ChangeKind(kind).words for kind in subscription.kinds - grouped)
    return "; ".join(named)
