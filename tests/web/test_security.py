"""Nothing runs in the reader's browser but our own files, whatever is asked; errors look like the rest."""

import pytest
from lxml import html

ADDRESSES = [
    "/", "/instruments/untoc?as_of=2003-07-01", "/participants", "/participants/FRA", "/bodies", "/bodies/greco",
    "/findings", "/about", "/network", "/search?q=con", "/matrix", "/compare?participant=FRA&participant=DEU",
    "/compare?instrument=untoc&instrument=uncac", "/matrix.xlsx", "/search.json?q=a",
    "/instruments/untoc.json", "/instruments/untoc.csv", "/api/v1/",
    "/static/style.css",
    "/nowhere", "/api/v1/nowhere", "/static/nothing.css", "/?as_of=never", "/instruments/none", "/instruments/UNTOC",
]  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "'--", "{{7777*1111}}",
    "%00", "..%2f..", "%0d%0aSet-Cookie:x=1", "\u202e\u0000", "a" * 3000,
]  # fmt: skip
PLACES = [
    "/{}", "/instruments/{}", "/participants/{}", "/bodies/{}", "/?as_of={}", "/?known_at={}", "/?format={}", "/?x={}",
    "/instruments/untoc?region={}", "/instruments/untoc?{}=1", "/findings?instrument={}", "/participants?sort={}",
    "/map?instrument={}", "/timeline?participant={}", "/embed?instrument={}", "/embed/{}/badge.svg",
    "/search?q={}", "/matrix?sort={}", "/matrix?towards={}", "/compare?participant={}",
]  # fmt: skip
INSIDE = ["_external", "_scheme", "_anchor", "_method", "endpoint", "path", "id", "form", "self"]
PAST = "as_of=2003-07-01&known_at=2026-11-05T10:00:00Z"
NO_DAYS = ["never", "2003-13-01", "2003-02-30", "20030701", "2003-W27-2", "2003", "2003-07-01T00:00"]
NO_MOMENTS = ["now", "2026-11-02", "2026-11-02T08:30:00", "2026-11-02T25:00:00Z", "2026-11-02T08:30+02:00"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_carries_the_policy(client, path):
    for method in (client.get, client.head, client.post):
        answer = method(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"]
        assert answer.headers["Permissions-Policy"]


@pytest.mark.parametrize("path", [path for path in ADDRESSES if "." not in path and "api" not in path])
def test_no_page_has_anything_inline_or_from_elsewhere(client, path):
    tree = html.fromstring(client.get(path, follow_redirects=True).text)
    assert not tree.xpath("//style | //*[@style] | //iframe | //object | //embed | //base")
    assert not tree.xpath("//script[not(@src) and not(@type='application/ld+json')]")  # a block of data runs nothing
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert not [each for each in tree.xpath("//@href | //@src | //@action") if each.lower().startswith("javascript:")]
    loaded = tree.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src")
    assert all(each.startswith("/") and not each.startswith("//") for each in loaded)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("place", PLACES)
def test_hostile_input_is_answered_and_never_echoed_as_markup(client, place, hostile):
    answer = client.get(place.format(hostile))
    assert answer.status_code < 500
    for raw in ("<script>alert", "<img src=x", "8640247"):
        assert raw not in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", INSIDE)
def test_names_that_mean_something_inside_mean_nothing_in_an_address(client, name):
    answer = client.get(f"/instruments/untoc?{name}=https")
    assert answer.status_code == 200
    assert "https:///" not in answer.text


@pytest.mark.parametrize("day", NO_DAYS)
def test_a_day_that_makes_no_sense_is_refused_with_how_to_write_one(client, day):
    page = client.get(f"/?as_of={day}")
    assert page.status_code == 400
    assert page.mimetype == "text/html"
    assert "write it like 2003-09-29" in page.text
    told = client.get(f"/api/v1/instruments?as_of={day}")
    assert told.status_code == 400
    assert told.json["error"]["code"] == "bad-question"
    assert told.json["error"]["status"] == 400
    assert "write it like" in told.json["error"]["message"]


@pytest.mark.parametrize("moment", NO_MOMENTS)
def test_a_moment_that_makes_no_sense_is_refused(client, moment):
    assert client.get("/", query_string={"known_at": moment}).status_code == 400


def test_an_empty_day_asks_for_today(client):
    assert client.get("/?as_of=").status_code == 200


@pytest.mark.parametrize("path", ["/instruments/none", "/participants/XXX", "/bodies/none", "/nowhere"])
def test_what_is_not_there_is_not_found_in_the_same_look(client, path):
    page = client.get(f"{path}?as_of=2003-07-01")
    assert page.status_code == 404
    tree = html.fromstring(page.text)
    assert tree.cssselect("nav a")
    assert "as_of=2003-07-01" in tree.cssselect("nav a")[0].get("href")
    told = client.get(f"/api/v1{path}")
    assert (told.status_code, told.json["error"]["code"]) == (404, "not-found")


def test_an_address_that_looks_like_another_site_leads_nowhere_else(client):
    page = html.fromstring(client.get("//evil.example/x", base_url="http://localhost", query_string=PAST).text)
    assert not [each for each in page.xpath("//@href | //@action") if each.startswith("//")]


def test_programs_get_errors_as_json_when_they_ask_for_it(client):
    assert client.get("/instruments/none.json").json["error"]["status"] == 404
    assert client.get("/instruments/none", headers={"Accept": "application/json"}).json["error"]["status"] == 404
    assert client.get("/instruments/none", headers={"Accept": "*/*"}).mimetype == "text/html"


def test_a_method_that_is_not_for_reading_is_refused(client):
    answer = client.post("/instruments/untoc")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_unforeseen_failure_tells_nothing_of_the_inside(app, client, monkeypatch):
    monkeypatch.setitem(app.view_functions, "record.about", lambda: 1 / 0)
    page = client.get("/about?never=asked-before")
    assert page.status_code == 500
    assert "ZeroDivision" not in page.text
    assert "Traceback" not in page.text
