"""How often something limited was done, by whom or to what: kept as a hash, so that it names nobody."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, func, insert, select

from tracker.errors import TooMany
from tracker.messages import message
from tracker.storage.job_locks import CLOCK_SKEW
from tracker.storage.operational_tables import SignupRow

KEPT_FOR = timedelta(days=1)  # the longest time within which anything is counted

_EVENTS: Table = SignupRow.__table__  # type: ignore[attr-defined]


def count_event(connection: Connection, what: str, most: int, within: timedelta, moment: datetime) -> None:
    """Note that it was done once more; TooMany if that is once too often within that time before the moment.

    What is noted further ahead than clocks differ was noted by a wrong one, and does not count.
    """
    bucket = hashlib.sha256(what.encode()).hexdigest()
    recent = (_EVENTS.c.at > moment - within) & (_EVENTS.c.at <= moment + CLOCK_SKEW)
    if (connection.scalar(select(func.count()).where(_EVENTS.c.bucket == bucket, recent)) or 0) >= most:
        raise TooMany(message("Too many requests. Try again in a few minutes."))
    old = (_EVENTS.c.at < moment - KEPT_FOR) | (_EVENTS.c.at > moment + CLOCK_SKEW)
    connection.execute(delete(_EVENTS).where(old))
    connection.execute(insert(_EVENTS).values(bucket=bucket, at=moment))
