"""The API's read operations: each gives the very answer that its page shows."""

from __future__ import annotations

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import BadClause, BadQuestion
from tracker.graph.model import Edge, Node
from tracker.graph.nodes import nodes
from tracker.outlook.forecast import Outlook
from tracker.schemas.assessments import Course, CourseRow, Edition, SchemeDetail, SchemeSummary
from tracker.schemas.bodies import BodyDetail, BodySummary
from tracker.schemas.comparison import ComparedInstruments, ComparedParticipants
from tracker.schemas.deadlines import Deadlines
from tracker.schemas.formats import columns_of
from tracker.schemas.history import ActionDates, History
from tracker.schemas.instruments import Citation, InstrumentDetail, InstrumentStatusLine, status_answer
from tracker.schemas.maps import MapOfAll, MapOfOne
from tracker.schemas.matrix import Matrix
from tracker.schemas.network import Network, NetworkEdge, NetworkNode
from tracker.schemas.overview import Event, FindingList, Overview, statuses_answer, upcoming_answer
from tracker.schemas.panel import PanelRow, panel_rows
from tracker.schemas.participants import ParticipantSummary, Profile
from tracker.schemas.queries import QueryAnswer
from tracker.schemas.scenarios_and_claims import Claim, Needed, ThresholdDrafts, WhatIf
from tracker.schemas.search import Search
from tracker.schemas.targets import TargetList
from tracker.web.api import operations as p
from tracker.web.api.operations import PREFIX, api, operation, operations
from tracker.web.context import get_context, link, link_here
from tracker.web.network.params import network_params
from tracker.web.pages import assessments as assessing
from tracker.web.pages import maps, query, record, scenarios, timeline
from tracker.web.pages import targets as aims
from tracker.web.pages import what_if as what_if_page
from tracker.web.pages.compare import compare_page
from tracker.web.pages.deadlines import deadline_page
from tracker.web.pages.matrix import matrix_page
from tracker.web.pages.outlook import outlook_page
from tracker.web.pages.record import citation
from tracker.web.pages.search import MAX_RESULTS, MAX_TEXT_LENGTH, search_page
from tracker.web.responses import PageAnswer

BODIES, ASSESSMENTS, TIME = "Bodies", "Assessments", "Time"


def contents_of() -> dict[str, str]:
    """The address of every operation that needs nothing in its path, for the day asked about where it knows days."""
    found = {}
    for (rule, method), (endpoint, about) in operations(current_app).items():
        if endpoint.startswith("api.") and method == "GET" and "<" not in rule and about and rule != f"{PREFIX}/":
            name = endpoint.removeprefix("api.")
            found["openapi" if about.media else name] = link(endpoint) if p.AS_OF in about.query else url_for(endpoint)
    return found


@api.get("/", strict_slashes=False)
@operation("List of operations", dict[str, str], tag="About the API")
def contents() -> PageAnswer:
    """The address of every operation that needs no name of a thing, by the operation's name."""
    return PageAnswer("contents", contents_of(), [], [])


@api.get("/overview")
@operation("Overview", Overview)
def overview() -> PageAnswer:
    """Every instrument, the latest actions, the next dates and the number of data notes."""
    return record.home_content(get_context())


@api.get("/instruments")
@operation("The status of every instrument", list[InstrumentStatusLine], paged="", table=True)
def instruments() -> PageAnswer:
    """Signatories, contracting parties and parties, the threshold and the entry into force of every instrument."""
    rows = statuses_answer(get_context().ledger)
    return PageAnswer("instruments", rows, rows, columns_of(InstrumentStatusLine))


