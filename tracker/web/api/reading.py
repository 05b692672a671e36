"""The record's nouns in the API: instruments, participants, bodies, judgements, what the checks find.

Each operation gives the very answer that its page shows.
"""

from __future__ import annotations

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.law import answers
from tracker.law.answers.plain import Plain
from tracker.web import aims, ask, assessing, link, link_here, present, timeline
from tracker.web.api import parameters as p
from tracker.web.api.describing import PREFIX, operation, operations
from tracker.web.api.ground import api
from tracker.web.api.shapes import instruments as shapes
from tracker.web.api.shapes import people, questions
from tracker.web.citing import citation
from tracker.web.formats import Answer

EVENT_COLUMNS = ("date", "instrument", "instrument_name", "words", "participant", "name")
EDITION_COLUMNS = ("edition", "from", "to", "size", "absent", "complete", "unverified")
COURSE_COLUMNS = ("participant", "scheme", "name", "value", "from", "to", "current", "editions", "absent", "notes",
                  "sources", "doubts")  # fmt: skip
BODIES, JUDGEMENTS, TIME = "Bodies", "Judgements", "Time"


def contents_of() -> dict[str, str]:
    """The address of every operation that needs nothing in its path, for the day asked about where it knows days."""
    found = {}
    for (rule, method), (endpoint, about) in operations(current_app).items():
        if endpoint.startswith("api.") and method == "GET" and "<" not in rule and about and rule != f"{PREFIX}/":
            name = endpoint.removeprefix("api.")
            found["openapi" if about.media else name] = link(endpoint) if p.AS_OF in about.query else url_for(endpoint)
    return found


@api.get("/")
@operation("Where everything is", dict[str, str], tag="About the API")
def contents() -> Answer:
    """The address of every operation that needs no name of a thing, by the operation's name."""
    return Answer("contents", contents_of(), [], [])


@api.get("/overview")
@operation("Everything at a glance", shapes.Overview)
def overview() -> Answer:
    """Every instrument, what was done last, what comes next, how many findings there are."""
    return present.home(ask())


@api.get("/instruments")
@operation("The status of every instrument", list[shapes.Status], paged="", table=True)
def instruments() -> Answer:
    """The three counts, the threshold and the entry into force of every instrument, in the order of the record."""
    rows = answers.statuses_answer(ask().ledger)
    return Answer("instruments", rows, rows, present.STATUS_COLUMNS)


