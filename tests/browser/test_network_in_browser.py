"""The network in a real browser: found, filtered, read, walked by keyboard, restored from its address."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser_checks import choose_option, choose_region, region_box

DAY = "as_of=2026-11-22"


@pytest.fixture
def network(visit):
    """Open the network and wait until it is drawn."""

    def opened(query="", day=DAY, **options):
        page = visit(f"/network?{day}{'&' + query if query else ''}", **options)
        expect(page.locator("#network")).to_have_attribute("data-ready", "true")
        return page

    return opened


def drawn(page):
    return int(page.locator("#network").get_attribute("data-edges"))


def test_it_opens_on_the_gaps_and_draws_them(network):
    page = network()
    assert page.locator("#painting svg").bounding_box()["width"] > 900
    expect(page.locator("#rose-middle")).to_contain_text(f"{drawn(page)}outstanding")
    expect(page.locator("#summary")).to_contain_text(f"{drawn(page)} outstanding on treaties in force")
    page.locator("#table-section summary").click()
    assert page.locator("#rows tbody tr").count() == drawn(page)


def test_a_state_is_found_by_name_and_its_panel_read(network):
    page = network()
    page.get_by_label("Find").fill("congo")
    page.get_by_label("Find").press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="Congo")).to_be_visible()
    expect(panel.locator("details[data-kind=signed-only]")).to_contain_text("signed on 14 December 2000, not ratified")
    expect(panel.locator("details[data-kind=party]")).to_contain_text("UNCAC")
    expect(panel.get_by_role("link", name="Open the page of Congo")).to_have_attribute(
        "href", f"/participants/COG?{DAY}"
    )
    assert "focus=participant.COG" in page.url


def test_one_protocol_alone_is_drawn_and_listed(network):
    page = network()
    whole = drawn(page)
    choose_option(page, "treaties", "Smuggling of Migrants Protocol")
    expect(page.locator("#network")).not_to_have_attribute("data-edges", str(whole))
    chosen = drawn(page)
    assert 0 < chosen < whole
    page.locator("#table-section summary").click()
    expect(page.locator("#rows tbody tr")).to_have_count(chosen)
    assert set(page.locator("#rows tbody td:nth-child(3)").all_inner_texts()) == {"Smuggling of Migrants Protocol"}


def test_choices_narrow_each_other(network):
    page = network("instrument=untoc-firearms")
    choose_region(page, "Europe")
    choose_option(page, "standing", "Signed but not ratified")
    expect(page.locator("#painting")).to_have_attribute("data-links", "3")
    expect(page.locator("#rose-middle")).to_contain_text("3outstanding")


def test_several_treaties_and_groups_are_chosen_at_a_time_and_taken_back_one_by_one(network):
    page = network()
    choose_option(page, "treaties", "UNTOC")
    choose_option(page, "treaties", "UNCAC")
    choose_region(page, "Asia")
    choose_region(page, "Africa")
    expect(page.locator("#chosen a")).to_have_count(4)
    expect(page.locator("#network:not([data-busy])")).to_be_attached()
    both = drawn(page)
    expect(page.locator("#painting")).to_have_attribute("data-links", str(both))
    expect(page.locator("#summary")).to_contain_text(f"{both} outstanding.")
    assert page.url.count("instrument=") == 2
    assert page.url.count("region=") == 2
    page.get_by_role("link", name="Remove the filter: UNCAC").click()
    expect(page.locator("#chosen a")).to_have_count(3)
    expect(page.locator("#painting")).not_to_have_attribute("data-links", str(both))
    page.go_back()
    expect(page.locator("#painting")).to_have_attribute("data-links", str(both))


def test_the_view_switches_to_all_ties_and_back(network):
    page = network()
    gaps = drawn(page)
    page.get_by_text("All links", exact=True).click()
    expect(page.locator("#network")).to_have_attribute("data-view", "ties")
    assert drawn(page) > 2000
    page.get_by_text("Gaps", exact=True).click()
    expect(page.locator("#network")).to_have_attribute("data-edges", str(gaps))


def test_its_state_is_in_its_address(network):
    page = network()
    page.get_by_text("All links", exact=True).click()
    choose_region(page, "Oceania")
    page.get_by_label("Find").fill("Tuvalu")
    page.get_by_label("Find").press("Enter")
    expect(page.get_by_role("heading", name="Tuvalu")).to_be_visible()
    again = network(page.url.partition("?")[2].replace(f"{DAY}&", ""))
    expect(page.locator("#network")).to_have_attribute("data-edges", str(drawn(again)))
    expect(again.get_by_role("heading", name="Tuvalu")).to_be_visible()
    expect(region_box(again, "Oceania")).to_be_checked()


def test_reset_forgets_everything_but_the_day(network):
    page = network("view=ties&region=Asia&focus=participant.FRA")
    page.get_by_role("link", name="Reset").click()
    expect(page.get_by_role("heading", name="Most outstanding")).to_be_visible()
    assert page.url.endswith(f"/network?{DAY}")


AT = """async ([code, treaty]) => {
    const query = new URLSearchParams(location.search);
    const places = await (await fetch(`/network/drawing?${query}`)).json();
    const { start, end } = places.participants.find(({ id }) => id === `participant.${code}`);
    const { inner, outer } = places.treaties.find(({ id }) => id === `instrument.${treaty}`);
    const [angle, radius] = [(start + end) / 2, (inner + outer) / 2];
    const point = new DOMPoint(radius * Math.sin(angle), -radius * Math.cos(angle));
    const { x, y } = point.matrixTransform(document.querySelector("#painting svg").getScreenCTM());
    return [x, y];
}"""


def point_at(page, code, treaty):
    """Move the pointer over a cell, and wait until its places are known."""
    page.locator("#painting").scroll_into_view_if_needed()
    x, y = page.evaluate(AT, [code, treaty])
    page.mouse.move(x - 1, y)
    page.mouse.move(x, y)
    expect(page.locator("#lit")).to_be_attached()
    page.mouse.move(x, y + 0.5)


def test_a_cell_under_the_pointer_is_described_and_the_rest_is_dimmed(network):
    page = network()
    page.locator("#painting").hover()
    point_at(page, "COG", "untoc")
    expect(page.locator(".cell-tip")).to_have_text("CongoUNTOC: signed on 14 December 2000, not ratified")
    expect(page.locator("#lit text").last).to_have_text("outstanding")
    expect(page.locator("#lit")).to_contain_text("Congo")
    page.mouse.move(5, 5)
    expect(page.locator(".cell-tip")).to_be_hidden()
    expect(page.locator("#lit")).not_to_be_attached()


def test_the_wheel_over_the_picture_scrolls_the_page_and_the_words_go(network):
    page = network()
    page.locator("#painting").hover()
    point_at(page, "COG", "untoc")
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 200)
    page.evaluate(
        f"new Promise((done) => scrollY > {before} ? done() : addEventListener('scroll', done, {{ once: true }}))"
    )
    expect(page.locator(".cell-tip")).to_be_hidden()


def test_a_cell_can_be_clicked(network):
    page = network()
    page.locator("#painting").hover()
    page.mouse.click(*page.evaluate(AT, ["IRL", "untoc-firearms"]))
    expect(page.get_by_role("heading", name="Ireland")).to_be_visible()
    expect(page.locator("#lit")).to_contain_text("Ireland")


def test_the_keyboard_walks_opens_and_clears(network):
    page = network("focus=participant.BEL")
    page.locator("#painting").focus()
    expect(page.locator("#lit")).to_contain_text("Belgium")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lit")).not_to_contain_text("Belgium")
    expect(page.locator("#network")).to_have_attribute("data-focus", re.compile(r"participant\."))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#network")).to_have_attribute("data-focus", "instrument.untoc")
    expect(page.locator("#lit")).to_contain_text("UNTOC")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_empty()
    expect(page.locator("#lit")).not_to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lit")).to_be_attached()
    page.keyboard.press("Enter")
    page.wait_for_url("**/participants/**")
    assert DAY in page.url


def test_headline_list_table_and_picture_agree_on_five_dates(network):
    for day in ("1995-01-01", "2003-09-29", "2010-06-15", "2020-01-01", "2026-11-22"):
        page = network(day=f"as_of={day}")
        number = drawn(page)
        expect(page.locator("#rose-middle")).to_contain_text(f"{number:,}outstanding")
        expect(page.locator("#summary")).to_contain_text(f"{number:,} outstanding")
        expect(page.locator("#rows caption")).to_contain_text(f"{number:,} outstanding action")


def test_the_panel_leads_from_one_to_the_next(network):
    page = network("focus=instrument.untoc")
    page.locator("#panel details a", has_text="Tuvalu").click()
    expect(page.locator("#network")).to_have_attribute("data-focus", "participant.TUV")


def test_another_day_keeps_the_choices(network):
    page = network()
    choose_region(page, "Africa")
    page.get_by_label("Status as at").fill("2010-01-01")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**as_of=2010-01-01**")
    expect(page.locator("#network")).to_have_attribute("data-ready", "true")
    expect(region_box(page, "Africa")).to_be_checked()


def test_zoom_and_fit(network):
    page = network("view=ties")
    picture = page.locator("#painting svg")
    whole = picture.bounding_box()["width"]
    page.get_by_role("button", name="Zoom in").click()
    assert picture.bounding_box()["width"] > whole
    page.get_by_role("button", name="Show everything").click()
    assert picture.bounding_box()["width"] == whole


def test_without_script_the_table_serves(visit):
    page = visit(f"/network?{DAY}", java_script_enabled=False)
    expect(page.get_by_role("group", name=re.compile("^Gaps: "))).to_be_visible()
    assert page.locator("#painting svg").bounding_box()["height"] > 700
    expect(page.locator("#rows")).to_be_visible()
    page.locator("#facet-treaties > summary").click()
    page.locator("#facet-treaties input[value=untoc]").check()
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


def test_on_a_phone_a_touch_is_answered_under_the_picture(network):
    page = network(viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator("#painting").scroll_into_view_if_needed()
    page.touchscreen.tap(*page.evaluate(AT, ["COG", "untoc"]))
    expect(page.locator("#network")).to_have_attribute("data-focus", re.compile("^participant"))
    page.goto(page.url.partition("&focus")[0] + "&focus=participant.COG")
    expect(page.locator("#picture-status")).to_have_text("Congo: 4 outstanding")
    small = page.locator("#painting text:visible").evaluate_all(
        "texts => texts.filter((text) => text.getBoundingClientRect().height < 11).length"
    )
    assert small == 0


def test_dark_mode_draws_on_dark(network):
    page = network(color_scheme="dark")
    assert page.locator(".picture").evaluate("e => getComputedStyle(e).backgroundColor") != "rgb(255, 255, 255)"
