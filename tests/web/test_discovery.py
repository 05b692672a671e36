"""What search engines, messengers and catalogues find: linked data, previews, sitemap, oEmbed."""

import io
import json
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from lxml import html
from PIL import Image

from tracker.web.pages.discovery import SITEMAP
from tracker.web.share_card import HEIGHT, card_lines


@pytest.fixture
def site(app):
    return app.config["SITE"]


def linked(tree):
    [block] = tree.xpath("//script[@type='application/ld+json']/text()")
    return json.loads(block)


def test_a_treaty_is_legislation_with_the_depositarys_page_as_the_same(page, site):
    found = linked(page("/instruments/untoc?as_of=2003-07-01&lang=fr"))
    assert (found["@type"], found["@id"]) == ("Legislation", f"{site}/instruments/untoc")
    assert found["legislationIdentifier"] == "XVIII-12"
    assert found["legislationDate"] == "2000-11-15"
    assert found["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert found["sameAs"][0].startswith("https://treaties.un.org/")


def test_a_state_is_a_country_that_wikidata_knows(page):
    found = linked(page("/participants/FRA"))
    assert (found["@type"], found["sameAs"]) == ("Country", ["http://www.wikidata.org/entity/Q142"])
    assert linked(page("/participants/EU"))["@type"] == "Organization"


def test_the_data_are_a_dataset_and_a_catalogue_with_the_same_files(page, client):
    dataset, catalogue = linked(page("/data")), client.get("/catalog.jsonld").json
    files = {each["contentUrl"] for each in dataset["distribution"]}
    found = {each["dcat:downloadURL"]["@id"] for each in catalogue["dcat:dataset"]["dcat:distribution"]}
    assert files == found
    assert len(files) > 4


def test_a_page_has_one_canonical_address_without_dates_and_a_preview(page, site):
    tree = page("/instruments/untoc?as_of=2003-07-01")
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"{site}/instruments/untoc"]
    said = {each.get("property"): each.get("content") for each in tree.xpath("//meta[@property]")}
    assert said["og:image"] == f"{site}/instruments/untoc/card.png?as_of=2003-07-01"
    assert "147 signatories" in said["og:description"]
    assert page("/map?instrument=uncac").xpath("//link[@rel='canonical']/@href") == [f"{site}/instruments/uncac/map"]


@pytest.mark.parametrize("path", ["/instruments/untoc/card.png", "/participants/FRA/card.png?lang=es"])
def test_a_card_is_a_picture_of_the_size_that_messengers_expect(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert len(answer.data) < 60_000


FACTS = ["151 to 152 parties", "112 signatories", "in force since 28 January 2004"]


TITLES = ["CIFTA", "Convention des Nations Unies contre la cybercriminalité", "word " * 300, ""]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("subtitle", ["", "strengthening international cooperation " * 8])
def test_no_line_of_a_card_lies_over_another_or_over_its_foot(title, subtitle):
    lines = card_lines(title, FACTS, subtitle)
    assert [line.text for line in lines][-3:] == FACTS
    for above, below in pairwise(lines):
        assert above.top + above.size < below.top
    assert lines[-1].top + lines[-1].size < HEIGHT - 76


def test_a_card_has_the_formal_title_where_it_has_room_and_says_where_it_is_cut():
    texts = [line.text for line in card_lines("CIFTA", FACTS, "convention against illicit manufacturing " * 5)]
    assert texts[1].startswith("convention against")
    assert texts[2].endswith("\N{HORIZONTAL ELLIPSIS}")
    crowded = card_lines("word " * 300, FACTS, "a formal title")
    assert "a formal title" not in [line.text for line in crowded]
    assert crowded[2].text.endswith("\N{HORIZONTAL ELLIPSIS}")


def test_the_sitemap_names_pages_that_are_there_each_once(client, site):
    places = [each.text for each in ET.fromstring(client.get("/sitemap.xml").data).iter(f"{{{SITEMAP}}}loc")]
    assert len(places) == len(set(places)) > 400
    assert f"{site}/participants/FRA" in places
    for each in places[:16] + places[16:23]:
        assert client.head(each.removeprefix(site)).status_code == 200, each
    assert f"Sitemap: {site}/sitemap.xml" in client.get("/robots.txt").text.splitlines()


@pytest.mark.parametrize(
    ("query", "part", "height"),
    [("", "map", 800), ("/participants", "table", 480), ("&maxwidth=1440", "map", 908), ("&maxheight=300", "map", 300)],
)
def test_a_page_of_a_treaty_is_shown_elsewhere_in_a_frame_of_the_right_height(client, site, query, part, height):
    found = client.get(f"/oembed?url={site}/instruments/untoc{query}").json
    assert (found["version"], found["type"], found["height"]) == ("1.0", "rich", height)
    frame = html.fromstring(found["html"])
    assert (frame.tag, frame.get("src")) == ("iframe", f"{site}/embed/untoc/{part}")
    assert (frame.get("height"), frame.get("width")) == (str(height), str(found["width"]))
    same = ET.fromstring(client.get(f"/oembed?format=xml&url={site}/instruments/untoc{query}").data)
    assert {each.tag: each.text for each in same} == {name: str(value) for name, value in found.items()}


def test_oembed_shows_nothing_but_treaties_of_this_site(client, page, site):
    for url in (
        "https://evil.example/instruments/untoc",
        f"{site}/instruments/none",
        f"{site}/sign-in",
        f"{site}/x",
        ":",
    ):
        assert client.get("/oembed", query_string={"url": url}).status_code == 404, url
    assert client.get("/oembed").status_code == 400
    assert client.get(f"/oembed?url={site}/instruments/untoc&maxwidth=none").status_code == 400
    assert client.get(f"/oembed?url={site}/instruments/untoc&format=pdf").status_code == 400
    [address] = page("/instruments/untoc").xpath("//link[@type='application/json+oembed']/@href")
    assert client.get(address.removeprefix(site)).status_code == 200