@api.get("/instruments/<id>")
@operation(
    "One instrument", shapes.Instrument, path=(p.INSTRUMENT_ID,), paged="participants", table=True, moves=True,
    query=(*p.PEOPLE, p.STANDING, p.sorting(present.STANDING_SORTS)),
)  # fmt: skip
def instrument(id: str) -> Answer | ResponseReturnValue:
    """Status, working step by step, every participant with its acts, who is missing, bodies, published counts.

    The filters choose among `participants` and `missing`; the counts are of all. Paging cuts `participants`.
    """
    if (proper := ask().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return present.instrument(ask(), id, request.args)


@api.get("/instruments/<id>/history")
@operation("An instrument through time", shapes.History, path=(p.INSTRUMENT_ID,), paged="steps", table=True,
           moves=True, tag=TIME)  # fmt: skip
def history(id: str) -> Answer | ResponseReturnValue:
    """Its signatories and parties in steps, its milestones, and its acts by year."""
    if (proper := ask().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return timeline.history_page(ask(), id)


@api.get("/instruments/<id>/citation")
@operation("How to cite an instrument's status", shapes.Citation, path=(p.INSTRUMENT_ID,), moves=True)
def cited(id: str) -> Answer | ResponseReturnValue:
    """The status on the day as one line of text."""
    if (proper := ask().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    data = answers.status_answer(ask().ledger, id)
    said = {"instrument": id, "title": data["title"], "citation": citation(ask(), data)}
    said |= {"address": link("pages.instrument", id=id), "accessed": ask().today.isoformat()}
    return Answer(f"{id}-citation", said, [], [])


@api.get("/participants")
@operation(
    "Every participant", list[people.Participant], paged="", table=True,
    query=(*p.PEOPLE, p.sorting(present.PARTICIPANT_SORTS)),
)  # fmt: skip
def participants() -> Answer:
    """States, former States, organizations and territories, each with how many instruments it has consented to."""
    return present.participants(ask(), request.args)


@api.get("/participants/<code>")
@operation("One participant", people.Profile, path=(p.PARTICIPANT_CODE,), paged="instruments", table=True, moves=True)
def participant(code: str) -> Answer | ResponseReturnValue:
    """One participant on every instrument, what it misses, its bodies, its acts, how bodies judged it."""
    if (proper := ask().ledger.participant(code).code) != code:
        return redirect(link_here({"code": proper}), 308)
    return present.participant(ask(), code)


@api.get("/participants/<code>/assessments")
@operation("How bodies judged a participant", list[people.Course], path=(p.PARTICIPANT_CODE,), table=True, moves=True,
           paged="", tag=JUDGEMENTS)  # fmt: skip
def courses(code: str) -> Answer | ResponseReturnValue:
    """Its course under each scheme that ever judged it, in spells of one value."""
    if (proper := ask().ledger.participant(code).code) != code:
        return redirect(link_here({"code": proper}), 308)
    found = present.participant(ask(), code).data["assessments"]
    rows: list[Plain] = [
        {"participant": code, "scheme": each["scheme"], "name": each["name"], **spell}
        for each in found
        for spell in each["spells"]
    ]
    return Answer(f"{code}-assessments", found, rows, COURSE_COLUMNS)


@api.get("/bodies")
@operation("Every body", list[people.BodyRow], paged="", table=True, tag=BODIES)
def bodies() -> Answer:
    """Each with its place, how many members it has on the day, the instruments that it has to do with."""
    return present.bodies(ask())


@api.get("/bodies/<id>")
@operation("One body", people.Body, path=(p.BODY_ID,), paged="members", table=True, moves=True, tag=BODIES)
def body(id: str) -> Answer | ResponseReturnValue:
    """Its members, the instruments that it has to do with and which members are missing there, its schemes."""
    if (proper := ask().ledger.body(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return present.body(ask(), id)


@api.get("/assessments")
@operation("Every scheme of judgements", list[people.SchemeRow], paged="", table=True, tag=JUDGEMENTS)
def assessments() -> Answer:
    """Whose it is, how many it holds on the day, which editions the record has and which it lacks."""
    return assessing.schemes_page(ask())


@api.get("/assessments/<id>")
@operation("One scheme of judgements", people.SchemeWhole, path=(p.SCHEME_ID,), paged="held", table=True, moves=True,
           tag=JUDGEMENTS)  # fmt: skip
def assessment(id: str) -> Answer | ResponseReturnValue:
    """Who is judged under it on the day and how, its editions, its course."""
    if (proper := assessing.proper_id(ask().ledger, id)) != id:
        return redirect(link_here({"id": proper}), 308)
    return assessing.scheme_page(ask(), id)


@api.get("/assessments/<id>/editions")
@operation("The editions of a scheme", list[people.Edition], path=(p.SCHEME_ID,), paged="", table=True, moves=True,
           tag=JUDGEMENTS)  # fmt: skip
def editions(id: str) -> Answer | ResponseReturnValue:
    """When each held, how many it judged with which value, and what the record lacks of it."""
    if (proper := assessing.proper_id(ask().ledger, id)) != id:
        return redirect(link_here({"id": proper}), 308)
    rows = assessing.scheme_page(ask(), id).data["editions"]
    return Answer(f"{id}-editions", rows, rows, EDITION_COLUMNS)


@api.get("/findings")
@operation("What the checks find", shapes.Findings, query=(p.INSTRUMENT,), paged="findings", table=True)
def findings() -> Answer:
    """Where the record breaks a rule, contradicts itself, or has a gap."""
    return present.findings(ask(), request.args)


@api.get("/timeline", endpoint="timeline")
@operation("The days with acts", shapes.Days, query=(p.INSTRUMENT, p.PARTICIPANT), table=True, paged="days", tag=TIME)
def days() -> Answer:
    """Of everything, of one instrument or of one participant, each day with the number of its acts."""
    return timeline.days_page(ask(), request.args)


@api.get("/calendar")
@operation("What comes next", list[shapes.Event], query=(p.INSTRUMENT, p.PARTICIPANT), paged="", table=True, tag=TIME)
def calendar() -> Answer:
    """Openings and closings for signature and entries into force that follow from the record, soonest first."""
    ledger, name, code = ask().ledger, request.args.get("instrument", ""), request.args.get("participant", "")
    about, who = ledger.instrument(name).id if name else "", ledger.participant(code).code if code else ""
    rows = [
        each
        for each in answers.upcoming_answer(ledger)
        if about in ("", each["instrument"]) and who in ("", each["participant"])
    ]
    return Answer("calendar", rows, rows, EVENT_COLUMNS)


@api.get("/targets")
@operation(
    "Goals against the record", questions.Targets, paged="targets", table=True, tag="Questions",
    query=(p.Parameter("goal", "Only figures of this goal.", example="SDG 16"), p.INSTRUMENT,
           p.choice("verdict", "Only figures with this verdict; `computed` for all that the record can compute.",
                    (aims.COMPUTED, *aims.VERDICTS))),
)  # fmt: skip
def targets() -> Answer:
    """Goals and reported figures, each with what the record says of it: met, missed, as reported, or not computed."""
    return aims.targets_page(ask(), request.args)