@api.get("/instruments/<id>")
@operation(
    "One instrument", InstrumentDetail, path=(p.INSTRUMENT_ID,), paged="participants", table=True,
    moves=True, query=(*p.PEOPLE, *p.ON_TREATY, p.sort_parameter(record.STANDING_SORTS)),
)  # fmt: skip
def instrument(id: str) -> PageAnswer | ResponseReturnValue:
    """Status, its computation step by step, every participant with its acts, non-parties, bodies, published counts.

    The filters choose among `participants` and `missing`; the counts are of all. Paging cuts `participants`.
    """
    if (proper := get_context().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return record.instrument_content(get_context(), id, request.args)


@api.get("/instruments/<id>/panel/<year>")
@operation(
    "Every participant at the end of a year", list[PanelRow], path=(p.INSTRUMENT_ID, p.YEAR), paged="", table=True
)  # fmt: skip
def panel(id: str, year: str) -> PageAnswer:
    """The table of quantitative research: status on 31 December, dates, and the codes of other data sets in that year.

    All years and instruments are in `/download/panel.csv`. There are no rows for a year before the adoption, and for
    one that had not ended by the day asked about.
    """
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise BadQuestion(f"'{year[:20]}' is not a year: write 2010.")
    ledger = get_context().ledger
    rows = list(panel_rows(ledger, int(year), int(year), [ledger.instrument(id).id]))
    return PageAnswer("panel", rows, rows, columns_of(PanelRow))


@api.get("/instruments/<id>/history")
@operation("An instrument through time", History, path=(p.INSTRUMENT_ID,), paged="steps", table=True,
           moves=True, tag=TIME)  # fmt: skip
def history(id: str) -> PageAnswer | ResponseReturnValue:
    """Its signatories and parties in steps, its milestones, and its acts by year."""
    if (proper := get_context().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return timeline.history_page(get_context(), id)


@api.get("/instruments/<id>/citation")
@operation("How to cite an instrument's status", Citation, path=(p.INSTRUMENT_ID,), moves=True)
def cited(id: str) -> PageAnswer | ResponseReturnValue:
    """The status on the day as one line of text."""
    if (proper := get_context().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    data = status_answer(get_context().ledger, id)
    said = Citation(
        instrument=id,
        title=data.title,
        citation=citation(get_context(), data),
        address=link("record.instrument", id=id),
        accessed=get_context().today,
    )
    return PageAnswer(f"{id}-citation", said, [], [])


@api.get("/participants")
@operation(
    "Every participant", list[ParticipantSummary], paged="", table=True,
    query=(*p.PEOPLE, p.sort_parameter(record.PARTICIPANT_SORTS)),
)  # fmt: skip
def participants() -> PageAnswer:
    """States, former States, organizations and territories, each with the number of its treaties."""
    return record.participants_content(get_context(), request.args)


@api.get("/participants/<code>")
@operation("One participant", Profile, path=(p.PARTICIPANT_CODE,), paged="instruments", table=True, moves=True)
def participant(code: str) -> PageAnswer | ResponseReturnValue:
    """The status of one participant for every instrument, its gaps, bodies, acts and assessments."""
    if (proper := get_context().ledger.participant(code).code) != code:
        return redirect(link_here({"code": proper}), 308)
    return record.participant_content(get_context(), code)


@api.get("/participants/<code>/assessments")
@operation("Assessments of a participant", list[Course], path=(p.PARTICIPANT_CODE,), table=True, moves=True,
           paged="", tag=ASSESSMENTS)  # fmt: skip
def courses(code: str) -> PageAnswer | ResponseReturnValue:
    """Its values over time under each scheme that assessed or listed it."""
    if (proper := get_context().ledger.participant(code).code) != code:
        return redirect(link_here({"code": proper}), 308)
    found = record.participant_content(get_context(), code).data.assessments
    rows = [
        CourseRow(participant=code, scheme=each.scheme, name=each.name, **vars(spell))
        for each in found
        for spell in each.spells
    ]
    return PageAnswer(f"{code}-assessments", found, rows, columns_of(CourseRow))


@api.get("/bodies")
@operation("Every body", list[BodySummary], paged="", table=True, tag=BODIES)
def bodies() -> PageAnswer:
    """Each with its parent body, its number of members on the day and its related instruments."""
    return record.bodies_content(get_context())


@api.get("/bodies/<id>")
@operation("One body", BodyDetail, path=(p.BODY_ID,), paged="members", table=True, moves=True, tag=BODIES)
def body(id: str) -> PageAnswer | ResponseReturnValue:
    """Its members, its related instruments with the members that are not party to them, its schemes."""
    if (proper := get_context().ledger.body(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return record.body_content(get_context(), id)


@api.get("/assessments")
@operation("Every assessment scheme", list[SchemeSummary], paged="", table=True, tag=ASSESSMENTS)
def assessments() -> PageAnswer:
    """The body, the number of entries on the day, the editions in our data and those that are not."""
    return assessing.schemes_page(get_context())


@api.get("/assessments/<id>")
@operation("One assessment scheme", SchemeDetail, path=(p.SCHEME_ID,), paged="held", table=True, moves=True,
           tag=ASSESSMENTS)  # fmt: skip
def assessment(id: str) -> PageAnswer | ResponseReturnValue:
    """The participants assessed or listed on the day and their values, its editions, its numbers over time."""
    if (proper := assessing.proper_id(get_context().ledger, id)) != id:
        return redirect(link_here({"id": proper}), 308)
    return assessing.scheme_page(get_context(), id)


@api.get("/assessments/<id>/editions")
@operation("The editions of a scheme", list[Edition], path=(p.SCHEME_ID,), paged="", table=True, moves=True,
           tag=ASSESSMENTS)  # fmt: skip
def editions(id: str) -> PageAnswer | ResponseReturnValue:
    """The dates of each, its number of entries by value, and what is not in our data."""
    if (proper := assessing.proper_id(get_context().ledger, id)) != id:
        return redirect(link_here({"id": proper}), 308)
    rows = assessing.scheme_page(get_context(), id).data.editions
    return PageAnswer(f"{id}-editions", rows, rows, columns_of(Edition))


@api.get("/findings")
@operation("Data notes", FindingList, query=(p.INSTRUMENT,), paged="findings", table=True)
def findings() -> PageAnswer:
    """Inconsistencies, differing counts and gaps in the data."""
    return record.findings_content(get_context(), request.args)


@api.get("/timeline", endpoint="timeline")
@operation(
    "Days with actions",
    ActionDates,
    query=(p.INSTRUMENT, p.PARTICIPANT),
    table=True,
    paged="days",
    tag=TIME,
)
def days() -> PageAnswer:
    """Each day with the number of its actions: of all instruments, of one, or of one participant."""
    return timeline.days_page(get_context(), request.args)


@api.get("/calendar")
@operation(
    "Upcoming dates",
    list[Event],
    query=(p.INSTRUMENT, p.PARTICIPANT),
    paged="",
    table=True,
    tag=TIME,
)
def calendar() -> PageAnswer:
    """Openings and closings for signature and entries into force, soonest first."""
    ledger, name, code = get_context().ledger, request.args.get("instrument", ""), request.args.get("participant", "")
    about, who = ledger.instrument(name).id if name else "", ledger.participant(code).code if code else ""
    rows = [
        each for each in upcoming_answer(ledger) if about in ("", each.instrument) and who in ("", each.participant)
    ]
    return PageAnswer("calendar", rows, rows, columns_of(Event))


@api.get("/targets")
@operation(
    "Targets and reported figures, checked",
    TargetList,
    paged="targets",
    table=True,
    tag="Analysis",
    query=(
        p.Parameter(
            "goal", "Only figures of this goal.", example="US State Department performance plan FY 2004, goal 5"
        ),
        p.INSTRUMENT,
        p.choice_parameter(
            "verdict",
            "Only figures with this result; `computed` for all that can be computed.",
            (aims.COMPUTED, *aims.VERDICTS),
        ),
    ),
)
def targets() -> PageAnswer:
    """Targets and reported figures, each with its result: met, missed, as reported, or not computed."""
    return aims.targets_page(get_context(), request.args)


ANALYSIS = "Analysis"
YES_OR_NO = ("yes", "no")
SEVERAL_PEOPLE = p.Parameter("participant", "A participant to put side by side, by code.", example="FRA", many=True)
SEVERAL_TERMS = p.Parameter("instrument", "An instrument to put side by side, by id.", example="untoc", many=True)
FOCUS = "Only what touches this participant, instrument or body: its id, code or name."


@api.get("/needed")
@operation("Pending treaties", list[Needed], paged="", table=True, tag=ANALYSIS)
def needed() -> PageAnswer:
    """Instruments not yet in force by fewest deposits remaining, with the signatories that have not ratified."""
    return what_if_page.needed_page(get_context())


@api.get("/what-if")
@operation(
    "Scenario", WhatIf | None, table=True, tag=ANALYSIS, errors=(BadClause,),
    query=(
        p.INSTRUMENT.called("instrument", "The instrument; the pending one that needs least if left out."),
        p.Parameter("who", "Who deposits: a code, `signatories`, `region:Africa`, `group:African States`, `body:coe`; "
                           "with `signed:` before a group, those of it that have signed.",
                    example="signatories", many=True),
        p.Parameter("states", "Who deposits, by name or code, parted by semicolons, each with a day where it has one.",
                    {**p.TEXT, "maxLength": scenarios.MAX_LIST_LENGTH}, "France 2027-03-01; Japan"),
        p.AS_OF.called("on", "The day on which they deposit; the day of the question if left out."),
        p.number_parameter("every", "Days from one deposit to the next, where no day is given.", 30),
        p.Parameter("leaving", "Who withdraws, by code.", example="FRA", many=True),
        p.AS_OF.called("leaving_on", "The day on which they withdraw."),
        p.number_parameter("threshold", "Another threshold.", 30, least=1),
        p.Parameter("delay", "Another period to entry into force.", example="90d"),
        p.choice_parameter("organizations", "Whether an organization's deposit counts too.", YES_OR_NO),
    ),
)  # fmt: skip
def what_if() -> PageAnswer:
    """The instrument without and with the assumptions; null where there are none."""
    return scenarios.what_if_page(get_context(), request.args)


@api.get("/what-if/thresholds")
@operation(
    "Every instrument under other thresholds", ThresholdDrafts | None, tag=ANALYSIS,
    query=(p.Parameter("thresholds", "Up to six numbers.", {**p.TEXT, "pattern": "^[0-9][0-9, ]*$"}, "30,40,60"),),
)  # fmt: skip
def thresholds() -> PageAnswer:
    """The day on which each would have entered into force under each threshold; null where none is given."""
    return PageAnswer("thresholds", scenarios.what_if_page(get_context(), request.args).extra["drafts"], [], [])


@api.get("/instruments/<id>/outlook")
@operation(
    "Outlook", Outlook, path=(p.INSTRUMENT_ID,), table=True, moves=True, tag=ANALYSIS,
    query=(
        p.Parameter("threshold", "Another number of parties to ask for.", {**p.TEXT, "pattern": "^[0-9]{1,4}$"}, "60"),
        p.AS_OF.called("by", "A date, at most ten years ahead, by which to count parties."),
        p.Parameter(
            "who", "Assumed depositors on the date of the answer: a code or a group, as in a scenario.",
            example="signatories", many=True,
        ),
    ),
)  # fmt: skip
def instrument_outlook(id: str) -> PageAnswer | ResponseReturnValue:
    """Parties by date and the date of the threshold, each as quantiles of simulated futures, and who may be next."""
    if (proper := get_context().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return outlook_page(get_context(), id, request.args)


@api.get("/deadline")
@operation(
    "Dates of deposit and denunciation", Deadlines | None, table=True, tag=ANALYSIS,
    query=(
        p.INSTRUMENT.called("instrument", "The instrument."),
        p.AS_OF.called("bound_by", "The day by which a depositor wants to be bound."),
        p.AS_OF.called("notified_on", "The day on which a denunciation is notified; the day asked about if left out."),
    ),
)  # fmt: skip
def deadline() -> PageAnswer:
    """The last day to deposit so as to be bound by a day, and the effect of a denunciation; null for no instrument."""
    return deadline_page(get_context(), request.args)


@api.get("/claims")
@operation(
    "Check a figure",
    Claim | None,
    table=True,
    tag=ANALYSIS,
    query=(
        p.INSTRUMENT.called("instrument", "The instrument that the figure is of."),
        p.number_parameter("signatories", "The number of signatories.", 147),
        p.number_parameter("parties", "The number of parties.", 40),
    ),
)
def claims() -> PageAnswer:
    """The dates that match a published figure, or the nearest number; null where no figure is given."""
    return what_if_page.claims_page(get_context(), request.args)


@api.get("/search")
@operation(
    "Search", Search, table=True, tag=ANALYSIS,
    query=(p.Parameter("q", "The text to look for.", {**p.TEXT, "maxLength": MAX_TEXT_LENGTH}, "côte"),
           p.number_parameter("limit", f"How many results to give; {MAX_RESULTS} if left out.", 20,
                              least=1, most=MAX_RESULTS)),
)  # fmt: skip
def search() -> PageAnswer:
    """Anything by name, alias, code or reference number, and countries in the six languages of the United Nations."""
    return search_page(get_context(), request.args.get("q", ""), request.args.get("limit", ""))


@api.get("/matrix", endpoint="matrix")
@operation(
    "Participants by instruments", Matrix, paged="participants", table=True, tag=ANALYSIS,
    query=(
        SEVERAL_TERMS.called("instrument", "An instrument to show, by id; `all` for every one."),
        *p.PEOPLE,
        *p.ON_TREATY,
        p.INSTRUMENT.called("towards", "The instrument of the status filter; any of those shown if left out."),
        p.Parameter("sort", "Order the rows by name, region, consented, signed_only or an instrument's id; with a "
                            "hyphen before it, backwards.", example="-consented"),
    ),
)  # fmt: skip
def matrix_of() -> PageAnswer:
    """One cell for each participant and instrument: the status, the act behind it and its day."""
    return matrix_page(get_context(), request.args)


@api.get("/compare")
@operation(
    "Compare", ComparedParticipants | ComparedInstruments | None, table=True,
    tag=ANALYSIS, query=(SEVERAL_PEOPLE, SEVERAL_TERMS),
)  # fmt: skip
def compare() -> PageAnswer:
    """Two to six participants on all instruments or on those named, or two to six instruments; null for fewer."""
    return compare_page(get_context(), request.args)


@api.get("/map", endpoint="map")
@operation("Map", MapOfOne | MapOfAll, query=(p.INSTRUMENT, p.PARTIAL, *p.PEOPLE, *p.ON_TREATY),
           paged="participants", table=True, tag=ANALYSIS)  # fmt: skip
def world_map() -> PageAnswer:
    """The status of every State for one instrument, or its number of treaties where none is named."""
    return maps.map_page(get_context(), request.args)


@api.get("/select")
@operation(
    "Query", QueryAnswer | None, paged="participants", table=True, tag=ANALYSIS,
    query=(p.Parameter("q", "The query: conditions with semicolons between.",
                       {**p.TEXT, "maxLength": query.MAX_QUERY_LENGTH},
                       "member=greco;not-party=coe-173"),),
)  # fmt: skip
def select() -> PageAnswer:
    """Participants that meet every condition, with the fact behind each; null where no query is given."""
    return query.select_page(get_context(), request.args.get("q", ""))


@api.get("/network", endpoint="network")
@operation(
    "Network", Network, paged="ties", table=True, tag=ANALYSIS,
    query=(
        p.choice_parameter("view", "The missing links, or all links; `gaps` if left out.", ("gaps", "ties")),
        p.INSTRUMENTS, p.REGION, p.GROUP, p.MEMBER_OF, p.MATCH, p.TIE_KIND, p.Parameter("focus", FOCUS, example="FRA"),
        p.choice_parameter("pending", "Show gaps in instruments that are not in force too.", ("yes",)),
    ),
)  # fmt: skip
def network() -> PageAnswer:
    """Participants, instruments and bodies with the links between them, or the missing ones."""
    ledger = get_context().ledger
    wanted = network_params(request.args, ledger)
    by_id = {node.id: node for node in nodes(ledger)}
    ties = wanted.of(ledger)
    rows = [_tie(by_id[tie.source], tie, by_id[tie.target]) for tie in ties]
    ends = {end for tie in ties for end in (tie.source, tie.target)}
    joined = [_node(node) for node in by_id.values() if node.id in ends]
    data = Network(view="ties" if wanted.view == "ties" else "gaps", nodes=joined, ties=rows)
    return PageAnswer("network", data, rows, columns_of(NetworkEdge))


def _node(node: Node) -> NetworkNode:
    return NetworkNode(
        id=node.id,
        kind=node.kind,
        code=node.code,
        name=node.name,
        short=node.short,
        region=node.region,
        un_group=node.un_group,
        counts=dict(node.counts),
    )


def _tie(source: Node, tie: Edge, target: Node) -> NetworkEdge:
    return NetworkEdge(
        from_=source.code,
        from_name=source.name,
        from_kind=source.kind,
        tie=tie.kind,
        words=tie.words,
        to=target.code,
        to_name=target.short,
        to_kind=target.kind,
        since=tie.since,
        absence=tie.kind.is_absence,
        pending=tie.pending,
    )
