"""How often it may be tried to sign in: counted by name at a place, by place, and by name from anywhere.

An attempt is counted before the password is looked at, in the transaction that allowed it, and is taken back
if the password was right: so attempts at the same time cannot pass together. Failures of strangers make a name
wait a little and never shut it, and not at all where it has signed in lately. Buckets are hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select

from tracker.errors import TooMany
from tracker.record.peopletables import SignInRow

WINDOW = timedelta(minutes=15)
BY_NAME_AND_PLACE, BY_PLACE = 5, 20  # failed attempts within the window
BY_NAME = 20  # failed attempts on a name from anywhere, before it has to wait between two
LONGEST_WAIT = timedelta(minutes=1)
KNOWN = timedelta(days=30)  # for so long a place is known as one where a name has signed in
AHEAD = timedelta(minutes=5)  # what two clocks may differ by: what is noted later than that was noted by a wrong one

_SIGNINS: Table = SignInRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was allowed: whose, from where, and the rows that count it."""

    name: str
    place: str
    rows: tuple[int, ...]


def place_of(address: str) -> str:
    """Where an address is: itself, or the /64 of an IPv6 address, since whoever has one has them all."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def begin(connection: Connection, name: str, address: str, moment: datetime) -> Attempt:
    """Count an attempt, in this transaction; TooMany, with when to try again, if there were too many."""
    place = place_of(address)
    both, here, anywhere = _buckets(name, place)
    _forget(connection, moment)
    for bucket, most in ((both, BY_NAME_AND_PLACE), (here, BY_PLACE)):
        times = _times(connection, bucket, moment)
        if len(times) >= most:
            raise _too_many(times[-most] + WINDOW - moment)
    if not _is_known(connection, name, place, moment):
        _wait(_times(connection, anywhere, moment), moment)
    rows = [
        int(connection.execute(insert(_SIGNINS).values(bucket=each, at=moment).returning(_SIGNINS.c.id)).scalar_one())
        for each in (both, here, anywhere)
    ]
    return Attempt(name, place, tuple(rows))


def succeeded(connection: Connection, attempt: Attempt, moment: datetime) -> None:
    """Take back that it counted, with what the name failed at its place before, and remember the place."""
    both, _, _ = _buckets(attempt.name, attempt.place)
    known = _known(attempt.name, attempt.place)
    going: ColumnElement[bool] = or_(_SIGNINS.c.id.in_(attempt.rows), _SIGNINS.c.bucket.in_([both, known]))
    connection.execute(delete(_SIGNINS).where(going))
    connection.execute(insert(_SIGNINS).values(bucket=known, at=moment))


def _wait(times: Sequence[datetime], moment: datetime) -> None:
    """A name that is tried from everywhere waits twice as long after each failure, up to a minute."""
    if len(times) >= BY_NAME:
        wait: timedelta = min(timedelta(seconds=2 ** min(len(times) - BY_NAME, 10)), LONGEST_WAIT)
        if moment < times[-1] + wait:
            raise _too_many(times[-1] + wait - moment)


def _too_many(wait: timedelta) -> TooMany:
    seconds = max(1, -int(-wait.total_seconds() // 1))
    shown = f"{seconds} seconds" if seconds < 90 else f"{-(-seconds // 60)} minutes"
    return TooMany(f"Too many attempts to sign in have failed. Try again in {shown}.", after=seconds)


def _times(connection: Connection, bucket: str, moment: datetime) -> list[datetime]:
    recent = (_SIGNINS.c.bucket == bucket) & (_SIGNINS.c.at > moment - WINDOW)
    return list(connection.scalars(select(_SIGNINS.c.at).where(recent).order_by(_SIGNINS.c.at, _SIGNINS.c.id)))


def _is_known(connection: Connection, name: str, place: str, moment: datetime) -> bool:
    mine = (_SIGNINS.c.bucket == _known(name, place)) & (_SIGNINS.c.at > moment - KNOWN)
    return bool(connection.scalar(select(func.count()).select_from(_SIGNINS).where(mine)))


def _forget(connection: Connection, moment: datetime) -> None:
    """Forget what is old, and what a clock that ran ahead has noted: it would count until that moment came."""
    known = _SIGNINS.c.bucket.startswith("known ")
    old = (_SIGNINS.c.at <= moment - KNOWN) | (~known & (_SIGNINS.c.at <= moment - WINDOW))
    connection.execute(delete(_SIGNINS).where(old | (_SIGNINS.c.at > moment + AHEAD)))


def _buckets(name: str, place: str) -> tuple[str, str, str]:
    return _digest(f"name {name} at {place}"), _digest(f"place {place}"), _digest(f"name {name}")


def _known(name: str, place: str) -> str:
    return f"known {_digest(f'{name} at {place}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
