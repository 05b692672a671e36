"""The world map: each State's status on one instrument, or the number of instruments it is party to."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from tracker.law.dates import in_words
from tracker.law.ledger import Ledger, memoized
from tracker.law.status import ParticipantStatus
from tracker.schemas.formats import columns_of
from tracker.schemas.maps import MapOfAll, MapOfAllRow, MapOfOne, MapRow, map_answer, map_of_all_answer
from tracker.web.context import RequestContext, get_context
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond

blueprint = Blueprint("maps", __name__)
WORDS = {
    ParticipantStatus.PARTY: "Party: in force for it",
    ParticipantStatus.CONTRACTING_PARTY: "Contracting party: has consented, not yet in force for it",
    ParticipantStatus.PROVISIONAL: "Applies provisionally, before it is in force for it",
    ParticipantStatus.SIGNATORY: "Signatory: has signed, not consented",
    ParticipantStatus.WITHDRAWN: "Withdrawn",
    ParticipantStatus.NONE: "None of these",
}
Row = MapRow | MapOfAllRow
STEPS = 5  # shades beside the one for no instrument at all

_answer = memoized(map_answer)
_answer_of_all = memoized(map_of_all_answer)


@dataclass(frozen=True, slots=True)
class WorldOutlines:
    """The outlines: a path for each code, a place for each State too small to be seen, land that is nobody's here."""

    source: str
    box: tuple[int, int]
    radius: int
    shapes: Mapping[str, str]
    spots: Mapping[str, tuple[int, int]]
    areas: str


@dataclass(frozen=True, slots=True)
class MapRegion:
    """A place on the map: the participant that it leads to, what it says, its outline, its circle."""

    code: str
    words: str
    path: str
    spot: tuple[int, int] | None

    @property
    def drawn(self) -> bool:
        """Is there anything to draw?"""
        return bool(self.path or self.spot)


@dataclass(frozen=True, slots=True)
class MapGroup:
    """Everything that is drawn alike: `kind` names the look, `words` the meaning."""

    kind: str
    words: str
    pieces: Sequence[MapRegion]
    rows: Sequence[Row]

    @property
    def count(self) -> int:
        """How many participants there are, those without a place on the map included."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class MapFigure:
    """A map: its groups in the order of the legend, what is neutral, and who has no place on it."""

    world: WorldOutlines
    groups: Sequence[MapGroup]
    neutral: Sequence[MapRegion]
    elsewhere: Sequence[Row]


@blueprint.get("/map")
@blueprint.get(f"/map.{FORMAT_RULE}")
def world_map(form: str | None = None) -> ResponseReturnValue:
    """Who stands where, drawn on the world and as a table."""
    return respond(map_page(get_context(), request.args), "map.html", form)


def map_page(asked: RequestContext, query: Mapping[str, str]) -> PageAnswer:
    """The map that the address asks for: of one instrument, or of all; NotFound for an unknown one."""
    ledger = asked.ledger
    id = ledger.instrument(query["instrument"]).id if query.get("instrument") else ""
    data = _answer(ledger, id) if id else _answer_of_all(ledger)
    extra: dict[str, Any] = {
        "figure": map_figure(ledger, data),
        "chosen": id,
        "instruments": [(terms.id, terms.name) for terms in ledger.instruments.values()],
    }
    columns = columns_of(MapRow if id else MapOfAllRow)
    return PageAnswer(f"map-{id}" if id else "map", data, data.participants, columns, extra)


def map_figure(ledger: Ledger, data: MapOfOne | MapOfAll) -> MapFigure:
    """The map of an answer: every participant in its group, and its place where it has one."""
    drawn = world(Path(str(current_app.static_folder)) / "world.json")
    kinds = _kinds(data)
    rows: dict[str, list[Row]] = {kind: [] for kind in kinds}
    for row in data.participants:
        rows[_kind(row, ledger)].append(row)
    places = {row.participant: _piece(drawn, row.participant, _words(row)) for row in data.participants}
    groups = [
        MapGroup(kind, words, [each for row in rows[kind] if (each := places[row.participant]).drawn], rows[kind])
        for kind, words in kinds.items()
    ]
    elsewhere = [row for row in data.participants if not places[row.participant].drawn]
    return MapFigure(drawn, groups, _neutral(ledger, drawn, places), elsewhere)


@cache
def world(path: Path) -> WorldOutlines:
    """The outlines in a file, read once."""
    found = orjson.loads(path.read_bytes())
    spots = {code: (x, y) for code, (x, y) in found["spots"].items()}
    width, height = found["box"]
    return WorldOutlines(found["source"], (width, height), found["radius"], found["shapes"], spots, found["areas"])


def _kinds(data: MapOfOne | MapOfAll) -> dict[str, str]:
    """The looks of a map with their meanings, in the order of the legend."""
    if isinstance(data, MapOfOne):
        return {_slug(status.value): words for status, words in WORDS.items()}
    most, words = data.instruments, {"step-0": "None"}
    for number in range(1, STEPS + 1):
        low, high = _low(number, most), _low(number + 1, most) - 1
        if low <= high:
            words[f"step-{number}"] = f"{low}" if low == high else f"{low} to {high}"
    return words


def _kind(row: Row, ledger: Ledger) -> str:
    if isinstance(row, MapRow):
        return _slug(row.status)
    count, most = row.consented, len(ledger.instruments)
    return f"step-{max((n for n in range(1, STEPS + 1) if _low(n, most) <= count), default=0) if count else 0}"


def _low(number: int, most: int) -> int:
    """The least number of instruments in a shade, from 1."""
    return (number - 1) * most // STEPS + 1


def _slug(status: str) -> str:
    return status.replace(" ", "-")


def _piece(drawn: WorldOutlines, code: str, words: str) -> MapRegion:
    return MapRegion(code, words, drawn.shapes.get(code, ""), drawn.spots.get(code))


def _words(row: Row) -> str:
    if isinstance(row, MapOfAllRow):
        count = row.consented
        return f"{row.name}: party to {count} instrument{'' if count == 1 else 's'}"
    if row.possible:
        return f"{row.name}: {row.status} or {row.possible}, day not known"
    if not row.since:
        return f"{row.name}: {row.status}"
    return f"{row.name}: {row.status} since {in_words(row.since)}"


def _neutral(ledger: Ledger, drawn: WorldOutlines, places: Container[str]) -> list[MapRegion]:
    """Land that no participant of the day stands for: territories, and States still to come."""
    left = {code: None for code in (*drawn.shapes, *drawn.spots) if code not in places}
    return [_piece(drawn, code, _said(ledger, code)) for code in left]


def _said(ledger: Ledger, code: str) -> str:
    who = ledger.participants.get(code)
    if who is None:
        return "No participant of the record"
    return f"{who.name}: {'not yet a State on this day' if who.is_state else 'no status of its own in the record'}"
