"""The pages of instruments, participants and bodies, the home page, the check results and the citation.

Each page is one answer for HTML, JSON and CSV alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial as apply_to
from functools import reduce
from typing import Any, TypeVar

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.law.coverage import left_out
from tracker.law.dates import PartialDate
from tracker.law.evidence import EvidenceGrade
from tracker.law.findings import FindingGroup
from tracker.law.gaps import GapKind
from tracker.law.ledger import memoized, memoized_recent
from tracker.law.status import parties_in_words, signatories_in_words
from tracker.messages import TranslatableText, message
from tracker.schemas.assessments import Course, courses_answer
from tracker.schemas.bodies import BodyDetail, BodyMandate, BodySummary, Member, bodies_answer, body_answer
from tracker.schemas.fact_lines import unverified_on_body, unverified_on_instrument, unverified_on_participant
from tracker.schemas.formats import columns_of
from tracker.schemas.instruments import (
    InstrumentDetail,
    InstrumentStatusLine,
    MissingParticipant,
    Participation,
    status_answer,
)
from tracker.schemas.overview import (
    CheckFinding,
    CheckSummary,
    FindingList,
    FindingsCount,
    GroupSummary,
    Overview,
    check_answer,
    latest_answer,
    latest_groups,
    statuses_answer,
    upcoming_answer,
)
from tracker.schemas.participant_filter import ParticipantFilter
from tracker.schemas.participants import (
    ParticipantSummary,
    Profile,
    ProfileRow,
    participant_answer,
    participants_answer,
)
from tracker.schemas.statements import statement_notes
from tracker.schemas.values import answer_model, left_out_answer
from tracker.web import charts, freshness
from tracker.web.assessment_schemes import scheme_name
from tracker.web.charts import step_chart
from tracker.web.context import RequestContext, asks_for_partial, get_context, link_here, whole_link
from tracker.web.labels import DEPOSITARIES
from tracker.web.language import country_names
from tracker.web.linked_data import participant_as_thing, treaty_as_legislation
from tracker.web.pages.treaty_head import force_in_words, instrument_detail, treaty_head
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.table_filters import PEOPLE, Query, facets, result_list, result_sentence, table_choice
from tracker.web.template_filters import Footnotes


def citation(asked: RequestContext, data: InstrumentStatusLine) -> TranslatableText:
    """An instrument's status on the date asked about, as a reference; `data` is the instrument's answer."""
    title = data.title if data.title == data.name else f"{data.title} ({data.name})"
    parts = [title, data.adopted_at, data.adopted_on, data.reference, _registration_text(data), _depositary_text(data)]
    return message(
        "{treaty}. Status as at {date}: {parties}, {signatories}; {force}. "
        "Treaty Tracker, data revision {revision}, {address}, accessed on {today}.",
        treaty=reduce(_join, filter(None, parts)),
        date=asked.day,
        parties=parties_in_words(data.parties, data.parties_at_most, open_ended=data.parties_open_ended),
        signatories=signatories_in_words(
            data.signatories, data.signatories_at_most, open_ended=data.signatories_open_ended
        ),
        force=force_in_words(data),
        revision=asked.revision,
        address=whole_link("record.instrument", id=data.instrument, as_of=asked.day),
        today=asked.today,
    )


def _join(one: Any, other: Any) -> TranslatableText:
    return message("{one}, {other}", one=one, other=other)


def _registration_text(data: InstrumentStatusLine) -> TranslatableText | None:
    return message("registration {number}", number=data.registration) if data.registration else None


def _depositary_text(data: InstrumentStatusLine) -> TranslatableText | None:
    name = DEPOSITARIES.get(data.depositary, data.depositary)
    return message("depositary: {name}", name=name) if name else None


WATCHING = ("recommends-ratification", "reviews-implementation", "governs")  # the strongest claim first


@answer_model
class WatchedInstrument(BodyMandate):
    """An instrument that a body has to do with, by its strongest relation, with all of them as `claims`."""

    watched: bool
    claims: list[BodyMandate]


def body_page_context(asked: RequestContext, data: BodyDetail) -> dict[str, Any]:
    """What the template needs beside the answer."""
    instruments = _by_instrument(data.mandates)
    others = data.other_members
    past = {id(each) for each in others if each.to and str(each.to) <= asked.day.isoformat()}
    watched = sorted((each for each in instruments if each.watched), key=lambda each: -len(each.not_party))
    return {
        "watched": watched,
        "missing": len({who.participant for each in watched for who in each.not_party}),
        "kept": [each for each in instruments if not each.watched],
        "past": [each for each in others if id(each) in past],
        "coming": [each for each in others if id(each) not in past],
        "chart": step_chart(data.history, asked.day) if len(data.history) > 1 else None,
        "called": scheme_name,
        "number": len(asked.ledger.members(data.body)),
        "roles": _by_role(data.members),
        "unverified": unverified_on_body(asked.ledger, data.body),
    }


def _by_role(members: Sequence[Member]) -> dict[str, list[Member]]:
    """Who holds which role, members first; a suspended member stands among the suspended alone."""
    suspended = {each.participant for each in members if each.role == "suspended"}
    found: dict[str, list[Member]] = {"member": []}
    for each in members:
        if each.role != "member" or each.participant not in suspended:
            found.setdefault(each.role, []).append(each)
    return {role: held for role, held in found.items() if held}


def _by_instrument(mandates: Sequence[BodyMandate]) -> list[WatchedInstrument]:
    """One row for each instrument: every relation to it with its basis, and who of the members is missing there."""
    found: dict[str, list[BodyMandate]] = {}
    for each in mandates:
        found.setdefault(each.instrument, []).append(each)
    return [_together(several) for several in found.values()]


def _together(several: list[BodyMandate]) -> WatchedInstrument:
    order = {relation: place for place, relation in enumerate(WATCHING)}
    ranked = sorted(several, key=lambda each: order.get(each.relation, len(order)))
    watched = any(each.relation in WATCHING for each in several)
    return WatchedInstrument(**vars(ranked[0]), watched=watched, claims=ranked)


R = TypeVar("R")

_participants = memoized(participants_answer)
_participant = memoized_recent(32)(participant_answer)
_check = memoized(check_answer)
_overview = memoized(statuses_answer)
_status = memoized(status_answer)
_latest_groups = memoized(latest_groups)
_body = memoized(body_answer)
_courses = memoized(courses_answer)

LATEST_GROUPS = 6  # on the first page, of actions of one kind on one treaty and date
STANDING_SORTS = ("name", "region", "status", "signature", "consent", "bound_since", "withdrawal")
PARTICIPANT_SORTS = ("name", "region", "consented", "consented_on_complete", "signatory", "absent", "last_act")


def home_content(asked: RequestContext) -> PageAnswer:
    """Every instrument, what happened last, what comes next, how many findings there are."""
    rows, ledger = _overview(asked.ledger), asked.ledger
    data = Overview(
        instruments=rows,
        latest=latest_answer(ledger),
        upcoming=upcoming_answer(ledger),
        findings=FindingsCount(count=_check(ledger, asked.today).count),
    )
    pending = [(row, _days_left(row, asked.day)) for row in rows if _coming(row)]
    extra = {"families": _families(rows), "pending": pending, "groups": _latest_groups(ledger, LATEST_GROUPS)}
    return PageAnswer(
        "instruments", data, rows, columns_of(InstrumentStatusLine), extra,
        drawn=lambda: {"outlooks": freshness.outlooks_of(asked)},
    )  # fmt: skip


def instrument_content(asked: RequestContext, id: str, query: Query, tab: str = "status") -> PageAnswer:
    """One instrument with the participants asked for, as one of its tabs; NotFound for an unknown one."""
    ledger = asked.ledger
    chosen = table_choice(query, ledger, STANDING_SORTS)
    whole = instrument_detail(asked, id)
    rows = chosen.of(whole.participants)
    data = replace(whole, participants=rows, missing=chosen.people(whole.missing))
    extra = {
        "choice": chosen,
        "facets": facets(ledger, chosen.filter, whole.participants),
        "everyone": len(whole.participants),
        "reasons": query.get("reasons") == "yes",
    }
    return PageAnswer(
        id, data, rows, columns_of(Participation), extra, drawn=lambda: _page_values(asked, data, chosen.filter, tab)
    )


def _page_values(asked: RequestContext, data: InstrumentDetail, wanted: ParticipantFilter, tab: str) -> dict[str, Any]:
    """What the tables of an instrument show beside the data: the head, notes, the result to copy."""
    id = data.instrument
    return {
        **treaty_head(asked, id, tab, wanted),
        **statement_notes(asked.ledger, id),
        "result": ResultCopy(
            result_sentence(asked, data.name, wanted, data.participants),
            result_list(asked.ledger, data.participants),
        ),
        "doubts": Footnotes("doubt"),
        "unverified": unverified_on_instrument(asked.ledger, id),
        "sources": Footnotes("source"),
        "linked": apply_to(treaty_as_legislation, data, data.aliases),
        "notes": Footnotes("note"),
        "family": _family(asked, data),
    }


@dataclass(frozen=True, slots=True)
class ResultCopy:
    """The result of a filter to copy: as a sentence, and as names on lines."""

    sentence: TranslatableText
    names: str


def by_gap(rows: Sequence[MissingParticipant]) -> dict[str, list[MissingParticipant]]:
    """Participants missing from an instrument, by how they are missing."""
    return _by(rows, lambda each: each.gap, GapKind)


def source_values(asked: RequestContext, data: InstrumentDetail) -> dict[str, Any]:
    """What is shown of an instrument's data: the citation, what is unverified, data notes; and its family."""
    return {
        "citation": citation(asked, data),
        "unverified": unverified_on_instrument(asked.ledger, data.instrument),
        "findings": sorted(_check(asked.ledger, asked.today, data.instrument).findings, key=_group_order),
        "family": _family(asked, data),
    }


