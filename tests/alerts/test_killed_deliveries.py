"""Whatever step a worker dies at, no decision is lost and none doubled."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_worker_killed_at_any_step_loses_nothing_and_doubles_nothing(database_url):
    program = [sys.executable, ROOT / "benchmarks" / "crashes.py", "--runs", "20", "--database", database_url]
    done = subprocess.run(program, check=False, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing lost, nothing doubled." in done.stdout
