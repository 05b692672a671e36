"""The outlooks of pending treaties as last worked out: made by the worker, read by pages and for alerts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, Table, delete, insert, select

from tracker.storage.database import read_transaction
from tracker.storage.operational_tables import KeptOutlookRow

_KEPT: Table = KeptOutlookRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOutlook:
    """When a treaty may have the deposits it needs, as worked out on a revision of the data for a day.

    `median` is None where that is less likely than not within ten years; chances are from 0 to 1.
    """

    instrument: str
    revision: int
    as_of: date
    made_at: datetime
    required: int
    median: date | None
    chance_within_1_year: float
    chance_within_5_years: float
    chance_within_10_years: float


def kept_outlooks(engine: Engine) -> dict[str, KeptOutlook]:
    """The outlooks that are kept, by treaty."""
    with read_transaction(engine) as connection:
        return kept_outlooks_in(connection)


def kept_outlooks_in(connection: Connection) -> dict[str, KeptOutlook]:
    """The outlooks that are kept, by treaty, as a transaction sees them."""
    found = {}
    for row in connection.execute(select(_KEPT)):
        kept = dict(row._mapping)
        days = {
            "as_of": date.fromisoformat(row.as_of),
            "median": date.fromisoformat(row.median) if row.median else None,
        }
        found[row.instrument] = KeptOutlook(**kept | days)
    return found


def keep_outlook(connection: Connection, outlook: KeptOutlook) -> None:
    """Keep an outlook in the place of the treaty's last."""
    forget_outlooks(connection, [outlook.instrument])
    days = {"as_of": outlook.as_of.isoformat(), "median": outlook.median.isoformat() if outlook.median else ""}
    names = [column.name for column in _KEPT.columns]
    connection.execute(insert(_KEPT).values(**{name: getattr(outlook, name) for name in names} | days))


def forget_outlooks(connection: Connection, instruments: Collection[str]) -> None:
    """Keep the outlooks of these treaties no more."""
    connection.execute(delete(_KEPT).where(_KEPT.c.instrument.in_(instruments)))
