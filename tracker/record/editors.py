"""Editors: who may decide what is held, and that they are who they say.

Passwords are hashed with Argon2 (RFC 9106), sessions are random tokens kept as hashes, and failed
attempts are limited by name and by place. What an editor's word does is `deciding`'s business.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update

from tracker.errors import BadQuestion, TooMany
from tracker.record.database import reading, writing
from tracker.record.peopletables import EditorRow, SessionRow, SignInRow

SHORTEST = 12  # characters of a password (NIST SP 800-63B asks for 8 at least)
LONGEST = 512
SESSION = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
BY_NAME, BY_PLACE = 5, 20  # failed attempts within the window

_EDITORS: Table = EditorRow.__table__  # type: ignore[attr-defined]
_SESSIONS: Table = SessionRow.__table__  # type: ignore[attr-defined]
_SIGNINS: Table = SignInRow.__table__  # type: ignore[attr-defined]
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe())  # checked for unknown names, so that they take as long


@dataclass(frozen=True, slots=True)
class Editor:
    """One who may decide, and since when; `retired_at` where that has ended."""

    name: str
    added_at: datetime
    retired_at: datetime | None


def add(engine: Engine, name: str, password: str, *, moment: datetime) -> None:
    """Let a person decide, or give them a new password; BadQuestion for a bad name or a weak password.

    A new password ends every session the person has.
    """
    if not name.isprintable() or not 1 <= len(name) <= 80 or name != name.strip():
        raise BadQuestion("An editor's name is 1 to 80 printable characters, without spaces around it.")
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadQuestion(f"A password has {SHORTEST} to {LONGEST} characters.")
    values = {"password": _HASHER.hash(password), "added_at": moment, "retired_at": None}
    with writing(engine) as connection:
        _end_sessions(connection, name)
        if not connection.execute(update(_EDITORS).where(_EDITORS.c.name == name).values(**values)).rowcount:
            connection.execute(insert(_EDITORS).values(name=name, **values))


def retire(engine: Engine, name: str, *, moment: datetime) -> None:
    """Let a person decide no longer, from now on; BadQuestion if nobody of that name may."""
    with writing(engine) as connection:
        live = (_EDITORS.c.name == name) & _EDITORS.c.retired_at.is_(None)
        if not connection.execute(update(_EDITORS).where(live).values(retired_at=moment)).rowcount:
            raise BadQuestion(f"There is no editor called '{name}'.")
        _end_sessions(connection, name)


def listed(engine: Engine) -> list[Editor]:
    """All editors there are and were, by name."""
    columns = (_EDITORS.c.name, _EDITORS.c.added_at, _EDITORS.c.retired_at)
    with reading(engine) as connection:
        return [Editor(*row) for row in connection.execute(select(*columns).order_by(_EDITORS.c.name))]


def sign_in(engine: Engine, name: str, password: str, *, place: str, moment: datetime) -> str:
    """A new session's token; BadQuestion for a wrong name or password, TooMany after too many of them."""
    with reading(engine) as connection:
        _refuse_too_many(connection, name, place, moment)
        asked = name if name.isprintable() else ""  # no editor is called so, and a database may not take it
        live = (_EDITORS.c.name == asked) & _EDITORS.c.retired_at.is_(None)
        kept = connection.execute(select(_EDITORS.c.password).where(live)).scalar_one_or_none()
    if not _matches(kept, password) or kept is None:
        _note_failure(engine, name, place, moment)
        raise BadQuestion("That name and password do not belong together.")
    token = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        connection.execute(delete(_SESSIONS).where(_SESSIONS.c.expires_at <= moment))
        values = {"digest": _digest(token), "editor": name, "made_at": moment, "expires_at": moment + SESSION}
        connection.execute(insert(_SESSIONS).values(**values))
    return token


def signed_in(engine: Engine, token: str, *, moment: datetime) -> str | None:
    """Whose session a token is, or None if it is nobody's (any more)."""
    if not token:
        return None
    mine = (_SESSIONS.c.digest == _digest(token)) & (_SESSIONS.c.expires_at > moment)
    with reading(engine) as connection:
        return connection.execute(select(_SESSIONS.c.editor).where(mine)).scalar_one_or_none()


def sign_out(engine: Engine, token: str) -> None:
    """End a session; one that is over already stays over."""
    with writing(engine) as connection:
        connection.execute(delete(_SESSIONS).where(_SESSIONS.c.digest == _digest(token)))


def _matches(kept: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(kept or _NOBODY, password[:LONGEST])
    except (Argon2Error, InvalidHashError):
        return False


def _refuse_too_many(connection: Connection, name: str, place: str, moment: datetime) -> None:
    for what, most in ((f"name {name}", BY_NAME), (f"place {place}", BY_PLACE)):
        recent = (_SIGNINS.c.bucket == _digest(what)) & (_SIGNINS.c.at > moment - WINDOW)
        if connection.execute(select(func.count()).select_from(_SIGNINS).where(recent)).scalar_one() >= most:
            raise TooMany("Too many attempts to sign in have failed. Try again in a quarter of an hour.")


def _note_failure(engine: Engine, name: str, place: str, moment: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(delete(_SIGNINS).where(_SIGNINS.c.at <= moment - WINDOW))
        rows = [{"bucket": _digest(what), "at": moment} for what in (f"name {name}", f"place {place}")]
        connection.execute(insert(_SIGNINS), rows)


def _end_sessions(connection: Connection, name: str) -> None:
    connection.execute(delete(_SESSIONS).where(_SESSIONS.c.editor == name))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