def _family(asked: RequestContext, data: InstrumentDetail) -> list[Any]:
    return [_overview_of(asked, each) for each in [data.parent, *data.protocols] if each]


def participants_content(asked: RequestContext, query: Query) -> PageAnswer:
    """Every participant asked for, with how many instruments it is party to."""
    everyone = _participants(asked.ledger)
    chosen = table_choice(query, asked.ledger, PARTICIPANT_SORTS, PEOPLE)
    rows = chosen.of(everyone)
    partial = asks_for_partial(query)
    extra = {
        "choice": chosen,
        "facets": facets(asked.ledger, chosen.filter, everyone),
        "instruments": len(asked.ledger.instruments),
        "counted": "consented" if partial else "consented_on_complete",
        "without": left_out_answer(asked.ledger, left_out(asked.ledger, partial=partial)),
    }
    return PageAnswer("participants", rows, rows, columns_of(ParticipantSummary), extra)


def participant_content(asked: RequestContext, code: str) -> PageAnswer:
    """One participant on every instrument; NotFound for an unknown one."""
    found = _participant(asked.ledger, code)
    judged = [Course(**vars(each), name=scheme_name(each.scheme).name) for each in _courses(asked.ledger, code)]
    data = Profile(**vars(found), assessments=judged)
    numbers = Counter(row.status for row in data.instruments)
    gaps, drawn = _by(data.gaps, lambda each: each.gap, GapKind), charts.of_participant(asked, data)
    extra = {"doubts": Footnotes("doubt"), "gaps": gaps, "numbers": numbers, "lanes": drawn}
    extra["linked"] = apply_to(participant_as_thing, asked.ledger, data)
    extra["unverified"] = unverified_on_participant(asked.ledger, data.participant)
    extra["tongues"] = country_names(data.iso2) if not data.exists_to else []
    return PageAnswer(code, data, data.instruments, columns_of(ProfileRow), extra)


