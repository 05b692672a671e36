"""Goals and reported figures on their page: reported, target, computed, verdict; and what is not computed."""

import pytest

TODAY = "2026-11-22"


def cells(tree, id):
    """A row as (reported, target, computed, verdict)."""
    row = tree.cssselect(f"tr[data-row={id}]")[0]
    found = [" ".join(cell.text_content().split()) for cell in row.cssselect("td")]
    verdict = " ".join(row.cssselect(".verdict-mark")[0].text_content().split())
    return (*found[1:4], verdict)


@pytest.fixture
def plan(page):
    return page(f"/targets?as_of={TODAY}")


@pytest.mark.parametrize("day", ["", "1989-06-01", "2003-07-01", "2199-12-31", "0001-01-01", "9999-12-31"])
def test_the_page_opens_on_any_day(page, day):
    assert len(page(f"/targets?as_of={day}" if day else "/targets").cssselect("h1")) == 1


@pytest.mark.parametrize(
    ("id", "shown"),
    [
        ("state-fy04-2-1-2003-1", ("–", "40", "53", "met")),
        ("state-fy04-2-1-2004-1", ("–", "10", "40", "met")),
        ("state-fy04-1-2-2003-4", ("–", "25", "42", "met")),
        ("state-fy04-1-2-2004-4", ("–", "30", "74", "met")),
        ("state-fy04-2-7-2004-1", ("–", "175", "170", "missed")),
        ("state-fy04-2-1-2002-2", ("24", "–", "24", "as reported")),
        ("state-fy04-2-1-2002-3", ("107", "–", "109", "differs")),
        ("state-fy04-2-6-2002-2", ("15", "–", "15", "as reported")),
        ("state-fy04-1-3-2001-1", ("223,700", "–", "–", "not computed")),
        ("state-fy04-2-3-2003-1", ("–", "2,100", "–", "not computed")),
    ],
)
def test_each_figure_shows_what_was_said_what_is_computed_and_the_verdict(plan, id, shown):
    assert cells(plan, id) == shown


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("state-fy04-2-1-2002-1", "Dates on which 141 matches: 10 Apr 2002 to 23 Jul 2002"),
        ("state-fy04-2-1-2002-3", "Dates on which 107 matches: 8 Aug 2002 to 14 Aug 2002"),
        ("state-fy04-2-1-2002-4", "Dates on which 14 matches: 19 Jul 2002 to 15 Aug 2002"),
        ("state-fy04-2-1-2002-7", "Dates on which 35 matches: 22 Jul 2002 to 13 Aug 2002"),
        ("state-fy04-2-1-2002-8", "Dates on which 2 matches: 15 May 2002 to 5 Aug 2002"),
    ],
)
def test_figures_of_2002_tell_the_days_on_which_each_was_true(plan, id, words):
    (summary,) = plan.cssselect(f"tr[data-row={id}] summary")
    assert " ".join(summary.text_content().split()) == words


def test_a_verdict_is_a_word_beside_its_mark(plan):
    marks = plan.cssselect(".target-table .verdict-mark")
    assert all(mark.cssselect("svg[aria-hidden=true]") and mark.text_content().strip() for mark in marks)
    assert len(marks) == 98


def test_figures_are_drawn_by_year_with_the_same_numbers_in_words(plan):
    named = [chart.get("aria-label") for chart in plan.cssselect("svg.year-figure")]
    assert "ratifications of UNTOC: FY 2002: reported 24, computed 24, FY 2003: target 40, computed 53" in named
    assert any(
        each.startswith("coca cultivation: FY 2001: reported 223,700, FY 2002: reported 205,450") for each in named
    )


def test_the_address_chooses_by_verdict_goal_and_instrument(page, data):
    assert len(page(f"/targets?verdict=missed&as_of={TODAY}").cssselect(".target-table tbody tr")) == 3
    found = data(f"/api/v1/targets?verdict=computed&instrument=untoc&as_of={TODAY}")["targets"]
    assert {row["instrument"] for row in found} == {"untoc"}
    assert all(row["computed"] is not None for row in found)


@pytest.mark.parametrize("query", ["verdict=splendid", "goal=none+such", "instrument=lost"])
def test_a_choice_that_is_not_there_is_refused_by_name(client, query):
    answer = client.get(f"/targets?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[2].replace("+", " ") in answer.text


def test_the_api_gives_every_target_in_the_envelope(client):
    answer = client.get(f"/api/v1/targets?as_of={TODAY}").json
    assert answer["meta"]["as_of"] == TODAY
    assert answer["data"]["count"] == 98
    assert answer["data"]["verdicts"] == {
        "met": 8, "missed": 3, "not yet": 0, "as reported": 9, "differs": 9, "not computed": 69,
    }  # fmt: skip


def test_the_table_is_there_as_csv(client):
    text = client.get(f"/targets.csv?as_of={TODAY}").text
    assert "state-fy04-2-7-2004-1" in text
    assert len(text.splitlines()) == 99


def test_a_target_still_to_come_shows_the_pace_it_needs(page):
    tree = page("/targets?as_of=2003-03-31")
    row = " ".join(tree.cssselect("tr[data-row=state-fy04-2-1-2003-1]")[0].text_content().split())
    assert "not yet" in row
    assert "On track: " in row or "Behind: " in row or "by one measure" in row
