"""The program for a WSGI server of several processes: `gunicorn 'tracker.cli.wsgi:application()'`.

The settings come from the environment, as for the `tracker` command. What is served is `tracker.app`'s business.
"""

from __future__ import annotations

from flask import Flask

from tracker.app import create_app
from tracker.cli import logging_setup, shared_settings
from tracker.storage import repository
from tracker.storage.database import make_engine


def application() -> Flask:
    """The application over the record of the environment's settings.

    BadSettings for a setting that is bad or missing, Unavailable if there is no record to be served: said here
    rather than on the first page. No connection is left open, so it may be made before workers are forked.
    """
    settings = shared_settings()
    logging_setup.configure_logging(settings.log)
    engine = make_engine(settings.database_url)
    repository.current_revision(engine)
    engine.dispose()
    return create_app(settings)
