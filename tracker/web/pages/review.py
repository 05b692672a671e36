"""Signing in and out, and the review of what a sync held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from tracker.accounts import sessions
from tracker.alerts import outbox
from tracker.config import Settings
from tracker.errors import BadQuestion, TooMany
from tracker.law.dates import PartialDate
from tracker.sync import review, review_queue
from tracker.sync.review import ReviewDecision
from tracker.sync.review_queue import ReviewItem, ReviewState
from tracker.web import auth, request_log
from tracker.web.auth import ANONYMOUS, Permission, current_principal, public, requires
from tracker.web.context import utc_now

blueprint = Blueprint("review", __name__)
EXTENSION = "tracker.editors"


@dataclass(frozen=True, slots=True)
class ReviewPages:
    """What these pages work with."""

    engine: Engine


def install(app: Flask, engine: Engine, settings: Settings) -> None:
    """Give the app these pages, and its cookie the rules that a browser holds it to.

    Over https the cookie's name begins with `__Host-` (RFC 6265bis): no other host and no plain http can set it.
    """
    app.extensions[EXTENSION] = ReviewPages(engine)
    app.extensions[auth.EXTENSION] = engine
    secure = settings.base_url.startswith("https:")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_PATH="/",
    )
    app.register_blueprint(blueprint)


def engine() -> Engine:
    """The record's engine, for pages of those who are signed in."""
    return cast(ReviewPages, current_app.extensions[EXTENSION]).engine


@blueprint.after_request
def never_cached(answer: Response) -> Response:
    """Let nobody keep an answer, or find it by a search."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form to sign in with."""
    return (
        redirect(url_for("review.waiting"))
        if current_principal() is not ANONYMOUS
        else render_template("sign_in.html", trouble="")
    )


@blueprint.post("/sign-in")
@public("who signs in is nobody yet; how often is limited")
def signing_in() -> ResponseReturnValue:
    """Start a session, and leave whatever the browser had before."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    given = {"place": request.remote_addr or "", "mark": auth.place_mark(), "request": request_log.request_number()}
    try:
        token = sessions.sign_in(engine(), name[:200], password, moment=utc_now(), **given)
    except (BadQuestion, TooMany) as trouble:
        after = getattr(trouble, "after", None)
        headers = {"Retry-After": str(int(after))} if after else {}
        return render_template("sign_in.html", trouble=str(trouble)), trouble.status, headers
    session.clear()
    session[auth.COOKIE] = token
    return redirect(url_for("review.waiting"), 303)


@blueprint.post("/sign-out")
@public("a session that is over may be ended once more")
def signing_out() -> ResponseReturnValue:
    """End the session, or every one of the person's."""
    token, everywhere = str(session.get(auth.COOKIE, "")), request.form.get("everywhere") == "yes"
    sessions.sign_out(engine(), token, actor=current_principal().actor, moment=utc_now(), everywhere=everywhere)
    session.clear()
    return redirect(url_for("review.sign_in"), 303)


@blueprint.get("/held")
@requires(Permission.DECIDE)
def waiting() -> ResponseReturnValue:
    """What waits for a decision, and what was decided."""
    return _shown()


@blueprint.post("/held/<int(max=2147483647):number>")
@requires(Permission.DECIDE)
def decide(number: int) -> ResponseReturnValue:
    """Accept or reject one held act; what is wrong with the decision is said beside it."""
    try:
        apply_decision(number, request.form)
    except BadQuestion as trouble:
        return _shown(number, str(trouble)), trouble.status
    return redirect(url_for("review.waiting"), 303)


def apply_decision(number: int, given: Mapping[str, str]) -> ReviewItem:
    """Do what whoever asks decides about a held act: `decision`, `note`, `code`, `on`, `effective`.

    NotFound for a held act or participant that there is not, BadQuestion for a decision that makes no sense.
    """
    if not (note := given.get("note", "").strip()):
        raise BadQuestion("Say why: the note is kept with the decision.")
    if len(note) > MAX_NOTE_LENGTH:
        raise BadQuestion(f"The note has {len(note)} characters; write {MAX_NOTE_LENGTH} at most.")
    actor = current_principal().actor
    word = ReviewDecision(
        who=actor.name,
        note=note,
        actor=actor,
        code=given.get("code", "").strip().upper(),
        on=_day(given.get("on", "")),
        effective=_day(given.get("effective", "")),
    )
    match given.get("decision"):
        case "accept":
            return review.accept(engine(), number, word, moment=utc_now(), announce=outbox.enqueue_alerts)[0]
        case "reject":
            return review.reject(engine(), number, word, moment=utc_now())
        case _:
            raise BadQuestion("Accept or reject: nothing else can be done with a held act.")


MAX_NOTE_LENGTH = 1000  # characters


def _day(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text.strip()) if text.strip() else None
    except ValueError as trouble:
        raise BadQuestion(str(trouble)[:200]) from None


def _shown(number: int = 0, trouble: str = "") -> str:
    everything = review_queue.list_items(engine(), states=tuple(ReviewState))
    return render_template(
        "review.html",
        editor=current_principal().name,
        open=[each for each in everything if each.state is ReviewState.OPEN],
        decided=[each for each in everything if each.state is not ReviewState.OPEN][-50:],
        number=number,
        trouble=trouble,
    )
