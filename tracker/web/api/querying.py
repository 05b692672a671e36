"""Questions put to the record through the API: what if, claims, search, matrix, comparison, map, queries, network.

Each operation gives the very answer that its page shows, from the same fields of the address.
"""

from __future__ import annotations

from flask import request

from tracker.errors import BadClause
from tracker.law.network import Node, Tie, nodes
from tracker.web import ask, crossing, maps, questions
from tracker.web.api import parameters as p
from tracker.web.api.describing import operation
from tracker.web.api.ground import api
from tracker.web.api.shapes import changes as linked
from tracker.web.api.shapes import instruments, tables
from tracker.web.api.shapes import questions as shapes
from tracker.web.comparing import compare_page
from tracker.web.formats import Answer
from tracker.web.matrix import matrix_page
from tracker.web.network.wanted import wanted_of
from tracker.web.search import LONGEST, MOST, search_page

QUESTIONS = "Questions"
TIE_COLUMNS = ("from", "from_name", "from_kind", "tie", "words", "to", "to_name", "to_kind", "since", "absence",
               "pending")  # fmt: skip
YES_OR_NO = ("yes", "no")
SEVERAL_PEOPLE = p.Parameter("participant", "A participant to put side by side, by code.", example="FRA", many=True)
SEVERAL_TERMS = p.Parameter("instrument", "An instrument to put side by side, by id.", example="untoc", many=True)
FOCUS = "Only what touches this participant, instrument or body: its id, code or name."


@api.get("/needed")
@operation("What pending instruments still need", list[instruments.Needed], paged="", table=True, tag=QUESTIONS)
def needed() -> Answer:
    """Instruments not yet in force by fewest deposits remaining, and who could tip them."""
    return questions.needed_page(ask())


@api.get("/what-if")
@operation(
    "What would follow", shapes.WhatIf | None, table=True, tag=QUESTIONS, errors=(BadClause,),
    query=(
        p.INSTRUMENT.called("instrument", "The instrument; the pending one that needs least if left out."),
        p.Parameter("who", "Who deposits: a code, `signatories`, `region:Africa`, `group:African States`, `body:coe`.",
                    example="signatories", many=True),
        p.AS_OF.called("on", "The day on which they deposit; the day of the question if left out."),
        p.Parameter("leaving", "Who withdraws, by code.", example="FRA", many=True),
        p.AS_OF.called("leaving_on", "The day on which they withdraw."),
        p.number("threshold", "Another threshold.", 30, least=1),
        p.Parameter("delay", "Another period to entry into force.", example="90d"),
        p.choice("organizations", "Whether an organization's deposit counts too.", YES_OR_NO),
    ),
)  # fmt: skip
def what_if() -> Answer:
    """The instrument before and after what is supposed; null where nothing is."""
    return questions.what_if_page(ask(), request.args)


@api.get("/what-if/thresholds")
@operation(
    "Every instrument under other thresholds", shapes.Drafts | None, tag=QUESTIONS,
    query=(p.Parameter("thresholds", "Up to six numbers.", {**p.TEXT, "pattern": "^[0-9][0-9, ]*$"}, "30,40,60"),),
)  # fmt: skip
def thresholds() -> Answer:
    """The day on which each would have entered into force under each threshold; null where none is given."""
    return Answer("thresholds", questions.what_if_page(ask(), request.args).extra["drafts"], [], [])


@api.get("/claims")
@operation(
    "When a figure was true", shapes.Claim | None, table=True, tag=QUESTIONS,
    query=(p.INSTRUMENT.called("instrument", "The instrument that the figure is of."),
           p.number("signatories", "So many signatories.", 147), p.number("parties", "So many parties.", 40)),
)  # fmt: skip
def claims() -> Answer:
    """The days on which a published figure was true, or the nearest that it came; null where none is given."""
    return questions.claims_page(ask(), request.args)


@api.get("/search")
@operation(
    "What answers to a text", shapes.Search, table=True, tag=QUESTIONS,
    query=(p.Parameter("q", "The text to look for.", {**p.TEXT, "maxLength": LONGEST}, "côte"),
           p.number("limit", f"How many finds to give; {MOST} if left out.", 20, least=1, most=MOST)),
)  # fmt: skip
def search() -> Answer:
    """Anything by name, alias, code or reference number, and countries in the six languages of the United Nations."""
    return search_page(ask(), request.args.get("q", ""), request.args.get("limit", ""))


