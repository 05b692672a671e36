"""Kill syncs with kill -9 at their steps, many times over, and hold what is left to what must be.

    python benchmarks/sync_crashes.py [--runs 200] [--database URL]

Without a database it makes an SQLite file of its own. The rounds and what must hold afterwards are
those of the test of the same thing, which does some twenty of them.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS.parent))

from tests.support.killed_syncs import ALL_STEPS, CODES, FACTS, begin, crash_and_recover  # noqa: E402 - found beside the tests
from tests.support.un_site import Published  # noqa: E402 - found beside the tests
from tracker.storage.database import make_engine  # noqa: E402 - as above
from tracker.storage.schema import migrate  # noqa: E402 - as above


def main() -> None:
    """Run the rounds and say how long they took; an assertion that fails ends them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help=f"rounds, {len(CODES)} at the most")
    parser.add_argument("--database", help="an empty database; default a new SQLite file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/crashes.db"
        engine = make_engine(url)
        migrate(engine)
        begin(engine)
        un, begun = Published(FACTS), time.monotonic()
        for number, step in enumerate(random.Random(2003).choices(ALL_STEPS, k=asked.runs)):
            crash_and_recover(engine, url, un, number, step)
        un.close()
        engine.dispose()
    print(f"{asked.runs} syncs killed and run again in {time.monotonic() - begun:.0f} s: nothing half, lost or doubled")


if __name__ == "__main__":
    main()