def bodies_content(asked: RequestContext) -> PageAnswer:
    """Every body, with its members and what it watches."""
    rows = bodies_answer(asked.ledger)
    names = {id: terms.name for id, terms in asked.ledger.instruments.items()}
    return PageAnswer("bodies", rows, rows, columns_of(BodySummary), {"names": names})


def body_content(asked: RequestContext, id: str) -> PageAnswer:
    """One body: members, instruments watched, members missing there; NotFound for an unknown one."""
    data = _body(asked.ledger, id)
    rows = [*data.members, *data.other_members]
    return PageAnswer(id, data, rows, columns_of(Member), body_page_context(asked, data))


def findings_content(asked: RequestContext, query: Query) -> PageAnswer:
    """Everything the checks find, on one instrument where the address names it; NotFound for an unknown one."""
    about = asked.ledger.instrument(query["instrument"]) if query.get("instrument") else None
    data = _check(asked.ledger, asked.today, about.id if about else "")
    extra = {"groups": _group_findings(data), "about": about}
    return PageAnswer("findings", data, data.findings, columns_of(CheckFinding), extra)


def _group_order(note: CheckFinding) -> int:
    """Contradictions come first, gaps in our data last."""
    return list(FindingGroup).index(note.group)


@dataclass(frozen=True, slots=True)
class CheckSection:
    """What one check found in one group; the first section of a check has its name as its place on the page."""

    place: str
    check: CheckSummary
    notes: list[CheckFinding]


def _group_findings(data: FindingList) -> list[tuple[GroupSummary, list[CheckSection]]]:
    """The groups of data notes that there are, each with what its checks found."""
    checks, placed = {each.check: each for each in data.checks}, set[str]()
    found, sections = _by(data.findings, lambda each: each.group), []
    for group in (each for each in data.groups if each.count):
        by_check = _by(found[group.group], lambda each: each.check)
        named = [(name if name not in placed else f"{name}-{group.group}", name) for name in by_check]
        sections.append((group, [CheckSection(place, checks[name], by_check[name]) for place, name in named]))
        placed |= set(by_check)
    return sections


