"""The slider over the page's day in a real browser: by keyboard, by hand, playing, back, and without script."""

import re

import pytest
from playwright.sync_api import expect

PAGES = [
    "/",
    "/map?instrument=untoc",
    "/instruments/untoc",
    "/instruments/untoc/history",
    "/participants/FRA",
    "/timeline",
    "/matrix",
]


@pytest.fixture
def moved(visit):
    """Open a page and wait until its slider can be moved."""

    def opened(path, **options):
        page = visit(path, **options)
        expect(page.locator(".date-slider")).to_have_attribute("data-ready", "true")
        return page

    return opened


def slider(page):
    return page.get_by_role("slider", name="Status date")


def figure(page, name):
    return page.locator(".figures div", has=page.locator("dt", has_text=name)).locator("dd")


def settled(page, day=None):
    """Wait until the page shows a day, or the one that its address names once all keys are served."""
    day = day or page.evaluate("new URL(location.href).searchParams.get('as_of')")
    expect(page.locator(f".page-footer time[datetime='{day}']")).to_be_visible()


def test_the_arrow_keys_go_from_one_day_with_acts_to_the_next(moved):
    page = moved("/instruments/untoc?as_of=2003-06-26")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    expect(slider(page)).to_have_attribute("aria-valuetext", "1 July 2003, actions: 1, threshold reached")
    expect(figure(page, "Parties")).to_contain_text("40")
    expect(page.locator(".status-word")).to_contain_text("Enters into force on 29 Sep 2003")
    assert page.url.endswith("/instruments/untoc?as_of=2003-07-01")
    expect(slider(page)).to_be_focused()
    expect(page.get_by_label("Status as at")).to_have_value("2003-07-01")
    page.keyboard.press("ArrowLeft")
    expect(figure(page, "Parties")).to_contain_text("39")


def test_page_up_home_and_end_go_by_years_and_to_both_ends(moved):
    page = moved("/instruments/untoc?as_of=2003-07-01")
    slider(page).focus()
    page.keyboard.press("PageUp")
    settled(page, "2004-07-01")
    page.keyboard.press("Home")
    settled(page, "2000-12-12")
    page.keyboard.press("End")
    expect(page.locator(".date-bar")).not_to_have_class(re.compile("other-date"))
    assert "as_of" not in page.url


def test_every_link_of_the_new_content_keeps_the_new_day(moved):
    page = moved("/map?instrument=untoc&as_of=2003-06-26")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page, "2003-07-01")
    for selector in ("main a[href^='/']", "nav a", "svg.world a"):
        links = page.locator(selector).evaluate_all("all => all.map((each) => each.getAttribute('href'))")
        assert links
        assert all("as_of=2003-07-01" in link for link in links)
    assert page.locator("form.search input[name=as_of]").input_value() == "2003-07-01"
    assert "40" in page.locator(".map-legend").inner_text()


def test_a_hand_on_the_slider_ends_where_it_lets_go(moved):
    page = moved("/instruments/untoc")
    box = slider(page).bounding_box()
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.8, 0.6, 0.5, 0.3, 0.2):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    page.mouse.up()
    day = re.match(r"\d+ \w+ \d{4}", slider(page).get_attribute("aria-valuetext"))[0]
    expect(page.locator(".date-bar > p")).to_contain_text(f"Status as at {day}")
    expect(page.locator(".slider-date")).to_have_text(day)  # in words it is the date of the page
    assert re.search(r"as_of=200\d-\d\d-\d\d$", page.url)


def test_back_returns_to_the_day_before_the_slider_moved(moved):
    page = moved("/instruments/untoc?as_of=2003-07-01")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    settled(page)
    page.go_back()
    settled(page, "2003-07-01")
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile("^1 July 2003"))


def test_it_plays_and_pauses(moved):
    page = moved("/instruments/untoc?as_of=2000-12-12")
    play = page.get_by_role("button", name="Play")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(figure(page, "Parties")).to_contain_text(re.compile(r"^[1-9]"), timeout=15000)
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")
    day = page.url[-10:]
    settled(page, day)


