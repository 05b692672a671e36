"""The API's operations on single facts, for tokens: list them, and enter, correct or retract one."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NotRequired

from flask import Blueprint, Flask, request
from typing_extensions import TypedDict

from tracker.errors import BadData, BadQuestion, NotFound
from tracker.law.fact_references import FIELDS, FactKind, FactReference, facts_named
from tracker.law.ledger import Ledger
from tracker.law.threshold import EntryIntoForce, ForceStatus
from tracker.schemas.values import ExactDay, answer_model
from tracker.storage import repository
from tracker.storage.fact_edits import EDITABLE, fact_mark, fact_values
from tracker.web.api.operations import PREFIX, Parameter, choice_parameter, operation
from tracker.web.auth import Permission, requires
from tracker.web.pages.fact_editor import ShownEffect, edit_wanted, fault_sentence, save_edit, shown_effect
from tracker.web.pages.review import engine, never_cached
from tracker.web.pages.subscriptions import csrf
from tracker.web.responses import PageAnswer

blueprint = Blueprint("api_facts", __name__, url_prefix=PREFIX)
blueprint.after_request(never_cached)
TAG = "Editing"
KIND = replace(choice_parameter("kind", "The kind of fact.", tuple(EDITABLE)), required=True)
_MEANINGS = {
    "treaty": ("The id of the treaty.", "untoc"), "participant": ("The code of the participant.", "FRA"),
    "body": ("The id of the body.", "greco"), "scheme": ("The id of the assessment.", "tip-tier"),
    "what": ("The kind of action or statement, the role or the category.", "ratification"),
    "article": ("The provisions that a statement names.", "35(2)"),
    "on": ("The date, as far as it is known.", "2002-10-29"),
}  # fmt: skip
REFERENCE = tuple(Parameter(name, _MEANINGS[name][0], example=_MEANINGS[name][1]) for name in FIELDS)


@answer_model
class EditableFact:
    """A fact with its mark, by which it is corrected or retracted, and its values by the columns of its data file."""

    mark: str
    kind: str
    values: dict[str, str]


class EditRequest(TypedDict):
    """A fact to record (`values`), to correct (`values` and the mark in `replaces`) or to retract (`replaces` alone).

    `values` are the columns of the data file of that kind; `reason` is needed to correct and to retract. With `dry_run`
    nothing is written, and the answer says what would change.
    """

    kind: Literal["action", "statement", "membership", "assessment", "treaty"]
    values: NotRequired[dict[str, str]]
    replaces: NotRequired[str]
    reason: NotRequired[str]
    dry_run: NotRequired[bool]


@answer_model
class EntryOnEitherSide:
    """The entry into force of the treaty concerned, before or after."""

    status: ForceStatus
    date: ExactDay | None
    counted: int
    required: int | None


@answer_model
class EditResult:
    """What an edit changed, or would change: the marks of the facts, the changes, and how many subscriptions hear."""

    recorded: str
    retracted: str
    grade: str
    changes: list[str]
    alerted: int
    before: EntryOnEitherSide | None
    after: EntryOnEitherSide | None
    dry_run: bool


def install(app: Flask) -> None:
    """Give the app these operations; a token in a header needs no guard against forged forms."""
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.get("/facts")
@requires(Permission.EDIT)
@operation("Facts with their marks", list[EditableFact], query=(KIND, *REFERENCE), in_time=False, paged="",
           secured=True, tag=TAG)  # fmt: skip
def facts() -> PageAnswer:
    """The facts of a kind on a treaty, a participant, a body or a scheme, with their marks. Needs the scope `edit`."""
    kind = FactKind(request.args["kind"])
    named = {name: request.args.get(name, "") for name in FIELDS}
    if not any(named[name] for name in ("treaty", "participant", "body", "scheme")):
        raise BadQuestion("Name a treaty, a participant, a body or a scheme.")
    found = facts_named(Ledger(repository.live_facts(engine())), FactReference(kind, **named))
    rows = [EditableFact(mark=fact_mark(each), kind=kind.value, values=fact_values(each)) for each in found]
    return PageAnswer("facts", rows, rows, ())


@blueprint.post("/facts")
@requires(Permission.EDIT)
@operation("Enter, correct or retract a fact", EditResult, takes=EditRequest, in_time=False, secured=True,
           errors=(NotFound, BadData), tag=TAG)  # fmt: skip
def edit(body: EditRequest) -> PageAnswer:
    """Do it, or with `dry_run` say what would follow, as the page of the editors does. Needs the scope `edit`."""
    given = {**body.get("values", {}), "mark": body.get("replaces", ""), "reason": body.get("reason", "")}
    kind = FactKind(body["kind"])
    if unknown := set(body.get("values", {})) - set(EDITABLE[kind].names):
        raise BadQuestion(f"'{min(unknown)[:40]}' is no column of {EDITABLE[kind].file}.")
    wanted = edit_wanted(kind, given, retracts="values" not in body)
    try:
        shown = shown_effect(wanted)
        if not body.get("dry_run", False):
            save_edit(wanted)
    except BadData as trouble:
        raise BadQuestion(" ".join(f"{each.column}: {fault_sentence(each)}" for each in trouble.faults)) from None
    return PageAnswer("edit", _result(shown, dry_run=body.get("dry_run", False)), [], ())


def _result(shown: ShownEffect, *, dry_run: bool) -> EditResult:
    effect = shown.effect
    return EditResult(
        recorded=fact_mark(effect.after) if effect.after else "",
        retracted=fact_mark(effect.before) if effect.before else "",
        grade=shown.grade.value if shown.grade else "",
        changes=[str(change.words) for change in effect.changes],
        alerted=sum(number for _, number in shown.audience),
        before=_side(shown.old), after=_side(shown.new), dry_run=dry_run,
    )  # fmt: skip


def _side(entry: EntryIntoForce | None) -> EntryOnEitherSide | None:
    if entry is None:
        return None
    count = entry.threshold
    return EntryOnEitherSide(status=entry.status, date=entry.date, counted=count.counted, required=count.required)