@api.get("/matrix", endpoint="matrix")
@operation(
    "Participants by instruments", tables.Matrix, paged="participants", table=True, tag=QUESTIONS,
    query=(
        SEVERAL_TERMS.called("instrument", "An instrument to show, by id; `all` for every one."),
        *p.PEOPLE,
        p.STANDING,
        p.INSTRUMENT.called("towards", "The instrument that `standing` is about; any of those shown if left out."),
        p.Parameter("sort", "Order the rows by name, region, consented, signed_only or an instrument's id; with a "
                            "hyphen before it, backwards.", example="-consented"),
    ),
)  # fmt: skip
def matrix_of() -> Answer:
    """One cell for each participant and instrument: the status, the act behind it and its day."""
    return matrix_page(ask(), request.args)


@api.get("/compare")
@operation(
    "A few of a kind side by side", tables.ComparedParticipants | tables.ComparedInstruments | None, table=True,
    tag=QUESTIONS, query=(SEVERAL_PEOPLE, SEVERAL_TERMS),
)  # fmt: skip
def compare() -> Answer:
    """Two to six participants on all instruments or on those named, or two to six instruments; null for fewer."""
    return compare_page(ask(), request.args)


@api.get("/map", endpoint="map")
@operation("Who stands where", tables.MapOfOne | tables.MapOfAll, query=(p.INSTRUMENT,), paged="participants",
           table=True, tag=QUESTIONS)  # fmt: skip
def world_map() -> Answer:
    """Every State towards one instrument, or on how many instruments it stands where none is named."""
    return maps.map_page(ask(), request.args)


@api.get("/select")
@operation(
    "Who meets a query", shapes.Selection | None, paged="participants", table=True, tag=QUESTIONS,
    query=(p.Parameter("q", "The query: conditions with semicolons between.", {**p.TEXT, "maxLength": crossing.LONGEST},
                       "member=greco;not-party=coe-173"),),
)  # fmt: skip
def select() -> Answer:
    """Participants that meet every condition, with the fact behind each; null where no query is given."""
    return crossing.select_page(ask(), request.args.get("q", ""))


@api.get("/network", endpoint="network")
@operation(
    "Ties and absences", linked.Network, paged="ties", table=True, tag=QUESTIONS,
    query=(
        p.choice("view", "The absences, or all ties; `gaps` if left out.", ("gaps", "ties")),
        p.INSTRUMENT, p.REGION, p.TIE_KIND, p.Parameter("focus", FOCUS, example="FRA"),
        p.choice("pending", "Show gaps in instruments that are not in force too.", ("yes",)),
    ),
)  # fmt: skip
def network() -> Answer:
    """Participants, instruments and bodies with the ties between them, or the ties that are missing."""
    ledger = ask().ledger
    wanted = wanted_of(request.args, ledger)
    by_id = {node.id: node for node in nodes(ledger)}
    ties = wanted.of(ledger)
    rows = [_tie(by_id[tie.source], tie, by_id[tie.target]) for tie in ties]
    ends = {end for tie in ties for end in (tie.source, tie.target)}
    joined = [_node(node) for node in by_id.values() if node.id in ends]
    return Answer("network", {"view": wanted.view, "nodes": joined, "ties": rows}, rows, TIE_COLUMNS)


def _node(node: Node) -> dict[str, object]:
    return {
        "id": node.id, "kind": str(node.kind), "code": node.code, "name": node.name, "short": node.short,
        "region": node.region, "un_group": node.un_group, "counts": dict(node.counts),
    }  # fmt: skip


def _tie(source: Node, tie: Tie, target: Node) -> dict[str, object]:
    return {
        "from": source.code, "from_name": source.name, "from_kind": str(source.kind), "tie": str(tie.kind),
        "words": tie.words, "to": target.code, "to_name": target.short, "to_kind": str(target.kind),
        "since": str(tie.since) if tie.since else None, "absence": tie.kind.is_absence, "pending": tie.pending,
    }  # fmt: skip
