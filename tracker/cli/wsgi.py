"""The program for a WSGI server of several processes: `gunicorn 'tracker.cli.wsgi:application()'`.

The settings come from the environment, as for the `tracker` command. What is served is `tracker.app`'s business.
"""

from __future__ import annotations

from flask import Flask

from tracker.app import create_app
from tracker.cli import logs, shared_settings
from tracker.record import store
from tracker.record.database import make_engine


def application() -> Flask:
    """The application over the record of the environment's settings.

    BadSettings for a setting that is bad or missing, Unavailable if there is no record to be served: said here
    rather than on the first page. No connection is left open, so it may be made before workers are forked.
    """
    settings = shared_settings()
    logs.set_up(settings.log)
    engine = make_engine(settings.database_url)
    store.revision(engine)
    engine.dispose()
    return create_app(settings)
