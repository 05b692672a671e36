"""The audit of dependencies says what it knows, and never that it has looked where it has not."""

import json
import re
import shutil
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


@pytest.mark.parametrize("name", ["run", "build", "develop"])
def test_what_is_installed_is_locked_by_hashes_and_names_no_server(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [
        entry.split()[0] for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry
    ] == []
    assert "://" not in text


def test_a_lock_without_a_hash_or_of_a_version_that_is_not_allowed_is_a_fault(tmp_path):
    for each in ("scripts", "requirements"):
        shutil.copytree(ROOT / each, tmp_path / each)
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    locked = tmp_path / "requirements" / "run.txt"
    text = locked.read_text()
    command = [sys.executable, tmp_path / "scripts" / "audit_dependencies.py"]
    locked.write_text(re.sub(r"^flask==.*? ", "flask==2.0 ", text, flags=re.MULTILINE))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "flask 2.0 of requirements/run.txt is not what pyproject.toml asks for" in done.stdout
    locked.write_text(re.sub(r"^(flask==\S*) (\\\n *--hash\S*\s*)*", r"\1\n", text, flags=re.MULTILINE))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "flask of requirements/run.txt has no hash" in done.stderr


def test_every_dependency_has_a_lower_bound_and_a_locked_version():
    command = [sys.executable, ROOT / "scripts" / "audit_dependencies.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
