"""What each page of the shipped record costs: server time computed and kept, and the bytes a browser loads.

    python -m benchmarks.pages [--rounds 20] [--only /matrix] [--snapshot FILE]

Prints a Markdown table. With a snapshot (see benchmarks/snapshot.py) it is the network of that collection that is
measured, where no other page is asked for. Time is processor time of the whole application without a server in front,
answers compressed with zstd. "Computed" is with the rules' answers of the day at hand, "another day" without. "Loads"
is the page with all the styles and scripts it names, each once, compressed: what a first visit costs.
"""

import argparse
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html

from benchmarks import snapshot
from benchmarks.common import NOW, ROOT, at, keep, markdown, record_at
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage.import_export import import_files

PAGES = (
    "/", "/instruments/untoc", "/instruments/untoc/history", "/participants", "/participants/FRA", "/bodies",
    "/bodies/greco", "/network", "/search?q=france", "/matrix", "/compare?participant=FRA&participant=DEU", "/map",
    "/timeline", "/assessments", "/assessments/fatf-ncct", "/targets", "/select?q=member=greco;not-party=coe-173",
    "/findings", "/needed", "/what-if?instrument=un-cybercrime", "/claims?instrument=untoc&parties=40", "/embed",
    "/embed/untoc/table", "/about", "/network/drawing", "/matrix.json", "/api/v1/instruments/untoc",
)  # fmt: skip
NETWORK = (
    "/network", *(f"/network?view={view}" for view in ("gaps", "profiles", "ego", "changes", "ties")),
    "/network?view=gaps&focus=FRA", "/network.json?view=gaps", "/network/drawing?view=backbone",
    "/network/drawing?view=gaps", "/network/drawing?view=changes", "/network.svg?view=changes",
)  # fmt: skip
ENCODING = {"Accept-Encoding": "zstd"}
WITH_A_COOKIE = "measured"  # whoever sends a cookie is answered by the application itself


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rounds", type=int, default=20)
    words.add_argument("--only", action="append", help="only these addresses")
    words.add_argument("--snapshot", type=Path, help="a CSV of treaty actions instead of the shipped record")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/record.db"
        with record_at(url) as engine:
            if given.snapshot:
                keep(engine, snapshot.record(given.snapshot))
            else:
                import_files(engine, [ROOT / "data"], moment=NOW)
            print(measured(url, given.only or (NETWORK if given.snapshot else PAGES), given.rounds))


def measured(url: str, pages: tuple[str, ...], rounds: int) -> str:
    """The table, for a record at this address."""
    app = create_app(Settings(database_url=url, static_dir=ROOT / "static"))
    app.testing = True
    rows = []
    for page in pages:
        known = app.test_client()
        known.set_cookie(WITH_A_COOKIE, "yes")
        known.get(page, headers=ENCODING, buffered=True)
        computed = [_seconds(known, page) for _ in range(rounds)]
        apart = "&" if "?" in page else "?"
        days = [date(2025, 1, 1) - timedelta(days=30 * number) for number in range(max(rounds // 4, 1))]
        cold = [_seconds(known, f"{page}{apart}as_of={day}") for day in days]
        reader = app.test_client()
        answer = reader.get(page, headers=ENCODING, buffered=True)
        kept = [_seconds(reader, page) for _ in range(rounds * 5)]
        loads = len(answer.data) + sum(_size(reader, each) for each in _loaded(app.test_client(), page))
        times = [1000 * each for each in (*_places(computed), *_places(cold), *_places(kept))]
        rows.append([f"`{page}`", *times, len(answer.data) / 1000, loads / 1000])
    heads = ("computed p50, ms", "p95", "another day p50, ms", "p95", "kept p50, ms", "p95", "page, kB", "loads, kB")
    return markdown(("page", *heads), rows)


def _places(seconds: list[float]) -> tuple[float, float]:
    return at(0.5, seconds), at(0.95, seconds)


def _seconds(client: FlaskClient, page: str) -> float:
    begun = time.process_time()
    answer = client.get(page, headers=ENCODING, buffered=True)
    passed = time.process_time() - begun
    assert answer.status_code == 200, f"{page}: {answer.status}"
    return passed


def _loaded(client: FlaskClient, page: str) -> set[str]:
    """The styles, scripts and pictures that a page names, of our own site."""
    answer = client.get(page, buffered=True)
    if answer.mimetype != "text/html":
        return set()
    named = html.fromstring(answer.text).xpath(
        "//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src"
    )
    return {each for each in named if not urlsplit(each).netloc and not each.startswith("data:")}


def _size(client: FlaskClient, address: str) -> int:
    with client.get(address, headers=ENCODING, buffered=True) as answer:
        return len(answer.data)


if __name__ == "__main__":
    main()
