"""Answers about the whole record: every instrument, latest actions, coming dates, check results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import ClassVar

from tracker.law.action_index import sort_actions
from tracker.law.bindings import bindings
from tracker.law.checks import CHECKS, Finding, run_checks
from tracker.law.entry_into_force import entry_into_force
from tracker.law.evidence import EvidenceGrade, weakest_grade
from tracker.law.findings import FindingGroup
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action
from tracker.law.wording import list_in_words, shorten_names
from tracker.messages import message, plural
from tracker.schemas.instruments import InstrumentStatusLine, status_answer
from tracker.schemas.values import AnyDay, Code, ExactDay, Id, Number, TreatyAction, action_answer, answer_model

LATEST = 12  # acts shown as what happened last


@answer_model
class Event:
    """A later date that follows from the data."""

    date: AnyDay
    instrument: Id
    instrument_name: str
    words: str
    participant: Code | None
    name: str | None


@answer_model
class FindingsCount:
    """The number of data notes."""

    count: Number


@answer_model
class Overview:
    """Every instrument, the latest actions, the next dates and the number of data notes."""

    instruments: list[InstrumentStatusLine]
    latest: list[TreatyAction]
    upcoming: list[Event]
    findings: FindingsCount


@answer_model
class CheckFinding:
    """One thing that a check found, with the acts that it rests on; `grade` is the weakest of theirs."""

    check: str
    severity: str
    words: str
    text: str
    instrument: Id | None
    instrument_name: str | None
    participants: list[Code]
    names: list[str]
    source: str
    acts: list[TreatyAction]
    group: FindingGroup
    grade: EvidenceGrade | None

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "check", "severity", "words", "instrument", "participants", "names", "text", "source", "group",
        "grade",
    )  # fmt: skip
    BRIEF_COLUMNS: ClassVar[tuple[str, ...]] = (
        "check", "severity", "instrument", "participants", "text", "source", "group",
    )  # fmt: skip


@answer_model
class CheckSummary:
    """A check, and how much it found."""

    check: str
    words: str
    severity: str
    count: Number
    group: FindingGroup


@answer_model
class GroupSummary:
    """A group of data notes, and how many there are."""

    group: FindingGroup
    words: str
    count: Number


@answer_model
class FindingList:
    """Everything that the checks find on the day; a check's `group` holds unless a note says another."""

    as_of: ExactDay | None
    count: Number
    checks: list[CheckSummary]
    findings: list[CheckFinding]
    groups: list[GroupSummary]


def statuses_answer(ledger: Ledger) -> list[InstrumentStatusLine]:
    """The status of every instrument, in the order of the record."""
    return [status_answer(ledger, id) for id in ledger.instruments]


def latest_answer(ledger: Ledger, number: int = LATEST) -> list[TreatyAction]:
    """The last acts done by the ledger's day, newest first."""
    acts = (act for id in ledger.instruments for act in ledger.acts(id))
    return [action_answer(ledger, act) for act in nlargest(number, acts, key=sort_actions)]


@dataclass(frozen=True, slots=True)
class LatestGroup:
    """The same action by one or several participants on one treaty on one date, by name."""

    acts: tuple[TreatyAction, ...]

    @property
    def first(self) -> TreatyAction:
        """The action that stands for all: its treaty, kind and date are theirs."""
        return self.acts[0]

    @property
    def words(self) -> str:
        """How many did what, as a sentence without its date."""
        n, treaty, action = len(self.acts), self.first.instrument_name, self.first.words
        if self.first.action.signs:
            return plural("{n} participant signed {treaty}", "{n} participants signed {treaty}", n, treaty=treaty)
        return plural(
            "{n} participant: {action}, {treaty}",
            "{n} participants: {action}, {treaty}",
            n,
            treaty=treaty,
            action=action,
        )

    @property
    def names(self) -> str:
        """Who, with the number of the others where they are many."""
        return list_in_words(shorten_names([act.name for act in self.acts]))


