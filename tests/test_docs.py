"""The documentation's promises: its examples run, and every command, page and setting is documented and no other."""

import contextlib
import io
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.exceptions import HTTPException, NotFound

from tests.support.commands import COMMANDS
from tests.test_architecture import PACKAGES
from tracker.alerts.webhook import signature
from tracker.app import create_app
from tracker.cli import cli
from tracker.config import VARIABLES, Settings
from tracker.errors import BadData
from tracker.law.kinds import ActionKind

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text() for path in sorted(DOCS.rglob("*.md"))}
README = (ROOT / "README.md").read_text()
TEXTS = {"README.md": README, "CONTRIBUTING.md": (ROOT / "CONTRIBUTING.md").read_text(), **PAGES}
ALL = "\n".join(TEXTS.values())


def blocks(text, language):
    """The fenced blocks of a language, with the indentation of a list taken away."""
    return re.findall(rf"^```{language}\b[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def printed_by(code, names=None):
    out = io.StringIO()
    names = {} if names is None else names
    with contextlib.redirect_stdout(out):
        exec(compile(code, "docs", "exec"), names)
    return out.getvalue(), names


# -- examples --------------------------------------------------------------------------------------


def test_the_python_library_examples_print_what_their_page_says():
    page, names = PAGES["docs/using/python.md"], {}
    code, shown = blocks(page, "python"), blocks(page, "text")
    assert len(code) == len(shown)
    for block, text in zip(code, shown, strict=True):
        assert printed_by(block, names)[0] == text


def test_the_clause_example_prints_what_its_page_says():
    page = PAGES["docs/treaties/clauses.md"]
    printed = printed_by(blocks(page, "python")[0])[0]
    assert printed.split() == blocks(page, "text")[0].split()


def test_the_signature_example_accepts_what_the_program_signs_and_nothing_else():
    is_genuine = printed_by(blocks(PAGES["docs/using/alerts.md"], "python")[0])[1]["is_genuine"]
    signed = signature("key", "1700000000", b"{}")
    assert is_genuine("key", "1700000000", b"{}", signed)
    assert not is_genuine("key", "1700000001", b"{}", signed)


def test_the_own_treaty_example_gives_the_output_shown(tmp_path, monkeypatch):
    page = PAGES["docs/treaties/your-own.md"]
    monkeypatch.chdir(tmp_path)
    Path("lake").mkdir()
    for name, content in re.findall(r'```csv title="(.*?)"\n(.*?)```', page, re.DOTALL):
        Path(name).write_text(content)

    def run(*arguments):
        command = ["--database", "sqlite:///own.db", *arguments]
        return CliRunner().invoke(cli, command, env={"COLUMNS": "120"}, catch_exceptions=False).output

    run("init")
    shown = blocks(page, "console")[0].split("$ ")
    assert f"tracker import lake --dry-run\n{run('import', 'lake', '--dry-run')}" == shown[1]
    run("import", "lake")
    status = " ".join(run("status", "lake-water", "--as-of", "2026-11-01").split())
    assert " ".join(blocks(page, "text")[0].split()) in status

    Path("bad").mkdir()
    faulty = Path("lake/parties.csv").read_text().replace("CHE,ratification", "CHX,ratification")
    Path("bad/parties.csv").write_text(faulty.replace("2025-06-17", "2025-06-31"))
    with pytest.raises(BadData) as faults:
        run("import", "bad", "--dry-run")
    assert f"{faults.value}\n" == blocks(page, "text")[1]


@pytest.mark.parametrize("page", ["README.md", "docs/using/commands.md"])
def test_the_status_example_begins_as_the_command_answers(page, tmp_path):
    def answer(*arguments):
        return CliRunner().invoke(cli, ["--database", f"sqlite:///{tmp_path}/status.db", *arguments]).output

    answer("init")
    command, shown = re.search(r"\$ \S*tracker (status .*)\n((?:.*\n)*?).*\.\.\.\n", TEXTS[page]).groups()
    assert shown.strip()
    assert "".join(answer(*command.split()).split()).startswith("".join(shown.split()))


def test_the_pages_that_the_readme_proposes_answer(tmp_path):
    database = f"sqlite:///{tmp_path}/pages.db"
    CliRunner().invoke(cli, ["--database", database, "init"])
    client = create_app(Settings(database_url=database)).test_client()
    proposed = re.findall(r"\(http://127\.0\.0\.1:8000(/[^)]+)\)", README)
    assert len(proposed) == 4
    assert {address: client.get(address).status_code for address in proposed} == dict.fromkeys(proposed, 200)


# -- completeness ----------------------------------------------------------------------------------


COMMANDS_PAGE = PAGES["docs/using/commands.md"]
SHARED = {"--as-of", "--known-at", "--format"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented_with_its_options(name):
    assert f"`tracker {name}" in COMMANDS_PAGE
    assert all(option in COMMANDS_PAGE for option in SHARED)
    command = COMMANDS[name]
    below = getattr(command, "commands", {})
    for each in (command, *below.values()):
        for option in each.params:
            for spelling in [s for s in option.opts if s.startswith("--") and s not in SHARED]:
                assert spelling in COMMANDS_PAGE, f"{name} {spelling}"
    assert all(f"`tracker {name} {each}" in COMMANDS_PAGE for each in below)


def test_every_documented_command_exists():
    documented = re.findall(r"^\| `tracker ([a-z-]+)", COMMANDS_PAGE, re.MULTILINE)
    assert set(documented) == set(COMMANDS)
    mentioned = re.findall(r"(?:`|^(?:\$ )?)tracker (?!--)([a-z][a-z-]*)", ALL, re.MULTILINE)
    assert set(mentioned) <= set(COMMANDS)


def test_every_documented_option_exists():
    commands = [cli, *COMMANDS.values()]
    commands += [below for each in COMMANDS.values() for below in getattr(each, "commands", {}).values()]
    options = {spelling for each in commands for option in each.params for spelling in option.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", COMMANDS_PAGE)) <= options


def test_every_setting_is_documented_and_no_other():
    rows = re.findall(r"^\| (`TRACKER_[^|]*) \|", PAGES["docs/running/settings.md"], re.MULTILINE)
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(documented) == sorted(VARIABLES)
    assert set(re.findall(r"TRACKER_[A-Z_]+[A-Z]", ALL)) - {"TRACKER_TEST_POSTGRES"} <= set(VARIABLES)


def test_every_page_is_documented_and_no_other():
    app = create_app(Settings(database_url="sqlite:////nowhere/nothing.db"))
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    documented = set(re.findall(r"`(/[a-z-]*)[/`]", PAGES["docs/using/pages.md"]))
    tops = {"/" + rule.split("/")[1].partition(".")[0] for rule in rules if "<" not in rule.split("/")[1]}
    assert tops - {"/api", "/static", "/vendor", "/favicon"} == documented - {"/api"}


def test_every_address_in_the_documentation_is_served():
    app = create_app(Settings(database_url="sqlite:////nowhere/nothing.db"))
    urls = app.url_map.bind("127.0.0.1")

    def is_served(address):
        try:
            urls.match(address)
        except NotFound:
            return False
        except HTTPException:
            return True  # another method, or a redirect to the address with a slash
        return True

    inline = re.findall(r"`(?:[A-Z]+ )?(/[a-z][^`?\s]*)[^`]*`", ALL)
    addresses = {address.rstrip("/") for address in inline + re.findall(r"127\.0\.0\.1:8000(/[^?)'\s`]*)", ALL)} - {""}
    assert len(addresses) > 40
    # What some of them are only the beginning of.
    longer = ("", ".ics", ".xml", ".txt", ".jsonld", "/x", "/untoc/map", "/record.zip")
    unserved = {each for each in addresses if not any(is_served(each + rest) for rest in longer)}
    assert not unserved


def test_every_metric_is_documented_and_no_other():
    source = (ROOT / "tracker" / "web" / "metrics.py").read_text()
    names = set(re.findall(r'"(tracker_[a-z_]+)"', source))
    documented = set(re.findall(r"`(tracker_[a-z_]+)`", PAGES["docs/running/monitoring.md"]))
    assert names == {name.removesuffix("_total") for name in documented}


def test_every_treaty_action_is_documented():
    page = PAGES["docs/treaties/your-own.md"]
    assert all(f"`{kind.value}`" in page for kind in ActionKind)


def test_every_data_file_is_documented():
    files = {path.name for path in (ROOT / "data").glob("*.csv")}
    assert files <= set(re.findall(r"^\| `(\w+\.csv)`", PAGES["docs/using/data.md"], re.MULTILINE))


def test_every_file_that_the_documentation_names_exists():
    named = set(re.findall(r"`((?:tracker|tests|scripts|benchmarks|docs|static|data)/[\w./-]*)`", ALL))
    named |= set(re.findall(r"benchmarks[./]\w+(?:\.py)?", ALL))
    missing = {n for n in named if not any((ROOT / each).exists() for each in (n, n.replace(".", "/") + ".py"))}
    assert named
    assert not missing


def test_every_package_is_described_in_how_it_is_built():
    page = PAGES["docs/development/architecture.md"]
    packages = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tracker").rglob("__init__.py")}
    for package in packages - {"tracker"}:
        top = package.count("/") == 1 or package.startswith("tracker/web/")
        assert not top or f"| `{package}/` |" in page, package


def test_the_import_order_is_the_one_that_the_architecture_test_enforces():
    shown = re.search(r"^errors, messages, .* → .*", PAGES["docs/development/architecture.md"], re.MULTILINE)[0]
    layers = [layer.replace(",", "").split() for layer in shown.split(" → ")]
    assert layers == [line.split() for line in PACKAGES.strip().splitlines()]


def test_every_command_for_developers_is_documented():
    targets = set(re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split())
    documented = set(re.findall(r"`make ([a-z-]+)`", PAGES["docs/development/contributing.md"]))
    parts_of_check = {"lint", "types"}
    assert documented - targets == set()
    assert targets - documented - parts_of_check == set()


# -- form ------------------------------------------------------------------------------------------


def test_the_readme_is_short():
    assert README.count("\n") <= 150


UNCLEAR = """
be told; been told; is told; asked to be told; tell me; no longer be told
without a day; on no day; on no count; an unknown day; no day yet; no last day
the record; on record; cannot be had; held against; held back; did not dare; as supposed; suppose; supposed
followed through; have consented; not consented; signed only
who is missing; what it misses; miss none; most missing; tie; ties; tied; most telling; most alike; likeness
nobody; somebody; left by these filters; who they are; in words; start anew; take back; take away
eligible and absent; expected of it; not expected; and no more; has never signed; never signed
could bring; could tip; still needed; so many; how soon; at once; so it waits; not there yet
one by one; opens nothing; asked too often; live around; has to do with; bodies around; stand alike; stands towards
judged; judgement; judgements; verdict; finding; findings; standing; the working; its working; doubt; doubts
recalled, not checked; never filled in; says the depositary; mend; a noun; what if; which has passed; depository
"""


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_documentation_uses_plain_words(name):
    prose = re.sub(r"^( *)```.*?^\1```|`[^`\n]*`|\]\([^)]*\)", "", TEXTS[name], flags=re.MULTILINE | re.DOTALL).lower()
    prose = prose.replace("fact-finding", "")  # in the name of a commission
    phrases = [phrase.strip() for phrase in re.split(r"[;\n]", UNCLEAR) if phrase.strip()]
    assert not [phrase for phrase in phrases if re.search(rf"\b{re.escape(phrase)}\b", prose)]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])  # MkDocs checks the links of the other pages
def test_every_relative_link_leads_to_a_file(name):
    links = re.findall(r"\]\((?!https?://)([^)#]+)", TEXTS[name])
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


# -- the site --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; any warning of MkDocs fails the build."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stderr
    return folder


class _Loaded(HTMLParser):
    """The addresses that a browser loads by itself when it opens a page."""

    def __init__(self, html):
        super().__init__()
        self.addresses = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "link" and given.get("rel") not in ("next", "prev", "canonical"):
            self.addresses.append(given.get("href") or "")
        elif tag != "a" and given.get("src"):
            self.addresses.append(given["src"])


def test_the_site_loads_nothing_from_other_servers_and_every_file_it_loads_is_there(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) >= len(PAGES)
    for page in pages:
        if page.name == "404.html":
            continue
        for address in _Loaded(page.read_text()).addresses:
            assert not re.match(r"(?:https?:)?//", address), f"{page.name} loads {address}"
            assert (page.parent / address.partition("#")[0].partition("?")[0]).exists(), f"{page.name} lacks {address}"
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//|@import", style.read_text()), style.name


def test_no_cell_of_the_site_shows_the_mark_up_of_a_table(site):
    for page in site.rglob("*.html"):
        cells = re.findall(r"<td>(.*?)</td>", page.read_text(), re.DOTALL)
        assert not [cell for cell in cells if "\\|" in cell or re.search(r"`|\]\(", cell)], page.name


def test_the_site_lists_every_file_of_code_with_one_line(site):
    html = (site / "development" / "modules.html").read_text()
    listed = {}
    for folder, section in re.findall(r"<h2[^>]*><code>([\w/]+)/</code>(.*?)(?=<h2|$)", html, re.DOTALL):
        for name, line in re.findall(r"<td><code>([\w.-]+)</code></td>\s*<td>(.*?)</td>", section):
            listed[f"{folder}/{name}"] = line
    found = [
        *ROOT.glob("tracker/**/*.py"),
        *ROOT.glob("static/*.*s"),
        *ROOT.glob("scripts/*.*"),
        *ROOT.glob("benchmarks/*.py"),
    ]
    files = {path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py"}
    assert set(listed) == files
    assert {path for path, line in listed.items() if not 10 < len(line) < 250} == set()
