"""Injection into every field that anything reads: of every address, every form and every body, one by one.

No list of fields is kept here. Which fields a page or a form has is heard while it is asked: whatever it looks up by
name is one. The fields of the API are those of its document. So a field added tomorrow is attacked tomorrow.
"""

import re
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import quote, urlencode

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from tests.support.attacks import EVIL, SMALL, filled, reading, seen
from tests.support.token_record import TokenSet
from tracker.accounts import users
from tracker.accounts.api_tokens import Scope
from tracker.accounts.users import Role
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import repository
from tracker.storage.database import make_engine
from tracker.storage.schema import migrate
from tracker.web.api.openapi import openapi_document

PASSWORD = "correct horse battery staple"
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
MIXED = "".join(EVIL[each] for each in ("sql", "script", "template", "format")) + "<img src=x onerror=alert(1)>"
EVILS = [MIXED, *(EVIL[each] for each in ("header", "up", "unicode", "number", "link"))]
SAMPLES = {
    "participant": "FRA", "who": "FRA", "leaving": "ITA", "choice": "FRA", "body": "greco", "member_of": "greco",
    "q": "party=untoc", "scheme": "grey", "on": "2003-07-01", "leaving_on": "2027-01-01", "as_of": "2003-07-01",
    "thresholds": "1 2", "delay": "90d", "threshold": "2", "parties": "1", "signatories": "1", "limit": "2",
    "decision": "accept", "note": "seen", "metric": "parties", "value": "2", "channel": "webhook",
    "address": "https://hooks.example.org/x", "format": "json", "take_back": "own-x",
}  # fmt: skip


class Heard(ImmutableMultiDict):
    """The fields of an address or a form, with a note of every name that is looked up in them."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.names.add(name)
        return super().__contains__(name)

    def get(self, name, *rest, **more):
        self.names.add(name)
        return super().get(name, *rest, **more)

    def getlist(self, name, *rest, **more):
        self.names.add(name)
        return super().getlist(name, *rest, **more)


class Hearing(Request):
    """A request whose fields are heard."""

    parameter_storage_class = Heard


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """A small record of every noun, so that a page is there for every address."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('attacked') / 'record.db'}")
    migrate(engine)
    repository.record_facts(engine, SMALL, what="a test", moment=MOMENT)
    users.add_user(engine, "Olga", PASSWORD, moment=MOMENT, role=Role.OPERATOR)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def keys(engine):
    return TokenSet.create(engine, 40)


@pytest.fixture(scope="module")
def site(engine, keys):
    app = create_app(Settings(database_url=str(engine.url), secret_key="a test's own key"))
    app.request_class = Hearing
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["tracker.limits"].enabled = False
    yield app
    app.extensions["tracker.operations"].engine.dispose()


