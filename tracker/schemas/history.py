"""Answers about an instrument through time: counts, milestones, actions by year, dates with actions."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import field
from datetime import date
from typing import ClassVar, Literal

from tracker.law import assessments
from tracker.law.counts import ConsentsOnDate, counts_at_most, counts_over_time
from tracker.law.coverage import EVER
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action, ActionKind
from tracker.schemas.values import Code, ExactDay, Id, Number, PartDay, Span, answer_model

Group = Literal["signatures", "consents", "withdrawals", "others"]
GROUPS: tuple[Group, ...] = ("signatures", "consents", "withdrawals", "others")


@answer_model
class StepAction:
    """An action done in the days of a step: whose, of which kind, and on which date as far as that is known."""

    participant: Code
    name: str
    action: ActionKind
    date: PartDay | None


@answer_model
class HistoryStep(Span):
    """Days on which the counts stayed what they were, and the actions done in them, in their order."""

    signatories: Number
    parties: Number
    signatories_at_most: Number
    parties_at_most: Number
    actions: list[StepAction] = field(default_factory=list)

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "from", "to", "signatories", "parties", "signatories_at_most", "parties_at_most",
    )  # fmt: skip


@answer_model
class Milestone:
    """A day that matters for an instrument as a whole."""

    day: ExactDay
    what: str
    instrument: Id
    instrument_name: str


@answer_model
class YearCounts:
    """How many acts of each sort were done in a year."""

    year: int
    signatures: Number
    consents: Number
    withdrawals: Number
    others: Number


@answer_model
class History:
    """An instrument's counts over time."""

    instrument: Id
    name: str
    as_of: ExactDay | None
    threshold: Number | None
    steps: list[HistoryStep]
    milestones: list[Milestone]
    years: list[YearCounts]


@answer_model
class ActionDates:
    """The days with acts, each with how many, and the milestones among them."""

    instrument: str | None
    participant: str | None
    first: ExactDay | None
    days: list[tuple[ExactDay, Number]]
    milestones: list[Milestone]


@answer_model
class ChangeDates:
    """The days on which a scheme's judgements changed, each with how many did, laid out as `ActionDates`."""

    scheme: str
    noun: Literal["change"]
    first: ExactDay | None
    days: list[tuple[ExactDay, Number]]
    milestones: list[Milestone]


@answer_model
class DayCount:
    """A day with acts, and how many."""

    day: ExactDay
    acts: Number


def history_answer(ledger: Ledger, instrument: str) -> History:
    """The counts of an instrument over time, with its milestones and its acts by year; NotFound for an unknown one.

    A step lasts from its first day to its last, both included; the last step's `to` is None.
    """
    terms = ledger.instrument(instrument)
    return History(
        instrument=terms.id,
        name=terms.name,
        as_of=ledger.day,
        threshold=entry_into_force(ledger, terms.id).threshold.required,
        steps=_steps(ledger, terms.id),
        milestones=milestones(ledger, terms.id),
        years=_years(ledger.acts(terms.id)),
    )


def _steps(ledger: Ledger, instrument: str) -> list[HistoryStep]:
    """The spans of the counts, each with the actions of its days; those for a territory alone are left out."""
    held = _ranges(ledger, instrument)
    begins = [least.span.first for least, _ in held]
    actions: dict[int, list[StepAction]] = {}
    for act in ledger.acts(instrument):
        if act.counts_from and not act.territory:
            place = bisect_right(begins, act.counts_from) - 1
            who = ledger.continuing(act.participant)
            actions.setdefault(place, []).append(
                StepAction(participant=who, name=name_of(ledger, who), action=act.kind, date=act.date)
            )
    return [
        HistoryStep(
            from_=least.span.first, to=least.span.last, signatories=least.signatories, parties=least.parties,
            signatories_at_most=most.signatories, parties_at_most=most.parties, actions=actions.get(place, []),
        )
        for place, (least, most) in enumerate(held)
    ]  # fmt: skip


def _ranges(ledger: Ledger, instrument: str) -> list[tuple[ConsentsOnDate, ConsentsOnDate]]:
    """The counts of each span and the most that there may be, without spans of which no first day is known."""
    ranges = counts_at_most(ledger, instrument) or [(each, each) for each in counts_over_time(ledger, instrument)]
    return [(least, most) for least, most in ranges if least.span.first > EVER]


def milestones(ledger: Ledger, instrument: str) -> list[Milestone]:
    """The days that matter for an instrument as a whole, as far as they are known to the day; in order."""
    terms, entry = ledger.instrument(instrument), entry_into_force(ledger, instrument)
    days: list[tuple[str, date | None]] = [
        ("opened for signature", terms.opened_on.exact if terms.opened_on else None),
        ("closed for signature", terms.closed_on.exact if terms.closed_on else None),
        ("threshold reached", entry.threshold.reached_on),
        ("entry into force", entry.date),
    ]
    rows = [
        Milestone(day=day, what=what, instrument=terms.id, instrument_name=title_of(ledger, terms.id))
        for what, day in days
        if day
    ]
    return sorted(rows, key=lambda row: str(row.day))


def days_answer(ledger: Ledger, instrument: str = "", participant: str = "") -> ActionDates:
    """The days with acts, and how many: of all instruments, of one, or of one participant.

    An act whose day is not known to the day stands at the first day by which it had certainly been
    done. `first` is where the record begins.
    """
    chosen = [ledger.instrument(instrument).id] if instrument else list(ledger.instruments)
    acts = ledger.acts_by(ledger.participant(participant).code) if participant else _acts(ledger, chosen)
    found = Counter(act.counts_from for act in acts if act.instrument in chosen)
    days: list[tuple[ExactDay, int]] = sorted((day, number) for day, number in found.items() if day)
    marked = [] if participant else [each for id in chosen for each in milestones(ledger, id)]
    firsts = [*(row.day for row in marked), *(day for day, _ in days[:1])]
    return ActionDates(
        instrument=instrument or None,
        participant=participant or None,
        first=min(firsts, key=str, default=None),
        days=days,
        milestones=sorted(marked, key=lambda row: str(row.day)),
    )


def turns_answer(ledger: Ledger, scheme: str) -> ChangeDates:
    """The days on which a scheme's judgements changed, and how many did, in the form of `days_answer`.

    NotFound for an unknown scheme.
    """
    turns = assessments.list_changes(ledger, scheme)
    days: list[tuple[ExactDay, int]] = [
        (turn.day, len(turn.came) + len(turn.went) + len(turn.changed)) for turn in turns
    ]
    first = min((day for day, _ in days), key=str, default=None)
    return ChangeDates(scheme=scheme, noun="change", first=first, days=days, milestones=[])


def _acts(ledger: Ledger, instruments: Iterable[str]) -> list[Action]:
    return [act for id in instruments for act in ledger.acts(id)]


def _years(acts: Iterable[Action]) -> list[YearCounts]:
    found: Counter[tuple[int, Group]] = Counter(
        (act.counts_from.year, _group(act.kind)) for act in acts if act.counts_from
    )
    years = [year for year, _ in found]
    return [
        YearCounts(year=year, **{group: found[year, group] for group in GROUPS})
        for year in range(min(years, default=0), max(years, default=-1) + 1)
    ]


def _group(kind: ActionKind) -> Group:
    """Which of the four groups an act belongs to; one that both signs and consents is a consent."""
    if kind.consents:
        return "consents"
    if kind.signs:
        return "signatures"
    return "withdrawals" if kind in (ActionKind.WITHDRAWAL, ActionKind.REVOCATION) else "others"
