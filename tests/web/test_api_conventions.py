"""How the API behaves whatever is asked: envelopes, refusals, pages of lists, forms, asking again, other sites."""

import csv
from datetime import date
from io import StringIO
from typing import Literal

import pytest
from flask import Blueprint
from typing_extensions import TypedDict

from tests.support.openapi import Document
from tracker.app import create_app
from tracker.config import Settings
from tracker.errors import TooMany
from tracker.web.api.operations import Deprecated, operation
from tracker.web.auth import public
from tracker.web.responses import PageAnswer


class Wish(TypedDict):
    """What a body may say, for these tests."""

    name: str
    count: int
    often: Literal["daily", "weekly"]


trial = Blueprint("trial", __name__, url_prefix="/api/v1/trial")


@trial.post("/wishes")
@public("it changes nothing")
@operation("Wish", Wish, takes=Wish, status=201, in_time=False, errors=(TooMany,), tag="Trial")
def wish(body: Wish) -> PageAnswer:
    """Give the wish back."""
    return PageAnswer("wish", body, [], [])


@trial.get("/old")
@operation("The old way", list[int], in_time=False, tag="Trial", paged="",
           deprecated=Deprecated(date(2026, 1, 1), date(2027, 1, 1)))  # fmt: skip
def old() -> PageAnswer:
    """Numbers."""
    return PageAnswer("old", [1, 2, 3], [], [])


@trial.get("/busy")
@operation("Too often", list[int], in_time=False, tag="Trial", secured=True)
def busy() -> PageAnswer:
    """Refuse."""
    raise TooMany("Too many; wait a minute.")


@pytest.fixture(scope="module")
def tried(app):
    """The application with operations of our own beside its own."""
    url = str(app.extensions["tracker.bulk"]._engine.url)
    other = create_app(Settings(database_url=url))
    other.register_blueprint(trial)
    other.extensions["csrf"].exempt(trial)
    return other


def error(answer, status, code):
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error", "type", "title", "status", "detail", "instance"}
    assert (answer.json["error"]["code"], answer.json["error"]["status"], answer.json["status"]) == (
        code,
        status,
        status,
    )
    assert answer.json["detail"] == answer.json["error"]["message"]
    return answer.json["error"]["message"]


# -- envelopes and refusals ------------------------------------------------------------------------


def test_every_kind_of_error_comes_in_the_one_envelope(client, tried):
    own = tried.test_client()
    error(client.get("/api/v1/instruments/none"), 404, "not-found")
    error(client.get("/api/v1/nothing/here"), 404, "not-found")
    error(client.get("/api/"), 404, "not-found")
    error(client.get("/api/v1/instruments?as_of=yesterday"), 400, "bad-question")
    error(client.delete("/api/v1/instruments"), 405, "method-not-allowed")
    error(client.get("/api/v1/instruments", headers={"Accept": "image/png"}), 406, "not-acceptable")
    error(own.post("/api/v1/trial/wishes", data="name=x"), 415, "unsupported-media-type")
    error(own.post("/api/v1/trial/wishes", json={"name": "x" * 70_000}), 413, "request-entity-too-large")
    error(own.get("/api/v1/trial/busy"), 429, "too-many")


def test_an_error_is_a_problem_detail_whose_type_is_explained_on_the_page_of_the_api(client, page):
    accepts = {"Accept": "application/json, application/problem+json;q=0.9"}
    answer = client.get("/api/v1/instruments/n%20one?as_of=2003-07-01", headers=accepts)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert (answer.json["title"], answer.json["instance"]) == ("Not found", "/api/v1/instruments/n%20one")
    site, _, anchor = answer.json["type"].partition("/api#")
    assert site.startswith("http")
    assert page("/api").get_element_by_id(anchor).text_content()
    plain = client.delete("/api/v1/instruments", headers=accepts).json
    assert (plain["type"], plain["title"]) == ("about:blank", "Method Not Allowed")
    long = client.get(f"/api/v1/{'x' * 2100}", headers=accepts)
    assert (long.status_code, long.mimetype, long.json["status"]) == (414, "application/problem+json", 414)
    assert client.get("/api/v1/bodies", headers=accepts).mimetype == "application/json"


def test_a_record_that_cannot_be_had_is_503_in_the_envelope():
    app = create_app(Settings(database_url="sqlite:////nowhere/nothing.db"))
    error(app.test_client().get("/api/v1/instruments"), 503, "unavailable")


def test_a_misspelt_filter_is_refused_with_the_names_there_are(client):
    said = error(client.get("/api/v1/participants?regoin=Africa"), 400, "bad-question")
    assert said.startswith("'regoin' is not a parameter here. The parameters here are: kind, region,")
    assert "limit, offset" in said


