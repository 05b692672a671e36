"""Assessments of bodies: the schemes, and one scheme as of the date and through time."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from tracker.law.ledger import Ledger, memoized
from tracker.schemas.assessments import (
    AssessmentItem,
    SchemeCourses,
    SchemeDetail,
    SchemeSummary,
    scheme_answer,
    schemes_answer,
)
from tracker.schemas.formats import columns_of
from tracker.web.assessment_schemes import scheme_name
from tracker.web.charts import step_chart
from tracker.web.context import RequestContext, get_context, link_here
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.template_filters import Footnotes

blueprint = Blueprint("assessments", __name__)
MAX_UNFOLDED_ROWS = 40  # rows of a list beyond which it is folded by value

_schemes = memoized(schemes_answer)
_scheme = memoized(scheme_answer)


@blueprint.get("/assessments")
@blueprint.get(f"/assessments.{FORMAT_RULE}")
def schemes(form: str | None = None) -> ResponseReturnValue:
    """Every scheme."""
    return respond(schemes_page(get_context()), "assessments.html", form)


@blueprint.get("/assessments/<id>")
@blueprint.get(f"/assessments/<id>.{FORMAT_RULE}")
def scheme(id: str, form: str | None = None) -> ResponseReturnValue:
    """One scheme."""
    if (proper := proper_id(get_context().ledger, id)) != id:
        return redirect(link_here({"id": proper}), 308)
    return respond(scheme_page(get_context(), id), "assessment.html", form)


def proper_id(ledger: Ledger, id: str) -> str:
    """The scheme's id as the record writes it, or what was given where there is none."""
    return id.lower() if id.lower() in ledger.schemes else id


def schemes_page(asked: RequestContext) -> PageAnswer:
    """Every scheme: whose it is, how many it holds, which editions the record has and which it lacks."""
    rows = [_row(asked.ledger, each) for each in _schemes(asked.ledger)]
    return PageAnswer("assessments", rows, rows, columns_of(SchemeSummary), {"bodies": _by_body(rows)})


def scheme_page(asked: RequestContext, id: str) -> PageAnswer:
    """One scheme on the day, its editions and its course; NotFound for an unknown one."""
    data = SchemeDetail(**vars(_scheme(asked.ledger, id)), name=scheme_name(id).name, what=scheme_name(id).what)
    by_value: dict[str, list[AssessmentItem]] = {value: [] for value in sorted(data.values)}
    for each in data.held:
        by_value[each.value].append(each)
    extra = {
        "by_value": {value: rows for value, rows in by_value.items() if rows},
        "values": sorted(data.values),
        "shows": {
            "edition": any(each.edition for each in data.held),
            "note": any(each.note for each in data.held),
            "changed": any(turn.changed for turn in data.history),
        },
        "long": len(data.held) > MAX_UNFOLDED_ROWS,
        "chart": step_chart(data.history, asked.day),
        "instruments": [(terms.id, terms.name) for terms in asked.ledger.instruments.values()],
        "doubts": Footnotes("doubt"),
        "sources": Footnotes("source"),
        "manner": scheme_name(id).held,
    }
    return PageAnswer(id, data, data.held, columns_of(AssessmentItem), extra)


def _row(ledger: Ledger, found: SchemeCourses) -> SchemeSummary:
    whole = _scheme(ledger, found.scheme)
    return SchemeSummary(
        **vars(found),
        name=scheme_name(found.scheme).name,
        what=scheme_name(found.scheme).what,
        editions=[each.edition for each in whole.editions if each.counts],
        incomplete=[each.edition for each in whole.editions if not each.complete],
        rounds=len(whole.rounds),
        current_round=next((each.value for each in whole.rounds if each.current), None),
        absent=whole.absent,
        edition=whole.edition,
    )


def _by_body(rows: Sequence[SchemeSummary]) -> dict[tuple[str, str], list[SchemeSummary]]:
    found: dict[tuple[str, str], list[SchemeSummary]] = {}
    for row in rows:
        found.setdefault((row.body, row.body_name), []).append(row)
    return found
