"""What search engines, messengers and catalogues of data ask for: sitemap, robots.txt, oEmbed, share cards, DCAT."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import orjson
from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from tracker.errors import BadQuestion, NotFound
from tracker.law.ledger import memoized
from tracker.law.status import parties_in_words, signatories_in_words
from tracker.messages import message
from tracker.schemas.instruments import status_answer
from tracker.web.context import RequestContext, get_context, link_here
from tracker.web.language import say
from tracker.web.linked_data import address_of, data_as_catalogue
from tracker.web.pages.downloads import MEDIA, made_on
from tracker.web.pages.embeds import TABLE_HEIGHT, map_height
from tracker.web.pages.record import participant_content
from tracker.web.pages.treaty_head import force_in_words
from tracker.web.share_card import share_card

blueprint = Blueprint("discovery", __name__)
_status = memoized(status_answer)
LISTS = ("record.home", "record.participants", "record.bodies", "timeline.days", "maps.world_map", "matrix.page",
         "network.page", "assessments.schemes", "statements.disputes", "targets.page", "record.findings",
         "what_if.still_needed", "changes.changes", "downloads.page", "record.about", "api_reference.page")  # fmt: skip
OF_A_TREATY = ("record.instrument", "treaty.participants", "treaty.non_parties", "timeline.history",
               "treaty.map_of_treaty", "statements.of_treaty", "treaty.sources")  # fmt: skip
# Pages without end (any date, any choice), forms, and what is behind a sign-in or a secret link.
NOT_FOR_ROBOTS = ("/*as_of=", "/*known_at=", "/*sort=", "/compare?", "/select?", "/what-if?", "/matrix?", "/claims?",
                  "/network/", "/language", "/report", "/subscribe", "/subscriptions/", "/confirm/", "/unsubscribe/",
                  "/edit/", "/held", "/import", "/add-treaty", "/set-targets", "/sign-in", "/audit", "/tokens",
                  "/sessions", "/jobs")  # fmt: skip
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
WIDEST, USUAL_WIDTH = 2000, 800  # pixels of a frame


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What robots should leave alone, and where the sitemap is (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {each}" for each in NOT_FOR_ROBOTS), f"Sitemap: {address_of('.sitemap')}"]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page about a thing, and every list (sitemaps.org)."""
    ledger = get_context().ledger
    pages = [address_of(each) for each in LISTS]
    pages += [address_of(each, id=id) for id in ledger.instruments for each in OF_A_TREATY]
    pages += [address_of("record.participant", code=code) for code in ledger.participants]
    pages += [address_of("record.body", id=id) for id in ledger.bodies]
    root = ET.Element("urlset", xmlns=SITEMAP)
    for each in pages:
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = each
    return Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="application/xml")


@blueprint.get("/catalog.jsonld")
def catalogue() -> Response:
    """The downloads as a catalogue of data (DCAT 3)."""
    return Response(orjson.dumps(data_as_catalogue(MEDIA, made_on())), mimetype="application/ld+json")


@blueprint.get("/instruments/<id>/card.png")
def card_of_treaty(id: str) -> ResponseReturnValue:
    """A treaty's status on the date as a picture for previews of links."""
    asked = get_context()
    if (proper := asked.ledger.instrument(id).id) != id:
        return redirect(link_here({"id": proper}), 308)
    data = _status(asked.ledger, id)
    facts = [
        say(parties_in_words(data.parties, data.parties_at_most, open_ended=data.parties_open_ended)),
        say(signatories_in_words(data.signatories, data.signatories_at_most, open_ended=data.signatories_open_ended)),
        say(force_in_words(data)),
    ]
    formal = "" if say(data.name) == say(data.title) else say(data.title)
    return _card(asked, say(data.name), facts, formal)


@blueprint.get("/participants/<code>/card.png")
def card_of_participant(code: str) -> ResponseReturnValue:
    """A participant's status on the date as a picture for previews of links."""
    asked = get_context()
    if (proper := asked.ledger.participant(code).code) != code:
        return redirect(link_here({"code": proper}), 308)
    answer = participant_content(asked, code)
    numbers, total = answer.extra["numbers"], len(answer.data.instruments)
    facts = [
        say(message("party to treaties: {n} of {total}", n=numbers["party"], total=total)),
        say(message("signed but not ratified: {n}", n=numbers["signatory"])),
    ]
    return _card(asked, say(answer.data.name), facts)


def _card(asked: RequestContext, title: str, facts: list[str], subtitle: str = "") -> Response:
    foot = say(message("Treaty Tracker, status as at {date}", date=asked.day))
    return Response(share_card(title, facts, foot, subtitle), mimetype="image/png")


@blueprint.get("/oembed")
def oembed() -> Response:
    """What shows a page of a treaty on another site (oEmbed 1.0): its map or its table, in a frame of the right height.

    As JSON, or as XML with `format=xml`. NotFound for an address that is no page of a treaty of ours.
    """
    if (form := request.args.get("format", "json")) not in ("json", "xml"):
        raise BadQuestion(f"format='{form[:20]}' is not one of json, xml.", "format")
    id, part = _treaty_at(request.args.get("url", ""))
    data = _status(get_context().ledger, id)
    width = min(_pixels("maxwidth", USUAL_WIDTH), WIDEST)
    height = min(map_height(width) if part == "map" else TABLE_HEIGHT, _pixels("maxheight", WIDEST))
    source, title = address_of("embeds.part", id=id, part=part), say(data.name)
    frame = f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" height="{height}"></iframe>'
    answer = _oembed_answer(title, frame, width, height)
    if form == "json":
        return Response(orjson.dumps(answer), mimetype="application/json")
    root = ET.Element("oembed")
    for name, value in answer.items():
        ET.SubElement(root, name).text = str(value)
    return Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="text/xml")


def _oembed_answer(title: str, frame: str, width: int, height: int) -> dict[str, Any]:
    return {
        "version": "1.0", "type": "rich", "provider_name": "Treaty Tracker", "provider_url": address_of("record.home"),
        "title": title, "html": frame, "width": width, "height": height, "cache_age": 3600,
    }  # fmt: skip


def _treaty_at(address: str) -> tuple[str, str]:
    """The treaty that an address of this site is about, and the part to show: the map, or the table of participants."""
    site, parts = urlsplit(current_app.config["SITE"]), urlsplit(address)
    if not address:
        raise BadQuestion("url is missing: write the address of a page of a treaty.", "url")
    if (parts.scheme, parts.netloc) != (site.scheme, site.netloc):
        raise NotFound("page of this site", address[:100])
    try:
        endpoint, given = current_app.url_map.bind("").match(parts.path)
    except HTTPException as error:
        raise NotFound("page of this site", address[:100]) from error
    if endpoint not in (*OF_A_TREATY, "embeds.part") or "id" not in given:
        raise NotFound("page of a treaty", address[:100])
    table = endpoint == "treaty.participants" or given.get("part") == "table"
    return get_context().ledger.instrument(given["id"]).id, "table" if table else "map"


def _pixels(name: str, usual: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) > 0):
        raise BadQuestion(f"{name}='{text[:20]}' is not a number of pixels.", name)
    return int(text)


@blueprint.after_request
def _for_other_sites(answer: Response) -> Response:
    """Let other sites show a card, and keep it for a while."""
    if answer.mimetype == "image/png" and answer.status_code == HTTPStatus.OK:
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
