"""What the network page shows when a request of its script fails: never a picture of another day."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser_checks import choose_region

FAILURES = {
    "refused": lambda route: route.fulfill(status=500, body="{}", content_type="application/json"),
    "unreachable": lambda route: route.abort(),
    "garbled": lambda route: route.fulfill(status=200, body="<p>", content_type="application/json"),
}


@pytest.fixture
def network(browser, server):
    """Open the network as of a day in the past and wait until it is drawn; no error may go uncaught."""
    windows, faults = [], []

    def opened(query=""):
        windows.append(browser.new_context(viewport={"width": 1440, "height": 1000}))
        page = windows[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{server}/network?view=ties&as_of=2003-06-26&{query}")
        expect(page.locator("#network")).to_have_attribute("data-ready", "true")
        expect(page.locator(".date-slider")).to_have_attribute("data-ready", "true")
        return page

    yield opened
    for window in windows:
        window.close()
    assert not faults


def move_a_year(page):
    page.get_by_role("slider", name="Status date").focus()
    page.keyboard.press("PageUp")


def point_at_france(page):
    """Move the pointer on to the name of France, from elsewhere."""
    page.mouse.move(5, 5)
    page.locator("#scene-marks [data-id='participant.FRA'] text").hover()


@pytest.mark.parametrize("failure", FAILURES)
def test_what_cannot_be_fetched_is_fetched_when_it_is_pointed_at_again(network, failure):
    page = network()
    drawing = re.compile(r"/network/drawing\?")
    page.route(drawing, FAILURES[failure])
    with page.expect_event("requestfinished" if failure != "unreachable" else "requestfailed"):
        point_at_france(page)
    expect(page.locator("#lit")).not_to_be_attached()
    page.unroute(drawing)
    with page.expect_response(drawing):
        point_at_france(page)
    expect(page.locator(".cell-tip")).to_contain_text("France")
    expect(page.locator("#lit")).to_be_attached()


def test_a_day_whose_page_is_refused_is_opened_by_the_browser(network):
    page = network()
    page.route(
        re.compile(r"/network\?.*as_of=2004"), lambda route: route.fulfill(status=503, body="<p>Come back later.</p>")
    )
    move_a_year(page)
    expect(page.locator("body")).to_have_text("Come back later.")


def test_a_refused_choice_leaves_the_page_as_it_is_and_says_why(network):
    page = network()
    page.route(
        re.compile(r"/network\?.*region=Asia"),
        lambda route: route.fulfill(status=400, content_type="text/html", body="<main><p>No such region.</p></main>"),
    )
    choose_region(page, "Asia")
    expect(page.locator("#picture-status")).to_have_text("No such region.")
    expect(page.locator("#painting")).to_be_visible()
