"""The downloads page and the files themselves, whole or in part."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import Blueprint, Flask, Response, current_app, render_template, request, send_file
from sqlalchemy import Engine

from tracker.errors import BadQuestion
from tracker.messages import TranslatableText, message, plural
from tracker.storage import downloads
from tracker.storage.downloads import RECORD_FILES, DownloadBuilder
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_TYPE
from tracker.storage.panel_files import PANEL_FILES
from tracker.web.context import iso_moment, utc_now
from tracker.web.linked_data import data_as_dataset

blueprint = Blueprint("downloads", __name__)
EXTENSION = "tracker.bulk"
MEDIA = {
    "record.zip": "application/zip", "record-parquet.zip": "application/zip",
    "record.sqlite": "application/vnd.sqlite3", "panel.csv": "text/csv",
    "panel.parquet": "application/vnd.apache.parquet",
}  # fmt: skip
WHAT = {
    "record.zip": message(
        "One CSV file per table, with the data dictionary: a data package of the Frictionless standards."
    ),
    "record.sqlite": message(
        "The same data as a SQLite database, unknown values null, with the data dictionary in its table “columns”."
    ),
    "record-parquet.zip": message(
        "The same data as Parquet files with true dates, numbers and lists, for pandas, polars, DuckDB and R."
    ),
    "panel.csv": message(
        "The panel: one row for each State, treaty and year, with the status, the dates and the codes of other data "
        "sets."
    ),
    "panel.parquet": message("The panel as Parquet."),
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
    sizes = {name: size_in_words(copies.sizes[name]) for name in RECORD_FILES}  # the panel is made when first asked for
    files = [(name, WHAT[name], sizes.get(name)) for name in (*RECORD_FILES, *PANEL_FILES)]
    return render_template(
        "downloads.html",
        copies=copies,
        made_at=iso_moment(copies.made_at),
        files=files,
        schemas=FACT_SCHEMAS,
        schema_of=SCHEMA_BY_TYPE,
        words=downloads,
        linked=data_as_dataset(MEDIA, copies.made_at.date()),
    )


@blueprint.get(f"/download/<any({', '.join(repr(name) for name in (*RECORD_FILES, *PANEL_FILES))}):name>")
def download(name: str) -> Response:
    """One of the files, of the record as it is now; parts of it may be asked for (RFC 9110, section 14).

    The panel may be of the revision before, while the next is being made; each answer names its revision. BadQuestion
    for a day or a moment: the files are of the whole record, and hold every day in it. NotReady: see PanelBuilder.
    """
    for given in request.args:
        raise BadQuestion(f"'{given[:40]}' cannot be asked of this file: it is the whole record as it is now.")
    if name in PANEL_FILES:
        panel = _copies().panel(utc_now().date())
        path, (revision, made_at) = panel.files[name], panel.of
    else:
        copies = _copies().copies()
        path, revision, made_at = copies.files[name], copies.revision, copies.made_at
    answer = send_file(path, MEDIA[name], as_attachment=True, download_name=_download_name(name, revision),
                       conditional=True, etag=f"{path.stat().st_size}-{made_at:%Y%m%d%H%M%S%f}-{name}",
                       last_modified=made_at, max_age=FRESH_FOR)  # fmt: skip
    answer.headers["Record-Revision"] = str(revision)
    answer.headers["Record-Made-At"] = iso_moment(made_at) or ""
    return answer


def made_on() -> date:
    """The day on which the data were last changed."""
    return _copies().copies().made_at.date()


def size_in_words(size: int) -> TranslatableText:
    """A number of bytes as people read it: `512 bytes`, `14 kB`, `1.3 MB`."""
    if size < 1000:
        return plural("{n} byte", "{n} bytes", size)
    if size < 1_000_000:
        return message("{n} kB", n=round(size / 1000))
    megabytes = f"{size / 1_000_000:.1f}"
    return message("{n} MB", n=megabytes)


def _download_name(name: str, revision: int) -> str:
    stem, _, ending = name.partition(".")
    return f"treaty-tracker-{stem}-{revision}.{ending}"


def _copies() -> DownloadBuilder:
    return cast(DownloadBuilder, current_app.extensions[EXTENSION])
