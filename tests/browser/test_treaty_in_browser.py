"""A treaty's page in a browser: an answer for several groups by keyboard and by touch, without losing one's place."""

import pytest
from playwright.sync_api import expect

DAY = "as_of=2024-05-04"
GROUPS = ["GRULAC", "African States", "European Union"]


def expected(page, server):
    """Who of those groups has signed and not ratified, as the API says."""
    query = f"{DAY}&standing=signatory&group=GRULAC&group=African+States&member_of=eu&match=any"
    answer = page.request.get(f"{server}/api/v1/instruments/untoc-firearms?{query}").json()
    return [row["name"] for row in answer["data"]["participants"]]


def names(page):
    return page.locator(".status-table tbody th > a:first-child")


@pytest.mark.parametrize("width", [1440, 390])
def test_who_of_three_groups_signed_but_did_not_ratify_takes_four_steps_by_touch(visit, server, width):
    page = visit(f"/?{DAY}", has_touch=True, viewport={"width": width, "height": 900})
    page.get_by_role("link", name="Firearms Protocol", exact=True).first.tap()  # 1
    page.locator("#facet-groups > summary").tap()  # 2
    for name in GROUPS:  # 3
        page.locator("#facet-groups .option", has_text=name).first.tap()
    page.locator(".pills .option", has_text="Signed but not ratified").tap()  # 4
    expect(names(page)).to_have_text(expected(page, server))
    assert page.url.endswith("#table")


def test_who_of_three_groups_signed_but_did_not_ratify_takes_four_steps_by_keyboard(visit, server):
    page = visit(f"/?{DAY}")
    page.get_by_role("link", name="Firearms Protocol", exact=True).first.press("Enter")
    page.locator("#facet-groups > summary").press("Enter")
    for name in GROUPS:
        box = page.locator("#facet-groups .option", has_text=name).first.locator("input")
        box.press("Space")
        expect(box).to_be_focused()
        expect(box).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#facet-groups > summary")).to_be_focused()
    page.locator(".pills .option", has_text="Signed but not ratified").locator("input").press("Space")
    expect(names(page)).to_have_text(expected(page, server))


def test_a_filter_changes_the_table_without_losing_the_place(visit):
    page = visit(f"/instruments/untoc-firearms?{DAY}")
    page.locator("#table").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 300)")
    page.locator(".pills .option", has_text="Signed but not ratified").locator("input").check()
    expect(page.locator(".chosen-facets .chip")).to_have_count(1)
    assert page.evaluate("scrollY") == 300


def test_the_filters_work_without_a_script(visit):
    page = visit(f"/instruments/untoc-firearms?{DAY}", java_script_enabled=False)
    page.locator(".pills .option", has_text="Signed but not ratified").locator("input").check()
    page.locator("form.facets").get_by_role("button", name="Apply").click()
    assert "standing=signatory" in page.url
    expect(page.locator(".status-table .status.party")).to_have_count(0)


def test_a_phone_shows_every_part_of_a_row_and_no_page_is_long_without_a_way_through(visit):
    page = visit(f"/instruments/untoc?{DAY}", viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollHeight") < 6500
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    row = page.locator("tr[data-row=FRA]")
    row.scroll_into_view_if_needed()
    for cell in row.locator("th, td").all():
        box = cell.bounding_box()
        assert not box or box["x"] + box["width"] <= 360
