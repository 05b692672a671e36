"""The map shows every State of the day, says what its table says, and stays small."""

import gzip
import json
import re
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from tests.support.paths import ROOT

WORLD = json.loads((ROOT / "static" / "world.json").read_text())
DAYS = ["1989-06-01", "2003-07-01", "2011-07-09", "2026-11-22"]
MOST_BYTES = 60_000


def shapes(tree):
    """The participants drawn, by the look of their group."""
    return {
        group.get("class").removeprefix("world-"): [a.get("href").split("/")[2].split("?")[0] for a in group.iter("a")]
        for group in tree.cssselect("svg.world > g")
    }


def rows(tree):
    return [row.get("data-row") for row in tree.cssselect(".map-table tr[data-row]")]


def test_every_state_of_today_has_a_place(data):
    states = {row["participant"] for row in data("/participants.json") if row["kind"] in ("state", "observer-state")}
    assert states <= {*WORLD["shapes"], *WORLD["spots"]}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("instrument", ["", "untoc", "drugs-1988"])
def test_every_state_of_the_day_is_drawn_and_everyone_is_in_the_table(page, data, instrument, day):
    tree = page(f"/map?instrument={instrument}&as_of={day}")
    answer = data(f"/map.json?instrument={instrument}&as_of={day}")
    drawn = {code for kind, codes in shapes(tree).items() if kind != "neutral" for code in codes}
    missing = {row["participant"]: row for row in answer["participants"] if row["participant"] not in drawn}
    assert "state" not in {row["kind"] for row in missing.values()}
    named = {a.get("href").split("/")[2].split("?")[0] for a in tree.cssselect("figcaption a")}
    assert named == set(missing)
    assert sorted(rows(tree)) == sorted(row["participant"] for row in answer["participants"])


@pytest.mark.parametrize("day", DAYS)
def test_the_legend_counts_what_the_status_counts(page, data, day):
    tree = page(f"/map?instrument=untoc&as_of={day}")
    legend = {item.get("data-kind"): int(item.get("data-count") or 0) for item in tree.cssselect(".map-legend li")}
    status = data(f"/instruments/untoc.json?as_of={day}")
    standings = [row["status"] for row in status["participants"]]
    assert legend["party"] == status["bound"]
    assert legend["party"] + legend["contracting-party"] == status["parties"]
    assert legend["signatory"] == standings.count("signatory")
    assert legend["withdrawn"] == standings.count("withdrawn")


def test_the_legend_of_all_counts_everybody_once(page):
    tree = page("/map?as_of=2010-01-01")
    legend = [int(item.get("data-count") or 0) for item in tree.cssselect(".map-legend li")]
    assert sum(legend) == len(rows(tree))


def test_land_whose_state_is_still_to_come_is_neutral(page):
    neutral = page("/map?instrument=drugs-1988&as_of=1991-12-01").xpath("//g[@class='world-neutral']//title/text()")
    assert {"Czechia", "South Sudan"} <= {words.partition(": not yet a State")[0] for words in neutral}


def test_land_without_a_participant_of_its_own_is_neutral(page):
    tree = page("/map?instrument=untoc")
    assert {"ESH", "TWN", "GRL"} <= set(shapes(tree)["neutral"])
    assert "legal status" in tree.cssselect(".map-note")[0].text_content()


def test_the_drawing_is_well_formed(client):
    for path in ("/map", "/map?instrument=untoc&as_of=2002-06-01", "/embed/untoc/map"):
        for drawing in re.findall(r"<svg.*?</svg>", client.get(path).text, re.DOTALL):
            ET.fromstring(drawing)


def test_looks_differ_by_pattern_where_they_differ_by_hue(page):
    tree = page("/map?instrument=untoc&as_of=2002-06-01")
    patterns = {each.get("id") for each in tree.cssselect("pattern")}
    for kind in ("signatory", "withdrawn", "contracting-party", "neutral"):
        assert f"fill-{kind}" in patterns
        assert tree.cssselect(f"g.world-{kind}")[0].get("fill") == f"url(#fill-{kind})"


def test_every_shape_leads_to_its_participant_and_keeps_the_day_outside_the_order_of_the_keyboard(page):
    for link in page("/map?instrument=untoc&as_of=2003-07-01").cssselect("svg.world a"):
        assert link.get("href").endswith("?as_of=2003-07-01")
        assert link.get("tabindex") == "-1"
        assert link.find("title").text


def test_every_form_of_the_map_says_the_same(client, data):
    answer = data("/map.json?instrument=untoc&as_of=2003-07-01")
    assert answer == data("/api/v1/map?instrument=untoc&as_of=2003-07-01")
    lines = client.get("/map.csv?instrument=untoc&as_of=2003-07-01").text.splitlines()
    assert len(lines) == len(answer["participants"]) + 1


@pytest.mark.parametrize("path", ["/map", "/map?instrument=untoc", "/embed/untoc/map"])
def test_the_map_travels_light(client, path):
    assert len(gzip.compress(client.get(path).data)) < MOST_BYTES


def test_an_unknown_instrument_is_not_found(client):
    assert client.get("/map?instrument=none").status_code == 404
    assert html.fromstring(client.get("/map?instrument=none").text).cssselect("h1")


def test_the_outlines_say_where_they_come_from():
    assert "public domain" in WORLD["source"]
    assert "make_world.mjs" in WORLD["source"]


def test_a_part_of_the_world_is_shown_larger_with_circles_of_the_same_size(page):
    whole, part = (page(f"/map?instrument=uncac{more}").cssselect("svg.world")[0] for more in ("", "&area=caribbean"))
    widths = [float(each.get("viewbox", each.get("viewBox")).split()[2]) for each in (whole, part)]
    radii = [float(each.cssselect("a circle")[0].get("r")) for each in (whole, part)]
    assert widths == [WORLD["box"][0], 270]
    assert radii[1] / radii[0] == pytest.approx(widths[1] / widths[0], rel=0.01)


def test_the_pacific_shows_those_beyond_the_date_line(page):
    drawing = page("/map?instrument=untoc&area=pacific").cssselect("svg.world")[0]
    left, _, width, _ = map(float, drawing.get("viewbox", drawing.get("viewBox")).split())
    for code in ("COK", "KIR", "NRU", "WSM"):
        [circle] = drawing.cssselect(f"a[href^='/participants/{code}'] circle")
        assert left < float(circle.get("cx")) < left + width, code


def test_the_parts_of_the_world_keep_the_treaty_and_the_filter_and_an_unknown_one_is_refused(client, page):
    links = [each.get("href") for each in page("/map?instrument=uncac&region=Europe").cssselect(".map-areas a")]
    assert len(links) == 7
    assert all("instrument=uncac" in each and "region=Europe" in each for each in links)
    assert client.get("/map?area=atlantis").status_code == 400
