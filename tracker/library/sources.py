"""Where a record comes from: the shipped data, a folder or archive of data files, a database, a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from tracker.config import DATABASES, shipped_folder
from tracker.errors import BadQuestion, Refused
from tracker.law.ledger import Ledger
from tracker.library.record import Record
from tracker.storage.database import open_engine
from tracker.storage.facts import SCHEMA_BY_FILE
from tracker.storage.import_export import read_facts
from tracker.storage.repository import load_ledger
from tracker.sync.http_client import HttpClient

LARGEST = 512 * 2**20  # bytes of data files unpacked from an archive


def open_record(source: str | Path | None = None) -> Record:
    """The record of a source as of today; see `tracker.open`."""
    text = str(source or shipped_folder("data"))
    ledger = _ledger(text)
    return Record(ledger.as_of(datetime.now(UTC).date()), text if source else "the data that come with the program")


def _ledger(text: str) -> Ledger:
    if text.startswith(DATABASES):
        with open_engine(text) as engine:
            return load_ledger(engine)
    if text.startswith(("http://", "https://")):
        with _download(text) as folder:
            return Ledger(read_facts([folder]))
    path = Path(text)
    if not path.exists():
        raise BadQuestion(f"There is no file or folder '{text}'. Name one, or a database or web address.")
    if path.suffix == ".zip":
        with _unpack(path) as folder:
            return Ledger(read_facts([folder]))
    return Ledger(read_facts([path]))


@contextmanager
def _download(address: str) -> Iterator[Path]:
    """The data files of a running tracker, fetched as its `/download/record.zip`."""
    url = f"{address.rstrip('/')}/download/record.zip"
    with TemporaryDirectory() as folder, HttpClient("tracker.open") as client:
        answer = client.get(url, {"Accept": "application/zip"})
        if answer.status != HTTPStatus.OK:
            raise Refused(f"{url} answered {answer.status}: name the address of a running tracker.")
        path = Path(folder) / "record.zip"
        path.write_bytes(answer.body)
        with _unpack(path) as files:
            yield files


@contextmanager
def _unpack(path: Path) -> Iterator[Path]:
    """The data files of an archive in a folder of their own, and nothing else that it may hold."""
    with TemporaryDirectory() as folder:
        try:
            with ZipFile(path) as archive:
                known = [each for each in archive.infolist() if each.filename in SCHEMA_BY_FILE]
                if not known or sum(each.file_size for each in known) > LARGEST:
                    raise Refused(f"{path.name} is not a record: it holds no data files, or too much.")
                for each in known:
                    archive.extract(each, folder)
        except BadZipFile:
            raise Refused(f"{path.name} is not a zip archive.") from None
        yield Path(folder)
