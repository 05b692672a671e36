"""Filters and sorting: in the address, without script, and the same in every form."""

import pytest

DAY = "as_of=2024-05-04"


def rows(data, query=""):
    return data(f"/instruments/untoc-firearms.json?{DAY}{query}")["participants"]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("&region=Africa", lambda row: row["region"] == "Africa"),
        ("&group=African+States", lambda row: row["un_group"] == "African States"),
        ("&standing=signatory", lambda row: row["status"] == "signatory"),
        ("&standing=party&region=Europe", lambda row: row["status"] == "party" and row["region"] == "Europe"),
    ],
)
def test_a_filter_leaves_exactly_the_rows_that_it_names(data, query, holds):
    everyone, chosen = rows(data), rows(data, query)
    assert chosen == [row for row in everyone if holds(row)]
    assert 0 < len(chosen) < len(everyone)


def test_members_of_a_body_are_those_of_the_day(data):
    def members(day):
        found = data(f"/instruments/coe-173.json?as_of={day}&member_of=coe")["participants"]
        return {row["participant"] for row in found}

    assert "RUS" in members("2021-01-01")
    assert "RUS" not in members("2023-01-01")


def test_filters_narrow_who_is_missing_as_well(data):
    missing = data(f"/instruments/untoc-firearms.json?{DAY}&region=Oceania")["missing"]
    assert missing
    assert {row["region"] for row in missing} == {"Oceania"}


def test_the_counts_stay_those_of_the_instrument_whatever_is_chosen(data):
    assert data(f"/instruments/untoc-firearms.json?{DAY}&region=Oceania")["parties"] == 123


def test_sorting_puts_rows_without_a_value_last_both_ways(data):
    for sort, expected in (("consent", sorted), ("-consent", lambda days: sorted(days, reverse=True))):
        days = [row["consent"] for row in rows(data, f"&sort={sort}")]
        there = [day for day in days if day]
        assert there == expected(there)
        assert days == there + [None] * (len(days) - len(there))


def test_a_sorted_column_says_so_and_turns_when_asked_again(page):
    tree = page(f"/instruments/untoc?{DAY}&sort=consent")
    [head] = tree.cssselect("th[aria-sort]")
    assert head.get("aria-sort") == "ascending"
    assert "sort=-consent" in head.find("a").get("href")


def test_the_page_keeps_what_was_chosen(page):
    tree = page(f"/instruments/untoc?{DAY}&region=Africa&standing=party")
    assert [each.get("value") for each in tree.cssselect("form.facets input[checked]")] == ["party", "Africa", "any"]
    assert "region=Africa" in tree.cssselect("thead a")[0].get("href")


def test_participants_can_be_chosen_by_kind(data):
    assert {row["participant"] for row in data("/participants.json?kind=reio")} == {"EU"}


def test_when_nobody_is_left_the_page_says_so(words):
    assert "No participants match these filters." in words(f"/instruments/oas-cifta?{DAY}&region=Oceania")


def test_several_values_of_a_facet_show_those_of_any_of_them(data):
    assert {row["region"] for row in rows(data, "&region=Africa&region=Oceania")} == {"Africa", "Oceania"}
    assert {row["status"] for row in rows(data, "&standing=party&standing=signatory")} == {"party", "signatory"}


def test_groups_of_different_lists_are_joined_by_any_or_each(data):
    groups = "&group=GRULAC&group=African+States&member_of=eu"
    joined, each = rows(data, f"{groups}&match=any"), rows(data, groups)
    members = {row["participant"] for row in rows(data, "&member_of=eu")}
    groups = {"African States", "Latin American and Caribbean States"}
    assert joined == [row for row in rows(data) if row["un_group"] in groups or row["participant"] in members]
    assert members
    assert not each


def test_a_kind_of_consent_and_dates_narrow_the_table(data):
    found = rows(data, "&act=accession&acted_from=2010-01-01&acted_to=2010-12-31")
    assert found
    assert {row["action"] for row in found} == {"accession"}
    assert {row["consent"][:4] for row in found} == {"2010"}


def test_the_count_beside_an_option_is_the_number_of_rows_that_it_shows(page):
    address = f"/instruments/untoc-firearms?{DAY}&standing=signatory"
    for option in page(address).cssselect("#facet-groups fieldset:first-child .option"):
        value = option.cssselect("input")[0].get("value").replace(" ", "+")
        shown = page(f"{address}&group={value}").cssselect(".status-table tr[data-row]")
        assert len(shown) == int(option.cssselect(".count")[0].text)


def test_a_chip_takes_one_value_away_and_leaves_the_others(page):
    [chip, _] = page(f"/instruments/untoc?{DAY}&group=GRULAC&group=EEG").cssselect(".chosen-facets .chip")
    assert chip.text.strip() == "EEG"
    assert chip.get("href") == f"/instruments/untoc?{DAY}&group=Latin+American+and+Caribbean+States#table"


@pytest.mark.parametrize("query", ["match=none", "acted_from=soon", "acted_to=2010-13-01", "act=signature"])
def test_a_filter_that_makes_no_sense_is_refused(client, query):
    assert client.get(f"/instruments/untoc.json?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["region=Atlantis", "group=x", "member_of=nobody", "standing=king", "sort=title", "sort=--name", "kind=x"]
)
@pytest.mark.parametrize("path", ["/instruments/untoc", "/instruments/untoc.json", "/instruments/untoc.csv"])
def test_what_is_not_there_to_choose_is_refused_with_what_is(client, path, query):
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert "is not an option. Options: " in answer.text
