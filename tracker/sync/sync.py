"""One sync run: each instrument's document fetched, compared and recorded in one transaction, with a report.

Fetches are logged so that unchanged documents are not read again. What to do about a document is decided in
`reconcile`; what waits for an editor is kept by `review_queue`. Moment and announcement are passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, or_, select, update

from tracker.errors import BadQuestion, Refused, TryLater
from tracker.law.changes import Change
from tracker.law.consents import signatures
from tracker.law.dates import in_words
from tracker.law.entry_into_force import consents
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import Action, Fact, Instrument
from tracker.storage import change_log, repository
from tracker.storage.change_log import Announce
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import FetchRow
from tracker.storage.tables import FACT_TABLES
from tracker.sync import review_queue
from tracker.sync.documents import UN, fetch_document, parse_document
from tracker.sync.http_client import HttpClient
from tracker.sync.mtdsg_numbers import MtdsgNumber
from tracker.sync.reconcile import SyncDecision, SyncThresholds, decide
from tracker.sync.review_queue import Discrepancy
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
    names by code. With `dry_run` nothing was written.
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
        return f"{head}{counts}, {self.unchanged} unchanged, {len(self.held)} held."

    @property
    def lines(self) -> list[str]:
        """The outcome as a person reads it: the summary, then every difference."""
        return [
            self.summary,
            *(f"  + {self._said(act)}" for act in self.recorded),
            *(f"  ~ {self._said(after)}; before: {_act(before)}" for before, after in self.corrected),
            *(f"  ? {_doubted(doubt)}" for doubt in self.held),
            *([f"  {self.put_aside} put aside by an editor before."] if self.put_aside else []),
            *(f"  ! {remark}" for remark in self.remarks),
            *(f"  > {change.words}" for change in self.changes),
        ]

    def _said(self, act: Action) -> str:
        return f"{dict(self.names).get(act.participant, act.participant)}: {_act(act)}"


def _act(act: Action) -> str:
    return f"{act.kind.words}, {in_words(act.date)}"


def _doubted(doubt: Discrepancy) -> str:
    return f"{doubt.name}: {doubt.kind.words}, {in_words(doubt.date)}: held. {doubt.reason}"


_FETCHES: Table = FetchRow.__table__  # type: ignore[attr-defined]
_ACTIONS = FACT_TABLES[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The last look at an instrument's file: marks of the server, moments (aware UTC), trouble, remarks of the parser.

    `done_at` is the last time all went well, `tried_at` the last time at all.
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


def cache_validators(connection: Connection, instrument: str) -> dict[str, str]:
    """The url, etag and last_modified to ask with; nothing where the whole file is wanted."""
    row = connection.execute(select(_FETCHES).where(_FETCHES.c.instrument == instrument)).first()
    if row is None or review_queue.items_in_transaction(
        connection, states=[review_queue.ReviewState.OPEN], instrument=instrument
    ):
        return {}
    since = or_(_ACTIONS.c.recorded_in > row.revision, _ACTIONS.c.retracted_in > row.revision)
    if connection.scalar(select(_ACTIONS.c.id).where(_ACTIONS.c.instrument == instrument, since).limit(1)):
        return {}
    return {"url": row.url, "etag": row.etag, "last_modified": row.last_modified}


def record_fetch(connection: Connection, instrument: str, moment: datetime, **values: Any) -> None:
    """Write down a look in this transaction: that it was tried, and whatever else is given."""
    given = {"tried_at": moment, **values}
    if not connection.execute(update(_FETCHES).where(_FETCHES.c.instrument == instrument).values(**given)).rowcount:
        empty: dict[str, Any] = dict.fromkeys(("url", "etag", "last_modified", "error", "remarks"), "")
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
    raise stops the sync there. With `dry_run` nothing is written.
    """

    visitor: HttpClient
    announce: Announce
    base_url: str = UN
    caution: SyncThresholds = field(default_factory=SyncThresholds)
    before_each: Callable[[], None] = _go_on
    step: Callable[[str], None] = _go_on
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


def sync(engine: Engine, wanted: Sequence[str], how: SyncContext, *, moment: datetime) -> list[SyncReport]:
    """Look at the status file of each wanted instrument (all that are followed, if none is named) and take it in.

    What fell due before is told first. A file that is refused or cannot be had changes nothing and
    is reported; the others go on. Unavailable when the record cannot be had.
    """
    if not how.dry_run:
        how.step("turn of the day")
        change_log.run_day_turn(engine, moment.date(), moment=moment, announce=how.announce)
    ledger = repository.load_ledger(engine)
    return [_sync(engine, ledger, each, how, moment) for each in synced_instruments(ledger, wanted)]


