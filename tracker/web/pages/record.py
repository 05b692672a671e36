"""The pages of instruments, participants and bodies, the home page, the check results and the citation.

Each page is one answer for HTML, JSON and CSV alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.law.dates import PartialDate, in_words
from tracker.law.gaps import GapKind
from tracker.law.ledger import memoized, memoized_recent
from tracker.law.possibilities import range_in_words
from tracker.schemas.assessments import Course, courses_answer
from tracker.schemas.bodies import BodyDetail, BodyMandate, BodySummary, Member, bodies_answer, body_answer
from tracker.schemas.formats import columns_of
from tracker.schemas.instruments import (
    InstrumentDetail,
    InstrumentStatusLine,
    Participation,
    instrument_answer,
    status_answer,
)
from tracker.schemas.overview import (
    CheckFinding,
    FindingsCount,
    Overview,
    check_answer,
    latest_answer,
    statuses_answer,
    upcoming_answer,
)
from tracker.schemas.participants import (
    ParticipantSummary,
    Profile,
    ProfileRow,
    participant_answer,
    participants_answer,
)
from tracker.schemas.values import answer_model
from tracker.web import charts
from tracker.web.assessment_schemes import scheme_name
from tracker.web.charts import step_chart
from tracker.web.context import RequestContext, get_context, link_here, whole_link
from tracker.web.country_names import country_names
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.table_filters import options, table_choice
from tracker.web.template_filters import Footnotes, count


def citation(asked: RequestContext, data: InstrumentStatusLine) -> str:
    """An instrument's status on the day asked about, as a reference; `data` is the instrument's answer."""
    title = data.title if data.title == data.name else f"{data.title} ({data.name})"
    parts = [title, _adopted(data), data.reference, _registered(data), _deposited(data)]
    counts = (
        f"{_counted(data.parties, data.parties_at_most, 'party', 'parties')}, "
        f"{_counted(data.signatories, data.signatories_at_most, 'signatory', 'signatories')}"
    )
    here = whole_link("record.instrument", id=data.instrument, as_of=asked.day)
    return (
        f"{', '.join(filter(None, parts))}. Status as of {in_words(asked.day)}: {counts}; {_force(data)}. "
        f"Treaty Tracker, revision {asked.revision}, {here}, accessed {in_words(asked.today)}."
    )


def _counted(least: int, most: int, one: str, several: str) -> str:
    return count(least, one, several) if least == most else f"{range_in_words(least, most)} {several}"


def _adopted(data: InstrumentStatusLine) -> str:
    day = in_words(data.adopted_on) if data.adopted_on else ""
    return ", ".join(filter(None, (data.adopted_at, day)))


def _registered(data: InstrumentStatusLine) -> str:
    return f"registration {data.registration}" if data.registration else ""


def _deposited(data: InstrumentStatusLine) -> str:
    return f"depositary: {data.depositary}" if data.depositary else ""


def _force(data: InstrumentStatusLine) -> str:
    entry = data.entry_into_force
    day = f" {in_words(entry.date)}" if entry.date else ""
    return {
        "in-force": f"in force since{day}" if day else "in force",
        "will-enter-into-force": f"enters into force on{day}",
        "terminated": "no longer in force",
    }.get(entry.status, "not in force")


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


Query = Mapping[str, str]
R = TypeVar("R")

_instrument = memoized_recent(32)(instrument_answer)
_participants = memoized(participants_answer)
_participant = memoized_recent(32)(participant_answer)
_check = memoized(check_answer)
_overview = memoized(statuses_answer)
_status = memoized(status_answer)
_body = memoized(body_answer)
_courses = memoized(courses_answer)

STANDING_SORTS = ("name", "region", "status", "signature", "consent", "bound_since", "withdrawal")
PARTICIPANT_SORTS = ("name", "region", "consented", "signatory", "absent", "last_act")


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
    extra = {"families": _families(rows), "pending": pending}
    return PageAnswer("instruments", data, rows, columns_of(InstrumentStatusLine), extra)


def instrument_content(asked: RequestContext, id: str, query: Query) -> PageAnswer:
    """One instrument with the participants asked for; NotFound for an unknown one."""
    ledger = asked.ledger
    chosen = table_choice(query, ledger, STANDING_SORTS)
    whole = _instrument(ledger, id)
    rows = chosen.of(whole.participants)
    data = replace(whole, participants=rows, missing=chosen.people(whole.missing))
    extra = {"choice": chosen, "everyone": len(whole.participants), "reasons": query.get("reasons") == "yes"}
    return PageAnswer(id, data, rows, columns_of(Participation), extra, drawn=lambda: _drawn(asked, data))


def _drawn(asked: RequestContext, data: InstrumentDetail) -> dict[str, Any]:
    """What the page of an instrument shows beside the data: charts, notes, and what else there is to choose or see."""
    id = data.instrument
    return {
        "options": options(asked.ledger),
        "citation": citation(asked, data),
        **charts.of_instrument(asked, id),
        "doubts": Footnotes("doubt"),
        "sources": Footnotes("source"),
        "notes": Footnotes("note"),
        "gaps": _by(data.missing, lambda each: each.gap, GapKind),
        "family": [_overview_of(asked, each) for each in [data.parent, *data.protocols] if each],
        "findings": _check(asked.ledger, asked.today, id).findings,
    }


def participants_content(asked: RequestContext, query: Query) -> PageAnswer:
    """Every participant asked for, with how many instruments it is party to."""
    chosen = table_choice({k: v for k, v in query.items() if k != "standing"}, asked.ledger, PARTICIPANT_SORTS)
    rows = chosen.of(_participants(asked.ledger))
    extra = {"choice": chosen, "options": options(asked.ledger), "instruments": len(asked.ledger.instruments)}
    return PageAnswer("participants", rows, rows, columns_of(ParticipantSummary), extra)


def participant_content(asked: RequestContext, code: str) -> PageAnswer:
    """One participant on every instrument; NotFound for an unknown one."""
    found = _participant(asked.ledger, code)
    judged = [Course(**vars(each), name=scheme_name(each.scheme).name) for each in _courses(asked.ledger, code)]
    data = Profile(**vars(found), assessments=judged)
    numbers = Counter(row.status for row in data.instruments)
    gaps, drawn = _by(data.gaps, lambda each: each.gap, GapKind), charts.of_participant(asked, data)
    extra = {"doubts": Footnotes("doubt"), "gaps": gaps, "numbers": numbers, "lanes": drawn}
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
    extra = {"by_check": _by(data.findings, lambda each: each.check), "about": about}
    return PageAnswer("findings", data, data.findings, columns_of(CheckFinding), extra)


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
    return [(name.replace("-", " ") or "other", found) for name, found in families.items()]


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
    return render_template("about.html")
