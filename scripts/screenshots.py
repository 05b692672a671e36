# ruff: noqa: INP001 - a script, not a package
"""Make the pictures of the documentation from the shipped record: `python scripts/screenshots.py [NAME]...`.

Serves the record from a temporary database on loopback, opens each page in Chromium, and writes
docs/screenshots/NAME.webp. Needs what the tests need; nothing is asked of any other server.
"""

import base64
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from served_site import DATA, ROOT, served

FOLDER = ROOT / "docs" / "screenshots"
DAY = "as_of=2026-11-22"
PAGES = {  # what each shows, and how many pixels of it are high
    "home": (f"/?{DAY}", 1000),
    "instrument": ("/instruments/untoc?as_of=2003-07-01", 1250),
    "network": (f"/network?{DAY}", 1220),
    "network-by-treaty": (f"/network?view=clocks&{DAY}", 1000),
    "map": ("/map?instrument=uncac&as_of=2005-12-14", 960),
    "matrix": (f"/matrix?{DAY}", 860),
    "what-if": (f"/what-if?instrument=un-cybercrime&who=signatories&{DAY}", 1000),
}
WIDTH, QUALITY, HEAVIEST = 1280, 78, 150_000  # pixels, per cent, bytes
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(names: list[str]) -> None:
    """Make the pictures of these names, or all."""
    if unknown := set(names) - set(PAGES):
        sys.exit(f"There is no picture called {', '.join(sorted(unknown))}: choose of {', '.join(PAGES)}.")
    if (chromium := shutil.which("chromium") or shutil.which("chromium-browser")) is None:
        sys.exit("The pictures need Chromium: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served((DATA, datetime.now(UTC))) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(reduced_motion="reduce")
        for name in names or PAGES:
            path, height = PAGES[name]
            page.set_viewport_size({"width": WIDTH, "height": height})
            page.goto(site + path, wait_until="networkidle")
            if page.locator(".date-bar.with-slider").count():
                page.locator(".date-slider[data-ready]").wait_for()
            sys.stdout.write(f"{name}: {taken(page, FOLDER / f'{name}.webp'):,} bytes\n")
        browser.close()


def taken(page: Page, path: Path) -> int:
    """Write what the window shows as a picture of at most the weight allowed, and say what it weighs."""
    devtools = page.context.new_cdp_session(page)
    for quality in range(QUALITY, 20, -10):
        shot = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        picture = base64.b64decode(shot["data"])
        if len(picture) <= HEAVIEST:
            path.write_bytes(picture)
            return len(picture)
    sys.exit(f"{path.name} stays heavier than {HEAVIEST:,} bytes.")


if __name__ == "__main__":
    main(sys.argv[1:])
