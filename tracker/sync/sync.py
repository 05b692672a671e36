"""One sync run: each instrument's document fetched, compared and recorded in one transaction, with a report.

Fetches are logged so that unchanged documents are not read again. What to do about a document is decided in
`reconcile`; what waits for an editor is kept by `review_queue`. Moment and announcement are passed in.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, or_, select, update

from tracker.errors import BadQuestion, Refused, TryLater
from tracker.law.affected import neighbourhood
from tracker.law.changes import Change
from tracker.law.consents import signatures
from tracker.law.dates import in_words
from tracker.law.entry_into_force import consents
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import Action, Instrument
from tracker.law.reference_facts import Statement
from tracker.storage import change_log, repository
from tracker.storage.change_log import Announce
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.ledger_source import LedgerAt, LedgerSource, changes_since
from tracker.storage.operational_tables import FetchRow
from tracker.storage.repository import FactChanges
from tracker.storage.tables import FACT_TABLES
from tracker.sync import review_queue
from tracker.sync.documents import UN, Fetched, fetch_document, parse_document
from tracker.sync.http_client import HttpClient
from tracker.sync.mtdsg_numbers import MtdsgNumber
from tracker.sync.reconcile import SyncDecision, SyncThresholds, decide
from tracker.sync.review_queue import Discrepancy, EarlierDecision, Proposal
from tracker.sync.statement_comparison import StatementDecision
from tracker.sync.status_table import PrintedTotals, StatusFile


class SyncResult(StrEnum):
    """How a look at a status file ended."""

    TAKEN_IN = "taken in"
    NOT_MODIFIED = "not modified"
    REFUSED = "refused"
    TRY_LATER = "try later"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """One instrument's file beside the record.

    `corrected` are pairs (before, after), `held` what waits for an editor, `put_aside` how many doubts
    an editor rejected before, `why` the reason of a refusal or of trouble, `names` the participants'
    names by code, `statements` what was done about the sections below the table. With `dry_run` nothing was written.
    """

    instrument: str
    reference: str
    result: SyncResult
    why: str = ""
    recorded: tuple[Action, ...] = ()
    corrected: tuple[tuple[Action, Action], ...] = ()
    unchanged: int = 0
    held: tuple[Discrepancy, ...] = ()
    put_aside: int = 0
    statements: StatementDecision = field(default_factory=StatementDecision)
    changes: tuple[Change, ...] = ()
    remarks: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    dry_run: bool = False

    @property
    def went_well(self) -> bool:
        """Was the file taken in, or unchanged?"""
        return self.result in (SyncResult.TAKEN_IN, SyncResult.NOT_MODIFIED)

    @property
    def summary(self) -> str:
        """The outcome in one line."""
        head = f"{self.instrument} ({self.reference}): "
        if not self.went_well:
            return f"{head}{self.result.value}. {self.why}"
        if self.result is SyncResult.NOT_MODIFIED:
            return f"{head}the file has not changed since the last look."
        would = "would be " if self.dry_run else ""
        counts = f"{len(self.recorded)} {would}recorded, {len(self.corrected)} {would}corrected"
        statements = [len(self.statements.recorded), len(self.statements.corrected), self.statements.unchanged]
        said = " Statements: {} recorded, {} corrected, {} unchanged.".format(*statements) if any(statements) else ""
        return f"{head}{counts}, {self.unchanged} unchanged, {len(self.held)} held.{said}"

    @property
    def lines(self) -> list[str]:
        """The outcome as a person reads it: the summary, then every difference."""
        return [
            self.summary,
            *(f"  + {self._act_in_words(act)}" for act in self.recorded),
            *(f"  ~ {self._act_in_words(after)}; before: {_act(before)}" for before, after in self.corrected),
            *(f"  ? {_doubt_in_words(doubt)}" for doubt in self.held),
            *([f"  {self.put_aside} put aside by an editor before."] if self.put_aside else []),
            *(f"  ! {remark}" for remark in self.remarks),
            *(f"  > {change.words}" for change in self.changes),
        ]

    def _act_in_words(self, act: Action) -> str:
        return f"{dict(self.names).get(act.participant, act.participant)}: {_act(act)}"


def _act(act: Action) -> str:
    return f"{act.kind.words}, {in_words(act.date)}"


def _doubt_in_words(doubt: Discrepancy) -> str:
    return f"{doubt.name}: {doubt.words}: held. {doubt.reason}"


_FETCHES: Table = FetchRow.__table__  # type: ignore[attr-defined]
_ACTIONS, _STATEMENTS = FACT_TABLES[Action], FACT_TABLES[Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The last look at an instrument's file: marks of the server, moments (aware UTC), trouble, remarks of the parser.

    `done_at` is the last time all went well, `tried_at` the last time at all, `as_at` the ISO day whose
    status the file taken in last gave.
    """

    instrument: str
    tried_at: datetime
    done_at: datetime | None = None
    url: str = ""
    etag: str = ""
    last_modified: str = ""
    revision: int = 0
    error: str = ""
    remarks: str = ""
    as_at: str = ""
    compared_on: str = ""


