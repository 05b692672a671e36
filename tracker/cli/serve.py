"""The command `serve`: its options, the address in links, and the message for a port in use."""

from __future__ import annotations

import errno
import os
from contextlib import nullcontext

import click

from tracker.app import create_app
from tracker.cli import logging_setup, server
from tracker.cli.output import line
from tracker.cli.worker import running_worker
from tracker.config import Settings
from tracker.errors import BadSettings
from tracker.storage import repository
from tracker.storage.database import make_engine


@click.command()
@click.option("--host", help="The address to listen on; default TRACKER_HOST or 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on; default TRACKER_PORT or 8000.")
@click.option("--work", is_flag=True, help="Run the jobs in this process, too: enough for a single machine.")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None, work: bool) -> None:
    """Serve the pages and the API."""
    settings = settings.serving_at(host or settings.host, port or settings.port)
    logging_setup.configure_logging(settings.log)
    repository.current_revision(make_engine(settings.database_url))  # better said now than on the first page
    app = create_app(settings)
    with running_worker(settings) if work else nullcontext():
        try:
            server.serve(app, settings.host, settings.port, ready=lambda: line(_where(settings)))
        except OSError as trouble:
            raise _cannot_listen(settings, trouble) from trouble


def _where(settings: Settings) -> str:
    return f"Serving on http://{settings.host}:{settings.port} — stop with Ctrl-C."


def _cannot_listen(settings: Settings, trouble: OSError) -> Exception:
    """The error of an address that cannot be had, with what to do; any other as it is."""
    place = f"{settings.host}:{settings.port}"
    if trouble.errno == errno.EADDRINUSE:
        return BadSettings(f"Port {settings.port} is in use on {settings.host}. Stop what uses it, or name another "
                           f"port: tracker serve --port {settings.port % 65535 + 1}.")  # fmt: skip
    if trouble.errno in (errno.EACCES, errno.EADDRNOTAVAIL):
        return BadSettings(
            f"Cannot listen on {place}: {os.strerror(trouble.errno).lower()}. Name another --host or --port."
        )
    return trouble
