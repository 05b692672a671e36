"""The API's change log and change feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from tracker.errors import PutBack
from tracker.schemas.changes import ChangeEntry, ChangeFeed, ChangeLog, FeedFact, FeedRevision, RevisionSummary
from tracker.schemas.formats import columns_of
from tracker.storage import change_feed, change_log
from tracker.web.api import operations as p
from tracker.web.api.operations import api, operation
from tracker.web.context import get_context, iso_moment, link_here, read_moment
from tracker.web.pages import changes as feeds
from tracker.web.pages.subscriptions import subscription_pages
from tracker.web.responses import PageAnswer

CHANGES = "Changes"
A_PAGE, MOST_CHANGES = 50, 200
ENTRIES, MOST_ENTRIES = 1000, 10_000
BEFORE = p.number_parameter("before", "Only changes noted before the one of this number.", 100, most=999_999_999)
SINCE = p.number_parameter("since", "The revision that the mirror has; 0 for none.", 1, most=999_999_999)
AFTER = p.Parameter("after", "Where in a revision to go on, as `next` says it.",
                    {**p.TEXT, "pattern": change_feed.PLACE.pattern}, "1.1.3.500")  # fmt: skip
MADE_AT = p.Parameter(
    "made_at", "When the revision that the mirror has was made (`until_made_at`, or as its file says it); with `after` "
    "as `next` says it. 409 if our data have no such revision any more.", p.MOMENT, "2026-11-02T08:30:00Z",
)  # fmt: skip


@api.get("/changes")
@operation(
    "What was noted last",
    ChangeLog,
    table=True,
    tag=CHANGES,
    in_time=False,
    query=(
        p.KNOWN_AT.called("known_at", "The log as it stood at this moment."),
        p.INSTRUMENT,
        p.PARTICIPANT,
        p.BODY,
        p.CHANGE_KIND,
        BEFORE,
        p.number_parameter("limit", "How many changes to give.", A_PAGE, least=1, most=MOST_CHANGES),
    ),
)
def changes() -> PageAnswer:
    """The log of changes, newest first, by when they were noted; so there is no `as_of`. `older` leads on."""
    chosen, limit = feeds.selected_changes(get_context().ledger), int(request.args.get("limit", A_PAGE))
    before = int(request.args["before"]) if "before" in request.args else None
    if moment := get_context().known_at:
        before = min(
            filter(None, (before, change_feed.first_noted_after(subscription_pages().engine, moment))), default=None
        )
    found = change_log.recent_changes(subscription_pages().engine, **chosen, before=before, limit=limit + 1)
    rows = [feeds.change_row(each) for each in found[:limit]]
    older = rows[-1].number if len(found) > limit else None
    links = {"next": link_here(before=str(older))} if older else {}
    return PageAnswer("changes", ChangeLog(changes=rows, older=older), rows, columns_of(ChangeEntry), links=links)


@api.get("/record/changes")
@operation(
    "Changes of the data", ChangeFeed, tag=CHANGES, in_time=False, errors=(PutBack,),
    query=(SINCE, AFTER, MADE_AT,
           p.number_parameter("limit", f"How many facts to give at most; {ENTRIES} if left out.", ENTRIES, least=1,
                    most=MOST_ENTRIES)),
)  # fmt: skip
def record_changes() -> PageAnswer:
    """Every fact retracted and recorded after a revision, oldest first, for those who keep a copy of the data.

    Begin with the bulk file (it says its revision) or with nothing at `since=0`; take out what is retracted, put in
    what is recorded, and follow `next` until there is none. A long revision comes in several parts, of which only the
    last says that the revision is complete. Facts are in the columns of their files, as text.

    Keep `until` with `until_made_at` and send both back, as `since` and `made_at`: if an older copy of the data was
    put back meanwhile, its revisions take the same numbers again, and the answer is 409. Begin again from a file then.
    """
    since, limit = int(request.args.get("since", 0)), int(request.args.get("limit", ENTRIES))
    made_at, after = read_moment("made_at", request.args.get("made_at", "")), request.args.get("after", "")
    found = change_feed.changes_since(
        subscription_pages().engine, since=since, after=after, made_at=made_at, limit=limit
    )
    links = {"next": link_here(after=found.place, made_at=iso_moment(found.place_made_at))} if found.place else {}
    data = ChangeFeed(
        since=since,
        until=found.until,
        until_made_at=iso_moment(found.until_made_at),
        current=found.current,
        revisions=list(map(_revision, found.revisions)),
        next=links.get("next"),
    )
    return PageAnswer("record-changes", data, [], [], links=links)


def _revision(made: Mapping[str, Any]) -> FeedRevision:
    facts = {name: [FeedFact(**each) for each in made[name]] for name in ("retracted", "recorded")}
    return FeedRevision(**{**made, **facts, "made_at": iso_moment(made["made_at"])})


@api.get("/record/revisions")
@operation(
    "Revisions of the data",
    list[RevisionSummary],
    tag=CHANGES,
    in_time=False,
    table=True,
    query=(
        BEFORE.called("before", "Only revisions before this one."),
        p.number_parameter("limit", "How many revisions to give.", A_PAGE, least=1, most=MOST_CHANGES),
    ),
)
def revisions() -> PageAnswer:
    """When the data changed, through what, and by how many facts; newest first."""
    before, limit = request.args.get("before"), int(request.args.get("limit", A_PAGE))
    found = change_feed.list_revisions(
        subscription_pages().engine, before=int(before) if before else None, limit=limit + 1
    )
    rows = [RevisionSummary(**{**each, "made_at": iso_moment(each["made_at"])}) for each in found[:limit]]
    links = {"next": link_here(before=str(rows[-1].revision))} if len(found) > limit else {}
    return PageAnswer("revisions", rows, rows, columns_of(RevisionSummary), links=links)
