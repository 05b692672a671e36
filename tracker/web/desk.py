"""The editors' desk: signing in and out, and deciding what a sync held back.

Nobody gets further than the sign-in page without a session; every form carries a CSRF token; no
page here is cached. A session's token is new at every sign-in, and only a signed cookie holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from tracker.alerts import outbox
from tracker.errors import BadQuestion, TooMany
from tracker.law.dates import PartialDate
from tracker.record import deciding, editors, held
from tracker.record.deciding import Word
from tracker.record.held import State
from tracker.web import now

desk = Blueprint("desk", __name__)
EXTENSION = "tracker.editors"
COOKIE = "editor"


@dataclass(frozen=True, slots=True)
class Room:
    """What these pages work with."""

    engine: Engine


def install(app: Flask, engine: Engine) -> None:
    """Give the app these pages."""
    app.extensions[EXTENSION] = Room(engine)
    app.config.update(SESSION_COOKIE_HTTPONLY=True, MAX_CONTENT_LENGTH=1_000_000)
    app.register_blueprint(desk)


def _engine() -> Engine:
    return cast(Room, current_app.extensions[EXTENSION]).engine


def editor() -> str | None:
    """Who is signed in with this request, if anybody is."""
    if "editor" not in g:
        token = session.get(COOKIE, "")
        g.editor = editors.signed_in(_engine(), token, moment=now()) if isinstance(token, str) else None
    return cast(str | None, g.editor)


@desk.after_request
def _never_cached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@desk.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form to sign in with."""
    return redirect(url_for("desk.waiting")) if editor() else render_template("sign_in.html", trouble="")


@desk.post("/sign-in")
def signing_in() -> ResponseReturnValue:
    """Start a session, and leave whatever the browser had before."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    try:
        token = editors.sign_in(_engine(), name, password, place=request.remote_addr or "", moment=now())
    except (BadQuestion, TooMany) as trouble:
        return render_template("sign_in.html", trouble=str(trouble)), trouble.status
    session.clear()
    session[COOKIE] = token
    return redirect(url_for("desk.waiting"), 303)


@desk.post("/sign-out")
def signing_out() -> ResponseReturnValue:
    """End the session."""
    editors.sign_out(_engine(), str(session.get(COOKIE, "")))
    session.clear()
    return redirect(url_for("desk.sign_in"), 303)


@desk.get("/held")
def waiting() -> ResponseReturnValue:
    """What waits for a decision, and what was decided."""
    if not (name := editor()):
        return redirect(url_for("desk.sign_in"))
    return _shown(name)


@desk.post("/held/<int(max=2147483647):number>")
def decide(number: int) -> ResponseReturnValue:
    """Accept or reject one held act; what is wrong with the decision is said beside it."""
    if not (name := editor()):
        return redirect(url_for("desk.sign_in"), 303)
    try:
        _decided(number, name)
    except BadQuestion as trouble:
        return _shown(name, number, str(trouble)), trouble.status
    return redirect(url_for("desk.waiting"), 303)


def _decided(number: int, name: str) -> None:
    if not (note := request.form.get("note", "").strip()):
        raise BadQuestion("Say why: the note is kept with the decision.")
    word = Word(
        who=name,
        note=note,
        code=request.form.get("code", "").strip().upper(),
        on=_day("on"),
        effective=_day("effective"),
    )
    match request.form.get("decision"):
        case "accept":
            deciding.accept(_engine(), number, word, moment=now(), announce=outbox.announce)
        case "reject":
            deciding.reject(_engine(), number, word, moment=now())
        case _:
            raise BadQuestion("Accept or reject: nothing else can be done with a held act.")


def _day(field: str) -> PartialDate | None:
    text = request.form.get(field, "").strip()
    try:
        return PartialDate.parse(text) if text else None
    except ValueError as trouble:
        raise BadQuestion(str(trouble)) from None


def _shown(name: str, number: int = 0, trouble: str = "") -> str:
    everything = held.listed(_engine(), states=tuple(State))
    return render_template(
        "held.html",
        editor=name,
        open=[each for each in everything if each.state is State.OPEN],
        decided=[each for each in everything if each.state is not State.OPEN][-50:],
        number=number,
        trouble=trouble,
    )
