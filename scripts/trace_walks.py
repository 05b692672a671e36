# ruff: noqa: INP001, T201 - a script, not a package; it prints its result
"""Count the files of the program that three walks go through: a page, a treaty action, and a clause.

`python scripts/trace_walks.py` runs each walk for real, in this process, and prints how many Python files of
`tracker/` it entered and which. Importing does not count, only functions that run.
"""

import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.un_site import published  # noqa: E402 - found from the root of the checkout
from tracker.alerts import outbox  # noqa: E402
from tracker.app import create_app  # noqa: E402
from tracker.config import Settings, shipped_folder  # noqa: E402
from tracker.law.entry_into_force import entry_into_force  # noqa: E402
from tracker.law.ledger import Ledger  # noqa: E402
from tracker.law.model import Action, Instrument, Participant  # noqa: E402
from tracker.storage import repository  # noqa: E402
from tracker.storage.database import make_engine  # noqa: E402
from tracker.storage.import_export import read_facts  # noqa: E402
from tracker.storage.schema import migrate  # noqa: E402
from tracker.sync.sync import SyncContext, sync  # noqa: E402

PACKAGE = str(ROOT / "tracker") + "/"
DAY = date(2003, 7, 1)
NOON = datetime(2003, 7, 1, 12, tzinfo=UTC)


def files_entered(walk: Callable[[], object]) -> set[str]:
    """The files of the program whose functions run during the walk, in any thread."""
    found: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if (
            event == "call"
            and code.co_filename.startswith(PACKAGE)
            and code.co_filename.endswith(".py")
            and code.co_name != "<module>"
        ):
            found.add(code.co_filename.removeprefix(PACKAGE))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        walk()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return found


def page_of_a_day(folder: Path) -> set[str]:
    """An instrument's page as of a day, asked of a running application that has the record in memory."""
    url = f"sqlite:///{folder / 'page.db'}"
    engine = make_engine(url)
    migrate(engine)
    repository.record_facts(engine, read_facts([shipped_folder("data")]), what="the data files", moment=NOON)
    client = create_app(Settings(database_url=url)).test_client()
    assert client.get("/instruments/untoc").status_code == 200

    def walk() -> None:
        assert client.get("/instruments/untoc", query_string={"as_of": DAY.isoformat()}).status_code == 200

    return files_entered(walk)


def action_to_change(folder: Path) -> set[str]:
    """The fortieth deposit of UNTOC, from the status file that prints it to the recorded change."""
    facts = [each for each in read_facts([shipped_folder("data")]) if _of_untoc(each)]
    engine = make_engine(f"sqlite:///{folder / 'sync.db'}")
    migrate(engine)
    before = [each for each in facts if not isinstance(each, Action) or (each.known_by and each.known_by < DAY)]
    repository.record_facts(engine, before, what="the data files", moment=NOON)
    sites = published(facts)
    site = next(sites)
    site.all(until=DAY)
    how = SyncContext(visitor=site.visitor, base_url=site.server.url, announce=outbox.enqueue_alerts)
    found = files_entered(lambda: sync(engine, ["untoc"], how, moment=NOON))
    next(sites, None)  # closes it
    assert len(repository.load_ledger(engine).acts("untoc")) > sum(isinstance(each, Action) for each in before)
    return found


def _of_untoc(fact: object) -> bool:
    if isinstance(fact, Instrument):
        return fact.id == "untoc"
    return isinstance(fact, Participant) or (isinstance(fact, Action) and fact.instrument == "untoc")


def clause_to_date(_: Path) -> set[str]:
    """From the row of `treaties.csv` to the date of entry into force."""

    def walk() -> None:
        ledger = Ledger(read_facts([shipped_folder("data")])).as_of(date(2026, 1, 1))
        assert entry_into_force(ledger, "untoc").date == date(2003, 9, 29)

    return files_entered(walk)


WALKS = {"page as of a day": page_of_a_day, "action to recorded change": action_to_change,
         "clause to date": clause_to_date}  # fmt: skip


def main() -> None:
    """Run the walks and print what each went through."""
    with TemporaryDirectory() as folder:
        for name, walk in WALKS.items():
            found = walk(Path(folder))
            print(f"{name}: {len(found)} files", *sorted(found), sep="\n  ")


if __name__ == "__main__":
    main()