def test_with_less_motion_it_plays_a_year_at_a_time(moved):
    page = moved("/instruments/untoc?as_of=2000-12-12", reduced_motion="reduce")
    play = page.get_by_role("button", name="Play")
    play.click()
    settled(page, "2001-12-12")
    play.click()


def test_open_parts_stay_open_and_nothing_moves(moved):
    page = moved("/instruments/untoc?as_of=2003-06-26")
    page.locator("main details summary").first.click()
    slider(page).focus()  # which the browser scrolls to, as the details are further down
    top = page.locator("main").bounding_box()["y"]
    page.keyboard.press("ArrowRight")
    settled(page, "2003-07-01")
    assert page.locator("main details").first.get_attribute("open") is not None
    assert page.locator("main").bounding_box()["y"] == top


def test_leaving_today_does_not_push_the_page_down(moved):
    for width in (1440, 360):
        page = moved("/", viewport={"width": width, "height": 800})
        top = page.locator("main").bounding_box()["y"]
        slider(page).focus()
        page.keyboard.press("PageDown")
        expect(page.locator(".date-bar")).to_have_class(re.compile("other-date"))
        assert page.locator("main").bounding_box()["y"] == top


def test_only_the_last_of_many_days_is_shown(moved):
    page = moved("/instruments/untoc?as_of=2003-07-01")
    slider(page).focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    settled(page)


@pytest.mark.parametrize("path", PAGES)
def test_without_script_the_date_field_serves(visit, path):
    page = visit(path, java_script_enabled=False)
    expect(page.locator(".date-slider")).to_be_hidden()
    page.get_by_label("Status as at").fill("2003-07-01")
    page.get_by_role("button", name="Show", exact=True).first.click()
    expect(page.locator(".date-bar")).to_contain_text("Status as at 1 July 2003; later actions not shown.")


@pytest.mark.parametrize(
    "path", ["/assessments/fatf-ncct", "/targets", "/select?q=member=greco;not-party=coe-173", "/needed"]
)
def test_the_pages_of_questions_move_through_time_too(moved, path):
    page = moved(f"{path}{'&' if '?' in path else '?'}as_of=2003-07-01")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".date-bar > p")).not_to_contain_text("1 July 2003")
    settled(page)


def test_a_list_moves_from_one_change_to_the_next(moved):
    page = moved("/assessments/fatf-ncct?as_of=2003-07-01")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    expect(slider(page)).to_have_attribute("aria-valuetext", "27 February 2004, changes: 2")
    expect(page.locator(".figures").first).to_contain_text("7")


def test_the_citation_can_be_copied_after_the_slider_moved(moved):
    page = moved("/instruments/untoc/sources?as_of=2003-06-26", permissions=["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name="Copy", exact=True)
    expect(copy).to_be_visible()
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page, "2003-07-01")
    copy.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Citation", exact=True).input_value()
    assert "1 July 2003" in copied


def test_suggestions_are_those_of_the_day_that_the_slider_moved_to(moved):
    page = moved("/instruments/untoc?as_of=2003-06-26")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page, "2003-07-01")
    with page.expect_request(re.compile(r"/search\.json")) as asked:
        page.get_by_role("combobox", name="Search").press_sequentially("franc")
    assert "as_of=2003-07-01" in asked.value.url
    expect(page.get_by_role("option").first).to_have_attribute("data-address", re.compile("as_of=2003-07-01"))


def test_what_was_typed_in_the_search_box_stays_while_the_slider_moves(moved):
    page = moved("/instruments/untoc?as_of=2003-06-26")
    page.get_by_role("combobox", name="Search").fill("mala")
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page, "2003-07-01")
    expect(page.get_by_role("combobox", name="Search")).to_have_value("mala")


def test_the_policy_holds_for_the_copied_library(visit, server):
    page = visit("/instruments/untoc")
    library = page.request.get(f"{server}/static/vendor/idiomorph/idiomorph.js")
    licence = page.request.get(f"{server}/static/vendor/idiomorph/LICENSE")
    assert "script-src 'self';" in library.headers["content-security-policy"]
    assert "Permission to use" in licence.text()
