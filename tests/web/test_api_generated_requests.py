"""Generated questions to every operation of the API: whoever asks whatever, the document describes the answer."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.support.generated_requests import BAD, GOOD, Fault, held, opened, questions, scopes
from tests.support.ready_databases import set_up_shipped_record
from tests.support.token_record import TokenSet, needed, opens
from tracker.accounts.api_tokens import Scope
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import audit_log, repository
from tracker.storage.database import make_engine
from tracker.web import auth
from tracker.web.api.operations import operations

ROOT = Path(__file__).resolve().parents[2]
EACH = 3  # questions to each operation as each asker, good and bad; benchmarks/fuzz_api.py asks thousands
WRITES = 60  # good ones where a token opens what is secured


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """The shipped record, to be written to."""
    engine = make_engine(set_up_shipped_record(tmp_path_factory.mktemp("written") / "record.db"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def keys(engine):
    return TokenSet.create(engine, 80)


@pytest.fixture(scope="module")
def site(engine, keys):
    app = create_app(Settings(database_url=str(engine.url), data_dir=ROOT / "data", static_dir=ROOT / "static"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.extensions["tracker.operations"].engine.dispose()


@pytest.mark.parametrize("mode", [GOOD, BAD], ids=["good", "bad"])
def test_whatever_is_asked_by_whomever_the_answer_is_as_described(site, engine, keys, mode):
    statuses, revision = Counter(), repository.current_revision(engine)
    for found in opened(site).get_all_operations():
        operation = found.ok()
        for scope in scopes(operation):
            writes = mode is GOOD and scope is not None and scope is needed(operation.definition.raw)
            for status in _answers(operation, mode, keys, scope, WRITES if writes else EACH):
                statuses[operation.label, scope, status] += 1
    assert sum(statuses.values()) > 200
    if mode is GOOD:
        _something_of_everything_was_done(statuses)
        assert repository.current_revision(engine) > revision + 10


def _answers(operation, mode, keys, scope, often):
    """The statuses of the answers to so many questions, each held to the document."""
    statuses = []

    @seed(1)
    @settings(max_examples=often, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=questions(operation, mode, keys, scope))
    def ask(case):
        statuses.append(held(case, keys, scope).status_code)

    ask()
    return statuses


def _something_of_everything_was_done(statuses):
    for name in ("GET /api/v1/held", "POST /api/v1/held/{number}", "DELETE /api/v1/targets/{id}"):
        assert statuses[name, Scope.EDIT, 200] > 2, name
    assert statuses["POST /api/v1/targets", Scope.EDIT, 201] > 2
    assert statuses["GET /api/v1/audit", Scope.OPERATE, 200] > 2
    assert sum(n for (_, _, status), n in statuses.items() if status == 200) > 50


def test_an_operation_open_without_its_token_or_closed_to_it_is_a_fault(site, keys, monkeypatch):
    """The check that the others rely on: it sees a token that opens too much, and one that opens nothing."""
    [operation] = [each.ok() for each in opened(site).get_all_operations() if each.ok().label == "GET /api/v1/held"]
    case = operation.Case(headers={"Accept-Encoding": "identity", **keys.header(Scope.READ)})
    assert held(case, keys, Scope.READ).status_code == 403
    with pytest.raises(Fault, match="good token is refused"):
        held(case, keys, Scope.EDIT)
    monkeypatch.setattr(site.view_functions["api_write.waiting"], "needs", None)
    with pytest.raises(Fault, match="without a token that opens it"):
        held(case, keys, Scope.READ)


def test_the_document_says_the_smallest_scope_that_opens_an_operation(site):
    checked = 0
    for endpoint, operation in operations(site).values():
        wanted = needed({"description": operation.meaning, "operationId": endpoint,
                         "security": [{"token": []}] if operation.secured else []})  # fmt: skip
        what = getattr(site.view_functions[endpoint], "needs", None)
        assert bool(wanted) == bool(what), endpoint
        for scope in Scope if what else ():
            assert (what in auth.ALLOWED[auth.ROLE_OF[scope]]) == opens(scope, wanted), (endpoint, scope)
            checked += 1
    assert checked >= 15


def test_what_programs_were_refused_is_in_the_log(site, engine, keys):
    client = site.test_client()
    assert client.post("/api/v1/targets", json={}, headers=keys.header(Scope.READ)).status_code == 403
    assert client.get("/api/v1/audit", headers=keys.header(Scope.EDIT)).status_code == 403
    second, first = audit_log.recent_entries(engine, limit=2)
    assert (first.action, first.subject, first.who) == ("set targets", "POST /api/v1/targets", "token 1 (to read)")
    assert (second.action, second.subject) == ("see who did what", "GET /api/v1/audit")
    assert first.outcome == "refused: reader may not"