@pytest.mark.parametrize(
    ("query", "words"),
    [("region=", "region is empty"), ("sort=name&sort=region", "sort is given 2 times"),
     ("limit=0", "not a whole number from 1"), ("limit=1e3", "not a whole number"), ("offset=-1", "not a whole number"),
     ("kind=kingdom", "Options: state,"), ("region=%00", "NUL"), ("region=" + "x" * 1001, "1001 characters")],
)  # fmt: skip
def test_a_parameter_that_says_nothing_sensible_is_refused(client, query, words):
    assert words in error(client.get(f"/api/v1/participants?{query}"), 400, "bad-question")


def test_a_body_is_held_to_its_type_field_by_field(tried):
    client = tried.test_client()
    good = {"name": "x", "count": 1, "often": "daily"}
    answer = client.post("/api/v1/trial/wishes", json=good)
    assert (answer.status_code, answer.json["data"]) == (201, good)
    said = error(client.post("/api/v1/trial/wishes", json=good | {"count": "1", "more": 1}), 400, "bad-question")
    assert "count: " in said
    assert "more: " in said
    assert "JSON" in error(client.post("/api/v1/trial/wishes", data="{", content_type="application/json"), 400,
                           "bad-question")  # fmt: skip


# -- pages of lists --------------------------------------------------------------------------------


def test_a_list_without_paging_comes_whole(client):
    answer = client.get("/api/v1/participants")
    assert answer.json["meta"]["total"] == len(answer.json["data"]) > 200
    assert (answer.json["meta"]["limit"], answer.json["meta"]["next"]) == (None, None)
    assert "Link" not in answer.headers


@pytest.mark.parametrize(
    ("path", "key"),
    [("participants?region=Africa&sort=-consented", ""), ("instruments/untoc?standing=signatory", "participants"),
     ("instruments/untoc", "participants"), ("network?view=ties", "ties"), ("bodies/greco", "members")],
)  # fmt: skip
def test_following_next_gives_the_whole_list_once_and_in_order(client, path, key):
    def rows(answer):
        return answer.json["data"][key] if key else answer.json["data"]

    address, pages = f"/api/v1/{path}", []
    whole = rows(client.get(address))
    address += f"{'&' if '?' in address else '?'}limit=17"
    while address:
        answer = client.get(address)
        pages += rows(answer)
        address = answer.json["meta"]["next"]
        assert (f'<{address}>; rel="next"' in answer.headers.get_all("Link")) == bool(address)
    assert pages == whole
    assert len(whole) == answer.json["meta"]["total"]


def test_a_page_links_to_the_first_and_the_one_before(client):
    links = client.get("/api/v1/participants?limit=10&offset=5&as_of=2003-07-01").headers.get_all("Link")
    assert '</api/v1/participants?limit=10&as_of=2003-07-01>; rel="first"' in [_in_order(each) for each in links]
    assert any('rel="prev"' in each and "offset" not in each for each in links)


def test_a_page_links_to_the_last_which_has_rows_and_none_after_it(client):
    first = client.get("/api/v1/participants?limit=100")
    [last] = [each for each in first.headers.get_all("Link") if 'rel="last"' in each]
    answer = client.get(last.partition(">")[0].removeprefix("<"))
    assert 0 < len(answer.json["data"]) <= 100
    assert answer.json["meta"]["offset"] + len(answer.json["data"]) == first.json["meta"]["total"]
    assert answer.json["meta"]["next"] is None


def _in_order(link):
    address, _, relation = link.partition(">")
    path, _, query = address.removeprefix("<").partition("?")
    return f"<{path}?{'&'.join(sorted(query.split('&'), reverse=True))}>{relation}"


def test_a_page_beyond_the_end_is_empty_and_leads_nowhere(client):
    answer = client.get("/api/v1/instruments?limit=5&offset=5000").json
    assert (answer["data"], answer["meta"]["next"]) == ([], None)
    assert answer["meta"]["total"] > 10


# -- forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "application/json"), ("", "application/json"), ("*/*", "application/json"),
        ("application/*", "application/json"), ("text/*", "text/csv"), ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"), ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("text/csv;q=0.5, */*", "application/json"), ("text/csv, */*;q=0.1", "text/csv"),
        ("text/csv;q=0, */*;q=0.1", "application/json"), ("application/json;q=0, */*", "text/csv"),
        ("application/json; charset=utf-8", "application/json"), ("text/csv; header=present", "text/csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"), ("text/html", None), ("image/png", None),
        ("application/json;q=0, text/csv;q=0", None),
    ],
)  # fmt: skip
def test_the_form_is_the_one_that_the_reader_prefers(client, accept, form):
    answer = client.get("/api/v1/participants", headers={} if accept is None else {"Accept": accept})
    assert answer.status_code == (200 if form else 406)
    assert answer.mimetype == (form or "application/json")
    assert "Accept" in answer.headers["Vary"].replace("Accept-Encoding", "").split(", ")


