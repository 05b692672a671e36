"""Sessions: signing in with a password, staying signed in for a while, and being signed out.

A session's token is random, new at every sign-in, and kept as a hash. It ends after a time in any case, sooner
if nothing is asked with it, and at once when its owner's password or role changes. Checking a password takes
64 MiB: only a few are checked at a time. How often it may be tried is `guessing`'s business.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from tracker.errors import BadQuestion, NotFound, TooMany, Unavailable
from tracker.record import audit, guessing
from tracker.record.audit import Actor
from tracker.record.database import reading, writing
from tracker.record.editors import HASHER, LONGEST, Role
from tracker.record.guessing import AHEAD
from tracker.record.peopletables import EditorRow, SessionRow

SESSION = timedelta(hours=12)  # at the longest
IDLE = timedelta(hours=2)  # and while nothing is asked
SEEN = timedelta(minutes=1)  # how exactly that is kept: not every page is worth a write
AT_ONCE = 2  # passwords that one process checks at the same time, of 64 MiB each
PATIENCE = 5  # seconds that one waits for its turn

_EDITORS: Table = EditorRow.__table__  # type: ignore[attr-defined]
_SESSIONS: Table = SessionRow.__table__  # type: ignore[attr-defined]
_NOBODY = HASHER.hash(secrets.token_urlsafe())  # checked for unknown names, so that they take as long
_TURNS = BoundedSemaphore(AT_ONCE)
_LOG = logging.getLogger("tracker.record.sessions")
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
        with writing(engine) as connection:
            attempt = guessing.begin(connection, name, place, moment)
    except TooMany:
        audit.noted(engine, actor, "sign in", "", moment=moment, outcome="refused: too many attempts")
        raise
    asked = name if name.isprintable() else ""  # no editor is called so, and a database may not take it
    live = (_EDITORS.c.name == asked) & _EDITORS.c.retired_at.is_(None)
    with reading(engine) as connection:
        found = connection.execute(select(_EDITORS.c.password, _EDITORS.c.role).where(live)).first()
    if not _matches(found.password if found else _NOBODY, password) or found is None:
        audit.noted(engine, actor, "sign in", "", moment=moment, outcome="failed: wrong name or password")
        raise BadQuestion("That name and password do not belong together.")
    token = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        now = connection.execute(select(_EDITORS.c.role).where(live & (_EDITORS.c.password == found.password))).first()
        if now is None:  # retired, or given another password, while this one was checked
            raise BadQuestion("That name and password do not belong together.")
        guessing.succeeded(connection, attempt, moment)
        _forget(connection, moment)
        row = {"digest": _digest(token), "editor": name, "made_at": moment, "seen_at": moment}
        connection.execute(insert(_SESSIONS).values(**row, expires_at=moment + SESSION))
        known = Actor(name=name, role=now.role, place=mark, request=request)
        audit.note(connection, known, "sign in", "", moment=moment)
    return token


def signed_in(engine: Engine, token: str, *, moment: datetime) -> Person | None:
    """Whose session a token is, or None if it is nobody's (any more); that it was used is noted to the minute.

    Where a record may be read and not be written, that is not noted, and the session ends as if nothing was asked.
    """
    if not token:
        return None
    mine = _SESSIONS.c.digest == _digest(token)
    columns = (_SESSIONS.c.editor, _EDITORS.c.role, _SESSIONS.c.made_at, _SESSIONS.c.seen_at, _SESSIONS.c.expires_at)
    query = select(*columns).join(_EDITORS, _EDITORS.c.name == _SESSIONS.c.editor)
    with reading(engine) as connection:
        row = connection.execute(query.where(mine, _EDITORS.c.retired_at.is_(None))).first()
    if row is None or not _lasts(row.made_at, row.seen_at, row.expires_at, moment):
        return None
    if moment - row.seen_at >= SEEN:
        try:
            with writing(engine) as connection:
                connection.execute(update(_SESSIONS).where(mine).values(seen_at=moment))
        except Unavailable as trouble:
            _LOG.warning("that a session is used could not be noted: %s", trouble)
    return Person(row.editor, Role(row.role))


def _lasts(made: datetime, seen: datetime, expires: datetime, moment: datetime) -> bool:
    """One that was made by a clock far ahead is over: when it really began, nobody knows."""
    return made - AHEAD <= moment < min(expires, made + SESSION) and seen - AHEAD <= moment < seen + IDLE


def sign_out(engine: Engine, token: str, *, actor: Actor, moment: datetime, everywhere: bool = False) -> None:
    """End a session, or every one its owner has; one that is over already stays over."""
    with writing(engine) as connection:
        mine = _SESSIONS.c.digest == _digest(token)
        owner = connection.scalar(select(_SESSIONS.c.editor).where(mine))
        if owner is not None:
            connection.execute(delete(_SESSIONS).where((_SESSIONS.c.editor == owner) if everywhere else mine))
            audit.note(connection, actor, "sign out", "everywhere" if everywhere else "", moment=moment)


def listed(engine: Engine, moment: datetime) -> list[Session]:
    """The sessions that are open, by who has them."""
    query = select(_SESSIONS, _EDITORS.c.role).join(_EDITORS, _EDITORS.c.name == _SESSIONS.c.editor)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(_SESSIONS.c.editor, _SESSIONS.c.made_at)).all()
    return [
        Session(row.digest[:_MARK], row.editor, Role(row.role), row.made_at, row.seen_at, row.expires_at)
        for row in rows
        if _lasts(row.made_at, row.seen_at, row.expires_at, moment)
    ]


def end(engine: Engine, mark: str, *, actor: Actor, moment: datetime) -> None:
    """End somebody's session by its mark; NotFound if there is none."""
    with writing(engine) as connection:
        rows = connection.execute(select(_SESSIONS.c.digest, _SESSIONS.c.editor)).all()
        found = next((row for row in rows if row.digest[:_MARK] == mark), None)
        if found is None:
            raise NotFound("session", mark[:40])
        connection.execute(delete(_SESSIONS).where(_SESSIONS.c.digest == found.digest))
        audit.note(connection, actor, "end session", found.editor, moment=moment)


def _forget(connection: Connection, moment: datetime) -> None:
    over = (_SESSIONS.c.expires_at <= moment) | (_SESSIONS.c.made_at > moment + AHEAD)
    connection.execute(delete(_SESSIONS).where(over))


def _matches(kept: str, password: str) -> bool:
    if not _TURNS.acquire(timeout=PATIENCE):
        raise TooMany("Too many people sign in at this moment. Try again in a few seconds.", after=PATIENCE)
    try:
        return HASHER.verify(kept, password[: LONGEST + 1])
    except (Argon2Error, InvalidHashError):
        return False
    finally:
        _TURNS.release()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
