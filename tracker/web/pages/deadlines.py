"""The page of deadlines: the last day to deposit, and when a denunciation would take effect."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.schemas.deadlines import Deadlines, deadlines_answer
from tracker.schemas.formats import columns_of
from tracker.web.context import RequestContext, get_context
from tracker.web.errors import wants_json
from tracker.web.forms import NO_FAULTS, BadForm, Day, Form, read_form, read_sound_fields
from tracker.web.responses import FORMAT_RULE, PageAnswer, as_page, respond

blueprint = Blueprint("deadlines", __name__)


class DeadlineForm(Form):
    """An instrument, the day by which to be bound, and the day on which a denunciation is notified."""

    instrument: str
    bound_by: Day
    notified_on: Day


@blueprint.get("/deadline")
@blueprint.get(f"/deadline.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """When to deposit so as to be bound by a day, and when a denunciation would take effect."""
    try:
        return respond(deadline_page(get_context(), request.args), "deadline.html", form)
    except BadForm as trouble:
        if wants_json():
            raise
        sound = read_sound_fields(DeadlineForm, request.args, trouble.faults)
        return as_page(_page(get_context(), sound, trouble.faults), "deadline.html"), trouble.status


def deadline_page(asked: RequestContext, query: MultiDict[str, str]) -> PageAnswer:
    """The deadlines of the instrument that the address names, nothing where it names none; BadForm for no days."""
    return _page(asked, read_form(DeadlineForm, query))


def _page(asked: RequestContext, form: DeadlineForm, faults: Mapping[str, str] = NO_FAULTS) -> PageAnswer:
    data: Deadlines | None = None
    if form.instrument and not faults:
        data = deadlines_answer(asked.ledger, form.instrument, form.bound_by, form.notified_on)
    instruments = [(terms.id, terms.name) for terms in asked.ledger.instruments.values()]
    extra = {"instruments": instruments, "chosen": data.instrument if data else form.instrument, "faults": faults}
    return PageAnswer("deadline", data, [data] if data else [], columns_of(Deadlines), extra)
