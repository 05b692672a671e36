"""What whoever runs the program asks: is the record there, and are the jobs on time?"""

from __future__ import annotations

from typing import cast

import orjson
from flask import Blueprint, Flask, Response, current_app
from sqlalchemy import Engine

from tracker.record.health import health
from tracker.web import now

operations = Blueprint("operations", __name__)
EXTENSION = "tracker.operations"


def install(app: Flask, engine: Engine) -> None:
    """Give the app these pages."""
    app.extensions[EXTENSION] = engine
    app.register_blueprint(operations)


@operations.get("/health")
def report() -> Response:
    """200 where every job is on time, 503 where one is late or none has run; the reasons as JSON."""
    found = health(cast(Engine, current_app.extensions[EXTENSION]), now())
    answer = Response(orjson.dumps(found), mimetype="application/json", status=200 if found["ok"] else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer
