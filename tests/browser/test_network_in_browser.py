"""The network in a real browser: found, filtered, read, walked by keyboard, restored from its address."""

import re

import pytest
from playwright.sync_api import expect

DAY = "as_of=2026-11-22"


@pytest.fixture
def network(visit):
    """Open the network and wait until it is drawn."""

    def opened(query="", **options):
        page = visit(f"/network?{DAY}{'&' + query if query else ''}", **options)
        expect(page.locator("#network")).to_have_attribute("data-ready", "true")
        return page

    return opened


def drawn(page):
    return int(page.locator("#network").get_attribute("data-edges"))


def test_it_opens_on_the_gaps_and_draws_them(network):
    page = network()
    assert page.locator("#network canvas").bounding_box()["width"] > 900
    expect(page.locator("#picture-status")).to_have_text(f"{drawn(page)} missing ties drawn")
    page.locator("#table-section summary").click()
    assert page.locator("#rows tbody tr").count() == drawn(page)


def test_a_state_is_found_by_name_and_its_panel_read(network):
    page = network()
    page.get_by_label("Find").fill("congo")
    page.get_by_label("Find").press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="Congo")).to_be_visible()
    expect(panel.locator("details[data-kind=signed-only]")).to_contain_text(
        "signed on 14 December 2000, has not consented"
    )
    expect(panel.locator("details[data-kind=party]")).to_contain_text("UNCAC")
    expect(panel.get_by_role("link", name="Open the page of Congo")).to_have_attribute(
        "href", f"/participants/COG?{DAY}"
    )
    assert "focus=participant.COG" in page.url


def test_one_protocol_alone_is_drawn_and_listed(network):
    page = network()
    whole = drawn(page)
    page.get_by_label("Instrument", exact=True).select_option(label="Smuggling of Migrants Protocol")
    expect(page.locator("#network")).not_to_have_attribute("data-edges", str(whole))
    chosen = drawn(page)
    assert 0 < chosen < whole
    page.locator("#table-section summary").click()
    expect(page.locator("#rows tbody tr")).to_have_count(chosen)
    assert set(page.locator("#rows tbody td:nth-child(3)").all_inner_texts()) == {"Smuggling of Migrants Protocol"}


def test_choices_narrow_each_other(network):
    page = network("instrument=untoc-firearms")
    page.get_by_label("Region").select_option("Europe")
    page.get_by_label("Standing").select_option(label="Signed, not consented")
    expect(page.locator("#picture-status")).to_have_text("3 missing ties drawn")


def test_the_view_switches_to_all_ties_and_back(network):
    page = network()
    gaps = drawn(page)
    page.get_by_text("All ties", exact=True).click()
    expect(page.locator("#network")).to_have_attribute("data-view", "ties")
    assert drawn(page) > 2000
    assert page.locator("#f-standing optgroup[data-view=gaps]").is_hidden()
    page.get_by_text("Gaps", exact=True).click()
    expect(page.locator("#network")).to_have_attribute("data-edges", str(gaps))


def test_its_state_is_in_its_address(network):
    page = network()
    page.get_by_text("All ties", exact=True).click()
    page.get_by_label("Region").select_option("Oceania")
    page.get_by_label("Find").fill("Tuvalu")
    page.get_by_label("Find").press("Enter")
    expect(page.get_by_role("heading", name="Tuvalu")).to_be_visible()
    again = network(page.url.partition("?")[2].replace(f"{DAY}&", ""))
    assert drawn(again) == drawn(page)
    expect(again.get_by_role("heading", name="Tuvalu")).to_be_visible()
    expect(again.get_by_label("Region")).to_have_value("Oceania")


def test_reset_forgets_everything_but_the_day(network):
    page = network("view=ties&region=Asia&focus=participant.FRA")
    page.get_by_role("link", name="Reset").click()
    expect(page.get_by_role("heading", name="Most missing")).to_be_visible()
    assert page.url.endswith(f"/network?{DAY}")


def test_a_name_in_the_picture_can_be_clicked(network):
    page = network()
    at = page.evaluate(
        """async () => {
            const { nodes } = await (await fetch(document.querySelector('#network').dataset.source)).json();
            const { x, y, angle } = nodes.find((node) => node.code === 'IRL');
            return { x: x + 25 * Math.cos(angle), y: y + 25 * Math.sin(angle) };
        }"""
    )
    box, half = page.locator("#network").bounding_box(), {"x": 572, "y": 434}
    scale = min(box["width"] / half["x"], box["height"] / half["y"]) / 2
    page.mouse.click(box["x"] + box["width"] / 2 + at["x"] * scale, box["y"] + box["height"] / 2 + at["y"] * scale)
    expect(page.get_by_role("heading", name="Ireland")).to_be_visible()


def test_the_keyboard_walks_opens_and_clears(network):
    page = network("focus=participant.FRA")
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Germany")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#network")).to_have_attribute("data-focus", re.compile(r"instrument\.coe-"))
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_empty()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/participants/**")
    assert DAY in page.url


def test_the_panel_leads_from_one_to_the_next(network):
    page = network("focus=instrument.untoc")
    page.locator("#panel details a", has_text="Tuvalu").click()
    expect(page.locator("#network")).to_have_attribute("data-focus", "participant.TUV")


def test_another_day_keeps_the_choices(network):
    page = network()
    page.get_by_label("Region").select_option("Africa")
    page.get_by_label("Record as of").fill("2010-01-01")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**as_of=2010-01-01**")
    expect(page.locator("#network")).to_have_attribute("data-ready", "true")
    expect(page.get_by_label("Region")).to_have_value("Africa")


def test_zoom_and_fit(network):
    page = network()
    picture = page.locator("#network")
    whole = picture.get_attribute("data-scale")
    page.get_by_role("button", name="Zoom in").click()
    expect(picture).not_to_have_attribute("data-scale", whole)
    page.get_by_role("button", name="Show everything").click()
    expect(picture).to_have_attribute("data-scale", whole)


def test_without_script_the_table_serves(visit):
    page = visit(f"/network?{DAY}", java_script_enabled=False)
    still = page.get_by_role("img", name=re.compile("^Gaps: "))
    expect(still).to_be_visible()
    assert still.evaluate("image => image.complete && image.naturalWidth > 900")
    expect(page.locator("#rows")).to_be_visible()
    page.get_by_label("Instrument", exact=True).select_option(label="UNTOC")
    page.locator("#network-form").get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#rows tbody tr")).to_have_count(3)
    assert DAY in page.url


def test_it_fits_a_phone(network):
    page = network(viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture, panel = page.locator(".picture").bounding_box(), page.locator(".panel").bounding_box()
    assert panel["y"] >= picture["y"] + picture["height"]
    page.get_by_label("Find").fill("PNG")
    page.get_by_label("Find").press("Enter")
    expect(page.get_by_role("heading", name="Papua New Guinea")).to_be_visible()


def test_dark_mode_draws_on_dark(network):
    page = network(color_scheme="dark")
    assert page.locator(".picture").evaluate("e => getComputedStyle(e).backgroundColor") != "rgb(255, 255, 255)"


def test_it_is_drawn_soon(network):
    page = network()
    assert int(page.locator("#network").get_attribute("data-drawn")) < 5000
