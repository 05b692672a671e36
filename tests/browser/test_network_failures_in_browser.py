"""What the network page shows when a request of its script fails: never a picture of another day."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser_checks import choose_region

DRAWING = re.compile(r"/network/drawing\?")
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


@pytest.mark.parametrize("failure", FAILURES)
def test_a_picture_that_cannot_be_fetched_is_said_to_be_missing_and_the_old_one_hidden(network, failure):
    page = network()
    page.route(DRAWING, FAILURES[failure])
    move_a_year(page)
    expect(page.locator("#picture-status")).to_contain_text("could not be fetched")
    expect(page.locator("#network")).to_be_hidden()
    still = page.locator("#static-picture")
    expect(still).to_be_visible()
    expect(still).to_have_attribute("src", re.compile("as_of=2004-06-26"))
    expect(page.locator("#summary")).to_contain_text("links between participants")
    assert page.locator(".picture").get_by_role("application").count() == 0


def test_the_picture_comes_back_with_the_next_request_that_succeeds(network):
    page = network()
    page.route(DRAWING, FAILURES["refused"])
    move_a_year(page)
    expect(page.locator("#network")).to_be_hidden()
    page.unroute(DRAWING)
    move_a_year(page)
    expect(page.locator("#network")).to_be_visible()
    expect(page.locator("#network")).to_have_attribute("data-day", "2005-06-26")
    expect(page.locator("#static-picture")).to_be_hidden()
    expect(page.locator("#picture-status")).to_contain_text("links drawn")


def test_back_to_the_day_that_is_still_loaded_shows_its_picture_again(network):
    page = network()
    page.route(DRAWING, FAILURES["refused"])
    move_a_year(page)
    expect(page.locator("#network")).to_be_hidden()
    page.go_back()
    expect(page.locator("#network")).to_be_visible()
    expect(page.locator("#network")).to_have_attribute("data-day", "2003-06-26")


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
    expect(page.locator("#network")).to_be_visible()
