"""In a real browser nothing runs of a record whose every text is script, on the pages that draw by script above all."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from waitress.server import create_server

from tests.web.test_stored_script import spoiled
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import import_export
from tracker.storage.database import make_engine
from tracker.storage.import_export import import_files
from tracker.storage.schema import migrate

ROOT = Path(__file__).resolve().parents[2]
PATHS = [
    "/",
    "/instruments/untoc",
    "/participants/FRA",
    "/network",
    "/map",
    "/timeline",
    "/select?q=party=untoc",
    "/search?q=script",
]


@pytest.fixture(scope="module")
def spoiled_site(tmp_path_factory):
    place = tmp_path_factory.mktemp("spoiled")
    engine = make_engine(f"sqlite:///{place / 'record.db'}")
    migrate(engine)
    import_export.write_facts([spoiled(fact) for fact in import_export.read_facts([ROOT / "data"])], place / "files")
    import_files(engine, [place / "files"], moment=datetime(2026, 11, 1, tzinfo=UTC))
    app = create_app(Settings(database_url=str(engine.url)))
    served = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.effective_port}"
    served.close()
    thread.join(timeout=10)
    app.extensions["tracker.editors"].engine.dispose()
    engine.dispose()


def test_no_script_of_the_record_runs_and_no_dialog_opens(browser, spoiled_site):
    window = browser.new_context()
    page, dialogs, elsewhere = window.new_page(), [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda asked: elsewhere.append(asked.url) if not asked.url.startswith((spoiled_site, "data:")) else None,
    )
    for path in PATHS:
        assert page.goto(spoiled_site + path).status == 200
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.querySelectorAll('img[onerror], main script:not([src])').length") == 0
        assert page.inner_text("main").count("<script>alert(1)</script>") or path in ("/network", "/timeline", "/map")
    window.close()
    assert not dialogs
    assert not elsewhere
