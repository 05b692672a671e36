"""A list of watched treaties and States, kept in a real browser."""

import re

from playwright.sync_api import expect

from tests.support.browser_checks import PHONE, spills


def star(page):
    return page.locator("main button[data-watch]").first


def rows(page):
    return page.locator("tr[data-row]")


def test_what_is_starred_stands_under_my_treaties_until_the_star_is_taken_off(visit):
    page = visit("/instruments/untoc")
    expect(star(page)).to_have_attribute("aria-pressed", "false")
    star(page).focus()
    page.keyboard.press("Enter")
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    page.goto(page.url.replace("/instruments/untoc", "/participants/FRA"))
    star(page).click()
    page.goto(re.sub(r"/participants.*", "/watchlist", page.url))
    expect(rows(page)).to_have_count(2)
    expect(page.locator("tr[data-row=untoc]")).to_contain_text("In force since 29 Sep 2003")
    page.locator("tr[data-row=untoc] button[data-watch]").click()
    page.reload()
    expect(rows(page)).to_have_count(1)


def test_starring_sends_nothing(visit):
    page = visit("/instruments/untoc")
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    star(page).click()
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    assert asked == []


def test_a_list_from_a_link_is_kept_when_asked_to(visit):
    page = visit("/watchlist?instrument=untoc&participant=FRA")
    page.locator("#keep-list").click()
    expect(page.locator("#keep-list")).to_be_hidden()
    page.goto(re.sub(r"\?.*", "", page.url))
    expect(rows(page)).to_have_count(2)


def test_on_a_phone_the_whole_row_is_on_the_screen(visit):
    page = visit("/watchlist?instrument=un-cybercrime&participant=FRA", viewport=PHONE)
    assert not spills(page)
    box = page.locator("tr[data-row=un-cybercrime] td").nth(3).bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]