def cache_validators(connection: Connection, instrument: str) -> dict[str, str]:
    """The url, etag and last_modified to ask with; nothing where the whole file is wanted."""
    row = connection.execute(select(_FETCHES).where(_FETCHES.c.instrument == instrument)).first()
    if row is None or review_queue.acts_wait(connection, instrument):
        return {}
    for facts in (_ACTIONS, _STATEMENTS):
        since = or_(facts.c.recorded_in > row.revision, facts.c.retracted_in > row.revision)
        if connection.scalar(select(facts.c.id).where(facts.c.instrument == instrument, since).limit(1)):
            return {}
    return {"url": row.url, "etag": row.etag, "last_modified": row.last_modified}


def record_fetch(connection: Connection, instrument: str, moment: datetime, **values: Any) -> None:
    """Write down a look in this transaction: that it was tried, and whatever else is given."""
    given = {"tried_at": moment, **values}
    if not connection.execute(update(_FETCHES).where(_FETCHES.c.instrument == instrument).values(**given)).rowcount:
        empty: dict[str, Any] = dict.fromkeys(
            ("url", "etag", "last_modified", "error", "remarks", "as_at", "compared_on"), ""
        )
        connection.execute(insert(_FETCHES).values(**(empty | {"instrument": instrument, "revision": 0} | given)))


def record_failure(engine: Engine, instrument: str, moment: datetime, error: str) -> None:
    """Write down that a look came to nothing."""
    with write_transaction(engine) as connection:
        record_fetch(connection, instrument, moment, error=error)


def list_fetches(engine: Engine) -> list[Fetch]:
    """The last look at every file, by instrument."""
    with read_transaction(engine) as connection:
        rows = connection.execute(select(_FETCHES).order_by(_FETCHES.c.instrument)).mappings()
        return [Fetch(**row) for row in rows]


def _go_on(step: str = "") -> None:
    """Take no notice of the step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncContext:
    """How a sync is done: whom it asks, and what it is handed.

    `announce` is told of new changes in the transaction that makes them. `before_each` is called before
    each instrument, in no transaction, and `step` between any two steps, in one or not; what they
    raise stops the sync there. `fetched` are documents that are there already, by instrument. With `dry_run` nothing is
    written.
    """

    visitor: HttpClient
    announce: Announce
    base_url: str = UN
    caution: SyncThresholds = field(default_factory=SyncThresholds)
    before_each: Callable[[], None] = _go_on
    step: Callable[[str], None] = _go_on
    fetched: Mapping[str, Fetched] = field(default_factory=dict)
    dry_run: bool = False


def synced_instruments(ledger: Ledger, wanted: Sequence[str] = ()) -> list[Instrument]:
    """The instruments that the UN Treaty Collection keeps, conventions before their protocols; the wanted ones if any.

    NotFound for a wanted one that is not in the record, BadQuestion for one that the UN does not keep.
    """
    chosen = [ledger.instrument(name) for name in wanted] or [i for i in ledger.instruments.values() if _is_kept(i)]
    for each in chosen:
        if not _is_kept(each):
            raise BadQuestion(f"The UN Treaty Collection keeps no status file of {each.name} ({each.reference}).")
    return sorted(chosen, key=lambda each: bool(each.parent))


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: the record that it syncs, its ledger kept from file to file, how it is done, and when."""

    engine: Engine
    ledgers: LedgerSource
    how: SyncContext
    moment: datetime

    def step(self, name: str) -> None:
        self.how.step(name)


