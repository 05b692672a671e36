"""The order of the house: which way imports point, and what may be used where."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tracker"
FILES = {
    ".".join(("tracker", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
FLOORS = ["tracker.errors tracker.settings", "tracker.law", "tracker.record", "tracker.alerts", "tracker.web",
          "tracker.app tracker.jobs tracker.cli"]  # fmt: skip
LAW = ["dates delays kinds", "model populations", "conditions goals timeline", "clauses reference", "grammar",
       "ledger", "assessments deposits search naming", "requirements", "working", "counting", "force", "binding",
       "standing status metrics", "gaps checks pace", "leaving", "consistency", "tallies scenario needed network",
       "claims change queries touched", "judgements", "targets changes crossing", "answers"]  # fmt: skip
TREES = {module: ast.parse(path.read_text()) for module, path in FILES.items()}


def known(name):
    """The module of ours that a dotted name leads into, or None."""
    while name and name not in FILES:
        name = name.rpartition(".")[0]
    return name or None


def imported(module):
    """Every (name, node) that a module imports, absolute."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def ours(module):
    return {known(name) for name, _ in imported(module)} - {None, module, "tracker"}


def floor(module):
    for rank, names in enumerate(FLOORS):
        if any(module == name or module.startswith(name + ".") for name in names.split()):
            return rank
    return None if module in {"tracker", "tracker.__main__"} else pytest.fail(f"{module} has no floor")


def room(module):
    name = module.removeprefix("tracker.law").lstrip(".").split(".")[0]
    return next((rank for rank, names in enumerate(LAW) if name in names.split()), None)


@pytest.mark.parametrize("module", FILES)
def test_imports_point_down_the_house(module):
    if floor(module) is None:
        return
    above = {other for other in ours(module) if floor(other) > floor(module)}
    assert not above, f"{module} imports from a floor above: {above}"


def test_the_law_stands_alone():
    allowed = {"tracker.errors", "tracker.law"}
    for module in FILES:
        if module.startswith("tracker.law"):
            outside = {o for o in ours(module) if o not in allowed and not o.startswith("tracker.law.")}
            assert not outside, f"{module} imports {outside}"


@pytest.mark.parametrize("module", [m for m in FILES if m.startswith("tracker.law.")])
def test_imports_inside_the_law_point_one_way(module):
    assert room(module) is not None, f"{module} has no place in the law's order"
    above = {o for o in ours(module) if o.startswith("tracker.law.") and (room(o) or 0) > room(module)}
    assert not above, f"{module} imports upwards: {above}"


def test_no_import_goes_in_a_circle():
    def reached(start):
        seen, ahead = set(), list(ours(start))
        while ahead:
            if (each := ahead.pop()) not in seen:
                seen.add(each)
                ahead += ours(each)
        return seen

    packages = {m for m, path in FILES.items() if path.name == "__init__.py"}
    circles = [module for module in FILES if module in reached(module) and module not in packages]
    assert not circles


@pytest.mark.parametrize("module", FILES)
def test_no_import_hides_inside_a_function(module):
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{module}:{hidden[0].lineno} imports inside {node.name}"


@pytest.mark.parametrize(
    ("what", "allowed"),
    [
        ({"flask", "werkzeug", "jinja2"}, ("tracker.web", "tracker.app", "tracker.cli")),
        ({"sqlalchemy", "sqlmodel", "alembic"}, ("tracker.record",)),
        ({"requests", "urllib3"}, ("tracker.record.untc", "tracker.alerts.channels")),
        ({"pyvis"}, ("tracker.web.network",)),
        ({"click", "rich"}, ("tracker.cli",)),
        ({"apscheduler"}, ("tracker.jobs",)),
        ({"os"}, ("tracker.cli", "tracker.record")),
        ({"subprocess", "pickle", "ctypes"}, ()),
    ],
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else "",
)
def test_each_library_is_used_only_in_its_room(what, allowed):
    for module in FILES:
        used = {name.split(".")[0] for name, _ in imported(module)} & what
        if used and not any(module == name or module.startswith(name + ".") for name in allowed):
            # engines are handed on by name; a type imported for an annotation is not a use of SQL
            names = {name for name, _ in imported(module) if name.split(".")[0] in used}
            assert names <= {"sqlalchemy.Engine"}, f"{module} uses {names}"


def test_every_library_that_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.match(r"[A-Za-z0-9-]+", each)[0].lower() for each in project["dependencies"]}
    brought_by_flask = {"werkzeug", "markupsafe", "jinja2"}
    called = {"argon2": "argon2-cffi"}
    for module in FILES:
        tops = {name.split(".")[0] for name, _ in imported(module)} - set(sys.stdlib_module_names) - {"tracker"}
        missing = {top for top in tops if called.get(top, top.replace("_", "-")) not in declared | brought_by_flask}
        assert not missing, f"{module} imports {missing}, which pyproject.toml does not declare"


def attributes(module):
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno


def test_the_clock_is_read_only_at_the_edges():
    clock = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}
    edges = (
        "tracker.web",
        "tracker.jobs",
        "tracker.cli.keeping",
        "tracker.cli.asking",
        "tracker.cli.running",
        "tracker.cli.serving",  # how long clients take, by the clock of waitress
        "tracker.cli.people",
    )
    for module in FILES:
        read = [line for name, line in attributes(module) if name in clock]
        assert not read or module in edges, f"{module} reads the clock on line {read}"


def test_the_environment_is_read_only_where_the_program_starts():
    for module in FILES:
        read = [line for name, line in attributes(module) if name in {"os.environ", "os.getenv"}]
        assert not read or module == "tracker.cli", f"{module} reads the environment on line {read}"


@pytest.mark.parametrize("module", FILES)
def test_every_file_says_what_belongs_in_it_and_stays_short(module):
    text = FILES[module].read_text()
    assert ast.get_docstring(TREES[module]), f"{module} does not say what belongs in it"
    assert text.count("\n") <= 320, f"{module} has become two files"
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 45, f"{module}:{node.name} has become two functions"


@pytest.mark.parametrize("module", FILES)
def test_every_public_function_says_what_is_asked_and_answered(module):
    for node in TREES[module].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{module}.{node.name} has no docstring"
