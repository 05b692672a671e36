"""Signing in and out, and the review: of what a sync held, and of the errors that readers report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from pydantic import PlainValidator
from sqlalchemy import Engine

from tracker.accounts import sessions
from tracker.alerts import outbox
from tracker.config import Settings
from tracker.errors import BadQuestion, TooMany
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.messages import plural
from tracker.storage import error_reports
from tracker.storage.error_reports import ReportState
from tracker.storage.fact_edits import EDITABLE
from tracker.sync import review, review_queue
from tracker.sync.review import ReviewDecision
from tracker.sync.review_queue import ReviewItem, ReviewState
from tracker.web import auth, request_log
from tracker.web.auth import ANONYMOUS, Permission, current_principal, public, requires
from tracker.web.context import utc_now
from tracker.web.forms import NO_FAULTS, Form, faults_of, read_form

blueprint = Blueprint("review", __name__)
EXTENSION = "tracker.editors"
MAX_NOTE_LENGTH = 1000  # characters


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
    app.jinja_env.globals.update(awaiting_review=lambda instrument: awaiting_review(engine, instrument))


def awaiting_review(engine: Engine, instrument: str) -> str:
    """How many changes of an instrument await an editor, for readers, who are not told which; empty if none do."""
    count = review_queue.open_counts(engine).get(instrument, 0)
    return plural("{n} change awaits review", "{n} changes await review", count) if count else ""


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
        else render_template("sign_in.html", faults={}, given={})
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
        page = render_template("sign_in.html", faults=faults_of(trouble), given=request.form)
        return page, trouble.status, headers
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
    return _review_page()


@blueprint.post("/held/<int(max=2147483647):number>")
@requires(Permission.DECIDE)
def decide(number: int) -> ResponseReturnValue:
    """Accept or reject one held act; what is wrong with the decision is said beside it."""
    try:
        apply_decision(number, request.form)
    except BadQuestion as trouble:
        return _review_page(number, faults_of(trouble)), trouble.status
    return redirect(url_for("review.waiting"), 303)


@blueprint.post("/held/reports/<int(max=2147483647):number>")
@requires(Permission.DECIDE)
def close_report(number: int) -> ResponseReturnValue:
    """Close a reader's report with a note; what is wrong with the note is said beside it."""
    try:
        form = read_form(ClosingForm, request.form)
        actor = current_principal().actor
        error_reports.close_report(engine(), number, form.note, actor=actor, moment=utc_now())
    except BadQuestion as trouble:
        return _review_page(report=number, faults=faults_of(trouble)), trouble.status
    return redirect(url_for("review.waiting", _anchor="reports"), 303)


def _note(text: str) -> str:
    if not text:
        raise ValueError("Say why: the note is kept with the decision.")
    if len(text) > MAX_NOTE_LENGTH:
        raise ValueError(f"The note has {len(text)} characters; write {MAX_NOTE_LENGTH} at most.")
    return text


def _day(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _decision(text: str) -> str:
    if text not in ("accept", "reject"):
        raise ValueError("Accept or reject: nothing else can be done with a held act.")
    return text


class DecisionForm(Form):
    """What an editor decides about a held act; `code`, `on` and `effective` supply what the act lacks."""

    note: Annotated[str, PlainValidator(_note)]
    code: str
    on: Annotated[PartialDate | None, PlainValidator(_day)]
    effective: Annotated[PartialDate | None, PlainValidator(_day)]
    decision: Annotated[str, PlainValidator(_decision)]


class ClosingForm(Form):
    """What an editor says to a reader's report."""

    note: Annotated[str, PlainValidator(_note)]


def apply_decision(number: int, given: Mapping[str, str]) -> ReviewItem:
    """Do what whoever asks decides about a held act: `decision`, `note`, `code`, `on`, `effective`.

    NotFound for a held act or participant that there is not, BadQuestion for a decision that makes no sense.
    """
    form = read_form(DecisionForm, given)
    actor = current_principal().actor
    word = ReviewDecision(
        who=actor.name, note=form.note, actor=actor, code=form.code.upper(), on=form.on, effective=form.effective
    )
    if form.decision == "accept":
        return review.accept(engine(), number, word, moment=utc_now(), announce=outbox.enqueue_alerts)[0]
    return review.reject(engine(), number, word, moment=utc_now())


def _review_page(number: int = 0, faults: Mapping[str, str] = NO_FAULTS, report: int = 0) -> str:
    everything = review_queue.list_items(engine(), states=tuple(ReviewState))
    return render_template(
        "review.html",
        action_kinds=frozenset(ActionKind),
        editable=frozenset(EDITABLE),
        editor=current_principal().name,
        open=[each for each in everything if each.state is ReviewState.OPEN],
        decided=[each for each in everything if each.state is not ReviewState.OPEN][-50:],
        number=number,
        reports=error_reports.list_reports(engine(), ReportState.OPEN),
        closed_reports=error_reports.list_reports(engine(), ReportState.CLOSED, limit=50),
        report=report,
        faults=faults,
        given=request.form,
    )
