"""How long until a network can be read in a browser, and how smoothly it is dragged, beside pyvis's own picture of it.

    python benchmarks/drawing.py [--snapshot FILE] [--cap 60]

Draws the shipped record and a collection (the made one, or a real one from FILE) in Chromium: as the network page
draws it, and as plain pyvis does with its default physics on the same nodes and ties. Times count from navigation: to
the page's mark that the picture stands, and to pyvis's `stabilizationIterationsDone`, after which its nodes may still
drift (`still` is when they no longer do). What takes longer than the cap is given up and said. Prints Markdown.
"""

import argparse
import shutil
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import sync_playwright
from pyvis.network import Network
from waitress.server import create_server

from benchmarks import made, snapshot
from tracker.app import create_app
from tracker.law.ledger import Ledger
from tracker.law.network import network
from tracker.record import dataset, store
from tracker.record.database import make_engine, migrate
from tracker.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
LISTENS = """window.marks = {};
Object.defineProperty(window, 'network', {configurable: true, get() { return this.held; }, set(network) {
  this.held = network;
  network.on('stabilizationIterationsDone', () => { window.marks.done ??= performance.now(); });
  network.on('stabilized', () => { window.marks.still ??= performance.now(); });
}})"""
FRAMES = """() => new Promise((tell) => {
  window.frames_seen = 0; const begun = performance.now();
  const step = (now) => { window.frames_seen += 1;
    if (now - begun < 3000) requestAnimationFrame(step); else tell(window.frames_seen / (now - begun) * 1000); };
  requestAnimationFrame(step);
})"""


@contextmanager
def served(facts, folder):
    """The site over these facts, on loopback."""
    url = f"sqlite:///{folder / 'record.db'}"
    engine = make_engine(url)
    migrate(engine)
    store.apply(engine, facts, what="benchmark", moment=datetime(2026, 11, 1, 12, tzinfo=UTC))
    engine.dispose()
    app = create_app(Settings(database_url=url, data_dir=ROOT / "data", static_dir=ROOT / "static"))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def plain(graph, folder):
    """pyvis's own page of the graph, its script within it."""
    picture = Network(directed=True, cdn_resources="in_line")
    for id, given in graph.nodes(data=True):
        picture.add_node(id, label=given["short"], group=given["kind"])
    for source, target in graph.edges():
        picture.add_edge(source, target)
    file = folder / "plain.html"
    file.write_text(picture.generate_html(notebook=False), encoding="utf-8")
    return file.as_uri()


def window(browser):
    """A window that reaches nothing beyond this machine."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route("**/*", lambda route: route.continue_() if local(route.request.url) else route.abort())
    return page


def local(url):
    return url.startswith(("http://127.0.0.1", "file:", "data:", "blob:"))


def dragging(page, canvas, cap):
    """Frames per second while the picture is dragged, measured in the page; None where it does not answer in time."""
    box = page.locator(canvas).bounding_box()
    page.set_default_timeout(cap * 1000)
    handle = page.evaluate_handle(f"() => ({{ told: ({FRAMES})() }})")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.9
    page.mouse.move(x, y)
    page.mouse.down()
    end, step = time.monotonic() + 3, 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(x + (step % 40) * 4, y - (step % 30) * 3)
    page.mouse.up()
    return page.evaluate("held => held.told", handle)


def ours(browser, address, day, cap):
    page = window(browser)
    begun = time.monotonic()
    try:
        page.goto(f"{address}/network?as_of={day}", timeout=cap * 1000, wait_until="commit")
        page.wait_for_selector("#network[data-ready=true]", timeout=cap * 1000)
        ready = time.monotonic() - begun
        return ready, ready, dragging(page, "#network canvas", cap)
    except TookTooLong:
        return None, None, None
    finally:
        page.close()


def theirs(browser, address, cap):
    page = window(browser)
    page.add_init_script(LISTENS)
    marks, frames = {}, None
    try:
        page.goto(address, timeout=cap * 1000, wait_until="commit")
        page.wait_for_function("window.marks.done", timeout=cap * 1000, polling=100)
        marks = page.evaluate("window.marks")
        frames = dragging(page, "#mynetwork canvas", cap)
        page.wait_for_function("window.marks.still", timeout=cap * 1000, polling=100)
    except TookTooLong:
        pass
    try:
        marks = page.evaluate("window.marks") if marks else marks
    finally:
        page.close()
    return *(marks[name] / 1000 if marks.get(name) else None for name in ("done", "still")), frames


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--snapshot", type=Path, help="a CSV of treaty actions (see benchmarks/snapshot.py)")
    reader.add_argument("--cap", type=float, default=60, help="seconds after which a picture is given up")
    given = reader.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("Chromium is not installed.")
    records = {
        "shipped record": (list(dataset.read([ROOT / "data"])), date(2026, 11, 1)),
        "collection": (list(snapshot.record(given.snapshot) if given.snapshot else made.record()), date(2013, 7, 6)),
    }
    print("| record | nodes, ties | drawn by | readable after | still after | frames/s dragging |")
    print("|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, (facts, day) in records.items():
            graph = network(Ledger(facts).as_of(day))
            size = f"{graph.number_of_nodes():,}, {graph.number_of_edges():,}"
            with tempfile.TemporaryDirectory() as folder, served(facts, Path(folder)) as address:
                for by, found in (
                    ("this page, first visit", ours(browser, address, day, given.cap)),
                    ("this page, again", ours(browser, address, day, given.cap)),
                    ("pyvis", theirs(browser, plain(graph, Path(folder)), given.cap)),
                ):
                    print(f"| {name} | {size} | {by} | {shown(found, given.cap)} |", flush=True)
        browser.close()


def shown(found, cap):
    ready, still, frames = found
    waits = [f"{each:.1f} s" if each else f"not within {cap:.0f} s" for each in (ready, still)]
    return " | ".join([*waits, f"{frames:.0f}" if frames else "not measured"])


if __name__ == "__main__":
    main()
