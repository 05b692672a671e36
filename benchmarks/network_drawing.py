"""How long until a network can be read in a browser, and how smoothly it is dragged, beside pyvis's own picture of it.

    python -m benchmarks.network_drawing [--snapshot FILE] [--cap 40]

Draws the shipped record and a collection (the made one, or a real one from FILE) in Chromium, each kept in an SQLite
database and served as anybody would: as the network page draws it, and as plain pyvis does with its default physics on
the same nodes and ties. Times count from navigation. `readable` is the page's mark that the picture stands, and pyvis's
`stabilizationIterationsDone`, before which it shows a bar alone; `settled` is pyvis's `stabilized`, after which no node
moves (the page's never do). A picture has the cap for all of it; what takes longer is given up and said, with the steps
of its physics that were done by then. The last column says how far pyvis's nodes moved in the second after the latest
of its events. Prints Markdown.
"""

import argparse
import shutil
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import sync_playwright
from pyvis.network import Network
from waitress.server import create_server

from benchmarks import generated_record as made
from benchmarks import snapshot
from benchmarks.common import ROOT, keep, record_at
from tracker.app import create_app
from tracker.config import Settings
from tracker.graph.networkx_graph import build_network
from tracker.law.ledger import Ledger
from tracker.storage import import_export

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
LISTENS = """window.marks = {};
Object.defineProperty(window, 'network', {configurable: true, get() { return this.held; }, set(network) {
  this.held = network;
  network.on('stabilizationProgress', (step) => { window.marks.progress = `${step.iterations} of ${step.total}`; });
  network.once('stabilizationIterationsDone', () => { window.marks.done = performance.now(); });
  network.once('stabilized', () => { window.marks.still = performance.now(); });
}})"""
MOVED = """async () => {
  const before = network.getPositions();
  await new Promise((go) => setTimeout(go, 1000));
  const after = Object.entries(network.getPositions());
  return Math.max(...after.map(([id, { x, y }]) => Math.hypot(x - before[id].x, y - before[id].y)));
}"""
FRAMES = """() => new Promise((tell) => {
  window.frames_seen = 0; const begun = performance.now();
  const step = (now) => { window.frames_seen += 1;
    if (now - begun < 3000) requestAnimationFrame(step); else tell(window.frames_seen / (now - begun) * 1000); };
  requestAnimationFrame(step);
})"""
SEEN = "canvas => canvas.toDataURL()"


@contextmanager
def served(facts, folder):
    """The site over these facts, kept in an SQLite database, on loopback."""
    url = f"sqlite:///{folder / 'record.db'}"
    with record_at(url) as engine:
        keep(engine, facts)
    server = create_server(
        create_app(Settings(database_url=url, static_dir=ROOT / "static")), host="127.0.0.1", port=0, threads=4
    )
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


@contextmanager
def window(playwright, chromium):
    """A window of a browser of its own that reaches nothing beyond this machine."""
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route("**/*", lambda route: route.continue_() if local(route.request.url) else route.abort())
    yield page
    browser.close()


def local(url):
    return url.startswith(("http://127.0.0.1", "file:", "data:", "blob:"))


class Clock:
    """What is left of the time that a picture has."""

    def __init__(self, cap):
        self.begun, self.cap = time.monotonic(), cap

    @property
    def passed(self):
        return time.monotonic() - self.begun

    @property
    def left(self):
        """In milliseconds, at least one: none would mean for ever."""
        return max(1, (self.cap - self.passed) * 1000)


def dragging(page, selector):
    """Frames per second while the picture is dragged, measured in the page; the picture must have moved."""
    canvas = page.locator(selector)
    canvas.scroll_into_view_if_needed()
    before, box = canvas.evaluate(SEEN), canvas.bounding_box()
    handle = page.evaluate_handle(f"() => ({{ told: ({FRAMES})() }})")
    x, y = box["x"] + 40, min(box["y"] + box["height"], 900) - 40
    page.mouse.move(x, y)
    page.mouse.down()
    end, step = time.monotonic() + 3, 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(x + 20 + (step % 40) * 4, y - (step % 30) * 3)
    seen = canvas.evaluate(SEEN)
    page.mouse.up()
    frames = page.evaluate("held => held.told", handle)
    return frames if seen != before else None


def ours(page, address, day, cap):
    """The time until it stands, which is when it has settled too, and its frames."""
    clock = Clock(cap)
    page.set_default_timeout(clock.left)
    page.goto(f"{address}/network?as_of={day}", wait_until="commit")
    page.wait_for_selector("#network[data-ready=true]", state="attached")
    ready = clock.passed
    page.goto(f"{address}/network?view=ties&as_of={day}", wait_until="commit")  # of the picture that can be dragged
    page.wait_for_selector("#network[data-ready=true]", state="attached")
    return {"done": ready, "still": ready, "frames": dragging(page, "#network canvas")}


def theirs(page, address, cap):
    """What of it came in time: its two events in seconds, its frames, and how far its nodes moved thereafter."""
    clock, found = Clock(cap), {}
    page.add_init_script(LISTENS)
    try:
        page.goto(address, timeout=clock.left, wait_until="commit")
        for event, mark in (("done", "marks.done"), ("still", "marks.still")):
            found[event] = page.wait_for_function(mark, timeout=clock.left, polling=50).json_value() / 1000
    except TookTooLong:
        found["progress"] = page.evaluate("marks.progress") or "none"
    if "done" in found:
        found["moved"] = page.evaluate(MOVED)
        found["frames"] = dragging(page, "#mynetwork canvas")
    return found


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--snapshot", type=Path, help="a CSV of treaty actions (see benchmarks/snapshot.py)")
    reader.add_argument("--cap", type=float, default=40, help="seconds after which a picture is given up")
    given = reader.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("Chromium is not installed.")
    records = {
        "shipped record": (list(import_export.read_facts([ROOT / "data"])), date(2026, 11, 1)),
        "collection": (list(snapshot.record(given.snapshot) if given.snapshot else made.record()), date(2013, 7, 6)),
    }
    print(
        "| record | nodes, ties | drawn by | readable after | settled after | frames/s dragging | moved in 1 s after |"
    )
    print("|---|---|---|---:|---:|---:|---:|")
    with sync_playwright() as playwright:
        for name, (facts, day) in records.items():
            graph = build_network(Ledger(facts).as_of(day))
            size = f"{graph.number_of_nodes():,}, {graph.number_of_edges():,}"
            with tempfile.TemporaryDirectory() as folder, served(facts, Path(folder)) as address:
                pyvis = plain(graph, Path(folder))
                for by, draw in (
                    ("this page, first visit", lambda page, at=address, on=day: ours(page, at, on, given.cap)),
                    ("this page, again", lambda page, at=address, on=day: ours(page, at, on, given.cap)),
                    ("pyvis", lambda page, at=pyvis: theirs(page, at, given.cap)),
                ):
                    with window(playwright, chromium) as page:
                        found = draw(page)
                    print(f"| {name} | {size} | {by} | {shown(found, given.cap)} |", flush=True)


def shown(found, cap):
    """A row's figures in words."""
    done = f" ({found['progress']} steps)" if "progress" in found and "done" not in found else ""
    lacks = {"done": f"not within {cap:.0f} s{done}", "still": f"not settled within {cap:.0f} s"}
    waits = [f"{found[each]:.1f} s" if each in found else words for each, words in lacks.items()]
    frames = f"{found['frames']:.0f}" if found.get("frames") else "not measured"
    return " | ".join([*waits, frames, f"{found['moved']:.1f}" if "moved" in found else "-"])


if __name__ == "__main__":
    main()
