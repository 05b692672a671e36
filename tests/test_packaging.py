"""What is published is complete: wheel and source distribution, their metadata, licences, citation and forms."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from tracker import __version__
from tracker.storage.downloads import LICENCE

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))
KINDS_OF_CHANGE = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
LICENCES = ("LICENSE", "NOTICE", "data/LICENSE", "static/vendor/idiomorph/LICENSE")


# -- the distributions -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """The wheel, built from the source distribution as a package index would hand it out, and that one."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, source


@pytest.fixture(scope="module")
def packed(distributions):
    """The names of the files in the wheel, and the metadata."""
    with zipfile.ZipFile(distributions[0]) as wheel:
        names = wheel.namelist()
        (described,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        return set(names), message_from_bytes(wheel.read(described))


def files_in(folder, *left_out):
    found = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts and path.suffix not in left_out}


def test_the_wheel_has_every_file_of_the_program_its_data_and_its_pages(packed):
    names, _ = packed
    assert files_in("tracker") <= names
    assert {f"tracker/_shipped/{name}" for name in files_in("data") | files_in("static")} <= names
    for needed in ("py.typed", "web/templates/base.html", "translations/__init__.py"):
        assert f"tracker/{needed}" in names
    assert {name.split("/")[0] for name in names} == {"tracker", f"treaty_tracker-{__version__}.dist-info"}


def test_the_metadata_name_licences_python_and_what_it_is(packed):
    names, metadata = packed
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "Apache-2.0 AND CC0-1.0 AND 0BSD"
    assert sorted(metadata.get_all("License-File")) == sorted(LICENCES)
    assert {f"treaty_tracker-{__version__}.dist-info/licenses/{name}" for name in LICENCES} <= names
    assert metadata["Requires-Python"] == ">=3.11"
    assert {"Typing :: Typed", "Framework :: Flask", "Natural Language :: French"} <= set(
        metadata.get_all("Classifier")
    )
    assert not [
        each for each in metadata.get_all("Classifier") if each.startswith("License ::")
    ]  # the expression says it
    assert "entry into force" in metadata["Keywords"]
    assert {"apprise", "frames", "gunicorn"} == set(metadata.get_all("Provides-Extra"))


def test_the_description_on_a_package_index_has_no_picture_and_no_link_that_works_only_in_the_repository(packed):
    shown = packed[1].get_payload()
    assert "# Treaty tracker" in shown
    assert "*Picture: The instrument page of UNTOC" in shown
    assert re.findall(r"\]\((?!https?://)[^)]*\)", shown) == []
    assert "docs/screenshots" not in shown


def test_the_source_distribution_has_what_building_testing_and_running_need(distributions):
    with tarfile.open(distributions[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    committed = {
        name for name in kept.stdout.splitlines() if not name.startswith((".ci/", ".github/", ".gitattributes"))
    }
    assert {"LICENSE", "Makefile", "tests/test_packaging.py", "docs/index.md"} <= names
    assert committed <= names


def test_the_installed_wheel_answers_from_its_own_data(distributions, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, distributions[0]], check=True, timeout=120)
    inside = next((tmp_path / "venv").rglob("site-packages"))
    # The dependencies from where the tests run; a folder in a .pth file brings no other .pth file, nor this checkout.
    (inside / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def tracker(*arguments):
        command = [python.with_name("tracker"), "--database", f"sqlite:///{tmp_path}/own.db", *arguments]
        run = {"cwd": tmp_path, "env": {"PATH": os.environ["PATH"]}, "capture_output": True, "text": True}
        return subprocess.run(command, check=True, timeout=120, **run).stdout

    assert tracker("--version") == f"tracker, version {__version__}\n"
    assert f"{inside}/tracker/_shipped/data" in tracker("init").replace("\n", "")
    status = tracker("status", "untoc", "--as-of", "2003-07-01")
    assert "Entry into force: will-enter-into-force, 2003-09-29" in status


# -- version, changelog, citation ------------------------------------------------------------------


def test_the_newest_release_in_the_changelog_is_the_version_of_the_program():
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "Unreleased"
    releases = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", each) for each in headings[1:]]
    assert all(releases), headings
    assert releases[0][1] == __version__
    numbers = [tuple(map(int, each[1].split("."))) for each in releases]
    assert numbers == sorted(set(numbers), reverse=True)
    assert [each[2] for each in releases] == sorted((each[2] for each in releases), reverse=True)


def test_the_changelog_sorts_changes_by_kind_and_says_each_once():
    assert set(re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)) <= KINDS_OF_CHANGE
    begins = [line for line in CHANGELOG.splitlines() if line.startswith("- ")]
    assert sorted(begins) == sorted(set(begins))


def test_the_citation_file_is_valid_and_cites_the_newest_release():
    cited = yaml.load((ROOT / "CITATION.cff").read_text(), yaml.BaseLoader)  # all values as text
    schema = json.loads((ROOT / "tests" / "support" / "cff-1.2.0.schema.json").read_text())
    assert [str(each) for each in jsonschema_rs.validator_for(schema).iter_errors(cited)] == []
    assert f"## [{cited['version']}] - {cited['date-released']}" in CHANGELOG
    assert cited["version"] == __version__


def test_the_data_have_the_licence_that_their_downloads_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert LICENCE in project["license"].split(" AND ")
    assert "CC0 1.0 Universal" in (ROOT / "data" / "LICENSE").read_text()
    assert "Apache License" in (ROOT / "LICENSE").read_text()


# -- issue forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_has_fields_with_labels_and_marks_of_their_own(path):
    form = yaml.safe_load(path.read_text())
    assert form["name"]
    assert form["description"]
    fields = [each for each in form["body"] if each["type"] != "markdown"]
    assert {each["type"] for each in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert all(each["attributes"]["label"] for each in fields)
    ids = [each["id"] for each in fields]
    assert len(ids) == len(set(ids)) > 0
    assert any(each.get("validations", {}).get("required") for each in fields)
