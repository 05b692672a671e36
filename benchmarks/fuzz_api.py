"""Generated requests against the API, held to its own OpenAPI document: at least ten thousand by default.

    python benchmarks/fuzz_api.py [--requests 10000] [--seed 1]

Good and bad questions are made from the document for every operation; each answer must be one that the document
describes, in status, content type and shape, and never a failure of the server. Prints counts; exits with 1 on any
fault.
"""

import argparse
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from generated import BAD, GOOD, Fault, held, opened, questions  # noqa: E402

from tracker.app import create_app  # noqa: E402
from tracker.record.database import make_engine, migrate  # noqa: E402
from tracker.record.importing import import_files  # noqa: E402
from tracker.settings import Settings  # noqa: E402

RECORDED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        schema = opened(_app(Path(folder)))
        operations = [each.ok() for each in schema.get_all_operations()]
        for_each = -(-asked.requests // (len(operations) * 2))
        statuses, faults = Counter(), {}
        for operation in operations:
            for mode in (GOOD, BAD):
                _ask(operation, mode, for_each, asked.seed, statuses, faults)
    made = sum(statuses.values())
    print(f"{made} requests to {len(operations)} operations: {dict(sorted(statuses.items()))}")
    for fault, (number, example) in faults.items():
        print(f"FAULT ({number} times): {fault} [{example}")
    print(f"{len(faults)} kinds of fault")
    return 1 if faults or made < asked.requests else 0


def _app(folder: Path):
    url = f"sqlite:///{folder / 'record.db'}"
    engine = make_engine(url)
    migrate(engine)
    import_files(engine, [ROOT / "data"], moment=RECORDED)
    engine.dispose()
    app = create_app(Settings(database_url=url, data_dir=ROOT / "data", static_dir=ROOT / "static"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def _ask(operation, mode, examples, number, statuses, faults):
    """Ask so many questions of one operation; hypothesis may find fewer where there are fewer to ask."""
    done = Counter()

    @seed(number)
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=questions(operation, mode))
    def ask(case):
        try:
            answer = held(case)
        except Fault as fault:
            done["fault"] += 1
            kind, _, example = str(fault).partition(" [")
            number, first = faults.get(kind, (0, example))
            faults[kind] = (number + 1, first)
        else:
            statuses[answer.status_code] += 1

    ask()


if __name__ == "__main__":
    sys.exit(main())