def sync(engine: Engine, wanted: Sequence[str], how: SyncContext, *, moment: datetime) -> list[SyncReport]:
    """Look at the status file of each wanted instrument (all that are followed, if none is named) and take it in.

    What fell due before is told first. A file that is refused or cannot be had changes nothing and
    is reported; the others go on. Unavailable when the record cannot be had.
    """
    run = _Run(engine, LedgerSource(engine), how, moment)
    if not how.dry_run:
        how.step("turn of the day")
        change_log.run_day_turn(engine, moment.date(), moment=moment, announce=how.announce, ledgers=run.ledgers)
    instruments = synced_instruments(run.ledgers.current().ledger, wanted)
    gc.freeze()  # else whatever a file makes has the whole record looked through for garbage, again and again
    try:
        return [_sync(run, each) for each in instruments]
    finally:
        gc.unfreeze()


def _is_kept(instrument: Instrument) -> bool:
    try:
        MtdsgNumber.of(instrument.reference)
    except BadQuestion:
        return False
    return True


def _sync(run: _Run, instrument: Instrument) -> SyncReport:
    run.how.before_each()
    run.step(f"{instrument.id}: asking")
    try:
        got = _look(run, instrument)
        if isinstance(got, SyncReport):
            return got
        run.step(f"{instrument.id}: read")
        report = _take_in(run, instrument, *got)
    except (Refused, TryLater) as trouble:
        if not run.how.dry_run:
            record_failure(run.engine, instrument.id, run.moment, str(trouble))
        result = SyncResult.REFUSED if isinstance(trouble, Refused) else SyncResult.TRY_LATER
        return _report(instrument, run.how, result=result, why=str(trouble))
    run.step(f"{instrument.id}: done")
    return report


def _report(instrument: Instrument, how: SyncContext, **rest: object) -> SyncReport:
    plain = SyncReport(
        instrument=instrument.id, reference=instrument.reference, result=SyncResult.TAKEN_IN, dry_run=how.dry_run
    )
    return replace(plain, **rest)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a file is judged by: the record, the editors' word, the status taken in last, the day of comparison."""

    record: LedgerAt
    said: EarlierDecision
    as_at: str
    day: date


def _basis(connection: Connection, run: _Run, instrument: Instrument) -> _Basis:
    return _Basis(run.ledgers.current_in(connection), *_rest_of_basis(connection, run, instrument))


def _rest_of_basis(connection: Connection, run: _Run, instrument: Instrument) -> tuple[EarlierDecision, str, date]:
    last = connection.scalar(select(_FETCHES.c.as_at).where(_FETCHES.c.instrument == instrument.id)) or ""
    said = review_queue.earlier_decisions(connection, instrument.id)
    return said, last, change_log.day_of_comparison(connection, run.moment)


def _look(run: _Run, instrument: Instrument) -> tuple[StatusFile, _Basis] | SyncReport:
    """The instrument's file, fetched and read, and what to judge it by; or the report that it has not changed."""
    with read_transaction(run.engine) as connection:
        validators = cache_validators(connection, instrument.id)
        basis = _basis(connection, run, instrument)
    got = run.how.fetched.get(instrument.id) or fetch_document(
        run.how.visitor, instrument.reference, base_url=run.how.base_url, **validators
    )
    if got.status == "unchanged":
        if not run.how.dry_run:
            with write_transaction(run.engine) as connection:
                compared = {"compared_on": run.moment.date().isoformat()}
                record_fetch(connection, instrument.id, run.moment, done_at=run.moment, error="", **compared)
        return _report(instrument, run.how, result=SyncResult.NOT_MODIFIED)
    file = parse_document(
        got.body, instrument.reference, retrieved_at=run.moment, url=got.url, etag=got.etag,
        last_modified=got.last_modified, unlisted=_unlisted_totals(basis.record.ledger, instrument.id),
    )  # fmt: skip
    return file, basis


def _unlisted_totals(ledger: Ledger, instrument: str) -> PrintedTotals:
    """How many have signed and consented that are no more, and may stand in a footnote only."""
    signed, consented = (ledger.endings.keys() & by(ledger, instrument).keys() for by in (signatures, consents))
    return PrintedTotals(len(signed), len(consented))


# -- one file, one transaction ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What is to be done about a file, and the changes that its facts make, as the change log is to note them."""

    basis: _Basis
    verdict: SyncDecision
    changes: tuple[Change, ...]


