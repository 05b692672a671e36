"""The spindle in a real browser: pointed at, walked by keyboard, filtered, and there without script."""

from playwright.sync_api import expect

from tests.support.browser_checks import choose_option, choose_region

DAY = "as_of=2026-11-22"


def opened(visit, query="", **options):
    page = visit(f"/network?view=spindle&{DAY}&{query}", **options)
    expect(page.locator("#network")).to_have_attribute("data-ready", "true")
    return page


def test_pointing_at_a_treaty_lights_its_links_and_names_their_ends(visit):
    page = opened(visit)
    row = page.locator("#spindle-rows > g", has_text="UNTOC").first
    page.locator("#painting").scroll_into_view_if_needed()
    box = row.locator("rect").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#lit .link")).to_have_count(3)
    expect(page.locator("#lit")).to_contain_text("UNTOC: 3 outstanding")
    expect(page.locator("#lit")).to_contain_text("Papua New Guinea")
    page.mouse.move(5, 5)
    expect(page.locator("#lit")).to_have_count(0)


def test_the_keyboard_walks_participants_and_treaties(visit):
    page = opened(visit, "focus=participant.PNG")
    expect(page.locator("#lit .link")).to_have_count(5)
    expect(page.locator("#lit")).to_contain_text("Papua New Guinea: 5 outstanding")
    page.locator("#painting").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#panel h2")).not_to_contain_text("Papua New Guinea")
    assert "focus=instrument." in page.url


def test_headline_picture_and_table_follow_the_filters(visit):
    page = opened(visit)
    choose_option(page, "treaties", "Firearms Protocol")
    choose_region(page, "Asia")
    expect(page.locator("#chosen a")).to_have_count(2)
    expect(page.locator("#network:not([data-busy])")).to_be_attached()
    number = page.locator("#spindle-links path").count()
    expect(page.locator("#painting")).to_have_attribute("data-links", str(number))
    expect(page.locator("#summary")).to_contain_text(f"{number} outstanding")
    expect(page.locator("#rows caption")).to_contain_text(f"{number} outstanding action")
    choose_option(page, "standing", "Party")
    expect(page.locator("#summary")).to_contain_text("links between participants and treaties")
    assert page.locator("#spindle-links path").count() > 20


def test_without_script_and_on_a_phone_the_picture_is_there(visit):
    page = visit(f"/network?view=spindle&{DAY}", java_script_enabled=False)
    expect(page.locator("#painting svg")).to_be_visible()
    assert page.locator("#spindle-links path").count() > 100
    phone = opened(visit, viewport={"width": 360, "height": 740})
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    expect(phone.get_by_role("heading", name="Treaties")).to_be_visible()
