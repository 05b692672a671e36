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
from tracker.record.glance import Glance
from tracker.settings import Settings
from tracker.web import (
    aims,
    api,
    assessing,
    bulk,
    caching,
    comparing,
    crossing,
    desk,
    embeds,
    errors,
    feeds,
    forms,
    goalsetting,
    journal,
    kept,
    limits,
    maps,
    matrix,
    metrics,
    navigation,
    network,
    operations,
    operators,
    pages,
    pieces,
    programs,
    questions,
    reference,
    safety,
    search,
    timeline,
    who,
    wording,
)

COMPRESSED = ["text/html", "text/css", "text/csv", "text/javascript", "application/json", "image/svg+xml"]


def create_app(settings: Settings) -> Flask:
    """The application over the record at `settings.database_url`."""
    engine = make_engine(settings.database_url, pool=settings.pool)
    look, counts = Glance(engine), metrics.Metrics()
    app = assembled(web.Shelf(look, counts.timed(lambda: store.load(engine))), settings)
    forms.install(app, engine, settings)
    desk.install(app, engine, settings)
    for part in (goalsetting, operators, programs):
        part.install(app)
    operations.install(app, engine, counts, settings.metrics_token)
    app.register_blueprint(feeds.feeds)
    bulk.install(app, engine)
    kept.install(app, look)
    safety.shut(app, settings)
    journal.install(app, counts, numbered=settings.proxies > 0)
    safety.trust(app, settings)
    return app


def assembled(shelf: web.Shelf, settings: Settings) -> Flask:
    """The application over any shelf of ledgers."""
    app = Flask("tracker.web", static_folder=str(settings.static_dir), static_url_path="/static")
    app.config.update(SECRET_KEY=settings.secret_key, SITE=settings.base_url)
    app.config.update(COMPRESS_MIMETYPES=COMPRESSED, COMPRESS_MIN_SIZE=600, COMPRESS_LEVEL=5)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    web.install(app, shelf)
    safety.install(app, settings)
    limits.install(app, settings)
    for part in (who, errors, wording, pieces, navigation, caching):
        part.install(app)
    own = (search.search, matrix.matrix, comparing.comparing, maps.maps, timeline.timeline, embeds.embeds)
    judged = (assessing.assessing, aims.aims, crossing.selecting)
    for blueprint in (pages.pages, questions.questions, *own, *judged, api.api, reference.reference, network.network):
        app.register_blueprint(blueprint)
    Compress(app)
    app.after_request(caching.read_whole)  # what is added last comes first: before the compressor
    return app
