"""The pages: each reads the address, asks `present`, and gives the answer as a page, JSON or CSV.

An address in another spelling than the record's (`/participants/fra`) leads to the proper one.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.web import ask, link_here, present
from tracker.web.formats import answered

pages = Blueprint("pages", __name__)
FORM = "<any(json, csv):form>"


@pages.get("/")
@pages.get(f"/instruments.{FORM}")
def home(form: str | None = None) -> ResponseReturnValue:
    """Every instrument, what happened last, what comes next."""
    return answered(present.home(ask()), "home.html", form)


@pages.get("/instruments")
def instruments() -> ResponseReturnValue:
    """The list of instruments is the first page."""
    return redirect(link_here().replace("/instruments", "/", 1), 308)


@pages.get("/instruments/<id>")
@pages.get(f"/instruments/<id>.{FORM}")
def instrument(id: str, form: str | None = None) -> ResponseReturnValue:
    """One instrument."""
    proper = ask().ledger.instrument(id).id
    if proper != id:
        return redirect(link_here({"id": proper}), 308)
    return answered(present.instrument(ask(), id, request.args), "instrument.html", form)


@pages.get("/participants")
@pages.get(f"/participants.{FORM}")
def participants(form: str | None = None) -> ResponseReturnValue:
    """Every participant."""
    return answered(present.participants(ask(), request.args), "participants.html", form)


@pages.get("/participants/<code>")
@pages.get(f"/participants/<code>.{FORM}")
def participant(code: str, form: str | None = None) -> ResponseReturnValue:
    """One participant."""
    proper = ask().ledger.participant(code).code
    if proper != code:
        return redirect(link_here({"code": proper}), 308)
    return answered(present.participant(ask(), code), "participant.html", form)


@pages.get("/bodies")
@pages.get(f"/bodies.{FORM}")
def bodies(form: str | None = None) -> ResponseReturnValue:
    """Every body."""
    return answered(present.bodies(ask()), "bodies.html", form)


@pages.get("/bodies/<id>")
@pages.get(f"/bodies/<id>.{FORM}")
def body(id: str, form: str | None = None) -> ResponseReturnValue:
    """One body."""
    proper = ask().ledger.body(id).id
    if proper != id:
        return redirect(link_here({"id": proper}), 308)
    return answered(present.body(ask(), id), "body.html", form)


@pages.get("/findings")
@pages.get(f"/findings.{FORM}")
def findings(form: str | None = None) -> ResponseReturnValue:
    """Everything the checks find."""
    return answered(present.findings(ask(), request.args), "findings.html", form)


@pages.get("/about")
def about() -> ResponseReturnValue:
    """The words and counts, explained."""
    return render_template("about.html")
