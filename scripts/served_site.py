# ruff: noqa: INP001 - used by scripts
"""The real site on a free port of loopback, for scripts that look at it from outside.

The record is kept in a fresh SQLite database in a temporary folder; nothing is asked of any other server.
"""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from tracker.app import create_app
from tracker.config import Settings
from tracker.storage.database import make_engine
from tracker.storage.import_export import import_files
from tracker.storage.schema import migrate
from tracker.web import rate_limits

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"


@contextmanager
def served(*imports: tuple[Path, datetime]) -> Iterator[str]:
    """The address of the site while it is wanted; these folders were imported into its record, each at its moment.

    Requests are not limited: a script may ask more in a minute than a reader.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/record.db"
        engine = make_engine(url)
        migrate(engine)
        for data, moment in imports:
            import_files(engine, [data], moment=moment)
        engine.dispose()
        app = create_app(Settings(database_url=url, data_dir=DATA, static_dir=ROOT / "static"))
        app.extensions[rate_limits.EXTENSION].enabled = False
        with running(app) as port:
            yield f"http://127.0.0.1:{port}"


@contextmanager
def running(app: Flask) -> Iterator[int]:
    """The port of an app while it is served; the server's own thread closes its sockets, or it would wait for them."""
    sockets: dict[int, Any] = {}
    server: Any = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.trigger.pull_trigger(partial(wasyncore.close_all, sockets))
        thread.join(timeout=10)
        server.task_dispatcher.shutdown(timeout=1)
