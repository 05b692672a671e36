"""The architecture: which way imports point, and which library is used where. One test states one rule."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tracker"
FILES = {
    ".".join(("tracker", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {}  # of each module while these tests run; kept longer, they are half of what is looked through for garbage

# Packages from the innermost outwards; those on one line do not know each other.
PACKAGES = """
errors messages client_place
config law
graph outlook translations
schemas
storage
sync accounts
alerts intake
library maintenance
web
scheduler app
cli
"""
# The order inside each package, the same way: a module imports only from lines above its own. A name stands for
# everything below it; `.` is the package's own `__init__`.
ORDER = {
    "law": """
        . kinds wording
        dates
        model populations
        evidence
        conditions reference_facts
        action_index clauses
        ledger
        assessments clause_parser clause_text search
        clause_reader
        names statements
        search_questions statement_changes
        consents
        coverage
        requirements
        threshold
        effects
        entry_into_force
        affected bindings counts reservations territories
        claims status_reasons
        status
        deadlines doubts fact_references findings gaps measures
        published_checks statement_checks
        change checks targets
        relations
        disputes
        changes queries scenarios
    """,
    "graph": """
        . model
        membership_sets
        edges nodes
        cells growth layout networkx_graph
        backbone centrality communities diff ego paths profiles similarity
    """,
    "outlook": """
        . histories
        context
        features model
        simulation training
        past_forecasts subjects
        forecast
    """,
    "schemas": """
        . values
        formats
        typed
        arrow
        assessments changes deadlines entry_into_force history network
        queries search statements targets
        fact_lines standings
        instruments participant_filter relations
        bodies maps matrix network_questions overview participants
        comparison panel scenarios_and_claims
    """,
    "storage": """
        . codecs
        database facts
        csv_reader revision tables
        operational_tables
        audit_log change_feed job_locks kept_outlooks repository schema
        ledger_source event_counts validation
        change_log
        error_reports
        import_export migrations
        fact_edits panel_files
        downloads
    """,
    "sync": """
        . cell_text http_client mtdsg_numbers participant_names provision_words reasons
        review_queue text_sections
        comparison printed_statements
        status_table
        html_document printed_territories statement_comparison xml_document
        documents header_clause reconcile
        review
        sync
        addition
    """,
    "accounts": """
        .
        api_tokens users
        sessions
    """,
    "intake": """
        . profile
        actions sheets
        columns dates participants
        understanding
        files
    """,
    "alerts": """
        . address_safety subscribers
        deliveries matching pinned_http
        guarded_requests messages subscriptions
        email outbox webhook
        chat outlooks
        lanes
        sending
    """,
    "maintenance": """
        . health integrity retention
        backup doctor
    """,
    "library": """
        . tables
        record
        sources
    """,
    "web": """
        . assessment_schemes context metrics navigation security
        feeds
        language
        labels
        cache charts fact_forms forms health responses template_filters word_document
        brief_document freshness linked_data pair_matrix request_log row_cache search_answers share_card table_filters
        errors
        auth
        rate_limits
        pages
        network
        api
    """,
    "cli": """
        . logging_setup output server
        query_options users wsgi
        check network panel status worker
        data outlook queries serve
        add doctor imports
    """,
}


@pytest.fixture(scope="module", autouse=True)
def trees():
    TREES.update({module: ast.parse(path.read_text()) for module, path in FILES.items()})
    yield
    TREES.clear()


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


def ranks(text):
    """Each name of an order with the number of its line."""
    return {name: rank for rank, line in enumerate(text.strip().splitlines()) for name in line.split()}


def package(module):
    return module.split(".")[1] if "." in module else ""


def place(module):
    """A module's name inside its package: `.` for the package itself, else the first part below it."""
    parts = module.split(".")[2:]
    return parts[0] if parts else "."


def test_packages_import_only_from_packages_further_in():
    rank = ranks(PACKAGES)
    wrong = [
        f"{module} imports {other}"
        for module in FILES
        for other in ours(module)
        if module != "tracker" and package(module) != package(other) and rank[package(other)] >= rank[package(module)]
    ]
    assert not wrong


def test_the_law_needs_nothing_but_errors_and_messages():
    outside = {other for module in FILES if package(module) == "law" for other in ours(module)}
    assert {package(other) for other in outside} <= {"law", "errors", "messages"}


def test_modules_of_a_package_import_in_the_declared_order():
    wrong = []
    for module in FILES:
        if (inside := package(module)) not in ORDER:
            continue
        rank = ranks(ORDER[inside])
        assert place(module) in rank, f"{module} has no place in the order of tracker.{inside}"
        beside = {other for other in ours(module) if package(other) == inside and place(other) != place(module)}
        wrong += [f"{module} imports {other}" for other in beside if rank[place(other)] >= rank[place(module)]]
    assert not wrong


def test_every_module_of_the_declared_order_exists():
    there = defaultdict(set)
    for module in FILES:
        there[package(module)].add(place(module))
    assert {name: set(ranks(text)) for name, text in ORDER.items()} == {name: there[name] for name in ORDER}


