"""The audit of dependencies says what it knows, and never that it has looked where it has not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLEAN = {"name": "flask", "version": "3.1.3", "vulns": []}
BAD = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-2020-1", "fix_versions": ["2"], "aliases": []}]}
SKIPPED = {"name": "hidden", "skip_reason": "not found"}


def judge(path, answers, **environment):
    path.write_text(json.dumps({"dependencies": answers}) if answers is not None else "")
    command = [sys.executable, ROOT / "scripts" / "audit_dependencies.py", "--judge", path]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ([CLEAN], 0, "Audited: no advisory"),
        ([CLEAN, BAD], 1, "VULNERABLE: old 1: PYSEC-2020-1, mended in 2"),
        ([BAD, SKIPPED], 1, "VULNERABLE"),
        ([CLEAN, SKIPPED], 0, "NOT AUDITED: the advisories on hidden"),
        ([SKIPPED], 0, "NOT AUDITED: no advisories"),
        (None, 0, "NOT AUDITED: no advisories"),
    ],
)
def test_what_the_database_of_advisories_says_is_told_and_what_it_does_not_say_too(tmp_path, answers, code, words):
    done = judge(tmp_path / "answer.json", answers)
    assert (done.returncode, words in done.stdout) == (code, True), done.stdout + done.stderr


def test_where_an_audit_is_required_none_is_a_failure(tmp_path):
    assert judge(tmp_path / "answer.json", None, REQUIRE_AUDIT="1").returncode == 1


def test_every_dependency_has_a_lower_bound_and_a_tested_version():
    command = [sys.executable, ROOT / "scripts" / "audit_dependencies.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
