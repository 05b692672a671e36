"""How long until each painted view of the network stands, and its frames while pointed at, beside plain pyvis.

    python -m benchmarks.network_views [--cap 40]

Each view of the shipped record is served locally from an SQLite database and opened in Chromium three times; the median
counts. `stands` is the page's mark that the picture is there, from navigation; nothing moves after it. Frames are
counted while the pointer goes round the picture for three seconds, at full speed and with the processor slowed four
times, and while the dates play (`dates/s`: pages shown in a second, each whole). Prints Markdown.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from math import cos, sin
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.common import ROOT
from benchmarks.network_drawing import FRAMES, plain, served, theirs, window
from tracker.graph.networkx_graph import build_network
from tracker.law.ledger import Ledger
from tracker.storage import import_export

VIEWS = ["gaps", "spindle", "spindle&standing=party", "growth", "changes&from=2020-01-01"]
DAY = date(2026, 11, 1)
PLAYED = """() => { window.played = new Set(); new MutationObserver(() => {
    window.played.add(document.getElementById("painting").dataset.day);
  }).observe(document.getElementById("painting"), { attributes: true, attributeFilter: ["data-day"] }); }"""


def opened(page, address):
    """Seconds from navigation until the picture stands."""
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#network[data-ready=true]", state="attached")
    return time.monotonic() - begun


def pointing(page):
    """Frames per second while the pointer goes round the picture."""
    box = page.locator("#painting svg").bounding_box()
    x, y, reach = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["height"] * 0.3
    page.mouse.move(x + reach, y)
    page.wait_for_selector("#lit", state="attached")
    handle = page.evaluate_handle(f"() => ({{ told: ({FRAMES})() }})")
    end, turn = time.monotonic() + 3, 0.0
    while time.monotonic() < end:
        turn += 0.05
        page.mouse.move(x + reach * cos(turn), y + reach * sin(turn))
    return page.evaluate("held => held.told", handle)


def playing(page):
    """Dates shown in a second while the slider plays."""
    page.evaluate(PLAYED)
    page.locator(".date-slider button").click()
    page.wait_for_timeout(5000)
    page.locator(".date-slider button").click()
    return page.evaluate("window.played.size") / 5


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--cap", type=float, default=40, help="seconds after which pyvis's picture is given up")
    given = reader.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("Chromium is not installed.")
    facts = list(import_export.read_facts([ROOT / "data"]))
    print(
        "| view | stands after | frames/s pointed at | slowed four times | dates/s playing |\n|---|---:|---:|---:|---:|"
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder, served(facts, Path(folder)) as site:
        for view in VIEWS:
            address, times = f"{site}/network?view={view}&as_of={DAY}", []
            for _ in range(3):
                with window(playwright, chromium) as page:
                    times.append(opened(page, address))
            with window(playwright, chromium) as page:
                opened(page, address)
                fast = pointing(page)
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
                slow = pointing(page)
            with window(playwright, chromium) as page:
                opened(page, address.replace(str(DAY), "2003-06-01"))
                dates = playing(page)
            print(f"| {view} | {statistics.median(times):.2f} s | {fast:.0f} | {slow:.0f} | {dates:.1f} |", flush=True)
        with window(playwright, chromium) as page:
            found = theirs(page, plain(build_network(Ledger(facts).as_of(DAY)), Path(folder)), given.cap)
    stands = f"{found['done']:.1f} s" if "done" in found else f"not within {given.cap:.0f} s"
    frames = f"{found['frames']:.0f} (dragging)" if found.get("frames") else "not measured"
    print(f"| plain pyvis, default physics, all links | {stands} | {frames} | - | - |")


if __name__ == "__main__":
    main()