def test_csv_through_the_accept_header_holds_the_rows_asked_for(client):
    answer = client.get("/api/v1/participants?region=Africa&limit=3", headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(StringIO(answer.text)))
    there = client.get("/api/v1/participants?region=Africa&limit=3").json["data"]
    assert [row["participant"] for row in rows] == [row["participant"] for row in there]
    assert 'rel="next"' in " ".join(answer.headers.get_all("Link"))


def test_an_answer_without_rows_is_not_to_be_had_as_csv(client):
    said = error(client.get("/api/v1/overview", headers={"Accept": "text/csv"}), 406, "not-acceptable")
    assert "application/json" in said


# -- conditional requests, HEAD, OPTIONS, other sites ----------------------------------------------


def test_a_program_that_holds_the_answer_gets_304_and_another_form_is_another_answer(client):
    for form in ("application/json", "text/csv"):
        first = client.get("/api/v1/participants", headers={"Accept": form})
        again = client.get("/api/v1/participants", headers={"Accept": form, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert "Accept" in again.headers["Vary"]
        other = "text/csv" if form == "application/json" else "application/json"
        headers_of_other = {"Accept": other, "If-None-Match": first.headers["ETag"]}
        assert client.get("/api/v1/participants", headers=headers_of_other).status_code == 200


def test_head_gives_the_headers_of_the_answer_alone(client):
    answer, whole = client.head("/api/v1/participants?limit=3"), client.get("/api/v1/participants?limit=3")
    assert (answer.status_code, answer.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Link", "Access-Control-Allow-Origin"):
        assert answer.headers[name] == whole.headers[name]


def test_options_says_what_may_be_asked_and_lets_pages_of_other_sites_read(client):
    answer = client.options("/api/v1/participants", headers={"Origin": "https://example.org"})
    assert answer.allow.as_set() == {"get", "head", "options"}
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"


def test_pages_of_other_sites_may_read_the_api_without_credentials_and_nothing_else(client, tried):
    for path in ("/api/v1/participants", "/api/v1/instruments/none", "/api/v1/nothing"):
        answer = client.get(path, headers={"Origin": "https://example.org"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    data = ("/participants.json", "/participants?format=csv", "/instruments/untoc.ics", "/network.node-link.json",
            "/instruments/none.json", "/download/record.zip")  # fmt: skip
    for path in data:
        answer = client.head(path, headers={"Origin": "https://example.org"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*", path
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert client.options("/participants.json").headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    for path in ("/participants", "/health", "/data", "/edit/action?format=json", "/held?format=json"):
        assert "Access-Control-Allow-Origin" not in client.get(path).headers, path
    own = tried.test_client()
    assert "Access-Control-Allow-Origin" not in own.post("/api/v1/trial/wishes", json={}).headers
    assert "Access-Control-Allow-Origin" not in own.options("/api/v1/trial/wishes").headers
    assert "Access-Control-Allow-Origin" not in own.get("/api/v1/trial/busy").headers


# -- deprecation -----------------------------------------------------------------------------------


def test_a_deprecated_operation_says_so_in_its_answers_and_in_the_document(tried):
    answer = tried.test_client().get("/api/v1/trial/old?limit=1")
    assert answer.headers["Deprecation"] == "@1767225600"  # 2026-01-01T00:00:00Z, RFC 9745 section 2
    assert answer.headers["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
    links = answer.headers.get_all("Link")
    assert {'</api#deprecation>; rel="deprecation"', '</api#deprecation>; rel="sunset"'} < set(links)
    assert any('rel="next"' in each for each in links)
    document = Document(tried)
    assert document.operation("/api/v1/trial/old")["deprecated"] is True
    assert "Sunset" in document.operation("/api/v1/trial/old")["responses"]["200"]["headers"]
    assert not document.faults("/api/v1/trial/old", answer)


def test_an_operation_that_needs_a_token_says_so_in_the_document(tried):
    document = Document(tried)
    assert document.operation("/api/v1/trial/busy")["security"] == [{"token": []}]
    taking = document.operation("/api/v1/trial/wishes", "post")
    assert "requestBody" in taking
    assert {"201", "413", "415", "429"} < set(taking["responses"])