def _by(rows: Iterable[R], key: Callable[[R], str], order: Iterable[str] = ()) -> dict[str, list[R]]:
    """The rows by a part of them, in the order given, else as they come."""
    found: dict[str, list[R]] = {name: [] for name in order}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {name: each for name, each in found.items() if each}


def _coming(row: InstrumentStatusLine) -> bool:
    """Is the instrument there and not in force yet?"""
    ahead = row.entry_into_force.status in ("pending", "will-enter-into-force")
    return ahead and row.signature_period != "not-open"


def _days_left(row: InstrumentStatusLine, day: date) -> int | None:
    """How many days for signing are left, the day itself included; None where no exact last day is ahead."""
    last = row.closed_on.exact if isinstance(row.closed_on, PartialDate) else row.closed_on
    return (last - day).days + 1 if last and row.signature_period == "open" else None


def _families(rows: list[InstrumentStatusLine]) -> list[tuple[str, list[InstrumentStatusLine]]]:
    """Instruments by subject in the order of the record, each protocol right after its convention."""
    there = {row.instrument for row in rows}
    families: dict[str, list[InstrumentStatusLine]] = {}
    for row in rows:
        if row.parent not in there:
            families.setdefault(row.subject, []).extend(_with_protocols(row, rows))
    return [(name or message("other"), found) for name, found in families.items()]


def _with_protocols(row: InstrumentStatusLine, rows: list[InstrumentStatusLine]) -> list[InstrumentStatusLine]:
    below = [each for each in rows if each.parent == row.instrument != each.instrument]
    return [row, *(found for each in below for found in _with_protocols(each, rows))]


def _overview_of(asked: RequestContext, id: str) -> InstrumentStatusLine | dict[str, str]:
    return _status(asked.ledger, id) if id in asked.ledger.instruments else {"instrument": id, "name": id}


blueprint = Blueprint("record", __name__)


@blueprint.get("/")
@blueprint.get(f"/instruments.{FORMAT_RULE}")
def home(form: str | None = None) -> ResponseReturnValue:
    """Every instrument, what happened last, what comes next."""
    return respond(home_content(get_context()), "home.html", form)


@blueprint.get("/instruments")
def instruments() -> ResponseReturnValue:
    """The list of instruments is the first page."""
    return redirect(link_here().replace("/instruments", "/", 1), 308)


@blueprint.get("/instruments/<id>")
@blueprint.get(f"/instruments/<id>.{FORMAT_RULE}")
def instrument(id: str, form: str | None = None) -> ResponseReturnValue:
    """One instrument."""
    proper = get_context().ledger.instrument(id).id
    if proper != id:
        return redirect(link_here({"id": proper}), 308)
    return respond(instrument_content(get_context(), id, request.args), "instrument.html", form)


@blueprint.get("/participants")
@blueprint.get(f"/participants.{FORMAT_RULE}")
def participants(form: str | None = None) -> ResponseReturnValue:
    """Every participant."""
    return respond(participants_content(get_context(), request.args), "participants.html", form)


@blueprint.get("/participants/<code>")
@blueprint.get(f"/participants/<code>.{FORMAT_RULE}")
def participant(code: str, form: str | None = None) -> ResponseReturnValue:
    """One participant."""
    proper = get_context().ledger.participant(code).code
    if proper != code:
        return redirect(link_here({"code": proper}), 308)
    return respond(participant_content(get_context(), code), "participant.html", form)


@blueprint.get("/bodies")
@blueprint.get(f"/bodies.{FORMAT_RULE}")
def bodies(form: str | None = None) -> ResponseReturnValue:
    """Every body."""
    return respond(bodies_content(get_context()), "bodies.html", form)


@blueprint.get("/bodies/<id>")
@blueprint.get(f"/bodies/<id>.{FORMAT_RULE}")
def body(id: str, form: str | None = None) -> ResponseReturnValue:
    """One body."""
    proper = get_context().ledger.body(id).id
    if proper != id:
        return redirect(link_here({"id": proper}), 308)
    return respond(body_content(get_context(), id), "body.html", form)


@blueprint.get("/findings")
@blueprint.get(f"/findings.{FORMAT_RULE}")
def findings(form: str | None = None) -> ResponseReturnValue:
    """Everything the checks find."""
    return respond(findings_content(get_context(), request.args), "findings.html", form)


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    """The words and counts, explained."""
    return render_template("about.html", grades=list(EvidenceGrade))