def latest_groups(ledger: Ledger, number: int) -> list[LatestGroup]:
    """The last actions done by the ledger's day, newest first, those of one kind on one treaty and date together."""
    found: dict[tuple[str, str, str], list[Action]] = {}
    acts = (act for id in ledger.instruments for act in ledger.acts(id))
    for act in sorted(acts, key=sort_actions, reverse=True):
        found.setdefault((str(act.date), act.instrument, act.kind), []).append(act)
    groups = list(found.values())[:number]
    return [
        LatestGroup(tuple(sorted((action_answer(ledger, act) for act in same), key=lambda each: each.name)))
        for same in groups
    ]


def upcoming_answer(ledger: Ledger) -> list[Event]:
    """What follows from the record for later days: openings, closings, entries into force; soonest first."""
    if ledger.day is None:
        return []
    found = [each for id in ledger.instruments for each in _upcoming(ledger, id, ledger.day)]
    return sorted(found, key=lambda each: (str(each.date), each.instrument, each.name or ""))


def _upcoming(ledger: Ledger, instrument: str, day: date) -> list[Event]:
    return [
        *_of_the_instrument(ledger, instrument, day),
        *(_of_its_parties(ledger, instrument, day) if entry_into_force(ledger, instrument).date else ()),
    ]


def _of_the_instrument(ledger: Ledger, instrument: str, day: date) -> Iterator[Event]:
    terms, entry = ledger.instrument(instrument), entry_into_force(ledger, instrument)
    if terms.opened_on and terms.opened_on.first > day:
        yield _event(ledger, instrument, terms.opened_on, message("opens for signature"))
    elif terms.closed_on and terms.closed_on.last >= day:
        yield _event(ledger, instrument, terms.closed_on, message("closes for signature"))
    if entry.date and entry.date > day:
        yield _event(ledger, instrument, entry.date, message("enters into force"))


def _of_its_parties(ledger: Ledger, instrument: str, day: date) -> Iterator[Event]:
    for_all = entry_into_force(ledger, instrument).date
    for code, binding in ((code, each) for code, theirs in bindings(ledger, instrument).items() for each in theirs):
        if binding.since and binding.since > day and binding.since != for_all:
            yield _event(ledger, instrument, binding.since, message("enters into force for"), code)
        if binding.until and binding.until > day:
            yield _event(ledger, instrument, binding.until, message("no longer in force for"), code)


def _event(ledger: Ledger, instrument: str, day: AnyDay, words: str, code: str | None = None) -> Event:
    return Event(
        date=day,
        instrument=instrument,
        instrument_name=title_of(ledger, instrument),
        words=words,
        participant=code,
        name=name_of(ledger, code) if code else None,
    )


def check_answer(ledger: Ledger, today: date, instrument: str = "") -> FindingList:
    """Everything the checks find on a day, group by group, with how many each check found."""
    groups = list(FindingGroup)
    found = [finding_answer(ledger, each) for each in run_checks(ledger, today, instrument)]
    found.sort(key=lambda each: groups.index(each.group))
    numbers = {name: sum(each.check == name for each in found) for name in CHECKS}
    return FindingList(
        as_of=ledger.day,
        count=len(found),
        checks=[
            CheckSummary(check=name, words=check.words, severity=check.severity, count=numbers[name], group=check.group)
            for name, check in CHECKS.items()
        ],
        findings=found,
        groups=[
            GroupSummary(group=each, words=each.words, count=sum(one.group is each for one in found)) for each in groups
        ],
    )


def finding_answer(ledger: Ledger, finding: Finding) -> CheckFinding:
    """One finding, with the acts it rests on."""
    return CheckFinding(
        check=finding.check,
        severity=finding.severity,
        words=finding.words,
        text=finding.text,
        instrument=finding.instrument or None,
        instrument_name=title_of(ledger, finding.instrument) if finding.instrument else None,
        participants=list(finding.participants),
        names=[name_of(ledger, code) for code in finding.participants],
        source=finding.source,
        acts=[action_answer(ledger, act) for act in finding.acts],
        group=finding.group or CHECKS[finding.check].group,
        grade=weakest_grade(finding.acts),
    )
