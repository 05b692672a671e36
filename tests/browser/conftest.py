"""A real server over the shipped data, and a real Chromium that notes everything that goes wrong."""

import shutil
import threading
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright
from waitress.server import create_server

from tests.support.browser_checks import fault_listeners
from tests.support.browser_windows import BrowserWindows
from tests.support.ready_databases import set_up_shipped_record
from tracker.app import create_app
from tracker.config import Settings

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=20_000)  # milliseconds that a busy machine may take for what it does at once otherwise


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the site, served over loopback."""
    url = set_up_shipped_record(tmp_path_factory.mktemp("browser") / "record.db")
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


@pytest.fixture(scope="session")
def windows(browser):
    """Windows of the browser that are used again."""
    return BrowserWindows(browser)


@pytest.fixture
def visit(windows, server):
    """Open a path of the site in a window of its own; at the end nothing may have gone wrong in any of them."""
    faults = []
    listeners = [
        *fault_listeners(faults, urlsplit(server).netloc),
        ("response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None),
    ]
    with ExitStack() as lent:

        def visited(path, **options):
            page = lent.enter_context(windows.lend(listeners, **options))
            page.goto(server + path)
            return page

        yield visited
    assert not faults
