"""A real server over the shipped data, and a real Chromium that notes everything that goes wrong."""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright
from waitress.server import create_server

from tracker.app import create_app
from tracker.config import Settings
from tracker.storage.database import make_engine
from tracker.storage.import_export import import_files
from tracker.storage.schema import migrate

ROOT = Path(__file__).resolve().parents[2]
RECORDED = datetime(2026, 11, 1, 12, tzinfo=UTC)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=20_000)  # milliseconds that a busy machine may take for what it does at once otherwise
WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the site, served over loopback."""
    url = f"sqlite:///{tmp_path_factory.mktemp('browser') / 'record.db'}"
    engine = make_engine(url)
    migrate(engine)
    import_files(engine, [ROOT / "data"], moment=RECORDED)
    engine.dispose()
    app = create_app(Settings(database_url=url, data_dir=ROOT / "data", static_dir=ROOT / "static"))
    served = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.effective_port}"
    served.close()
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser():
    """Chromium, as the system has it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("These tests need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, server):
    """Open a path of the site in a window of its own; at the end nothing may have gone wrong in any of them."""
    windows, faults = [], []

    def opened(path, **options):
        window = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, **options})
        windows.append(window)
        if options.get("java_script_enabled", True):
            window.add_init_script(WATCH)
        page = window.new_page()
        page.on(
            "console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.append(request.url) if _leaves(request.url, server) else None)
        page.on(
            "response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        )
        page.goto(server + path)
        return page

    yield opened
    for window in windows:
        window.close()
    assert not faults


def _leaves(url, server):
    return urlsplit(url).netloc not in {urlsplit(server).netloc, ""}
