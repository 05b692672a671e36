"""The change log as a page, JSON, CSV and feeds, and coming dates as calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from tracker.alerts.messages import page_of
from tracker.errors import BadQuestion
from tracker.law.changes import ChangeKind
from tracker.law.ledger import Ledger
from tracker.schemas.changes import ChangeEntry, ChangeLog
from tracker.schemas.formats import columns_of
from tracker.storage import change_log
from tracker.storage.change_log import LoggedChange
from tracker.web.context import get_context, iso_moment
from tracker.web.feeds import FORMS, MOVES, FeedEntry, calendar_of, feed, latest_actions, logged_entries
from tracker.web.language import alphabetical
from tracker.web.pages.subscriptions import subscription_pages
from tracker.web.responses import PageAnswer, respond

blueprint = Blueprint("changes", __name__)
A_PAGE = 50
MAX_AGE = 300  # seconds that an answer may be shown without asking again

# -- the log ---------------------------------------------------------------------------------------


@blueprint.get("/changes")
@blueprint.get("/changes.<any(json, csv, xlsx, atom, jsonfeed):form>")
def changes(form: str | None = None) -> ResponseReturnValue:
    """What was noted last, for everything or what the address chooses."""
    wanted = selected_changes(get_context().ledger)
    found = change_log.recent_changes(subscription_pages().engine, **wanted, before=_before(), limit=A_PAGE + 1)
    if form in FORMS:
        about = ", ".join(str(value) for value in request.args.values()) or "everything"
        chosen = {name: wanted[name] for name in ("instrument", "participant")}
        filled = not wanted["kinds"] and not wanted["body"] and _before() is None
        entries = _entries(found[:A_PAGE], chosen if filled else None)
        return _feed(form, entries, f"Treaty Tracker: changes of {about}", "changes.changes")
    answer = respond(_log(found, filtered=any(wanted.values())), "changes.html", form)
    return _briefly(make_response(answer))


@blueprint.get("/instruments/<id>.atom")
@blueprint.get("/instruments/<id>.<any(jsonfeed):form>")
def of_instrument(id: str, form: str = "atom") -> Response:
    """What changed about an instrument."""
    terms = get_context().ledger.instrument(id)
    found = change_log.recent_changes(subscription_pages().engine, instrument=terms.id, limit=A_PAGE)
    entries = _entries(found, {"instrument": terms.id})
    return _feed(form, entries, f"Treaty Tracker: {terms.name}", "record.instrument", id=terms.id)


@blueprint.get("/participants/<code>.atom")
@blueprint.get("/participants/<code>.<any(jsonfeed):form>")
def of_participant(code: str, form: str = "atom") -> Response:
    """What changed about a participant."""
    who = get_context().ledger.participant(code)
    found = change_log.recent_changes(subscription_pages().engine, participant=who.code, limit=A_PAGE)
    entries = _entries(found, {"participant": who.code})
    return _feed(form, entries, f"Treaty Tracker: {who.name}", "record.participant", code=who.code)


@blueprint.get("/bodies/<id>.atom")
@blueprint.get("/bodies/<id>.<any(jsonfeed):form>")
def of_body(id: str, form: str = "atom") -> Response:
    """What changed in a body's assessments."""
    body = get_context().ledger.body(id)
    found = change_log.recent_changes(subscription_pages().engine, body=body.id, limit=A_PAGE)
    return _feed(form, _entries(found), f"Treaty Tracker: {body.name}", "record.body", id=body.id)


def _entries(found: Sequence[LoggedChange], wanted: Mapping[str, str] | None = None) -> list[FeedEntry]:
    """The changes; where there are none yet, the latest treaty actions of what is wanted, if any are."""
    site = subscription_pages().settings.base_url
    if found or wanted is None:
        return logged_entries(found, site)
    return latest_actions(get_context().ledger, site, A_PAGE, **wanted)


