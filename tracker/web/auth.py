"""Who makes the request and what they may do: the one place that decides either."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import Engine

from tracker.accounts import api_tokens, sessions
from tracker.accounts.api_tokens import ApiToken, Scope
from tracker.accounts.users import Role
from tracker.client_place import place_of
from tracker.errors import NotAllowed, NotSignedIn
from tracker.storage import audit_log
from tracker.storage.audit_log import Actor
from tracker.web import errors, request_log
from tracker.web.context import utc_now

EXTENSION = "tracker.who"
COOKIE = "editor"
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What there is to be done that not everybody may do."""

    DECIDE = "decide about what is held"
    SET_TARGETS = "set targets"
    IMPORT = "import files"
    EDIT = "enter and correct entries"
    ADD = "add treaties"
    SEE_AUDIT = "see who did what"
    SEE_JOBS = "see how the jobs failed"
    KEEP_TOKENS = "see and revoke tokens"
    END_SESSIONS = "end the sessions of others"


ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset(),
    Role.EDITOR: frozenset(
        {Permission.DECIDE, Permission.SET_TARGETS, Permission.IMPORT, Permission.EDIT, Permission.ADD}
    ),
    Role.OPERATOR: frozenset(Permission),
}
ROLE_OF = {Scope.READ: Role.READER, Scope.EDIT: Role.EDITOR, Scope.OPERATE: Role.OPERATOR}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a person by name, or a program by its token; in what role."""

    name: str
    role: Role
    token: ApiToken | None = None

    def may(self, what: Permission) -> bool:
        """May they do that?"""
        return what in ALLOWED[self.role]

    @property
    def actor(self) -> Actor:
        """How the log names them in this request."""
        return Actor(name=self.name, role=self.role.value, place=place_mark(), request=request_log.request_number())


ANONYMOUS = Principal("anybody", Role.READER)


def install(app: Flask) -> None:
    """Let the app know who asks, and refuse what they may not; where sessions are kept, `desk` says."""
    app.before_request(_check_admission)
    app.register_error_handler(CSRFError, _refuse_forgery)
    app.context_processor(lambda: {"asker": current_principal, "May": Permission})


def requires(what: Permission) -> Callable[[View], View]:
    """The view below is only for those who may do this."""

    def mark(view: View) -> View:
        cast(Any, view).needs = what
        return view

    return mark


def public(why: str) -> Callable[[View], View]:
    """The view below writes, and is for everybody: for this reason."""

    def mark(view: View) -> View:
        cast(Any, view).anyone = why
        return view

    return mark


def current_principal() -> Principal:
    """Who asks in this request; `NOBODY` where nobody has shown who they are. NotSignedIn for a token that is none."""
    if "asker" not in g:
        g.asker = _by_token() if _is_for_programs() else _by_session()
    return cast(Principal, g.asker)


def has_permission(what: Permission) -> bool:
    """May whoever asks do that? For pages that show more to some."""
    return current_principal().may(what)


def place_mark() -> str:
    """A mark of where the request comes from: the same for the same place, and nobody can tell the place from it.

    Keyed with the app's secret key, so that it can be neither guessed nor compared with another site's.
    """
    place = place_of(request.remote_addr or "")
    return hmac.new(str(current_app.secret_key).encode(), place.encode(), hashlib.sha256).hexdigest()[:12]


def has_token() -> bool:
    """Does the request bring something that claims to be a token?"""
    return bool(request.headers.get("Authorization"))


def _is_for_programs() -> bool:
    return request.path.startswith("/api/")


def _engine() -> Engine:
    return cast(Engine, current_app.extensions[EXTENSION])


def _by_session() -> Principal:
    token = session.get(COOKIE, "")
    found = sessions.current_session(_engine(), token, moment=utc_now()) if isinstance(token, str) and token else None
    return Principal(found.name, found.role) if found else ANONYMOUS


def _by_token() -> Principal:
    if not has_token():
        return ANONYMOUS
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    token = (
        api_tokens.token_for_secret(_engine(), secret.strip(), moment=utc_now()) if scheme.lower() == "bearer" else None
    )
    if token is None:
        raise NotSignedIn("The access token is invalid, expired or revoked.")
    return Principal(token.label, ROLE_OF[token.scope], token)


def _refuse_forgery(error: CSRFError) -> ResponseReturnValue:
    """Refuse a form that is not the browser's own, and write it down where it would be done in somebody's name."""
    who = current_principal()
    if who is not ANONYMOUS:
        place = f"{request.method} {request.url_rule.rule if request.url_rule else ''}"
        audit_log.log_refusal(
            _engine(), who.actor, "send a form", place, moment=utc_now(), outcome="refused: forged, or out of date"
        )
    return errors.of_http(error)


def _check_admission() -> ResponseReturnValue | None:
    view: Any = current_app.view_functions.get(request.endpoint or "")
    needed: Permission | None = getattr(view, "needs", None)
    if _is_for_programs() and has_token():
        current_principal()  # a token that is none is refused even where none is needed
    if needed is None:
        if view and request.method in WRITING and not getattr(view, "anyone", ""):
            raise NotAllowed("This is not allowed.")
        return None
    who = current_principal()
    if who.may(needed):
        return None
    if who is ANONYMOUS:
        if _is_for_programs():
            raise NotSignedIn("This needs a token: send it as `Authorization: Bearer trk_...`.")
        return redirect(url_for("review.sign_in"), 303 if request.method in WRITING else 302)
    place = f"{request.method} {request.url_rule.rule if request.url_rule else ''}"
    audit_log.log_refusal(
        _engine(), who.actor, needed.value, place, moment=utc_now(), outcome=f"refused: {who.role} may not"
    )
    raise NotAllowed(f"As {who.role} you may not {needed.value}.")
