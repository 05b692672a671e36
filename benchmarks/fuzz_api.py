"""Generated requests against the API, held to its own OpenAPI document: at least ten thousand by default.

    python benchmarks/fuzz_api.py [--requests 10000] [--seed 1]

Good and bad questions are made from the document for every operation, and asked as nobody, with a token of too small
a scope and with one of the right scope, so that programs really write; each answer must be one that the document
describes, in status, content type and shape, and never a failure of the server. Prints counts; exits with 1 on any
fault.
"""

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.generated_requests import BAD, GOOD, Fault, held, opened, questions, scopes  # noqa: E402
from tests.support.token_record import TokenSet, needed  # noqa: E402
from tracker.app import create_app  # noqa: E402
from tracker.config import Settings  # noqa: E402
from tracker.storage.database import make_engine  # noqa: E402
from tracker.storage.import_export import import_files  # noqa: E402
from tracker.storage.schema import migrate  # noqa: E402

RECORDED = datetime(2026, 11, 1, 12, tzinfo=UTC)
HELD = 400  # acts, for programs to decide about
WRITES = 6  # times as many questions where a good one with its token writes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'record.db'}"
        keys = _recorded(url)
        schema = opened(_app(url))
        operations = [each.ok() for each in schema.get_all_operations()]
        found = Found()
        kinds = [(each, scope, mode) for each in operations for scope in scopes(each) for mode in (GOOD, BAD)]
        for number, (operation, scope, mode) in enumerate(kinds):
            often = WRITES if mode is GOOD and scope and scope is needed(operation.definition.raw) else 1
            left = max(asked.requests - found.made, 0) / (len(kinds) - number)  # some have fewer questions to ask
            _ask(operation, mode, keys, scope, ceil(left * often) or 1, asked.seed, found)
    found.tell(len(operations))
    return 1 if found.faults or found.made < asked.requests else 0


@dataclass
class Found:
    """What the answers were: counts by status, in all, with a token and of secured operations; and the faults."""

    statuses: Counter = field(default_factory=Counter)
    with_token: Counter = field(default_factory=Counter)
    secured: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    faults: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def made(self) -> int:
        """The number of requests."""
        return sum(self.statuses.values()) + sum(number for number, _ in self.faults.values())

    def answered(self, operation, scope, status: int) -> None:
        """Count an answer."""
        self.statuses[status] += 1
        self.with_token[status] += scope is not None
        if needed(operation.definition.raw):
            self.secured[f"{operation.method.upper()} {operation.path}"][scope or "nobody", status] += 1

    def failed(self, fault: Fault) -> None:
        """Keep a fault with its first example."""
        kind, _, example = str(fault).partition(" [")
        number, first = self.faults.get(kind, (0, example))
        self.faults[kind] = (number + 1, first)

    def tell(self, operations: int) -> None:
        """Print it all."""
        print(f"{self.made} requests to {operations} operations: {dict(sorted(self.statuses.items()))}")
        tokens = sum(self.with_token.values())
        print(f"{tokens} with a token ({tokens / max(self.made, 1):.0%}): {dict(sorted(self.with_token.items()))}")
        for name, counts in self.secured.items():
            print(f"  {name}: {', '.join(f'{who} {status}: {n}' for (who, status), n in sorted(counts.items()))}")
        done = sum(n for counts in self.secured.values() for (_, status), n in counts.items() if status < 300)
        print(f"{done} times a secured operation was done")
        for fault, (number, example) in self.faults.items():
            print(f"FAULT ({number} times): {fault} [{example}")
        print(f"{len(self.faults)} kinds of fault")


def _recorded(url: str) -> TokenSet:
    """The shipped record, with tokens and with acts that are held."""
    engine = make_engine(url)
    migrate(engine)
    import_files(engine, [ROOT / "data"], moment=RECORDED)
    keys = TokenSet.create(engine, HELD)
    engine.dispose()
    return keys


def _app(url: str):
    app = create_app(Settings(database_url=url, data_dir=ROOT / "data", static_dir=ROOT / "static"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def _ask(operation, mode, keys, scope, examples, number, found):
    """Ask so many questions of one operation; hypothesis may find fewer where there are fewer to ask."""

    @seed(number)
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=questions(operation, mode, keys, scope))
    def ask(case):
        try:
            answer = held(case, keys, scope)
        except Fault as fault:
            found.failed(fault)
        else:
            found.answered(operation, scope, answer.status_code)

    ask()


if __name__ == "__main__":
    sys.exit(main())
