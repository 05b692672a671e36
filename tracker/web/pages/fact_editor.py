"""The pages on which editors enter, correct and retract facts, and add treaties of their own.

Before anything is saved its effect is shown: threshold and dates, what changes, and who would be told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.alerts import outbox
from tracker.alerts.matching import describe_subscription
from tracker.alerts.subscribers import Subscription
from tracker.errors import BadData, BadQuestion, Fault, NotFound
from tracker.law.entry_into_force import entry_into_force
from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.fact_references import FIELDS, FactKind, FactReference, facts_named, reference_of
from tracker.law.ledger import Ledger, names_in
from tracker.law.model import Fact, Instrument
from tracker.law.threshold import EntryIntoForce
from tracker.messages import message
from tracker.schemas.fact_lines import fact_lines
from tracker.storage import repository
from tracker.storage.database import read_transaction
from tracker.storage.fact_edits import (
    EDITABLE,
    EditEffect,
    FactEdit,
    edit_fact,
    fact_mark,
    fact_values,
    marked_fact,
    preview_edit,
)
from tracker.web.auth import Permission, current_principal, requires
from tracker.web.context import utc_now
from tracker.web.fact_forms import CLAUSE_FIELDS, KIND_NAMES, ClauseReadback, form_fields, read_back
from tracker.web.forms import faults_of
from tracker.web.language import say
from tracker.web.pages.review import engine, never_cached

blueprint = Blueprint("fact_editor", __name__)
blueprint.after_request(never_cached)
KINDS = "/edit/<kind>"
MAX_FOUND = 100  # entries listed
MAX_VALUE = 64_000  # characters of a field


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """What an edit would change: the entry into force on either side, and the subscriptions that would be told."""

    effect: EditEffect
    old: EntryIntoForce | None
    new: EntryIntoForce | None
    audience: tuple[tuple[str, int], ...]

    @property
    def grade(self) -> EvidenceGrade | None:
        """The grade of evidence of the entry to be recorded."""
        return grade_of(self.effect.after) if self.effect.after else None


@dataclass(frozen=True, slots=True)
class EditPage:
    """A page of the editor: what is typed, the entry that is corrected, others that were found, the effect."""

    kind: FactKind
    values: Mapping[str, str]
    mark: str = ""
    reason: str = ""
    found: Sequence[Fact] = ()
    effect: ShownEffect | None = None
    readback: ClauseReadback | None = None
    saved: bool = False
    retracts: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)


def install(app: Flask) -> None:
    """Give the app these pages."""
    app.register_blueprint(blueprint)


# -- the pages -------------------------------------------------------------------------------------


@blueprint.get(KINDS)
@requires(Permission.EDIT)
def form(kind: str) -> ResponseReturnValue:
    """The form: empty, of the entry that the address names, or with those that it leaves open."""
    chosen = editable_kind(kind)
    try:
        return _render(_open_form(chosen))
    except BadQuestion as trouble:
        return _render(EditPage(chosen, {}, faults=faults_of(trouble))), trouble.status


@blueprint.post(KINDS)
@requires(Permission.EDIT)
def edit(kind: str) -> ResponseReturnValue:
    """Show what the edit would change; with the button to save, do it. What is wrong is said beside the field."""
    given = {name: value[:MAX_VALUE] for name, value in request.form.items()}
    wanted = edit_wanted(editable_kind(kind), given, retracts=given.get("do", "") in ("retract", "check-retract"))
    page = EditPage(wanted.kind, wanted.values or {}, wanted.replaces, wanted.reason, retracts=wanted.values is None)
    try:
        if given.get("do") in ("save", "retract"):
            done = save_edit(wanted)
            mark = fact_mark(done.after) if done.after else None
            return redirect(url_for("fact_editor.form", kind=kind, mark=mark, saved="yes"), 303)
        return _render(replace(_kept(page, given), effect=shown_effect(wanted)))
    except BadData as trouble:
        faults = {fault.column: fault_sentence(fault) for fault in trouble.faults}
        return _render(replace(_kept(page, given), faults=faults)), 422
    except (BadQuestion, NotFound) as trouble:
        return _render(replace(_kept(page, given), faults=faults_of(trouble))), trouble.status


@blueprint.get("/edit/treaty/clause")
@requires(Permission.EDIT)
def clause() -> ResponseReturnValue:
    """The clause of the form in words, for the script that shows it while it is being written."""
    given = {name: request.args.get(name, "")[:MAX_VALUE] for name in (*CLAUSE_FIELDS, "parent", "test_on")}
    found = read_back(Ledger(repository.live_facts(engine())), given, utc_now().date())
    return jsonify({"words": found.words, "trial": found.trial, "faults": found.faults})


def fault_sentence(fault: Fault) -> str:
    """What is wrong with one field, to stand beside it."""
    if fault.problem == "is empty, and must not be.":
        return message("Name the source.") if fault.column == "source" else message("Fill in this field.")
    shown = f"'{fault.value[:60]}' " if fault.value else ""
    return f"{shown}{fault.problem} {fault.advice}".strip()


# -- what is wanted --------------------------------------------------------------------------------


def editable_kind(name: str) -> FactKind:
    """The kind of facts of that name that editors can change; NotFound for any other."""
    found = next((kind for kind in EDITABLE if kind == name), None)
    if found is None:
        raise NotFound("kind of entry", name[:40])
    return found


def edit_wanted(kind: FactKind, given: Mapping[str, str], *, retracts: bool) -> FactEdit:
    """The edit that a form states; a treaty without an id gets one from its name."""
    values = None if retracts else {name: given.get(name, "") for name in EDITABLE[kind].names}
    if values is not None and kind is FactKind.TREATY and not values["id"].strip():
        values["id"] = _id_from(values["short_name"] or values["title"])
    return FactEdit(kind, values, given.get("mark", "")[:64], " ".join(given.get("reason", "").split()))


def _id_from(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def save_edit(wanted: FactEdit) -> EditEffect:
    """Do it in the name of whoever asks; errors as for `edit_fact`."""
    actor = current_principal().actor
    return edit_fact(engine(), wanted, moment=utc_now(), announce=outbox.enqueue_alerts, actor=actor)


def shown_effect(wanted: FactEdit) -> ShownEffect:
    """What it would change, and whom it would be told to."""
    moment = utc_now()
    effect = preview_edit(engine(), wanted, moment=moment)
    with read_transaction(engine()) as connection:
        heard = outbox.audience_of(connection, effect.changes, moment)
    treaty = _treaty_of(effect.after or effect.before)
    return ShownEffect(effect, _entry(effect.old, treaty), _entry(effect.new, treaty), _audience(heard, effect.new))


def _treaty_of(fact: Fact | None) -> str:
    return fact.id if isinstance(fact, Instrument) else getattr(fact, "instrument", "")


def _entry(ledger: Ledger, treaty: str) -> EntryIntoForce | None:
    return entry_into_force(ledger, treaty) if treaty in ledger.instruments else None


def _audience(heard: Sequence[Subscription], ledger: Ledger) -> tuple[tuple[str, int], ...]:
    """The subscriptions by what they are for, without their addresses: how many of each."""
    names = {id: terms.name for id, terms in ledger.instruments.items()}
    names |= {id: body.name for id, body in ledger.bodies.items()}
    names |= {code: who.name for code, who in ledger.participants.items()}
    counted: dict[str, int] = {}
    for each in heard:
        words = say(describe_subscription(each, names))
        counted[words] = counted.get(words, 0) + 1
    return tuple(counted.items())


# -- what is shown ---------------------------------------------------------------------------------


def _open_form(kind: FactKind) -> EditPage:
    """The form as an address asks for it."""
    held, mark = repository.live_facts(engine()), request.args.get("mark", "")
    saved = request.args.get("saved") == "yes"
    if mark:
        fact = marked_fact(held, kind, mark)
        return EditPage(kind, fact_values(fact), mark, saved=saved)
    fields = ("treaty",) if kind is FactKind.TREATY else FIELDS
    named = {name: request.args.get(name, "")[:200] for name in fields}
    given = {name: request.args[name][:MAX_VALUE] for name in EDITABLE[kind].names if name in request.args}
    found = facts_named(Ledger(held), FactReference(kind, **named))[:MAX_FOUND] if any(named.values()) else ()
    if len(found) == 1 and (kind is FactKind.TREATY or named["what"]):
        return EditPage(kind, fact_values(found[0]) | given, fact_mark(found[0]))
    return EditPage(kind, given, found=found, saved=saved)


def _kept(page: EditPage, given: Mapping[str, str]) -> EditPage:
    """The page with what was typed, and the entry itself where it is retracted."""
    if not page.retracts:
        return page
    held = [fact for fact in repository.live_facts(engine()) if fact_mark(fact) == page.mark]
    return replace(page, values=fact_values(held[0]) if held else dict(given))


def _render(page: EditPage) -> str:
    ledger = Ledger(repository.live_facts(engine()))
    first, rest = form_fields(page.kind, ledger, page.values)
    readback = page.readback
    if page.kind is FactKind.TREATY and readback is None:
        given = {**page.values, "test_on": request.form.get("test_on", "")}
        readback = read_back(ledger, given, utc_now().date())
        if request.method == "POST":
            page = replace(page, faults={**readback.faults, **page.faults})
    return render_template(
        "edit_fact.html", page=page, first=first, rest=rest, readback=readback, kinds=KIND_NAMES,
        found=[(line, reference, fact_mark(fact)) for fact in page.found for line, reference in _lines(ledger, fact)],
        prefilled=request.args, names=names_in(ledger),
    )  # fmt: skip


def _lines(ledger: Ledger, fact: Fact) -> list[tuple[object, FactReference]]:
    reference = reference_of(fact)
    return [(fact_lines(ledger, [fact])[0], reference)] if reference else []
