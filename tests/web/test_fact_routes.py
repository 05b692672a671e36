"""Programs list, enter, correct and retract facts by the API as editors do on pages."""

import pytest

from tests.web.test_auth import bearing, engine, site  # noqa: F401 - fixtures
from tracker.accounts.api_tokens import Scope
from tracker.law.model import Action
from tracker.storage import audit_log, repository

VALUES = {"treaty": "pact", "participant": "BBB", "action": "accession", "date": "2002-02-02", "source": "a letter"}


@pytest.fixture
def ask(site, engine):  # noqa: F811 - the fixtures
    """Asks as a program with the scope `edit`."""
    _, header = bearing(engine, Scope.EDIT)
    client = site.test_client()
    return lambda body=None, query="": (
        client.post("/api/v1/facts", json=body, headers=header) if body else
        client.get(f"/api/v1/facts?{query}", headers=header)
    )  # fmt: skip


def acts(engine):  # noqa: F811 - the fixture
    return [(act.participant, act.kind.value, str(act.date)) for act in repository.load_ledger(engine).acts("pact")]


def test_a_dry_run_says_what_would_follow_and_writes_nothing(ask, engine):  # noqa: F811
    data = ask({"kind": "action", "values": VALUES, "dry_run": True}).json["data"]
    assert (data["before"]["status"], data["after"]["status"]) == ("pending", "in-force")
    assert (data["after"]["date"], data["after"]["counted"], data["after"]["required"]) == ("2002-05-03", 2, 2)
    assert data["dry_run"]
    assert data["changes"]
    assert acts(engine) == [("AAA", "accession", "2001-01-01")]


def test_a_fact_is_entered_corrected_and_retracted_by_its_mark(ask, engine):  # noqa: F811
    made = ask({"kind": "action", "values": VALUES}).json["data"]
    assert acts(engine)[-1] == ("BBB", "accession", "2002-02-02")
    [listed] = ask(query="kind=action&treaty=pact&participant=BBB").json["data"]
    assert listed["mark"] == made["recorded"]
    assert {name: value for name, value in listed["values"].items() if value} == VALUES
    changed = {"kind": "action", "values": {**VALUES, "date": "2002-03-03"}, "replaces": made["recorded"]}
    assert "reason" in ask(changed).json["error"]["message"]
    corrected = ask({**changed, "reason": "Misread"}).json["data"]
    assert acts(engine)[-1] == ("BBB", "accession", "2002-03-03")
    gone = ask({"kind": "action", "replaces": corrected["recorded"], "reason": "Not theirs"}).json["data"]
    assert gone["recorded"] == ""
    assert len([fact for fact in repository.live_facts(engine) if isinstance(fact, Action)]) == 1
    assert [each.action for each in audit_log.recent_entries(engine, limit=3)] == [
        "retract action", "correct action", "record action",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "said"),
    [({"kind": "action", "values": VALUES | {"date": "2002-02-30"}}, "date: '2002-02-30'"),
     ({"kind": "action", "values": VALUES | {"colour": "red"}}, "'colour' is no column of parties.csv"),
     ({"kind": "action", "values": VALUES | {"participant": "XXX"}}, "participant: 'XXX'"),
     ({"kind": "action"}, "Say which entry to retract"), ({"kind": "coverage", "values": {}}, "kind"),
     ({"kind": "action", "replaces": "none", "reason": "x"}, "was changed or retracted in the meantime")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(ask, engine, body, said):  # noqa: F811
    answer = ask(body)
    assert answer.status_code == 400
    assert said in answer.json["error"]["message"]
    assert len(acts(engine)) == 1


def test_facts_are_listed_about_something(ask):
    assert ask(query="kind=action").status_code == 400
    assert ask(query="kind=action&treaty=pact").json["meta"]["total"] == 1


def test_a_program_that_only_reads_may_not(site, engine):  # noqa: F811
    _, header = bearing(engine, Scope.READ)
    client = site.test_client()
    assert client.get("/api/v1/facts?kind=action&treaty=pact", headers=header).status_code == 403
    assert client.post("/api/v1/facts", json={"kind": "action", "values": VALUES}, headers=header).status_code == 403
    assert client.post("/api/v1/facts", json={"kind": "action", "values": VALUES}).status_code == 401
