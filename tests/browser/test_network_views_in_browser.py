"""Every view of the network in a real browser: by keyboard, moved in time, asked, saved, printed, large and small."""

import re
import struct
import threading
from importlib.resources import files

import pytest
from playwright.sync_api import expect
from waitress.server import create_server

from benchmarks import generated_record as made
from tests.support.browser_checks import region_box
from tracker.app import assemble_app
from tracker.config import Settings
from tracker.law.ledger import Ledger
from tracker.storage.revision import RevisionStamp
from tracker.web.context import LedgerCache
from tracker.web.network.painting import INKS

DAY = "as_of=2026-11-22"
VIEWS = [
    "gaps", "spindle", "growth", "clocks", "profiles", "ego", "backbone", "ties",
    "changes&from=2026-01-01", "changes&from=2000-01-01",
]  # fmt: skip
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1920, "height": 1080}
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = "async () => (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`)"


@pytest.fixture
def network(visit):
    """Open the network and wait until it is drawn."""

    def opened(query="", day=DAY, **options):
        page = visit(f"/network?{day}{'&' + query if query else ''}", **options)
        expect(page.locator("#network")).to_have_attribute("data-ready", "true")
        return page

    return opened


def settled(page):
    """Wait until page and picture show what the address says."""
    expect(page.locator("#network:not([data-busy])")).to_be_attached()
    return page


def edges(page):
    return int(page.locator("#network").get_attribute("data-edges"))


