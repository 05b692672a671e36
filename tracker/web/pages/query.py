"""Queries as a page: read from the address, built condition by condition, answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion, NotFound, TrackerError
from tracker.law import queries
from tracker.law.fact_references import FactKind
from tracker.law.ledger import Ledger
from tracker.law.queries import (
    ASSESSMENT_CONDITIONS,
    COMMA,
    PLACES,
    STATUS_CONDITIONS,
    ConditionKind,
    QueryCondition,
    format_query,
    parse_query,
)
from tracker.messages import message
from tracker.schemas.assessments import SchemeCourses, schemes_answer
from tracker.schemas.formats import columns_of
from tracker.schemas.participant_filter import FacetOption, ParticipantFilter, facet_options, members_of_bodies
from tracker.schemas.queries import QueryRow, selection_answer
from tracker.schemas.values import who_answer
from tracker.web.assessment_schemes import scheme_name
from tracker.web.context import RequestContext, get_context, link
from tracker.web.errors import wants_json
from tracker.web.forms import NO_FAULTS
from tracker.web.responses import FORMAT_RULE, PageAnswer, as_page, respond

blueprint = Blueprint("query", __name__)
MAX_QUERY_LENGTH = 1000  # characters of a query
MAX_CONDITIONS = 12  # conditions of a query
STANDINGS = {
    ConditionKind.PARTY: message("are parties"),
    ConditionKind.NOT_PARTY: message("are not parties"),
    ConditionKind.SIGNATORY: message("have signed but not ratified"),
    ConditionKind.NONE: message("have taken no action"),
    ConditionKind.WITHDRAWN: message("have withdrawn"),
}
EXAMPLES = (
    (message("GRECO members not party to the Criminal Law Convention"), "member=greco;not-party=coe-173"),
    (message("Under increased monitoring by the FATF and not party to UNCAC"), "assessed=fatf-grey;not-party=uncac"),
    (message("Tier 3 in 2010 and party to the trafficking protocol"), "assessed=tip-tier:3@2010;party=untoc-tip"),
    (message("FATF members not party to UNTOC"), "member=fatf;not-party=untoc"),
    (message("African States that have signed but not ratified UNCAC"), "region=Africa;signatory=uncac"),
    (
        message("GRULAC, African and EU States that have signed but not ratified the Firearms Protocol"),
        "any-of=GRULAC,African States,eu;signatory=untoc-firearms",
    ),
    (message("Party to UNTOC and not to its firearms protocol"), "party=untoc;not-party=untoc-firearms"),
)


GRAMMAR = (
    ("member=greco, not-member=greco", message("members of a body, or not members")),
    ("region=Africa, group=GRULAC", message("States of a region, or of a UN regional group")),
    ("any-of=GRULAC,African States,eu", message("in any of several groups or bodies")),
    ("party=untoc, not-party=untoc", message("parties to a treaty, or not parties")),
    ("signatory=uncac, none=uncac, withdrawn=uncac", message("signed but not ratified, no action, withdrawn")),
    ("assessed=fatf-grey, not-assessed=fatf-grey", message("on a list, or not on it")),
    ("assessed=tip-tier:3", message("with one value of an assessment, after a colon")),
    ("party=untoc@2003-09-29", message("on an earlier date, or in an edition, after @")),
    ("member=eu;not-party=coe-224", message("several conditions, with semicolons: all must be met")),
)


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One condition of the query shown: its text and words, the query without it, and what facts it rests on."""

    text: str
    words: str
    without: str
    kind: FactKind
    about: Mapping[str, str]


