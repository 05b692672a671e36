"""Signing in, sessions, and the throttle that slows the guessing of passwords without locking anybody out."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, insert, or_, select, update

from tracker.accounts import CLOCK_SKEW
from tracker.accounts.users import HASHER, MAX_PASSWORD_LENGTH, Role
from tracker.client_place import place_of
from tracker.errors import BadQuestion, NotFound, TooMany, Unavailable
from tracker.messages import message
from tracker.storage import audit_log
from tracker.storage.audit_log import Actor
from tracker.storage.database import read_transaction, write_transaction, write_unless_busy
from tracker.storage.operational_tables import EditorRow, SessionRow, SignInRow

THROTTLE_WINDOW = timedelta(minutes=15)
BY_NAME_AND_PLACE, BY_PLACE = 5, 20  # failed attempts within the window
MAX_FAILURES_BY_NAME = 20  # failed attempts on a name from anywhere, before it has to wait between two
MAX_THROTTLE_WAIT = timedelta(minutes=1)
KNOWN_PLACE_LIFETIME = timedelta(days=30)  # for so long a place is known as one where a name has signed in

_SIGNINS: Table = SignInRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """One attempt that was allowed: whose, from where, and the rows that count it."""

    name: str
    place: str
    rows: tuple[int, ...]


def begin_attempt(connection: Connection, name: str, address: str, moment: datetime) -> LoginAttempt:
    """Count an attempt, in this transaction; TooMany, with when to try again, if there were too many."""
    place = place_of(address)
    both, here, anywhere = _buckets(name, place)
    _forget_attempts(connection, moment)
    for bucket, most in ((both, BY_NAME_AND_PLACE), (here, BY_PLACE)):
        times = _times(connection, bucket, moment)
        if len(times) >= most:
            raise _too_many(times[-most] + THROTTLE_WINDOW - moment)
    if not _is_known(connection, name, place, moment):
        _wait(_times(connection, anywhere, moment), moment)
    rows = [
        int(connection.execute(insert(_SIGNINS).values(bucket=each, at=moment).returning(_SIGNINS.c.id)).scalar_one())
        for each in (both, here, anywhere)
    ]
    return LoginAttempt(name, place, tuple(rows))


def record_success(connection: Connection, attempt: LoginAttempt, moment: datetime) -> None:
    """Take back that it counted, with what the name failed at its place before, and remember the place."""
    both, _, _ = _buckets(attempt.name, attempt.place)
    known = _key_of_known_place(attempt.name, attempt.place)
    going: ColumnElement[bool] = or_(_SIGNINS.c.id.in_(attempt.rows), _SIGNINS.c.bucket.in_([both, known]))
    connection.execute(delete(_SIGNINS).where(going))
    connection.execute(insert(_SIGNINS).values(bucket=known, at=moment))


def _wait(times: Sequence[datetime], moment: datetime) -> None:
    """A name that is tried from everywhere waits twice as long after each failure, up to a minute."""
    if len(times) >= MAX_FAILURES_BY_NAME:
        wait: timedelta = min(timedelta(seconds=2 ** min(len(times) - MAX_FAILURES_BY_NAME, 10)), MAX_THROTTLE_WAIT)
        if moment < times[-1] + wait:
            raise _too_many(times[-1] + wait - moment)


def _too_many(wait: timedelta) -> TooMany:
    seconds = max(1, -int(-wait.total_seconds() // 1))
    shown = f"{seconds} seconds" if seconds < 90 else f"{-(-seconds // 60)} minutes"
    return TooMany(f"Too many attempts to sign in have failed. Try again in {shown}.", after=seconds)


def _times(connection: Connection, bucket: str, moment: datetime) -> list[datetime]:
    recent = (_SIGNINS.c.bucket == bucket) & (_SIGNINS.c.at > moment - THROTTLE_WINDOW)
    return list(connection.scalars(select(_SIGNINS.c.at).where(recent).order_by(_SIGNINS.c.at, _SIGNINS.c.id)))


def _is_known(connection: Connection, name: str, place: str, moment: datetime) -> bool:
    mine = (_SIGNINS.c.bucket == _key_of_known_place(name, place)) & (_SIGNINS.c.at > moment - KNOWN_PLACE_LIFETIME)
    return bool(connection.scalar(select(func.count()).select_from(_SIGNINS).where(mine)))


def _forget_attempts(connection: Connection, moment: datetime) -> None:
    """Forget what is old, and what a clock that ran ahead has noted: it would count until that moment came."""
    known = _SIGNINS.c.bucket.startswith("known ")
    old = (_SIGNINS.c.at <= moment - KNOWN_PLACE_LIFETIME) | (~known & (_SIGNINS.c.at <= moment - THROTTLE_WINDOW))
    connection.execute(delete(_SIGNINS).where(old | (_SIGNINS.c.at > moment + CLOCK_SKEW)))


def _buckets(name: str, place: str) -> tuple[str, str, str]:
    return (
        _digest_of_attempt(f"name {name} at {place}"),
        _digest_of_attempt(f"place {place}"),
        _digest_of_attempt(f"name {name}"),
    )


def _key_of_known_place(name: str, place: str) -> str:
    return f"known {_digest_of_attempt(f'{name} at {place}')}"


def _digest_of_attempt(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


SESSION_LIFETIME = timedelta(hours=12)  # at the longest
IDLE_TIMEOUT = timedelta(hours=2)  # and while nothing is asked
LAST_SEEN_PRECISION = timedelta(minutes=1)  # how exactly that is kept: not every page is worth a write
MAX_CONCURRENT_HASHES = 2  # passwords that one process checks at the same time, of 64 MiB each
MAX_HASHING_WAIT = 5  # seconds that one waits for its turn

_EDITORS: Table = EditorRow.__table__  # type: ignore[attr-defined]
_SESSIONS: Table = SessionRow.__table__  # type: ignore[attr-defined]
_NOBODY = HASHER.hash(secrets.token_urlsafe())  # checked for unknown names, so that they take as long
_TURNS = BoundedSemaphore(MAX_CONCURRENT_HASHES)
_LOG = logging.getLogger("tracker.accounts.sessions")
_MARK = 16  # characters of a session's hash by which it is named on pages


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, and as what."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Session:
    """A session as operators see it: named by a mark that opens nothing; moments are aware UTC."""

    mark: str
    editor: str
    role: Role
    made_at: datetime
    seen_at: datetime
    expires_at: datetime


def sign_in(
    engine: Engine, name: str, password: str, *, place: str, moment: datetime, mark: str = "", request: str = ""
) -> str:
    """A new session's token; BadQuestion for a wrong name or password, TooMany after too many of them.

    `place` is the network address it comes from; `mark` and `request` are what the log keeps of both.
    """
    actor = Actor(name=name, role="", place=mark, request=request)
    try:
        with write_transaction(engine) as connection:
            attempt = begin_attempt(connection, name, place, moment)
    except TooMany:
        audit_log.log_refusal(engine, actor, "sign in", "", moment=moment, outcome="refused: too many attempts")
        raise
    asked = name if name.isprintable() else ""  # no editor is called so, and a database may not take it
    live = (_EDITORS.c.name == asked) & _EDITORS.c.retired_at.is_(None)
    with read_transaction(engine) as connection:
        found = connection.execute(select(_EDITORS.c.password, _EDITORS.c.role).where(live)).first()
    if not _matches(found.password if found else _NOBODY, password) or found is None:
        audit_log.log_refusal(engine, actor, "sign in", "", moment=moment, outcome="failed: wrong name or password")
        raise BadQuestion(message("Incorrect name or password."))
    token = secrets.token_urlsafe(32)
    with write_transaction(engine) as connection:
        now = connection.execute(select(_EDITORS.c.role).where(live & (_EDITORS.c.password == found.password))).first()
        if now is None:  # retired, or given another password, while this one was checked
            raise BadQuestion(message("Incorrect name or password."))
        record_success(connection, attempt, moment)
        _forget(connection, moment)
        row = {"digest": _digest(token), "editor": name, "made_at": moment, "seen_at": moment}
        connection.execute(insert(_SESSIONS).values(**row, expires_at=moment + SESSION_LIFETIME))
        known = Actor(name=name, role=now.role, place=mark, request=request)
        audit_log.add_entry(connection, known, "sign in", "", moment=moment)
    return token


def current_session(engine: Engine, token: str, *, moment: datetime) -> Person | None:
    """Whose session a token is, or None if it is nobody's (any more); that it was used is noted to the minute.

    Where a record may be read and not be written, that is not noted, and the session ends as if nothing was asked.
    """
    if not token:
        return None
    mine = _SESSIONS.c.digest == _digest(token)
    columns = (_SESSIONS.c.editor, _EDITORS.c.role, _SESSIONS.c.made_at, _SESSIONS.c.seen_at, _SESSIONS.c.expires_at)
    query = select(*columns).join(_EDITORS, _EDITORS.c.name == _SESSIONS.c.editor)
    with read_transaction(engine) as connection:
        row = connection.execute(query.where(mine, _EDITORS.c.retired_at.is_(None))).first()
    if row is None or not _lasts(row.made_at, row.seen_at, row.expires_at, moment):
        return None
    if moment - row.seen_at >= LAST_SEEN_PRECISION:
        try:
            write_unless_busy(engine, update(_SESSIONS).where(mine).values(seen_at=moment))
        except Unavailable as trouble:
            _LOG.warning("that a session is used could not be noted: %s", trouble)
    return Person(row.editor, Role(row.role))


def _lasts(made: datetime, seen: datetime, expires: datetime, moment: datetime) -> bool:
    """One that was made by a clock far ahead is over: when it really began, nobody knows."""
    return (
        made - CLOCK_SKEW <= moment < min(expires, made + SESSION_LIFETIME)
        and seen - CLOCK_SKEW <= moment < seen + IDLE_TIMEOUT
    )


def sign_out(engine: Engine, token: str, *, actor: Actor, moment: datetime, everywhere: bool = False) -> None:
    """End a session, or every one its owner has; one that is over already stays over."""
    with write_transaction(engine) as connection:
        mine = _SESSIONS.c.digest == _digest(token)
        owner = connection.scalar(select(_SESSIONS.c.editor).where(mine))
        if owner is not None:
            connection.execute(delete(_SESSIONS).where((_SESSIONS.c.editor == owner) if everywhere else mine))
            audit_log.add_entry(connection, actor, "sign out", "everywhere" if everywhere else "", moment=moment)


def list_sessions(engine: Engine, moment: datetime) -> list[Session]:
    """The sessions that are open, by who has them."""
    query = select(_SESSIONS, _EDITORS.c.role).join(_EDITORS, _EDITORS.c.name == _SESSIONS.c.editor)
    with read_transaction(engine) as connection:
        rows = connection.execute(query.order_by(_SESSIONS.c.editor, _SESSIONS.c.made_at)).all()
    return [
        Session(row.digest[:_MARK], row.editor, Role(row.role), row.made_at, row.seen_at, row.expires_at)
        for row in rows
        if _lasts(row.made_at, row.seen_at, row.expires_at, moment)
    ]


def end_session(engine: Engine, mark: str, *, actor: Actor, moment: datetime) -> None:
    """End somebody's session by its mark; NotFound if there is none."""
    with write_transaction(engine) as connection:
        rows = connection.execute(select(_SESSIONS.c.digest, _SESSIONS.c.editor)).all()
        found = next((row for row in rows if row.digest[:_MARK] == mark), None)
        if found is None:
            raise NotFound("session", mark[:40])
        connection.execute(delete(_SESSIONS).where(_SESSIONS.c.digest == found.digest))
        audit_log.add_entry(connection, actor, "end session", found.editor, moment=moment)


def _forget(connection: Connection, moment: datetime) -> None:
    over = (_SESSIONS.c.expires_at <= moment) | (_SESSIONS.c.made_at > moment + CLOCK_SKEW)
    connection.execute(delete(_SESSIONS).where(over))


def _matches(kept: str, password: str) -> bool:
    if not _TURNS.acquire(timeout=MAX_HASHING_WAIT):
        raise TooMany("Too many people sign in at this moment. Try again in a few seconds.", after=MAX_HASHING_WAIT)
    try:
        return HASHER.verify(kept, password[: MAX_PASSWORD_LENGTH + 1])
    except (Argon2Error, InvalidHashError):
        return False
    finally:
        _TURNS.release()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
