"""The world map: each State's status on one instrument, or the number of instruments it is party to."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import orjson
from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from tracker.law.coverage import CONSENTS, SIGNATURES, count_in_words, is_open_ended, is_partial, range_in_words
from tracker.law.ledger import Ledger, memoized
from tracker.law.status import ParticipantStatus
from tracker.messages import TranslatableText, message, plural
from tracker.schemas.formats import columns_of
from tracker.schemas.maps import (
    MapOfAll,
    MapOfAllRow,
    MapOfOne,
    MapRow,
    map_answer,
    map_of_all_answer,
    status_bounds,
    status_of_those_missing,
)
from tracker.schemas.participant_filter import ParticipantFilter, not_a_choice
from tracker.schemas.values import Named
from tracker.web.context import RequestContext, asks_for_partial, get_context
from tracker.web.labels import STATUSES
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond
from tracker.web.table_filters import PEOPLE, Query, facets, filter_asked

blueprint = Blueprint("maps", __name__)
WORDS = {
    ParticipantStatus.PARTY: message("Party"),
    ParticipantStatus.CONTRACTING_PARTY: message("Contracting State (not yet in force)"),
    ParticipantStatus.PROVISIONAL: message("Provisional application"),
    ParticipantStatus.SIGNATORY: message("Signed but not ratified"),
    ParticipantStatus.WITHDRAWN: message("Withdrawn"),
    ParticipantStatus.NONE: message("No action"),
}
NOT_IN_DATA = message("Not in our data, or not eligible")
Row = MapRow | MapOfAllRow
WIDTH = 2000  # of the whole map
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
class MapArea:
    """A part of the world that a map can show alone: its box on the whole map, of which `scale` is the share."""

    key: str
    words: TranslatableText
    box: tuple[int, int, int, int]

    @property
    def scale(self) -> float:
        """How much smaller than on the whole map circles and hatching are, so that they look alike."""
        return self.box[2] / WIDTH

    def across(self, x: int) -> int:
        """How far a circle is moved to be seen: those east of the date line lie at the other end of the whole map."""
        return WIDTH if x + WIDTH < self.box[0] + self.box[2] else 0


AREAS = (
    MapArea("", message("World"), (0, 0, WIDTH, 864)),
    MapArea("africa", message("Africa"), (780, 225, 520, 500)),
    MapArea("americas", message("Americas"), (150, 40, 720, 824)),
    MapArea("asia", message("Asia"), (1080, 60, 640, 520)),
    MapArea("caribbean", message("Caribbean and Central America"), (385, 270, 270, 165)),
    MapArea("europe", message("Europe"), (870, 50, 330, 205)),
    MapArea("pacific", message("Pacific"), (1590, 395, 520, 290)),
)


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
    rows: Sequence[Named]
    number: str

    @property
    def count(self) -> int:
        """How many participants are drawn or listed so, those without a place on the map included.

        `number` says how many there are, as a range where the data leave it open.
        """
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class MapFigure:
    """A map: its groups in the order of the legend, what is neutral, who has no place on it, and the part shown."""

    world: WorldOutlines
    groups: Sequence[MapGroup]
    neutral: Sequence[MapRegion]
    elsewhere: Sequence[Named]
    area: MapArea
    areas: ClassVar[tuple[MapArea, ...]] = AREAS


@blueprint.get("/map")
@blueprint.get(f"/map.{FORMAT_RULE}")
def world_map(form: str | None = None) -> ResponseReturnValue:
    """Who stands where, drawn on the world and as a table."""
    return respond(map_page(get_context(), request.args), "map.html", form)


def map_page(asked: RequestContext, query: Query) -> PageAnswer:
    """The map that the address asks for: of one instrument, or of all; NotFound for an unknown one."""
    ledger = asked.ledger
    id = ledger.instrument(query["instrument"]).id if query.get("instrument") else ""
    if id:
        return _with_choice(ledger, treaty_map(asked, id, filter_asked(query, ledger)))
    whole, wanted = _answer_of_all(ledger, partial=asks_for_partial(query)), filter_asked(query, ledger, PEOPLE)
    data = replace(whole, participants=wanted.apply(whole.participants))
    extra: dict[str, Any] = {
        "figure": map_figure(ledger, data, _left_out(whole.participants, data.participants)),
        "filter": wanted,
        "facets": facets(ledger, wanted, whole.participants),
        "chosen": "",
    }
    return _with_choice(ledger, PageAnswer("map", data, data.participants, columns_of(MapOfAllRow), extra))


def _with_choice(ledger: Ledger, answer: PageAnswer) -> PageAnswer:
    """The map with the treaties that can be chosen instead."""
    instruments = [(terms.id, terms.name) for terms in ledger.instruments.values()]
    return replace(answer, extra={**answer.extra, "instruments": instruments})


def _left_out(every: Iterable[Row], shown: Iterable[Row]) -> dict[str, Row]:
    """The rows that a filter leaves out, by participant."""
    codes = {row.participant for row in shown}
    return {row.participant: row for row in every if row.participant not in codes}


def treaty_map(asked: RequestContext, id: str, wanted: ParticipantFilter) -> PageAnswer:
    """The map of one treaty with the participants that a filter asks for; the counts are of all."""
    whole = _answer(asked.ledger, id)
    rows = wanted.apply(whole.participants)
    data = replace(whole, participants=rows)
    extra = {
        "figure": map_figure(asked.ledger, data, _left_out(whole.participants, rows)),
        "chosen": id,
        "filter": wanted,
        "facets": facets(asked.ledger, wanted, whole.participants),
        "everyone": len(whole.participants),
    }
    return PageAnswer(f"map-{id}", data, rows, columns_of(MapRow), extra)


def map_figure(
    ledger: Ledger, data: MapOfOne | MapOfAll, left_out: Mapping[str, Row] = MappingProxyType({})
) -> MapFigure:
    """The map of an answer: every participant in its group, and its place where it has one.

    Those that a filter has left out are neutral, with their status in words.
    """
    drawn = world(Path(str(current_app.static_folder)) / "world.json")
    kinds = _kinds(ledger, data)
    rows: dict[str, list[Row]] = {kind: [] for kind in kinds}
    for row in data.participants:
        rows[_kind(row, data)].append(row)
    places = {row.participant: _piece(drawn, row.participant, _words(row)) for row in data.participants}
    numbers = _numbers(ledger, data)
    groups = [
        MapGroup(
            kind,
            words,
            [each for row in rows[kind] if (each := places[row.participant]).drawn],
            rows[kind],
            numbers.get(kind, str(len(rows[kind]))),
        )
        for kind, words in kinds.items()
    ]
    elsewhere = [row for row in data.participants if not places[row.participant].drawn]
    return MapFigure(drawn, groups, _neutral(ledger, drawn, places, left_out), elsewhere, _area())


def _numbers(ledger: Ledger, data: MapOfOne | MapOfAll) -> dict[str, str]:
    """How many of the participants shown have each status on one instrument; nothing for a map of all."""
    if isinstance(data, MapOfAll):
        return {}
    bounds = status_bounds(ledger, data.instrument, data.participants)
    open_ended = {
        status_of_those_missing(ledger, data.instrument): is_open_ended(ledger, data.instrument, CONSENTS),
        ParticipantStatus.SIGNATORY: is_open_ended(ledger, data.instrument, SIGNATURES),
    }
    return {
        _slug(status): count_in_words(*found, open_ended=open_ended.get(status, False))
        for status, found in bounds.items()
    }


def _area() -> MapArea:
    """The part of the world that the address asks for; BadQuestion for one that there is not."""
    asked = request.args.get("area", "")
    found = next((each for each in AREAS if each.key == asked), None)
    if found is None:
        raise not_a_choice("area", asked, [each.key for each in AREAS if each.key])
    return found


@cache
def world(path: Path) -> WorldOutlines:
    """The outlines in a file, read once."""
    found = orjson.loads(path.read_bytes())
    spots = {code: (x, y) for code, (x, y) in found["spots"].items()}
    width, height = found["box"]
    return WorldOutlines(found["source"], (width, height), found["radius"], found["shapes"], spots, found["areas"])


def _kinds(ledger: Ledger, data: MapOfOne | MapOfAll) -> dict[str, str]:
    """The looks of a map with their meanings, in the order of the legend."""
    if isinstance(data, MapOfOne):
        named = WORDS | ({ParticipantStatus.NONE: NOT_IN_DATA} if is_partial(ledger, data.instrument) else {})
        return {_slug(status.value): each for status, each in named.items()}
    most = data.instruments
    words: dict[str, str] = {"step-0": message("none")}
    for number in range(1, STEPS + 1):
        low, high = _low(number, most), _low(number + 1, most) - 1
        if low <= high:
            words[f"step-{number}"] = range_in_words(low, high)
    return words


def _kind(row: Row, data: MapOfOne | MapOfAll) -> str:
    if isinstance(row, MapRow):
        return _slug(row.status)
    assert isinstance(data, MapOfAll)
    count, most = row.consented, data.instruments
    return f"step-{max((n for n in range(1, STEPS + 1) if _low(n, most) <= count), default=0) if count else 0}"


def _low(number: int, most: int) -> int:
    """The least number of instruments in a shade, from 1."""
    return (number - 1) * most // STEPS + 1


def _slug(status: str) -> str:
    return status.replace(" ", "-")


def _piece(drawn: WorldOutlines, code: str, words: str) -> MapRegion:
    return MapRegion(code, words, drawn.shapes.get(code, ""), drawn.spots.get(code))


def _words(row: Row) -> TranslatableText:
    if isinstance(row, MapOfAllRow):
        return plural("{name}: party to {n} treaty", "{name}: party to {n} treaties", row.consented, name=row.name)
    status = STATUSES[row.status]
    if row.possible:
        possible = STATUSES[row.possible]
        return message(
            "{name}: {status} or {possible}, date not known", name=row.name, status=status, possible=possible
        )
    if row.not_in_data:
        return message("{participant}: not in our data, which are incomplete", participant=row.name)
    if not row.since:
        return message("{name}: {status}", name=row.name, status=status)
    return message("{name}: {status} since {date}", name=row.name, status=status, date=row.since)


def _neutral(
    ledger: Ledger, drawn: WorldOutlines, places: Container[str], left_out: Mapping[str, Row]
) -> list[MapRegion]:
    """Land that no participant shown stands for: territories, States still to come, whom a filter leaves out."""
    left = {code: None for code in (*drawn.shapes, *drawn.spots) if code not in places}
    return [
        _piece(drawn, code, _words(left_out[code]) if code in left_out else _reason_without_status(ledger, code))
        for code in left
    ]


def _reason_without_status(ledger: Ledger, code: str) -> TranslatableText:
    who = ledger.participants.get(code)
    if who is None:
        return message("Not in our data")
    if who.is_state:
        return message("{name}: not yet a State on this date", name=who.name)
    return message("{name}: no status of its own in our data", name=who.name)
