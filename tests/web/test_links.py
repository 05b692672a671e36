"""Every link leads somewhere, and keeps the day that is asked about."""

from collections import deque
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

DAY = "2003-07-01"
SELDOM = ("/participants/", "/bodies/")  # many alike: their own links are followed for a few only
FEW = 6


def links(text):
    tree = html.fromstring(text)
    found = tree.xpath("//a[not(@data-day)]/@href | //form/@action | //link/@href")  # data-day: it names another day
    return {each for each in found if each.startswith(("/", "#", "?"))}


def test_every_link_within_two_steps_of_the_first_page_works_and_keeps_the_day(client):
    seen, ahead, followed = {}, deque([(f"/?as_of={DAY}", 0)]), dict.fromkeys(SELDOM, 0)
    while ahead:
        path, depth = ahead.popleft()
        if path in seen:
            continue
        answer = client.get(path)
        seen[path] = answer.status_code
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        kind = next((prefix for prefix in SELDOM if path.startswith(prefix)), None)
        if kind:
            followed[kind] += 1
        if depth < 2 and answer.mimetype == "text/html" and not (kind and followed[kind] > FEW):
            ahead.extend((each.partition("#")[0], depth + 1) for each in kept(answer.text, path))
    assert len(seen) > 300


def kept(text, page):
    """The links of a page that are pages of ours, after holding them to the day."""
    for each in links(text):
        parts = urlsplit(each)
        if (
            parts.path.startswith(("/static/", "/vendor/", "/download/", "/api/v1/openapi.json", "/language"))
            or not parts.path
        ):
            continue
        if urlsplit(page).path == "/api" and f"{parts.path}/".startswith("/api/v1/"):
            continue  # examples of what a program may ask
        if parts.path.startswith("/network/story/"):
            continue  # a story goes through dates of its own
        keeps = parse_qs(parts.query).get("as_of") == [DAY]
        leaves = parts.path == urlsplit(page).path  # "Today", and forms, which carry the day in a field
        assert keeps or leaves, f"{page} links to {each} without the day"
        if keeps:
            yield each


def test_every_mark_leads_to_a_note_on_its_page(client):
    for path in ("/instruments/untoc", "/instruments/coe-185", "/participants/RUS", "/findings", "/about"):
        tree = html.fromstring(client.get(path).text)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), f"{path} uses an id twice"
        for target in tree.xpath("//a[starts-with(@href, '#')]/@href"):
            assert target[1:] in ids, f"{path} has no {target}"


def test_forms_carry_the_day_and_the_other_choices(client):
    tree = html.fromstring(client.get(f"/instruments/untoc?as_of={DAY}&region=Africa&sort=-consent").text)
    for form in tree.xpath("//form"):
        fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@name]")}
        chosen = form.xpath(".//input[@name='region'][@checked]/@value")
        assert fields["as_of"] == DAY
        if form.get("role") == "search":  # it leaves this table behind
            continue
        assert "Africa" in (fields.get("region"), *chosen)
        assert fields["sort"] == "-consent"


def test_links_keep_the_moment_too(client):
    tree = html.fromstring(client.get("/participants/FRA?known_at=2026-11-05T10:00:00Z").text)
    assert all("known_at=2026-11-05T10" in each for each in tree.xpath("//main//a[starts-with(@href, '/')]/@href"))


@pytest.mark.parametrize(
    ("given", "proper"),
    [
        ("/instruments/UNTOC", "/instruments/untoc"),
        ("/participants/fra?as_of=2003-07-01", "/participants/FRA?as_of=2003-07-01"),
        ("/bodies/GRECO.json", "/bodies/greco.json"),
        ("/participants/fra.csv?x=1", "/participants/FRA.csv?x=1"),
        ("/instruments", "/"),
        ("/instruments?as_of=2003-07-01", "/?as_of=2003-07-01"),
        ("/api/v1/instruments/UNTOC?as_of=2003-07-01", "/api/v1/instruments/untoc?as_of=2003-07-01"),
        ("/api/v1/participants/fra", "/api/v1/participants/FRA"),
    ],
)
def test_other_spellings_lead_to_the_proper_address(client, given, proper):
    answer = client.get(given)
    assert (answer.status_code, answer.headers["Location"]) == (308, proper)
