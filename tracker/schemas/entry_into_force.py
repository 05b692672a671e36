"""Answers about the entry into force of an instrument: the threshold, the day, and how it follows from the deposits."""

from __future__ import annotations

from tracker.law.action_index import sort_actions
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Action
from tracker.law.threshold import EntryIntoForce, ForceStatus, ThresholdStatus
from tracker.schemas.values import Code, ExactDay, Number, Step, TreatyAction, action_answer, answer_model


@answer_model
class Threshold:
    """What must have been deposited, and how far it is."""

    required: Number | None
    counted: Number
    remaining: int | None
    reached_on: ExactDay | None
    reached_by: list[Code]


@answer_model
class EntryIntoForceDetail:
    """The entry into force: computed, as the depositary states it, and why."""

    status: ForceStatus
    date: ExactDay | None
    official: ExactDay | None
    article: str
    why: str


@answer_model
class Progress:
    """How far one condition is met."""

    words: str
    have: str
    need: str
    met: bool | None


@answer_model
class NotCounted(TreatyAction):
    """A deposit that does not count towards the threshold, and the reason."""

    reason: str


@answer_model
class Explanation:
    """How the entry into force follows from the deposits."""

    basis: str
    ended_on: ExactDay | None
    steps: list[Step]
    progress: list[Progress]
    missing: list[str]
    triggered_by: list[TreatyAction]
    counted: list[TreatyAction]
    not_counted: list[NotCounted]


def threshold_answer(reached: ThresholdStatus) -> Threshold:
    """A threshold, and how far it is."""
    return Threshold(
        required=reached.required,
        counted=reached.counted,
        remaining=reached.remaining,
        reached_on=reached.reached_on,
        reached_by=list(reached.reached_by),
    )


def entry_answer(entry: EntryIntoForce) -> EntryIntoForceDetail:
    """The day of entry into force, computed and as the depositary states it."""
    return EntryIntoForceDetail(
        status=entry.status, date=entry.date, official=entry.official, article=entry.article, why=entry.why
    )


def working_answer(ledger: Ledger, instrument: str) -> Explanation:
    """How the entry into force follows from the deposits: steps, progress, which deposits count and which do not."""
    entry = entry_into_force(ledger, instrument)
    return Explanation(
        basis=entry.basis,
        ended_on=entry.ended_on,
        steps=[Step(about=step.about, text=step.text, day=step.day) for step in entry.steps],
        progress=[Progress(words=p.words, have=p.have, need=p.need, met=p.met) for p in entry.progress],
        missing=list(entry.missing),
        triggered_by=[action_answer(ledger, act) for act in _triggers(ledger, instrument, entry.threshold)],
        counted=[action_answer(ledger, act) for act in sorted(entry.counted, key=sort_actions)],
        not_counted=[
            NotCounted(**vars(action_answer(ledger, each.action)), reason=each.reason) for each in entry.not_counted
        ],
    )


def _triggers(ledger: Ledger, instrument: str, reached: ThresholdStatus) -> list[Action]:
    return [
        act
        for act in ledger.acts(instrument)
        if act.kind.consents and act.counts_from == reached.reached_on and act.participant in reached.reached_by
    ]
