"""The page of deadlines: the last day to deposit, and when a denunciation would take effect."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.schemas.deadlines import Deadlines, deadlines_answer
from tracker.web.context import RequestContext, get_context, read_day
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond

blueprint = Blueprint("deadlines", __name__)
COLUMNS = (
    "instrument", "name", "deposit.bound_by", "deposit.last_day", "deposit.binds_on", "deposit.why",
    "withdrawal.notified", "withdrawal.earliest_notice", "withdrawal.window_closes", "withdrawal.effect",
    "withdrawal.obligations_until", "withdrawal.why",
)  # fmt: skip


@blueprint.get("/deadline")
@blueprint.get(f"/deadline.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """When to deposit so as to be bound by a day, and when a denunciation would take effect."""
    return respond(deadline_page(get_context(), request.args), "deadline.html", form)


def deadline_page(asked: RequestContext, query: MultiDict[str, str]) -> PageAnswer:
    """The deadlines of the instrument that the address names; nothing where it names none."""
    instruments = [(terms.id, terms.name) for terms in asked.ledger.instruments.values()]
    chosen, bound_by, notified = (query.get(name, "").strip() for name in ("instrument", "bound_by", "notified_on"))
    data: Deadlines | None = None
    if chosen:
        days = read_day("bound_by", bound_by), read_day("notified_on", notified)
        data = deadlines_answer(asked.ledger, chosen, *days)
    extra = {"instruments": instruments, "chosen": data.instrument if data else chosen}
    return PageAnswer("deadline", data, [data] if data else [], COLUMNS, extra)
