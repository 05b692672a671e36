"""Readers' reports of errors in the data: taken, listed, closed with a note, and forgotten by age.

Anybody may report. So that nobody fills the database, reports are limited for each client and in all, and no more than
`MAX_OPEN` wait for the editors; the same report again is the one that is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update

from tracker.client_place import place_of
from tracker.errors import BadQuestion, NotFound, TooMany
from tracker.messages import message
from tracker.storage import audit_log
from tracker.storage.audit_log import Actor
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.event_counts import count_event
from tracker.storage.operational_tables import ErrorReportRow

BY_CLIENT, IN_ALL = 10, 200  # reports an hour from one place; a day from all
MAX_OPEN = 500  # reports that wait for the editors
CLOSED_FOR, OPEN_FOR = timedelta(days=180), timedelta(days=730)  # how long reports are kept, closed ones and others
MAX_NUMBER = 2**31 - 1  # the greatest number of a row

_REPORTS: Table = ErrorReportRow.__table__  # type: ignore[attr-defined]


class ReportState(StrEnum):
    """Does a report wait for the editors, or has one of them closed it?"""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """What a reader reports.

    `kind` to `day` refer to the fact as `tracker.law.fact_references` does (`day` for `on`), empty for a page as a
    whole; `fact`, `source` and `page` are what was shown of it, and where. `evidence` is the source that the reader
    names, `contact` how to reach them, `language` that of the page.
    """

    text: str
    kind: str = ""
    treaty: str = ""
    participant: str = ""
    body: str = ""
    scheme: str = ""
    what: str = ""
    article: str = ""
    day: str = ""
    fact: str = ""
    source: str = ""
    page: str = ""
    evidence: str = ""
    contact: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """A report as it is kept: its number, when it came, and who closed it when and why."""

    id: int
    made_at: datetime
    state: ReportState
    report: ErrorReport
    closed_at: datetime | None
    closed_by: str
    note: str


def add_report(engine: Engine, report: ErrorReport, client: str, moment: datetime) -> int:
    """Keep a report for the editors, and answer its number; the same report again has the number that it had.

    `client` is the network address of whoever reports, of which only a hash is kept, for a day. TooMany where too much
    was reported, or too many reports wait.
    """
    with write_transaction(engine) as connection:
        count_event(connection, f"report {place_of(client)}", BY_CLIENT, timedelta(hours=1), moment)
        is_open = _REPORTS.c.state == ReportState.OPEN.value
        same = is_open & (_REPORTS.c.text == report.text) & (_REPORTS.c.fact == report.fact)
        if (known := connection.scalar(select(_REPORTS.c.id).where(same).limit(1))) is not None:
            return int(known)
        count_event(connection, "reports", IN_ALL, timedelta(days=1), moment)
        if (connection.scalar(select(func.count()).where(is_open)) or 0) >= MAX_OPEN:
            raise TooMany(message("Too many reports are waiting for the editors. Try again in a few days."))
        row = {name: getattr(report, name) for name in ErrorReport.__slots__}
        row |= {"made_at": moment, "state": ReportState.OPEN.value, "closed_by": "", "note": ""}
        return int(connection.execute(insert(_REPORTS).values(**row).returning(_REPORTS.c.id)).scalar_one())


def list_reports(engine: Engine, state: ReportState, limit: int = MAX_OPEN) -> list[StoredReport]:
    """The reports in this state, newest first."""
    query = select(_REPORTS).where(_REPORTS.c.state == state.value).order_by(_REPORTS.c.id.desc()).limit(limit)
    with read_transaction(engine) as connection:
        return [_stored_report(row) for row in connection.execute(query).mappings()]


def close_report(engine: Engine, number: int, note: str, *, actor: Actor, moment: datetime) -> None:
    """Close a report with a note on what came of it; NotFound if there is none, BadQuestion if it is closed already."""
    with write_transaction(engine) as connection:
        one = _REPORTS.c.id == number
        row = connection.execute(select(_REPORTS).where(one)).mappings().first() if 0 < number <= MAX_NUMBER else None
        if row is None:
            raise NotFound("error report", str(number)[:20])
        if row["state"] != ReportState.OPEN.value:
            raise BadQuestion(f"Report {number} was closed by {row['closed_by']} already.")
        said = {"state": ReportState.CLOSED.value, "closed_at": moment, "closed_by": actor.name, "note": note}
        connection.execute(update(_REPORTS).where(one).values(**said))
        subject = f"{number} ({row['fact'] or row['page']})"
        audit_log.add_entry(connection, actor, "close error report", subject, moment=moment)


def delete_old_reports(connection: Connection, moment: datetime) -> int:
    """Forget reports that were closed long ago, and those that nobody closed in a much longer time; how many went."""
    closed = (_REPORTS.c.state == ReportState.CLOSED.value) & (_REPORTS.c.closed_at < moment - CLOSED_FOR)
    return connection.execute(delete(_REPORTS).where(closed | (_REPORTS.c.made_at < moment - OPEN_FOR))).rowcount


def _stored_report(row: Any) -> StoredReport:
    return StoredReport(
        report=ErrorReport(**{name: row[name] for name in ErrorReport.__slots__}),
        state=ReportState(row["state"]),
        **{name: row[name] for name in ("id", "made_at", "closed_at", "closed_by", "note")},
    )
