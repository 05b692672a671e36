"""Endpoints for operators: is the process alive, is the record there, are the jobs on time, metrics."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, cast

import orjson
from flask import Blueprint, Flask, Response, current_app, request
from sqlalchemy import Engine

from tracker.errors import Unavailable
from tracker.maintenance.health import health_figures, health_report
from tracker.web.context import utc_now
from tracker.web.metrics import CONTENT_TYPE, Metrics

blueprint = Blueprint("health", __name__)
EXTENSION = "tracker.operations"
JOB_FIELDS = ("on_time", "last_done", "late_after", "oldest_due")  # of each job; the last of the delivery alone
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")  # by which a proxy gives itself away
_LOG = logging.getLogger("tracker.web.health")


@dataclass(frozen=True, slots=True)
class HealthPages:
    """What these pages work with; `token` lets those read the figures that are not on this machine."""

    engine: Engine
    metrics: Metrics
    token: str


def install(app: Flask, engine: Engine, metrics: Metrics, token: str = "") -> None:
    """Give the app these pages."""
    app.extensions[EXTENSION] = HealthPages(engine, metrics, token)
    app.register_blueprint(blueprint)


def _room() -> HealthPages:
    return cast(HealthPages, current_app.extensions[EXTENSION])


def _json_answer(found: dict[str, Any], status: int) -> Response:
    answer = Response(orjson.dumps(found), mimetype="application/json", status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/live")
def living() -> Response:
    """200 as long as this process answers at all; the record is not asked."""
    return _json_answer({"ok": True}, 200)


@blueprint.get("/health")
def report() -> Response:
    """200 where the record can be had and every job is on time; 503 where not, with the names of the late jobs."""
    try:
        found = health_report(_room().engine, utc_now())
    except Unavailable as trouble:
        _LOG.error("the database cannot be reached: %s", trouble)
        return _json_answer({"ok": False, "record": False, "late": [], "jobs": {}}, 503)
    jobs = {name: {field: job[field] for field in JOB_FIELDS if field in job} for name, job in found["jobs"].items()}
    late = [name for name, job in jobs.items() if not job["on_time"]]
    return _json_answer({"ok": found["ok"], "record": True, "late": late, "jobs": jobs}, 200 if found["ok"] else 503)


@blueprint.get("/metrics")
def counted() -> Response:
    """The figures for a Prometheus server on this machine, or one that bears the token; 403 for anybody else."""
    room = _room()
    if not (_is_here() or _bears(room.token)):
        words = "These figures are for this machine, or for who bears the token of TRACKER_METRICS_TOKEN."
        return _json_answer({"error": {"code": "forbidden", "message": words, "status": 403}}, 403)
    answer = Response(room.metrics.text(lambda: health_figures(room.engine, utc_now())), content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_here() -> bool:
    """Does the request come from this machine, and not by a proxy on it?"""
    try:
        near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        near = False
    return near and not any(name in request.headers for name in FORWARDED)


def _bears(token: str) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())