def test_no_import_goes_in_a_circle_package_faces_included():
    def reached(start):
        seen, ahead = set(), list(ours(start))
        while ahead:
            if (each := ahead.pop()) not in seen:
                seen.add(each)
                ahead += ours(each)
        return seen

    assert not [module for module in FILES if module in reached(module)]


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{module}:{node.lineno}"
        for module, tree in TREES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


LIBRARIES = {
    "flask": "web app cli",
    "werkzeug": "web app cli",
    "jinja2": "web",
    "pyarrow": "schemas",
    "sqlalchemy": "storage sync accounts alerts maintenance",
    "sqlmodel": "storage",
    "alembic": "storage",
    "requests": "sync alerts",
    "urllib3": "sync alerts",
    "pyvis": "web",
    "click": "cli",
    "python_calamine": "intake",
    "docx": "web",
    "fpdf": "web",
    "PIL": "web",
    "rapidfuzz": "law",
    "rich": "cli",
    "apscheduler": "scheduler",
    "os": "cli storage maintenance",
    "subprocess": "storage",  # which makes large files in a process of its own
    "pickle": "",
    "ctypes": "",
}


def test_each_library_is_used_only_in_its_packages():
    wrong = []
    for module in FILES:
        for name, _ in imported(module):
            allowed = LIBRARIES.get(name.split(".")[0])
            # an engine is handed on by name: a type imported for an annotation is no use of SQL
            if allowed is not None and package(module) not in allowed.split() and name != "sqlalchemy.Engine":
                wrong.append(f"{module} uses {name}")
    assert not wrong


def test_every_library_that_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.match(r"[A-Za-z0-9-]+", each)[0].lower() for each in project["dependencies"]}
    brought_by_flask = {"werkzeug", "markupsafe", "jinja2"}
    called = {"argon2": "argon2-cffi", "docx": "python-docx", "fpdf": "fpdf2", "PIL": "pillow"}
    for module in FILES:
        tops = {name.split(".")[0] for name, _ in imported(module)} - set(sys.stdlib_module_names) - {"tracker"}
        missing = {top for top in tops if called.get(top, top.replace("_", "-")) not in declared | brought_by_flask}
        assert not missing, f"{module} imports {missing}, which pyproject.toml does not declare"


def attributes(module):
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno


POSIX_ONLY = """
fcntl grp pty pwd resource syslog termios tty
os.O_DIRECTORY os.O_NOFOLLOW os.O_NONBLOCK os.ST_RDONLY os.chown os.fchmod os.fchown os.fork os.forkpty os.getegid
os.geteuid os.getgid os.getloadavg os.getuid os.killpg os.mkfifo os.nice os.register_at_fork os.sched_getaffinity
os.setsid os.setuid os.statvfs os.sync os.umask os.uname
select.epoll select.kqueue select.poll
signal.SIGALRM signal.SIGCHLD signal.SIGHUP signal.SIGKILL signal.SIGQUIT signal.SIGUSR1 signal.SIGUSR2 signal.alarm
signal.pthread_sigmask signal.setitimer signal.sigwait socket.AF_UNIX time.tzset
"""


def unguarded(node, *, guarded=False):
    """The uses of what only POSIX systems have that no condition on the system stands around."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        names = [f"{node.value.id}.{node.attr}"]
    elif isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
    if not guarded:
        yield from ((name, node.lineno) for name in names if name in POSIX_ONLY.split())
    asks = isinstance(node, ast.If | ast.IfExp | ast.BoolOp) and re.search("sys.platform|hasattr", ast.unparse(node))
    for below in ast.iter_child_nodes(node):
        yield from unguarded(below, guarded=guarded or bool(asks))


def test_what_only_posix_systems_have_is_used_under_a_condition():
    assert not [f"{module}:{line} {name}" for module in FILES for name, line in unguarded(TREES[module])]


def test_the_clock_is_read_only_at_the_edges():
    clock = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}
    edges = {
        "tracker.web.context",
        "tracker.scheduler",
        "tracker.cli.data",
        "tracker.library.sources",
        "tracker.cli.query_options",
        "tracker.cli.worker",
        "tracker.cli.server",  # how long clients take, by the clock of waitress
        "tracker.cli.users",
    }
    read = [f"{module}:{line}" for module in FILES for name, line in attributes(module) if name in clock]
    assert not [each for each in read if each.split(":")[0] not in edges]


def test_the_environment_is_read_only_where_the_program_starts():
    read = {module for module in FILES for name, _ in attributes(module) if name in {"os.environ", "os.getenv"}}
    assert read <= {"tracker.cli"}


def test_every_file_says_what_belongs_in_it_and_stays_readable():
    for module, path in FILES.items():
        assert ast.get_docstring(TREES[module]), f"{module} does not say what belongs in it"
        assert path.read_text().count("\n") <= 500, f"{module} has become two files"


def test_no_function_has_grown_into_two():
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno - node.lineno < 45, f"{module}:{node.name} is too long"


def test_every_public_function_and_class_says_what_is_asked_and_answered():
    for module, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{module}.{node.name} has no docstring"


def test_no_two_public_classes_share_a_name():
    places = defaultdict(list)
    for module, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
