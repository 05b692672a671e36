"""What other sites may embed: a badge, a progress bar, a map and a table, each with its own frame policy."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.law.ledger import memoized
from tracker.law.status import parties_in_words
from tracker.law.threshold import ForceStatus
from tracker.messages import TranslatableText, message, plural
from tracker.schemas.instruments import InstrumentStatusLine, status_answer
from tracker.schemas.maps import map_answer
from tracker.web.context import get_context, link_here
from tracker.web.labels import FORCE
from tracker.web.language import say
from tracker.web.pages.maps import map_figure
from tracker.web.template_filters import short_day

blueprint = Blueprint("embeds", __name__)
FRESH_FOR = 3600  # seconds; a status changes at most a few times a year
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
TABLE_HEIGHT = 480  # pixels; the table scrolls within its frame
MAP_HEIGHT, WIDE = 800, 1200  # pixels that hold the map with its notes in every language, up to that width
PARTS = {
    "badge.svg": message("Badge: name, parties, entry into force"),
    "progress.svg": message("Bar: deposits towards the threshold"),
    "map": message("Map"),
    "table": message("Table of participants"),
}
# Widths of letters at 11 pixels in common sans-serif faces; the text is then fitted to exactly that width.
_NARROW, _WIDE = "iljtfrI.,:;'|()[] ·-", "mwMW@%"

_map = memoized(map_answer)
_status = memoized(status_answer)


@dataclass(frozen=True, slots=True)
class FittedText:
    """Words of a badge with the width that they are fitted to, in pixels."""

    text: str
    width: int


def map_height(width: int) -> int:
    """The height of a frame, in pixels, in which the map and the notes below it are seen whole."""
    return MAP_HEIGHT + max(0, (width - WIDE) * 9 // 20)


@blueprint.get("/embed")
def page() -> str:
    """The snippets to copy, for the instrument that the address names."""
    ledger = get_context().ledger
    instruments = [(terms.id, terms.name) for terms in ledger.instruments.values()]
    given = request.args.get("instrument") or next(iter(ledger.instruments), "")
    data = _status(ledger, ledger.instrument(given).id) if given else None
    return render_template("embed.html", data=data, instruments=instruments, parts_offered=PARTS,
                           heights={"map": MAP_HEIGHT, "table": TABLE_HEIGHT})  # fmt: skip


@blueprint.get("/embed/<id>/<any('badge.svg', 'progress.svg', map, table):part>")
def part(id: str, part: str) -> ResponseReturnValue:
    """One part to show elsewhere; NotFound for an unknown instrument."""
    ledger = get_context().ledger
    if (proper := ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    shown = {"badge.svg": _badge, "progress.svg": _progress, "map": _world, "table": _table}[part]
    return Response(shown(id), mimetype="image/svg+xml" if part.endswith(".svg") else "text/html")


def _badge(id: str) -> str:
    data = _status(get_context().ledger, id)
    words = [
        fit_text(data.name),
        fit_text(say(parties_in_words(data.parties, data.parties_at_most, open_ended=data.parties_open_ended))),
        fit_text(say(_state(data))),
    ]
    return render_template("badge.svg", data=data, words=words)


def _progress(id: str) -> str:
    data = _status(get_context().ledger, id)
    words = {"state": say(_state(data)), "deposits": say(_deposits(data))}
    return render_template("progress.svg", data=data, **words, **_bar(data))


def _world(id: str) -> str:
    data = _map(get_context().ledger, id)
    return render_template("embed_map.html", data=data, figure=map_figure(get_context().ledger, data))


def _table(id: str) -> str:
    data = _map(get_context().ledger, id)
    rows = [row for row in data.participants if row.status != "none"]
    return render_template("embed_table.html", data=data, rows=rows)


@blueprint.after_request
def _open(answer: Response) -> Response:
    """The answer as other sites may frame it, show it, and keep it for a while; one that they hold already, too."""
    if request.endpoint != "embeds.part" or answer.status_code not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        return answer
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    return answer


def _state(data: InstrumentStatusLine) -> TranslatableText:
    """The entry into force in a few words."""
    entry, remaining = data.entry_into_force, data.threshold.remaining
    if entry.status == "in-force" and entry.date:
        return message("in force since {date}", date=short_day(entry.date))
    if entry.status == "will-enter-into-force" and entry.date:
        return message("in force from {date}", date=short_day(entry.date))
    if entry.status == "pending" and remaining:
        return plural("not yet in force: {n} more needed", "not yet in force: {n} more needed", remaining)
    return FORCE[entry.status]


def _deposits(data: InstrumentStatusLine) -> TranslatableText:
    counted, required = data.threshold.counted, data.threshold.required
    if not required:
        return plural("{n} deposit", "{n} deposits", counted)
    if data.entry_into_force.status in (ForceStatus.PENDING, ForceStatus.WILL_ENTER):
        return message("{counted} of {required} deposits", counted=counted, required=required)
    return message("{counted} deposits counted, {required} needed", counted=counted, required=required)


def _bar(data: InstrumentStatusLine) -> dict[str, Any]:
    """The bar of deposits counted: to the threshold while it is not met, else to all it is expected of."""
    counted, required = data.threshold.counted, data.threshold.required
    pending = data.entry_into_force.status in (ForceStatus.PENDING, ForceStatus.WILL_ENTER)
    whole = required if required and pending else max(data.expected, counted, required or 0, 1)
    return {
        "share": min(counted / whole, 1),
        "tick": required / whole if required and not pending else None,
    }


def fit_text(text: str) -> FittedText:
    """Words with the width that they need at 11 pixels, whatever face shows them."""
    widths = (3.6 if each in _NARROW else 9.4 if each in _WIDE else 7.4 if each.isupper() else 6.3 for each in text)
    return FittedText(text, round(sum(widths)))
