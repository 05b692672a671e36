"""Goals and reported figures, and the editor's form for targets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import PlainValidator

from tracker.errors import BadQuestion, NotFound
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.reference_facts import Metric, Target, TargetKind
from tracker.law.targets import TargetOutcome
from tracker.messages import message
from tracker.schemas.formats import columns_of
from tracker.schemas.targets import TargetStatus, targets_answer, targets_counted
from tracker.storage import fact_edits
from tracker.storage.fact_edits import MANUAL_GOAL
from tracker.web.assessment_schemes import scheme_name
from tracker.web.auth import Permission, current_principal, requires
from tracker.web.charts import figure_charts
from tracker.web.context import RequestContext, get_context, utc_now
from tracker.web.forms import NO_FAULTS, Form, day_in_field, faults_of, read_form
from tracker.web.pages.review import engine, never_cached
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond

blueprint = Blueprint("targets", __name__)
VERDICTS = tuple(outcome.value for outcome in TargetOutcome)
COMPUTED = "computed"  # chooses all that the record can compute

_targets = memoized(targets_answer)


@blueprint.get("/targets")
@blueprint.get(f"/targets.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """Every goal and figure against the record."""
    return respond(targets_page(get_context(), request.args), "targets.html", form)


def targets_page(asked: RequestContext, query: Mapping[str, str]) -> PageAnswer:
    """The figures that the address chooses, with their verdicts; BadQuestion for a choice there is none of."""
    whole = _targets(asked.ledger)
    goals = list(dict.fromkeys(row.goal for row in whole.targets))
    chosen = {
        "goal": _one_of(query, "goal", goals),
        "instrument": _one_of(query, "instrument", sorted({r.instrument or "" for r in whole.targets})),
        "verdict": _one_of(query, "verdict", (COMPUTED, *VERDICTS)),
    }
    rows = [row for row in whole.targets if _wants(row, chosen)]
    data = targets_counted(asked.ledger, rows)
    extra = {
        "chosen": chosen,
        "goals": goals,
        "instruments": _instruments(whole.targets),
        "everything": whole,
        "tree": _tree(rows),
        "charts": figure_charts,
        "called": scheme_name,
        "bodies": asked.ledger.bodies,
    }
    return PageAnswer("targets", data, rows, columns_of(TargetStatus), extra)


def _wants(row: TargetStatus, chosen: Mapping[str, str]) -> bool:
    return (
        chosen["goal"] in ("", row.goal)
        and chosen["instrument"] in ("", row.instrument)
        and (chosen["verdict"] in ("", row.verdict, COMPUTED))
        and (chosen["verdict"] != COMPUTED or row.computed is not None)
    )


def _instruments(rows: Sequence[TargetStatus]) -> list[tuple[str, str]]:
    found = {row.instrument: row.instrument_name or "" for row in rows if row.instrument}
    return sorted(found.items(), key=lambda pair: pair[1])


def _tree(rows: Sequence[TargetStatus]) -> dict[str, dict[str, list[TargetStatus]]]:
    """The rows by goal and indicator: indicators as they are numbered, rows by their day."""
    found: dict[str, dict[str, list[TargetStatus]]] = {}
    for row in sorted(rows, key=lambda each: str(each.on)):
        found.setdefault(row.goal, {}).setdefault(row.indicator, []).append(row)
    return {goal: dict(sorted(found[goal].items(), key=_place)) for goal in dict.fromkeys(r.goal for r in rows)}


def _place(item: tuple[str, Any]) -> tuple[bool, str]:
    """Numbered indicators first, by their number; what stands beside the plan's indicators last."""
    head = item[0].partition(" ")[0]
    return "." not in head, item[0]


def _one_of(query: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    value = query.get(name, "")
    if value and value not in known:
        shown = ", ".join(filter(None, known))
        raise BadQuestion(f"{name}='{value[:40]}' is not an option. Options: {shown}.", name)
    return value


form_blueprint = Blueprint("target_form", __name__)
form_blueprint.after_request(never_cached)
COUNTED = {
    Metric.PARTIES: message("parties, as counted by the UN"),
    Metric.BOUND: message("parties for which it is in force"),
    Metric.SIGNATORIES: message("signatories"),
}


def _read_metric(text: str) -> Metric:
    if text not in COUNTED:
        raise ValueError("Choose what is to be counted.")
    return Metric(text)


def _goal(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise ValueError(f"'{text[:20]}' is not a number to reach: write a whole number from 1 to 9999.")
    return int(text)


def _due(text: str) -> date:
    if (day := day_in_field(text)) is None:
        raise ValueError("Say by which day.")
    return day


def _line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:500]


class TargetForm(Form):
    """A number of parties or signatories of an instrument, to be reached by a day."""

    instrument: str
    value: Annotated[int, PlainValidator(_goal)]
    metric: Annotated[Metric, PlainValidator(_read_metric)]
    on: Annotated[date, PlainValidator(_due)]
    text: Annotated[str, PlainValidator(_line)]


def install(app: Flask) -> None:
    """Give the app these pages."""
    app.register_blueprint(form_blueprint)


@form_blueprint.get("/set-targets")
@requires(Permission.SET_TARGETS)
def form() -> ResponseReturnValue:
    """The form, and the targets that were set with it."""
    return _form_page()


@form_blueprint.post("/set-targets")
@requires(Permission.SET_TARGETS)
def decide() -> ResponseReturnValue:
    """Set a target, or take one back; what is wrong with it is said beside the form."""
    try:
        if taken := request.form.get("take_back"):
            take_back(taken)
        else:
            set_one(request.form)
    except BadQuestion as trouble:
        return _form_page(faults_of(trouble)), trouble.status
    return redirect(url_for("target_form.form"), 303)


def set_one(given: Mapping[str, str]) -> Target:
    """Set the target that `instrument`, `metric`, `value`, `on` and `text` say, in the name of whoever asks.

    NotFound for an unknown instrument, BadForm for a target that makes no sense.
    """
    target = _target(get_context().ledger, read_form(TargetForm, given))
    fact_edits.set_target(engine(), target, actor=current_principal().actor, moment=utc_now())
    return target


def take_back(id: str) -> None:
    """Take back a target that was set by hand; BadQuestion if there is none of that id."""
    try:
        fact_edits.remove_target(engine(), id, actor=current_principal().actor, moment=utc_now())
    except NotFound:
        raise BadQuestion("That target was not set here, or is gone already.") from None


def _target(ledger: Ledger, form: TargetForm) -> Target:
    instrument = ledger.instrument(form.instrument)
    return Target(
        id=f"own-{instrument.id}-{form.metric}-{form.value}-{form.on}",
        goal=MANUAL_GOAL,
        kind=TargetKind.TARGET,
        on=PartialDate.of(form.on),
        indicator=instrument.name,
        measure=f"{form.metric} of {instrument.name}",
        metric=form.metric,
        instrument=instrument.id,
        value=form.value,
        text=form.text,
        source=f"set by {current_principal().name}",
    )


def _form_page(faults: Mapping[str, str] = NO_FAULTS) -> str:
    ledger = get_context().ledger
    instruments = [(terms.id, terms.name) for terms in ledger.instruments.values()]
    metrics = [(metric.value, words) for metric, words in COUNTED.items()]
    return render_template(
        "target_form.html",
        instruments=instruments,
        metrics=metrics,
        own=fact_edits.manual_targets(ledger),
        given=request.form,
        faults=faults,
    )
