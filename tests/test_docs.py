"""The README's promises: its Python runs, its commands, pages and settings exist, and none is missing."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tests.support.commands import COMMANDS
from tracker.app import create_app
from tracker.config import _READERS, Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()


def test_the_python_of_the_readme_prints_what_the_readme_says():
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    printed = re.search(r"```text\n(.*?)```", README, re.DOTALL)[1]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})
    assert out.getvalue() == printed
    assert len([line for line in code.splitlines() if line and not line.startswith(("from", "import"))]) <= 10


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_readme_with_its_options(name):
    assert f"`tracker {name}" in README
    shared = {"--as-of", "--known-at", "--format"}
    for option in COMMANDS[name].params:
        for spelling in [s for s in option.opts if s.startswith("--") and s not in shared]:
            assert spelling in README, f"{name} {spelling}"


def test_every_command_of_the_readme_exists():
    assert set(re.findall(r"^\| `tracker ([a-z-]+)", README, re.MULTILINE)) == set(COMMANDS)


def test_every_setting_is_in_the_readme_and_no_other():
    assert set(re.findall(r"`(TRACKER_[A-Z_]+)`", README)) - {"TRACKER_TEST_POSTGRES"} == set(_READERS)


def test_every_page_is_in_the_readme_and_no_other():
    app = create_app(Settings(database_url="sqlite:////nowhere/nothing.db"))
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    documented = set(re.findall(r"`(/[a-z-]*)[/`]", README[README.index("## Pages") : README.index("## Commands")]))
    tops = {"/" + rule.split("/")[1].partition(".")[0] for rule in rules if "<" not in rule.split("/")[1]}
    assert tops - {"/api", "/static", "/vendor", "/favicon"} == documented - {"/api"}


def test_the_changelog_has_an_entry_for_what_is_not_released_yet():
    assert "## Unreleased\n\n- " in (ROOT / "CHANGELOG.md").read_text()
