"""API tokens: made and shown once, limited in scope and lifetime, stored as a hash."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, insert, select, update

from tracker.accounts import CLOCK_SKEW
from tracker.errors import BadQuestion, NotFound, Unavailable
from tracker.storage import audit_log
from tracker.storage.audit_log import Actor
from tracker.storage.database import read_transaction, write_transaction, write_unless_busy
from tracker.storage.operational_tables import TokenRow

PREFIX = "trk_"
USUAL, LONGEST = 90, 730  # days that a token is good for
LAST_USED_PRECISION = timedelta(minutes=1)  # how exactly the last use is kept: not each call is worth a write
_SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)
_LOG = logging.getLogger("tracker.accounts.api_tokens")
_MOST = 2**31 - 1  # the greatest number of a row

_TOKENS: Table = TokenRow.__table__  # type: ignore[attr-defined]


class Scope(StrEnum):
    """What a token is good for; each holds what stands before it."""

    READ = "read"
    EDIT = "edit"
    OPERATE = "operate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token without its secret; moments are aware UTC."""

    id: int
    name: str
    scope: Scope
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def label(self) -> str:
        """How the log names whoever uses it."""
        return f"token {self.id} ({self.name})"

    def good(self, moment: datetime) -> bool:
        """Does it open anything at that moment?"""
        return self.revoked_at is None and self.made_at - CLOCK_SKEW <= moment < self.expires_at


def create_token(
    engine: Engine, name: str, scope: Scope, *, actor: Actor, moment: datetime, days: int = USUAL
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can be told again; BadQuestion for a bad name or lifetime."""
    if not name.isprintable() or not 1 <= len(name) <= 80 or name != name.strip():
        raise BadQuestion("A token's name is 1 to 80 printable characters, without spaces around it.")
    if not 1 <= days <= LONGEST:
        raise BadQuestion(f"A token is good for 1 to {LONGEST} days.")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = {"name": name, "digest": _digest(secret), "scope": scope.value, "made_at": moment, "made_by": actor.name,
           "expires_at": moment + timedelta(days=days)}  # fmt: skip
    with write_transaction(engine) as connection:
        id = int(connection.execute(insert(_TOKENS).values(**row).returning(_TOKENS.c.id)).scalar_one())
        audit_log.add_entry(
            connection, actor, "make token", f"{id} ({name}), {scope.value}, {days} days", moment=moment
        )
        return _one(connection, id), secret


def revoke_token(engine: Engine, id: int, *, actor: Actor, moment: datetime) -> ApiToken:
    """End a token, from now on; NotFound if there is none of that number, BadQuestion if it is ended already."""
    with write_transaction(engine) as connection:
        found = _one(connection, id)
        if found.revoked_at:
            raise BadQuestion(f"Token {id} is revoked already.")
        connection.execute(update(_TOKENS).where(_TOKENS.c.id == id).values(revoked_at=moment))
        audit_log.add_entry(connection, actor, "revoke token", f"{id} ({found.name})", moment=moment)
        return _one(connection, id)


def list_tokens(engine: Engine) -> list[ApiToken]:
    """All tokens there are and were, oldest first."""
    with read_transaction(engine) as connection:
        return [_read(row) for row in connection.execute(select(_TOKENS).order_by(_TOKENS.c.id))]


def token_for_secret(engine: Engine, secret: str, *, moment: datetime) -> ApiToken | None:
    """The token of that secret if it is good now, else None; its use is noted to the minute, where it can be."""
    if not _SHAPE.fullmatch(secret):
        return None
    with read_transaction(engine) as connection:
        row = connection.execute(select(_TOKENS).where(_TOKENS.c.digest == _digest(secret))).first()
    found = _read(row) if row else None
    if found is None or not found.good(moment):
        return None
    if found.used_at is None or abs(moment - found.used_at) >= LAST_USED_PRECISION:
        try:
            write_unless_busy(engine, update(_TOKENS).where(_TOKENS.c.id == found.id).values(used_at=moment))
        except Unavailable as trouble:  # what only reads goes on where nothing can be written
            _LOG.warning("that a token is used could not be noted: %s", trouble)
    return found


def token_as_dict(each: ApiToken, moment: datetime) -> dict[str, Any]:
    """A token as plain values, with its state at the moment; moments as ISO 8601."""
    state = "revoked" if each.revoked_at else "good" if each.good(moment) else "expired"
    kept = {name: getattr(each, name) for name in ("made_at", "expires_at", "used_at", "revoked_at")}
    moments = {name: at and at.isoformat(timespec="seconds").replace("+00:00", "Z") for name, at in kept.items()}
    return {
        "id": each.id,
        "name": each.name,
        "scope": each.scope.value,
        "state": state,
        "made_by": each.made_by,
    } | moments


def _one(connection: Connection, id: int) -> ApiToken:
    known = 0 < id <= _MOST  # a database has no number beyond
    row = connection.execute(select(_TOKENS).where(_TOKENS.c.id == id)).first() if known else None
    if row is None:
        raise NotFound("token", str(id)[:20])
    return _read(row)


def _read(row: Row[Any]) -> ApiToken:
    kept = {name: value for name, value in row._mapping.items() if name not in ("digest", "scope")}
    return ApiToken(scope=Scope(row.scope), **kept)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
