"""A worker that syncs and delivers without a rest, until told to end: the writing side of `load.py`.

    python benchmarks/syncing.py DATABASE-URL STATUS-SERVER

The jobs are the program's own; only their slots follow each other every second or two.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tracker.cli import logging_setup
from tracker.cli import server as serving
from tracker.config import Settings
from tracker.scheduler import Worker, build_jobs
from tracker.storage.database import make_engine


def main() -> None:
    """Work until SIGTERM."""
    url, server = sys.argv[1:]
    os.environ["NO_PROXY"] = "*"
    logging_setup.configure_logging("json", Path(os.devnull).open("w"))  # noqa: SIM115 - for as long as the process lives
    engine = make_engine(url)
    found = build_jobs(engine, Settings(database_url=url, untc_url=server, allow_private_webhooks=True))
    busy = [replace(job, every=timedelta(seconds=2), after=timedelta(0)) for job in found if job.name != "pruning"]
    worker = Worker(engine, busy, look=timedelta(milliseconds=300))
    with serving.shutdown_event() as told:
        worker.start()
        told.wait()
        worker.stop()
    engine.dispose()


if __name__ == "__main__":
    main()
