"""Sightings in, report out: what the UN Treaty Collection prints of each instrument, compared and recorded.

A file is taken in whole, in one transaction with its changes and what is to be told of them, or not
at all. What is to be done about it is decided in `judging`; what waits for an editor is kept by
`held`. The moment and the function that announces are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from tracker.errors import BadQuestion, Refused, TryLater
from tracker.law.change import Change
from tracker.law.deposits import consents, signatures
from tracker.law.ledger import Ledger
from tracker.law.model import Fact, Instrument
from tracker.law.naming import name_of
from tracker.record import changelog, fetches, held, store, untc
from tracker.record.caution import Caution
from tracker.record.changelog import Announce
from tracker.record.database import reading, writing
from tracker.record.judging import Verdict, judge
from tracker.record.reports import Report, Result


def _go_on(step: str = "") -> None:
    """Take no notice of the step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Syncing:
    """How a sync is done: whom it asks, and what it is handed.

    `announce` is told of new changes in the transaction that makes them. `before_each` is called before
    each instrument, in no transaction, and `step` between any two steps, in one or not; what they
    raise stops the sync there. With `dry_run` nothing is written.
    """

    visitor: untc.Visitor
    announce: Announce
    base_url: str = untc.UN
    caution: Caution = field(default_factory=Caution)
    before_each: Callable[[], None] = _go_on
    step: Callable[[str], None] = _go_on
    dry_run: bool = False


def followed(ledger: Ledger, wanted: Sequence[str] = ()) -> list[Instrument]:
    """The instruments that the UN Treaty Collection keeps, conventions before their protocols; the wanted ones if any.

    NotFound for a wanted one that is not in the record, BadQuestion for one that the UN does not keep.
    """
    chosen = [ledger.instrument(name) for name in wanted] or [i for i in ledger.instruments.values() if _is_kept(i)]
    for each in chosen:
        if not _is_kept(each):
            raise BadQuestion(f"The UN Treaty Collection keeps no status file of {each.name} ({each.reference}).")
    return sorted(chosen, key=lambda each: bool(each.parent))


def sync(engine: Engine, wanted: Sequence[str], how: Syncing, *, moment: datetime) -> list[Report]:
    """Look at the status file of each wanted instrument (all that are followed, if none is named) and take it in.

    What fell due before is told first. A file that is refused or cannot be had changes nothing and
    is reported; the others go on. Unavailable when the record cannot be had.
    """
    if not how.dry_run:
        how.step("turn of the day")
        changelog.turn_of_the_day(engine, moment.date(), moment=moment, announce=how.announce)
    ledger = store.load(engine)
    return [_sync(engine, ledger, each, how, moment) for each in followed(ledger, wanted)]


def _is_kept(instrument: Instrument) -> bool:
    try:
        untc.Reference.of(instrument.reference)
    except BadQuestion:
        return False
    return True


def _sync(engine: Engine, ledger: Ledger, instrument: Instrument, how: Syncing, moment: datetime) -> Report:
    how.before_each()
    how.step(f"{instrument.id}: asking")
    try:
        got = _look(engine, ledger, instrument, how, moment)
        if isinstance(got, Report):
            return got
        how.step(f"{instrument.id}: read")
        report = _take_in(engine, instrument, got, how, moment)
    except (Refused, TryLater) as trouble:
        if not how.dry_run:
            fetches.failed(engine, instrument.id, moment, str(trouble))
        result = Result.REFUSED if isinstance(trouble, Refused) else Result.TRY_LATER
        return _report(instrument, how, result=result, why=str(trouble))
    how.step(f"{instrument.id}: done")
    return report


def _report(instrument: Instrument, how: Syncing, **rest: object) -> Report:
    plain = Report(
        instrument=instrument.id, reference=instrument.reference, result=Result.TAKEN_IN, dry_run=how.dry_run
    )
    return replace(plain, **rest)  # type: ignore[arg-type]


def _look(
    engine: Engine, ledger: Ledger, instrument: Instrument, how: Syncing, moment: datetime
) -> untc.StatusFile | Report:
    """The instrument's file, fetched and read; or the report that it has not changed."""
    with reading(engine) as connection:
        marks = fetches.marks(connection, instrument.id)
    got = untc.fetch(how.visitor, instrument.reference, base_url=how.base_url, **marks)
    if got.status == "unchanged":
        if not how.dry_run:
            with writing(engine) as connection:
                fetches.looked(connection, instrument.id, moment, done_at=moment, error="")
        return _report(instrument, how, result=Result.NOT_MODIFIED)
    return untc.parse(
        got.body, instrument.reference, retrieved_at=moment, url=got.url, etag=got.etag,
        last_modified=got.last_modified, unlisted=_unlisted(ledger, instrument.id),
    )  # fmt: skip


def _unlisted(ledger: Ledger, instrument: str) -> untc.Tally:
    """How many have signed and consented that are no more, and may stand in a footnote only."""
    signed, consented = (ledger.endings.keys() & by(ledger, instrument).keys() for by in (signatures, consents))
    return untc.Tally(len(signed), len(consented))


# -- one file, one transaction ---------------------------------------------------------------------


def _take_in(engine: Engine, instrument: Instrument, file: untc.StatusFile, how: Syncing, moment: datetime) -> Report:
    transaction: AbstractContextManager[Connection] = (reading if how.dry_run else writing)(engine)
    with transaction as connection:
        how.step(f"{instrument.id}: begun")
        facts, said = store.live(connection), held.said(connection, instrument.id)
        ledger = Ledger(facts)
        verdict = judge(ledger, instrument.id, file, said=said, caution=how.caution, today=moment.date())
        how.step(f"{instrument.id}: judged")
        changes = () if how.dry_run else _carry_out(connection, facts, instrument.id, file, verdict, how, moment)
    return _report(
        instrument, how, recorded=verdict.recorded, corrected=verdict.corrected, unchanged=verdict.unchanged,
        held=verdict.doubts, put_aside=verdict.put_aside, changes=changes,
        names=tuple({act.participant: name_of(ledger, act.participant) for act in verdict.coming}.items()),
        remarks=tuple(str(remark) for remark in file.remarks),
    )  # fmt: skip


def _carry_out(
    connection: Connection, facts: Sequence[Fact], name: str, file: untc.StatusFile, verdict: Verdict,
    how: Syncing, moment: datetime,
) -> tuple[Change, ...]:  # fmt: skip
    held.hold(connection, name, verdict.doubts, moment)
    how.step(f"{name}: held")
    what, revision, changes = f"sync of {file.url}", store.number(connection), tuple[Change, ...]()
    if verdict.coming:
        outcome = store.exchange(connection, verdict.going, verdict.coming, what=what, moment=moment)
        how.step(f"{name}: recorded")
        revision = outcome.revision
        changes = changelog.noted(connection, facts, outcome, moment=moment, announce=how.announce)
        how.step(f"{name}: announced")
    fetches.looked(
        connection, name, moment, done_at=moment, error="", url=file.url, etag=file.etag,
        last_modified=file.last_modified, revision=revision, remarks="\n".join(map(str, file.remarks)),
    )  # fmt: skip
    how.step(f"{name}: about to be committed")
    return changes
