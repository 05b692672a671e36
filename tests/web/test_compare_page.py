"""Comparisons: two or more of a kind side by side, from a form without script, the same in every form."""

import csv
from io import StringIO

import pytest

PEOPLE = "participant=FRA&participant=DEU&participant=IRN&as_of=2020-01-01"
TERMS = "instrument=untoc&instrument=uncac&as_of=2010-01-01"


def lines(client, query):
    return list(csv.DictReader(StringIO(client.get(f"/compare.csv?{query}").text)))


def test_participants_stand_side_by_side_with_their_differences_in_words(page, data):
    tree, told = page(f"/compare?{PEOPLE}"), data(f"/compare.json?{PEOPLE}")
    assert [row.get("data-row") for row in tree.cssselect("tr[data-row]")] == [
        row["instrument"] for row in told["instruments"]
    ]
    assert len(tree.cssselect("tr.differs")) == told["differ"] > 0
    [row] = tree.cssselect("tr[data-row=untoc]")
    assert (
        "France and Germany are parties; Iran (Islamic Republic of) has signed but not ratified." in row.text_content()
    )


def test_instruments_stand_side_by_side_with_who_is_party_to_which(page, data):
    told = data(f"/compare.json?{TERMS}")
    assert [each["words"] for each in told["groups"]] == [
        "Party to both",
        "Party to UNTOC only",
        "Party to UNCAC only",
        "Party to neither",
    ]
    listed = [each.get("data-row") for each in page(f"/compare?{TERMS}").cssselect("li[data-row]")]
    assert listed == [row["participant"] for each in told["groups"] for row in each["participants"]]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("query", [PEOPLE, TERMS])
def test_the_forms_agree(data, client, query):
    told = data(f"/compare.json?{query}")
    assert data(f"/api/v1/compare?{query}") == told
    rows = told["instruments"] if "groups" not in told else [r for g in told["groups"] for r in g["participants"]]
    key = "instrument" if "groups" not in told else "participant"
    assert [line[key] for line in lines(client, query)] == [row[key] for row in rows]


def test_participants_can_be_compared_on_some_instruments_only(data):
    told = data(f"/compare.json?{PEOPLE}&instrument=uncac&instrument=untoc")
    assert [row["instrument"] for row in told["instruments"]] == ["uncac", "untoc"]


@pytest.mark.parametrize("query", ["", "participant=FRA", "participant=FRA&participant=fra", "instrument=untoc"])
def test_fewer_than_two_ask_for_more(words, data, query):
    assert "Select two or more States, or two or more treaties." in words(f"/compare?{query}")
    assert data(f"/compare.json?{query}") is None


def test_the_form_keeps_who_was_chosen_and_offers_one_more(page):
    selects = page(f"/compare?{PEOPLE}").cssselect("select[name=participant]")
    assert [each.value for each in selects] == ["FRA", "DEU", "IRN", ""]


def test_too_many_and_unknown_ones_are_refused(client):
    many = "&".join(f"participant={code}" for code in ("FRA", "DEU", "IRN", "USA", "CHN", "RUS", "GBR"))
    assert client.get(f"/compare?{many}").status_code == 400
    assert client.get("/compare?participant=FRA&participant=XXX").status_code == 404
    assert client.get("/compare?instrument=untoc&instrument=x").status_code == 404


def test_pages_of_participants_and_instruments_lead_here(page):
    assert page("/participants/FRA").xpath("//a[@href='/compare?participant=FRA']")
    assert page("/instruments/untoc").xpath("//a[@href='/compare?instrument=untoc']")
    assert page("/instruments/untoc-tip").xpath("//a[@href='/compare?instrument=untoc&instrument=untoc-tip']")


def test_an_instrument_can_be_cited_as_it_stood(page):
    [field] = page("/instruments/untoc/sources?as_of=2003-07-01").cssselect("textarea#citation")
    assert field.get("readonly") is not None
    for part in (
        "United Nations Convention against Transnational Organized Crime (UNTOC), New York, 15 November 2000, XVIII-12",
        "depositary: Secretary-General of the United Nations",
        "Status as at 1 July 2003: 40 parties, 147 signatories; enters into force on 29 September 2003.",
        "/instruments/untoc?as_of=2003-07-01, accessed ",
    ):
        assert part in field.text


def test_a_citation_names_the_day_even_where_the_address_does_not(page):
    [field] = page("/instruments/untoc/sources").cssselect("textarea#citation")
    assert "/instruments/untoc?as_of=20" in field.text
