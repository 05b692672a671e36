"""The API's write operations, for tokens: decide review items, set targets, read the audit log."""

from __future__ import annotations

from typing import Literal, NotRequired

from flask import Blueprint, Flask, request
from typing_extensions import TypedDict

from tracker.errors import BadQuestion, NotFound
from tracker.law.dates import in_words
from tracker.schemas.values import answer_model
from tracker.storage import audit_log
from tracker.sync import review_queue
from tracker.sync.review_queue import ReviewItem, ReviewState
from tracker.web.api.operations import MOMENT, PREFIX, Parameter, number_parameter, operation
from tracker.web.auth import Permission, requires
from tracker.web.context import read_moment
from tracker.web.pages import review, targets
from tracker.web.pages.review import never_cached
from tracker.web.pages.subscriptions import csrf
from tracker.web.responses import PageAnswer

blueprint = Blueprint("api_write", __name__, url_prefix=PREFIX)
blueprint.after_request(never_cached)
TAG = "Editing"
NUMBER = Parameter(
    "number",
    "The held act's number.",
    {"type": "integer", "minimum": 0, "maximum": review_queue.MAX_ROW_NUMBER},
    7,
    required=True,
)
TARGET_ID = Parameter("id", "The target's id.", example="own-untoc-parties-60-2028-06-30", required=True)
SINCE = Parameter("since", "Only lines from this moment on.", MOMENT, "2026-11-02T08:30:00Z")
BEFORE = number_parameter(
    "before", "Only lines before the one of this number.", 4000, least=1, most=review_queue.MAX_ROW_NUMBER
)


@answer_model
class HeldAct:
    """An update that awaits review, and the decision on it."""

    instrument: str
    name: str
    participant: str
    reason: str
    raw: str
    url: str
    kind: str
    act: str
    proposal: str
    asks: str
    date: str
    day: str
    id: int
    state: str
    decided_by: str
    note: str
    seen_at: str
    last_seen_at: str
    decided_at: str | None


class HeldActDecision(TypedDict):
    """Accept or reject, and why; whose act it is (`code`), when it ended (`on`, `effective`) where that is asked."""

    decision: Literal["accept", "reject"]
    note: str
    code: NotRequired[str]
    on: NotRequired[str]
    effective: NotRequired[str]


class NewTarget(TypedDict):
    """A number to reach by a day."""

    instrument: str
    metric: Literal["parties", "bound", "signatories"]
    value: int
    on: str
    text: NotRequired[str]


@answer_model
class TargetSet:
    """A target that was set."""

    id: str
    instrument: str
    value: int
    text: str
    metric: str
    on: str
    source: str


@answer_model
class Gone:
    """What was taken back."""

    id: str


@answer_model
class LogLine:
    """A line of the log of writes, sign-ins and refusals."""

    at: str
    id: int
    who: str
    role: str
    place: str
    action: str
    subject: str
    outcome: str
    request: str


def install(app: Flask) -> None:
    """Give the app these operations; a token in a header needs no guard against forged forms."""
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.get("/held")
@requires(Permission.DECIDE)
@operation("Updates that await review", list[HeldAct], in_time=False, paged="", secured=True, tag=TAG)
def waiting() -> PageAnswer:
    """The updates of syncs that await a decision, oldest first. Needs the scope `edit`."""
    rows = [held_act(each) for each in review_queue.list_items(review.engine(), states=(ReviewState.OPEN,))]
    return PageAnswer("held", rows, rows, ())


@blueprint.post("/held/<int(max=2147483647):number>")
@requires(Permission.DECIDE)
@operation(
    "Decide on an update that awaits review", HeldAct, takes=HeldActDecision, path=(NUMBER,), in_time=False,
    secured=True, errors=(NotFound,), tag=TAG,
)  # fmt: skip
def decide(number: int, body: HeldActDecision) -> PageAnswer:
    """Accept it, which records what the file asked for, or reject it for good. Needs the scope `edit`."""
    return PageAnswer(
        "held",
        held_act(review.apply_decision(number, {key: str(value) for key, value in body.items()})),
        [],
        (),
    )


@blueprint.post("/targets")
@requires(Permission.SET_TARGETS)
@operation(
    "Set a target", TargetSet, takes=NewTarget, status=201, in_time=False, secured=True, errors=(NotFound,), tag=TAG
)
def set_target(body: NewTarget) -> PageAnswer:
    """A number of parties or signatories of an instrument to reach by a day. Needs the scope `edit`."""
    target = targets.set_one({key: str(value) for key, value in body.items()})
    data = TargetSet(
        id=target.id,
        instrument=target.instrument,
        value=int(body["value"]),
        text=target.text,
        metric=str(target.metric),
        on=str(target.on),
        source=target.source,
    )
    return PageAnswer("target", data, [], ())


@blueprint.delete("/targets/<id>")
@requires(Permission.SET_TARGETS)
@operation("Withdraw a target", Gone, path=(TARGET_ID,), in_time=False, secured=True, errors=(NotFound,), tag=TAG)
def take_back(id: str) -> PageAnswer:
    """Withdraw a target that was set by hand. Needs the scope `edit`."""
    try:
        targets.take_back(id)
    except BadQuestion:
        raise NotFound("target set here", id[:100]) from None
    return PageAnswer("target", Gone(id=id), [], ())


@blueprint.get("/audit")
@requires(Permission.SEE_AUDIT)
@operation("Audit log", list[LogLine], query=(SINCE, BEFORE), in_time=False, secured=True, tag=TAG)
def log() -> PageAnswer:
    """The newest 100 lines of the log of writes, sign-ins and refusals. Needs the scope `operate`."""
    since, before = read_moment("since", request.args.get("since", "")), request.args.get("before")
    rows = [
        LogLine(**audit_log.entry_as_dict(each))
        for each in audit_log.recent_entries(review.engine(), since=since, before=int(before) if before else None)
    ]
    return PageAnswer("audit", rows, rows, ())


def held_act(item: ReviewItem) -> HeldAct:
    """A held act and its decision: dates as the files write them, moments in ISO 8601."""
    doubt = item.doubt
    return HeldAct(
        instrument=doubt.instrument,
        name=doubt.name,
        participant=doubt.participant,
        reason=doubt.reason,
        raw=doubt.raw,
        url=doubt.url,
        kind=doubt.kind.value,
        act=doubt.act,
        proposal=doubt.proposal.value,
        asks=doubt.asks,
        date=str(doubt.date or ""),
        day=in_words(doubt.date) if doubt.date else "",
        id=item.id,
        state=item.state.value,
        decided_by=item.decided_by,
        note=item.note,
        seen_at=item.seen_at.isoformat(),
        last_seen_at=item.last_seen_at.isoformat(),
        decided_at=item.decided_at.isoformat() if item.decided_at else None,
    )
