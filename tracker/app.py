"""The web application, put together: record, blueprints, errors, headers, static files.

`create_app` is handed its settings and reads nothing else. What a request asks lives in
`tracker.web`, what pages show in the modules beside it.
"""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress

from tracker import web
from tracker.record import store
from tracker.record.database import make_engine
from tracker.settings import Settings
from tracker.web import (
    aims,
    api,
    assessing,
    caching,
    comparing,
    crossing,
    desk,
    embeds,
    errors,
    feeds,
    forms,
    goalsetting,
    maps,
    matrix,
    network,
    operations,
    pages,
    questions,
    safety,
    search,
    timeline,
    wording,
)

COMPRESSED = ["text/html", "text/css", "text/csv", "text/javascript", "application/json", "image/svg+xml"]


def create_app(settings: Settings) -> Flask:
    """The application over the record at `settings.database_url`."""
    engine = make_engine(settings.database_url)
    shelf = web.Shelf(lambda: store.revision(engine), lambda: store.load(engine))
    app = assembled(shelf, settings)
    forms.install(app, engine, settings)
    desk.install(app, engine)
    goalsetting.install(app, engine)
    operations.install(app, engine)
    app.register_blueprint(feeds.feeds)
    return app


def assembled(shelf: web.Shelf, settings: Settings) -> Flask:
    """The application over any shelf of ledgers."""
    app = Flask("tracker.web", static_folder=str(settings.static_dir), static_url_path="/static")
    app.config.update(SECRET_KEY=settings.secret_key, COMPRESS_MIMETYPES=COMPRESSED, COMPRESS_MIN_SIZE=600)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    web.install(app, shelf)
    for part in (errors, wording, caching, safety):
        part.install(app)
    own = (search.search, matrix.matrix, comparing.comparing, maps.maps, timeline.timeline, embeds.embeds)
    judged = (assessing.assessing, aims.aims, crossing.selecting)
    for blueprint in (pages.pages, questions.questions, *own, *judged, api.api, network.network):
        app.register_blueprint(blueprint)
    Compress(app)
    return app
