"""Setting targets by hand: an editor says what is to be counted, how many and by when.

A target set here enters the record like any fact, with the editor's name as its source, and can be
taken back. What becomes of it is shown where all targets are.
"""

from __future__ import annotations

import re
from typing import cast

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from tracker.errors import BadQuestion
from tracker.law.dates import PartialDate
from tracker.law.goals import Metric, Target, TargetKind
from tracker.law.ledger import Ledger
from tracker.record import store
from tracker.web import ask, now, read_day
from tracker.web.desk import editor

goalsetting = Blueprint("goalsetting", __name__)
EXTENSION = "tracker.goalsetting"
OWN = "Targets set here"
COUNTED = {
    Metric.PARTIES: "parties, as the UN prints them",
    Metric.BOUND: "parties for which it is in force",
    Metric.SIGNATORIES: "signatories",
}


def install(app: Flask, engine: Engine) -> None:
    """Give the app these pages."""
    app.extensions[EXTENSION] = engine
    app.register_blueprint(goalsetting)


def _engine() -> Engine:
    return cast(Engine, current_app.extensions[EXTENSION])


@goalsetting.after_request
def _never_cached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@goalsetting.get("/set-targets")
def form() -> ResponseReturnValue:
    """The form, and the targets that were set with it."""
    return _shown() if editor() else redirect(url_for("desk.sign_in"))


@goalsetting.post("/set-targets")
def decide() -> ResponseReturnValue:
    """Set a target, or take one back; what is wrong with it is said beside the form."""
    if not (name := editor()):
        return redirect(url_for("desk.sign_in"), 303)
    try:
        if taken := request.form.get("take_back"):
            _take_back(taken, name)
        else:
            target = _target(ask().ledger, name)
            store.apply(_engine(), [target], what=f"target set by {name}", moment=now())
    except BadQuestion as trouble:
        return _shown(str(trouble)), trouble.status
    return redirect(url_for("goalsetting.form"), 303)


def _target(ledger: Ledger, name: str) -> Target:
    instrument = ledger.instrument(request.form.get("instrument", ""))
    metric = next((each for each in COUNTED if each.value == request.form.get("metric")), None)
    value, day = request.form.get("value", "").strip(), read_day("on", request.form.get("on", "").strip())
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
        text=_line(request.form.get("text", "")),
        source=f"set by {name}",
    )


def _line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:500]


def _take_back(id: str, name: str) -> None:
    found = [each for each in _own(ask().ledger) if each.id == id]
    if not found:
        raise BadQuestion("That target was not set here, or is gone already.")
    store.retract(_engine(), found, reason=f"target taken back by {name}", moment=now())


def _own(ledger: Ledger) -> list[Target]:
    return sorted((each for each in ledger.targets.values() if each.goal == OWN), key=lambda each: (each.day, each.id))


def _shown(trouble: str = "") -> str:
    ledger = ask().ledger
    instruments = [(terms.id, terms.name) for terms in ledger.instruments.values()]
    metrics = [(metric.value, words) for metric, words in COUNTED.items()]
    return render_template(
        "set_targets.html",
        instruments=instruments,
        metrics=metrics,
        own=_own(ledger),
        given=request.form,
        trouble=trouble,
    )
