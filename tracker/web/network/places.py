"""Where everything stands in a painted picture and what it says, as the script of the page reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from tracker.graph.growth import GrowthKind
from tracker.messages import message, plural
from tracker.web.context import RequestContext
from tracker.web.labels import LABELS
from tracker.web.language import say
from tracker.web.network.captions import acts_in_words
from tracker.web.network.circle import Seat
from tracker.web.network.growth import Growth
from tracker.web.network.painting import drawn_view
from tracker.web.network.params import NetworkParams, counts_of
from tracker.web.network.rose import Rose
from tracker.web.network.scene import Mark, Scene
from tracker.web.network.spindle import BAND, HALF_LIST, RING, Spindle


def painting_as_json(asked: RequestContext, wanted: NetworkParams) -> bytes:
    """The places of participants and rings, and a sentence for each cell, by its number among the sentences.

    The rings of years have one sentence for each participant, whichever year is pointed at, about the `subject`.
    """
    drawn = drawn_view(asked, wanted)
    if isinstance(drawn, Spindle):
        return orjson.dumps({"as_of": asked.day, **_of_spindle(drawn)})
    if isinstance(drawn, Scene):
        return orjson.dumps({"as_of": asked.day, **_of_scene(drawn)})
    words = _words_of_cells(drawn)
    sentences = {
        each: number for number, each in enumerate(dict.fromkeys(each for row in words for each in row if each))
    }
    found = {
        "as_of": asked.day,
        "participants": _seats(drawn.seats),
        "treaties": [
            {"id": f"instrument.{ring.treaty}", "name": ring.name, "inner": ring.inner, "outer": ring.outer,
             "count": ring.count}
            for ring in drawn.rings
        ],
        "sentences": [say(each) for each in sentences],
        "words": [[sentences.get(each, -1) for each in row] for row in words],
        "outstanding": [
            [place for place, seat in enumerate(drawn.seats) if (ring.treaty, seat.code) in drawn.counted]
            for ring in drawn.rings
        ],
    }  # fmt: skip
    return orjson.dumps(_with_years(found, drawn) if isinstance(drawn, Growth) else found)


def _seats(seats: Iterable[Seat]) -> list[dict[str, Any]]:
    return [
        {"id": f"participant.{seat.code}", "name": seat.name, "short": seat.short, "region": seat.region,
         "start": seat.start, "end": seat.end, "count": seat.count}
        for seat in seats
    ]  # fmt: skip


def _of_spindle(drawn: Spindle) -> dict[str, Any]:
    """The ring and the list; `outstanding` are the participants of each row's links, in the order of their paths."""
    numbers = {seat.code: place for place, seat in enumerate(drawn.seats)}
    links = [drawn.links[row.treaty] for row in drawn.rows]
    words = dict.fromkeys(each.words for row in links for each in row)
    sentences = {each: number for number, each in enumerate(words)}
    of_row = [{each.code: sentences[each.words] for each in row} for row in links]
    return {
        "list": {"half": HALF_LIST, "ring": [RING, RING + BAND]},
        "participants": _seats(drawn.seats),
        "treaties": [
            {"id": f"instrument.{row.treaty}", "name": row.name, "inner": row.y - row.high / 2,
             "outer": row.y + row.high / 2, "count": row.count}
            for row in drawn.rows
        ],
        "sentences": [say(each) for each in sentences],
        "words": [[found.get(seat.code, -1) for seat in drawn.seats] for found in of_row],
        "outstanding": [[numbers[each.code] for each in row] for row in links],
    }  # fmt: skip


def _of_scene(drawn: Scene) -> dict[str, Any]:
    """The nodes with what is said of each, and the links between them."""
    nodes = [
        {**{name: mark[name] for name in ("id", "label", "name", "group", "code", "x", "y", "has") if name in mark},
         "told": _told(mark)}
        for mark in drawn.marks
    ]  # fmt: skip
    links = [{**line, "title": say(line["title"])} for line in drawn.lines]
    return {
        "nodes": nodes, "edges": links, "complete": drawn.complete, "total": drawn.links,
        "participants": [], "treaties": [], "sentences": [], "words": [], "outstanding": [],
    }  # fmt: skip


def _told(mark: Mark) -> list[str]:
    """The figures of a node, each with its words; of a chart how many participants."""
    if "node" not in mark:
        return [mark["label"] if "has" in mark else say(plural("{n} participant", "{n} participants", mark["count"]))]
    region = [say(LABELS.get(mark["node"].region, mark["node"].region))] if mark["node"].region else []
    counts = [say(message("{name}: {number}", name=name, number=n)) for name, n in counts_of(mark["node"]).items()]
    return [*region, *counts]


def _words_of_cells(drawn: Rose) -> list[list[str]]:
    """Of each ring, for each participant; empty where it has no cell."""
    acts = drawn.acts if isinstance(drawn, Growth) else {}

    def words(treaty: str, code: str) -> str:
        cell = drawn.cells.get((treaty, code))
        return acts_in_words(acts[code]) if acts.get(code) else cell.words if cell else ""

    return [[words(ring.treaty, seat.code) for seat in drawn.seats] for ring in drawn.rings]


def _with_years(found: dict[str, Any], drawn: Growth) -> dict[str, Any]:
    """The same with the years as rings, and where each participant's acts lie."""
    years = [
        {"id": f"year.{ring.year}", "name": str(ring.year), "inner": ring.inner, "outer": ring.outer,
         "count": ring.count}
        for ring in drawn.years
    ]  # fmt: skip
    return {
        **found,
        "subject": drawn.rings[0].name,
        "year_label": say(message("consents to be bound")),
        "treaties": [*found["treaties"], *years],
        "words": found["words"] * (1 + len(years)),
        "outstanding": [*found["outstanding"], *(_consented_in(drawn, ring.year) for ring in drawn.years)],
        "acts": [
            [[*(round(radius, 1) for radius in drawn.reach(mark)), mark.kind] for mark in drawn.acts[seat.code]]
            for seat in drawn.seats
        ],
    }


def _consented_in(drawn: Growth, year: int) -> list[int]:
    """The numbers of the participants whose consent is of that year."""
    return [
        place
        for place, seat in enumerate(drawn.seats)
        if any(m.kind is GrowthKind.CONSENT and m.on and m.on.first.year == year for m in drawn.acts[seat.code])
    ]
