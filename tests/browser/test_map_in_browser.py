"""The map, the charts and the embedded parts in a real browser: looks, links, print, frames."""

import pytest
from playwright.sync_api import expect

DAY = "as_of=2002-06-01"


def fill(page, selector):
    return page.locator(selector).first.evaluate("e => getComputedStyle(e).fill")


def test_a_click_on_a_land_leads_to_its_page(visit):
    page = visit(f"/map?instrument=untoc&{DAY}")
    page.locator("svg.world a[href^='/participants/BRA']").click()
    page.wait_for_url("**/participants/BRA?as_of=2002-06-01")


def test_a_small_state_can_be_pointed_at(visit):
    page = visit(f"/map?instrument=untoc&{DAY}")
    circle = page.locator("svg.world a[href^='/participants/NRU'] circle")
    assert circle.bounding_box()["width"] >= 9
    circle.click()
    page.wait_for_url("**/participants/NRU?*")


def test_the_keyboard_passes_the_map_by_and_finds_the_table(visit):
    page = visit(f"/map?instrument=untoc&{DAY}", java_script_enabled=False)
    page.locator(".map-window").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg') === null")
    page.locator(".map-legend a").first.focus()
    page.keyboard.press("Enter")
    assert "#are-" in page.url


def test_looks_are_those_of_the_legend_in_both_modes(visit):
    seen = set()
    for scheme in ("light", "dark"):
        page = visit("/map?instrument=untoc&as_of=2010-01-01", color_scheme=scheme)
        land, key = fill(page, "g.world-party"), fill(page, "svg.world-party")
        assert land == key
        seen.add(land)
        assert fill(page, "g.world-signatory") == 'url("#fill-signatory")'
    assert len(seen) == 2


def test_the_map_is_the_same_without_script(visit):
    page = visit(f"/map?instrument=untoc&{DAY}", java_script_enabled=False)
    page.get_by_label("Treaty", exact=True).select_option(label="UNCAC")
    page.locator("form.filters").get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("World map: UNCAC")
    assert DAY in page.url


@pytest.mark.parametrize("path", ["/map?instrument=untoc&as_of=2002-06-01", "/instruments/untoc/history", "/timeline"])
def test_paper_shows_the_drawing_and_no_controls(visit, path):
    page = visit(path)
    page.emulate_media(media="print")
    expect(page.locator(".date-slider")).to_be_hidden()
    drawing = page.locator("svg.world, svg.chart").first
    assert drawing.bounding_box()["width"] > 300


def test_words_of_a_chart_keep_their_size_on_a_phone(visit):
    sizes = []
    for width in (360, 1920):
        page = visit("/instruments/untoc/history", viewport={"width": width, "height": 900})
        sizes.append(page.locator("svg.chart .curve-words").first.bounding_box()["height"])
        right = max(
            box["x"] + box["width"]
            for box in (each.bounding_box() for each in page.locator("svg.chart text").all())
            if box
        )
        assert right <= width
    assert sizes[0] == sizes[1]


def test_a_participants_lanes_are_drawn(visit):
    page = visit("/participants/GBR")
    assert page.locator("svg.lanes .dot:visible").count() > 10


@pytest.mark.parametrize("part", ["map", "table"])
def test_a_part_stands_alone(visit, part):
    page = visit(f"/embed/untoc/{part}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("UNTOC")
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_the_badge_is_shown_on_the_page_of_snippets(visit):
    page = visit("/embed?instrument=untoc", viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for image in page.locator("main img").all():
        assert image.evaluate("e => e.complete && e.naturalWidth > 100")
