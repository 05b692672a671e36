"""What the pages let one do in a real browser: search in any language, the matrix, comparisons, citations."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser_checks import PHONE, violations

DAY = "as_of=2026-11-22"


def on(path, day=DAY):
    return f"{path}{'&' if '?' in path else '?'}{day}"


def test_without_script_the_box_searches(visit):
    page = visit(on("/about"), java_script_enabled=False)
    page.locator("#search").fill("XVIII-12")
    page.locator("#search").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: XVIII-12")
    expect(page.locator("li[data-row=untoc]")).to_be_visible()
    assert DAY in page.url


# -- the search box ------------------------------------------------------------------------------


@pytest.fixture
def box(visit):
    """Open a page, walk to the search box with the keyboard alone, and type."""

    def typed(text, path="/about", **options):
        page = visit(on(path), **options)
        for _ in range(4):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "search":
                break
        page.keyboard.insert_text(text)
        expect(page.locator("#search")).to_have_attribute("aria-expanded", "true")
        return page

    return typed


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("مصر", "Egypt", "/participants/EGY"),
        ("法国", "France", "/participants/FRA"),
        ("Япон", "Japan", "/participants/JPN"),
        ("xviii-12", "UNTOC", "/instruments/untoc"),
        ("greco", "Group of States against Corruption", "/bodies/greco"),
    ],
)
def test_a_name_in_any_language_is_reached_by_keyboard_alone(box, text, name, path):
    page = box(text)
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(first).to_contain_text(name)
    assert page.locator("#search").get_attribute("aria-activedescendant") == first.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}?{DAY}")


def test_an_arabic_suggestion_runs_from_right_to_left(box):
    name = box("مصر").locator("[role=option] bdi")
    expect(name).to_have_attribute("lang", "ar")
    assert name.evaluate("(name) => getComputedStyle(name).direction") == "rtl"


def test_arrows_go_round_and_come_back_to_the_text(box):
    page = box("niger")
    options = page.get_by_role("option")
    last = options.count() - 1
    page.keyboard.press("ArrowUp")
    expect(options.nth(last)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert page.locator("#search").input_value() == "niger"


def test_escape_closes_first_and_empties_after_that(box):
    page = box("niger")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#search")).to_have_value("niger")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_have_value("")


def test_enter_without_a_suggestion_searches(box):
    page = box("congo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    expect(page.locator("li[data-row]").first).to_contain_text("Congo")
    assert DAY in page.url


def test_how_many_there_are_is_announced(box):
    page = box("niger")
    expect(page.locator("form[role=search] [role=status]")).to_have_text("2 suggestions")
    page.keyboard.insert_text("zzz")
    expect(page.locator("form[role=search] [role=status]")).to_have_text("No suggestions")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_suggestion_can_be_clicked_and_fits_a_phone(box):
    page = box("con", viewport=PHONE)
    frame = page.get_by_role("listbox").bounding_box()
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= 360
    assert violations(page) == []
    page.get_by_role("option").first.click()
    page.wait_for_url("**/participants/COG**")


def test_old_suggestions_stay_until_new_ones_are_there(box):
    page = box("con")
    page.evaluate(
        """() => { window.blinks = 0; new MutationObserver(() => {
            if (document.querySelector('#suggestions').hidden) window.blinks += 1;
        }).observe(document.querySelector('#suggestions'), { attributes: true, childList: true }); }"""
    )
    page.keyboard.insert_text("go")
    expect(page.get_by_role("option")).to_have_count(2)
    assert page.evaluate("window.blinks") == 0


# -- the matrix ------------------------------------------------------------------------------------


def test_the_heads_of_the_matrix_stay_while_the_keyboard_scrolls_it(visit):
    page = visit(on("/matrix"))
    region = page.get_by_role("region", name="Matrix")
    region.focus()
    page.keyboard.press("PageDown")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert min(region.evaluate("(region) => [region.scrollTop, region.scrollLeft]")) > 100
    frame, corner = region.bounding_box(), page.locator("thead th").first.bounding_box()
    column, row = page.locator("thead th").nth(6).bounding_box(), page.locator("tbody th").nth(40).bounding_box()
    assert (corner["x"], corner["y"]) == pytest.approx((frame["x"] + 1, frame["y"] + 1), abs=1.5)
    assert column["y"] == pytest.approx(corner["y"], abs=1.5)
    assert row["x"] == pytest.approx(corner["x"], abs=1.5)


def test_the_totals_of_the_matrix_stay_in_sight(visit):
    page = visit(on("/matrix"))
    frame = page.locator(".matrix").bounding_box()
    for head in page.locator("tfoot th").all():
        box = head.bounding_box()
        assert frame["y"] < box["y"] < frame["y"] + frame["height"]


def test_instruments_are_chosen_and_rows_filtered_by_form(visit):
    page = visit(on("/matrix"))
    page.locator("summary", has_text="Instruments").click()
    page.get_by_label("UNTOC", exact=True).check()
    page.get_by_label("Region", exact=True).select_option("Oceania")
    page.locator("main").get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**instrument=untoc**")
    expect(page.locator("thead th")).to_have_count(4)
    assert DAY in page.url
    page.get_by_label("Sort by UNTOC").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("UNTOC")


def test_the_marks_of_the_matrix_differ_in_shape(visit):
    page = visit(on("/matrix"))
    shapes = page.evaluate(
        """() => ['party', 'contracting-party', 'applies-provisionally', 'signatory',
                  'withdrawn', 'none', 'no-day'].map((name) =>
            getComputedStyle(document.querySelector(`.mark-key .${name}`), '::before').maskImage)"""
    )
    assert len(set(shapes)) == 7


def test_the_matrix_fits_landscape_paper(visit, tmp_path):
    page = visit(on("/matrix"))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1062, "height": 733})  # A4 landscape within its margins, in CSS pixels
    assert page.locator(".matrix").evaluate("(m) => m.scrollWidth") <= 1062
    assert page.locator(".filters").is_hidden()
    assert page.get_by_role("search").is_hidden()
    overflowing = page.locator("tbody td").evaluate_all(
        "(cells) => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).length"
    )
    assert overflowing == 0
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4
    assert b"841" in printed[:200000] or re.search(rb"/MediaBox \[0 0 84[12]", printed)


# -- comparisons and citations ----------------------------------------------------------------------


def test_a_comparison_is_begun_on_a_page_and_finished_in_the_form(visit):
    page = visit(on("/participants/FRA"))
    page.get_by_role("link", name="Compare with others").click()
    expect(page.get_by_label("Participant 1")).to_have_value("FRA")
    page.get_by_label("Participant 2").select_option("Germany")
    page.get_by_role("button", name="Compare").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("France, Germany")
    assert DAY in page.url


def test_a_citation_is_selected_when_it_is_reached(visit):
    page = visit(on("/instruments/untoc"))
    page.locator("#citation").focus()
    chosen = page.evaluate("(() => { const c = document.activeElement; return c.selectionEnd - c.selectionStart })()")
    assert chosen > 200
