"""The page about the API and the page of the data, in a real browser: by everybody, on any screen, without scripts."""

from importlib.resources import files

import pytest
from playwright.sync_api import expect

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = """async () => (await axe.run()).violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`)"""
PATHS = ["/api", "/data"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_violation(visit, path, scheme):
    page = visit(path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = !each.name; })")
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


@pytest.mark.parametrize("path", PATHS)
def test_the_page_fits_a_phone(visit, path):
    page = visit(path, viewport={"width": 360, "height": 740})
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", PATHS)
def test_the_page_reads_without_scripts(visit, path):
    expect(visit(path, java_script_enabled=False).locator("h1")).to_be_visible()


def test_an_example_of_the_page_about_the_api_can_be_tried(visit):
    page = visit("/api")
    address = page.get_by_role("link", name="/api/v1/instruments/untoc/history", exact=True).get_attribute("href")
    answer = page.request.get(f"{page.url.removesuffix('/api')}{address}")
    assert answer.json()["data"]["instrument"] == "untoc"