def _feed(form: str, entries: Sequence[FeedEntry], title: str, endpoint: str, **path: Any) -> Response:
    return _briefly(feed(form, entries, title, subscription_pages().settings.base_url, endpoint, **path))


def selected_changes(ledger: Ledger) -> dict[str, Any]:
    """What the address chooses; NotFound or BadQuestion for what is not there."""
    name, code, body, kind = (request.args.get(each, "") for each in ("instrument", "participant", "body", "kind"))
    if kind and kind not in {each.value for each in ChangeKind}:
        raise BadQuestion(f"kind='{kind[:40]}' is not a kind of change.", "kind")
    return {
        "instrument": ledger.instrument(name).id if name else "",
        "participant": ledger.participant(code).code if code else "",
        "body": ledger.body(body).id if body else "",
        "kinds": (ChangeKind(kind),) if kind else (),
    }


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuestion(f"before='{text[:20]}' is not the number of a change.", "before")
    return int(text)


def _log(found: Sequence[LoggedChange], *, filtered: bool) -> PageAnswer:
    rows = [change_row(each) for each in found[:A_PAGE]]
    ledger = get_context().ledger
    extra = {
        "filtered": filtered,
        "kinds": [(kind.value, kind.words) for kind in ChangeKind],
        "kind_words": {kind.value: kind.words for kind in ChangeKind},
        "instruments": [(each.id, each.name) for each in ledger.instruments.values()],
        "participants": alphabetical(
            ((code, each.name) for code, each in ledger.participants.items()), lambda pair: pair[1]
        ),
        "bodies": [(id, each.name) for id, each in ledger.bodies.items()],
    }
    older = rows[-1].number if len(found) > A_PAGE else None
    return PageAnswer("changes", ChangeLog(changes=rows, older=older), rows, columns_of(ChangeEntry), extra)


def change_row(noted: LoggedChange) -> ChangeEntry:
    """A change of the log, with the address of the page that it is about."""
    change = noted.change
    return ChangeEntry(
        number=noted.number,
        noted=_rfc3339(noted.recorded_at),
        revision=noted.revision,
        key=change.key,
        kind=change.kind,
        words=change.words,
        instrument=change.instrument or None,
        participant=change.participant or None,
        body=change.body or None,
        scheme=change.scheme or None,
        day=change.day,
        before=change.before,
        after=change.after,
        article=change.article,
        source=change.source,
        url=page_of(change, subscription_pages().settings.base_url),
    )


def _rfc3339(moment: datetime) -> str:
    return iso_moment(moment) or ""


def _briefly(answer: Response) -> Response:
    """An answer that may be kept for a few minutes, and need not be sent again while it stays the same."""
    answer.cache_control.public, answer.cache_control.max_age = True, MAX_AGE
    answer.add_etag()
    answer.make_conditional(request)
    return answer


# -- calendars -------------------------------------------------------------------------------------


@blueprint.get("/calendar.ics")
def calendar() -> Response:
    """Coming openings and closings for signature and entries into force: all, or of an instrument or participant."""
    ledger, name, code = get_context().ledger, request.args.get("instrument", ""), request.args.get("participant", "")
    return _calendar(
        ledger,
        instrument=ledger.instrument(name).id if name else "",
        participant=ledger.participant(code).code if code else "",
    )


@blueprint.get("/instruments/<id>.ics")
def calendar_of_instrument(id: str) -> Response:
    """The coming dates of one instrument."""
    ledger = get_context().ledger
    return _calendar(ledger, instrument=ledger.instrument(id).id)


def _calendar(ledger: Ledger, **wanted: str) -> Response:
    pages, today = subscription_pages(), get_context().today
    moved = change_log.count_by_instrument(pages.engine, MOVES)
    made = calendar_of(ledger, pages.settings.base_url, today, moved, **wanted)
    return _briefly(Response(made, content_type="text/calendar; charset=utf-8"))
