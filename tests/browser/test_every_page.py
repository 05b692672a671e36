"""Every page there is, looked at in a real browser in every way that readers have; a new page is tried of itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser_checks import PHONE, WIDE, clipped, ends, moves, opened, shifted, spills, stops, violations
from tracker.app import create_app
from tracker.config import Settings

DAY = "as_of=2026-11-22"
EXAMPLES = {
    "/instruments/<id>": ["/instruments/untoc", "/instruments/un-cybercrime", "/instruments/coe-174"],
    "/instruments/<id>/participants": ["/instruments/untoc-firearms/participants"],
    "/instruments/<id>/non-parties": ["/instruments/uncac/non-parties"],
    "/instruments/<id>/map": ["/instruments/untoc/map"],
    "/instruments/<id>/network": ["/instruments/untoc-firearms/network"],
    "/network/story/<id>": ["/network/story/forty", "/network/story/firearms", "/network/story/cybercrime"],
    "/instruments/<id>/sources": ["/instruments/coe-174/sources"],
    "/instruments/<id>/history": ["/instruments/untoc/history"],
    "/instruments/<id>/outlook": ["/instruments/un-cybercrime/outlook"],
    "/participants/<code>": ["/participants/FRA", "/participants/BLR"],
    "/instruments/<id>/statements": ["/instruments/untoc/statements"],
    "/instruments/<id>/disputes": ["/instruments/uncac/disputes"],
    "/instruments/<id>/relations": ["/instruments/coe-197/relations"],
    "/instruments/<id>/between/<one>/<other>": ["/instruments/untoc-som/between/DEU/AFG"],
    "/participants/<code>/statements": ["/participants/AZE/statements"],
    "/participants/<one>/with/<other>": ["/participants/IND/with/LVA"],
    "/bodies/<id>": ["/bodies/greco"],
    "/assessments/<id>": ["/assessments/fatf-ncct"],
}
ASKED = [
    "/search?q=con", "/matrix?region=Oceania&instrument=untoc&instrument=uncac",
    "/compare?participant=FRA&participant=DEU&participant=IRN", "/compare?instrument=untoc&instrument=uncac",
    "/map?instrument=untoc", "/what-if?instrument=un-cybercrime&who=signatories", "/what-if?thresholds=30,40,60",
    "/claims?instrument=untoc&signatories=141&parties=24", "/select?q=member=greco;not-party=coe-173",
    "/instruments/untoc?reasons=yes&standing=party&region=Africa", "/findings?instrument=untoc",
    "/nowhere", "/instruments/nothing", "/claims?instrument=untoc&parties=many",
]  # fmt: skip
BEHIND_SIGN_IN = {
    "review",
    "target_form",
    "admin",
    "add_treaty",
    "fact_editor",
}  # tried in the flows, as are the pages behind a secret link
NO_PAGES = re.compile(
    r"^/(api/|static/|vendor/|download/|embed/|health|live|ready|metrics|network/)|\.(atom|ics|svg|png|txt|xml|jsonld)$|^/oembed$|\.<any\("
)
KEYS = 60  # stops of the Tab key that are looked at one by one


def _addresses():
    rules = create_app(Settings(database_url="sqlite:////nowhere/nothing.db")).url_map.iter_rules()
    pages = sorted({rule.rule for rule in rules if "GET" in rule.methods and not _elsewhere(rule)})
    for rule in pages:
        if "<" not in rule:
            yield rule
        elif rule in EXAMPLES:
            yield from EXAMPLES[rule]
        else:
            pytest.fail(f"{rule}: give an example of this page in EXAMPLES")
    yield from ASKED


def _elsewhere(rule):
    signed_in = rule.endpoint.partition(".")[0] in BEHIND_SIGN_IN and rule.rule != "/sign-in"
    return signed_in or "<token>" in rule.rule or NO_PAGES.search(rule.rule) or rule.rule == "/instruments"


ADDRESSES = list(_addresses())


def dated(path):
    return f"{path}{'&' if '?' in path else '?'}{DAY}"


@pytest.fixture(scope="module", params=ADDRESSES)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def sight(windows, server, path):
    with opened(windows, server + dated(path)) as found:
        yield found


@pytest.fixture
def page(sight):
    yield sight.page
    sight.page.emulate_media(media="screen", color_scheme="light")
    sight.page.set_viewport_size({"width": 1440, "height": 1000})


def test_it_is_a_page_under_a_policy_that_allows_nothing_inline(sight):
    policy = sight.answer.headers["content-security-policy"]
    assert sight.answer.headers["content-type"].startswith("text/html")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert policy.startswith("default-src 'none'")


def test_rows_that_arrive_late_leave_the_columns_where_they_are(page):
    assert shifted(page) == []


def test_axe_finds_no_violation(page):
    assert violations(page) == []


def test_nothing_moves_under_the_reader(page):
    much, what = moves(page)
    assert much < 0.01, what


def test_dark_is_dark_and_can_be_read(page):
    page.emulate_media(color_scheme="dark")
    assert violations(page, rules=["color-contrast", "link-in-text-block"]) == []
    colour = page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", colour)) < 40


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["360", "1920"])
def test_it_fits_its_window(page, viewport):
    page.set_viewport_size(viewport)
    assert not spills(page)
    expect(page.locator("h1")).to_be_visible()


def test_the_menu_stands_in_one_line_and_marks_where_the_reader_is(page, path):
    page.set_viewport_size({"width": 1024, "height": 800})
    tops = page.locator(".menu > li:visible").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    marked = page.locator(".menu a[aria-current=page]").evaluate_all(
        "(all) => all.map((e) => new URL(e.href).pathname)"
    )
    place = "/" if path.startswith("/instruments") else f"/{re.split('[/?]', path)[1]}"
    assert set(marked) <= {place}


def test_every_stop_of_the_keyboard_can_be_seen_and_none_is_a_trap(page):
    walked = list(stops(page, KEYS))
    assert [at["html"] for at in walked if not (at["ringed"] and at["there"])] == []
    assert [at["html"] for at in walked if at["again"] or at["back"] or not at["onward"]] == []
    assert ends(page)


def test_the_first_key_leads_past_the_menu_to_what_the_page_is_for(page):
    first = next(stops(page, 1))
    assert "skip" in first["html"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_paper_has_no_controls_and_whole_tables(page):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1062, "height": 733})  # A4 across, in CSS pixels
    for control in (".menu", "form.search", "form.as-of", ".skip", ".date-slider"):
        assert page.locator(f"{control}:visible").count() == 0
    assert clipped(page) == []


def test_without_script_the_same_is_there(windows, server, path, page):
    said = page.locator("main").inner_text()
    with opened(windows, server + dated(path), java_script_enabled=False, settled=False) as bare:
        expect(bare.page.locator("h1")).to_be_visible()
        expect(bare.page.get_by_role("search")).to_be_visible()
        assert len(bare.page.locator("main").inner_text()) >= 0.95 * len(said)
        menu = bare.page.locator(".menu summary:visible").last
        menu.click()
        expect(bare.page.get_by_role("link", name=re.compile("^Methods and glossary terms"))).to_be_visible()


def test_on_a_phone_nothing_moves_and_the_menu_opens_by_touch(windows, server, path):
    with opened(windows, server + dated(path), viewport=PHONE, has_touch=True, settled=False) as phone:
        assert not spills(phone.page)
        much, what = moves(phone.page)  # before the touch: opening the menu is meant to move what is below it
        assert much < 0.01, what
        phone.page.locator(".menu summary:visible").first.tap()
        expect(phone.page.locator(".menu-panel:visible")).to_have_count(1)
        assert not spills(phone.page)
        assert violations(phone.page, "header") == []


def test_nothing_went_wrong_and_nothing_was_asked_of_others(sight):
    own = f"status of {sight.answer.status}"  # the browser notes the status of an error page itself
    assert [fault for fault in sight.faults if sight.answer.ok or own not in fault] == []
