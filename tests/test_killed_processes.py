"""Killed at any moment, importer, server and worker lose nothing, leave nothing half done, and go on."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("what", ["importer", "server", "worker"])
def test_a_process_killed_at_random_moments_loses_nothing_and_the_next_goes_on(database_url, what):
    program = [sys.executable, ROOT / "benchmarks" / "kills.py", "--what", what, "--runs", "3"]
    done = subprocess.run(
        [*program, "--database", database_url], check=False, capture_output=True, text=True, cwd=ROOT, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 runs" in done.stdout
    assert "Nothing lost, nothing half there, nothing doubled; every restart went on." in done.stdout
