"""What the pages let one do in a real browser: search in any language, the matrix, comparisons, citations."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser_checks import PHONE, choose_region, spills, violations

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
    expect(page.locator("form[role=search] [role=status]")).to_have_text("Suggestions: 2 of 2")
    page.keyboard.insert_text("qqqqqqqqqq")
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
    region = page.get_by_role("region", name="Status matrix")
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
    page.locator("summary", has_text="Treaties:").click()
    page.get_by_label("UNTOC", exact=True).check()
    choose_region(page, "Oceania")
    page.wait_for_url("**region=Oceania**")
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
    assert page.locator(".facets").is_hidden()
    assert page.get_by_role("search").is_hidden()
    overflowing = page.locator("tbody td").evaluate_all(
        "(cells) => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).length"
    )
    assert overflowing == 0
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4
    assert b"841" in printed[:200000] or re.search(rb"/MediaBox \[0 0 84[12]", printed)


@pytest.mark.parametrize(("path", "most"), [("/instruments/untoc", 4), ("/participants/FRA", 4), ("/targets", 8)])
def test_a_page_is_printed_on_few_sheets_with_nothing_cut_at_the_edge(visit, path, most):
    page = visit(on(path))
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= most
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 within its margins, in CSS pixels
    wide = page.locator("main table").evaluate_all("(tables) => tables.filter((t) => t.scrollWidth > 693).length")
    assert wide == 0


# -- comparisons and citations ----------------------------------------------------------------------


def test_a_comparison_is_begun_on_a_page_and_finished_in_the_form(visit):
    page = visit(on("/participants/FRA"))
    page.get_by_role("link", name="Compare with other States").click()
    expect(page.get_by_label("State 1")).to_have_value("FRA")
    page.get_by_label("State 2").select_option("Germany")
    page.get_by_role("button", name="Compare").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("France, Germany")
    assert DAY in page.url


def test_a_citation_is_selected_when_it_is_reached(visit):
    page = visit(on("/instruments/untoc/sources"))
    page.locator("#citation").focus()
    chosen = page.evaluate("(() => { const c = document.activeElement; return c.selectionEnd - c.selectionStart })()")
    assert chosen > 200


# -- what is uncertain, and reports of errors ------------------------------------------------------------


@pytest.mark.parametrize("how", ["tap", "keyboard"])
def test_without_script_a_mark_opens_its_explanation_and_escape_closes_it(visit, how):
    page = visit(on("/instruments/coe-174"), java_script_enabled=False, viewport=PHONE, has_touch=True)
    mark = page.locator("tr[data-row=BLR] button.doubt-ref").first
    explanation = page.locator(f"#{mark.get_attribute('popovertarget')}")
    expect(explanation).to_be_hidden()
    if how == "tap":
        mark.tap()
    else:
        mark.focus()
        page.keyboard.press("Enter")
    expect(explanation).to_be_visible()
    expect(explanation).to_contain_text("secondary source")
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()


def test_a_mark_says_its_text_on_hover_and_on_focus_and_axe_finds_nothing_when_it_is_open(visit):
    page = visit(on("/instruments/coe-174"))
    mark = page.locator("tr[data-row=BLR] button.doubt-ref").first
    said = "(mark) => getComputedStyle(mark, '::after').content"
    assert mark.evaluate(said) == "none"
    mark.hover()
    assert "secondary source" in mark.evaluate(said)
    page.mouse.move(0, 0)
    mark.focus()
    assert "secondary source" in mark.evaluate(said)
    page.keyboard.press("Enter")
    assert mark.evaluate("(mark) => getComputedStyle(mark, '::after').display") == "none"
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/instruments/untoc", "/participants/FRA", "/what-if"])
def test_a_page_written_from_right_to_left_is_mirrored_and_fits(visit, path):
    page = visit(on(path))
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.documentElement.dir = 'rtl'")
        sides = page.evaluate("""() => [".wordmark", "main h1"].map((place) => {
            const { left, right } = document.querySelector(place).getBoundingClientRect();
            return [left, document.documentElement.clientWidth - right];
        })""")
        assert all(after < before or before == after for before, after in sides), (width, sides)
        assert not spills(page)
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 600, 800])
def test_the_parts_of_the_header_keep_their_places_as_they_arrive(visit, width):
    page = visit("/instruments/untoc?as_of=2003-07-01", viewport={"width": width, "height": 800})
    places = page.evaluate(
        """() => {
        const parts = [...document.querySelectorAll(".top-inner > *")];
        const place = (part) => {
            const { x, y } = part.getBoundingClientRect();
            return `${part.className}: ${x}, ${y}`;
        };
        return parts.map((_, last) => {
            parts.forEach((part, index) => part.style.setProperty("display", index > last ? "none" : ""));
            return parts.slice(0, last + 1).map(place);
        });
    }"""
    )
    whole = places[-1]
    assert [early for early in places if early != whole[: len(early)]] == []


@pytest.mark.parametrize("deposited", ["2026-12-15", "2027-03-01", "2028-03-01"])
def test_the_words_of_a_scenario_chart_stay_inside_it_on_a_phone(visit, deposited):
    page = visit(f"/what-if?lang=fr&instrument=un-cybercrime&who=signatories&on={deposited}", viewport=PHONE)
    outside = page.locator("svg.chart .milestone text").evaluate_all(
        """(words) => words.filter((each) => {
            const [own, chart] = [each, each.closest("svg.chart")].map((one) => one.getBoundingClientRect());
            return own.left < chart.left - 1 || own.right > chart.right + 1;
        }).map((each) => each.textContent)"""
    )
    assert outside == []
