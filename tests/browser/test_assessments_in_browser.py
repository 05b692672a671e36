"""Assessments, targets, crossing queries and bodies in a real browser: readable, narrow enough, fine without script."""

import pytest
from playwright.sync_api import expect

from tests.support.browser_checks import PHONE, choose_option, spills, violations

DAY = "as_of=2026-11-22"
PAGES = [
    f"/assessments/tip-tier?{DAY}", f"/assessments/greco-round?{DAY}", "/assessments/fatf-ncct?as_of=2002-09-30",
    f"/targets?verdict=computed&{DAY}", f"/select?q=assessed=tip-tier:2@2017;region=Oceania&{DAY}",
    f"/select?q=member=greco;not-party=coe-173&{DAY}", f"/bodies/fatf?{DAY}", "/bodies/cicad?as_of=2002-09-30",
    f"/participants/UKR?{DAY}",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"viewport": PHONE}], ids=["dark", "phone"])
def test_axe_finds_no_violation(visit, path, options):
    page = visit(path, **options)
    assert violations(page) == []
    assert not spills(page)


def test_a_query_is_built_by_choosing_without_script(visit):
    page = visit(f"/select?{DAY}", java_script_enabled=False)
    page.get_by_label("Body", exact=True).select_option("greco")
    page.get_by_role("button", name="Run query").first.click()
    expect(page.get_by_role("heading", name="Results (48)")).to_be_visible()
    page.get_by_label("Treaty", exact=True).select_option("coe-173")
    page.get_by_role("button", name="Add to the query").click()
    expect(page.get_by_role("heading", name="Results (2)")).to_be_visible()
    assert DAY in page.url
    page.get_by_role("link", name="Remove member=greco").click()
    expect(page.locator(".query-conditions li")).to_have_count(1)


def test_a_list_leads_to_a_query_about_those_on_it(visit):
    page = visit(f"/assessments/fatf-grey?{DAY}", java_script_enabled=False)
    page.get_by_label("Listed States not party to:").select_option("uncac")
    page.get_by_role("button", name="Run query").click()
    expect(page.locator("[aria-label='Results'] tbody th")).to_contain_text(
        ["British Virgin Islands", "Monaco", "Syrian Arab Republic"]
    )


def test_judgements_are_drawn_with_the_body_or_the_participant_in_focus(visit):
    page = visit(f"/network?view=ties&{DAY}")
    expect(page.locator("#network")).to_have_attribute("data-ready", "true")
    unfocused = int(page.locator("#network").get_attribute("data-edges"))
    page.get_by_label("Find").fill("Myanmar")
    page.get_by_label("Find").press("Enter")
    expect(page.locator("#network")).to_have_attribute("data-edges", str(unfocused + 2))
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.locator("details[data-kind=assessed]")).to_contain_text("call-for-action of 'fatf-black'")
    choose_option(page, "standing", "Assessed by a body")
    expect(page.locator("#network")).not_to_have_attribute("data-edges", str(unfocused + 2))
    assert int(page.locator("#network").get_attribute("data-edges")) < 200
