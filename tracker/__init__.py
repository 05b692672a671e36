"""A tracker of treaties: who has consented to be bound, since when, and why.

`tracker.open` is the door for people who work in Python; what stands behind it is loaded when it is first called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.library.record import Record

__version__ = "1.0.0"


def open(source: str | Path | None = None) -> Record:
    """The record that comes with the program, or that of a folder of data files, of a database or of a server.

    `source` is a path (a folder, a data file or a downloaded `record.zip`), a database address such as
    `sqlite:///tracker.db` or `postgresql://...`, or the web address of a running tracker. Answers are as of today, in
    UTC, until `Record.as_of` or an argument `on` says otherwise.
    BadData for faulty files, NotFound for a path that does not exist, Unavailable where a database or server does not
    answer.
    """
    record: Record = import_module("tracker.library.sources").open_record(source)
    return record