@blueprint.get("/select")
@blueprint.get(f"/select.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """The query of the address and its answer; what the form adds leads to the address of the longer query.

    A query that makes no sense is shown again with its fault.
    """
    faulty = "q"
    try:
        added = []
        for field, condition in _conditions_of_form(request.args):
            faulty = field
            queries.run_query(get_context().ledger, parse_query(str(condition)))
            added.append(condition)
        faulty = "q"
        if added:
            given = parse_query(request.args["q"]) if request.args.get("q") else ()
            return redirect(link("query.page", form=form, q=format_query(tuple(dict.fromkeys((*given, *added))))), 302)
        answer = select_page(get_context(), request.args.get("q", ""))
    except (BadQuestion, NotFound) as trouble:
        if wants_json():
            raise
        empty = select_page(get_context(), "")
        unanswered = replace(empty, extra={**empty.extra, "faults": {faulty: str(trouble)}})
        return as_page(unanswered, "query.html"), trouble.status
    return respond(answer, "query.html", form)


def select_page(asked: RequestContext, text: str) -> PageAnswer:
    """The answer to a query, None as its data where there is none; BadQuestion for one that makes no sense."""
    data, parts = None, []
    if text:
        conditions = _read(text)
        data = selection_answer(asked.ledger, text)
        parts = [_part(asked.ledger, conditions, each) for each in conditions]
    extra = {"query": parts, "examples": list(_examples(asked.ledger)), "choices": _choices(asked.ledger),
             "standings": STANDINGS, "grammar": GRAMMAR, "faults": NO_FAULTS}  # fmt: skip
    return PageAnswer("select", data, data.rows if data else [], columns_of(QueryRow), extra)


def _read(text: str) -> tuple[QueryCondition, ...]:
    if len(text) > MAX_QUERY_LENGTH:
        raise BadQuestion(
            message(
                "The query has {number} characters; write {most} at most.",
                number=len(text),
                most=MAX_QUERY_LENGTH,
            )
        )
    conditions = parse_query(text)
    if len(conditions) > MAX_CONDITIONS:
        raise BadQuestion(
            message(
                "The query has {number} conditions; write {most} at most.",
                number=len(conditions),
                most=MAX_CONDITIONS,
            )
        )
    return conditions


def _part(ledger: Ledger, conditions: tuple[QueryCondition, ...], each: QueryCondition) -> QueryPart:
    words = queries.condition_in_words(ledger, each)
    without = format_query(tuple(other for other in conditions if other != each))
    return QueryPart(str(each), words, without, *_facts_behind(ledger, each))


def _facts_behind(ledger: Ledger, each: QueryCondition) -> tuple[FactKind, dict[str, str]]:
    """The kind of the facts that decide a condition, and what they are about beside the participant."""
    if each.what in STATUS_CONDITIONS:
        return FactKind.ACTION, {"treaty": ledger.instrument(each.of).id}
    if each.what in ASSESSMENT_CONDITIONS:
        return FactKind.ASSESSMENT, {"scheme": each.of}
    if each.what in (ConditionKind.MEMBER, ConditionKind.NOT_MEMBER):
        return FactKind.MEMBERSHIP, {"body": ledger.body(each.of).id}
    return FactKind.PARTICIPANT, {}


def _examples(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The examples that can be asked of this record on its day."""
    for words, text in EXAMPLES:
        try:
            queries.query_in_words(ledger, parse_query(text))
        except TrackerError:
            continue  # it names what is not in the record, or a day still to come
        yield words, text


# -- the form ----------------------------------------------------------------------------------------


def _conditions_of_form(query: MultiDict[str, str]) -> Iterator[tuple[str, QueryCondition]]:
    """The conditions that the form's fields add, each with the field to be mended where it makes no sense.

    A field left open adds nothing.
    """
    if groups := [each for each in query.getlist("any_of") if each]:
        yield "any_of", QueryCondition(ConditionKind.ANY_OF, COMMA.join(dict.fromkeys(groups)))
    for name in ("member", "region", "group", "standing", "judged"):
        if value := query.get(f"{name}_of", "").strip():
            what = _asking(query.get(f"{name}_how") or name, value)
            of, _, judgement = value.partition(":") if what in ASSESSMENT_CONDITIONS else (value, "", "")
            at = "" if what in PLACES else query.get(f"{name}_at", "").strip()
            field = f"{name}_at" if at else f"{name}_of"
            yield field, QueryCondition(what, of if what in PLACES else of.lower(), judgement, at)


def _asking(how: str, value: str) -> ConditionKind:
    try:
        return ConditionKind(how)
    except ValueError:
        raise BadQuestion(
            message("'{how}' for '{value}' is not a supported condition.", how=how[:20], value=value[:40])
        ) from None


def _choices(ledger: Ledger) -> dict[str, Any]:
    people, schemes = ledger.participants.values(), schemes_answer(ledger)
    bodies = [(each.id, each.name) for each in ledger.bodies.values() if ledger.memberships(each.id)]
    return {
        "bodies": sorted(bodies, key=lambda pair: pair[1]),
        "groups_of_states": _groups_of_states(ledger),
        "regions": sorted({who.region for who in people} - {""}),
        "groups": sorted({who.un_group for who in people} - {""}),
        "instruments": [(terms.id, terms.name) for terms in ledger.instruments.values()],
        "schemes": [(scheme_name(each.scheme).name, list(_judgements(each))) for each in schemes if each.values],
    }


def _groups_of_states(ledger: Ledger) -> dict[str, list[FacetOption]]:
    """Groups, regions and bodies with their numbers of participants, of which several can be chosen at a time."""
    here = [who for code, who in ledger.participants.items() if ledger.existed_on(code, ledger.horizon)]
    everyone = ParticipantFilter(members=members_of_bodies(ledger))
    return facet_options(ledger, everyone, [who_answer(who) for who in here])


def _judgements(scheme: SchemeCourses) -> Iterator[tuple[str, str]]:
    """What a scheme can be asked for: anybody on it, and each of its values where there are several."""
    yield scheme.scheme, message("any category") if len(scheme.values) > 1 else message("listed")
    if len(scheme.values) > 1:
        yield from ((f"{scheme.scheme}:{value}", value) for value in sorted(scheme.values))
