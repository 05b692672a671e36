"""The tree rings in a real browser: pointed at, walked by keyboard, touched on a phone, filtered and played."""

import re

from playwright.sync_api import expect

DAY = "as_of=2026-11-22"


def opened(visit, query="instrument=untoc", day=DAY, **options):
    page = visit(f"/network?view=growth&{query}&{day}", **options)
    expect(page.locator("#network")).to_have_attribute("data-ready", "true")
    return page


def point(page, code):
    """Point at the place of a participant; the middle of its angle, near the outer edge."""
    places = page.evaluate("async (query) => (await fetch(`/network/drawing?${query}`)).json()", page.url.split("?")[1])
    who = next(each for each in places["participants"] if each["id"] == f"participant.{code}")
    ring = places["treaties"][0]
    return page.locator("#painting svg").evaluate(
        """(svg, [radius, angle]) => {
            const point = new DOMPoint(radius * Math.sin(angle), -radius * Math.cos(angle));
            const { x, y } = point.matrixTransform(svg.getScreenCTM());
            return [x, y];
        }""",
        [(ring["inner"] + ring["outer"]) / 2, (who["start"] + who["end"]) / 2],
    )


def test_pointing_says_who_acted_and_when(visit):
    page = opened(visit)
    page.locator("#painting").scroll_into_view_if_needed()
    page.mouse.move(*point(page, "FRA"))
    expect(page.locator("#lit")).to_be_attached()
    page.mouse.move(*[each + 1 for each in point(page, "FRA")])
    expect(page.locator(".cell-tip")).to_contain_text("Ratification: 29 Oct 2002")
    expect(page.locator("#lit .act.consent")).to_have_count(1)
    page.mouse.move(5, 5)
    expect(page.locator(".cell-tip")).to_be_hidden()


def test_the_keyboard_walks_years_and_participants(visit):
    page = opened(visit)
    page.locator("#painting").focus()
    expect(page.locator("#picture-status")).to_be_attached()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#picture-status")).to_contain_text("2000: 0 consents to be bound")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#picture-status")).to_contain_text("2001: 6 consents to be bound")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel h2")).not_to_be_empty()


def test_a_key_that_comes_before_the_places_of_the_picture_is_not_lost(visit):
    page = opened(visit)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/network/drawing?**", hold)
    page.locator("#painting").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#picture-status")).to_be_empty()
    for each in held:
        each.continue_()
    expect(page.locator("#picture-status")).to_contain_text("2001: 6 consents to be bound")


def test_a_touch_is_answered_under_the_picture_on_a_phone(visit):
    page = opened(visit, viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator("#painting").scroll_into_view_if_needed()
    page.touchscreen.tap(*point(page, "FRA"))
    expect(page.locator("#picture-status")).to_contain_text("29 Oct 2002")


def test_headline_picture_and_table_follow_another_treaty_and_another_region(visit):
    page = opened(visit)
    page.get_by_label("Treaty", exact=True).select_option("uncac")
    expect(page.locator("#rose-middle")).to_contain_text("191")
    expect(page.locator("#summary")).to_contain_text("191 to 192 parties")
    page.locator("#facet-groups summary").click()
    page.get_by_role("checkbox", name="Africa", exact=False).first.check()
    expect(page.locator("#rose-middle")).not_to_contain_text("191")
    number = page.locator("#rose-middle text").first.text_content()
    expect(page.locator("#summary")).to_contain_text(f"{number} parties")


def test_playing_shows_one_date_at_a_time(visit):
    page = opened(visit, day="as_of=2003-06-01")
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
            const painted = document.getElementById("painting");
            const says = document.querySelector("#rose-middle text").textContent;
            const headline = document.querySelector("#summary p").textContent.match(/: (\\d+)/)[1];
            window.seen.push([painted.dataset.day, says, headline]);
        }).observe(document.getElementById("painting"), { attributes: true, attributeFilter: ["data-day"] }); }"""
    )
    page.locator(".date-slider button").click()
    expect(page.locator("#painting")).to_have_attribute("data-day", re.compile("^200[4-9]|^201"), timeout=30_000)
    page.locator(".date-slider button").click()
    for _, number, headline in page.evaluate("window.seen"):
        assert number == headline
    numbers = [int(number) for _, number, _ in page.evaluate("window.seen")]
    assert numbers == sorted(numbers)
    assert numbers[-1] > numbers[0]


def test_without_script_the_rings_and_the_table_are_there(visit):
    page = visit(f"/network?view=growth&{DAY}", java_script_enabled=False)
    expect(page.locator("#painting svg")).to_be_visible()
    expect(page.locator("#rose-middle")).to_contain_text("195")
    expect(page.locator("#rows tbody tr").first).to_be_visible()


def test_a_story_plays_itself_and_stops_where_the_reader_acts(visit):
    page = visit("/network/story/forty")
    expect(page.locator("#network")).to_have_attribute("data-ready", "true")
    expect(page.locator("#story")).to_contain_text("1 of 8")
    page.locator("#story-play").click()
    expect(page.locator("#story-play")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#story")).to_contain_text("3 of 8", timeout=30_000)
    assert "step=3" in page.url
    page.locator("#story a[rel=prev]").click()
    expect(page.locator("#story-play")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#story")).to_contain_text("2 of 8")
    expect(page.locator("#rose-middle")).to_contain_text("1")
