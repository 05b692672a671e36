"""The operators' pages: audit log, tokens, sessions, jobs."""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts import api_tokens, sessions
from tracker.errors import BadQuestion
from tracker.maintenance.health import health_report
from tracker.storage import audit_log
from tracker.web.auth import Permission, current_principal, requires
from tracker.web.context import read_moment, utc_now
from tracker.web.pages.review import engine, never_cached

blueprint = Blueprint("admin", __name__)
blueprint.after_request(never_cached)
ENTRIES_PER_PAGE = 100  # lines of the log on a page


def install(app: Flask) -> None:
    """Give the app these pages."""
    app.register_blueprint(blueprint)


@blueprint.get("/audit")
@requires(Permission.SEE_AUDIT)
def log() -> str:
    """The log of writes, sign-ins and refusals, newest first; `?since=`, `?who=` and `?before=` choose."""
    since, name = read_moment("since", request.args.get("since", "")), request.args.get("who", "").strip()[:200]
    found = audit_log.recent_entries(
        engine(), since=since, before=_number("before"), who=_printable_name(name), limit=ENTRIES_PER_PAGE
    )
    return render_template(
        "audit.html", lines=found, who=name, since=request.args.get("since", ""), page=ENTRIES_PER_PAGE
    )


@blueprint.get("/tokens")
@requires(Permission.KEEP_TOKENS)
def tokens() -> str:
    """Every token there is and was, with a button to revoke it."""
    moment = utc_now()
    rows = [api_tokens.token_as_dict(each, moment) for each in reversed(api_tokens.list_tokens(engine()))]
    return render_template("tokens.html", rows=rows)


@blueprint.post("/tokens/<int(max=2147483647):number>")
@requires(Permission.KEEP_TOKENS)
def revoke(number: int) -> ResponseReturnValue:
    """Revoke a token."""
    api_tokens.revoke_token(engine(), number, actor=current_principal().actor, moment=utc_now())
    return redirect(url_for("admin.tokens"), 303)


@blueprint.get("/sessions")
@requires(Permission.END_SESSIONS)
def open_sessions() -> str:
    """Who is signed in, with a button to end it."""
    return render_template("sessions.html", rows=sessions.list_sessions(engine(), utc_now()))


@blueprint.post("/sessions/<mark>")
@requires(Permission.END_SESSIONS)
def end(mark: str) -> ResponseReturnValue:
    """End somebody's session."""
    sessions.end_session(engine(), mark, actor=current_principal().actor, moment=utc_now())
    return redirect(url_for("admin.open_sessions"), 303)


@blueprint.get("/jobs")
@requires(Permission.SEE_JOBS)
def jobs() -> str:
    """Whether each job is on time, and in its own words how it last went."""
    return render_template("jobs.html", found=health_report(engine(), utc_now()))


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuestion(f"{name}='{text[:20]}' is not the number of a line.", name)
    return int(text)


def _printable_name(name: str) -> str:
    """A name as the log holds it: a database may not take what no name has."""
    return name if name.isprintable() else "\N{REPLACEMENT CHARACTER}"
