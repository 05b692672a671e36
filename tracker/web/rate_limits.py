"""Rate limits: how much one client address or token may ask per minute, by cost."""

from __future__ import annotations

from math import ceil
from typing import cast

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded

from tracker.client_place import address_of, place_of
from tracker.config import Settings
from tracker.errors import NotSignedIn, TooMany
from tracker.web import auth
from tracker.web.context import utc_now

READING, COSTLY, WRITING = "600 per minute", "60 per minute", "30 per minute"
PLAYED = "240 per minute"  # pictures of the network, of which the slider asks for several a second
FRAMES_FOR_ONE = 3  # frames of a picture that count as one request: a frame costs less than the picture
BY_TOKEN = {PLAYED: "600 per minute", READING: "3000 per minute", COSTLY: "300 per minute", WRITING: "120 per minute"}
# Those that cost more CPU than the page of one treaty, as a test measures, or grow with the number of treaties.
EXPENSIVE_ENDPOINTS = frozenset(
    {
        "scenarios.what_if",
        "api.what_if",
        "briefs.of_participant",
        "briefs.of_treaty",
        "discovery.card_of_participant",
        "discovery.card_of_treaty",
        "discovery.catalogue",
        "query.page",
        "api.select",
        "matrix.page",
        "api.matrix",
        "network.data",
        "network.graph",
        "network.image",
        "api.network",
        "search.page",
        "api.search",
        "compare.page",
        "api.compare",
        "api.thresholds",
        "downloads.download",
        "relations.every_pair",
        "relations.picture_of_pairs",
        "api.every_pair",
        "statements.disputes_of",
        "statements.picture_of_court",
        "api.court",
        "downloads.page",
        "maps.world_map",
        "api.map",
        "record.participants",
        "api.participants",
        "record.findings",
        "api.findings",
        "network.page",
        "timeline.days",
        "api.timeline",
        "targets.page",
        "outlook.page",
        "api.instrument_outlook",
    }
)
EXTENSION = "tracker.limits"


def install(app: Flask, settings: Settings) -> None:
    """Count what is asked of the app, and refuse what is too much with 429 and when to come again."""
    limiter = Limiter(
        _whose,
        app=app,
        application_limits=[_allowance],
        application_limits_exempt_when=_free,
        application_limits_cost=_cost,
        storage_uri=settings.limits_storage,
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
        key_prefix="tracker",
    )
    app.extensions[EXTENSION] = limiter
    app.register_error_handler(RateLimitExceeded, _answer_limit_reached)


def _whose() -> str:
    return _token() or f"place {place_of(request.remote_addr or '')}"


def _token() -> str:
    """The token that asks, by its number; what is none counts for its place, and is refused later."""
    try:
        found = auth.current_principal().token
    except NotSignedIn:
        found = None
    return f"token {found.id}" if found else ""


def _allowance() -> str:
    reading = PLAYED if _is_played() else COSTLY if _is_costly() else READING
    kind = WRITING if request.method in auth.WRITING else reading
    return BY_TOKEN[kind] if _token() else kind


def _cost() -> int:
    """How many requests this one counts as: one that asks for many frames of a picture, as several."""
    if request.endpoint != "network.frames_of":
        return 1
    return max(1, ceil((len(request.args.getlist("date")) - 1) / FRAMES_FOR_ONE))


def _is_costly() -> bool:
    """What crosses the whole record, or makes a file of it."""
    return request.endpoint in EXPENSIVE_ENDPOINTS or request.path.endswith((".csv", ".docx", ".xlsx"))


def _is_played() -> bool:
    """Drawings of the network, and its frames, as the slider asks for them while dates run."""
    return request.endpoint in ("network.drawn", "network.frames_of")


def _free() -> bool:
    if request.endpoint in ("static", "network.vis"):
        return True
    here = address_of(request.remote_addr or "")
    return here is not None and here.is_loopback and "HTTP_X_FORWARDED_FOR" not in request.environ and not _token()


def _answer_limit_reached(error: RateLimitExceeded) -> ResponseReturnValue:
    limit = cast(Limiter, current_app.extensions[EXTENSION]).current_limit
    wait = (
        min(60, limit.reset_at - int(utc_now().timestamp())) if limit else 0
    )  # both are rounded, and a minute is a minute
    trouble = TooMany("Too much was asked in too short a time. Try again in a while.", after=max(1, wait))
    return current_app.handle_user_exception(trouble)