def assert_drawn(page):
    """Is there a picture: more than a few paths and circles?"""
    assert page.locator("#painting path, #painting circle").count() > 10


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn(network, view):
    page = network(f"view={view}")
    expect(page.locator("#network")).to_have_attribute("data-view", view.partition("&")[0])
    assert_drawn(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_violation_in_any_view(network, view, scheme):
    page = network(f"view={view}&focus=instrument.untoc", color_scheme=scheme)
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


def test_axe_finds_no_violation_in_the_answers(network):
    page = network("one=FRA&other=PNG&like=FRA&groups=1&central=degree")
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["360", "1920"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_is_wider_than_its_window(network, view, viewport):
    page = network(f"view={view}", viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert_drawn(page)


@pytest.mark.parametrize("view", VIEWS)
def test_without_script_a_view_is_a_still_picture_and_a_table(visit, view):
    page = visit(f"/network?view={view}&{DAY}", java_script_enabled=False)
    expect(page.locator("#painting svg")).to_be_visible()
    assert_drawn(page)
    expect(page.locator("#rows tbody tr").first).to_be_visible()


def test_without_script_the_questions_are_plain_forms(visit):
    page = visit(f"/network?{DAY}", java_script_enabled=False)
    page.get_by_label("From", exact=True).fill("France")
    page.locator("#q-other").fill("Papua New Guinea")
    page.get_by_role("button", name="Find path").click()
    expect(page.get_by_role("heading", name="Shortest path", level=2)).to_be_visible()
    assert DAY in page.url


def test_files_have_the_light_colours_of_the_style_sheets(network):
    page = network(color_scheme="light")
    names = list(INKS)
    found = page.evaluate(
        """names => {
            const style = getComputedStyle(document.documentElement);
            return names.map((name) => style.getPropertyValue(`--${name}`).trim());
        }""",
        names,
    )
    assert dict(zip(names, found, strict=True)) == INKS


def test_the_views_are_steps_that_back_undoes(network):
    page = network()
    page.get_by_role("link", name="Participation patterns").click()
    expect(page.locator("#network")).to_have_attribute("data-view", "profiles")
    page.get_by_role("link", name="Similarity").click()
    expect(page.locator("#network")).to_have_attribute("data-view", "backbone")
    page.go_back()
    expect(page.locator("#network")).to_have_attribute("data-view", "profiles")
    expect(page.locator("#rows caption")).to_contain_text("patterns")
    page.go_back()
    expect(page.locator("#network")).to_have_attribute("data-view", "gaps")
    page.go_forward()
    expect(page.locator("#network")).to_have_attribute("data-view", "profiles")


def test_a_link_restores_everything(network):
    page = network("view=changes&from=2025-01-01&region=Africa&one=FRA&other=PNG")
    again = network(page.url.partition("?")[2].replace(f"{DAY}&", ""))
    assert edges(again) == edges(page)
    expect(again.get_by_label("From date")).to_have_value("2025-01-01")
    expect(region_box(again, "Africa")).to_be_checked()
    expect(again.get_by_role("heading", name="Shortest path", level=2)).to_be_visible()


def test_the_slider_moves_the_edges_without_a_reload(network):
    page = network(day="as_of=2003-06-26", query="view=ties")
    page.evaluate("window.here = true")
    before = edges(page)
    page.get_by_role("slider", name="Status date").focus()
    page.keyboard.press("PageUp")
    expect(page.locator("#network")).to_have_attribute("data-day", "2004-06-26")
    settled(page)
    assert edges(page) > before
    assert page.evaluate("window.here")
    assert "as_of=2004-06-26" in page.url
    expect(page.get_by_label("Status as at")).to_have_value("2004-06-26")
    expect(page.locator("#summary")).to_contain_text("links")
    expect(page.get_by_role("slider", name="Status date")).to_be_focused()
    expect(page.locator("#rows caption")).to_contain_text(f"{edges(page):,} links")


def test_nodes_keep_their_places_while_the_day_moves(network):
    places = """async () => {
        const query = new URLSearchParams(location.search);
        const { nodes } = await (await fetch(`/network/drawing?${query}`)).json();
        const { x, y } = nodes.find((node) => node.code === 'FRA');
        return [x, y];
    }"""
    page = network(day="as_of=2003-06-26", query="view=ties")
    before = page.evaluate(places)
    page.get_by_role("slider", name="Status date").focus()
    page.keyboard.press("PageUp")
    expect(page.locator("#network")).to_have_attribute("data-day", "2004-06-26")
    assert page.evaluate(places) == before


def test_play_goes_on_to_today(network):
    page = network(day="as_of=2026-06-01")
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#network")).not_to_have_attribute("data-day", "2026-06-01", timeout=20_000)
    expect(page.get_by_role("button", name="Play")).to_have_attribute("aria-pressed", "false", timeout=20_000)
    assert "as_of" not in page.url
    settled(page)
    expect(page.locator("#rows")).to_be_attached()
    assert page.evaluate("getComputedStyle(document.getElementById('table-section')).visibility") == "visible"  # again


def test_two_days_are_compared(network):
    page = network("view=changes")
    page.get_by_label("From date").fill("2003-01-01")
    page.get_by_label("To date").fill("2004-01-01")
    settled(page)  # the answer to the first date does not overwrite the second
    page.keyboard.press("Tab")
    expect(page.locator("#network")).to_have_attribute("data-day", "2004-01-01")
    settled(page)
    expect(page.locator("#summary")).to_contain_text("From 1 Jan 2003 to 1 Jan 2004")
    page.locator("#table-section summary").click()
    total = int(re.search(r"([0-9,]+) changes", page.locator("#rows caption").inner_text())[1].replace(",", ""))
    assert page.locator("#rows tbody tr").count() == min(250, total)
    assert 0 < edges(page) <= total
    acts = page.locator("#rows tbody tr.gained td:last-child", has_text="ratification")
    expect(acts.first).to_contain_text(" 2003 ratification")
    assert page.get_by_role("slider", name="Status date").get_attribute("aria-valuetext").startswith("1 January 2004")


def test_the_shortest_path_is_found_drawn_and_described_by_keyboard_alone(network):
    page = network("view=ties")
    way = page.locator("#scene-links [data-kind=way]")
    expect(way).to_have_count(0)
    page.get_by_label("From", exact=True).focus()
    page.keyboard.type("France")
    page.keyboard.press("Tab")
    page.keyboard.type("Papua New Guinea")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Shortest path", level=2)).to_be_visible()
    expect(page.locator("#legend")).to_contain_text("Shortest path")
    expect(way).to_have_count(1)
    page.locator("#answers").get_by_role("link", name="Clear").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Shortest path", level=2)).to_be_hidden()


def test_groups_and_the_most_central_mark_the_picture(network):
    page = network("view=ties")
    page.get_by_role("button", name="Show groups").click()
    expect(page.locator("#legend")).to_contain_text("Group, by its number")
    page.get_by_label("Measured by").select_option(label="Betweenness")
    page.get_by_role("button", name="Rank").click()
    expect(page.get_by_role("heading", name="Centrality: Betweenness")).to_be_visible()
    page.get_by_role("button", name="Hide groups").click()
    expect(page.locator("#legend")).not_to_contain_text("Group, by its number")


def test_the_profiles_are_walked_by_keyboard(network):
    page = network("view=profiles")
    with page.expect_response(re.compile("/network/drawing")):
        page.locator("#painting").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#network")).to_have_attribute("data-focus", "profile.1")
    expect(page.locator("#panel h2")).to_contain_text("participants")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#panel .kind")).to_contain_text("Pattern 2")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_empty()


def test_a_row_of_the_profiles_can_be_clicked(network):
    page = network("view=profiles")
    page.locator("[data-id='profile.2'] text").click()
    expect(page.locator("#panel .kind")).to_contain_text("Pattern 2")
    expect(page.locator("#lit [data-id='profile.2']")).to_be_attached()


def test_other_instruments_make_other_profiles(network):
    page = network("view=profiles")
    before = page.locator("#summary").inner_text()
    page.get_by_label("Budapest Convention", exact=True).check()
    expect(page.locator("#summary")).not_to_have_text(before)
    assert "of=coe-185" in page.url
    assert page.url.count("&of=") == 7


def test_a_node_can_be_moved_and_stays_where_it_is_put(network):
    page = network("view=ego&focus=participant.FRA")
    page.get_by_role("button", name="Move nodes").click()
    canvas = page.locator("#free canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = canvas.evaluate("canvas => canvas.toDataURL()")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y + 90, steps=5)
    page.mouse.up()
    page.mouse.move(5, 5)
    page.wait_for_function("before => document.querySelector('#free canvas').toDataURL() !== before", arg=before)
    page.get_by_role("button", name="Move nodes").click()
    expect(canvas).to_be_hidden()
    expect(page.locator("#painting")).to_be_visible()


def test_the_middle_moves_to_who_is_chosen(network):
    page = network("view=ego&focus=participant.FRA")
    page.locator("#panel").get_by_role("link", name="UNCAC").click()
    expect(page.locator("#network")).to_have_attribute("data-focus", "instrument.uncac")
    expect(page.locator("#summary")).to_contain_text("United Nations Convention against Corruption")
    assert edges(page) > 190


def test_the_picture_is_saved_as_a_png_of_the_size_of_a_poster(network):
    page = network()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").click()
    saved = waiting.value
    assert saved.suggested_filename == "network-gaps-2026-11-22.png"
    head = saved.path().read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", head[16:24])
    assert wide == 4000
    assert 2500 < high < 4000


def test_print_shows_the_picture_and_the_table(network):
    page = network("view=ties", color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator("#painting svg")).to_be_visible()
    assert page.locator("#rows table").evaluate("table => table.getBoundingClientRect().height") > 100


def test_a_name_that_nobody_has_is_said(network):
    page = network()
    page.get_by_label("Find").fill("Atlantis")
    page.get_by_label("Find").press("Enter")
    expect(page.locator("#picture-status")).to_have_text("No State, treaty or body is called “Atlantis” on this date")
    assert "Atlantis" not in page.url


def test_between_two_dates_what_changed_stands_out(network):
    page = network("view=changes&from=2000-01-01", day="as_of=2020-01-01")
    expect(page.locator("#rose-middle")).to_contain_text("changes of status")
    pale = page.locator("#cells path[opacity]")
    full = page.locator("#cells path:not([opacity])")
    assert pale.count() > 0 < full.count()
    page.locator(".with-bars").first.get_by_role("link", name="UNTOC").click()
    expect(page.locator("#network")).to_have_attribute("data-focus", "instrument.untoc")
    expect(page.locator("#lit")).to_contain_text("UNTOC")
    page.get_by_label("Change", exact=True).select_option(label="Signature")
    expect(page.locator("#rows caption")).to_contain_text("changes")
    settled(page)
    assert "change=signed" in page.url
    assert {row.text_content() for row in page.locator("#rows tbody td .status").all()} <= {"Gained"}


def test_the_picture_moves_in_time_under_one_clock(network):
    page = network(day="as_of=2003-06-26")
    page.evaluate("window.here = true")
    before = page.locator("#rose-middle").text_content()
    page.get_by_role("slider", name="Status date").focus()
    page.keyboard.press("PageUp")
    expect(page.locator("#painting")).to_have_attribute("data-day", "2004-06-26")
    settled(page)
    expect(page.locator("#rose-middle")).not_to_have_text(before)
    expect(page.locator(".date-bar")).to_contain_text("26 June 2004")
    assert page.evaluate("window.here")


# -- a collection of the size of the UN's ------------------------------------------------------------------


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """The address of a site over a record as large as the UN collection."""
    held = Ledger(made.record())
    settings = Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('large') / 'none.db'}")
    app = assemble_app(LedgerCache(lambda: RevisionStamp(1), lambda: held), settings)
    app.add_url_rule(
        "/subscribe", "subscriptions.subscribe", lambda: ""
    )  # what every page links to lives beside a database
    app.add_url_rule("/changes", "changes.changes", lambda: "")
    served = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.effective_port}"
    served.close()
    thread.join(timeout=10)


@pytest.fixture
def large(browser, collection):
    """Open the network of the large collection and wait until it is drawn."""
    windows, faults = [], []

    def opened(query=""):
        window = browser.new_context(viewport={"width": 1440, "height": 1000})
        windows.append(window)
        page = window.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{collection}/network?{query}")
        expect(page.locator("#network")).to_have_attribute("data-ready", "true", timeout=20_000)
        return page

    yield opened
    for window in windows:
        window.close()
    assert not faults


def test_a_large_collection_opens_on_its_backbone(large):
    page = large()
    expect(page.locator("#network")).to_have_attribute("data-view", "backbone")
    assert 297 < edges(page) <= 594


def test_of_a_large_collection_a_ring_draws_the_ties_of_whoever_is_chosen(large):
    page = large("view=ties")
    assert edges(page) == 0
    expect(page.locator("#overview")).to_contain_text("Too many links to draw")
    page.get_by_label("Find").fill("S001")
    page.get_by_label("Find").press("Enter")
    expect(page.locator("#network")).to_have_attribute("data-focus", "participant.S001")
    expect(page.locator("#network")).not_to_have_attribute("data-edges", "0")
    assert edges(page) < 400
    page.locator("#painting").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#network")).to_have_attribute("data-edges", "0")


def test_of_a_large_collection_pointing_at_a_mark_draws_its_ties(large):
    page = large("view=ties")
    ties = re.compile("focus=instrument.treaty-150")
    mark = page.locator("#scene-marks [data-id='instrument.treaty-150'] circle")
    page.route(ties, lambda route: route.fulfill(status=200, body="<p>", content_type="application/json"))
    with page.expect_response(ties):
        mark.hover()
    expect(page.locator("#lit path")).to_have_count(0)
    page.mouse.move(5, 5)
    page.unroute(ties)
    with page.expect_response(ties):
        mark.hover()
    expect(page.locator("#network")).to_have_attribute("data-over", "instrument.treaty-150")
    expect(page.locator("#lit path").first).to_be_attached()
