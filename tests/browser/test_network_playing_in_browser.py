"""Dates that play, and dates that the slider is dragged over, in a real browser: one date at a time on all the page."""

import pytest
from playwright.sync_api import expect

WATCH = """() => {
    window.seen = [];
    const look = () => {
        const day = document.getElementById("painting").dataset.day;
        if (window.seen.at(-1)?.picture !== day) {
            const links = document.getElementById("painting").dataset.links;
            const number = document.querySelector("#rose-middle text")?.textContent.replace(/\\D/g, "") ?? links;
            window.seen.push({
                picture: day, words: document.querySelector("#status-date time").getAttribute("datetime"),
                field: document.getElementById("as-of").value, links, number,
            });
            const number_seen = window.seen.length;
            const words = number_seen > 20 ? "many" : number_seen > 8 ? "some" : number_seen > 1 ? "few" : "one";
            document.documentElement.dataset.seen = words;
        }
        requestAnimationFrame(look);
    };
    look();
}"""
AS_LOADED = """async () => {
    const fetched = await (await fetch(location.href)).text();
    const loaded = new DOMParser().parseFromString(fetched, "text/html");
    const attributes = (element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort();
    const children = (element) => [...element.children].map(written);
    const inner = (element) => element.children.length ? children(element) : element.textContent.trim();
    const written = (element) => [element.tagName, ...attributes(element), inner(element)];
    const source = (page, selector) => JSON.stringify(written(page.querySelector(selector)));
    const same = (selector) => source(document, selector) === source(loaded, selector);
    return same("#painting svg") && same("#summary") && same("#rows");
}"""


def opened(visit, query):
    page = visit(f"/network?{query}")
    expect(page.locator("#network")).to_have_attribute("data-ready", "true")
    expect(page.locator(".date-slider")).to_have_attribute("data-ready", "true")
    return page


@pytest.mark.parametrize("view", ["view=gaps", "view=growth", "view=spindle", "view=ties"])
def test_while_dates_play_picture_words_and_field_show_the_same_date(visit, view):
    page = opened(visit, f"{view}&as_of=2003-06-01")
    page.evaluate(WATCH)
    play = page.locator(".date-slider button")
    play.click()
    expect(page.locator("html")).to_have_attribute("data-seen", "some", timeout=60_000)
    play.click()
    expect(page.locator("html")).not_to_have_class("scripted is-moving", timeout=20_000)
    seen = page.evaluate("window.seen")
    for each in seen:
        assert each["picture"] == each["words"] == each["field"]
        assert each["number"] == each["links"]
    assert [each["picture"] for each in seen] == sorted({each["picture"] for each in seen})
    assert page.evaluate(AS_LOADED)


def test_playing_asks_for_several_dates_at_a_time(visit):
    page = opened(visit, "view=growth&as_of=2003-06-01")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(WATCH)
    page.locator(".date-slider button").click()
    expect(page.locator("html")).to_have_attribute("data-seen", "many", timeout=60_000)
    page.locator(".date-slider button").click()
    frames = [url for url in asked if "/network/frames" in url]
    assert 2 <= len(frames) <= 8
    assert not [url for url in asked if "/network?" in url and "as_of=2003" in url]


def test_the_slider_that_is_dragged_moves_the_picture_and_then_the_whole_page(visit):
    page = opened(visit, "view=gaps&as_of=2003-06-01")
    page.evaluate(WATCH)
    bar = page.get_by_role("slider", name="Status date").bounding_box()
    page.mouse.move(bar["x"] + bar["width"] * 0.5, bar["y"] + bar["height"] / 2)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(bar["x"] + bar["width"] * (0.5 + step * 0.02), bar["y"] + bar["height"] / 2)
    expect(page.locator("html")).not_to_have_attribute("data-seen", "one", timeout=30_000)
    expect(page.locator("#table-section")).to_be_hidden()
    page.mouse.up()
    expect(page.locator("html")).not_to_have_class("scripted is-moving", timeout=20_000)
    for each in page.evaluate("window.seen"):
        assert each["picture"] == each["words"]
    assert page.evaluate(AS_LOADED)


def test_a_filter_chosen_while_dates_play_is_followed(visit):
    page = opened(visit, "view=gaps&as_of=2003-06-01")
    page.locator(".date-slider button").click()
    page.evaluate("document.querySelector('#f-pending').click()")
    page.locator(".date-slider button").click()
    expect(page.locator("html")).not_to_have_class("scripted is-moving", timeout=20_000)
    assert "pending=1" in page.url
    assert page.evaluate(AS_LOADED)