@pytest.fixture(scope="module")
def chief(site):
    """An operator's browser, which every page and form is open to."""
    browser = site.test_client()
    form = {"csrf_token": token(browser), "name": "Olga", "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 303
    return browser


def token(browser):
    page = browser.get("/held").text
    page = page if "csrf_token" in page else browser.get("/sign-in").text
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def heard(ask):
    """The names that are looked up while something is asked: first of nothing, then of what was looked up."""
    Heard.names = set()
    ask({})
    for _ in range(2):
        ask({name: SAMPLES.get(name, "untoc") for name in Heard.names - {"csrf_token"}})
    return Heard.names - {"csrf_token"}


def fields(site, chief):
    """Every address that is read, with the names of what may be asked of it."""
    described_at = dict(_described(site))
    for rule, path in reading(site):
        address = filled(path)
        if address in described_at:
            yield address, described_at[address]
        elif rule.endpoint not in ("static", "network.vis"):
            yield address, heard(lambda asked, at=address: chief.get(at, query_string=asked, buffered=True))


def _described(site):
    for path, methods in openapi_document(site)["paths"].items():
        named = [each["name"] for each in methods.get("get", {"parameters": []})["parameters"] if each["in"] == "query"]
        yield filled(re.sub(r"\{(\w+)\}", r"<\1>", path)), {*named, "x"}


def test_the_fields_that_are_heard_are_those_that_people_know(site, chief):
    found = dict(fields(site, chief))
    assert len(found) > 90
    assert {"as_of", "known_at", "format"} <= found["/participants"]
    assert {"instrument", "threshold", "delay", "who", "leaving", "thresholds"} <= found["/what-if"]
    assert {"who", "since", "before"} <= found["/audit"]
    assert {"q", "limit"} <= found["/api/v1/search"]
    assert {address for address, names in found.items() if not names} == {"/live", "/health", "/metrics"}


def test_no_field_of_any_address_breaks_leaks_or_runs(site, engine, chief):
    revision, tried = repository.current_revision(engine), 0
    for address, names in list(fields(site, chief)):
        samples = {name: value for name, value in SAMPLES.items() if name in names and name != "format"}
        for name in names:
            for evil, others in [*((evil, {}) for evil in EVILS), (MIXED, samples)]:
                query = urlencode({**others, name: evil}, errors="surrogatepass")
                answer = chief.get(f"{address}?{query}", buffered=True)
                seen(answer, f"{address}?{query}")
                tried += 1
    assert tried > 3000
    assert repository.current_revision(engine) == revision


def forms(site):
    """Every form that is sent by a page, with its address."""
    for rule in site.url_map.iter_rules():
        if "POST" in rule.methods and not rule.rule.startswith("/api/"):
            yield rule.rule, filled(rule.rule)


def test_no_field_of_any_form_breaks_leaks_or_runs_and_what_is_kept_of_it_does_not_either(site, chief):
    tried = 0
    for rule, address in forms(site):
        browser = site.test_client() if rule in ("/sign-in", "/sign-out") else chief
        given = {"csrf_token": token(browser)}
        names = heard(lambda asked, at=address, who=browser, mark=given: who.post(at, data={**mark, **asked}))
        samples = {name: SAMPLES.get(name, "untoc") for name in names}
        for name in names:
            for evil in EVILS:
                seen(browser.post(address, data={**given, **samples, name: evil}), f"{address} {name}={evil}")
                tried += 1
        for evil in EVILS if "<" in rule else ():
            part = quote(evil, safe="", errors="surrogatepass")
            at = re.sub(r"<[^>]*>", lambda _, part=part: part, rule)
            seen(browser.post(at, data=given), at)
    assert tried > 100
    every_page_is_still_there(site, chief)


def test_no_field_of_any_body_and_no_part_of_its_address_breaks_leaks_or_runs(site, keys, chief):
    """With a good token, so that there is nothing before the field itself to refuse it."""
    good, client, tried = keys.header(Scope.EDIT), site.test_client(), 0
    for path, methods in openapi_document(site)["paths"].items():
        for method in methods.keys() - {"get"}:
            address = filled(re.sub(r"\{(\w+)\}", r"<\1>", path))
            body = _schema(site, methods[method])
            samples = {name: _sample(name, each) for name, each in body.items()}
            for name, evil in ((name, evil) for name in body for evil in [*EVILS, EVIL["nul"], 10**30, [], {}, None]):
                asked = {**samples, name: evil}
                seen(client.open(address, method=method, json=asked, headers=good), f"{method} {address} {name}={evil}")
                tried += 1
            for evil in EVILS if "{" in path else ():
                at = re.sub(r"\{\w+\}", lambda _, e=evil: quote(e, safe="", errors="surrogatepass"), path)
                seen(client.open(at, method=method, json=samples, headers=good), f"{method} {at}")
                tried += 1
    assert tried > 100
    every_page_is_still_there(site, chief)


def _schema(site, operation):
    found = operation.get("requestBody", {"content": {"application/json": {"schema": {}}}})
    schema = found["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = openapi_document(site)["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("properties", {})


def _sample(name, schema):
    sample = SAMPLES.get(name, "untoc")
    return int(sample) if schema.get("type") == "integer" else sample


def every_page_is_still_there(site, chief):
    """And shows nothing of what was tried as anything but text."""
    for _, path in reading(site):
        seen(chief.get(filled(path), buffered=True), filled(path))
    assert chief.get("/").status_code == chief.get("/held").status_code == chief.get("/audit").status_code == 200
