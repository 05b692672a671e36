"""The downloads page and the files themselves, whole or in part."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, current_app, render_template, request, send_file
from sqlalchemy import Engine

from tracker.errors import BadQuestion
from tracker.storage import downloads
from tracker.storage.downloads import NAMES, DownloadBuilder
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_TYPE
from tracker.web.context import iso_moment

blueprint = Blueprint("downloads", __name__)
EXTENSION = "tracker.bulk"
MEDIA = {"record.zip": "application/zip", "record.sqlite": "application/vnd.sqlite3"}
WHAT = {
    "record.zip": "One CSV file for each type of fact, as the tracker exports and imports them, with their "
    "description: a data package for the tools of the Frictionless standards.",
    "record.sqlite": "The same facts as a SQLite database, a table for each type of fact, unknown values null, with "
    "the data dictionary in its table “columns”.",
}
FRESH_FOR = 300  # seconds


def install(app: Flask, engine: Engine) -> None:
    """Give the app these pages."""
    app.extensions[EXTENSION] = DownloadBuilder(engine)
    app.register_blueprint(blueprint)


@blueprint.get("/data")
def page() -> str:
    """What there is to carry away, with sizes, terms and the data dictionary."""
    copies = _copies().copies()
    files = [(name, WHAT[name], size_in_words(copies.sizes[name])) for name in NAMES]
    return render_template(
        "downloads.html",
        copies=copies,
        made_at=iso_moment(copies.made_at),
        files=files,
        schemas=FACT_SCHEMAS,
        schema_of=SCHEMA_BY_TYPE,
        words=downloads,
    )


@blueprint.get(f"/download/<any({', '.join(repr(name) for name in NAMES)}):name>")
def download(name: str) -> Response:
    """One of the files, of the record as it is now; parts of it may be asked for (RFC 9110, section 14).

    BadQuestion for a day or a moment: the files are of the whole record, and hold every day in it.
    """
    for given in request.args:
        raise BadQuestion(f"'{given[:40]}' cannot be asked of this file: it is the whole record as it is now.")
    copies = _copies().copies()
    path = copies.files[name]
    answer = send_file(path, MEDIA[name], as_attachment=True, download_name=_called(name, copies.revision),
                       conditional=True, etag=f"{name}-{copies.revision}-{copies.made_at:%Y%m%d%H%M%S%f}",
                       last_modified=copies.made_at, max_age=FRESH_FOR)  # fmt: skip
    answer.headers["Record-Revision"] = str(copies.revision)
    answer.headers["Record-Made-At"] = iso_moment(copies.made_at) or ""
    return answer


def size_in_words(size: int) -> str:
    """A number of bytes as people read it: `512 bytes`, `14 kB`, `1.3 MB`."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _called(name: str, revision: int) -> str:
    stem, _, ending = name.partition(".")
    return f"treaty-tracker-{stem}-{revision}.{ending}"


def _copies() -> DownloadBuilder:
    return cast(DownloadBuilder, current_app.extensions[EXTENSION])
