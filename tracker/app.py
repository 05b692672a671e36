"""The application factory: extensions, blueprints and middleware, in order."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress

from tracker.config import Settings
from tracker.storage.database import make_engine
from tracker.storage.ledger_source import LedgerSource
from tracker.storage.revision import RevisionProbe
from tracker.web import (
    api,
    auth,
    cache,
    context,
    errors,
    freshness,
    health,
    language,
    metrics,
    navigation,
    rate_limits,
    request_log,
    row_cache,
    security,
    template_filters,
)
from tracker.web.api import fact_routes, openapi, write_routes
from tracker.web.network import page
from tracker.web.pages import (
    add_treaty,
    admin,
    assessments,
    briefs,
    changes,
    compare,
    deadlines,
    discovery,
    downloads,
    embeds,
    error_reports,
    fact_editor,
    maps,
    matrix,
    outlook,
    query,
    record,
    relations,
    review,
    scenarios,
    search,
    statements,
    subscriptions,
    targets,
    timeline,
    treaty,
    uploads,
    watchlist,
    what_if,
)

COMPRESSED = ["text/html", "text/css", "text/csv", "text/javascript", "application/json", "image/svg+xml"]


def create_app(settings: Settings) -> Flask:
    """The application over the record at `settings.database_url`."""
    engine = make_engine(settings.database_url, pool=settings.pool)
    look, counts = RevisionProbe(engine), metrics.Metrics()
    source = LedgerSource(engine)
    app = assemble_app(context.LedgerCache(look, counts.time_loading(source.load), source.renew), settings)
    subscriptions.install(app, engine, settings)
    review.install(app, engine, settings)
    error_reports.install(app, engine, settings)
    freshness.install(app, engine)
    add_treaty.install(app, settings)
    for part in (targets, uploads, fact_editor, admin, write_routes, fact_routes):
        part.install(app)
    health.install(app, engine, counts, settings.metrics_token)
    app.register_blueprint(changes.blueprint)
    downloads.install(app, engine)
    app.register_blueprint(discovery.blueprint)
    cache.install_response_cache(app, look)
    security.install_guard(app, settings)
    request_log.install(app, counts, numbered=settings.proxies > 0)
    security.trust_proxies(app, settings)
    return app


def assemble_app(shelf: context.LedgerCache, settings: Settings) -> Flask:
    """The application over any shelf of ledgers."""
    app = Flask("tracker.web", static_folder=str(settings.static_dir.resolve()), static_url_path="/static")
    app.config.update(SECRET_KEY=settings.secret_key, SITE=settings.base_url)
    app.config.update(COMPRESS_MIMETYPES=COMPRESSED, COMPRESS_MIN_SIZE=600, COMPRESS_LEVEL=5)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.install(app)
    context.install(app, shelf)
    security.install(app, settings)
    rate_limits.install(app, settings)
    for part in (auth, errors, template_filters, row_cache, navigation):
        part.install(app)
    cache.install_conditional_requests(app)
    own = (search.blueprint, matrix.blueprint, compare.blueprint, maps.blueprint, timeline.blueprint, embeds.blueprint)
    judged = (assessments.blueprint, targets.blueprint, query.blueprint)
    for blueprint in (
        record.blueprint,
        treaty.blueprint,
        briefs.blueprint,
        deadlines.blueprint,
        outlook.blueprint,
        what_if.blueprint,
        scenarios.blueprint,
        *own,
        *judged,
        statements.blueprint,
        watchlist.blueprint,
        relations.blueprint,
        api.api,
        openapi.blueprint,
        page.blueprint,
    ):
        app.register_blueprint(blueprint)
    Compress(app)
    app.after_request(cache.read_whole)  # what is added last comes first: before the compressor
    return app