def _take_in(run: _Run, instrument: Instrument, file: StatusFile, basis: _Basis) -> SyncReport:
    """Judge the file outside of the write lock; in it, judge again only if what it was judged by has moved since."""
    judged = _judge(run, instrument, file, basis)
    run.step(f"{instrument.id}: compared")
    changes = tuple[Change, ...]()
    if not run.how.dry_run:
        with write_transaction(run.engine) as connection:
            run.step(f"{instrument.id}: begun")
            if not _still_holds(connection, run, instrument, basis):
                judged = _judge(run, instrument, file, _basis(connection, run, instrument))
            changes = _carry_out(connection, run, instrument.id, file, judged)
    verdict, ledger = judged.verdict, judged.basis.record.ledger
    acts = (*verdict.recorded, *(after for _, after in verdict.corrected))
    return _report(
        instrument, run.how, recorded=verdict.recorded, corrected=verdict.corrected, unchanged=verdict.unchanged,
        held=verdict.doubts, put_aside=verdict.put_aside, statements=verdict.statements, changes=changes,
        names=tuple({act.participant: name_of(ledger, act.participant) for act in acts}.items()),
        remarks=tuple(str(remark) for remark in file.remarks),
    )  # fmt: skip


def _judge(run: _Run, instrument: Instrument, file: StatusFile, basis: _Basis) -> _Judgement:
    """The verdict on the file, and what follows from it; nothing is asked of the database, nothing written."""
    _must_not_be_older(file, basis.as_at)
    ledger, today = basis.record.ledger, run.moment.date()
    verdict = decide(ledger, instrument.id, file, said=basis.said, caution=run.how.caution, today=today)
    changes = tuple[Change, ...]()
    if verdict.coming and not run.how.dry_run:
        changes = change_log.changes_by(ledger, verdict.going, verdict.coming, day=basis.day, moment=run.moment)
    return _Judgement(basis, verdict, changes)


def _still_holds(connection: Connection, run: _Run, instrument: Instrument, basis: _Basis) -> bool:
    """Does all that a file is judged by stand as it stood, in this transaction?"""
    if _rest_of_basis(connection, run, instrument) != (basis.said, basis.as_at, basis.day):
        return False
    moved = changes_since(connection, basis.record)
    return moved is not None and not _concerns(basis.record.ledger, instrument, moved)


def _concerns(ledger: Ledger, instrument: Instrument, moved: FactChanges) -> bool:
    """May what was recorded or retracted meanwhile matter to a file of the instrument, or to what follows from it?"""
    near = neighbourhood(ledger, instrument.id)
    return any(not isinstance(fact, Action) or fact.instrument in near for fact in moved)


def _must_not_be_older(file: StatusFile, last: str) -> None:
    """Refused for a page whose status is of an earlier day than that of the one taken in last."""
    if file.as_at and last and file.as_at < date.fromisoformat(last):
        raise Refused(
            f"{file.reference}: the page gives the status as at {in_words(file.as_at)}, older than the one taken in "
            f"last, as at {in_words(date.fromisoformat(last))}. Nothing of it was recorded."
        )


def _carry_out(
    connection: Connection, run: _Run, name: str, file: StatusFile, judged: _Judgement
) -> tuple[Change, ...]:
    verdict, moment = judged.verdict, run.moment
    review_queue.hold_discrepancies(connection, name, verdict.doubts, moment)
    run.step(f"{name}: held")
    what, revision, changes = f"sync of {file.url}", repository.revision_number(connection), tuple[Change, ...]()
    if verdict.coming:
        outcome = repository.replace_facts(connection, verdict.going, verdict.coming, what=what, moment=moment)
        run.step(f"{name}: recorded")
        revision = outcome.revision
        changes = change_log.announce_changes(
            connection, judged.changes, revision, moment=moment, announce=run.how.announce
        )
        run.step(f"{name}: announced")
    marks = {"etag": file.etag, "last_modified": file.last_modified}
    if any(doubt.proposal is Proposal.TAKE_IN for doubt in verdict.doubts):
        marks = dict.fromkeys(marks, "")  # it is read again, unchanged, once an editor has confirmed it
    else:
        marks["compared_on"] = moment.date().isoformat()
        if file.as_at:
            marks["as_at"] = file.as_at.isoformat()
    record_fetch(
        connection, name, moment, done_at=moment, error="", url=file.url, revision=revision,
        remarks="\n".join(map(str, file.remarks)), **marks,
    )  # fmt: skip
    run.step(f"{name}: about to be committed")
    return changes
