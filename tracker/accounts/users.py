"""Users: the editors and operators who may do more than read, their roles and passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from tracker.errors import BadQuestion
from tracker.storage import audit_log
from tracker.storage.audit_log import Actor
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import EditorRow, SessionRow

MIN_PASSWORD_LENGTH = 12  # characters of a password (NIST SP 800-63B asks for 8 at least)
MAX_PASSWORD_LENGTH = 512
HASHER = PasswordHasher()

_EDITORS: Table = EditorRow.__table__  # type: ignore[attr-defined]
_SESSIONS: Table = SessionRow.__table__  # type: ignore[attr-defined]


class Role(StrEnum):
    """What a person is to this record; each may do all that those before it may."""

    READER = "reader"
    EDITOR = "editor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class User:
    """One who may do more than read, as what, and since when; `retired_at` where that has ended."""

    name: str
    role: Role
    added_at: datetime
    retired_at: datetime | None


def add_user(
    engine: Engine, name: str, password: str, *, moment: datetime, role: Role = Role.EDITOR, actor: Actor | None = None
) -> None:
    """Let a person do what the role may, or give them a new password; BadQuestion for a bad name or password.

    Every session the person has is ended.
    """
    if not name.isprintable() or not 1 <= len(name) <= 80 or name != name.strip():
        raise BadQuestion("An editor's name is 1 to 80 printable characters, without spaces around it.")
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise BadQuestion(f"A password has {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters.")
    if role is Role.READER:
        raise BadQuestion("Anybody may read: give the role editor or operator.")
    values = {"password": HASHER.hash(password), "role": role.value, "added_at": moment, "retired_at": None}
    with write_transaction(engine) as connection:
        _end_sessions(connection, name)
        if not connection.execute(update(_EDITORS).where(_EDITORS.c.name == name).values(**values)).rowcount:
            connection.execute(insert(_EDITORS).values(name=name, **values))
        audit_log.audit_by(actor, "set password", f"{name}, {role.value}", moment)(connection)


def change_role(engine: Engine, name: str, role: Role, *, moment: datetime, actor: Actor | None = None) -> None:
    """Give a person another role, keeping the password; every session is ended. BadQuestion if there is none."""
    if role is Role.READER:
        raise BadQuestion("Anybody may read: retire an editor who is to do no more than that.")
    with write_transaction(engine) as connection:
        _update_editor(connection, name, role=role.value)
        audit_log.audit_by(actor, "set role", f"{name}, {role.value}", moment)(connection)


def retire_user(engine: Engine, name: str, *, moment: datetime, actor: Actor | None = None) -> None:
    """Let a person do no more than read, from now on; BadQuestion if nobody of that name may do more."""
    with write_transaction(engine) as connection:
        _update_editor(connection, name, retired_at=moment)
        audit_log.audit_by(actor, "retire", name, moment)(connection)


def list_users(engine: Engine) -> list[User]:
    """All editors and operators there are and were, by name."""
    columns = (_EDITORS.c.name, _EDITORS.c.role, _EDITORS.c.added_at, _EDITORS.c.retired_at)
    with read_transaction(engine) as connection:
        rows = connection.execute(select(*columns).order_by(_EDITORS.c.name)).all()
    return [User(row.name, Role(row.role), row.added_at, row.retired_at) for row in rows]


def _update_editor(connection: Connection, name: str, **values: object) -> None:
    live = (_EDITORS.c.name == name) & _EDITORS.c.retired_at.is_(None)
    if not connection.execute(update(_EDITORS).where(live).values(**values)).rowcount:
        raise BadQuestion(f"There is no editor called '{name}'.")
    _end_sessions(connection, name)


def _end_sessions(connection: Connection, name: str) -> None:
    connection.execute(delete(_SESSIONS).where(_SESSIONS.c.editor == name))
