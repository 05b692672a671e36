"""The editors' page for a treaty of the UN Treaty Collection by its number: what came of it, and its clause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import Blueprint, Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker.alerts import outbox
from tracker.config import Settings, shipped_folder
from tracker.errors import BadData, BadQuestion, Refused, TryLater
from tracker.law.ledger import names_in
from tracker.messages import message
from tracker.storage import repository
from tracker.sync.addition import AddedTreaty, Catalogue, add_treaty, read_catalogue
from tracker.sync.header_clause import READ_AND_CONFIRMED, ReadingOutcome
from tracker.sync.http_client import HttpClient, HttpLimits
from tracker.sync.sync import SyncContext
from tracker.web.auth import Permission, current_principal, requires
from tracker.web.context import utc_now
from tracker.web.forms import NO_FAULTS, faults_of
from tracker.web.pages.review import engine, never_cached

blueprint = Blueprint("add_treaty", __name__)
blueprint.after_request(never_cached)
EXTENSION = "tracker.add_treaty"
LIMITS = HttpLimits(connect=5, read=15, total=30, attempts=1, pause=0.5)  # somebody waits for the page
MAX_CANDIDATES = 8
OUTCOMES = {
    ReadingOutcome.NONE_QUOTED: message("The status file does not quote the clause."),
    ReadingOutcome.NOT_UNDERSTOOD: message("Not everything in the text was understood."),
    ReadingOutcome.CONFIRMED: message("The clause gives the depositary's date."),
    ReadingOutcome.DIFFERS: message("The clause as it was read gives another date than the depositary's."),
    ReadingOutcome.NO_DATE: message("There is no date of entry into force to confirm the clause."),
    ReadingOutcome.NOT_COMPUTED: message("No date follows from the table of the status file."),
}


@dataclass(frozen=True, slots=True)
class AdditionPages:
    """What this page works with: the address of the collection, whom to write to, and the researched clauses."""

    base_url: str
    contact: str
    catalogue: Catalogue = field(repr=False)


def install(app: Flask, settings: Settings) -> None:
    """Give the app this page."""
    catalogue = read_catalogue(shipped_folder("data") / "catalogue" / "clauses.csv")
    app.extensions[EXTENSION] = AdditionPages(settings.untc_url, settings.contact, catalogue)
    app.register_blueprint(blueprint)


@blueprint.get("/add-treaty")
@requires(Permission.ADD)
def form() -> ResponseReturnValue:
    """The form with a treaty's number."""
    return _page()


@blueprint.post("/add-treaty")
@requires(Permission.ADD)
def add() -> ResponseReturnValue:
    """Fetch and record the treaty; what is wrong stands at the field."""
    number = request.form.get("number", "").strip()[:40]
    if not number:
        return _page(faults={"number": message("Write the number of a treaty, such as XVIII-12.")}), 422
    try:
        return _page(_add(number))
    except (BadQuestion, Refused, TryLater) as trouble:
        faults = {"number": faults_of(trouble)[""] if not isinstance(trouble, BadQuestion) else str(trouble)}
        return _page(faults=faults), 422 if isinstance(trouble, BadQuestion) else trouble.status
    except BadData as trouble:
        return _page(faults={"number": str(trouble.faults[0])}), 422


def _add(number: str) -> AddedTreaty:
    pages = cast(AdditionPages, current_app.extensions[EXTENSION])
    with HttpClient(pages.contact, limits=LIMITS) as visitor:
        how = SyncContext(visitor=visitor, announce=outbox.enqueue_alerts, base_url=pages.base_url)
        return add_treaty(engine(), number, how, pages.catalogue, moment=utc_now(), actor=current_principal().actor)


def _page(added: AddedTreaty | None = None, faults: dict[str, str] | None = None) -> str:
    reading = added.header.reading if added else None
    names = names_in(repository.load_ledger(engine())) if reading else str
    return render_template(
        "add_treaty.html", added=added, given=request.form, faults=faults or NO_FAULTS, outcomes=OUTCOMES,
        candidates=added.header.candidates[:MAX_CANDIDATES] if added else (),
        from_header=bool(added and added.clause_source == READ_AND_CONFIRMED),
        clause=reading.clause.sentence(names) if reading else "",
    )  # fmt: skip
