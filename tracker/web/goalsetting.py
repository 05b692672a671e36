"""Setting targets by hand: an editor says what is to be counted, how many and by when.

A target set here enters the record like any fact, with the editor's name as its source, and can be
taken back. What becomes of it is shown where all targets are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import BadQuestion, NotFound
from tracker.law.dates import PartialDate
from tracker.law.goals import Metric, Target, TargetKind
from tracker.law.ledger import Ledger
from tracker.record import owntargets
from tracker.record.owntargets import OWN
from tracker.web import ask, now, read_day
from tracker.web.desk import engine, never_cached
from tracker.web.who import May, asker, needs

goalsetting = Blueprint("goalsetting", __name__)
goalsetting.after_request(never_cached)
COUNTED = {
    Metric.PARTIES: "parties, as the UN prints them",
    Metric.BOUND: "parties for which it is in force",
    Metric.SIGNATORIES: "signatories",
}


def install(app: Flask) -> None:
    """Give the app these pages."""
    app.register_blueprint(goalsetting)


@goalsetting.get("/set-targets")
@needs(May.SET_TARGETS)
def form() -> ResponseReturnValue:
    """The form, and the targets that were set with it."""
    return _shown()


@goalsetting.post("/set-targets")
@needs(May.SET_TARGETS)
def decide() -> ResponseReturnValue:
    """Set a target, or take one back; what is wrong with it is said beside the form."""
    try:
        if taken := request.form.get("take_back"):
            take_back(taken)
        else:
            set_one(request.form)
    except BadQuestion as trouble:
        return _shown(str(trouble)), trouble.status
    return redirect(url_for("goalsetting.form"), 303)


def set_one(given: Mapping[str, str]) -> Target:
    """Set the target that `instrument`, `metric`, `value`, `on` and `text` say, in the name of whoever asks.

    NotFound for an unknown instrument, BadQuestion for a target that makes no sense.
    """
    target = _target(ask().ledger, given)
    owntargets.set_one(engine(), target, actor=asker().actor, moment=now())
    return target


def take_back(id: str) -> None:
    """Take back a target that was set by hand; BadQuestion if there is none of that id."""
    try:
        owntargets.take_back(engine(), id, actor=asker().actor, moment=now())
    except NotFound:
        raise BadQuestion("That target was not set here, or is gone already.") from None


def _target(ledger: Ledger, given: Mapping[str, str]) -> Target:
    instrument = ledger.instrument(given.get("instrument", ""))
    metric = next((each for each in COUNTED if each.value == given.get("metric")), None)
    value, day = given.get("value", "").strip(), read_day("on", given.get("on", "").strip())
    if metric is None:
        raise BadQuestion("Choose what is to be counted.")
    if day is None:
        raise BadQuestion("Say by which day.")
    if not re.fullmatch(r"[1-9]\d{0,3}", value, re.ASCII):
        raise BadQuestion(f"'{value[:20]}' is not a number to reach: write a whole number from 1 to 9999.")
    return Target(
        id=f"own-{instrument.id}-{metric}-{value}-{day}",
        goal=OWN,
        kind=TargetKind.TARGET,
        on=PartialDate.of(day),
        indicator=instrument.name,
        measure=f"{metric} of {instrument.name}",
        metric=metric,
        instrument=instrument.id,
        value=int(value),
        text=_line(given.get("text", "")),
        source=f"set by {asker().name}",
    )


def _line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:500]


def _shown(trouble: str = "") -> str:
    ledger = ask().ledger
    instruments = [(terms.id, terms.name) for terms in ledger.instruments.values()]
    metrics = [(metric.value, words) for metric, words in COUNTED.items()]
    return render_template(
        "set_targets.html",
        instruments=instruments,
        metrics=metrics,
        own=owntargets.of(ledger),
        given=request.form,
        trouble=trouble,
    )