def _is_kept(instrument: Instrument) -> bool:
    try:
        MtdsgNumber.of(instrument.reference)
    except BadQuestion:
        return False
    return True


def _sync(engine: Engine, ledger: Ledger, instrument: Instrument, how: SyncContext, moment: datetime) -> SyncReport:
    how.before_each()
    how.step(f"{instrument.id}: asking")
    try:
        got = _look(engine, ledger, instrument, how, moment)
        if isinstance(got, SyncReport):
            return got
        how.step(f"{instrument.id}: read")
        report = _take_in(engine, instrument, got, how, moment)
    except (Refused, TryLater) as trouble:
        if not how.dry_run:
            record_failure(engine, instrument.id, moment, str(trouble))
        result = SyncResult.REFUSED if isinstance(trouble, Refused) else SyncResult.TRY_LATER
        return _report(instrument, how, result=result, why=str(trouble))
    how.step(f"{instrument.id}: done")
    return report


def _report(instrument: Instrument, how: SyncContext, **rest: object) -> SyncReport:
    plain = SyncReport(
        instrument=instrument.id, reference=instrument.reference, result=SyncResult.TAKEN_IN, dry_run=how.dry_run
    )
    return replace(plain, **rest)  # type: ignore[arg-type]


def _look(
    engine: Engine, ledger: Ledger, instrument: Instrument, how: SyncContext, moment: datetime
) -> StatusFile | SyncReport:
    """The instrument's file, fetched and read; or the report that it has not changed."""
    with read_transaction(engine) as connection:
        validators = cache_validators(connection, instrument.id)
    got = fetch_document(how.visitor, instrument.reference, base_url=how.base_url, **validators)
    if got.status == "unchanged":
        if not how.dry_run:
            with write_transaction(engine) as connection:
                record_fetch(connection, instrument.id, moment, done_at=moment, error="")
        return _report(instrument, how, result=SyncResult.NOT_MODIFIED)
    return parse_document(
        got.body, instrument.reference, retrieved_at=moment, url=got.url, etag=got.etag,
        last_modified=got.last_modified, unlisted=_unlisted(ledger, instrument.id),
    )  # fmt: skip


def _unlisted(ledger: Ledger, instrument: str) -> PrintedTotals:
    """How many have signed and consented that are no more, and may stand in a footnote only."""
    signed, consented = (ledger.endings.keys() & by(ledger, instrument).keys() for by in (signatures, consents))
    return PrintedTotals(len(signed), len(consented))


# -- one file, one transaction ---------------------------------------------------------------------


def _take_in(
    engine: Engine, instrument: Instrument, file: StatusFile, how: SyncContext, moment: datetime
) -> SyncReport:
    transaction: AbstractContextManager[Connection] = (read_transaction if how.dry_run else write_transaction)(engine)
    with transaction as connection:
        how.step(f"{instrument.id}: begun")
        facts, said = repository.live_facts_in(connection), review_queue.earlier_decisions(connection, instrument.id)
        ledger = Ledger(facts)
        verdict = decide(ledger, instrument.id, file, said=said, caution=how.caution, today=moment.date())
        how.step(f"{instrument.id}: judged")
        changes = () if how.dry_run else _carry_out(connection, facts, instrument.id, file, verdict, how, moment)
    return _report(
        instrument, how, recorded=verdict.recorded, corrected=verdict.corrected, unchanged=verdict.unchanged,
        held=verdict.doubts, put_aside=verdict.put_aside, changes=changes,
        names=tuple({act.participant: name_of(ledger, act.participant) for act in verdict.coming}.items()),
        remarks=tuple(str(remark) for remark in file.remarks),
    )  # fmt: skip


def _carry_out(
    connection: Connection, facts: Sequence[Fact], name: str, file: StatusFile, verdict: SyncDecision,
    how: SyncContext, moment: datetime,
) -> tuple[Change, ...]:  # fmt: skip
    review_queue.hold_discrepancies(connection, name, verdict.doubts, moment)
    how.step(f"{name}: held")
    what, revision, changes = f"sync of {file.url}", repository.revision_number(connection), tuple[Change, ...]()
    if verdict.coming:
        outcome = repository.replace_facts(connection, verdict.going, verdict.coming, what=what, moment=moment)
        how.step(f"{name}: recorded")
        revision = outcome.revision
        changes = change_log.log_differences(connection, facts, outcome, moment=moment, announce=how.announce)
        how.step(f"{name}: announced")
    record_fetch(
        connection, name, moment, done_at=moment, error="", url=file.url, etag=file.etag,
        last_modified=file.last_modified, revision=revision, remarks="\n".join(map(str, file.remarks)),
    )  # fmt: skip
    how.step(f"{name}: about to be committed")
    return changes
