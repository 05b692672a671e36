"""The tabs of a treaty beside its status: participants, non-parties, map, network, sources.

The participants are also files to take along. The tabs "Over time" and "Reservations and declarations" have their own
modules; all share the head of `treaty_head`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from tracker.messages import message
from tracker.schemas.formats import columns_of
from tracker.schemas.instruments import InstrumentDetail, MissingParticipant, Participation
from tracker.schemas.participant_filter import ANY, GROUPS_OF_STATES, ParticipantFilter
from tracker.web.context import RequestContext, get_context, link_here
from tracker.web.labels import label
from tracker.web.language import page_language, say
from tracker.web.pages.maps import treaty_map
from tracker.web.pages.record import by_gap, instrument_content, source_values
from tracker.web.pages.treaty_head import instrument_detail, treaty_head
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.table_filters import Query, facets, filter_asked, filter_in_words
from tracker.web.template_filters import act_words, short_day
from tracker.web.word_document import WordTable, as_docx

blueprint = Blueprint("treaty", __name__)
FILES = "<any(json, csv, xlsx, docx):form>"
HEADS = (
    message("Participant"), message("Status"), message("Signature"), message("Consent to be bound"),
    message("Kind of consent"), message("In force since"), message("Withdrawal"), message("UN regional group"),
)  # fmt: skip


@blueprint.get("/instruments/<id>/participants")
@blueprint.get(f"/instruments/<id>/participants.{FILES}")
def participants(id: str, form: str | None = None) -> ResponseReturnValue:
    """Every participant asked for, with all columns; as a file as well."""
    asked, form = get_context(), form or request.args.get("format")
    if (proper := asked.ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    answer = instrument_content(asked, id, request.args, "participants")
    name = f"{id}-participants"
    if form == "docx":
        return as_docx(name, asked.day, _document(asked, answer), page_language())
    if form == "json":
        answer = replace(answer, data=answer.rows)
    return respond(replace(answer, name=name), "treaty_participants.html", form)


@blueprint.get("/instruments/<id>/non-parties")
@blueprint.get(f"/instruments/<id>/non-parties.{FORMAT_RULE}")
def non_parties(id: str, form: str | None = None) -> ResponseReturnValue:
    """The States that are not parties, by what they have done."""
    if (proper := get_context().ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return respond(non_parties_content(get_context(), id, request.args), "treaty_non_parties.html", form)


@blueprint.get("/instruments/<id>/map")
@blueprint.get(f"/instruments/<id>/map.{FORMAT_RULE}")
def map_of_treaty(id: str, form: str | None = None) -> ResponseReturnValue:
    """The status of every State, drawn on the world and as a table."""
    asked = get_context()
    if (proper := asked.ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    wanted = filter_asked(request.args, asked.ledger)
    answer = treaty_map(asked, id, wanted)
    extra = {**answer.extra, **treaty_head(asked, id, "map", wanted)}
    return respond(replace(answer, extra=extra), "treaty_map.html", form)


@blueprint.get("/instruments/<id>/network")
def network_of_treaty(id: str) -> ResponseReturnValue:
    """Participants and bodies linked to the treaty, as a picture."""
    asked = get_context()
    if (proper := asked.ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return respond(_part(asked, id, "network", request.args), "treaty_network.html", "html")


@blueprint.get("/instruments/<id>/sources")
def sources(id: str) -> ResponseReturnValue:
    """The sources of the data on a treaty, what is unverified, data notes, published counts, the citation."""
    asked = get_context()
    if (proper := asked.ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    return respond(_part(asked, id, "sources", request.args), "treaty_sources.html", "html")


def non_parties_content(asked: RequestContext, id: str, query: Query) -> PageAnswer:
    """The non-parties that the filter of participants asks for; its parts on the treaty do not apply to them."""
    whole, wanted = instrument_detail(asked, id), filter_asked(query, asked.ledger)
    people = wanted.of_people()
    rows = people.apply(whole.missing)
    extra = {
        "people": people,
        "facets": facets(asked.ledger, people, whole.missing),
        "gaps": by_gap(rows),
        "unsure": people.apply([row for row in whole.participants if row.may_be_party]),
        **treaty_head(asked, id, "non-parties", wanted),
    }
    data = replace(whole, missing=rows)
    return PageAnswer(f"{id}-non-parties", data, rows, columns_of(MissingParticipant), extra)


def _part(asked: RequestContext, id: str, tab: str, query: Query) -> PageAnswer:
    """A tab that shows what else there is on a treaty than its participants."""
    whole, wanted = instrument_detail(asked, id), filter_asked(query, asked.ledger)
    used = Counter(source for row in whole.participants for source in row.sources)
    extra = {
        "used": used.most_common(),
        "picture": _picture(id, wanted),
        **source_values(asked, whole),
        **treaty_head(asked, id, tab, wanted),
    }
    return PageAnswer(id, whole, whole.participants, columns_of(Participation), extra)


def _picture(id: str, wanted: ParticipantFilter) -> dict[str, Any]:
    """What the picture of a treaty's links is asked by: all of them, or those of the groups chosen."""
    groups = {facet: list(wanted.values(facet)) for facet in GROUPS_OF_STATES if wanted.values(facet)}
    if not groups:
        return {"view": "ego", "focus": f"instrument.{id}"}
    return {"view": "ties", "instrument": id, **groups, "match": ANY if wanted.match_any else None}


def _document(asked: RequestContext, answer: PageAnswer) -> WordTable:
    data: InstrumentDetail = answer.data
    wanted = answer.extra["choice"].filter
    told = message(
        "Status as at {date}; {filter}; {n} shown of {total}. Treaty Tracker, data revision {revision}.",
        date=asked.day,
        filter=filter_in_words(asked.ledger, wanted),
        n=len(answer.rows),
        total=answer.extra["everyone"],
        revision=asked.revision,
    )
    lines = [_cells(row) for row in answer.rows]
    return WordTable(data.name, [data.title, say(told)], [say(head) for head in HEADS], lines)


def _cells(row: Participation) -> list[str]:
    """A participant's line in a document, in the order of `HEADS`."""
    return [
        say(row.name),
        label(row.status),
        short_day(row.signature),
        short_day(row.consent),
        act_words(row.action) if row.action else "",
        short_day(row.bound_since),
        short_day(row.withdrawal),
        label(row.un_group) if row.un_group else "",
    ]
