"""Answers about changes between two ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar

from pydantic import Field

from tracker.law.changes import Change, ChangeKind, changes_between
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.schemas.values import Code, ExactDay, Id, IsoDay, Moment, Number, UriReference, answer_model


@answer_model
class ChangeDetail:
    """One change. `before` and `after` are numbers where it is a count that changed."""

    key: str
    kind: ChangeKind
    words: str
    instrument: Id | None
    instrument_name: str | None
    participant: Code | None
    name: str | None
    body: Id | None
    scheme: str | None
    date: ExactDay | None
    before: int | str | None
    after: int | str | None
    article: str
    source: str


@answer_model
class ChangeEntry:
    """A change as it was noted."""

    number: Number
    noted: Moment
    revision: Number
    kind: ChangeKind
    words: str
    instrument: Id | None
    participant: Code | None
    body: Id | None
    scheme: str | None
    day: IsoDay | None
    before: str
    after: str
    article: str
    source: str
    key: str
    url: str

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "number", "noted", "revision", "kind", "words", "instrument", "participant", "body", "scheme", "day", "before",
        "after", "article", "source", "key",
    )  # fmt: skip


@answer_model
class ChangeLog:
    """The changes noted last, newest first; `older` is the number to ask `before` for the next ones."""

    changes: list[ChangeEntry]
    older: Number | None


@answer_model
class FeedFact:
    """A fact as it was added or retracted, in the columns of its file."""

    file: str
    fact: dict[str, str]


@answer_model
class FeedRevision:
    """One change of the data. First what was retracted is removed, then what was recorded is added."""

    revision: Number
    made_at: Moment
    what: str
    retracted: list[FeedFact]
    recorded: list[FeedFact]
    complete: bool


@answer_model
class ChangeFeed:
    """The changes of the data after a revision; `until` is the last revision given here whole, and when made."""

    since: Number
    until: Number
    until_made_at: Moment | None
    current: Number
    revisions: list[FeedRevision]
    next: UriReference | None


@answer_model
class RevisionSummary:
    """One change of the data in figures."""

    revision: Number
    made_at: Moment
    what: str
    recorded: Number
    retracted: Number


@answer_model
class ChangesBetween:
    """Everything that differs from one day to another."""

    from_: Annotated[ExactDay | None, Field(alias="from")]
    to: ExactDay | None
    count: Number
    changes: list[ChangeDetail]


def changes_answer(before: Ledger, after: Ledger) -> ChangesBetween:
    """Everything that differs from one ledger to the other."""
    found = changes_between(before, after)
    return ChangesBetween(from_=before.day, to=after.day, count=len(found), changes=change_rows(after, found))


def change_rows(ledger: Ledger, changes: Iterable[Change]) -> list[ChangeDetail]:
    """One row for each change, with the names that the ledger has."""
    return [change_answer(ledger, each) for each in changes]


def change_answer(ledger: Ledger, change: Change) -> ChangeDetail:
    """One change. `before` and `after` are numbers where it is a count that changed."""
    number = int if change.kind.counts else str
    return ChangeDetail(
        key=change.key,
        kind=change.kind,
        words=change.words,
        instrument=change.instrument or None,
        instrument_name=title_of(ledger, change.instrument) if change.instrument else None,
        participant=change.participant or None,
        name=name_of(ledger, change.participant) if change.participant else None,
        body=change.body or None,
        scheme=change.scheme or None,
        date=change.day,
        before=number(change.before) if change.before else None,
        after=number(change.after) if change.after else None,
        article=change.article,
        source=change.source,
    )
