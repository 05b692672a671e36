"""Who asks and what they may: readers, editors, operators and programs, step by step; and what is written down."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.builders import acceded, instrument, participant
from tests.support.ready_databases import set_up_file
from tracker.accounts import api_tokens, sessions, users
from tracker.accounts.api_tokens import Scope
from tracker.accounts.users import Role
from tracker.app import create_app
from tracker.config import Settings
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.storage import audit_log, repository
from tracker.storage.audit_log import Actor
from tracker.storage.database import make_engine, write_transaction
from tracker.sync import review_queue
from tracker.web import auth
from tracker.web.pages.review import EXTENSION

PASSWORD = "correct horse battery staple"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
CHIEF = Actor(name="a test", role="operator")
DECISION = {"decision": "reject", "note": "Not a State"}
WANTED = {"instrument": "pact", "metric": "parties", "value": 2, "on": "2028-06-30"}


def held_one(engine):
    doubt = review_queue.Discrepancy(
        proposal=review_queue.Proposal.RECORD, instrument="pact", name="Beeland", kind=ActionKind.ACCESSION,
        date=PartialDate.parse("2002-02-02"), reason="the record knows nobody of that name", raw="2 Feb 2002 a",
    )  # fmt: skip
    with write_transaction(engine) as connection:
        return review_queue.hold_discrepancies(connection, "pact", [doubt], MOMENT)[0].id


@pytest.fixture
def engine(tmp_path):
    """A small record on SQLite: what the tables do on PostgreSQL is tested with the tables."""
    set_up_file(tmp_path / "record.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'record.db'}")
    facts = [instrument("pact", threshold=2, delay="90d"), participant("AAA"), participant("BBB")]
    repository.record_facts(engine, [*facts, acceded("AAA", "pact", "2001-01-01")], what="a test", moment=MOMENT)
    yield engine
    engine.dispose()


@pytest.fixture
def site(engine):
    held_one(engine)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    users.add_user(engine, "Olga", PASSWORD, moment=MOMENT, role=Role.OPERATOR)
    app = create_app(Settings(database_url=str(engine.url), secret_key="a test's own key"))
    app.testing = True
    yield app
    app.extensions[EXTENSION].engine.dispose()


def token(answer):
    return re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]


def signed_in(site, name):
    browser = site.test_client()
    if name:
        form = {"csrf_token": token(browser.get("/sign-in")), "name": name, "password": PASSWORD}
        assert browser.post("/sign-in", data=form).status_code == 303
    return browser


def bearing(engine, scope, days=90, moment=None):
    made, secret = api_tokens.create_token(
        engine, "a program", scope, actor=CHIEF, moment=moment or datetime.now(UTC), days=days
    )
    return made, {"Authorization": f"Bearer {secret}"}


def writing_routes(app):
    for rule in app.url_map.iter_rules():
        if methods := rule.methods & auth.WRITING:
            yield rule, methods


def address(rule):
    return re.sub(r"<int[^>]*>", "1", re.sub(r"<(?!int)[^>]*>", "x", rule.rule))


def test_every_route_that_writes_says_who_may_or_why_anyone_may(site):
    routes = list(writing_routes(site))
    assert len(routes) > 8
    for rule, _ in routes:
        view = site.view_functions[rule.endpoint]
        assert getattr(view, "needs", None) or getattr(view, "anyone", ""), f"{rule} says nothing"


def test_a_route_that_writes_and_says_nothing_is_shut_to_everybody(engine):
    app = create_app(Settings(database_url=str(engine.url), secret_key="a test's own key"))
    app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "done", methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    assert app.test_client().post("/api/v1/forgotten").status_code == 403
    app.extensions[EXTENSION].engine.dispose()


def test_nobody_writes_by_a_route_that_their_role_does_not_allow(site, engine):
    roles = {"": Role.READER, "Ada": Role.EDITOR, "Olga": Role.OPERATOR}
    scopes = {name: bearing(engine, scope)[1] for name, scope in zip(roles, Scope, strict=True)}
    site.config["WTF_CSRF_ENABLED"] = False  # so that it is the role that refuses, and nothing before it
    revision, refused = repository.current_revision(engine), 0
    for name, role in roles.items():
        browser = signed_in(site, name)
        for rule, methods in writing_routes(site):
            needed = getattr(site.view_functions[rule.endpoint], "needs", None)
            if needed is None or needed in auth.ALLOWED[role]:
                continue
            for method in methods:
                for program in ([{}] if name else []) + ([{}, scopes[name]] if rule.rule.startswith("/api/") else [{}]):
                    answer = browser.open(address(rule), method=method, headers=program, json={})
                    shut = answer.status_code in (401, 403) or answer.headers.get("Location") == "/sign-in"
                    assert shut, f"{role} {method} {rule}: {answer.status_code}"
                    refused += 1
    assert refused > 12
    assert repository.current_revision(engine) == revision


@pytest.mark.parametrize("path", ["/audit", "/tokens", "/sessions", "/jobs"])
def test_what_operators_see_editors_and_readers_do_not(site, path):
    assert signed_in(site, "").get(path).headers["Location"] == "/sign-in"
    assert signed_in(site, "Ada").get(path).status_code == 403
    answer = signed_in(site, "Olga").get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_an_editor_made_operator_and_back_has_to_sign_in_anew_each_time(site, engine):
    browser = signed_in(site, "Ada")
    for role, status in ((Role.OPERATOR, 200), (Role.EDITOR, 403)):
        users.change_role(engine, "Ada", role, moment=MOMENT)
        assert browser.get("/audit").headers["Location"] == "/sign-in"
        browser = signed_in(site, "Ada")
        assert browser.get("/audit").status_code == status


def test_signing_out_everywhere_ends_every_session_of_the_person_and_of_nobody_else(site):
    first, second, other = signed_in(site, "Ada"), signed_in(site, "Ada"), signed_in(site, "Olga")
    first.post("/sign-out", data={"csrf_token": token(first.get("/held")), "everywhere": "yes"})
    assert second.get("/held").headers["Location"] == "/sign-in"
    assert other.get("/held").status_code == 200


def test_an_operator_ends_a_session_and_a_token(site, engine):
    editor, chief = signed_in(site, "Ada"), signed_in(site, "Olga")
    made, bearer = bearing(engine, Scope.EDIT)
    mark = next(each.mark for each in sessions.list_sessions(engine, datetime.now(UTC)) if each.editor == "Ada")
    form = {"csrf_token": token(chief.get("/sessions"))}
    assert chief.post(f"/sessions/{mark}", data=form).status_code == 303
    assert editor.get("/held").headers["Location"] == "/sign-in"
    assert chief.post(f"/tokens/{made.id}", data=form).status_code == 303
    assert site.test_client().get("/api/v1/held", headers=bearer).status_code == 401


def test_whoever_is_signed_in_does_nothing_by_another_s_form(site, engine):
    browser, other = signed_in(site, "Olga"), site.test_client()
    forged, tried = token(other.get("/sign-in")), 0
    for rule, _ in writing_routes(site):
        if rule.rule.startswith(("/api/", "/unsubscribe/")):
            continue
        for given in ({}, {"csrf_token": forged}):
            answer = browser.post(address(rule), data={**DECISION, **given})
            assert (answer.status_code, "CSRF" in answer.text) == (400, True), f"{rule} {given}"
            line = audit_log.recent_entries(engine, limit=1)[0]
            assert (line.who, line.action, line.subject) == ("Olga", "send a form", f"POST {rule.rule}")
            assert line.outcome.startswith("refused")
            tried += 1
    assert tried > 12
    assert review_queue.list_items(engine)


def test_a_stranger_s_forged_form_fills_no_log(site, engine):
    before = len(audit_log.recent_entries(engine))
    assert site.test_client().post("/sign-in", data={"name": "Ada"}).status_code == 400
    assert len(audit_log.recent_entries(engine)) == before


def test_a_session_that_was_there_before_signing_in_is_worth_nothing_after(site):
    browser = site.test_client()
    browser.get("/sign-in")
    planted = browser.get_cookie("session").value
    form = {"csrf_token": token(browser.get("/sign-in")), "name": "Ada", "password": PASSWORD}
    browser.post("/sign-in", data=form)
    assert browser.get_cookie("session").value != planted
    thief = site.test_client()
    thief.set_cookie("session", planted)
    assert thief.get("/held").headers["Location"] == "/sign-in"


@pytest.mark.parametrize(
    ("base", "name"), [("https://treaties.example", "__Host-session"), ("http://localhost", "session")]
)
def test_the_cookie_is_as_closely_kept_as_the_site_allows(engine, base, name):
    app = create_app(Settings(database_url=str(engine.url), secret_key="a test's own key", base_url=base))
    answer = app.test_client().get("/sign-in", base_url=base)
    app.extensions[EXTENSION].engine.dispose()
    said = answer.headers["Set-Cookie"]
    assert said.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; "))
    assert ("Secure" in said) == base.startswith("https")
    assert "Domain" not in said
    assert ("max-age" in answer.headers.get("Strict-Transport-Security", "")) == base.startswith("https")


# -- programs --------------------------------------------------------------------------------------


def test_a_program_decides_sets_a_target_and_takes_it_back(site, engine):
    client, (made, bearer) = site.test_client(), bearing(engine, Scope.EDIT)
    (waiting,) = client.get("/api/v1/held", headers=bearer).json["data"]
    assert waiting["name"] == "Beeland"
    done = client.post(f"/api/v1/held/{waiting['id']}", headers=bearer, json=DECISION)
    assert (done.status_code, done.json["data"]["decided_by"]) == (200, made.label)
    target = client.post("/api/v1/targets", headers=bearer, json=WANTED)
    assert (target.status_code, target.json["data"]["source"]) == (201, f"set by {made.label}")
    path = f"/api/v1/targets/{target.json['data']['id']}"
    assert client.delete(path, headers=bearer).status_code == 200
    assert client.delete(path, headers=bearer).status_code == 404
    assert [each.action for each in audit_log.recent_entries(engine)][:3] == [
        "withdraw target",
        "set target",
        "reject held act",
    ]
    assert api_tokens.list_tokens(engine)[0].used_at is not None


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        (Scope.READ, "/api/v1/held", 403), (Scope.READ, "/api/v1/audit", 403), (Scope.EDIT, "/api/v1/audit", 403),
        (Scope.OPERATE, "/api/v1/audit", 200), (Scope.READ, "/api/v1/instruments", 200),
    ],
)  # fmt: skip
def test_a_token_opens_what_its_scope_says_and_no_more(site, engine, scope, path, status):
    answer = site.test_client().get(path, headers=bearing(engine, scope)[1])
    assert answer.status_code == status
    if path != "/api/v1/instruments":
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "bearer", ["Bearer trk_" + "x" * 43, "Bearer x", "Basic YWRhOng=", "Bearer", "bearer \0", "Bearer " + "y" * 4000]
)
def test_a_token_that_is_none_is_refused_even_where_none_is_needed(site, bearer):
    answer = site.test_client().get("/api/v1/instruments", headers={"Authorization": bearer})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_opens_nothing_once_expired_or_revoked_and_nothing_at_the_desk(site, engine):
    client, now = site.test_client(), datetime.now(UTC)
    old = bearing(engine, Scope.OPERATE, days=1, moment=now - timedelta(days=2))[1]
    made, live = bearing(engine, Scope.OPERATE)
    assert client.get("/api/v1/audit", headers=old).status_code == 401
    assert client.get("/audit", headers=live).headers["Location"] == "/sign-in"
    api_tokens.revoke_token(engine, made.id, actor=CHIEF, moment=now)
    assert client.get("/api/v1/audit", headers=live).status_code == 401


def test_a_session_s_cookie_counts_for_nothing_where_programs_write(site, engine):
    browser = signed_in(site, "Olga")
    for path, body in (("/api/v1/held/1", DECISION), ("/api/v1/targets", WANTED)):
        assert browser.post(path, json=body).status_code == 401
    assert browser.get("/api/v1/audit").status_code == 401
    assert not repository.load_ledger(engine).targets


def test_a_token_is_kept_as_its_hash_only(engine):
    secret = bearing(engine, Scope.EDIT)[1]["Authorization"].removeprefix("Bearer ")
    assert re.fullmatch(r"trk_[\w-]{43}", secret)
    with engine.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM tokens").all()) + str(
            connection.exec_driver_sql("SELECT * FROM audit").all()
        )
    assert secret not in rows
    assert secret[4:] not in rows


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"a":' * 5_000, "{}", "null", "NaN", '{"decision":"accept","note":1}', "\0", '{"note":"\\ud800"}'],
)
def test_a_body_that_makes_no_sense_is_refused_in_the_house_s_way(site, engine, body):
    headers = bearing(engine, Scope.EDIT)[1] | {"Content-Type": "application/json"}
    answer = site.test_client().post("/api/v1/held/1", data=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert set(answer.json["error"]) == {"code", "message", "status"}


# -- what is written down --------------------------------------------------------------------------


def test_signing_in_failing_to_and_being_refused_are_written_down_with_a_mark_of_the_place(site, engine):
    browser = signed_in(site, "Ada")
    browser.get("/audit")
    other = site.test_client()
    form = {"csrf_token": token(other.get("/sign-in")), "name": "Ada", "password": "a wrong guess"}
    other.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    failed, refused, entered = audit_log.recent_entries(engine)[:3]
    assert (entered.who, entered.role, entered.action, entered.outcome) == ("Ada", "editor", "sign in", "done")
    assert (refused.who, refused.action) == ("Ada", "see who did what")
    assert refused.outcome == "refused: editor may not"
    assert failed.outcome.startswith("failed")
    assert failed.place != entered.place
    assert "203.0.113.9" not in str(audit_log.recent_entries(engine))
    assert entered.request
    assert PASSWORD not in str(audit_log.recent_entries(engine))


def test_a_name_that_is_shut_after_guesses_is_written_down_each_time_it_is_tried(site, engine):
    other = site.test_client()
    form = {"csrf_token": token(other.get("/sign-in")), "name": "Ada", "password": "a wrong guess"}
    statuses = [other.post("/sign-in", data=form).status_code for _ in range(7)]
    assert statuses == [400] * 5 + [429] * 2
    outcomes = [line.outcome for line in audit_log.recent_entries(engine, limit=7)]
    assert outcomes == ["refused: too many attempts"] * 2 + ["failed: wrong name or password"] * 5


def test_every_refusal_of_a_privilege_is_written_down_with_who_and_what(site, engine):
    """Every route that asks for a privilege, by somebody signed in and by a program, who lack it."""
    site.config["WTF_CSRF_ENABLED"] = False
    browser, (made, bearer), tried = signed_in(site, "Ada"), bearing(engine, Scope.EDIT), 0
    for rule in list(site.url_map.iter_rules()):
        needed = getattr(site.view_functions[rule.endpoint], "needs", None)
        if needed is None or needed in auth.ALLOWED[Role.EDITOR]:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            by_program = rule.rule.startswith("/api/")
            client, headers = (site.test_client(), bearer) if by_program else (browser, {})
            assert client.open(address(rule), method=method, headers=headers).status_code == 403
            line = audit_log.recent_entries(engine, limit=1)[0]
            assert (line.who, line.role) == (made.label if by_program else "Ada", "editor")
            assert (line.action, line.subject) == (needed.value, f"{method} {rule.rule}")
            assert line.outcome == "refused: editor may not"
            tried += 1
    assert tried >= 7


def test_a_write_and_its_line_are_there_together_or_not_at_all(site, engine, monkeypatch):
    browser = signed_in(site, "Ada")
    form = {"csrf_token": token(browser.get("/held")), **DECISION}

    def fails(*given, **named):
        raise OSError("the disk is gone")

    site.config["PROPAGATE_EXCEPTIONS"] = False
    with monkeypatch.context() as broken:
        broken.setattr(audit_log, "add_entry", fails)
        assert browser.post("/held/1", data=form).status_code == 500
    assert [each.state for each in review_queue.list_items(engine, states=tuple(review_queue.ReviewState))] == [
        review_queue.ReviewState.OPEN
    ]
    assert browser.post("/held/1", data=form).status_code == 303
    assert audit_log.recent_entries(engine)[0].action == "reject held act"


def test_the_page_of_the_log_shows_it_and_chooses(site, engine):
    browser = signed_in(site, "Olga")
    assert "sign in" in browser.get("/audit").text
    assert "No results." in browser.get("/audit?who=Nobody").text
    assert "No results." in browser.get("/audit?since=2999-01-01T00:00:00Z").text
    for wrong in ("before=x", "before=99999999999", "since=never", "who=%00"):
        assert browser.get(f"/audit?{wrong}").status_code < 500
